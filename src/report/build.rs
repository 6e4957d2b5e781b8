//! The sums of a run become a report: names are looked up, lists are sorted and cut.

use std::collections::BTreeMap;

use crate::attempt::Step;
use crate::compile::rule::Rule;
use crate::diagnostic::Diagnostics;
use crate::domain::{Effect, RiskLevel};
use crate::impact::{Answers, Breakdown, Impact, KeyCounts, Names, OfRule};
use crate::lint::Finding;
use crate::verify::Verification;

use super::assumptions;
use super::evidence::{self, LogEvidence, SectionEvidence, UsersSeen};
use super::facts;
use super::model::{
    Assumption, BreakdownTable, Complaint, Count, EffectTotal, FunnelRow, Input, KeyRow, Limit, MatrixRow, MissingRow,
    OwnTenant, ReasonRow, Report, Section, Tool, WaterfallRow, Window,
};
use super::protected::{self, Named, ProtectedAccounts};

/// What a report says of a candidate besides its sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateFacts {
    /// Display name.
    pub name: String,
    /// Id, or empty.
    pub id: String,
    /// Digest of its file, or empty.
    pub sha256: String,
    /// Mistakes in it; `None` for all candidates together.
    pub lint: Option<Vec<Finding>>,
    /// Listed users whom it includes against those who signed in; `None` if no list is given.
    pub users: Option<UsersSeen>,
}

/// Everything that a report is made of.
#[derive(Debug)]
pub struct Parts<'a> {
    /// Files in the order they were read.
    pub inputs: Vec<Input>,
    /// The time that rows in scope span.
    pub window: Window,
    /// Rows → attempts → population.
    pub waterfall: &'a [Step],
    /// One a candidate, in their order.
    pub candidates: Vec<CandidateFacts>,
    /// The compiled candidates, in their order.
    pub rules: &'a [Rule],
    /// The sums.
    pub impact: &'a Impact,
    /// What the codes of its breakdowns stand for.
    pub names: &'a Names,
    /// Attempts by the register entry that decided something while attempts were made.
    pub attempt_assumptions: &'a BTreeMap<&'static str, u64>,
    /// Replayed against recorded results, where the log has any.
    pub verification: Option<Verification>,
    /// What was not understood.
    pub diagnostics: &'a Diagnostics,
    /// Limits, already tested.
    pub limits: Vec<Limit>,
    /// The own tenant, and where it is known from in words.
    pub own_tenant: (Option<String>, &'a str),
    /// Sentences on what these inputs cannot answer.
    pub cannot_answer: Vec<String>,
    /// Accounts that must not be kept out.
    pub protected: &'a ProtectedAccounts,
    /// What is to be said of the log.
    pub evidence: LogEvidence,
    /// Listed users whom any candidate includes against those who signed in; `None` if no list is given.
    pub users_together: Option<UsersSeen>,
    /// Keys that a breakdown shows.
    pub top: usize,
}

/// Sorts and names everything, once.
#[must_use]
pub fn build(parts: Parts<'_>) -> Report {
    let Parts {
        inputs,
        window,
        waterfall,
        candidates,
        rules,
        impact,
        names,
        attempt_assumptions,
        verification,
        diagnostics,
        limits,
        own_tenant: (tenant_id, tenant_source),
        cannot_answer,
        protected,
        evidence,
        users_together,
        top,
    } = parts;
    let naming = Naming { names, impact, top };
    let together = CandidateFacts {
        name: "*".to_owned(),
        id: String::new(),
        sha256: String::new(),
        lint: None,
        users: users_together,
    };
    let named: Vec<Named<'_>> = candidates.iter().map(Named::of).collect();
    let protected = protected::touched(protected, &named, impact, names);
    let sections = candidates.into_iter().zip(rules).zip(&impact.rules);
    Report {
        tool: Tool::THIS,
        protected,
        cannot_answer,
        inputs,
        window,
        own_tenant: OwnTenant { id: tenant_id, source: tenant_source.to_owned() },
        waterfall: waterfall.iter().map(step).collect(),
        candidates: sections.map(|((facts, rule), sums)| naming.section(facts, sums, Some(rule))).collect(),
        combined: naming.section(together, &impact.combined, None),
        verification,
        assumptions: assumed(attempt_assumptions, &impact.assumptions),
        diagnostics: diagnostics.iter().map(Complaint::from).collect(),
        limits,
        evidence,
    }
}

/// What codes are named and counted by.
struct Naming<'a> {
    names: &'a Names,
    impact: &'a Impact,
    top: usize,
}

impl Naming<'_> {
    fn section(&self, facts: CandidateFacts, sums: &OfRule, rule: Option<&Rule>) -> Section {
        let CandidateFacts { name, id, sha256, lint, users } = facts;
        let OfRule { tally, breakdowns: _, funnel, missing, open, reasons } = sums;
        let attempts = tally.population();
        let effects = || Effect::ALL.into_iter().map(Some).chain([None]);
        let mut matrix = Vec::new();
        for risk in RiskLevel::REPORTED {
            for interactive in [true, false] {
                matrix.extend(effects().map(|effect| {
                    let cell = tally.cell(risk, interactive, effect);
                    let attempts = Count::new(cell.attempts_least, cell.attempts_most);
                    let users = Count::new(cell.users_least, cell.users_most);
                    MatrixRow { risk, interactive, effect, attempts, users }
                }));
            }
        }
        let total = |effect: Option<Effect>| {
            let (attempts, users) = (tally.attempts(effect), tally.people(effect));
            EffectTotal { effect, attempts: Count::new(attempts.0, attempts.1), users: Count::new(users.0, users.1) }
        };
        let mut why: Vec<ReasonRow> = reasons
            .blocked
            .iter()
            .map(|(reason, blocked)| ReasonRow { reason: *reason, attempts: Count::new(blocked.least, blocked.most) })
            .collect();
        why.sort_by(|one, two| two.attempts.most.cmp(&one.attempts.most).then(one.reason.cmp(&two.reason)));
        let funnel = rule.map(|rule| answers(rule, funnel)).unwrap_or_default();
        Section {
            name,
            id: text(id),
            sha256: text(sha256),
            attempts,
            users: tally.users,
            matrix,
            effects: effects().map(total).collect(),
            breakdowns: Breakdown::ALL.into_iter().map(|breakdown| self.breakdown(breakdown, sums)).collect(),
            missing: missing
                .widest_first()
                .into_iter()
                .map(|(fact, open)| MissingRow {
                    fact: fact.to_owned(),
                    attempts: open,
                    share: evidence::share(open, attempts),
                    help: facts::help(fact),
                })
                .collect(),
            reasons: why,
            lint,
            evidence: SectionEvidence {
                open: *open,
                open_share: evidence::share(*open, attempts),
                never_exercised: evidence::never_exercised(&funnel),
                users,
            },
            funnel,
        }
    }

    fn breakdown(&self, breakdown: Breakdown, sums: &OfRule) -> BreakdownTable {
        let population = self.impact.population.of(breakdown);
        let of_key = |(code, counts): (&u32, &KeyCounts)| {
            let named = self.names.key(breakdown, *code).cloned().unwrap_or_default();
            KeyRow {
                key: named.key,
                name: named.name,
                challenged: Count::new(counts.challenged_least, counts.challenged_most),
                blocked: Count::new(counts.blocked_least, counts.blocked_most),
                attempts: population.get(code).map_or(counts.attempts, |counts| counts.attempts),
            }
        };
        let mut rows: Vec<KeyRow> = sums.breakdowns.of(breakdown).iter().map(of_key).collect();
        rows.sort_by(|one, two| {
            let severity = |row: &KeyRow| (row.blocked.most, row.challenged.most);
            severity(two).cmp(&severity(one)).then_with(|| one.key.cmp(&two.key))
        });
        let keys = rows.len() as u64;
        rows.truncate(self.top);
        BreakdownTable { breakdown, keys, rows }
    }
}

/// Nothing counted leaves the funnel empty: its conditions are those of the rule all the same.
fn answers(rule: &Rule, funnel: &[(crate::domain::Condition, Answers)]) -> Vec<FunnelRow> {
    rule.conditions
        .iter()
        .enumerate()
        .map(|(place, configured)| {
            let Answers { yes, unknown, no } = funnel.get(place).map(|(_, answers)| *answers).unwrap_or_default();
            FunnelRow { condition: configured.condition, yes, unknown, no }
        })
        .collect()
}

fn text(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn step(step: &Step) -> WaterfallRow {
    let Step { step, reason, rows, attempts, users } = step;
    WaterfallRow {
        step: (*step).to_owned(),
        reason: reason.map(str::to_owned),
        rows: *rows,
        attempts: *attempts,
        users: *users,
    }
}

fn assumed(of_attempts: &BTreeMap<&'static str, u64>, of_impact: &BTreeMap<&'static str, u64>) -> Vec<Assumption> {
    let mut counts = of_attempts.clone();
    for (tag, attempts) in of_impact {
        *counts.entry(tag).or_default() += attempts;
    }
    counts
        .into_iter()
        .map(|(tag, attempts)| Assumption { id: tag.to_owned(), text: assumptions::sentence(tag).to_owned(), attempts })
        .collect()
}

//! The comparison: attempt by attempt, on the terminal row (GRP-5), which is the row that the replay evaluates.

use std::collections::BTreeMap;

use crate::attempt::Attempts;
use crate::attempt::rows::Rows;
use crate::compile::recorded::Recorded;
use crate::compile::rule::Rule;
use crate::compile::{self, Plan, Sources};
use crate::diagnostic::Diagnostics;
use crate::domain::{Condition, Match, RecordedResult, folded};
use crate::frame::{AppliedPolicy, Code, Column, Time};
use crate::policy::Candidate;
use crate::replay::{self, Judgement};
use crate::tenant::Tenant;

use super::apart::Apart;
use super::contradictions::contradictions;
use super::faults::fault;
use super::lists::{List, Lists, OfPolicy, joinable};
use super::model::{Cell, Fault, LeftOut, NotGiven, NotRecorded, Verification, Verified};
use super::replayed::{Agreement, Replayed};
use super::sum::{Examples, GroupKey, most_first, not_given};

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Policies as they are now, in their order. Of two with one id the first is compared.
    pub policies: &'a [&'a Candidate],
    /// Policies that are evidence of membership and locations (C30); none of them for itself.
    pub existing: &'a [Candidate],
    /// The attempts.
    pub attempts: &'a Attempts,
    /// Tenant facts.
    pub tenant: &'a Tenant,
    /// Attempts in scope, by their places in the list.
    pub scope: &'a [usize],
}

/// Compares every policy that the log recorded results for. The rows are those of the attempts.
#[must_use]
pub fn verify(given: Given<'_>, rows: &mut Rows<'_>) -> Verification {
    let Given { policies, existing, attempts, tenant, scope } = given;
    let lists = Lists::read(&attempts.frame, policies);
    let (found, not_given) = find(given, &lists);
    let compared: Vec<usize> =
        found.iter().enumerate().filter(|(_, found)| !found.compared.is_empty()).map(|(place, _)| place).collect();

    rows.leave_out(None);
    let contradictions = contradictions(given, rows);
    // Most candidates are new: nothing is recorded of them.
    let recorded = if compared.is_empty() { Recorded::default() } else { Recorded::read(existing, attempts, rows) };
    let candidates: Vec<Candidate> =
        compared.iter().filter_map(|place| policies.get(*place)).map(|policy| (*policy).clone()).collect();
    let sources = Sources { attempts, rows, tenant, recorded: &recorded };
    // Whatever is to be said of these policies was said when they were first compiled.
    let compile = || compile::compile_from(&candidates, sources, &mut Diagnostics::default());
    let plan = (!compared.is_empty()).then(compile);

    let verified = policies.iter().enumerate().zip(found).map(|((place, policy), found)| {
        let own = |attempt: usize| entry(attempts, &lists, attempt, place);
        let mut verified = Verified {
            name: policy.name.clone(),
            id: policy.id.clone(),
            not_recorded: not_recorded(place, policies, &found),
            matrix: Vec::new(),
            left_out: Vec::new(),
            disagreements: Vec::new(),
        };
        let mut sums = Sums { left_out: found.left_out, ..Sums::default() };
        let rule = compared.iter().position(|one| *one == place);
        if let Some((rule, plan)) = rule.zip(plan.as_ref()) {
            let apart = Apart::read(policy, &found.compared, given, rows, own);
            for (attempt, recorded) in found.compared {
                let apart = apart.as_ref().and_then(|apart| apart.judge(attempt));
                let Some(judged) = apart.or_else(|| Judged::of(plan, rule, attempt)) else { continue };
                sums.add(attempts, attempt, judged, recorded, own(attempt));
            }
        }
        sums.into_verified(&mut verified);
        verified
    });
    Verification { policies: verified.collect(), not_given, contradictions, in_scope: scope.len() }
}

/// Attempts of one policy that record a result.
#[derive(Debug, Default)]
struct Found {
    /// Places in the list, and what was recorded; in the order of the list.
    compared: Vec<(usize, RecordedResult)>,
    left_out: BTreeMap<LeftOut, u64>,
}

/// What each attempt in scope recorded, policy by policy, and for policies that were not given.
fn find(given: Given<'_>, lists: &Lists) -> (Vec<Found>, Vec<NotGiven>) {
    let Given { policies, attempts, scope, .. } = given;
    let mut found: Vec<Found> = policies.iter().map(|_| Found::default()).collect();
    // What is the same for all attempts with one list is counted by list, in the order in which they are met.
    let mut attempts_of = vec![0_u64; attempts.frame.dictionary(Column::AppliedConditionalAccessPolicies).len()];
    let mut met: Vec<(Code, Time)> = Vec::new();
    for place in scope {
        let Some(attempt) = attempts.list.get(*place) else { continue };
        let code = attempts.code(attempt, Column::AppliedConditionalAccessPolicies);
        let (Some(list), Some(count)) = (lists.get(code), attempts_of.get_mut(code as usize)) else { continue };
        *count += 1;
        if *count == 1 {
            met.push((code, attempts.created(attempt)));
        }
        for one in &list.given {
            let (Some(found), Some(policy)) = (found.get_mut(one.policy), policies.get(one.policy)) else { continue };
            // What was recorded before the last edit is the work of another text (CON-8).
            let is_this_text = || policy.policy.modified().is_not_after(attempts.created(attempt));
            let result = one.result.and_then(|result| match is_this_text() {
                Some(true) => Ok(result),
                Some(false) => Err(LeftOut::ModifiedAfter),
                None => Err(LeftOut::ModifiedUnread),
            });
            match result {
                Ok(recorded) => found.compared.push((*place, recorded)),
                Err(why) => *found.left_out.entry(why).or_default() += 1,
            }
        }
    }
    let mut strangers: BTreeMap<&str, NotGiven> = BTreeMap::new();
    for (code, since) in met {
        let (Some(list), Some(count)) = (lists.get(code), attempts_of.get(code as usize)) else { continue };
        for stranger in &list.strangers {
            let (id, name) = &stranger.recorded;
            let first = || NotGiven { id: id.clone(), name: name.clone(), attempts: 0, since };
            strangers.entry(&stranger.id).or_insert_with(first).add(*count, (since, id, name));
        }
    }
    (found, not_given(strangers.into_values()))
}

fn list_of<'a>(attempts: &Attempts, lists: &'a Lists, attempt: usize) -> Option<&'a List> {
    let attempt = attempts.list.get(attempt)?;
    lists.get(attempts.code(attempt, Column::AppliedConditionalAccessPolicies))
}

/// What an attempt recorded of one policy.
fn entry<'a>(attempts: &Attempts, lists: &'a Lists, attempt: usize, policy: usize) -> Option<&'a OfPolicy> {
    list_of(attempts, lists, attempt)?.given.iter().find(|one| one.policy == policy)
}

fn not_recorded(place: usize, policies: &[&Candidate], found: &Found) -> Option<NotRecorded> {
    let policy = policies.get(place)?;
    let is_repeated = || policies.iter().take(place).any(|other| folded(&other.id) == folded(&policy.id));
    joinable(policy).or_else(|| {
        if is_repeated() {
            Some(NotRecorded::SameId)
        } else {
            (found.compared.is_empty() && found.left_out.is_empty()).then_some(NotRecorded::Never)
        }
    })
}

/// What the replay says of one attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged<'a> {
    plan: &'a Plan,
    rule: &'a Rule,
    /// Its place in the list that the plan was compiled for.
    attempt: usize,
}

impl<'a> Judged<'a> {
    /// By the places of the rule and of the attempt.
    pub(super) fn of(plan: &'a Plan, rule: usize, attempt: usize) -> Option<Judged<'a>> {
        Some(Judged { plan, rule: plan.rules.get(rule)?, attempt })
    }

    /// What is at fault if the log is right.
    fn fault(self, judgement: &Judgement<'_>, entry: &AppliedPolicy, recorded: RecordedResult) -> (Fault, Vec<String>) {
        let Judged { plan, rule, attempt } = self;
        let answers: Vec<(Condition, Match)> = rule
            .conditions
            .iter()
            .map(|one| (one.condition, one.lookup.answer(plan.dimensions.code(one.dimension, attempt))))
            .collect();
        let unmet = judgement.settled.map_or(&[][..], |settled| settled.unmet.as_slice());
        fault(&answers, unmet, entry, recorded)
    }
}

/// What a judgement leaves open: the controls stand as they do where the conditions match.
fn outcomes(judgement: &Judgement<'_>) -> Replayed {
    let controls = judgement.settled.map_or(judgement.verdict.outcome, |settled| settled.matched.outcome);
    Replayed::new(judgement.applies, controls)
}

/// Sums of one policy.
#[derive(Debug, Default)]
struct Sums {
    left_out: BTreeMap<LeftOut, u64>,
    cells: BTreeMap<(Replayed, RecordedResult), u64>,
    disagreements: BTreeMap<GroupKey, (u64, Examples)>,
}

impl Sums {
    fn add(
        &mut self,
        attempts: &Attempts,
        place: usize,
        judged: Judged<'_>,
        recorded: RecordedResult,
        own: Option<&OfPolicy>,
    ) {
        let (Some(attempt), Some(own)) = (attempts.list.get(place), own) else { return };
        // Report-only mode does not evaluate user actions, and that is what the replay says; an enforced policy is.
        if judged.rule.is_user_action && recorded.is_enforced() == Some(true) {
            *self.left_out.entry(LeftOut::UserAction).or_default() += 1;
            return;
        }
        // The level is that of an earlier row (C31): what was recorded on this one saw another.
        if judged.rule.reads_sign_in_risk && attempt.risk_from_sibling {
            *self.left_out.entry(LeftOut::SiblingRisk).or_default() += 1;
            return;
        }
        let judgement = replay::judge(judged.plan, judged.rule, judged.attempt);
        let replayed = outcomes(&judgement);
        *self.cells.entry((replayed, recorded)).or_default() += 1;
        if Agreement::of(replayed, recorded) == Some(Agreement::Disagrees) {
            let (fault, rules) = judged.fault(&judgement, &own.entry, recorded);
            let key = (replayed, recorded, fault, rules);
            let (count, examples) = self.disagreements.entry(key).or_default();
            *count += 1;
            examples.add(attempts.created(attempt), attempts.text(attempt, Column::Id).unwrap_or(""));
        }
    }

    fn into_verified(self, verified: &mut Verified) {
        verified.left_out = self.left_out.into_iter().collect();
        let cells = self.cells.into_iter();
        verified.matrix = cells.map(|((replayed, recorded), attempts)| Cell { replayed, recorded, attempts }).collect();
        verified.disagreements = most_first(self.disagreements);
    }
}

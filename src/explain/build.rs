//! From a run to its explanation. Nothing is judged here a second time: every answer, standing and verdict is asked of
//! the plan that replay reads.

use std::collections::BTreeSet;

use crate::attempt::Attempt;
use crate::attempt::left_out::LeftOut;
use crate::attempt::mfa::{self, INTERRUPTS, MfaRule, MfaState, TOLERANCE};
use crate::compile::evidence::Evidence;
use crate::compile::rule::Rule;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::domain::{Ask, Condition, Match, RiskLevel, Spelled, folded};
use crate::frame::{AppliedPolicy, Column};
use crate::policy;
use crate::replay::{self, Judgement};
use crate::report::{self, instant};

use super::choose::{Subject, UnknownId, Wanted, choose, together};
use super::model::{
    self, Because, Candidate, Explanation, History, Mfa, Missing, Reading, Reason, RecordedPolicy, Risk, Selection,
    SignIn, Step, Together, Told, Tool, VERSION, Verdict,
};
use super::sight::{Given, Sight};
use super::sources::Key;
use super::{conditions, controls, notes, rows, rules, steps, what_if};

/// Explains the sign-ins that are asked for.
///
/// # Errors
///
/// An id is in none of the rows: all such ids.
pub fn explain(given: Given<'_>, wanted: &Wanted, diagnostics: &Diagnostics) -> Result<Explanation, Vec<UnknownId>> {
    let chosen = choose(&given, given.facts, wanted)?;
    let rows = chosen.subjects.iter().flat_map(|subject| rows_of(&given, subject));
    let keys: BTreeSet<Key> = rows.map(|row| Key::of(&given.attempts.frame, row)).collect();
    let sight = Sight { given, facts: given.facts, copies: given.sources.copies(&keys) };
    let sign_ins: Vec<SignIn> = chosen
        .subjects
        .iter()
        .filter_map(|subject| match subject {
            Subject::Judged(place) => judged(&sight, *place),
            Subject::LeftOut(row, why) => Some(left_out(&sight, *row, why)),
        })
        .collect();
    let report::Tool { name, version } = report::Tool::THIS;
    Ok(Explanation {
        schema_version: VERSION,
        tool: Tool { name, version },
        inputs: given.sources.inputs().to_vec(),
        selection: Selection { text: chosen.text, matching: chosen.matching as u64, shown: sign_ins.len() as u64 },
        sign_ins,
        diagnostics: diagnostics.iter().map(Told::from).collect(),
    })
}

impl From<&Diagnostic> for Told {
    fn from(diagnostic: &Diagnostic) -> Told {
        let Diagnostic { origin, severity, message, help, count } = diagnostic;
        Told {
            severity: severity.word(),
            message: message.clone(),
            help: help.clone(),
            count: *count,
            first_at: origin.to_string(),
        }
    }
}

/// The rows that a subject is made of.
fn rows_of(given: &Given<'_>, subject: &Subject) -> Vec<usize> {
    match subject {
        Subject::Judged(place) => {
            given.attempts.list.get(*place).map(|attempt| given.attempts.rows_of(attempt).to_vec()).unwrap_or_default()
        }
        Subject::LeftOut(_, LeftOut::NotReached { rows, .. }) => rows.clone(),
        Subject::LeftOut(row, LeftOut::SetAside(_)) => vec![*row],
    }
}

/// What every explanation begins with: who, what, when.
fn begun(sight: &Sight<'_>, number: usize, row: usize, interactive: bool) -> SignIn {
    let text = |column| sight.text(column, row).map(str::to_owned);
    SignIn {
        sign_in_id: text(Column::Id).unwrap_or_default(),
        created_at: instant(sight.facts.created(row)),
        user_id: text(Column::UserId),
        user_principal_name: text(Column::UserPrincipalName),
        app: text(Column::AppDisplayName).or_else(|| text(Column::AppId)),
        resource: text(Column::ResourceDisplayName).or_else(|| text(Column::ResourceId)),
        interactive,
        rows: Vec::new(),
        grouping: None,
        terminal: None,
        left_out: None,
        history: None,
        risk: None,
        mfa: None,
        recorded_policies: recorded_policies(sight, row),
        candidates: Vec::new(),
        together: None,
        notes: Vec::new(),
        what_if: Vec::new(),
        recorded: rows::recorded(sight, number, row),
    }
}

fn left_out(sight: &Sight<'_>, row: usize, why: &LeftOut) -> SignIn {
    let alone = [row];
    let of_attempt = match why {
        LeftOut::NotReached { rows, .. } => rows.as_slice(),
        LeftOut::SetAside(_) => &alone,
    };
    let number = of_attempt.iter().position(|one| *one == row).map_or(1, |place| place + 1);
    SignIn {
        rows: rows::rows(sight, of_attempt, None),
        grouping: match why {
            LeftOut::NotReached { .. } => Some(rows::grouping(sight, of_attempt)),
            LeftOut::SetAside(_) => None,
        },
        left_out: Some(rows::left_out(why)),
        ..begun(sight, number, row, sight.facts.interactive(row))
    }
}

fn judged(sight: &Sight<'_>, place: usize) -> Option<SignIn> {
    let given = &sight.given;
    let attempt = given.attempts.list.get(place)?;
    let of_attempt = sight.rows_of(attempt);
    let number = attempt.before_terminal + 1;
    let rules = given.candidates.iter().zip(&given.plan.rules);
    let candidates: Vec<Candidate> =
        rules.filter_map(|(policy, rule)| candidate(sight, policy, rule, attempt, place)).collect();
    let all = together(given, place);
    Some(SignIn {
        rows: rows::rows(sight, of_attempt, Some(attempt.before_terminal)),
        grouping: Some(rows::grouping(sight, of_attempt)),
        terminal: Some(rows::terminal(sight, attempt)),
        history: Some(History {
            history: attempt.history.word(),
            because: Because::new(rules::history(attempt.history), &["C7"]),
        }),
        risk: Some(risk(sight, attempt)),
        mfa: Some(evidence_of_mfa(sight, attempt)),
        notes: notes::notes(sight, attempt, place, &candidates),
        candidates,
        together: Some(Together {
            result_least: all.outcome.least().word(),
            result_most: all.outcome.most().word(),
            effect_least: all.effect.least().word(),
            effect_most: all.effect.most().word(),
        }),
        what_if: what_if::requests(sight, attempt, place),
        ..begun(sight, number, attempt.terminal, attempt.interactive)
    })
}

fn recorded_policies(sight: &Sight<'_>, row: usize) -> Vec<RecordedPolicy> {
    let applied = sight.facts.applied(row).iter();
    let recorded = applied.map(|one| RecordedPolicy {
        policy: one.display_name.clone(),
        policy_id: one.id.clone(),
        result: one.result.clone(),
    });
    recorded.collect()
}

fn risk(sight: &Sight<'_>, attempt: &Attempt) -> Risk {
    let own = sight.facts.risk(attempt.terminal, &sight.given.tenant.risk_detections);
    let because = if attempt.risk_from_sibling {
        Because::new("of an earlier row of the same request, since the terminal row has none", &["SIR-2", "C31"])
    } else if own.filled_from_detection {
        Because::new("of a realtime risk detection for this sign-in, since the row has none", &["RSK-3", "C10"])
    } else if attempt.risk == RiskLevel::Unknown {
        Because::new("riskLevelDuringSignIn is hidden, not recorded or not readable", &["SIR-4", "SIR-5"])
    } else {
        Because::new("riskLevelDuringSignIn of the terminal row", &["SIR-2"])
    };
    let besides = rows::other_risk(sight, attempt.before_terminal + 1, attempt.terminal);
    Risk { level: attempt.risk.word(), because, besides }
}

fn evidence_of_mfa(sight: &Sight<'_>, attempt: &Attempt) -> Mfa {
    let evidence = attempt.mfa;
    let rows = sight.rows_of(attempt).iter().enumerate();
    let steps = rows.flat_map(|(place, row)| {
        sight.facts.steps(*row).map(move |step| Step {
            row: place + 1,
            at: step.at.map(instant),
            method: step.wording.method.clone(),
            succeeded: step.wording.succeeded,
            result: step.wording.result.clone(),
            requirement: step.wording.requirement.clone(),
        })
    });
    let found = found(sight, attempt).map(|found| format!(": {found}")).unwrap_or_default();
    let text = format!("{}{found}", rules::mfa(evidence.rule, evidence.state));
    Mfa {
        state: evidence.state.word(),
        because: Because::new(text, rules::of_mfa(evidence.rule)),
        steps: steps.collect(),
    }
}

/// What the rule that decided the evidence of MFA went by, where the recorded steps do not show it.
fn found(sight: &Sight<'_>, attempt: &Attempt) -> Option<String> {
    let facts = sight.facts;
    match attempt.mfa.rule {
        MfaRule::F3 => facts.status(attempt.terminal)?.additional_details.clone(),
        MfaRule::F6 => facts.error_code(attempt.terminal).map(|code| format!("code {code}")),
        MfaRule::F4 => {
            let earlier = sight.rows_of(attempt).iter().take(attempt.before_terminal).enumerate();
            let code = |row: usize| facts.error_code(row).filter(|code| INTERRUPTS.contains(code));
            let mut asked = earlier.filter_map(|(place, row)| Some((place + 1, code(*row)?)));
            asked.next().map(|(number, code)| format!("row {number}, code {code}"))
        }
        MfaRule::C28 => {
            let policy = facts.evidence(attempt.terminal).find(|one| decides_mfa(one, attempt.mfa.state))?;
            Some(format!("{} {}", policy.display_name, policy.result))
        }
        MfaRule::F8 => shown_by_session(sight, attempt),
        MfaRule::F1 | MfaRule::F2 | MfaRule::F5 | MfaRule::F7 | MfaRule::F9 | MfaRule::Nothing => None,
    }
}

/// Whether a recorded policy, with MFA as its only control, came to this state of the evidence (C28).
fn decides_mfa(policy: &AppliedPolicy, state: MfaState) -> bool {
    let is_mfa = matches!(policy.enforced_grant_controls.as_slice(), [only] if folded(only) == "mfa");
    let result = folded(&policy.result);
    is_mfa
        && match state {
            MfaState::None => result == "reportonlyinterrupted" && policy.enforced_session_controls.is_empty(),
            _ => ["success", "reportonlysuccess"].contains(&result.as_str()),
        }
}

/// The last earlier sign-in of the same session that shows the MFA which decided this one (F8).
fn shown_by_session(sight: &Sight<'_>, attempt: &Attempt) -> Option<String> {
    let mfa::Evidence { state, rule, .. } = attempt.mfa;
    let is_fresh = match (rule, state) {
        (MfaRule::F8, MfaState::Fresh) => true,
        (MfaRule::F8, MfaState::Claim) => false,
        _ => return None,
    };
    let (facts, now) = (sight.facts, sight.facts.created(attempt.terminal));
    let session = facts.session(attempt.terminal)?;
    let shows = |other: &&Attempt| {
        let ago = now - facts.created(other.terminal);
        other.user == attempt.user
            && facts.session(other.terminal) == Some(session)
            && ago > 0
            && other.mfa.carries_over()
            && (!is_fresh || (other.mfa.state == MfaState::Fresh && ago <= TOLERANCE))
    };
    sight.given.attempts.list.iter().rev().find(shows).map(|other| named(sight, other))
}

/// A sign-in by its id and time.
pub(super) fn named(sight: &Sight<'_>, attempt: &Attempt) -> String {
    let facts = sight.facts;
    format!("sign-in {} at {}", facts.id(attempt.terminal), instant(facts.created(attempt.terminal)))
}

fn candidate(
    sight: &Sight<'_>,
    candidate: &policy::Candidate,
    rule: &Rule,
    attempt: &Attempt,
    place: usize,
) -> Option<Candidate> {
    let plan = sight.given.plan;
    let evidence = plan.evidence.values.get(plan.evidence.codes.get(place).copied()? as usize)?;
    let judgement = replay::judge(plan, rule, place);
    let missing = replay::missing_facts(plan, rule, place, &judgement);
    let settled = judgement.settled;
    let conditions = conditions::conditions(sight, &candidate.policy, rule, place);
    let verdict = verdict(rule, &judgement, evidence, &conditions);
    Some(Candidate {
        policy: rule.name.clone(),
        policy_id: rule.id.clone(),
        file: candidate.origin.to_string(),
        applies: conditions::answer(judgement.applies),
        conditions,
        not_configured: conditions::not_configured(rule),
        readings: readings(sight, candidate, rule, attempt, evidence),
        verdict,
        challenge: settled.map(|settled| settled.asks.iter().copied().map(Ask::word).collect()).unwrap_or_default(),
        not_matched: replay::not_matched(plan, rule, place)
            .filter(|condition| *condition != Condition::Unmodelled)
            .map(Condition::word)
            .collect(),
        unmet: settled.map(|settled| settled.unmet.clone()).unwrap_or_default(),
        reasons: replay::reasons(rule, attempt, &judgement)
            .into_iter()
            .map(|reason| Reason { reason: reason.word(), text: report::reason_in_words(reason) })
            .collect(),
        missing: missing
            .into_iter()
            .map(|fact| Missing { fact: fact.to_owned(), help: report::what_settles(fact) })
            .collect(),
    })
}

fn readings(
    sight: &Sight<'_>,
    candidate: &policy::Candidate,
    rule: &Rule,
    attempt: &Attempt,
    evidence: &Evidence,
) -> Vec<Reading> {
    let policy = &candidate.policy;
    let of = |reading: crate::compile::rule::Reading| {
        let witness = controls::Witness { sight, attempt, evidence, external: reading.external, policy };
        Reading {
            external: reading.external,
            controls: controls::controls(&witness, rule, &reading),
            least: steps::end(&witness, rule, &reading, &reading.least, false),
            most: steps::end(&witness, rule, &reading, &reading.most, true),
        }
    };
    rule.readings(evidence).into_iter().map(of).collect()
}

/// How the conditions and the readings came to the verdict (CON-2, C19, C26).
fn verdict(rule: &Rule, judgement: &Judgement<'_>, evidence: &Evidence, conditions: &[model::Condition]) -> Verdict {
    let verdict = judgement.verdict;
    let that = |answer: &str| {
        let words: Vec<&str> = conditions.iter().filter(|one| one.answer == answer).map(|one| one.condition).collect();
        words.join(", ")
    };
    let mut because = vec![match judgement.applies {
        Match::Yes => Because::new("every configured condition matches: the controls decide", &["CON-2"]),
        Match::No => Because::new(
            format!("certainly no match by {}: the policy does not apply, whatever its controls", that("no")),
            &["CON-2"],
        ),
        Match::Unknown => Because::new(
            format!("not known by {}: at the least the policy does not apply, at the most it does", that("unknown")),
            &["CON-2", "C26"],
        ),
    }];
    if judgement.applies != Match::No && evidence.external == Match::Unknown {
        because.push(Because::new("whether the user is external is open: both are taken", &["C9", "C19"]));
    }
    if judgement.applies != Match::No && rule.is_user_action {
        because.push(Because::new(
            "report-only mode does not evaluate user actions: the result stays notApplied",
            &["C13"],
        ));
    }
    Verdict {
        result_least: verdict.outcome.least().word(),
        result_most: verdict.outcome.most().word(),
        effect_least: verdict.effect.least().word(),
        effect_most: verdict.effect.most().word(),
        because,
    }
}

//! How controls became a result, and a result an effect: the steps of the rule, told one by one.

use crate::attempt::Attempt;
use crate::compile::control::{Ability, Control, Operator, Standing};
use crate::compile::rule::{self, Rule};
use crate::domain::{Effect, History, Match, Outcome, folded};

use super::build::named;
use super::controls::{Witness, trust};
use super::model::{Because, End};

/// One end of a reading.
pub(super) fn end(witness: &Witness<'_>, rule: &Rule, reading: &rule::Reading, of: &rule::End, severest: bool) -> End {
    let mut because = Vec::new();
    because.extend(combined(rule, severest));
    because.extend(besides(reading, severest));
    because.push(if rule.is_user_action {
        Because::new(format!("so it would come to {}, were user actions evaluated", of.outcome.word()), &["3.2", "C13"])
    } else {
        Because::new(format!("so report-only mode would have written {}", of.outcome.word()), &["3.2"])
    });
    because.extend(effect(witness, rule, of));
    End { result: of.outcome.word(), effects: of.effects.iter().map(|effect| effect.word()).collect(), because }
}

/// How the grant controls combine.
fn combined(rule: &Rule, severest: bool) -> Option<Because> {
    let grant = &rule.grant;
    if grant.controls.contains(&Control::Block) {
        return Some(Because::new("the policy blocks", &["3.2"]));
    }
    Some(match (grant.controls.len(), grant.operator) {
        (0, _) => Because::new("no grant control: nothing is asked for by it", &["POL-1"]),
        (1, _) => Because::new("one control: it decides, and the operator does not matter", &["GRT-2"]),
        (_, Operator::And) => Because::new("AND: of the controls the one that stands worst decides", &["3.2", "GRT-1"]),
        (_, Operator::Or) => Because::new("OR: of the controls the one that stands best decides", &["3.2", "GRT-1"]),
        (_, Operator::Unread) if severest => Because::new("no known operator: at the most all are needed", &["GRT-2"]),
        (_, Operator::Unread) => Because::new("no known operator: at the least one is enough", &["GRT-2"]),
    })
}

/// Session controls that stand in the way besides.
fn besides(reading: &rule::Reading, severest: bool) -> Vec<Because> {
    let side = |span: crate::domain::Span<Standing>| if severest { span.most() } else { span.least() };
    [("a fresh sign-in", side(reading.frequency)), ("a bound session token", side(reading.token))]
        .into_iter()
        .filter(|(_, standing)| *standing != Standing::Satisfied)
        .map(|(what, _)| Because::new(format!("besides, {what} is needed"), &["C23"]))
        .collect()
}

/// What the result means, given what happened (C25).
fn effect(witness: &Witness<'_>, rule: &Rule, end: &rule::End) -> Vec<Because> {
    let evidence = witness.evidence;
    let is = |effect: Effect, why: &str| vec![Because::new(format!("{}: {why}", effect.word()), &["C25"])];
    match end.outcome {
        Outcome::NotApplied => is(Effect::Unaffected, "nothing applies"),
        Outcome::Success if end.effects.contains(&Effect::AlreadyChallenged) => {
            is(Effect::AlreadyChallenged, "the MFA that it wants was asked for anyway, and done")
        }
        Outcome::Success => is(Effect::Unaffected, "everything that it wants is there"),
        Outcome::Interrupted | Outcome::Failure if evidence.history == History::BlockedByPolicy => {
            is(Effect::AlreadyBlocked, blocker(witness, rule))
        }
        Outcome::Failure => is(Effect::Blocked, "nothing that the user does at that moment helps"),
        Outcome::Interrupted if end.asked_already => {
            is(Effect::AlreadyChallenged, "its rows up to the terminal one asked for all of it anyway")
        }
        Outcome::Interrupted => {
            let mut because: Vec<Because> = abilities(witness, rule, end);
            let text = match end.abilities.as_slice() {
                [Ability::Able] => "challenged: the user is asked and can answer",
                [Ability::Unable] => "blocked: the user is asked and cannot answer",
                _ => "challenged or blocked: whether the user can answer is open",
            };
            because.push(Because::new(text, &["C24", "C25"]));
            because
        }
    }
}

/// Which policy blocked the sign-in, as far as it is recorded: it may be the candidate itself.
fn blocker(witness: &Witness<'_>, rule: &Rule) -> &'static str {
    let applied = witness.sight.facts.applied(witness.attempt.terminal).iter();
    let failed = applied.filter(|policy| folded(&policy.result) == "failure");
    let (own, others): (Vec<_>, Vec<_>) =
        failed.partition(|policy| !rule.id.is_empty() && folded(&policy.id) == folded(&rule.id));
    match (own.is_empty(), others.is_empty()) {
        (true, _) => "a policy that was on blocked it anyway",
        (false, true) => "this policy itself, as recorded, blocked it",
        // `failure` is written for a block and for what was not answered: which one it was is open (3.2).
        (false, false) => "policies that were on blocked it anyway; this policy itself is recorded among them",
    }
}

/// Whether the user can answer what is asked, control by control (C24).
fn abilities(witness: &Witness<'_>, rule: &Rule, end: &rule::End) -> Vec<Because> {
    let mut because: Vec<Because> = Vec::new();
    let needed = end.needed.iter().filter_map(|place| rule.grant.controls.get(*place));
    for control in needed {
        because.extend(ability(witness, rule, control));
    }
    let asks_for_mfa = |because: &Because| because.text.starts_with(MFA);
    if end.frequency_needed && rule.grant.wants_mfa() && !because.iter().any(asks_for_mfa) {
        because.push(mfa(witness, rule));
    } else if end.frequency_needed && because.is_empty() {
        because.push(Because::new("signing in again: every user can", &["C24"]));
    }
    because
}

fn ability(witness: &Witness<'_>, rule: &Rule, control: &Control) -> Vec<Because> {
    let evidence = witness.evidence;
    match control {
        Control::Mfa { .. } => vec![mfa(witness, rule)],
        Control::Strength(place) => {
            let registered = evidence.strengths_registered.get(*place).copied().unwrap_or(Match::Unknown);
            let text = match registered {
                _ if !rule.is_risk_policy => "the strength: outside risk policies registration is offered",
                Match::Yes => "the strength: registered methods hold an allowed combination",
                Match::No => "the strength: no registered method allows it, and a risky session cannot register",
                Match::Unknown => "the strength: registered methods are not known",
            };
            vec![Because::new(text, &["C24", "C34"])]
        }
        Control::PasswordChange if witness.external => {
            vec![Because::new("a new password: that of an external user is kept elsewhere", &["C24"])]
        }
        Control::PasswordChange => {
            let text = match (evidence.password_changeable, evidence.synced) {
                (Match::Yes, Match::Yes) => "a new password: it is written back to the directory on premises",
                (Match::Yes, _) => "a new password: it can be changed in the cloud",
                (Match::No, _) => "a new password: the user is synchronised from on premises, without writeback",
                (Match::Unknown, _) => "a new password: whether it can be changed in the cloud is not supplied",
            };
            vec![mfa(witness, rule), Because::new(text, &["6.5", "C24"])]
        }
        Control::RiskRemediation if witness.external => {
            vec![Because::new("risk remediation: not for external users", &["C24"])]
        }
        Control::RiskRemediation => vec![mfa(witness, rule)],
        _ => vec![Because::new(format!("{}: every user can", control.name()), &["C24"])],
    }
}

/// How a sentence about the ability to do MFA begins.
const MFA: &str = "MFA: ";

/// Whether the user can do MFA, in the order in which it is asked (6.4, C24).
fn mfa(witness: &Witness<'_>, rule: &Rule) -> Because {
    let (evidence, sight) = (witness.evidence, witness.sight);
    let file = sight.tenant_file(&["userRegistrationDetails.json", "userRegistrationDetails.csv"]);
    let report = match (&file, evidence.in_report, evidence.mfa_capable) {
        (None, ..) => "no registration report is supplied".to_owned(),
        (Some(file), false, _) => format!("{file} does not list the user"),
        (Some(file), true, Match::Yes) => format!("{file} says that the user can"),
        (Some(file), true, Match::No) => format!("{file} says that the user cannot"),
        (Some(file), true, Match::Unknown) => format!("{file} does not say whether the user can"),
    };
    let text = if !rule.is_risk_policy {
        "outside risk policies registration is offered".to_owned()
    } else if evidence.shown_mfa {
        let of_user = |other: &&Attempt| {
            let code = sight.facts.error_code(other.terminal);
            other.user == witness.attempt.user && other.mfa.shows_mfa() && code == Some(0)
        };
        let by = sight.given.attempts.list.iter().find(of_user).map(|other| named(sight, other));
        format!("the user has done it: {}", by.unwrap_or_default())
    } else if evidence.mfa_capable == Match::Yes {
        report
    } else if witness.external {
        format!("an external user, inbound trust for MFA {}; {report}", trust(evidence.mfa_trust))
    } else if evidence.mfa_capable == Match::No {
        format!("{report}, and a risky session cannot register")
    } else {
        format!("{report}, and no sign-in of the user shows it")
    };
    let rules: &[&'static str] = if rule.is_risk_policy { &["6.4", "C24"] } else { &["C24"] };
    Because::new(format!("{MFA}{text}"), rules)
}

//! What a verification says in a reader's language.

use crate::compile::recorded::{ALL_TRUSTED, Of};
use crate::domain::{Outcome, RecordedResult, Spelled};
use crate::report::model::{Count, Figure};
use crate::report::words::of;
use crate::verify::{
    Contradiction, Disagreement, Examples, Fault, FaultyCondition, LeftOut, NotRecorded, Nothing, Replayed, Totals,
    Verified,
};

/// How the rate is made: printed wherever there is room for it.
pub(super) const DEFINITION: &str = "Agreement is the share of the results compared of which every outcome that the \
    replay leaves open is what Entra recorded. An open result is one of several that the replay left open: it is \
    compared and does not count as agreement. Results are compared on the last row of an attempt that reached Conditional Access. An \
    enforced policy has one word, failure, for interrupting a user and for blocking: both replayed outcomes agree with \
    it.";

/// Why there is no rate, after a colon.
#[must_use]
pub fn nothing(why: Nothing) -> &'static str {
    match why {
        Nothing::NoAttempt => "no attempt is in scope",
        Nothing::AnotherText => {
            "results are recorded from before a policy was last modified, or of a policy whose modifiedDateTime cannot \
            be read"
        }
        Nothing::UnknownFutureValue => "the export could not show the results recorded (unknownFutureValue)",
        Nothing::NotRecorded => "the log records no result that says something of these policies",
    }
}

/// The rate, exact over compared.
pub(in crate::report) fn figure(totals: Totals) -> Option<Figure> {
    let whole = totals.compared();
    (whole > 0).then_some(Figure::Share { part: totals.exact, whole })
}

/// The rate in a table.
pub(in crate::report) fn rate(totals: Totals) -> String {
    figure(totals).map(|figure| figure.to_string()).unwrap_or_default()
}

/// `98.18 % (540 of 550 exact, 8 open, 2 disagree)`: short enough for one line.
pub(in crate::report) fn agreement(totals: Totals) -> String {
    let Totals { exact, within_range, disagreeing } = totals;
    let disagree = if disagreeing == 1 { "disagrees" } else { "disagree" };
    let compared = totals.compared();
    format!("{} ({exact} of {compared} exact, {within_range} open, {disagreeing} {disagree})", rate(totals))
}

fn counted(count: u64, one: &str, many: &str) -> String {
    of(Count::new(count, count), one, many)
}

/// `success`, `success to failure`, or `notApplied or interrupted` where what lies between is impossible.
pub(in crate::report) fn outcomes(replayed: Replayed) -> String {
    let outcomes: Vec<Outcome> = replayed.outcomes().collect();
    let several = |outcomes: &[Outcome]| match outcomes {
        [] => String::new(),
        [one] => one.word().to_owned(),
        [least, .., most] => format!("{} to {}", least.word(), most.word()),
    };
    match outcomes.as_slice() {
        [Outcome::NotApplied, rest @ ..] if rest.first().is_some_and(|first| *first != Outcome::Success) => {
            format!("{} or {}", Outcome::NotApplied.word(), several(rest))
        }
        contiguous => several(contiguous),
    }
}

/// Title of a recorded word: breaks between its parts.
pub(super) fn recorded(word: RecordedResult) -> &'static str {
    match word {
        RecordedResult::ReportOnlyNotApplied => "report-only: notApplied",
        RecordedResult::ReportOnlySuccess => "report-only: success",
        RecordedResult::ReportOnlyInterrupted => "report-only: interrupted",
        RecordedResult::ReportOnlyFailure => "report-only: failure",
        RecordedResult::NotApplied
        | RecordedResult::Success
        | RecordedResult::Failure
        | RecordedResult::NotEnabled
        | RecordedResult::Unknown
        | RecordedResult::UnknownFutureValue => word.word(),
    }
}

/// One group: what is at fault, how many, what was said on either side, and where to look.
pub(super) fn disagreement(group: &Disagreement) -> String {
    format!(
        "{}: {} replayed as {} and recorded as {}. Such as {}",
        fault(group),
        counted(group.attempts, "attempt", "attempts"),
        outcomes(group.replayed),
        group.recorded.word(),
        such_as(&group.sign_ins)
    )
}

fn such_as(sign_ins: &Examples) -> String {
    let named: Vec<&str> = sign_ins.ids().map(|id| if id.is_empty() { "(a row without an id)" } else { id }).collect();
    named.join(", ")
}

/// What is at fault, with what was recorded of it.
fn fault(group: &Disagreement) -> String {
    match &group.fault {
        Fault::Conditions(conditions) => {
            let named: Vec<String> = conditions.iter().map(condition).collect();
            let rules = if group.rules.is_empty() { String::new() } else { format!(" ({})", group.rules.join(", ")) };
            format!("{}{rules}", named.join(" and "))
        }
        Fault::Controls(unmet) if unmet.is_empty() => "controls, all met in the replay".to_owned(),
        Fault::Controls(unmet) => format!("controls, unmet in the replay: {}", unmet.join(", ")),
        Fault::NotListed => "a condition that the export does not list".to_owned(),
    }
}

fn condition(condition: &FaultyCondition) -> String {
    let FaultyCondition { name, recorded, configured } = condition;
    let recorded = if *recorded { "satisfied" } else { "not satisfied" };
    let configured = if *configured { "" } else { " and not configured in this policy" };
    format!("{}, recorded as {recorded}{configured}", name.word())
}

/// How to read a contradiction.
pub(super) const CONTRADICTIONS: &str = "The folder shows members as of its export and locations as they are now; \
    the log shows what was so then, if the policies read as they did then.";

/// One contradiction with where to look.
pub(super) fn contradiction(one: &Contradiction) -> String {
    format!("{}. By rules of {}. Such as {}", proven(one), one.policies.join(", "), such_as(&one.sign_ins))
}

/// What a record proves against the tenant folder: `2 attempts of 1 user: in group g; the tenant folder says not`.
#[must_use]
pub fn proven(contradiction: &Contradiction) -> String {
    let Contradiction { of, id, holds, attempts, users, .. } = contradiction;
    let what = match (of, holds) {
        (Of::Group, true) => format!("in group {id}; the tenant folder says not"),
        (Of::Group, false) => format!("not in group {id}; the tenant folder says in it"),
        (Of::Role, true) => format!("holds role {id}; the tenant folder says not"),
        (Of::Role, false) => format!("does not hold role {id}; the tenant folder says so"),
        (Of::Location, true) => format!("at {}; the tenant folder says not", location(id)),
        (Of::Location, false) => format!("not at {}; the tenant folder says there", location(id)),
    };
    format!("{} of {}: {what}", counted(*attempts, "attempt", "attempts"), counted(*users, "user", "users"))
}

fn location(id: &str) -> String {
    if id == ALL_TRUSTED { "a trusted location".to_owned() } else { format!("location {id}") }
}

/// Why nothing of a policy is compared.
pub(super) fn not_recorded(why: NotRecorded) -> &'static str {
    match why {
        NotRecorded::NoId => "its file has no id to join on; names may lie",
        NotRecorded::SecurityDefaults => "security defaults are no policy",
        NotRecorded::Never => "no attempt in scope records a result for its id",
        NotRecorded::SameId => "another policy of this id is compared",
    }
}

/// What was left out of a policy's comparison, in a sentence; none if nothing.
pub(super) fn left_out(policy: &Verified) -> Option<String> {
    let attempts = counted(policy.left_out_attempts(), "attempt", "attempts");
    match policy.left_out.as_slice() {
        [] => None,
        [(why, _)] => Some(format!("Left out: {attempts} {}.", reason(*why))),
        several => {
            let parts: Vec<String> =
                several.iter().map(|(why, attempts)| format!("{attempts} {}", reason(*why))).collect();
            Some(format!("Left out: {attempts}: {}.", parts.join(", ")))
        }
    }
}

fn reason(why: LeftOut) -> &'static str {
    match why {
        LeftOut::ModifiedAfter => "from before the policy was last modified",
        LeftOut::ModifiedUnread => "of a policy whose modifiedDateTime cannot be read",
        LeftOut::NotEnabled => "while the policy was off (notEnabled)",
        LeftOut::Unknown => "that Entra did not decide (unknown)",
        LeftOut::UnknownFutureValue => {
            "that the export could not show (unknownFutureValue: ask Graph with `Prefer: include-unknown-enum-members`)"
        }
        LeftOut::Unread => "with a result that is no word of Entra's",
        LeftOut::TwoResults => "with two results for the policy",
        LeftOut::UserAction => "of an enforced policy on a user action, which report-only mode does not evaluate",
        LeftOut::SiblingRisk => "whose risk is that of an earlier row",
    }
}

//! What a verification says in a reader's language.

use crate::compile::recorded::ALL_TRUSTED;
use crate::domain::{Outcome, Span};
use crate::report::model::{Count, Figure};
use crate::report::words::of;
use crate::verify::{Contradiction, Disagreement, Fault, FaultyCondition, LeftOut, NotRecorded, Totals, Verified};

/// How the rate is made: printed wherever there is room for it.
pub(super) const DEFINITION: &str = "Agreement is the share of the results compared of which every outcome that the \
    replay leaves open is what Entra recorded. A result within an open range is compared and does not agree: the \
    replay did not decide it. Results are compared on the last row of an attempt that reached Conditional Access. An \
    enforced policy has one word, failure, for interrupting a user and for blocking: both replayed outcomes agree with \
    it.";

/// The rate, exact over compared.
pub(in crate::report) fn figure(totals: Totals) -> Option<Figure> {
    let whole = totals.compared();
    (whole > 0).then_some(Figure::Share { part: totals.exact, whole })
}

/// The rate in a table.
pub(in crate::report) fn rate(totals: Totals) -> String {
    figure(totals).map(|figure| figure.to_string()).unwrap_or_default()
}

/// `98.18 % (540 of 550 recorded results; 8 more within an open range, 2 disagree)`.
pub(in crate::report) fn agreement(totals: Totals) -> String {
    let Totals { exact, within_range, disagreeing } = totals;
    let disagree = if disagreeing == 1 { "1 disagrees" } else { &format!("{disagreeing} disagree") };
    format!(
        "{} ({exact} of {}; {within_range} within an open range, {disagree})",
        rate(totals),
        counted(totals.compared(), "recorded result", "recorded results")
    )
}

fn counted(count: u64, one: &str, many: &str) -> String {
    of(Count::new(count, count), one, many)
}

/// `success`, or `success to interrupted`.
pub(in crate::report) fn outcomes(replayed: Span<Outcome>) -> String {
    match (replayed.least(), replayed.most()) {
        (least, most) if least == most => least.word().to_owned(),
        (least, most) => format!("{} to {}", least.word(), most.word()),
    }
}

/// What is at fault, with what was recorded of it.
pub(in crate::report) fn fault(group: &Disagreement) -> String {
    match &group.fault {
        Fault::Conditions(conditions) => {
            let named: Vec<String> = conditions.iter().map(condition).collect();
            let rules = if group.rules.is_empty() { String::new() } else { format!("; {}", group.rules.join(", ")) };
            format!("{}{rules}", named.join("; "))
        }
        Fault::Controls(unmet) if unmet.is_empty() => "controls: all met in the replay".to_owned(),
        Fault::Controls(unmet) => format!("controls: unmet in the replay: {}", unmet.join(", ")),
        Fault::NotListed => "a condition that the export does not list".to_owned(),
    }
}

fn condition(condition: &FaultyCondition) -> String {
    let FaultyCondition { name, recorded, configured } = condition;
    let recorded = if *recorded { "satisfied" } else { "not satisfied" };
    let configured = if *configured { "" } else { ", and not configured in this policy" };
    format!("{}: recorded as {recorded}{configured}", name.word())
}

/// What a record proves against the tenant folder, in words.
#[must_use]
pub fn proven(contradiction: &Contradiction) -> String {
    use crate::compile::recorded::Of;
    let Contradiction { of, id, holds, .. } = contradiction;
    match (of, holds) {
        (Of::Group, true) => format!("in group {id}; the tenant folder says not"),
        (Of::Group, false) => format!("not in group {id}; the tenant folder says in it"),
        (Of::Role, true) => format!("holds role {id}; the tenant folder says not"),
        (Of::Role, false) => format!("does not hold role {id}; the tenant folder says so"),
        (Of::Location, true) => format!("at {}; the tenant folder says not", location(id)),
        (Of::Location, false) => format!("not at {}; the tenant folder says there", location(id)),
    }
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
    let parts: Vec<String> =
        policy.left_out.iter().map(|(why, attempts)| format!("{attempts} {}", reason(*why))).collect();
    let attempts = policy.left_out_attempts();
    (attempts > 0).then(|| format!("Left out: {}: {}.", counted(attempts, "attempt", "attempts"), parts.join(", ")))
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

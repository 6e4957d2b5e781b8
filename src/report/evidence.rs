//! How much the numbers rest on: days covered, users never seen, conditions never exercised, verdicts left open.
//!
//! Counts only. A fact that cannot be told is `None`, or said beside the count.

use std::collections::BTreeSet;

use crate::domain::Condition;

use super::model::{Figure, FunnelRow};

/// What is to be said of the log, whatever the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogEvidence {
    /// The days that the report is to cover.
    pub days: Days,
    /// How many users the tenant folder lists; `None` if it lists none.
    pub users_listed: Option<u64>,
    /// Attempts in scope that record no user id: they may be anybody's.
    pub attempts_without_user: u64,
    /// Emergency accounts of which the numbers prove nothing.
    pub unseen_emergency_accounts: Vec<UnseenAccount>,
    /// Privileged roles without a member list.
    pub roles_without_members: BTreeSet<String>,
}

/// Days, UTC, first and last counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// From `--from` to `--to`; where one is not given, the end of the window stands in its place.
    pub asked: u64,
    /// Those of them on which the log has a row, whoever's.
    pub covered: u64,
    /// Whether anyone asked: `--from` or `--to` is given.
    pub are_given: bool,
}

/// An emergency account without an attempt in scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnseenAccount {
    /// Folded user id.
    pub key: String,
    /// Whether some row of the log, in scope or not, names it.
    pub is_in_log: bool,
}

/// Users that the tenant folder lists, against those who signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsersSeen {
    /// Those whom the policy certainly includes.
    pub included: u64,
    /// Those of them without an attempt in scope.
    pub never_seen: u64,
    /// Those of whom what was read does not tell whether the policy includes them.
    pub undetermined: u64,
}

/// How much the numbers of one candidate, or of all together, rest on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionEvidence {
    /// Verdicts that are ranges: of the result, of the effect, or of both.
    pub open: u64,
    /// Their share of all.
    pub open_share: Option<Figure>,
    /// Configured conditions that only ever answered one way, in the order of CON-5.
    pub never_exercised: Vec<NeverAnswered>,
    /// Listed users against those seen; `None` if no list is given.
    pub users: Option<UsersSeen>,
}

/// An answer that a condition never certainly gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeverAnswered {
    /// The condition.
    pub condition: Condition,
    /// The answer: whether a sign-in meets it.
    pub answer: bool,
    /// Attempts for which the answer is unknown: it may have been given there.
    pub unknown: u64,
}

/// Answers that no attempt certainly got.
pub(super) fn never_exercised(funnel: &[FunnelRow]) -> Vec<NeverAnswered> {
    let of_row = |row: &FunnelRow| {
        let FunnelRow { condition, yes, unknown, no } = *row;
        let never =
            move |answer: bool, count: u64| (count == 0).then_some(NeverAnswered { condition, answer, unknown });
        [never(true, yes), never(false, no)].into_iter().flatten()
    };
    funnel.iter().flat_map(of_row).collect()
}

/// The share of a whole; nothing of nothing is none.
pub(super) fn share(part: u64, whole: u64) -> Option<Figure> {
    (whole > 0).then_some(Figure::Share { part, whole })
}

#[cfg(test)]
mod tests {
    use super::{NeverAnswered, never_exercised};
    use crate::domain::Condition;
    use crate::report::model::FunnelRow;

    #[test]
    fn an_answer_that_no_attempt_certainly_got_is_named_with_what_is_open() {
        let row = |condition, yes, unknown, no| FunnelRow { condition, yes, unknown, no };
        let never = |condition, answer, unknown| NeverAnswered { condition, answer, unknown };
        let funnel = [
            row(Condition::Users, 5, 0, 1),
            row(Condition::Location, 0, 0, 6),
            row(Condition::ClientType, 4, 2, 0),
            row(Condition::DeviceState, 0, 6, 0),
        ];
        assert_eq!(
            never_exercised(&funnel),
            [
                never(Condition::Location, true, 0),
                never(Condition::ClientType, false, 2),
                never(Condition::DeviceState, true, 6),
                never(Condition::DeviceState, false, 6),
            ]
        );
    }
}

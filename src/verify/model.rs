//! What comes of a comparison, as data: every list in the order in which it is printed.

use crate::compile::recorded::Of;
use crate::domain::{Condition, RecordedResult};
use crate::frame::Time;

use super::replayed::{Agreement, Replayed};
use super::sum::Examples;

/// Replayed against recorded results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// One a policy, in the order given.
    pub policies: Vec<Verified>,
    /// Policies that the log records and that were not given, most frequent first.
    pub not_given: Vec<NotGiven>,
    /// Where recorded rules and the tenant folder say different things.
    pub contradictions: Vec<Contradiction>,
    /// Attempts in scope, recorded or not.
    pub in_scope: usize,
}

impl Verification {
    /// Everything compared, of all policies.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.policies.iter().map(Verified::totals).fold(Totals::default(), Totals::and)
    }

    /// Policies of which something was compared.
    pub fn compared(&self) -> impl Iterator<Item = &Verified> {
        self.policies.iter().filter(|policy| policy.totals().compared() > 0)
    }

    /// Why nothing is compared, if so: what the person at the keyboard can change comes first.
    #[must_use]
    pub fn nothing(&self) -> Option<Nothing> {
        let left_out = || self.policies.iter().flat_map(|policy| &policy.left_out).map(|(why, _)| *why);
        let is_another_text = |why: LeftOut| matches!(why, LeftOut::ModifiedAfter | LeftOut::ModifiedUnread);
        if self.totals().compared() > 0 {
            None
        } else if self.in_scope == 0 {
            Some(Nothing::NoAttempt)
        } else if left_out().any(is_another_text) {
            Some(Nothing::AnotherText)
        } else if left_out().next().is_some() && left_out().all(|why| why == LeftOut::UnknownFutureValue) {
            Some(Nothing::UnknownFutureValue)
        } else {
            Some(Nothing::NotRecorded)
        }
    }
}

/// Why nothing is compared, of any policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// The scope holds no attempt.
    NoAttempt,
    /// The log records results, and of none is it known that this text was in force (CON-8).
    AnotherText,
    /// The export lost every result (5.1).
    UnknownFutureValue,
    /// The log records nothing that says something of these policies.
    NotRecorded,
}

/// One policy against what the log recorded for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Display name.
    pub name: String,
    /// Id, or empty.
    pub id: String,
    /// Why there is nothing to compare, if so.
    pub not_recorded: Option<NotRecorded>,
    /// Replayed × recorded: cells that occur, by what is replayed and the recorded word.
    pub matrix: Vec<Cell>,
    /// Attempts with a recorded result that is not compared, by reason.
    pub left_out: Vec<(LeftOut, u64)>,
    /// Disagreeing attempts by what is at fault, most frequent first.
    pub disagreements: Vec<Disagreement>,
}

impl Verified {
    /// Sums of its matrix.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for cell in &self.matrix {
            *match cell.agreement() {
                Agreement::Exact => &mut totals.exact,
                Agreement::WithinRange => &mut totals.within_range,
                Agreement::Disagrees => &mut totals.disagreeing,
            } += cell.attempts;
        }
        totals
    }

    /// Attempts with a recorded result that is not compared.
    #[must_use]
    pub fn left_out_attempts(&self) -> u64 {
        self.left_out.iter().map(|(_, attempts)| attempts).sum()
    }
}

/// Numbers of attempts by how far they agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Every outcome that the replay leaves open is what was recorded.
    pub exact: u64,
    /// Some outcome that the replay leaves open is what was recorded.
    pub within_range: u64,
    /// No outcome that the replay leaves open is what was recorded.
    pub disagreeing: u64,
}

impl Totals {
    /// All that was compared.
    #[must_use]
    pub fn compared(self) -> u64 {
        self.exact + self.within_range + self.disagreeing
    }

    /// Sums of both.
    #[must_use]
    pub fn and(self, other: Totals) -> Totals {
        Totals {
            exact: self.exact + other.exact,
            within_range: self.within_range + other.within_range,
            disagreeing: self.disagreeing + other.disagreeing,
        }
    }
}

/// One cell of replayed × recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What the replay says.
    pub replayed: Replayed,
    /// What the log says.
    pub recorded: RecordedResult,
    /// How many attempts.
    pub attempts: u64,
}

impl Cell {
    /// How the two stand to each other.
    #[must_use]
    pub fn agreement(&self) -> Agreement {
        // Words that say nothing are left out before a cell is made.
        Agreement::of(self.replayed, self.recorded).unwrap_or(Agreement::Disagrees)
    }
}

/// Why nothing of a policy can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRecorded {
    /// The file has no id to join on (trap 33); names may lie (trap 23).
    NoId,
    /// Security defaults are no policy of the tenant (trap 21).
    SecurityDefaults,
    /// No attempt in scope records a result for this id.
    Never,
    /// Another file of the same id was compared: `--existing` before `--policy`, else the first.
    SameId,
}

impl NotRecorded {
    /// The word of the JSON report.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            NotRecorded::NoId => "noId",
            NotRecorded::SecurityDefaults => "securityDefaults",
            NotRecorded::Never => "neverRecorded",
            NotRecorded::SameId => "sameId",
        }
    }
}

/// Why a recorded result is not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// The policy was edited after the sign-in (CON-8).
    ModifiedAfter,
    /// `modifiedDateTime` cannot be read: nobody knows which text was evaluated.
    ModifiedUnread,
    /// `notEnabled`: the policy was off (trap 25).
    NotEnabled,
    /// `unknown`: Entra did not decide.
    Unknown,
    /// `unknownFutureValue`: the export lost a report-only result (5.1).
    UnknownFutureValue,
    /// A word that is none of Entra's results.
    Unread,
    /// Two entries of one policy say different things.
    TwoResults,
    /// An enforced policy on a user action: its replayed result is that of report-only mode (C13).
    UserAction,
    /// The level that was replayed is that of an earlier row of the attempt (C31); the result is not.
    SiblingRisk,
}

impl LeftOut {
    /// The word of the JSON report.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            LeftOut::ModifiedAfter => "modifiedAfter",
            LeftOut::ModifiedUnread => "modifiedUnread",
            LeftOut::NotEnabled => "notEnabled",
            LeftOut::Unknown => "unknown",
            LeftOut::UnknownFutureValue => "unknownFutureValue",
            LeftOut::Unread => "unread",
            LeftOut::TwoResults => "twoResults",
            LeftOut::UserAction => "userAction",
            LeftOut::SiblingRisk => "siblingRisk",
        }
    }
}

/// What does not agree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// These conditions: ours and theirs contradict each other.
    Conditions(Vec<FaultyCondition>),
    /// All conditions agree, so it is how the controls stood: those that are unmet by the replay.
    Controls(Vec<String>),
    /// The policy matched here and not there, and the export does not list which condition failed (Graph v1.0).
    NotListed,
}

impl Fault {
    /// Names for the JSON report.
    #[must_use]
    pub fn words(&self) -> Vec<&str> {
        match self {
            Fault::Conditions(conditions) => conditions.iter().map(|one| one.name.word()).collect(),
            Fault::Controls(_) => vec!["controls"],
            Fault::NotListed => vec!["notListed"],
        }
    }
}

/// A condition that Entra answered otherwise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FaultyCondition {
    /// Which.
    pub name: ConditionName,
    /// What Entra recorded: satisfied or not.
    pub recorded: bool,
    /// Whether the policy that was replayed configures it at all.
    pub configured: bool,
}

/// A condition of ours, or a recorded word that we have none for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConditionName {
    /// One that can be replayed.
    Ours(Condition),
    /// Theirs, verbatim.
    Theirs(String),
}

impl ConditionName {
    /// As Entra writes it.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            ConditionName::Ours(condition) => condition.word(),
            ConditionName::Theirs(word) => word,
        }
    }
}

/// Disagreeing attempts of a policy that have everything here in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// What the replay says.
    pub replayed: Replayed,
    /// What the log says.
    pub recorded: RecordedResult,
    /// What is at fault.
    pub fault: Fault,
    /// Recorded rules of the conditions at fault, such as `excluded by users:groupId`.
    pub rules: Vec<String>,
    /// How many attempts.
    pub attempts: u64,
    /// The first of them, by the id of the terminal row: for `explain`.
    pub sign_ins: Examples,
}

/// A policy that the log records and that nobody gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotGiven {
    /// Its id.
    pub id: String,
    /// Its name in the log.
    pub name: String,
    /// Attempts that record a result for it.
    pub attempts: u64,
    /// The earliest of them: its id and name are written as there.
    pub since: Time,
}

/// Recorded rules prove one thing, the tenant folder says another (USR-8, LOC-4 b).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// What it is about.
    pub of: Of,
    /// Of which group, role or location.
    pub id: String,
    /// What the record proves; the folder says the opposite.
    pub holds: bool,
    /// In how many attempts.
    pub attempts: u64,
    /// Of how many people.
    pub users: u64,
    /// The first of them, by the id of the terminal row.
    pub sign_ins: Examples,
    /// Names of the policies whose rules prove it.
    pub policies: Vec<String>,
}

//! What Entra itself wrote beside a policy, and which of our outcomes that stands for.

use super::verdict::Outcome;

/// What a log recorded for one policy (semantics 5.1). In the order in which reports show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordedResult {
    /// Enforced: some condition did not match.
    NotApplied,
    /// Report-only: some condition did not match.
    ReportOnlyNotApplied,
    /// Enforced: every control was satisfied.
    Success,
    /// Report-only: every control was satisfied.
    ReportOnlySuccess,
    /// Report-only: the user would have had to act. There is no such word for an enforced policy.
    ReportOnlyInterrupted,
    /// Enforced: a control was not satisfied at that moment, or the policy blocks.
    Failure,
    /// Report-only: a control that no action of the user satisfies was not, or the policy blocks.
    ReportOnlyFailure,
    /// The policy was switched off.
    NotEnabled,
    /// Entra could not decide.
    Unknown,
    /// A word that the export could not show: report-only evidence that was lost.
    UnknownFutureValue,
}

impl RecordedResult {
    /// The outcomes that this word stands for; none where it says nothing of the policy.
    ///
    /// An enforced policy that interrupts the user is recorded as `failure` on the row of the interrupt, as one that
    /// blocks is (5.1): the word does not tell the two apart.
    #[must_use]
    pub fn stands_for(self) -> &'static [Outcome] {
        match self {
            RecordedResult::NotApplied | RecordedResult::ReportOnlyNotApplied => &[Outcome::NotApplied],
            RecordedResult::Success | RecordedResult::ReportOnlySuccess => &[Outcome::Success],
            RecordedResult::ReportOnlyInterrupted => &[Outcome::Interrupted],
            RecordedResult::Failure => &[Outcome::Interrupted, Outcome::Failure],
            RecordedResult::ReportOnlyFailure => &[Outcome::Failure],
            RecordedResult::NotEnabled | RecordedResult::Unknown | RecordedResult::UnknownFutureValue => &[],
        }
    }

    /// Whether every condition of the policy was satisfied; none where the word does not say.
    #[must_use]
    pub fn applied(self) -> Option<bool> {
        self.stands_for().first().map(|outcome| *outcome != Outcome::NotApplied)
    }

    /// Whether the policy was enforced; none where the word does not say.
    #[must_use]
    pub fn is_enforced(self) -> Option<bool> {
        match self {
            RecordedResult::NotApplied | RecordedResult::Success | RecordedResult::Failure => Some(true),
            RecordedResult::ReportOnlyNotApplied
            | RecordedResult::ReportOnlySuccess
            | RecordedResult::ReportOnlyInterrupted
            | RecordedResult::ReportOnlyFailure => Some(false),
            RecordedResult::NotEnabled | RecordedResult::Unknown | RecordedResult::UnknownFutureValue => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RecordedResult;
    use crate::domain::{Outcome, Spelled};

    #[test]
    fn a_word_stands_for_what_report_only_would_have_written() {
        for (word, outcomes) in [
            ("notApplied", &[Outcome::NotApplied][..]),
            ("REPORTONLYNOTAPPLIED", &[Outcome::NotApplied]),
            ("reportOnlySuccess", &[Outcome::Success]),
            ("reportOnlyInterrupted", &[Outcome::Interrupted]),
            ("reportOnlyFailure", &[Outcome::Failure]),
            ("failure", &[Outcome::Interrupted, Outcome::Failure]),
            ("notEnabled", &[]),
            ("unknownFutureValue", &[]),
        ] {
            assert_eq!(RecordedResult::spelled(word).map(RecordedResult::stands_for), Some(outcomes), "{word}");
        }
        assert_eq!(RecordedResult::spelled("appliedSomehow"), None);
    }

    #[test]
    fn only_a_word_that_says_something_says_whether_the_conditions_matched() {
        assert_eq!(RecordedResult::Failure.applied(), Some(true));
        assert_eq!(RecordedResult::ReportOnlyNotApplied.applied(), Some(false));
        assert_eq!(RecordedResult::NotEnabled.applied(), None);
        assert_eq!(RecordedResult::Success.is_enforced(), Some(true));
        assert_eq!(RecordedResult::ReportOnlySuccess.is_enforced(), Some(false));
    }
}

//! What a replay leaves open of one attempt, and how that stands to a recorded word.

use crate::domain::{Match, Outcome, RecordedResult, Span};

/// The outcomes that a replay leaves open.
///
/// Not every outcome between the two ends need be possible: where only the conditions are unknown, a policy that would
/// interrupt is `notApplied` or `interrupted` and never `success` (C26).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replayed {
    // INVARIANT: least <= most, least <= controls <= most.
    least: Outcome,
    most: Outcome,
    /// The mildest outcome of the controls: of a policy that applies.
    controls: Outcome,
}

impl Replayed {
    /// `notApplied` if the conditions may not match, and whatever the controls come to if they may.
    #[must_use]
    pub fn new(applies: Match, controls: Span<Outcome>) -> Replayed {
        let (least, controls) = match applies {
            Match::Yes => (controls.least(), controls),
            Match::Unknown => (Outcome::NotApplied, controls),
            Match::No => (Outcome::NotApplied, Span::certain(Outcome::NotApplied)),
        };
        Replayed { least, most: controls.most(), controls: controls.least() }
    }

    /// The mildest end.
    #[must_use]
    pub fn least(self) -> Outcome {
        self.least
    }

    /// The severest end.
    #[must_use]
    pub fn most(self) -> Outcome {
        self.most
    }

    /// Everything that is possible, mildest first.
    pub fn outcomes(self) -> impl Iterator<Item = Outcome> {
        let Replayed { least, most, controls } = self;
        Outcome::ALL.into_iter().filter(move |one| *one == least || (controls..=most).contains(one))
    }
}

/// How what is replayed stands to a recorded word.
///
/// An open verdict that holds what was recorded is no proof that the replay is right: it is counted apart, and the
/// agreement rate is that of exact agreement over everything compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// Whatever is open, it is what was recorded.
    Exact,
    /// What was recorded is among what is open.
    WithinRange,
    /// What was recorded is not possible by the replay.
    Disagrees,
}

impl Agreement {
    /// The word of the JSON report.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Agreement::Exact => "exact",
            Agreement::WithinRange => "withinRange",
            Agreement::Disagrees => "disagrees",
        }
    }

    /// Compares; none where the recorded word says nothing of the policy.
    #[must_use]
    pub fn of(replayed: Replayed, recorded: RecordedResult) -> Option<Agreement> {
        let words = recorded.stands_for();
        if words.is_empty() {
            None
        } else if replayed.outcomes().all(|outcome| words.contains(&outcome)) {
            Some(Agreement::Exact)
        } else if replayed.outcomes().any(|outcome| words.contains(&outcome)) {
            Some(Agreement::WithinRange)
        } else {
            Some(Agreement::Disagrees)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Agreement, Replayed};
    use crate::domain::{Match, Outcome, RecordedResult, Span};

    #[test]
    fn only_a_possible_outcome_agrees_and_only_if_all_of_them_do_exactly() {
        use Match::{No, Unknown, Yes};
        use Outcome::{Failure, Interrupted, Success};
        let (certain, span) = (Span::certain, Span::new);
        for (applies, controls, recorded, expected) in [
            (Yes, certain(Success), RecordedResult::ReportOnlySuccess, Some(Agreement::Exact)),
            (Yes, certain(Success), RecordedResult::NotApplied, Some(Agreement::Disagrees)),
            (No, certain(Success), RecordedResult::Success, Some(Agreement::Disagrees)),
            (No, certain(Success), RecordedResult::NotApplied, Some(Agreement::Exact)),
            (Yes, span(Success, Interrupted), RecordedResult::Success, Some(Agreement::WithinRange)),
            (Unknown, span(Success, Failure), RecordedResult::Success, Some(Agreement::WithinRange)),
            (Unknown, certain(Success), RecordedResult::Failure, Some(Agreement::Disagrees)),
            // Between the two ends and yet impossible: the controls are certain.
            (Unknown, certain(Interrupted), RecordedResult::Success, Some(Agreement::Disagrees)),
            (Unknown, certain(Interrupted), RecordedResult::ReportOnlyInterrupted, Some(Agreement::WithinRange)),
            (Unknown, certain(Interrupted), RecordedResult::NotApplied, Some(Agreement::WithinRange)),
            (Unknown, certain(Failure), RecordedResult::ReportOnlyInterrupted, Some(Agreement::Disagrees)),
            (Unknown, span(Interrupted, Failure), RecordedResult::Success, Some(Agreement::Disagrees)),
            // An enforced policy that asks is recorded like one that blocks.
            (Yes, certain(Interrupted), RecordedResult::Failure, Some(Agreement::Exact)),
            (Yes, span(Interrupted, Failure), RecordedResult::Failure, Some(Agreement::Exact)),
            (Unknown, certain(Failure), RecordedResult::Failure, Some(Agreement::WithinRange)),
            (Yes, certain(Interrupted), RecordedResult::ReportOnlyFailure, Some(Agreement::Disagrees)),
            (Yes, certain(Success), RecordedResult::NotEnabled, None),
        ] {
            let replayed = Replayed::new(applies, controls);
            assert_eq!(Agreement::of(replayed, recorded), expected, "{replayed:?} {recorded:?}");
        }
    }
}

//! An answer of a condition together with what would settle it.

use std::collections::BTreeSet;

use crate::domain::Match;

/// Three-valued, and when unknown: the facts that would decide (contract section 4, `missing`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The answer.
    pub is: Match,
    /// INVARIANT: empty unless the answer is unknown.
    missing: BTreeSet<String>,
}

impl Answer {
    /// Decided by the evidence.
    #[must_use]
    pub fn known(is: bool) -> Answer {
        Answer { is: Match::from(is), missing: BTreeSet::new() }
    }

    /// Not decided; this fact would help.
    #[must_use]
    pub fn unknown(fact: impl Into<String>) -> Answer {
        Answer { is: Match::Unknown, missing: BTreeSet::from([fact.into()]) }
    }

    /// From a three-valued answer, with the fact that would decide an unknown one.
    #[must_use]
    pub fn of(is: Match, fact: &str) -> Answer {
        if is == Match::Unknown { Answer::unknown(fact) } else { Answer { is, missing: BTreeSet::new() } }
    }

    /// Facts that would narrow an unknown answer.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.missing.iter().map(String::as_str)
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Answer) -> Answer {
        let is = self.is.and(other.is);
        self.joined(other, is)
    }

    /// Either.
    #[must_use]
    pub fn or(self, other: Answer) -> Answer {
        let is = self.is.or(other.is);
        self.joined(other, is)
    }

    /// Not, with the same facts missing.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "reads as the sibling of `and` and `or`")]
    pub fn not(self) -> Answer {
        Answer { is: !self.is, missing: self.missing }
    }

    /// Any of them; `No` for none.
    #[must_use]
    pub fn any(answers: impl IntoIterator<Item = Answer>) -> Answer {
        answers.into_iter().fold(Answer::known(false), Answer::or)
    }

    /// The answer over several possibilities of which one is true: known only if they agree.
    #[must_use]
    pub fn agreed(answers: Vec<Answer>, fact: &str) -> Answer {
        let is = Match::agreed(answers.iter().map(|answer| answer.is));
        if is != Match::Unknown {
            return Answer { is, missing: BTreeSet::new() };
        }
        let mut missing: BTreeSet<String> = answers.into_iter().flat_map(|answer| answer.missing).collect();
        if missing.is_empty() {
            missing.insert(fact.to_owned());
        }
        Answer { is, missing }
    }

    fn joined(self, other: Answer, is: Match) -> Answer {
        if is != Match::Unknown {
            return Answer { is, missing: BTreeSet::new() };
        }
        // Only what is itself unknown keeps the whole from being known.
        let mut missing = self.missing;
        missing.extend(other.missing);
        Answer { is, missing }
    }
}

#[cfg(test)]
mod tests {
    use super::Answer;
    use crate::domain::Match;

    #[test]
    fn what_is_decided_misses_nothing() {
        let answer = Answer::unknown("group:g").and(Answer::known(false));
        assert_eq!((answer.is, answer.missing().count()), (Match::No, 0));
        let answer = Answer::unknown("group:g").or(Answer::unknown("users")).not();
        assert_eq!(answer.is, Match::Unknown);
        assert_eq!(answer.missing().collect::<Vec<_>>(), ["group:g", "users"]);
    }
}

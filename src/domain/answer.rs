//! Did a condition match, given what the export recorded?

use std::ops::Not;

/// A three-valued answer, ordered so that AND is the minimum and OR the maximum (semantics 0.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Match {
    /// Certainly not.
    No,
    /// The evidence does not decide.
    Unknown,
    /// Certainly.
    Yes,
}

impl Match {
    /// A policy applies only if all of its conditions do: the weakest answer wins (CON-2).
    #[must_use]
    pub fn and(self, other: Match) -> Match {
        self.min(other)
    }

    /// Values inside one condition are alternatives: the strongest answer wins (CON-4).
    #[must_use]
    pub fn or(self, other: Match) -> Match {
        self.max(other)
    }

    /// Whether anything at all is known.
    #[must_use]
    pub fn is_known(self) -> bool {
        self != Match::Unknown
    }

    /// The answer over several possibilities of which one is true: known only if they agree.
    #[must_use]
    pub fn agreed(possibilities: impl IntoIterator<Item = Match>) -> Match {
        let mut seen: Option<Match> = None;
        for answer in possibilities {
            match seen {
                None => seen = Some(answer),
                Some(earlier) if earlier == answer => {}
                Some(_) => return Match::Unknown,
            }
        }
        seen.unwrap_or(Match::Unknown)
    }
}

impl From<bool> for Match {
    fn from(answer: bool) -> Match {
        if answer { Match::Yes } else { Match::No }
    }
}

impl From<Option<bool>> for Match {
    fn from(answer: Option<bool>) -> Match {
        answer.map_or(Match::Unknown, Match::from)
    }
}

/// Excluded means not included; what is unknown stays unknown.
impl Not for Match {
    type Output = Match;

    fn not(self) -> Match {
        match self {
            Match::No => Match::Yes,
            Match::Unknown => Match::Unknown,
            Match::Yes => Match::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Match::{self, No, Unknown, Yes};

    #[test]
    fn one_certain_no_settles_an_and_and_one_yes_an_or() {
        for (left, right, and, or) in [
            (Yes, Yes, Yes, Yes),
            (Yes, Unknown, Unknown, Yes),
            (Unknown, No, No, Unknown),
            (No, Yes, No, Yes),
            (Unknown, Unknown, Unknown, Unknown),
        ] {
            assert_eq!(left.and(right), and, "{left:?} and {right:?}");
            assert_eq!(right.or(left), or, "{left:?} or {right:?}");
            assert_eq!(!(left.and(right)), (!left).or(!right), "De Morgan on {left:?}, {right:?}");
        }
    }

    #[test]
    fn possibilities_that_differ_are_unknown() {
        assert_eq!(Match::agreed([Yes, Yes]), Yes);
        assert_eq!(Match::agreed([Yes, No]), Unknown);
        assert_eq!(Match::agreed([]), Unknown);
    }
}

//! Why attempts are blocked: counts by reason.

use std::collections::BTreeMap;

use crate::domain::Reason;

/// A set of reasons: a bit each, in the order of [`Reason::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ReasonSet(u16);

/// A bit a reason fits a set.
const _: () = assert!(Reason::ALL.len() <= u16::BITS as usize);

impl ReasonSet {
    /// The set of these reasons.
    #[must_use]
    pub fn of(reasons: &[Reason]) -> ReasonSet {
        ReasonSet(reasons.iter().fold(0, |set, reason| set | 1 << (*reason as u16)))
    }

    /// Those of them that alone can deny access.
    #[must_use]
    pub fn denying(self) -> ReasonSet {
        self.iter()
            .filter(|reason| reason.denies())
            .fold(ReasonSet(0), |set, reason| set.with(ReasonSet::of(&[reason])))
    }

    /// The reasons of either set.
    #[must_use]
    pub fn with(self, other: ReasonSet) -> ReasonSet {
        ReasonSet(self.0 | other.0)
    }

    /// The reasons, in the order of the contract.
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.into_iter().filter(move |reason| self.0 >> (*reason as u16) & 1 == 1)
    }
}

/// How many attempts are blocked for a reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Blocked {
    /// Attempts certainly blocked.
    pub least: u64,
    /// Attempts possibly blocked.
    pub most: u64,
}

/// Attempts that may be blocked, by the reasons of their severest end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reasons {
    /// Attempts by reason; one with two reasons counts under both.
    pub blocked: BTreeMap<Reason, Blocked>,
}

impl Reasons {
    /// Counts attempts: reasons for which they are certainly, and for which they may be blocked.
    pub fn count(&mut self, certain: ReasonSet, possible: ReasonSet, attempts: u64) {
        for reason in certain.iter() {
            self.blocked.entry(reason).or_default().least += attempts;
        }
        for reason in possible.iter() {
            self.blocked.entry(reason).or_default().most += attempts;
        }
    }

    /// Adds the counts of other attempts.
    pub fn add(&mut self, other: Reasons) {
        for (reason, theirs) in other.blocked {
            let mine = self.blocked.entry(reason).or_default();
            mine.least += theirs.least;
            mine.most += theirs.most;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ReasonSet, Reasons};
    use crate::domain::Reason;

    #[test]
    fn an_attempt_counts_once_a_reason_and_counts_add_up() {
        let block = ReasonSet::of(&[Reason::Block]);
        let both = block.with(ReasonSet::of(&[Reason::UserAction, Reason::Block]));
        assert_eq!(both.iter().collect::<Vec<_>>(), [Reason::Block, Reason::UserAction]);
        let (mut one, mut two) = (Reasons::default(), Reasons::default());
        one.count(block, both, 1);
        two.count(ReasonSet::default(), block, 1);
        one.add(two);
        let counted: Vec<_> = one.blocked.iter().map(|(reason, counts)| (*reason, counts.least, counts.most)).collect();
        assert_eq!(counted, [(Reason::Block, 1, 2), (Reason::UserAction, 0, 1)]);
    }
}

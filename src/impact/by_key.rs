//! Counts by key: what a breakdown of one candidate, or of the population, adds up to.

use super::breakdown::Breakdown;

/// Counts of one key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyCounts {
    /// Attempts certainly challenged.
    pub challenged_least: u64,
    /// Attempts possibly challenged.
    pub challenged_most: u64,
    /// Attempts certainly blocked.
    pub blocked_least: u64,
    /// Attempts possibly blocked.
    pub blocked_most: u64,
    /// Attempts.
    pub attempts: u64,
}

impl KeyCounts {
    /// Adds the counts of other attempts.
    pub fn add(&mut self, other: KeyCounts) {
        self.challenged_least += other.challenged_least;
        self.challenged_most += other.challenged_most;
        self.blocked_least += other.blocked_least;
        self.blocked_most += other.blocked_most;
        self.attempts += other.attempts;
    }
}

/// Counts by the code of a key: a list, since there are as many people as there are, and it is made once and read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByKey {
    counts: Vec<(u32, KeyCounts)>, // INVARIANT: sorted by code; each code once.
}

impl ByKey {
    /// From counts in any order; those of one code add up.
    #[must_use]
    pub fn collect(mut counts: Vec<(u32, KeyCounts)>) -> ByKey {
        if !counts.is_sorted_by(|one, two| one.0 < two.0) {
            counts.sort_unstable_by_key(|(code, _)| *code);
            counts.dedup_by(|later, first| {
                let same = later.0 == first.0;
                if same {
                    first.1.add(later.1);
                }
                same
            });
        }
        ByKey { counts }
    }

    /// The counts of a key.
    #[must_use]
    pub fn get(&self, code: &u32) -> Option<&KeyCounts> {
        let place = self.counts.binary_search_by_key(code, |(known, _)| *known).ok()?;
        self.counts.get(place).map(|(_, counts)| counts)
    }

    /// Codes in their order, each with its counts.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&u32, &KeyCounts)> {
        self.counts.iter().map(|(code, counts)| (code, counts))
    }

    fn merge(&mut self, other: ByKey) {
        if self.counts.is_empty() {
            self.counts = other.counts;
        } else if !other.counts.is_empty() {
            let mut both = std::mem::take(&mut self.counts);
            both.extend(other.counts);
            *self = ByKey::collect(both);
        }
    }
}

impl<'a> IntoIterator for &'a ByKey {
    type Item = (&'a u32, &'a KeyCounts);
    type IntoIter =
        std::iter::Map<std::slice::Iter<'a, (u32, KeyCounts)>, fn(&'a (u32, KeyCounts)) -> (&'a u32, &'a KeyCounts)>;

    fn into_iter(self) -> Self::IntoIter {
        self.counts.iter().map(|(code, counts)| (code, counts))
    }
}

/// Counts by key for every breakdown; only keys that were met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breakdowns {
    counts: [ByKey; Breakdown::ALL.len()],
}

impl Breakdowns {
    /// Adds counts of a breakdown, in any order.
    pub fn add(&mut self, breakdown: Breakdown, counts: Vec<(u32, KeyCounts)>) {
        if let Some(mine) = self.counts.get_mut(breakdown as usize) {
            mine.merge(ByKey::collect(counts));
        }
    }

    /// The same counts under other codes.
    pub(super) fn recoded(self, code: &dyn Fn(Breakdown, u32) -> u32) -> Breakdowns {
        let mut counts = self.counts.into_iter();
        Breakdowns {
            counts: Breakdown::ALL.map(|breakdown| {
                let of_one = counts.next().unwrap_or_default().counts.into_iter();
                ByKey::collect(of_one.map(|(known, counts)| (code(breakdown, known), counts)).collect())
            }),
        }
    }

    /// Adds the counts of other attempts.
    pub fn merge(&mut self, other: Breakdowns) {
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {
            mine.merge(theirs);
        }
    }

    /// The counts of a breakdown by code.
    #[must_use]
    pub fn of(&self, breakdown: Breakdown) -> &ByKey {
        #[expect(clippy::indexing_slicing, reason = "a breakdown is its own index")]
        &self.counts[breakdown as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::{Breakdowns, KeyCounts};
    use crate::impact::Breakdown;

    #[test]
    fn counts_of_one_key_add_up_in_any_order() {
        let counts = |attempts| KeyCounts { attempts, challenged_most: 1, ..KeyCounts::default() };
        let (mut one, mut two) = (Breakdowns::default(), Breakdowns::default());
        one.add(Breakdown::Country, vec![(7, counts(1)), (3, counts(2)), (7, counts(4))]);
        two.add(Breakdown::Country, vec![(5, counts(8)), (3, counts(16))]);
        let mut together = one.clone();
        together.merge(two.clone());
        two.merge(one);
        assert_eq!(together, two);
        let found: Vec<_> = together
            .of(Breakdown::Country)
            .iter()
            .map(|(code, sum)| (*code, sum.attempts, sum.challenged_most))
            .collect();
        assert_eq!(found, [(3, 18, 2), (5, 8, 1), (7, 5, 2)]);
        assert_eq!(together.of(Breakdown::Country).get(&5), Some(&counts(8)));
        assert_eq!(together.of(Breakdown::Country).get(&6), None);
    }
}

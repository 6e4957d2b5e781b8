//! Sets with a number each, and the numbers of their unions.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// Number of a set; 0 is the empty one.
pub(super) type SetCode = u32;

/// Sets that were met.
#[derive(Debug)]
pub(super) struct Sets<T> {
    sets: Vec<Vec<T>>, // INVARIANT: each sorted; each once.
    index: HashMap<Vec<T>, SetCode, FxBuildHasher>,
    unions: HashMap<(SetCode, SetCode), SetCode, FxBuildHasher>,
}

impl<T: Copy + Ord + std::hash::Hash> Sets<T> {
    pub(super) fn new() -> Sets<T> {
        let index = [(Vec::new(), 0)].into_iter().collect();
        Sets { sets: vec![Vec::new()], index, unions: HashMap::default() }
    }

    /// The number of a set.
    pub(super) fn code(&mut self, members: impl IntoIterator<Item = T>) -> SetCode {
        let mut members: Vec<T> = members.into_iter().collect();
        members.sort_unstable();
        members.dedup();
        let next = SetCode::try_from(self.sets.len()).unwrap_or(SetCode::MAX);
        *self.index.entry(members).or_insert_with_key(|members| {
            self.sets.push(members.clone());
            next
        })
    }

    /// The number of the set of all that is in either.
    pub(super) fn union(&mut self, one: SetCode, two: SetCode) -> SetCode {
        if one == two || two == 0 {
            return one;
        }
        if one == 0 {
            return two;
        }
        let pair = (one.min(two), one.max(two));
        if let Some(known) = self.unions.get(&pair) {
            return *known;
        }
        let both: Vec<T> = self.members(one).iter().chain(self.members(two)).copied().collect();
        let code = self.code(both);
        self.unions.insert(pair, code);
        code
    }

    /// The members of a set.
    pub(super) fn members(&self, set: SetCode) -> &[T] {
        self.sets.get(set as usize).map_or(&[], Vec::as_slice)
    }
}

/// How often each set was met.
#[derive(Clone, Debug, Default)]
pub(super) struct Times(Vec<u64>);

impl Times {
    pub(super) fn count(&mut self, set: SetCode, times: u64) {
        let place = set as usize;
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        if let Some(sum) = self.0.get_mut(place) {
            *sum += times;
        }
    }

    /// Sets that were met.
    pub(super) fn iter(&self) -> impl Iterator<Item = (SetCode, u64)> {
        (0..).zip(self.0.iter().copied()).filter(|(_, times)| *times > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::Sets;

    #[test]
    fn a_union_is_the_set_of_both_and_has_one_number() {
        let mut sets = Sets::new();
        let (one, two) = (sets.code(["users", "groups"]), sets.code(["users", "device"]));
        let both = sets.union(one, two);
        assert_eq!(sets.members(both), ["device", "groups", "users"]);
        assert_eq!((both, both), (sets.union(two, one), sets.code(["groups", "device", "users", "users"])));
        assert_eq!((sets.union(0, one), sets.union(one, 0), sets.members(0).len()), (one, one, 0));
    }
}

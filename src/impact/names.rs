//! What is counted by is called the same in every partition: codes of one become codes of all.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::{Breakdown, Impact, Key, Keys, OfRule};
use crate::domain::folded;

const BREAKDOWNS: usize = Breakdown::ALL.len();

/// The keys of every breakdown by code.
#[derive(Debug, Default)]
pub struct Names {
    index: [HashMap<String, u32, FxBuildHasher>; BREAKDOWNS],
    keys: [Vec<Key>; BREAKDOWNS],
}

/// Codes of one run by those of another.
#[derive(Debug)]
pub struct Recoding([Vec<u32>; BREAKDOWNS]);

impl Recoding {
    fn code(&self, breakdown: Breakdown, code: u32) -> u32 {
        let codes = self.0.get(breakdown as usize);
        codes.and_then(|codes| codes.get(code as usize)).copied().unwrap_or(u32::MAX)
    }
}

impl Names {
    /// The names of some attempts, under the same codes.
    #[must_use]
    pub fn of(keys: &Keys) -> Names {
        let mut names = Names::default();
        let _same = names.add(|breakdown| keys.names(breakdown));
        names
    }

    /// The names of others besides: where their codes are found here.
    pub fn join(&mut self, others: &Names) -> Recoding {
        self.add(|breakdown| others.keys.get(breakdown as usize).map_or(&[], Vec::as_slice))
    }

    fn add<'k>(&mut self, others: impl Fn(Breakdown) -> &'k [Key]) -> Recoding {
        let mut places = self.index.iter_mut().zip(&mut self.keys);
        Recoding(Breakdown::ALL.map(|breakdown| {
            let Some((index, keys)) = places.next() else { return Vec::new() };
            others(breakdown).iter().map(|key| code(index, keys, key)).collect()
        }))
    }

    /// The key and name of a code.
    #[must_use]
    pub fn key(&self, breakdown: Breakdown, code: u32) -> Option<&Key> {
        self.keys.get(breakdown as usize)?.get(code as usize)
    }
}

fn code(index: &mut HashMap<String, u32, FxBuildHasher>, keys: &mut Vec<Key>, key: &Key) -> u32 {
    let folded = folded(&key.key);
    if let Some(code) = index.get(&folded) {
        if let Some(known) = keys.get_mut(*code as usize) {
            known.also(key);
        }
        return *code;
    }
    let code = u32::try_from(keys.len()).unwrap_or(u32::MAX);
    index.insert(folded, code);
    keys.push(key.clone());
    code
}

impl Impact {
    /// The same sums under the codes of a larger run.
    #[must_use]
    pub fn recoded(self, recoding: &Recoding) -> Impact {
        let code = |breakdown, code| recoding.code(breakdown, code);
        let of_rule = |rule: OfRule| OfRule { breakdowns: rule.breakdowns.recoded(&code), ..rule };
        let Impact { rules, combined, population, assumptions } = self;
        Impact {
            rules: rules.into_iter().map(of_rule).collect(),
            combined: of_rule(combined),
            population: population.recoded(&code),
            assumptions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Names;
    use crate::impact::{Breakdown, Key};

    fn names(keys: &[(&str, &str, i64)]) -> Names {
        let mut names = Names::default();
        let keys: Vec<Key> = keys.iter().map(|(key, name, at)| Key::new(key, name, *at)).collect();
        let _codes = names.add(|breakdown| if breakdown == Breakdown::Application { &keys } else { &[] });
        names
    }

    #[test]
    fn a_thing_is_called_as_the_earliest_attempt_calls_it_whatever_the_order() {
        let (first, second) = ([("APP", "", 2), ("b", "B", 3)], [("c", "C", 1), ("app", "Name", 5), ("App", "Old", 2)]);
        for (one, two) in [(&first[..], &second[..]), (&second[..], &first[..])] {
            let (mut all, others) = (names(one), names(two));
            let recoding = all.join(&others);
            let code = recoding.code(Breakdown::Application, 0);
            assert_eq!(
                all.key(Breakdown::Application, code).map(|key| key.key.as_str()),
                Some(match two.len() {
                    2 => "APP",
                    _ => "c",
                })
            );
            let called: Vec<(&str, &str)> = (0..3)
                .filter_map(|code| all.key(Breakdown::Application, code))
                .map(|key| (key.key.as_str(), key.name.as_str()))
                .collect();
            assert!(called.contains(&("APP", "Old")), "{called:?}");
            assert_eq!(called.len(), 3);
        }
    }
}

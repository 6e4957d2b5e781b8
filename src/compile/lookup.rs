//! A condition's answer for every distinct value it can meet, decided once, before replay.

use std::collections::BTreeMap;

use crate::domain::Match;

use super::answer::Answer;

/// Position of a set of missing facts.
pub type FactSet = u32;

/// Sets of facts that would narrow a verdict; set 0 is empty.
#[derive(Debug)]
pub struct FactSets {
    sets: Vec<Vec<String>>, // INVARIANT: each sorted; each once.
    index: BTreeMap<Vec<String>, FactSet>,
}

impl Default for FactSets {
    fn default() -> FactSets {
        FactSets { sets: vec![Vec::new()], index: BTreeMap::from([(Vec::new(), 0)]) }
    }
}

impl FactSets {
    /// The position of a set.
    pub fn intern<'a>(&mut self, facts: impl IntoIterator<Item = &'a str>) -> FactSet {
        let mut facts: Vec<String> = facts.into_iter().map(str::to_owned).collect();
        facts.sort_unstable();
        facts.dedup();
        let next = FactSet::try_from(self.sets.len()).unwrap_or(FactSet::MAX);
        *self.index.entry(facts).or_insert_with_key(|facts| {
            self.sets.push(facts.clone());
            next
        })
    }

    /// The facts of a set, sorted.
    #[must_use]
    pub fn facts(&self, set: FactSet) -> &[String] {
        self.sets.get(set as usize).map_or(&[], Vec::as_slice)
    }
}

/// One answer for each code of the dimension that it was compiled from.
#[derive(Clone, Debug)]
pub struct Lookup {
    answers: Box<[Match]>,
    missing: Box<[FactSet]>, // INVARIANT: as long as `answers`.
}

impl Lookup {
    /// Decides every value.
    pub fn compile<T>(
        values: impl IntoIterator<Item = T>,
        facts: &mut FactSets,
        decide: impl Fn(T) -> Answer,
    ) -> Lookup {
        let decided: Vec<Answer> = values.into_iter().map(decide).collect();
        Lookup {
            answers: decided.iter().map(|answer| answer.is).collect(),
            missing: decided.iter().map(|answer| facts.intern(answer.missing())).collect(),
        }
    }

    /// The answer for a code.
    #[must_use]
    pub fn answer(&self, code: u32) -> Match {
        // A code that was not compiled is a bug of ours; it must not pass for an answer.
        self.answers.get(code as usize).copied().unwrap_or(Match::Unknown)
    }

    /// What would settle the answer for a code.
    #[must_use]
    pub fn missing(&self, code: u32) -> FactSet {
        self.missing.get(code as usize).copied().unwrap_or(0)
    }

    /// Whether every value gets this answer.
    #[must_use]
    pub fn is_always(&self, answer: Match) -> bool {
        self.answers.iter().all(|given| *given == answer)
    }
}

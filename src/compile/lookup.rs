//! A condition's answer for every distinct value it can meet, decided once, before replay.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

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

/// One answer for each code of the dimension that it was compiled from: few distinct ones, however many codes.
#[derive(Clone, Debug)]
pub struct Lookup {
    kinds: Box<[(Match, FactSet)]>, // INVARIANT: each once, in the order of the codes that first gave it.
    kind_of: Box<[u32]>,            // INVARIANT: each is a place in `kinds`.
}

impl Lookup {
    /// Decides every value.
    pub fn compile<T>(
        values: impl IntoIterator<Item = T>,
        facts: &mut FactSets,
        decide: impl Fn(T) -> Answer,
    ) -> Lookup {
        let mut index: HashMap<(Match, FactSet), u32, FxBuildHasher> = HashMap::default();
        let mut kinds = Vec::new();
        let kind_of = values
            .into_iter()
            .map(|value| {
                let answer = decide(value);
                // Most answers are known, and then nothing is missing.
                let missing = if answer.is.is_known() { 0 } else { facts.intern(answer.missing()) };
                *index.entry((answer.is, missing)).or_insert_with_key(|kind| {
                    kinds.push(*kind);
                    u32::try_from(kinds.len() - 1).unwrap_or(u32::MAX)
                })
            })
            .collect();
        Lookup { kinds: kinds.into(), kind_of }
    }

    /// The distinct answers, each with what would settle it.
    #[must_use]
    pub fn kinds(&self) -> &[(Match, FactSet)] {
        &self.kinds
    }

    /// Which of them each code gets.
    #[must_use]
    pub fn kind_of(&self) -> &[u32] {
        &self.kind_of
    }

    fn kind(&self, code: u32) -> Option<(Match, FactSet)> {
        self.kind_of.get(code as usize).and_then(|kind| self.kinds.get(*kind as usize)).copied()
    }

    /// The answer for a code.
    #[must_use]
    pub fn answer(&self, code: u32) -> Match {
        // A code that was not compiled is a bug of ours; it must not pass for an answer.
        self.kind(code).map_or(Match::Unknown, |(answer, _)| answer)
    }

    /// What would settle the answer for a code.
    #[must_use]
    pub fn missing(&self, code: u32) -> FactSet {
        self.kind(code).map_or(0, |(_, missing)| missing)
    }

    /// Whether every value gets this answer.
    #[must_use]
    pub fn is_always(&self, answer: Match) -> bool {
        self.kinds.iter().all(|(given, _)| *given == answer)
    }
}

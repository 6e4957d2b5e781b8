//! What was once made of a value, by the value: equal values are read once.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::super::record::{Cell, Known};
use crate::frame::{Code, Column};

/// What a value, or several together, came to in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) code: Code,
    /// Something is recorded there that cannot be read.
    pub(super) is_unread: bool,
}

/// Members of which one column is made together: at most so many.
pub(super) const TOGETHER: usize = 8;

/// Distinct texts that are remembered before all are forgotten: a bound on memory, not on correctness.
const REMEMBERED: usize = 1 << 14;

/// What was made of the values of one file's records.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Of single values, by their number.
    known: Vec<Option<Made>>,
    /// Of several known values together.
    together: HashTable<Together>,
    /// Of values that nobody numbered, by their text.
    texts: HashTable<Texts>,
    key: Vec<u8>,
}

#[derive(Debug)]
struct Together {
    column: Column,
    values: [Known; TOGETHER],
    made: Made,
}

#[derive(Debug)]
struct Texts {
    column: Column,
    key: Box<[u8]>,
    made: Made,
}

impl Memory {
    /// Forgets what was made of known values: their numbers are given anew.
    pub(super) fn forget_known(&mut self) {
        self.known.clear();
        self.together.clear();
    }

    /// What a known value came to. A value has one use only: it was met under one key.
    pub(super) fn of_known(&self, known: Known) -> Option<Made> {
        self.known.get(known.number()?).copied().flatten()
    }

    pub(super) fn keep_known(&mut self, known: Known, made: Made) {
        let Some(number) = known.number() else { return };
        if number >= self.known.len() {
            self.known.resize(number + 1, None);
        }
        if let Some(place) = self.known.get_mut(number) {
            *place = Some(made);
        }
    }

    /// What known values came to together.
    pub(super) fn of_together(&self, column: Column, values: &[Known; TOGETHER]) -> Option<Made> {
        let is_it = |entry: &Together| entry.column == column && entry.values == *values;
        self.together.find(hash_together(column, values), is_it).map(|entry| entry.made)
    }

    pub(super) fn keep_together(&mut self, column: Column, values: [Known; TOGETHER], made: Made) {
        if self.together.len() >= REMEMBERED {
            self.together.clear();
        }
        let hash = hash_together(column, &values);
        let entry = Together { column, values, made };
        self.together.insert_unique(hash, entry, |entry| hash_together(entry.column, &entry.values));
    }

    /// What these texts came to together.
    pub(super) fn of_texts(&mut self, column: Column, cells: &[Cell<'_>]) -> Option<Made> {
        self.key.clear();
        for cell in cells {
            let raw = cell.raw();
            self.key.extend_from_slice(&raw.len().to_le_bytes());
            self.key.extend_from_slice(raw.as_bytes());
        }
        let is_it = |entry: &Texts| entry.column == column && *entry.key == *self.key;
        self.texts.find(hash_texts(column, &self.key), is_it).map(|entry| entry.made)
    }

    /// Keeps what the texts that were asked for last came to.
    pub(super) fn keep_texts(&mut self, column: Column, made: Made) {
        if self.texts.len() >= REMEMBERED {
            self.texts.clear();
        }
        let entry = Texts { column, key: self.key.as_slice().into(), made };
        let hash = hash_texts(column, &entry.key);
        self.texts.insert_unique(hash, entry, |entry| hash_texts(entry.column, &entry.key));
    }
}

fn hash_together(column: Column, values: &[Known; TOGETHER]) -> u64 {
    FxBuildHasher.hash_one((column as u8, values))
}

fn hash_texts(column: Column, key: &[u8]) -> u64 {
    FxBuildHasher.hash_one((column as u8, key))
}

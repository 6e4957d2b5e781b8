//! All that an explanation may look at, read once for all sign-ins that are explained.

use std::collections::BTreeMap;

use crate::attempt::rows::Rows;
use crate::attempt::{Attempt, Attempts};
use crate::compile::Plan;
use crate::frame::{Column, NOT_RECORDED};
use crate::policy;
use crate::tenant::Tenant;

use super::model::Place;
use super::sources::{Key, Sources};

/// What is known: the run that is explained, and where its rows and facts come from.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The candidates, in their order.
    pub candidates: &'a [policy::Candidate],
    /// The attempts.
    pub attempts: &'a Attempts,
    /// The compiled candidates.
    pub plan: &'a Plan,
    /// Tenant facts.
    pub tenant: &'a Tenant,
    /// The rows of the attempts, read.
    pub facts: &'a Rows<'a>,
    /// The rows before copies were merged.
    pub sources: &'a Sources,
    /// No grouping: one row is one attempt (GRP-7).
    pub one_row_each: bool,
}

/// The same, with every document of the rows read, and the copies of the rows that are explained.
pub(super) struct Sight<'a> {
    pub(super) given: Given<'a>,
    pub(super) facts: &'a Rows<'a>,
    pub(super) copies: BTreeMap<Key, Vec<usize>>,
}

impl Sight<'_> {
    /// The copies of a row, as rows of the sources.
    pub(super) fn copies_of(&self, row: usize) -> &[usize] {
        let key = Key::of(&self.given.attempts.frame, row);
        self.copies.get(&key).map_or(&[], Vec::as_slice)
    }

    /// What the explanation calls a copy: `2`, or `2a` and `2b` where there are several.
    pub(super) fn number(&self, number: usize, row: usize, copy: usize) -> String {
        if self.copies_of(row).len() < 2 {
            return number.to_string();
        }
        let letter = u8::try_from(copy).ok().filter(|copy| *copy < 26).map(|copy| char::from(b'a' + copy));
        letter.map_or_else(|| format!("{number}.{}", copy + 1), |letter| format!("{number}{letter}"))
    }

    /// Where the value of a column stands: the first copy of the row that records what came of the merge.
    ///
    /// What no copy records, a companion file has filled in.
    pub(super) fn place(&self, column: Column, number: usize, row: usize) -> Option<Place> {
        let code = self.given.attempts.frame.code(column, row);
        if code == NOT_RECORDED {
            return None;
        }
        let copies = self.copies_of(row);
        let copy = self.given.sources.which(copies, column, code)?;
        let place = self.given.sources.place(copies.get(copy).copied()?);
        Some(Place { number: Some(self.number(number, row, copy)), ..place })
    }

    /// The text of a column on a row.
    pub(super) fn text(&self, column: Column, row: usize) -> Option<&str> {
        self.given.attempts.frame.text(column, row)
    }

    /// The rows of an attempt in their order.
    pub(super) fn rows_of(&self, attempt: &Attempt) -> &[usize] {
        self.given.attempts.rows_of(attempt)
    }

    /// The file of the tenant folder that holds a fact, by the ends of the names it may have.
    pub(super) fn tenant_file(&self, names: &[&str]) -> Option<String> {
        let ends = |file: &&String, name: &str| {
            let (file, name) = (file.to_lowercase().replace('\\', "/"), name.to_lowercase());
            file == name || file.ends_with(&format!("/{name}"))
        };
        names.iter().find_map(|name| self.given.tenant.files.iter().find(|file| ends(file, name)).cloned())
    }
}

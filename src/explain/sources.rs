//! Where each row was read: the rows before copies were merged, and the files they came from.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::folded;
use crate::frame::{Code, Column, NOT_RECORDED, SignInFrame};

use super::model::{Input, Place};

/// The rows as they were read, file after file.
#[derive(Debug)]
pub struct Sources {
    frame: SignInFrame,
    inputs: Vec<Input>,
}

/// What copies of one row share: folded id and user (C1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    id: String,
    user: String,
}

impl Key {
    /// The key of a row.
    #[must_use]
    pub fn of(frame: &SignInFrame, row: usize) -> Key {
        let text = |column| frame.text(column, row).map(folded).unwrap_or_default();
        Key { id: text(Column::Id), user: text(Column::UserId) }
    }
}

impl Sources {
    /// The rows of all files, in the order of the files. Copies must be merged by picking among these rows, so that a
    /// code of a column stands for the same text before and after.
    #[must_use]
    pub fn new(frame: SignInFrame, inputs: Vec<Input>) -> Sources {
        Sources { frame, inputs }
    }

    /// The files.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// Companion files, which may have filled what the sign-ins themselves do not record.
    pub fn companions(&self) -> impl Iterator<Item = &str> {
        self.inputs.iter().filter(|input| input.evidence > 0).map(|input| input.path.as_str())
    }

    /// The rows that have one of these keys, in the order in which they were read.
    #[must_use]
    pub fn copies(&self, keys: &BTreeSet<Key>) -> BTreeMap<Key, Vec<usize>> {
        let ids: BTreeSet<&str> = keys.iter().map(|key| key.id.as_str()).collect();
        let dictionary = self.frame.dictionary(Column::Id);
        let wanted: Vec<bool> = dictionary.iter().map(|id| ids.contains(folded(id).as_str())).collect();
        let mut copies: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for (row, code) in self.frame.codes(Column::Id).iter().enumerate() {
            if wanted.get(*code as usize) == Some(&true) {
                let key = Key::of(&self.frame, row);
                if keys.contains(&key) {
                    copies.entry(key).or_default().push(row);
                }
            }
        }
        copies
    }

    /// The file of a row, and its number there.
    #[must_use]
    pub fn place(&self, row: usize) -> Place {
        let mut start = 0_usize;
        for input in &self.inputs {
            let rows = usize::try_from(input.rows).unwrap_or(usize::MAX);
            if row < start.saturating_add(rows) {
                let number = u64::try_from(row - start + 1).ok();
                return Place { file: input.path.clone(), row: number, number: None };
            }
            start = start.saturating_add(rows);
        }
        Place { file: String::new(), row: None, number: None }
    }

    /// The code of a column on a row as it was read.
    #[must_use]
    pub fn code(&self, column: Column, row: usize) -> Code {
        self.frame.code(column, row)
    }

    /// The text of a column on a row as it was read.
    #[must_use]
    pub fn text(&self, column: Column, row: usize) -> Option<&str> {
        self.frame.text(column, row)
    }

    /// Where the text that a column came to stands: the first of these copies that records it.
    #[must_use]
    pub fn which(&self, copies: &[usize], column: Column, code: Code) -> Option<usize> {
        copies.iter().position(|row| code != NOT_RECORDED && self.code(column, *row) == code)
    }
}

/// Other things than sign-ins that have this id: what may have been meant by it.
#[must_use]
pub(super) fn close_to(frame: &SignInFrame, typed: &str) -> Option<String> {
    let wanted = folded(typed);
    // Nothing is close to no text: a field that is empty is not what was meant.
    if wanted.trim().is_empty() {
        return None;
    }
    for (column, what) in [
        (Column::CorrelationId, "a correlation id"),
        (Column::OriginalRequestId, "the id of an original request"),
        (Column::SessionId, "the id of a session"),
    ] {
        let ids = ids_of(frame, column, |text| folded(text) == wanted);
        if !ids.is_empty() {
            return Some(format!("it is {what}: of sign-in {}", listed(&ids)));
        }
    }
    let is = |column: Column| frame.dictionary(column).iter().any(|text| folded(text) == wanted);
    if is(Column::UserId) || is(Column::UserPrincipalName) {
        return Some("it is a user: `--user` with it and without `--sign-in` shows their sign-ins".to_owned());
    }
    if is(Column::AppId) || is(Column::ResourceId) {
        return Some("it is an application: `--app` with it and without `--sign-in` shows its sign-ins".to_owned());
    }
    let begins: String = wanted.chars().take(BEGINNING).collect();
    let ids = if begins.chars().count() < BEGINNING {
        Vec::new()
    } else {
        ids_of(frame, Column::Id, |id| folded(id).starts_with(&begins))
    };
    (!ids.is_empty()).then(|| format!("close to it: {}", listed(&ids)))
}

/// Characters by which two ids are taken as close.
const BEGINNING: usize = 6;
/// Ids that are named.
const NAMED: usize = 3;

/// Ids of the rows in whose column stands a text that was meant, sorted.
fn ids_of(frame: &SignInFrame, column: Column, is_meant: impl Fn(&str) -> bool) -> Vec<String> {
    let meant: Vec<bool> = frame.dictionary(column).iter().map(|text| !text.is_empty() && is_meant(text)).collect();
    let rows = frame.codes(column).iter().enumerate().filter(|(_, code)| meant.get(**code as usize) == Some(&true));
    let ids: BTreeSet<&str> = rows.filter_map(|(row, _)| frame.text(Column::Id, row)).collect();
    ids.into_iter().map(str::to_owned).collect()
}

fn listed(ids: &[String]) -> String {
    let named: Vec<String> = ids.iter().take(NAMED).map(|id| format!("`{id}`")).collect();
    let more = if ids.len() > NAMED { format!(" and {} more", ids.len() - NAMED) } else { String::new() };
    format!("{}{more}", named.join(", "))
}

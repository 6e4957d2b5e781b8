//! Who the rows belong to, and texts that are the same without regard to case.

use crate::domain::{fold, is_folded};
use crate::frame::{Column, Dictionary, NOT_RECORDED, SignInFrame};

use super::UserCode;

/// Position of a folded text among the folded texts of one column.
pub type FoldedCode = u32;

/// Codes of a column's texts without regard to case; 0 stays "not recorded".
#[must_use]
pub fn folded_codes(dictionary: &Dictionary) -> Vec<FoldedCode> {
    let folds = Folds::read(dictionary);
    (0..dictionary.len()).map(|code| folds.of(u32::try_from(code).unwrap_or(NOT_RECORDED))).collect()
}

/// The same, for columns of which mostly every text is folded already: then there is nothing to keep.
#[derive(Debug)]
pub struct Folds {
    of_code: Option<Vec<FoldedCode>>,
    count: usize,
}

impl Folds {
    /// Folds the texts of a column.
    #[must_use]
    pub fn read(dictionary: &Dictionary) -> Folds {
        // Mostly ids: no blank, no capital. Else one text after the other tells.
        let is_plain = |byte: u8| byte.is_ascii_graphic() & !byte.is_ascii_uppercase();
        let are_plain = dictionary.joined().bytes().fold(true, |plain, byte| plain & is_plain(byte));
        if are_plain || dictionary.iter().all(is_folded) {
            return Folds { of_code: None, count: dictionary.len() };
        }
        let mut distinct = Dictionary::default();
        let of_code = dictionary.iter().map(|text| distinct.intern(&fold(text))).collect();
        Folds { of_code: Some(of_code), count: distinct.len() }
    }

    /// How many codes there are, "not recorded" included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The folded code of a code.
    #[must_use]
    pub fn of(&self, code: u32) -> FoldedCode {
        match &self.of_code {
            None => code,
            Some(codes) => codes.get(code as usize).copied().unwrap_or(NOT_RECORDED),
        }
    }
}

/// Who the rows belong to.
#[derive(Debug)]
pub struct People {
    of_row: Vec<UserCode>,
    /// How many people there are; a row without a user id is one of its own (C3).
    pub count: usize,
    named: usize,
}

impl People {
    /// Whose row this is.
    #[must_use]
    pub fn of(&self, row: usize) -> UserCode {
        self.of_row.get(row).copied().unwrap_or(UserCode(0))
    }

    /// Whether the row records whose it is.
    #[must_use]
    pub fn is_named(&self, row: usize) -> bool {
        (self.of(row).0 as usize) < self.named
    }

    /// How many people have one of these rows.
    #[must_use]
    pub fn distinct(&self, rows: impl Iterator<Item = usize>) -> u64 {
        let mut seen = vec![false; self.count];
        for row in rows {
            if let Some(seen) = seen.get_mut(self.of(row).0 as usize) {
                *seen = true;
            }
        }
        seen.iter().filter(|seen| **seen).count() as u64
    }
}

/// Numbers the people of a frame: first those with an id, then the rows without one.
#[must_use]
pub fn people(frame: &SignInFrame) -> People {
    let folds = Folds::read(frame.dictionary(Column::UserId));
    let named = folds.count() - 1;
    let mut count = named;
    let of_row = frame
        .codes(Column::UserId)
        .iter()
        .map(|code| match folds.of(*code) {
            NOT_RECORDED => {
                count += 1;
                UserCode(u32::try_from(count - 1).unwrap_or(u32::MAX))
            }
            code => UserCode(code - 1),
        })
        .collect();
    People { of_row, count, named }
}

//! One column of a frame on its way, apart from the others: columns may be read side by side.

use super::dictionary::{Code, Dictionary, NOT_RECORDED};

/// The codes of a column, row by row, and the texts behind them.
#[derive(Debug, Default)]
pub struct ReadColumn {
    pub(super) codes: Vec<Code>,
    pub(super) dictionary: Dictionary,
}

impl ReadColumn {
    /// No row yet, with space for so many.
    #[must_use]
    pub fn with_capacity(rows: usize) -> ReadColumn {
        ReadColumn { codes: Vec::with_capacity(rows), dictionary: Dictionary::default() }
    }

    /// The code of a text, which need not be of a row.
    pub fn intern(&mut self, text: &str) -> Code {
        self.dictionary.intern(text)
    }

    /// Adds a row with a code that [`ReadColumn::intern`] gave, or with [`NOT_RECORDED`].
    pub fn push(&mut self, code: Code) {
        debug_assert!((code as usize) < self.dictionary.len(), "a code of this column");
        self.codes.push(code);
    }

    /// Adds a row with a text, if it records one.
    pub fn push_text(&mut self, text: Option<&str>) {
        let code = text.map_or(NOT_RECORDED, |text| self.dictionary.intern(text));
        self.codes.push(code);
    }

    /// The codes so far.
    #[must_use]
    pub fn codes(&self) -> &[Code] {
        &self.codes
    }

    /// The distinct texts so far.
    #[must_use]
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }
}

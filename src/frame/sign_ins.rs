//! The frame itself and its builder.

use std::borrow::Cow;

use super::dictionary::{Code, Dictionary, NOT_RECORDED};
use super::read_column::ReadColumn;
use super::schema::Column;

/// Microseconds since 1970-01-01 UTC.
pub type Time = i64;

const COLUMNS: usize = Column::ALL.len();

/// The codes of one row, one for each column.
pub type Codes = [Code; COLUMNS];

/// One row on its way into a frame.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// `createdDateTime`, cut to microseconds. A row without one is a bad row and never gets here.
    pub created: Time,
    /// When this copy was delivered (envelope `time`, `TimeGenerated`), if the export records it.
    pub delivered: Option<Time>,
    texts: [Option<Cow<'a, str>>; COLUMNS],
}

impl<'a> Row<'a> {
    /// A row of which nothing but its time is recorded yet.
    #[must_use]
    pub fn new(created: Time) -> Row<'a> {
        Row { created, delivered: None, texts: [const { None }; COLUMNS] }
    }

    /// Records a text; empty text leaves the column not recorded.
    pub fn set(&mut self, column: Column, text: impl Into<Cow<'a, str>>) {
        let text = text.into();
        if let Some(place) = self.texts.get_mut(column as usize)
            && !text.is_empty()
        {
            *place = Some(text);
        }
    }

    /// What has been recorded so far.
    #[must_use]
    pub fn get(&self, column: Column) -> Option<&str> {
        self.texts.get(column as usize).and_then(|text| text.as_deref())
    }
}

/// Sign-in rows in canonical columns. Only [`FrameBuilder`] makes one.
#[derive(Clone, Debug)]
pub struct SignInFrame {
    pub(super) created: Vec<Time>,
    pub(super) delivered: Vec<Option<Time>>,
    // INVARIANT: every column as long as `created`, or empty if nothing is recorded in it; every code in its dictionary.
    pub(super) codes: [Vec<Code>; COLUMNS],
    /// The codes of columns in which nothing is recorded.
    pub(super) nothing: Vec<Code>, // INVARIANT: as long as `created`.
    pub(super) dictionaries: [Dictionary; COLUMNS],
}

impl SignInFrame {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.created.len()
    }

    /// `createdDateTime` of each row.
    #[must_use]
    pub fn created(&self) -> &[Time] {
        &self.created
    }

    /// Delivery time of each row.
    #[must_use]
    pub fn delivered(&self) -> &[Option<Time>] {
        &self.delivered
    }

    /// The codes of a column, one a row.
    #[must_use]
    pub fn codes(&self, column: Column) -> &[Code] {
        self.codes.get(column as usize).filter(|codes| !codes.is_empty()).unwrap_or(&self.nothing)
    }

    /// The code of one row.
    #[must_use]
    pub fn code(&self, column: Column, row: usize) -> Code {
        self.codes(column).get(row).copied().unwrap_or(NOT_RECORDED)
    }

    /// The dictionary of a column.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "a column is its own index")]
    pub fn dictionary(&self, column: Column) -> &Dictionary {
        &self.dictionaries[column as usize]
    }

    /// Some of the rows, in this order, with some of their codes replaced: how copies become one row.
    #[must_use]
    pub fn select(self, rows: &[usize], replaced: &[(usize, Column, Code)]) -> SignInFrame {
        let SignInFrame { created, delivered, codes, nothing, dictionaries } = self;
        let mut codes = codes.map(|codes| gather(&codes, rows));
        let nothing = gather(&nothing, rows);
        for (row, column, code) in replaced {
            if let Some(codes) = codes.get_mut(*column as usize) {
                if codes.is_empty() {
                    codes.clone_from(&nothing);
                }
                if let Some(place) = codes.get_mut(*row) {
                    *place = *code;
                }
            }
        }
        let (created, delivered) = (gather(&created, rows), gather(&delivered, rows));
        SignInFrame { created, delivered, codes, nothing, dictionaries }
    }

    /// The text of one row, if it is recorded.
    #[must_use]
    pub fn text(&self, column: Column, row: usize) -> Option<&str> {
        self.dictionary(column).recorded(self.code(column, row))
    }
}

fn gather<T: Copy>(values: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter().filter_map(|row| values.get(*row).copied()).collect()
}

/// Collects rows into a frame.
#[derive(Debug)]
pub struct FrameBuilder {
    pub(super) frame: SignInFrame,
}

impl Default for FrameBuilder {
    fn default() -> FrameBuilder {
        let frame = SignInFrame {
            created: Vec::new(),
            delivered: Vec::new(),
            codes: [const { Vec::new() }; COLUMNS],
            nothing: Vec::new(),
            dictionaries: std::array::from_fn(|_| Dictionary::default()),
        };
        FrameBuilder { frame }
    }
}

impl FrameBuilder {
    /// The rows of whole columns, which stand in the order of [`Column::ALL`]: rows that a column leaves out are not
    /// recorded in it.
    #[must_use]
    pub fn of_columns(
        created: Vec<Time>,
        delivered: Vec<Option<Time>>,
        columns: impl IntoIterator<Item = ReadColumn>,
    ) -> FrameBuilder {
        let mut builder = FrameBuilder::default();
        let SignInFrame { codes, dictionaries, .. } = &mut builder.frame;
        let columns = columns.into_iter().chain(std::iter::repeat_with(ReadColumn::default));
        for ((read, codes), dictionary) in columns.zip(codes).zip(dictionaries) {
            (*codes, *dictionary) = (read.codes, read.dictionary);
            codes.resize(created.len(), NOT_RECORDED);
            if dictionary.len() == 1 {
                *codes = Vec::new();
            }
        }
        builder.frame.nothing = vec![NOT_RECORDED; created.len()];
        builder.frame.delivered = delivered;
        builder.frame.delivered.resize(created.len(), None);
        builder.frame.created = created;
        builder
    }

    /// The code of a text in a column; whoever asks is to add a row that has it.
    pub fn intern(&mut self, column: Column, text: &str) -> Code {
        self.frame.dictionaries.get_mut(column as usize).map_or(NOT_RECORDED, |dictionary| dictionary.intern(text))
    }

    /// Adds one row.
    pub fn push(&mut self, row: &Row<'_>) {
        let mut codes = [NOT_RECORDED; COLUMNS];
        for ((code, dictionary), text) in codes.iter_mut().zip(&mut self.frame.dictionaries).zip(&row.texts) {
            *code = text.as_deref().map_or(NOT_RECORDED, |text| dictionary.intern(text));
        }
        self.push_codes(row.created, row.delivered, &codes);
    }

    /// Adds one row of codes that [`FrameBuilder::intern`] gave.
    pub fn push_codes(&mut self, created: Time, delivered: Option<Time>, row: &Codes) {
        for (codes, code) in self.frame.codes.iter_mut().zip(row) {
            if codes.is_empty() {
                if *code == NOT_RECORDED {
                    continue;
                }
                codes.clone_from(&self.frame.nothing);
            }
            codes.push(*code);
        }
        self.frame.nothing.push(NOT_RECORDED);
        self.frame.created.push(created);
        self.frame.delivered.push(delivered);
    }

    /// Adds the rows of another frame after these: its codes are translated into this dictionary.
    pub fn append(&mut self, other: &SignInFrame) {
        self.append_by(other, |columns| columns.into_iter().for_each(Appended::append));
    }

    /// The same, with each column added by itself: all of them are to be, in any order.
    pub fn append_by(&mut self, other: &SignInFrame, each: impl FnOnce(Vec<Appended<'_>>)) {
        let SignInFrame { created, delivered, codes, nothing, dictionaries } = &mut self.frame;
        let theirs = other.codes.iter().zip(&other.dictionaries);
        let mut columns = Vec::with_capacity(COLUMNS);
        for ((codes, dictionary), (their_codes, their_dictionary)) in codes.iter_mut().zip(dictionaries).zip(theirs) {
            let their_nothing = &other.nothing;
            columns.push(Appended { codes, dictionary, nothing, their_codes, their_dictionary, their_nothing });
        }
        each(columns);
        created.extend_from_slice(&other.created);
        delivered.extend_from_slice(&other.delivered);
        nothing.extend_from_slice(&other.nothing);
    }

    /// Fills a column, where it is not recorded, with what `find` knows about the row's id; how many rows that were.
    pub fn fill(&mut self, column: Column, find: &dyn Fn(&str) -> Option<String>) -> u64 {
        let [codes_of_ids, codes] = [Column::Id as usize, column as usize];
        let SignInFrame { codes: all, nothing, dictionaries, .. } = &mut self.frame;
        let Some(ids) = all.get(codes_of_ids).cloned() else { return 0 };
        let (Some(texts), Some(codes)) = (dictionaries.get(codes_of_ids).cloned(), all.get_mut(codes)) else {
            return 0;
        };
        let Some(dictionary) = dictionaries.get_mut(column as usize) else { return 0 };
        if codes.is_empty() {
            codes.clone_from(nothing);
        }
        let mut filled = 0;
        for (code, id) in codes.iter_mut().zip(ids) {
            if *code == NOT_RECORDED
                && let Some(text) = find(texts.text(id))
            {
                *code = dictionary.intern(&text);
                filled += 1;
            }
        }
        filled
    }

    /// The rows so far.
    #[must_use]
    pub fn frame(&self) -> &SignInFrame {
        &self.frame
    }

    /// How many rows there are so far.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.frame.rows()
    }

    /// The frame.
    #[must_use]
    pub fn finish(self) -> SignInFrame {
        self.frame
    }
}

/// A column that the rows of another frame are to be added to.
#[derive(Debug)]
pub struct Appended<'a> {
    codes: &'a mut Vec<Code>,
    dictionary: &'a mut Dictionary,
    nothing: &'a [Code],
    their_codes: &'a [Code],
    their_dictionary: &'a Dictionary,
    their_nothing: &'a [Code],
}

impl Appended<'_> {
    /// Adds them.
    pub fn append(self) {
        let Appended { codes, dictionary, nothing, their_codes, their_dictionary, their_nothing } = self;
        if their_codes.is_empty() {
            if !codes.is_empty() {
                codes.extend_from_slice(their_nothing);
            }
            return;
        }
        if codes.is_empty() {
            codes.extend_from_slice(nothing);
        }
        let here = dictionary.take_over(their_dictionary);
        codes.extend(their_codes.iter().map(|code| here.get(*code as usize).copied().unwrap_or(NOT_RECORDED)));
    }
}

#[cfg(test)]
mod tests {
    use super::{FrameBuilder, Row};
    use crate::frame::Column;

    fn one(id: &str, user: &str) -> Row<'static> {
        let mut row = Row::new(7);
        row.set(Column::Id, id.to_owned());
        row.set(Column::UserId, user.to_owned());
        row
    }

    #[test]
    fn appended_frames_share_one_dictionary() {
        let (mut first, mut second) = (FrameBuilder::default(), FrameBuilder::default());
        first.push(&one("a", "u"));
        second.push(&one("b", ""));
        second.push(&one("c", "u"));
        first.append(&second.finish());
        let frame = first.finish();
        assert_eq!(frame.rows(), 3);
        assert_eq!(frame.text(Column::Id, 1), Some("b"));
        assert_eq!(frame.text(Column::UserId, 1), None);
        assert_eq!(frame.code(Column::UserId, 0), frame.code(Column::UserId, 2));
    }
}

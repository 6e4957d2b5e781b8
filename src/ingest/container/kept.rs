//! Cells that were met in a column before: where they end is seen in one comparison, and their text is made once.
//!
//! As in the walker of JSON, that holds because no cell is the beginning of another one: each is kept with what ends
//! it, the separator or the line end behind it, and a cell is read from its beginning on without a look at anything
//! else.

use crate::ingest::record::{Cell, Known};
use crate::ingest::scan::Seen;

use super::rows::unescape;

/// Bytes of cells that are kept before all are forgotten: a bound on memory, not on correctness.
const KEPT: usize = 32 << 20;

/// The same for their number.
const CELLS: usize = 1 << 18;

/// How a kept cell is to be read, counted from its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) is_escaped: bool,
}

/// A column of a table.
#[derive(Debug, Default)]
struct Column {
    is_read: bool,
    seen: Seen,
}

/// A cell that is kept.
#[derive(Clone, Copy, Debug)]
struct Entry {
    shape: Shape,
    /// Where among the texts its own is; empty where it says nothing, or nobody reads it.
    text: (usize, usize),
}

/// The kept cells of all columns of one table.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    columns: Vec<Column>,
    /// By number, counted from 1.
    entries: Vec<Entry>,
    texts: String,
    unescaped: String,
    bytes: usize,
}

impl Kept {
    /// Cells of so many columns, of which some are read; columns beyond them keep nothing.
    pub(crate) fn new(columns: usize, read: impl IntoIterator<Item = usize>) -> Kept {
        let mut kept = Kept::default();
        kept.columns.resize_with(columns, Column::default);
        for place in read {
            if let Some(column) = kept.columns.get_mut(place) {
                column.is_read = true;
            }
        }
        kept
    }

    /// Whether so much was met that [`Kept::forget`] is due.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes > KEPT || self.entries.len() > CELLS
    }

    /// Forgets all cells: from here on the same number may stand for others.
    pub(crate) fn forget(&mut self) {
        let read = self.columns.iter().enumerate().filter(|(_, column)| column.is_read).map(|(place, _)| place);
        *self = Kept::new(self.columns.len(), read.collect::<Vec<_>>());
    }

    /// Whether a cell in this place may be kept: where nobody reads it, only those are worth it that are long to read.
    pub(crate) fn is_of_use(&self, place: usize, is_quoted: bool) -> bool {
        self.columns.get(place).is_some_and(|column| column.is_read || is_quoted)
    }

    /// The kept cell that these bytes begin with: its number, its length with what ends it, and how it is read.
    pub(crate) fn find(&mut self, place: usize, bytes: &[u8]) -> Option<(Known, usize, Shape)> {
        let (known, length) = self.columns.get_mut(place)?.seen.find(bytes)?;
        Some((known, length, self.entry(known)?.shape))
    }

    /// Keeps a cell, which is written like this with what ends it, if there is room.
    pub(crate) fn keep(&mut self, place: usize, written: &str, shape: Shape) -> Known {
        let Some(column) = self.columns.get_mut(place) else { return Known::NOT };
        if !column.seen.has_room(written.trim_start_matches('"').as_bytes()) {
            return Known::NOT;
        }
        let start = self.texts.len();
        if column.is_read {
            let raw = written.get(shape.start..shape.end).unwrap_or_default();
            self.unescaped.clear();
            let text = if shape.is_escaped {
                unescape(raw, &mut self.unescaped);
                &self.unescaped
            } else {
                raw
            };
            self.texts.push_str(Cell::plain(text).raw());
        }
        self.entries.push(Entry { shape, text: (start, self.texts.len()) });
        self.bytes += written.len() * 2;
        let known = u32::try_from(self.entries.len()).map_or(Known::NOT, Known::new);
        column.seen.keep(written.as_bytes(), known).map_or(Known::NOT, |()| known)
    }

    /// What a kept cell says.
    pub(crate) fn cell(&self, known: Known) -> Cell<'_> {
        let text = self.entry(known).and_then(|entry| self.texts.get(entry.text.0..entry.text.1)).unwrap_or_default();
        if text.is_empty() { Cell::Missing } else { Cell::Text(text) }
    }

    fn entry(&self, known: Known) -> Option<Entry> {
        self.entries.get(known.number()?.checked_sub(1)?).copied()
    }
}

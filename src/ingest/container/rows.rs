//! Where the rows and cells of a CSV text begin and end: what the `csv` crate would say, without copying a cell.
//!
//! A quote means something only at the beginning of a cell; what follows a closing quote belongs to the cell as it
//! stands; rows end with a line feed, a carriage return or both; lines without anything are no rows. Cells are found
//! by searching for the few bytes that matter, so that long ones (JSON in quotes) cost little.

use std::borrow::Cow;

/// One cell: where it is, and how it is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    /// Where its text begins, behind the quote if there is one.
    start: usize,
    end: usize,
    /// Whether the text differs from what is written: doubled quotes, or text behind a closing one.
    is_escaped: bool,
}

/// The row that was met last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    cells: Vec<Cell>,
    /// Where the row begins, and where it ends without its line end.
    start: usize,
    end: usize,
}

impl Row {
    /// How many cells there are.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }
}

/// The rows of a text, one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Rows<'t> {
    text: &'t str,
    separator: u8,
    /// Behind the last row and the one byte that ended it.
    at: usize,
}

/// How a row ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With a line.
    Line,
    /// With the text, which may go on elsewhere.
    Text,
}

impl<'t> Rows<'t> {
    pub(crate) fn new(text: &'t str, separator: u8) -> Rows<'t> {
        Rows { text, separator, at: 0 }
    }

    /// The same behind a mark of the byte order, if there is one.
    pub(crate) fn behind_mark(text: &'t str, separator: u8) -> Rows<'t> {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Rows { text, separator, at }
    }

    /// Behind the last row and the byte that ended it.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Goes back to where a row began.
    pub(crate) fn back_to(&mut self, position: usize) {
        self.at = position;
    }

    /// Behind the line ends that follow the last row.
    pub(crate) fn behind_blanks(&self) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
    }

    /// Finds the next row.
    pub(crate) fn next(&mut self, row: &mut Row) -> Option<End> {
        let bytes = self.text.as_bytes();
        row.cells.clear();
        let mut at = self.behind_blanks();
        if at >= bytes.len() {
            self.at = at;
            return None;
        }
        row.start = at;
        loop {
            let (cell, end) = if bytes.get(at) == Some(&b'"') { self.quoted(at + 1) } else { self.plain(at) };
            row.cells.push(cell);
            match bytes.get(end) {
                Some(byte) if *byte == self.separator => at = end + 1,
                Some(_) => {
                    (row.end, self.at) = (end, end + 1);
                    return Some(End::Line);
                }
                None => {
                    (row.end, self.at) = (end, end);
                    return Some(End::Text);
                }
            }
        }
    }

    /// A cell without quotes around it, and where it ends.
    fn plain(&self, start: usize) -> (Cell, usize) {
        let end = self.end_of_plain(start);
        (Cell { start, end, is_escaped: false }, end)
    }

    fn end_of_plain(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        memchr::memchr3(self.separator, b'\n', b'\r', rest).map_or(self.text.len(), |found| from + found)
    }

    /// A cell behind its opening quote, and where it ends.
    fn quoted(&self, start: usize) -> (Cell, usize) {
        let bytes = self.text.as_bytes();
        let (mut at, mut is_escaped) = (start, false);
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(found) = memchr::memchr(b'"', rest) else {
                // Never closed.
                return (Cell { start, end: bytes.len(), is_escaped }, bytes.len());
            };
            let quote = at + found;
            match bytes.get(quote + 1) {
                Some(b'"') => {
                    is_escaped = true;
                    at = quote + 2;
                }
                Some(byte) if *byte != self.separator && !matches!(byte, b'\r' | b'\n') => {
                    let end = self.end_of_plain(quote + 1);
                    return (Cell { start, end, is_escaped: true }, end);
                }
                Some(_) | None => return (Cell { start, end: quote, is_escaped }, quote + 1),
            }
        }
    }

    /// Where a row begins.
    pub(crate) fn start(row: &Row) -> usize {
        row.start
    }

    /// The row as it is written, without its line end.
    pub(crate) fn written(&self, row: &Row) -> &'t str {
        self.text.get(row.start..row.end).unwrap_or_default()
    }

    /// A cell as it is written but for the quotes around it; whether that is not yet its text.
    pub(crate) fn raw(&self, row: &Row, place: usize) -> Option<(&'t str, bool)> {
        let cell = row.cells.get(place)?;
        Some((self.text.get(cell.start..cell.end).unwrap_or_default(), cell.is_escaped))
    }

    /// The text of a cell.
    pub(crate) fn cell(&self, row: &Row, place: usize) -> Option<Cow<'t, str>> {
        let (raw, is_escaped) = self.raw(row, place)?;
        if !is_escaped {
            return Some(Cow::Borrowed(raw));
        }
        let mut text = String::with_capacity(raw.len());
        unescape(raw, &mut text);
        Some(Cow::Owned(text))
    }

    /// The texts of all cells.
    pub(crate) fn cells<'r>(&self, row: &'r Row) -> impl Iterator<Item = Cow<'t, str>> + use<'r, 't, '_> {
        (0..row.len()).map_while(|place| self.cell(row, place))
    }
}

/// Adds the text of a cell that was quoted: doubled quotes are one, and behind a single one all is as it stands.
pub(crate) fn unescape(raw: &str, text: &mut String) {
    let mut rest = raw;
    while let Some(quote) = memchr::memchr(b'"', rest.as_bytes()) {
        let (before, after) = rest.split_at(quote);
        text.push_str(before);
        let after = after.get(1..).unwrap_or_default();
        match after.strip_prefix('"') {
            Some(after) => {
                text.push('"');
                rest = after;
            }
            None => {
                rest = after;
                break;
            }
        }
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use rand::seq::IndexedRandom;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::{End, Row, Rows};

    /// Each row of a text with its cells, the place behind it, and whether its line is over, as this module says.
    fn found(text: &str) -> Vec<(Vec<String>, u64)> {
        let (mut rows, mut row, mut all) = (Rows::behind_mark(text, b','), Row::default(), Vec::new());
        while let Some(end) = rows.next(&mut row) {
            assert!(end == End::Line || rows.position() == text.len(), "{text:?}");
            all.push((rows.cells(&row).map(|cell| cell.into_owned()).collect(), rows.position() as u64));
        }
        all
    }

    /// The same as the `csv` crate says.
    fn expected(text: &str) -> Vec<(Vec<String>, u64)> {
        let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let (mut row, mut all) = (csv::StringRecord::new(), Vec::new());
        while rows.read_record(&mut row).unwrap() {
            all.push((row.iter().map(str::to_owned).collect(), rows.position().byte()));
        }
        all
    }

    #[test]
    fn rows_are_those_of_the_csv_crate() {
        const PIECES: [&str; 16] = [
            ",",
            ",",
            "\"",
            "\"",
            "\"",
            "\"\"",
            "\n",
            "\r\n",
            "\r",
            "a",
            "b c",
            "é",
            "\u{feff}",
            " ",
            "\",\"",
            "{\"\"k\"\":1}",
        ];
        let mut random = ChaCha8Rng::seed_from_u64(17);
        for _ in 0..100_000 {
            let pieces = random.random_range(0..24);
            let text: String = (0..pieces).filter_map(|_| PIECES.choose(&mut random)).copied().collect();
            assert_eq!(found(&text), expected(&text), "{text:?}");
        }
    }
}

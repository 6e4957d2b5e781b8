//! Where the rows and cells of a CSV text begin and end: what the `csv` crate would say, without copying a cell.
//!
//! A quote means something only at the beginning of a cell; what follows a closing quote belongs to the cell as it
//! stands; rows end with a line feed, a carriage return or both; lines without anything are no rows. Cells are found
//! by searching for the few bytes that matter, so that long ones (JSON in quotes) cost little; and most are not even
//! searched: what stands as it stood in the row before, or in its column earlier on ([`Kept`]), has the same cells.

use std::borrow::Cow;

use super::kept::{Kept, Shape};
use crate::ingest::record::Known;
use crate::ingest::scan::common;

/// One cell: where it is, and how it is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    /// Where its text begins, behind the quote if there is one.
    start: usize,
    end: usize,
    /// Where what ends it is: a separator, a line end, or the end of the text.
    behind: usize,
    /// Whether the text differs from what is written: doubled quotes, or text behind a closing one.
    is_escaped: bool,
    /// The number of its text, if that is kept.
    known: Known,
}

impl Cell {
    /// The same cell so much further on in the text.
    fn moved(self, distance: usize) -> Cell {
        let Cell { start, end, behind, .. } = self;
        Cell { start: start + distance, end: end + distance, behind: behind + distance, ..self }
    }
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

    /// The number of a cell in which something is written.
    pub(crate) fn known(&self, place: usize) -> Option<Known> {
        self.cells.get(place).filter(|cell| cell.start < cell.end).map(|cell| cell.known)
    }

    /// Whether a cell must be unescaped: it differs from what is written, and its text is not kept.
    pub(crate) fn is_escaped_anew(&self, place: usize) -> bool {
        self.cells.get(place).is_some_and(|cell| cell.is_escaped && cell.known == Known::NOT && cell.start < cell.end)
    }
}

/// The rows of a text, one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Rows<'t> {
    text: &'t str,
    separator: u8,
    /// Behind the last row and the one byte that ended it.
    at: usize,
    /// The row before, and where it begins.
    before: (Vec<Cell>, usize),
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
        Rows { text, separator, at: 0, before: (Vec::new(), 0) }
    }

    /// The same behind a mark of the byte order, if there is one.
    pub(crate) fn behind_mark(text: &'t str, separator: u8) -> Rows<'t> {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Rows { at, ..Rows::new(text, separator) }
    }

    /// Behind the last row and the byte that ended it.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Goes back to where a row began.
    pub(crate) fn back_to(&mut self, position: usize) {
        self.at = position;
    }

    /// Forgets the row before, whose cells may be known by numbers that no longer count.
    pub(crate) fn forget_before(&mut self) {
        self.before.0.clear();
    }

    /// Behind the line ends that follow the last row.
    pub(crate) fn behind_blanks(&self) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
    }

    /// Finds the next row; cells that are kept by their column are known.
    pub(crate) fn next(&mut self, row: &mut Row, kept: &mut Kept) -> Option<End> {
        let bytes = self.text.as_bytes();
        row.cells.clear();
        let mut at = self.behind_blanks();
        if at >= bytes.len() {
            self.at = at;
            return None;
        }
        row.start = at;
        let behind = loop {
            if let Some(behind) = self.take_again(row, at) {
                at = behind + 1;
                if bytes.get(behind) != Some(&self.separator) {
                    break behind;
                }
            }
            let cell = self.cell_at(at, row.len(), kept);
            row.cells.push(cell);
            at = cell.behind + 1;
            if bytes.get(cell.behind) != Some(&self.separator) {
                break cell.behind;
            }
        };
        (row.end, self.at) = (behind, at.min(bytes.len()));
        self.before.0.clone_from(&row.cells);
        self.before.1 = row.start;
        Some(if behind < bytes.len() { End::Line } else { End::Text })
    }

    /// Takes the cells that follow each other as they did in the row before, with the same texts: as many as one
    /// comparison shows. Where what ends the last of them is.
    fn take_again(&self, row: &mut Row, at: usize) -> Option<usize> {
        let (before, start) = &self.before;
        let cells = before.get(row.len()..).filter(|cells| !cells.is_empty())?;
        let from = match row.len().checked_sub(1) {
            Some(place) => before.get(place)?.behind + 1,
            None => *start,
        };
        let bytes = self.text.as_bytes();
        let same_up_to = from + common(bytes.get(from..at)?, bytes.get(at..)?);
        let taken = row.len();
        // What ends a cell must be the same, too.
        let again = cells.iter().take_while(|cell| cell.behind < same_up_to);
        row.cells.extend(again.map(|cell| cell.moved(at - from)));
        row.cells.get(taken..)?.last().map(|cell| cell.behind)
    }

    /// The cell that begins here, in this place of its row.
    fn cell_at(&self, at: usize, place: usize, kept: &mut Kept) -> Cell {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        let is_quoted = rest.first() == Some(&b'"');
        if !is_quoted && rest.first() == Some(&self.separator) {
            return Cell { start: at, end: at, behind: at, is_escaped: false, known: Known::NOT };
        }
        if !kept.is_of_use(place, is_quoted) {
            return self.scanned(at, is_quoted);
        }
        if let Some((known, length, Shape { start, end, is_escaped })) = kept.find(place, rest) {
            return Cell { start: at + start, end: at + end, behind: at + length - 1, is_escaped, known };
        }
        let mut cell = self.scanned(at, is_quoted);
        if let Some(written) = self.text.get(at..=cell.behind) {
            let Cell { start, end, is_escaped, .. } = cell;
            cell.known = kept.keep(place, written, Shape { start: start - at, end: end - at, is_escaped });
        }
        cell
    }

    fn scanned(&self, at: usize, is_quoted: bool) -> Cell {
        if is_quoted { self.quoted(at + 1) } else { self.plain(at) }
    }

    /// A cell without quotes around it.
    fn plain(&self, start: usize) -> Cell {
        let end = self.end_of_plain(start);
        Cell { start, end, behind: end, is_escaped: false, known: Known::NOT }
    }

    fn end_of_plain(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        memchr::memchr3(self.separator, b'\n', b'\r', rest).map_or(self.text.len(), |found| from + found)
    }

    /// A cell behind its opening quote.
    fn quoted(&self, start: usize) -> Cell {
        let bytes = self.text.as_bytes();
        let (mut at, mut is_escaped) = (start, false);
        let cell = |end, behind, is_escaped| Cell { start, end, behind, is_escaped, known: Known::NOT };
        loop {
            let Some(quote) = next_quote(bytes, at) else {
                // Never closed.
                return cell(bytes.len(), bytes.len(), is_escaped);
            };
            match bytes.get(quote + 1) {
                Some(b'"') => {
                    is_escaped = true;
                    at = quote + 2;
                }
                Some(byte) if *byte != self.separator && !matches!(byte, b'\r' | b'\n') => {
                    let end = self.end_of_plain(quote + 1);
                    return cell(end, end, true);
                }
                Some(_) | None => return cell(quote, quote + 1, is_escaped),
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

    /// A cell as it is written but for the quotes around it.
    pub(crate) fn raw(&self, row: &Row, place: usize) -> &'t str {
        row.cells.get(place).and_then(|cell| self.text.get(cell.start..cell.end)).unwrap_or_default()
    }

    /// The text of a cell.
    pub(crate) fn cell(&self, row: &Row, place: usize) -> Option<Cow<'t, str>> {
        let raw = self.raw(row, place);
        if !row.cells.get(place)?.is_escaped {
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

/// The next quote from here on: in JSON they follow each other closely, too closely for a search by calls.
fn next_quote(bytes: &[u8], from: usize) -> Option<usize> {
    const NEAR: usize = 16;
    let rest = bytes.get(from..)?;
    if let Some(near) = rest.first_chunk::<NEAR>() {
        let marks: [u8; NEAR] = near.map(|byte| if byte == b'"' { u8::MAX } else { 0 });
        let place = u128::from_le_bytes(marks).trailing_zeros() as usize / 8;
        if place < NEAR {
            return Some(from + place);
        }
        return memchr::memchr(b'"', rest.get(NEAR..)?).map(|found| from + NEAR + found);
    }
    memchr::memchr(b'"', rest).map(|found| from + found)
}

/// Adds the text of a cell that was quoted: doubled quotes are one, and behind a single one all is as it stands.
pub(crate) fn unescape(raw: &str, text: &mut String) {
    let (mut start, mut at) = (0, 0);
    while let Some(quote) = next_quote(raw.as_bytes(), at) {
        if raw.as_bytes().get(quote + 1) != Some(&b'"') {
            text.push_str(raw.get(start..quote).unwrap_or_default());
            start = quote + 1;
            break;
        }
        // The first one of the two is kept, with what stands before it.
        text.push_str(raw.get(start..=quote).unwrap_or_default());
        (start, at) = (quote + 2, quote + 2);
    }
    text.push_str(raw.get(start..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use rand::seq::IndexedRandom;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::super::kept::Kept;
    use super::{End, Row, Rows};
    use crate::ingest::record::{Cell, Known};

    /// Columns that are read.
    const READ: [usize; 3] = [0, 2, 3];

    /// Each row of a text with its cells, the place behind it, and whether its line is over, as this module says; what
    /// is kept of a cell must be what it says.
    fn found(text: &str, mut kept: Kept) -> Vec<(Vec<String>, u64)> {
        let (mut rows, mut row, mut all) = (Rows::behind_mark(text, b','), Row::default(), Vec::new());
        while let Some(end) = rows.next(&mut row, &mut kept) {
            assert!(end == End::Line || rows.position() == text.len(), "{text:?}");
            let cells: Vec<String> = rows.cells(&row).map(|cell| cell.into_owned()).collect();
            for (place, cell) in cells.iter().enumerate() {
                let known = row.known(place).unwrap_or_default();
                if known != Known::NOT && READ.contains(&place) {
                    assert_eq!(kept.cell(known).raw(), Cell::plain(cell).raw(), "{text:?}");
                }
            }
            all.push((cells, rows.position() as u64));
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
            assert_eq!(found(&text, Kept::default()), expected(&text), "{text:?}");
            // Cells come again, in the next row or later, whole or only as the beginning of another one.
            let again = format!("{text}\n{text}{text}\n\"\n{text}");
            assert_eq!(found(&again, Kept::new(6, READ)), expected(&again), "{again:?}");
        }
    }
}

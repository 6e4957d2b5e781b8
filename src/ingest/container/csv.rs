//! CSV: columns by name whatever their order, cells over many lines, both line ends.

use std::collections::BTreeSet;

use serde::de::IgnoredAny;

use super::{Broken, Head, Shape};
use crate::ingest::Progress;
use crate::ingest::reader::{Flaw, Reader};
use crate::ingest::record::{Cell, Fields, Member};

/// Progress is told of after about so many bytes.
const STRIDE: u64 = 1 << 20;

/// The names of the columns.
pub(super) fn head(text: &str, separator: u8) -> Head {
    let mut head = Head::new(Shape::Csv);
    let columns: Vec<Name> = first_row(text, separator).iter().map(named).collect();
    head.zone = columns.iter().find_map(|column| column.zone.clone());
    head.keys = columns.into_iter().map(|column| column.name).collect();
    head
}

/// The names of the columns as they are written, but for what stands around them.
pub(crate) fn header(text: &str, separator: u8) -> Vec<String> {
    first_row(text, separator).iter().map(|cell| named(cell).name).collect()
}

fn first_row(text: &str, separator: u8) -> csv::StringRecord {
    let mut header = csv::StringRecord::new();
    match rows(text, separator).read_record(&mut header) {
        Ok(true) => header,
        Ok(false) | Err(_) => csv::StringRecord::new(),
    }
}

/// Reads all rows into a reader.
///
/// # Errors
///
/// Those of [`Table::next`].
pub(crate) fn read(text: &str, separator: u8, reader: &mut Reader<'_>, progress: &dyn Progress) -> Result<(), Broken> {
    let mut table = Table::open(text, separator);
    // Of two columns of one name the first one counts: the later `Incoming token type` is in words.
    let mut met = BTreeSet::new();
    let mut member = |cell: &str| {
        let folded = named(cell).name.to_lowercase();
        if met.insert(folded.clone()) { reader.member(&folded) } else { None }
    };
    let members: Vec<Option<Member>> = table.header.iter().map(&mut member).collect();
    let mut told = 0;
    while let Some(met) = table.next()? {
        match met {
            Met::Row => {
                let mut fields = Fields::default();
                for (cell, member) in table.row.iter().zip(&members) {
                    if let Some(member) = member {
                        fields.set(*member, Cell::plain(cell));
                    }
                }
                reader.take(&fields, || table.line());
            }
            Met::Bad { rows, found } => {
                for _ in 0..rows {
                    reader.flaw(Flaw::Cells, &found, || table.line());
                }
            }
        }
        if table.start - told > STRIDE {
            progress.advance(table.start - told);
            told = table.start;
        }
    }
    progress.advance((text.len() as u64).saturating_sub(told));
    Ok(())
}

/// What [`Table::next`] met.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Met {
    /// A row with a cell for each column.
    Row,
    /// Rows that cannot be used: cells are missing, or a stray quote has swallowed them.
    Bad { rows: u64, found: String },
}

/// A header and its rows, each looked at before it is believed.
#[derive(Debug)]
pub(crate) struct Table<'t> {
    text: &'t str,
    separator: u8,
    rows: csv::Reader<&'t [u8]>,
    header: csv::StringRecord,
    /// The row that was met last.
    pub(crate) row: csv::StringRecord,
    /// Where the next row begins.
    start: u64,
    /// Lines of the highest good row: cells with pretty printed JSON make rows of many lines.
    tallest: u64,
}

impl<'t> Table<'t> {
    /// A table of which the header is read.
    pub(crate) fn open(text: &'t str, separator: u8) -> Table<'t> {
        let mut rows = rows(text, separator);
        let mut header = csv::StringRecord::new();
        if !matches!(rows.read_record(&mut header), Ok(true)) {
            header.clear();
        }
        let start = rows.position().byte();
        Table { text, separator, rows, header, row: csv::StringRecord::new(), start, tallest: 1 }
    }

    /// The next row; rows without any text, and the header of a file that was joined to this one, are passed over.
    ///
    /// # Errors
    ///
    /// A quote is opened and never closed: nobody knows how many rows are lost in that cell.
    pub(crate) fn next(&mut self) -> Result<Option<Met>, Broken> {
        // The text is UTF-8 and rows may have any length, so reading cannot fail before the end.
        while matches!(self.rows.read_record(&mut self.row), Ok(true)) {
            let end = self.rows.position().byte();
            let piece = self.piece(end);
            if end >= self.text.len() as u64 && is_open(piece) {
                let line = line_at(self.text, self.start).and_then(|line| usize::try_from(line).ok()).unwrap_or(1);
                let reason = "a quote is opened in this row and never closed".to_owned();
                return Err(Broken { line, column: 1, reason });
            }
            let lines = piece.trim_matches(['\r', '\n']).lines().count() as u64;
            self.start = end;
            if self.row == self.header || self.row.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let columns = self.header.len();
            let is_torn = self.row.iter().any(|cell| has_swallowed_a_row(cell, self.separator, columns));
            if self.row.len() == columns && !is_torn {
                self.tallest = self.tallest.max(lines);
                return Ok(Some(Met::Row));
            }
            // A stray quote swallows the rows up to the next one: each of them is lost.
            let rows = (lines / self.tallest).max(1);
            let found = if self.row.len() == columns {
                "a cell with rows in it".to_owned()
            } else {
                format!("{} cells under {columns} columns", self.row.len())
            };
            return Ok(Some(Met::Bad { rows, found }));
        }
        Ok(None)
    }

    /// The line on which the last row began, counted from 1. It is counted anew each time.
    pub(crate) fn line(&self) -> Option<u64> {
        line_at(self.text, self.row.position()?.byte())
    }

    /// The same as counted while reading: right where lines end with a line feed.
    pub(crate) fn line_so_far(&self) -> u64 {
        self.row.position().map_or(1, csv::Position::line)
    }

    fn piece(&self, end: u64) -> &'t str {
        let place = |byte: u64| usize::try_from(byte).unwrap_or(usize::MAX);
        self.text.get(place(self.start)..place(end)).unwrap_or_default()
    }
}

/// Whether a cell holds whole rows: two stray quotes hide all that is between them, and the number of cells may still
/// fit. JSON over several lines is no such thing.
fn has_swallowed_a_row(cell: &str, separator: u8, columns: usize) -> bool {
    memchr::memchr(b'\n', cell.as_bytes()).is_some()
        && memchr::memchr_iter(separator, cell.as_bytes()).count() >= columns.saturating_sub(1)
        && !(cell.trim_start().starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(cell).is_ok())
}

/// Whether a row ends inside of quotes: quotes come in pairs, doubled ones included.
fn is_open(row: &str) -> bool {
    memchr::memchr_iter(b'"', row.as_bytes()).count() % 2 == 1
}

fn rows(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

/// The line on which the row at this place begins, counted from 1; the place may be before line ends of rows that are skipped.
fn line_at(text: &str, byte: u64) -> Option<u64> {
    let (before, row) = text.as_bytes().split_at_checked(usize::try_from(byte).ok()?)?;
    let blank = row.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    Some(1 + (memchr::memchr_iter(b'\n', before).count() + blank) as u64)
}

/// The name of a column, and what it says about the time zone.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    name: String,
    zone: Option<String>,
}

/// A name without blanks around it and double blanks in it; `TimeGenerated [UTC]` is `TimeGenerated`.
fn named(cell: &str) -> Name {
    let name = cell.trim_matches(['\u{feff}', '"', ' ', '\t']).split_whitespace().collect::<Vec<_>>().join(" ");
    match name.strip_suffix(']').and_then(|name| name.rsplit_once(" [")) {
        Some((name, zone)) => Name { name: name.to_owned(), zone: Some(zone.to_owned()) },
        None => Name { name, zone: None },
    }
}

#[cfg(test)]
mod tests {
    use super::{Name, named};

    #[test]
    fn names_of_columns_are_tidied() {
        for (cell, name, zone) in [
            ("\u{feff}\"Date (UTC)\"", "Date (UTC)", None),
            ("Application ID ", "Application ID", None),
            ("Autonomous system  number", "Autonomous system number", None),
            ("TimeGenerated [UTC]", "TimeGenerated", Some("UTC")),
            ("CreatedDateTime [Local Time]", "CreatedDateTime", Some("Local Time")),
        ] {
            assert_eq!(named(cell), Name { name: name.to_owned(), zone: zone.map(str::to_owned) }, "{cell}");
        }
    }
}

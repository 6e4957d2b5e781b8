//! CSV: columns by name whatever their order, cells over many lines, both line ends.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::de::IgnoredAny;

use super::kept::Kept;
use super::rows::{End, Row, Rows, unescape};
use super::{Broken, Head, Shape};
use crate::ingest::Progress;
use crate::ingest::format::Holds;
use crate::ingest::reader::{Flaw, LONGEST, Reader};
use crate::ingest::record::{Cell, Fields, Known, Member};

/// Progress is told of after about so many bytes.
const STRIDE: usize = 1 << 20;

/// The names of the columns.
pub(super) fn head(text: &str, separator: u8) -> Head {
    let mut head = Head::new(Shape::Csv);
    let columns: Vec<Name> = first_row(text, separator).iter().map(|cell| named(cell)).collect();
    head.zone = columns.iter().find_map(|column| column.zone.clone());
    head.keys = columns.into_iter().map(|column| column.name).collect();
    head
}

/// The names of the columns as they are written, but for what stands around them.
pub(crate) fn header(text: &str, separator: u8) -> Vec<String> {
    first_row(text, separator).iter().map(|cell| named(cell).name).collect()
}

/// Whether the line of the header ends in this text.
pub(crate) fn is_header_whole(text: &str, separator: u8) -> bool {
    Rows::behind_mark(text, separator).next(&mut Row::default(), &mut Kept::default()) == Some(End::Line)
}

fn first_row(text: &str, separator: u8) -> Vec<String> {
    Table::open(text, separator).header
}

/// Reads all rows into a reader.
///
/// # Errors
///
/// Those of [`Table::next`].
pub(crate) fn read(text: &str, separator: u8, reader: &mut Reader<'_>, progress: &dyn Progress) -> Result<(), Broken> {
    read_rows(&mut Table::open(text, separator), 1, reader, progress)
}

/// Reads the rows of a table that begins on this line of its file.
///
/// # Errors
///
/// Those of [`Table::next`].
pub(crate) fn read_rows(
    table: &mut Table<'_>,
    first_line: u64,
    reader: &mut Reader<'_>,
    progress: &dyn Progress,
) -> Result<(), Broken> {
    let all = columns(&table.header, reader);
    let columns = if reader.settings().only_dates { of_dates(&all, reader) } else { all.clone() };
    table.keep(columns.iter().map(|(place, _)| *place));
    reader.forget_known();
    let mut unescaped = String::new();
    let mut ends: Vec<usize> = Vec::new();
    let mut spare = Fields::default();
    let mut told = 0;
    while let Some(met) = table.next()? {
        let line = || table.line().map(|line| first_line - 1 + line);
        match met {
            Met::Row if table.rows.written(&table.row).len() > LONGEST => take_long(table, &all, reader, line),
            Met::Row => {
                unescaped.clear();
                ends.clear();
                for (place, _) in columns.iter().filter(|(place, _)| table.row.is_escaped_anew(*place)) {
                    unescape(table.rows.raw(&table.row, *place), &mut unescaped);
                    ends.push(unescaped.len());
                }
                let (mut ends, mut start) = (ends.iter(), 0);
                let mut fields = spare.emptied();
                for (place, member) in &columns {
                    let Some(known) = table.row.known(*place) else { continue };
                    if known != Known::NOT {
                        fields.set_known(*member, table.kept.cell(known), known);
                    } else if table.row.is_escaped_anew(*place) {
                        let end = ends.next().copied().unwrap_or(start);
                        fields.set(*member, Cell::plain(unescaped.get(start..end).unwrap_or_default()));
                        start = end;
                    } else {
                        fields.set(*member, Cell::plain(table.rows.raw(&table.row, *place)));
                    }
                }
                reader.take(&fields, line);
                spare = fields.emptied();
            }
            Met::Bad { rows, found } => {
                for _ in 0..rows {
                    reader.flaw(Flaw::Cells, &found, line);
                }
            }
        }
        if table.start - told > STRIDE {
            progress.advance((table.start - told) as u64);
            told = table.start;
        }
        if table.kept.is_full() {
            table.forget();
            reader.forget_known();
        }
    }
    reader.forget_known();
    progress.advance(table.text.len().saturating_sub(told) as u64);
    Ok(())
}

/// Takes a row that is too long, or nearly so: all that is read of it counts.
fn take_long(
    table: &Table<'_>,
    columns: &[(usize, Member)],
    reader: &mut Reader<'_>,
    line: impl FnOnce() -> Option<u64>,
) {
    let texts: Vec<_> = columns.iter().filter_map(|(place, member)| Some((*member, table.cell(*place)?))).collect();
    let mut fields = Fields::default();
    for (member, text) in &texts {
        fields.set(*member, Cell::plain(text));
    }
    reader.take(&fields, line);
}

/// Those of the columns that count where only dates are looked at: what is dated, whether that is a sign-in that can
/// be used, and what may contradict itself.
fn of_dates(columns: &[(usize, Member)], reader: &Reader<'_>) -> Vec<(usize, Member)> {
    const NEEDED: [Member; 6] =
        [Member::Stranger, Member::Table, Member::Category, Member::Id, Member::Created, Member::Delivered];
    let is_needed = |(_, member): &&(usize, Member)| {
        reader.settings().format.holds != Holds::SignIns
            || NEEDED.contains(member)
            || columns.iter().filter(|(_, other)| other == member).count() > 1
    };
    columns.iter().filter(is_needed).copied().collect()
}

/// The columns that are read. Of two of one name the first one counts: the later `Incoming token type` is in words.
fn columns(header: &[String], reader: &mut Reader<'_>) -> Vec<(usize, Member)> {
    let mut met = BTreeSet::new();
    let mut member = |(place, cell): (usize, &String)| {
        let folded = named(cell).name.to_lowercase();
        if met.insert(folded.clone()) { Some((place, reader.member(&folded)?)) } else { None }
    };
    header.iter().enumerate().filter_map(&mut member).collect()
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
    rows: Rows<'t>,
    kept: Kept,
    pub(crate) header: Vec<String>,
    /// The row that was met last.
    row: Row,
    /// Where the last row began, line ends before it included.
    begin: usize,
    /// Where the next row begins.
    start: usize,
    /// Lines of the highest good row: cells with pretty printed JSON make rows of many lines.
    pub(crate) tallest: u64,
    /// Whether how many rows were lost was guessed from the highest good row.
    pub(crate) relies_on_tallest: bool,
    /// Whether the text goes on elsewhere: then its last row is not over, unless its line is.
    goes_on: bool,
    /// The line that the last row is on, as far as it was counted, and up to where.
    counted: (u64, usize),
}

impl<'t> Table<'t> {
    /// A table of which the header is read.
    pub(crate) fn open(text: &'t str, separator: u8) -> Table<'t> {
        let mut rows = Rows::behind_mark(text, separator);
        let mut row = Row::default();
        let header = match rows.next(&mut row, &mut Kept::default()) {
            Some(_) => rows.cells(&row).map(Cow::into_owned).collect(),
            None => Vec::new(),
        };
        let mut table = Table::below(header, text, separator);
        table.start = rows.position();
        table.rows = rows;
        table
    }

    /// Rows below a header that is known.
    pub(crate) fn below(header: Vec<String>, text: &'t str, separator: u8) -> Table<'t> {
        Table {
            text,
            separator,
            rows: Rows::new(text, separator),
            kept: Kept::default(),
            header,
            row: Row::default(),
            begin: 0,
            start: 0,
            tallest: 1,
            relies_on_tallest: false,
            goes_on: false,
            counted: (1, 0),
        }
    }

    /// The same as a piece of a longer text, which may go on; good rows of this height came before.
    pub(crate) fn in_piece(mut self, tallest: u64, goes_on: bool) -> Table<'t> {
        self.goes_on = goes_on;
        self.tallest = tallest;
        self
    }

    /// From here on cells are kept, with what those in these columns say.
    fn keep(&mut self, read: impl IntoIterator<Item = usize>) {
        self.kept = Kept::new(self.header.len(), read);
        self.rows.forget_before();
    }

    /// Forgets all cells that were kept.
    fn forget(&mut self) {
        self.kept.forget();
        self.rows.forget_before();
    }

    /// Up to where rows were read, line ends behind the last one included.
    pub(crate) fn used(&self) -> usize {
        if self.start < self.text.len() { Rows::behind_blanks(&self.rows) } else { self.text.len() }
    }

    /// The next row; rows without any text, and the header of a file that was joined to this one, are passed over.
    ///
    /// # Errors
    ///
    /// A quote is opened and never closed: nobody knows how many rows are lost in that cell.
    pub(crate) fn next(&mut self) -> Result<Option<Met>, Broken> {
        while let Some(ended) = self.rows.next(&mut self.row, &mut self.kept) {
            let end = self.rows.position();
            if self.goes_on && ended == End::Text {
                // Only the text behind this piece shows how this row goes on.
                self.rows.back_to(self.start);
                return Ok(None);
            }
            if !self.goes_on && end >= self.text.len() && is_open(self.piece(end)) {
                let line = line_at(self.text, self.start).and_then(|line| usize::try_from(line).ok()).unwrap_or(1);
                let reason = "a quote is opened in this row and never closed".to_owned();
                return Err(Broken { line, column: 1, reason });
            }
            self.begin = self.start;
            self.start = end;
            if self.is_header() || self.is_blank() {
                continue;
            }
            let columns = self.header.len();
            let written = self.rows.written(&self.row);
            let is_one_line = memchr::memchr(b'\n', written.as_bytes()).is_none();
            let is_torn = !is_one_line
                && self.rows.cells(&self.row).any(|cell| has_swallowed_a_row(&cell, self.separator, columns));
            let lines = if is_one_line { 1 } else { written.lines().count() as u64 };
            if self.row.len() == columns && !is_torn {
                self.tallest = self.tallest.max(lines);
                return Ok(Some(Met::Row));
            }
            // A stray quote swallows the rows up to the next one: each of them is lost.
            let rows = (lines / self.tallest).max(1);
            self.relies_on_tallest |= lines > 1;
            let found = if self.row.len() == columns {
                "a cell with rows in it".to_owned()
            } else {
                format!("{} cells under {columns} columns", self.row.len())
            };
            return Ok(Some(Met::Bad { rows, found }));
        }
        Ok(None)
    }

    fn is_header(&self) -> bool {
        self.row.len() == self.header.len()
            && self.rows.cells(&self.row).zip(&self.header).all(|(cell, name)| cell == name.as_str())
    }

    fn is_blank(&self) -> bool {
        self.rows.cells(&self.row).all(|cell| cell.trim().is_empty())
    }

    /// The cells of the last row.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Cow<'t, str>> + use<'_, 't> {
        self.rows.cells(&self.row)
    }

    /// A cell of the last row.
    pub(crate) fn cell(&self, place: usize) -> Option<Cow<'t, str>> {
        self.rows.cell(&self.row, place)
    }

    /// The line on which the last row began, counted from 1. It is counted anew each time.
    pub(crate) fn line(&self) -> Option<u64> {
        line_at(self.text, self.begin)
    }

    /// The same, counted on from the row that was asked for last.
    pub(crate) fn line_so_far(&mut self) -> u64 {
        let (line, counted) = self.counted;
        let passed = self.text.as_bytes().get(counted..Rows::start(&self.row)).unwrap_or_default();
        self.counted = (line + memchr::memchr_iter(b'\n', passed).count() as u64, counted.max(Rows::start(&self.row)));
        self.counted.0
    }

    fn piece(&self, end: usize) -> &'t str {
        self.text.get(self.start..end).unwrap_or_default()
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

/// The line on which the row at this place begins, counted from 1; the place may be before line ends of rows that are skipped.
fn line_at(text: &str, byte: usize) -> Option<u64> {
    let (before, row) = text.as_bytes().split_at_checked(byte)?;
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

//! CSV: columns by name whatever their order, cells over many lines, both line ends.

use std::collections::BTreeSet;

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

/// Reads all rows. Every row must have as many cells as the header.
///
/// # Errors
///
/// A quote is opened and never closed: nobody knows how many rows are lost in that cell.
pub(crate) fn read(text: &str, separator: u8, reader: &mut Reader<'_>, progress: &dyn Progress) -> Result<(), Broken> {
    let mut rows = rows(text, separator);
    let mut header = csv::StringRecord::new();
    if !matches!(rows.read_record(&mut header), Ok(true)) {
        return Ok(());
    }
    // Of two columns of one name the first one counts: the later `Incoming token type` is in words.
    let mut met = BTreeSet::new();
    let mut member = |cell: &str| {
        let folded = named(cell).name.to_lowercase();
        if met.insert(folded.clone()) { reader.member(&folded) } else { None }
    };
    let members: Vec<Option<Member>> = header.iter().map(&mut member).collect();
    let mut row = csv::StringRecord::new();
    let (mut start, mut told) = (rows.position().byte(), 0);
    // Lines of the highest good row: cells with pretty printed JSON make rows of many lines.
    let mut tallest = 1;
    // The text is UTF-8 and rows may have any length, so reading cannot fail before the end.
    while matches!(rows.read_record(&mut row), Ok(true)) {
        let line = || line_at(text, row.position()?.byte());
        let end = rows.position().byte();
        let lines = || piece(text, start, end).trim_matches(['\r', '\n']).lines().count() as u64;
        if row.len() != members.len() || row.iter().any(|cell| has_swallowed_a_row(cell, separator, members.len())) {
            let found = format!("{} cells under {} columns", row.len(), members.len());
            // A stray quote swallows the rows up to the next one: each of them is lost.
            for _ in 0..(lines() / tallest).max(1) {
                reader.flaw(Flaw::Cells, &found, line);
            }
        } else if row != header {
            tallest = tallest.max(lines());
            let mut fields = Fields::default();
            for (cell, member) in row.iter().zip(&members) {
                if let Some(member) = member {
                    fields.set(*member, Cell::plain(cell));
                }
            }
            reader.take(&fields, line);
        }
        if end >= text.len() as u64 && is_open(piece(text, start, end)) {
            let line = line_at(text, start).and_then(|line| usize::try_from(line).ok()).unwrap_or(1);
            let reason = "a quote is opened in this row and never closed".to_owned();
            return Err(Broken { line, column: 1, reason });
        }
        start = end;
        if end - told > STRIDE {
            progress.advance(end - told);
            told = end;
        }
    }
    progress.advance((text.len() as u64).saturating_sub(told));
    Ok(())
}

/// Whether a cell holds whole rows: two stray quotes in one column hide all that is between them, and the number of
/// cells still fits. JSON over several lines is no such thing.
fn has_swallowed_a_row(cell: &str, separator: u8, columns: usize) -> bool {
    memchr::memchr(b'\n', cell.as_bytes()).is_some()
        && !cell.trim_start().starts_with(['{', '['])
        && memchr::memchr_iter(separator, cell.as_bytes()).count() >= columns.saturating_sub(1)
}

fn piece(text: &str, start: u64, end: u64) -> &str {
    let place = |byte: u64| usize::try_from(byte).unwrap_or(usize::MAX);
    text.get(place(start)..place(end)).unwrap_or_default()
}

/// Whether a row ends inside of quotes: quotes come in pairs, doubled ones included.
fn is_open(row: &str) -> bool {
    memchr::memchr_iter(b'"', row.as_bytes()).count() % 2 == 1
}

/// Rows as they stand, the header among them.
pub(crate) fn rows(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

/// The line on which the row at this place begins, counted from 1; the place may be before line ends of rows that are skipped.
pub(crate) fn line_at(text: &str, byte: u64) -> Option<u64> {
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

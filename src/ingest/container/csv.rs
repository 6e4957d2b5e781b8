//! CSV: columns by name whatever their order, cells over many lines, both line ends.

use std::collections::BTreeSet;

use super::{Head, Shape};
use crate::ingest::Progress;
use crate::ingest::reader::{Flaw, Reader};
use crate::ingest::record::{Cell, Fields, Member};

/// Progress is told of after about so many bytes.
const STRIDE: u64 = 1 << 20;

/// The names of the columns.
pub(super) fn head(text: &str, separator: u8) -> Head {
    let mut head = Head::new(Shape::Csv);
    let mut header = csv::StringRecord::new();
    if matches!(rows(text, separator).read_record(&mut header), Ok(true)) {
        let columns: Vec<Name> = header.iter().map(named).collect();
        head.zone = columns.iter().find_map(|column| column.zone.clone());
        head.keys = columns.into_iter().map(|column| column.name).collect();
    }
    head
}

/// Reads all rows. Every row must have as many cells as the header.
pub(crate) fn read(text: &str, separator: u8, reader: &mut Reader<'_>, progress: &dyn Progress) {
    let mut rows = rows(text, separator);
    let mut header = csv::StringRecord::new();
    if !matches!(rows.read_record(&mut header), Ok(true)) {
        return;
    }
    // Of two columns of one name the first one counts: the later `Incoming token type` is in words.
    let mut met = BTreeSet::new();
    let mut member = |cell: &str| {
        let folded = named(cell).name.to_lowercase();
        if met.insert(folded.clone()) { reader.member(&folded) } else { None }
    };
    let members: Vec<Option<Member>> = header.iter().map(&mut member).collect();
    let mut row = csv::StringRecord::new();
    let mut told = 0;
    // The text is UTF-8 and rows may have any length, so reading cannot fail before the end.
    while matches!(rows.read_record(&mut row), Ok(true)) {
        let line = || line_at(text, row.position()?.byte());
        if row.len() != members.len() {
            reader.flaw(Flaw::Cells, &format!("{} cells under {} columns", row.len(), members.len()), line);
        } else if row != header {
            let mut fields = Fields::default();
            for (cell, member) in row.iter().zip(&members) {
                if let Some(member) = member {
                    fields.set(*member, Cell::plain(cell));
                }
            }
            reader.take(&fields, line);
        }
        let at = rows.position().byte();
        if at - told > STRIDE {
            progress.advance(at - told);
            told = at;
        }
    }
    progress.advance((text.len() as u64).saturating_sub(told));
}

fn rows(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

/// The line on which the row at this place begins; the place may be before line ends of rows that are skipped.
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

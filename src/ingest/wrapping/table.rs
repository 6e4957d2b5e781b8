//! A CSV table with the record as text in one of its columns: `_raw`, `event.original`, …

use super::path::Way;
use super::{Lines, SAMPLE, Unwrapped};
use crate::ingest::container::{Broken, Met, Table, csv_header};

/// The records of the first column that holds sign-ins.
pub(super) fn unwrapped(text: &str, separator: u8) -> Result<Option<Unwrapped>, Broken> {
    let Some((column, way)) = sample(text, separator) else { return Ok(None) };
    let mut lines = Lines::default();
    let mut table = Table::open(text, separator);
    while let Some(met) = table.next()? {
        lines.reach(table.line_so_far());
        match met {
            Met::Bad { rows, .. } => lines.push_bad(rows),
            Met::Row => {
                let found = table.cell(column).map(|cell| way.follow_text(&cell)).unwrap_or_default();
                found.iter().for_each(|record| lines.push(record));
                lines.push_bad(u64::from(found.is_empty()));
            }
        }
    }
    let wrapper = csv_header(text, separator).get(column).cloned().unwrap_or_default();
    Ok(Some(Unwrapped { wrapper, text: lines.text }))
}

fn sample(text: &str, separator: u8) -> Option<(usize, Way)> {
    let mut table = Table::open(text, separator);
    for _ in 0..SAMPLE {
        table.next().ok()??;
        let found = table.cells().enumerate().find_map(|(place, cell)| Some((place, Way::in_text(&cell)?)));
        if found.is_some() {
            return found;
        }
    }
    None
}

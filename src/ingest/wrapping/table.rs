//! A CSV table with the record as text in one of its columns: `_raw`, `event.original`, …

use super::path::Way;
use super::{SAMPLE, Unwrapped, push_on_one_line};
use crate::ingest::container::{csv_header, csv_rows};

/// The records of the first column that holds sign-ins.
pub(super) fn unwrapped(text: &str, separator: u8) -> Option<Unwrapped> {
    let header = csv_header(text, separator);
    let (column, way) = sample(text, separator)?;
    let mut inner = String::with_capacity(text.len());
    let mut rows = csv_rows(text, separator);
    let mut row = csv::StringRecord::new();
    let _ = rows.read_record(&mut row);
    let mut lines = 0;
    while matches!(rows.read_record(&mut row), Ok(true)) {
        // The reader counts the lines that it has passed: each row stays on the line that it began on.
        let line = row.position().map_or(lines, |position| position.line().saturating_sub(1));
        while lines < line {
            inner.push('\n');
            lines += 1;
        }
        let found = row.get(column).map(|cell| way.follow_text(cell)).unwrap_or_default();
        for record in &found {
            push_on_one_line(record, &mut inner);
            inner.push('\n');
            lines += 1;
        }
        if found.is_empty() {
            inner.push_str("{}\n");
            lines += 1;
        }
    }
    Some(Unwrapped { wrapper: header.get(column)?.clone(), text: inner })
}

fn sample(text: &str, separator: u8) -> Option<(usize, Way)> {
    let mut rows = csv_rows(text, separator);
    let mut row = csv::StringRecord::new();
    let _ = rows.read_record(&mut row);
    for _ in 0..SAMPLE {
        if !matches!(rows.read_record(&mut row), Ok(true)) {
            break;
        }
        let found = row.iter().enumerate().find_map(|(place, cell)| Some((place, Way::in_text(cell)?)));
        if found.is_some() {
            return found;
        }
    }
    None
}

//! Sign-ins that another system wrapped into records of its own: unwrap, and look again.
//!
//! Splunk, Elastic, SEKOIA and many forwarders keep the record that they got as text or as an object somewhere in
//! theirs. The inner records are found by what they look like, not by the wrapper's name, and become lines of JSON
//! that stand, wherever possible, on the lines of the original, so that places in messages stay true.

mod dotted;
mod path;
mod syslog;
mod table;

use super::container::{Broken, Head, Shape};
use path::{Records, Way};

/// The text inside a wrapping.
#[derive(Debug)]
pub(crate) struct Unwrapped {
    /// In what the records were: `input.message`, `_raw`, …
    pub(crate) wrapper: String,
    /// One record a line, or a list of records.
    pub(crate) text: String,
}

/// Records that are looked at before a file is given up: other kinds may come first.
const SAMPLE: usize = 64;

/// What a file wraps, if it wraps sign-ins.
///
/// # Errors
///
/// The first records hold sign-ins, and further on the file stops being JSON.
pub(crate) fn unwrapped(text: &str, head: &Head, separator: u8) -> Result<Option<Unwrapped>, Broken> {
    match head.shape {
        Shape::Csv => match syslog::unwrapped(text) {
            Some(inside) => Ok(Some(inside)),
            None => match table::unwrapped(text, separator)? {
                Some(inside) => Ok(Some(inside)),
                None => dotted::unwrapped(text, separator),
            },
        },
        Shape::Ndjson => Ok(lines(text)),
        Shape::Json => document(text),
    }
}

/// Lines of wrapped records: each stays on its line. What is not wrapped stays as it is, and is counted later.
fn lines(text: &str) -> Option<Unwrapped> {
    let records = || text.lines().map(|line| line.trim_start_matches('\u{feff}').trim());
    let way = records().filter(|line| !line.is_empty()).take(SAMPLE).find_map(Way::to_a_sign_in)?;
    let mut inner = String::with_capacity(text.len());
    for line in records() {
        let found = way.follow(line);
        if found.is_empty() {
            inner.push_str(line);
        }
        // Several records in one line: all but the first stand below it.
        for (place, record) in found.iter().enumerate() {
            if place > 0 {
                inner.push('\n');
            }
            push_on_one_line(record, &mut inner);
        }
        inner.push('\n');
    }
    Some(Unwrapped { wrapper: way.to_string(), text: inner })
}

/// A document of wrapped records becomes a list, its records on the lines of their wrappers.
fn document(text: &str) -> Result<Option<Unwrapped>, Broken> {
    let Ok(sample) = Records::of(text).take(SAMPLE).collect::<Result<Vec<&str>, _>>() else { return Ok(None) };
    let Some(way) = sample.iter().find_map(|record| Way::to_a_sign_in(record)) else { return Ok(None) };
    let mut inner = String::with_capacity(text.len());
    inner.push('[');
    let (mut counted, mut is_first) = (0, true);
    for record in Records::of(text) {
        let record = record?;
        // Line breaks up to here, so that this record stands where it stood.
        let start = record.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        let before = text.as_bytes().get(counted..start).unwrap_or_default();
        inner.extend(memchr::memchr_iter(b'\n', before).map(|_| '\n'));
        counted = start;
        let found = way.follow(record);
        let found = if found.is_empty() { vec![record.to_owned()] } else { found };
        for record in found {
            if !is_first {
                inner.push(',');
            }
            is_first = false;
            push_on_one_line(&record, &mut inner);
        }
    }
    inner.push(']');
    Ok(Some(Unwrapped { wrapper: way.to_string(), text: inner }))
}

/// Lines that stand on the lines of a table's rows.
#[derive(Debug, Default)]
struct Lines {
    text: String,
    /// How many there are.
    count: u64,
}

impl Lines {
    /// Empty lines, up to this one (counted from 1).
    fn reach(&mut self, line: u64) {
        while self.count + 1 < line {
            self.text.push('\n');
            self.count += 1;
        }
    }

    fn push(&mut self, record: &str) {
        push_on_one_line(record, &mut self.text);
        self.text.push('\n');
        self.count += 1;
    }

    /// Rows that cannot be used: records without anything, which are counted as bad ones.
    fn push_bad(&mut self, rows: u64) {
        (0..rows).for_each(|_| self.push("{}"));
    }
}

/// JSON has line breaks only between its tokens: a blank does as well.
fn push_on_one_line(record: &str, text: &mut String) {
    text.extend(record.chars().map(|character| if matches!(character, '\n' | '\r') { ' ' } else { character }));
}

#[cfg(test)]
mod tests;

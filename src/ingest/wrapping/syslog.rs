//! Lines of a syslog forwarder: a header, then the record as JSON.

use serde::de::IgnoredAny;

use super::Unwrapped;

/// A longer text before the first brace is no header.
const LONGEST_HEADER: usize = 512;

/// The JSON object behind the header of a line.
pub(super) fn behind_header(line: &str) -> Option<&str> {
    let brace = line.find('{').filter(|brace| (1..=LONGEST_HEADER).contains(brace))?;
    let record = line.get(brace..)?.trim_end();
    serde_json::from_str::<IgnoredAny>(record).is_ok().then_some(record)
}

/// The lines without their headers, if the first line has one. A line that breaks off stays, to be counted.
pub(super) fn unwrapped(text: &str) -> Option<Unwrapped> {
    behind_header(text.lines().find(|line| !line.trim().is_empty())?)?;
    let mut inner = String::with_capacity(text.len());
    for line in text.lines() {
        let brace = line.find('{').filter(|brace| *brace <= LONGEST_HEADER).unwrap_or(0);
        inner.push_str(line.get(brace..).unwrap_or(line));
        inner.push('\n');
    }
    Some(Unwrapped { wrapper: "lines with a header".to_owned(), text: inner })
}

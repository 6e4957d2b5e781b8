//! CSV text, and the words that cells have for times and truth values.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

/// The names of a header row, without quotes; no name holds a comma.
pub fn names(header: &str) -> Vec<&str> {
    header.split(',').map(|name| name.trim_matches('"')).collect()
}

/// A header row as it stands, and lines of cells; cells are in quotes where they must be.
pub fn table(header: &str, lines: impl Iterator<Item = Vec<String>>, separator: &str, end: &str) -> String {
    let mut text = header.replace(',', separator) + end;
    for cells in lines {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell, separator)).collect();
        text.push_str(&cells.join(separator));
        text.push_str(end);
    }
    text
}

/// The same with every cell in quotes, the header's too: PowerShell's `Export-Csv`.
pub fn quoted_table(header: &str, lines: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        cells.join(",") + "\r\n"
    };
    let header: Vec<String> = names(header).into_iter().map(str::to_owned).collect();
    line(&header) + &lines.map(|cells| line(&cells)).collect::<String>()
}

fn quoted(cell: &str, separator: &str) -> String {
    if cell.contains(separator) || cell.contains(['"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// A time as the generator spells them.
pub fn instant(time: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(time)
        .map(|time| time.to_utc())
        .or_else(|_| NaiveDateTime::parse_from_str(time, "%Y-%m-%dT%H:%M:%S%.f").map(|time| time.and_utc()))
        .ok()
}

/// A time in another spelling; what is no time stays.
pub fn spelled(time: &str, pattern: &str) -> String {
    instant(time).map_or_else(|| time.to_owned(), |time| time.format(pattern).to_string())
}

/// `2026-10-05T08:15:30Z`
pub fn seconds(time: &str) -> String {
    spelled(time, "%Y-%m-%dT%H:%M:%SZ")
}

/// `6/15/2026, 12:40:24.178 PM`: the portal of Azure in an American browser.
pub fn american(time: &str) -> String {
    spelled(time, "%-m/%-d/%Y, %-I:%M:%S%.3f %p")
}

/// `6/15/2026 12:40:24 PM`: a date as .NET prints it in America.
pub fn american_seconds(time: &str) -> String {
    spelled(time, "%-m/%-d/%Y %-I:%M:%S %p")
}

/// `Yes`, `No`, or nothing.
pub fn yes_no(flag: Option<&Value>) -> String {
    word(flag, "Yes", "No")
}

/// One of two words, or nothing.
pub fn word(flag: Option<&Value>, yes: &str, no: &str) -> String {
    match flag.and_then(Value::as_bool) {
        Some(true) => yes.to_owned(),
        Some(false) => no.to_owned(),
        None => String::new(),
    }
}

/// A text in UTF-16, little or big end first, with its mark.
pub fn utf_16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(unit).collect()
}

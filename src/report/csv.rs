//! The matrix as CSV, and how text from a log is made harmless in a spreadsheet.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::diagnostic::escaped;

use super::columns::{Cell, MATRIX, POLICY};
use super::model::Report;

/// Text that no spreadsheet takes for a formula: one that begins like one is led by an apostrophe.
///
/// ```
/// assert_eq!(ca_impact::report::csv::guarded("=cmd()"), "'=cmd()");
/// assert_eq!(ca_impact::report::csv::guarded("a=b"), "a=b");
/// ```
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    // A spreadsheet drops leading blanks before it looks.
    let begins = text.trim_start_matches([' ', '\u{feff}', '\u{a0}']);
    if begins.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Writes one line a cell of the matrix: every candidate, then all together as `*`.
///
/// # Errors
///
/// The writer failed.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = ::csv::Writer::from_writer(out);
    lines.write_record([POLICY.key].into_iter().chain(MATRIX.iter().map(|column| column.key)))?;
    for section in report.candidates.iter().chain([&report.combined]) {
        for row in &section.matrix {
            let policy = written(&(POLICY.cell)(section));
            let cells = MATRIX.iter().map(|column| written(&(column.cell)(row)));
            lines.write_record([policy].into_iter().chain(cells))?;
        }
    }
    lines.flush()
}

/// A cell for scripts: plain numbers, `true` and `false`, guarded text.
fn written(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => guarded(&escaped(text)).into_owned(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Minus(_) | Cell::Range(_) | Cell::Both(_, _) | Cell::Nothing => cell.to_string(),
    }
}

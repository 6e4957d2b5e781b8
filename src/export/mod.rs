//! What other programs read: the verdict listing, and the frame as a file of canonical columns.
//!
//! The listing (contract section 4) has one line an attempt and candidate, then one for all together.
//!
//! CSV, NDJSON, Parquet and Arrow IPC read one list of columns. Lines are made and written
//! in batches of whole attempts, so that memory does not grow with the listing.

mod arrow;
mod canonical;
mod columns;
mod line;
mod parquet;
mod run;
#[cfg(test)]
mod tests;
mod text;

use std::io::{self, Write};

pub use canonical::{CanonicalForm, write_frame};
pub use run::Run;

use crate::attempt::Attempts;
use crate::compile::Plan;

use columns::{Fresh, Lines, Listing};
use line::Line;

/// Lines of a batch, about: a row group of Parquet, a record batch of Arrow.
const BATCH: usize = 64 * 1024;

/// How a listing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// CSV with a header.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// Parquet.
    Parquet,
    /// Arrow IPC, the file format.
    Arrow,
}

impl Form {
    /// All forms.
    pub const ALL: [Form; 4] = [Form::Csv, Form::Ndjson, Form::Parquet, Form::Arrow];

    /// The ending of its files, without the dot.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Form::Csv => "csv",
            Form::Ndjson => "ndjson",
            Form::Parquet => "parquet",
            Form::Arrow => "arrow",
        }
    }

    /// The form of a file with this ending (without the dot), in any case.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|form| form.ending().eq_ignore_ascii_case(ending))
    }
}

/// The names of the columns, in their order.
pub fn columns() -> impl Iterator<Item = &'static str> {
    columns::COLUMNS.iter().map(|column| column.name)
}

/// Where batches of lines go. A form begins with its writer and ends with `finish`.
trait Sink {
    fn batch(&mut self, lines: &dyn Lines) -> io::Result<()>;
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Begins a listing; an attempt has this many lines.
fn sink(form: Form, of_one: usize, out: &mut dyn Write) -> io::Result<Box<dyn Sink + '_>> {
    Ok(match form {
        Form::Csv => Box::new(text::Csv::new(of_one, out)?),
        Form::Ndjson => Box::new(text::Ndjson::new(of_one, out)),
        Form::Parquet => Box::new(parquet::Parquet::new(out)?),
        Form::Arrow => Box::new(arrow::Arrow::new(out)?),
    })
}

/// Writes the verdicts of the attempts in scope (places in the list, in its order), each under every
/// candidate in their order and then under all together as `*`.
///
/// # Errors
///
/// The writer failed.
pub fn write(form: Form, attempts: &Attempts, plan: &Plan, scope: &[usize], out: &mut dyn Write) -> io::Result<()> {
    write_in_batches(form, attempts, plan, scope, BATCH, out)
}

fn write_in_batches(
    form: Form,
    attempts: &Attempts,
    plan: &Plan,
    scope: &[usize],
    batch: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let listing = Listing::new(attempts);
    let of_one = plan.rules.len() + 1;
    let mut sink = sink(form, of_one, out)?;
    let mut lines: Vec<Line<'_>> = Vec::new();
    for places in scope.chunks((batch / of_one).max(1)) {
        lines.clear();
        for place in places {
            line::push(attempts, plan, *place, &mut lines);
        }
        sink.batch(&Fresh { listing: &listing, lines: &lines })?;
    }
    sink.finish()
}

//! What exports hold, and what can therefore be replayed from them: `ca-impact inspect`.
//!
//! [`signals`] lists what a row may record and which export records it, [`abilities`] what each condition and control
//! must find recorded. [`inspect()`] counts, file by file and for all; a page or JSON shows the counts. No policy is
//! read and no range is given: this is about rows, before they are grouped into attempts.

pub mod abilities;
mod by_file;
mod exports;
mod found;
mod json;
mod kinds;
mod marks;
mod page;
mod recorded;
pub mod signals;
#[cfg(test)]
mod tests;
mod words;

use std::io::{self, Write};

pub use exports::{Export, Exports};
pub use found::{Found, Share};
pub use json::VERSION;
pub use kinds::{Category, Level};
pub use marks::{Mark, Marks};

use crate::attempt::population::{self, OwnTenant};
use crate::attempt::rows::{Rows, people};
use crate::diagnostic::Diagnostics;
use crate::frame::SignInFrame;
use crate::ingest::InputFile;
use crate::report::{Complaint, Medium, PageFormat, draw};

/// A file and what it holds.
#[derive(Clone, Debug)]
pub struct FileFound {
    /// The file, as it was read.
    pub input: InputFile,
    /// The converted file that its rows were read from, if they were.
    pub converted_in: Option<String>,
    /// What its rows record.
    pub found: Found,
}

/// What all exports hold.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// File by file, in the order in which they were read.
    pub files: Vec<FileFound>,
    /// All of them together.
    pub all: Found,
    /// The tenant whose policies these are taken to be (C2), folded: the one that most rows have as their resource.
    pub own_tenant: Option<String>,
    /// What was skipped or not understood, in the order in which it was met.
    pub diagnostics: Vec<Complaint>,
}

/// Counts what the rows of these files record; each file has as many rows of the frame as it says, in their order.
///
/// A converted file is inspected as the exports that it was made from.
#[must_use]
pub fn inspect(frame: &SignInFrame, inputs: &[InputFile], diagnostics: &Diagnostics) -> Inspection {
    let people = people(frame);
    let own_tenant = OwnTenant::of(&population::resource_tenants(frame), None).id;
    let facts = Rows::read(frame, &people, own_tenant.as_deref());
    let exports: Vec<(InputFile, Option<String>)> = inputs.iter().flat_map(exports).collect();
    let mut end = 0;
    let ranges = exports.iter().map(|(input, _)| {
        let start = end;
        end = usize::try_from(input.rows).map_or(frame.rows(), |rows| frame.rows().min(start + rows));
        start..end
    });
    let (found, all) = found::count(&facts, &ranges.collect::<Vec<_>>());
    let file = |((input, converted_in), found)| FileFound { input, converted_in, found };
    Inspection {
        files: exports.into_iter().zip(found).map(file).collect(),
        all,
        own_tenant,
        diagnostics: diagnostics.iter().map(Complaint::from).collect(),
    }
}

/// A file, or the exports that it was made from, if their rows are all of its rows.
fn exports(input: &InputFile) -> Vec<(InputFile, Option<String>)> {
    let is_sum = input.converted_from.iter().map(|export| export.rows).sum::<u64>() == input.rows;
    if input.converted_from.is_empty() || !is_sum {
        return vec![(input.clone(), None)];
    }
    input.converted_from.iter().map(|export| (export.clone(), Some(input.path.clone()))).collect()
}

/// Writes an inspection.
///
/// # Errors
///
/// The writer failed.
pub fn render(inspection: &Inspection, format: PageFormat, out: &mut dyn Write) -> io::Result<()> {
    let mut page = |medium| draw(&page::page(inspection, medium), medium, out);
    match format {
        PageFormat::Table => page(Medium::Terminal),
        PageFormat::Markdown => page(Medium::Markdown),
        PageFormat::Json => json::render(inspection, out),
    }
}

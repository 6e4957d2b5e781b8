//! Exports of sign-in logs become one canonical frame, whatever their shape.
//!
//! A file is recognised by what it holds, never by its name: `format` has a line for every
//! export format, `container` knows how records lie in a file, and `row` turns a record into
//! canonical columns. Small files are read whole and several at once, large ones in windows whose pieces are
//! read at once (`blocks`); rows go to a `sink` in the order of the files, so the number of threads
//! never shows. What cannot be used is counted with its first place; too much of it is an error,
//! since a wrong total is worse than none.

mod blocks;
mod canonical;
mod container;
mod date;
mod documents;
mod error;
mod evidence;
mod file;
mod findings;
mod format;
mod intake;
mod partitions;
mod reader;
mod record;
mod row;
mod scan;
mod separator;
mod sink;
mod source;
mod spelling;
mod spill;
mod strict;
#[cfg(test)]
mod tests;
mod unpack;
mod wrapping;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use canonical::{CREATED, DELIVERED, FILE_KEY, Provenance};
pub use date::DateOrder;
pub use error::IngestError;
pub use partitions::{Joined, Keeping, Partition, Partitions, Spilling};
pub use source::UNFINISHED;
pub use unpack::Unpacking;

use crate::diagnostic::{Diagnostics, Origin};
use crate::frame::SignInFrame;
use blocks::{Reading, Sizes};
use evidence::Evidence;
use intake::Gathered;
use partitions::Scatter;
use sink::{RowSink, Together};

/// How many records may be bad before the run is refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MaxBadRows {
    /// So many.
    Rows(u64),
    /// So many percent of all records.
    Share(f64),
}

impl MaxBadRows {
    /// What holds if nothing is said: one percent.
    pub const ORDINARY: MaxBadRows = MaxBadRows::Share(1.0);

    fn allows(self, bad: u64, records: u64) -> bool {
        match self {
            MaxBadRows::Rows(most) => bad <= most,
            #[expect(clippy::cast_precision_loss, reason = "records are far fewer than 2^53")]
            MaxBadRows::Share(percent) => bad as f64 * 100.0 <= percent * records as f64,
        }
    }

    fn words(self) -> String {
        match self {
            MaxBadRows::Rows(most) => most.to_string(),
            MaxBadRows::Share(percent) => format!("{percent} %"),
        }
    }
}

/// What the command line says about reading.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many records may be bad.
    pub max_bad_rows: MaxBadRows,
    /// Whether the report shows a hash of each input.
    pub hash_inputs: bool,
    /// How dates like `1/9/2026` are read; if nothing is said, each file's own dates decide.
    pub dates: Option<DateOrder>,
    /// What stands between the cells of CSV files, if not a comma.
    pub separator: Option<char>,
    /// How much packed files may hold.
    pub unpacking: Unpacking,
}

/// What holds if nothing is said.
impl Default for Options {
    fn default() -> Options {
        Options {
            max_bad_rows: MaxBadRows::ORDINARY,
            hash_inputs: false,
            dates: None,
            separator: None,
            unpacking: Unpacking::ORDINARY,
        }
    }
}

/// One file that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InputFile {
    /// As typed, plus what a folder adds.
    pub path: String,
    /// Stable name of the format: `graph-json`, `diagnostic-ndjson`, …
    pub format: Cow<'static, str>,
    /// Which generation of the format: `beta`, `2023 header`, … where its names tell.
    pub generation: Option<Cow<'static, str>>,
    /// In what the records were wrapped by another system: `input.message`, `_raw`, `syslog`, …
    pub wrapper: Option<String>,
    /// Rows that went into the frame.
    pub rows: u64,
    /// Records of a companion file, which say something about the sign-ins of others.
    pub evidence: u64,
    /// Records that could not be used.
    pub bad_rows: u64,
    /// Records of other categories that were left out.
    pub other_records: u64,
    /// Their categories or tables, by name, with their numbers.
    pub other_categories: Vec<(String, u64)>,
    /// Of its bytes, in hexadecimal, if asked for.
    pub sha256: Option<String>,
    /// Whether this format can record the risk level during sign-in at all.
    pub records_risk: bool,
    /// Whether the export says itself that more follows: a last page or a whole result is missing.
    pub is_unfinished: bool,
    /// For a file that `convert` wrote: the exports that it was made from, in the order of its rows.
    pub converted_from: Vec<InputFile>,
}

/// All that the logs gave.
#[derive(Clone, Debug)]
pub struct Ingested {
    /// The rows of all files, in the order of the files.
    pub frame: SignInFrame,
    /// The files that were read, in order.
    pub inputs: Vec<InputFile>,
    /// What was not understood, skipped, or decided on the way.
    pub diagnostics: Diagnostics,
}

/// Whoever wants to know how far reading is.
pub trait Progress: Sync {
    /// So many bytes are to be read, as far as that is known beforehand.
    fn total_bytes(&self, _bytes: u64) {}

    /// So many more bytes were read.
    fn advance(&self, _bytes: u64) {}
}

/// Nobody wants to know.
impl Progress for () {}

/// All that the logs gave, rows apart by people.
#[derive(Debug)]
pub struct Partitioned {
    /// The rows of all files.
    pub partitions: Partitions,
    /// The files that were read, in order.
    pub inputs: Vec<InputFile>,
    /// What was not understood, skipped, or decided on the way, but for what is joined to a partition.
    pub diagnostics: Diagnostics,
}

/// Reads files, folders, patterns and standard input (`-`) into one frame.
///
/// # Errors
///
/// If something that was typed cannot be read or is no sign-in export, if an export is broken, if
/// too many records are bad, or if there is no sign-in export at all.
pub fn ingest(logs: &[String], options: &Options, progress: &dyn Progress) -> Result<Ingested, IngestError> {
    ingest_in(logs, options, progress, Sizes::of(rayon::current_num_threads()))
}

/// The same with these sizes of what is read at once.
fn ingest_in(
    logs: &[String],
    options: &Options,
    progress: &dyn Progress,
    sizes: Sizes,
) -> Result<Ingested, IngestError> {
    let sources = source::expand(logs)?;
    let mut together = Together::default();
    let Read { inputs, evidence, mut diagnostics } =
        read(logs, &sources, Reading { options, sizes, progress }, &mut together)?;
    let Together { builder, lacking } = together;
    let mut builder = builder.unwrap_or_default();
    let borrowed = evidence::borrow_users(&mut builder, &lacking);
    let (steps, detections) = (evidence.join_steps(&mut builder), evidence.join_detections(&mut builder));
    tell_borrowed(logs, borrowed, &mut diagnostics);
    tell_joined(logs, Joined { steps, detections }, &mut diagnostics);
    Ok(Ingested { frame: builder.finish(), inputs, diagnostics })
}

/// Reads the same into partitions of users; what is joined to them is told by [`tell_joined`] once all were taken.
///
/// # Errors
///
/// As [`ingest`], and if rows that memory may not hold cannot be written to files.
pub fn ingest_apart(
    logs: &[String],
    options: &Options,
    keeping: &Keeping,
    progress: &dyn Progress,
) -> Result<Partitioned, IngestError> {
    let sources = source::expand(logs)?;
    let expected = sources.iter().map(source::Source::expected_bytes).sum();
    let mut scatter = Scatter::new(keeping.partitions(expected), keeping.spilling.clone());
    let sizes = Sizes::of(rayon::current_num_threads());
    let sizes = keeping.spilling.as_ref().map_or(sizes, |spilling| sizes.within(spilling.at));
    let Read { inputs, evidence, mut diagnostics } =
        read(logs, &sources, Reading { options, sizes, progress }, &mut scatter)?;
    let (partitions, borrowed) = scatter.finish(evidence)?;
    tell_borrowed(logs, borrowed, &mut diagnostics);
    Ok(Partitioned { partitions, inputs, diagnostics })
}

/// What reading gave beside the rows.
struct Read {
    inputs: Vec<InputFile>,
    evidence: Evidence,
    diagnostics: Diagnostics,
}

fn read(
    logs: &[String],
    sources: &[source::Source],
    reading: Reading<'_>,
    sink: &mut dyn RowSink,
) -> Result<Read, IngestError> {
    reading.progress.total_bytes(sources.iter().map(source::Source::bytes).sum());
    let mut gathered = Gathered::new(sink);
    intake::read(sources, reading, &mut gathered)?;
    let Gathered { evidence, has_sign_ins, inputs, diagnostics, first_bad, .. } = gathered;
    if !has_sign_ins {
        return Err(IngestError::NothingRecognised { path: logs.join(" "), skipped: diagnostics });
    }
    let bad: u64 = inputs.iter().map(|input| input.bad_rows).sum();
    let records = bad + inputs.iter().map(|input| input.rows + input.evidence).sum::<u64>();
    let allowed = reading.options.max_bad_rows;
    if let Some((origin, reason)) = first_bad
        && !allowed.allows(bad, records)
    {
        let (place, allowed) = (origin.to_string(), allowed.words());
        return Err(IngestError::TooManyBadRows { place, bad, records, allowed, reason });
    }
    Ok(Read { inputs, evidence, diagnostics })
}

/// A note on rows that took their user from another file.
fn tell_borrowed(logs: &[String], rows: u64, diagnostics: &mut Diagnostics) {
    if rows > 0 {
        let what = "rows take the user id from another file's row of the same id";
        diagnostics.note(Origin::file(&logs.join(" ")), format!("{rows} {what}"));
    }
}

/// Notes on what other files said about sign-ins.
pub fn tell_joined(logs: &[String], joined: Joined, diagnostics: &mut Diagnostics) {
    for (rows, what) in [
        (joined.steps, "rows get their authentication details from a companion file"),
        (joined.detections, "rows without a risk level have a detection in real time (RSK-3)"),
    ] {
        if rows > 0 {
            diagnostics.note(Origin::file(&logs.join(" ")), format!("{rows} {what}"));
        }
    }
}

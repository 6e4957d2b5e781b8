//! Reading logs as the command line says, and saying what was met on the way: what all commands share.

use std::io::{self, Write};

use crate::diagnostic::{Diagnostics, Severity};
use crate::ingest::{self, IngestError, Ingested, InputFile, Keeping, MaxBadRows, Partitioned, Unpacking};

use super::Failure;
use super::args::{Everywhere, Reading};
use super::progress::Shown;

/// Sets the number of worker threads.
pub(super) fn use_threads(everywhere: &Everywhere) -> Result<(), Failure> {
    let Some(threads) = everywhere.threads else { return Ok(()) };
    rayon::ThreadPoolBuilder::new()
        .num_threads(usize::from(threads))
        .build_global()
        .map_err(|error| Failure::failed("--threads", &error.to_string(), "ask for fewer threads"))
}

/// What exports are read for: it decides what holds if nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To count: a wrong total is worse than none.
    Count,
    /// To keep: the hashes of the exports are kept too.
    Keep,
    /// To look at: bad records are shown, however many there are.
    Look,
}

/// Reads exports into one frame.
pub(super) fn read(
    logs: &[String],
    reading: &Reading,
    purpose: Purpose,
    progress: &Shown,
) -> Result<Ingested, Failure> {
    ingest::ingest(logs, &options(reading, purpose), progress).map_err(|error| refused(&error, progress))
}

/// Reads exports into partitions of users.
pub(super) fn read_apart(
    logs: &[String],
    reading: &Reading,
    keeping: &Keeping,
    progress: &Shown,
) -> Result<Partitioned, Failure> {
    let options = options(reading, Purpose::Count);
    ingest::ingest_apart(logs, &options, keeping, progress).map_err(|error| refused(&error, progress))
}

fn options(reading: &Reading, purpose: Purpose) -> ingest::Options {
    let ordinary = match purpose {
        Purpose::Count | Purpose::Keep => MaxBadRows::ORDINARY,
        Purpose::Look => MaxBadRows::Share(100.0),
    };
    ingest::Options {
        max_bad_rows: reading.max_bad_rows.unwrap_or(ordinary),
        hash_inputs: purpose == Purpose::Keep || reading.hash_inputs,
        dates: reading.dates,
        separator: reading.separator,
        unpacking: reading.max_unpacked.map_or(Unpacking::ORDINARY, Unpacking::up_to),
    }
}

/// What a person is told of exports that cannot be used.
pub(super) fn refused(error: &IngestError, progress: &Shown) -> Failure {
    progress.finish();
    let each = error.each();
    for one in &each {
        if let IngestError::NothingRecognised { skipped, .. } = one {
            say_all(skipped);
        }
    }
    Failure::each(each.into_iter().map(|one| Failure::failed(&one.place(), &one.to_string(), one.help())))
}

/// The exports themselves: for a converted file those that it was made from.
pub(super) fn exports(inputs: &[InputFile]) -> impl Iterator<Item = &InputFile> {
    inputs.iter().flat_map(|input| match input.converted_from.as_slice() {
        [] => std::slice::from_ref(input),
        exports => exports,
    })
}

/// Diagnostics on standard error: errors always, warnings unless quiet, notes if asked for.
pub(super) fn say(diagnostics: &Diagnostics, everywhere: &Everywhere) {
    let least = match (everywhere.quiet, everywhere.verbose) {
        (true, _) => Severity::Error,
        (false, 0) => Severity::Warning,
        (false, _) => Severity::Note,
    };
    let mut stderr = io::stderr().lock();
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.severity <= least) {
        // A closed standard error must not cost the report.
        let _ = writeln!(stderr, "{diagnostic}");
    }
}

fn say_all(diagnostics: &Diagnostics) {
    let mut stderr = io::stderr().lock();
    for diagnostic in diagnostics.iter() {
        let _ = writeln!(stderr, "{diagnostic}");
    }
}

//! Reading logs, the same for every command that takes them.

use crate::ingest::{self, IngestError, Ingested};

use super::Failure;
use super::args::{Everywhere, Reading};
use super::progress::Shown;
use super::telling::tell_all;

/// As many worker threads as were asked for.
pub(super) fn use_threads(everywhere: &Everywhere) -> Result<(), Failure> {
    let Some(threads) = everywhere.threads else { return Ok(()) };
    rayon::ThreadPoolBuilder::new()
        .num_threads(usize::from(threads))
        .build_global()
        .map_err(|error| Failure::failed("--threads", &error.to_string(), "ask for fewer threads"))
}

/// Reads every export that was named; where there is none, what was skipped is told.
pub(super) fn read(logs: &[String], reading: &Reading, progress: &Shown) -> Result<Ingested, Failure> {
    let options = ingest::Options {
        max_bad_rows: reading.max_bad_rows,
        hash_inputs: reading.hash_inputs,
        dates: reading.dates,
        separator: reading.separator,
    };
    ingest::ingest(logs, &options, progress).map_err(|error| {
        progress.finish();
        if let IngestError::NothingRecognised { skipped, .. } = &error {
            tell_all(skipped);
        }
        Failure::each(error.each().into_iter().map(|one| Failure::failed(&one.place(), &one.to_string(), one.help())))
    })
}

//! `ca-impact convert`: any export as one file of canonical columns.

use std::io::Write;

use crate::cli::args::{Convert, Everywhere};
use crate::cli::output::{Output, cannot_write, ending, refuse_an_input, unknown_ending};
use crate::cli::progress::Shown;
use crate::cli::reading::{Purpose, read, say, use_threads};
use crate::cli::{Exit, Failure};
use crate::export::{self, CanonicalForm};
use crate::ingest::{Ingested, Provenance};

pub(in crate::cli) fn run(typed: &Convert, everywhere: &Everywhere, out: &mut dyn Write) -> Result<Exit, Failure> {
    use_threads(everywhere)?;
    let form = CanonicalForm::of_ending(&ending(&typed.output))
        .ok_or_else(|| unknown_ending(&typed.output, "--output", ".parquet or .arrow"))?;
    refuse_an_input(&typed.output, &typed.logs, &[])?;
    let mut output = Output::open(&typed.output)?;
    let progress = Shown::new(everywhere);
    // The hashes of the exports go into the file: a replay of it can still show them.
    let Ingested { frame, inputs, diagnostics } = read(&typed.logs, &typed.reading, Purpose::Keep, &progress)?;
    progress.stage("writing");
    let provenance = Provenance::of(&frame, inputs, &diagnostics);
    export::write_frame(form, &frame, &provenance, output.writer())
        .map_err(|error| cannot_write(&typed.output, &error.to_string()))?;
    output.finish()?;
    progress.finish();
    say(&diagnostics, everywhere);
    let (rows, files) = (frame.rows(), provenance.inputs.len());
    let files = if files == 1 { "1 export".to_owned() } else { format!("{files} exports") };
    writeln!(out, "{}: {rows} rows of {files}", crate::diagnostic::escaped(&typed.output.display().to_string()))
        .map_err(|error| Failure::stdout(&error))?;
    Ok(Exit::Done)
}

//! `ca-impact inspect`: what exports hold, and what can be replayed from them.

use std::io::{self, Write};

use crate::cli::args::{Everywhere, Inspect};
use crate::cli::output::{Output, page_outputs, write};
use crate::cli::progress::Shown;
use crate::cli::reading::{Purpose, read, say, use_threads};
use crate::cli::{Exit, Failure};
use crate::ingest::Ingested;
use crate::inspect;

pub(in crate::cli) fn run(typed: &Inspect, everywhere: &Everywhere, out: &mut dyn Write) -> Result<Exit, Failure> {
    use_threads(everywhere)?;
    let outputs = page_outputs(&typed.output, &typed.logs, &[])?;
    let progress = Shown::new(everywhere);
    let Ingested { frame, inputs, diagnostics } = read(&typed.logs, &typed.reading, Purpose::Look, &progress)?;
    progress.stage("inspecting");
    let inspection = inspect::inspect(&frame, &inputs, &diagnostics);

    progress.stage("writing");
    // Names are given when everything is written: a failure leaves no output behind.
    write(outputs, |format, out| inspect::render(&inspection, format, out))?
        .into_iter()
        .try_for_each(Output::finish)?;
    progress.finish();
    say(&diagnostics, everywhere);
    let shown = inspect::render(&inspection, typed.format, out).and_then(|()| out.flush());
    match shown {
        // The reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Done),
        shown => shown.map(|()| Exit::Done).map_err(|error| Failure::stdout(&error)),
    }
}

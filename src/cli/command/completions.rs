//! `ca-impact completions SHELL`.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::args::Args;
use crate::cli::{Exit, Failure};

pub(in crate::cli) fn run(shell: Shell, out: &mut dyn Write) -> Result<Exit, Failure> {
    // clap_complete panics on a writer that fails, such as a closed pipe: write to memory first.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "ca-impact", &mut script);
    out.write_all(&script).map_err(|error| Failure::stdout(&error))?;
    Ok(Exit::Done)
}

//! `ca-impact collect`: a script for PowerShell, to standard output or a file.

use std::io::Write;
use std::path::Path;

use crate::cli::args::{Collect, Everywhere};
use crate::cli::output::{Output, cannot_write};
use crate::cli::{Exit, Failure};
use crate::collect;
use crate::policy;

use crate::cli::reading::say;

pub(in crate::cli) fn run(typed: &Collect, everywhere: &Everywhere, out: &mut dyn Write) -> Result<Exit, Failure> {
    let output = typed.output.as_deref().map(|path| refuse(path, typed).map(|()| path)).transpose()?;
    let (candidates, mut diagnostics) =
        policy::load(&typed.policies).map_err(|errors| Failure::lines(Exit::Usage, &errors))?;
    let script = collect::script(&typed.policies, &candidates, typed.since, &mut diagnostics);
    match output {
        Some(path) => {
            let mut output = Output::open(path)?;
            output.writer().write_all(script.as_bytes()).map_err(|error| cannot_write(path, &error.to_string()))?;
            output.finish()?;
        }
        None => out.write_all(script.as_bytes()).map_err(|error| Failure::stdout(&error))?,
    }
    say(&diagnostics, everywhere);
    Ok(Exit::Done)
}

/// PowerShell runs a script by its ending; and a policy must not be overwritten by what is made for it.
fn refuse(path: &Path, typed: &Collect) -> Result<(), Failure> {
    let place = path.display().to_string();
    if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("ps1")) {
        return Err(Failure::usage(&place, "`--output` writes a PowerShell script", "end the name in .ps1"));
    }
    let is =
        |policy: &String| path.canonicalize().is_ok_and(|path| Path::new(policy).canonicalize().ok() == Some(path));
    if typed.policies.iter().any(is) {
        return Err(Failure::usage(&place, "is also an input", "write the script under another name"));
    }
    Ok(())
}

//! `ca-impact lint`: mistakes in policies, before any log is read.

use std::io::{self, Write};
use std::path::Path;

use crate::cli::args::{Deny, Everywhere, Lint};
use crate::cli::job::read_tenant;
use crate::cli::output::{Output, Wanted, ending, once, open, refuse_an_input, unknown_ending, write};
use crate::cli::reading::say;
use crate::cli::{Exit, Failure};
use crate::diagnostic::Severity;
use crate::lint;
use crate::policy::{self, Candidate};
use crate::report::{Format, LintReport, LintedPolicy, render_lint};
use crate::tenant::Tenant;

pub(in crate::cli) fn run(typed: &Lint, everywhere: &Everywhere, out: &mut dyn Write) -> Result<Exit, Failure> {
    let (candidates, mut diagnostics) =
        policy::load(&typed.policies).map_err(|errors| Failure::lines(Exit::Usage, &errors))?;
    let tenant = read_tenant(typed.tenant.as_deref(), &mut diagnostics)?;
    let outputs = outputs(typed)?;
    let set: Vec<&Candidate> = candidates.iter().collect();
    let linted = candidates.iter().map(|candidate| linted(candidate, &set, &tenant)).collect();
    let report = LintReport::new(linted, &diagnostics);
    let exit = exit(&report, typed.deny);

    // Names are given when everything is written: a failure leaves no output behind.
    write(outputs, |format, out| render_lint(&report, format, out))?.into_iter().try_for_each(Output::finish)?;
    say(&diagnostics, everywhere);
    match render_lint(&report, typed.format, out).and_then(|()| out.flush()) {
        // The reader has seen enough; what is denied is still told.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(exit),
        shown => shown.map(|()| exit).map_err(|error| Failure::stdout(&error)),
    }
}

fn linted(candidate: &Candidate, set: &[&Candidate], tenant: &Tenant) -> LintedPolicy {
    LintedPolicy {
        name: candidate.name.clone(),
        id: candidate.id.clone(),
        path: candidate.origin.path.clone(),
        sha256: candidate.sha256.clone(),
        findings: lint::check(candidate, set, tenant),
    }
}

/// Files to write, open before anything is looked at.
fn outputs(typed: &Lint) -> Result<Vec<(Format, Output)>, Failure> {
    let mut seen: Vec<&Path> = Vec::new();
    let mut wanted: Wanted<'_, Format> = Vec::new();
    let read: Vec<&Path> = typed.policies.iter().map(Path::new).chain(typed.tenant.as_deref()).collect();
    for path in &typed.output {
        once(path, &mut seen)?;
        let format =
            Format::of_ending(&ending(path)).ok_or_else(|| unknown_ending(path, "--output", ".json, .md or .csv"))?;
        refuse_an_input(path, &[], &read)?;
        wanted.push((format, path));
    }
    open(wanted)
}

fn exit(report: &LintReport, deny: Option<Deny>) -> Exit {
    let mildest = match deny {
        None => return Exit::Done,
        Some(Deny::Error) => Severity::Error,
        Some(Deny::Warning) => Severity::Warning,
        Some(Deny::Note) => Severity::Note,
    };
    if report.findings().any(|finding| finding.severity <= mildest) { Exit::LimitCrossed } else { Exit::Done }
}

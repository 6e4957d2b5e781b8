//! What will be done: everything that can be known to be wrong is known before a log is read.

use std::path::Path;

use crate::diagnostic::Diagnostics;
use crate::export::Form;
use crate::policy::{self, Candidate};
use crate::report::Format;
use crate::tenant::Tenant;

use super::args::{Replay, Reports};
use super::output::{Output, Wanted, ending, once, open, refuse_an_input, unknown_ending};
use super::{Exit, Failure};

/// What policies are judged with: read before any log is.
#[derive(Debug)]
pub(super) struct Premises {
    /// Candidates, in their order.
    pub(super) candidates: Vec<Candidate>,
    /// Policies that were enforced while the log was written.
    pub(super) existing: Vec<Candidate>,
    /// Tenant facts; nothing is known without a folder.
    pub(super) tenant: Tenant,
    /// What was not understood so far.
    pub(super) diagnostics: Diagnostics,
}

impl Premises {
    /// Reads what was typed: first the policies (status 2), then the folder (status 1).
    pub(super) fn read(policies: &[String], existing: &[String], tenant: Option<&Path>) -> Result<Premises, Failure> {
        let mut diagnostics = Diagnostics::default();
        let candidates = read_policies(policies, &mut diagnostics)?;
        let existing = read_policies(existing, &mut diagnostics)?;
        if candidates.is_empty() {
            return Err(Failure::usage(
                &policies.join(" "),
                "no policy to replay",
                "name a file with Graph policy JSON, a folder of them, or `template:require-mfa-for-risky-sign-ins`",
            ));
        }
        let tenant = read_tenant(tenant, &mut diagnostics)?;
        Ok(Premises { candidates, existing, tenant, diagnostics })
    }
}

/// The facts of a tenant folder; without one nothing is known.
pub(super) fn read_tenant(folder: Option<&Path>, diagnostics: &mut Diagnostics) -> Result<Tenant, Failure> {
    let Some(folder) = folder else { return Ok(Tenant::empty()) };
    let (tenant, met) = Tenant::load(folder).map_err(|errors| Failure::lines(Exit::Failed, &errors))?;
    diagnostics.append(met);
    Ok(tenant)
}

/// All that is read besides logs: no output may take its place.
pub(super) fn besides<'a>(policies: &'a [String], existing: &'a [String], tenant: Option<&'a Path>) -> Vec<&'a Path> {
    policies.iter().chain(existing).map(Path::new).chain(tenant).collect()
}

/// A replay with its policies read, its outputs open and its tenant facts loaded.
#[derive(Debug)]
pub(super) struct Job {
    /// Candidates, in their order.
    pub(super) candidates: Vec<Candidate>,
    /// Policies that were enforced while the log was written.
    pub(super) existing: Vec<Candidate>,
    /// Tenant facts; nothing is known without a folder.
    pub(super) tenant: Tenant,
    /// Report files.
    pub(super) reports: Vec<(Format, Output)>,
    /// Verdict files.
    pub(super) verdicts: Vec<(Form, Output)>,
    /// What was not understood so far.
    pub(super) diagnostics: Diagnostics,
}

impl Job {
    /// Resolves what was typed: first the command line and the policies (status 2), then files (status 1).
    pub(super) fn resolve(replay: &Replay) -> Result<Job, Failure> {
        let (reports, verdicts) = forms(&replay.reports)?;
        let tenant = replay.tenant.as_deref();
        let Premises { candidates, existing, tenant: facts, diagnostics } =
            Premises::read(&replay.policies, &replay.existing, tenant)?;
        let besides = besides(&replay.policies, &replay.existing, tenant);
        for path in reports.iter().map(|(_, path)| *path).chain(verdicts.iter().map(|(_, path)| *path)) {
            refuse_an_input(path, &replay.logs, &besides)?;
        }
        let reports = open(reports)?;
        let verdicts = open(verdicts)?;
        Ok(Job { candidates, existing, tenant: facts, reports, verdicts, diagnostics })
    }
}

/// Reads policies; without any typed there are none.
fn read_policies(typed: &[String], diagnostics: &mut Diagnostics) -> Result<Vec<Candidate>, Failure> {
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let (candidates, met) = policy::load(typed).map_err(|errors| Failure::lines(Exit::Usage, &errors))?;
    diagnostics.append(met);
    Ok(candidates)
}

/// The ending of a file chooses its form; any other ending is a wrong command line.
fn forms(reports: &Reports) -> Result<(Wanted<'_, Format>, Wanted<'_, Form>), Failure> {
    let mut seen: Vec<&Path> = Vec::new();
    let mut outputs = Vec::new();
    for path in &reports.output {
        once(path, &mut seen)?;
        let format =
            Format::of_ending(&ending(path)).ok_or_else(|| unknown_ending(path, "--output", ".json, .md or .csv"))?;
        outputs.push((format, path.as_path()));
    }
    let mut verdicts = Vec::new();
    for path in &reports.verdicts {
        once(path, &mut seen)?;
        let form = Form::of_ending(&ending(path))
            .ok_or_else(|| unknown_ending(path, "--verdicts", ".csv, .ndjson, .parquet or .arrow"))?;
        verdicts.push((form, path.as_path()));
    }
    Ok((outputs, verdicts))
}

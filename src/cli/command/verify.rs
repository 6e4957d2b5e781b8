//! `ca-impact verify`: replayed against recorded results, policy by policy.

use std::io::{self, Write};

use crate::cli::args::{Everywhere, Verify};
use crate::cli::job::{Premises, besides};
use crate::cli::output::{Output, page_outputs, write};
use crate::cli::progress::Shown;
use crate::cli::reading::{exports, read_apart, say, use_threads};
use crate::cli::room::Room;
use crate::cli::{Exit, Failure, recorded, scope};
use crate::diagnostic::Origin;
use crate::ingest::Partitioned;
use crate::partition::{self, Compared, Making, PartitionError};
use crate::policy::Candidate;
use crate::report::{self, Complaint, OwnTenant, Tool, VerificationReport, render_verification};
use crate::verify::Nothing;

use super::replay::{input, own_tenant, window};

pub(in crate::cli) fn run(typed: &Verify, everywhere: &Everywhere, out: &mut dyn Write) -> Result<Exit, Failure> {
    use_threads(everywhere)?;
    let folder = typed.tenant.as_deref();
    let Premises { candidates, existing, tenant, mut diagnostics } =
        Premises::read(&typed.policies, &typed.existing, folder)?;
    let outputs = page_outputs(&typed.output, &typed.logs, &besides(&typed.policies, &typed.existing, folder))?;
    let room = Room::new(everywhere, &[])?;
    let progress = Shown::new(everywhere);
    let Partitioned { partitions, inputs, diagnostics: of_reading } =
        read_apart(&typed.logs, &typed.reading, room.keeping(), &progress)?;
    diagnostics.append(of_reading);

    progress.stage("merging copies of rows");
    let own_tenant = own_tenant(&typed.scope, &tenant);
    let failed = |error: PartitionError| room.refused(error, &progress);
    let settled =
        partition::settle(&partitions, own_tenant.as_deref(), &typed.logs, &mut diagnostics).map_err(failed)?;
    progress.stage("comparing with recorded results");
    let scope = scope::resolved(&typed.scope, settled.newest);
    let given: Vec<&Candidate> = candidates.iter().collect();
    let making = Making { detections: &tenant.risk_detections, one_row_each: typed.scope.rows };
    let work = |_, attempts| Ok(Compared::of(&given, &existing, &tenant, &scope, &attempts));
    let Compared { verification, times, is_of_all } =
        partition::each(&partitions, &settled, making, &work, &Compared::and).map_err(failed)?;
    if let Some(why) = verification.nothing() {
        let message = format!("no recorded result can be compared with these policies: {}", report::nothing(why));
        diagnostics.warn(
            Origin::file(if why == Nothing::NoAttempt { "scope" } else { "--policy" }),
            message,
            help(why),
        );
    }
    recorded::tell_contradictions(&verification, typed.tenant.as_deref(), &mut diagnostics);

    let report = VerificationReport {
        tool: Tool::THIS,
        inputs: exports(&inputs).map(|file| input(file, typed.reading.hash_inputs)).collect(),
        window: window(&times, is_of_all),
        own_tenant: OwnTenant { id: settled.own_tenant.id.clone(), source: settled.own_tenant.source.to_owned() },
        verification,
        diagnostics: diagnostics.iter().map(Complaint::from).collect(),
    };
    progress.stage("writing");
    write(outputs, |format, out| render_verification(&report, format, out))?
        .into_iter()
        .try_for_each(Output::finish)?;
    progress.finish();
    say(&diagnostics, everywhere);
    match render_verification(&report, typed.format, out).and_then(|()| out.flush()) {
        // The reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Done),
        shown => shown.map(|()| Exit::Done).map_err(|error| Failure::stdout(&error)),
    }
}

/// What to do where nothing is compared.
fn help(why: Nothing) -> &'static str {
    match why {
        Nothing::NoAttempt => "check the scope options and --own-tenant",
        Nothing::AnotherText => "give the policy as it was then, with the modifiedDateTime that it had",
        Nothing::UnknownFutureValue => {
            "export the log again: ask Graph with the header `Prefer: include-unknown-enum-members`"
        }
        Nothing::NotRecorded => {
            "export the policies with their ids from the tenant of the log, and the log with a permission to read policies"
        }
    }
}

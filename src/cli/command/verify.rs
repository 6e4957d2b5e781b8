//! `ca-impact verify`: replayed against recorded results, policy by policy.

use std::io::{self, Write};

use crate::attempt;
use crate::attempt::rows::{self, Rows};
use crate::cli::args::{Everywhere, Verify};
use crate::cli::job::{Premises, besides};
use crate::cli::output::{Output, page_outputs, write};
use crate::cli::progress::Shown;
use crate::cli::reading::{Purpose, exports, read, say, use_threads};
use crate::cli::{Exit, Failure, recorded, scope};
use crate::diagnostic::Origin;
use crate::ingest::Ingested;
use crate::policy::Candidate;
use crate::report::{self, Complaint, OwnTenant, Tool, VerificationReport, render_verification};
use crate::verify::{Given, Nothing, verify};

use super::replay::{input, own_tenant, window};

pub(in crate::cli) fn run(typed: &Verify, everywhere: &Everywhere, out: &mut dyn Write) -> Result<Exit, Failure> {
    use_threads(everywhere)?;
    let folder = typed.tenant.as_deref();
    let Premises { candidates, existing, tenant, mut diagnostics } =
        Premises::read(&typed.policies, &typed.existing, folder)?;
    let outputs = page_outputs(&typed.output, &typed.logs, &besides(&typed.policies, &typed.existing, folder))?;
    let progress = Shown::new(everywhere);
    let Ingested { frame, inputs, diagnostics: of_reading } =
        read(&typed.logs, &typed.reading, Purpose::Count, &progress)?;
    diagnostics.append(of_reading);

    progress.stage("grouping sign-ins into attempts");
    let options = attempt::Options { own_tenant: own_tenant(&typed.scope, &tenant), one_row_each: typed.scope.rows };
    let attempts = attempt::gather(frame, &tenant.risk_detections, &options, &mut diagnostics);
    let scoped = scope::choose(&attempts, &typed.scope);
    progress.stage("comparing with recorded results");
    let given: Vec<&Candidate> = candidates.iter().collect();
    let people = rows::people(&attempts.frame);
    let mut rows = Rows::read(&attempts.frame, &people, attempts.own_tenant.as_deref());
    let given = Given { policies: &given, existing: &existing, attempts: &attempts, tenant: &tenant, scope: &scoped };
    let verification = verify(given, &mut rows);
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
        window: window(&attempts, &scoped),
        own_tenant: OwnTenant { id: attempts.own_tenant.clone(), source: attempts.own_tenant_source.to_owned() },
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

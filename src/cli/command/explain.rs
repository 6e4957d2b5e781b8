//! `ca-impact explain`: why one sign-in, or a sample of them, comes out as it does.

use std::io::{self, Write};

use crate::attempt;
use crate::attempt::rows::{self, Rows};
use crate::cli::args::{Everywhere, Explain};
use crate::cli::job::{Premises, besides};
use crate::cli::output::{Output, page_outputs, write};
use crate::cli::progress::Shown;
use crate::cli::reading::{Purpose, exports, read, say, use_threads};
use crate::cli::{Exit, Failure, recorded, scope};
use crate::compile;
use crate::compile::recorded::Recorded;
use crate::explain::{self, Given, Input, Sources};
use crate::ingest::{Ingested, InputFile};

use super::replay::own_tenant;

pub(in crate::cli) fn run(typed: &Explain, everywhere: &Everywhere, out: &mut dyn Write) -> Result<Exit, Failure> {
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
    // Only an explanation shows the copies of a row: it alone keeps the rows as they were read.
    let sources = Sources::new(frame.clone(), exports(&inputs).map(input).collect());
    let options = attempt::Options { own_tenant: own_tenant(&typed.scope, &tenant), one_row_each: typed.scope.rows };
    let attempts = attempt::gather(frame, &tenant.risk_detections, &options, &mut diagnostics);
    progress.stage("compiling policies");
    let people = rows::people(&attempts.frame);
    let rows = Rows::read(&attempts.frame, &people, attempts.own_tenant.as_deref());
    let proven = Recorded::read(&existing, &attempts, &rows);
    recorded::tell_proven(proven.attempts(), &mut diagnostics);
    let given_to_compile = compile::Sources { attempts: &attempts, rows: &rows, tenant: &tenant, recorded: &proven };
    let plan = compile::compile_from(&candidates, given_to_compile, &mut diagnostics);
    let given = Given {
        facts: &rows,
        candidates: &candidates,
        attempts: &attempts,
        plan: &plan,
        tenant: &tenant,
        sources: &sources,
        one_row_each: typed.scope.rows,
    };
    let newest = attempts.frame.created().iter().copied().max();
    let scope = scope::resolved(&typed.scope, newest);
    let wanted = explain::Wanted {
        ids: typed.sign_in.clone(),
        scope: scope.choose(&attempts),
        effect: typed.effect,
        result: typed.result,
        limit: typed.limit,
    };
    progress.stage("explaining");
    let explanation = explain::explain(given, &wanted, &diagnostics).map_err(|unknown| {
        progress.finish();
        let failures = unknown.iter().map(|one| {
            let message = format!("sign-in `{}` is not in these logs", one.id);
            Failure::usage("--sign-in", &message, &one.help)
        });
        Failure::each(failures)
    })?;

    progress.stage("writing");
    write(outputs, |format, out| explain::render(&explanation, format, out))?
        .into_iter()
        .try_for_each(Output::finish)?;
    progress.finish();
    say(&diagnostics, everywhere);
    match explain::render(&explanation, typed.format, out).and_then(|()| out.flush()) {
        // The reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Done),
        shown => shown.map(|()| Exit::Done).map_err(|error| Failure::stdout(&error)),
    }
}

fn input(file: &InputFile) -> Input {
    let InputFile { path, format, rows, evidence, .. } = file;
    Input { path: path.clone(), format: format.clone().into_owned(), rows: *rows, evidence: *evidence }
}

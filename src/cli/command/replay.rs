//! `ca-impact replay`: the main job, as a table of contents.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::attempt::times::Times;
use crate::cli::args::{self, Everywhere, Replay};
use crate::cli::evidence::{self, Against, Listed};
use crate::cli::job::Job;
use crate::cli::limit::{Figures, Privileged};
use crate::cli::output::{Output, write};
use crate::cli::progress::Shown;
use crate::cli::reading::{exports, read_apart, say, use_threads};
use crate::cli::recorded;
use crate::cli::room::Room;
use crate::cli::scope;
use crate::cli::{Exit, Failure};
use crate::compile;
use crate::diagnostic::{Diagnostics, Origin};
use crate::export::Run;
use crate::impact::{Breakdown, Impact, Names};
use crate::ingest::{InputFile, Partitioned};
use crate::lint;
use crate::partition::{self, Making, PartitionError, Question, Replayed};
use crate::policy::Candidate;
use crate::report::{self, CandidateFacts, Input, Limit, Parts, ProtectedAccounts, Report, Window};
use crate::tenant::Tenant;
use crate::verify::Verification;

pub(in crate::cli) fn run(typed: &Replay, everywhere: &Everywhere, out: &mut dyn Write) -> Result<Exit, Failure> {
    use_threads(everywhere)?;
    let Job { candidates, existing, tenant, reports, verdicts, mut diagnostics } = Job::resolve(typed)?;
    let room = Room::new(everywhere, &verdicts)?;
    let progress = Shown::new(everywhere);
    let Partitioned { partitions, inputs, diagnostics: of_reading } =
        read_apart(&typed.logs, &typed.reading, room.keeping(), &progress)?;
    diagnostics.append(of_reading);

    progress.stage("merging copies of rows");
    let own_tenant = own_tenant(&typed.scope, &tenant);
    let failed = |error: PartitionError| room.refused(error, &progress);
    let settled =
        partition::settle(&partitions, own_tenant.as_deref(), &typed.logs, &mut diagnostics).map_err(failed)?;
    let protected = ProtectedAccounts::read(&tenant);
    let scope = scope::resolved(&typed.scope, settled.newest);
    let question = Question {
        candidates: &candidates,
        existing: &existing,
        tenant: &tenant,
        scope: &scope,
        named: &protected.emergency().map(str::to_owned).collect(),
        listings: room.listings(),
    };
    progress.stage("replaying");
    let making = Making { detections: &tenant.risk_detections, one_row_each: typed.scope.rows };
    let work = |place, attempts| Replayed::of(question, place, &attempts);
    let replayed = partition::each(&partitions, &settled, making, &work, &Replayed::and).map_err(failed)?;

    recorded::tell_proven(replayed.proven, &mut diagnostics);
    let rules = compile::rules(&candidates, &tenant, &mut diagnostics);
    for (policy, results) in existing.iter().zip(&replayed.results) {
        note_existing(policy, results, &mut diagnostics);
    }
    if replayed.steps.in_scope() == 0 {
        diagnostics.warn(
            Origin::file("scope"),
            "no attempt is in scope: every number is zero",
            "the report's waterfall shows what was left out; check the scope options and --own-tenant",
        );
    }
    let verification = recorded::compared(replayed.verification.clone());
    if let Some(verification) = &verification {
        recorded::tell_contradictions(verification, typed.tenant.as_deref(), &mut diagnostics);
    }
    let limits = test_limits(typed, &replayed, &protected, verification.as_ref());
    let exit = if limits.iter().any(|limit| limit.crossed) { Exit::LimitCrossed } else { Exit::Done };
    let together: Vec<&Candidate> = candidates.iter().chain(&existing).collect();
    let window = window(&replayed.times, replayed.steps.are_of_all());
    let listed = Listed::read(&tenant, &replayed.seen);
    let against = listed.as_ref().map(|listed| listed.against(&candidates, &tenant));
    let evidence = evidence::of_log(&replayed, &typed.scope, &window, listed.as_ref(), &protected);
    let report = report::build(Parts {
        inputs: exports(&inputs).map(|file| input(file, typed.reading.hash_inputs)).collect(),
        window,
        waterfall: &replayed.steps.clone().into_all(),
        candidates: facts(&candidates, &together, &tenant, against.as_ref()),
        rules: &rules,
        impact: &replayed.impact,
        names: &replayed.names,
        attempt_assumptions: &replayed.assumptions,
        verification,
        diagnostics: &diagnostics,
        limits,
        own_tenant: (settled.own_tenant.id.clone(), settled.own_tenant.source),
        cannot_answer: cannot_answer(&exports(&inputs).collect::<Vec<_>>(), &replayed, &protected),
        protected: &protected,
        evidence,
        users_together: against.map(|against| against.together),
        top: typed.reports.top,
    });

    progress.stage("writing");
    let of_one = candidates.len() + 1;
    write(verdicts, |form, out| Run::merge(&replayed.listings, of_one, form, out))?
        .into_iter()
        .chain(write(reports, |format, out| report::render(&report, format, out))?)
        // Names are given when everything is written: a failure leaves no output behind.
        .try_for_each(Output::finish)?;
    progress.finish();
    say(&diagnostics, everywhere);
    match show(&report, typed, out) {
        // The reader has seen enough; a crossed limit is still told.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(exit),
        shown => shown.map(|()| exit).map_err(|error| Failure::stdout(&error)),
    }
}

/// Whose policies these are, if anyone says so.
pub(super) fn own_tenant(scope: &args::Scope, tenant: &Tenant) -> Option<String> {
    let given = scope.own_tenant.clone().or_else(|| tenant.settings.tenant_id.clone());
    given.filter(|tenant| !tenant.trim().is_empty())
}

pub(super) fn input(file: &InputFile, with_hash: bool) -> Input {
    let InputFile {
        path, format, rows, bad_rows, other_records, sha256, records_risk, is_unfinished, evidence, ..
    } = file;
    let mut notes = Vec::new();
    if *is_unfinished {
        notes.push("not the whole export".to_owned());
    }
    if *evidence > 0 {
        notes.push(format!("{evidence} records about sign-ins of other files"));
    }
    if *bad_rows > 0 {
        notes.push(format!("{bad_rows} bad records skipped"));
    }
    if *other_records > 0 {
        notes.push(format!("{other_records} records of other categories left out"));
    }
    Input {
        path: path.clone(),
        format: format.clone().into_owned(),
        rows: *rows,
        // A converted file knows the hashes of its exports whether or not they are asked for.
        sha256: sha256.clone().filter(|_| with_hash),
        records_risk: *records_risk,
        note: (!notes.is_empty()).then(|| notes.join(", ")),
    }
}

fn facts(
    candidates: &[Candidate],
    together: &[&Candidate],
    tenant: &Tenant,
    against: Option<&Against>,
) -> Vec<CandidateFacts> {
    let of_one = |(place, candidate): (usize, &Candidate)| CandidateFacts {
        name: candidate.name.clone(),
        id: candidate.id.clone(),
        sha256: candidate.sha256.clone(),
        lint: Some(lint::check(candidate, together, tenant)),
        users: against.and_then(|against| against.each.get(place).copied()),
    };
    candidates.iter().enumerate().map(of_one).collect()
}

/// All rows where nothing is left out; else those of the attempts in scope.
pub(super) fn window((all, scoped): &(Times, Times), is_of_all: bool) -> Window {
    Window::from(if is_of_all { all } else { scoped })
}

/// What these inputs cannot answer, once, before any table.
fn cannot_answer(inputs: &[&InputFile], replayed: &Replayed, protected: &ProtectedAccounts) -> Vec<String> {
    let mut sentences: Vec<String> = protected
        .roles_without_members
        .iter()
        .map(|role| {
            format!(
                "whether holders of the privileged role {role} would be challenged or blocked: the tenant folder has \
                 no list of its members (tenant/roles/{role}.json)"
            )
        })
        .collect();
    let silent: Vec<&str> =
        inputs.iter().filter(|input| !input.records_risk).map(|input| input.path.as_str()).collect();
    if !silent.is_empty() {
        sentences.push(format!(
            "{} cannot answer a risk question: this export holds no risk level; Graph sign-ins (JSON), the admin \
             center's JSON download, diagnostic settings and Log Analytics do",
            silent.join(", ")
        ));
    }
    let cut: Vec<&str> = inputs.iter().filter(|input| input.is_unfinished).map(|input| input.path.as_str()).collect();
    if !cut.is_empty() {
        sentences.push(format!("{} is not the whole export: it says itself that more follows", cut.join(", ")));
    }
    let Replayed { attempts, with_risk, with_policies, .. } = *replayed;
    if with_risk == 0 && attempts > 0 && silent.len() < inputs.len() {
        sentences.push(
            "no sign-in records a risk level: this export cannot answer any risk question (a tenant without \
             Microsoft Entra ID P2 shows `hidden`)"
                .to_owned(),
        );
    }
    if with_policies == 0 && attempts > 0 {
        sentences.push(
            "no sign-in records the policies that were applied: export with a permission to read policies, or this \
             evidence is missing (POP-3)"
                .to_owned(),
        );
    }
    sentences
}

/// What the log recorded of a policy that was there before: how far its results can be compared.
fn note_existing(policy: &Candidate, results: &BTreeMap<String, u64>, diagnostics: &mut Diagnostics) {
    if policy.id.is_empty() || results.is_empty() {
        diagnostics.warn(
            policy.origin.clone(),
            format!("existing policy `{}` is not recorded in any sign-in", policy.name),
            "export the policy with its id from the tenant that the log is from",
        );
        return;
    }
    let counts: Vec<String> = results.iter().map(|(result, count)| format!("{result} {count}")).collect();
    let message = format!("existing policy `{}` is recorded with these results: {}", policy.name, counts.join(", "));
    diagnostics.note(policy.origin.clone(), message);
}

fn test_limits(
    typed: &Replay,
    Replayed { impact, names, .. }: &Replayed,
    protected: &ProtectedAccounts,
    verification: Option<&Verification>,
) -> Vec<Limit> {
    let agreement = verification.and_then(|verification| report::agreement(verification.totals()));
    let figures =
        Figures { combined: &impact.combined.tally, privileged: privileged(impact, names, protected), agreement };
    typed
        .reports
        .fail_on
        .iter()
        .map(|limit| {
            let value = limit.value(figures);
            Limit { expression: limit.expression.clone(), value, crossed: limit.is_crossed_by(value) }
        })
        .collect()
}

/// Privileged people possibly touched: emergency accounts and members of the privileged roles.
/// None if nobody says who is privileged, or a role has no member list.
fn privileged(impact: &Impact, names: &Names, protected: &ProtectedAccounts) -> Option<Privileged> {
    if !protected.are_named || !protected.roles_without_members.is_empty() {
        return None;
    }
    let mut touched = Privileged::default();
    for (code, counts) in impact.combined.breakdowns.of(Breakdown::User) {
        if names.key(Breakdown::User, *code).and_then(|key| protected.of(&key.key)).is_some() {
            touched.challenged += u64::from(counts.challenged_most > 0);
            touched.blocked += u64::from(counts.blocked_most > 0);
        }
    }
    Some(touched)
}

fn show(report: &Report, typed: &Replay, out: &mut dyn Write) -> io::Result<()> {
    report::render(report, typed.reports.format, out)?;
    out.flush()
}

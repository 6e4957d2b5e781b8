//! `ca-impact replay`: the main job, as a table of contents.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::attempt::rows::{self, Rows};
use crate::attempt::{self, Attempts};
use crate::cli::args::{self, Everywhere, Replay};
use crate::cli::evidence::{self, Against, Listed, Seen};
use crate::cli::job::Job;
use crate::cli::limit::{Figures, Privileged};
use crate::cli::output::{Output, write};
use crate::cli::progress::Shown;
use crate::cli::reading::{Purpose, exports, read, say, use_threads};
use crate::cli::recorded;
use crate::cli::scope;
use crate::cli::{Exit, Failure};
use crate::compile::recorded::Recorded;
use crate::compile::{self, Sources};
use crate::diagnostic::{Diagnostics, Origin};
use crate::domain::{RiskLevel, folded};
use crate::export;
use crate::frame::{AppliedPolicy, Column, parsed};
use crate::impact::{Breakdown, Impact, Keys};
use crate::ingest::{Ingested, InputFile};
use crate::lint;
use crate::policy::Candidate;
use crate::replay;
use crate::report::{self, CandidateFacts, Input, Limit, Parts, ProtectedAccounts, Report, Window};
use crate::tenant::Tenant;
use crate::verify::Verification;

pub(in crate::cli) fn run(typed: &Replay, everywhere: &Everywhere, out: &mut dyn Write) -> Result<Exit, Failure> {
    use_threads(everywhere)?;
    let Job { candidates, existing, tenant, reports, verdicts, mut diagnostics } = Job::resolve(typed)?;
    let progress = Shown::new(everywhere);
    let Ingested { frame, inputs, diagnostics: of_reading } =
        read(&typed.logs, &typed.reading, Purpose::Count, &progress)?;
    diagnostics.append(of_reading);

    progress.stage("grouping sign-ins into attempts");
    let options = attempt::Options { own_tenant: own_tenant(&typed.scope, &tenant), one_row_each: typed.scope.rows };
    let attempts = attempt::gather(frame, &tenant.risk_detections, &options, &mut diagnostics);
    progress.stage("compiling policies");
    let people = rows::people(&attempts.frame);
    let mut rows = Rows::read(&attempts.frame, &people, attempts.own_tenant.as_deref());
    let proven = Recorded::read(&existing, &attempts, &rows);
    recorded::tell_proven(&proven, &mut diagnostics);
    let sources = Sources { attempts: &attempts, rows: &rows, tenant: &tenant, recorded: &proven };
    let plan = compile::compile_from(&candidates, sources, &mut diagnostics);
    for policy in &existing {
        note_existing(policy, &attempts, &mut diagnostics);
    }
    let scoped = scope::choose(&attempts, &typed.scope);
    progress.stage("replaying");
    let keys = Keys::read(&attempts);
    if scoped.is_empty() {
        diagnostics.warn(
            Origin::file("scope"),
            "no attempt is in scope: every number is zero",
            "the report's waterfall shows what was left out; check the scope options and --own-tenant",
        );
    }
    let impact = replay::replay(&plan, &attempts, &keys, &scoped);

    progress.stage("comparing with recorded results");
    let verification = recorded::compare(&candidates, &existing, &attempts, &tenant, &scoped, &mut rows);
    if let Some(verification) = &verification {
        recorded::tell_contradictions(verification, typed.tenant.as_deref(), &mut diagnostics);
    }
    let protected = ProtectedAccounts::read(&tenant);
    let limits = test_limits(typed, &impact, &keys, &protected, verification.as_ref());
    let exit = if limits.iter().any(|limit| limit.crossed) { Exit::LimitCrossed } else { Exit::Done };
    let together: Vec<&Candidate> = candidates.iter().chain(&existing).collect();
    let window = window(&attempts, &scoped);
    let seen = Seen::read(&attempts, &scoped);
    let listed = Listed::read(&tenant, &seen);
    let against = listed.as_ref().map(|listed| listed.against(&candidates, &tenant));
    let evidence = evidence::of_log(&attempts, &seen, &typed.scope, &window, listed.as_ref(), &protected);
    let report = report::build(Parts {
        inputs: exports(&inputs).map(|file| input(file, typed.reading.hash_inputs)).collect(),
        window,
        waterfall: &scope::waterfall(&attempts, &scoped),
        candidates: facts(&candidates, &together, &tenant, against.as_ref()),
        plan: &plan,
        impact: &impact,
        keys: &keys,
        attempt_assumptions: &attempts.assumptions,
        verification,
        diagnostics: &diagnostics,
        limits,
        own_tenant: (attempts.own_tenant.clone(), attempts.own_tenant_source),
        cannot_answer: cannot_answer(&exports(&inputs).collect::<Vec<_>>(), &attempts, &protected),
        protected: &protected,
        evidence,
        users_together: against.map(|against| against.together),
        top: typed.reports.top,
    });

    progress.stage("writing");
    write(verdicts, |form, out| export::write(form, &attempts, &plan, &scoped, out))?
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
pub(super) fn window(attempts: &Attempts, scoped: &[usize]) -> Window {
    if scoped.len() == attempts.list.len() {
        return Window::of(attempts.frame.created().iter().copied());
    }
    let chosen = scoped.iter().filter_map(|place| attempts.list.get(*place));
    let rows = chosen.flat_map(|attempt| attempts.rows_of(attempt));
    Window::of(rows.filter_map(|row| attempts.frame.created().get(*row).copied()))
}

/// What these inputs cannot answer, once, before any table.
fn cannot_answer(inputs: &[&InputFile], attempts: &Attempts, protected: &ProtectedAccounts) -> Vec<String> {
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
    let risk_unknown = attempts.list.iter().all(|attempt| attempt.risk == RiskLevel::Unknown);
    if risk_unknown && !attempts.list.is_empty() && silent.len() < inputs.len() {
        sentences.push(
            "no sign-in records a risk level: this export cannot answer any risk question (a tenant without \
             Microsoft Entra ID P2 shows `hidden`)"
                .to_owned(),
        );
    }
    let no_policies = attempts.list.iter().all(|attempt| {
        attempts.text(attempt, Column::AppliedConditionalAccessPolicies).is_none_or(|text| text == "[]")
    });
    if no_policies && !attempts.list.is_empty() {
        sentences.push(
            "no sign-in records the policies that were applied: export with a permission to read policies, or this \
             evidence is missing (POP-3)"
                .to_owned(),
        );
    }
    sentences
}

/// What the log recorded of a policy that was there before: how far its results can be compared.
fn note_existing(policy: &Candidate, attempts: &Attempts, diagnostics: &mut Diagnostics) {
    let lists = attempts.frame.dictionary(Column::AppliedConditionalAccessPolicies);
    let recorded: Vec<Option<String>> = lists
        .iter()
        .map(|text| {
            let applied: Vec<AppliedPolicy> = parsed(text);
            applied.into_iter().find(|one| folded(&one.id) == folded(&policy.id)).map(|one| one.result)
        })
        .collect();
    let mut results: BTreeMap<&str, u64> = BTreeMap::new();
    for attempt in &attempts.list {
        let code = attempts.code(attempt, Column::AppliedConditionalAccessPolicies);
        if let Some(result) = recorded.get(code as usize).and_then(Option::as_deref) {
            *results.entry(result).or_default() += 1;
        }
    }
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
    impact: &Impact,
    keys: &Keys,
    protected: &ProtectedAccounts,
    verification: Option<&Verification>,
) -> Vec<Limit> {
    let agreement = verification.and_then(|verification| report::agreement(verification.totals()));
    let figures =
        Figures { combined: &impact.combined.tally, privileged: privileged(impact, keys, protected), agreement };
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
fn privileged(impact: &Impact, keys: &Keys, protected: &ProtectedAccounts) -> Option<Privileged> {
    if !protected.are_named || !protected.roles_without_members.is_empty() {
        return None;
    }
    let mut touched = Privileged::default();
    for (code, counts) in impact.combined.breakdowns.of(Breakdown::User) {
        if keys.key(Breakdown::User, *code).and_then(|key| protected.of(&key.key)).is_some() {
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

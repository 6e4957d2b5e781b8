//! The compiled replay against the slow evaluator that was written from the reference alone.
//!
//! Random tenants, candidates and logs must give equal verdicts, ranges included, whether rows are grouped
//! or not (every seventh world). `DIFFERENTIAL_WORLDS=5000` makes the run longer, `DIFFERENTIAL_SEED=77` replays
//! one world; every failing seed is printed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use ca_impact::attempt::{self, Attempts};
use ca_impact::compile::{self, Plan};
use ca_impact::diagnostic::Diagnostics;
use ca_impact::domain::{Condition, Spelled, Verdict};
use ca_impact::frame::Column;
use ca_impact::ingest::{self, MaxBadRows};
use ca_impact::policy;
use ca_impact::replay;
use ca_impact::tenant::Tenant;
use rayon::prelude::*;
use serde_json::Value;

use crate::generator::formats::{self, Shape};
use crate::generator::world::{World, random_world};
use crate::reference::{self, Input};

/// A verdict line, as far as both evaluators write it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    created: i64,
    sign_in: String,
    user: String,
    policy: String,
    risk: String,
    interactive: bool,
    rows: usize,
    history: String,
    result: (String, String),
    effect: (String, String),
    not_matched: Vec<String>,
}

/// What a line is about: copies that name different users are rows of their own (C1).
type Key = (i64, String, String, String);

impl Line {
    fn key(&self) -> Key {
        (self.created, self.sign_in.clone(), self.policy.clone(), self.user.clone())
    }
}

/// Writes a world to a folder and replays it as the program does.
fn replayed(world: &World, log: &[u8], shape: Shape, one_row_each: bool) -> Vec<Line> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let logs = format!("logs/{}", shape.file_name());
    write(&logs, log);
    for (place, (_, policy)) in world.policies.iter().enumerate() {
        write(&format!("policies/{place:03}.json"), policy.to_string().as_bytes());
    }
    fs::create_dir_all(folder.path().join("tenant")).unwrap();
    for (name, text) in &world.tenant {
        write(&format!("tenant/{name}"), text.as_bytes());
    }
    let typed = |path: &Path| path.display().to_string();
    let options = ingest::Options { max_bad_rows: MaxBadRows::Rows(0), ..ingest::Options::default() };
    let ingested = ingest::ingest(&[typed(&folder.path().join(logs))], &options, &()).unwrap();
    let (candidates, _) = policy::load(&[typed(&folder.path().join("policies"))]).unwrap();
    let (tenant, _) = Tenant::load(&folder.path().join("tenant")).unwrap();
    let mut diagnostics = Diagnostics::default();
    let own_tenant = tenant.settings.tenant_id.clone();
    let options = attempt::Options { own_tenant, one_row_each };
    let attempts = attempt::gather(ingested.frame, &tenant.risk_detections, &options, &mut diagnostics);
    let plan = compile::compile(&candidates, &attempts, &tenant, &mut diagnostics);
    lines(&attempts, &plan)
}

fn lines(attempts: &Attempts, plan: &Plan) -> Vec<Line> {
    let mut lines = Vec::new();
    for (place, attempt) in attempts.list.iter().enumerate() {
        let line = |policy: &str, verdict: Verdict, not_matched: Vec<String>| Line {
            created: attempts.created(attempt),
            sign_in: attempts.text(attempt, Column::Id).unwrap_or("").to_lowercase(),
            user: attempts.text(attempt, Column::UserId).unwrap_or("").to_lowercase(),
            policy: policy.to_owned(),
            risk: attempt.risk.word().to_owned(),
            interactive: attempt.interactive,
            rows: attempt.rows.len(),
            history: attempt.history.word().to_owned(),
            result: (verdict.outcome.least().word().to_owned(), verdict.outcome.most().word().to_owned()),
            effect: (verdict.effect.least().word().to_owned(), verdict.effect.most().word().to_owned()),
            not_matched,
        };
        let mut together = Verdict::UNTOUCHED;
        for rule in &plan.rules {
            let verdict = replay::judge(plan, rule, place).verdict;
            let not_matched = replay::not_matched(plan, rule, place).map(Condition::word).map(str::to_owned).collect();
            lines.push(line(&rule.name, verdict, not_matched));
            together = together.and(verdict);
        }
        lines.push(line("*", together, Vec::new()));
    }
    lines
}

/// A policy without a name is called by its file's stem.
fn named(policy: &Value, place: usize) -> Value {
    let mut policy = policy.clone();
    if policy["displayName"].as_str().is_none_or(str::is_empty) {
        policy["displayName"] = Value::String(format!("{place:03}"));
    }
    policy
}

/// The same from the slow evaluator, with its notes.
fn expected(world: &World, rows: Vec<Value>, one_row_each: bool) -> (Vec<Line>, Vec<String>) {
    let input = Input {
        rows,
        policies: world.policies.iter().enumerate().map(|(place, (_, policy))| named(policy, place)).collect(),
        tenant: world.tenant.clone(),
        own_tenant: None,
        rows_mode: one_row_each,
    };
    let output = reference::evaluate(&input);
    let notes = output.lines.iter().map(|line| line.note.clone()).collect();
    let lines = output
        .lines
        .into_iter()
        .map(|line| Line {
            created: line.created_at_micros,
            sign_in: line.sign_in_id.to_lowercase(),
            user: line.user_id.to_lowercase(),
            risk: line.risk_level.to_owned(),
            interactive: line.interactive,
            rows: line.rows,
            history: line.history.to_owned(),
            result: (line.result_least.to_owned(), line.result_most.to_owned()),
            effect: (line.effect_least.to_owned(), line.effect_most.to_owned()),
            not_matched: if line.policy == "*" {
                Vec::new()
            } else {
                line.not_matched.iter().map(|name| (*name).to_owned()).collect()
            },
            policy: line.policy,
        })
        .collect();
    (lines, notes)
}

/// `DIFFERENTIAL_SHOW=<id>` prints the records and the policies behind a difference.
fn show(world: &World, log: &[u8]) {
    let Ok(id) = std::env::var("DIFFERENTIAL_SHOW") else { return };
    for line in String::from_utf8_lossy(log).lines().filter(|line| line.to_lowercase().contains(&id)) {
        println!("record {line}");
    }
    for (name, policy) in &world.policies {
        println!("policy {name} {policy}");
    }
    for (name, text) in &world.tenant {
        println!("tenant {name} {text}");
    }
}

/// How much was compared, and in how many verdicts something was at stake.
#[derive(Clone, Copy, Debug, Default)]
struct Compared {
    /// Attempts of worlds whose rows were grouped.
    grouped: usize,
    /// Attempts of worlds in which one row was one attempt.
    single: usize,
    /// Lines of one attempt and one candidate.
    verdicts: usize,
    /// Those that say more than "not applied".
    applied: usize,
    /// Those with two different ends.
    open: usize,
}

impl Compared {
    fn of(lines: &[Line], one_row_each: bool) -> Compared {
        let attempts = lines.iter().filter(|line| line.policy == "*").count();
        let verdicts = || lines.iter().filter(|line| line.policy != "*");
        Compared {
            grouped: if one_row_each { 0 } else { attempts },
            single: if one_row_each { attempts } else { 0 },
            verdicts: verdicts().count(),
            applied: verdicts().filter(|line| line.result.1 != "notApplied").count(),
            open: verdicts().filter(|line| line.result.0 != line.result.1 || line.effect.0 != line.effect.1).count(),
        }
    }

    fn and(self, other: Compared) -> Compared {
        Compared {
            grouped: self.grouped + other.grouped,
            single: self.single + other.single,
            verdicts: self.verdicts + other.verdicts,
            applied: self.applied + other.applied,
            open: self.open + other.open,
        }
    }
}

/// Compares one world; the text says what differs.
fn compare(seed: u64, attempts: usize) -> Result<Compared, String> {
    let world = random_world(seed, attempts);
    let shape = if seed.is_multiple_of(2) { Shape::GraphLines } else { Shape::DiagnosticLines };
    let one_row_each = seed % 7 == 3;
    let log = formats::write(shape, &world.rows);
    let records = String::from_utf8(log.clone()).unwrap();
    let records = records.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let rows: Vec<Value> = match shape {
        Shape::DiagnosticLines => records.filter_map(|record| reference::row_of_diagnostic(&record)).collect(),
        _ => records.collect(),
    };
    show(&world, &log);
    let (theirs, notes) = expected(&world, rows, one_row_each);
    let ours = replayed(&world, &log, shape, one_row_each);
    let by_key =
        |lines: &[Line]| -> BTreeMap<Key, Line> { lines.iter().map(|line| (line.key(), line.clone())).collect() };
    let (ours_by, theirs_by) = (by_key(&ours), by_key(&theirs));
    let notes: BTreeMap<_, _> = theirs.iter().map(Line::key).zip(notes).collect();
    let mut said = String::new();
    let keys = ours_by.keys().chain(theirs_by.keys().filter(|key| !ours_by.contains_key(*key)));
    for key in keys.filter(|key| ours_by.get(*key) != theirs_by.get(*key)).take(3) {
        let _ = write!(
            said,
            "\nseed {seed} {key:?}\n  replay    {:?}\n  reference {:?}\n  note      {:?}",
            ours_by.get(key),
            theirs_by.get(key),
            notes.get(key)
        );
    }
    if !said.is_empty() {
        return Err(said);
    }
    // Order is part of the contract: by time, then id, candidates in order, then all together.
    if ours != theirs {
        return Err(format!("\nseed {seed}: the same lines in another order"));
    }
    Ok(Compared::of(&theirs, one_row_each))
}

#[test]
fn the_replay_agrees_with_the_slow_evaluator() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds: Vec<u64> = match number("DIFFERENTIAL_SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("DIFFERENTIAL_WORLDS").unwrap_or(200)).collect(),
    };
    let worlds = seeds.len();
    println!("seeds {:?} to {:?}", seeds.first(), seeds.last());
    let results: Vec<Result<Compared, String>> = seeds.into_par_iter().map(|seed| compare(seed, 60)).collect();
    let all = results.iter().flatten().fold(Compared::default(), |all, one| all.and(*one));
    println!(
        "compared {} grouped attempts and {} single rows of {worlds} worlds with the slow evaluator: \
         {} verdicts, {} of them applied, {} of them open",
        all.grouped, all.single, all.verdicts, all.applied, all.open
    );
    let failed: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{} of {worlds} worlds differ:{}", failed.len(), failed.concat());
    assert!(all.grouped > 0 || all.single > 0, "nothing was compared");
    assert!(worlds < 100 || (all.grouped > 3_000 && all.single > 500), "too little was compared: {all:?}");
}

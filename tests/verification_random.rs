//! What is verified is no evidence for itself: over random tenants, `verify` gives the ranges that the slow evaluator
//! gives for the same log without the entries of the policy. `DIFFERENTIAL_WORLDS` and `DIFFERENTIAL_SEED` hold here too.

use std::collections::BTreeMap;

use ca_impact::attempt;
use ca_impact::attempt::rows::{self, Rows};
use ca_impact::diagnostic::Diagnostics;
use ca_impact::domain::Spelled;
use ca_impact::ingest::{self, MaxBadRows};
use ca_impact::policy;
use ca_impact::tenant::Tenant;
use ca_impact::verify::{Given, Verification, verify};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::generator::dice::Dice;
use crate::generator::formats::{self, Shape};
use crate::generator::world::{World, random_world};
use crate::reference::{self, Input, Line};

/// Codes with which a row is in the population whatever is recorded beside them (POP-1).
const REACHED: &[i64] = &[0, 50072, 50074, 50076, 50078, 50079, 50097, 50158, 53000, 53001, 53002, 53003, 53004];

const WORDS: [&str; 8] = [
    "success",
    "failure",
    "notApplied",
    "reportOnlySuccess",
    "reportOnlyFailure",
    "reportOnlyNotApplied",
    "reportOnlyInterrupted",
    "notEnabled",
];

fn lines(world: &World, policy: &Value) -> Vec<Line> {
    let input = Input {
        rows: world.rows.iter().map(|row| row.value.clone()).collect(),
        policies: vec![policy.clone()],
        tenant: world.tenant.clone(),
        own_tenant: None,
        rows_mode: false,
    };
    reference::evaluate(&input).lines.into_iter().filter(|line| line.policy != "*").collect()
}

/// Grant controls as a log words them: those that are evidence (C21, C22, C28) more often than not.
fn grants(dice: &mut Dice) -> Vec<&'static str> {
    dice.one(&[
        &["Mfa"][..],
        &["Mfa"],
        &["RequireCompliantDevice"],
        &["RequireDomainJoinedDevice"],
        &["RequireApprovedApp"],
        &["RequireCompliantApp"],
        &["Mfa", "RequireCompliantDevice"],
        &["Block"],
        &[],
    ])
    .to_vec()
}

fn verification(world: &World, policy: &Value) -> Verification {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("signIns.ndjson"), formats::write(Shape::GraphLines, &world.rows)).unwrap();
    std::fs::write(path("policy.json"), policy.to_string()).unwrap();
    for (name, text) in &world.tenant {
        let path = folder.path().join("tenant").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    std::fs::create_dir_all(path("tenant")).unwrap();
    let options = ingest::Options { max_bad_rows: MaxBadRows::Rows(0), ..ingest::Options::default() };
    let frame = ingest::ingest(&[path("signIns.ndjson")], &options, &()).unwrap().frame;
    let (candidates, _) = policy::load(&[path("policy.json")]).unwrap();
    let (tenant, _) = Tenant::load(&folder.path().join("tenant")).unwrap();
    let options = attempt::Options { own_tenant: tenant.settings.tenant_id.clone(), one_row_each: false };
    let attempts = attempt::gather(frame, &tenant.risk_detections, &options, &mut Diagnostics::default());
    let scope: Vec<usize> = (0..attempts.list.len()).collect();
    let policies: Vec<&policy::Candidate> = candidates.iter().collect();
    let people = rows::people(&attempts.frame);
    let mut rows = Rows::read(&attempts.frame, &people, attempts.own_tenant.as_deref());
    let given = Given { policies: &policies, existing: &[], attempts: &attempts, tenant: &tenant, scope: &scope };
    verify(given, &mut rows)
}

/// Compares every policy of one world by itself; how many results were compared.
fn compare(seed: u64) -> Result<u64, String> {
    let mut dice = Dice::new(seed ^ 0xfeed);
    let world = random_world(seed, 50);
    let mut compared = 0;
    for (place, (_, candidate)) in world.policies.iter().enumerate() {
        // An id that nothing in the log bears yet.
        let id = format!("{seed:08x}-0000-4000-8000-{place:012x}");
        let mut candidate = candidate.clone();
        candidate["id"] = json!(id);
        let mut recorded: BTreeMap<String, &str> = BTreeMap::new();
        let mut seen: BTreeMap<(String, String, String), u64> = BTreeMap::new();
        let verdicts = lines(&world, &candidate);
        for line in &verdicts {
            // Copies of a row are merged before the list is read: all of them get the entry, or none.
            let copies = world.rows.iter().filter(|row| is(&row.value, &line.sign_in_id));
            let codes: Vec<i64> = copies.filter_map(|row| row.value["status"]["errorCode"].as_i64()).collect();
            let is_reached = !codes.is_empty() && codes.iter().all(|code| REACHED.contains(code));
            // Two users of one id are two rows (C1): an entry would be written to both.
            let is_one = verdicts.iter().filter(|other| is_same(&other.sign_in_id, &line.sign_in_id)).count() == 1;
            if !is_reached || !is_one || !dice.chance(80) {
                continue;
            }
            let word = dice.one(&WORDS);
            recorded.insert(line.sign_in_id.to_lowercase(), word);
            if word != "notEnabled" {
                let key = (line.result_least.to_owned(), line.result_most.to_owned(), word.to_owned());
                *seen.entry(key).or_default() += 1;
            }
        }
        let mut written = world.clone();
        for row in &mut written.rows {
            let id_of_row = row.value["id"].as_str().unwrap_or("").to_lowercase();
            let Some(word) = recorded.get(&id_of_row) else { continue };
            let entry = json!({"id": id, "displayName": "own", "result": word, "enforcedGrantControls": grants(&mut dice),
                "enforcedSessionControls": if dice.chance(30) { json!(["SignInFrequency"]) } else { json!([]) }});
            match &mut row.value["appliedConditionalAccessPolicies"] {
                Value::Array(list) => list.push(entry),
                other => *other = json!([entry]),
            }
        }
        let policy = &verification(&written, &candidate).policies[0];
        // Several cells have the same ends where what is possible between these differs.
        let mut ours: BTreeMap<(String, String, String), u64> = BTreeMap::new();
        for cell in &policy.matrix {
            let key = (cell.replayed.least().word(), cell.replayed.most().word(), cell.recorded.word());
            *ours.entry((key.0.to_owned(), key.1.to_owned(), key.2.to_owned())).or_default() += cell.attempts;
        }
        let left_out: Vec<(&str, u64)> = policy.left_out.iter().map(|(why, count)| (why.word(), *count)).collect();
        let others: u64 = left_out.iter().filter(|(why, _)| *why != "notEnabled").map(|(_, count)| count).sum();
        // Where something is left out for what the replay is, the rest must still be what the slow evaluator says.
        let fits = if others == 0 {
            ours == seen
        } else {
            ours.iter().all(|(key, count)| seen.get(key).is_some_and(|expected| count <= expected))
                && ours.values().sum::<u64>() + others == seen.values().sum::<u64>()
        };
        if !fits {
            return Err(format!(
                "\nseed {seed} policy {place}:\n  verify    {ours:?} {left_out:?}\n  reference {seen:?}"
            ));
        }
        compared += policy.totals().compared();
    }
    Ok(compared)
}

fn is(row: &Value, id: &str) -> bool {
    row["id"].as_str().is_some_and(|one| is_same(one, id))
}

fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

#[test]
fn what_is_verified_is_no_evidence_for_itself() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds: Vec<u64> = match number("DIFFERENTIAL_SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("DIFFERENTIAL_WORLDS").unwrap_or(16)).collect(),
    };
    let worlds = seeds.len();
    let results: Vec<Result<u64, String>> = seeds.into_par_iter().map(compare).collect();
    let compared: u64 = results.iter().flatten().sum();
    println!("compared {compared} recorded results of {worlds} worlds with the slow evaluator");
    let failed: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{} of {worlds} worlds differ:{}", failed.len(), failed.concat());
    assert!(worlds < 16 || compared > 1_000, "too little was compared: {compared}");
}

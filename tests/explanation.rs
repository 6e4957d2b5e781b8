//! An explanation is the truth of the verdicts, and says where everything stands.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::generator::formats::{self, Shape};
use crate::generator::world::{World, random_world};
use crate::program::{Folder, done, sample, seen};

const SAMPLES: [&str; 6] = ["risky-sign-ins", "guests", "devices", "legacy-clients", "user-risk", "locations"];

/// Every explanation, and the verdict lines by sign-in, user and policy.
struct Run {
    explained: Value,
    verdicts: BTreeMap<(String, String, String), Value>,
}

/// Copies that name different users are rows of their own (C1), so the sign-in alone is no key.
fn verdicts(lines: &[u8]) -> BTreeMap<(String, String, String), Value> {
    std::str::from_utf8(lines)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| ((text(&line["sign_in_id"]), text(&line["user_id"]), text(&line["policy"])), line))
        .collect()
}

fn of_sample(name: &str) -> Run {
    let folder = Folder::new();
    let file = folder.path("v.ndjson").display().to_string();
    let path = |part: &str| sample(name).join(part).display().to_string();
    let given = [path("logs"), "--policy".to_owned(), path("policies"), "--tenant".to_owned(), path("tenant")];
    let run = |command: &str, options: &[&str]| {
        let given = given.iter().map(String::as_str);
        done(&[command].into_iter().chain(given).chain(options.iter().copied()).collect::<Vec<_>>()).stdout
    };
    let explained = run("explain", &["--limit", "1000000", "--format", "json", "--quiet"]);
    run("replay", &["--verdicts", &file, "--quiet"]);
    Run { explained: serde_json::from_slice(&explained).unwrap(), verdicts: verdicts(&folder.read("v.ndjson")) }
}

fn of_world(world: &World, options: &str) -> Run {
    let mut folder = Folder::new()
        .with("logs/log.ndjson", formats::write(Shape::DiagnosticLines, &world.rows))
        .with("tenant/.keep", "");
    for (name, text) in &world.tenant {
        folder = folder.with(&format!("tenant/{name}"), text);
    }
    for (place, (_, policy)) in world.policies.iter().enumerate() {
        folder = folder.with(&format!("policies/{place:03}.json"), policy.to_string());
    }
    let run = |command: &str| {
        let output =
            folder.run(&format!("{command} --quiet --policy policies --tenant tenant --max-bad-rows 0 {options}"));
        assert_eq!(output.status.code(), Some(0), "{}", seen(&output));
        output.stdout
    };
    run("replay logs --verdicts v.ndjson");
    let explained = run("explain logs --limit 1000000 --format json");
    Run { explained: serde_json::from_slice(&explained).unwrap(), verdicts: verdicts(&folder.read("v.ndjson")) }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("").to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// A list of words as the verdicts write it.
fn joined(words: impl Iterator<Item = String>) -> Value {
    let words: Vec<String> = words.collect();
    if words.is_empty() { Value::Null } else { json!(words.join(",")) }
}

/// The schema, with every member that it does not name forbidden: nothing is written that it leaves out.
fn strict(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("required") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
            members.values_mut().for_each(strict);
        }
        Value::Array(items) => items.iter_mut().for_each(strict),
        _ => {}
    }
}

fn is_valid(explained: &Value, of: &str) {
    let mut schema: Value = serde_json::from_str(ca_impact::explain::SCHEMA).unwrap();
    strict(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let complaints: Vec<String> =
        validator.iter_errors(explained).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(complaints.is_empty(), "{of}: {complaints:?}");
}

/// Every verdict line is explained, and every explanation says what its line says; how many lines there are.
fn compare(run: &Run, of: &str) -> usize {
    is_valid(&run.explained, of);
    let mut explained_lines = 0;
    for one in list(&run.explained["signIns"]) {
        let (id, user) = (text(&one["signInId"]), text(&one["userId"]));
        let line = |policy: &Value| &run.verdicts[&(id.clone(), user.clone(), text(policy))];
        for candidate in list(&one["candidates"]) {
            let said = json!({
                "created_at": one["createdAt"], "rows": list(&one["rows"]).len(), "interactive": one["interactive"],
                "risk_level": one["risk"]["level"], "history": one["history"]["history"],
                "policy_id": joined([text(&candidate["policyId"])].into_iter().filter(|id| !id.is_empty())),
                "result_least": candidate["verdict"]["resultLeast"],
                "result_most": candidate["verdict"]["resultMost"],
                "effect_least": candidate["verdict"]["effectLeast"],
                "effect_most": candidate["verdict"]["effectMost"],
                "challenge": joined(list(&candidate["challenge"]).iter().map(text)),
                "not_matched": joined(list(&candidate["notMatched"]).iter().map(text)),
                "unmet": joined(list(&candidate["unmet"]).iter().map(text)),
                "reasons": joined(list(&candidate["reasons"]).iter().map(|one| text(&one["reason"]))),
                "missing": joined(list(&candidate["missing"]).iter().map(|one| text(&one["fact"]))),
            });
            for (column, value) in said.as_object().unwrap() {
                assert_eq!(&line(&candidate["policy"])[column], value, "{of} {id} {}: {column}", candidate["policy"]);
            }
            follows(candidate, &format!("{of} {id}"));
            explained_lines += 1;
        }
        for (column, member) in [
            ("result_least", "resultLeast"),
            ("result_most", "resultMost"),
            ("effect_least", "effectLeast"),
            ("effect_most", "effectMost"),
        ] {
            assert_eq!(line(&json!("*"))[column], one["together"][member], "{of} {id}: {column}");
        }
        explained_lines += 1;
    }
    assert_eq!(explained_lines, run.verdicts.len(), "{of}: every line is explained");
    explained_lines
}

#[test]
fn every_explanation_of_the_samples_says_what_the_verdicts_say() {
    let compared: usize = SAMPLES.iter().map(|name| compare(&of_sample(name), name)).sum();
    assert!(compared > 1000, "{compared}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_explanation_of_a_random_tenant_says_what_the_verdicts_say(seed in 0_u64..100_000) {
        let world = random_world(seed, 50);
        for options in ["", "--existing policies", "--rows"] {
            let compared = compare(&of_world(&world, options), &format!("seed {seed} {options}"));
            // A tenant in which nobody reached Conditional Access compares nothing: another one is drawn.
            prop_assume!(compared > 0);
        }
    }
}

const ANSWERS: [&str; 3] = ["no", "unknown", "yes"];
const RESULTS: [&str; 4] = ["notApplied", "success", "interrupted", "failure"];
const EFFECTS: [&str; 5] = ["unaffected", "alreadyChallenged", "alreadyBlocked", "challenged", "blocked"];

fn rank(words: &[&str], word: &Value) -> usize {
    words.iter().position(|known| word == known).unwrap_or_else(|| panic!("{word}"))
}

/// The verdict follows from the answers and the readings that are shown (CON-2, C13, C19, C26).
fn follows(candidate: &Value, of: &str) {
    let answers = list(&candidate["conditions"]).iter().map(|one| rank(&ANSWERS, &one["answer"]));
    let applies = answers.min().unwrap();
    assert_eq!(applies, rank(&ANSWERS, &candidate["applies"]), "{of}: {candidate}");
    let readings = list(&candidate["readings"]);
    let results = |member| readings.iter().map(move |one| rank(&RESULTS, &one[member]["result"]));
    let effects = |member| {
        readings.iter().flat_map(move |one| list(&one[member]["effects"]).iter().map(|effect| rank(&EFFECTS, effect)))
    };
    let both = || effects("least").chain(effects("most"));
    let (least, most) = (results("least").min().unwrap(), results("most").max().unwrap());
    let (mildest, severest) = (both().min().unwrap(), both().max().unwrap());
    let expected = match ANSWERS[applies] {
        "no" => [0, 0, 0, 0],
        "unknown" => [0, most, 0, severest],
        _ => [least, most, mildest, severest],
    };
    let verdict = |member: &str, words: &[&str]| rank(words, &candidate["verdict"][member]);
    let user_action = candidate.to_string().contains("includeUserActions");
    let found = [
        if user_action { expected[0] } else { verdict("resultLeast", &RESULTS) },
        if user_action { expected[1] } else { verdict("resultMost", &RESULTS) },
        verdict("effectLeast", &EFFECTS),
        verdict("effectMost", &EFFECTS),
    ];
    assert_eq!(found, expected, "{of}: {candidate}");
    for condition in list(&candidate["conditions"]) {
        let is_unknown = condition["answer"] == "unknown";
        assert_eq!(is_unknown, !list(&condition["missing"]).is_empty(), "{of}: {condition}");
        assert!(!list(&condition["rules"]).is_empty(), "{of}: {condition}");
        adds_up(condition, of);
    }
}

/// What is included and not excluded matches: the parts add up to the whole (CON-3, CON-4, NUL-2 to NUL-4).
fn adds_up(condition: &Value, of: &str) {
    let name = text(&condition["condition"]);
    if !["users", "devicePlatform", "location"].contains(&name.as_str()) {
        return;
    }
    let parts = list(&condition["parts"]);
    let any = |side: &str| {
        let parts = parts.iter().filter(|part| text(&part["member"]).starts_with(side));
        parts.map(|part| rank(&ANSWERS, &part["answer"])).max()
    };
    let included = any("include").unwrap_or(if name == "users" { 0 } else { 2 });
    let not_excluded = 2 - any("exclude").unwrap_or(0);
    assert_eq!(included.min(not_excluded), rank(&ANSWERS, &condition["answer"]), "{of}: {condition}");
}

/// Ids of all records of the main sample, whatever their file.
fn ids_of_the_main_sample() -> Vec<String> {
    let read = |name: &str| fs::read(sample("risky-sign-ins").join("logs").join(name)).unwrap();
    let graph: Value = serde_json::from_slice(&read("interactive-graph.json")).unwrap();
    let mut ids: Vec<String> = list(&graph["value"]).iter().map(|row| text(&row["id"])).collect();
    let lines = String::from_utf8(read("noninteractive-diagnostic.ndjson")).unwrap();
    ids.extend(lines.lines().map(|line| text(&serde_json::from_str::<Value>(line).unwrap()["properties"]["id"])));
    let table = read("week4-loganalytics.csv");
    let mut table = csv::Reader::from_reader(table.as_slice());
    let column = table.headers().unwrap().iter().position(|name| name == "Id").unwrap();
    ids.extend(table.records().map(|record| record.unwrap()[column].to_owned()));
    ids.sort();
    ids.dedup();
    assert!(ids.len() > 900 && ids.iter().all(|id| !id.is_empty()), "{}", ids.len());
    ids
}

#[test]
fn any_row_can_be_asked_for_and_what_is_left_out_is_what_the_waterfall_counts() {
    let ids = ids_of_the_main_sample();
    let path = |part: &str| format!("sample-data/risky-sign-ins/{part}");
    let (logs, policies, tenant) = (path("logs"), path("policies"), path("tenant"));
    let mut arguments = vec!["explain", &logs, "--policy", &policies, "--tenant", &tenant, "--format", "json", "-q"];
    arguments.extend(ids.iter().flat_map(|id| ["--sign-in", id]));
    let explained: Value = serde_json::from_slice(&done(&arguments).stdout).unwrap();
    is_valid(&explained, "any row");
    let rows = || list(&explained["signIns"]).iter().flat_map(|one| list(&one["rows"]));
    let shown: BTreeSet<String> = rows().map(|row| text(&row["signInId"])).collect();
    assert_eq!(shown, ids.iter().cloned().collect());
    let report = done(&["replay", &logs, "--policy", &policies, "--tenant", &tenant, "--format", "json", "-q"]);
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    let mut counted: BTreeMap<(String, String), u64> = BTreeMap::new();
    for one in list(&explained["signIns"]).iter().filter(|one| !one["leftOut"].is_null()) {
        let reason = (text(&one["leftOut"]["step"]), text(&one["leftOut"]["reason"]));
        *counted.entry(reason).or_default() += 1;
        assert!(!list(&one["recorded"]).is_empty() && list(&one["candidates"]).is_empty(), "{one}");
    }
    let steps = list(&report["waterfall"]).iter().filter(|step| !step["reason"].is_null());
    let expected = steps.map(|step| {
        let number = if step["attempts"].is_null() { &step["rows"] } else { &step["attempts"] };
        ((text(&step["step"]), text(&step["reason"])), number.as_u64().unwrap())
    });
    assert_eq!(counted, expected.collect());
    // Copies are found in the files, each where it stands.
    let graph: Value =
        serde_json::from_slice(&fs::read(sample("risky-sign-ins/logs/interactive-graph.json")).unwrap()).unwrap();
    for row in rows() {
        for copy in list(&row["copies"]).iter().filter(|copy| text(&copy["file"]).ends_with("interactive-graph.json")) {
            let place = usize::try_from(copy["row"].as_u64().unwrap()).unwrap() - 1;
            assert_eq!(graph["value"][place]["id"], row["signInId"]);
        }
    }
    let copies = |row: &Value| list(&row["copies"]).len();
    assert!(rows().all(|row| copies(row) > 0) && rows().any(|row| copies(row) > 1));
    let total: u64 = list(&explained["inputs"]).iter().map(|input| input["rows"].as_u64().unwrap()).sum();
    assert_eq!(rows().map(copies).sum::<usize>() as u64, total, "every row that was read is shown once");
}

#[test]
fn a_converted_file_is_explained_by_its_exports() {
    let folder = Folder::new();
    let path = |part: &str| sample("risky-sign-ins").join(part).display().to_string();
    let converted = folder.path("converted.parquet").display().to_string();
    done(&["convert", &path("logs"), "--output", &converted]);
    let explain = |logs: &str| {
        let (policies, tenant) = (path("policies"), path("tenant"));
        done(&["explain", logs, "--policy", &policies, "--tenant", &tenant, "--limit", "1000", "--format", "json"])
            .stdout
    };
    assert!(explain(&path("logs")) == explain(&converted), "an explanation of the converted file differs");
}

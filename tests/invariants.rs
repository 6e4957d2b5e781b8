//! The invariants of semantics 11.2, as properties over random tenants, and the promises of the contract:
//! the same bytes for any thread count, the same numbers for shuffled and duplicated input.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::generator::formats::{self, Shape};
use crate::generator::world::{World, random_world};
use crate::program::Folder;

/// A verdict line by sign-in, user and policy: result and effect, each as least and most.
/// Copies that name different users are rows of their own (C1), so the sign-in alone is no key.
type Verdicts = BTreeMap<(String, String, String), [String; 4]>;

const RESULTS: [&str; 4] = ["notApplied", "success", "interrupted", "failure"];
const EFFECTS: [&str; 5] = ["unaffected", "alreadyChallenged", "alreadyBlocked", "challenged", "blocked"];

fn rank(words: &[&str], word: &str) -> usize {
    words.iter().position(|known| *known == word).unwrap()
}

fn folder(world: &World, policies: &[Value], log: Vec<u8>) -> Folder {
    let mut folder = Folder::new().with("logs/log.ndjson", log).with("tenant/.keep", "");
    for (name, text) in &world.tenant {
        folder = folder.with(&format!("tenant/{name}"), text);
    }
    for (place, policy) in policies.iter().enumerate() {
        folder = folder.with(&format!("policies/{place:03}.json"), policy.to_string());
    }
    folder
}

fn log(world: &World) -> Vec<u8> {
    formats::write(Shape::DiagnosticLines, &world.rows)
}

fn replay(folder: &Folder, options: &str) -> (Value, Verdicts) {
    let command =
        "replay logs --policy policies --tenant tenant --quiet --format json --max-bad-rows 0 --verdicts v.ndjson";
    let output = folder.run(&format!("{command} {options}"));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report = serde_json::from_slice(&output.stdout).unwrap();
    let verdicts = String::from_utf8(folder.read("v.ndjson")).unwrap();
    let verdicts = verdicts
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| line[name].as_str().unwrap_or("").to_owned();
            let spans = ["result_least", "result_most", "effect_least", "effect_most"].map(text);
            ((text("sign_in_id"), text("user_id"), text("policy")), spans)
        })
        .collect();
    (report, verdicts)
}

/// A candidate by itself, called `P`.
fn alone(world: &World, policy: &Value) -> Verdicts {
    let mut policy = policy.clone();
    policy["displayName"] = json!("P");
    replay(&folder(world, &[policy], log(world)), "").1
}

/// For every sign-in the verdict of `P` before and after a change of the policy.
fn pairs(before: &Verdicts, after: &Verdicts) -> Vec<([String; 4], [String; 4])> {
    assert_eq!(before.len(), after.len(), "a policy does not change the population");
    let of_policy = before.iter().filter(|((_, _, policy), _)| policy == "P");
    of_policy.map(|(key, verdict)| (verdict.clone(), after[key].clone())).collect()
}

/// A risk policy that every part of the generator's logs can meet.
fn base(levels: &[&str], grant: &str, every_time: bool) -> Value {
    let frequency = json!({"isEnabled": true, "frequencyInterval": "everyTime",
        "authenticationType": "primaryAndSecondaryAuthentication", "type": null, "value": null});
    json!({
        "displayName": "P", "state": "disabled",
        "conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]},
            "clientAppTypes": ["all"], "signInRiskLevels": levels},
        "grantControls": {"operator": "OR", "builtInControls": [grant]},
        "sessionControls": if every_time { json!({"signInFrequency": frequency}) } else { Value::Null }
    })
}

fn first_user(world: &World) -> String {
    let ids = world.rows.iter().filter_map(|row| row.value["userId"].as_str()).filter(|id| !id.starts_with("0000"));
    ids.min().unwrap().to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_waterfall_and_the_matrix_add_up_and_ranges_are_ranges(seed in 0_u64..100_000) {
        let world = random_world(seed, 50);
        let policies: Vec<Value> = world.policies.iter().map(|(_, policy)| policy.clone()).collect();
        let (report, verdicts) = replay(&folder(&world, &policies, log(&world)), "");
        let steps = report["waterfall"].as_array().unwrap();
        let sum = |step: &str, member: &str| -> u64 {
            steps.iter().filter(|one| one["step"] == step).map(|one| one[member].as_u64().unwrap_or(0)).sum()
        };
        prop_assert_eq!(sum("uniqueRows", "rows") - sum("setAside", "rows"), sum("userRows", "rows"));
        prop_assert_eq!(sum("userRows", "rows"), sum("attempts", "rows"));
        prop_assert_eq!(sum("attempts", "attempts") - sum("notReached", "attempts"), sum("population", "attempts"));
        prop_assert_eq!(sum("attempts", "rows") - sum("notReached", "rows"), sum("population", "rows"));
        prop_assert_eq!(verdicts.len() as u64, sum("population", "attempts") * (policies.len() as u64 + 1));
        let sections = report["candidates"].as_array().unwrap().iter().chain([&report["combined"]]);
        for section in sections {
            let matrix = section["matrix"].as_array().unwrap();
            let certain: u64 = matrix.iter().map(|cell| cell["attempts_least"].as_u64().unwrap()).sum();
            prop_assert_eq!(certain, sum("population", "attempts"), "certain and undetermined attempts add up");
            for cell in matrix {
                prop_assert!(cell["attempts_least"].as_u64() <= cell["attempts_most"].as_u64());
                prop_assert!(cell["users_least"].as_u64() <= cell["users_most"].as_u64());
                prop_assert!(cell["users_most"].as_u64() <= cell["attempts_most"].as_u64());
            }
        }
        for [result_least, result_most, effect_least, effect_most] in verdicts.values() {
            prop_assert!(rank(&RESULTS, result_least) <= rank(&RESULTS, result_most));
            prop_assert!(rank(&EFFECTS, effect_least) <= rank(&EFFECTS, effect_most));
        }
    }

    #[test]
    fn shuffled_and_duplicated_rows_give_the_same_numbers_and_threads_the_same_bytes(seed in 0_u64..100_000) {
        let world = random_world(seed, 50);
        let policies: Vec<Value> = world.policies.iter().map(|(_, policy)| policy.clone()).collect();
        let text = String::from_utf8(log(&world)).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.reverse();
        let middle = lines.len() / 3;
        lines.rotate_left(middle);
        let twice: Vec<&str> = lines.iter().chain(lines.iter().take(20)).copied().collect();
        let one = folder(&world, &policies, log(&world));
        let (report, verdicts) = replay(&one, "--threads 1");
        let bytes = (one.read("v.ndjson"), report.to_string());
        let (again, _) = replay(&one, "--threads 8");
        prop_assert_eq!(&bytes, &(one.read("v.ndjson"), again.to_string()), "1 and 8 threads");
        let (shuffled_report, shuffled) = replay(&folder(&world, &policies, twice.join("\n").into_bytes()), "");
        prop_assert_eq!(&verdicts, &shuffled);
        prop_assert_eq!(&report["combined"]["matrix"], &shuffled_report["combined"]["matrix"]);
    }

    #[test]
    fn excluding_someone_never_adds_to_what_a_policy_does(seed in 0_u64..100_000) {
        let world = random_world(seed, 50);
        let before = base(&["high", "medium", "low"], "mfa", true);
        let mut after = before.clone();
        after["conditions"]["users"]["excludeUsers"] = json!([first_user(&world)]);
        for (before, after) in pairs(&alone(&world, &before), &alone(&world, &after)) {
            // Someone without an id may be the one excluded: the least falls, the most stays.
            prop_assert!(rank(&RESULTS, &after[0]) <= rank(&RESULTS, &before[0]));
            prop_assert!(rank(&RESULTS, &after[1]) <= rank(&RESULTS, &before[1]));
            prop_assert!(rank(&EFFECTS, &after[2]) <= rank(&EFFECTS, &before[2]));
            prop_assert!(rank(&EFFECTS, &after[3]) <= rank(&EFFECTS, &before[3]));
        }
    }

    #[test]
    fn a_further_risk_level_never_lessens_what_applies(seed in 0_u64..100_000) {
        let world = random_world(seed, 50);
        let (narrow, wide) = (base(&["high"], "mfa", true), base(&["high", "medium"], "mfa", true));
        for (before, after) in pairs(&alone(&world, &narrow), &alone(&world, &wide)) {
            prop_assert!(rank(&RESULTS, &after[0]) >= rank(&RESULTS, &before[0]));
            prop_assert!(rank(&RESULTS, &after[1]) >= rank(&RESULTS, &before[1]));
        }
    }

    #[test]
    fn without_every_time_nobody_is_challenged_more(seed in 0_u64..100_000) {
        let world = random_world(seed, 50);
        let (with, without) = (base(&["high", "medium"], "mfa", true), base(&["high", "medium"], "mfa", false));
        for (with, without) in pairs(&alone(&world, &with), &alone(&world, &without)) {
            prop_assert!(rank(&RESULTS, &without[0]) <= rank(&RESULTS, &with[0]));
            prop_assert!(rank(&RESULTS, &without[1]) <= rank(&RESULTS, &with[1]));
        }
    }

    #[test]
    fn block_instead_of_mfa_moves_what_applied_and_leaves_the_rest(seed in 0_u64..100_000) {
        let world = random_world(seed, 50);
        let (mfa, block) = (base(&["high", "medium"], "mfa", false), base(&["high", "medium"], "block", false));
        for (mfa, block) in pairs(&alone(&world, &mfa), &alone(&world, &block)) {
            prop_assert_eq!(mfa[0] == "notApplied" && mfa[1] == "notApplied", block[1] == "notApplied");
            prop_assert!(block[1] == "notApplied" || block[1] == "failure");
            if mfa[0] != "notApplied" {
                prop_assert!(block[2] == "blocked" || block[2] == "alreadyBlocked");
            }
        }
    }

    #[test]
    fn the_state_of_a_candidate_changes_nothing(seed in 0_u64..100_000) {
        let world = random_world(seed, 50);
        let mut policy = base(&["high", "medium"], "mfa", true);
        let off = alone(&world, &policy);
        policy["state"] = json!("enabled");
        prop_assert_eq!(off, alone(&world, &policy));
    }
}

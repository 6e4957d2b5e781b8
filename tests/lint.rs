//! `ca-impact lint` as a person and as a script see it.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use serde_json::Value;

use crate::generator::formats::{self, Shape};
use crate::generator::world::random_world;
use crate::program::{Folder, program, seen};

/// Several mistakes in one policy, and a name that tries to command a terminal.
const BAD: &str = r#"{
  "displayName": "=Admins\u001b[31m",
  "state": "enabled",
  "conditions": {
    "users": { "includeUsers": ["All"], "excludeGroups": ["<Emergency>"] },
    "applications": { "includeApplications": ["All"] },
    "signInRiskLevels": ["medium"],
    "devices": { "deviceFilter": { "mode": "exclude", "rule": "device.trustType -ne \"ServerAD\"" } }
  },
  "grantControls": { "operator": "OR", "builtInControls": ["mfa", "passwordChange"] }
}
"#;

const GOOD: &str = r#"{"displayName":"Sound","state":"enabled","conditions":{"users":{"includeUsers":["All"],"excludeGroups":["9e6b7a52-0000-0000-0000-00000000babe"]},"applications":{"includeApplications":["All"]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}"#;

fn ready() -> Folder {
    Folder::new().with("policies/bad.json", BAD).with("policies/good.json", GOOD)
}

#[test]
fn the_findings_of_a_bad_policy_beside_a_sound_one() {
    assert_snapshot!(seen(&ready().run("lint --policy policies")));
}

#[test]
fn the_sample_policies_with_the_facts_of_their_tenants() {
    let mut all = String::new();
    for sample in ["devices", "guests", "legacy-clients", "locations", "risky-sign-ins", "user-risk"] {
        let (policies, tenant) = (format!("sample-data/{sample}/policies"), format!("sample-data/{sample}/tenant"));
        let output = program().args(["lint", "--policy", &policies, "--tenant", &tenant]).output().unwrap();
        all.push_str(&format!("$ ca-impact lint --policy {policies} --tenant {tenant}\n{}\n", seen(&output)));
    }
    assert_snapshot!(all);
}

#[test]
fn one_line_says_that_nothing_was_found() {
    assert_snapshot!(seen(&ready().run("lint --policy policies/good.json")), @r"
    exit: 0
    --- stdout
    1 policy: nothing found.
    ");
}

#[test]
fn denied_findings_are_a_crossed_limit() {
    let folder = ready().with("note.json", GOOD.replace("\"state\":\"enabled\",", ""));
    for (arguments, status) in [
        ("lint --policy policies --deny error", 3),
        ("lint --policy policies", 0),
        ("lint --policy note.json --deny error", 0),
        ("lint --policy note.json --deny warning", 0),
        ("lint --policy note.json --deny note", 3),
        ("lint --policy policies/good.json --deny note", 0),
        ("lint --policy policies --deny nothing", 2),
        ("lint --policy nowhere.json", 2),
        ("lint", 2),
        ("lint --policy policies --tenant nowhere", 1),
        ("lint --policy policies --output findings.pdf", 2),
        ("lint --policy policies --output nowhere/findings.json", 1),
        ("lint --policy policies --output policies/bad.json", 2),
    ] {
        let output = folder.run(arguments);
        assert_eq!(output.status.code(), Some(status), "{arguments}: {}", seen(&output));
        // What is denied is still shown, and what is refused leaves standard output alone.
        assert_eq!(output.stdout.is_empty(), matches!(status, 1 | 2), "{arguments}");
    }
}

#[test]
fn findings_as_json_satisfy_their_schema() {
    let folder = ready().with("tenant/namedLocations.json", "[]");
    let output = folder.run("lint --policy policies --tenant tenant --format json --output findings.json --quiet");
    assert_eq!(output.status.code(), Some(0), "{}", seen(&output));
    assert_eq!(folder.read("findings.json"), output.stdout);
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema: Value = serde_json::from_str(ca_impact::report::LINT_SCHEMA).unwrap();
    let complaints: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&findings).map(|error| error.to_string()).collect();
    assert_eq!(complaints, Vec::<String>::new());
    assert_eq!(findings["policies"][1]["findings"], 0);
    let first = &findings["findings"][0];
    let place = (&first["path"], &first["line"], &first["pointer"]);
    assert_eq!(place, (&"policies/bad.json".into(), &4.into(), &"conditions".into()), "{first}");
    assert_eq!((&first["lint"], &first["severity"]), (&"password-change-scope".into(), &"error".into()));
}

#[test]
fn findings_are_safe_in_a_spreadsheet_and_in_markdown() {
    let folder = ready();
    let csv = String::from_utf8(folder.run("lint --policy policies --format csv").stdout).unwrap();
    let mut lines = csv::Reader::from_reader(csv.as_bytes());
    for line in lines.records() {
        assert_eq!(&line.unwrap()[0], "'=Admins\\u{1b}[31m");
    }
    let markdown = folder.run("lint --policy policies --format markdown");
    assert_snapshot!(seen(&markdown));
}

#[test]
fn a_replay_tells_the_mistakes_of_its_candidates() {
    let folder = ready().with("log.json", crate::terminal::SIGN_IN);
    let output = folder.run("replay log.json --policy policies --format json --quiet");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let lints = |candidate: usize| report["candidates"][candidate]["lint"].as_array().unwrap().len();
    assert!(lints(0) > 5 && lints(1) == 0, "{report}");
    assert!(report["combined"]["lint"].is_null());
    let page = seen(&folder.run("replay log.json --policy policies --quiet"));
    assert_eq!(page.matches("`ca-impact lint` lists them").count(), 1, "{page}");
}

/// Lints that say that a policy never applies to anyone.
const NEVER: [&str; 5] =
    ["targets-no-one", "targets-nothing", "excludes-all-it-includes", "workload-risk-for-users", "users-and-workloads"];

#[test]
fn a_policy_that_never_applies_is_never_applied() {
    let mut folder =
        Folder::new().with("log.ndjson", formats::write(Shape::DiagnosticLines, &random_world(1, 60).rows));
    for seed in 0..200 {
        for (place, (_, policy)) in random_world(seed, 1).policies.iter().enumerate() {
            folder = folder.with(&format!("policies/{seed:03}-{place}.json"), policy.to_string());
        }
    }
    let output = folder.run("replay log.ndjson --policy policies --format json --quiet --max-bad-rows 100%");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    for candidate in report["candidates"].as_array().unwrap() {
        let lints = candidate["lint"].as_array().unwrap().iter().filter_map(|finding| finding["lint"].as_str());
        for lint in lints.filter(|lint| NEVER.contains(lint)) {
            *met.entry(lint).or_default() += 1;
            for (effect, users) in candidate["users"].as_object().unwrap() {
                // Possibly is allowed: a group without a member list is unknown on both sides of an exclusion.
                let touched = effect != "unaffected" && effect != "undetermined" && users["least"] != 0;
                assert!(!touched, "{}: {lint}, and {effect} {users}", candidate["policy"]);
            }
        }
    }
    assert!(met.len() >= 3 && met.values().sum::<usize>() >= 10, "too few to show anything: {met:?}");
}

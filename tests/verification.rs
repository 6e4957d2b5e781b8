//! `verify` over a log whose recorded results come from the slow evaluator: with the policies as they were everything
//! agrees; with a mistake seeded into one of them, the mistake is found and the condition at fault is named.
//!
//! `VERIFY_SHOW=DIR` writes the log, the policies, the tenant folder and every mistake to a folder and prints the
//! command for each, so that they can be run by hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::generator::formats::Shape;
use crate::generator::samples::recorded::{CONTRACTORS, EXEMPT};
use crate::generator::world::World;
use crate::program::{program, seen};
use crate::verification_log::{between, expected, matrix, recorded_words, reported_matrix, word, world, write};

/// A mistake: what is edited, and what must be said of it.
struct Mistake {
    name: &'static str,
    /// The policy's file stem, and the display name that the report has for it.
    policy: &'static str,
    edit: fn(&mut Value),
    at_fault: &'static [&'static str],
}

const MISTAKES: &[Mistake] = &[
    Mistake {
        name: "another-group-excluded",
        policy: "risk-mfa",
        edit: |policy| policy["conditions"]["users"]["excludeGroups"] = json!([EXEMPT, CONTRACTORS]),
        at_fault: &["users"],
    },
    Mistake {
        name: "exclusion-forgotten",
        policy: "risk-mfa",
        edit: |policy| policy["conditions"]["users"]["excludeGroups"] = json!([]),
        at_fault: &["users"],
    },
    Mistake {
        name: "a-risk-level-less",
        policy: "risk-mfa",
        edit: |policy| policy["conditions"]["signInRiskLevels"] = json!(["high"]),
        at_fault: &["signInRisk"],
    },
    Mistake {
        name: "a-platform-less",
        policy: "mobile-compliant",
        edit: |policy| policy["conditions"]["platforms"]["includePlatforms"] = json!(["iOS"]),
        at_fault: &["devicePlatform"],
    },
    Mistake {
        name: "another-platform",
        policy: "mobile-compliant",
        edit: |policy| policy["conditions"]["platforms"]["includePlatforms"] = json!(["android", "iOS", "macOS"]),
        at_fault: &["devicePlatform"],
    },
    Mistake {
        name: "locations-forgotten",
        policy: "outside-mfa",
        edit: |policy| policy["conditions"]["locations"] = Value::Null,
        at_fault: &["location"],
    },
    Mistake {
        name: "all-clients",
        policy: "legacy-block",
        edit: |policy| policy["conditions"]["clientAppTypes"] = json!(["all"]),
        at_fault: &["clientType"],
    },
    Mistake {
        name: "filter-the-other-way",
        policy: "admins",
        edit: |policy| policy["conditions"]["devices"]["deviceFilter"]["mode"] = json!("include"),
        at_fault: &["deviceState"],
    },
    Mistake {
        name: "another-application",
        policy: "staff-mail",
        edit: |policy| policy["conditions"]["applications"]["includeApplications"] = json!(["All"]),
        at_fault: &["application"],
    },
    Mistake {
        name: "another-flow",
        policy: "device-code-block",
        edit: |policy| {
            policy["conditions"]["authenticationFlows"] = json!({"transferMethods": "authenticationTransfer"})
        },
        at_fault: &["authenticationFlows"],
    },
    Mistake {
        name: "another-user-risk",
        policy: "user-risk",
        edit: |policy| policy["conditions"]["userRiskLevels"] = json!(["high", "low"]),
        at_fault: &["userRisk"],
    },
    Mistake {
        name: "another-control",
        policy: "outside-mfa",
        edit: |policy| policy["grantControls"]["builtInControls"] = json!(["compliantDevice"]),
        at_fault: &["controls"],
    },
];

/// The policies with one mistake in them.
fn with(mistake: &Mistake, world: &World) -> Vec<(String, Value)> {
    let mut policies = world.policies.clone();
    let (_, policy) = policies.iter_mut().find(|(name, _)| name == mistake.policy).unwrap();
    (mistake.edit)(policy);
    policies
}

fn verified(folder: &Path, arguments: &[&str]) -> Value {
    let output =
        program().current_dir(folder).arg("verify").args(arguments).args(["--format", "json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", seen(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema: Value = serde_json::from_str(ca_impact::report::VERIFICATION_SCHEMA).unwrap();
    let complaints: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(complaints, Vec::<String>::new());
    report["verification"].clone()
}

const AS_IT_WAS: [&str; 5] = ["logs", "--policy", "policies", "--tenant", "tenant"];

#[test]
fn replayed_and_recorded_results_agree_whether_conditions_are_words_or_flags() {
    let world = world();
    let expected: BTreeMap<&str, _> = world
        .policies
        .iter()
        .map(|policy| {
            let recorded = recorded_words(&world, policy.1["id"].as_str().unwrap());
            (policy.1["displayName"].as_str().unwrap(), matrix(&expected(&world, policy), &recorded))
        })
        .collect();
    for shape in [Shape::GraphLines, Shape::DiagnosticLines, Shape::LogAnalyticsCsv] {
        let folder = tempfile::tempdir().unwrap();
        write(&world, shape, folder.path());
        let verification = verified(folder.path(), &AS_IT_WAS);
        assert_eq!(verification["disagreeing"], 0, "{shape:?}: {verification:#}");
        assert_eq!(verification["contradictions"], json!([]));
        assert_eq!(verification["notGiven"], json!([]), "security defaults are no policy");
        let policies = verification["policies"].as_array().unwrap();
        assert_eq!(policies.len(), world.policies.len());
        let count = |value: &Value, name: &str| value[name].as_u64().unwrap();
        for policy in policies {
            let name = policy["policy"].as_str().unwrap();
            assert_eq!(reported_matrix(policy), expected[name], "{shape:?} {name}");
            assert!(count(policy, "compared") > 120, "{policy:#}");
            assert!(policy["matrix"].as_array().unwrap().len() >= 2, "something is at stake: {policy:#}");
        }
        // Of some mail sign-ins in a browser nobody knows the device: these do not count as agreement.
        assert!(count(&verification, "withinRange") > 0);
        let rate = 100.0 * count(&verification, "exact") as f64 / count(&verification, "compared") as f64;
        assert_eq!(verification["agreement"], rate);
        assert!(rate > 95.0 && rate < 100.0, "{rate}");
    }
}

#[test]
fn a_seeded_mistake_is_found_counted_and_named() {
    let world = world();
    let folder = tempfile::tempdir().unwrap();
    write(&world, Shape::GraphLines, folder.path());
    for mistake in MISTAKES {
        let policies = with(mistake, &world);
        let edited = policies.iter().find(|(name, _)| name == mistake.policy).unwrap();
        let path = format!("{}.json", mistake.name);
        fs::write(folder.path().join(&path), edited.1.to_string()).unwrap();
        let verification = verified(folder.path(), &["logs", "--policy", &path, "--tenant", "tenant"]);
        let policy = &verification["policies"][0];
        // The slow evaluator says how many attempts the mistake touches.
        let recorded = recorded_words(&world, edited.1["id"].as_str().unwrap());
        let replayed = expected(&world, edited);
        let differing: Vec<&String> = replayed
            .iter()
            .filter(|(id, (least, most))| {
                !between(least, most).into_iter().any(|outcome| word(outcome, &edited.1) == recorded[*id])
            })
            .map(|(id, _)| id)
            .collect();
        assert_eq!(reported_matrix(policy), matrix(&replayed, &recorded), "{}", mistake.name);
        assert!(!differing.is_empty(), "{}: the mistake touches nothing", mistake.name);
        assert_eq!(policy["disagreeing"], differing.len(), "{}: {policy:#}", mistake.name);
        let groups = policy["disagreements"].as_array().unwrap();
        assert!(!groups.is_empty());
        for group in groups {
            assert_eq!(group["atFault"], json!(mistake.at_fault), "{}: {group:#}", mistake.name);
            let sign_ins = group["signIns"].as_array().unwrap();
            assert!(!sign_ins.is_empty() && sign_ins.len() <= 3);
            for id in sign_ins {
                assert!(differing.iter().any(|one| *one == id), "{}: {id} does not differ", mistake.name);
            }
        }
    }
}

#[test]
fn a_group_that_changed_since_is_a_disagreement_and_a_contradiction() {
    let mut world = world();
    // Since the log was written, a third of those left out have been taken out of the group.
    let (name, text) = (format!("groups/{EXEMPT}.json"), &world.tenant[&format!("groups/{EXEMPT}.json")]);
    let mut members: Value = serde_json::from_str(text).unwrap();
    let gone = members["value"].as_array_mut().unwrap().remove(0)["id"].as_str().unwrap().to_owned();
    world.tenant.insert(name, members.to_string());
    let folder = tempfile::tempdir().unwrap();
    write(&world, Shape::DiagnosticLines, folder.path());
    let verification = verified(folder.path(), &AS_IT_WAS);
    let contradictions = verification["contradictions"].as_array().unwrap();
    assert_eq!(contradictions.len(), 1, "{verification:#}");
    let one = &contradictions[0];
    assert_eq!((&one["fact"], &one["id"], &one["recorded"]), (&json!("group"), &json!(EXEMPT), &json!(true)));
    assert_eq!(one["users"], 1);
    assert_eq!(one["policies"].as_array().unwrap().len(), 2, "both policies leave the group out");
    let risk = &verification["policies"].as_array().unwrap()[5];
    assert_eq!(risk["policy"], "Sign-in risk: MFA every time");
    for group in risk["disagreements"].as_array().unwrap() {
        assert_eq!(group["atFault"], json!(["users"]));
        assert_eq!(group["rules"], json!(["excluded by users:groupId"]));
    }
    // Replay follows the record where the policy is given as one that was there (USR-8).
    let replay = |existing: &[&str]| {
        let arguments = ["replay", "logs", "--policy", "policies/risk-mfa.json", "--tenant", "tenant", "--user", &gone];
        let output = program()
            .current_dir(folder.path())
            .args(arguments)
            .args(existing)
            .args(["--verdicts", "v.ndjson", "--quiet", "--format", "csv"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", seen(&output));
        let verdicts = fs::read_to_string(folder.path().join("v.ndjson")).unwrap();
        verdicts.lines().filter(|line| line.contains("\"result_most\":\"interrupted\"")).count()
    };
    assert!(replay(&[]) > 0);
    assert_eq!(replay(&["--existing", "policies"]), 0);
}

/// `VERIFY_SHOW=DIR cargo test --test main verify` leaves everything there.
#[test]
fn what_was_verified_can_be_written_to_a_folder() {
    let shown = std::env::var_os("VERIFY_SHOW").map(PathBuf::from);
    let temporary = tempfile::tempdir().unwrap();
    let folder = shown.clone().unwrap_or_else(|| temporary.path().to_owned());
    let world = world();
    write(&world, Shape::GraphLines, &folder);
    let mut commands = vec!["policies".to_owned()];
    for mistake in MISTAKES {
        let policies = format!("mistakes/{}", mistake.name);
        fs::create_dir_all(folder.join(&policies)).unwrap();
        for (name, policy) in with(mistake, &world) {
            fs::write(folder.join(&policies).join(format!("{name}.json")), format!("{policy:#}\n")).unwrap();
        }
        commands.push(policies);
    }
    for policies in commands {
        let output = program()
            .current_dir(&folder)
            .args(["verify", "logs", "--policy", &policies, "--tenant", "tenant"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", seen(&output));
        let is_as_it_was = policies == "policies";
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.contains("What disagrees"), !is_as_it_was, "{policies}: {text}");
        if shown.is_some() {
            println!("ca-impact verify logs --policy {policies} --tenant tenant");
        }
    }
}

//! What is left out of a comparison and said so, and where `replay` shows the agreement.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::program::{Folder, seen};

/// A sign-in an hour after the one before it, with these entries of recorded policies.
fn row(number: usize, edits: Value, entries: &[Value]) -> Value {
    let mut row = json!({
        "id": format!("s{number}"), "createdDateTime": format!("2026-10-05T{number:02}:00:00Z"),
        "userId": "u1", "userPrincipalName": "ann@contoso.example", "userType": "member", "crossTenantAccessType": "none",
        "homeTenantId": "t1", "resourceTenantId": "t1", "appId": "a1", "appDisplayName": "Portal",
        "resourceId": "r1", "resourceDisplayName": "Expenses", "clientAppUsed": "Browser", "isInteractive": true,
        "riskLevelDuringSignIn": "high", "status": {"errorCode": 0}, "authenticationRequirement": "singleFactorAuthentication",
        "authenticationDetails": [{"authenticationMethod": "Password", "succeeded": true,
            "authenticationStepRequirement": "Primary authentication"}],
        "deviceDetail": {"operatingSystem": "Windows10"}, "ipAddress": "192.0.2.1",
        "conditionalAccessStatus": "success", "appliedConditionalAccessPolicies": entries,
    });
    if let (Value::Object(row), Value::Object(edits)) = (&mut row, edits) {
        row.extend(edits);
    }
    row
}

fn entry(id: &str, result: &str, satisfied: &str, not: &str) -> Value {
    json!({"id": id, "displayName": format!("recorded name of {id}"), "result": result, "enforcedGrantControls": [],
        "enforcedSessionControls": [], "conditionsSatisfied": satisfied, "conditionsNotSatisfied": not})
}

fn policy(id: &str, edits: Value) -> Value {
    let mut policy = json!({
        "id": id, "displayName": format!("Policy {id}"), "state": "enabledForReportingButNotEnforced",
        "modifiedDateTime": null, "conditions": {"users": {"includeUsers": ["All"], "excludeGroups": ["g-exempt"]},
        "applications": {"includeApplications": ["All"]}, "signInRiskLevels": ["high"]},
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}
    });
    if let (Value::Object(policy), Value::Object(edits)) = (&mut policy, edits) {
        policy.extend(edits);
    }
    policy
}

/// Every reason for which a result is not compared, an open range, a disagreement, a contradiction, and strangers.
fn everything() -> Folder {
    let risk = |result: &str| entry("P-RISK", result, "application,users,signInRisk", "none");
    let rows = [
        row(
            1,
            json!({}),
            &[
                risk("reportOnlyInterrupted"),
                entry("p-others", "success", "", ""),
                entry("p-off", "notEnabled", "none", "none"),
            ],
        ),
        row(2, json!({}), &[risk("reportOnlySuccess"), entry("SecurityDefaults", "success", "none", "none")]),
        row(
            3,
            json!({"riskLevelDuringSignIn": "none"}),
            &[risk("reportOnlyInterrupted"), entry("p-others", "failure", "", "")],
        ),
        row(4, json!({}), &[risk("unknownFutureValue")]),
        row(5, json!({}), &[risk("notEnabled")]),
        row(6, json!({}), &[risk("unknown")]),
        row(7, json!({}), &[risk("reportOnlyPerhaps")]),
        row(8, json!({}), &[risk("reportOnlySuccess"), risk("reportOnlyFailure")]),
        row(9, json!({"userId": "u2", "userPrincipalName": "bob@contoso.example"}), &[risk("reportOnlyInterrupted")]),
        row(10, json!({"riskLevelDuringSignIn": "hidden"}), &[risk("reportOnlyInterrupted")]),
        row(
            11,
            json!({}),
            &[
                entry("p-action", "success", "application,users", ""),
                entry("p-edited", "success", "application,users", ""),
            ],
        ),
        row(
            12,
            json!({}),
            &[entry("p-action", "reportOnlyNotApplied", "application", ""), entry("p-unread", "success", "", "")],
        ),
        // The terminal row has no risk; the level is that of the row that was asked (C31).
        row(
            13,
            json!({"originalRequestId": "o1", "status": {"errorCode": 50074}, "authenticationRequirement": "multiFactorAuthentication"}),
            &[risk("reportOnlyInterrupted")],
        ),
        row(14, json!({"originalRequestId": "o1", "riskLevelDuringSignIn": "none"}), &[risk("reportOnlyNotApplied")]),
    ];
    let action = json!({"conditions": {"users": {"includeUsers": ["All"]},
        "applications": {"includeUserActions": ["urn:user:registersecurityinfo"]}}});
    let policies = [
        ("1-risk", policy("p-risk", json!({}))),
        ("2-action", policy("p-action", action)),
        ("3-edited", policy("p-edited", json!({"modifiedDateTime": "2026-10-05T11:00:00.001Z"}))),
        ("4-unread", policy("p-unread", json!({"modifiedDateTime": "last week"}))),
        ("5-never", policy("p-never", json!({}))),
        ("6-copy", policy("p-risk", json!({"displayName": "A copy"}))),
        ("7-template", policy("", json!({"id": null, "displayName": "No id"}))),
        ("8-defaults", policy("SecurityDefaults", json!({}))),
    ];
    let members = json!({"value": [{"@odata.type": "#microsoft.graph.user", "id": "u2"}]});
    let folder = Folder::new().with("log.json", json!(rows).to_string());
    let folder = folder.with("tenant/groups/g-exempt.json", members.to_string());
    policies
        .iter()
        .fold(folder, |folder, (name, policy)| folder.with(&format!("policies/{name}.json"), policy.to_string()))
}

#[test]
fn what_is_compared_left_out_at_fault_and_contradicted_is_all_said() {
    let output = everything().run("verify log.json --policy policies --tenant tenant");
    assert_eq!(output.status.code(), Some(0), "{}", seen(&output));
    assert_snapshot!(seen(&output));
}

#[test]
fn the_json_of_a_verification_is_valid_and_can_be_written_to_a_file_with_the_page_beside_it() {
    let folder = everything();
    let output = folder
        .run("verify log.json --policy policies --tenant tenant --quiet --format json --output v.md --output v.json");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema: Value = serde_json::from_str(ca_impact::report::VERIFICATION_SCHEMA).unwrap();
    let complaints: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(complaints, Vec::<String>::new());
    assert_eq!(folder.read("v.json"), output.stdout);
    assert!(String::from_utf8(folder.read("v.md")).unwrap().starts_with("# ca-impact"));
    let policy = &report["verification"]["policies"][0];
    assert_eq!(policy["leftOut"].as_array().unwrap().len(), 6, "{policy:#}");
    for (name, expected) in [("compared", 5), ("exact", 1), ("withinRange", 1), ("disagreeing", 3)] {
        assert_eq!(policy[name], expected, "{name} in {policy:#}");
    }
    // Both schemas describe the same member.
    let of_replay: Value = serde_json::from_str(ca_impact::report::SCHEMA).unwrap();
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        assert_eq!(*definition, of_replay["$defs"][name], "{name}");
    }
}

#[test]
fn replay_says_the_agreement_in_one_line_and_a_limit_can_be_put_on_it() {
    let folder = everything();
    let replay = |arguments: &str| folder.run(&format!("replay log.json --tenant tenant --quiet {arguments}"));
    let line = "Agreement with recorded results: 20.00 % (1 of 5 exact, 1 open, 3 disagree).";
    for policies in [
        "--policy policies/1-risk.json",
        // The existing text of an id is the one that was evaluated, whatever the candidate of that id says.
        "--policy policies/6-copy.json --existing policies/1-risk.json",
        "--policy template:block-legacy-authentication --existing policies/1-risk.json",
    ] {
        let text = seen(&replay(policies));
        let found: Vec<&str> = text.lines().filter(|line| line.starts_with("Agreement")).collect();
        assert_eq!(found, [line], "{policies}");
        let before = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what} in {text}"));
        assert!(before(line) < before("Read\n"), "before every table: {text}");
    }
    let silent = replay("--policy template:block-legacy-authentication");
    assert!(!seen(&silent).contains("Agreement"), "{}", seen(&silent));
    for (limit, status) in [("agreement<99%", 3), ("agreement<20%", 0), ("agreement<=20%", 3)] {
        let output = replay(&format!("--policy policies/1-risk.json --fail-on {limit} --format json"));
        assert_eq!(output.status.code(), Some(status), "{limit}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["limits"][0]["value"], 20.0);
        assert_eq!(report["verification"]["agreement"], 20.0);
        let schema: Value = serde_json::from_str(ca_impact::report::SCHEMA).unwrap();
        assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&report));
    }
    // What cannot be computed is crossed.
    let none = replay("--policy template:block-legacy-authentication --fail-on agreement<1% --format json");
    assert_eq!(none.status.code(), Some(3));
    assert!(String::from_utf8(none.stdout).unwrap().contains("\"verification\": null"));
}

#[test]
fn a_scope_and_single_rows_are_compared_as_they_are_replayed() {
    let folder = everything();
    let compared = |arguments: &str| {
        let output =
            folder.run(&format!("verify log.json --policy policies/1-risk.json --quiet --format json {arguments}"));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["verification"]["compared"].as_u64().unwrap()
    };
    assert_eq!(compared(""), 5);
    assert_eq!(compared("--user u2"), 1);
    assert_eq!(compared("--to 2026-10-05T02:00:00Z"), 2);
    // One row is one attempt: the row that was asked and the one after it are compared each by itself.
    assert_eq!(compared("--rows"), 7);
}

#[test]
fn hostile_names_and_ids_do_not_command_the_terminal() {
    let hostile = "\u{1b}[31mred\u{202e}|<script>";
    let entries =
        [entry("p-risk", "reportOnlySuccess", "application,users", hostile), entry(hostile, "success", "", "")];
    let log = json!([row(1, json!({"id": hostile}), &entries)]).to_string();
    let named = policy("p-risk", json!({"displayName": hostile}));
    let folder = Folder::new().with("log.json", log).with("policy.json", named.to_string());
    for format in ["table", "markdown", "json"] {
        let output = folder.run(&format!("verify log.json --policy policy.json --format {format}"));
        assert_eq!(output.status.code(), Some(0));
        let text = seen(&output);
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
        assert!(format != "markdown" || !text.contains("<script>"), "{text}");
    }
}

#[test]
fn what_verify_cannot_do_is_said_before_a_log_is_read() {
    let folder = everything();
    for (arguments, status) in [
        ("verify log.json", 2),
        ("verify log.json --policy nowhere.json", 2),
        ("verify log.json --policy policies --output page.csv", 2),
        ("verify log.json --policy policies --output log.json", 2),
        ("verify log.json --policy policies --output a.md --output a.md", 2),
        ("verify log.json --policy policies --format csv", 2),
        ("verify nowhere.json --policy policies", 1),
        ("verify log.json --policy policies --tenant nowhere", 1),
    ] {
        let output = folder.run(arguments);
        assert_eq!(output.status.code(), Some(status), "{arguments}: {}", seen(&output));
        assert!(output.stdout.is_empty(), "{arguments}");
        assert!(seen(&output).contains("  help: "), "{arguments}: {}", seen(&output));
    }
    // Nothing to compare is no failure, and it is said.
    let output = folder.run("verify log.json --policy policies/7-template.json");
    assert_eq!(output.status.code(), Some(0));
    assert!(seen(&output).contains("no recorded result can be compared"), "{}", seen(&output));
}

#[test]
fn where_nothing_is_compared_the_page_and_the_help_name_the_cause() {
    let folder = everything();
    let another_text = "results are recorded from before a policy was last modified, or of a policy whose \
        modifiedDateTime cannot be read";
    for (arguments, cause, help) in [
        ("--policy policies/1-risk.json --user nobody", "no attempt is in scope", "check the scope options"),
        ("--policy policies/3-edited.json", another_text, "give the policy as it was then"),
        ("--policy policies/4-unread.json", another_text, "give the policy as it was then"),
        (
            "--policy policies/1-risk.json --from 2026-10-05T04:00:00Z --to 2026-10-05T04:00:00Z",
            "the export could not show the results recorded (unknownFutureValue)",
            "export the log again: ask Graph with the header `Prefer: include-unknown-enum-members`",
        ),
        (
            "--policy policies/5-never.json",
            "the log records no result that says something of these policies",
            "export the policies with their ids",
        ),
    ] {
        let text = unwrapped(&folder.run(&format!("verify log.json {arguments}")));
        assert!(text.contains(&format!("Nothing can be compared: {cause}.")), "{arguments}: {text}");
        let warning = format!("no recorded result can be compared with these policies: {cause} help: {help}");
        assert!(text.contains(&warning), "{arguments}: {text}");
    }
}

/// What was seen, on one line.
fn unwrapped(output: &std::process::Output) -> String {
    seen(output).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_the_controls_cannot_come_to_disagrees_whether_the_conditions_match_or_not() {
    // The risk is hidden and nobody proved themselves: not applied, or interrupted; never a success.
    let risk = |result: &str| entry("p-risk", result, "application,users", "");
    let hidden = |number, result| row(number, json!({"riskLevelDuringSignIn": "hidden"}), &[risk(result)]);
    let log =
        json!([hidden(1, "reportOnlySuccess"), hidden(2, "reportOnlyInterrupted"), hidden(3, "reportOnlyNotApplied")]);
    let members = json!({"value": []}).to_string();
    let folder = Folder::new().with("log.json", log.to_string()).with("tenant/groups/g-exempt.json", members);
    let folder = folder.with("policy.json", policy("p-risk", json!({})).to_string());
    let output = folder.run("verify log.json --policy policy.json --tenant tenant --quiet --format json");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let policy = &report["verification"]["policies"][0];
    for (name, expected) in [("exact", 0), ("withinRange", 2), ("disagreeing", 1)] {
        assert_eq!(policy[name], expected, "{name} in {policy:#}");
    }
    let group = &policy["disagreements"][0];
    assert_eq!(group["replayed_possible"], json!(["notApplied", "interrupted"]), "{group:#}");
    assert_eq!((&group["atFault"], &group["signIns"]), (&json!(["controls"]), &json!(["s1"])), "{group:#}");
    let page = unwrapped(&folder.run("verify log.json --policy policy.json --tenant tenant --quiet"));
    assert!(page.contains("replayed as notApplied or interrupted and recorded as reportOnlySuccess"), "{page}");
}

//! What a person sees: sealed snapshots of the reports and of every error that a user can cause.

use insta::assert_snapshot;

use crate::program::{Folder, done, program, seen};

pub(crate) const SIGN_IN: &str = r#"{"id":"s1","createdDateTime":"2026-10-05T08:00:00Z","userId":"u1","userPrincipalName":"ann@contoso.example","appId":"a1","appDisplayName":"Portal","resourceId":"r1","resourceDisplayName":"Expenses","clientAppUsed":"Browser","isInteractive":true,"riskLevelDuringSignIn":"high","status":{"errorCode":0},"authenticationRequirement":"singleFactorAuthentication","authenticationDetails":[{"authenticationMethod":"Password","succeeded":true,"authenticationStepRequirement":"Primary authentication"}],"homeTenantId":"t1","resourceTenantId":"t1","crossTenantAccessType":"none","userType":"member"}"#;

const POLICY: &str = r#"{"displayName":"Sign-in risk","conditions":{"users":{"includeUsers":["All"],"excludeGroups":["9e6b7a52-0000-0000-0000-00000000babe"]},"applications":{"includeApplications":["All"]},"signInRiskLevels":["high","medium"]},"grantControls":{"operator":"OR","builtInControls":["mfa"]},"sessionControls":{"signInFrequency":{"isEnabled":true,"frequencyInterval":"everyTime"}}}"#;

fn ready() -> Folder {
    Folder::new().with("log.json", SIGN_IN).with("policy.json", POLICY)
}

#[test]
fn the_terminal_report_of_the_main_sample() {
    let output = done(&[
        "replay",
        "sample-data/risky-sign-ins/logs",
        "--policy",
        "sample-data/risky-sign-ins/policies",
        "--tenant",
        "sample-data/risky-sign-ins/tenant",
    ]);
    assert_snapshot!(seen(&output));
}

#[test]
fn the_report_of_two_candidates_as_markdown_and_csv() {
    for format in ["markdown", "csv"] {
        let output = done(&[
            "replay",
            "sample-data/legacy-clients/logs",
            "--policy",
            "sample-data/legacy-clients/policies",
            "--tenant",
            "sample-data/legacy-clients/tenant",
            "--format",
            format,
            "--top",
            "3",
        ]);
        assert_snapshot!(format!("two_candidates_as_{format}"), seen(&output));
    }
}

#[test]
fn a_group_that_the_tenant_folder_lacks_widens_and_is_named() {
    let output = ready().run("replay log.json --policy policy.json");
    let text = seen(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("group:9e6b7a52-0000-0000-0000-00000000babe"), "{text}");
    assert_snapshot!(text);
}

#[test]
fn every_error_is_one_line_with_its_place_and_a_line_of_help() {
    let audit_log = r#"[{"id":"1","category":"UserManagement","activityDisplayName":"Add user","activityDateTime":"2026-10-01T00:00:00Z","targetResources":[],"initiatedBy":{}}]"#;
    let folder = ready()
        .with("empty.json", "")
        .with("audit.json", audit_log)
        .with("cut.json", format!("{{\"value\":[{SIGN_IN},{{\"id\":\"s2\",\"created"))
        .with("notes.txt", "these are my notes\n")
        .with("broken-policy.json", "{\n  \"displayName\": \"x\",\n  \"conditions\": {,}\n}\n")
        .with("wrong-shape.json", r#"{"conditions":{"users":{"includeUsers":[1]}}}"#)
        .with("no-policy.json", r#"{"displayName":"x"}"#)
        .with("no-time.json", SIGN_IN.replace("2026-10-05T08:00:00Z", "soon"))
        .with("tenant/groups/g.json", "{\"value\": [")
        .with("facts/tenant.toml", "password-writeback = \"perhaps\"\n")
        .with("blank/groups/g.json", "")
        .with("graph-error/users.json", r#"{"error":{"code":"Forbidden"}}"#);
    let mut all = String::new();
    for arguments in [
        "replay nowhere.json --policy policy.json",
        "replay nowhere.json nothing/*.json --policy policy.json",
        "replay empty.json cut.json log.json --policy policy.json",
        "replay empty.json --policy policy.json",
        "replay audit.json --policy policy.json",
        "replay cut.json --policy policy.json",
        "replay notes.txt --policy policy.json",
        "replay no-time.json --policy policy.json",
        "replay log.json --policy broken-policy.json",
        "replay log.json --policy wrong-shape.json",
        "replay log.json --policy no-policy.json",
        "replay log.json --policy nowhere.json",
        "replay log.json --policy template:require-mfa-for-risky-signins",
        "replay log.json --policy template:no-such-thing-at-all",
        "replay log.json --policy policy.json --tenant nowhere",
        "replay log.json --policy policy.json --tenant tenant",
        "replay log.json --policy policy.json --tenant facts",
        "replay log.json --policy policy.json --tenant blank",
        "replay log.json --policy policy.json --tenant graph-error",
        "replay log.json --policy log.json",
        "replay log.json --policy policy.json --output ./log.json",
        "replay log.json --policy policy.json --tenant facts --output facts/tenant.toml.csv --output policy.json",
        "replay log.json --policy policy.json --output report.pdf",
        "replay log.json --policy policy.json --output nowhere/report.json",
        "replay log.json --policy policy.json --verdicts verdicts.xlsx",
        "replay log.json --policy policy.json --output same.csv --verdicts same.csv",
        "replay log.json --policy policy.json --fail-on blocked-people>0",
        "replay log.json --policy policy.json --from yesterday",
        "replay log.json --policy policy.json --from 2026-10-20 --to 2026-10-10",
        "replay log.json --policy policy.json --tenant nowhere",
        "verify log.json --policy policy.json --fail-on agreement<99%",
        "replay log.json --polcy policy.json",
        "replay log.json",
        "",
        "inspect",
        "inspect nowhere.json",
        "inspect audit.json",
        "inspect no-time.json --max-bad-rows 1%",
        "inspect log.json --format csv",
        "inspect log.json --output report.csv",
        "inspect log.json --output ./log.json",
        "inspect log.json --output same.md --output same.md",
        "inspect log.json --output nowhere/report.md",
        "template show no-such-template",
        "template write require-mfa-for-risky-sign-ins nowhere/x.json",
    ] {
        let output = folder.run(arguments);
        assert_ne!(output.status.code(), Some(0), "{arguments}");
        assert!(output.stdout.is_empty(), "{arguments}: an error wrote to standard output");
        all.push_str(&format!("$ ca-impact {arguments}\n{}\n", seen(&output)));
    }
    assert_snapshot!(all);
    let left: Vec<String> =
        folder.files().into_iter().filter(|name| name.contains("same") || name.starts_with('.')).collect();
    assert_eq!(left, Vec::<String>::new(), "a failed run leaves nothing behind");
}

#[test]
fn a_report_of_a_scope_is_valid_says_what_was_left_out_and_warns_if_nothing_is_left() {
    let other = SIGN_IN.replace("\"s1\"", "\"s2\"").replace("u1", "u2").replace("2026-10-05", "2026-10-09");
    let folder = ready().with("log.json", format!("[{SIGN_IN},{other}]"));
    let output = folder.run("replay log.json --policy policy.json --user u2 --format json");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema: serde_json::Value = serde_json::from_str(ca_impact::report::SCHEMA).unwrap();
    let complaints: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(complaints, Vec::<String>::new());
    let attempts = |step: &str| {
        let steps = report["waterfall"].as_array().unwrap();
        steps.iter().find(|one| one["step"] == step).unwrap()["attempts"].as_u64().unwrap()
    };
    assert_eq!((attempts("attempts"), attempts("outOfScope"), attempts("population")), (2, 1, 1));
    assert_eq!(report["window"]["from"], "2026-10-09T08:00:00Z");
    let nothing = folder.run("replay log.json --policy policy.json --user nobody --format csv");
    assert!(seen(&nothing).contains("no attempt is in scope"), "{}", seen(&nothing));
}

#[test]
fn what_an_export_cut_off_is_said_and_leaves_the_verdict_open() {
    let device =
        |detail: &str| SIGN_IN.replace("\"homeTenantId\"", &format!("\"deviceDetail\":{detail},\"homeTenantId\""));
    let page = |row: &str| format!(r#"{{"@odata.nextLink":"https://graph/next","value":[{row}]}}"#);
    let policy = r#"{"displayName":"Device","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]}},"grantControls":{"operator":"OR","builtInControls":["compliantDevice"]}}"#;
    let cut = device(r#""{\"deviceId\":\"d1\",\"isCompliant\":tr""#);
    let folder = Folder::new().with("log.json", page(&cut)).with("policy.json", policy);
    let output = folder.run("replay log.json --policy policy.json --verdicts v.ndjson");
    let text = seen(&output);
    assert!(text.contains("is not the whole export") && text.contains("before its last page"), "{text}");
    assert!(text.contains("the export cut it off"), "{text}");
    let line = String::from_utf8(folder.read("v.ndjson")).unwrap();
    let line: serde_json::Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
    assert_eq!((&line["result_least"], &line["result_most"]), (&"success".into(), &"failure".into()), "{line}");
    assert_eq!(line["missing"], "deviceDetail");
}

#[test]
fn the_longest_sign_in_frequency_there_is_does_not_wrap_round() {
    for (unit, value) in [("hours", 1), ("hours", 2_562_047_789_u32), ("days", u32::MAX)] {
        let frequency =
            format!(r#"{{"isEnabled":true,"type":"{unit}","value":{value},"frequencyInterval":"timeBased"}}"#);
        let policy = format!(
            r#"{{"displayName":"F","conditions":{{"users":{{"includeUsers":["All"]}},"applications":{{"includeApplications":["All"]}}}},"sessionControls":{{"signInFrequency":{frequency}}}}}"#
        );
        let folder = ready().with("policy.json", policy);
        let output = folder.run("replay log.json --policy policy.json --verdicts v.csv --quiet");
        assert_eq!(output.status.code(), Some(0));
        let verdicts = String::from_utf8(folder.read("v.csv")).unwrap();
        assert!(verdicts.contains(",success,success,"), "{unit} {value}: {verdicts}");
    }
}

#[test]
fn a_crossed_limit_is_status_three_and_the_report_is_written() {
    let folder = ready();
    let output = folder.run(
        "replay log.json --policy template:require-mfa-for-risky-sign-ins --fail-on blocked-users>0 --fail-on \
         blocked-users>5 --format csv --quiet --output report.json",
    );
    assert_eq!(output.status.code(), Some(3), "{}", seen(&output));
    assert!(!output.stdout.is_empty());
    let report: serde_json::Value = serde_json::from_slice(&folder.read("report.json")).unwrap();
    assert_eq!(report["limits"][0]["crossed"], true);
    assert_eq!(report["limits"][1]["crossed"], false);
}

#[test]
fn hostile_text_reaches_neither_terminal_nor_spreadsheet_unescaped() {
    let hostile = SIGN_IN
        .replace("ann@contoso.example", "=cmd|'/c calc'!A0")
        .replace("\"Portal\"", "\"\\u001b[31mred\\u202e|<script>`x`\"");
    let folder = ready().with("log.json", hostile);
    for format in ["table", "markdown"] {
        let output = folder.run(&format!("replay log.json --policy policy.json --format {format} --verdicts v.csv"));
        assert_eq!(output.status.code(), Some(0));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
        assert!(format != "markdown" || !text.contains("<script>"), "{text}");
    }
    let verdicts = String::from_utf8(folder.read("v.csv")).unwrap();
    assert!(verdicts.contains("'=cmd") && !verdicts.contains(",=cmd"), "{verdicts}");
}

#[test]
fn every_template_that_is_listed_as_available_can_be_shown_written_and_replayed() {
    let folder = ready();
    let list = String::from_utf8(folder.run("template list").stdout).unwrap();
    let names: Vec<&str> = list
        .lines()
        .filter(|line| !line.contains("not available"))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.len() >= 20, "{list}");
    for name in names {
        let shown = folder.run(&format!("template show {name}"));
        assert_eq!(folder.run(&format!("template write {name} copy.json")).status.code(), Some(0));
        assert_eq!(shown.stdout, folder.read("copy.json"), "{name}");
        let output = folder.run("replay log.json --policy copy.json --quiet --format csv");
        assert_eq!(output.status.code(), Some(0), "{name}: {}", seen(&output));
    }
}

#[test]
fn completions_and_the_manual_come_from_the_command_line_itself() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = done(&["completions", shell]);
        assert!(String::from_utf8(output.stdout).unwrap().contains("fail-on"), "{shell}");
    }
    let manual = String::from_utf8(done(&["man"]).stdout).unwrap();
    assert!(manual.contains("\\-\\-fail\\-on") && manual.contains(".TH"), "{manual}");
}

#[test]
fn what_is_not_built_yet_is_neither_accepted_nor_shown() {
    let help = String::from_utf8(done(&["--help"]).stdout).unwrap()
        + &String::from_utf8(done(&["replay", "--help"]).stdout).unwrap();
    for absent in ["--config", "--partial", "merge"] {
        assert!(!help.contains(absent), "help shows `{absent}`");
    }
    let output = program().args(["merge", "part.json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

//! `inspect`: what a person sees of the sample data and of a folder of many shapes, and what scripts read.

use insta::assert_snapshot;
use serde_json::Value;

use crate::program::{Folder, done, seen};

const DOWNLOAD: &str = "\
Date (UTC),Request ID,User agent,Correlation ID,User ID,User,Username,User type,Application,Application ID ,Resource,Resource ID ,IP address,Location,Status,Sign-in error code,Failure reason,Client app,Device ID,Browser,Operating System,Compliant,Managed,Join Type,Multifactor authentication result,Authentication requirement,Conditional Access
2026-10-01T08:19:41Z,r1,Mozilla/5.0 (Windows NT 10.0),c1,u1,Ann,ann@contoso.example,Member,Portal,a1,Graph,g1,192.0.2.1,\"Bonn, NRW, DE\",Success,0,,Browser,d1,Edge,Windows 10,Yes,Yes,Microsoft Entra joined,MFA requirement satisfied by claim in the token,Multifactor authentication,Success
2026-10-04T08:19:41Z,r2,Mozilla/5.0 (Windows NT 10.0),c2,u2,Bob,bob@contoso.example,Member,Portal,a1,Graph,g1,192.0.2.1,\"Bonn, NRW, DE\",Success,0,,Browser,,Edge,Windows 10,No,No,,,Single-factor authentication,Success
";

/// A v1.0 record: no requirement, no details, risk hidden.
const BARE: &str = r#"{"id":"v1","createdDateTime":"2026-10-02T08:00:00Z","userId":"u1","userPrincipalName":"ann@contoso.example","appId":"a1","appDisplayName":"Portal","resourceId":"g1","ipAddress":"192.0.2.1","clientAppUsed":"Browser","isInteractive":true,"riskLevelDuringSignIn":"hidden","status":{"errorCode":0},"conditionalAccessStatus":"notApplied","appliedConditionalAccessPolicies":[],"deviceDetail":{"deviceId":"","operatingSystem":"Windows 10","browser":"Edge"},"location":{"countryOrRegion":"DE"}}"#;

/// Service principals, with categories that are no sign-ins and a name that would command a terminal.
const STREAMS: &str = r#"{"time":"2026-10-01T08:00:00Z","category":"ServicePrincipalSignInLogs","properties":{"id":"x1","createdDateTime":"2026-10-01T08:00:00Z","servicePrincipalId":"sp1","appId":"a9","ipAddress":"192.0.2.1","riskLevelDuringSignIn":"none","status":{"errorCode":0}}}
{"time":"2026-10-01T08:00:00Z","category":"AuditLogs","properties":{"id":"x2"}}
{"time":"2026-10-01T08:00:00Z","category":"My\u001b[31m|<b>Logs\u202e","properties":{"id":"x3"}}
"#;

/// Exports of several shapes, and what a folder holds besides.
fn many_shapes() -> Folder {
    let page = format!(r#"{{"@odata.nextLink":"https://graph/next","value":[{BARE},{BARE}]}}"#);
    Folder::new()
        .with("logs/InteractiveSignIns_2026-10-01_2026-10-04.csv", DOWNLOAD)
        .with("logs/graph/v1.json", page)
        .with("logs/streams.ndjson", STREAMS)
        .with("logs/empty.json", r#"{"value":[]}"#)
        .with("logs/notes.txt", "these are my notes\n")
        .with("logs/\u{1b}[31m|<i>`x`.json", BARE.replace("\"v1\"", "\"v2\""))
}

fn json(output: &std::process::Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The entry of a list that has this value in this member.
fn find<'a>(list: &'a Value, member: &str, value: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|one| one[member] == value).unwrap_or_else(|| panic!("no {member} {value}"))
}

#[test]
fn the_page_of_the_main_sample() {
    assert_snapshot!(seen(&done(&["inspect", "sample-data/risky-sign-ins/logs"])));
}

#[test]
fn the_page_of_many_shapes_has_a_line_a_file_and_obeys_none_of_their_text() {
    let folder = many_shapes();
    for format in ["table", "markdown"] {
        let output = folder.run(&format!("inspect logs --format {format}"));
        let text = seen(&output);
        assert_eq!(output.status.code(), Some(0), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(format != "markdown" || !(out.contains("<b>") || out.contains("<i>")), "{out}");
        assert_snapshot!(format!("many_shapes_as_{format}"), text);
    }
}

#[test]
fn the_json_counts_what_each_file_records_and_what_that_answers() {
    let output = many_shapes().run("inspect logs --format json --hash-inputs --quiet");
    assert!(output.stderr.is_empty() && !output.stdout.contains(&0x1b));
    let report = json(&output);
    assert_eq!((&report["schemaVersion"], &report["tool"]["name"]), (&"1.0".into(), &"ca-impact".into()));
    let members: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
    let frozen =
        ["abilities", "all", "diagnostics", "inputs", "knowFirst", "ownTenant", "schemaVersion", "signals", "tool"];
    assert_eq!(members, frozen, "members are only ever added");

    let download = find(&report["inputs"], "path", "logs/InteractiveSignIns_2026-10-01_2026-10-04.csv");
    assert_eq!(
        (&download["format"], &download["rows"], &download["users"]),
        (&"admin-center-csv".into(), &2.into(), &2.into())
    );
    assert_eq!(download["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(
        download["window"]["gaps"],
        serde_json::json!([{"first": "2026-10-02", "last": "2026-10-03", "days": 2}])
    );
    let answer = |file: &Value, ability: &str| find(&file["abilities"], "ability", ability)["answer"].clone();
    for (ability, expected) in [
        ("signInRisk", "no"),
        ("mfa", "partly"),
        ("clientType", "yes"),
        ("compliantDevice", "partly"),
        ("block", "yes"),
    ] {
        assert_eq!(answer(download, ability), expected, "{ability}");
    }

    let pages = find(&report["inputs"], "path", "logs/graph/v1.json");
    assert_eq!((&pages["isUnfinished"], &pages["copies"]), (&true.into(), &1.into()));
    assert_eq!(find(&pages["riskDuringSignIn"], "level", "hidden")["rows"], 2);
    let signal = |file: &Value, name: &str| find(&file["signals"], "signal", name)["rows"].clone();
    for (name, expected) in [
        ("riskLevelDuringSignIn", 0),
        ("deviceDetail.deviceId", 0),
        ("deviceDetail.operatingSystem", 2),
        ("appliedConditionalAccessPolicies", 0),
    ] {
        assert_eq!(signal(pages, name), expected, "{name}");
    }
    // What decides is named once: the exports that record it, and the tenant facts besides.
    let risk = find(&report["abilities"], "ability", "signInRisk");
    assert!(risk["recordedBy"].as_array().unwrap().contains(&"Graph v1.0".into()), "{risk}");
    assert_eq!(find(&report["abilities"], "ability", "userRisk")["needs"], serde_json::json!(["riskyUserHistory"]));

    let streams = find(&report["inputs"], "path", "logs/streams.ndjson");
    assert_eq!(
        (&streams["otherRecords"], &streams["judgedRows"], &streams["setAsideRows"]),
        (&2.into(), &0.into(), &1.into())
    );
    assert_eq!(answer(streams, "block"), Value::Null);
    assert_eq!(find(&streams["otherCategories"], "name", "AuditLogs")["records"], 1);

    assert_eq!((&report["all"]["rows"], &report["all"]["copies"]), (&6.into(), &1.into()));
    let skipped = |one: &Value| one["message"].as_str().unwrap().contains("logs/notes.txt");
    assert!(report["diagnostics"].as_array().unwrap().iter().any(skipped), "{}", report["diagnostics"]);
}

#[test]
fn the_same_exports_give_the_same_bytes_with_any_number_of_threads_and_in_files() {
    let folder = many_shapes();
    for (format, ending) in [("json", "json"), ("markdown", "md")] {
        let one = folder.run(&format!("inspect logs --quiet --threads 1 --format {format} --output report.{ending}"));
        let eight = folder.run(&format!("inspect logs --quiet --threads 8 --format {format}"));
        assert_eq!(String::from_utf8(one.stdout.clone()), String::from_utf8(eight.stdout), "{format}");
        assert_eq!(folder.read(&format!("report.{ending}")), one.stdout, "{format}");
    }
}

#[test]
fn what_a_reader_should_know_first_depends_on_what_is_there() {
    let known = |row: &str, risky: &str| {
        let folder = Folder::new().with("log.json", format!("[{row},{risky}]"));
        json(&folder.run("inspect log.json --format json --quiet"))["knowFirst"].to_string()
    };
    let hidden = known(BARE, &BARE.replace("v1", "v2"));
    assert!(hidden.contains("no risk question can be answered") && hidden.contains("P2"), "{hidden}");
    let recorded = known(BARE, &BARE.replace("hidden", "medium"));
    assert!(
        recorded.contains("known of 50 %") && recorded.contains("rows are copies") | recorded.contains("is a copy"),
        "{recorded}"
    );
    let tenant = |id: &str, row: &str| row.replace("{\"id\"", &format!("{{\"resourceTenantId\":\"{id}\",\"id\""));
    let two = known(&tenant("t1", BARE), &tenant("t2", &BARE.replace("v1", "v2")));
    assert!(two.contains("1 row is not of t1"), "{two}");
    let calm = known(&BARE.replace("hidden", "none"), &BARE.replace("hidden", "none").replace("v1", "v2"));
    assert!(calm.contains("100 %") && calm.contains("above `none`"), "{calm}");
}

#[test]
fn a_converted_file_is_inspected_as_the_exports_that_it_was_made_from() {
    let folder = many_shapes();
    assert_eq!(folder.run("convert logs --output all.parquet --quiet").status.code(), Some(0));
    let exports = json(&folder.run("inspect logs --format json --quiet"));
    let converted = json(&folder.run("inspect all.parquet --format json --quiet"));
    assert_eq!((&exports["all"], &exports["diagnostics"]), (&converted["all"], &converted["diagnostics"]));
    for (before, after) in exports["inputs"].as_array().unwrap().iter().zip(converted["inputs"].as_array().unwrap()) {
        assert_eq!((&before["path"], &before["signals"]), (&after["path"], &after["signals"]));
        assert_eq!((&before["convertedIn"], &after["convertedIn"]), (&Value::Null, &"all.parquet".into()));
    }
}

#[test]
fn bad_records_are_shown_however_many_there_are_unless_a_number_is_given() {
    let folder = Folder::new().with("log.json", format!("[{BARE},{}]", BARE.replace("2026-10-02T08:00:00Z", "soon")));
    let output = folder.run("inspect log.json --format json");
    let report = json(&output);
    assert_eq!((&report["all"]["rows"], &report["inputs"][0]["badRecords"]), (&1.into(), &1.into()));
    assert!(report["knowFirst"].to_string().contains("1 record could not be used"), "{report}");
    assert_eq!(folder.run("inspect log.json --max-bad-rows 0").status.code(), Some(1));
}

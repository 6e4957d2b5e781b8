//! Whole files in, frames out: each format as itself, equal content as equal rows, and every refusal.

mod damage;
mod samples;
mod windows;

use std::fs;

use serde_json::{Value, json};

use samples::{
    DETECTIONS, DOWNLOAD_2023, DOWNLOAD_2025, RISKY, STEPS, WORKLOADS, defender_csv, diagnostic, download,
    log_analytics_csv, log_analytics_tables, powershell, samples, sign_in,
};

use super::container::head;
use super::format::{FORMATS, recognised, what_else};
use super::{DateOrder, IngestError, Ingested, MaxBadRows, Options, Unpacking, ingest};
use crate::frame::Column;

const ORDINARY: Options = Options {
    max_bad_rows: MaxBadRows::ORDINARY,
    hash_inputs: false,
    dates: None,
    separator: None,
    unpacking: Unpacking::ORDINARY,
};

/// Reads files given as name and content, in a folder of their own; paths lose that folder's name.
fn read_with(options: &Options, files: &[(&str, &[u8])]) -> Result<Ingested, IngestError> {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        paths.push(path.display().to_string());
    }
    ingest(&paths, options, &())
}

fn read(name: &str, text: &str) -> Result<Ingested, IngestError> {
    read_with(&ORDINARY, &[(name, text.as_bytes())])
}

fn diagnostics(ingested: &Ingested) -> Vec<String> {
    let line = |diagnostic: &crate::diagnostic::Diagnostic| {
        let row = diagnostic.origin.row.map_or(String::new(), |row| format!("{row}: "));
        format!("{row}{} ({})", diagnostic.message, diagnostic.count)
    };
    ingested.diagnostics.iter().map(line).collect()
}

fn column(ingested: &Ingested, column: Column) -> Vec<&str> {
    (0..ingested.frame.rows()).map(|row| ingested.frame.text(column, row).unwrap_or("")).collect()
}

/// All that is recorded about a row.
fn texts(ingested: &Ingested, row: usize) -> Vec<(&'static str, String)> {
    let created = ("createdDateTime", ingested.frame.created()[row].to_string());
    let text = |column: &Column| Some((column.name(), ingested.frame.text(*column, row)?.to_owned()));
    [created].into_iter().chain(Column::ALL.iter().filter_map(text)).collect()
}

#[test]
fn every_format_has_a_sample_that_only_it_recognises() {
    let samples = samples();
    assert_eq!(samples.len(), FORMATS.len(), "a format has no sample");
    for (name, text) in &samples {
        let head = head(text, b',');
        let names: Vec<&str> =
            FORMATS.iter().filter(|format| (format.recognises)(&head)).map(|format| format.name).collect();
        assert_eq!(names, [*name]);
        assert_eq!(what_else(&head), None, "{name}");
        let beside = lines_of(&sign_in());
        let files = [("a.ndjson", beside.as_bytes()), ("export", text.as_bytes())];
        let ingested = read_with(&ORDINARY, &files).unwrap();
        let found = &ingested.inputs[1];
        let is_companion = *name == "risk-detections" || name.contains("auth-details");
        assert_eq!((&*found.format, found.bad_rows, found.evidence), (*name, 0, u64::from(is_companion)));
        assert_eq!(found.rows, if name.ends_with("-ndjson") { 2 } else { u64::from(!is_companion) }, "{name}");
        let is_silent = name.starts_with("admin-center") && !is_companion || name.starts_with("defender");
        assert_eq!(found.records_risk, !is_silent, "{name}");
    }
}

fn lines_of(value: &Value) -> String {
    format!("{value}\n{value}\n")
}

#[test]
fn companions_fill_what_sign_ins_do_not_say() {
    let mut silent = sign_in();
    silent["riskLevelDuringSignIn"] = json!("hidden");
    silent["authenticationDetails"] = json!([]);
    let silent = json!([silent]).to_string();
    let files = [
        ("a.json", silent.as_bytes()),
        ("detections.csv", DETECTIONS.as_bytes()),
        ("InteractiveSignIns_AuthDetails_x.csv", STEPS.as_bytes()),
        ("risky.csv", RISKY.as_bytes()),
    ];
    let ingested = read_with(&ORDINARY, &files).unwrap();
    assert_eq!(column(&ingested, Column::RealtimeDetection), ["high", "high"]);
    assert_eq!(column(&ingested, Column::RiskLevelDuringSignIn), ["hidden", "Medium".to_lowercase().as_str()]);
    assert_eq!(column(&ingested, Column::UserId), ["User-1", "User-1"]);
    let told = read("told.json", &json!([sign_in()]).to_string()).unwrap();
    let steps = column(&told, Column::AuthenticationDetails);
    assert_eq!(column(&ingested, Column::AuthenticationDetails), [steps[0], steps[0]]);
    assert!(matches!(read("alone.csv", STEPS).unwrap_err(), IngestError::NothingRecognised { .. }));
}

#[test]
fn numbers_of_defender_become_words() {
    let ingested = read("hunting.csv", &defender_csv()).unwrap();
    for (wanted, expected) in [
        (Column::RiskLevelAggregated, "medium"),
        (Column::RiskLevelDuringSignIn, ""),
        (Column::RiskState, "atRisk"),
        (Column::ConditionalAccessStatus, "failure"),
        (Column::UserType, "member"),
        (Column::SignInEventType, "nonInteractiveUser"),
        (Column::TokenIssuerType, "AzureAD"),
        (Column::Location, r#"{"city":"Lyon","countryOrRegion":"FR","state":"Rhône"}"#),
        (
            Column::DeviceDetail,
            r#"{"deviceId":"dev-1","isCompliant":true,"isManaged":false,"operatingSystem":"Windows10","trustType":"Azure AD joined"}"#,
        ),
    ] {
        assert_eq!(column(&ingested, wanted), [expected], "{wanted:?}");
    }
}

#[test]
fn a_table_without_ids_is_read_row_by_row() {
    let text = "CreatedDateTime,UserPrincipalName,AppDisplayName,Country,RiskLevelDuringSignIn,ConditionalAccessStatus\n\
        3/12/2025 7:22:01 AM,ada@example.com,App,FR,high,success\n3/13/2025 7:22:01 AM,ada@example.com,App,FR,none,success\n";
    let ingested = read("risky.csv", text).unwrap();
    let ids = column(&ingested, Column::Id);
    assert!(ids[0].ends_with("risky.csv#1") && ids[1].ends_with("risky.csv#2"), "{ids:?}");
    assert_eq!(column(&ingested, Column::RiskLevelDuringSignIn), ["high", "none"]);
    assert!(
        diagnostics(&ingested)[1].starts_with("2 rows without the id of the sign-in"),
        "{:?}",
        diagnostics(&ingested)
    );
}

#[test]
fn equal_content_gives_equal_rows_through_every_format() {
    let samples = samples();
    let find = |name: &str| samples.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_str()).unwrap();
    let expected = texts(&read("a", find("graph-json")).unwrap(), 0);
    assert_eq!(expected.len(), 1 + Column::ALL.len() - 2, "all but the service principal of nobody and detections");
    for (name, text) in &samples {
        let is_whole = ["graph", "diagnostic", "log-analytics", "powershell-json", "elastic"];
        if is_whole.iter().any(|whole| name.starts_with(whole)) {
            assert_eq!(texts(&read("b", text).unwrap(), 0), expected, "{name}");
        }
    }
}

#[test]
fn a_download_of_any_generation_gives_what_it_records() {
    let quoted: String = DOWNLOAD_2025.split(',').map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
    let newest = download(DOWNLOAD_2025, "2026-06-15T12:40:24Z");
    let ingested = read("NonInteractiveSignIns_2026-06-14_2026-06-15.csv", &newest).unwrap();
    let graph = read("a.json", &json!([sign_in()]).to_string()).unwrap();
    let mut recorded = texts(&ingested, 0);
    recorded.remove(0);
    for (name, text) in &recorded {
        let same =
            Column::ALL.iter().find(|column| column.name() == *name).and_then(|column| graph.frame.text(*column, 0));
        match *name {
            "crossTenantAccessType" => assert_eq!(text, "b2bcollaboration"),
            "deviceDetail" => {
                assert_eq!(Some(text.as_str()), same.map(|text| text.replace("\"displayName\":\"PC\",", "")).as_deref())
            }
            _ => assert_eq!(Some(text.as_str()), same, "{name}"),
        }
    }
    assert_eq!(recorded.len(), 29);
    let requoted = newest.replace(DOWNLOAD_2025, &quoted);
    assert_eq!(texts(&read("NonInteractiveSignIns_b.csv", &requoted).unwrap(), 0), texts(&ingested, 0));
    let marked = format!("\u{feff}{newest}");
    assert_eq!(texts(&read("NonInteractiveSignIns_c.csv", &marked).unwrap(), 0), texts(&ingested, 0));
    let old = read("old.csv", &download(DOWNLOAD_2023, "2026-06-15T12:40:24Z")).unwrap();
    assert_eq!(column(&old, Column::SignInEventType), [""]);
    assert_eq!(column(&old, Column::UserAgent), [""]);
    let workloads = download(WORKLOADS, "2026-06-15T12:40:24Z");
    for (name, expected) in [("MSISignIns_a.csv", "managedIdentity"), ("ApplicationSignIns_a.csv", "servicePrincipal")]
    {
        let ingested = read(name, &workloads).unwrap();
        assert_eq!(column(&ingested, Column::SignInEventType), [expected]);
        assert_eq!(column(&ingested, Column::ServicePrincipalId), ["sp-1"]);
    }
}

#[test]
fn success_without_a_code_is_code_zero() {
    for (change, expected) in [
        (("Failure,50074", "Success,"), Some(r#""errorCode":0"#)),
        (("Failure,50074", "Failure,"), None),
        (("Failure,50074", "Success,50140"), Some(r#""errorCode":50140"#)),
    ] {
        let text = download(DOWNLOAD_2025, "2026-06-15T12:40:24Z").replace(change.0, change.1);
        let ingested = read("a.csv", &text).unwrap();
        let status = column(&ingested, Column::Status)[0];
        assert_eq!(status.contains("errorCode"), expected.is_some(), "{status}");
        assert!(status.contains(expected.unwrap_or("")), "{status}");
    }
    let mut record = diagnostic("SignInLogs");
    for (result, signature, expected) in
        [("Success", "", "0"), ("Failure", "None", ""), ("50126", "SUCCESS", "50126"), ("Failure", "SUCCESS", "0")]
    {
        record["properties"]["status"] = json!({});
        record["resultType"] = json!(result);
        record["resultSignature"] = json!(signature);
        let ingested = read("a.json", &record.to_string()).unwrap();
        let status = column(&ingested, Column::Status)[0].to_owned();
        assert_eq!(status, if expected.is_empty() { String::new() } else { format!("{{\"errorCode\":{expected}}}") });
    }
}

#[test]
fn documents_nest_and_follow_one_another() {
    let page = json!({"@odata.context": "x#auditLogs/signIns", "value": [sign_in()]});
    let empty = json!({"@odata.context": "x#auditLogs/signIns", "value": []});
    for (text, rows) in [
        (page.to_string(), 1),
        (sign_in().to_string(), 1),
        (serde_json::to_string_pretty(&json!([sign_in(), sign_in()])).unwrap(), 2),
        (format!("{page}\n{page}"), 2),
        (format!("{page:#}{empty:#}{page:#}"), 2),
        (format!("{empty}\n{page}"), 1),
        (json!([page, empty, page]).to_string(), 2),
        (json!([empty, page]).to_string(), 1),
        (format!("{:#}\n{:#}", sign_in(), sign_in()), 2),
        (format!("[{}]\n[{}]", sign_in(), sign_in()), 2),
        (empty.to_string(), 0),
        ("[]".to_owned(), 0),
    ] {
        let ingested = read("a.json", &text).unwrap();
        assert_eq!((&*ingested.inputs[0].format, ingested.inputs[0].rows), ("graph-json", rows), "{text}");
    }
    let record = diagnostic("SignInLogs");
    let batches = format!("{}\n{}\n", json!({"records": [record, record]}), json!({"records": [record]}));
    assert_eq!(read("a", &batches).unwrap().inputs[0].rows, 3);
    let mut as_text = record.clone();
    as_text["properties"] = json!(record["properties"].to_string());
    assert_eq!(texts(&read("a", &as_text.to_string()).unwrap(), 0), texts(&read("b", &record.to_string()).unwrap(), 0));
}

#[test]
fn every_encoding_gives_the_same_rows() {
    let text = log_analytics_csv();
    let expected = texts(&read("a.csv", &text).unwrap(), 0);
    let little: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    for bytes in
        [little, big, ["\u{feff}".as_bytes(), text.as_bytes()].concat(), text.replace('\n', "\r\n").into_bytes()]
    {
        assert_eq!(texts(&read_with(&ORDINARY, &[("b.csv", &bytes)]).unwrap(), 0), expected);
    }
}

#[test]
fn other_categories_are_named_and_counted() {
    let audit = json!({"time": "2026-06-15T12:00:00Z", "category": "AuditLogs", "properties": {"id": "x"}});
    let new = json!({"time": "2026-06-15T12:00:00Z", "category": "NewLogs", "properties": {"id": "x"}});
    let sign_in = diagnostic("ManagedIdentitySignInLogs");
    let ingested = read("a", &format!("{audit}\n{new}\n{sign_in}\n{audit}\n")).unwrap();
    assert_eq!(column(&ingested, Column::SignInEventType), ["managedIdentity"]);
    assert_eq!((ingested.inputs[0].rows, ingested.inputs[0].other_records, ingested.inputs[0].bad_rows), (1, 3, 0));
    assert_eq!(
        diagnostics(&ingested),
        [
            "1: record of `AuditLogs` (audit logs) is no sign-in; left out (2)",
            "2: record of `NewLogs` (a category that this program does not know) is no sign-in; left out (1)"
        ]
    );
    let error = read("a", &format!("{audit}\n{audit}\n")).unwrap_err();
    assert_eq!(error.to_string(), "this file holds audit logs, not sign-ins");
}

#[test]
fn other_exports_are_named_and_only_skipped_in_a_folder() {
    let sign_ins = json!([sign_in()]).to_string();
    for (what, text) in [
        ("audit logs", r#"{"value":[{"id":"1","activityDisplayName":"Add user","targetResources":[]}]}"#),
        ("audit logs", "TenantId,TimeGenerated [UTC],Id,CorrelationId,ResultType,TargetResources\na,b,c,d,e,f\n"),
        ("risky users", r#"[{"id":"1","riskLevel":"high","riskLastUpdatedDateTime":"2026-01-01T00:00:00Z"}]"#),
        ("risk detections", r#"[{"id":"1","riskEventType":"x","detectionTimingType":"realtime","riskLevel":"high"}]"#),
        ("risk detections", "RequestId,RiskEventType,UserId,IpAddress,TimeGenerated\n1,2,3,4,5\n"),
        ("Conditional Access policies", r#"{"id":"1","displayName":"P","state":"enabled","conditions":{}}"#),
        ("an error message of Microsoft Graph", r#"{"error":{"code":"Forbidden"}}"#),
    ] {
        let error = read("x", text).unwrap_err();
        assert_eq!(error.to_string(), format!("this file holds {what}, not sign-ins"), "{text}");
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), text).unwrap();
        fs::write(folder.path().join("b"), &sign_ins).unwrap();
        let ingested = ingest(&[folder.path().display().to_string()], &ORDINARY, &()).unwrap();
        assert_eq!(ingested.inputs.len(), 1);
        let file = folder.path().join("a").display().to_string();
        assert_eq!(diagnostics(&ingested), [format!("skipped `{file}`: this file holds {what}, not sign-ins (1)")]);
        fs::remove_file(folder.path().join("b")).unwrap();
        let error = ingest(&[folder.path().display().to_string()], &ORDINARY, &()).unwrap_err();
        assert!(matches!(error, IngestError::NothingRecognised { skipped, .. } if !skipped.is_empty()));
    }
    for (looks, bytes) in [
        ("the text begins with `Hello, world more`", &b"Hello, world\nmore"[..]),
        ("the text begins with `[INFO] started`", b"[INFO] started"),
        ("it is a bzip2 file, which must be unpacked first", b"BZh91AY"),
    ] {
        let error = read_with(&ORDINARY, &[("x", bytes)]).unwrap_err();
        assert_eq!(error.to_string(), format!("not a sign-in export that this program knows: {looks}"));
    }
    assert!(matches!(read("x", " \n").unwrap_err(), IngestError::Empty { .. }));
}

#[test]
fn broken_json_is_refused_with_its_place_and_a_broken_line_is_counted() {
    let list = json!([sign_in(), sign_in()]).to_string();
    for (text, place, reason) in [
        (list[..list.len() - 9].to_owned(), ":1:", "the file breaks off here"),
        (format!("{list}\n oops"), ":2:2", "not JSON: expected value"),
        (format!("{}\n{},", list, sign_in()), ":2:", "not JSON: expected value"),
        (list.replacen("},", "},,", 1), ":1:", "not JSON"),
        (list[..300].to_owned(), ":1:300", "the file breaks off here"),
    ] {
        let error = read("x", &text).unwrap_err();
        assert!(error.place().contains(place), "{}", error.place());
        assert!(error.to_string().starts_with(reason), "{error}");
    }
    let line = sign_in().to_string();
    let cut = &line[..line.len() - 5];
    let good = format!("{line}\n").repeat(200);
    for (text, first) in [(format!("{good}{cut}\n{line} x\n"), 201), (format!("{cut}\r\n\n{good}{cut}"), 1)] {
        let ingested = read("x", &text).unwrap();
        assert_eq!((ingested.inputs[0].rows, ingested.inputs[0].bad_rows), (200, 2));
        assert_eq!(diagnostics(&ingested), [format!("{first}: line that is not JSON; skipped (2)")]);
    }
}

#[test]
fn too_many_bad_rows_refuse_the_run() {
    let mut records = vec![sign_in(); 99];
    records[3]["id"] = json!("");
    let error = read("x", &format!("{:#}", json!(records))).unwrap_err();
    assert_eq!(error.to_string(), "1 of 99 records cannot be used, more than 1 %; the first: record without an id");
    let lines = format!("{:#}", json!(records[..3])).lines().count();
    let row: usize = error.place().rsplit(':').next().unwrap().parse().unwrap();
    assert!(row > lines && row < lines * 4 / 3 + 8, "{row} is in the fourth record, after {lines}");
    records.push(sign_in());
    assert_eq!(read("x", &json!(records).to_string()).unwrap().frame.rows(), 99);
    records[7].as_object_mut().unwrap().remove("createdDateTime");
    records[9]["createdDateTime"] = json!("soon");
    let text = json!(records).to_string();
    assert!(read("x", &text).unwrap_err().to_string().starts_with("3 of 100 records"));
    let options = Options { max_bad_rows: MaxBadRows::Rows(3), ..ORDINARY };
    let ingested = read_with(&options, &[("x", text.as_bytes())]).unwrap();
    let expected = ["record without an id", "record without a time", "record with a time that cannot be read"];
    assert_eq!(diagnostics(&ingested), expected.map(|message| format!("1: {message}; skipped (1)")));
    let options = Options { max_bad_rows: MaxBadRows::Rows(2), ..ORDINARY };
    assert!(read_with(&options, &[("x", text.as_bytes())]).unwrap_err().to_string().contains("more than 2;"));
    let short = format!("{}1,2,3\n", download(DOWNLOAD_2025, "2026-06-15T12:40:24Z"));
    let place = read("x", &short).unwrap_err().place();
    assert!(place.ends_with(":3"), "{place}");
}

#[test]
fn an_empty_export_is_an_answer() {
    let ingested = read("a.csv", &format!("{DOWNLOAD_2023}\n")).unwrap();
    assert_eq!((ingested.frame.rows(), diagnostics(&ingested)), (0, vec!["no sign-ins in this file (1)".to_owned()]));
}

#[test]
fn dates_with_slashes_are_settled_by_the_file_or_by_somebody() {
    let two = |first: &str, second: &str| {
        let one = download(DOWNLOAD_2025, first);
        format!("{one}{}\r\n", download(DOWNLOAD_2025, second).lines().nth(1).unwrap())
    };
    let times = |text: &str| read("x.csv", text).map(|ingested| ingested.frame.created().to_vec());
    let iso = times(&two("2026-06-01 08:19:41", "2026-06-15T08:19:00Z")).unwrap();
    assert_eq!(times(&two("6/1/2026 8:19:41", "6/15/2026 8:19")).unwrap(), iso);
    assert_eq!(times(&two("1/6/2026 08:19:41", "15/06/2026 8:19")).unwrap(), iso);
    assert_eq!(times(&two("01.06.2026 08:19:41", "15.06.2026 8:19")).unwrap(), iso);
    let unclear = two("6/1/2026 8:19:41", "6/2/2026 8:19");
    assert!(matches!(times(&unclear).unwrap_err(), IngestError::AmbiguousDates { .. }));
    assert!(matches!(times(&two("6/15/2026 8:19", "15/6/2026 8:19")).unwrap_err(), IngestError::MixedDates { .. }));
    let options = Options { dates: Some(DateOrder::MonthFirst), ..ORDINARY };
    let told = read_with(&options, &[("x.csv", unclear.as_bytes())]).unwrap();
    assert_eq!((told.frame.created()[0], diagnostics(&told)), (iso[0], Vec::new()));

    let clear = read("x.csv", &log_analytics_csv()).unwrap();
    assert_eq!(diagnostics(&clear), ["dates are read month first, as a number above 12 shows (1)"]);
    let unclear = read("x.csv", &log_analytics_csv().replace("6/15/", "6/5/")).unwrap();
    assert_eq!(diagnostics(&unclear), ["dates are assumed to be month first: no number above 12 shows it (1)"]);
    let day_first = read("x.csv", &log_analytics_csv().replace("6/15/", "15/6/")).unwrap();
    assert_eq!(texts(&day_first, 0), texts(&clear, 0));
    assert_eq!(day_first.frame.delivered(), clear.frame.delivered());
}

#[test]
fn an_incomplete_query_result_and_lost_values_are_told() {
    assert_eq!(
        diagnostics(&read("x", &log_analytics_tables(true)).unwrap()),
        ["the query result says itself that it is not complete (1)"]
    );
    let mut cut = powershell(&sign_in());
    cut["CreatedDateTime"] = json!({"value": "/Date(1781527224178)/", "DateTime": "Monday, June 15, 2026"});
    cut["DeviceDetail"] = json!("Microsoft.Graph.PowerShell.Models.MicrosoftGraphDeviceDetail");
    cut["Location"] = json!("Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInLocation");
    let ingested = read("x", &cut.to_string()).unwrap();
    assert_eq!(column(&ingested, Column::Location), [""]);
    assert_eq!(ingested.frame.created(), read("y", &sign_in().to_string()).unwrap().frame.created());
    assert_eq!(diagnostics(&ingested), ["1: record of which a nested value cannot be read: the export cut it off (1)"]);
}

#[test]
fn files_are_joined_in_their_order_whatever_the_number_of_threads() {
    let files: Vec<(String, Vec<u8>)> = (0..20)
        .map(|number| {
            let mut record = sign_in();
            record["id"] = json!(format!("id-{number}"));
            (format!("{number:02}.json"), json!([record]).to_string().into_bytes())
        })
        .collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let expected: Vec<String> = (0..20).map(|number| format!("id-{number}")).collect();
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let options = Options { hash_inputs: true, ..ORDINARY };
        let ingested = pool.install(|| read_with(&options, &files)).unwrap();
        assert_eq!(column(&ingested, Column::Id), expected);
        assert_eq!(ingested.inputs[0].sha256.as_ref().unwrap().len(), 64);
    }
    assert!(recognised(&head("nothing", b',')).is_none());
}

//! Damaged, hostile and packed files: what is lost is counted, what is in doubt is never guessed.

use super::samples::{cell, log_analytics_object};
use super::*;

#[test]
fn hostile_content_is_a_counted_bad_row_or_an_error_with_a_place() {
    let good = sign_in().to_string();
    let many = |bad: &str| {
        let mut lines = vec![good.clone(); 300];
        lines.insert(7, bad.to_owned());
        lines.join("\n")
    };
    let long = format!("{{\"id\":\"{}\"}}", "x".repeat(17 << 20));
    for (bad, expected) in [
        (long.as_str(), "8: record of more than 16 MiB; skipped (1)"),
        ("{\"id\":\"\0\"}", "8: line that is not JSON; skipped (1)"),
        (
            r#"{"id":"a","createdDateTime":"2026-01-01","userId":"1","userId":"2"}"#,
            "8: record that says the same thing twice, differently; skipped (1)",
        ),
        ("[[[[[[1]]]]]]", "value where a record should be; skipped (1)"),
    ] {
        let ingested = read("x", &many(bad)).unwrap();
        assert_eq!((ingested.frame.rows(), diagnostics(&ingested)), (300, vec![expected.to_owned()]));
    }
    let deep = format!("{}{}", "[".repeat(4000), "]".repeat(4000));
    let ingested = read("x", &many(&deep)).unwrap();
    assert_eq!(diagnostics(&ingested), ["8: line that is not JSON; skipped (1)"]);
    assert!(read("x", &deep).unwrap_err().to_string().starts_with("not a sign-in export"));
    let nested = good.replace("\"192.0.2.7\"", &format!("{{\"a\":{deep}}}"));
    assert_eq!(column(&read("x", &nested).unwrap(), Column::IpAddress), [""]);
    let ingested = read_with(&ORDINARY, &[("x", &good.replace("ada@", "\u{1}\u{2}").into_bytes())]);
    assert!(ingested.unwrap_err().to_string().contains("control character"));
    let latin = good.replace("Résumé", "R\u{fffd}").into_bytes();
    let latin: Vec<u8> = latin.iter().copied().filter(|byte| *byte != 0xbd).collect();
    let ingested = read_with(&ORDINARY, &[("x", &latin)]).unwrap();
    assert_eq!(diagnostics(&ingested), ["some bytes are not valid in the file's encoding (1)"]);
}

#[test]
fn a_quote_that_is_never_closed_is_no_small_loss() {
    let file = download(DOWNLOAD_2025, "2026-06-15T12:40:24Z");
    let row = ["\"App \"\"One\"\"\"", "\"Résumé, Office\"", "\"Lyon, Rhône, FR\""];
    let row = row.iter().fold(file.lines().nth(1).unwrap().to_owned(), |row, quoted| row.replace(quoted, "plain"));
    let rows = |from: usize, to: usize| vec![row.as_str(); to - from].join("\r\n");
    let torn = row.replacen("Browser", "\"Browser", 1);
    let open = format!("{}\r\n{}\r\n{torn}\r\n{}\r\n", DOWNLOAD_2025, rows(0, 20), rows(0, 200));
    let error = read("x.csv", &open).unwrap_err();
    assert!(error.to_string().starts_with("a quote is opened in this row and never closed"), "{error}");
    assert!(error.place().ends_with("x.csv:22:1"), "{}", error.place());
    // Closed again further down: every line between the two is lost.
    let closed = format!("{}\r\n{}\r\n{torn}\r\n{}\r\n{torn}\r\n", DOWNLOAD_2025, rows(0, 20), rows(0, 8));
    let error = read("x.csv", &closed).unwrap_err();
    assert!(error.to_string().starts_with("10 of 30 records cannot be used"), "{error}");
}

#[test]
fn two_stray_quotes_in_a_cell_of_json_hide_no_rows() {
    let row =
        |id: usize, cell: &str| format!("2026-06-15T12:40:24Z,2026-06-15T12:40:24Z,id-{id},u,app-1,success,{cell}\n");
    let table = |first: &str, second: &str| {
        let mut text =
            "TimeGenerated [UTC],CreatedDateTime [UTC],Id,UserId,AppId,ConditionalAccessStatus,MfaDetail\n".to_owned();
        for id in 0..40 {
            text += &row(
                id,
                match id {
                    2 => first,
                    30 => second,
                    _ => "{}",
                },
            );
        }
        text
    };
    let options = Options { max_bad_rows: MaxBadRows::Share(100.0), ..ORDINARY };
    let read = |text: &str| read_with(&options, &[("x.csv", text.as_bytes())]).unwrap();
    assert_eq!(read(&table("{}", "{}")).inputs[0].rows, 40);
    let torn = read(&table("\"{}", "{}\"")).inputs.remove(0);
    assert_eq!((torn.rows, torn.bad_rows), (11, 29));
}

#[test]
fn wrapped_tables_lose_no_row_silently() {
    let header = "category,properties.id,properties.createdDateTime,properties.appId,properties.userId,properties.appDisplayName";
    let row = |id: usize, name: &str| format!("SignInLogs,id-{id},2026-01-02T03:04:05Z,x,u,{name}\n");
    let table = |at: &dyn Fn(usize) -> String| {
        header.to_owned() + "\n" + &(0..60).map(|id| row(id, &at(id))).collect::<String>()
    };
    let options = Options { max_bad_rows: MaxBadRows::Share(100.0), ..ORDINARY };
    let open = table(&|id| if id == 20 { "\"App".to_owned() } else { "App".to_owned() });
    let error = read_with(&options, &[("x.csv", open.as_bytes())]).unwrap_err();
    assert!(error.to_string().starts_with("a quote is opened"), "{error}");
    let torn = table(&|id| match id {
        20 => "\"App".to_owned(),
        50 => "App\"".to_owned(),
        51 => "one,two".to_owned(),
        _ => "App".to_owned(),
    });
    let torn = read_with(&options, &[("x.csv", torn.as_bytes())]).unwrap().inputs.remove(0);
    assert_eq!((torn.rows, torn.bad_rows), (28, 32));
}

#[test]
fn what_is_no_country_is_none() {
    let of = |details: &str, country: &str| {
        let text = format!(
            "TimeGenerated [UTC],CreatedDateTime [UTC],Id,UserId,AppId,ConditionalAccessStatus,LocationDetails,Location\n\
             2026-06-15T12:40:24Z,2026-06-15T12:40:24Z,a,u,app-1,success,{},{country}\n",
            cell(details)
        );
        column(&read("x.csv", &text).unwrap(), Column::Location)[0].to_owned()
    };
    let france = r#"{"countryOrRegion":"FR"}"#;
    assert_eq!(of(r#"{"city":"Paris","countryOrReg"#, "FR"), france);
    assert_eq!(of("<Redacted>", "FR"), france);
    assert_eq!(of("{PII Removed}", "FR"), france);
    assert_eq!(of(r#"{"countryOrRegion":"-"}"#, "FR"), france);
    assert_eq!(of("Unknown", ""), "");
    assert_eq!(of(r#"{"countryOrRegion":"-"}"#, "-"), "");
    assert_eq!(of("Lyon, Rhône, FR", ""), r#"{"city":"Lyon","countryOrRegion":"FR","state":"Rhône"}"#);
}

#[test]
fn what_one_file_cannot_say_for_certain_is_refused_or_counted() {
    let local = log_analytics_csv().replace("[UTC]", "[Local Time]");
    let error = read("x.csv", &local).unwrap_err();
    assert!(matches!(error, IngestError::LocalTimes { .. }), "{error}");
    let row = log_analytics_object();
    let mixed = format!("{}\n{}\n{row}\n", sign_in(), sign_in());
    let options = Options { max_bad_rows: MaxBadRows::Rows(1), ..ORDINARY };
    let mixed = read_with(&options, &[("x", mixed.as_bytes())]).unwrap();
    assert_eq!(diagnostics(&mixed), ["3: record of another format than the first one; skipped (1)"]);
    let mut twice = diagnostic("SignInLogs");
    let text = twice["properties"].to_string().replacen('{', "{\"userId\":\"other\",", 1);
    twice["properties"] = json!(text);
    let error = read("x", &json!([twice]).to_string()).unwrap_err();
    assert!(error.to_string().contains("the same thing twice"), "{error}");
    let mut cut = powershell(&sign_in());
    cut["AuthenticationDetails"] = json!(["Microsoft.Graph.PowerShell.Models.MicrosoftGraphAuthenticationDetail"]);
    let cut = read("x", &cut.to_string()).unwrap();
    assert_eq!(diagnostics(&cut), ["1: record of which a nested value cannot be read: the export cut it off (1)"]);
    let mut filled = diagnostic("SignInLogs");
    filled["properties"]["deviceDetail"]["deviceId"] = json!("-");
    let filled = read("x", &json!([filled]).to_string()).unwrap();
    assert!(!column(&filled, Column::DeviceDetail)[0].contains("deviceId"));
}

#[test]
fn a_file_under_two_names_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    fs::write(&path, json!([sign_in()]).to_string()).unwrap();
    let (one, two) = (path.display().to_string(), folder.path().join("./a.json").display().to_string());
    assert_eq!(ingest(&[one.clone(), two, one], &ORDINARY, &()).unwrap().frame.rows(), 1);
}

#[test]
fn a_budget_holds_for_all_that_is_packed_in_one_file() {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for member in 0..4 {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(lines_of(&sign_in()).repeat(20).as_bytes()).unwrap();
        archive.start_file(format!("{member}.gz"), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&packed.finish().unwrap()).unwrap();
    }
    let archive = archive.finish().unwrap().into_inner();
    let inside = lines_of(&sign_in()).len() as u64 * 20;
    let read = |most| read_with(&Options { unpacking: Unpacking::up_to(most), ..ORDINARY }, &[("x.zip", &archive)]);
    assert!(matches!(read(3 * inside).unwrap_err(), IngestError::TooLarge { .. }));
    assert_eq!(read(5 * inside).unwrap().frame.rows(), 160);
}

#[test]
fn many_steps_of_one_request_take_no_long_time() {
    let header = STEPS.lines().next().unwrap();
    let steps: String = (0..50_000)
        .map(|step| format!("0a1b2c3d-0000-4000-8000-000000000001,2026-06-15T12:40:20Z,Password,step {step},Yes,x,y\n"))
        .collect();
    let mut silent = sign_in();
    silent["authenticationDetails"] = json!([]);
    let files = [("a.ndjson", lines_of(&silent)), ("s.csv", format!("{header}\n{steps}"))];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_bytes()));
    let ingested = read_with(&ORDINARY, &files).unwrap();
    assert!(column(&ingested, Column::AuthenticationDetails)[0].contains("step 49999"));
}

#[test]
fn packed_files_are_the_files_in_them() {
    use std::io::Write;
    let page = json!({"value": [sign_in()]}).to_string();
    let mut second = sign_in();
    second["id"] = json!("second");
    let line = format!("{second}\n{second}\n");
    let gzip = |text: &str| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("y=2026/PT1H.json.gz", gzip(&line)),
        ("audit.json", b"[{\"activityDisplayName\":\"x\",\"targetResources\":[]}]".to_vec()),
        ("a.json", page.clone().into_bytes()),
    ] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&bytes).unwrap();
    }
    let archive = archive.finish().unwrap().into_inner();
    let options = Options { hash_inputs: true, ..ORDINARY };
    let packed = zstd::encode_all(page.as_bytes(), 1).unwrap();
    let ingested = read_with(&options, &[("logs.zip", &archive), ("b.zst", &packed), ("c.gz", &gzip(&page))]).unwrap();
    let found: Vec<(String, &str, u64)> = ingested
        .inputs
        .iter()
        .map(|input| {
            (
                input.path.rsplit_once("/.").map_or("", |(_, path)| path).split_once('/').unwrap().1.to_owned(),
                &*input.format,
                input.rows,
            )
        })
        .collect();
    let expected = [
        ("logs.zip/a.json", "graph-json", 1),
        ("logs.zip/y=2026/PT1H.json.gz", "graph-ndjson", 2),
        ("b.zst", "graph-json", 1),
        ("c.gz", "graph-json", 1),
    ];
    assert_eq!(found, expected.map(|(path, format, rows)| (path.to_owned(), format, rows)));
    let skipped = diagnostics(&ingested);
    assert!(skipped[0].contains("logs.zip/audit.json") && skipped[0].contains("audit logs"), "{skipped:?}");
    let options = Options { unpacking: Unpacking::up_to(100), ..ORDINARY };
    let error = read_with(&options, &[("c.gz", &gzip(&page))]).unwrap_err();
    assert!(error.help().contains("--max-unpacked"), "{error}");
    let cut = gzip(&page);
    let error = read_with(&ORDINARY, &[("c.gz", &cut[..cut.len() / 2])]).unwrap_err();
    assert_eq!(error.to_string(), "the gzip file breaks off; nothing of this file was used");
}

#[test]
fn a_contradiction_is_never_settled_by_a_guess_and_null_records_nothing() {
    let record = |status: &str, user: &str| {
        format!(
            r#"{{"id":"a","createdDateTime":"2026-01-01T00:00:00Z","userId":"x","appId":"p",{user}
            "status":{status},"deviceDetail":{{"deviceId":"d","isCompliant":null,"isManaged":true}},
            "location":"FR","userType":null,"conditionalAccessStatus":2}}"#
        )
    };
    let ingested = read("x", &format!("[{}]", record(r#"{"errorCode":2,"errorCode":2}"#, r#""UserId":"x","#))).unwrap();
    assert_eq!(column(&ingested, Column::UserId), ["x"]);
    assert_eq!(column(&ingested, Column::Status), [r#"{"errorCode":2}"#]);
    assert_eq!(column(&ingested, Column::DeviceDetail), [r#"{"deviceId":"d","isManaged":true}"#]);
    assert_eq!(column(&ingested, Column::Location), [r#"{"countryOrRegion":"FR"}"#]);
    assert_eq!(column(&ingested, Column::ConditionalAccessStatus), ["notApplied"]);
    let inside = read("x", &format!("[{}]", record(r#"{"errorCode":1,"errorCode":2}"#, ""))).unwrap();
    assert_eq!(column(&inside, Column::Status), [""]);
    let lost = "1: record of which a nested value cannot be read: the export cut it off (1)";
    assert_eq!(diagnostics(&inside), [lost]);
    let error = read("x", &format!("[{}]", record("{}", r#""userId":"y","#))).unwrap_err().to_string();
    assert!(error.ends_with("record that says the same thing twice, differently"), "{error}");
}

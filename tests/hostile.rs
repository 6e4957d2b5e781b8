//! Bad input through the whole program: a line with its place and help, or a counted bad row; never a panic, never
//! half an output.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use insta::assert_snapshot;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::program::{Folder, seen};

const ROW: &str = r#"{"id":"ID","createdDateTime":"2026-10-05T08:00:00Z","userId":"u1","appId":"a","resourceTenantId":"t","status":{"errorCode":0},"riskLevelDuringSignIn":"high"}"#;
const HEADER: &str = "Date (UTC),Request ID,User ID,Username,Application ID ,Status,Sign-in error code";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Many good lines, so that one bad one is within the limit.
fn lines(bad: &str) -> String {
    let good = (0..200).map(|row| ROW.replace("ID", &format!("id-{row}")));
    good.chain([bad.to_owned()]).map(|line| line + "\n").collect()
}

fn table(rows: &str) -> String {
    format!("{HEADER}\n{rows}")
}

/// Each as the only file of a run: its name, its bytes, and options.
fn inputs() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let page = format!("[{}]", ROW.replace("ID", "one"));
    let packed = gzip(page.as_bytes());
    let row = "2026-10-05T08:00:00Z,one,u1,u@x,a,Success,0\n";
    let deep = format!("{}{}", "[".repeat(9000), "]".repeat(9000));
    vec![
        ("cut.json.gz", packed[..packed.len() / 2].to_vec(), ""),
        ("rest.json.gz", [&packed[..], b"trailing"].concat(), ""),
        ("bomb.gz", gzip(&vec![b' '; 4 << 20]), "--max-unpacked 1MiB"),
        ("bomb.zip", zip(&[("a.json", &vec![b' '; 4 << 20])]), "--max-unpacked 1MiB"),
        ("climbs.zip", zip(&[("../../etc/cron.json", page.as_bytes())]), ""),
        ("others.zip", zip(&[("audit.json", b"[{\"activityDisplayName\":\"x\"}]"), ("empty.json", b"")]), ""),
        ("book.xlsx", zip(&[("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")]), ""),
        ("cut.zip", zip(&[("a.json", page.as_bytes())])[..60].to_vec(), ""),
        ("cut.json", page.as_bytes()[..page.len() - 40].to_vec(), ""),
        ("deep.json", deep.clone().into_bytes(), ""),
        ("deep.ndjson", lines(&deep).into_bytes(), ""),
        ("nul.ndjson", lines(&ROW.replace("ID", "a\0b")).into_bytes(), ""),
        (
            "latin1.ndjson",
            lines(&ROW.replace("ID", "x")).replace("\"u1\"", "\"m\u{e4}x\"").chars().map(|c| c as u8).collect(),
            "",
        ),
        ("long.ndjson", lines(&format!("{{\"id\":\"{}\"}}", "x".repeat(200 << 20))).into_bytes(), ""),
        (
            "twice.ndjson",
            lines(&ROW.replace("ID", "a").replace("\"appId\"", "\"userId\":\"u2\",\"appId\"")).into_bytes(),
            "",
        ),
        (
            "depth.json",
            ROW.replace("ID", "a")
                .replace("{\"errorCode\":0}", "\"Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInStatus\"")
                .into_bytes(),
            "",
        ),
        ("ragged.csv", table(&format!("{}1,2,3\n", row.repeat(150))).into_bytes(), ""),
        (
            "open.csv",
            table(&format!("{row}2026-10-05T08:00:00Z,\"two,u1,u@x,a,Success,0\n{}", row.repeat(90))).into_bytes(),
            "",
        ),
        ("header.csv", table("").into_bytes(), ""),
        ("dates.csv", table(&row.replace("2026-10-05T08:00:00Z", "5/10/2026 8:00")).into_bytes(), ""),
        ("random.bin", (0..4000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect(), ""),
        ("cut.parquet", b"PAR1 and nothing more".to_vec(), ""),
        ("cut.arrow", b"ARROW1\0\0 and nothing more".to_vec(), ""),
    ]
}

#[test]
fn each_bad_input_is_a_line_with_its_place_or_a_counted_row() {
    let mut all = String::new();
    for (name, bytes, options) in inputs() {
        let folder = Folder::new().with(name, &bytes);
        let arguments = format!(
            "replay {name} --policy template:require-mfa-for-risky-sign-ins --format csv --verdicts v.csv {options}"
        );
        let output = folder.run(&arguments);
        let complaints = String::from_utf8(output.stderr.clone()).unwrap();
        let status = output.status.code().unwrap_or_else(|| panic!("{name}: killed"));
        assert!(status <= 1, "{name}: {}", seen(&output));
        assert!(!complaints.contains("panicked"), "{name}: {complaints}");
        // A failure writes nothing, neither to standard output nor as half a file.
        assert_eq!(status == 0, !output.stdout.is_empty(), "{name}");
        assert_eq!(folder.files().len(), if status == 0 { 2 } else { 1 }, "{name}: {:?}", folder.files());
        all.push_str(&format!("== {name} {options}\nexit: {status}\n{complaints}"));
    }
    assert_snapshot!(all);
}

#[test]
fn bad_members_of_a_folder_are_named_and_do_not_hide_the_good_ones() {
    let page = format!("[{}]", ROW.replace("ID", "one"));
    let folder = Folder::new().with("logs/good.json.gz", gzip(page.as_bytes())).with("logs/notes.txt", "to do").with(
        "logs/more.zip",
        zip(&[(
            "x/RiskyUsers.json",
            b"{\"value\":[{\"riskLevel\":\"high\",\"riskLastUpdatedDateTime\":\"2026-10-05T08:00:00Z\"}]}",
        )]),
    );
    let output = folder.run("replay logs --policy template:require-mfa-for-risky-sign-ins --format csv");
    assert_eq!(output.status.code(), Some(0));
    assert_snapshot!(String::from_utf8(output.stderr).unwrap());
}

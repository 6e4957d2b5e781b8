//! The walker against `serde_json`, over mutations of records as real exports have them.
//!
//! `SCAN_MUTATIONS=100000000 cargo test --release scan` runs for as long as one likes; `SCAN_SEED` begins elsewhere.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Cursor, Walker};
use crate::frame::{Column, SignInFrame};
use crate::ingest::container::{head, read_json, read_json_plainly, read_line_plainly, read_ndjson, read_record};
use crate::ingest::date::DateOrder;
use crate::ingest::format::recognised;
use crate::ingest::reader::{Reader, Settings};
use crate::ingest::record::Fields;

/// One record of each kind: nested lists, escapes, blanks, empty values, numbers of every kind.
const RECORDS: [&str; 4] = [
    r#"{"id":"0a1b-é","createdDateTime":"2026-06-15T12:40:24.178Z","userId":"u1","userPrincipalName":"a\"b\\c@x","appId":"app","appDisplayName":"App \"One\" \u00e9\ud83d\ude00","ipAddress":"192.0.2.7","isInteractive":true,"status":{"errorCode":50074,"failureReason":null},"deviceDetail":{"deviceId":"","isCompliant":false},"location":{"city":"Lyon","geoCoordinates":{"latitude":45.70,"longitude":-4.8e-1}},"appliedConditionalAccessPolicies":[{"id":"p","enforcedGrantControls":["Mfa","Block"],"result":"success"},{}],"riskEventTypes_v2":[],"autonomousSystemNumber":64500,"x":[[],[{}],[[[1,-0,0.5,1e9]]]]}"#,
    r#"{ "time" : "2026-06-15T12:43:00Z" , "category":"SignInLogs","resultType":"50074", "callerIpAddress":"192.0.2.9","location":"FR","properties" : { "id":"1","createdDateTime":"2026-06-15T12:40:24.1780000+00:00","userId":"u1","conditionalAccessStatus":"success","networkLocationDetails":[{"networkType":"trustedNamedLocation","networkNames":["HQ"]}],"authenticationDetails":"[{\"succeeded\":true}]" } ,"Level":4}"#,
    r#"{"time":"t","category":"AuditLogs","properties":"{\"id\":\"1\"}"}"#,
    r#"{"TimeGenerated":"2026-06-15T12:40:24Z","Id":"a","AppId":"b","ConditionalAccessStatus":"success","Type":"SigninLogs","DeviceDetail":"{\"deviceId\":\"\"}","LocationDetails":{},"UserId":null,"records":[1]}"#,
];

/// Pieces that turn one thing into another: tokens, broken tokens, keys that mean something.
const PIECES: [&str; 34] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    " ",
    "\t",
    "\n",
    "null",
    "true",
    "-",
    "0",
    "1.5e",
    "\\u00",
    "\\u12aF",
    "é",
    "\u{1}",
    "\"\"",
    "{}",
    "[]",
    "\"id\":\"x\",",
    "\"userId\":\"other\",",
    "\"properties\":{",
    "\"value\":[",
    "\"records\":",
    "\"error\":1,",
    "\"@odata.nextLink\":null,",
    "\"time\":\"2026\",",
    "\u{feff}",
    "\"riskLevelDuringSignIn\":\"high\",",
    "//",
];

fn mutated(record: &str, random: &mut ChaCha8Rng) -> String {
    let mut text: Vec<char> = record.chars().collect();
    for _ in 0..random.random_range(0..4) {
        if text.is_empty() {
            break;
        }
        let at = random.random_range(0..text.len());
        let end = (at + random.random_range(0..12)).min(text.len());
        let piece: Vec<char> = match random.random_range(0..4) {
            0 => Vec::new(),
            1 => PIECES[random.random_range(0..PIECES.len())].chars().collect(),
            2 => text[at..end].repeat(2),
            _ => {
                let from = random.random_range(0..text.len());
                text[from..(from + random.random_range(0..40)).min(text.len())].to_vec()
            }
        };
        let keep = random.random_bool(0.5);
        text.splice(at..if keep { at } else { end }, piece);
    }
    text.into_iter().collect()
}

/// How a file of such records is read.
fn settings(record: &str) -> Settings {
    let format = recognised(&head(&format!("{record}\n{record}"), b',')).unwrap();
    Settings {
        format,
        order: DateOrder::MonthFirst,
        event_type: None,
        lacks_devices: false,
        name_of_rows: None,
        only_dates: false,
    }
}

fn number(name: &str, ordinary: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(ordinary)
}

#[test]
fn the_walker_reads_what_serde_json_reads_and_nothing_else() {
    let (mutations, seed) = (number("SCAN_MUTATIONS", 100_000), number("SCAN_SEED", 1));
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let (mut taken, mut left) = (0_u64, 0_u64);
    for record in RECORDS {
        let settings = settings(record);
        let (mut mine, mut theirs) = (Reader::new(&settings), Reader::new(&settings));
        // One walker for all of them: what it remembers of one record must not show in the next.
        let mut walker = Walker::default();
        for _ in 0..mutations / RECORDS.len() as u64 {
            // The record as it is comes first: its values are what the walker remembers.
            let broken = mutated(record, &mut random);
            let text = format!("{record}\n{broken}");
            let mut cursor = Cursor::of_lines(&text);
            let mut whole = Fields::default();
            assert!(walker.record(&mut cursor, &mut mine.names, &mut whole).is_some(), "{record}");
            cursor.blanks();
            cursor.go_to(cursor.place() + 1);
            let mut walked = Fields::default();
            let is_walked = walker.record(&mut cursor, &mut mine.names, &mut walked).is_some();
            if !is_walked || !cursor.is_at_end() {
                left += 1;
                continue;
            }
            taken += 1;
            let mut read = read_record(&broken, &mut theirs).unwrap_or_else(|| panic!("serde_json refuses {broken}"));
            assert_eq!(walked.all(), read.all(), "{broken}");
            assert_eq!(walked.is_contradicted(), read.is_contradicted(), "{broken}");
            assert_eq!(walked.take_texts(), read.take_texts(), "{broken}");
        }
    }
    // Both ways are walked often, or this compares nothing.
    assert!(taken > mutations / 5 && left > mutations / 20, "{taken} taken, {left} left to serde_json");
}

/// A frame with all that can be told of it, and what was counted beside it.
fn told(reader: Reader<'_>) -> String {
    let counted = format!(
        "{:?} {:?} {:?} {:?} {} {} {:?}",
        reader.flaws,
        reader.others,
        reader.lost,
        reader.slashed,
        reader.unnamed,
        reader.is_partial,
        reader.is_unfinished
    );
    let frame: SignInFrame = reader.builder.finish();
    let column = |column: &Column| {
        let texts: Vec<&str> = frame.dictionary(*column).iter().collect();
        format!("\n{}: {:?} {texts:?}", column.name(), frame.codes(*column))
    };
    let columns: String = Column::ALL.iter().map(column).collect();
    format!("{counted}\n{:?}\n{:?}{columns}", frame.created(), frame.delivered())
}

/// Frames of many records, some of them damaged: with the walker and what it remembers, and by `serde_json` alone.
#[test]
fn frames_are_those_of_serde_json() {
    let (mutations, seed) = (number("SCAN_MUTATIONS", 100_000) / 20, number("SCAN_SEED", 1));
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut rows = 0;
    for record in RECORDS {
        let settings = settings(record);
        let mut left = mutations / RECORDS.len() as u64;
        while left > 0 {
            let records: Vec<String> = (0..random.random_range(1..60))
                .map(|_| match random.random_range(0..4) {
                    0 => mutated(record, &mut random),
                    1 => varied(record, &mut random),
                    _ => record.to_owned(),
                })
                .collect();
            left = left.saturating_sub(records.len() as u64);
            let lines = records.join("\n");
            let walked = read_ndjson(&lines, &settings, &());
            rows += walked.rows;
            let mut plain = Reader::new(&settings);
            for (line, number) in lines.split('\n').zip(1..) {
                read_line_plainly(line, number, &mut plain);
            }
            assert_eq!(told(walked), told(plain), "{lines}");

            let broken = random.random_bool(0.1);
            let list: Vec<&str> =
                records.iter().map(String::as_str).filter(|record| broken || is_json(record)).collect();
            let list = format!("{{\"@odata.nextLink\":\"x\",\"value\":[{}]}}", list.join(" ,\n"));
            let (mut walked, mut plain) = (Reader::new(&settings), Reader::new(&settings));
            let outcomes = (read_json(&list, &mut walked), read_json_plainly(&list, &mut plain));
            assert_eq!(outcomes.0, outcomes.1, "{list}");
            if outcomes.0.is_ok() {
                assert_eq!(told(walked), told(plain), "{list}");
            }
        }
    }
    assert!(rows > mutations / 10, "{rows} rows: that compares little");
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The same record with other values, as the next one of a real log: digits and letters inside of it change.
fn varied(record: &str, random: &mut ChaCha8Rng) -> String {
    let vary = |character: char| match character {
        '0'..='9' if random.random_bool(0.05) => char::from(b'0' + random.random_range(0..10)),
        'u' | 'p' | 'x' if random.random_bool(0.05) => char::from(b'a' + random.random_range(0..26)),
        other => other,
    };
    record.chars().map(vary).collect()
}

#[test]
fn ordinary_records_are_taken_and_envelopes_are_not() {
    for record in &RECORDS[..2] {
        let settings = settings(record);
        let mut reader = Reader::new(&settings);
        let mut walk = |text: &str| {
            let (mut cursor, mut fields) = (Cursor::of_records(text), Fields::default());
            Walker::default().record(&mut cursor, &mut reader.names, &mut fields).is_some()
        };
        assert!(walk(record), "{record}");
        assert!(!walk(&format!("{{\"value\":[{record}],\"records\":[{record}]}}")));
    }
}

/// A record that breaks off between a key and its value, as a fuzzer found it: what comes next is not mistaken.
#[test]
fn a_record_that_breaks_off_leaves_nothing_behind() {
    let record = RECORDS[0];
    let settings = settings(record);
    let middle = record.find("\"appId\"").unwrap();
    let broken = format!("{}\"appId\":]{}", &record[..middle], &record[middle..]);
    let lines = [record, broken.as_str(), record, record].join("\n");
    let walked = read_ndjson(&lines, &settings, &());
    assert_eq!((walked.rows, walked.flaws.len()), (3, 1));
    let whole = read_ndjson(&[record; 3].join("\n"), &settings, &());
    assert_eq!(
        (0..3).map(|row| walked.builder.frame().text(Column::AppId, row)).collect::<Vec<_>>(),
        (0..3).map(|row| whole.builder.frame().text(Column::AppId, row)).collect::<Vec<_>>()
    );
}

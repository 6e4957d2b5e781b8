//! The walker against `serde_json`, over mutations of records as real exports have them.
//!
//! `SCAN_MUTATIONS=100000000 cargo test --release scan` runs for as long as one likes; `SCAN_SEED` begins elsewhere.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Walker;
use crate::ingest::container::{head, read_record};
use crate::ingest::date::DateOrder;
use crate::ingest::format::recognised;
use crate::ingest::reader::{Reader, Settings};

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
            let text = mutated(record, &mut random);
            let Some(walked) = walker.walk(&text, &mut mine) else {
                left += 1;
                continue;
            };
            taken += 1;
            let read = read_record(&text, &mut theirs).unwrap_or_else(|| panic!("serde_json refuses {text}"));
            assert_eq!(walked.all(), read.all(), "{text}");
            assert_eq!(walked.is_contradicted(), read.is_contradicted(), "{text}");
        }
    }
    // Both ways are walked often, or this compares nothing.
    assert!(taken > mutations / 5 && left > mutations / 20, "{taken} taken, {left} left to serde_json");
}

#[test]
fn ordinary_records_are_taken_and_envelopes_are_not() {
    for record in &RECORDS[..2] {
        let settings = settings(record);
        let mut reader = Reader::new(&settings);
        assert!(Walker::default().walk(record, &mut reader).is_some(), "{record}");
        let envelope = format!("{{\"value\":[{record}],\"records\":[{record}]}}");
        assert!(Walker::default().walk(&envelope, &mut reader).is_none());
    }
}

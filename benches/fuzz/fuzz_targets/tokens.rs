//! One value: the cursor takes what `serde_json` takes, up to the same place, and refuses what it refuses.

#![no_main]
#![allow(dead_code, unreachable_pub, reason = "the program uses more of these modules than a fuzz target")]

#[path = "../../../src/ingest/record.rs"]
mod record;
#[path = "../../../src/ingest/scan/mod.rs"]
mod scan;

use libfuzzer_sys::fuzz_target;
use scan::Cursor;
use serde_json::value::RawValue;

fuzz_target!(|text: &str| {
    let expected = serde_json::from_str::<&RawValue>(text).ok().map(RawValue::get);
    let mut cursor = Cursor::new(text);
    // A value ends where its text ends: what stands behind it is for whoever reads on.
    let found = cursor.value().filter(|_| cursor.is_at_end());
    if found.is_some() {
        assert_eq!(found, expected, "serde_json takes what the cursor takes");
    }
    // Deeper ones are left to serde_json.
    if text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() <= 64 {
        assert_eq!(found, expected, "the cursor takes what serde_json takes");
    }
});

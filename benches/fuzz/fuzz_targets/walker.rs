//! Lines of records: what the walker reads is what `serde_json` reads, and nothing that `serde_json` refuses.
//!
//! All lines of one input go through one walker, so that what it remembers of one record is held against the next.

#![no_main]
#![allow(dead_code, unreachable_pub, reason = "the program uses more of these modules than a fuzz target")]

#[path = "../../../src/ingest/record.rs"]
mod record;
#[path = "../../../src/ingest/scan/mod.rs"]
mod scan;

use std::collections::BTreeMap;
use std::fmt;

use libfuzzer_sys::fuzz_target;
use record::{Cell, Fields, Known, Member};
use scan::{Cursor, Keys, Walker};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Members with a cell, as a record and its envelope name them; two names of one member can contradict each other.
const NAMES: [(&str, Member); 8] = [
    ("id", Member::Id),
    ("time", Member::Delivered),
    ("userId", Member::UserId),
    ("user", Member::UserId),
    ("status", Member::Status),
    ("applied", Member::Policies),
    ("interactive", Member::IsInteractive),
    ("code", Member::ErrorCode),
];

fn named(key: &str) -> Option<Member> {
    NAMES.iter().find(|(name, _)| *name == key).map(|(_, member)| *member)
}

fn member(key: &str) -> Option<Member> {
    match key {
        "properties" => Some(Member::Properties),
        "value" => Some(Member::List),
        "tables" => Some(Member::Tables),
        "error" => Some(Member::Error),
        "next" => Some(Member::NextLink),
        _ => named(key),
    }
}

struct Names;

impl Keys for Names {
    fn member(&mut self, key: &str) -> Option<Member> {
        member(key)
    }

    fn property(&mut self, key: &str) -> Option<Member> {
        named(key)
    }
}

/// The members of an object in their order, repeated ones included.
struct Entries<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// What a line says, by the simplest reading of it; nothing if it is no record of this kind.
fn read(line: &str) -> Option<(Fields<'_>, Vec<String>)> {
    let (mut fields, mut texts) = (Fields::default(), Vec::new());
    for (key, value) in serde_json::from_str::<Entries<'_>>(line).ok()?.0 {
        match member(&key) {
            None => {}
            Some(Member::Properties) if value.get().starts_with('{') => {
                for (key, value) in serde_json::from_str::<Entries<'_>>(value.get()).ok()?.0 {
                    if let Some(member) = named(&key) {
                        fields.set(member, Cell::json(value.get()));
                    }
                }
            }
            Some(Member::Properties) if value.get() == "null" => {}
            Some(Member::Properties) => texts.push(serde_json::from_str(value.get()).ok()?),
            Some(member) if member.has_cell() => fields.set(member, Cell::json(value.get())),
            Some(_) => return None,
        }
    }
    Some((fields, texts))
}

fuzz_target!(|text: &str| {
    let mut walker = Walker::default();
    // What a number was given for: one number never stands for two texts of one member.
    let mut met: BTreeMap<(usize, usize), String> = BTreeMap::new();
    let mut cursor = Cursor::of_lines(text);
    let mut start = 0;
    for line in text.split('\n') {
        cursor.go_to(start);
        start += line.len() + 1;
        let mut walked = Fields::default();
        let is_walked = walker.record(&mut cursor, &mut Names, &mut walked).is_some();
        cursor.blanks();
        if !is_walked || !matches!(cursor.peek(), None | Some(b'\n')) {
            continue;
        }
        assert_eq!(cursor.place() + 1, start, "the walker stops at the end of its line");
        let (expected, texts) = read(line).expect("serde_json takes what the walker takes");
        assert_eq!(walked.take_texts(), texts);
        assert_eq!(walked.is_contradicted(), expected.is_contradicted());
        assert_eq!(walked.bytes(), expected.bytes());
        for (_, member) in NAMES {
            let (cell, known) = walked.find(member);
            assert_eq!(cell.raw(), expected.get(member).raw());
            if let Some(number) = (known != Known::NOT).then(|| known.number()).flatten() {
                let before = met.entry((member as usize, number)).or_insert_with(|| cell.raw().to_owned());
                assert_eq!(before, cell.raw(), "one number, one text");
            }
        }
    }
});

//! The report as JSON, one file a version, and how every command writes JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::diagnostic::is_hostile;

mod evidence;
pub(super) mod lint_v1;
pub(super) mod v1;
pub(super) mod verification;

/// Writes a document, indented, with a line break at its end, and with nothing in it that a terminal obeys.
///
/// # Errors
///
/// The writer failed.
pub fn write(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(text(document)?.as_bytes())?;
    writeln!(out)
}

/// A document as text, indented, without a line break at its end, and with nothing in it that a terminal obeys.
///
/// # Errors
///
/// The document is none that JSON can write.
pub fn text(document: &impl Serialize) -> serde_json::Result<String> {
    Ok(harmless(&serde_json::to_string_pretty(document)?))
}

/// JSON leaves DEL, C1 and direction marks as they are; a terminal obeys them. Written as `\\uXXXX` they mean the same.
fn harmless(json: &str) -> String {
    let mut harmless = String::with_capacity(json.len());
    for character in json.chars() {
        if is_hostile(character) && !matches!(character, '\n' | '\r' | '\t') {
            let mut units = [0; 2];
            harmless.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            harmless.push(character);
        }
    }
    harmless
}

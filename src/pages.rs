//! JSON as Graph hands it out, in any encoding: one object, an array, `{"value": […]}`, several pages.
//!
//! Policies and tenant facts come in the same wrappings. This module takes them off and keeps the
//! line on which each object begins; what an object means is for others to say.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use encoding_rs::Encoding;
use serde_json::value::RawValue;

/// Wrappings within wrappings that are taken off; real exports have at most three.
const DEPTH: usize = 8;

/// Bytes that are no text, with the line of the first bad one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not text in UTF-8 or UTF-16")]
pub struct NotText {
    /// Line, counted from 1, where one is known.
    pub line: Option<u64>,
}

/// The text of a file: UTF-8 with or without a mark, UTF-16 either way round (formats, trap 31).
///
/// # Errors
///
/// The bytes are no text in either.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, NotText> {
    let marked = Encoding::for_bom(bytes);
    let encoding = match (marked, bytes) {
        (Some((encoding, _)), _) => encoding,
        // JSON and CSV begin with an ASCII character, so a zero beside it gives UTF-16 away.
        (None, [first, 0, ..]) if *first != 0 => encoding_rs::UTF_16LE,
        (None, [0, second, ..]) if *second != 0 => encoding_rs::UTF_16BE,
        (None, _) => encoding_rs::UTF_8,
    };
    let body = bytes.get(marked.map_or(0, |(_, length)| length)..).unwrap_or_default();
    if encoding == encoding_rs::UTF_8 {
        return match std::str::from_utf8(body) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => Err(NotText { line: body.get(..error.valid_up_to()).map(|good| 1 + breaks(good)) }),
        };
    }
    encoding.decode_without_bom_handling_and_without_replacement(body).ok_or(NotText { line: None })
}

/// Why a text is not JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Line, counted from 1.
    pub line: u64,
    /// Column, counted from 1.
    pub column: u64,
    /// What was wrong.
    pub message: String,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not JSON at column {}: {}", self.column, self.message)
    }
}

impl std::error::Error for SyntaxError {}

impl SyntaxError {
    /// What the parser said about a text that begins on this line.
    #[must_use]
    pub fn new(error: &serde_json::Error, first_line: u64) -> SyntaxError {
        let line = u64::try_from(error.line()).unwrap_or_default().saturating_sub(1) + first_line;
        let column = u64::try_from(error.column()).unwrap_or_default();
        let text = error.to_string();
        let message = text.split(" at line ").next().unwrap_or_default();
        let message = message.replace("EOF while parsing", "the text ends within");
        SyntaxError { line, column, message }
    }
}

/// One JSON value out of its wrappings, borrowed from the text of its file.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'t> {
    /// The value as written.
    pub raw: &'t RawValue,
    /// The line it begins on, counted from 1.
    pub line: u64,
}

/// Everything that a file holds.
#[derive(Clone, Debug, Default)]
pub struct Pages<'t> {
    /// The values, in the order of the file.
    pub pieces: Vec<Piece<'t>>,
    /// Whether the last page says that another one follows (`@odata.nextLink`).
    pub unfinished: bool,
}

/// Takes the wrappings off: arrays, `{"value": […]}`, several documents one after another.
///
/// # Errors
///
/// The text is not JSON.
pub fn unwrap(text: &str) -> Result<Pages<'_>, SyntaxError> {
    let mut pages = Pages::default();
    let mut lines = Lines::new(text);
    let documents = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    for document in documents {
        let document = document.map_err(|error| syntax_error(text, &error))?;
        // A document after the last page, or a page without a link, completes what came before it.
        pages.unfinished = false;
        unwrap_one(document, DEPTH, &mut lines, &mut pages);
    }
    Ok(pages)
}

/// A parser that builds values says more than one that only passes over them.
fn syntax_error(text: &str, error: &serde_json::Error) -> SyntaxError {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    match values.find_map(Result::err) {
        Some(better) => SyntaxError::new(&better, 1),
        None => SyntaxError::new(error, 1),
    }
}

fn unwrap_one<'t>(raw: &'t RawValue, depth: usize, lines: &mut Lines<'t>, pages: &mut Pages<'t>) {
    let line = lines.line_of(raw);
    if depth > 0 {
        if raw.get().starts_with('[')
            && let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(raw.get())
        {
            items.into_iter().for_each(|item| unwrap_one(item, depth - 1, lines, pages));
            return;
        }
        if let Some((items, more)) = page(raw) {
            items.into_iter().for_each(|item| unwrap_one(item, depth - 1, lines, pages));
            pages.unfinished = more;
            return;
        }
    }
    pages.pieces.push(Piece { raw, line });
}

/// The items of `{"value": […]}`, and whether it links to another page.
fn page(raw: &RawValue) -> Option<(Vec<&RawValue>, bool)> {
    let text = raw.get();
    // Most objects are no page: do not parse them twice.
    if !text.starts_with('{') || !(text.contains("\"value\"") || text.contains("\"Value\"")) {
        return None;
    }
    let members: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(text).ok()?;
    let value = members.get("value").or_else(|| members.get("Value"))?;
    let items = serde_json::from_str(value.get()).ok()?;
    let more = members.get("@odata.nextLink").is_some_and(|link| link.get().starts_with('"'));
    Some((items, more))
}

/// The line, counted from 1, on which `part` begins. `part` must be borrowed from `whole`.
#[must_use]
pub fn line_of(whole: &str, part: &RawValue) -> u64 {
    Lines::new(whole).line_of(part)
}

/// Counts lines forwards, so that a file is walked once and not once a piece.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    offset: usize,
    line: u64, // INVARIANT: the line that `offset` is on.
}

impl<'t> Lines<'t> {
    /// Starts on line 1.
    #[must_use]
    pub fn new(text: &'t str) -> Lines<'t> {
        Lines { text, offset: 0, line: 1 }
    }

    /// The line of a byte that is not before the last one asked for.
    pub fn line_at(&mut self, offset: usize) -> u64 {
        if let Some(between) = self.text.as_bytes().get(self.offset..offset) {
            self.line += breaks(between);
            self.offset = offset;
        }
        self.line
    }

    /// The line on which a part of the text begins. It must be borrowed from the text, and not stand before the last one.
    pub fn line_of(&mut self, part: &RawValue) -> u64 {
        self.line_at(part.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr()))
    }
}

fn breaks(bytes: &[u8]) -> u64 {
    u64::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{NotText, decode, unwrap};

    fn utf_16(text: &str, order: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
        let marked = mark.then_some('\u{feff}').into_iter().chain(text.chars());
        marked.collect::<String>().encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn a_text_reads_the_same_in_every_encoding() {
        let text = "{\"a\": \"Zoë\"}";
        for (name, bytes) in [
            ("UTF-8", text.as_bytes().to_vec()),
            ("UTF-8 with a mark", ["\u{feff}", text].concat().into_bytes()),
            ("UTF-16 LE", utf_16(text, u16::to_le_bytes, true)),
            ("UTF-16 BE", utf_16(text, u16::to_be_bytes, true)),
            ("UTF-16 LE without a mark", utf_16(text, u16::to_le_bytes, false)),
            ("UTF-16 BE without a mark", utf_16(text, u16::to_be_bytes, false)),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok(text), "{name}");
        }
        assert_eq!(decode(b"{\n\xff}"), Err(NotText { line: Some(2) }));
        assert_eq!(decode(b""), Ok("".into()));
    }

    #[test]
    fn every_wrapping_comes_off_and_lines_are_kept() {
        for (name, text, expected, unfinished) in [
            ("one object", "\n{\"id\":1}", &[("{\"id\":1}", 2)][..], false),
            ("an array", "[{\"id\":1},\n{\"id\":2}]", &[("{\"id\":1}", 1), ("{\"id\":2}", 2)], false),
            ("a list", "{\"value\":\n[{\"id\":1}]}", &[("{\"id\":1}", 2)], false),
            ("an empty list", "{\"value\":[]}", &[], false),
            ("two pages", "{\"@odata.nextLink\":\"x\",\"value\":[1]}\n{\"value\":[2]}", &[("1", 1), ("2", 2)], false),
            ("an array of pages", "[{\"value\":[1]},\n\n{\"Value\":[2]}]", &[("1", 1), ("2", 3)], false),
            ("one page of several", "{\"value\":[1],\"@odata.nextLink\":\"x\"}", &[("1", 1)], true),
            ("a value that is no list", "{\"value\":3}", &[("{\"value\":3}", 1)], false),
            ("nothing", " \n", &[], false),
        ] {
            let pages = unwrap(text).unwrap();
            let found: Vec<(&str, u64)> = pages.pieces.iter().map(|piece| (piece.raw.get(), piece.line)).collect();
            assert_eq!((found.as_slice(), pages.unfinished), (expected, unfinished), "{name}");
        }
    }

    #[test]
    fn a_syntax_error_has_line_and_column() {
        let error = unwrap("{\n  \"a\": 1,\n}").unwrap_err();
        assert_eq!((error.line, error.column), (3, 1));
        assert_eq!(error.to_string(), "not JSON at column 1: trailing comma");
        assert_eq!(unwrap("[1").unwrap_err().to_string(), "not JSON at column 2: the text ends within a list");
    }

    #[test]
    fn deep_nesting_is_left_alone() {
        let text = ["[".repeat(20_000), "]".repeat(20_000)].concat();
        assert_eq!(unwrap(&text).unwrap().pieces.len(), 1);
    }
}

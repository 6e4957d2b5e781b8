//! Documents, lists and envelopes as nearly all exports have them: each record goes through the walker.

use serde::de::DeserializeSeed;

use super::{Document, take};
use crate::ingest::reader::Reader;
use crate::ingest::record::{Fields, Member};
use crate::ingest::scan::Cursor;

/// Lists and envelopes inside each other that are followed here; real ones have three.
const DEEPEST: u32 = 16;

/// Reads all documents of a text. Nothing if something is out of the ordinary: then what was taken does not count.
pub(super) fn read(text: &str, reader: &mut Reader<'_>) -> Option<()> {
    let mut cursor = Cursor::of_records(text);
    while !cursor.is_at_end() {
        document(&mut cursor, reader, text, 0)?;
    }
    Some(())
}

/// A record, a list, or an envelope around a list.
fn document<'t>(cursor: &mut Cursor<'t>, reader: &mut Reader<'_>, text: &'t str, depth: u32) -> Option<()> {
    cursor.blanks();
    let start = *cursor;
    match cursor.peek()? {
        b'[' if depth < DEEPEST => list(cursor, reader, text, depth + 1),
        b'{' => {
            if reader.walk(cursor, |_| true, |fields| fields.line_in(text)) {
                return Some(());
            }
            *cursor = start;
            if envelope(cursor, reader, text, depth)? {
                return Some(());
            }
            *cursor = start;
            unusual(cursor.value()?, reader, text)
        }
        _ => None,
    }
}

fn list<'t>(cursor: &mut Cursor<'t>, reader: &mut Reader<'_>, text: &'t str, depth: u32) -> Option<()> {
    if !cursor.take(b'[') {
        return None;
    }
    if cursor.take(b']') {
        return Some(());
    }
    loop {
        document(cursor, reader, text, depth)?;
        if !cursor.take(b',') {
            return cursor.take(b']').then_some(());
        }
    }
}

/// An object with a list of records among its members; false if it is something else, of which nothing was taken.
fn envelope<'t>(cursor: &mut Cursor<'t>, reader: &mut Reader<'_>, text: &'t str, depth: u32) -> Option<bool> {
    let (mut has_list, mut another_page, mut is_partial) = (false, false, false);
    if !cursor.take(b'{') || cursor.take(b'}') {
        return Some(false);
    }
    // What is unusual beside a list that was read is a matter for the whole text.
    let unusual = |has_list: bool| if has_list { None } else { Some(false) };
    loop {
        cursor.blanks();
        let (key, is_escaped) = cursor.string()?;
        if is_escaped || !cursor.take(b':') {
            return unusual(has_list);
        }
        cursor.blanks();
        match reader.member(key.trim_matches('"')) {
            Some(Member::List) if cursor.peek() == Some(b'[') && depth < DEEPEST => {
                list(cursor, reader, text, depth + 1)?;
                has_list = true;
            }
            Some(Member::Tables) => return None,
            Some(Member::List | Member::Properties) => return unusual(has_list),
            Some(Member::Error) => is_partial |= cursor.value()? != "null",
            Some(Member::NextLink) => another_page = cursor.value()?.starts_with('"'),
            Some(_) | None => drop(cursor.value()?),
        }
        if !cursor.take(b',') {
            break;
        }
    }
    if !cursor.take(b'}') {
        return None;
    }
    if has_list {
        reader.end_page(is_partial, another_page);
    }
    Some(has_list)
}

/// One element as `serde_json` reads it.
fn unusual(element: &str, reader: &mut Reader<'_>, text: &str) -> Option<()> {
    let mut json = serde_json::Deserializer::from_str(element);
    let mut fields = Fields::default();
    let met = Document { reader, fields: &mut fields, text }.deserialize(&mut json).ok()?;
    take(reader, met, fields, text);
    Some(())
}

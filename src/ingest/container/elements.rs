//! JSON documents, record by record, also where a text is only a piece of a longer one.
//!
//! Lists, and pages around a list, are entered; what is in them is read by the walker, or as a whole by
//! [`json`] where the walker does not take it. Between two records all that must be known of what came
//! before is in which lists and pages they lie: [`Nesting`]. What is wrong with a text is said by `serde_json`, which
//! is given the same nesting, so that a piece is refused with the words for the whole.

use serde_json::value::RawValue;

use super::json::{self, Broken};
use crate::ingest::reader::Reader;
use crate::ingest::record::Member;
use crate::ingest::scan::Cursor;

/// Lists and pages inside each other that are entered; anything deeper is read as a whole.
const DEEPEST: usize = 8;

/// What a place in a document is inside of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Level {
    List,
    /// An object around a list; what comes next is behind the list.
    Page {
        /// The name of the list, as it is written.
        key: String,
        /// Whether the page says that another one follows.
        has_next: bool,
    },
}

/// What comes next inside of the innermost level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    /// A value, or the end of a list that has none.
    #[default]
    First,
    /// A value: there was a comma.
    Value,
    /// A comma or the end.
    Comma,
}

/// Where in its document a piece of text begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Nesting {
    levels: Vec<Level>,
    next: Next,
}

/// How far a piece of text was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Up to here, and there may be more.
    To(usize),
    /// What comes next does not end in this text, or not as this text begins.
    Stop,
}

/// A piece of text that is read.
#[derive(Clone, Copy, Debug)]
struct Piece<'t> {
    /// At its beginning: the walker knows pieces apart by their cursors.
    cursor: Cursor<'t>,
    text: &'t str,
    /// Whether the file ends with it.
    is_end: bool,
    /// Levels up to this one are not left.
    outermost: usize,
}

impl<'t> Piece<'t> {
    /// The value that begins here, if it ends in this text.
    fn value(self, start: usize) -> Result<&'t str, ()> {
        let rest = self.text.get(start..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        let raw = values.next().ok_or(())?.map_err(|_| ())?.get();
        // A number, or a word, at the very end may go on.
        let may_go_on = !self.is_end && raw.len() == rest.len() && !raw.ends_with(['}', ']', '"']);
        if may_go_on { Err(()) } else { Ok(raw) }
    }
}

impl Nesting {
    /// Between two records of a list, whatever that list is in.
    pub(crate) fn in_list() -> Nesting {
        Nesting { levels: vec![Level::List], next: Next::Value }
    }

    /// Whether a piece that was read as if it began between records of a list, or between documents, begins so.
    pub(crate) fn fits(&self, assumed: &Nesting) -> bool {
        match (self.levels.last(), assumed.levels.last()) {
            (Some(Level::List), Some(_)) => self.next == assumed.next,
            (None, None) => true,
            _ => false,
        }
    }

    /// What is known behind a piece that fits, and was read as if it began at `assumed`.
    pub(crate) fn go_on(&mut self, assumed: &Nesting, piece: Nesting) {
        self.next = piece.next;
        self.levels.extend(piece.levels.into_iter().skip(assumed.levels.len()));
    }

    /// Reads the records of a piece that may begin somewhere else than is thought: up to the first thing that does
    /// not fit. How much was read.
    pub(crate) fn try_read(&mut self, text: &str, reader: &mut Reader<'_>) -> usize {
        let piece = Piece { cursor: Cursor::of_records(text), text, is_end: false, outermost: self.levels.len() };
        let mut at = 0;
        while let Ok(Step::To(end)) = self.step(piece, at, reader) {
            at = end;
        }
        behind_blanks(text, at)
    }

    /// Reads a piece from where it begins for certain. How much was read: all, if this is the end of the file.
    ///
    /// # Errors
    ///
    /// The text is no JSON, here or before it ends.
    pub(crate) fn read(&mut self, text: &str, is_end: bool, reader: &mut Reader<'_>) -> Result<usize, Broken> {
        let piece = Piece { cursor: Cursor::of_records(text), text, is_end, outermost: 0 };
        let mut at = 0;
        loop {
            match self.step(piece, at, reader) {
                Ok(Step::To(end)) => at = end,
                Ok(Step::Stop) if !is_end || self.levels.is_empty() => return Ok(behind_blanks(text, at)),
                Ok(Step::Stop) | Err(()) => {
                    let wrong = self.what_is_wrong(text.get(at..).unwrap_or_default(), reader);
                    if !is_end && wrong.as_ref().is_none_or(|wrong| wrong.may_go_on) {
                        return Ok(at);
                    }
                    // Without an error the two readers disagree: better no result than a doubtful one.
                    let doubtful = Broken { line: 1, column: 1, reason: "not JSON".to_owned() };
                    let (broken, before) = wrong.map_or((doubtful, 0), |wrong| (wrong.error.into(), wrong.before));
                    return Err(placed(broken, before, text, at));
                }
            }
        }
    }

    /// Reads what comes next: a record, a comma, the beginning or the end of a list or page.
    ///
    /// The error says nothing: `what_is_wrong` does.
    fn step(&mut self, piece: Piece<'_>, at: usize, reader: &mut Reader<'_>) -> Result<Step, ()> {
        let Piece { mut cursor, text, outermost, .. } = piece;
        cursor.go_to(at);
        cursor.blanks();
        let Some(byte) = cursor.peek() else { return Ok(Step::Stop) };
        let may_leave = self.levels.len() > outermost;
        match (self.levels.last_mut(), self.next, byte) {
            (Some(Level::List), Next::First | Next::Comma, b']') | (Some(Level::Page { .. }), _, b'}') => {
                if !may_leave {
                    return Ok(Step::Stop);
                }
                if let Some(Level::Page { has_next, .. }) = self.levels.pop() {
                    // Pages follow each other: the last one tells whether the export is whole.
                    reader.is_unfinished = Some(has_next);
                }
                self.next = Next::Comma;
                Ok(Step::To(cursor.place() + 1))
            }
            (Some(Level::List), Next::Comma, b',') => {
                self.next = Next::Value;
                Ok(Step::To(cursor.place() + 1))
            }
            (Some(Level::Page { has_next, .. }), _, b',') => {
                cursor.take(b',');
                let Some((key, member)) = key(&mut cursor, reader) else { return Err(()) };
                if member == Some(Member::List) && cursor.peek() == Some(b'[') {
                    let key = key.to_owned();
                    if let Some(Level::Page { key: named, .. }) = self.levels.last_mut() {
                        *named = key;
                    }
                    self.levels.push(Level::List);
                    self.next = Next::First;
                    return Ok(Step::To(cursor.place() + 1));
                }
                let start = cursor.place();
                let raw = piece.value(start)?;
                if let Some(says) = json::read_of_page(raw, member, text, reader).map_err(|_| ())? {
                    *has_next = says;
                }
                Ok(Step::To(start + raw.len()))
            }
            (None, _, _) | (Some(Level::List), Next::First | Next::Value, _) => {
                let start = cursor.place();
                self.value(piece, start, reader)
            }
            _ => Err(()),
        }
    }

    /// Reads a record, or enters a list or a page.
    fn value(&mut self, piece: Piece<'_>, start: usize, reader: &mut Reader<'_>) -> Result<Step, ()> {
        let Piece { mut cursor, text, .. } = piece;
        let rest = text.get(start..).unwrap_or_default();
        let may_enter = self.levels.len() < DEEPEST;
        if rest.starts_with('[') && may_enter {
            self.levels.push(Level::List);
            self.next = Next::First;
            return Ok(Step::To(start + 1));
        }
        if rest.starts_with('{') {
            cursor.go_to(start);
            if reader.walk(&mut cursor, |_| true, |fields| fields.line_in(text)) {
                self.next = Next::Comma;
                return Ok(Step::To(cursor.place()));
            }
            if may_enter && let Some((page, behind)) = page(rest, reader) {
                self.levels.extend([page, Level::List]);
                self.next = Next::First;
                return Ok(Step::To(start + behind));
            }
        }
        let raw = piece.value(start)?;
        json::read_element(raw, text, reader).map_err(|_| ())?;
        self.next = Next::Comma;
        Ok(Step::To(start + raw.len()))
    }

    /// What `serde_json` says of a text at this place of a document.
    fn what_is_wrong(&self, rest: &str, reader: &Reader<'_>) -> Option<Wrong> {
        let mut document = String::new();
        for (place, level) in self.levels.iter().enumerate() {
            let is_innermost = place + 1 == self.levels.len();
            match (level, self.next) {
                (Level::List, Next::First) => document.push('['),
                (Level::List, Next::Value) if is_innermost => document.push_str("[[],"),
                (Level::List, Next::Comma) if is_innermost => document.push_str("[[]"),
                (Level::List, _) => document.push('['),
                (Level::Page { key, .. }, _) => {
                    document.push('{');
                    document.push_str(key);
                    document.push_str(if is_innermost { ":[]" } else { ":" });
                }
            }
        }
        let before = document.len();
        document.push_str(rest);
        let error = json::check(&document, reader).err()?;
        let last = document.len() - memchr::memrchr(b'\n', document.as_bytes()).map_or(0, |newline| newline + 1);
        let is_on_last = error.line() == memchr::memchr_iter(b'\n', document.as_bytes()).count() + 1;
        let may_go_on = error.is_eof() || is_on_last && error.column() + Wrong::NEAR >= last;
        Some(Wrong { error, before, may_go_on })
    }
}

/// Why a text is no JSON.
struct Wrong {
    error: serde_json::Error,
    /// How many bytes were shown before the text.
    before: usize,
    /// Whether that is only so because the text ends here: a number that is cut off is no number.
    may_go_on: bool,
}

impl Wrong {
    /// Bytes before the end that may look wrong because of it.
    const NEAR: usize = 8;
}

/// The place of an error in a text of which the part from `at` on was shown, behind something else.
fn placed(broken: Broken, before: usize, text: &str, at: usize) -> Broken {
    let Broken { line, column, reason } = broken;
    let passed = text.as_bytes().get(..at).unwrap_or_default();
    let lines = memchr::memchr_iter(b'\n', passed).count();
    let on_line = passed.len() - memchr::memrchr(b'\n', passed).map_or(0, |newline| newline + 1);
    let column = if line == 1 { on_line + column.saturating_sub(before) } else { column };
    Broken { line: lines + line, column, reason }
}

/// Behind the blanks at the end of a text, if there is nothing but blanks.
fn behind_blanks(text: &str, at: usize) -> usize {
    if Cursor::new(text.get(at..).unwrap_or_default()).is_at_end() { text.len() } else { at }
}

/// A key and what it stands for; the value comes next.
fn key<'t>(cursor: &mut Cursor<'t>, reader: &mut Reader<'_>) -> Option<(&'t str, Option<Member>)> {
    cursor.blanks();
    let (written, is_escaped) = cursor.string()?;
    let member = if is_escaped {
        reader.member(&serde_json::from_str::<String>(written).ok()?)
    } else {
        reader.member(written.trim_matches('"'))
    };
    if !cursor.take(b':') {
        return None;
    }
    cursor.blanks();
    Some((written, member))
}

/// An object with a list of records, and the place behind the bracket of that list.
fn page(rest: &str, reader: &mut Reader<'_>) -> Option<(Level, usize)> {
    let mut cursor = Cursor::new(rest);
    let (mut has_next, mut is_partial) = (false, false);
    cursor.take(b'{');
    loop {
        let (written, member) = key(&mut cursor, reader)?;
        match member {
            Some(Member::List) if cursor.peek() == Some(b'[') => {
                reader.is_partial |= is_partial;
                return Some((Level::Page { key: written.to_owned(), has_next }, cursor.place() + 1));
            }
            // Pages in pages, and tables, are read as a whole.
            Some(Member::List) if cursor.peek() == Some(b'{') => return None,
            Some(Member::Tables | Member::Properties) => return None,
            _ => {}
        }
        let value = cursor.value()?;
        match member {
            Some(Member::Error) => is_partial |= value != "null",
            Some(Member::NextLink) => has_next = value.starts_with('"'),
            _ => {}
        }
        if !cursor.take(b',') {
            return None;
        }
    }
}

/// Where a piece of a long document may begin: before a record that has the names of the first one, behind `at`.
///
/// It is a guess: who reads the piece before it sees whether it is right.
pub(crate) fn likely_record(text: &str, at: usize, names: &[String], in_list: bool) -> Option<usize> {
    /// Records are shorter than this, or not worth the search.
    const FARTHEST: usize = 1 << 20;
    let bytes = text.as_bytes();
    let far = bytes.get(at..bytes.len().min(at + FARTHEST))?;
    let behind = if in_list { b',' } else { b'}' };
    if names.is_empty() {
        return None;
    }
    memchr::memchr_iter(b'{', far).map(|brace| at + brace).find(|brace| {
        let before = bytes.get(..*brace).unwrap_or_default().trim_ascii_end();
        before.last() == Some(&behind) && text.get(*brace..).is_some_and(|rest| begins_with(rest, names))
    })
}

/// Whether an object begins with these names.
fn begins_with(rest: &str, names: &[String]) -> bool {
    let mut cursor = Cursor::new(rest);
    let mut separator = b'{';
    names.iter().take(3).all(|name| {
        let is_next = cursor.take(separator) && {
            cursor.blanks();
            cursor.string().is_some_and(|(key, _)| key.trim_matches('"') == name)
        };
        separator = b',';
        is_next && cursor.take(b':') && cursor.value().is_some()
    })
}

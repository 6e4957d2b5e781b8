//! JSON tokens, skipped without being decoded, and accepted exactly where `serde_json` accepts them.
//!
//! What this refuses is not necessarily wrong: whoever asked then asks `serde_json`, which has the last word.

use std::sync::atomic::{AtomicU64, Ordering};

use super::block::{WIDTH, first_special};

/// Containers inside each other that are followed here; real records have fewer than ten.
const DEEPEST: u32 = 64;

/// Counts texts, so that places in one are never taken for places in another.
static TEXTS: AtomicU64 = AtomicU64::new(1);

/// A place in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'t> {
    text: &'t str,
    at: usize,
    /// Which text it is; 0 for one that nobody walks records of.
    number: u64,
    /// Whether a line end is an end and no blank.
    has_lines: bool,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str) -> Cursor<'t> {
        Cursor { text, at: 0, number: 0, has_lines: false }
    }

    /// In a text of many records.
    pub(crate) fn of_records(text: &'t str) -> Cursor<'t> {
        Cursor { number: TEXTS.fetch_add(1, Ordering::Relaxed), ..Cursor::new(text) }
    }

    /// In a text with one record a line.
    pub(crate) fn of_lines(text: &'t str) -> Cursor<'t> {
        Cursor { has_lines: true, ..Cursor::of_records(text) }
    }

    /// Which text this is a place in, if it is one of records.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// How much of the text was taken.
    pub(crate) fn place(&self) -> usize {
        self.at
    }

    fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }

    /// The byte that comes next.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }

    /// What is left of the text.
    pub(crate) fn rest(&self) -> &'t [u8] {
        self.bytes().get(self.at..).unwrap_or_default()
    }

    /// Takes so many bytes, which are known to be whole tokens.
    pub(crate) fn take_bytes(&mut self, length: usize) -> Option<&'t str> {
        let piece = self.text.get(self.at..self.at + length)?;
        self.at += length;
        Some(piece)
    }

    /// What was taken between two places.
    pub(crate) fn between(&self, start: usize, end: usize) -> Option<&'t [u8]> {
        self.bytes().get(start..end)
    }

    /// A piece of the text, wherever it is.
    pub(crate) fn text_at(&self, start: usize, length: usize) -> Option<&'t str> {
        self.text.get(start..start + length)
    }

    /// How many bytes from here on are the same as those from an earlier place on, up to here.
    pub(crate) fn common_with(&self, earlier: usize) -> usize {
        let before = self.bytes().get(earlier..self.at).unwrap_or_default();
        common(before, self.rest())
    }

    /// Goes on somewhere else.
    pub(crate) fn go_to(&mut self, place: usize) {
        self.at = place;
    }

    /// Whether nothing but blanks is left.
    pub(crate) fn is_at_end(&mut self) -> bool {
        self.blanks();
        self.at >= self.text.len()
    }

    pub(crate) fn blanks(&mut self) {
        while let Some(byte) = self.peek() {
            let is_blank = matches!(byte, b' ' | b'\t' | b'\r') || byte == b'\n' && !self.has_lines;
            if !is_blank {
                break;
            }
            self.at += 1;
        }
    }

    /// Takes this byte if it comes next, blanks aside.
    pub(crate) fn take(&mut self, wanted: u8) -> bool {
        self.blanks();
        let is_next = self.peek() == Some(wanted);
        self.at += usize::from(is_next);
        is_next
    }

    /// Takes this text if it comes next to the letter.
    pub(crate) fn take_text(&mut self, wanted: &str) -> bool {
        let is_next = self.bytes().get(self.at..).is_some_and(|rest| rest.starts_with(wanted.as_bytes()));
        self.at += if is_next { wanted.len() } else { 0 };
        is_next
    }

    /// The string that comes next, with its quotes, and whether it is written with escapes.
    pub(crate) fn string(&mut self) -> Option<(&'t str, bool)> {
        let start = self.at;
        let is_escaped = self.skip_string()?;
        Some((self.text.get(start..self.at)?, is_escaped))
    }

    /// The text of the value that comes next, blanks before it aside.
    pub(crate) fn value(&mut self) -> Option<&'t str> {
        self.blanks();
        let start = self.at;
        match self.peek()? {
            b'{' | b'[' => self.skip_container()?,
            _ => self.skip_scalar()?,
        }
        self.text.get(start..self.at)
    }

    fn skip_scalar(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => self.skip_string().map(|_| ()),
            b't' => self.take_text("true").then_some(()),
            b'f' => self.take_text("false").then_some(()),
            b'n' => self.take_text("null").then_some(()),
            b'-' | b'0'..=b'9' => self.skip_number(),
            _ => None,
        }
    }

    /// Whether the string has escapes. Sixteen bytes at a time as long as none of them ends or escapes anything.
    fn skip_string(&mut self) -> Option<bool> {
        let bytes = self.bytes();
        if bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        let mut at = self.at + 1;
        let mut is_escaped = false;
        loop {
            while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<WIDTH>) {
                let place = first_special(block);
                at += place;
                if place < WIDTH {
                    break;
                }
            }
            match bytes.get(at)? {
                b'"' => {
                    self.at = at + 1;
                    return Some(is_escaped);
                }
                b'\\' => {
                    is_escaped = true;
                    at += match bytes.get(at + 1)? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
                        b'u' if bytes.get(at + 2..at + 6)?.iter().all(u8::is_ascii_hexdigit) => 6,
                        _ => return None,
                    };
                }
                // A control character must be escaped.
                0..=0x1f => return None,
                _ => at += 1,
            }
        }
    }

    fn skip_digits(&mut self) -> Option<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn skip_number(&mut self) -> Option<()> {
        self.take_text("-");
        if self.take_text("0") {
            // No digit may follow a leading zero; whatever does is no end of a value and refused by the caller.
        } else {
            self.skip_digits()?;
        }
        if self.take_text(".") {
            self.skip_digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.skip_digits()?;
        }
        Some(())
    }

    /// An object or a list with all that is in it. One bit a level: set for objects.
    fn skip_container(&mut self) -> Option<()> {
        let (mut levels, mut depth) = (0_u64, 0_u32);
        loop {
            // A value comes next.
            self.blanks();
            match self.peek()? {
                open @ (b'{' | b'[') => {
                    if depth >= DEEPEST {
                        return None;
                    }
                    let is_object = open == b'{';
                    levels = levels << 1 | u64::from(is_object);
                    depth += 1;
                    self.at += 1;
                    if !self.take(if is_object { b'}' } else { b']' }) {
                        if is_object {
                            self.skip_key()?;
                        }
                        continue;
                    }
                    levels >>= 1;
                    depth -= 1;
                }
                _ => self.skip_scalar()?,
            }
            // A value is over: a comma, or the end of what holds it.
            loop {
                if depth == 0 {
                    return Some(());
                }
                let is_object = levels & 1 == 1;
                if self.take(b',') {
                    if is_object {
                        self.skip_key()?;
                    }
                    break;
                }
                if !self.take(if is_object { b'}' } else { b']' }) {
                    return None;
                }
                levels >>= 1;
                depth -= 1;
            }
        }
    }

    fn skip_key(&mut self) -> Option<()> {
        self.blanks();
        self.skip_string()?;
        self.take(b':').then_some(())
    }
}

/// How many bytes two texts begin with alike; a few at the end of a text may not be counted.
pub(crate) fn common(one: &[u8], other: &[u8]) -> usize {
    let (one, other) = (one.as_chunks::<WIDTH>().0, other.as_chunks::<WIDTH>().0);
    let mut same = 0;
    for (one, other) in one.iter().zip(other) {
        if one != other {
            let differing = u128::from_le_bytes(*one) ^ u128::from_le_bytes(*other);
            return same + differing.trailing_zeros() as usize / 8;
        }
        same += WIDTH;
    }
    same
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::value::RawValue;

    use super::Cursor;

    /// What `serde_json` takes for the first value of a text, and how much of it that is.
    fn expected(text: &str) -> Option<&str> {
        let mut json = serde_json::Deserializer::from_str(text);
        <&RawValue>::deserialize(&mut json).ok().map(RawValue::get)
    }

    #[test]
    fn values_are_those_of_serde_json() {
        for text in [
            "{}",
            "[]",
            " [ ] ",
            "{\"a\":1}",
            "[1,2,[3,{\"b\":[]}]]",
            "{\"a\" : { } , \"b\":[ 1 , 2 ] }",
            "\"x\"",
            "\"\"",
            "\"a\\\"b\\\\\"",
            "\"\\u00e9\\ud800\"",
            "\"längeres Wort über acht Bytes\"",
            "-0.5e+10",
            "0",
            "12.5E-3",
            "true",
            "null",
            "false",
            "[true,null]",
            "{\"a\":\"}\"}",
        ] {
            let found = Cursor::new(text).value();
            assert!(found.is_some(), "{text}");
            assert_eq!(found, expected(text), "{text}");
        }
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "[1 2]",
            "{\"a\" 1}",
            "{a:1}",
            "\"a",
            "\"\\x\"",
            "\"\\u12g4\"",
            "\"a\tb\"",
            "\"eight by\ntes\"",
            "-",
            "1.",
            "1e",
            "tru",
            "nul",
            "]",
            "[}",
            "{]",
            "[\"a\"",
            "+1",
            ".5",
            "{\"a\":1 \"b\":2}",
        ] {
            assert_eq!(Cursor::new(text).value(), None, "{text}");
            assert_eq!(expected(text), None, "{text}");
        }
    }
}

//! Text from policies and command lines as PowerShell that means that text, and nothing else.
//!
//! A script without a mark is ANSI to Windows PowerShell, where the bytes of many a letter are quotation
//! marks: nothing but printable ASCII is written.

use std::fmt::Write;

/// A text as an expression: in single quotes, with whatever is not printable ASCII by its number.
#[must_use]
pub(super) fn literal(text: &str) -> String {
    let mut quoted = String::from("'");
    let mut is_plain = true;
    for character in text.chars() {
        match character {
            '\'' => quoted.push_str("''"),
            ' '..='~' => quoted.push(character),
            _ => {
                is_plain = false;
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a string does not fail.
                    let _ = write!(quoted, "' + [char]0x{unit:04x} + '");
                }
            }
        }
    }
    quoted.push('\'');
    if is_plain { quoted } else { format!("({quoted})") }
}

/// A text for the rest of a line that is a comment.
#[must_use]
pub(super) fn comment(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' '..='~' => harmless.push(character),
            _ => harmless.extend(character.escape_unicode()),
        }
    }
    harmless
}

/// An array of texts, one a line.
#[must_use]
pub(super) fn list<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut array = String::from("@(\n");
    for text in texts {
        array.push_str("    ");
        array.push_str(&literal(text));
        array.push('\n');
    }
    array.push(')');
    array
}

#[cfg(test)]
mod tests {
    use super::{comment, list, literal};

    #[test]
    fn no_text_ends_its_quotes_or_its_line() {
        for (text, quoted, commented) in [
            ("plain", "'plain'", "plain"),
            ("it's", "'it''s'", "it's"),
            ("$(calc) `n \"x\"", "'$(calc) `n \"x\"'", "$(calc) `n \"x\""),
            ("a\nb", "('a' + [char]0x000a + 'b')", "a\\u{a}b"),
            // PowerShell takes these for single quotation marks too.
            (
                "\u{2019};calc;\u{2018}",
                "('' + [char]0x2019 + ';calc;' + [char]0x2018 + '')",
                "\\u{2019};calc;\\u{2018}",
            ),
            // In UTF-8 this letter holds the byte of such a mark in ANSI.
            ("\u{d2}", "('' + [char]0x00d2 + '')", "\\u{d2}"),
            ("\u{1f600}", "('' + [char]0xd83d + '' + [char]0xde00 + '')", "\\u{1f600}"),
            ("#> x <#", "'#> x <#'", "#> x <#"),
        ] {
            assert_eq!((literal(text).as_str(), comment(text).as_str()), (quoted, commented), "{text:?}");
        }
        assert_eq!(list(["a", "b'"].into_iter()), "@(\n    'a'\n    'b'''\n)");
    }
}

//! What stands between the cells of a CSV file: a comma, what its own first line says, or what makes sense of it.

use std::borrow::Cow;

use super::container;
use super::format;

/// Separators that real exports have, the most likely first (formats, 5d; Excel in French or German).
const KNOWN: [char; 5] = [',', ';', '\t', '❖', '|'];

/// Stands in for a separator of several bytes.
const UNIT: char = '\u{1f}';

/// A text with a separator of one byte.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cells<'t> {
    pub(crate) text: Cow<'t, str>,
    pub(crate) separator: u8,
    /// The separator, if it is another than was to be expected.
    pub(crate) found: Option<char>,
    /// The separator as it is written.
    pub(crate) written: char,
    /// How many bytes at the beginning are no part of the table.
    pub(crate) left_out: usize,
}

impl Cells<'_> {
    /// Looks at a text; JSON has no separators. `told` is what the command line says.
    pub(crate) fn of(text: &str, told: Option<char>) -> Cells<'_> {
        if text.trim_start().starts_with(['{', '[']) {
            return separated(text, ',');
        }
        let whole = text.len();
        let (text, named) = without_excel_line(text);
        let left_out = whole - text.len();
        let makes_sense = |separator: &char| {
            let header = separated(text.lines().find(|line| !line.trim().is_empty()).unwrap_or(""), *separator);
            let head = container::head(&header.text, header.separator);
            format::recognised(&head).is_some() || format::what_else(&head).is_some()
        };
        let found = || KNOWN.into_iter().find(makes_sense);
        match told {
            Some(told) => Cells { left_out, ..separated(text, told) },
            None => {
                let separator = named.or_else(found).unwrap_or(',');
                Cells { found: (separator != ',').then_some(separator), left_out, ..separated(text, separator) }
            }
        }
    }
}

/// A text whose separator is known.
pub(crate) fn separated(text: &str, separator: char) -> Cells<'_> {
    let (text, byte) = match u8::try_from(separator) {
        Ok(byte) if byte.is_ascii() => (Cow::Borrowed(text), byte),
        _ => (Cow::Owned(text.replace(separator, UNIT.encode_utf8(&mut [0; 4]))), UNIT as u8),
    };
    Cells { text, separator: byte, found: None, written: separator, left_out: 0 }
}

/// Excel puts `sep=;` on a line of its own. Its line break stays, so that lines keep their numbers.
fn without_excel_line(text: &str) -> (&str, Option<char>) {
    let line = text.lines().next().unwrap_or("");
    let mut rest = line.trim_start_matches('\u{feff}').trim_matches('"').chars();
    let is_named = [Some('s'), Some('e'), Some('p'), Some('=')].into_iter().all(|letter| rest.next() == letter);
    match (is_named, rest.next(), rest.next()) {
        (true, Some(separator), None) => (text.get(line.len()..).unwrap_or(""), Some(separator)),
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::Cells;

    const HEADER: &str = "Date (UTC),Request ID,User ID";

    fn of(text: &str, told: Option<char>) -> (String, char, Option<char>) {
        let cells = Cells::of(text, told);
        (cells.text.into_owned(), char::from(cells.separator), cells.found)
    }

    #[test]
    fn the_separator_is_told_named_or_found() {
        for separator in [',', ';', '\t', '|'] {
            let text = HEADER.replace(',', &separator.to_string());
            let found = (separator != ',').then_some(separator);
            assert_eq!(of(&text, None), (text.clone(), separator, found));
            assert_eq!(of(&text, Some(separator)), (text.clone(), separator, None));
        }
        let text = HEADER.replace(',', "❖");
        assert_eq!(of(&text, None), (HEADER.replace(',', "\u{1f}"), '\u{1f}', Some('❖')));
        assert_eq!(of("sep=;\r\na;b", None), ("\r\na;b".to_owned(), ';', Some(';')));
        assert_eq!(of("a;b", None), ("a;b".to_owned(), ',', None));
        assert_eq!(of("{\"a\":\"x;y\"}", None).1, ',');
    }
}

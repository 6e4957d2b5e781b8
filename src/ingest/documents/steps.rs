//! `authenticationDetails` as nearly all exports write them, straight into their canonical text.
//!
//! Hardly two rows have the same, so nothing of them can be remembered. Whatever is out of the ordinary here (escapes,
//! keys that stand twice or in another spelling, nested values) is left to the reader of trees, with the same result.

use std::fmt::Write as _;

use super::super::date::{self, DateOrder};
use super::super::record::{Cell, spelled_flag};
use super::super::scan::Cursor;

/// The members of a step that are read.
const NAMES: [&str; 6] = [
    "\"authenticationStepDateTime\"",
    "\"authenticationMethod\"",
    "\"authenticationMethodDetail\"",
    "\"succeeded\"",
    "\"authenticationStepResultDetail\"",
    "\"authenticationStepRequirement\"",
];

/// Other members that a step may have.
const OTHERS: usize = 4;

/// Digits of a number that surely can be read.
const DIGITS: usize = 15;

/// What the members of a step say, in the order of [`NAMES`]: nothing, or JSON that is a scalar without escapes.
type Values<'t> = [&'t str; NAMES.len()];

/// Writes the canonical text of a list of steps; nothing if it is out of the ordinary, whatever was written then.
pub(super) fn write(text: &str, order: DateOrder, written: &mut String) -> Option<()> {
    let mut cursor = Cursor::new(text);
    if !cursor.take(b'[') {
        return None;
    }
    written.push('[');
    loop {
        step(&values(&mut cursor)?, order, written);
        if !cursor.take(b',') {
            break;
        }
        written.push(',');
    }
    written.push(']');
    (cursor.take(b']') && cursor.is_at_end()).then_some(())
}

fn values<'t>(cursor: &mut Cursor<'t>) -> Option<Values<'t>> {
    if !cursor.take(b'{') {
        return None;
    }
    let mut values = [""; NAMES.len()];
    let mut others = [""; OTHERS];
    loop {
        cursor.blanks();
        let (key, is_escaped) = cursor.string()?;
        if is_escaped || !cursor.take(b':') {
            return None;
        }
        cursor.blanks();
        let value = scalar(cursor)?;
        let place = match NAMES.iter().position(|name| *name == key) {
            Some(place) => values.get_mut(place).map(|place| (place, value)),
            None if may_be_a_name(key) || others.contains(&key) => return None,
            None => others.iter_mut().find(|other| other.is_empty()).map(|place| (place, key)),
        };
        let (place, text) = place?;
        if !place.is_empty() {
            return None;
        }
        *place = text;
        if !cursor.take(b',') {
            return cursor.take(b'}').then_some(values);
        }
    }
}

/// Whether a key may be one of the names in another spelling.
fn may_be_a_name(key: &str) -> bool {
    key.contains('_') || NAMES.iter().any(|name| name.len() == key.len())
}

/// A string without escapes, a truth value, nothing, or a short whole number.
fn scalar<'t>(cursor: &mut Cursor<'t>) -> Option<&'t str> {
    match cursor.peek()? {
        b'"' => cursor.string().filter(|(_, is_escaped)| !is_escaped).map(|(text, _)| text),
        b't' | b'f' | b'n' => cursor.value(),
        b'0'..=b'9' => {
            cursor.value().filter(|digits| digits.len() <= DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()))
        }
        _ => None,
    }
}

fn step(values: &Values<'_>, order: DateOrder, written: &mut String) {
    let [time, method, detail, succeeded, result, requirement] = values.map(|raw| {
        // A scalar that is borrowed from the text has nothing to decode.
        Cell::json(raw).text().map_or("", |text| match text {
            std::borrow::Cow::Borrowed(text) => text,
            std::borrow::Cow::Owned(_) => "",
        })
    });
    written.push('{');
    if !time.is_empty() {
        let _ = match date::read(time, order) {
            Some(at) => write!(written, "\"at\":{at},"),
            None => write!(written, "\"atIsUnread\":true,"),
        };
    }
    for (text, end) in [("\"method\":\"", method), ("\",\"detail\":\"", detail)] {
        written.push_str(text);
        written.push_str(end);
    }
    match spelled_flag(succeeded) {
        Some(true) => written.push_str("\",\"succeeded\":true"),
        Some(false) => written.push_str("\",\"succeeded\":false"),
        None => written.push('"'),
    }
    for text in [",\"result\":\"", result, "\",\"requirement\":\"", requirement, "\"}"] {
        written.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::any_steps;
    use super::*;

    /// Both ways, which must agree wherever this one answers.
    fn both(text: &str) -> Option<String> {
        let mut written = String::new();
        let is_taken = write(text, DateOrder::MonthFirst, &mut written).is_some();
        if is_taken {
            let cell = Cell::Text(text);
            let expected = any_steps(&cell, cell.document().as_deref(), DateOrder::MonthFirst);
            assert_eq!((written.clone(), true), expected, "{text}");
        }
        is_taken.then_some(written)
    }

    #[test]
    fn ordinary_steps_are_written_as_the_tree_of_them_is() {
        for text in [
            r#"[{"authenticationStepDateTime":"2026-06-15T12:40:20Z","authenticationMethod":"Password","authenticationMethodDetail":"","succeeded":true,"authenticationStepResultDetail":"Correct — password","authenticationStepRequirement":"Primary authentication","StatusSequence":0,"RequestSequence":12}]"#,
            r#" [ { "succeeded" : false } , {"succeeded":null,"authenticationMethod":" n/a "} ] "#,
            r#"[{"authenticationStepDateTime":"yesterday","succeeded":"TRUE","x":"1","y":null}]"#,
            r#"[{"authenticationStepDateTime":"","authenticationMethod":null,"succeeded":"perhaps"}]"#,
            r#"[{"authenticationMethod":5,"succeeded":1,"authenticationStepRequirement":true}]"#,
            r#"[{"authenticationStepDateTime":"6/15/2026 12:40 PM"}]"#,
        ] {
            assert!(both(text).is_some(), "{text}");
        }
    }

    #[test]
    fn everything_else_is_left_to_the_reader_of_trees() {
        for text in [
            r#"[]"#,
            r#"[{}]"#,
            r#"{"succeeded":true}"#,
            r#"[{"succeeded":true}"#,
            r#"[{"succeeded":true}] x"#,
            r#"[{"succeeded":true,"succeeded":false}]"#,
            r#"[{"succeeded":true,"Succeeded":false}]"#,
            r#"[{"authentication_method":"a"}]"#,
            r#"[{"authenticationMethod":"a\"b"}]"#,
            r#"[{"\u0061":1}]"#,
            r#"[{"a":1,"a":2}]"#,
            r#"[{"a":{}}]"#,
            r#"[{"a":1e999}]"#,
            r#"[{"a":1,"b":1,"c":1,"d":1,"e":1}]"#,
            r#"["Microsoft.Graph.Step"]"#,
            r#"[{"succeeded":true},5]"#,
        ] {
            assert_eq!(both(text), None, "{text}");
        }
    }
}

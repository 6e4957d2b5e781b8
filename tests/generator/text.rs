//! JSON text in a fixed order of members: what names a record first, then the alphabet. The order does not depend
//! on which features of `serde_json` some other crate of the build has asked for.

use serde_json::{Map, Value};

/// Members that open an object, in this order; the rest follow by name.
const FIRST: &[&str] = &[
    "@odata.context",
    "@odata.nextLink",
    "@odata.type",
    "time",
    "records",
    "tables",
    "TimeGenerated",
    "id",
    "Id",
    "userId",
    "createdDateTime",
    "CreatedDateTime",
    "key",
    "displayName",
    "state",
    "userDisplayName",
    "userPrincipalName",
    "appId",
    "appDisplayName",
];

/// One line, no blanks.
pub fn compact(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, None, 0);
    text
}

/// Over several lines, `indent` blanks a level.
pub fn pretty(value: &Value, indent: usize) -> String {
    let mut text = String::new();
    write(&mut text, value, Some(indent), 0);
    text
}

fn write(text: &mut String, value: &Value, indent: Option<usize>, depth: usize) {
    match value {
        Value::Array(items) if items.is_empty() => text.push_str("[]"),
        Value::Object(members) if members.is_empty() => text.push_str("{}"),
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                separate(text, at, indent, depth + 1);
                write(text, item, indent, depth + 1);
            }
            end(text, indent, depth);
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (at, (name, member)) in ordered(members).into_iter().enumerate() {
                separate(text, at, indent, depth + 1);
                text.push_str(&Value::from(name).to_string());
                text.push_str(if indent.is_some() { ": " } else { ":" });
                write(text, member, indent, depth + 1);
            }
            end(text, indent, depth);
            text.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => text.push_str(&value.to_string()),
    }
}

fn ordered(members: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let mut list: Vec<(&str, &Value)> = members.iter().map(|(name, member)| (name.as_str(), member)).collect();
    list.sort_by_key(|(name, _)| (FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()), *name));
    list
}

fn separate(text: &mut String, at: usize, indent: Option<usize>, depth: usize) {
    if at > 0 {
        text.push(',');
    }
    end(text, indent, depth);
}

fn end(text: &mut String, indent: Option<usize>, depth: usize) {
    if let Some(indent) = indent {
        text.push('\n');
        text.extend(std::iter::repeat_n(' ', indent * depth));
    }
}

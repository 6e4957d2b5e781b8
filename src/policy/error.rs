//! Why policies cannot be replayed: all of them in one run, each with its place.

use std::fmt;

use crate::diagnostic::{Diagnostic, Origin, Severity, write_all};

/// Everything on the command line that is no policy. Nothing is replayed (exit status 2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyErrors {
    /// One for each, in the order of the command line. INVARIANT: not empty when returned.
    pub errors: Vec<Diagnostic>,
}

impl PolicyErrors {
    pub(super) fn add(&mut self, origin: Origin, message: impl Into<String>, help: &str) {
        let (message, help): (String, _) = (message.into(), Some(help.to_owned()));
        // The same of every record of a file, such as a log given as a policy: told once, and counted.
        if let Some(last) = self.errors.last_mut()
            && last.message == message
            && last.origin.path == origin.path
        {
            last.count += 1;
            return;
        }
        self.errors.push(Diagnostic { origin, severity: Severity::Error, message, help, count: 1 });
    }
}

impl fmt::Display for PolicyErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_all(&self.errors, f)
    }
}

impl std::error::Error for PolicyErrors {}

/// A member of the wrong shape, in the words of someone who writes policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WrongShape {
    /// Member names from the policy down.
    pub(super) path: Vec<String>,
    /// What is wrong with it.
    pub(super) message: String,
}

impl From<serde_path_to_error::Error<serde_json::Error>> for WrongShape {
    fn from(error: serde_path_to_error::Error<serde_json::Error>) -> WrongShape {
        use serde_path_to_error::Segment;
        let mut path = Vec::new();
        let mut text = String::new();
        for segment in error.path().iter() {
            match segment {
                Segment::Map { key } => {
                    text = if text.is_empty() { key.clone() } else { format!("{text}.{key}") };
                    path.push(key.clone());
                }
                Segment::Seq { index } => text.push_str(&format!("[{}]", index + 1)),
                Segment::Enum { .. } | Segment::Unknown => {}
            }
        }
        if text.is_empty() {
            "the policy".clone_into(&mut text);
        }
        WrongShape { path, message: format!("`{text}` {}", shape(&error.into_inner().to_string())) }
    }
}

/// serde's "invalid type: X, expected Y" in plain words.
fn shape(message: &str) -> String {
    let Some((found, expected)) =
        message.strip_prefix("invalid type: ").or(message.strip_prefix("invalid value: ")).and_then(split_expected)
    else {
        return format!("cannot be read: {message}");
    };
    let found = match found.split_once(' ') {
        _ if found == "map" => "an object".to_owned(),
        _ if found == "sequence" => "a list".to_owned(),
        _ if found == "null" => "`null`".to_owned(),
        Some(("string", text)) => {
            let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
            format!("the text `{text}`")
        }
        Some(("integer", number)) => format!("the number {number}"),
        Some(("floating", number)) => format!("the number {}", number.trim_start_matches("point ")),
        Some(("boolean", value)) => value.to_owned(),
        _ => found.to_owned(),
    };
    let expected = match expected {
        "a string" => "a text",
        "a boolean" => "`true` or `false`",
        "u32" => "a whole number",
        "a map" => "an object",
        "a sequence" => "a list",
        other => other,
    };
    format!("is {found} where {expected} belongs")
}

fn split_expected(message: &str) -> Option<(&str, &str)> {
    message.rsplit_once(", expected ")
}

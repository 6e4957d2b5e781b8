//! What was not understood on the way, with a file and a place.
//!
//! A diagnostic never stops a run and never narrows a range. The same complaint on forty thousand
//! rows is one line with its count and the first place.

use std::collections::BTreeMap;
use std::fmt;

/// Where something was read: a path as typed (plus what a folder adds), and the row in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The path as the user typed it.
    pub path: String,
    /// Row or line, counted from 1, where one is known.
    pub row: Option<u64>,
}

impl Origin {
    /// A whole file.
    #[must_use]
    pub fn file(path: &str) -> Origin {
        Origin { path: path.to_owned(), row: None }
    }

    /// A row of a file, counted from 1.
    #[must_use]
    pub fn row(path: &str, row: u64) -> Origin {
        Origin { path: path.to_owned(), row: Some(row) }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Some(row) => write!(f, "{}:{row}", self.path),
            None => f.write_str(&self.path),
        }
    }
}

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something could not be used.
    Error,
    /// Something widens a range, or was left out.
    Warning,
    /// Something a reader of the report should know.
    Note,
}

impl Severity {
    /// The word in messages and in the JSON report.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// One complaint: lowercase, no final period, the user's words, user text in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where it was met first.
    pub origin: Origin,
    /// How much it matters.
    pub severity: Severity,
    /// What, in one line.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// How often it was met.
    pub count: u64,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", escaped(&self.origin.to_string()), self.severity.word(), escaped(&self.message))?;
        if self.count > 1 {
            write!(f, " ({} times)", self.count)?;
        }
        match &self.help {
            Some(help) => write!(f, "\n  help: {}", escaped(help)),
            None => Ok(()),
        }
    }
}

/// Several complaints, one below the other: how everything that is wrong is told in one run.
///
/// # Errors
///
/// The formatter failed.
pub fn write_all(complaints: &[Diagnostic], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (place, complaint) in complaints.iter().enumerate() {
        if place > 0 {
            f.write_str("\n")?;
        }
        fmt::Display::fmt(complaint, f)?;
    }
    Ok(())
}

/// Whether a character can command a terminal, or show text as what it is not.
#[must_use]
pub fn is_hostile(character: char) -> bool {
    let hidden = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    );
    character.is_control() || hidden
}

/// Text from a file, made harmless on a terminal: control and direction characters are written as escapes.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hostile(character) {
            harmless.extend(character.escape_unicode());
        } else {
            harmless.push(character);
        }
    }
    harmless
}

/// Diagnostics in the order they were first met, repeats counted.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    met: Vec<Diagnostic>,
    index: BTreeMap<(Severity, String), usize>, // INVARIANT: one entry for each of `met`.
}

impl Diagnostics {
    /// Adds one complaint; a repeat is counted and keeps its first place.
    pub fn add(&mut self, origin: Origin, severity: Severity, message: impl Into<String>, help: Option<&str>) {
        let help = help.map(str::to_owned);
        self.push(Diagnostic { origin, severity, message: message.into(), help, count: 1 });
    }

    /// Adds a warning.
    pub fn warn(&mut self, origin: Origin, message: impl Into<String>, help: &str) {
        self.add(origin, Severity::Warning, message, Some(help));
    }

    /// Adds a note.
    pub fn note(&mut self, origin: Origin, message: impl Into<String>) {
        self.add(origin, Severity::Note, message, None);
    }

    /// Adds all that another stage or another file met, later than this.
    pub fn append(&mut self, later: Diagnostics) {
        for diagnostic in later.met {
            self.push(diagnostic);
        }
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let key = (diagnostic.severity, diagnostic.message.clone());
        match self.index.get(&key).and_then(|place| self.met.get_mut(*place)) {
            Some(earlier) => earlier.count += diagnostic.count,
            None => {
                self.index.insert(key, self.met.len());
                self.met.push(diagnostic);
            }
        }
    }

    /// All of them, in the order they were first met.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.met.iter()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.met.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostics, Origin, escaped};

    #[test]
    fn a_repeat_is_counted_and_keeps_its_first_place() {
        let mut diagnostics = Diagnostics::default();
        for row in [3, 7, 9] {
            diagnostics.warn(Origin::row("logs/a.json", row), "row without a time", "export it again");
        }
        let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["logs/a.json:3: warning: row without a time (3 times)\n  help: export it again"]);
    }

    #[test]
    fn control_characters_cannot_reach_a_terminal() {
        assert_eq!(escaped("a\u{1b}[31mb\u{202e}"), "a\\u{1b}[31mb\\u{202e}");
    }
}

//! What a lint found, and where.

use std::fmt;

use crate::diagnostic::{Origin, Severity, escaped};

/// One mistake in one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Display name of the policy, as candidates are called.
    pub policy: String,
    /// Its id, or empty.
    pub policy_id: String,
    /// The file, and the line of the member where it is known.
    pub origin: Origin,
    /// The member, from the policy down, such as `conditions.users.excludeUsers`; empty for the policy as a whole.
    pub pointer: &'static str,
    /// Which lint found it.
    pub lint: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The rule of the reference that it comes from: a tag, or a section.
    pub rule: &'static str,
}

impl Finding {
    /// Errors first, then as the policy reads from top to bottom. A total order within a policy.
    pub(super) fn order(&self, other: &Finding) -> std::cmp::Ordering {
        let key = |it: &Finding| (it.severity, it.origin.row, it.pointer, it.lint);
        key(self).cmp(&key(other)).then_with(|| self.message.cmp(&other.message))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { policy: _, policy_id: _, origin, pointer, lint, severity, message, help, rule: _ } = self;
        let place = if pointer.is_empty() { origin.to_string() } else { format!("{origin}: {pointer}") };
        write!(f, "{}: {}: {} [{lint}]", escaped(&place), severity.word(), escaped(message))?;
        write!(f, "\n  help: {}", escaped(help))
    }
}

/// Where a lint puts what it finds.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) all: Vec<(&'static str, String, String)>,
}

impl Found {
    /// A mistake at a member.
    pub(super) fn at(&mut self, pointer: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.all.push((pointer, message.into(), help.into()));
    }
}

/// Texts of a policy in a message: each in backticks and once, not more than a reader wants.
pub(super) fn quoted<T: AsRef<str>>(texts: &[T]) -> String {
    const SHOWN: usize = 4;
    let mut once: Vec<&str> = Vec::new();
    for text in texts.iter().map(AsRef::as_ref) {
        if !once.contains(&text) {
            once.push(text);
        }
    }
    let shown: Vec<String> = once.iter().take(SHOWN).map(|text| format!("`{text}`")).collect();
    let shown = shown.join(", ");
    match once.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

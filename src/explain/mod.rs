//! Why: one sign-in, told from its rows to what each candidate would have done, with the rule behind every step.
//!
//! An explanation is the truth of what replay computes, not a second opinion: answers of conditions are looked up in
//! the same [`crate::compile::Plan`], where controls stand is asked of the same rule
//! ([`crate::compile::rule::Rule::readings`]), and verdicts come from [`crate::replay::judge`]. What is written here are
//! the words, and where each value stands.

mod build;
mod choose;
mod conditions;
mod controls;
pub mod model;
mod notes;
mod page;
mod parts;
mod rows;
mod rules;
mod sight;
mod sources;
mod steps;
mod what_if;

use std::io::{self, Write};

pub use build::explain;
pub use choose::{Sought, UnknownId, Wanted};
pub use model::{Explanation, Input, SCHEMA, VERSION};
pub use sight::Given;
pub use sources::Sources;

use crate::report::{Medium, draw, write_json};

/// How an explanation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Tables for a terminal.
    Table,
    /// JSON.
    Json,
    /// Markdown, as GitHub reads it.
    Markdown,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 3] = [Format::Table, Format::Json, Format::Markdown];

    /// The word of `--format`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Json => "json",
            Format::Markdown => "markdown",
        }
    }

    /// The format of a file with this ending (without the dot), in any case.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<Format> {
        match ending.to_ascii_lowercase().as_str() {
            "json" => Some(Format::Json),
            "md" => Some(Format::Markdown),
            _ => None,
        }
    }
}

/// Writes an explanation.
///
/// # Errors
///
/// The writer failed.
pub fn render(explanation: &Explanation, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Table => draw(&page::page(explanation), Medium::Terminal, out),
        Format::Markdown => draw(&page::page(explanation), Medium::Markdown, out),
        Format::Json => write_json(explanation, out),
    }
}

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

use crate::report::{Medium, PageFormat, draw, write_json};

/// Writes an explanation.
///
/// # Errors
///
/// The writer failed.
pub fn render(explanation: &Explanation, format: PageFormat, out: &mut dyn Write) -> io::Result<()> {
    match format {
        PageFormat::Table => draw(&page::page(explanation), Medium::Terminal, out),
        PageFormat::Markdown => draw(&page::page(explanation), Medium::Markdown, out),
        PageFormat::Json => write_json(explanation, out),
    }
}

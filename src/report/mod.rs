//! The report: what was read, what the candidates would have done, what is unknown.
//!
//! [`build()`] sorts everything once, by total orders, into a [`Report`]; the renderers decide
//! nothing. A new output format is one file and one line of [`Format`]. Text from a log stays as
//! recorded until a renderer has escaped it for its medium.

mod assumptions;
mod blocks;
mod build;
mod columns;
pub mod csv;
mod evidence;
mod facts;
#[cfg(test)]
pub(crate) mod fixture;
mod json;
mod lint;
mod markdown;
mod model;
mod page;
mod protected;
mod terminal;
#[cfg(test)]
mod tests;
mod time;
mod verification;
mod words;

use std::io::{self, Write};

pub use blocks::{Block, Medium, PageFormat, Table, draw};
pub use build::{CandidateFacts, Parts, build};
pub use evidence::{Days, LogEvidence, NeverAnswered, SectionEvidence, UnseenAccount, UsersSeen};
pub use facts::help as what_settles;
pub use json::lint_v1::SCHEMA as LINT_SCHEMA;
pub use json::v1::{SCHEMA, VERSION};
pub use json::verification::SCHEMA as VERIFICATION_SCHEMA;
pub use json::{text as json_text, write as write_json};
pub use lint::{LintReport, LintedPolicy, render as render_lint};
pub use model::{
    Assumption, BreakdownTable, Complaint, Count, EffectTotal, Figure, FunnelRow, Gap, Input, KeyRow, Limit, MatrixRow,
    MissingRow, OwnTenant, ReasonRow, Report, Section, Tool, WaterfallRow, Window,
};
pub use protected::{Protected, ProtectedAccounts, ProtectedBy, Protection};
pub use terminal::{WIDTH, render as render_table};
pub use time::instant;
pub use verification::words::{nothing, proven};
pub use verification::{VerificationReport, agreement, render_verification};
pub use words::reason as reason_in_words;

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Tables for a terminal.
    Table,
    /// JSON, version 1 of the contract.
    Json,
    /// Markdown, as GitHub reads it.
    Markdown,
    /// The matrix as CSV.
    Csv,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 4] = [Format::Table, Format::Json, Format::Markdown, Format::Csv];

    /// The word of `--format`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Json => "json",
            Format::Markdown => "markdown",
            Format::Csv => "csv",
        }
    }

    /// The format of a file with this ending (without the dot), in any case.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<Format> {
        match ending.to_ascii_lowercase().as_str() {
            "json" => Some(Format::Json),
            "md" => Some(Format::Markdown),
            "csv" => Some(Format::Csv),
            _ => None,
        }
    }
}

/// Writes a report; tables are [`WIDTH`] columns wide.
///
/// # Errors
///
/// The writer failed.
pub fn render(report: &Report, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Table => terminal::render(report, WIDTH, out),
        Format::Json => json::v1::render(report, out),
        Format::Markdown => markdown::render(report, out),
        Format::Csv => csv::render(report, out),
    }
}

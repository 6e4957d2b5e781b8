//! The report of `verify`, and the line and the member that the report of `replay` has for it.

mod page;
pub(super) mod words;

use std::io::{self, Write};

use crate::verify::{Totals, Verification};

use super::blocks::{Medium, draw};
use super::json::verification;
use super::model::{Complaint, Figure, Input, OwnTenant, Tool, Window};

/// How `verify` writes its report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationFormat {
    /// Tables for a terminal.
    Table,
    /// JSON: the member `verification` of the report of `replay`, with what was read.
    Json,
    /// Markdown, as GitHub reads it.
    Markdown,
}

impl VerificationFormat {
    /// All formats.
    pub const ALL: [VerificationFormat; 3] =
        [VerificationFormat::Table, VerificationFormat::Json, VerificationFormat::Markdown];

    /// The word of `--format`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            VerificationFormat::Table => "table",
            VerificationFormat::Json => "json",
            VerificationFormat::Markdown => "markdown",
        }
    }

    /// The format of a file with this ending (without the dot), in any case.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<VerificationFormat> {
        match ending.to_ascii_lowercase().as_str() {
            "json" => Some(VerificationFormat::Json),
            "md" => Some(VerificationFormat::Markdown),
            _ => None,
        }
    }
}

/// Everything that a reader of `verify` is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationReport {
    /// What made it.
    pub tool: Tool,
    /// Files, in the order they were read.
    pub inputs: Vec<Input>,
    /// The time they span.
    pub window: Window,
    /// The own tenant.
    pub own_tenant: OwnTenant,
    /// The comparison.
    pub verification: Verification,
    /// In the order they were met.
    pub diagnostics: Vec<Complaint>,
}

/// Writes the report of `verify`.
///
/// # Errors
///
/// The writer failed.
pub fn render_verification(
    report: &VerificationReport,
    format: VerificationFormat,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        VerificationFormat::Table => draw(&page::page(report), Medium::Terminal, out),
        VerificationFormat::Markdown => draw(&page::page(report), Medium::Markdown, out),
        VerificationFormat::Json => verification::render(report, out),
    }
}

/// The agreement rate: exact over compared; none where nothing was compared.
#[must_use]
pub fn agreement(totals: Totals) -> Option<Figure> {
    words::figure(totals)
}

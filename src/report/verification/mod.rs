//! The report of `verify`, and the line and the member that the report of `replay` has for it.

mod page;
pub(super) mod words;

use std::io::{self, Write};

use crate::verify::{Totals, Verification};

use super::blocks::{Medium, PageFormat, draw};
use super::json::verification;
use super::model::{Complaint, Figure, Input, OwnTenant, Tool, Window};

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
pub fn render_verification(report: &VerificationReport, format: PageFormat, out: &mut dyn Write) -> io::Result<()> {
    match format {
        PageFormat::Table => draw(&page::page(report), Medium::Terminal, out),
        PageFormat::Markdown => draw(&page::page(report), Medium::Markdown, out),
        PageFormat::Json => verification::render(report, out),
    }
}

/// The agreement rate: exact over compared; none where nothing was compared.
#[must_use]
pub fn agreement(totals: Totals) -> Option<Figure> {
    words::figure(totals)
}

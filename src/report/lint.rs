//! Findings of `lint`, drawn: one line each with its place, and how often each lint found something.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::diagnostic::{Diagnostics, Severity, escaped};
use crate::lint::{Finding, LINTS};

use super::blocks::{Block, Medium, Table, draw};
use super::csv::guarded;
use super::json::lint_v1;
use super::model::{Complaint, Tool};
use super::{Format, words};

/// A policy and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintedPolicy {
    /// Display name.
    pub name: String,
    /// Its id, or empty.
    pub id: String,
    /// The file that it came from.
    pub path: String,
    /// Digest of that file.
    pub sha256: String,
    /// In their order.
    pub findings: Vec<Finding>,
}

/// What `lint` tells of all policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintReport {
    /// In their order.
    pub policies: Vec<LintedPolicy>,
    /// What was met on the way, in the order it was met.
    pub diagnostics: Vec<Complaint>,
}

impl LintReport {
    /// Puts findings and diagnostics together.
    #[must_use]
    pub fn new(policies: Vec<LintedPolicy>, diagnostics: &Diagnostics) -> LintReport {
        LintReport { policies, diagnostics: diagnostics.iter().map(Complaint::from).collect() }
    }

    /// Every finding, policy by policy.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.policies.iter().flat_map(|policy| &policy.findings)
    }

    /// "276 policies: 3 errors, 2 warnings."
    fn summary(&self) -> String {
        let policies = words::counted(self.policies.len() as u64, "policy", "policies");
        let found = words::severities(self.findings().map(|finding| finding.severity));
        let clean = self.policies.iter().filter(|policy| policy.findings.is_empty()).count();
        match (found.is_empty(), clean, self.policies.len()) {
            (true, _, _) => format!("{policies}: nothing found."),
            (false, 0, _) | (false, _, 1) => format!("{policies}: {}.", found.join(", ")),
            (false, clean, _) => format!("{policies}: {}; nothing in {clean}.", found.join(", ")),
        }
    }
}

/// Writes the findings.
///
/// # Errors
///
/// The writer failed.
pub fn render(report: &LintReport, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Table => {
            for finding in report.findings() {
                writeln!(out, "{finding}")?;
            }
            if report.findings().next().is_some() {
                writeln!(out)?;
            }
            draw(&summed_up(report), Medium::Terminal, out)
        }
        Format::Markdown => draw(&page(report), Medium::Markdown, out),
        Format::Json => lint_v1::render(report, out),
        Format::Csv => csv(report, out),
    }
}

/// The counts below the findings.
fn summed_up(report: &LintReport) -> Vec<Block> {
    let mut page = vec![Block::Paragraph(report.summary())];
    page.extend(counts(report).map(Block::Table));
    page
}

/// How often each lint found something: severest first, then the most frequent.
fn counts(report: &LintReport) -> Option<Table> {
    let mut found: BTreeMap<&str, (u64, BTreeSet<usize>)> = BTreeMap::new();
    for (place, policy) in report.policies.iter().enumerate() {
        for finding in &policy.findings {
            let (findings, policies) = found.entry(finding.lint).or_default();
            *findings += 1;
            policies.insert(place);
        }
    }
    let mut rows: Vec<(Severity, u64, &str, usize, &str)> = Vec::new();
    for lint in LINTS {
        let Some((findings, policies)) = found.get(lint.id) else { continue };
        rows.push((lint.severity, *findings, lint.id, policies.len(), lint.about));
    }
    rows.sort_by(|one, two| (one.0, two.1, one.2).cmp(&(two.0, one.1, two.2)));
    let titles = [("Lint", false), ("Severity", false), ("Findings", true), ("Policies", true), ("Finds", false)];
    let cells = |(severity, findings, id, policies, about): (Severity, u64, &str, usize, &str)| {
        vec![id.to_owned(), severity.word().to_owned(), findings.to_string(), policies.to_string(), about.to_owned()]
    };
    (!rows.is_empty()).then(|| Table {
        titles: titles.map(|(title, right)| (title.to_owned(), right)).to_vec(),
        rows: rows.into_iter().map(cells).collect(),
    })
}

/// The whole page, for a change request or a wiki.
fn page(report: &LintReport) -> Vec<Block> {
    let Tool { name, version } = Tool::THIS;
    let policies = words::counted(report.policies.len() as u64, "policy", "policies");
    let mut page = vec![Block::Heading(1, format!("{name} {version}: lint of {policies}"))];
    page.extend(summed_up(report));
    for LintedPolicy { name, id, path: _, sha256: _, findings } in &report.policies {
        if findings.is_empty() {
            continue;
        }
        let id = if id.is_empty() { String::new() } else { format!(" ({id})") };
        page.push(Block::Heading(2, format!("{name}{id}")));
        let titles = ["Severity", "Place", "Finding", "Help", "Lint"];
        let cells = |finding: &Finding| {
            let Finding { origin, pointer, lint, severity, message, help, .. } = finding;
            let place = if pointer.is_empty() { origin.to_string() } else { format!("{origin}: {pointer}") };
            vec![severity.word().to_owned(), place, message.clone(), help.clone(), (*lint).to_owned()]
        };
        page.push(Block::Table(Table {
            titles: titles.map(|title| (title.to_owned(), false)).to_vec(),
            rows: findings.iter().map(cells).collect(),
        }));
    }
    page
}

fn csv(report: &LintReport, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = ::csv::Writer::from_writer(out);
    lines.write_record([
        "policy",
        "policy_id",
        "path",
        "line",
        "pointer",
        "lint",
        "severity",
        "message",
        "help",
        "rule",
    ])?;
    for finding in report.findings() {
        let Finding { policy, policy_id, origin, pointer, lint, severity, message, help, rule } = finding;
        let line = origin.row.map(|row| row.to_string()).unwrap_or_default();
        let cells: [&str; 10] =
            [policy, policy_id, &origin.path, &line, pointer, lint, severity.word(), message, help, rule];
        lines.write_record(cells.map(|text| guarded(&escaped(text)).into_owned()))?;
    }
    lines.flush()
}

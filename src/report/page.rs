//! The report as a page: headings, sentences, lists and tables in the order of reading.
//!
//! The terminal and Markdown draw the same page, each in its medium. Nothing here is escaped yet.

use crate::domain::{Effect, RiskLevel, Spelled};
use crate::impact::Breakdown;
use crate::verify::Verification;

use super::blocks::{Block, Table};
use super::columns::{self, Cell, Column};
use super::model::{BreakdownTable, Complaint, Count, Input, MatrixRow, OwnTenant, Report, Section, Window};
use super::{verification, words};

/// A table of rows by their columns; a column that says nothing of any row is left out.
pub(super) fn table<R>(columns: &[Column<R>], rows: &[R]) -> Table {
    let says = |column: &&Column<R>| rows.is_empty() || rows.iter().any(|row| (column.cell)(row) != Cell::Nothing);
    let columns: Vec<&Column<R>> = columns.iter().filter(says).collect();
    let cells = |row: &R| columns.iter().map(|column| (column.cell)(row).to_string()).collect();
    let titles = columns.iter().map(|column| (column.title.to_owned(), column.number)).collect();
    Table { titles, rows: rows.iter().map(cells).collect() }
}

/// Breakdowns that people are shown; the JSON report has all of them.
const SHOWN: [Breakdown; 3] = [Breakdown::User, Breakdown::Application, Breakdown::Country];

const LEGEND: &str = "A cell is attempts (users). A range is certainly–possibly; · is none. Undetermined attempts \
    are those that what was read does not decide: with the certain ones they add up to all.";

/// The whole page.
pub(super) fn page(report: &Report) -> Vec<Block> {
    let Report {
        tool,
        protected,
        cannot_answer,
        inputs: _,
        window: _,
        own_tenant: _,
        waterfall: _,
        candidates,
        combined,
        assumptions,
        verification,
        diagnostics: diagnosed,
        limits,
        evidence,
    } = report;
    let several = candidates.len() != 1;
    let title =
        if several { format!("{} candidate policies", candidates.len()) } else { "1 candidate policy".to_owned() };
    let mut page = vec![Block::Heading(1, format!("{} {}: impact of {title}", tool.name, tool.version))];
    if !protected.is_empty() {
        let is_certain = protected.iter().any(|row| row.challenged.least + row.blocked.least > 0);
        let verb = if is_certain { "would" } else { "may" };
        page.push(Block::Heading(2, format!("Protected accounts {verb} be affected")));
        page.push(Block::List(protected.iter().map(words::protected::sentence).collect()));
    }
    if !cannot_answer.is_empty() {
        page.push(Block::Heading(2, "What these inputs cannot answer".to_owned()));
        page.push(Block::List(cannot_answer.clone()));
    }
    // In lines, before the tables (contract section 2).
    let rests_on = words::evidence::of_log(evidence);
    let mut found = Vec::new();
    if let Some(totals) = verification.as_ref().map(Verification::totals).filter(|totals| totals.compared() > 0) {
        let agreement = verification::words::agreement(totals);
        found.push(Block::Paragraph(format!("Agreement with recorded results: {agreement}.")));
    }
    if !rests_on.is_empty() {
        found.push(Block::List(rests_on));
    }
    if !found.is_empty() {
        page.push(Block::Heading(2, "Evidence".to_owned()));
        page.extend(found);
    }
    read(report, &mut page);
    if several {
        page.push(Block::Heading(2, "All candidates together".to_owned()));
        let side_by_side = table(columns::SUMMARY, candidates);
        section(combined, [Block::Paragraph(LEGEND.to_owned()), Block::Table(side_by_side)], &mut page);
    }
    for candidate in candidates {
        let id = candidate.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
        page.push(Block::Heading(2, format!("{}{id}", candidate.name)));
        let legend = (!several).then(|| Block::Paragraph(LEGEND.to_owned()));
        section(candidate, legend, &mut page);
    }
    if !assumptions.is_empty() {
        page.push(Block::Heading(2, "Assumptions that decided something".to_owned()));
        page.push(Block::Table(table(columns::ASSUMPTIONS, assumptions)));
    }
    if !limits.is_empty() {
        page.push(Block::Heading(2, "Limits".to_owned()));
        page.push(Block::Table(table(columns::LIMITS, limits)));
    }
    page.extend(diagnostics(diagnosed));
    page
}

/// Files, the time they span, and whose they are.
pub(super) fn read_files(inputs: &[Input], window: &Window, own_tenant: &OwnTenant) -> [Block; 2] {
    let tenant = match &own_tenant.id {
        Some(id) => format!("Own tenant: {id} ({}).", own_tenant.source),
        None => format!("Own tenant: unknown ({}).", own_tenant.source),
    };
    [Block::Table(table(columns::INPUTS, inputs)), Block::Paragraph(format!("{} {tenant}", words::window(window)))]
}

fn read(report: &Report, page: &mut Vec<Block>) {
    page.push(Block::Heading(2, "Read".to_owned()));
    page.extend(read_files(&report.inputs, &report.window, &report.own_tenant));
    page.push(Block::Table(table(columns::WATERFALL, &report.waterfall)));
    let population = report.waterfall.iter().find(|row| row.step == "population").and_then(|row| row.attempts);
    if let Some(population) = population
        && population != report.combined.attempts
    {
        let (attempts, users) = (report.combined.attempts, report.combined.users);
        page.push(Block::Paragraph(format!(
            "In scope: {} of {population}, {}.",
            words::of(Count::new(attempts, attempts), "attempt", "attempts"),
            words::of(Count::new(users, users), "user", "users")
        )));
    }
}

/// One candidate, or all together; `introduction` stands between the sentences and the tables.
fn section(section: &Section, introduction: impl IntoIterator<Item = Block>, page: &mut Vec<Block>) {
    page.push(Block::Paragraph(words::summary(section)));
    let mistakes = words::severities(section.lint.iter().flatten().map(|finding| finding.severity));
    if !mistakes.is_empty() {
        page.push(Block::Paragraph(format!("Lint: {}; `ca-impact lint` lists them.", mistakes.join(", "))));
    }
    if section.attempts == 0 {
        return;
    }
    page.extend(introduction);
    grid(section, true, page);
    grid(section, false, page);
    if !section.reasons.is_empty() {
        page.push(Block::Heading(3, "Why blocked".to_owned()));
        page.push(Block::Table(table(columns::REASONS, &section.reasons)));
    }
    for shown in SHOWN {
        let found = section.breakdowns.iter().find(|top| top.breakdown == shown && !top.rows.is_empty());
        page.extend(found.map(top).into_iter().flatten());
    }
    page.push(Block::Heading(3, "Evidence".to_owned()));
    page.push(Block::List(words::evidence::of_section(section)));
    if !section.missing.is_empty() {
        page.push(Block::Heading(3, "What is unknown, and what would settle it".to_owned()));
        page.push(Block::Table(table(columns::MISSING, &section.missing)));
    }
}

/// Risk × effect; levels without attempts are named below it.
fn grid(section: &Section, interactive: bool, page: &mut Vec<Block>) {
    let title = if interactive { "Interactive sign-ins" } else { "Background sign-ins (non-interactive)" };
    let effects = || Effect::ALL.into_iter().map(Some).chain([None]);
    let (mut rows, mut empty) = (Vec::new(), Vec::new());
    for risk in RiskLevel::REPORTED {
        let block: Vec<&MatrixRow> =
            section.matrix.iter().filter(|row| row.risk == risk && row.interactive == interactive).collect();
        // Certain ones and undetermined ones add up.
        let all: u64 = block.iter().map(|row| row.attempts.least).sum();
        if all == 0 {
            empty.push(risk.word());
            continue;
        }
        let cell = |effect: Option<Effect>| {
            let found = block.iter().find(|row| row.effect == effect);
            found.map_or(Cell::Nothing, |row| Cell::Both(row.attempts, row.users)).to_string()
        };
        rows.push([risk.word().to_owned(), all.to_string()].into_iter().chain(effects().map(cell)).collect());
    }
    if rows.is_empty() {
        let none = if interactive { "No interactive sign-ins." } else { "No background sign-ins." };
        page.push(Block::Paragraph(none.to_owned()));
        return;
    }
    let titles = [("risk".to_owned(), false), ("all".to_owned(), true)];
    let titles = titles.into_iter().chain(effects().map(|effect| (words::effect(effect).to_owned(), true))).collect();
    page.push(Block::Heading(3, title.to_owned()));
    page.push(Block::Table(Table { titles, rows }));
    if !empty.is_empty() {
        page.push(Block::Paragraph(format!("No attempts with risk {}.", empty.join(", "))));
    }
}

fn top(table: &BreakdownTable) -> Vec<Block> {
    let plural = words::breakdown_plural(table.breakdown);
    let shown = table.rows.len() as u64;
    let of_all = if shown < table.keys { format!("top {shown} of {}", table.keys) } else { shown.to_string() };
    let heading = format!("{plural} challenged or blocked: {of_all}");
    let mut titles = vec![(words::breakdown(table.breakdown).to_owned(), false)];
    titles.extend(columns::KEYS.iter().map(|column| (column.title.to_owned(), column.number)));
    let cells = |row| {
        let counts = columns::KEYS.iter().map(|column| (column.cell)(row).to_string());
        [words::key(row, &table.rows)].into_iter().chain(counts).collect()
    };
    vec![Block::Heading(3, heading), Block::Table(Table { titles, rows: table.rows.iter().map(cells).collect() })]
}

/// How many diagnostics there are: they stand on standard error and in the JSON report.
pub(super) fn diagnostics(complaints: &[Complaint]) -> Option<Block> {
    let parts = words::severities(complaints.iter().map(|one| one.severity));
    (!parts.is_empty())
        .then(|| Block::Paragraph(format!("Diagnostics: {}; the JSON report lists them.", parts.join(", "))))
}

//! Replayed against recorded results, as a page.

use std::collections::BTreeSet;

use crate::domain::RecordedResult;
use crate::report::blocks::{Block, Table};
use crate::report::columns;
use crate::report::model::Tool;
use crate::report::page::{diagnostics, read_files, table};
use crate::verify::{Agreement, Replayed, Verified};

use super::VerificationReport;
use super::words;

const LEGEND: &str =
    "In a policy's table, rows are replayed and columns recorded. ≈ lies within an open range, ≠ disagrees; · is none.";

/// Policies of the log that are named; the JSON report has all of them.
const NAMED: usize = 10;

/// The whole page.
pub(super) fn page(report: &VerificationReport) -> Vec<Block> {
    let VerificationReport { tool, inputs, window, own_tenant, verification, diagnostics: complaints } = report;
    let Tool { name, version } = tool;
    let mut page = vec![Block::Heading(1, format!("{name} {version}: replayed against recorded results"))];
    let totals = verification.totals();
    if let Some(why) = verification.nothing() {
        page.push(Block::Paragraph(format!("Nothing can be compared: {}.", words::nothing(why))));
    } else {
        page.push(Block::Paragraph(format!("Agreement with recorded results: {}.", words::agreement(totals))));
        page.push(Block::Paragraph(words::DEFINITION.to_owned()));
    }
    page.push(Block::Heading(2, "Read".to_owned()));
    page.extend(read_files(inputs, window, own_tenant));

    let recorded: Vec<&Verified> =
        verification.policies.iter().filter(|policy| policy.not_recorded.is_none()).collect();
    if !recorded.is_empty() {
        page.push(Block::Heading(2, "Policies".to_owned()));
        page.push(Block::Paragraph(LEGEND.to_owned()));
        page.push(Block::Table(table(
            columns::VERIFIED,
            &recorded.iter().map(|one| (*one).clone()).collect::<Vec<_>>(),
        )));
    }
    for policy in recorded {
        of_policy(policy, &mut page);
    }
    if !verification.contradictions.is_empty() {
        page.push(Block::Heading(2, "Recorded rules that contradict the tenant folder".to_owned()));
        page.push(Block::Paragraph(words::CONTRADICTIONS.to_owned()));
        page.push(Block::List(verification.contradictions.iter().map(words::contradiction).collect()));
    }
    let silent = verification.policies.iter().filter_map(|policy| {
        policy.not_recorded.map(|why| format!("{}: {}", titled(policy), words::not_recorded(why)))
    });
    let silent: Vec<String> = silent.collect();
    if !silent.is_empty() {
        page.push(Block::Heading(2, "Not compared".to_owned()));
        page.push(Block::List(silent));
    }
    let strangers = &verification.not_given;
    if !strangers.is_empty() {
        let shown = strangers.get(..NAMED).unwrap_or(strangers);
        let of_all = if shown.len() < strangers.len() {
            format!(": {} of {}", shown.len(), strangers.len())
        } else {
            String::new()
        };
        page.push(Block::Heading(2, format!("Recorded policies that were not given{of_all}")));
        page.push(Block::Table(table(columns::NOT_GIVEN, shown)));
    }
    page.extend(diagnostics(complaints));
    page
}

fn titled(policy: &Verified) -> String {
    if policy.id.is_empty() { policy.name.clone() } else { format!("{} ({})", policy.name, policy.id) }
}

fn of_policy(policy: &Verified, page: &mut Vec<Block>) {
    page.push(Block::Heading(2, titled(policy)));
    let totals = policy.totals();
    if totals.compared() == 0 {
        page.push(Block::Paragraph("Nothing is compared.".to_owned()));
    } else {
        page.push(Block::Paragraph(format!("Agreement: {}.", words::agreement(totals))));
        page.push(Block::Table(matrix(policy)));
    }
    page.extend(words::left_out(policy).map(Block::Paragraph));
    if !policy.disagreements.is_empty() {
        page.push(Block::Heading(3, "What disagrees".to_owned()));
        page.push(Block::List(policy.disagreements.iter().map(words::disagreement).collect()));
    }
}

/// Replayed × recorded: what occurs, in the orders of the contract.
fn matrix(policy: &Verified) -> Table {
    let cells = &policy.matrix;
    let replayed: BTreeSet<Replayed> = cells.iter().map(|cell| cell.replayed).collect();
    let recorded: BTreeSet<RecordedResult> = cells.iter().map(|cell| cell.recorded).collect();
    let cell = |replayed: Replayed, recorded: RecordedResult| {
        let same = |one: &&crate::verify::Cell| one.replayed == replayed && one.recorded == recorded;
        cells.iter().find(same).map_or_else(
            || "·".to_owned(),
            |cell| match cell.agreement() {
                Agreement::Exact => cell.attempts.to_string(),
                Agreement::WithinRange => format!("≈ {}", cell.attempts),
                Agreement::Disagrees => format!("≠ {}", cell.attempts),
            },
        )
    };
    let titles = [("replayed".to_owned(), false)];
    let titles =
        titles.into_iter().chain(recorded.iter().map(|word| (words::recorded(*word).to_owned(), true))).collect();
    let row = |of: &Replayed| {
        let counts = recorded.iter().map(|word| cell(*of, *word));
        [words::outcomes(*of)].into_iter().chain(counts).collect()
    };
    Table { titles, rows: replayed.iter().map(row).collect() }
}

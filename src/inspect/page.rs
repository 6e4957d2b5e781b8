//! An inspection as a page: one line a file in every table, so that forty files can be read as one.

use crate::report::{Block, Complaint, Medium, Table, Tool};

use super::abilities::{ABILITIES, Ability, Kind};
use super::by_file::{NOTHING, Names, count, of_categories, of_files, of_levels, of_rows, of_windows};
use super::exports::Exports;
use super::found::{Found, Share};
use super::signals::{SIGNALS, Signal};
use super::words::{capital, know_first, of, percent, size};
use super::{FileFound, Inspection};

/// Gaps of a window that are named.
const GAPS: usize = 3;

/// The whole page.
pub(super) fn page(inspection: &Inspection, medium: Medium) -> Vec<Block> {
    let Inspection { files, all, diagnostics, own_tenant: _ } = inspection;
    let names = Names::of(files, medium);
    let Tool { name, version } = Tool::THIS;
    let mut page = vec![
        Block::Heading(
            1,
            format!("{name} {version}: what {} and can answer", of(files.len() as u64, "export holds", "exports hold")),
        ),
        Block::Paragraph(size(inspection)),
        Block::List(know_first(inspection)),
        Block::Heading(2, "Files".to_owned()),
        Block::Paragraph(format!("{}Signals: how many of {} at least one row records.", names.legend(), SIGNALS.len())),
        Block::Table(of_files(inspection, &names)),
    ];
    page.extend(notes(files, &names));
    page.push(Block::Heading(2, "Window and people".to_owned()));
    page.push(Block::Table(of_windows(inspection, &names)));
    page.extend(gaps(files, &names));
    page.push(Block::Heading(2, "Rows".to_owned()));
    page.push(Block::Table(of_rows(inspection, &names)));
    page.push(Block::Heading(2, "Rows by category".to_owned()));
    page.push(Block::Table(of_categories(inspection, &names)));
    page.push(Block::Heading(2, "Risk during sign-in".to_owned()));
    page.push(Block::Table(of_levels(inspection, &names)));
    page.push(Block::Heading(2, "Signals".to_owned()));
    page.push(Block::Table(of_signals(inspection)));
    page.extend(lacks(inspection, &names));
    page.push(Block::Heading(2, "What can be replayed".to_owned()));
    page.push(Block::Paragraph(format!(
        "Of {}, how many decide a condition or control, given the tenant facts that it needs; on the others replay \
         gives a range. {} are {}.",
        of(all.rows.judged, "row judged", "rows judged"),
        capital(Exports::RICH),
        Exports::BETA.names().join(", ")
    )));
    for kind in Kind::ALL {
        page.push(Block::Table(of_abilities(kind, all)));
    }
    page.extend(cannot(inspection, &names));
    if !diagnostics.is_empty() {
        page.push(Block::Heading(2, "Skipped, assumed or not understood".to_owned()));
        page.push(Block::List(diagnostics.iter().map(complaint).collect()));
    }
    page
}

/// What a line of the table has no room for.
fn notes(files: &[FileFound], names: &Names) -> Option<Block> {
    let mut notes = Vec::new();
    for file in files {
        let (name, input) = (names.name(file), &file.input);
        if input.is_unfinished {
            notes.push(format!("{name}: more follows, as it says itself"));
        }
        if !input.other_categories.is_empty() {
            let others = input.other_categories.iter().map(|(category, count)| format!("{category} {count}"));
            notes.push(format!("{name}: records that are no sign-ins: {}", others.collect::<Vec<_>>().join(", ")));
        }
        if let Some(converted) = &file.converted_in {
            notes.push(format!("{name}: read from {converted}, which was converted from it"));
        }
    }
    (!notes.is_empty()).then_some(Block::List(notes))
}

/// Days without rows, file by file.
fn gaps(files: &[FileFound], names: &Names) -> Option<Block> {
    let line = |file: &FileFound| {
        let gaps = &file.found.window.gaps;
        let shown = gaps.iter().take(GAPS).map(|gap| {
            if gap.first == gap.last { gap.first.clone() } else { format!("{} to {}", gap.first, gap.last) }
        });
        let more = match gaps.len().saturating_sub(GAPS) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let shown = shown.collect::<Vec<_>>().join(", ");
        (!gaps.is_empty()).then(|| format!("{}: no rows on {shown}{more}", names.name(file)))
    };
    let lines: Vec<String> = files.iter().filter_map(line).collect();
    (!lines.is_empty()).then_some(Block::List(lines))
}

/// Files that have a column of their own in the table of signals; of more, only their number fits.
const COLUMNS: usize = 4;

/// How often each signal is recorded, over all files and, where they are few, in each.
fn of_signals(inspection: &Inspection) -> Table {
    let Inspection { files, all, .. } = inspection;
    let share = |part: u64, whole: u64| if part == 0 { NOTHING.to_owned() } else { percent(part, whole) };
    let of_file = |file: &FileFound, place: usize| file.found.signals.get(place).map_or(0, |share| share.rows);
    let mut titles = vec![("Signal".to_owned(), false), ("About".to_owned(), false)];
    titles.extend(["All rows", "Rows judged"].map(|title| (title.to_owned(), true)));
    match files.len() {
        1 => {}
        2..=COLUMNS => titles.extend((1..=files.len()).map(|number| (format!("File {number}"), true))),
        _ => titles.push(("Files".to_owned(), true)),
    }
    let row = |(place, (signal, of_all)): (usize, (&Signal, &Share))| {
        let mut row = vec![
            signal.name.to_owned(),
            signal.group.name().to_owned(),
            share(of_all.rows, all.rows.rows),
            share(of_all.judged, all.rows.judged),
        ];
        match files.len() {
            1 => {}
            2..=COLUMNS => row.extend(files.iter().map(|file| share(of_file(file, place), file.found.rows.rows))),
            _ => row.push(count(files.iter().filter(|file| of_file(file, place) > 0).count() as u64)),
        }
        row
    };
    Table { titles, rows: SIGNALS.iter().zip(&all.signals).enumerate().map(row).collect() }
}

/// What no row records: of any file, and then of each.
fn lacks(inspection: &Inspection, names: &Names) -> Vec<Block> {
    let missing = |found: &Found| {
        let none = SIGNALS.iter().zip(&found.signals).filter(|(_, share)| share.rows == 0);
        none.map(|(signal, _)| signal.name.to_owned()).collect()
    };
    absent("Not recorded", inspection, names, |found| found.rows.rows > 0, missing)
}

/// What no row decides: in any file, and then in each. What nothing can decide is left to the table.
fn cannot(inspection: &Inspection, names: &Names) -> Vec<Block> {
    let open = |found: &Found| {
        let none = ABILITIES.iter().zip(&found.decided);
        let none = none.filter(|(ability, decided)| **decided == 0 && !ability.decided.is_empty());
        none.map(|(ability, _)| ability.title()).collect()
    };
    absent("Decided by no row", inspection, names, |found| found.rows.judged > 0, open)
}

/// Lines of what is absent everywhere, then file by file of what others have; files that lack the same stand together,
/// and files that have nothing to look at come last.
fn absent(
    title: &str,
    inspection: &Inspection,
    names: &Names,
    counts: impl Fn(&Found) -> bool,
    absent: impl Fn(&Found) -> Vec<String>,
) -> Vec<Block> {
    let Inspection { files, all, .. } = inspection;
    if !counts(all) {
        return Vec::new();
    }
    let everywhere = absent(all);
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    let mut silent: Vec<&str> = Vec::new();
    for file in files {
        if !counts(&file.found) {
            silent.push(names.name(file));
            continue;
        }
        let besides: Vec<String> = absent(&file.found).into_iter().filter(|one| !everywhere.contains(one)).collect();
        let besides = besides.join(", ");
        match groups.iter_mut().find(|(same, _)| *same == besides) {
            Some((_, members)) => members.push(names.name(file)),
            None => groups.push((besides, vec![names.name(file)])),
        }
    }
    let mut lines = Vec::new();
    if !everywhere.is_empty() {
        let whose = if files.len() == 1 { "" } else { "in any file: " };
        lines.push(format!("{whose}{}", everywhere.join(", ")));
    }
    let groups = groups.into_iter().filter(|(besides, _)| !besides.is_empty());
    lines.extend(groups.map(|(besides, members)| format!("{}: {besides}", members.join(", "))));
    if !silent.is_empty() {
        lines.push(format!("{}: everything, since no row of it counts", silent.join(", ")));
    }
    if lines.is_empty() {
        return Vec::new();
    }
    vec![Block::Heading(3, title.to_owned()), Block::List(lines)]
}

/// What all rows together decide.
fn of_abilities(kind: Kind, all: &Found) -> Table {
    let judged = all.rows.judged;
    let title = match kind {
        Kind::Condition => "Condition",
        Kind::GrantControl => "Grant control",
        Kind::SessionControl => "Session control",
    };
    let rows = ABILITIES.iter().zip(&all.decided).filter(|(ability, _)| ability.kind == kind);
    Table {
        titles: vec![
            (title.to_owned(), false),
            ("Rows".to_owned(), true),
            ("Needs, and what settles the rest".to_owned(), false),
        ],
        rows: rows
            .map(|(ability, decided)| {
                vec![ability.title(), answered(*decided, judged), needs(ability, *decided == judged)]
            })
            .collect(),
    }
}

fn answered(decided: u64, judged: u64) -> String {
    match decided {
        0 if judged == 0 => NOTHING.to_owned(),
        0 => "none".to_owned(),
        all if all == judged => "all".to_owned(),
        some => percent(some, judged),
    }
}

/// Tenant facts, then who records what is missing, then what to know.
fn needs(ability: &Ability, is_answered: bool) -> String {
    let list = |verb: &str, facts: &[&str]| (!facts.is_empty()).then(|| format!("{verb} {}", facts.join(", ")));
    let exports = ability.recorded_by();
    let recorded = (!is_answered && exports != Exports::NONE).then(|| format!("recorded by {}", exports.phrase()));
    // What to know of rows that are left open says nothing where there are none.
    let is_plain = is_answered && ability.needs.is_empty() && !ability.is_always();
    let remark = (!ability.remark.is_empty() && !is_plain).then(|| ability.remark.to_owned());
    let parts = [list("needs", ability.needs), list("may need", ability.may_need), recorded, remark];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn complaint(complaint: &Complaint) -> String {
    let times = if complaint.count > 1 { format!(" ({} times)", complaint.count) } else { String::new() };
    let help = complaint.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    format!("{}: {}: {}{times}{help}", complaint.first_at, complaint.severity.word(), complaint.message)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::{Diagnostics, Origin};
    use crate::frame::{Column, FrameBuilder, Row};
    use crate::ingest::InputFile;
    use crate::inspect::{inspect, render};
    use crate::report::PageFormat;

    fn file(path: &str, rows: u64) -> InputFile {
        let format = "graph-json".into();
        InputFile { path: path.to_owned(), format, rows, records_risk: true, ..InputFile::default() }
    }

    /// The page of these files as Markdown, and the same as JSON; every file has one row.
    fn shown(files: &[InputFile]) -> (String, serde_json::Value) {
        let mut builder = FrameBuilder::default();
        for number in 0..files.len() {
            let mut row = Row::new(0);
            row.set(Column::Id, format!("row {number}"));
            row.set(Column::Status, r#"{"errorCode":0}"#);
            builder.push(&row);
        }
        let mut diagnostics = Diagnostics::default();
        diagnostics.warn(Origin::row("a.json", 7), "record without a time", "export it again");
        let inspection = inspect(&builder.finish(), files, &diagnostics);
        let written = |format| {
            let mut out = Vec::new();
            render(&inspection, format, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        (written(PageFormat::Markdown), serde_json::from_str(&written(PageFormat::Json)).unwrap())
    }

    #[test]
    fn generation_wrapper_and_what_a_file_was_converted_from_are_shown() {
        let rich = InputFile {
            generation: Some("beta".into()),
            wrapper: Some("syslog".to_owned()),
            bad_rows: 3,
            other_records: 2,
            other_categories: vec![("AuditLogs".to_owned(), 2)],
            is_unfinished: true,
            ..file("logs/a.json", 1)
        };
        let converted = InputFile { converted_from: vec![file("logs/b.csv", 1)], ..file("c.parquet", 1) };
        let (page, json) = shown(&[rich, converted]);
        for expected in [
            r"All files are in \`logs/\`.",
            "| a.json | graph-json beta, in syslog | 1 | 1 |",
            "| a.json | 1 | 1 | · | 3 | 2 |",
            "| all 2 files | 2 | 2 | · | 3 | 2 |",
            "- a.json: more follows, as it says itself",
            "- a.json: records that are no sign-ins: AuditLogs 2",
            "| b.csv | graph-json | 1 | 1 |",
            "- b.csv: read from c.parquet, which was converted from it",
            "- logs/a.json is not a whole export",
            "- 3 records could not be used.",
            "- a.json:7: warning: record without a time; export it again",
        ] {
            assert!(page.contains(expected), "{expected}\n{page}");
        }
        let input = &json["inputs"][0];
        assert_eq!((&input["generation"], &input["wrapper"]), (&"beta".into(), &"syslog".into()));
        assert_eq!((&input["badRecords"], &input["otherCategories"][0]["name"]), (&3.into(), &"AuditLogs".into()));
        assert_eq!(
            (&json["inputs"][1]["path"], &json["inputs"][1]["convertedIn"]),
            (&"logs/b.csv".into(), &"c.parquet".into())
        );
        assert_eq!(json["diagnostics"][0]["firstAt"], "a.json:7");
    }

    #[test]
    fn one_file_keeps_its_path_and_has_no_line_for_all() {
        let (page, _) = shown(&[file("logs/a.json", 1)]);
        assert!(page.contains("| logs/a.json | graph-json | 1 |") && !page.contains("all 1 files"), "{page}");
        let (page, _) = shown(&[file("north/a.json", 1), file("northern/a.json", 1)]);
        assert!(page.contains("| north/a.json |") && page.contains("| all 2 files |"), "{page}");
    }
}

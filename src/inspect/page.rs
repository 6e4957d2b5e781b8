//! An inspection as a page: one line a file in every table, so that forty files can be read as one.

use crate::frame::Time;
use crate::ingest::InputFile;
use crate::report::{Block, Table, Tool, instant};

use super::abilities::{ABILITIES, Ability, Kind};
use super::exports::Exports;
use super::found::{Category, Found, Level, Share};
use super::signals::{SIGNALS, Signal};
use super::words::{capital, know_first, of, percent, size};
use super::{FileFound, Inspection};

/// Gaps of a window that are named.
const GAPS: usize = 3;

/// The whole page.
pub(super) fn page(inspection: &Inspection) -> Vec<Block> {
    let Inspection { files, all, diagnostics } = inspection;
    let names = Names::of(files);
    let Tool { name, version } = Tool::THIS;
    let mut page = vec![
        Block::Heading(
            1,
            format!("{name} {version}: what {} and can answer", of(files.len() as u64, "export holds", "exports hold")),
        ),
        Block::Paragraph(size(inspection)),
        Block::List(know_first(inspection)),
        Block::Heading(2, "Files".to_owned()),
    ];
    page.extend(names.legend());
    page.push(Block::Table(of_files(inspection, &names)));
    page.push(Block::Paragraph(format!("Signals: how many of {} at least one row records.", SIGNALS.len())));
    page.extend(notes(files, &names));
    page.push(Block::Heading(2, "Window and people".to_owned()));
    page.push(Block::Table(of_windows(inspection, &names)));
    page.extend(gaps(files, &names));
    page.push(Block::Heading(2, "Rows by category".to_owned()));
    page.push(Block::Table(of_categories(inspection, &names)));
    page.push(Block::Heading(2, "Risk during sign-in".to_owned()));
    page.push(Block::Table(of_levels(inspection, &names)));
    page.push(Block::Heading(2, "Signals".to_owned()));
    page.push(Block::Table(of_signals(inspection)));
    page.extend(lacks(files, &names));
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
    page.extend(cannot(files, &names));
    if !diagnostics.is_empty() {
        page.push(Block::Heading(2, "Skipped, assumed or not understood".to_owned()));
        page.push(Block::List(diagnostics.iter().map(complaint).collect()));
    }
    page
}

/// The day of a time, UTC.
pub(super) fn day(time: Time) -> String {
    instant(time).chars().take_while(|character| *character != 'T').collect()
}

/// Names of files in tables: without the folder that all of them are in.
struct Names {
    folder: String,
    several: bool,
}

impl Names {
    fn of(files: &[FileFound]) -> Names {
        let folder = |file: &FileFound| {
            let path = &file.input.path;
            path.rfind('/').and_then(|end| path.get(..=end)).unwrap_or_default().to_owned()
        };
        let common = |one: String, other: String| {
            let same = one.split_inclusive('/').zip(other.split_inclusive('/')).take_while(|(one, other)| one == other);
            same.map(|(part, _)| part).collect()
        };
        let folder = files.iter().map(folder).reduce(common).unwrap_or_default();
        Names { folder, several: files.len() > 1 }
    }

    fn legend(&self) -> Option<Block> {
        (!self.folder.is_empty()).then(|| Block::Paragraph(format!("All in `{}`.", self.folder)))
    }

    fn name<'f>(&self, file: &'f FileFound) -> &'f str {
        file.input.path.strip_prefix(&self.folder).unwrap_or(&file.input.path)
    }

    /// A table with a line a file, and one for all where there are several; columns of which no line says anything
    /// are left out.
    fn table(&self, inspection: &Inspection, columns: &[Column<'_>]) -> Table {
        let said = |column: &&Column<'_>| {
            let all = (column.cell)(None, &inspection.all);
            column.stays
                || inspection.files.iter().any(|file| (column.cell)(Some(&file.input), &file.found) != NOTHING)
                || all != NOTHING
        };
        let columns: Vec<&Column<'_>> = columns.iter().filter(said).collect();
        let line = |name: String, file: Option<&InputFile>, found: &Found| {
            [name].into_iter().chain(columns.iter().map(|column| (column.cell)(file, found))).collect()
        };
        let mut rows: Vec<Vec<String>> = inspection
            .files
            .iter()
            .map(|file| line(self.name(file).to_owned(), Some(&file.input), &file.found))
            .collect();
        if self.several {
            rows.push(line(format!("all {} files", inspection.files.len()), None, &inspection.all));
        }
        let titles = [("File".to_owned(), false)];
        let titles = titles.into_iter().chain(columns.iter().map(|column| (column.title.to_owned(), column.right)));
        Table { titles: titles.collect(), rows }
    }
}

/// Zero, in a table of counts.
const NOTHING: &str = "·";

fn count(number: u64) -> String {
    if number == 0 { NOTHING.to_owned() } else { number.to_string() }
}

/// A column of a table with a line a file; the file is missing on the line for all.
struct Column<'a> {
    title: &'a str,
    right: bool,
    /// Shown even if it says nothing anywhere.
    stays: bool,
    cell: Box<dyn Fn(Option<&InputFile>, &Found) -> String + 'a>,
}

impl<'a> Column<'a> {
    fn of(title: &'a str, cell: impl Fn(Option<&InputFile>, &Found) -> String + 'a) -> Column<'a> {
        Column { title, right: true, stays: true, cell: Box::new(cell) }
    }

    fn number(title: &'a str, number: impl Fn(&Found) -> u64 + 'a) -> Column<'a> {
        Column::of(title, move |_, found| count(number(found)))
    }

    fn text(self) -> Column<'a> {
        Column { right: false, ..self }
    }

    fn if_said(self) -> Column<'a> {
        Column { stays: false, ..self }
    }
}

fn of_files(inspection: &Inspection, names: &Names) -> Table {
    let files = &inspection.files;
    let of_inputs = |number: fn(&InputFile) -> u64| {
        move |file: Option<&InputFile>, _: &Found| {
            count(file.map_or_else(|| files.iter().map(|file| number(&file.input)).sum(), number))
        }
    };
    let columns = [
        Column::of("Format", |file, _| file.map(format).unwrap_or_default()).text(),
        Column::number("Rows", |found| found.rows.rows),
        Column::number("Judged", |found| found.rows.judged),
        Column::number("Copies", |found| found.copies),
        Column::of("Bad records", of_inputs(|file| file.bad_rows)).if_said(),
        Column::of("Other records", of_inputs(|file| file.other_records)).if_said(),
        Column::of("Signals", |_, found| found.recorded_signals().to_string()),
    ];
    names.table(inspection, &columns)
}

/// Format, generation and what it was wrapped in: `graph-json beta, in _raw`.
fn format(file: &InputFile) -> String {
    let mut text = file.format.to_owned();
    if let Some(generation) = file.generation {
        text.push_str(&format!(" {generation}"));
    }
    if let Some(wrapper) = &file.wrapper {
        text.push_str(&format!(", in {wrapper}"));
    }
    text
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
        if !input.converted_from.is_empty() {
            let from = input.converted_from.iter();
            let from =
                from.map(|input| format!("{} ({}, {})", input.path, format(input), of(input.rows, "row", "rows")));
            notes.push(format!("{name}: converted from {}", from.collect::<Vec<_>>().join(", ")));
        }
    }
    (!notes.is_empty()).then_some(Block::List(notes))
}

fn of_windows(inspection: &Inspection, names: &Names) -> Table {
    let time = |time: Option<Time>| time.map_or_else(|| NOTHING.to_owned(), day);
    let columns = [
        Column::of("From", move |_, found| time(found.window.from_micros)).text(),
        Column::of("To", move |_, found| time(found.window.to_micros)).text(),
        Column::number("Days", |found| found.window.days),
        Column::number("Without rows", |found| found.window.days_without_rows()),
        Column::number("Users", |found| found.users),
        Column::number("Apps", |found| found.apps),
    ];
    names.table(inspection, &columns)
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

fn of_categories(inspection: &Inspection, names: &Names) -> Table {
    let title = |category: Category| match category {
        Category::Interactive => "interactive",
        Category::NonInteractive => "non-interactive",
        Category::ServicePrincipal => "service principal",
        Category::ManagedIdentity => "managed identity",
        Category::Adfs => "AD FS",
        Category::Nps => "NPS extension",
        Category::NotSaid => "not said",
    };
    let column = |category| Column::number(title(category), move |found| found.category(category)).if_said();
    names.table(inspection, &Category::ALL.map(column))
}

fn of_levels(inspection: &Inspection, names: &Names) -> Table {
    let column = |level: Level| {
        let title = match level {
            Level::Unread => "not a level",
            Level::NotRecorded => "not recorded",
            Level::High | Level::Medium | Level::Low | Level::None | Level::Hidden => level.word(),
        };
        Column::number(title, move |found| found.level(level))
    };
    let columns = Level::ALL.map(column).map(|column| match column.title {
        "not a level" => column.if_said(),
        _ => column,
    });
    names.table(inspection, &columns)
}

/// Files that have a column of their own in the table of signals; of more, only their number fits.
const COLUMNS: usize = 4;

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

/// What each file does not record: files that lack the same stand together.
fn lacks(files: &[FileFound], names: &Names) -> Vec<Block> {
    let lacking = |file: &FileFound| {
        let none = SIGNALS.iter().zip(&file.found.signals).filter(|(_, share)| share.rows == 0);
        none.map(|(signal, _)| signal.name).collect::<Vec<_>>().join(", ")
    };
    together("Not recorded at all", files, names, lacking)
}

/// What each file cannot answer where all files together can.
fn cannot(files: &[FileFound], names: &Names) -> Vec<Block> {
    let undecided = |file: &FileFound| {
        if file.found.rows.judged == 0 {
            return "anything: no row is a user's sign-in that reached Conditional Access".to_owned();
        }
        let none = ABILITIES
            .iter()
            .zip(&file.found.decided)
            .filter(|(ability, decided)| **decided == 0 && !ability.decided.is_empty());
        none.map(|(ability, _)| ability.title()).collect::<Vec<_>>().join(", ")
    };
    if files.len() == 1 { Vec::new() } else { together("Not answered by any row", files, names, undecided) }
}

fn together(title: &str, files: &[FileFound], names: &Names, what: impl Fn(&FileFound) -> String) -> Vec<Block> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for file in files {
        let lacking = what(file);
        if lacking.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|(same, _)| *same == lacking) {
            Some((_, members)) => members.push(names.name(file)),
            None => groups.push((lacking, vec![names.name(file)])),
        }
    }
    if groups.is_empty() {
        return Vec::new();
    }
    let lines = groups.into_iter().map(|(lacking, members)| format!("{}: {lacking}", members.join(", ")));
    vec![Block::Heading(3, title.to_owned()), Block::List(lines.collect())]
}

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

fn complaint(complaint: &crate::report::Complaint) -> String {
    let times = if complaint.count > 1 { format!(" ({} times)", complaint.count) } else { String::new() };
    let help = complaint.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    format!("{}: {}: {}{times}{help}", complaint.first_at, complaint.severity.word(), complaint.message)
}

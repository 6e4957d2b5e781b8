//! Tables with a line a file, and one for all.

use std::collections::BTreeMap;

use crate::frame::Time;
use crate::ingest::InputFile;
use crate::report::{Medium, Table, WIDTH, instant};

use super::found::Found;
use super::kinds::{Category, Level};
use super::{FileFound, Inspection};

/// The day of a time, UTC.
pub(super) fn day(time: Time) -> String {
    instant(time).chars().take_while(|character| *character != 'T').collect()
}

/// Names of files in tables: without the folder that all of them are in.
pub(super) struct Names {
    folder: String,
    /// How wide a table may be; none where nothing sets a bound.
    width: Option<usize>,
}

/// What a cell needs beside its text.
const PADDING: usize = 3;
/// A column of texts that is wider than this may break its lines.
const WIDE: usize = 38;
/// Fewer characters of a name tell nothing.
const SHORTEST: usize = 24;

impl Names {
    /// Of several files the folder is named once; a single one keeps its whole path.
    pub(super) fn of(files: &[FileFound], medium: Medium) -> Names {
        let folder = |file: &FileFound| {
            let path = &file.input.path;
            path.rfind('/').and_then(|end| path.get(..=end)).unwrap_or_default().to_owned()
        };
        let common = |one: String, other: String| {
            let same = one.split_inclusive('/').zip(other.split_inclusive('/')).take_while(|(one, other)| one == other);
            same.map(|(part, _)| part).collect()
        };
        let folder = match files {
            [_] => None,
            files => files.iter().map(folder).reduce(common),
        };
        let width = match medium {
            Medium::Terminal => Some(usize::from(WIDTH)),
            Medium::Markdown => None,
        };
        Names { folder: folder.unwrap_or_default(), width }
    }

    /// Where all files are, if somewhere.
    pub(super) fn legend(&self) -> String {
        if self.folder.is_empty() { String::new() } else { format!("All files are in `{}`. ", self.folder) }
    }

    /// The whole name of a file, as lists show it.
    pub(super) fn name<'f>(&self, file: &'f FileFound) -> &'f str {
        file.input.path.strip_prefix(&self.folder).unwrap_or(&file.input.path)
    }

    /// A table with a line a file, and one for all where there are several; columns of which no line says anything
    /// may be left out.
    fn table<'c>(&self, inspection: &Inspection, columns: impl IntoIterator<Item = Column<'c>>) -> Table {
        let Inspection { files, all, .. } = inspection;
        let mut lines: Vec<(Option<&InputFile>, &Found)> =
            files.iter().map(|file| (Some(&file.input), &file.found)).collect();
        if files.len() > 1 {
            lines.push((None, all));
        }
        let cells = |column: &Column<'_>| -> Vec<String> {
            lines.iter().map(|(file, found)| (column.cell)(*file, found)).collect()
        };
        let columns = columns.into_iter().map(|column| (cells(&column), column));
        let columns: Vec<(Vec<String>, Column<'_>)> =
            columns.filter(|(cells, column)| column.stays || cells.iter().any(|cell| cell != NOTHING)).collect();
        let others = columns.iter().map(|(cells, column)| column.width(cells) + PADDING).sum::<usize>();
        let room = self.width.map(|width| width.saturating_sub(others + PADDING + 1).max(SHORTEST));
        let mut names = self.names(files, room);
        if files.len() > 1 {
            names.push(format!("all {} files", files.len()));
        }
        let titles = columns.iter().map(|(_, column)| (column.title.to_owned(), column.right));
        let titles = [("File".to_owned(), false)].into_iter().chain(titles).collect();
        let cell = |line: usize, cells: &[String]| cells.get(line).cloned().unwrap_or_default();
        let row = |(line, name)| [name].into_iter().chain(columns.iter().map(|(cells, _)| cell(line, cells))).collect();
        Table { titles, rows: names.into_iter().enumerate().map(row).collect() }
    }

    /// Names with as much of them as there is room for; of those that look alike then, later ones get ` (2)`, ` (3)`.
    fn names(&self, files: &[FileFound], room: Option<usize>) -> Vec<String> {
        let mut met: BTreeMap<String, u64> = BTreeMap::new();
        let shown = |file: &FileFound| {
            let name = self.name(file);
            let Some(room) = room.filter(|room| name.chars().count() > *room) else { return name.to_owned() };
            let short = shortened(name, room);
            let times = met.entry(short.clone()).or_default();
            *times += 1;
            if *times == 1 { short } else { format!("{} ({times})", shortened(name, room - NUMBERED)) }
        };
        files.iter().map(shown).collect()
    }
}

/// What a number behind a name takes.
const NUMBERED: usize = 4;

/// A name of this many characters: both its ends, of which the last tells more.
fn shortened(name: &str, room: usize) -> String {
    let head = room / 3;
    let tail = room.saturating_sub(head + 1);
    let cut = name.chars().count().saturating_sub(tail);
    name.chars().take(head).chain(['…']).chain(name.chars().skip(cut)).collect()
}

/// Zero, in a table of counts.
pub(super) const NOTHING: &str = "·";

/// A count, or nothing.
pub(super) fn count(number: u64) -> String {
    if number == 0 { NOTHING.to_owned() } else { number.to_string() }
}

/// Writes a cell; the file is missing on the line for all.
type Write<'a> = Box<dyn Fn(Option<&InputFile>, &Found) -> String + 'a>;

/// A column of a table with a line a file.
struct Column<'a> {
    title: &'a str,
    right: bool,
    /// Shown even if it says nothing anywhere.
    stays: bool,
    cell: Write<'a>,
}

impl<'a> Column<'a> {
    fn of(title: &'a str, cell: impl Fn(Option<&InputFile>, &Found) -> String + 'a) -> Column<'a> {
        Column { title, right: true, stays: true, cell: Box::new(cell) }
    }

    fn number(title: &'a str, number: impl Fn(&Found) -> u64 + 'a) -> Column<'a> {
        Column::of(title, move |_, found| count(number(found)))
    }

    /// How wide the column is: titles of numbers stand word below word.
    fn width(&self, cells: &[String]) -> usize {
        let title = if self.right { self.title.split(' ').collect() } else { vec![self.title] };
        let texts = title.into_iter().chain(cells.iter().map(String::as_str));
        texts.map(|text| text.chars().count()).max().unwrap_or(0).min(WIDE)
    }

    fn text(self) -> Column<'a> {
        Column { right: false, ..self }
    }

    fn if_said(self) -> Column<'a> {
        Column { stays: false, ..self }
    }
}

/// What each file is, and how much it holds: the table to read first.
pub(super) fn of_files(inspection: &Inspection, names: &Names) -> Table {
    let columns = [
        Column::of("Format", |file, _| file.map(format).unwrap_or_default()).text(),
        Column::number("Rows", |found| found.rows.rows),
        Column::number("Signals", |found| found.recorded_signals()),
    ];
    names.table(inspection, columns)
}

/// Format, generation and what it was wrapped in: `graph-json beta, in _raw`.
fn format(file: &InputFile) -> String {
    let mut text = file.format.to_string();
    if let Some(generation) = &file.generation {
        text.push_str(&format!(" {generation}"));
    }
    if let Some(wrapper) = &file.wrapper {
        text.push_str(&format!(", in {wrapper}"));
    }
    text
}

/// Rows by what becomes of them, and records that gave none.
pub(super) fn of_rows(inspection: &Inspection, names: &Names) -> Table {
    let files = &inspection.files;
    let of_inputs = |number: fn(&InputFile) -> u64| {
        move |file: Option<&InputFile>, _: &Found| {
            count(file.map_or_else(|| files.iter().map(|file| number(&file.input)).sum(), number))
        }
    };
    let columns = [
        Column::number("Rows", |found| found.rows.rows),
        Column::number("Judged", |found| found.rows.judged),
        Column::number("Copies", |found| found.copies),
        Column::of("Evidence records", of_inputs(|file| file.evidence)).if_said(),
        Column::of("Bad records", of_inputs(|file| file.bad_rows)).if_said(),
        Column::of("Other records", of_inputs(|file| file.other_records)).if_said(),
    ];
    names.table(inspection, columns)
}

/// Rows by what kind of sign-in they are; categories that no row is of are left out.
pub(super) fn of_categories(inspection: &Inspection, names: &Names) -> Table {
    let title = |category: Category| match category {
        Category::Interactive => "interactive",
        Category::NonInteractive => "background",
        Category::ServicePrincipal => "service principal",
        Category::ManagedIdentity => "managed identity",
        Category::Adfs => "AD FS",
        Category::Nps => "NPS",
        Category::NotSaid => "not said",
    };
    let column = |category| Column::number(title(category), move |found| found.category(category)).if_said();
    names.table(inspection, Category::ALL.map(column))
}

/// When, and of how many people and applications.
pub(super) fn of_windows(inspection: &Inspection, names: &Names) -> Table {
    let time = |time: Option<Time>| time.map_or_else(|| NOTHING.to_owned(), day);
    let columns = [
        Column::of("From", move |_, found| time(found.window.from_micros)).text(),
        Column::of("To", move |_, found| time(found.window.to_micros)).text(),
        Column::number("Days without", |found| found.window.days_without_rows()),
        Column::number("Users", |found| found.users),
        Column::number("Apps", |found| found.apps),
    ];
    names.table(inspection, columns)
}

/// Rows by risk during sign-in.
pub(super) fn of_levels(inspection: &Inspection, names: &Names) -> Table {
    let column = |level: Level| {
        let column = |title| Column::number(title, move |found| found.level(level));
        match level {
            Level::Unread => column("not a level").if_said(),
            Level::NotRecorded => column("not recorded"),
            Level::High | Level::Medium | Level::Low | Level::None | Level::Hidden => column(level.word()),
        }
    };
    names.table(inspection, Level::ALL.map(column))
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_long_name_keeps_both_its_ends() {
        assert_eq!(shortened("PortalCsv/InteractiveSignIns_2026-10-31.csv", 24), "PortalCs…_2026-10-31.csv");
        assert_eq!(shortened("ÄÖÜäöüß", 4), "Ä…üß");
    }
}

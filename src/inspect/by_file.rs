//! Tables with a line a file, and one for all.

use crate::frame::Time;
use crate::ingest::InputFile;
use crate::report::{Table, instant};

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
}

impl Names {
    /// Of several files the folder is named once; a single one keeps its whole path.
    pub(super) fn of(files: &[FileFound]) -> Names {
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
        Names { folder: folder.unwrap_or_default() }
    }

    /// Where all files are, if somewhere.
    pub(super) fn legend(&self) -> String {
        if self.folder.is_empty() { String::new() } else { format!("All files are in `{}`. ", self.folder) }
    }

    /// The name of a file in tables and lists.
    pub(super) fn name<'f>(&self, file: &'f FileFound) -> &'f str {
        file.input.path.strip_prefix(&self.folder).unwrap_or(&file.input.path)
    }

    /// A table with a line a file, and one for all where there are several; columns of which no line says anything
    /// may be left out.
    fn table<'c>(&self, inspection: &Inspection, columns: impl IntoIterator<Item = Column<'c>>) -> Table {
        let Inspection { files, all, .. } = inspection;
        let mut lines: Vec<(String, Option<&InputFile>, &Found)> =
            files.iter().map(|file| (self.name(file).to_owned(), Some(&file.input), &file.found)).collect();
        if files.len() > 1 {
            lines.push((format!("all {} files", files.len()), None, all));
        }
        let says = |column: &Column<'_>| lines.iter().any(|(_, file, found)| (column.cell)(*file, found) != NOTHING);
        let columns: Vec<Column<'_>> = columns.into_iter().filter(|column| column.stays || says(column)).collect();
        let titles = columns.iter().map(|column| (column.title.to_owned(), column.right));
        let titles = [("File".to_owned(), false)].into_iter().chain(titles).collect();
        let row = |(name, file, found): (String, Option<&InputFile>, &Found)| {
            [name].into_iter().chain(columns.iter().map(|column| (column.cell)(file, found))).collect()
        };
        Table { titles, rows: lines.into_iter().map(row).collect() }
    }
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
        Column::of("Signals", |_, found| found.recorded_signals().to_string()),
    ];
    names.table(inspection, columns)
}

/// Format, generation and what it was wrapped in: `graph-json beta, in _raw`.
pub(super) fn format(file: &InputFile) -> String {
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
        Category::NonInteractive => "not interactive",
        Category::ServicePrincipal => "service principal",
        Category::ManagedIdentity => "managed identity",
        Category::Adfs => "AD FS",
        Category::Nps => "NPS extension",
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

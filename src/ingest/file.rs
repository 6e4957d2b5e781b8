//! One file: from its bytes to its own frame, or to the reason why it is left out.

use sha2::{Digest, Sha256};

use super::container::{self, Head, Shape};
use super::date::DateOrder;
use super::error::IngestError;
use super::format::{self, Format, Slashes};
use super::reader::{Met, Reader, Settings};
use super::source::{self, Source};
use super::{InputFile, Options, Progress, spelling};
use crate::diagnostic::{Diagnostics, Origin, Severity};
use crate::frame::FrameBuilder;

/// What became of a file.
#[derive(Debug)]
pub(crate) enum Outcome {
    Read(Box<ReadFile>),
    /// A file of a folder that is no sign-in export: one line says so.
    Skipped(Diagnostics),
}

/// A sign-in export.
#[derive(Debug)]
pub(crate) struct ReadFile {
    pub(crate) builder: FrameBuilder,
    pub(crate) input: InputFile,
    pub(crate) diagnostics: Diagnostics,
    /// Where the first bad record is, and what is wrong with it.
    pub(crate) first_bad: Option<(Origin, String)>,
}

const CSV_SEPARATOR: u8 = b',';

/// Reads one file.
pub(crate) fn read(source: &Source, options: &Options, progress: &dyn Progress) -> Result<Outcome, IngestError> {
    let path = || source.path.clone();
    let bytes = match source.read()? {
        Ok(bytes) => bytes,
        Err(what) => return left_out(source, IngestError::Unknown { path: path(), looks: format!("it is {what}") }),
    };
    let decoded = source::decode(&bytes);
    let text = &*decoded.text;
    if text.trim().is_empty() {
        return left_out(source, IngestError::Empty { path: path() });
    }
    let separator = options.separator.unwrap_or(CSV_SEPARATOR);
    let head = container::head(text, separator);
    let Some(format) = format::recognised(&head) else {
        return left_out(source, refusal(source, &head, text));
    };
    let mut diagnostics = Diagnostics::default();
    if decoded.has_replacements {
        let help = "names with these characters are shown with � in their place";
        diagnostics.warn(Origin::file(&source.path), "some bytes are not valid in the file's encoding", help);
    }
    let mut settings = Settings {
        format,
        order: options.dates.unwrap_or(DateOrder::MonthFirst),
        event_type: if format.is_download { spelling::event_type_of_download(&source.path) } else { None }
            .or(format.event_type),
    };
    let mut reader =
        read_as(text, head.shape, &settings, separator, progress).map_err(|broken| broken_file(source, broken))?;
    if options.dates.is_none()
        && let Some(order) = settled_order(source, &reader, &mut diagnostics)?
    {
        settings.order = order;
        reader = read_as(text, head.shape, &settings, separator, &()).map_err(|broken| broken_file(source, broken))?;
    }
    // What was decoded may be longer or shorter than what was on disk.
    progress.advance((bytes.len() as u64).saturating_sub(text.len() as u64));
    if reader.rows == 0
        && reader.flaws.is_empty()
        && let Some(name) = reader.others.keys().next()
    {
        let what = spelling::other_stream(name).map_or_else(|| format!("records of `{name}`"), str::to_owned);
        return left_out(source, IngestError::SomethingElse { path: path(), what });
    }
    Ok(Outcome::Read(Box::new(finished(source, options, &bytes, &head, format, reader, diagnostics))))
}

/// A file that was typed must be a sign-in export; one that a folder holds need not.
fn left_out(source: &Source, error: IngestError) -> Result<Outcome, IngestError> {
    if source.is_named {
        return Err(error);
    }
    let mut line = Diagnostics::default();
    // The file is named in the message: equal messages are counted, and each file is to have its line.
    line.add(Origin::file(&source.typed), Severity::Warning, format!("skipped `{}`: {error}", source.path), None);
    Ok(Outcome::Skipped(line))
}

/// Why a file that no format recognises is refused.
fn refusal(source: &Source, head: &Head, text: &str) -> IngestError {
    let path = source.path.clone();
    if let Some(what) = format::what_else(head) {
        return IngestError::SomethingElse { path, what: what.to_owned() };
    }
    match &head.broken {
        Some(broken) if !head.keys.is_empty() || head.context.is_some() => broken_file(source, broken.clone()),
        Some(_) | None => {
            let beginning: String = text.chars().take(400).collect();
            let words: Vec<&str> = beginning.split_whitespace().collect();
            let beginning = shortened(&words.join(" "), 40);
            IngestError::Unknown { path, looks: format!("the text begins with `{beginning}`") }
        }
    }
}

fn broken_file(source: &Source, broken: container::Broken) -> IngestError {
    let container::Broken { line, column, reason } = broken;
    IngestError::Broken { path: source.path.clone(), line, column, reason }
}

fn read_as<'s>(
    text: &str,
    shape: Shape,
    settings: &'s Settings,
    separator: u8,
    progress: &dyn Progress,
) -> Result<Reader<'s>, container::Broken> {
    match shape {
        Shape::Ndjson => Ok(container::read_ndjson(text, settings, progress)),
        Shape::Json => {
            let mut reader = Reader::new(settings);
            container::read_json(text, &mut reader)?;
            progress.advance(text.len() as u64);
            Ok(reader)
        }
        Shape::Csv => {
            let mut reader = Reader::new(settings);
            container::read_csv(text, separator, &mut reader, progress);
            Ok(reader)
        }
    }
}

/// The other order of day and month, if the file's own dates ask for it. The first reading was month first.
fn settled_order(
    source: &Source,
    reader: &Reader<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Option<DateOrder>, IngestError> {
    let path = || source.path.clone();
    let Some(example) = &reader.slashed.any else { return Ok(None) };
    match (&reader.slashed.month_first, &reader.slashed.day_first) {
        (Some(month_first), Some(day_first)) => {
            let (month_first, day_first) = (month_first.clone(), day_first.clone());
            Err(IngestError::MixedDates { path: path(), month_first, day_first })
        }
        (Some(_), None) => {
            diagnostics.note(Origin::file(&source.path), "dates are read month first, as a number above 12 shows");
            Ok(None)
        }
        (None, Some(_)) => {
            diagnostics.note(Origin::file(&source.path), "dates are read day first, as a number above 12 shows");
            Ok(Some(DateOrder::DayFirst))
        }
        (None, None) if reader.format().slashes == Slashes::MustBeTold => {
            Err(IngestError::AmbiguousDates { path: path(), example: example.clone() })
        }
        (None, None) => {
            let message = "dates are assumed to be month first: no number above 12 shows it";
            let help = "`--dates day-first` reads them the other way";
            diagnostics.warn(Origin::file(&source.path), message, help);
            Ok(None)
        }
    }
}

fn finished(
    source: &Source,
    options: &Options,
    bytes: &[u8],
    head: &Head,
    format: &'static Format,
    reader: Reader<'_>,
    mut diagnostics: Diagnostics,
) -> ReadFile {
    let origin = |row: Option<u64>| Origin { path: source.path.clone(), row };
    if let Some(zone) = head.zone.as_deref().filter(|zone| !zone.eq_ignore_ascii_case("UTC")) {
        let message = format!("times in the zone `{zone}` of the browser are taken as UTC");
        diagnostics.warn(origin(None), message, "set the time zone of Log Analytics to UTC and export again");
    }
    if reader.is_partial {
        let help = "query a shorter time range and give the results together";
        diagnostics.warn(origin(None), "the query result says itself that it is not complete", help);
    }
    if reader.is_unfinished {
        let help = "export every page: ask for the address in `@odata.nextLink` until there is none";
        diagnostics.warn(origin(None), "the export ends before its last page (`@odata.nextLink`)", help);
    }
    for (flaw, met) in &reader.flaws {
        let message = format!("{}; skipped", flaw.message());
        let help = (!met.example.is_empty()).then(|| format!("the first one: `{}`", shortened(&met.example, 60)));
        diagnostics.append(counted(met, &origin(met.row), &message, help.as_deref()));
    }
    for (name, met) in &reader.others {
        let what = spelling::other_stream(name).unwrap_or("a category that this program does not know");
        let message = format!("record of `{name}` ({what}) is no sign-in; left out");
        diagnostics.append(counted(met, &origin(met.row), &message, None));
    }
    if reader.lost.count > 0 {
        let message = "record whose device, status, policies or contexts cannot be read: the export cut them off";
        let help = Some(
            "PowerShell: export again with `ConvertTo-Json -Depth 10`; Excel cuts long cells: do not save through it",
        );
        diagnostics.append(counted(&reader.lost, &origin(reader.lost.row), message, help));
    }
    if reader.rows == 0 {
        diagnostics.warn(origin(None), "no sign-ins in this file", "check the time range of the export");
    }
    let first_bad = reader.flaws.iter().min_by_key(|(_, met)| met.row.unwrap_or(u64::MAX));
    let first_bad = first_bad.map(|(flaw, met)| {
        let example =
            if met.example.is_empty() { String::new() } else { format!(" (`{}`)", shortened(&met.example, 60)) };
        (origin(met.row), format!("{}{example}", flaw.message()))
    });
    let input = InputFile {
        path: source.path.clone(),
        format: format.name,
        generation: None,
        wrapper: None,
        rows: reader.rows,
        bad_rows: reader.flaws.values().map(|met| met.count).sum(),
        other_records: reader.others.values().map(|met| met.count).sum(),
        other_categories: reader.others.iter().map(|(name, met)| (name.clone(), met.count)).collect(),
        sha256: options.hash_inputs.then(|| hexadecimal(&Sha256::digest(bytes))),
        records_risk: format.records_risk,
        is_unfinished: reader.is_unfinished || reader.is_partial,
        converted_from: Vec::new(),
    };
    ReadFile { builder: reader.builder, input, diagnostics, first_bad }
}

/// One diagnostic with a count.
fn counted(met: &Met, origin: &Origin, message: &str, help: Option<&str>) -> Diagnostics {
    use crate::diagnostic::Severity::Warning;
    let mut all = Diagnostics::default();
    all.add(origin.clone(), Warning, message, help);
    // Counts add up, so the rest is added in halves: one by one would take as long as reading.
    let mut count = 1;
    while count * 2 <= met.count {
        let again = all.clone();
        all.append(again);
        count *= 2;
    }
    for _ in count..met.count {
        all.add(origin.clone(), Warning, message, help);
    }
    all
}

fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest { text.to_owned() } else { text.chars().take(longest).chain(['…']).collect() }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

//! One file: from its bytes to its own frame, or to the reason why it is left out.

use std::borrow::Cow;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::container::{self, Head, Shape};
use super::date::DateOrder;
use super::error::IngestError;
use super::evidence::Evidence;
use super::format::{self, Format, Holds, Slashes};
use super::reader::{Met, Reader, Settings};
use super::separator::Cells;
use super::source::{self, Source};
use super::unpack::{self, Archive, Budget, Packing};
use super::wrapping;
use super::{InputFile, Options, Progress, canonical, spelling};
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Severity};
use crate::frame::FrameBuilder;

/// What became of a file.
#[derive(Debug)]
pub(crate) enum Outcome {
    Read(Box<ReadFile>),
    /// A file of a folder or an archive that is no sign-in export: one line says so.
    Skipped(Diagnostics),
}

/// A sign-in export, or a companion of one.
#[derive(Debug)]
pub(crate) struct ReadFile {
    pub(crate) builder: FrameBuilder,
    pub(crate) evidence: Evidence,
    /// Whether its rows may lack what tells people and sign-ins apart.
    pub(crate) may_lack_ids: bool,
    pub(crate) input: InputFile,
    pub(crate) diagnostics: Diagnostics,
    /// Where the first bad record is, and what is wrong with it.
    pub(crate) first_bad: Option<(Origin, String)>,
}

/// One file to read, be it on disk or in an archive.
#[derive(Debug)]
struct Input {
    /// The argument, or the archive, that meant this file.
    typed: String,
    path: String,
    /// Whether this very file was typed: then it must be a sign-in export.
    is_named: bool,
    sha256: Option<String>,
}

/// How often a file may be packed, and a record wrapped.
const DEEPEST: usize = 4;

/// Reads one file; an archive gives an outcome for each of its members.
pub(crate) fn read(source: &Source, options: &Options, progress: &dyn Progress) -> Result<Vec<Outcome>, IngestError> {
    let mut input =
        Input { typed: source.typed.clone(), path: source.path.clone(), is_named: source.is_named, sha256: None };
    let bytes = match source.read()? {
        Ok(bytes) => bytes,
        Err(what) => return left_out(&input, foreign(&input, what)).map(|outcome| vec![outcome]),
    };
    input.sha256 = options.hash_inputs.then(|| hexadecimal(&Sha256::digest(&bytes)));
    if Packing::of(&bytes).is_none() {
        return unpacked(&input, &bytes, options, progress).map(|outcome| vec![outcome]);
    }
    // What is unpacked has no part in the bytes that were promised.
    let budget = Budget::of(&input.path, bytes.len() as u64, options.unpacking);
    let outcomes = packed(&input, bytes, options, &budget, 0);
    progress.advance(source.bytes());
    outcomes
}

/// A file that may be packed, to any depth that makes sense.
fn packed(
    input: &Input,
    bytes: Vec<u8>,
    options: &Options,
    budget: &Budget,
    depth: usize,
) -> Result<Vec<Outcome>, IngestError> {
    match Packing::of(&bytes) {
        None => unpacked(input, &bytes, options, &()).map(|outcome| vec![outcome]),
        Some(_) if depth == DEEPEST => {
            left_out(input, foreign(input, "packed too many times over")).map(|outcome| vec![outcome])
        }
        Some(Packing::Zip) => match Archive::open(&input.path, &bytes, budget) {
            Ok(archive) => members(input, &archive, options, budget, depth),
            Err(error @ IngestError::Unknown { .. }) => left_out(input, error).map(|outcome| vec![outcome]),
            Err(error) => Err(error),
        },
        Some(packing) => {
            let inner = unpack::stream(&input.path, packing, &bytes, budget)?;
            drop(bytes);
            packed(input, inner, options, budget, depth + 1)
        }
    }
}

fn members(
    input: &Input,
    archive: &Archive<'_>,
    options: &Options,
    budget: &Budget,
    depth: usize,
) -> Result<Vec<Outcome>, IngestError> {
    let read = |member| {
        let bytes = archive.unpack(member, budget)?;
        let sha256 = options.hash_inputs.then(|| hexadecimal(&Sha256::digest(&bytes)));
        let inside = Input { typed: input.path.clone(), path: member.path.clone(), is_named: false, sha256 };
        packed(&inside, bytes, options, budget, depth + 1)
    };
    let results: Vec<Result<Vec<Outcome>, IngestError>> = archive.members.par_iter().map(read).collect();
    let (mut outcomes, mut errors) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(found) => outcomes.extend(found),
            Err(error) => errors.push(error),
        }
    }
    // Members that are unpacked at the same time may all find the budget spent: it is one fault.
    if let Some(place) = errors.iter().position(|error| matches!(error, IngestError::TooLarge { .. })) {
        return Err(errors.swap_remove(place));
    }
    IngestError::none_of(errors)?;
    if input.is_named && !outcomes.iter().any(|outcome| matches!(outcome, Outcome::Read(_))) {
        let mut skipped = Diagnostics::default();
        for outcome in outcomes {
            if let Outcome::Skipped(line) = outcome {
                skipped.append(line);
            }
        }
        return Err(IngestError::NothingRecognised { path: input.path.clone(), skipped });
    }
    Ok(outcomes)
}

fn foreign(input: &Input, what: &str) -> IngestError {
    IngestError::Unknown { path: input.path.clone(), looks: format!("it is {what}") }
}

/// A file that is not packed: canonical columns, or text.
fn unpacked(input: &Input, bytes: &[u8], options: &Options, progress: &dyn Progress) -> Result<Outcome, IngestError> {
    if let Some(what) = source::foreign(bytes) {
        return left_out(input, foreign(input, what));
    }
    if let Some(form) = canonical::Form::of(bytes) {
        let read = canonical::read(form, &input.path, bytes, input.sha256.as_deref(), options.unpacking);
        progress.advance(bytes.len() as u64);
        return match read {
            Ok(file) => Ok(Outcome::Read(Box::new(file))),
            Err(error @ IngestError::Unknown { .. }) => left_out(input, error),
            Err(error) => Err(error),
        };
    }
    let decoded = source::decode(bytes);
    if decoded.text.trim().is_empty() {
        return left_out(input, IngestError::Empty { path: input.path.clone() });
    }
    let mut diagnostics = Diagnostics::default();
    if decoded.has_replacements {
        let help = "names with these characters are shown with � in their place";
        diagnostics.warn(Origin::file(&input.path), "some bytes are not valid in the file's encoding", help);
    }
    let outcome = read_text(input, &decoded.text, options, progress, diagnostics);
    // What was decoded may be longer or shorter than what was on disk.
    progress.advance((bytes.len() as u64).saturating_sub(decoded.text.len() as u64));
    outcome
}

/// A text whose format is known.
struct Recognised<'t> {
    format: &'static Format,
    head: Head,
    text: Cow<'t, str>,
    separator: u8,
    wrapper: Option<String>,
}

fn read_text(
    input: &Input,
    text: &str,
    options: &Options,
    progress: &dyn Progress,
    mut diagnostics: Diagnostics,
) -> Result<Outcome, IngestError> {
    let cells = Cells::of(text, options.separator);
    if let Some(separator) = cells.found {
        diagnostics.note(Origin::file(&input.path), format!("cells are separated by `{}`", separator.escape_default()));
    }
    let Recognised { format, head, text, separator, wrapper } = match recognised(input, cells.text, cells.separator) {
        Ok(recognised) => recognised,
        Err(error @ IngestError::Broken { .. }) => return Err(error),
        Err(error) => return left_out(input, error),
    };
    if let Some(zone) = head.zone.as_deref().filter(|zone| !is_utc(zone)) {
        return Err(IngestError::LocalTimes { path: input.path.clone(), zone: zone.to_owned() });
    }
    let mut settings = Settings {
        format,
        order: options.dates.unwrap_or(DateOrder::MonthFirst),
        event_type: if format.is_download { spelling::event_type_of_download(&input.path) } else { None }
            .or(format.event_type),
        lacks_devices: head.shape == Shape::Csv && format.lacks_devices(&head),
        name_of_rows: format.may_lack_ids.then(|| input.path.clone()),
        only_dates: false,
    };
    let mut reader =
        read_as(&text, head.shape, &settings, separator, progress).map_err(|broken| broken_file(input, broken))?;
    if options.dates.is_none()
        && let Some(order) = settled_order(input, &reader, &mut diagnostics)?
    {
        settings.order = order;
        reader = read_as(&text, head.shape, &settings, separator, &()).map_err(|broken| broken_file(input, broken))?;
    }
    if reader.rows == 0
        && reader.evidence_records == 0
        && reader.flaws.is_empty()
        && let Some(name) = reader.others.keys().next()
    {
        let what = spelling::other_stream(name).map_or_else(|| format!("records of `{name}`"), str::to_owned);
        return left_out(input, IngestError::SomethingElse { path: input.path.clone(), what });
    }
    Ok(Outcome::Read(Box::new(finished(input, &head, wrapper, reader, diagnostics))))
}

/// Whether a column's label says that its times are UTC.
fn is_utc(zone: &str) -> bool {
    const NAMES: [&str; 6] = ["utc", "utc+0", "utc+00:00", "gmt", "z", "coordinated universal time"];
    NAMES.iter().any(|name| zone.trim().eq_ignore_ascii_case(name))
}

/// Looks at a text, and again at what it wraps, until a format knows it.
fn recognised<'t>(input: &Input, text: Cow<'t, str>, separator: u8) -> Result<Recognised<'t>, IngestError> {
    let (mut text, mut separator) = (text, separator);
    let mut wrappers: Vec<String> = Vec::new();
    loop {
        let head = container::head(&text, separator);
        if let Some(format) = format::recognised(&head) {
            let wrapper = (!wrappers.is_empty()).then(|| wrappers.join(", "));
            return Ok(Recognised { format, head, text, separator, wrapper });
        }
        let inside = if wrappers.len() < DEEPEST && format::what_else(&head).is_none() {
            wrapping::unwrapped(&text, &head, separator).map_err(|broken| broken_file(input, broken))?
        } else {
            None
        };
        let Some(inside) = inside else { return Err(refusal(input, &head, &text)) };
        wrappers.push(inside.wrapper);
        text = Cow::Owned(inside.text);
        separator = b',';
    }
}

/// A file that was typed must be a sign-in export; one that a folder or an archive holds need not.
fn left_out(input: &Input, error: IngestError) -> Result<Outcome, IngestError> {
    if input.is_named {
        return Err(error);
    }
    let mut line = Diagnostics::default();
    // The file is named in the message: equal messages are counted, and each file is to have its line.
    line.add(Origin::file(&input.typed), Severity::Warning, format!("skipped `{}`: {error}", input.path), None);
    Ok(Outcome::Skipped(line))
}

/// Why a file that no format recognises is refused.
fn refusal(input: &Input, head: &Head, text: &str) -> IngestError {
    let path = input.path.clone();
    if let Some(what) = format::what_else(head) {
        return IngestError::SomethingElse { path, what: what.to_owned() };
    }
    match &head.broken {
        Some(broken) if !head.keys.is_empty() || head.context.is_some() => broken_file(input, broken.clone()),
        Some(_) | None => {
            let beginning: String = text.chars().take(400).collect();
            let words: Vec<&str> = beginning.split_whitespace().collect();
            let beginning = shortened(&words.join(" "), 40);
            IngestError::Unknown { path, looks: format!("the text begins with `{beginning}`") }
        }
    }
}

fn broken_file(input: &Input, broken: container::Broken) -> IngestError {
    let container::Broken { line, column, reason } = broken;
    IngestError::Broken { path: input.path.clone(), line, column, reason }
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
            container::read_csv(text, separator, &mut reader, progress)?;
            Ok(reader)
        }
    }
}

/// The other order of day and month, if the file's own dates ask for it. The first reading was month first.
fn settled_order(
    input: &Input,
    reader: &Reader<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Option<DateOrder>, IngestError> {
    let path = || input.path.clone();
    let Some(example) = &reader.slashed.any else { return Ok(None) };
    match (&reader.slashed.month_first, &reader.slashed.day_first) {
        (Some(month_first), Some(day_first)) => {
            let (month_first, day_first) = (month_first.clone(), day_first.clone());
            Err(IngestError::MixedDates { path: path(), month_first, day_first })
        }
        (Some(_), None) => {
            diagnostics.note(Origin::file(&input.path), "dates are read month first, as a number above 12 shows");
            Ok(None)
        }
        (None, Some(_)) => {
            diagnostics.note(Origin::file(&input.path), "dates are read day first, as a number above 12 shows");
            Ok(Some(DateOrder::DayFirst))
        }
        (None, None) if reader.format().slashes == Slashes::MustBeTold => {
            Err(IngestError::AmbiguousDates { path: path(), example: example.clone() })
        }
        (None, None) => {
            let message = "dates are assumed to be month first: no number above 12 shows it";
            let help = "`--dates day-first` reads them the other way";
            diagnostics.warn(Origin::file(&input.path), message, help);
            Ok(None)
        }
    }
}

fn finished(
    input: &Input,
    head: &Head,
    wrapper: Option<String>,
    reader: Reader<'_>,
    mut diagnostics: Diagnostics,
) -> ReadFile {
    let format = reader.format();
    let origin = |row: Option<u64>| Origin { path: input.path.clone(), row };
    if let Some(wrapper) = &wrapper {
        diagnostics.note(origin(None), format!("sign-ins are read from inside another system's records: `{wrapper}`"));
    }
    if reader.unnamed > 0 {
        let message = format!(
            "{} rows without the id of the sign-in: copies of them are not found, and each counts by itself",
            reader.unnamed
        );
        diagnostics.warn(origin(None), message, "export the id too (`Id`, `Request ID`), or give a richer export");
    }
    if reader.is_partial {
        let help = "query a shorter time range and give the results together";
        diagnostics.warn(origin(None), "the query result says itself that it is not complete", help);
    }
    if reader.is_unfinished == Some(true) {
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
        let message = "record of which a nested value cannot be read: the export cut it off";
        let help = Some(
            "PowerShell: export again with `ConvertTo-Json -Depth 10`; Excel cuts long cells: do not save through it",
        );
        diagnostics.append(counted(&reader.lost, &origin(reader.lost.row), message, help));
    }
    if reader.evidence.later > 0 {
        let message = format!(
            "{} detections were not made in real time, or name no request: not the risk during a sign-in (RSK-3)",
            reader.evidence.later
        );
        diagnostics.note(origin(None), message);
    }
    if reader.rows == 0 && format.holds == Holds::SignIns && reader.evidence_records == 0 {
        diagnostics.warn(origin(None), "no sign-ins in this file", "check the time range of the export");
    }
    let first_bad = reader.flaws.iter().min_by_key(|(_, met)| met.row.unwrap_or(u64::MAX));
    let first_bad = first_bad.map(|(flaw, met)| {
        let example =
            if met.example.is_empty() { String::new() } else { format!(" (`{}`)", shortened(&met.example, 60)) };
        (origin(met.row), format!("{}{example}", flaw.message()))
    });
    let file = InputFile {
        path: input.path.clone(),
        format: format.name.into(),
        generation: (format.generation)(head).map(Into::into),
        wrapper,
        rows: reader.rows,
        evidence: reader.evidence_records,
        bad_rows: reader.flaws.values().map(|met| met.count).sum(),
        other_records: reader.others.values().map(|met| met.count).sum(),
        other_categories: reader.others.iter().map(|(name, met)| (name.clone(), met.count)).collect(),
        sha256: input.sha256.clone(),
        records_risk: format.records_risk || format.holds != Holds::SignIns,
        is_unfinished: reader.is_unfinished == Some(true) || reader.is_partial,
        converted_from: Vec::new(),
    };
    ReadFile {
        may_lack_ids: format.may_lack_ids,
        builder: reader.builder,
        evidence: reader.evidence,
        input: file,
        diagnostics,
        first_bad,
    }
}

/// One diagnostic with a count.
fn counted(met: &Met, origin: &Origin, message: &str, help: Option<&str>) -> Diagnostics {
    let mut all = Diagnostics::default();
    let (message, help) = (message.to_owned(), help.map(str::to_owned));
    all.push(Diagnostic { origin: origin.clone(), severity: Severity::Warning, message, help, count: met.count });
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

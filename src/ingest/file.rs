//! One file: from its bytes to its own frame, or to the reason why it is left out.

use std::borrow::Cow;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::container::{self, Head, Shape};
use super::date::DateOrder;
use super::error::IngestError;
use super::evidence::Evidence;
use super::findings::{finished, settled_order, shortened};
use super::format::{self, Format};
use super::reader::{Reader, Settings};
use super::separator::Cells;
use super::source::{self, Source};
use super::unpack::{self, Archive, Budget, Member, Packing};
use super::wrapping;
use super::{InputFile, Options, Progress, canonical, spelling};
use crate::diagnostic::{Diagnostics, Origin, Severity};
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
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// The argument, or the archive, that meant this file.
    pub(crate) typed: String,
    pub(crate) path: String,
    /// Whether this very file was typed: then it must be a sign-in export.
    pub(crate) is_named: bool,
    pub(crate) sha256: Option<String>,
}

impl Input {
    /// A file that was meant on the command line.
    pub(crate) fn of(source: &Source) -> Input {
        Input { typed: source.typed.clone(), path: source.path.clone(), is_named: source.is_named, sha256: None }
    }
}

/// How often a record may be wrapped.
const DEEPEST: usize = 4;

/// Reads one file; an archive gives an outcome for each of its members.
pub(crate) fn read(source: &Source, options: &Options, progress: &dyn Progress) -> Result<Vec<Outcome>, IngestError> {
    let mut input = Input::of(source);
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
pub(crate) fn packed(
    input: &Input,
    bytes: Vec<u8>,
    options: &Options,
    budget: &Budget,
    depth: usize,
) -> Result<Vec<Outcome>, IngestError> {
    match Packing::of(&bytes) {
        None => unpacked(input, &bytes, options, &()).map(|outcome| vec![outcome]),
        Some(_) if depth == unpack::DEEPEST => {
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

/// The files of an archive, each read as a whole.
fn members(
    input: &Input,
    archive: &Archive<'_>,
    options: &Options,
    budget: &Budget,
    depth: usize,
) -> Result<Vec<Outcome>, IngestError> {
    let read = |member: &Member| read_member(input, archive, member, options, budget, depth);
    let results: Vec<Result<Vec<Outcome>, IngestError>> = archive.members.par_iter().map(read).collect();
    let (mut outcomes, mut errors) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(found) => outcomes.extend(found),
            Err(error) => errors.push(error),
        }
    }
    one_of_members(errors)?;
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

/// A member that is read as a whole.
pub(crate) fn read_member(
    input: &Input,
    archive: &Archive<'_>,
    member: &Member,
    options: &Options,
    budget: &Budget,
    depth: usize,
) -> Result<Vec<Outcome>, IngestError> {
    let bytes = archive.unpack(member, budget)?;
    let mut inside = input_of(input, member);
    inside.sha256 = options.hash_inputs.then(|| hexadecimal(&Sha256::digest(&bytes)));
    packed(&inside, bytes, options, budget, depth + 1)
}

/// A file in an archive, which need not be an export.
pub(crate) fn input_of(archive: &Input, member: &Member) -> Input {
    Input { typed: archive.path.clone(), path: member.path.clone(), is_named: false, sha256: None }
}

/// The errors of members. Those that are unpacked at the same time may all find the budget spent: it is one fault.
pub(crate) fn one_of_members(mut errors: Vec<IngestError>) -> Result<(), IngestError> {
    if let Some(place) = errors.iter().position(|error| matches!(error, IngestError::TooLarge { .. })) {
        return Err(errors.swap_remove(place));
    }
    IngestError::none_of(errors)
}

pub(crate) fn foreign(input: &Input, what: &str) -> IngestError {
    IngestError::Unknown { path: input.path.clone(), looks: format!("it is {what}") }
}

/// A file that is not packed: canonical columns, or text.
pub(crate) fn unpacked(
    input: &Input,
    bytes: &[u8],
    options: &Options,
    progress: &dyn Progress,
) -> Result<Outcome, IngestError> {
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
        warn_of_replacements(input, &mut diagnostics);
    }
    let outcome = read_text(input, &decoded.text, options, progress, diagnostics);
    // What was decoded may be longer or shorter than what was on disk.
    progress.advance((bytes.len() as u64).saturating_sub(decoded.text.len() as u64));
    outcome
}

/// Some bytes were no text.
pub(crate) fn warn_of_replacements(input: &Input, diagnostics: &mut Diagnostics) {
    let help = "names with these characters are shown with � in their place";
    diagnostics.warn(Origin::file(&input.path), "some bytes are not valid in the file's encoding", help);
}

/// The cells of a table stand apart in a way that somebody may want to know.
pub(crate) fn note_separator(input: &Input, separator: char, diagnostics: &mut Diagnostics) {
    diagnostics.note(Origin::file(&input.path), format!("cells are separated by `{}`", separator.escape_default()));
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
        note_separator(input, separator, &mut diagnostics);
    }
    let Recognised { format, head, text, separator, wrapper } = match recognised(input, cells.text, cells.separator) {
        Ok(recognised) => recognised,
        Err(error @ IngestError::Broken { .. }) => return Err(error),
        Err(error) => return left_out(input, error),
    };
    let mut settings = settings(input, format, &head, options)?;
    let mut reader =
        read_as(&text, head.shape, &settings, separator, progress).map_err(|broken| broken_file(input, broken))?;
    if options.dates.is_none()
        && let Some(order) = settled_order(input, &reader.slashed, format, &mut diagnostics)?
    {
        settings.order = order;
        reader = read_as(&text, head.shape, &settings, separator, &()).map_err(|broken| broken_file(input, broken))?;
    }
    let found = Found { head: &head, wrapper, diagnostics };
    outcome(input, found, reader)
}

/// What is known of a file beside its records.
pub(crate) struct Found<'h> {
    pub(crate) head: &'h Head,
    pub(crate) wrapper: Option<String>,
    pub(crate) diagnostics: Diagnostics,
}

/// What became of a file that was read to its end.
pub(crate) fn outcome(input: &Input, found: Found<'_>, reader: Reader<'_>) -> Result<Outcome, IngestError> {
    if reader.rows == 0
        && reader.evidence_records == 0
        && reader.flaws.is_empty()
        && let Some(name) = reader.others.keys().next()
    {
        let what = spelling::other_stream(name).map_or_else(|| format!("records of `{name}`"), str::to_owned);
        return left_out(input, IngestError::SomethingElse { path: input.path.clone(), what });
    }
    let Found { head, wrapper, diagnostics } = found;
    Ok(Outcome::Read(Box::new(finished(input, head, wrapper, reader, diagnostics))))
}

/// How a file of this format is read.
pub(crate) fn settings(
    input: &Input,
    format: &'static Format,
    head: &Head,
    options: &Options,
) -> Result<Settings, IngestError> {
    if let Some(zone) = head.zone.as_deref().filter(|zone| !is_utc(zone)) {
        return Err(IngestError::LocalTimes { path: input.path.clone(), zone: zone.to_owned() });
    }
    Ok(Settings {
        format,
        order: options.dates.unwrap_or(DateOrder::MonthFirst),
        event_type: if format.is_download { spelling::event_type_of_download(&input.path) } else { None }
            .or(format.event_type),
        lacks_devices: head.shape == Shape::Csv && format.lacks_devices(head),
        name_of_rows: format.may_lack_ids.then(|| input.path.clone()),
        only_dates: false,
    })
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
pub(crate) fn left_out(input: &Input, error: IngestError) -> Result<Outcome, IngestError> {
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

pub(crate) fn broken_file(input: &Input, broken: container::Broken) -> IngestError {
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

/// Bytes as people write them.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

//! Files of canonical columns, as `convert` writes them: Parquet and Arrow IPC.
//!
//! They hold every column of the frame and, beside it, what the exports were and what was noticed while they were
//! read: a replay of the converted file says the same as a replay of the exports. Another program may choose rows or
//! columns of such a file; it is then an export of its own.

use std::io::Cursor;
use std::ops::Range;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{
    DataType as ArrowType, TimeUnit as ArrowUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow::ipc::reader::FileReader;
use polars::prelude::{
    Column as Series, DataType, FileMetadataRef, ParallelStrategy, ParquetReader, PolarsError, SerReader, TimeUnit,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::InputFile;
use super::error::IngestError;
use super::evidence::Evidence;
use super::file::ReadFile;
use super::unpack::Unpacking;
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Severity};
use crate::frame::{
    AppliedPolicy, Code, Column, ContextReference, Device, Dictionary, FrameBuilder, NOT_RECORDED, NetworkLocation,
    Place, ReadColumn, SignInFrame, Status, StepReader, Time,
};

/// The key of the file's metadata that holds a [`Provenance`] as JSON.
pub const FILE_KEY: &str = "ca-impact";

/// The column of the time of the sign-in.
pub const CREATED: &str = "createdDateTime";

/// The column of the time at which a copy was delivered.
pub const DELIVERED: &str = "deliveredDateTime";

/// Which kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Parquet,
    Arrow,
}

impl Form {
    /// By its first bytes.
    pub(crate) fn of(bytes: &[u8]) -> Option<Form> {
        const MARKS: [(&[u8], Form); 2] = [(b"PAR1", Form::Parquet), (b"ARROW1", Form::Arrow)];
        MARKS.into_iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, form)| form)
    }

    fn name(self) -> &'static str {
        match self {
            Form::Parquet => "canonical-parquet",
            Form::Arrow => "canonical-arrow",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Form::Parquet => "a Parquet file",
            Form::Arrow => "an Arrow file",
        }
    }
}

/// What the exports were that a converted file was made from, and what was noticed while they were read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Provenance {
    /// Rows of the file that this was written for: with other rows it no longer holds.
    pub rows: u64,
    /// The exports, in the order of the rows.
    pub inputs: Vec<InputFile>,
    /// What was noticed, in order.
    diagnostics: Vec<Noticed>,
}

/// A diagnostic as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Noticed {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    row: Option<u64>,
    severity: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    help: Option<String>,
    count: u64,
}

impl Provenance {
    /// What reading exports gave beside the rows.
    #[must_use]
    pub fn of(frame: &SignInFrame, inputs: Vec<InputFile>, diagnostics: &Diagnostics) -> Provenance {
        // What was converted before is still made of its exports.
        let inputs = inputs
            .into_iter()
            .flat_map(|input| if input.converted_from.is_empty() { vec![input] } else { input.converted_from })
            .collect();
        let noticed = |diagnostic: &Diagnostic| Noticed {
            path: diagnostic.origin.path.clone(),
            row: diagnostic.origin.row,
            severity: diagnostic.severity.word().to_owned(),
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            count: diagnostic.count,
        };
        Provenance { rows: frame.rows() as u64, inputs, diagnostics: diagnostics.iter().map(noticed).collect() }
    }

    fn diagnostics(&self) -> Diagnostics {
        let mut all = Diagnostics::default();
        for Noticed { path, row, severity, message, help, count } in self.diagnostics.clone() {
            let known = [Severity::Error, Severity::Warning, Severity::Note];
            let severity = known.into_iter().find(|known| known.word() == severity).unwrap_or(Severity::Warning);
            all.push(Diagnostic { origin: Origin { path, row }, severity, message, help, count });
        }
        all
    }
}

/// What a row takes in a frame, at least: a code for each column and its times.
const BYTES_OF_A_ROW: u64 = 4 * Column::ALL.len() as u64 + 24;

/// Columns of a file, whatever library holds them. Several are read side by side.
trait Columns: Sync {
    /// Names, in their order.
    fn names(&self) -> Vec<String>;
    /// How many rows there are, as the file says.
    fn rows(&self) -> usize;
    /// The metadata under [`FILE_KEY`].
    fn provenance(&self) -> Option<&str>;
    /// Reads the texts of a column, from the first row to the last.
    fn texts(&self, name: &str, into: &mut ReadColumn) -> Result<(), String>;
    /// The times of a column.
    fn times(&self, name: &str) -> Result<Vec<Option<Time>>, String>;
}

/// Reads a file of canonical columns.
///
/// # Errors
///
/// It is damaged ([`IngestError::NotCanonical`]), or holds something else ([`IngestError::Unknown`]).
pub(crate) fn read(
    form: Form,
    path: &str,
    bytes: &[u8],
    sha256: Option<&str>,
    limits: Unpacking,
) -> Result<ReadFile, IngestError> {
    let wrong = |reason: String| IngestError::NotCanonical { path: path.to_owned(), reason };
    let damaged = |reason: String| wrong(format!("{} that cannot be read: {reason}", form.words()));
    let columns: Box<dyn Columns> = match form {
        Form::Parquet => Box::new(Parquet::open(bytes).map_err(damaged)?),
        Form::Arrow => Box::new(Arrow::open(bytes).map_err(damaged)?),
    };
    let names = columns.names();
    let has = |name: &str| names.iter().any(|known| known == name);
    if !has(CREATED) || !has(Column::Id.name()) {
        let what = if has("effect_least") { "verdicts of this program" } else { "no sign-ins" };
        let looks = format!("it is {} with {what}, not one that `convert` wrote", form.words());
        return Err(IngestError::Unknown { path: path.to_owned(), looks });
    }
    let (packed, allowed) = (bytes.len() as u64, limits.allowed(bytes.len() as u64));
    if (columns.rows() as u64).saturating_mul(BYTES_OF_A_ROW) > allowed {
        return Err(IngestError::TooLarge { path: path.to_owned(), packed, allowed });
    }
    let builder = rows(&*columns, &has).map_err(wrong)?;
    let mut diagnostics = Diagnostics::default();
    let mut input = InputFile {
        path: path.to_owned(),
        format: form.name().into(),
        rows: builder.rows() as u64,
        sha256: sha256.map(str::to_owned),
        records_risk: true,
        ..InputFile::default()
    };
    let provenance = columns.provenance().and_then(|text| serde_json::from_str::<Provenance>(text).ok());
    match provenance.filter(|provenance| provenance.rows == input.rows) {
        Some(provenance) => {
            diagnostics.append(provenance.diagnostics());
            input.records_risk = provenance.inputs.iter().all(|input| input.records_risk);
            input.converted_from = provenance.inputs;
        }
        None => {
            let message = "rows of a converted file that another program chose: what the exports were is not known";
            diagnostics.note(Origin::file(path), message);
        }
    }
    Ok(ReadFile { builder, evidence: Evidence::default(), may_lack_ids: false, input, diagnostics, first_bad: None })
}

fn rows(columns: &dyn Columns, has: &(dyn Fn(&str) -> bool + Sync)) -> Result<FrameBuilder, String> {
    let times = columns.times(CREATED)?;
    let created: Vec<Time> = times.iter().copied().flatten().collect();
    if let Some(row) = times.iter().position(Option::is_none) {
        return Err(format!("`{CREATED}` of row {} is empty", row + 1));
    }
    let delivered = if has(DELIVERED) { columns.times(DELIVERED)? } else { vec![None; created.len()] };
    let read = |column: &Column| -> Result<(ReadColumn, Result<(), String>), String> {
        let mut read = ReadColumn::with_capacity(created.len());
        if has(column.name()) {
            columns.texts(column.name(), &mut read)?;
        }
        let are_right = check(*column, read.dictionary());
        Ok((read, are_right))
    };
    let columns: Vec<_> = Column::ALL.par_iter().map(read).collect();
    // What is said of a file is the same whichever column was read first.
    let columns: Vec<_> = columns.into_iter().collect::<Result<_, String>>()?;
    let (columns, are_right): (Vec<ReadColumn>, Vec<Result<(), String>>) = columns.into_iter().unzip();
    let ids = columns.get(Column::Id as usize).map(ReadColumn::codes).unwrap_or_default();
    if let Some(row) = ids.iter().position(|code| *code == NOT_RECORDED) {
        return Err(format!("`{}` of row {} is empty", Column::Id.name(), row + 1));
    }
    are_right.into_iter().collect::<Result<(), String>>()?;
    Ok(FrameBuilder::of_columns(created, delivered, columns))
}

/// Whether every text of a column is one that it may hold: each distinct one is asked about once.
fn check(column: Column, texts: &Dictionary) -> Result<(), String> {
    let mut steps = (StepReader::default(), Vec::new());
    let mut is_right = |text: &str| match column {
        Column::AuthenticationDetails => {
            steps.1.clear();
            steps.0.read(text, &mut steps.1)
        }
        _ => is_document(column, text),
    };
    match texts.iter().skip(1).find(|text| !is_right(text)) {
        None => Ok(()),
        Some(text) => {
            let beginning: String = text.chars().take(40).collect();
            Err(format!("`{}` holds `{beginning}`, which `convert` does not write", column.name()))
        }
    }
}

/// Whether a text is one that a column with documents holds; other columns hold any text.
fn is_document(column: Column, text: &str) -> bool {
    fn reads<'de, T: Deserialize<'de>>(text: &'de str) -> bool {
        serde_json::from_str::<T>(text).is_ok()
    }
    match column {
        Column::DeviceDetail => reads::<Device>(text),
        Column::Location => reads::<Place>(text),
        Column::Status => reads::<Status>(text),
        Column::NetworkLocationDetails => reads::<Vec<NetworkLocation>>(text),
        Column::AppliedConditionalAccessPolicies => reads::<Vec<AppliedPolicy>>(text),
        Column::AuthenticationContexts => reads::<Vec<ContextReference>>(text),
        Column::ConditionalAccessAudiences | Column::RiskEventTypes => reads::<Vec<String>>(text),
        Column::IsInteractive | Column::IsThroughGlobalSecureAccess => matches!(text, "true" | "false"),
        _ => true,
    }
}

/// A column is read some rows at a time: all of it would take several times the memory that it takes in a frame.
struct Parquet<'a> {
    bytes: &'a [u8],
    metadata: FileMetadataRef,
    names: Vec<String>,
    rows: usize,
    /// Row groups of the file, so many together as are read at a time.
    slices: Vec<Range<usize>>,
    provenance: Option<String>,
}

/// Rows that are read at a time, at least: with fewer, looking for them would take longer than reading them.
const ROWS_AT_A_TIME: usize = 128 * 1024;

impl Parquet<'_> {
    fn open(bytes: &[u8]) -> Result<Parquet<'_>, String> {
        let words = |error: PolarsError| error.to_string();
        let mut reader = ParquetReader::new(Cursor::new(bytes));
        let metadata = reader.get_metadata().map_err(words)?.clone();
        let entries = metadata.key_value_metadata().iter().flatten();
        let provenance = entries.filter(|entry| entry.key == FILE_KEY).find_map(|entry| entry.value.clone());
        let rows = reader.num_rows().map_err(words)?;
        let names = reader.schema().map_err(words)?.iter_names().map(ToString::to_string).collect();
        let mut slices: Vec<Range<usize>> = Vec::new();
        for rows in metadata.row_groups.iter().map(|group| group.num_rows()) {
            match slices.last_mut() {
                Some(slice) if slice.len() < ROWS_AT_A_TIME => slice.end = slice.end.saturating_add(rows),
                last => {
                    let start = last.map_or(0, |slice| slice.end);
                    slices.push(start..start.saturating_add(rows));
                }
            }
        }
        Ok(Parquet { bytes, metadata, names, rows, slices, provenance })
    }

    /// Some rows of a column; all of them without a range.
    fn column(&self, name: &str, rows: Option<&Range<usize>>) -> Result<Series, String> {
        let read = || {
            let mut reader = ParquetReader::new(Cursor::new(self.bytes))
                .with_columns(Some(vec![name.to_owned()]))
                .with_slice(rows.map(|rows| (rows.start, rows.len())))
                // Columns are read side by side already.
                .read_parallel(ParallelStrategy::None);
            reader.set_metadata(self.metadata.clone());
            reader.finish()?.column(name).cloned()
        };
        read().map_err(|error| format!("the column `{name}` cannot be read: {error}"))
    }
}

/// Codes of texts that were met lately, by what stands for them in memory: texts of a dictionary of the file stand in
/// one place, and short ones are their own place.
struct Lately {
    codes: Vec<(u128, Code)>,
}

impl Lately {
    fn new() -> Lately {
        // Nothing stands for the empty text but zeros.
        Lately { codes: vec![(0, NOT_RECORDED); 1 << Lately::BITS] }
    }

    const BITS: u32 = 10;

    fn code(&mut self, place: u128, text: &str, into: &mut ReadColumn) -> Code {
        #[expect(clippy::cast_possible_truncation, reason = "a hash keeps the highest bits")]
        let slot = (((place ^ place >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - Lately::BITS)) as usize;
        match self.codes.get_mut(slot) {
            Some((known, code)) if *known == place => *code,
            Some(free) => {
                *free = (place, into.intern(text));
                free.1
            }
            None => into.intern(text),
        }
    }
}

impl Columns for Parquet<'_> {
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn rows(&self) -> usize {
        self.rows
    }

    fn provenance(&self) -> Option<&str> {
        self.provenance.as_deref()
    }

    fn texts(&self, name: &str, into: &mut ReadColumn) -> Result<(), String> {
        let not_text = |_: PolarsError| format!("the column `{name}` is no text");
        for rows in &self.slices {
            let column = self.column(name, Some(rows))?;
            let texts = match column.dtype() {
                DataType::String => column,
                // Engines may write repeated texts as categories, and a column without values as nothing.
                _ => column.cast(&DataType::String).map_err(not_text)?,
            };
            for piece in texts.str().map_err(not_text)?.downcast_iter() {
                // A place is one of this piece.
                let mut lately = Lately::new();
                for (place, text) in piece.views().iter().zip(piece.iter()) {
                    let code = text.map_or(NOT_RECORDED, |text| lately.code(place.as_u128(), text, into));
                    into.push(code);
                }
            }
        }
        Ok(())
    }

    fn times(&self, name: &str) -> Result<Vec<Option<Time>>, String> {
        let no_time = |_: PolarsError| format!("the column `{name}` is no time");
        let column = self.column(name, None)?;
        let zone = match column.dtype() {
            DataType::Datetime(_, zone) => zone.clone(),
            DataType::Null => None,
            _ => return Err(format!("the column `{name}` is no time")),
        };
        let micros = column.cast(&DataType::Datetime(TimeUnit::Microseconds, zone)).map_err(no_time)?;
        let micros = micros.cast(&DataType::Int64).map_err(no_time)?;
        Ok(micros.i64().map_err(no_time)?.iter().collect())
    }
}

struct Arrow {
    names: Vec<String>,
    provenance: Option<String>,
    batches: Vec<arrow::record_batch::RecordBatch>,
}

impl Arrow {
    fn open(bytes: &[u8]) -> Result<Arrow, String> {
        let reader = FileReader::try_new(Cursor::new(bytes), None).map_err(|error| error.to_string())?;
        let schema = reader.schema();
        let batches: Result<Vec<_>, _> = reader.collect();
        Ok(Arrow {
            names: schema.fields().iter().map(|field| field.name().clone()).collect(),
            provenance: schema.metadata().get(FILE_KEY).cloned(),
            batches: batches.map_err(|error| error.to_string())?,
        })
    }

    /// A column, batch by batch.
    fn column<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Result<&'a dyn Array, String>> {
        self.batches.iter().map(move |batch| {
            batch.column_by_name(name).map(|column| &**column).ok_or_else(|| format!("there is no column `{name}`"))
        })
    }
}

impl Columns for Arrow {
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn rows(&self) -> usize {
        self.batches.iter().map(arrow::record_batch::RecordBatch::num_rows).sum()
    }

    fn provenance(&self) -> Option<&str> {
        self.provenance.as_deref()
    }

    fn texts(&self, name: &str, into: &mut ReadColumn) -> Result<(), String> {
        // Plain texts only: a dictionary of long ones would come to far more than the file.
        for batch in self.column(name) {
            let batch = batch?;
            match batch.data_type() {
                ArrowType::Utf8 => batch.as_string::<i32>().iter().for_each(|text| into.push_text(text)),
                ArrowType::LargeUtf8 => batch.as_string::<i64>().iter().for_each(|text| into.push_text(text)),
                ArrowType::Utf8View => batch.as_string_view().iter().for_each(|text| into.push_text(text)),
                ArrowType::Null => (0..batch.len()).for_each(|_| into.push(NOT_RECORDED)),
                _ => return Err(format!("the column `{name}` is no plain text")),
            }
        }
        Ok(())
    }

    fn times(&self, name: &str) -> Result<Vec<Option<Time>>, String> {
        let mut times = Vec::new();
        for batch in self.column(name) {
            let batch = batch?;
            match batch.data_type() {
                ArrowType::Timestamp(ArrowUnit::Second, _) => {
                    let of = batch.as_primitive::<TimestampSecondType>().iter();
                    times.extend(of.map(|time| time.and_then(|time| time.checked_mul(1_000_000))));
                }
                ArrowType::Timestamp(ArrowUnit::Millisecond, _) => {
                    let of = batch.as_primitive::<TimestampMillisecondType>().iter();
                    times.extend(of.map(|time| time.and_then(|time| time.checked_mul(1_000))));
                }
                ArrowType::Timestamp(ArrowUnit::Microsecond, _) => {
                    times.extend(batch.as_primitive::<TimestampMicrosecondType>().iter());
                }
                ArrowType::Timestamp(ArrowUnit::Nanosecond, _) => {
                    let of = batch.as_primitive::<TimestampNanosecondType>().iter();
                    times.extend(of.map(|time| time.map(|time| time.div_euclid(1_000))));
                }
                ArrowType::Null => times.extend((0..batch.len()).map(|_| None)),
                _ => return Err(format!("the column `{name}` is no time")),
            }
        }
        Ok(times)
    }
}

//! The frame as a file of canonical columns: Parquet or Arrow IPC, for replaying often and for other engines.
//!
//! Every column is written, with what the exports were beside it, so that a replay of the file says what a replay
//! of the exports says.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, LargeStringArray, TimestampMicrosecondArray};
use arrow::datatypes::{
    DataType as ArrowType, Field as ArrowField, Metadata, Schema as ArrowSchema, TimeUnit as ArrowUnit,
};
use arrow::error::ArrowError;
use arrow::ipc::writer::FileWriter;
use arrow::record_batch::RecordBatch;
use polars::io::parquet::write::KeyValueMetadata;
use polars::prelude::{
    Column as Series, DataFrame, DataType, Field, IntoColumn, NamedFrom, ParquetWriter, PolarsError, Schema,
    Series as Values, TimeUnit, TimeZone,
};

use crate::frame::{Column, SignInFrame, Time};
use crate::ingest::{CREATED, DELIVERED, FILE_KEY, Provenance};

use super::BATCH;

/// The form of a converted file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanonicalForm {
    /// Parquet, compressed: small, and read by every engine.
    Parquet,
    /// Arrow IPC, the file format: larger, and mapped without copying.
    Arrow,
}

impl CanonicalForm {
    /// The form of a file with this ending (without the dot), in any case.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<CanonicalForm> {
        match ending.to_ascii_lowercase().as_str() {
            "parquet" => Some(CanonicalForm::Parquet),
            "arrow" => Some(CanonicalForm::Arrow),
            _ => None,
        }
    }
}

/// Writes all rows in their order.
///
/// # Errors
///
/// The writer failed.
pub fn write_frame(
    form: CanonicalForm,
    frame: &SignInFrame,
    provenance: &Provenance,
    out: &mut dyn Write,
) -> io::Result<()> {
    let provenance = serde_json::to_string(provenance)?;
    match form {
        CanonicalForm::Parquet => parquet(frame, provenance, out).map_err(|error| match error {
            PolarsError::IO { error, msg: _ } => io::Error::new(error.kind(), error),
            other => io::Error::other(other),
        }),
        CanonicalForm::Arrow => arrow(frame, provenance, out).map_err(|error| match error {
            ArrowError::IoError(_, error) => error,
            other => io::Error::other(other),
        }),
    }
}

/// Rows in pieces of a batch each.
fn batches(frame: &SignInFrame) -> impl Iterator<Item = std::ops::Range<usize>> {
    let rows = frame.rows();
    (0..rows).step_by(BATCH).map(move |start| start..rows.min(start + BATCH))
}

fn texts(frame: &SignInFrame, column: Column, rows: std::ops::Range<usize>) -> Vec<Option<&str>> {
    let dictionary = frame.dictionary(column);
    frame.codes(column).get(rows).unwrap_or_default().iter().map(|code| dictionary.recorded(*code)).collect()
}

fn times(frame: &SignInFrame, rows: std::ops::Range<usize>) -> (Vec<Option<Time>>, Vec<Option<Time>>) {
    let created = frame.created().get(rows.clone()).unwrap_or_default();
    (created.iter().copied().map(Some).collect(), frame.delivered().get(rows).unwrap_or_default().to_vec())
}

fn parquet(frame: &SignInFrame, provenance: String, out: &mut dyn Write) -> Result<(), PolarsError> {
    let time = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    let of_times = [CREATED, DELIVERED].map(|name| Field::new(name.into(), time.clone()));
    let of_texts = Column::ALL.iter().map(|column| Field::new(column.name().into(), DataType::String));
    let schema: Schema = of_times.into_iter().chain(of_texts).collect();
    let metadata = KeyValueMetadata::from_static(vec![(FILE_KEY.to_owned(), provenance)]);
    let writer = ParquetWriter::new(io::BufWriter::new(out)).with_key_value_metadata(Some(metadata));
    let mut groups = writer.batched(&schema)?;
    for rows in batches(frame) {
        let (created, delivered) = times(frame, rows.clone());
        let mut columns: Vec<Series> = Vec::with_capacity(Column::ALL.len() + 2);
        for (name, times) in [(CREATED, created), (DELIVERED, delivered)] {
            columns.push(Values::new(name.into(), times).cast(&time)?.into_column());
        }
        columns.extend(
            Column::ALL
                .iter()
                .map(|column| Values::new(column.name().into(), texts(frame, *column, rows.clone())).into_column()),
        );
        groups.write_batch(&DataFrame::new(rows.len(), columns)?)?;
    }
    groups.finish().map(|_| ())
}

fn arrow(frame: &SignInFrame, provenance: String, out: &mut dyn Write) -> Result<(), ArrowError> {
    let time = ArrowType::Timestamp(ArrowUnit::Microsecond, Some("UTC".into()));
    let of_times = [CREATED, DELIVERED].map(|name| ArrowField::new(name, time.clone(), true));
    let of_texts = Column::ALL.iter().map(|column| ArrowField::new(column.name(), ArrowType::LargeUtf8, true));
    let fields: Vec<ArrowField> = of_times.into_iter().chain(of_texts).collect();
    let schema = Arc::new(
        ArrowSchema::new(fields).with_metadata([(FILE_KEY.to_owned(), provenance)].into_iter().collect::<Metadata>()),
    );
    let mut writer = FileWriter::try_new_buffered(out, &schema)?;
    for rows in batches(frame) {
        let (created, delivered) = times(frame, rows.clone());
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(Column::ALL.len() + 2);
        for times in [created, delivered] {
            columns.push(Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC")));
        }
        columns.extend(
            Column::ALL
                .iter()
                .map(|column| Arc::new(LargeStringArray::from(texts(frame, *column, rows.clone()))) as ArrayRef),
        );
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), columns)?)?;
    }
    writer.finish()?;
    Ok(writer.get_mut().flush()?)
}

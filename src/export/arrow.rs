//! The listing as an Arrow IPC file, which engines map without copying.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, LargeStringArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use arrow::error::ArrowError;
use arrow::ipc::writer::FileWriter;
use arrow::record_batch::RecordBatch;

use super::Sink;
use super::columns::{COLUMNS, Cell, Column, Kind, Lines};

/// Arrow IPC, the file format.
pub(super) struct Arrow<'a> {
    schema: Arc<Schema>,
    batches: FileWriter<io::BufWriter<&'a mut dyn Write>>,
}

pub(super) fn failed(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        other => io::Error::other(other),
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::LargeUtf8,
        Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Kind::Flag => DataType::Boolean,
        Kind::Integer => DataType::Int64,
    }
}

impl<'a> Arrow<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> io::Result<Arrow<'a>> {
        let fields = COLUMNS.iter().map(|column| Field::new(column.name, data_type(column.kind), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<Field>>()));
        let batches = FileWriter::try_new_buffered(out, &schema).map_err(failed)?;
        Ok(Arrow { schema, batches })
    }
}

fn array(place: usize, column: &Column, lines: &dyn Lines) -> ArrayRef {
    let cells = (0..lines.len()).map(|line| lines.cell(place, line));
    let number = |cell| match cell {
        Cell::Time(number) | Cell::Integer(number) => Some(number),
        Cell::Nothing | Cell::Text(_) | Cell::Flag(_) => None,
    };
    match column.kind {
        Kind::Text => Arc::new(LargeStringArray::from_iter(cells.map(|cell| match cell {
            Cell::Text(text) => Some(text),
            Cell::Nothing | Cell::Time(_) | Cell::Flag(_) | Cell::Integer(_) => None,
        }))),
        Kind::Time => Arc::new(TimestampMicrosecondArray::from_iter(cells.map(number)).with_timezone("UTC")),
        Kind::Flag => Arc::new(BooleanArray::from_iter(cells.map(|cell| match cell {
            Cell::Flag(flag) => Some(flag),
            Cell::Nothing | Cell::Text(_) | Cell::Time(_) | Cell::Integer(_) => None,
        }))),
        Kind::Integer => Arc::new(Int64Array::from_iter(cells.map(number))),
    }
}

impl Sink for Arrow<'_> {
    fn batch(&mut self, lines: &dyn Lines) -> io::Result<()> {
        let columns = COLUMNS.iter().enumerate().map(|(place, column)| array(place, column, lines)).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(failed)?;
        self.batches.write(&batch).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.batches.finish().map_err(failed)?;
        self.batches.get_mut().flush()
    }
}

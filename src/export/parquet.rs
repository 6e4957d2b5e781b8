//! The listing as Parquet: a row group a batch.

use std::io::{self, Write};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    Column as Series, DataFrame, DataType, Field, IntoColumn, NamedFrom, ParquetWriter, PolarsError, Schema,
    Series as Values, TimeUnit, TimeZone,
};

use super::Sink;
use super::columns::{COLUMNS, Cell, Column, Kind, Lines};

/// Parquet, compressed.
pub(super) struct Parquet<'a> {
    groups: BatchedWriter<io::BufWriter<&'a mut dyn Write>>,
}

fn failed(error: PolarsError) -> io::Error {
    match error {
        PolarsError::IO { error, msg: _ } => io::Error::new(error.kind(), error),
        other => io::Error::other(other),
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::String,
        Kind::Time => DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
        Kind::Flag => DataType::Boolean,
        Kind::Integer => DataType::Int64,
    }
}

impl<'a> Parquet<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> io::Result<Parquet<'a>> {
        let schema: Schema =
            COLUMNS.iter().map(|column| Field::new(column.name.into(), data_type(column.kind))).collect();
        let groups = ParquetWriter::new(io::BufWriter::new(out)).batched(&schema).map_err(failed)?;
        Ok(Parquet { groups })
    }
}

fn series(place: usize, column: &Column, lines: &dyn Lines) -> Result<Series, PolarsError> {
    let cells = || (0..lines.len()).map(|line| lines.cell(place, line));
    let name = column.name.into();
    let number = |cell| match cell {
        Cell::Time(number) | Cell::Integer(number) => Some(number),
        Cell::Nothing | Cell::Text(_) | Cell::Flag(_) => None,
    };
    let values = match column.kind {
        Kind::Text => {
            let texts = cells().map(|cell| match cell {
                Cell::Text(text) => Some(text),
                Cell::Nothing | Cell::Time(_) | Cell::Flag(_) | Cell::Integer(_) => None,
            });
            Values::new(name, texts.collect::<Vec<_>>())
        }
        Kind::Flag => {
            let flags = cells().map(|cell| match cell {
                Cell::Flag(flag) => Some(flag),
                Cell::Nothing | Cell::Text(_) | Cell::Time(_) | Cell::Integer(_) => None,
            });
            Values::new(name, flags.collect::<Vec<Option<bool>>>())
        }
        Kind::Integer => Values::new(name, cells().map(number).collect::<Vec<Option<i64>>>()),
        Kind::Time => {
            Values::new(name, cells().map(number).collect::<Vec<Option<i64>>>()).cast(&data_type(Kind::Time))?
        }
    };
    Ok(values.into_column())
}

impl Sink for Parquet<'_> {
    fn batch(&mut self, lines: &dyn Lines) -> io::Result<()> {
        let columns: Result<Vec<Series>, PolarsError> =
            COLUMNS.iter().enumerate().map(|(place, column)| series(place, column, lines)).collect();
        let frame = DataFrame::new(lines.len(), columns.map_err(failed)?).map_err(failed)?;
        self.groups.write_batch(&frame).map_err(failed)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        // Flushes the writer too.
        self.groups.finish().map_err(failed).map(|_| ())
    }
}

//! Partitions in temporary files, for inputs that are larger than memory.
//!
//! Each time that rows outgrow what they may take, every partition writes what it holds to an Arrow IPC file of its
//! own. A column's texts are written once, as its dictionary; rows are codes.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray, Int64Array, LargeStringArray, UInt32Array};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, UInt32Type};
use arrow::error::ArrowError;
use arrow::ipc::reader::FileReader;
use arrow::ipc::writer::FileWriter;
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;

use super::canonical::{CREATED, DELIVERED};
use super::error::IngestError;
use crate::frame::{Coded, Column, FrameBuilder, SignInFrame, Time};

/// The files of all partitions.
#[derive(Debug)]
pub(super) struct Spill {
    folder: PathBuf,
    /// Of each partition, in the order of its rows.
    files: Vec<Vec<PathBuf>>,
    writes: usize,
}

impl Spill {
    pub(super) fn new(folder: &Path, partitions: usize) -> Spill {
        Spill { folder: folder.to_owned(), files: vec![Vec::new(); partitions], writes: 0 }
    }

    /// Writes what the partitions hold, and empties them.
    pub(super) fn write(&mut self, partitions: &mut [FrameBuilder]) -> Result<(), IngestError> {
        let Spill { folder, files, writes } = self;
        *writes += 1;
        files.par_iter_mut().zip(partitions).enumerate().try_for_each(|(place, (files, builder))| {
            let frame = std::mem::take(builder).finish();
            if frame.rows() == 0 {
                return Ok(());
            }
            let path = folder.join(format!("{place:04}-{writes:06}.arrow"));
            write(&path, &frame).map_err(|error| failed(folder, &error))?;
            files.push(path);
            Ok(())
        })
    }

    /// The rows of a partition.
    pub(super) fn read(&self, place: usize) -> Result<FrameBuilder, IngestError> {
        let mut builder = FrameBuilder::default();
        for path in self.files.get(place).into_iter().flatten() {
            read(path, &mut builder).map_err(|error| failed(&self.folder, &error))?;
        }
        Ok(builder)
    }
}

fn failed(folder: &Path, error: &ArrowError) -> IngestError {
    let reason = match error {
        ArrowError::IoError(_, error) => error.to_string(),
        other => other.to_string(),
    };
    IngestError::Spill { folder: folder.display().to_string(), reason }
}

fn write(path: &Path, frame: &SignInFrame) -> Result<(), ArrowError> {
    let mut fields = vec![Field::new(CREATED, DataType::Int64, false), Field::new(DELIVERED, DataType::Int64, true)];
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(frame.created().to_vec())),
        Arc::new(Int64Array::from(frame.delivered().to_vec())),
    ];
    for column in Column::ALL {
        // Nothing is recorded: the text of code 0 is all there is.
        let texts = LargeStringArray::from_iter_values(frame.dictionary(*column).iter());
        let codes = UInt32Array::from(frame.codes(*column).to_vec());
        let array = DictionaryArray::<UInt32Type>::try_new(codes, Arc::new(texts))?;
        fields.push(Field::new(column.name(), array.data_type().clone(), false));
        arrays.push(Arc::new(array));
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays)?;
    let mut file = FileWriter::try_new(BufWriter::new(File::create(path)?), &schema)?;
    file.write(&batch)?;
    file.finish()
}

fn read(path: &Path, builder: &mut FrameBuilder) -> Result<(), ArrowError> {
    let odd = || ArrowError::InvalidArgumentError("a temporary file is not as it was written".to_owned());
    for batch in FileReader::try_new(BufReader::new(File::open(path)?), None)? {
        let batch = batch?;
        let times = |name: &str| {
            let column = batch.column_by_name(name).and_then(|column| column.as_primitive_opt::<Int64Type>());
            column.map(|column| column.iter().collect::<Vec<Option<Time>>>()).ok_or_else(odd)
        };
        let created: Vec<Time> = times(CREATED)?.into_iter().flatten().collect();
        builder.append_coded(&created, &times(DELIVERED)?, &mut |column| {
            let array = batch.column_by_name(column.name()).and_then(|array| array.as_dictionary_opt::<UInt32Type>());
            let array = array.ok_or_else(odd)?;
            let texts = array.values().as_string_opt::<i64>().ok_or_else(odd)?;
            Ok::<_, ArrowError>(Coded { codes: array.keys().values(), texts: texts.iter().flatten().collect() })
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Spill;
    use crate::frame::{Column, FrameBuilder, Row};

    fn rows(ids: &[(&str, Option<i64>)]) -> FrameBuilder {
        let mut builder = FrameBuilder::default();
        for (id, delivered) in ids {
            let mut row = Row::new(7);
            row.delivered = *delivered;
            row.set(Column::Id, *id);
            row.set(Column::Location, if id.len() > 1 { "{}" } else { "" });
            builder.push(&row);
        }
        builder
    }

    #[test]
    fn what_is_written_comes_back_in_its_order() {
        let folder = tempfile::tempdir().unwrap();
        let mut spill = Spill::new(folder.path(), 2);
        spill.write(&mut [rows(&[("a", Some(3)), ("bb", None)]), FrameBuilder::default()]).unwrap();
        spill.write(&mut [rows(&[("c", None), ("a", Some(4))]), rows(&[("d", None)])]).unwrap();
        let frame = spill.read(0).unwrap().finish();
        let texts = |column| (0..frame.rows()).map(|row| frame.text(column, row).unwrap_or("")).collect::<Vec<_>>();
        assert_eq!(texts(Column::Id), ["a", "bb", "c", "a"]);
        assert_eq!(texts(Column::Location), ["", "{}", "", ""]);
        assert_eq!(frame.delivered(), [Some(3), None, None, Some(4)]);
        assert_eq!(spill.read(1).unwrap().rows(), 1);
        std::fs::remove_dir_all(folder.path()).unwrap();
        assert!(spill.read(1).is_err());
    }
}

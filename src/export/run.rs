//! Listings of different people's attempts, each in its own file, become one in the order of all.
//!
//! A run is an Arrow IPC file with the lines of one partition, in their order: time, id, user. Runs are merged attempt
//! by attempt, a small batch of each in memory at a time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use arrow::ipc::reader::FileReader;
use arrow::record_batch::RecordBatch;

use super::arrow::failed;
use super::columns::{COLUMNS, Cell, Kind, Lines};
use super::{BATCH, Form, sink, write_in_batches};
use crate::attempt::Attempts;
use crate::compile::Plan;
use crate::frame::Time;

/// Lines of a batch of a run: there may be hundreds of runs.
const SMALL: usize = 512;

/// The listing of some people's attempts, in a file of its own.
#[derive(Clone, Debug)]
pub struct Run {
    path: PathBuf,
    /// Lines of an attempt.
    of_one: usize,
}

impl Run {
    /// Writes the verdicts of the attempts in scope into a new file.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn write(path: &Path, attempts: &Attempts, plan: &Plan, scope: &[usize]) -> io::Result<Run> {
        let mut file = BufWriter::new(File::create_new(path)?);
        write_in_batches(Form::Arrow, attempts, plan, scope, SMALL, &mut file)?;
        file.flush()?;
        Ok(Run { path: path.to_owned(), of_one: plan.rules.len() + 1 })
    }

    /// Writes the lines of all runs as one listing.
    ///
    /// # Errors
    ///
    /// A run cannot be read, or the writer failed.
    pub fn merge(runs: &[Run], of_one: usize, form: Form, out: &mut dyn Write) -> io::Result<()> {
        let mut sink = sink(form, of_one, out)?;
        let mut open: Vec<Reader> = runs.iter().map(Reader::open).collect::<io::Result<_>>()?;
        let mut next: BinaryHeap<Reverse<(Key, usize)>> =
            open.iter().enumerate().filter_map(|(run, reader)| Some(Reverse((reader.key()?, run)))).collect();
        let mut merged = Merged::default();
        while let Some(Reverse((_, run))) = next.pop() {
            let Some(reader) = open.get_mut(run) else { continue };
            if merged.take(run, reader) >= BATCH {
                sink.batch(&merged)?;
                merged = Merged::default();
            }
            reader.advance()?;
            next.extend(reader.key().map(|key| Reverse((key, run))));
        }
        if merged.len() > 0 {
            sink.batch(&merged)?;
        }
        sink.finish()
    }
}

/// What attempts are in the order of: time, id, user.
type Key = (Time, String, String);

/// A run that is read.
struct Reader {
    batches: FileReader<BufReader<File>>,
    /// The batch at hand and the first line of the next attempt in it.
    batch: Option<RecordBatch>,
    line: usize,
    of_one: usize,
    /// Counts the batches: lines that are taken remember theirs.
    number: usize,
}

impl Reader {
    fn open(run: &Run) -> io::Result<Reader> {
        let batches = FileReader::try_new(BufReader::new(File::open(&run.path)?), None).map_err(failed)?;
        let mut reader = Reader { batches, batch: None, line: 0, of_one: run.of_one, number: 0 };
        reader.load()?;
        Ok(reader)
    }

    /// The next batch that has lines.
    fn load(&mut self) -> io::Result<()> {
        (self.line, self.batch) = (0, None);
        for batch in self.batches.by_ref() {
            let batch = batch.map_err(failed)?;
            self.number += 1;
            if batch.num_rows() > 0 {
                self.batch = Some(batch);
                break;
            }
        }
        Ok(())
    }

    /// On to the next attempt.
    fn advance(&mut self) -> io::Result<()> {
        self.line += self.of_one;
        match &self.batch {
            Some(batch) if self.line >= batch.num_rows() => self.load(),
            _ => Ok(()),
        }
    }

    fn key(&self) -> Option<Key> {
        let batch = self.batch.as_ref()?;
        let text = |name: &str| {
            let texts = batch.column_by_name(name)?.as_string_opt::<i64>()?;
            Some(if texts.is_valid(self.line) { texts.value(self.line).to_owned() } else { String::new() })
        };
        let created = batch.column_by_name("created_at")?.as_primitive_opt::<TimestampMicrosecondType>()?;
        Some((created.values().get(self.line).copied()?, text("sign_in_id")?, text("user_id")?))
    }
}

/// Lines of several runs in their common order.
#[derive(Default)]
struct Merged {
    /// Batches that lines were taken from.
    batches: Vec<RecordBatch>,
    /// The number and the place of the latest batch of each run.
    latest: BTreeMap<usize, (usize, usize)>,
    /// For each line its batch and its place there.
    lines: Vec<(usize, usize)>,
}

impl Merged {
    /// Takes the lines of the attempt at hand; how many lines there are then.
    fn take(&mut self, run: usize, reader: &Reader) -> usize {
        let Some(batch) = &reader.batch else { return self.lines.len() };
        let known = self.latest.get(&run).filter(|(number, _)| *number == reader.number).map(|(_, place)| *place);
        let place = known.unwrap_or_else(|| {
            self.batches.push(batch.clone());
            let place = self.batches.len() - 1;
            self.latest.insert(run, (reader.number, place));
            place
        });
        let end = (reader.line + reader.of_one).min(batch.num_rows());
        self.lines.extend((reader.line..end).map(|line| (place, line)));
        self.lines.len()
    }
}

impl Lines for Merged {
    fn len(&self) -> usize {
        self.lines.len()
    }

    fn cell(&self, column: usize, line: usize) -> Cell<'_> {
        let found = || {
            let (place, row) = self.lines.get(line).copied()?;
            let values = self.batches.get(place)?.columns().get(column)?;
            if values.is_null(row) {
                return None;
            }
            Some(match COLUMNS.get(column)?.kind {
                Kind::Text => Cell::Text(values.as_string_opt::<i64>()?.value(row).into()),
                Kind::Time => Cell::Time(values.as_primitive_opt::<TimestampMicrosecondType>()?.value(row)),
                Kind::Flag => Cell::Flag(values.as_boolean_opt()?.value(row)),
                Kind::Integer => Cell::Integer(values.as_primitive_opt::<Int64Type>()?.value(row)),
            })
        };
        found().unwrap_or(Cell::Nothing)
    }
}

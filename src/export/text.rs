//! The listing as CSV and as NDJSON.

use std::io::{self, Write};
use std::ops::Range;

use crate::report::csv::guarded;
use crate::report::instant;

use super::Sink;
use super::columns::{COLUMNS, Cell, Column, Lines};

/// Places of the columns whose value is the same on every line of an attempt (written once, repeated as they are), and
/// of the others.
fn split() -> (Vec<usize>, Vec<usize>) {
    (0..COLUMNS.len()).partition(|place| COLUMNS.get(*place).is_some_and(Column::is_of_attempt))
}

/// The lines of each attempt.
fn of_each_attempt(lines: &dyn Lines, of_one: usize) -> impl Iterator<Item = Range<usize>> {
    let (all, of_one) = (lines.len(), of_one.max(1));
    (0..all).step_by(of_one).map(move |first| first..(first + of_one).min(all))
}

/// CSV with a header; text that begins like a formula is guarded.
pub(super) struct Csv<'a> {
    lines: csv::Writer<&'a mut dyn Write>,
    of_one: usize,
}

impl<'a> Csv<'a> {
    pub(super) fn new(of_one: usize, out: &'a mut dyn Write) -> io::Result<Csv<'a>> {
        let mut lines = csv::Writer::from_writer(out);
        lines.write_record(COLUMNS.iter().map(|column| column.name))?;
        Ok(Csv { lines, of_one })
    }
}

fn field(cell: Cell<'_>) -> String {
    match cell {
        Cell::Nothing => String::new(),
        Cell::Text(text) => guarded(&text).into_owned(),
        Cell::Time(time) => instant(time),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Integer(number) => number.to_string(),
    }
}

impl Sink for Csv<'_> {
    fn batch(&mut self, lines: &dyn Lines) -> io::Result<()> {
        let (of_attempt, of_verdict) = split();
        for one in of_each_attempt(lines, self.of_one) {
            let fields: Vec<String> = of_attempt.iter().map(|column| field(lines.cell(*column, one.start))).collect();
            for line in one {
                for shared in &fields {
                    self.lines.write_field(shared)?;
                }
                self.lines.write_record(of_verdict.iter().map(|column| field(lines.cell(*column, line))))?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.lines.flush()
    }
}

/// One JSON object a line.
pub(super) struct Ndjson<'a> {
    out: io::BufWriter<&'a mut dyn Write>,
    of_one: usize,
}

impl<'a> Ndjson<'a> {
    pub(super) fn new(of_one: usize, out: &'a mut dyn Write) -> Ndjson<'a> {
        Ndjson { out: io::BufWriter::new(out), of_one }
    }
}

/// `"name":value` pairs, each led by a comma if anything stands before it.
fn pairs(to: &mut Vec<u8>, columns: &[usize], lines: &dyn Lines, line: usize) -> io::Result<()> {
    for place in columns {
        let Some(column) = COLUMNS.get(*place) else { continue };
        if !to.is_empty() {
            to.push(b',');
        }
        write!(to, "\"{}\":", column.name)?;
        match lines.cell(*place, line) {
            Cell::Nothing => to.extend_from_slice(b"null"),
            Cell::Text(text) => serde_json::to_writer(&mut *to, &text)?,
            Cell::Time(time) => serde_json::to_writer(&mut *to, &instant(time))?,
            Cell::Flag(flag) => write!(to, "{flag}")?,
            Cell::Integer(number) => write!(to, "{number}")?,
        }
    }
    Ok(())
}

impl Sink for Ndjson<'_> {
    fn batch(&mut self, lines: &dyn Lines) -> io::Result<()> {
        let (of_attempt, of_verdict) = split();
        let mut object = Vec::new();
        for one in of_each_attempt(lines, self.of_one) {
            object.clear();
            pairs(&mut object, &of_attempt, lines, one.start)?;
            let shared = object.len();
            for line in one {
                object.truncate(shared);
                pairs(&mut object, &of_verdict, lines, line)?;
                self.out.write_all(b"{")?;
                self.out.write_all(&object)?;
                self.out.write_all(b"}\n")?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

//! The listing as CSV and as NDJSON.

use std::io::{self, Write};

use crate::attempt::Attempt;
use crate::report::csv::guarded;
use crate::report::instant;

use super::Sink;
use super::columns::{COLUMNS, Cell, Column, Listing, Value};
use super::line::Line;

/// Columns whose value is the same on every line of an attempt: written once, repeated as they are.
fn split() -> (Vec<&'static Column>, Vec<&'static Column>) {
    COLUMNS.iter().partition(|column| matches!(column.value, Value::OfAttempt(_)))
}

/// CSV with a header; text that begins like a formula is guarded.
pub(super) struct Csv<'a> {
    lines: csv::Writer<&'a mut dyn Write>,
}

impl<'a> Csv<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> io::Result<Csv<'a>> {
        let mut lines = csv::Writer::from_writer(out);
        lines.write_record(COLUMNS.iter().map(|column| column.name))?;
        Ok(Csv { lines })
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
    fn batch(&mut self, listing: &Listing<'_>, lines: &[Line<'_>]) -> io::Result<()> {
        let (of_attempt, of_verdict) = split();
        for one in of_one_attempt(lines) {
            let fields: Vec<String> =
                first(one, |line| of_attempt.iter().map(|column| field(column.cell(listing, line))));
            for line in one {
                for shared in &fields {
                    self.lines.write_field(shared)?;
                }
                self.lines.write_record(of_verdict.iter().map(|column| field(column.cell(listing, line))))?;
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
}

impl<'a> Ndjson<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Ndjson<'a> {
        Ndjson { out: io::BufWriter::new(out) }
    }
}

/// `"name":value` pairs, each led by a comma if anything stands before it.
fn pairs(to: &mut Vec<u8>, columns: &[&Column], listing: &Listing<'_>, line: &Line<'_>) -> io::Result<()> {
    for column in columns {
        if !to.is_empty() {
            to.push(b',');
        }
        write!(to, "\"{}\":", column.name)?;
        match column.cell(listing, line) {
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
    fn batch(&mut self, listing: &Listing<'_>, lines: &[Line<'_>]) -> io::Result<()> {
        let (of_attempt, of_verdict) = split();
        let mut object = Vec::new();
        for one in of_one_attempt(lines) {
            object.clear();
            if let Some(line) = one.first() {
                pairs(&mut object, &of_attempt, listing, line)?;
            }
            let shared = object.len();
            for line in one {
                object.truncate(shared);
                pairs(&mut object, &of_verdict, listing, line)?;
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

fn of_one_attempt<'l, 'a>(lines: &'l [Line<'a>]) -> impl Iterator<Item = &'l [Line<'a>]> {
    lines.chunk_by(|one, two| std::ptr::eq::<Attempt>(one.attempt, two.attempt))
}

fn first<'l, 'a, I: Iterator<Item = String>>(lines: &'l [Line<'a>], fields: impl Fn(&'l Line<'a>) -> I) -> Vec<String> {
    lines.first().into_iter().flat_map(fields).collect()
}

//! Whether a file comes in pieces: what its first window says must be what the whole file would say.

use serde::de::IgnoredAny;

use super::feed::Begin;
use super::text;
use crate::ingest::Options;
use crate::ingest::container::{self, Head, SAMPLE, Shape};
use crate::ingest::error::IngestError;
use crate::ingest::file::{self, Input};
use crate::ingest::format::{self, Format};
use crate::ingest::separator::Cells;
use crate::ingest::{canonical, source};

/// How a file that comes in pieces begins.
pub(super) struct Start {
    pub(super) format: &'static Format,
    pub(super) head: Head,
    pub(super) is_table: bool,
    /// What stands between cells, as a byte and as it is written.
    pub(super) separator: u8,
    pub(super) written: char,
    /// The separator, if it is another than was to be expected.
    pub(super) found: Option<char>,
    /// How many bytes at the beginning say the encoding, and how many behind them are no part of the table.
    pub(super) mark: usize,
    pub(super) left_out: usize,
}

/// The beginning of a file that comes in pieces; nothing if it is better read whole.
///
/// # Errors
///
/// The file is an export that cannot be used.
pub(super) fn of(input: &Input, begin: &Begin, options: &Options) -> Result<Option<Start>, IngestError> {
    let bytes = &begin.bytes;
    if begin.is_end || canonical::Form::of(bytes).is_some() {
        return Ok(None);
    }
    let Some(mark) = source::mark_of_utf_8(bytes) else { return Ok(None) };
    let bytes = bytes.get(mark..).unwrap_or_default();
    let decoded = source::decode(bytes.get(..bytes.len() - text::begun(bytes)).unwrap_or_default());
    let cells = Cells::of(&decoded.text, options.separator);
    let head = container::head(&cells.text, cells.separator);
    let Some(format) = format::recognised(&head) else { return Ok(None) };
    let is_certain = match head.shape {
        Shape::Csv => container::is_header_whole(&cells.text, cells.separator),
        Shape::Ndjson => has_sample(&cells.text),
        Shape::Json => !head.is_tables && head.broken.is_none() && has_sample_of_document(&cells.text, &head),
    };
    if !is_certain {
        return Ok(None);
    }
    file::settings(input, format, &head, options)?;
    let is_table = head.shape == Shape::Csv;
    let (separator, written, found, left_out) = (cells.separator, cells.written, cells.found, cells.left_out);
    Ok(Some(Start { format, head, is_table, separator, written, found, mark, left_out }))
}

/// Whether all lines that tell lines of JSON from a document have been met.
fn has_sample(text: &str) -> bool {
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().filter(|line| !line.trim().is_empty()).take(SAMPLE).count() == SAMPLE
}

/// The same for a document: it may have long lines, and few of them.
fn has_sample_of_document(text: &str, head: &Head) -> bool {
    let text = text.trim_start();
    let (first, rest) = text.split_once('\n').map_or((text, None), |(first, rest)| (first, Some(rest)));
    let is_record = || serde_json::from_str::<IgnoredAny>(first.trim()).is_ok();
    match rest {
        _ if text.starts_with('[') || has_sample(text) => true,
        // A page on a line of its own is a page, whatever follows; a record may be one of many.
        None => head.is_wrapped,
        Some(rest) => head.is_wrapped && !rest.trim().is_empty() && is_record(),
    }
}

//! Lines of JSON: one record a line, long files in several pieces at once.

use rayon::prelude::*;

use super::json;
use crate::ingest::Progress;
use crate::ingest::reader::{Flaw, LONGEST, Reader, Settings};
use crate::ingest::scan::Walker;

/// Pieces are about this long: enough to keep a thread busy, few enough to join cheaply.
const PIECE: usize = 8 << 20;

/// Reads all lines. The pieces are joined in their order, so the result does not depend on the threads.
pub(crate) fn read<'s>(text: &str, settings: &'s Settings, progress: &dyn Progress) -> Reader<'s> {
    let mut readers: Vec<Reader<'s>> = pieces(text, PIECE)
        .into_par_iter()
        .map(|(piece, first_line)| {
            let mut reader = Reader::new(settings);
            read_piece(piece, first_line, &mut reader);
            progress.advance(piece.len() as u64);
            reader
        })
        .collect();
    let mut whole = if readers.is_empty() { Reader::new(settings) } else { readers.remove(0) };
    for reader in readers {
        whole.append(reader);
    }
    whole
}

/// Reads lines of which the first one has this number.
pub(crate) fn read_piece(piece: &str, first_line: u64, reader: &mut Reader<'_>) {
    let mut walker = Walker::default();
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', piece.as_bytes()).chain([piece.len()]);
    for (number, end) in (first_line..).zip(ends) {
        // Files that were joined may have a byte order mark in the middle.
        let line = piece.get(start..end).unwrap_or_default().trim_start_matches('\u{feff}').trim();
        if line.len() > LONGEST {
            reader.flaw(Flaw::TooLong, "", || Some(number));
        } else if let Some(fields) = walker.walk(line, reader) {
            reader.take(&fields, || Some(number));
        } else if !line.is_empty() {
            json::read_line(line, number, reader);
        }
        start = end + 1;
    }
}

/// The text in pieces that end with a line, each with the number of its first line.
fn pieces(text: &str, length: usize) -> Vec<(&str, u64)> {
    let mut pieces = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while !rest.is_empty() {
        let from = length.min(rest.len());
        let end =
            rest.as_bytes().get(from..).and_then(|tail| memchr::memchr(b'\n', tail)).map(|newline| from + newline + 1);
        let (piece, tail) = rest.split_at(end.unwrap_or(rest.len()));
        pieces.push((piece, line));
        line += memchr::memchr_iter(b'\n', piece.as_bytes()).count() as u64;
        rest = tail;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_end_with_lines_and_know_their_number() {
        let text = "a\nbb\n\nccc\nd";
        for length in 0..14 {
            let pieces = pieces(text, length);
            assert_eq!(pieces.iter().map(|(piece, _)| *piece).collect::<String>(), text, "{length}");
            let first_lines: Vec<(u64, &str)> =
                pieces.iter().map(|(piece, line)| (*line, piece.lines().next().unwrap())).collect();
            for (line, first) in first_lines {
                assert_eq!(text.lines().nth(line as usize - 1), Some(first), "{length}");
            }
        }
        assert_eq!(pieces("", 8), []);
    }
}

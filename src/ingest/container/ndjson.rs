//! Lines of JSON: one record a line, long files in several pieces at once.

use rayon::prelude::*;

use super::json;
use crate::ingest::Progress;
use crate::ingest::reader::{Flaw, LONGEST, Reader, Settings};
use crate::ingest::scan::Cursor;

/// Pieces are at least this long: each begins without knowing any value, and has to be joined to the others.
const PIECE: usize = 16 << 20;

/// Pieces for each thread, where the text is long enough: threads that are done early take another one.
const SHARES: usize = 3;

/// Reads all lines. The pieces are joined in their order, so the result does not depend on the threads.
pub(crate) fn read<'s>(text: &str, settings: &'s Settings, progress: &dyn Progress) -> Reader<'s> {
    let length = match rayon::current_num_threads() {
        1 => text.len(),
        threads => PIECE.max(text.len() / (threads * SHARES) + 1),
    };
    let mut readers: Vec<Reader<'s>> = pieces(text, length)
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
    let mut cursor = Cursor::of_lines(piece);
    let mut number = first_line;
    while cursor.place() < piece.len() {
        let start = cursor.place();
        let is_over = |cursor: &mut Cursor<'_>| {
            let is_long = cursor.place() - start > LONGEST;
            cursor.blanks();
            !is_long && matches!(cursor.peek(), None | Some(b'\n'))
        };
        if reader.walk(&mut cursor, is_over, |_| Some(number)) {
            // Past the line end.
            cursor.go_to(cursor.place() + 1);
        } else {
            let rest = piece.as_bytes().get(start..).unwrap_or_default();
            let end = memchr::memchr(b'\n', rest).map_or(piece.len(), |length| start + length);
            read_line(piece.get(start..end).unwrap_or_default(), number, reader);
            cursor.go_to(end + 1);
        }
        number += 1;
    }
}

/// Reads a line that the walker left.
pub(crate) fn read_line(line: &str, number: u64, reader: &mut Reader<'_>) {
    // Files that were joined may have a byte order mark in the middle.
    let line = line.trim_start_matches('\u{feff}').trim();
    if line.len() > LONGEST {
        reader.flaw(Flaw::TooLong, "", || Some(number));
    } else if !line.is_empty() {
        json::read_line(line, number, reader);
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
        if !tail.is_empty() {
            line += memchr::memchr_iter(b'\n', piece.as_bytes()).count() as u64;
        }
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

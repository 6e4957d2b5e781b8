//! A window of a large file: cut where records probably end, read in parallel, and put together where they do.
//!
//! Where a piece begins is a guess that costs little: a line end, one outside of quotes as far as their number tells,
//! a brace before the names of the first record. Whoever reads the piece before it knows whether the guess is right;
//! if it is not, the text is read again from where the piece before it really ended. So the result is that of reading
//! from the beginning to the end, however the text is cut and however many threads there are.

use rayon::prelude::*;

use crate::ingest::container::{Broken, Head, Nesting, Shape, Table, likely_record, read_lines, read_rows};
use crate::ingest::reader::{Reader, Settings};

/// What is known of a file at one place between two records.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    shape: Within,
    /// The line, counted from 1, and how much of it has passed.
    line: u64,
    column: usize,
    /// Rows up to here.
    rows: u64,
}

/// The same for one shape of file.
#[derive(Clone, Debug)]
enum Within {
    Lines,
    Table {
        separator: u8,
        header: Vec<String>,
        /// Whether the header has passed.
        is_below: bool,
        /// Lines of the highest good row.
        tallest: u64,
    },
    Documents {
        nesting: Nesting,
        /// Where pieces after the first are taken to begin.
        likely: Nesting,
        /// Names of the first record.
        names: Vec<String>,
        is_list: bool,
    },
}

/// What a piece gave.
struct Part<'s> {
    reader: Reader<'s>,
    /// How much of it was read; what is left goes on behind it.
    used: usize,
    /// What is known behind it.
    behind: Within,
    /// Whether what came before it counts for more than where it begins.
    relies_on_tallest: bool,
}

/// A piece of a window.
#[derive(Clone, Copy)]
struct Piece<'t> {
    text: &'t str,
    /// Whether the file ends with it.
    is_end: bool,
}

/// The lines of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lines {
    /// How many end in it.
    ended: u64,
    /// Bytes behind the last line end.
    behind: usize,
}

impl Lines {
    fn of(text: &str) -> Lines {
        let bytes = text.as_bytes();
        Lines { ended: memchr::memchr_iter(b'\n', bytes).count() as u64, behind: Lines::behind(bytes) }
    }

    /// The lines of the first bytes of the text that these are the lines of: mostly nearly all of it.
    fn up_to(self, text: &str, used: usize) -> Lines {
        let (before, rest) = text.as_bytes().split_at_checked(used).unwrap_or((text.as_bytes(), &[]));
        let ended = self.ended - memchr::memchr_iter(b'\n', rest).count() as u64;
        Lines { ended, behind: Lines::behind(before) }
    }

    fn behind(bytes: &[u8]) -> usize {
        bytes.len() - memchr::memrchr(b'\n', bytes).map_or(0, |newline| newline + 1)
    }
}

impl Pieces {
    /// The beginning of a file; for a table the text of its beginning says the header.
    pub(super) fn new(head: &Head, text: &str, separator: u8) -> Pieces {
        let shape = match head.shape {
            Shape::Ndjson => Within::Lines,
            Shape::Csv => {
                let header = Table::open(text, separator).header;
                Within::Table { separator, header, is_below: false, tallest: 1 }
            }
            Shape::Json => Within::Documents {
                nesting: Nesting::default(),
                likely: if head.is_wrapped { Nesting::in_list() } else { Nesting::default() },
                names: head.keys.clone(),
                is_list: head.is_wrapped,
            },
        };
        Pieces { shape, line: 1, column: 0, rows: 0 }
    }

    /// Reads a window: what its pieces gave, in their order, and how much was read.
    ///
    /// # Errors
    ///
    /// The text is not what it began as.
    pub(super) fn read<'s>(
        &mut self,
        text: &str,
        is_end: bool,
        length: usize,
        settings: &'s Settings,
    ) -> Result<(Vec<Reader<'s>>, usize), Broken> {
        let (starts, ends) = self.cut(text, length);
        let within = |(start, end): (&usize, &usize)| Lines::of(text.get(*start..*end).unwrap_or_default());
        let lines: Vec<Lines> = starts.par_iter().zip(&ends).map(within).collect();
        let places: Vec<Pieces> = lines
            .iter()
            .scan(self.clone(), |next, lines| {
                let place = next.clone();
                next.pass(*lines);
                Some(place)
            })
            .collect();
        let piece = |from: usize, end: usize| Piece {
            text: text.get(from..end).unwrap_or_default(),
            is_end: is_end && end == text.len(),
        };
        let mut parts: Vec<Option<Result<Part<'s>, Broken>>> = (starts.par_iter().zip(&ends).zip(&places))
            .map(|((start, end), place)| {
                let piece = piece(*start, *end);
                Some(if *start == 0 { place.certain(piece, settings) } else { place.guess(piece, settings) })
            })
            .collect();

        let (mut readers, mut at, mut place) = (Vec::new(), 0, 0);
        while let (Some(start), Some(end)) = (starts.get(place), ends.get(place)) {
            let piece = piece(at, *end);
            let guess = parts.get_mut(place).and_then(Option::take).filter(|_| *start == at);
            let guess = match guess {
                Some(part) if at > 0 => self.confirmed(part?, places.first()).filter(|part| part.used > 0),
                first => first.transpose()?,
            };
            let part = match guess {
                Some(part) => part,
                None => self.certain(piece, settings)?,
            };
            if part.used == 0 {
                // What begins here ends in a later piece.
                place += 1;
                continue;
            }
            let known = lines.get(place).filter(|_| *start == at);
            self.pass(known.map_or_else(
                || Lines::of(piece.text.get(..part.used).unwrap_or_default()),
                |lines| lines.up_to(piece.text, part.used),
            ));
            self.shape = part.behind;
            self.rows += part.reader.rows;
            readers.push(part.reader);
            at += part.used;
            place += usize::from(at >= *end);
        }
        Ok((readers, at))
    }

    /// Where pieces of about this length begin and end.
    fn cut(&self, text: &str, length: usize) -> (Vec<usize>, Vec<usize>) {
        let mut starts = vec![0];
        let mut last = 0;
        while let Some(start) = self.likely_border(text, last, length) {
            starts.push(start);
            last = start;
        }
        let ends = starts.iter().skip(1).copied().chain([text.len()]).collect();
        (starts, ends)
    }

    /// The first place, about this far behind a border, where another one probably is.
    fn likely_border(&self, text: &str, from: usize, length: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let target = from.checked_add(length.max(1)).filter(|target| *target < bytes.len())?;
        let (before, behind) = (bytes.get(from..target)?, bytes.get(target..)?);
        let border = match &self.shape {
            Within::Lines => target + memchr::memchr(b'\n', behind)? + 1,
            Within::Table { .. } => {
                // Outside of quotes, as long as quotes come in pairs.
                let mut quotes = memchr::memchr_iter(b'"', before).count();
                let mut counted = 0;
                let newline = memchr::memchr_iter(b'\n', behind).find(|newline| {
                    quotes += memchr::memchr_iter(b'"', behind.get(counted..*newline).unwrap_or_default()).count();
                    counted = *newline;
                    quotes.is_multiple_of(2)
                })?;
                target + newline + 1
            }
            Within::Documents { names, is_list, .. } => likely_record(text, target, names, *is_list)?,
        };
        (border < bytes.len()).then_some(border)
    }

    /// Reads a piece that begins here.
    fn certain<'s>(&self, piece: Piece<'_>, settings: &'s Settings) -> Result<Part<'s>, Broken> {
        let mut reader = Reader::new(settings);
        reader.rows_before = self.rows;
        match &self.shape {
            Within::Documents { nesting, likely, names, is_list } => {
                let mut nesting = nesting.clone();
                let read = nesting.read(piece.text, piece.is_end, &mut reader);
                let used = read.map_err(|broken| self.placed(broken))?;
                reader.begin_at_line(self.line);
                let (likely, names, is_list) = (likely.clone(), names.clone(), *is_list);
                let behind = Within::Documents { nesting, likely, names, is_list };
                Ok(Part { reader, used, behind, relies_on_tallest: false })
            }
            Within::Lines | Within::Table { .. } => self.guess(piece, settings),
        }
    }

    /// Reads a piece that may begin here.
    fn guess<'s>(&self, piece: Piece<'_>, settings: &'s Settings) -> Result<Part<'s>, Broken> {
        let mut reader = Reader::new(settings);
        reader.rows_before = self.rows;
        let text = piece.text;
        let (used, behind, relies_on_tallest) = match &self.shape {
            Within::Lines => {
                let end = memchr::memrchr(b'\n', text.as_bytes()).map_or(0, |newline| newline + 1);
                let used = if piece.is_end { text.len() } else { end };
                read_lines(text.get(..used).unwrap_or_default(), self.line, &mut reader);
                (used, Within::Lines, false)
            }
            Within::Table { separator, header, is_below, tallest } => {
                let table = if *is_below || self.line > 1 || self.column > 0 {
                    Table::below(header.clone(), text, *separator)
                } else {
                    Table::open(text, *separator)
                };
                let mut table = table.in_piece(*tallest, !piece.is_end);
                let read = read_rows(&mut table, self.line, &mut reader, &());
                read.map_err(|broken| self.placed(Broken { column: 1, ..broken }))?;
                let (separator, header, tallest) = (*separator, header.clone(), table.tallest);
                let used = if piece.is_end { text.len() } else { table.used() };
                (used, Within::Table { separator, header, is_below: true, tallest }, table.relies_on_tallest)
            }
            Within::Documents { likely, names, is_list, .. } => {
                let mut nesting = likely.clone();
                let used = nesting.try_read(text, &mut reader);
                reader.begin_at_line(self.line);
                let (likely, names, is_list) = (likely.clone(), names.clone(), *is_list);
                (used, Within::Documents { nesting, likely, names, is_list }, false)
            }
        };
        Ok(Part { reader, used, behind, relies_on_tallest })
    }

    /// A part that was guessed to begin here, if all that it relied on is so; `assumed` is what was known then.
    fn confirmed<'s>(&self, part: Part<'s>, assumed: Option<&Pieces>) -> Option<Part<'s>> {
        let assumed = assumed?;
        if part.reader.unnamed > 0 && self.rows != assumed.rows {
            return None;
        }
        let Part { reader, used, behind, relies_on_tallest } = part;
        let behind = match (&self.shape, &assumed.shape, behind) {
            (Within::Lines, _, behind) => behind,
            (
                Within::Table { tallest, .. },
                Within::Table { tallest: assumed, .. },
                Within::Table { separator, header, is_below, tallest: piece },
            ) => {
                if relies_on_tallest && tallest != assumed {
                    return None;
                }
                Within::Table { separator, header, is_below, tallest: piece.max(*tallest) }
            }
            (
                Within::Documents { nesting, likely, .. },
                _,
                Within::Documents { nesting: piece, names, is_list, .. },
            ) => {
                if !nesting.fits(likely) {
                    return None;
                }
                let mut nesting = nesting.clone();
                nesting.go_on(likely, piece);
                Within::Documents { nesting, likely: likely.clone(), names, is_list }
            }
            _ => return None,
        };
        Some(Part { reader, used, behind, relies_on_tallest })
    }

    /// Goes on behind a text with these lines.
    fn pass(&mut self, lines: Lines) {
        self.line += lines.ended;
        self.column = if lines.ended == 0 { self.column + lines.behind } else { lines.behind };
    }

    /// The place in the file of an error in a piece that begins here.
    fn placed(&self, broken: Broken) -> Broken {
        let Broken { line, column, reason } = broken;
        let is_first = line == 1 && matches!(self.shape, Within::Documents { .. });
        let column = if is_first { column + self.column } else { column };
        Broken { line: line + usize::try_from(self.line - 1).unwrap_or(usize::MAX / 2), column, reason }
    }
}

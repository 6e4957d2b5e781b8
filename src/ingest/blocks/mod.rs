//! A large file, read window by window: never all of it in memory.
//!
//! A thread of its own reads and unpacks ([`feed`]) while the window before is cut into pieces that are read in
//! parallel ([`window`]); rows go to the sink in the order of the file. What does not come in pieces (UTF-16, tables of
//! a query, records that another system wrapped, columns of Parquet) is read whole, as small files are.

mod feed;
mod start;
mod text;
mod window;
mod windows;

use std::thread;

use super::date::DateOrder;
use super::error::IngestError;
use super::file::{self, Found, Input};
use super::findings::{one_order, settled_order};
use super::intake::Gathered;
use super::reader::{Reader, Settings, Slashed};
use super::separator::separated;
use super::source::{self, Store};
use super::unpack::{Archive, Budget, Inside};
use super::{Options, Progress};
use crate::diagnostic::Diagnostics;
use feed::{As, Begin, Feed, From};
use start::Start;
use text::Decoder;
use window::Pieces;
use windows::Windows;

/// How much is read at once. None of it shows in what is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// Files up to this are read whole.
    pub(crate) small: u64,
    /// Small files that are read at the same time come to this.
    pub(crate) together: u64,
    /// Bytes of a large file that are read at once.
    pub(crate) window: usize,
    /// Bytes of a window that one thread reads.
    pub(crate) piece: usize,
}

impl Sizes {
    /// Windows for this many threads.
    pub(crate) fn of(threads: usize) -> Sizes {
        // A piece begins without knowing any value: the longer, the less is read twice.
        const PIECE: usize = 16 << 20;
        let window = PIECE * threads.max(2);
        let piece = if threads == 1 { window } else { PIECE };
        Sizes { small: window as u64, together: 256 << 20, window, piece }
    }
}

impl Sizes {
    /// The same, where rows may take so many bytes before they are written to files: what is being read is to take no
    /// more, however many threads there are.
    pub(crate) fn within(self, bytes: u64) -> Sizes {
        /// Windows at a time: read, waiting, being filled, and the rows that are made of one.
        const AT_A_TIME: u64 = 4;
        const LEAST: usize = 1 << 20;
        let window = usize::try_from(bytes / AT_A_TIME).unwrap_or(usize::MAX).clamp(LEAST, self.window.max(LEAST));
        let piece = (self.piece / self.window.div_ceil(window).max(1)).max(LEAST).min(window);
        Sizes { small: self.small.min(window as u64), together: self.together.min(bytes), window, piece }
    }
}

/// With what in mind files are read.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'r> {
    pub(crate) options: &'r Options,
    pub(crate) sizes: Sizes,
    pub(crate) progress: &'r dyn Progress,
}

/// Reads one file, however large.
pub(crate) fn read(
    mut input: Input,
    store: &Store<'_>,
    budget: &Budget,
    depth: usize,
    reading: Reading<'_>,
    into: &mut Gathered<'_>,
) -> Result<(), IngestError> {
    let path = input.path.clone();
    let Reading { options, sizes, progress } = reading;
    thread::scope(|scope| {
        let (window, hash) = (sizes.window, options.hash_inputs);
        let mut feed = Feed::start(scope, From { path: &path, store, budget, depth, window, hash, progress });
        let Some(begin) = feed.begin()? else { return Ok(()) };
        let what = match begin.inside {
            Inside::TooDeep => Some("packed too many times over"),
            Inside::Zip => None,
            Inside::Plain => source::foreign(&begin.bytes),
        };
        if let Some(what) = what {
            return into.outcome(file::left_out(&input, file::foreign(&input, what))?);
        }
        if begin.inside == Inside::Plain
            && let Some(start) = start::of(&input, &begin, options)?
        {
            return Streamed { input, store, budget, depth, reading, start }.read(begin, feed, into);
        }
        let (inside, depth) = (begin.inside, begin.depth);
        let bytes = all_of(begin, &mut feed)?;
        input.sha256 = feed.finish();
        match inside {
            Inside::Plain | Inside::TooDeep => into.outcome(file::unpacked(&input, &bytes, options, &())?),
            Inside::Zip => match Archive::open(&path, &bytes, budget) {
                Ok(archive) => members(&input, &archive, budget, depth, reading, into),
                Err(error @ IngestError::Unknown { .. }) => into.outcome(file::left_out(&input, error)?),
                Err(error) => Err(error),
            },
        }
    })
}

/// All bytes of a file of which this is the beginning.
fn all_of(begin: Begin, feed: &mut Feed<'_>) -> Result<Vec<u8>, IngestError> {
    let mut bytes = begin.bytes;
    if !begin.is_end {
        feed.go_on(As::Bytes);
        while let Some(more) = feed.next()? {
            bytes.extend_from_slice(&more.bytes);
        }
    }
    Ok(bytes)
}

/// Reads the files of an archive: small ones several at a time, large ones by themselves.
fn members(
    input: &Input,
    archive: &Archive<'_>,
    budget: &Budget,
    depth: usize,
    reading: Reading<'_>,
    into: &mut Gathered<'_>,
) -> Result<(), IngestError> {
    let before = into.inputs.len();
    let mut skipped = Diagnostics::default();
    let mut errors = Vec::new();
    let read = |member: &_| file::read_member(input, archive, member, reading.options, budget, depth);
    let weights: Vec<u64> = archive.members.iter().map(|member| member.size).collect();
    for (is_small, range) in reading.sizes.windows(&weights) {
        let members = archive.members.get(range).unwrap_or_default();
        if is_small {
            errors.extend(into.read_together(members, &read, Some(&mut skipped)));
            continue;
        }
        for member in members {
            let (inside, store) = (file::input_of(input, member), Store::Member(archive, member));
            errors.extend(self::read(inside, &store, budget, depth + 1, reading, into).err());
        }
    }
    file::one_of_members(errors)?;
    if input.is_named && into.inputs.len() == before {
        return Err(IngestError::NothingRecognised { path: input.path.clone(), skipped });
    }
    Ok(())
}

/// A file that comes in pieces.
struct Streamed<'e> {
    input: Input,
    store: &'e Store<'e>,
    budget: &'e Budget,
    depth: usize,
    reading: Reading<'e>,
    start: Start,
}

impl Streamed<'_> {
    fn read(mut self, begin: Begin, mut feed: Feed<'_>, into: &mut Gathered<'_>) -> Result<(), IngestError> {
        let Reading { options, sizes, .. } = self.reading;
        let Start { format, mark, .. } = self.start;
        let month_first = file::settings(&self.input, format, &self.start.head, options)?;
        let day_first = Settings { order: DateOrder::DayFirst, ..month_first.clone() };
        let mut settings = &month_first;
        let mut diagnostics = Diagnostics::default();
        if let Some(separator) = self.start.found {
            file::note_separator(&self.input, separator, &mut diagnostics);
        }

        let (decoder, first, mut has_replacements) = decoded(begin, mark);
        feed.go_on(As::Text(decoder));
        let first = self.part_of_table(first.get(self.start.left_out..).unwrap_or_default().to_owned());
        let mut pieces = Pieces::new(&self.start.head, &first, self.start.separator);
        let mut whole = Reader::new(settings);
        let (mut is_settled, mut received) = (options.dates.is_some(), 1);
        let mut windows = Windows::new(first);
        loop {
            let before = pieces.clone();
            let broken = |broken| file::broken_file(&self.input, broken);
            let (text, is_end) = windows.window();
            let (mut readers, mut used) = pieces.read(text, is_end, sizes.piece, settings).map_err(broken)?;
            if !is_settled && readers.iter().any(|reader| reader.slashed.any.is_some()) {
                is_settled = true;
                let mut shown = Slashed::default();
                readers.iter().for_each(|reader| shown.add(&reader.slashed));
                // Mostly a window shows it; a date further down that shows the other order is told at the end.
                if !shown.shows_order() {
                    shown = self.slashes(&before, &windows, received, &mut feed, &month_first)?.slashed;
                }
                if settled_order(&self.input, &shown, format, &mut diagnostics)? == Some(DateOrder::DayFirst) {
                    if whole.is_undecided {
                        let (path, example) = (self.input.path.clone(), shown.day_first.unwrap_or_default());
                        return Err(IngestError::LateDates { path, example });
                    }
                    settings = &day_first;
                    pieces = before;
                    (readers, used) = pieces.read(text, is_end, sizes.piece, settings).map_err(broken)?;
                }
            }
            for reader in readers {
                into.rows(whole.absorb(reader), format.may_lack_ids)?;
            }
            if is_end {
                break;
            }
            let mut more = || {
                let Some(more) = feed.next()? else { return Ok(None) };
                received += 1;
                has_replacements |= more.has_replacements;
                Ok(Some((self.part_of_table(more.text), more.is_end)))
            };
            let spare = windows.advance(used, &mut more)?;
            spare.into_iter().for_each(|spare| feed.give_back(spare));
        }
        self.input.sha256 = feed.finish();
        if options.dates.is_none() {
            one_order(&self.input, &whole.slashed)?;
        }
        let mut all = Diagnostics::default();
        if has_replacements {
            file::warn_of_replacements(&self.input, &mut all);
        }
        all.append(diagnostics);
        let found = Found { head: &self.start.head, wrapper: None, diagnostics: all };
        into.outcome(file::outcome(&self.input, found, whole)?)
    }

    /// A piece of a table with a separator of one byte.
    fn part_of_table(&self, text: String) -> String {
        if self.start.is_table && !self.start.written.is_ascii() {
            separated(&text, self.start.written).text.into_owned()
        } else {
            text
        }
    }

    /// What the dates with slashes show, from a window on to the end: nothing before it has any that count. The file
    /// is read another time; what comes only once is held in memory from here on.
    fn slashes<'s>(
        &self,
        pieces: &Pieces,
        windows: &Windows,
        received: usize,
        feed: &mut Feed<'_>,
        settings: &'s Settings,
    ) -> Result<Reader<'s>, IngestError> {
        let looks = Settings { only_dates: true, ..settings.clone() };
        let mut seen = Reader::new(settings);
        let mut look = |more: &mut dyn FnMut() -> Result<Option<(String, bool)>, IngestError>| {
            let (mut pieces, mut windows) = (pieces.clone(), windows.clone());
            loop {
                let (text, is_end) = windows.window();
                let read = pieces.read(text, is_end, self.reading.sizes.piece, &looks);
                let (readers, used) = read.map_err(|broken| file::broken_file(&self.input, broken))?;
                for reader in readers {
                    seen.absorb(reader);
                }
                if is_end {
                    return Ok(());
                }
                windows.advance(used, more)?;
            }
        };
        if !self.store.is_lasting() {
            let mut held = feed.hold()?;
            look(&mut || Ok(held.next().map(|more| (self.part_of_table(more.text.clone()), more.is_end))))?;
            return Ok(seen);
        }
        let (path, budget) = (self.input.path.clone(), self.budget.again());
        thread::scope(|scope| {
            let (store, depth, window) = (self.store, self.depth, self.reading.sizes.window);
            let from = From { path: &path, store, budget: &budget, depth, window, hash: false, progress: &() };
            let mut feed = Feed::start(scope, from);
            let Some(begin) = feed.begin()? else { return Ok(()) };
            let (decoder, ..) = decoded(begin, self.start.mark);
            feed.go_on(As::Text(decoder));
            for _ in 1..received {
                feed.next()?;
            }
            look(&mut || Ok(feed.next()?.map(|more| (self.part_of_table(more.text), more.is_end))))
        })?;
        Ok(seen)
    }
}

/// The text of a beginning behind its mark, the decoder of what comes next, and whether some bytes were no text.
fn decoded(begin: Begin, mark: usize) -> (Decoder, String, bool) {
    let mut decoder = Decoder::default();
    let mut bytes = begin.bytes;
    bytes.drain(..mark.min(bytes.len()));
    let (text, has_replacements) = decoder.text(bytes, begin.is_end);
    (decoder, text, has_replacements)
}

#[cfg(test)]
mod tests {
    use super::Sizes;

    #[test]
    fn a_budget_bounds_what_is_read_at_once_whatever_the_number_of_threads() {
        for threads in [1, 2, 64, 512] {
            let ordinary = Sizes::of(threads);
            for budget in [64 << 20, 256 << 20, 1 << 40] {
                let Sizes { small, together, window, piece } = ordinary.within(budget);
                assert!(window as u64 <= budget / 4 && window <= ordinary.window, "{threads} {budget}");
                assert!(small <= window as u64 && together <= budget && piece <= window, "{threads} {budget}");
                assert!(piece >= 1 << 20);
            }
            assert_eq!(ordinary.within(1 << 40).piece, ordinary.piece);
        }
    }
}

//! The keys of records, in the order in which the last record had them.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::super::record::{Known, Member};
use super::seen::Seen;
use super::token::Cursor;

/// Keys that are remembered: more than any format has, few enough for a hostile file.
const REMEMBERED: usize = 512;

/// Keys that are looked at after the expected one before all others: optional members are left out.
const AHEAD: usize = 3;

/// A key, and what was met under it.
#[derive(Debug)]
pub(super) struct Place {
    /// As it is written, with its quotes and the colon.
    key: Box<str>,
    pub(super) member: Option<Member>,
    pub(super) seen: Seen,
    /// Where the last record has it.
    pub(super) last: Last,
    /// The place of the key that came next in the last record.
    next: usize,
}

/// A member of the last record: where in the text it stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Last {
    /// Which text, as [`Cursor::number`] says; 0 for none.
    pub(super) text: u64,
    key: usize,
    value: usize,
    end: usize,
    /// Whether the byte behind the value is needed to tell where it ends.
    needs_end: bool,
    known: Known,
}

impl Last {
    /// The value, and what is needed to tell its end, if it stands in this text.
    pub(super) fn value_in<'t>(&self, cursor: &Cursor<'t>) -> Option<&'t [u8]> {
        let is_here = self.text != 0 && self.text == cursor.number();
        if is_here { cursor.between(self.value, self.end + usize::from(self.needs_end)) } else { None }
    }

    /// A member was met: its key and its value began here, and the text was read up to its end. All of it is set at
    /// once, so that a record that breaks off in the middle leaves no place that never was.
    pub(super) fn remember(&mut self, cursor: &Cursor<'_>, key: usize, value: usize, needs_end: bool, known: Known) {
        let (text, end) = (cursor.number(), cursor.place());
        *self = Last { text, key, value, end, needs_end, known };
    }

    pub(super) fn known(&self) -> Known {
        self.known
    }
}

/// What ended a run of members that are those of the last record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The object is over, but for its bracket.
    Object,
    /// Another member follows; this one, if it is the expected one, has another value than in the last record.
    Member(Option<usize>),
}

/// A key that was taken.
#[derive(Debug)]
pub(super) struct Taken<'o> {
    /// Its place by number.
    pub(super) number: usize,
    /// Where in the text it began.
    pub(super) key: usize,
    pub(super) place: &'o mut Place,
}

/// The keys of one kind of object.
#[derive(Debug, Default)]
pub(super) struct Order {
    places: Vec<Place>,
    by_key: HashMap<Box<str>, usize, FxBuildHasher>,
    /// The place of the key that came first in the last record.
    first: usize,
    last: Option<usize>,
}

impl Order {
    /// Another object begins.
    pub(super) fn begin(&mut self) {
        self.last = None;
    }

    /// Takes the key that comes next, and its colon: its place, or what it stands for where no more keys are
    /// remembered. Nothing if it is no key, or one that is written with escapes.
    pub(super) fn take(
        &mut self,
        cursor: &mut Cursor<'_>,
        look_up: impl FnOnce(&str) -> Option<Member>,
    ) -> Option<Result<Taken<'_>, Option<Member>>> {
        let key = cursor.place();
        let place = match self.expected(cursor) {
            Some(place) => place,
            None => match self.unexpected(cursor, look_up)? {
                Ok(place) => place,
                Err(member) => return Some(Err(member)),
            },
        };
        self.last = Some(place);
        Some(Ok(Taken { number: place, key, place: self.places.get_mut(place)? }))
    }

    /// Takes the members that follow each other as they did in the last record, with the same values: as many as one
    /// comparison of the texts shows.
    pub(super) fn take_run<'t>(
        &mut self,
        cursor: &mut Cursor<'t>,
        mut each: impl FnMut(Option<Member>, &'t str, Known),
    ) -> End {
        let mut expected = self.next();
        let Some(first) = self.places.get(expected).map(|place| place.last) else { return End::Member(None) };
        if first.text == 0 || first.text != cursor.number() {
            return End::Member(None);
        }
        let distance = cursor.place().saturating_sub(first.key);
        let same_up_to = first.key + cursor.common_with(first.key);
        while let Some(Place { last, member, next, .. }) = self.places.get_mut(expected) {
            // What ends a value must be the same, too; and the last record must have had this member right here.
            let is_again = last.end < same_up_to && last.key + distance == cursor.place() && last.text == first.text;
            if !is_again {
                break;
            }
            let length = last.end - last.value;
            last.key += distance;
            last.value += distance;
            last.end += distance;
            if let Some(text) = cursor.text_at(last.value, length).filter(|_| member.is_some()) {
                each(*member, text, last.known);
            }
            cursor.go_to(last.end);
            self.last = Some(expected);
            expected = *next;
            if !cursor.take(b',') {
                return End::Object;
            }
            cursor.blanks();
        }
        End::Member(Some(expected))
    }

    fn next(&self) -> usize {
        match self.last {
            Some(last) => self.places.get(last).map_or(usize::MAX, |place| place.next),
            None => self.first,
        }
    }

    fn expected(&self, cursor: &mut Cursor<'_>) -> Option<usize> {
        let mut place = self.next();
        for _ in 0..=AHEAD {
            let Place { key, next, .. } = self.places.get(place)?;
            if cursor.take_text(key) {
                return Some(place);
            }
            place = *next;
        }
        None
    }

    fn unexpected(
        &mut self,
        cursor: &mut Cursor<'_>,
        look_up: impl FnOnce(&str) -> Option<Member>,
    ) -> Option<Result<usize, Option<Member>>> {
        cursor.blanks();
        let (key, is_escaped) = cursor.string()?;
        if is_escaped || !cursor.take(b':') {
            return None;
        }
        let place = match self.by_key.get(key) {
            Some(place) => *place,
            None => {
                let member = look_up(key.trim_matches('"'));
                let place = self.places.len();
                if place >= REMEMBERED {
                    return Some(Err(member));
                }
                let colon = format!("{key}:").into_boxed_str();
                // Until another key follows, the search for the next one ends here.
                self.places.push(Place {
                    key: colon,
                    member,
                    seen: Seen::default(),
                    last: Last::default(),
                    next: usize::MAX,
                });
                self.by_key.insert(key.into(), place);
                place
            }
        };
        match self.last.and_then(|last| self.places.get_mut(last)) {
            Some(last) => last.next = place,
            None => self.first = place,
        }
        Some(Ok(place))
    }
}

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
    pub(super) value: usize,
    pub(super) end: usize,
    /// Whether the byte behind the value is needed to tell where it ends.
    pub(super) needs_end: bool,
    pub(super) known: Known,
    /// Whether the record before had the same value.
    pub(super) is_steady: bool,
}

impl Last {
    /// The value, and what is needed to tell its end, if it stands in this text.
    pub(super) fn value_in<'t>(&self, cursor: &Cursor<'t>) -> Option<&'t [u8]> {
        self.piece_in(self.value, cursor)
    }

    fn member_in<'t>(&self, cursor: &Cursor<'t>) -> Option<&'t [u8]> {
        self.piece_in(self.key, cursor)
    }

    fn piece_in<'t>(&self, start: usize, cursor: &Cursor<'t>) -> Option<&'t [u8]> {
        let is_here = self.text != 0 && self.text == cursor.number();
        if is_here { cursor.between(start, self.end + usize::from(self.needs_end)) } else { None }
    }

    /// The same value was met again, here.
    pub(super) fn move_value_to(&mut self, value: usize) {
        self.end = value + (self.end - self.value);
        self.value = value;
    }

    /// Another value was met: it began here, and the text was read up to its end.
    pub(super) fn remember(&mut self, cursor: &Cursor<'_>, value: usize, needs_end: bool, known: Known) {
        let (text, key, end) = (cursor.number(), self.key, cursor.place());
        *self = Last { text, key, value, end, needs_end, known, is_steady: false };
    }
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
    ) -> Option<Result<&mut Place, Option<Member>>> {
        let key = cursor.place();
        let place = match self.expected(cursor) {
            Some(place) => place,
            None => match self.unexpected(cursor, look_up)? {
                Ok(place) => place,
                Err(member) => return Some(Err(member)),
            },
        };
        self.last = Some(place);
        let place = self.places.get_mut(place)?;
        place.last.key = key;
        Some(Ok(place))
    }

    /// Takes a whole member, key and value, if it is the one that is expected and has the value of the last record.
    pub(super) fn take_member<'t>(&mut self, cursor: &mut Cursor<'t>) -> Option<(&'t str, Option<Member>, Known)> {
        let expected = match self.last {
            Some(last) => self.places.get(last)?.next,
            None => self.first,
        };
        let place = self.places.get_mut(expected)?;
        let last = &mut place.last;
        if !last.is_steady || !cursor.rest().starts_with(last.member_in(cursor)?) {
            return None;
        }
        self.last = Some(expected);
        let value = last.value - last.key;
        let member = cursor.take_bytes(last.end - last.key)?;
        last.key = cursor.place() - member.len();
        last.move_value_to(last.key + value);
        Some((member.get(value..)?, place.member, last.known))
    }

    fn expected(&self, cursor: &mut Cursor<'_>) -> Option<usize> {
        let mut place = match self.last {
            Some(last) => self.places.get(last)?.next,
            None => self.first,
        };
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
                self.places.push(Place { key: colon, member, seen: Seen::default(), last: Last::default(), next: usize::MAX });
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

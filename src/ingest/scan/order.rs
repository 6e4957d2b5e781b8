//! The keys of records, in the order in which the last record had them.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::super::record::Member;
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
    /// The place of the key that came next in the last record.
    next: usize,
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
        match self.expected(cursor) {
            Some(place) => {
                self.last = Some(place);
                self.places.get_mut(place).map(Ok)
            }
            None => self.unexpected(cursor, look_up),
        }
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
    ) -> Option<Result<&mut Place, Option<Member>>> {
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
                self.places.push(Place { key: colon, member, seen: Seen::default(), next: usize::MAX });
                self.by_key.insert(key.into(), place);
                place
            }
        };
        match self.last.and_then(|last| self.places.get_mut(last)) {
            Some(last) => last.next = place,
            None => self.first = place,
        }
        self.last = Some(place);
        self.places.get_mut(place).map(Ok)
    }
}

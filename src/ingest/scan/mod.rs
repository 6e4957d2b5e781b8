//! The record walker: one pass over a record, in which only the members that a column reads are touched.
//!
//! Records of one export have their keys in one order ([`order`]) and mostly values that were met before ([`seen`]):
//! both are tried first, with one comparison each. Whatever is out of the ordinary (lists in envelopes, escaped keys,
//! anything that is not plainly JSON) is left to `serde_json`, record by record, with the same result: a test mutates
//! real records and holds the two against each other, and so does a fuzz target (`benches/fuzz`).

mod block;
mod order;
mod seen;
#[cfg(test)]
mod tests;
mod token;

use super::record::{Cell, Fields, Known, Member};
use order::{End, Order, Place, Taken};
pub(crate) use seen::Seen;
pub(crate) use token::{Cursor, common};

/// Bytes of values that are kept before all are forgotten: a bound on memory, not on correctness.
const KEPT: usize = 32 << 20;

/// The same for their number.
const VALUES: u32 = 1 << 18;

/// What the keys of an export stand for.
pub(crate) trait Keys {
    /// A key of a record.
    fn member(&mut self, key: &str) -> Option<Member>;

    /// A key inside the envelope.
    fn property(&mut self, key: &str) -> Option<Member>;
}

/// Walks records of one export.
#[derive(Debug, Default)]
pub(crate) struct Walker {
    record: Order,
    inside: Order,
    values: Values,
}

/// How many values are kept, all keys together.
#[derive(Debug, Default)]
struct Values {
    number: u32,
    bytes: usize,
}

impl Walker {
    /// Whether so much was met that [`Walker::forget`] is due.
    pub(crate) fn is_full(&self) -> bool {
        self.values.bytes > KEPT || self.values.number > VALUES
    }

    /// Forgets all values: from here on the same [`Known`] may stand for others.
    pub(crate) fn forget(&mut self) {
        *self = Walker::default();
    }

    /// Reads the record that comes next, if it is one that this walker takes; what it is then told is not to be used
    /// otherwise.
    pub(crate) fn record<'t>(
        &mut self,
        cursor: &mut Cursor<'t>,
        keys: &mut impl Keys,
        fields: &mut Fields<'t>,
    ) -> Option<()> {
        let Walker { record, inside, values } = self;
        let walk = Walk { keys, look_up: Keys::member, order: record, values, fields };
        walk.object(cursor, |cursor, walk, member| {
            if member != Member::Properties {
                // Envelopes around lists are no records.
                return None;
            }
            cursor.blanks();
            match cursor.peek()? {
                b'{' => walk.inside(inside).object(cursor, |_, _, _| None),
                b'"' => {
                    // Half a surrogate pair is no text: what is left of such a record says `serde_json`.
                    walk.fields.keep_text(serde_json::from_str(cursor.string()?.0).ok()?);
                    Some(())
                }
                b'n' => cursor.take_text("null").then_some(()),
                // What else stands there is an error.
                _ => None,
            }
        })
    }

    /// Reads the members that are written as the text of an object (FLD-1); whatever follows the object is nothing.
    pub(crate) fn text_inside<'t>(
        &mut self,
        text: &'t str,
        keys: &mut impl Keys,
        fields: &mut Fields<'t>,
    ) -> Option<()> {
        let Walker { inside, values, .. } = self;
        let walk = Walk { keys, look_up: Keys::property, order: inside, values, fields };
        walk.object(&mut Cursor::new(text), |_, _, _| None)
    }
}

/// An object that is being walked.
struct Walk<'w, 't, K> {
    keys: &'w mut K,
    look_up: fn(&mut K, &str) -> Option<Member>,
    order: &'w mut Order,
    values: &'w mut Values,
    fields: &'w mut Fields<'t>,
}

impl<'t, K: Keys> Walk<'_, 't, K> {
    /// The sign-in inside of an envelope.
    fn inside<'w>(&'w mut self, order: &'w mut Order) -> Walk<'w, 't, K> {
        Walk { keys: self.keys, look_up: Keys::property, order, values: self.values, fields: self.fields }
    }

    /// Reads the members of the object that comes next; `other` reads those that are no values of a record.
    fn object(
        mut self,
        cursor: &mut Cursor<'t>,
        mut other: impl FnMut(&mut Cursor<'t>, &mut Self, Member) -> Option<()>,
    ) -> Option<()> {
        if !cursor.take(b'{') {
            return None;
        }
        if cursor.take(b'}') {
            return Some(());
        }
        cursor.blanks();
        self.order.begin();
        loop {
            let fields = &mut *self.fields;
            let other_value = match self.order.take_run(cursor, |member, raw, known| set(fields, member, raw, known)) {
                End::Object => return cursor.take(b'}').then_some(()),
                End::Member(place) => place,
            };
            match self.order.take(cursor, |key| (self.look_up)(self.keys, key))? {
                Ok(Taken { place: &mut Place { member: Some(member), .. }, .. }) | Err(Some(member))
                    if !member.has_cell() =>
                {
                    other(cursor, &mut self, member)?;
                }
                Ok(Taken { number, key, place }) => {
                    let member = place.member;
                    let (raw, known) = value(cursor, self.values, key, place, other_value == Some(number))?;
                    set(self.fields, member, raw, known);
                }
                Err(member) => set(self.fields, member, cursor.value()?, Known::NOT),
            }
            if !cursor.take(b',') {
                return cursor.take(b'}').then_some(());
            }
            cursor.blanks();
        }
    }
}

fn set<'t>(fields: &mut Fields<'t>, member: Option<Member>, raw: &'t str, known: Known) {
    if let Some(member) = member {
        fields.anchor_at(raw);
        fields.set_known(member, Cell::json(raw), known);
    }
}

/// Reads one value: in one comparison if it was met before, else token by token.
fn value<'t>(
    cursor: &mut Cursor<'t>,
    values: &mut Values,
    key: usize,
    place: &mut Place,
    is_another: bool,
) -> Option<(&'t str, Known)> {
    cursor.blanks();
    let Place { last, seen, .. } = place;
    let (start, rest) = (cursor.place(), cursor.rest());
    // Strings, lists and objects end where they say; other values end with what follows them.
    let needs_end = !matches!(cursor.peek()?, b'"' | b'{' | b'[');
    let behind = usize::from(needs_end);
    if !is_another
        && let Some(before) = last.value_in(cursor)
        && rest.starts_with(before)
    {
        let raw = cursor.take_bytes(before.len() - behind)?;
        last.remember(cursor, key, start, needs_end, last.known());
        return Some((raw, last.known()));
    }
    let (raw, known) = match seen.find(rest) {
        Some((known, length)) => (cursor.take_bytes(length - behind)?, known),
        None => {
            let raw = cursor.value()?;
            if needs_end && !matches!(cursor.peek()?, b',' | b'}') {
                // Something stands between the value and what ends it: it is not to be remembered.
                last.text = 0;
                return Some((raw, Known::NOT));
            }
            let text = rest.get(..raw.len() + behind)?;
            (raw, if seen.has_room(text) { values.keep(seen, text) } else { Known::NOT })
        }
    };
    last.remember(cursor, key, start, needs_end, known);
    Some((raw, known))
}

impl Values {
    fn keep(&mut self, seen: &mut Seen, text: &[u8]) -> Known {
        self.number += 1;
        self.bytes += text.len();
        let known = Known::new(self.number);
        seen.keep(text, known).map_or(Known::NOT, |()| known)
    }
}

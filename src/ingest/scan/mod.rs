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
use order::{Order, Place};
use seen::Seen;
pub(crate) use token::Cursor;

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
        object(cursor, record, keys, Keys::member, |cursor, keys, member, place| {
            match member {
                // Envelopes around lists are no records.
                Some(Member::List | Member::Tables | Member::Error | Member::NextLink) => None,
                Some(Member::Properties) => {
                    cursor.blanks();
                    match cursor.peek()? {
                        b'{' => object(cursor, inside, keys, Keys::property, |cursor, _, member, place| {
                            value(cursor, values, member, place, fields)
                        }),
                        b'"' => {
                            // Half a surrogate pair is no text: what is left of such a record says `serde_json`.
                            fields.keep_text(serde_json::from_str(cursor.string()?.0).ok()?);
                            Some(())
                        }
                        b'n' => cursor.take_text("null").then_some(()),
                        // What else stands there is an error.
                        _ => None,
                    }
                }
                member => value(cursor, values, member, place, fields),
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
        object(&mut Cursor::new(text), inside, keys, Keys::property, |cursor, _, member, place| {
            value(cursor, values, member, place, fields)
        })
    }
}

/// Hands over the members of the object that comes next; `each` is to read their values.
fn object<'t, K>(
    cursor: &mut Cursor<'t>,
    order: &mut Order,
    keys: &mut K,
    look_up: fn(&mut K, &str) -> Option<Member>,
    mut each: impl FnMut(&mut Cursor<'t>, &mut K, Option<Member>, Option<&mut Place>) -> Option<()>,
) -> Option<()> {
    if !cursor.take(b'{') {
        return None;
    }
    if cursor.take(b'}') {
        return Some(());
    }
    order.begin();
    loop {
        match order.take(cursor, |key| look_up(keys, key))? {
            Ok(place) => each(cursor, keys, place.member, Some(place))?,
            Err(member) => each(cursor, keys, member, None)?,
        }
        if !cursor.take(b',') {
            return cursor.take(b'}').then_some(());
        }
    }
}

/// Reads one value: in one comparison if it was met before, else token by token.
fn value<'t>(
    cursor: &mut Cursor<'t>,
    values: &mut Values,
    member: Option<Member>,
    place: Option<&mut Place>,
    fields: &mut Fields<'t>,
) -> Option<()> {
    cursor.blanks();
    // Strings, lists and objects end where they say; other values end with what follows them.
    let ends_itself = matches!(cursor.peek()?, b'"' | b'{' | b'[');
    let (raw, known) = match place {
        None => (cursor.value()?, Known::NOT),
        Some(Place { seen, .. }) => match seen.find(cursor.rest()) {
            Some((known, length)) => (cursor.take_bytes(length - usize::from(!ends_itself))?, known),
            None => {
                let rest = cursor.rest();
                let raw = cursor.value()?;
                let length = raw.len() + usize::from(!ends_itself);
                let is_ended = ends_itself || matches!(cursor.peek()?, b',' | b'}');
                let known = match rest.get(..length).filter(|_| is_ended && seen.has_room(length)) {
                    Some(text) => values.keep(seen, text),
                    None => Known::NOT,
                };
                (raw, known)
            }
        },
    };
    if let Some(member) = member {
        fields.anchor_at(raw);
        fields.set_known(member, Cell::json(raw), known);
    }
    Some(())
}

impl Values {
    fn keep(&mut self, seen: &mut Seen, text: &[u8]) -> Known {
        self.number += 1;
        self.bytes += text.len();
        let known = Known::new(self.number);
        seen.keep(text, known).map_or(Known::NOT, |()| known)
    }
}

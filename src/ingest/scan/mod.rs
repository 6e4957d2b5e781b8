//! The record walker: one pass over a record, in which only the members that a column reads are touched.
//!
//! Records of one export have their keys in one order, so the key that came next in the last record is tried first:
//! one comparison instead of a look-up. Whatever is out of the ordinary (lists in envelopes, escaped keys, anything
//! that is not plainly JSON) is left to `serde_json`, record by record, with the same result: a test mutates real
//! records and holds the two against each other.

#[cfg(test)]
mod tests;
mod token;

use super::reader::Reader;
use super::record::{Cell, Fields, Member};
pub(super) use token::Cursor;

/// Keys that come after the expected one and are looked at before all others: optional members are left out.
const AHEAD: usize = 4;

/// Keys whose order is remembered: more than any format has.
const REMEMBERED: usize = 256;

/// The order of keys in the last record.
#[derive(Debug, Default)]
struct Order {
    /// Keys as they are written, with their quotes.
    keys: Vec<(Box<str>, Option<Member>)>,
    next: usize,
}

impl Order {
    /// What the key that comes next stands for.
    fn member(&mut self, key: &str, look_up: impl FnOnce(&str) -> Option<Member>) -> Option<Member> {
        for place in self.next..self.next + AHEAD {
            if let Some((expected, member)) = self.keys.get(place)
                && **expected == *key
            {
                self.next = place + 1;
                return *member;
            }
        }
        let member = look_up(key.trim_matches('"'));
        let entry = (Box::from(key), member);
        if let Some(expected) = self.keys.get_mut(self.next) {
            *expected = entry;
        } else if self.keys.len() < REMEMBERED {
            self.keys.push(entry);
        } else {
            return member;
        }
        self.next += 1;
        member
    }
}

/// Walks records of one piece of a file.
#[derive(Debug, Default)]
pub(super) struct Walker {
    record: Order,
    inside: Order,
}

impl Walker {
    /// The members of the record that this text is, if it is one that this walker takes.
    pub(super) fn walk<'t>(&mut self, text: &'t str, reader: &mut Reader<'_>) -> Option<Fields<'t>> {
        let mut cursor = Cursor::new(text);
        let fields = self.next(&mut cursor, reader)?;
        cursor.is_at_end().then_some(fields)
    }

    /// The members of the record that comes next, if it is one that this walker takes.
    pub(super) fn next<'t>(&mut self, cursor: &mut Cursor<'t>, reader: &mut Reader<'_>) -> Option<Fields<'t>> {
        let mut fields = Fields::default();
        self.record.next = 0;
        self.inside.next = 0;
        object(cursor, &mut |cursor, key| {
            match self.record.member(key, |key| reader.member(key)) {
                None => drop(cursor.value()?),
                // Envelopes around lists are no records.
                Some(Member::List | Member::Tables | Member::Error | Member::NextLink) => return None,
                Some(Member::Properties) => {
                    let inside = &mut self.inside;
                    object(cursor, &mut |cursor, key| {
                        match inside.member(key, |key| reader.property(key)) {
                            None => drop(cursor.value()?),
                            Some(member) => set(&mut fields, member, cursor.value()?),
                        }
                        Some(())
                    })?;
                }
                Some(member) => set(&mut fields, member, cursor.value()?),
            }
            Some(())
        })?;
        Some(fields)
    }
}

fn set<'t>(fields: &mut Fields<'t>, member: Member, value: &'t str) {
    fields.anchor_at(value);
    fields.set(member, Cell::json(value));
}

/// One member of an object: its key, and the place of its value.
type Each<'f, 't> = dyn FnMut(&mut Cursor<'t>, &'t str) -> Option<()> + 'f;

/// Hands over the members of the object that comes next; each is to read its value.
fn object<'t>(cursor: &mut Cursor<'t>, each: &mut Each<'_, 't>) -> Option<()> {
    if !cursor.take(b'{') {
        return None;
    }
    if cursor.take(b'}') {
        return Some(());
    }
    loop {
        cursor.blanks();
        let (key, is_escaped) = cursor.string()?;
        if is_escaped || !cursor.take(b':') {
            return None;
        }
        each(cursor, key)?;
        if !cursor.take(b',') {
            return cursor.take(b'}').then_some(());
        }
    }
}

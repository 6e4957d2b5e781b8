//! JSON documents, read in one pass and without a tree: a record's members are borrowed pieces of the text.
//!
//! Pages, lists, batches, single records and any nesting of them are the same walk: an object with
//! a list member is an envelope, every other object is a record. `elements` reads what is ordinary, record by record;
//! here is the same for everything else.

use std::fmt;
use std::ops::ControlFlow;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::elements::Nesting;
use crate::ingest::reader::{Flaw, Reader};
use crate::ingest::record::{Cell, Fields, Member};

/// Where and why a text stops being JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) reason: String,
}

impl From<serde_json::Error> for Broken {
    fn from(error: serde_json::Error) -> Broken {
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or_default();
        let reason =
            if error.is_eof() { format!("the file breaks off here ({reason})") } else { format!("not JSON: {reason}") };
        Broken { line: error.line(), column: error.column(), reason }
    }
}

/// Reads all documents of a text; a syntax error anywhere means that none of them was read.
pub(crate) fn read(text: &str, reader: &mut Reader<'_>) -> Result<(), Broken> {
    let mut walked = Reader::new(reader.settings());
    if Nesting::default().read(text, true, &mut walked).is_err() {
        // Nothing of what was taken so far counts: `serde_json` says what is wrong, and where, or reads it all.
        walked = Reader::new(reader.settings());
        read_plainly(text, &mut walked)?;
    }
    reader.take_over(walked);
    Ok(())
}

/// The same by `serde_json` alone.
pub(crate) fn read_plainly(text: &str, reader: &mut Reader<'_>) -> Result<(), Broken> {
    let mut json = serde_json::Deserializer::from_str(text);
    while json.end().is_err() {
        let mut fields = Fields::default();
        let met = Document { reader, fields: &mut fields, text }.deserialize(&mut json)?;
        take(reader, met, fields, text);
    }
    Ok(())
}

/// Reads one value of a longer text: a record, or whatever else lies where records do.
pub(super) fn read_element<'t>(raw: &'t str, text: &'t str, reader: &mut Reader<'_>) -> Result<(), serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(raw);
    let mut fields = Fields::default();
    let met = Document { reader, fields: &mut fields, text }.deserialize(&mut json)?;
    take(reader, met, fields, text);
    Ok(())
}

/// Reads a member of a page that stands behind its list; whether it says that another page follows, if it says so.
pub(super) fn read_of_page<'t>(
    raw: &'t str,
    member: Option<Member>,
    text: &'t str,
    reader: &mut Reader<'_>,
) -> Result<Option<bool>, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(raw);
    let mut fields = Fields::default();
    match member {
        Some(Member::List) => drop(Document { reader, fields: &mut fields, text }.deserialize(&mut json)?),
        Some(Member::Tables) => Tables { reader, text }.deserialize(&mut json)?,
        Some(Member::Properties) => Properties { reader, fields: &mut fields }.deserialize(&mut json)?,
        Some(Member::Error) => reader.is_partial |= raw != "null",
        Some(Member::NextLink) => return Ok(Some(raw.starts_with('"'))),
        Some(_) | None => {}
    }
    Ok(None)
}

/// Reads the first document of a text for nothing but its errors.
pub(super) fn check(text: &str, reader: &Reader<'_>) -> Result<(), serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    let (mut scratch, mut fields) = (reader.another(), Fields::default());
    Document { reader: &mut scratch, fields: &mut fields, text }.deserialize(&mut json).map(|_| ())
}

/// Reads one line; nothing of a line that is no JSON is taken.
pub(super) fn read_line(line: &str, number: u64, reader: &mut Reader<'_>) {
    let mut json = serde_json::Deserializer::from_str(line);
    let mut fields = Fields::default();
    let met = Document { reader, fields: &mut fields, text: line }.deserialize(&mut json);
    match met.and_then(|met| json.end().map(|()| met)) {
        Ok(Met::Record) => take_record(reader, fields, |_| Some(number)),
        Ok(Met::Envelope) => {}
        Ok(Met::Other) => reader.flaw(Flaw::NoObject, line, || Some(number)),
        Err(error) => reader.flaw(Flaw::NoJson, &Broken::from(error).reason, || Some(number)),
    }
}

/// The members of the one record that a line holds, as `serde_json` reads it: what the walker is held against.
#[cfg(test)]
pub(crate) fn record<'t>(line: &'t str, reader: &mut Reader<'_>) -> Option<Fields<'t>> {
    let mut json = serde_json::Deserializer::from_str(line);
    let mut fields = Fields::default();
    let met = Document { reader, fields: &mut fields, text: line }.deserialize(&mut json).ok()?;
    (met == Met::Record && json.end().is_ok()).then_some(fields)
}

fn take(reader: &mut Reader<'_>, met: Met, fields: Fields<'_>, text: &str) {
    match met {
        Met::Record => take_record(reader, fields, |fields| fields.line_in(text)),
        Met::Envelope => {}
        Met::Other => reader.flaw(Flaw::NoObject, "", || None),
    }
}

/// Takes a record, and what it holds as text.
fn take_record(reader: &mut Reader<'_>, mut fields: Fields<'_>, line: impl FnOnce(&Fields<'_>) -> Option<u64>) {
    let mut texts = fields.take_texts();
    // A text may itself hold the text of an object.
    let mut place = 0;
    while let Some(text) = texts.get(place) {
        texts.extend(String::deserialize(&mut serde_json::Deserializer::from_str(text)).ok());
        place += 1;
    }
    let mut whole = fields;
    for text in &texts {
        let mut inside = Fields::default();
        let mut json = serde_json::Deserializer::from_str(text);
        let read = Properties { reader, fields: &mut inside }.deserialize(&mut json);
        // Properties that are cut off leave a record without an id or a time, which is counted.
        if read.is_ok() {
            whole.absorb(&inside);
        }
    }
    reader.take(&whole, || line(&whole));
}

/// What a value turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    Record,
    Envelope,
    Other,
}

/// A value that may be a record, a list of them, or an envelope around a list.
struct Document<'w, 'r, 'de> {
    reader: &'w mut Reader<'r>,
    fields: &'w mut Fields<'de>,
    text: &'de str,
}

impl<'de> DeserializeSeed<'de> for Document<'_, '_, 'de> {
    type Value = Met;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Met, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_, 'de> {
    type Value = Met;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record or a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Met, A::Error> {
        let Document { reader, text, .. } = self;
        loop {
            let mut fields = Fields::default();
            match list.next_element_seed(Document { reader, fields: &mut fields, text })? {
                Some(met) => take(reader, met, fields, text),
                None => return Ok(Met::Envelope),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Met, A::Error> {
        let Document { reader, fields, text } = self;
        let (mut met, mut another_page) = (Met::Record, false);
        while let Some(member) = map.next_key_seed(Key { reader, is_inside: false })? {
            match member {
                None => drop(map.next_value::<IgnoredAny>()?),
                Some(Member::List) => {
                    if map.next_value_seed(Document { reader, fields: &mut Fields::default(), text })? == Met::Envelope
                    {
                        met = Met::Envelope;
                    }
                }
                Some(Member::Tables) => {
                    map.next_value_seed(Tables { reader, text })?;
                    met = Met::Envelope;
                }
                Some(Member::Properties) => map.next_value_seed(Properties { reader, fields })?,
                Some(Member::Error) => {
                    let error: &RawValue = map.next_value()?;
                    reader.is_partial |= error.get() != "null";
                }
                Some(Member::NextLink) => {
                    let link: &RawValue = map.next_value()?;
                    another_page = link.get().starts_with('"');
                }
                Some(member) => {
                    let value: &'de RawValue = map.next_value()?;
                    fields.anchor_at(value.get());
                    fields.set(member, Cell::json(value.get()));
                }
            }
        }
        // Pages follow each other: the last one tells whether the export is whole.
        if met == Met::Envelope {
            reader.is_unfinished = Some(another_page);
        }
        Ok(met)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Met, E> {
        Ok(Met::Other)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Met, E> {
        Ok(Met::Other)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Met, E> {
        Ok(Met::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Met, E> {
        Ok(Met::Other)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Met, E> {
        Ok(Met::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Met, E> {
        Ok(Met::Other)
    }
}

/// A key, looked up without keeping it.
struct Key<'w, 'r> {
    reader: &'w mut Reader<'r>,
    is_inside: bool,
}

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = Option<Member>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Member>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_, '_> {
    type Value = Option<Member>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Option<Member>, E> {
        Ok(if self.is_inside { self.reader.property(key) } else { self.reader.member(key) })
    }
}

/// The inside of an envelope: an object, or the text of one (FLD-1).
struct Properties<'w, 'r, 'de> {
    reader: &'w mut Reader<'r>,
    fields: &'w mut Fields<'de>,
}

impl<'de> DeserializeSeed<'de> for Properties<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Properties<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the properties of a diagnostic record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Properties { reader, fields } = self;
        while let Some(member) = map.next_key_seed(Key { reader, is_inside: true })? {
            match member {
                None => drop(map.next_value::<IgnoredAny>()?),
                Some(member) => {
                    let value: &'de RawValue = map.next_value()?;
                    fields.anchor_at(value.get());
                    fields.set(member, Cell::json(value.get()));
                }
            }
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.fields.keep_text(text.to_owned());
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The tables of a query result. Rows are lists of cells; what a cell is stands in the columns.
struct Tables<'w, 'r, 'de> {
    reader: &'w mut Reader<'r>,
    text: &'de str,
}

impl<'de> DeserializeSeed<'de> for Tables<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Tables<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of tables")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Tables { reader, text } = self;
        while list.next_element_seed(Table { reader, text })?.is_some() {}
        Ok(())
    }
}

struct Table<'w, 'r, 'de> {
    reader: &'w mut Reader<'r>,
    text: &'de str,
}

impl<'de> DeserializeSeed<'de> for Table<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

/// The name of a column of a query result.
#[derive(Deserialize)]
struct ColumnName {
    name: String,
}

impl<'de> Visitor<'de> for Table<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table with columns and rows")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Table { reader, text } = self;
        let mut members: Option<Vec<Option<Member>>> = None;
        let mut early_rows: Option<&'de RawValue> = None;
        while let Some(key) = map.next_key::<String>()? {
            match (key.to_lowercase().as_str(), &members) {
                ("columns", _) => {
                    let columns: Vec<ColumnName> = map.next_value()?;
                    members = Some(columns.iter().map(|column| reader.member(&column.name)).collect());
                }
                ("rows", Some(members)) => map.next_value_seed(Rows { reader, members, text })?,
                ("rows", None) => early_rows = Some(map.next_value()?),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if let (Some(rows), Some(members)) = (early_rows, &members) {
            let mut json = serde_json::Deserializer::from_str(rows.get());
            Rows { reader, members, text }.deserialize(&mut json).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

struct Rows<'w, 'r, 'de> {
    reader: &'w mut Reader<'r>,
    members: &'w [Option<Member>],
    text: &'de str,
}

impl<'de> DeserializeSeed<'de> for Rows<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Rows { reader, members, text } = self;
        loop {
            let mut fields = Fields::default();
            match list.next_element_seed(CellsOfRow { members, fields: &mut fields })? {
                Some(ControlFlow::Continue(())) => take(reader, Met::Record, fields, text),
                Some(ControlFlow::Break(())) => reader.flaw(Flaw::Cells, "", || fields.line_in(text)),
                None => return Ok(()),
            }
        }
    }
}

struct CellsOfRow<'w, 'de> {
    members: &'w [Option<Member>],
    fields: &'w mut Fields<'de>,
}

impl<'de> DeserializeSeed<'de> for CellsOfRow<'_, 'de> {
    type Value = ControlFlow<()>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ControlFlow<()>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for CellsOfRow<'_, 'de> {
    type Value = ControlFlow<()>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cells of a row")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<ControlFlow<()>, A::Error> {
        let CellsOfRow { members, fields } = self;
        let mut cells = 0;
        while let Some(value) = list.next_element::<&'de RawValue>()? {
            fields.anchor_at(value.get());
            if let Some(Some(member)) = members.get(cells) {
                fields.set(*member, Cell::json(value.get()));
            }
            cells += 1;
        }
        Ok(if cells == members.len() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    }
}

//! A look at the beginning of a file: how records lie in it, and the names of the first one's members.

use std::collections::BTreeMap;
use std::{fmt, mem};

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::csv;
use super::json::Broken;
use super::{Head, Shape};
use crate::ingest::record::Cell;

/// Lines that are looked at to tell lines of JSON from one long document.
pub(crate) const SAMPLE: usize = 8;

/// How a file begins. Nothing but its beginning is read.
pub(crate) fn head(text: &str, separator: u8) -> Head {
    if text.trim_start().starts_with(['{', '[']) {
        lines_head(text).unwrap_or_else(|| document_head(text, Shape::Json))
    } else {
        csv::head(text, separator)
    }
}

/// The head of a file with one record on each line, if it is such a file.
fn lines_head(text: &str) -> Option<Head> {
    let is_record =
        |line: &str| line.len() > 2 && line.starts_with('{') && serde_json::from_str::<IgnoredAny>(line).is_ok();
    let sample: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(SAMPLE).collect();
    let first = sample.first().filter(|line| line.starts_with('{'))?;
    let records: Vec<&str> = sample.iter().copied().filter(|line| is_record(line)).collect();
    // A first line that breaks off does not turn lines into one document.
    let is_lines = is_record(first) || records.len() >= 2 && records.len() * 2 >= sample.len();
    if sample.len() < 2 || !is_lines {
        return None;
    }
    Some(document_head(records.first()?, Shape::Ndjson)).filter(|head| !head.is_wrapped && !head.is_empty_list)
}

/// The head of one record, as if it stood alone on its line.
pub(crate) fn record_head(record: &str) -> Head {
    document_head(record, Shape::Ndjson)
}

/// The head of a JSON document, read up to the end of its first record.
fn document_head(text: &str, shape: Shape) -> Head {
    let mut head = Head::new(shape);
    let mut is_found = false;
    let mut json = serde_json::Deserializer::from_str(text);
    let outcome = Peek { head: &mut head, is_found: &mut is_found }.deserialize(&mut json);
    if let Err(error) = outcome
        && !is_found
    {
        head.broken = Some(Broken::from(error));
    }
    head
}

/// A document, a list, or the first record, whichever it is.
struct Peek<'h> {
    head: &'h mut Head,
    is_found: &'h mut bool,
}

impl<'de> DeserializeSeed<'de> for Peek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Peek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Peek { head, is_found } = self;
        head.is_wrapped = true;
        let mut is_empty = true;
        loop {
            let (keys, is_empty_list) = (mem::take(&mut head.keys), mem::take(&mut head.is_empty_list));
            if list.next_element_seed(Peek { head, is_found })?.is_none() {
                head.keys = keys;
                head.is_empty_list = is_empty_list || is_empty;
                return Ok(());
            }
            is_empty = false;
            if !head.keys.is_empty() && !head.is_empty_list {
                *is_found = true;
                return Err(A::Error::custom("seen enough"));
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Peek { head, is_found } = self;
        while let Some(key) = map.next_key::<String>()? {
            match key.to_lowercase().as_str() {
                "value" | "records" | "results" => {
                    // The members of the envelope are not those of a record.
                    let outer = mem::take(&mut head.keys);
                    map.next_value_seed(Peek { head, is_found })?;
                    // No record was met there, or this would not be reached.
                    head.keys = outer;
                    head.keys.push(key);
                }
                "tables" => {
                    head.is_tables = true;
                    head.is_wrapped = true;
                    let tables: Vec<Columns> = map.next_value()?;
                    head.keys = tables.into_iter().flat_map(|table| table.columns).map(|column| column.name).collect();
                    *is_found = true;
                    return Err(A::Error::custom("seen enough"));
                }
                folded => {
                    head.keys.push(key);
                    let value: &RawValue = map.next_value()?;
                    let text = || Cell::json(value.get()).text().map(|text| text.into_owned());
                    match folded {
                        "properties" => head.inner = names_inside(value.get()),
                        "category" => head.category = text(),
                        "@odata.context" => head.context = text(),
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The names of an object's members, also if the object is written as text.
fn names_inside(value: &str) -> Vec<String> {
    let cell = Cell::json(value);
    let Some(document) = cell.document() else { return Vec::new() };
    serde_json::from_str::<BTreeMap<String, IgnoredAny>>(&document)
        .map(|members| members.into_keys().collect())
        .unwrap_or_default()
}

/// The columns of one result table; its rows are not read.
#[derive(Deserialize)]
struct Columns {
    #[serde(default)]
    columns: Vec<Column>,
}

#[derive(Deserialize)]
struct Column {
    name: String,
}

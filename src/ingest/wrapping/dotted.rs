//! A table whose columns are named by their way into the record: `properties.status.errorCode`, and for lists
//! `properties.appliedConditionalAccessPolicies{}.result` with one line an entry. Splunk and Kibana write such.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::path::Way;
use super::{Lines, SAMPLE, Unwrapped};
use crate::ingest::container::{Broken, Met, Table, csv_header, record_head};
use crate::ingest::format;
use crate::ingest::record::is_filler;

/// What is left of a list that cannot be put together: it breaks off, which a reader counts as lost.
const TORN: &str = "[";

/// The records that the columns describe, if they are sign-ins.
pub(super) fn unwrapped(text: &str, separator: u8) -> Result<Option<Unwrapped>, Broken> {
    let columns: Vec<Vec<Part>> = csv_header(text, separator).iter().map(|name| parts(name)).collect();
    if columns.iter().filter(|parts| parts.len() > 1).count() < 2 {
        return Ok(None);
    }
    let is_sign_in =
        |record: &str| format::recognised(&record_head(record)).is_some() || Way::to_a_sign_in(record).is_some();
    let (mut lines, mut met, mut is_known) = (Lines::default(), 0, false);
    let mut table = Table::open(text, separator);
    loop {
        let next = match table.next() {
            Ok(next) => next,
            // Only a table of sign-ins is worth an error; any other one is not ours.
            Err(broken) if is_known => return Err(broken),
            Err(_) => return Ok(None),
        };
        let Some(next) = next else { break };
        lines.reach(table.line_so_far());
        match next {
            Met::Bad { rows, .. } => lines.push_bad(rows),
            Met::Row => {
                let record = record(&columns, table.cells()).to_string();
                is_known = is_known || is_sign_in(&record);
                lines.push(&record);
            }
        }
        met += 1;
        if !is_known && met >= SAMPLE {
            return Ok(None);
        }
    }
    Ok(is_known.then(|| Unwrapped { wrapper: "columns with dotted names".to_owned(), text: lines.text }))
}

/// A piece of a column's name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    name: String,
    is_list: bool,
}

fn parts(column: &str) -> Vec<Part> {
    let part = |piece: &str| match piece.strip_suffix("{}") {
        Some(name) => Part { name: name.to_owned(), is_list: true },
        None => Part { name: piece.to_owned(), is_list: false },
    };
    column.split('.').map(part).collect()
}

/// One row as an object: first what tells how many entries a list has, then the lists inside of entries.
fn record<'t>(columns: &[Vec<Part>], row: impl Iterator<Item = Cow<'t, str>>) -> Value {
    let row: Vec<Cow<'t, str>> = row.collect();
    let mut object = Map::new();
    for is_inner in [false, true] {
        for (parts, cell) in columns.iter().zip(&row) {
            let lists = parts.iter().filter(|part| part.is_list).count();
            if !is_filler(cell.trim()) && (lists > 1) == is_inner {
                put(&mut object, parts, cell);
            }
        }
    }
    Value::Object(object)
}

fn put(object: &mut Map<String, Value>, parts: &[Part], cell: &str) {
    let Some((part, rest)) = parts.split_first() else { return };
    if part.is_list {
        put_entries(object.entry(part.name.clone()).or_insert_with(|| Value::Array(Vec::new())), rest, cell);
    } else if rest.is_empty() {
        object.insert(part.name.clone(), Value::String(cell.to_owned()));
    } else if let Value::Object(inner) = object.entry(part.name.clone()).or_insert_with(|| Value::Object(Map::new())) {
        put(inner, rest, cell);
    }
}

/// One line of the cell for each entry. Lines that are missing cannot be told from entries that say nothing, so
/// columns of different lengths tear the list.
fn put_entries(list: &mut Value, rest: &[Part], cell: &str) {
    let Value::Array(entries) = list else { return };
    // An entry that says nothing has an empty line, also as the last one.
    let lines: Vec<&str> = cell.split('\n').map(str::trim).collect();
    let Some((part, deeper)) = rest.split_first() else {
        entries.extend(lines.iter().map(|line| Value::String((*line).to_owned())));
        return;
    };
    if part.is_list || !deeper.is_empty() {
        // A list in a list: whose entries these are is known only where there is one.
        match entries.as_mut_slice() {
            [Value::Object(only)] => put(only, rest, cell),
            _ => *list = Value::String(TORN.to_owned()),
        }
        return;
    }
    if entries.is_empty() {
        entries.extend(lines.iter().map(|_| Value::Object(Map::new())));
    }
    if entries.len() != lines.len() {
        *list = Value::String(TORN.to_owned());
        return;
    }
    for (entry, line) in entries.iter_mut().zip(lines) {
        if let Value::Object(members) = entry {
            members.insert(part.name.clone(), Value::String(line.to_owned()));
        }
    }
}

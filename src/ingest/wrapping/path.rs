//! The way from a wrapper's record to the sign-in in it, and the records of a document.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::value::RawValue;

use super::syslog;
use crate::ingest::container::{Broken, record_head};
use crate::ingest::format;
use crate::ingest::record::Cell;

/// Wrappers inside wrappers that are looked through.
const DEEPEST: usize = 8;

/// One step inwards.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Member(String),
    /// Every entry of a list.
    Each,
    /// The JSON that a text holds, behind a header if there is one.
    Text,
}

/// Steps from a record to the sign-ins in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way(Vec<Step>);

impl fmt::Display for Way {
    /// `hits.hits[]._source.event.original`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut is_first = true;
        for step in &self.0 {
            match step {
                Step::Member(name) if is_first => f.write_str(name)?,
                Step::Member(name) => write!(f, ".{name}")?,
                Step::Each => f.write_str("[]")?,
                Step::Text => {}
            }
            is_first = false;
        }
        Ok(())
    }
}

type Object<'a> = BTreeMap<String, &'a RawValue>;

impl Way {
    /// The way to a sign-in in this record. What was kept as text is the original, so texts come before objects.
    pub(super) fn to_a_sign_in(record: &str) -> Option<Way> {
        [true, false].into_iter().find_map(|in_texts| {
            let mut steps = Vec::new();
            search(record, in_texts, &mut steps).then_some(Way(steps))
        })
    }

    /// The way to a sign-in in the text of a cell.
    pub(super) fn in_text(text: &str) -> Option<Way> {
        let inner = json_in(text)?;
        if is_sign_in(inner) { Some(Way(Vec::new())) } else { Way::to_a_sign_in(inner) }
    }

    /// The sign-ins of a record, as JSON; none if the way does not lead anywhere.
    pub(super) fn follow(&self, record: &str) -> Vec<String> {
        let mut found = Vec::new();
        follow(&self.0, record, None, &mut found);
        found
    }

    /// The sign-ins in the text of a cell.
    pub(super) fn follow_text(&self, text: &str) -> Vec<String> {
        json_in(text).map(|inner| self.follow(inner)).unwrap_or_default()
    }
}

fn is_sign_in(record: &str) -> bool {
    record.trim_start().starts_with('{') && format::recognised(&record_head(record)).is_some()
}

/// The JSON object that a text holds, behind the header of a forwarder if there is one.
fn json_in(text: &str) -> Option<&str> {
    let text = text.trim();
    if text.starts_with('{') { Some(text) } else { syslog::behind_header(text) }
}

fn search(value: &str, in_texts: bool, steps: &mut Vec<Step>) -> bool {
    if steps.len() >= DEEPEST {
        return false;
    }
    let mut step = |step: Step, inner: &str| {
        steps.push(step);
        let is_text = steps.last() == Some(&Step::Text);
        // An object is what is looked for, or has it inside; in the first pass only texts are.
        let found = (is_text || !in_texts) && is_sign_in(inner) || search(inner, in_texts, steps);
        if !found {
            steps.pop();
        }
        found
    };
    match value.trim_start().as_bytes().first() {
        Some(b'{') => {
            let Ok(object) = serde_json::from_str::<Object<'_>>(value) else { return false };
            object.into_iter().any(|(name, inner)| step(Step::Member(name), inner.get()))
        }
        Some(b'[') => {
            let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(value) else { return false };
            list.first().is_some_and(|first| step(Step::Each, first.get()))
        }
        Some(b'"') => {
            let text = Cell::json(value).text().map(|text| text.into_owned()).unwrap_or_default();
            json_in(&text).is_some_and(|inner| step(Step::Text, inner))
        }
        _ => false,
    }
}

/// `outside` is what Elastic keeps outside of the record, as members.
fn follow(steps: &[Step], value: &str, outside: Option<&str>, found: &mut Vec<String>) {
    let Some((step, rest)) = steps.split_first() else {
        let value = value.trim();
        if let Some(members) = value.strip_prefix('{') {
            found.push(match outside {
                Some(outside) if !members.trim_start().starts_with('}') => format!("{{{outside}{members}"),
                _ => value.to_owned(),
            });
        }
        return;
    };
    match step {
        Step::Member(name) => {
            let Ok(object) = serde_json::from_str::<Object<'_>>(value) else { return };
            let here = (name == "azure").then(|| outside_of(&object));
            if let Some(inner) = object.get(name) {
                follow(rest, inner.get(), here.as_deref().or(outside), found);
            }
        }
        Step::Each => {
            let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(value) else { return };
            for entry in list {
                follow(rest, entry.get(), outside, found);
            }
        }
        Step::Text => {
            let text = Cell::json(value).text().map(|text| text.into_owned()).unwrap_or_default();
            if let Some(inner) = json_in(&text) {
                // A text is the original record: it has its address itself.
                follow(rest, inner, None, found);
            }
        }
    }
}

/// What Elastic's integration takes out of the record: its address, place, agent and time.
fn outside_of(object: &Object<'_>) -> String {
    const MOVED: [(&str, &[&str]); 7] = [
        ("source_ip", &["source", "ip"]),
        ("geo_country", &["geo", "country_iso_code"]),
        ("geo_region", &["geo", "region_name"]),
        ("geo_city", &["geo", "city_name"]),
        ("user_agent_original", &["user_agent", "original"]),
        ("timestamp", &["@timestamp"]),
        ("failure_reason", &["message"]),
    ];
    let mut members = String::new();
    for (name, way) in MOVED {
        if let Some(text) = text_at(object, way) {
            members.push_str(&format!("\"{name}\":{text},"));
        }
    }
    members
}

fn text_at<'a>(object: &Object<'a>, way: &[&str]) -> Option<&'a str> {
    let (name, rest) = way.split_first()?;
    let value = object.get(*name)?.get();
    match rest {
        [] => value.starts_with('"').then_some(value),
        _ => text_at(&serde_json::from_str::<Object<'a>>(value).ok()?, rest),
    }
}

/// The records of a text with JSON documents: the entries of lists, and objects that stand alone.
pub(super) struct Records<'a> {
    documents: serde_json::StreamDeserializer<'a, serde_json::de::StrRead<'a>, &'a RawValue>,
    entries: std::vec::IntoIter<&'a RawValue>,
}

impl<'a> Records<'a> {
    pub(super) fn of(text: &'a str) -> Records<'a> {
        let documents = serde_json::Deserializer::from_str(text).into_iter();
        Records { documents, entries: Vec::new().into_iter() }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<&'a str, Broken>;

    fn next(&mut self) -> Option<Result<&'a str, Broken>> {
        loop {
            if let Some(entry) = self.entries.next() {
                return Some(Ok(entry.get()));
            }
            match self.documents.next()? {
                Err(error) => return Some(Err(Broken::from(error))),
                Ok(document) if document.get().starts_with('[') => match serde_json::from_str(document.get()) {
                    Ok(entries) => self.entries = Vec::into_iter(entries),
                    Err(error) => return Some(Err(Broken::from(error))),
                },
                Ok(document) => return Some(Ok(document.get())),
            }
        }
    }
}

//! Splunk: exports of events with the diagnostic record in `_raw`, and of the fields that Splunk made of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::text;
use super::super::world::Row;
use super::cells::table;
use super::diagnostic;

/// `search … | export` as JSON: one result a line.
pub fn lines(rows: &[Row]) -> String {
    let line = |(at, row): (usize, &Row)| {
        let raw = diagnostic::envelope(row);
        let result = json!({
            "_raw": text::compact(&raw), "_time": raw["time"], "host": "heavy-forwarder", "index": "azure",
            "source": "azure_event_hub", "sourcetype": "azure:monitor:aad"
        });
        text::compact(&json!({"preview": false, "offset": at, "result": result})) + "\n"
    };
    rows.iter().enumerate().map(line).collect()
}

/// The events as CSV.
pub fn raw_csv(rows: &[Row]) -> String {
    const HEADER: &str = "\"_raw\",\"_time\",host,index,linecount,source,sourcetype";
    let lines = rows.iter().map(|row| {
        let raw = diagnostic::envelope(row);
        let time = raw["time"].as_str().unwrap_or_default().to_owned();
        let rest = ["heavy-forwarder", "azure", "1", "azure_event_hub", "azure:monitor:aad"].map(str::to_owned);
        [text::compact(&raw), time].into_iter().chain(rest).collect()
    });
    table(HEADER, lines, ",", "\n")
}

/// The fields as CSV: `properties.deviceDetail.deviceId`, `properties.authenticationDetails{}.succeeded`; the values of
/// a list in one cell, one a line.
pub fn fields_csv(rows: &[Row]) -> String {
    let events: Vec<BTreeMap<String, Vec<String>>> = rows
        .iter()
        .map(|row| {
            let mut fields = BTreeMap::new();
            extract(&diagnostic::envelope(row), "", &mut fields);
            fields
        })
        .collect();
    let names: BTreeSet<&String> = events.iter().flat_map(BTreeMap::keys).collect();
    let header: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let lines = events.iter().map(|event| {
        names.iter().map(|name| event.get(*name).map(|values| values.join("\n")).unwrap_or_default()).collect()
    });
    table(&header.join(","), lines, ",", "\n")
}

fn extract(value: &Value, path: &str, fields: &mut BTreeMap<String, Vec<String>>) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (name, member) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                extract(member, &path, fields);
            }
        }
        Value::Array(items) => {
            for item in items {
                extract(item, &format!("{path}{{}}"), fields);
            }
        }
        Value::String(text) => fields.entry(path.to_owned()).or_default().push(text.clone()),
        other => fields.entry(path.to_owned()).or_default().push(other.to_string()),
    }
}

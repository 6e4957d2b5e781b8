//! Records inside the envelopes of other systems, each of which adds a little and spells something its own way.

use serde_json::{Value, json};

use super::super::text;
use super::super::world::Row;
use super::cells::{instant, spelled};
use super::diagnostic;

/// Sumo Logic: Graph objects with two members more.
pub fn sumo(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let mut record = row.value.clone();
        record["_logType"] = "AzureADSignIn".into();
        record["_sourceCategory"] = "azure/signins".into();
        text::compact(&record) + "\n"
    };
    rows.iter().map(line).collect()
}

/// Panther: times with a blank, nine digits and no zone; envelope names in small letters; audiences as objects.
pub fn panther(rows: &[Row]) -> String {
    const TIME: &str = "%Y-%m-%d %H:%M:%S%.9f";
    let line = |row: &Row| {
        let mut record = diagnostic::envelope(row);
        let created = record["properties"]["createdDateTime"].as_str().unwrap_or_default().to_owned();
        record["properties"]["createdDateTime"] = spelled(&created, TIME).into();
        if let Some(Value::Array(audiences)) = record["properties"].get_mut("conditionalAccessAudiences") {
            for audience in audiences {
                *audience = json!({"applicationId": audience, "audienceReasons": "none"});
            }
        }
        let time = record["time"].as_str().unwrap_or_default().to_owned();
        let Value::Object(members) = &mut record else { return String::new() };
        for name in ["callerIpAddress", "correlationId", "operationName", "operationVersion", "durationMs"] {
            if let Some(member) = members.remove(name) {
                members.insert(name.to_lowercase(), member);
            }
        }
        members.insert("time".into(), spelled(&time, TIME).into());
        members.insert("p_event_time".into(), spelled(&time, TIME).into());
        members.insert("p_log_type".into(), "Azure.Audit".into());
        members.insert("p_row_id".into(), "row".into());
        text::compact(&record) + "\n"
    };
    rows.iter().map(line).collect()
}

/// SEKOIA, one event a line.
pub fn sekoia_lines(rows: &[Row]) -> String {
    rows.iter().map(|row| text::compact(&sekoia(row)) + "\n").collect()
}

/// SEKOIA, all events in an array.
pub fn sekoia_array(rows: &[Row]) -> String {
    text::pretty(&rows.iter().map(sekoia).collect(), 2)
}

fn sekoia(row: &Row) -> Value {
    json!({
        "input": {
            "message": text::compact(&diagnostic::envelope(row)),
            "sekoiaio": {"intake": {"dialect": "Microsoft Entra ID", "dialect_uuid": "19cd2ed6-f90c-47f7-a46b-974354a107bb"}}
        }
    })
}

/// A forwarder to syslog: local time and a host before each record.
pub fn syslog(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let record = diagnostic::envelope(row);
        let time = record["time"].as_str().and_then(instant).map(|time| time + chrono::TimeDelta::hours(8));
        let time = time.map(|time| time.format("%Y-%m-%dT%H:%M:%S+08:00").to_string()).unwrap_or_default();
        format!("{time} LOGSRV01 {}\n", text::compact(&record))
    };
    rows.iter().map(line).collect()
}

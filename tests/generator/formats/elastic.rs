//! Elastic: the record as text in `event.original`, or only what the ingest pipeline made of it.

use serde_json::{Map, Value, json};

use super::super::text;
use super::super::world::Row;
use super::{at, diagnostic, text_at};

/// Hits whose record was kept.
pub fn original(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let mut source = source(row);
        source["event"]["original"] = text::compact(&diagnostic::envelope(row)).into();
        text::compact(&hit(source, row)) + "\n"
    };
    rows.iter().map(line).collect()
}

/// Hits, one a line.
pub fn lines(rows: &[Row]) -> String {
    rows.iter().map(|row| text::compact(&hit(source(row), row)) + "\n").collect()
}

/// Documents without the frame of a hit.
pub fn array(rows: &[Row]) -> String {
    text::pretty(&rows.iter().map(source).collect(), 2)
}

fn hit(source: Value, row: &Row) -> Value {
    json!({
        "_index": ".ds-logs-azure.signinlogs-default-2026.10.01-000001", "_id": text_at(&row.value, "id"), "_score": null,
        "_source": source
    })
}

/// A document: names in snake case, a few of them moved to where Elastic has them for all logs.
fn source(row: &Row) -> Value {
    let envelope = diagnostic::envelope(row);
    let text = |path: &str| text_at(&envelope, path);
    let mut properties = envelope["properties"].clone();
    if let Value::Object(members) = &mut properties {
        for moved in ["location", "ipAddress", "userAgent"] {
            members.remove(moved);
        }
        if let Some(Value::Object(status)) = members.get_mut("status") {
            status.retain(|name, _| name == "errorCode");
        }
    }
    let place = |name: &str| at(&envelope, &format!("properties.location.{name}")).cloned().unwrap_or(Value::Null);
    kept(json!({
        "@timestamp": text("time"),
        "azure": {
            "correlation_id": text("correlationId"),
            "tenant_id": text("tenantId"),
            "signinlogs": {
                "category": row.category,
                "identity": text("identity"),
                "operation_name": "Sign-in activity",
                "operation_version": "1.0",
                "result_description": text("resultDescription"),
                "result_signature": "None",
                "result_type": text("resultType"),
                "properties": snake(&properties)
            }
        },
        "client": {"ip": text("properties.ipAddress")},
        "cloud": {"provider": "azure"},
        "ecs": {"version": "8.11.0"},
        "event": {
            "action": "Sign-in activity", "category": ["authentication"], "id": text("properties.id"), "kind": "event",
            "outcome": if text("resultType") == "0" { "success" } else { "failure" }
        },
        "geo": {
            "city_name": place("city"), "country_iso_code": place("countryOrRegion"), "region_name": place("state")
        },
        "log": {"level": "4"},
        "message": text("properties.status.failureReason"),
        "source": {"ip": text("properties.ipAddress")},
        "user": {"full_name": text("identity"), "id": text("properties.userId")},
        "user_agent": {"original": text("properties.userAgent")}
    }))
}

/// Without members that hold nothing.
fn kept(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, member)| (name, kept(member)));
            Value::Object(members.filter(|(_, member)| !member.is_null() && member != "").collect())
        }
        other => other,
    }
}

fn snake(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: Map<String, Value> =
                members.iter().map(|(name, member)| (snake_name(name), snake(member))).collect();
            Value::Object(members)
        }
        Value::Array(items) => items.iter().map(snake).collect(),
        other => other.clone(),
    }
}

fn snake_name(name: &str) -> String {
    match name {
        "createdDateTime" => return "created_at".into(),
        "riskLevelDuringSignIn" => return "risk_level_during_signin".into(),
        "processingTimeInMilliseconds" => return "processing_time_ms".into(),
        _ => {}
    }
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

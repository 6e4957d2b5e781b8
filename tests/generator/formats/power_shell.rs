//! Graph objects that went through PowerShell: `ConvertTo-Json`, `Export-Csv`, and a table made by hand.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::text;
use super::super::world::Row;
use super::cells::{american_seconds, instant, names, quoted_table, utf_16, word};
use super::{at, capital, headers, text_at};

/// PowerShell 7. One record is an object and not an array: `ConvertTo-Json` gets what the pipeline unrolls.
pub fn json(rows: &[Row]) -> String {
    whole(rows, &|_, time| time.into())
}

/// Windows PowerShell 5.1: times as `/Date(…)/`, and what `Out-File` makes of it.
pub fn json_of_windows(rows: &[Row]) -> Vec<u8> {
    let text = whole(rows, &|name, text| match instant(text) {
        Some(time) if name.ends_with("DateTime") => format!("/Date({})/", time.timestamp_millis()).into(),
        _ => text.into(),
    });
    utf_16(&text.replace("\"/Date(", "\"\\/Date(").replace(")/\"", ")\\/\""), u16::to_le_bytes)
}

fn whole(rows: &[Row], spell: &dyn Fn(&str, &str) -> Value) -> String {
    let mut list: Vec<Value> = rows.iter().map(|row| value("", &row.value, spell)).collect();
    let whole = if list.len() == 1 { list.remove(0) } else { Value::Array(list) };
    text::pretty(&whole, 2).replace('\n', "\r\n")
}

fn value(name: &str, found: &Value, spell: &dyn Fn(&str, &str) -> Value) -> Value {
    match found {
        Value::Object(members) => {
            let mut pascal: Map<String, Value> =
                members.iter().map(|(name, member)| (pascal(name), value(name, member, spell))).collect();
            pascal.insert("AdditionalProperties".into(), json!({}));
            Value::Object(pascal)
        }
        Value::Array(items) => items.iter().map(|item| value(name, item, spell)).collect(),
        Value::String(text) => spell(name, text),
        other => other.clone(),
    }
}

fn pascal(name: &str) -> String {
    match name {
        "ipAddress" => "IPAddress".into(),
        "riskEventTypes_v2" => "RiskEventTypesV2".into(),
        other => capital(other),
    }
}

/// `Export-Csv`: a cell for each member of the model; of a nested one it has the type.
pub fn csv(rows: &[Row]) -> String {
    let members: BTreeSet<&String> = rows.iter().filter_map(|row| row.value.as_object()).flat_map(Map::keys).collect();
    let header: Vec<String> = members.iter().map(|name| pascal(name)).collect();
    let lines = rows.iter().map(|row| members.iter().map(|name| cell(name, &row.value)).collect());
    quoted_table(&header.join(","), lines)
}

fn cell(name: &str, record: &Value) -> String {
    const TEXTS: &[&str] =
        &["riskEventTypes_v2", "signInEventTypes", "authenticationMethodsUsed", "conditionalAccessAudiences"];
    // The model has these as objects, whatever Graph sent.
    const OBJECTS: &[&str] = &["deviceDetail", "location", "status", "tokenProtectionStatusDetails"];
    match record.get(name) {
        _ if OBJECTS.contains(&name) => {
            format!("Microsoft.Graph.Beta.PowerShell.Models.MicrosoftGraph{}", capital(name))
        }
        None | Some(Value::Null) => String::new(),
        flag @ Some(Value::Bool(_)) => word(flag, "True", "False"),
        Some(Value::Array(_)) if TEXTS.contains(&name) => "System.String[]".into(),
        Some(Value::Array(_)) => format!("Microsoft.Graph.Beta.PowerShell.Models.MicrosoftGraph{}[]", capital(name)),
        Some(Value::Object(_)) => format!("Microsoft.Graph.Beta.PowerShell.Models.MicrosoftGraph{}", capital(name)),
        Some(Value::String(time)) if name == "createdDateTime" => american_seconds(time),
        Some(Value::String(text)) => text.clone(),
        Some(number @ Value::Number(_)) => number.to_string(),
    }
}

/// What scripts select by hand.
pub fn short_csv(rows: &[Row]) -> String {
    let columns = names(headers::POWER_SHELL_SHORT);
    let lines = rows.iter().map(|row| columns.iter().map(|name| short_cell(name, &row.value)).collect());
    quoted_table(headers::POWER_SHELL_SHORT, lines)
}

fn short_cell(column: &str, record: &Value) -> String {
    let path = match column {
        "CreatedDateTime" => return american_seconds(&text_at(record, "createdDateTime")),
        "Status" => {
            return match at(record, "status.errorCode").and_then(Value::as_i64) {
                Some(0) => "Success".into(),
                Some(_) => "Failure".into(),
                None => String::new(),
            };
        }
        "UserPrincipalName" => "userPrincipalName",
        "UserDisplayName" => "userDisplayName",
        "AppDisplayName" => "appDisplayName",
        "IPAddress" => "ipAddress",
        "City" => "location.city",
        "Country" => "location.countryOrRegion",
        "Device" => "deviceDetail.displayName",
        "Browser" => "deviceDetail.browser",
        "OS" => "deviceDetail.operatingSystem",
        "RiskState" => "riskState",
        "RiskLevelDuringSignIn" => "riskLevelDuringSignIn",
        "RiskLevelAggregated" => "riskLevelAggregated",
        "ConditionalAccessStatus" => "conditionalAccessStatus",
        other => unreachable!("`{other}` is none of the fifteen"),
    };
    text_at(record, path)
}

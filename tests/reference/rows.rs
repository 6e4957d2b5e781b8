//! Rows: reading fields, unwrapping diagnostic records, copies (C1), rows set aside (C2).

use super::tenant::Tenant;
use chrono::DateTime;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Ids, names and enum words are compared as folded text (C8).
pub fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Texts of a log that are compared by what they contain: a hard blank is a blank (formats, section 4).
pub fn prose(text: &str) -> String {
    fold(&text.replace('\u{a0}', " "))
}

/// Lower-cases all keys, at any depth (C17: policy keys fold case).
pub fn fold_keys(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().map(|(key, member)| (key.to_lowercase(), fold_keys(member))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(fold_keys).collect()),
        other => other.clone(),
    }
}

/// FLD-1: an object or list may be a JSON text. Null and empty text are "not recorded".
fn recorded(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) => {
            let trimmed = text.trim();
            if trimmed.is_empty() {
                return None;
            }
            if (trimmed.starts_with('{') || trimmed.starts_with('['))
                && let Ok(parsed) = serde_json::from_str::<Value>(trimmed)
            {
                return recorded(&parsed);
            }
            Some(value.clone())
        }
        other => Some(other.clone()),
    }
}

/// FLD-2: either case of the first letter.
pub fn member(object: &Value, name: &str) -> Option<Value> {
    let members = object.as_object()?;
    if let Some(found) = members.get(name).and_then(recorded) {
        return Some(found);
    }
    let mut letters = name.chars();
    let first = letters.next()?;
    members.get(&format!("{}{}", first.to_ascii_uppercase(), letters.as_str())).and_then(recorded)
}

pub fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_string()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

pub fn bool_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match fold(text).as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        Value::Number(number) => number.as_i64().map(|number| number != 0),
        _ => None,
    }
}

pub fn text_member(object: &Value, name: &str) -> Option<String> {
    member(object, name).as_ref().and_then(text_of)
}

pub fn bool_member(object: &Value, name: &str) -> Option<bool> {
    member(object, name).as_ref().and_then(bool_of)
}

pub fn list_member(object: &Value, name: &str) -> Vec<Value> {
    match member(object, name) {
        Some(Value::Array(items)) => items.iter().filter_map(recorded).collect(),
        _ => Vec::new(),
    }
}

/// FLD-4: up to seven digits and `Z`; without an offset it is UTC. Cut to microseconds.
pub fn micros_of(text: &str) -> Option<i64> {
    let text = text.trim().replacen(' ', "T", 1);
    let parsed =
        DateTime::parse_from_rfc3339(&text).or_else(|_| DateTime::parse_from_rfc3339(&format!("{text}Z"))).ok()?;
    Some(parsed.timestamp_micros())
}

/// A list of words that may also be a flags text ("a,b").
pub fn words_of(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => text.split(',').map(fold).filter(|word| !word.is_empty()).collect(),
        Value::Array(items) => items.iter().flat_map(words_of).collect(),
        _ => Vec::new(),
    }
}

/// A list of ids, folded; an id may hold a comma or a blank (placeholders do).
pub fn ids_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(ids_of).collect(),
        other => text_of(other).map(|text| fold(&text)).into_iter().collect(),
    }
}

/// FLD-3: results of recorded policies may be the integers of the schema.
fn result_word(value: &Value) -> Option<String> {
    let text = fold(&text_of(value)?);
    let names = [
        "success",
        "failure",
        "notapplied",
        "notenabled",
        "unknown",
        "unknownfuturevalue",
        "reportonlysuccess",
        "reportonlyfailure",
        "reportonlynotapplied",
        "reportonlyinterrupted",
    ];
    match text.parse::<usize>() {
        Ok(number) => names.get(number).map(|name| name.to_string()),
        Err(_) => Some(text),
    }
}

/// One recorded policy of a row.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Folded; empty if the entry has none.
    pub result: String,
    /// `enforcedGrantControls`, folded.
    pub grants: Vec<String>,
    pub sessions: Vec<String>,
}

/// One step of `authenticationDetails`, texts folded.
#[derive(Debug, Clone)]
pub struct Step {
    pub time: Option<i64>,
    pub method: String,
    pub method_detail: String,
    pub succeeded: bool,
    pub result_detail: String,
    pub requirement: String,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub value: Value,
    pub id: String,
    pub created: i64,
}

impl Row {
    pub fn text(&self, name: &str) -> Option<String> {
        text_member(&self.value, name)
    }
    pub fn folded(&self, name: &str) -> Option<String> {
        self.text(name).map(|text| fold(&text))
    }
    /// A text inside one of the nested objects.
    pub fn inner(&self, object: &str, name: &str) -> Option<String> {
        text_member(&member(&self.value, object)?, name)
    }
    pub fn inner_bool(&self, object: &str, name: &str) -> Option<bool> {
        bool_member(&member(&self.value, object)?, name)
    }
    pub fn list(&self, name: &str) -> Vec<Value> {
        list_member(&self.value, name)
    }
    /// Empty and all zeros are "no user" (C3, USR-5). As recorded, not folded.
    pub fn user_id(&self) -> Option<String> {
        user_id_of(&self.value)
    }
    pub fn device_id(&self) -> Option<String> {
        self.inner("deviceDetail", "deviceId")
    }
    /// POP-6: the code may be a number or a text.
    pub fn error_code(&self) -> Option<i64> {
        self.inner("status", "errorCode")?.parse().ok()
    }
    /// C2: `isInteractive`, else the category, else interactive.
    pub fn interactive(&self) -> bool {
        if let Some(flag) = bool_member(&self.value, "isInteractive") {
            return flag;
        }
        match self.folded("__category").as_deref() {
            Some("noninteractiveusersigninlogs") => return false,
            Some("signinlogs") => return true,
            _ => {}
        }
        // CHOICE: Graph's `signInEventTypes` is its form of the category, so it decides next.
        !self.event_types().contains(&"noninteractiveuser".to_string())
    }
    pub fn event_types(&self) -> Vec<String> {
        member(&self.value, "signInEventTypes").map(|types| words_of(&types)).unwrap_or_default()
    }
    pub fn recorded_policies(&self) -> Vec<Recorded> {
        let mut entries = self.list("appliedConditionalAccessPolicies");
        if entries.is_empty() {
            entries = self.list("conditionalAccessPolicies"); // FLD-3: the older name.
        }
        let words = |entry: &Value, name: &str| -> Vec<String> {
            list_member(entry, name).iter().filter_map(text_of).map(|word| fold(&word)).collect()
        };
        entries
            .iter()
            .filter(|entry| entry.is_object())
            .map(|entry| Recorded {
                result: member(entry, "result").as_ref().and_then(result_word).unwrap_or_default(),
                grants: words(entry, "enforcedGrantControls"),
                sessions: words(entry, "enforcedSessionControls"),
            })
            .collect()
    }
    pub fn access_status(&self) -> Option<String> {
        member(&self.value, "conditionalAccessStatus").as_ref().and_then(result_word)
    }
    pub fn steps(&self) -> Vec<Step> {
        let folded = |step: &Value, name: &str| text_member(step, name).map(|text| prose(&text)).unwrap_or_default();
        self.list("authenticationDetails")
            .iter()
            .filter(|step| step.is_object())
            .map(|step| Step {
                time: text_member(step, "authenticationStepDateTime").and_then(|text| micros_of(&text)),
                method: folded(step, "authenticationMethod"),
                method_detail: folded(step, "authenticationMethodDetail"),
                succeeded: bool_member(step, "succeeded") == Some(true),
                result_detail: folded(step, "authenticationStepResultDetail"),
                requirement: folded(step, "authenticationStepRequirement"),
            })
            .collect()
    }
}

fn user_id_of(row: &Value) -> Option<String> {
    text_member(row, "userId").filter(|id| id.chars().any(|letter| letter != '0' && letter != '-'))
}

/// C1: rows with the same id (folded) and user id are one row, whatever order they come in.
pub fn unique_rows(values: &[Value]) -> Vec<Row> {
    let mut copies: BTreeMap<(String, String), Vec<&Value>> = BTreeMap::new();
    let mut alone = Vec::new();
    for value in values {
        let id = text_member(value, "id").map(|id| fold(&id));
        let user = user_id_of(value).map(|id| fold(&id)).unwrap_or_default();
        match id {
            Some(id) => copies.entry((id, user)).or_default().push(value),
            // CHOICE: a row without an id has no copies.
            None => alone.push(value),
        }
    }
    let mut merged: Vec<Value> = copies.values().map(|copies| merge(copies)).collect();
    merged.extend(alone.into_iter().map(|value| merge(&[value])));
    merged
        .into_iter()
        .filter_map(|value| {
            // CHOICE: a row without a readable time cannot be placed and is left out.
            let created = micros_of(&text_member(&value, "createdDateTime")?)?;
            let id = text_member(&value, "id").unwrap_or_default();
            Some(Row { value, id, created })
        })
        .collect()
}

/// C1, field by field.
fn merge(copies: &[&Value]) -> Value {
    let mut names: Vec<String> = Vec::new();
    for copy in copies {
        for name in copy.as_object().map(|members| members.keys().cloned().collect()).unwrap_or_else(Vec::new) {
            let mut letters = name.chars();
            let Some(first) = letters.next() else { continue };
            let camel = format!("{}{}", first.to_ascii_lowercase(), letters.as_str());
            if !names.contains(&camel) {
                names.push(camel);
            }
        }
    }
    let mut merged = Map::new();
    for name in names {
        // (delivery time, value) of the copies that record the field.
        let mut values: Vec<(Option<i64>, Value)> = copies
            .iter()
            .filter_map(|copy| {
                let delivered = text_member(copy, "__delivered").and_then(|text| micros_of(&text));
                Some((delivered, member(copy, &name)?))
            })
            .collect();
        if values.is_empty() {
            continue;
        }
        let value = match name.as_str() {
            "riskLevelDuringSignIn" => {
                // The most severe known level.
                let severity = |value: &Value| {
                    ["none", "low", "medium", "high"]
                        .iter()
                        .position(|level| text_of(value).map(|text| fold(&text)).as_deref() == Some(level))
                };
                let worst = values.iter().filter_map(|(_, value)| severity(value)).max();
                values.retain(|(_, value)| severity(value) == worst);
                first_delivered(&name, &values)
            }
            "authenticationDetails" | "appliedConditionalAccessPolicies" | "conditionalAccessPolicies" => {
                // The longest list; of equals by the general rule.
                let length = |value: &Value| value.as_array().map_or(0, Vec::len);
                let longest = values.iter().map(|(_, value)| length(value)).max().unwrap_or(0);
                values.retain(|(_, value)| length(value) == longest);
                first_delivered(&name, &values)
            }
            "originalTransferMethod" => {
                let none = |value: &Value| text_of(value).map(|text| fold(&text)).as_deref() == Some("none");
                if values.iter().any(|(_, value)| !none(value)) {
                    values.retain(|(_, value)| !none(value));
                }
                first_delivered(&name, &values)
            }
            "riskState" | "riskDetail" | "riskLevelAggregated" => last_delivered(&name, &values),
            _ => first_delivered(&name, &values),
        };
        merged.insert(name, value);
    }
    Value::Object(merged)
}

/// The text of a value, as copies are compared by it.
// CHOICE: that of a unit is the text of its JSON with sorted keys, holding only the members that some rule reads
// and that are recorded; that of a list is the text of its entries, each with the members that some rule reads.
fn sort_text(name: &str, value: &Value) -> String {
    match name {
        "status" => {
            let code = text_member(value, "errorCode").and_then(|code| code.parse::<i64>().ok()).map(Value::from);
            object_text(&[
                ("additionalDetails", text_of_member(value, "additionalDetails")),
                ("errorCode", code),
                ("failureReason", text_of_member(value, "failureReason")),
            ])
        }
        "deviceDetail" => {
            let flag = |name: &str| bool_member(value, name).map(Value::Bool);
            object_text(&[
                ("browser", text_of_member(value, "browser")),
                ("deviceId", text_of_member(value, "deviceId")),
                ("displayName", text_of_member(value, "displayName")),
                ("isCompliant", flag("isCompliant")),
                ("isManaged", flag("isManaged")),
                ("operatingSystem", text_of_member(value, "operatingSystem")),
                ("trustType", text_of_member(value, "trustType")),
            ])
        }
        "location" => object_text(&[
            ("city", text_of_member(value, "city")),
            ("countryOrRegion", text_of_member(value, "countryOrRegion")),
            ("state", text_of_member(value, "state")),
        ]),
        "authenticationDetails" => list_text(value, |step| {
            let text = |name: &str| Some(text_of_member(step, name).unwrap_or_else(|| "".into()));
            let time = text_member(step, "authenticationStepDateTime").and_then(|text| micros_of(&text));
            object_text(&[
                ("at", time.map(Value::from)),
                ("method", text("authenticationMethod")),
                ("detail", text("authenticationMethodDetail")),
                ("succeeded", bool_member(step, "succeeded").map(Value::Bool)),
                ("result", text("authenticationStepResultDetail")),
                ("requirement", text("authenticationStepRequirement")),
            ])
        }),
        "appliedConditionalAccessPolicies" | "conditionalAccessPolicies" => list_text(value, |policy| {
            let text = |name: &str| Some(text_of_member(policy, name).unwrap_or_else(|| "".into()));
            object_text(&[("id", text("id")), ("displayName", text("displayName")), ("result", text("result"))])
        }),
        _ => text_of(value).unwrap_or_else(|| value.to_string()),
    }
}

fn text_of_member(object: &Value, name: &str) -> Option<Value> {
    text_member(object, name).map(Value::String)
}

/// The members that are recorded, in the order given.
fn object_text(members: &[(&str, Option<Value>)]) -> String {
    let shown: Vec<String> =
        members.iter().filter_map(|(name, value)| value.as_ref().map(|value| format!("\"{name}\":{value}"))).collect();
    format!("{{{}}}", shown.join(","))
}

fn list_text(value: &Value, entry: impl Fn(&Value) -> String) -> String {
    let entries: Vec<String> = value.as_array().into_iter().flatten().map(entry).collect();
    format!("[{}]", entries.join(","))
}

/// C1: the value of the copy delivered first; where that does not decide, the smallest text.
// CHOICE: only copies that record the field take part, and of those a copy with a delivery time goes before one without.
fn first_delivered(name: &str, values: &[(Option<i64>, Value)]) -> Value {
    let earliest = values.iter().filter_map(|(delivered, _)| *delivered).min();
    let deciding = values.iter().filter(|(delivered, _)| *delivered == earliest);
    deciding.map(|(_, value)| value).min_by_key(|value| sort_text(name, value)).cloned().unwrap_or(Value::Null)
}

/// C1: the copy delivered last, else the largest text.
fn last_delivered(name: &str, values: &[(Option<i64>, Value)]) -> Value {
    let latest = values.iter().filter_map(|(delivered, _)| *delivered).max();
    let deciding = values.iter().filter(|(delivered, _)| *delivered == latest);
    deciding.map(|(_, value)| value).max_by_key(|value| sort_text(name, value)).cloned().unwrap_or(Value::Null)
}

/// C2: the option, `tenant-id`, else the most frequent resource tenant (ties: the smallest text).
pub fn own_tenant(rows: &[Row], option: Option<&str>, tenant: &Tenant) -> Option<String> {
    if let Some(given) = option.filter(|given| !given.trim().is_empty()) {
        return Some(fold(given));
    }
    if let Some(given) = &tenant.tenant_id {
        return Some(given.clone());
    }
    // CHOICE: counted over unique rows (after C1) of every kind, those set aside later included.
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows {
        if let Some(resource_tenant) = row.folded("resourceTenantId") {
            *counts.entry(resource_tenant).or_insert(0) += 1;
        }
    }
    let most = counts.values().max().copied()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(text, _)| text)
}

/// C2: rows set aside before grouping, by reason.
pub fn reason_set_aside(row: &Row, own_tenant: Option<&str>) -> Option<&'static str> {
    let category = row.folded("__category").unwrap_or_default();
    let events = row.event_types();
    let event = |word: &str| events.iter().any(|event| event == word);
    if category == "managedidentitysigninlogs" || event("managedidentity") {
        return Some("managedIdentity");
    }
    if category == "serviceprincipalsigninlogs"
        || category == "microsoftserviceprincipalsigninlogs"
        || event("serviceprincipal")
        || (row.text("servicePrincipalId").is_some() && row.user_id().is_none())
    {
        return Some("servicePrincipal");
    }
    // CHOICE: every issuer beginning with `ADFederationServices` or `NPS`, and the category of AD FS.
    let issuer = row.folded("tokenIssuerType").unwrap_or_default();
    if category == "adfssigninlogs" || issuer.starts_with("adfederationservices") || issuer.starts_with("nps") {
        return Some("otherIssuer");
    }
    if let (Some(resource_tenant), Some(own)) = (row.folded("resourceTenantId"), own_tenant)
        && resource_tenant != own
    {
        return Some("otherTenant");
    }
    if row.folded("crossTenantAccessType").as_deref() == Some("passthrough") {
        return Some("passthrough");
    }
    if row.folded("appId").as_deref() == Some("38aa3b87-a06d-4817-b275-7a389988d93b")
        || row.folded("appDisplayName").as_deref() == Some("windows sign in")
    {
        return Some("windowsSignIn");
    }
    None
}

/// ENV-1, ENV-3: one diagnostic record as a row; other categories are none of ours.
pub fn row_of_diagnostic(record: &Value) -> Option<Value> {
    let category = text_member(record, "category")?;
    let known = [
        "signinlogs",
        "noninteractiveusersigninlogs",
        "serviceprincipalsigninlogs",
        "managedidentitysigninlogs",
        "microsoftserviceprincipalsigninlogs",
        "adfssigninlogs",
    ];
    if !known.contains(&fold(&category).as_str()) {
        return None;
    }
    let Some(Value::Object(mut row)) = member(record, "properties") else { return None };
    row.insert("__category".into(), Value::String(category));
    if let Some(time) = text_member(record, "time") {
        row.insert("__delivered".into(), Value::String(time));
    }
    // A device with an id and any of the three facts: an absent boolean is false; with the id alone it is unknown.
    if let Some(mut device) = member(&Value::Object(row.clone()), "deviceDetail").filter(Value::is_object) {
        let any_fact = ["trustType", "isManaged", "isCompliant"].iter().any(|name| member(&device, name).is_some());
        if text_member(&device, "deviceId").is_some() && any_fact {
            for name in ["isManaged", "isCompliant"] {
                if member(&device, name).is_none() {
                    device[name] = Value::Bool(false);
                }
            }
            row.remove("DeviceDetail");
            row.insert("deviceDetail".into(), device);
        }
    }
    Some(Value::Object(row))
}

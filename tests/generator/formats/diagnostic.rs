//! Records of diagnostic settings: an envelope around nearly the Graph object, with what the exporter leaves out.

use serde_json::{Map, Value, json};

use super::super::cast::OWN_TENANT;
use super::super::text;
use super::super::world::Row;
use super::{capital, text_at};

/// Bits of `conditionsSatisfied`.
const CONDITIONS: &[(&str, u32)] = &[
    ("application", 1),
    ("users", 2),
    ("devicePlatform", 4),
    ("location", 8),
    ("clientType", 16),
    ("signInRisk", 32),
    ("userRisk", 64),
    ("time", 128),
    ("deviceState", 256),
    ("client", 512),
    ("ipAddressSeenByAzureAD", 1024),
    ("ipAddressSeenByResourceProvider", 2048),
    ("unknownFutureValue", 4096),
    ("servicePrincipals", 8192),
    ("servicePrincipalRisk", 16384),
    ("authenticationFlows", 32768),
    ("insiderRisk", 65536),
];

pub fn lines(rows: &[Row]) -> String {
    rows.iter().map(|row| text::compact(&envelope(row)) + "\n").collect()
}

/// Batches of 25, one a line.
pub fn event_hub(rows: &[Row]) -> String {
    rows.chunks(25)
        .map(|batch| {
            let records: Vec<Value> = batch.iter().map(envelope).collect();
            text::compact(&json!({ "records": records })) + "\n"
        })
        .collect()
}

/// One record.
pub fn envelope(row: &Row) -> Value {
    let value = &row.value;
    let tenant = match text_at(value, "resourceTenantId") {
        missing if missing.is_empty() => OWN_TENANT.to_owned(),
        tenant => tenant,
    };
    let mut envelope = json!({
        "time": row.delivered.clone().unwrap_or_else(|| text_at(value, "createdDateTime")),
        "resourceId": format!("/tenants/{tenant}/providers/Microsoft.aadiam"),
        "operationName": "Sign-in activity",
        "operationVersion": "1.0",
        "category": row.category,
        "tenantId": tenant,
        "resultType": text_at(value, "status.errorCode"),
        "resultSignature": "None",
        "durationMs": 0,
        "callerIpAddress": text_at(value, "ipAddress"),
        "correlationId": text_at(value, "correlationId"),
        "identity": text_at(value, "userDisplayName"),
        "Level": 4,
        "location": text_at(value, "location.countryOrRegion"),
        "properties": properties(value)
    });
    let code = text_at(value, "status.errorCode");
    if let (false, Value::Object(members)) = (code == "0", &mut envelope) {
        members.insert("resultDescription".into(), text_at(value, "status.failureReason").into());
    }
    envelope
}

/// The record as `properties` and, in part, as cells of Log Analytics: what is false, empty or null on a device is left out,
/// policies have flags for conditions, steps have sequence numbers.
pub fn properties(value: &Value) -> Value {
    let Value::Object(members) = value else { return Value::Null };
    let mut kept: Map<String, Value> = members
        .iter()
        .filter(|(_, member)| !member.is_null())
        .map(|(name, member)| (name.clone(), member.clone()))
        .collect();
    if let Some(Value::String(kind)) = kept.get_mut("userType") {
        *kind = capital(kind);
    }
    if let Some(Value::Object(device)) = kept.get_mut("deviceDetail") {
        device.retain(|name, member| match member {
            Value::Bool(flag) => *flag,
            Value::String(text) => !text.is_empty() || matches!(name.as_str(), "deviceId" | "operatingSystem"),
            Value::Null => false,
            _ => true,
        });
    }
    if let Some(Value::Object(status)) = kept.get_mut("status") {
        status.retain(|_, member| !member.is_null());
    }
    // The category says it.
    kept.remove("signInEventTypes");
    if let Some(Value::Array(policies)) = kept.get_mut("appliedConditionalAccessPolicies") {
        policies.iter_mut().for_each(flags);
    }
    if let Some(Value::Array(steps)) = kept.get_mut("authenticationDetails") {
        for (at, step) in steps.iter_mut().enumerate() {
            if let Value::Object(step) = step {
                step.insert("StatusSequence".into(), 0.into());
                step.insert("RequestSequence".into(), at.into());
            }
        }
    }
    if let Some(risks) = kept.get("riskEventTypes_v2").cloned() {
        kept.insert("riskEventTypes".into(), risks);
    }
    Value::Object(kept)
}

fn flags(policy: &mut Value) {
    let Value::Object(members) = policy else { return };
    for name in ["conditionsSatisfied", "conditionsNotSatisfied"] {
        if let Some(Value::String(words)) = members.get(name) {
            let bits = words
                .split(',')
                .filter_map(|word| CONDITIONS.iter().find(|(name, _)| *name == word.trim()))
                .fold(0, |bits, (_, bit)| bits | bit);
            members.insert(name.to_owned(), bits.into());
        }
    }
}

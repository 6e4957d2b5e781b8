//! Graph objects: pages, arrays and lines of beta, pages of v1.0.

use serde_json::{Map, Value, json};

use super::super::text;
use super::super::world::Row;

const BETA: &str = "https://graph.microsoft.com/beta/$metadata#auditLogs/signIns";
const NEXT: &str = "https://graph.microsoft.com/beta/auditLogs/signIns?$skiptoken=";
const V1: &str = "https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns";

/// Members that v1.0 has.
const V1_MEMBERS: &[&str] = &[
    "id",
    "createdDateTime",
    "userDisplayName",
    "userPrincipalName",
    "userId",
    "appId",
    "appDisplayName",
    "ipAddress",
    "clientAppUsed",
    "correlationId",
    "conditionalAccessStatus",
    "isInteractive",
    "riskDetail",
    "riskLevelAggregated",
    "riskLevelDuringSignIn",
    "riskState",
    "riskEventTypes",
    "riskEventTypes_v2",
    "resourceDisplayName",
    "resourceId",
    "status",
    "deviceDetail",
    "location",
    "userAgent",
    "resourceTenantId",
    "homeTenantId",
    "servicePrincipalId",
    "servicePrincipalName",
    "appliedConditionalAccessPolicies",
];

pub fn page(rows: &[Row]) -> String {
    let list: Vec<&Value> = rows.iter().map(|row| &row.value).collect();
    text::compact(&json!({"@odata.context": BETA, "value": list}))
}

/// Pages one after another in one file, as scripts append them; all but the last say that there is more.
pub fn pages(rows: &[Row]) -> String {
    each_page(rows).iter().map(|page| text::pretty(page, 2) + "\n").collect()
}

/// The same pages in an array.
pub fn array_of_pages(rows: &[Row]) -> String {
    text::compact(&Value::Array(each_page(rows)))
}

fn each_page(rows: &[Row]) -> Vec<Value> {
    let pages = rows.chunks(100);
    let last = pages.len();
    let page = |(at, rows): (usize, &[Row])| {
        let list: Vec<&Value> = rows.iter().map(|row| &row.value).collect();
        let mut page = json!({"@odata.context": BETA, "value": list});
        if at + 1 < last {
            page["@odata.nextLink"] = format!("{NEXT}{at}").into();
        }
        page
    };
    pages.enumerate().map(page).collect()
}

pub fn array(rows: &[Row]) -> String {
    let list = rows.iter().map(|row| portal_object(&row.value)).collect();
    text::pretty(&Value::Array(list), 4)
}

pub fn lines(rows: &[Row]) -> String {
    rows.iter().map(|row| text::compact(&row.value) + "\n").collect()
}

pub fn v1_page(rows: &[Row]) -> String {
    let list: Vec<Value> = rows.iter().map(|row| v1_object(&row.value)).collect();
    text::pretty(&json!({"@odata.context": V1, "value": list}), 2)
}

/// The admin center shows missing text as an empty one, and times to the second.
fn portal_object(value: &Value) -> Value {
    let mut value = value.clone();
    if let Value::Object(members) = &mut value {
        if let Some(Value::String(created)) = members.get_mut("createdDateTime")
            && let Some((whole, _)) = created.split_once('.')
        {
            *created = format!("{whole}Z");
        }
        for name in ["sessionId", "originalRequestId", "userAgent"] {
            if members.get(name).is_none_or(Value::is_null) {
                members.insert(name.to_owned(), "".into());
            }
        }
        if let Some(Value::Object(device)) = members.get_mut("deviceDetail") {
            for name in ["deviceId", "displayName", "trustType", "operatingSystem", "browser"] {
                if device.get(name).is_none_or(Value::is_null) {
                    device.insert(name.to_owned(), "".into());
                }
            }
        }
    }
    value
}

fn v1_object(value: &Value) -> Value {
    let mut kept = Map::new();
    for name in V1_MEMBERS {
        if let Some(member) = value.get(*name) {
            kept.insert((*name).to_owned(), member.clone());
        }
    }
    if let Some(Value::Array(policies)) = kept.get_mut("appliedConditionalAccessPolicies") {
        for policy in policies {
            if let Value::Object(members) = policy {
                members.retain(|name, _| {
                    matches!(
                        name.as_str(),
                        "id" | "displayName" | "enforcedGrantControls" | "enforcedSessionControls" | "result"
                    )
                });
            }
        }
    }
    Value::Object(kept)
}

//! Advanced hunting of Defender XDR: a table of its own, in which most words are numbers.

use serde_json::{Map, Value, json};

use super::super::text;
use super::super::world::Row;
use super::cells::{names, spelled, table};
use super::{at, diagnostic, text_at};

/// The portal's CSV.
pub fn csv(rows: &[Row], header: &str) -> String {
    let columns = names(header);
    let lines = rows.iter().map(|row| {
        let text = |name: &&str| match cell(&row.value, name) {
            Value::Null => String::new(),
            Value::String(text) => text,
            other => other.to_string(),
        };
        columns.iter().map(text).collect()
    });
    format!("\u{feff}{}", table(header, lines, ",", "\r\n"))
}

/// The rows of a query as an array of objects.
pub fn array(rows: &[Row], header: &str) -> String {
    text::pretty(&rows.iter().map(|row| object(row, header)).collect(), 2)
}

/// The rows of a query, one object a line.
pub fn lines(rows: &[Row], header: &str) -> String {
    rows.iter().map(|row| text::compact(&object(row, header)) + "\n").collect()
}

fn object(row: &Row, header: &str) -> Value {
    let members: Map<String, Value> =
        names(header).into_iter().map(|name| (name.to_owned(), cell(&row.value, name))).collect();
    Value::Object(members)
}

fn cell(value: &Value, column: &str) -> Value {
    let text = |path: &str| Value::from(text_at(value, path));
    let flag = |path: &str| at(value, path).and_then(Value::as_bool).map_or(Value::Null, |flag| u8::from(flag).into());
    // The place of a word among the words of its enum; what is none of them has no number.
    let number = |path: &str, words: &[(&str, i64)]| {
        let word = text_at(value, path);
        words.iter().find(|(known, _)| *known == word).map_or(Value::Null, |(_, number)| (*number).into())
    };
    match column {
        "Timestamp" => spelled(&text_at(value, "createdDateTime"), "%Y-%m-%dT%H:%M:%S%.6fZ").into(),
        "Application" => text("appDisplayName"),
        "ApplicationId" => text("appId"),
        "LogonType" => at(value, "signInEventTypes").map_or(Value::Null, |types| text::compact(types).into()),
        "ErrorCode" => at(value, "status.errorCode").cloned().unwrap_or(Value::Null),
        "CorrelationId" => text("correlationId"),
        "SessionId" => text("sessionId"),
        "AccountDisplayName" => text("userDisplayName"),
        "AccountObjectId" => text("userId"),
        "AccountUpn" => text("userPrincipalName"),
        "IsExternalUser" => match text_at(value, "crossTenantAccessType").as_str() {
            "" => (-1).into(),
            "none" => 0.into(),
            _ => 1.into(),
        },
        "IsGuestUser" => match text_at(value, "userType").as_str() {
            "" => Value::Null,
            kind => (kind == "guest").into(),
        },
        "ResourceDisplayName" => text("resourceDisplayName"),
        "ResourceId" => text("resourceId"),
        "ResourceTenantId" => text("resourceTenantId"),
        "DeviceName" => text("deviceDetail.displayName"),
        "AadDeviceId" | "EntraIdDeviceId" => text("deviceDetail.deviceId"),
        "OSPlatform" => text("deviceDetail.operatingSystem"),
        "DeviceTrustType" => match text_at(value, "deviceDetail.trustType").as_str() {
            "Azure AD joined" | "Microsoft Entra joined" | "AzureAD" => "AzureAd".into(),
            "Hybrid Azure AD joined" | "Microsoft Entra hybrid joined" => "ServerAd".into(),
            "Azure AD registered" | "Microsoft Entra registered" => "Workplace".into(),
            other => other.into(),
        },
        "IsManaged" => flag("deviceDetail.isManaged"),
        "IsCompliant" => flag("deviceDetail.isCompliant"),
        "AuthenticationProcessingDetails" => nested(value, "authenticationProcessingDetails"),
        "AuthenticationRequirement" => text("authenticationRequirement"),
        "TokenIssuerType" => number("tokenIssuerType", &[("AzureAD", 0), ("ADFederationServices", 1)]),
        "RiskLevelAggregated" => match text_at(value, "riskLevelAggregated").as_str() {
            "" => 0.into(),
            _ => number("riskLevelAggregated", &[("none", 1), ("low", 10), ("medium", 50), ("high", 100)]),
        },
        "RiskState" => number(
            "riskState",
            &[
                ("none", 0),
                ("confirmedSafe", 1),
                ("remediated", 2),
                ("dismissed", 3),
                ("atRisk", 4),
                ("confirmedCompromised", 5),
            ],
        ),
        "UserAgent" => text("userAgent"),
        "ClientAppUsed" => text("clientAppUsed"),
        "Browser" => text("deviceDetail.browser"),
        "ConditionalAccessPolicies" => nested(&diagnostic::properties(value), "appliedConditionalAccessPolicies"),
        "ConditionalAccessStatus" => {
            number("conditionalAccessStatus", &[("success", 0), ("failure", 1), ("notApplied", 2)])
        }
        "IPAddress" => text("ipAddress"),
        "Country" => text("location.countryOrRegion"),
        "State" => text("location.state"),
        "City" => text("location.city"),
        "NetworkLocationDetails" => nested(value, "networkLocationDetails"),
        "RequestId" => text("id"),
        "ReportId" => json!(format!("{}_r", text_at(value, "id"))),
        "EndpointCall" => "OAuth2:Token".into(),
        "IsThroughGlobalSecureAccess" => at(value, "isThroughGlobalSecureAccess").cloned().unwrap_or(Value::Null),
        "UniqueTokenId" => text("uniqueTokenIdentifier"),
        // Which number stands for which risk detail is not known, the rest no record has.
        _ => Value::Null,
    }
}

/// JSON as text.
fn nested(value: &Value, path: &str) -> Value {
    match at(value, path) {
        Some(found @ (Value::Array(_) | Value::Object(_))) => text::compact(found).into(),
        _ => Value::Null,
    }
}

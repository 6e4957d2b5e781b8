//! ID Protection's report of risky sign-ins: words for people, `-` where there is nothing.

use serde_json::Value;

use super::super::world::Row;
use super::cells::{names, seconds, table};
use super::{capital, headers, portal, text_at};

/// The grid's columns and three chosen ones.
pub fn csv(rows: &[Row]) -> String {
    let columns = names(headers::RISKY_SIGN_INS);
    let lines = rows.iter().map(|row| {
        let filled = |name: &&str| match cell(&row.value, name) {
            nothing if nothing.is_empty() => "-".to_owned(),
            text => text,
        };
        columns.iter().map(filled).collect()
    });
    format!("\u{feff}{}", table(headers::RISKY_SIGN_INS, lines, ",", "\r\n"))
}

fn cell(value: &Value, column: &str) -> String {
    let text = |path: &str| text_at(value, path);
    match column {
        "Date" => seconds(&text("createdDateTime")),
        "User" => text("userDisplayName"),
        "Application" => text("appDisplayName"),
        "Sign-in status" => portal::status(value),
        "Risk state" => match text("riskState").as_str() {
            "atRisk" => "At risk".into(),
            "confirmedSafe" => "Confirmed safe".into(),
            "confirmedCompromised" => "Confirmed compromised".into(),
            other => capital(other),
        },
        "Risk level (aggregate)" => capital(&text("riskLevelAggregated")),
        "Risk level (real-time)" => capital(&text("riskLevelDuringSignIn")),
        "Conditional Access" => portal::conditional_access(value),
        "MFA required" => match text("authenticationRequirement").as_str() {
            "multiFactorAuthentication" => "Yes".into(),
            "singleFactorAuthentication" => "No".into(),
            other => other.to_owned(),
        },
        "Request ID" => text("id"),
        "Correlation ID" => text("correlationId"),
        "User ID" => text("userId"),
        _ => String::new(),
    }
}

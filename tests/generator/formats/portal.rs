//! The admin center's CSV: friendly words, no risk and no policies; and the file of steps beside it.

use serde_json::Value;

use super::super::world::Row;
use super::cells::{names, seconds, spelled, table, yes_no};
use super::{at, capital, headers, text_at};

/// Codes that the admin center calls interrupted.
const INTERRUPTED: &[&str] = &[
    "16000", "50055", "50058", "50072", "50074", "50076", "50079", "50097", "50125", "50127", "50129", "50140",
    "50158", "50199", "65001",
];

/// A download with the columns of one of the header rows.
pub fn csv(rows: &[Row], header: &str) -> String {
    let columns = names(header);
    let lines = rows.iter().map(|row| {
        let mut token_types = 0;
        let line = columns.iter().map(|name| {
            token_types += usize::from(*name == "Incoming token type");
            cell(&row.value, name.trim(), token_types == 2)
        });
        line.collect()
    });
    format!("\u{feff}{}", table(header, lines, ",", "\r\n"))
}

/// A download that a spreadsheet has saved again: semicolons, and dates in its own words.
pub fn saved_again(rows: &[Row]) -> String {
    let columns = names(headers::PORTAL_2023);
    let lines = rows.iter().map(|row| {
        let cell = |name: &&str| match *name {
            "Date (UTC)" => spelled(&text_at(&row.value, "createdDateTime"), "%Y-%m-%d %H:%M:%S"),
            name => cell(&row.value, name.trim(), false),
        };
        columns.iter().map(cell).collect()
    });
    format!("\u{feff}{}", table(headers::PORTAL_2023, lines, ";", "\r\n"))
}

/// The steps of these sign-ins, each a row; a sign-in without steps is not in it.
pub fn auth_details(rows: &[Row]) -> String {
    let lines = rows.iter().flat_map(|row| {
        let id = text_at(&row.value, "id");
        let steps = row.value.get("authenticationDetails").and_then(Value::as_array).cloned().unwrap_or_default();
        steps.into_iter().map(move |step| {
            vec![
                id.clone(),
                seconds(&text_at(&step, "authenticationStepDateTime")),
                text_at(&step, "authenticationMethod"),
                text_at(&step, "authenticationMethodDetail"),
                text_at(&step, "succeeded"),
                text_at(&step, "authenticationStepResultDetail"),
                text_at(&step, "authenticationStepRequirement"),
            ]
        })
    });
    format!("\u{feff}{}", table(headers::PORTAL_AUTH_DETAILS, lines, ",", "\r\n"))
}

fn cell(value: &Value, column: &str, friendly: bool) -> String {
    let text = |path: &str| text_at(value, path);
    match column {
        "Date (UTC)" => seconds(&text("createdDateTime")),
        "Request ID" => text("id"),
        "User agent" => text("userAgent"),
        "Correlation ID" => text("correlationId"),
        "User ID" => text("userId"),
        "User" => text("userDisplayName"),
        "Username" => text("userPrincipalName"),
        "User type" => capital(&text("userType")),
        "Cross tenant access type" => text("crossTenantAccessType"),
        "Incoming token type" if friendly => match text("incomingTokenType").as_str() {
            "primaryRefreshToken" => "Primary refresh token".into(),
            "saml11" => "SAML 1.1".into(),
            other => capital(other),
        },
        "Incoming token type" => text("incomingTokenType"),
        "Authentication Protocol" => text("authenticationProtocol"),
        "Unique token identifier" => match text("uniqueTokenIdentifier") {
            token if token.starts_with(['-', '+']) => format!("'{token}"),
            token => token,
        },
        "Original transfer method" => text("originalTransferMethod"),
        "Token Protection - Sign In Session" => text("tokenProtectionStatusDetails.signInSessionStatus"),
        "Token Protection - Sign In Session StatusCode" => text("tokenProtectionStatusDetails.signInSessionStatusCode"),
        "Service principal ID" => text("servicePrincipalId"),
        "Service principal name" => text("servicePrincipalName"),
        "Application" => text("appDisplayName"),
        "Application ID" => text("appId"),
        "App owner tenant ID" => text("appOwnerTenantId"),
        "Resource" => text("resourceDisplayName"),
        "Resource ID" => text("resourceId"),
        "Resource tenant ID" => text("resourceTenantId"),
        "Resource owner tenant ID" => text("resourceOwnerTenantId"),
        "Home tenant ID" => text("homeTenantId"),
        "IP address" => text("ipAddress"),
        "Location" => {
            let pieces = ["location.city", "location.state", "location.countryOrRegion"].map(text);
            pieces.into_iter().filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(", ")
        }
        "Status" => status(value),
        "Sign-in error code" => text("status.errorCode"),
        "Failure reason" => text("status.failureReason"),
        "Client app" => text("clientAppUsed"),
        "Device ID" => text("deviceDetail.deviceId"),
        "Browser" => text("deviceDetail.browser"),
        "Operating System" => text("deviceDetail.operatingSystem"),
        "Compliant" => yes_no(at(value, "deviceDetail.isCompliant")),
        "Managed" => yes_no(at(value, "deviceDetail.isManaged")),
        "Join Type" => text("deviceDetail.trustType"),
        "Multifactor authentication result" => text("status.additionalDetails"),
        "Authentication requirement" => match text("authenticationRequirement").as_str() {
            "multiFactorAuthentication" => "Multifactor authentication".into(),
            "singleFactorAuthentication" => "Single-factor authentication".into(),
            other => other.to_owned(),
        },
        "Session ID" => text("sessionId"),
        "Through Global Secure Access" => yes_no(at(value, "isThroughGlobalSecureAccess")),
        "Autonomous system  number" => text("autonomousSystemNumber"),
        "Flagged for review" => yes_no(at(value, "flaggedForReview")),
        "Token issuer type" => text("tokenIssuerType"),
        "Latency" => text("processingTimeInMilliseconds"),
        "Conditional Access" => conditional_access(value),
        _ => String::new(),
    }
}

/// How a sign-in ended, in one word.
pub fn status(value: &Value) -> String {
    match text_at(value, "status.errorCode").as_str() {
        "" => String::new(),
        "0" => "Success".into(),
        code if INTERRUPTED.contains(&code) => "Interrupted".into(),
        _ => "Failure".into(),
    }
}

/// What Conditional Access did, in the admin center's words.
pub fn conditional_access(value: &Value) -> String {
    match text_at(value, "conditionalAccessStatus").as_str() {
        "success" => "Success".into(),
        "failure" => "Failure".into(),
        "notApplied" => "Not Applied".into(),
        other => other.to_owned(),
    }
}

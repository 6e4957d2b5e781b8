//! The admin center's CSV: 57 columns, two of them with one name, friendly words, no risk and no policies.

use serde_json::Value;

use super::super::world::Row;
use super::{at, capital, text_at};

/// The header of 2025-12, blanks included.
const HEADER: &str = "Date (UTC),Request ID,User agent,Correlation ID,User ID,User,Username,User type,Cross tenant access type,Incoming token type,Authentication Protocol,Unique token identifier,Original transfer method,Client credential type,Token Protection - Sign In Session,Token Protection - Sign In Session StatusCode,Application,Application ID ,App owner tenant ID,Resource,Resource ID ,Resource tenant ID,Resource owner tenant ID,Home tenant ID,Home tenant name,IP address,Location,Status,Sign-in error code,Failure reason,Client app,Device ID,Browser,Operating System,Compliant,Managed,Join Type,Multifactor authentication result,Multifactor authentication auth method,Multifactor authentication auth detail,Authentication requirement,Sign-in identifier,Session ID,IP address (seen by resource),Through Global Secure Access,Global Secure Access IP address,Autonomous system  number,Flagged for review,Token issuer type,Incoming token type,Token issuer name,Latency,Conditional Access,Managed Identity type,Associated Resource Id,Federated Token Id,Federated Token Issuer";

/// Codes that the admin center calls interrupted.
const INTERRUPTED: &[&str] = &[
    "16000", "50055", "50058", "50072", "50074", "50076", "50079", "50097", "50125", "50127", "50129", "50140",
    "50158", "50199", "65001",
];

pub fn csv(rows: &[Row]) -> String {
    let names: Vec<&str> = HEADER.split(',').collect();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(&names).expect("a vector takes every write");
    for row in rows {
        let mut token_types = 0;
        let cells: Vec<String> = names
            .iter()
            .map(|name| {
                token_types += usize::from(*name == "Incoming token type");
                cell(&row.value, name.trim(), token_types == 2)
            })
            .collect();
        writer.write_record(&cells).expect("a vector takes every write");
    }
    let text = String::from_utf8(writer.into_inner().expect("a vector takes every write")).expect("cells are text");
    format!("\u{feff}{text}")
}

fn cell(value: &Value, column: &str, friendly: bool) -> String {
    let text = |path: &str| text_at(value, path);
    match column {
        "Date (UTC)" => {
            let created = text("createdDateTime");
            created.get(..19).map_or_else(|| created.clone(), |seconds| format!("{seconds}Z"))
        }
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
        "Status" => match text("status.errorCode").as_str() {
            "" => String::new(),
            "0" => "Success".into(),
            code if INTERRUPTED.contains(&code) => "Interrupted".into(),
            _ => "Failure".into(),
        },
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
        "Conditional Access" => match text("conditionalAccessStatus").as_str() {
            "success" => "Success".into(),
            "failure" => "Failure".into(),
            "notApplied" => "Not Applied".into(),
            other => other.to_owned(),
        },
        _ => String::new(),
    }
}

fn yes_no(flag: Option<&Value>) -> String {
    match flag.and_then(Value::as_bool) {
        Some(true) => "Yes".into(),
        Some(false) => "No".into(),
        None => String::new(),
    }
}

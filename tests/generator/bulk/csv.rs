//! Large logs as CSV: the portal's export of Log Analytics, and the admin center's download.

use std::fmt::Write as _;

use super::super::cast::OWN_TENANT;
use super::line::{Line, Said, american, seconds};

pub(super) fn log_analytics(text: &mut String, line: &Line<'_>, columns: &[&str]) {
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        match *column {
            "TimeGenerated" => quoted(text, |cell| american(cell, line.at + line.delay)),
            "CreatedDateTime" => quoted(text, |cell| american(cell, line.at)),
            "AuthenticationDetails" => json_cell(text, &line.details(Said::InFlags)),
            "ConditionalAccessPolicies" => json_cell(text, &line.policies(Said::InFlags)),
            "DeviceDetail" => json_cell(text, &line.device(Said::InFlags)),
            "LocationDetails" => json_cell(text, &line.location()),
            "Status" => json_cell(text, &line.status(Said::InFlags)),
            "UserAgent" => json_cell(text, line.system()[1]),
            "AuthenticationProcessingDetails" => json_cell(
                text,
                r#"[{"key":"Legacy TLS (TLS 1.0, 1.1, 3DES)","value":"False"},{"key":"Is CAE Token","value":"True"}]"#,
            ),
            "TokenProtectionStatusDetails" => {
                json_cell(text, r#"{"signInSessionStatus":"unbound","signInSessionStatusCode":1002}"#)
            }
            name => plain(text, line, name),
        }
    }
    text.push('\n');
}

fn plain(text: &mut String, line: &Line<'_>, column: &str) {
    let _ = match column {
        "Id" => write!(text, "{}", line.id),
        "OriginalRequestId" => write!(text, "{}", line.original),
        "CorrelationId" => write!(text, "{}", line.correlation),
        "ResultType" => write!(text, "{}", line.code),
        "UserId" => write!(text, "{}", line.user_id()),
        "Identity" | "UserDisplayName" => write!(text, "User {:05}", line.user),
        "UserPrincipalName" | "SignInIdentifier" => write!(text, "user{:05}@contoso.example", line.user),
        "IPAddress" => write!(text, "{}", line.address()),
        "SessionId" => write!(text, "{}", line.session()),
        "ResourceId" => write!(text, "/tenants/{OWN_TENANT}/providers/Microsoft.aadiam"),
        _ => write!(text, "{}", fixed(line, column)),
    };
}

fn fixed<'a>(line: &Line<'a>, column: &str) -> &'a str {
    match column {
        "TenantId" => "7c759f10-0000-4000-8000-00000000000a",
        "SourceSystem" => "Azure AD",
        "OperationName" => "Sign-in activity",
        "OperationVersion" => "1.0",
        "Category" => line.category(),
        "ResultSignature" => "None",
        "DurationMs" => "0",
        "Resource" | "ResourceGroup" => "Microsoft.aadiam",
        "Level" => "4",
        "Location" => line.country(),
        "AppId" => line.app[0],
        "AppDisplayName" => line.app[1],
        "ResourceIdentity" => line.app[2],
        "ResourceDisplayName" => line.app[3],
        "AuthenticationRequirement" => line.requirement(),
        "ClientAppUsed" => line.client_app(),
        "ConditionalAccessStatus" => line.conditional_access(),
        "IsInteractive" => "true",
        "NetworkLocationDetails"
        | "RiskEventTypes"
        | "RiskEventTypes_V2"
        | "AuthenticationRequirementPolicies"
        | "SessionLifetimePolicies" => "[]",
        "ProcessingTimeInMilliseconds" => "212",
        "RiskDetail"
        | "AuthenticationProtocol"
        | "CrossTenantAccessType"
        | "IncomingTokenType"
        | "OriginalTransferMethod" => "none",
        "RiskLevelAggregated" | "RiskLevelDuringSignIn" => line.risk,
        "RiskState" => line.risk_state(),
        "TokenIssuerType" => "AzureAD",
        "AADTenantId" | "ResourceTenantId" | "HomeTenantId" => OWN_TENANT,
        "UserType" => "Member",
        "FlaggedForReview" | "IsTenantRestricted" | "IsThroughGlobalSecureAccess" => "false",
        "AutonomousSystemNumber" => "64500",
        "Type" => "SigninLogs",
        _ => "",
    }
}

fn quoted(text: &mut String, write: impl FnOnce(&mut String)) {
    text.push('"');
    write(text);
    text.push('"');
}

fn json_cell(text: &mut String, json: &str) {
    text.push('"');
    for (at, piece) in json.split('"').enumerate() {
        if at > 0 {
            text.push_str("\"\"");
        }
        text.push_str(piece);
    }
    text.push('"');
}

/// A line of the admin center's download: words for people, no risk, no policies.
pub(super) fn portal(text: &mut String, line: &Line<'_>, columns: &[&str]) {
    let mut token_types = 0;
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        token_types += usize::from(*column == "Incoming token type");
        let _ = match *column {
            "Date (UTC)" => {
                seconds(text, line.at);
                Ok(())
            }
            "Request ID" => text.write_str(line.id),
            // Browsers name themselves with commas.
            "User agent" => write!(text, "\"{}\"", line.system()[1]),
            "Correlation ID" => text.write_str(line.correlation),
            "User ID" => text.write_str(&line.user_id()),
            "User" => write!(text, "User {:05}", line.user),
            "Username" | "Sign-in identifier" => write!(text, "user{:05}@contoso.example", line.user),
            "Unique token identifier" => text.write_str(line.id.get(..22).unwrap_or(line.id)),
            "IP address" => text.write_str(&line.address()),
            "Location" => write!(text, "\"Springfield, {}\"", line.country()),
            "Sign-in error code" => write!(text, "{}", line.code),
            "Session ID" => text.write_str(&line.session()),
            "Incoming token type" if token_types == 2 => text.write_str("None"),
            name => text.write_str(word(line, name)),
        };
    }
    text.push_str("\r\n");
}

/// What the admin center's download says for one word or another.
fn word<'a>(line: &Line<'a>, column: &str) -> &'a str {
    let device = line.user.is_multiple_of(3);
    match column {
        "User type" => "Member",
        "Cross tenant access type" | "Incoming token type" | "Authentication Protocol" | "Original transfer method" => {
            "none"
        }
        "Token Protection - Sign In Session" => "unbound",
        "Token Protection - Sign In Session StatusCode" => "1002",
        "Application" => line.app[1],
        "Application ID" => line.app[0],
        "App owner tenant ID" | "Resource owner tenant ID" => "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
        "Resource" => line.app[3],
        "Resource ID" => line.app[2],
        "Resource tenant ID" | "Home tenant ID" => OWN_TENANT,
        "Status" => match line.code {
            0 => "Success",
            50074 | 50076 => "Interrupted",
            _ => "Failure",
        },
        "Failure reason" => line.reason().unwrap_or("Other."),
        "Client app" => line.client_app(),
        "Browser" => "Edge 140.0.0",
        "Operating System" => line.system()[0],
        "Compliant" | "Managed" => {
            if device {
                "Yes"
            } else {
                "No"
            }
        }
        "Join Type" if device => "Azure AD joined",
        "Multifactor authentication result" => line.additional().unwrap_or(""),
        "Authentication requirement" => {
            if line.multi() {
                "Multifactor authentication"
            } else {
                "Single-factor authentication"
            }
        }
        "Through Global Secure Access" | "Flagged for review" => "No",
        "Autonomous system  number" => "64500",
        "Token issuer type" => "AzureAD",
        "Latency" => "212",
        "Conditional Access" => {
            if line.code == 0 {
                "Not Applied"
            } else {
                "Failure"
            }
        }
        _ => "",
    }
}

//! Log Analytics: the columns of a sign-in table, and their four renderings.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDateTime};
use serde_json::{Map, Value, json};

use super::super::text;
use super::super::world::Row;
use super::{at, diagnostic, text_at};

/// The columns of SigninLogs in 2026, in the order of a real file.
pub const INTERACTIVE: &str = "TimeGenerated,IPAddress,TenantId,SourceSystem,ResourceId,OperationName,OperationVersion,Category,ResultType,ResultSignature,ResultDescription,DurationMs,CorrelationId,Resource,ResourceGroup,ResourceProvider,Identity,Level,Location,AlternateSignInName,AppDisplayName,AppId,AuthenticationContextClassReferences,AuthenticationDetails,AppliedEventListeners,AuthenticationMethodsUsed,AuthenticationProcessingDetails,AuthenticationRequirement,AuthenticationRequirementPolicies,ClientAppUsed,ConditionalAccessPolicies,ConditionalAccessStatus,CreatedDateTime,DeviceDetail,IsInteractive,Id,IsRisky,LocationDetails,MfaDetail,NetworkLocationDetails,OriginalRequestId,ProcessingTimeInMilliseconds,RiskDetail,RiskEventTypes,RiskEventTypes_V2,RiskLevelAggregated,RiskLevelDuringSignIn,RiskState,ResourceDisplayName,ResourceIdentity,ResourceServicePrincipalId,ServicePrincipalId,ServicePrincipalName,Status,TokenIssuerName,TokenIssuerType,UserAgent,UserDisplayName,UserId,UserPrincipalName,AADTenantId,UserType,FlaggedForReview,IPAddressFromResourceProvider,SignInIdentifier,SignInIdentifierType,ResourceTenantId,HomeTenantId,UniqueTokenIdentifier,SessionId,SessionLifetimePolicies,AutonomousSystemNumber,AuthenticationProtocol,CrossTenantAccessType,AuthenticationAppDeviceDetails,AuthenticationAppPolicyEvaluationDetails,ClientCredentialType,FederatedCredentialId,GlobalSecureAccessIpAddress,HomeTenantName,IncomingTokenType,IsTenantRestricted,IsThroughGlobalSecureAccess,OriginalTransferMethod,TokenProtectionStatusDetails,AppOwnerTenantId,ResourceOwnerTenantId,Agent,SourceAppClientId,ConditionalAccessAudiences,AuthenticatorAppLocation,AppliedConditionalAccessPolicies,RiskLevel,Type";

/// The columns of AADNonInteractiveUserSignInLogs in 2026.
const NON_INTERACTIVE: &str = "TimeGenerated,IPAddress,TenantId,SourceSystem,OperationName,OperationVersion,Category,ResultType,ResultSignature,ResultDescription,DurationMs,CorrelationId,ResourceGroup,Identity,Level,Location,AADTenantId,Agent,AlternateSignInName,AppDisplayName,AppId,AppliedEventListeners,AppOwnerTenantId,AuthenticationContextClassReferences,AuthenticationDetails,AuthenticationMethodsUsed,AuthenticationProcessingDetails,AuthenticationProtocol,AuthenticationRequirement,AuthenticationRequirementPolicies,AuthenticatorAppLocation,AutonomousSystemNumber,ClientAppUsed,ClientCredentialType,ClientSessionId,ConditionalAccessAudiences,ConditionalAccessPolicies,ConditionalAccessPoliciesV2,ConditionalAccessStatus,CreatedDateTime,CrossTenantAccessType,DeviceDetail,FederatedCredentialId,GlobalSecureAccessIpAddress,HomeTenantId,HomeTenantName,Id,IncomingTokenType,IsInteractive,IsRisky,IsTenantRestricted,IsThroughGlobalSecureAccess,LocationDetails,MfaDetail,NetworkLocationDetails,OriginalRequestId,OriginalTransferMethod,ProcessingTimeInMs,ResourceDisplayName,ResourceIdentity,ResourceOwnerTenantId,ResourceServicePrincipalId,ResourceTenantId,RiskDetail,RiskEventTypes,RiskEventTypes_V2,RiskLevelAggregated,RiskLevelDuringSignIn,RiskState,ServicePrincipalId,SessionId,SessionLifetimePolicies,SignInEventTypes,SignInIdentifierType,TokenProtectionStatusDetails,Status,TokenIssuerName,TokenIssuerType,UniqueTokenIdentifier,UserAgent,UserDisplayName,UserId,UserPrincipalName,UserType,Type";

/// Columns that are objects in SigninLogs and texts in the other table: a union of the two has each of them twice.
const CLASHING: &[&str] = &["ConditionalAccessPolicies", "DeviceDetail", "LocationDetails", "MfaDetail", "Status"];

/// One object of columns a line, as data export writes them; an empty column is left out.
pub fn lines(rows: &[Row]) -> String {
    rows.iter()
        .map(|row| {
            let properties = diagnostic::properties(&row.value);
            let cells: Map<String, Value> = columns(std::slice::from_ref(row))
                .into_iter()
                .map(|name| {
                    let cell = cell(row, &properties, &name);
                    (name, cell)
                })
                .filter(|(_, cell)| !matches!(cell, Value::Null) && cell != "")
                .collect();
            text::compact(&Value::Object(cells)) + "\n"
        })
        .collect()
}

/// The answer of the query API: a dynamic column is JSON text in its cell.
pub fn tables(rows: &[Row]) -> String {
    let names = columns(rows);
    let columns: Vec<Value> = names.iter().map(|name| json!({"name": name, "type": kind(name)})).collect();
    let lines: Vec<Value> = rows
        .iter()
        .map(|row| {
            let properties = diagnostic::properties(&row.value);
            let cells: Vec<Value> = names
                .iter()
                .map(|name| match cell(row, &properties, name) {
                    nested @ (Value::Object(_) | Value::Array(_)) => text::compact(&nested).into(),
                    plain => plain,
                })
                .collect();
            Value::Array(cells)
        })
        .collect();
    text::compact(&json!({"tables": [{"name": "PrimaryResult", "columns": columns, "rows": lines}]}))
}

/// The portal's CSV: times in the words of an American browser, JSON in the cells.
pub fn csv(rows: &[Row], indent: Option<usize>) -> String {
    let names = columns(rows);
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let header: Vec<String> = names
        .iter()
        .map(|name| if kind(name) == "datetime" { format!("{name} [UTC]") } else { name.clone() })
        .collect();
    writer.write_record(&header).expect("a vector takes every write");
    for row in rows {
        let properties = diagnostic::properties(&row.value);
        let record: Vec<String> = names
            .iter()
            .map(|name| match (kind(name), cell(row, &properties, name)) {
                (_, Value::Null) => String::new(),
                ("datetime", Value::String(time)) => american(&time),
                (_, Value::String(text)) => match (indent, serde_json::from_str::<Value>(&text)) {
                    (Some(indent), Ok(nested @ (Value::Object(_) | Value::Array(_)))) => text::pretty(&nested, indent),
                    _ => text,
                },
                (_, nested @ (Value::Object(_) | Value::Array(_))) => match indent {
                    Some(indent) => text::pretty(&nested, indent),
                    None => text::compact(&nested),
                },
                (_, other) => other.to_string(),
            })
            .collect();
        writer.write_record(&record).expect("a vector takes every write");
    }
    String::from_utf8(writer.into_inner().expect("a vector takes every write")).expect("cells are text")
}

/// `6/15/2026, 12:40:24.178 PM`; what is no time stays.
pub fn american(time: &str) -> String {
    let parsed = DateTime::parse_from_rfc3339(time)
        .map(|time| time.naive_utc())
        .or_else(|_| NaiveDateTime::parse_from_str(time, "%Y-%m-%dT%H:%M:%S%.f"));
    match parsed {
        Ok(time) => time.format("%-m/%-d/%Y, %-I:%M:%S%.3f %p").to_string(),
        Err(_) => time.to_owned(),
    }
}

/// The columns of the table the rows are in; of the union, if they are in several.
fn columns(rows: &[Row]) -> Vec<String> {
    let categories: BTreeSet<&str> = rows.iter().map(|row| row.category).collect();
    let own = |text: &'static str| text.split(',').map(str::to_owned).collect::<Vec<String>>();
    match (categories.contains("SignInLogs"), categories.len()) {
        (true, 1) => own(INTERACTIVE),
        (_, 0 | 1) => own(NON_INTERACTIVE),
        _ => {
            let mut names = own(INTERACTIVE);
            for name in own(NON_INTERACTIVE) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            names
                .iter()
                .flat_map(|name| {
                    if CLASHING.contains(&name.as_str()) {
                        vec![format!("{name}_dynamic"), format!("{name}_string")]
                    } else {
                        vec![name.clone()]
                    }
                })
                .collect()
        }
    }
}

fn kind(column: &str) -> &'static str {
    match column {
        "TimeGenerated" | "CreatedDateTime" => "datetime",
        "IsInteractive" | "IsRisky" | "FlaggedForReview" | "IsTenantRestricted" => "bool",
        "DurationMs" | "ProcessingTimeInMilliseconds" | "ProcessingTimeInMs" => "long",
        name if CLASHING.contains(&name.trim_end_matches("_dynamic")) || name == "ConditionalAccessPoliciesV2" => {
            "dynamic"
        }
        _ => "string",
    }
}

/// A cell: nested values are JSON in the dynamic columns of SigninLogs, and JSON text in all others.
fn cell(row: &Row, properties: &Value, column: &str) -> Value {
    let interactive = row.category == "SignInLogs";
    let (name, wanted) = match column.rsplit_once('_') {
        Some((name, "dynamic")) => (name, Some(true)),
        Some((name, "string")) => (name, Some(false)),
        _ => (column, None),
    };
    if wanted.is_some_and(|dynamic| dynamic != interactive) {
        return Value::Null;
    }
    let value = content(row, properties, name);
    let dynamic = (interactive && CLASHING.contains(&name)) || name == "ConditionalAccessPoliciesV2";
    match value {
        nested @ (Value::Object(_) | Value::Array(_)) if !dynamic => text::compact(&nested).into(),
        other => other,
    }
}

fn content(row: &Row, properties: &Value, column: &str) -> Value {
    let value = &row.value;
    let member = |path: &str| at(properties, path).cloned().unwrap_or(Value::Null);
    let interactive = row.category == "SignInLogs";
    match column {
        "TimeGenerated" => row.delivered.clone().unwrap_or_else(|| text_at(value, "createdDateTime")).into(),
        "CreatedDateTime" => member("createdDateTime"),
        "IPAddress" => member("ipAddress"),
        "TenantId" => "7c759f10-0000-4000-8000-00000000000a".into(),
        "SourceSystem" => "Azure AD".into(),
        "ResourceId" => format!("/tenants/{}/providers/Microsoft.aadiam", text_at(value, "resourceTenantId")).into(),
        "AADTenantId" => member("resourceTenantId"),
        "OperationName" => "Sign-in activity".into(),
        "OperationVersion" => "1.0".into(),
        "Category" => row.category.into(),
        "ResultType" => text_at(value, "status.errorCode").into(),
        "ResultSignature" => "None".into(),
        "ResultDescription" => text_at(properties, "status.failureReason").into(),
        "DurationMs" => 0.into(),
        "Resource" | "ResourceGroup" if interactive => "Microsoft.aadiam".into(),
        "Identity" | "UserDisplayName" => member("userDisplayName"),
        "Level" => "4".into(),
        "Location" => member("location.countryOrRegion"),
        "LocationDetails" => member("location"),
        "ConditionalAccessPolicies" => member("appliedConditionalAccessPolicies"),
        "ConditionalAccessPoliciesV2" if !interactive => member("appliedConditionalAccessPolicies"),
        "AppliedConditionalAccessPolicies" | "RiskLevel" | "IsRisky" => Value::Null,
        "ResourceIdentity" => member("resourceId"),
        "RiskEventTypes_V2" | "RiskEventTypes" => member("riskEventTypes_v2"),
        "SignInEventTypes" => at(value, "signInEventTypes").cloned().unwrap_or(Value::Null),
        "ProcessingTimeInMilliseconds" | "ProcessingTimeInMs" => member("processingTimeInMilliseconds"),
        "AutonomousSystemNumber" => text_at(value, "autonomousSystemNumber").into(),
        "Type" => match row.category {
            "SignInLogs" => "SigninLogs",
            "NonInteractiveUserSignInLogs" => "AADNonInteractiveUserSignInLogs",
            "ServicePrincipalSignInLogs" => "AADServicePrincipalSignInLogs",
            "ManagedIdentitySignInLogs" => "AADManagedIdentitySignInLogs",
            other => other,
        }
        .into(),
        name => {
            let mut letters = name.chars();
            let camel: String =
                letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect();
            member(&camel)
        }
    }
}

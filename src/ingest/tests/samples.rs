//! One sign-in in the shape of every format.

use serde_json::{Value, json};

/// A sign-in as Graph beta shows it, with every member that a column reads.
pub(super) fn sign_in() -> Value {
    const TEXT: &str = r#"{
        "id": "0a1b2c3d-0000-4000-8000-000000000001", "createdDateTime": "2026-06-15T12:40:24.178Z",
        "correlationId": "corr-1", "originalRequestId": "orig-1", "userId": "User-1",
        "userPrincipalName": "ada@example.com", "userType": "member", "crossTenantAccessType": "none",
        "homeTenantId": "tenant-1", "resourceTenantId": "tenant-1", "appId": "app-1", "appDisplayName": "App \"One\"",
        "resourceId": "res-1", "resourceDisplayName": "Résumé, Office", "resourceOwnerTenantId": "owner-1",
        "conditionalAccessAudiences": ["b", "a"], "clientAppUsed": "Browser", "userAgent": "Mozilla/5.0 (X11)",
        "deviceDetail": {"deviceId": "dev-1", "displayName": "PC", "operatingSystem": "Windows10", "browser": "Edge 140",
            "isCompliant": true, "isManaged": false, "trustType": "Azure AD joined"},
        "location": {"city": "Lyon", "state": "Rhône", "countryOrRegion": "FR", "geoCoordinates": {"latitude": 45.7}},
        "ipAddress": "192.0.2.7",
        "networkLocationDetails": [{"networkType": "trustedNamedLocation", "networkNames": ["HQ"]}],
        "isThroughGlobalSecureAccess": false, "signInEventTypes": ["nonInteractiveUser"], "isInteractive": false,
        "status": {"errorCode": 50074, "failureReason": "Strong authentication is required.", "additionalDetails": "MFA required"},
        "conditionalAccessStatus": "failure",
        "appliedConditionalAccessPolicies": [{"id": "pol-1", "displayName": "P1", "enforcedGrantControls": ["Mfa"],
            "enforcedSessionControls": ["SignInFrequency"], "result": "failure", "conditionsSatisfied": "application,users",
            "conditionsNotSatisfied": "none", "includeRulesSatisfied":
                [{"conditionalAccessCondition": "users", "ruleSatisfied": "allUsers"}], "excludeRulesSatisfied": []}],
        "riskLevelDuringSignIn": "medium", "riskLevelAggregated": "low", "riskState": "atRisk", "riskDetail": "none",
        "riskEventTypes_v2": ["anonymizedIPAddress", "unfamiliarFeatures"], "riskEventTypes": ["generic"],
        "authenticationRequirement": "multiFactorAuthentication",
        "authenticationDetails": [{"authenticationStepDateTime": "2026-06-15T12:40:20Z", "authenticationMethod": "Password",
            "authenticationMethodDetail": "Password Hash Sync", "succeeded": true,
            "authenticationStepResultDetail": "Correct password", "authenticationStepRequirement": "Primary authentication"}],
        "authenticationContextClassReferences": [], "authenticationProtocol": "deviceCode",
        "originalTransferMethod": "deviceCodeFlow", "incomingTokenType": "primaryRefreshToken", "sessionId": "sess-1",
        "tokenIssuerType": "AzureAD", "tokenProtectionStatusDetails": {"signInSessionStatus": "bound", "signInSessionStatusCode": 0},
        "servicePrincipalId": "00000000-0000-0000-0000-000000000000"
    }"#;
    serde_json::from_str(TEXT).unwrap()
}

/// The same sign-in inside the envelope of a diagnostic record: numbers for flags, another case for words.
pub(super) fn diagnostic(category: &str) -> Value {
    let mut inside = sign_in();
    inside["userType"] = json!("Member");
    inside["createdDateTime"] = json!("2026-06-15T12:40:24.1780000+00:00");
    inside["appliedConditionalAccessPolicies"][0]["conditionsSatisfied"] = json!(3);
    inside["appliedConditionalAccessPolicies"][0]["conditionsNotSatisfied"] = json!(0);
    inside["deviceDetail"].as_object_mut().unwrap().remove("isManaged"); // Left out, since it is false.
    inside["conditionalAccessAudiences"] = json!([{"applicationId": "a"}, {"applicationId": "b"}]);
    json!({"time": "2026-06-15T12:43:00Z", "resourceId": "/tenants/t/providers/Microsoft.aadiam", "category": category,
        "operationName": "Sign-in activity", "resultType": "50074", "callerIpAddress": "192.0.2.9", "location": "FR",
        "correlationId": "corr-1", "Level": 4, "properties": inside})
}

/// The columns of a Log Analytics row; nested ones are JSON, or JSON as text.
pub(super) fn log_analytics_row(nested_as_text: bool) -> Vec<(String, Value)> {
    let record = diagnostic("NonInteractiveUserSignInLogs");
    let mut row = vec![
        ("TimeGenerated".to_owned(), record["time"].clone()),
        ("ResourceId".to_owned(), record["resourceId"].clone()),
        ("TenantId".to_owned(), json!("workspace")),
        ("ResultType".to_owned(), record["resultType"].clone()),
        ("Location".to_owned(), json!("FR")),
        ("Type".to_owned(), json!("AADNonInteractiveUserSignInLogs")),
        ("AppliedConditionalAccessPolicies".to_owned(), json!("")),
        ("ConditionalAccessPoliciesV2".to_owned(), json!("[]")),
    ];
    for (key, value) in record["properties"].as_object().unwrap() {
        let name = match key.as_str() {
            "resourceId" => "ResourceIdentity".to_owned(),
            "location" => "LocationDetails".to_owned(),
            "ipAddress" => "IPAddress".to_owned(),
            "appliedConditionalAccessPolicies" => "ConditionalAccessPolicies".to_owned(),
            "riskEventTypes_v2" => "RiskEventTypes_V2".to_owned(),
            other => other[..1].to_uppercase() + &other[1..],
        };
        let is_nested = value.is_array() || value.is_object();
        row.push((name, if is_nested && nested_as_text { json!(value.to_string()) } else { value.clone() }));
    }
    row
}

pub(super) fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The portal's CSV: dates in American, nested columns pretty printed over several lines.
pub(super) fn log_analytics_csv() -> String {
    let date = "6/15/2026, 12:40:24.178\u{202f}PM";
    let mut header = Vec::new();
    let mut cells = Vec::new();
    for (name, value) in log_analytics_row(false) {
        let zone = if name == "TimeGenerated" || name == "CreatedDateTime" { " [UTC]" } else { "" };
        let text = match name.as_str() {
            "TimeGenerated" => "6/15/2026, 12:43:00.000 PM".to_owned(),
            "CreatedDateTime" => date.to_owned(),
            _ if value.is_object() || value.is_array() => serde_json::to_string_pretty(&value).unwrap(),
            _ => plain(&value),
        };
        if name == "DeviceDetail" {
            header.extend([cell("DeviceDetail_dynamic"), cell("DeviceDetail_string")]);
            cells.extend([cell(&text), String::new()]);
        } else {
            header.push(cell(&format!("{name}{zone}")));
            cells.push(cell(&text));
        }
    }
    format!("{}\n{}\n", header.join(","), cells.join(","))
}

pub(super) fn log_analytics_tables(with_error: bool) -> String {
    let row = log_analytics_row(true);
    let columns: Vec<Value> = row.iter().map(|(name, _)| json!({"name": name, "type": "string"})).collect();
    let cells: Vec<&Value> = row.iter().map(|(_, value)| value).collect();
    let mut result = json!({"tables": [{"name": "PrimaryResult", "columns": columns, "rows": [cells]}]});
    if with_error {
        result["error"] = json!({"code": "PartialError"});
    }
    result.to_string()
}

pub(super) fn log_analytics_object() -> Value {
    Value::Object(log_analytics_row(true).into_iter().collect())
}

pub(super) fn powershell(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(key, value)| (key[..1].to_uppercase() + &key[1..].replace('_', ""), powershell(value)))
                .collect(),
        ),
        Value::Array(entries) => entries.iter().map(powershell).collect(),
        other => other.clone(),
    }
}

pub(super) const DOWNLOAD_2025: &str = "Date (UTC),Request ID,User agent,Correlation ID,User ID,User,Username,User type,Cross tenant access type,Incoming token type,Authentication Protocol,Unique token identifier,Original transfer method,Client credential type,Token Protection - Sign In Session,Token Protection - Sign In Session StatusCode,Application,Application ID ,App owner tenant ID,Resource,Resource ID ,Resource tenant ID,Resource owner tenant ID,Home tenant ID,Home tenant name,IP address,Location,Status,Sign-in error code,Failure reason,Client app,Device ID,Browser,Operating System,Compliant,Managed,Join Type,Multifactor authentication result,Multifactor authentication auth method,Multifactor authentication auth detail,Authentication requirement,Sign-in identifier,Session ID,IP address (seen by resource),Through Global Secure Access,Global Secure Access IP address,Autonomous system  number,Flagged for review,Token issuer type,Incoming token type,Token issuer name,Latency,Conditional Access,Managed Identity type,Associated Resource Id,Federated Token Id,Federated Token Issuer";
pub(super) const DOWNLOAD_2023: &str = "Date (UTC),Request ID,Correlation ID,User ID,User,Username,User type,Cross tenant access type,Incoming token type,Authentication Protocol,Unique token identifier,Client credential type,Application,Application ID ,Resource,Resource ID ,Resource tenant ID,Home tenant ID,Home tenant name,IP address,Location,Status,Sign-in error code,Failure reason,Client app,Device ID,Browser,Operating System,Compliant,Managed,Join Type,Multifactor authentication result,Multifactor authentication auth method,Multifactor authentication auth detail,Authentication requirement,Sign-in identifier,IP address (seen by resource),Autonomous system  number,Flagged for review,Token issuer type,Incoming token type,Token issuer name,Latency,Conditional Access";
pub(super) const WORKLOADS: &str = "Date (UTC),Request ID,Correlation ID,Service principal ID,Service principal name,Credential key ID,Credential thumbprint,Application,Application ID ,App owner tenant ID,Resource,Resource ID ,Resource tenant ID,Resource owner tenant ID,Home tenant ID,Home tenant name,IP address,Location,Status,Sign-in error code,Failure reason,Conditional Access";

/// The sign-in as the admin center downloads it, under any generation of its header.
pub(super) fn download(header: &str, date: &str) -> String {
    let mut tokens = ["primaryRefreshToken", "Primary refresh token"].into_iter();
    let value = |name: &str| match name.trim() {
        "Date (UTC)" => date.to_owned(),
        "Request ID" => "0a1b2c3d-0000-4000-8000-000000000001".to_owned(),
        "User agent" => "Mozilla/5.0 (X11)".to_owned(),
        "Correlation ID" => "corr-1".to_owned(),
        "User ID" => "User-1".to_owned(),
        "Service principal ID" => "sp-1".to_owned(),
        "Username" => "ada@example.com".to_owned(),
        "User type" => "Member".to_owned(),
        "Cross tenant access type" => "B2B collaboration".to_owned(),
        "Incoming token type" => tokens.next().unwrap().to_owned(),
        "Authentication Protocol" => "Device code".to_owned(),
        "Unique token identifier" => "'-abc".to_owned(),
        "Original transfer method" => "Device code flow".to_owned(),
        "Token Protection - Sign In Session" => "Bound".to_owned(),
        "Application" => cell("App \"One\""),
        "Application ID" => "app-1".to_owned(),
        "Resource" => cell("Résumé, Office"),
        "Resource ID" => "res-1".to_owned(),
        "Resource tenant ID" | "Home tenant ID" => "tenant-1".to_owned(),
        "Resource owner tenant ID" => "owner-1".to_owned(),
        "IP address" => "192.0.2.7".to_owned(),
        "Location" => cell("Lyon, Rhône, FR"),
        "Status" => "Failure".to_owned(),
        "Sign-in error code" => "50074".to_owned(),
        "Failure reason" => "Strong authentication is required.".to_owned(),
        "Client app" => "Browser".to_owned(),
        "Device ID" => "dev-1".to_owned(),
        "Browser" => "Edge 140".to_owned(),
        "Operating System" => "Windows10".to_owned(),
        "Compliant" => "Yes".to_owned(),
        "Managed" => "No".to_owned(),
        "Join Type" => "Azure AD joined".to_owned(),
        "Multifactor authentication result" => "MFA required".to_owned(),
        "Authentication requirement" => "Multifactor authentication".to_owned(),
        "Session ID" => "sess-1".to_owned(),
        "Through Global Secure Access" => "No".to_owned(),
        "Token issuer type" => "Azure AD".to_owned(),
        "Conditional Access" => "Failure".to_owned(),
        _ => "-".to_owned(),
    };
    let cells: Vec<String> = header.split(',').map(value).collect();
    format!("{header}\r\n{}\r\n", cells.join(","))
}

/// A diagnostic record as Elastic's integration keeps it: names in snake case.
pub(super) fn elastic() -> Value {
    fn snake(value: &Value) -> Value {
        match value {
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| (snake_name(name), snake(value)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            Value::Array(entries) => entries.iter().map(snake).collect(),
            other => other.clone(),
        }
    }
    fn snake_name(name: &str) -> String {
        match name {
            "createdDateTime" => "created_at".to_owned(),
            "riskLevelDuringSignIn" => "risk_level_during_signin".to_owned(),
            _ => name.chars().fold(String::new(), |mut snake, letter| {
                if letter.is_uppercase() {
                    snake.push('_');
                }
                snake.extend(letter.to_lowercase());
                snake
            }),
        }
    }
    snake(&diagnostic("NonInteractiveUserSignInLogs"))
}

pub(super) const DETECTIONS: &str =
    "Id,RequestId,RiskLevel,DetectionTimingType\nd,0a1b2c3d-0000-4000-8000-000000000001,high,realtime\n";
pub(super) const STEPS: &str = "Request ID,Date (UTC),Authentication method,Authentication method detail,Succeeded,Result detail,Requirement\n0A1B2C3D-0000-4000-8000-000000000001,2026-06-15T12:40:20Z,Password,Password Hash Sync,Yes,Correct password,Primary authentication\n";
pub(super) const RISKY: &str = "Date,User,Username,Request ID,Application,IP address,Risk state,Risk level (aggregate),Risk level (real-time)\n2026-06-15T12:40:24Z,Ada,ada@example.com,0a1b2c3d-0000-4000-8000-000000000001,App,192.0.2.7,At risk,High,Medium\n";

pub(super) fn defender() -> Value {
    json!({"Timestamp": "2026-06-15T12:40:24.178Z", "Application": "App", "ApplicationId": "app-1", "LogonType": "[\"nonInteractiveUser\"]",
        "ErrorCode": 50074, "CorrelationId": "corr-1", "AccountObjectId": "User-1", "AccountUpn": "ada@example.com", "IsGuestUser": 0,
        "EntraIdDeviceId": "dev-1", "OSPlatform": "Windows10", "DeviceTrustType": "AzureAd", "IsManaged": 0, "IsCompliant": 1,
        "RiskLevelAggregated": 50, "RiskState": 4, "ConditionalAccessStatus": 1, "ConditionalAccessPolicies": "[]", "IPAddress": "192.0.2.7",
        "Country": "FR", "State": "Rhône", "City": "Lyon", "RequestId": "0a1b2c3d-0000-4000-8000-000000000001", "TokenIssuerType": 0})
}

pub(super) fn defender_csv() -> String {
    let row = defender();
    let members = row.as_object().unwrap();
    let names: Vec<&str> = members.keys().map(String::as_str).collect();
    let cells: Vec<String> = members.values().map(|value| cell(&plain(value))).collect();
    format!("{}\n{}\n", names.join(","), cells.join(","))
}

/// One file of every format, by the format's name.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let graph = sign_in();
    let record = diagnostic("NonInteractiveUserSignInLogs");
    let row = log_analytics_object();
    let lines = |value: &Value| format!("{value}\n{value}\n");
    let powershell = powershell(&graph);
    let csv = "Id,CreatedDateTime,UserPrincipalName,AppId,IPAddress,DeviceDetail\n1,2026-06-15T12:40:24Z,ada@example.com,app-1,192.0.2.7,Microsoft.Graph.PowerShell.Models.MicrosoftGraphDeviceDetail\n";
    vec![
        ("graph-json", json!({"@odata.context": "x/$metadata#auditLogs/signIns", "value": [graph]}).to_string()),
        ("graph-ndjson", lines(&graph)),
        ("diagnostic-json", json!({"records": [record]}).to_string()),
        ("diagnostic-ndjson", lines(&record)),
        ("log-analytics-json", json!([row]).to_string()),
        ("log-analytics-ndjson", lines(&row)),
        ("log-analytics-tables", log_analytics_tables(false)),
        ("log-analytics-csv", log_analytics_csv()),
        ("powershell-json", serde_json::to_string_pretty(&powershell).unwrap()),
        ("powershell-csv", csv.to_owned()),
        (
            "risk-detections",
            json!({"value": [{"id": "d", "requestId": "r", "riskLevel": "high", "detectionTimingType": "realtime"}]})
                .to_string(),
        ),
        ("risk-detections", DETECTIONS.to_owned()),
        ("admin-center-auth-details-csv", STEPS.to_owned()),
        ("risky-sign-ins-csv", RISKY.to_owned()),
        ("defender-json", json!({"results": [defender()]}).to_string()),
        ("defender-ndjson", lines(&defender())),
        ("defender-csv", defender_csv()),
        ("elastic-json", json!([elastic()]).to_string()),
        ("elastic-ndjson", lines(&elastic())),
        ("admin-center-csv", download(DOWNLOAD_2025, "2026-06-15T12:40:24Z")),
        ("admin-center-workload-csv", download(WORKLOADS, "2026-06-15T12:40:24Z")),
    ]
}

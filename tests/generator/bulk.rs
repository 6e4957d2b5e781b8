//! Large logs for benches, streamed: a company's month of sign-ins, records of 3 to 4 kB with four policies each.
//! Written with format strings, because building a tree of values a row would cost more than what is measured.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use chrono::{Datelike as _, Timelike as _};
use serde_json::{Value, json};

use super::cast::OWN_TENANT;
use super::dice::{Dice, guid_of, instant, october};
use super::formats::{Shape, cells::names, headers};
use super::text;

/// A group that holds every tenth user.
pub const GROUP: &str = "b01c0000-0000-4000-8000-000000000010";

/// Applications with the resource they ask for: ids and names.
const APPS: &[[&str; 4]] = &[
    [
        "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
        "Microsoft Teams",
        "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe",
        "Microsoft Teams Services",
    ],
    [
        "d3590ed6-52b3-4102-aeff-aad2292ab01c",
        "Microsoft Office",
        "00000003-0000-0000-c000-000000000000",
        "Microsoft Graph",
    ],
    [
        "9199bf20-a13f-4107-85dc-02114787ef48",
        "One Outlook Web",
        "00000002-0000-0ff1-ce00-000000000000",
        "Office 365 Exchange Online",
    ],
    [
        "08e18876-6177-487e-b8b5-cf950c1e598c",
        "SharePoint Online Web Client Extensibility",
        "00000003-0000-0ff1-ce00-000000000000",
        "Office 365 SharePoint Online",
    ],
    [
        "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
        "Azure Portal",
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "Windows Azure Service Management API",
    ],
    [
        "a9900000-0000-4000-8000-000000000001",
        "Contoso Expenses",
        "a9900000-0000-4000-8000-000000000001",
        "Contoso Expenses",
    ],
];

/// Operating systems with a user agent.
const SYSTEMS: &[[&str; 2]] = &[
    [
        "Windows10",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
    ],
    [
        "MacOs",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Safari/605.1.15",
    ],
    [
        "Ios 18.2.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    ],
    [
        "Android 14",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    ],
];

const COUNTRIES: &[&str] = &["FR", "FR", "FR", "FR", "DE", "DE", "NL", "US", "BR"];

/// Writes a log of this many rows: a hundred a user, one in a hundred attempts risky, a third of them interactive.
/// Diagnostic lines hold both kinds, the CSV of Log Analytics the interactive one.
pub fn bulk(seed: u64, rows: usize, out: &mut dyn Write, shape: Shape) -> io::Result<()> {
    let columns: Vec<&str> =
        names(headers::SIGN_IN_LOGS_2026).into_iter().map(|name| name.trim_end_matches(" [UTC]")).collect();
    let write: fn(&mut String, &Line<'_>, &[&str]) = match shape {
        Shape::DiagnosticLines => diagnostic,
        Shape::LogAnalyticsCsv => {
            writeln!(out, "{}", headers::SIGN_IN_LOGS_2026)?;
            cells
        }
        other => return Err(io::Error::other(format!("bulk does not write {other:?}"))),
    };
    let mut dice = Dice::new(seed);
    let users = users(rows);
    let mut text = String::with_capacity(64 * 1024);
    let step = 30 * 86_400_000 / i64::try_from(rows.max(1)).unwrap_or(i64::MAX);
    let mut left = rows;
    while left > 0 {
        // Few users sign in often, many seldom.
        let user = (dice.below(users) * (1 + dice.below(users))) / users;
        let at = october(1, 0, 0, 0) + step.max(1) * i64::try_from(rows - left).unwrap_or(0) + dice.between(0, 400);
        let interactive = shape == Shape::LogAnalyticsCsv || dice.chance(33);
        let codes: &[u32] = match (interactive, dice.below(100)) {
            (true, 0..78) | (false, 0..93) => &[0],
            (true, 78..90) => &[50074, 0],
            (true, 90..93) => &[50074, 500_121],
            (true, 93..98) => &[50126],
            (true, _) => &[53003],
            (false, 93..96) => &[50076],
            (false, _) => &[700_082],
        };
        let risk = match dice.below(1000) {
            0..3 => "high",
            3..10 => "medium",
            10..16 => "low",
            _ => "none",
        };
        let (original, correlation) = (dice.guid(), dice.guid());
        for (place, code) in codes.iter().take(left).enumerate() {
            let id = if place == 0 { original.clone() } else { dice.guid() };
            let line = Line {
                id: &id,
                original: &original,
                correlation: &correlation,
                at: at + 15_000 * i64::try_from(place).unwrap_or(0),
                delay: dice.between(60_000, 300_000),
                user,
                interactive,
                code: *code,
                asked: place > 0,
                risk,
                claim: dice.chance(40),
                app: dice.pick(APPS),
            };
            write(&mut text, &line, &columns);
        }
        left -= codes.len().min(left);
        if text.len() > 48 * 1024 {
            out.write_all(text.as_bytes())?;
            text.clear();
        }
    }
    out.write_all(text.as_bytes())
}

/// What changes from row to row; the rest follows from the user.
struct Line<'a> {
    id: &'a str,
    original: &'a str,
    correlation: &'a str,
    at: i64,
    delay: i64,
    user: usize,
    interactive: bool,
    code: u32,
    asked: bool,
    risk: &'a str,
    claim: bool,
    app: &'a [&'static str; 4],
}

impl Line<'_> {
    fn category(&self) -> &'static str {
        if self.interactive { "SignInLogs" } else { "NonInteractiveUserSignInLogs" }
    }

    fn user_id(&self) -> String {
        user_id(self.user)
    }

    /// A session lasts a day.
    fn session(&self) -> String {
        guid_of(0x5e55_0000_0000_4000_8000_0000_0000_0000 + self.user as u128 * 64 + u128::from(instant(self.at).day()))
    }

    fn system(&self) -> &'static [&'static str; 2] {
        &SYSTEMS[self.user % SYSTEMS.len()]
    }

    fn country(&self) -> &'static str {
        COUNTRIES[self.user % COUNTRIES.len()]
    }

    fn address(&self) -> String {
        format!("203.0.113.{}", self.user % 250)
    }

    fn multi(&self) -> bool {
        self.asked || matches!(self.code, 50074 | 500_121) || (self.claim && self.code == 0 && self.interactive)
    }

    fn requirement(&self) -> &'static str {
        if self.multi() { "multiFactorAuthentication" } else { "singleFactorAuthentication" }
    }

    fn client_app(&self) -> &'static str {
        match (self.interactive, self.user % 97) {
            (_, 0) => "IMAP4",
            (true, _) => "Browser",
            (false, _) => "Mobile Apps and Desktop clients",
        }
    }

    fn token(&self) -> &'static str {
        if self.interactive { "none" } else { "refreshToken" }
    }

    fn device(&self) -> String {
        let system = self.system()[0];
        match self.user % 3 {
            0 => format!(
                r#"{{"deviceId":"{}","displayName":"CONTOSO-{:05}","operatingSystem":"{system}","browser":"Edge 140.0.0","isCompliant":true,"isManaged":true,"trustType":"Azure AD joined"}}"#,
                guid_of(0xde_0000_0000 + self.user as u128),
                self.user
            ),
            _ => format!(r#"{{"deviceId":"","operatingSystem":"{system}","browser":"Edge 140.0.0"}}"#),
        }
    }

    fn location(&self) -> String {
        format!(
            r#"{{"city":"Springfield","state":"","countryOrRegion":"{}","geoCoordinates":{{"latitude":45.75,"longitude":4.85}}}}"#,
            self.country()
        )
    }

    fn status(&self) -> String {
        let more = match (self.code, self.claim, self.asked) {
            (0, _, true) => r#","additionalDetails":"MFA completed in Azure AD""#,
            (0, true, _) => r#","additionalDetails":"MFA requirement satisfied by claim in the token""#,
            (0, false, _) => "",
            (50126, ..) => r#","failureReason":"Error validating credentials due to invalid username or password.""#,
            _ => r#","failureReason":"Strong Authentication is required.""#,
        };
        format!(r#"{{"errorCode":{}{more}}}"#, self.code)
    }

    fn details(&self) -> String {
        let mut text = String::from("[");
        if self.interactive {
            let right = self.code != 50126;
            step(&mut text, self.at - 4_000, "Password", right, "", "Primary authentication", 0);
            if self.asked {
                text.push(',');
                step(
                    &mut text,
                    self.at - 2_000,
                    "Mobile app notification",
                    self.code == 0,
                    "",
                    "Multifactor authentication",
                    1,
                );
            } else if self.claim && self.code == 0 {
                text.push(',');
                step(
                    &mut text,
                    self.at - 2_000,
                    "Previously satisfied",
                    true,
                    "MFA requirement satisfied by claim in the token",
                    "Multifactor authentication",
                    1,
                );
            }
        }
        text.push(']');
        text
    }

    /// Four policies: MFA outside, closed countries, legacy clients, and one in report-only mode.
    fn policies(&self) -> String {
        let mfa = match (self.code, self.asked) {
            (50074 | 50076 | 500_121, _) => "failure",
            (0, true) => "success",
            _ => "notApplied",
        };
        let closed = if self.code == 53003 { "failure" } else { "notApplied" };
        let device = if self.user.is_multiple_of(3) { "reportOnlySuccess" } else { "reportOnlyFailure" };
        let mut text = String::from("[");
        for (at, (name, grant, result, satisfied, missed)) in [
            ("CA001 MFA outside known networks", "Mfa", mfa, 1035, 0),
            ("CA002 Closed countries", "Block", closed, 3, 1032),
            ("CA003 Legacy clients", "Block", "notApplied", 3, 16),
            ("CA004 Compliant device", "RequireCompliantDevice", device, 3, 0),
        ]
        .into_iter()
        .enumerate()
        {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(
                text,
                r#"{comma}{{"id":"ca000000-0000-4000-8000-00000000000{}","displayName":"{name}","enforcedGrantControls":["{grant}"],"enforcedSessionControls":[],"result":"{result}","conditionsSatisfied":{satisfied},"conditionsNotSatisfied":{missed}}}"#,
                at + 1
            );
        }
        text.push(']');
        text
    }
}

fn step(text: &mut String, at: i64, method: &str, succeeded: bool, result: &str, requirement: &str, number: u32) {
    text.push_str(r#"{"authenticationStepDateTime":""#);
    time(text, at, "+00:00");
    let _ = write!(
        text,
        r#"","authenticationMethod":"{method}","authenticationMethodDetail":"","succeeded":{succeeded},"authenticationStepResultDetail":"{result}","authenticationStepRequirement":"{requirement}","StatusSequence":0,"RequestSequence":{number}}}"#
    );
}

fn time(text: &mut String, at: i64, zone: &str) {
    let at = instant(at);
    let _ = write!(
        text,
        "{}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}1234{zone}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.timestamp_subsec_millis()
    );
}

/// `10/5/2026, 8:05:09.120 AM`
fn american(text: &mut String, at: i64) {
    let at = instant(at);
    let (afternoon, hour) = at.hour12();
    let half = if afternoon { "PM" } else { "AM" };
    let _ = write!(
        text,
        "{}/{}/{}, {hour}:{:02}:{:02}.{:03} {half}",
        at.month(),
        at.day(),
        at.year(),
        at.minute(),
        at.second(),
        at.timestamp_subsec_millis()
    );
}

fn diagnostic(text: &mut String, line: &Line<'_>, _: &[&str]) {
    let Line { id, original, correlation, user, interactive, code, risk, .. } = *line;
    let [app, app_name, resource, resource_name] = *line.app;
    let [_, agent] = *line.system();
    text.push_str(r#"{"time":""#);
    time(text, line.at + line.delay, "Z");
    let _ = write!(
        text,
        r#"","resourceId":"/tenants/{OWN_TENANT}/providers/Microsoft.aadiam","operationName":"Sign-in activity","operationVersion":"1.0","category":"{}","tenantId":"{OWN_TENANT}","resultType":"{code}","resultSignature":"None","durationMs":0,"callerIpAddress":"{}","correlationId":"{correlation}","identity":"User {user:05}","Level":4,"location":"{}","properties":{{"id":"{id}","createdDateTime":""#,
        line.category(),
        line.address(),
        line.country()
    );
    time(text, line.at, "+00:00");
    let _ = write!(
        text,
        r#"","userDisplayName":"User {user:05}","userPrincipalName":"user{user:05}@contoso.example","userId":"{}","appId":"{app}","appDisplayName":"{app_name}","ipAddress":"{}","status":{},"clientAppUsed":"{}","userAgent":"{agent}","deviceDetail":{},"location":{},"mfaDetail":{{}},"correlationId":"{correlation}","conditionalAccessStatus":"{}","appliedConditionalAccessPolicies":{},"authenticationContextClassReferences":[],"originalRequestId":"{original}","isInteractive":{interactive},"tokenIssuerName":"","tokenIssuerType":"AzureAD","authenticationProcessingDetails":[{{"key":"Legacy TLS (TLS 1.0, 1.1, 3DES)","value":"False"}},{{"key":"Is CAE Token","value":"True"}}],"networkLocationDetails":[],"#,
        line.user_id(),
        line.address(),
        line.status(),
        line.client_app(),
        line.device(),
        line.location(),
        if code == 0 { "notApplied" } else { "failure" },
        line.policies(),
    );
    let _ = writeln!(
        text,
        r#""processingTimeInMilliseconds":212,"riskDetail":"none","riskLevelAggregated":"{risk}","riskLevelDuringSignIn":"{risk}","riskState":"{}","riskEventTypes":[],"riskEventTypes_v2":[],"resourceDisplayName":"{resource_name}","resourceId":"{resource}","resourceTenantId":"{OWN_TENANT}","homeTenantId":"{OWN_TENANT}","tenantId":"{OWN_TENANT}","authenticationDetails":{},"authenticationRequirementPolicies":[],"sessionLifetimePolicies":[],"authenticationRequirement":"{}","servicePrincipalId":"","userType":"Member","flaggedForReview":false,"isTenantRestricted":false,"autonomousSystemNumber":64500,"crossTenantAccessType":"none","privateLinkDetails":{{}},"ssoExtensionVersion":"","uniqueTokenIdentifier":"{}","authenticationStrengths":[],"incomingTokenType":"{}","authenticationProtocol":"none","appServicePrincipalId":null,"resourceServicePrincipalId":"{}","rngcStatus":0,"signInTokenProtectionStatus":"none","tokenProtectionStatusDetails":{{"signInSessionStatus":"unbound","signInSessionStatusCode":1002}},"originalTransferMethod":"none","isThroughGlobalSecureAccess":false,"globalSecureAccessIpAddress":"","conditionalAccessAudiences":["{resource}"],"sessionId":"{}","appOwnerTenantId":"f8cdef31-a31e-4b4a-93e4-5f571e91255a","resourceOwnerTenantId":"f8cdef31-a31e-4b4a-93e4-5f571e91255a"}}}}"#,
        if risk == "none" { "none" } else { "atRisk" },
        line.details(),
        line.requirement(),
        id.get(..22).unwrap_or(id),
        line.token(),
        guid_of(0x5b_0000_0000 + user as u128 % 40),
        line.session()
    );
}

fn cells(text: &mut String, line: &Line<'_>, columns: &[&str]) {
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        match *column {
            "TimeGenerated" => quoted(text, |cell| american(cell, line.at + line.delay)),
            "CreatedDateTime" => quoted(text, |cell| american(cell, line.at)),
            "AuthenticationDetails" => json_cell(text, &line.details()),
            "ConditionalAccessPolicies" => json_cell(text, &line.policies()),
            "DeviceDetail" => json_cell(text, &line.device()),
            "LocationDetails" => json_cell(text, &line.location()),
            "Status" => json_cell(text, &line.status()),
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
        "ConditionalAccessStatus" => {
            if line.code == 0 {
                "notApplied"
            } else {
                "failure"
            }
        }
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
        "RiskState" => {
            if line.risk == "none" {
                "none"
            } else {
                "atRisk"
            }
        }
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

fn users(rows: usize) -> usize {
    (rows / 100).max(1)
}

fn user_id(user: usize) -> String {
    guid_of(0xb01c_0000_0000_4000_8000_0000_0000_0000 + user as u128)
}

/// The first `n` of a list of candidates as an administrator might have them; after ten the names go on and the texts repeat.
pub fn bulk_policies(n: usize) -> Vec<(String, Value)> {
    let every_time = json!({"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime", "authenticationType": "primaryAndSecondaryAuthentication", "type": null, "value": null}});
    let mfa = json!({"operator": "OR", "builtInControls": ["mfa"], "customAuthenticationFactors": [], "termsOfUse": [], "authenticationStrength": null});
    let block = json!({"operator": "OR", "builtInControls": ["block"], "customAuthenticationFactors": [], "termsOfUse": [], "authenticationStrength": null});
    let device = json!({"operator": "OR", "builtInControls": ["mfa", "compliantDevice", "domainJoinedDevice"], "customAuthenticationFactors": [], "termsOfUse": [], "authenticationStrength": null});
    let strong = json!({"operator": "AND", "builtInControls": [], "customAuthenticationFactors": [], "termsOfUse": [], "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}});
    let exclude = json!({"includeUsers": ["All"], "excludeUsers": [], "includeGroups": [], "excludeGroups": [GROUP], "includeRoles": [], "excludeRoles": []});
    let kinds = [
        (json!({"signInRiskLevels": ["high", "medium"]}), mfa.clone(), every_time.clone()),
        (json!({"signInRiskLevels": ["high"], "users": exclude}), block.clone(), Value::Null),
        (json!({}), mfa.clone(), Value::Null),
        (json!({"clientAppTypes": ["exchangeActiveSync", "other"]}), block.clone(), Value::Null),
        (json!({}), device, Value::Null),
        (
            json!({"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}}),
            mfa.clone(),
            Value::Null,
        ),
        (json!({"applications": {"includeApplications": ["Office365"], "excludeApplications": []}}), mfa, Value::Null),
        (
            json!({"platforms": {"includePlatforms": ["all"], "excludePlatforms": ["android", "iOS", "windows", "macOS", "linux"]}}),
            block.clone(),
            Value::Null,
        ),
        (
            json!({"devices": {"deviceFilter": {"mode": "include", "rule": "device.isCompliant -ne True -and device.trustType -ne \"ServerAD\""}}}),
            block,
            every_time,
        ),
        (
            json!({"applications": {"includeApplications": ["MicrosoftAdminPortals"], "excludeApplications": []}}),
            strong,
            Value::Null,
        ),
    ];
    (0..n)
        .map(|at| {
            let (conditions, grant, session) = kinds[at % kinds.len()].clone();
            let mut all = json!({
                "users": {"includeUsers": ["All"], "excludeUsers": [], "includeGroups": [], "excludeGroups": [], "includeRoles": [], "excludeRoles": []},
                "applications": {"includeApplications": ["All"], "excludeApplications": []}, "clientAppTypes": ["all"], "signInRiskLevels": [], "userRiskLevels": []
            });
            if let (Value::Object(all), Value::Object(special)) = (&mut all, conditions) {
                all.extend(special);
            }
            let policy = json!({"id": guid_of(0xb01c_ca00 + at as u128), "displayName": format!("Bulk {:02}", at + 1), "state": "enabledForReportingButNotEnforced",
                "conditions": all, "grantControls": grant, "sessionControls": session});
            (format!("bulk-{:02}", at + 1), policy)
        })
        .collect()
}

/// The tenant of a log of this many rows: registration of nine users in ten, the group of the candidates, trusted networks.
pub fn bulk_tenant(rows: usize) -> BTreeMap<String, String> {
    let mut registered = String::from(
        "id,userPrincipalName,isMfaRegistered,isMfaCapable,isPasswordlessCapable,methodsRegistered,userType\n",
    );
    let mut group = String::from("groupId,userId\n");
    for user in 0..users(rows) {
        let capable = if user % 10 == 9 { "False" } else { "True" };
        let _ =
            writeln!(registered, "{},user{user:05}@contoso.example,{capable},{capable},False,[],member", user_id(user));
        if user % 10 == 0 {
            let _ = writeln!(group, "{GROUP},{}", user_id(user));
        }
    }
    let locations = json!({"value": [{"@odata.type": "#microsoft.graph.ipNamedLocation", "id": "10c00000-0000-4000-8000-000000000001", "displayName": "Head office",
        "isTrusted": true, "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "203.0.113.0/25"}]}]});
    BTreeMap::from([
        ("groups.csv".to_owned(), group),
        ("userRegistrationDetails.csv".to_owned(), registered),
        ("namedLocations.json".to_owned(), text::pretty(&locations, 2)),
        ("tenant.toml".to_owned(), format!("tenant-id = \"{OWN_TENANT}\"\n")),
    ])
}

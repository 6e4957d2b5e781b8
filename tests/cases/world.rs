//! What a case says, as the files that the program reads: `logs/`, `policies/`, `tenant/`.
//!
//! Nothing that a case leaves out gets into `tenant/`. A sign-in that says nothing is this Graph beta row: user `ann`, a
//! member of the own tenant `contoso`, interactive, code 0, no risk at any level, a `Browser` on `Windows 10` without a
//! device id, from 198.51.100.10 in NL, client application `portal` on resource `payroll`, no Conditional Access policy
//! recorded, a requirement of `singleFactorAuthentication` answered by one succeeded password step, no protocol, token or
//! transfer of note. Times begin at 2026-03-02 08:00 UTC, an hour apart. Each sign-in is its own attempt (its own
//! original request and correlation id); `then` adds a row to it, `copy of` delivers a row again.
//! `user gus guest home=fabrikam` makes the rows of `gus` those of a B2B guest. `absent` as a value leaves a field out.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::language::{Case, Statement, Word};

/// Files of a case: path below its folder, contents.
pub(crate) type Files = BTreeMap<String, String>;

type Options = BTreeMap<String, String>;

/// Names that a case may write for ids: (word, id, display name in a log).
const KNOWN: [(&str, &str, &str); 19] = [
    ("Exchange", "00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online"),
    ("SharePoint", "00000003-0000-0ff1-ce00-000000000000", "Office 365 SharePoint Online"),
    ("Forms", "c9a559d2-7aab-4f13-a6ed-e7e9c52aec87", "Microsoft Forms"),
    ("Teams", "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe", "Microsoft Teams Services"),
    ("Graph", "00000003-0000-0000-c000-000000000000", "Microsoft Graph"),
    ("AADGraph", "00000002-0000-0000-c000-000000000000", "Windows Azure Active Directory"),
    ("AzurePortal", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Azure Portal"),
    ("AzureManagement", "797f4846-ba00-4fd7-ba43-dac1f8f63013", "Windows Azure Service Management API"),
    ("DeviceRegistration", "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9", "Device Registration Service"),
    ("IntuneEnrollment", "d4ebce55-015a-49b5-a083-c84d1797ae8c", "Microsoft Intune Enrollment"),
    ("WindowsSignIn", "38aa3b87-a06d-4817-b275-7a389988d93b", "Windows Sign In"),
    ("GlobalAdministrator", "62e90394-69f5-4237-9190-012177145e10", ""),
    ("SecurityAdministrator", "194ae4cb-b126-40b2-bd5b-6091b380977d", ""),
    ("compliant-network", "3d46dbda-8382-466a-856d-eb00cbc6b910", ""),
    ("mfa-trusted-ips", "00000000-0000-0000-0000-000000000000", ""),
    ("browser", "", "Browser"),
    ("native", "", "Mobile Apps and Desktop clients"),
    ("activesync", "", "Exchange ActiveSync"),
    ("imap", "", "IMAP4"),
];

/// Steps of `steps=password+sms`: (word, authenticationMethod, is it the second factor).
const STEPS: [(&str, &str, bool); 14] = [
    ("password", "Password", false),
    ("fido2", "FIDO2 security key", false),
    ("hello", "Windows Hello for Business", false),
    ("certificate", "X.509 Certificate", false),
    ("phone-sign-in", "Passwordless phone sign-in", false),
    ("tap", "Temporary Access Pass", false),
    ("federated", "Federated", false),
    ("token", "Previously satisfied", false),
    ("token-mfa", "Previously satisfied", true),
    ("sms", "Text message", true),
    ("voice", "Phone call", true),
    ("push", "Mobile app notification", true),
    ("oath", "OATH verification code", true),
    ("code", "Mobile app verification code", true),
];

/// Members of a row that Graph v1.0 does not have (semantics 1.10 and 10.2).
const BETA_ONLY: [&str; 19] = [
    "originalRequestId",
    "userType",
    "crossTenantAccessType",
    "conditionalAccessAudiences",
    "networkLocationDetails",
    "signInEventTypes",
    "authenticationRequirement",
    "authenticationRequirementPolicies",
    "authenticationDetails",
    "authenticationContextClassReferences",
    "authenticationProtocol",
    "originalTransferMethod",
    "incomingTokenType",
    "sessionId",
    "tokenProtectionStatusDetails",
    "isThroughGlobalSecureAccess",
    "resourceOwnerTenantId",
    "tokenIssuerType",
    "sessionLifetimePolicies",
];

/// The files of a case.
pub(crate) fn files(case: &Case) -> Result<Files, String> {
    let mut world = World::default();
    for statement in case.statements.iter().filter(|s| s.verb == "user") {
        world.user(statement).map_err(|e| at(case, statement, &e))?;
    }
    for statement in &case.statements {
        world.statement(statement).map_err(|e| at(case, statement, &e))?;
    }
    world.finish()
}

fn at(case: &Case, statement: &Statement, message: &str) -> String {
    format!("{}:{}: {message}", case.file, statement.line)
}

/// Ids of rows as the statements name them, for the runner.
pub(crate) fn row_name(statement: &Statement) -> Option<&str> {
    let name = statement.words.first().map(|word| word.key.as_str());
    name.filter(|_| matches!(statement.verb.as_str(), "sign-in" | "then"))
}

#[derive(Debug)]
struct Row {
    name: String,
    first: String,
    time: DateTime<Utc>,
    options: Options,
}

#[derive(Debug, Default)]
struct World {
    files: Files,
    users: BTreeMap<String, Options>,
    rows: Vec<Row>,
    attempts: i32,
    policies: usize,
    diagnostic: bool,
    v1: bool,
    toml: String,
    lists: BTreeMap<&'static str, Vec<Value>>,
}

impl World {
    fn statement(&mut self, statement: &Statement) -> Result<(), String> {
        let words = statement.words.as_slice();
        let name = words.first().map(|word| word.key.clone()).unwrap_or_default();
        let options = || options(words.get(1..).unwrap_or_default());
        match statement.verb.as_str() {
            "user" | "with" => {}
            "policy" | "existing" => {
                self.policies += 1;
                let folder = if statement.verb == "policy" { "policies" } else { "existing" };
                let path = format!("{folder}/{:02}-{name}.json", self.policies);
                let text = policy(&name, words.get(1..).unwrap_or_default())?.to_string();
                self.files.insert(path, text);
            }
            "group" | "role" => {
                let folder = if statement.verb == "group" { "groups" } else { "roles" };
                let members: Vec<Value> = split(&option(&options()?, "members"))
                    .map(|id| json!({"@odata.type": "#microsoft.graph.user", "id": id}))
                    .collect();
                let path = format!("tenant/{folder}/{}.json", id(&name));
                self.files.insert(path, json!({"value": members}).to_string());
            }
            "location" => self.list("namedLocations.json", location(&name, &options()?)),
            "risky-user" | "risk-history" => {
                let level = words.get(1).map(|word| word.key.clone()).ok_or("a level is missing")?;
                let changed = stamp(start() + duration(&option(&options()?, "at"))?);
                let mut item =
                    json!({"id": name, "riskLevel": level, "riskState": "atRisk", "riskLastUpdatedDateTime": changed});
                if statement.verb == "risky-user" {
                    self.list("riskyUsers.json", item);
                } else {
                    merge(&mut item, json!({"id": format!("{name}-{changed}"), "userId": name}));
                    self.list("riskyUserHistory.json", item);
                }
            }
            "device" => {
                let mut device = json!({"id": format!("object-{name}"), "deviceId": name});
                for (key, value) in options()? {
                    let value = serde_json::from_str(&value).unwrap_or(Value::String(value));
                    merge(&mut device, json!({key: value}));
                }
                self.list("devices.json", device);
            }
            "tenant" => self.toml += &format!("{}\n", statement.text),
            "file" => {
                let (file, text) = statement.text.split_once(' ').ok_or("`file NAME TEXT`")?;
                self.files.insert(format!("tenant/{file}"), text.trim().replace("\\n", "\n"));
            }
            "given" if name == "v1.0" => self.v1 = true,
            "given" if name == "diagnostic" => self.diagnostic = true,
            "sign-in" => {
                let (options, time) = (options()?, start() + TimeDelta::hours(self.attempts.into()));
                let time = match options.get("at") {
                    Some(at) => start() + duration(at)?,
                    None => time,
                };
                self.attempts += 1;
                self.rows.push(Row { first: name.clone(), name, time, options });
            }
            "then" => {
                let previous = self.rows.last().ok_or("`then` follows a sign-in")?;
                let added = options()?;
                let after = added.get("after").map_or("30s", String::as_str);
                let time = previous.time + duration(after)?;
                let (first, mut options) = (previous.first.clone(), previous.options.clone());
                options.extend(added);
                self.rows.push(Row { name, first, time, options });
            }
            "copy" => {
                let name = words.get(1).map(|word| word.key.as_str()).unwrap_or_default();
                let of = self.rows.iter().find(|row| row.name == name).ok_or("a copy of what?")?;
                let mut all = of.options.clone();
                all.extend(self::options(words.get(2..).unwrap_or_default())?);
                let (name, first, time) = (of.name.clone(), of.first.clone(), of.time);
                self.rows.push(Row { name, first, time, options: all });
            }
            verb => return Err(format!("`{verb}` is no statement")),
        }
        Ok(())
    }

    fn list(&mut self, file: &'static str, item: Value) {
        self.lists.entry(file).or_default().push(item);
    }

    /// `user ann member mfa-capable=yes methods=fido2 listed synced=no creation=Invitation external-state=Accepted`
    fn user(&mut self, statement: &Statement) -> Result<(), String> {
        let words = statement.words.as_slice();
        let name = words.first().map(|word| word.key.clone()).ok_or("which user?")?;
        let mut known = options(words.get(1..).unwrap_or_default())?;
        let mut person = json!({"id": name, "userPrincipalName": upn(&name, &known)});
        for kind in ["member", "guest"] {
            if known.contains_key(kind) {
                known.insert("user-type".to_owned(), kind.to_owned());
                merge(&mut person, json!({"userType": kind}));
            }
        }
        let (mut user, mut registration) = (person.clone(), person);
        let (mut in_users, mut in_registration) = (known.contains_key("listed"), false);
        for (key, value) in &known {
            let (fact, member, value) = match key.as_str() {
                "creation" => (&mut user, "creationType", json!(value)),
                "external-state" => (&mut user, "externalUserState", json!(value)),
                "synced" => (&mut user, "onPremisesSyncEnabled", json!(value == "yes")),
                "directory-upn" => (&mut user, "userPrincipalName", json!(value)),
                "mfa-capable" => (&mut registration, "isMfaCapable", json!(value == "yes")),
                "mfa-registered" => (&mut registration, "isMfaRegistered", json!(value == "yes")),
                "methods" => (&mut registration, "methodsRegistered", json!(split(value).collect::<Vec<_>>())),
                "member" | "guest" | "user-type" | "home" | "access" | "upn" | "listed" => continue,
                key => return Err(format!("a user has no `{key}`")),
            };
            merge(fact, json!({member: value}));
            let of_registration = matches!(key.as_str(), "mfa-capable" | "mfa-registered" | "methods");
            in_registration |= of_registration;
            in_users |= !of_registration;
        }
        if in_users {
            self.list("users.json", user);
        }
        if in_registration {
            self.list("userRegistrationDetails.json", registration);
        }
        self.users.insert(name, known);
        Ok(())
    }

    fn finish(mut self) -> Result<Files, String> {
        for (file, list) in &self.lists {
            let text = json!({"value": list}).to_string();
            if self.files.insert(format!("tenant/{file}"), text).is_some() {
                return Err(format!("{file} is stated twice"));
            }
        }
        if !self.toml.is_empty() {
            self.files.insert("tenant/tenant.toml".to_owned(), self.toml.clone());
        }
        let diagnostic = self.diagnostic || self.rows.iter().any(|row| row.options.contains_key("delivered"));
        let mut log = String::new();
        for row in &self.rows {
            let mut record = self.record(row)?;
            if self.v1 {
                record.retain(|key, _| !BETA_ONLY.contains(&key.as_str()));
            }
            let record = if diagnostic { envelope(row, record)? } else { Value::Object(record) };
            log += &format!("{record}\n");
        }
        self.files.insert("logs/sign-ins.ndjson".to_owned(), log);
        Ok(self.files)
    }

    fn record(&self, row: &Row) -> Result<Map<String, Value>, String> {
        let given = &row.options;
        let name = given.get("user").map_or("ann", String::as_str);
        let nobody = Options::new();
        let user = self.users.get(name).unwrap_or(&nobody);
        let of = |key: &str, default: &str| given.get(key).map_or(default, String::as_str).to_owned();
        let of_user = |key: &str, default: &str| of(key, user.get(key).map_or(default, String::as_str));
        let home = of_user("home", "contoso");
        let access = if home == "contoso" { "none" } else { "b2bCollaboration" };
        let interactive = of("interactive", "yes") == "yes";
        let steps = of("steps", if interactive { "password" } else { "none" });
        let steps =
            if matches!(steps.as_str(), "none" | "absent") { Vec::new() } else { self::steps(&steps, row.time)? };
        let multi = steps.iter().any(|(_, second)| *second);
        let requirement = match of("requirement", if multi { "multi" } else { "single" }).as_str() {
            "single" => "singleFactorAuthentication".to_owned(),
            "multi" => "multiFactorAuthentication".to_owned(),
            other => other.to_owned(),
        };
        let code = of("code", "0").parse::<i64>().map_err(|e| e.to_string())?;
        let (app, resource) = (of("app", "portal"), of("resource", "payroll"));
        let list = |text: String| split(&text).map(str::to_owned).collect::<Vec<_>>();
        let mut record = json!({
            "id": row.name,
            "createdDateTime": stamp(row.time),
            "correlationId": of("correlation", &format!("{}-correlation", row.first)),
            "originalRequestId": of("request", &row.first),
            "userId": name,
            "userPrincipalName": upn(name, user),
            "userDisplayName": name,
            "userType": of_user("user-type", "member"),
            "homeTenantId": home,
            "resourceTenantId": of("resource-tenant", "contoso"),
            "crossTenantAccessType": of("access", user.get("access").map_or(access, String::as_str)),
            "appId": id(&app),
            "appDisplayName": of("app-name", display(&app)),
            "resourceId": id(&resource),
            "resourceDisplayName": of("resource-name", display(&resource)),
        });
        merge(
            &mut record,
            json!({
                "resourceOwnerTenantId": of("resource-owner", "absent"),
                "conditionalAccessAudiences": list(of("audiences", "")).iter().map(|a| id(a)).collect::<Vec<_>>(),
                "clientAppUsed": display(&of("client", "Browser")),
                "userAgent": of("agent", ""),
                "deviceDetail": {
                    "deviceId": of("device", ""), "displayName": of("device-name", ""), "operatingSystem": of("os", "Windows 10"),
                    "browser": "Edge 120.0.0", "trustType": of("trust", ""),
                    "isCompliant": yes(&of("compliant", "no")), "isManaged": yes(&of("managed", "no")),
                },
                "location": {"city": "", "state": "", "countryOrRegion": of("country", "NL"), "geoCoordinates": {}},
                "ipAddress": of("ip", "198.51.100.10"),
                "networkLocationDetails": list(of("networks", "")).iter().map(|network| json!({"networkType": network, "networkNames": ["Office"]})).collect::<Vec<_>>(),
                "isThroughGlobalSecureAccess": yes(&of("global-secure-access", "no")),
            }),
        );
        merge(
            &mut record,
            json!({
                "isInteractive": interactive,
                "signInEventTypes": [if interactive { "interactiveUser" } else { "nonInteractiveUser" }],
                "status": {"errorCode": code, "failureReason": "Other.", "additionalDetails": of("details", "")},
                "conditionalAccessStatus": of("ca-status", "notApplied"),
                "appliedConditionalAccessPolicies": list(of("applied", "")).iter().map(|entry| applied(entry)).collect::<Vec<_>>(),
                "riskLevelDuringSignIn": of("risk", "none"),
                "riskLevelAggregated": of("aggregated", "none"),
                "riskState": of("risk-state", "none"),
                "riskDetail": "none",
                "riskEventTypes_v2": list(of("detections", "")),
                "authenticationRequirement": requirement,
                "authenticationRequirementPolicies": list(of("required-by", "")).iter().map(|by| json!({"requirementProvider": by, "detail": ""})).collect::<Vec<_>>(),
                "authenticationDetails": steps.into_iter().map(|(step, _)| step).collect::<Vec<_>>(),
                "authenticationContextClassReferences": list(of("contexts", "")).iter().map(|context| json!({"id": context, "detail": "required"})).collect::<Vec<_>>(),
                "authenticationProtocol": of("protocol", "none"),
                "originalTransferMethod": of("transfer", "none"),
                "incomingTokenType": of("token", "none"),
                "sessionId": of("session", "absent"),
                "tokenIssuerType": of("issuer", "AzureAD"),
                "tokenProtectionStatusDetails": {"signInSessionStatus": of("token-bound", "none")},
            }),
        );
        for key in given.keys() {
            if !ROW_OPTIONS.contains(&key.as_str()) {
                return Err(format!("a sign-in has no `{key}`"));
            }
            let (Some(field), Some("absent")) = (LISTS.iter().find(|l| l.0 == key), given.get(key).map(String::as_str))
            else {
                continue;
            };
            merge(&mut record, json!({field.1: null}));
        }
        if let Some(raw) = given.get("raw") {
            merge(&mut record, serde_json::from_str(raw).map_err(|e| format!("raw: {e}"))?);
        }
        drop_absent(&mut record);
        match record {
            Value::Object(record) => Ok(record),
            _ => Err("a row is an object".to_owned()),
        }
    }
}

/// Options whose value is a list: `absent` leaves the whole list out.
const LISTS: [(&str, &str); 7] = [
    ("audiences", "conditionalAccessAudiences"),
    ("networks", "networkLocationDetails"),
    ("applied", "appliedConditionalAccessPolicies"),
    ("steps", "authenticationDetails"),
    ("contexts", "authenticationContextClassReferences"),
    ("global-secure-access", "isThroughGlobalSecureAccess"),
    ("required-by", "authenticationRequirementPolicies"),
];

const ROW_OPTIONS: [&str; 50] = [
    "user",
    "at",
    "after",
    "delivered",
    "home",
    "user-type",
    "access",
    "resource-tenant",
    "correlation",
    "request",
    "app",
    "app-name",
    "resource",
    "resource-name",
    "resource-owner",
    "audiences",
    "client",
    "agent",
    "device",
    "device-name",
    "os",
    "trust",
    "compliant",
    "managed",
    "country",
    "ip",
    "networks",
    "global-secure-access",
    "interactive",
    "code",
    "details",
    "ca-status",
    "applied",
    "risk",
    "aggregated",
    "risk-state",
    "detections",
    "requirement",
    "required-by",
    "steps",
    "contexts",
    "protocol",
    "transfer",
    "token",
    "session",
    "issuer",
    "token-bound",
    "raw",
    "category",
    "upn",
];

/// A row as a diagnostic setting writes it: delivered two minutes later unless the case says when.
fn envelope(row: &Row, record: Map<String, Value>) -> Result<Value, String> {
    let after = row.options.get("delivered").map_or("2m", String::as_str);
    let interactive = record.get("isInteractive") == Some(&Value::Bool(true));
    let category = if interactive { "SignInLogs" } else { "NonInteractiveUserSignInLogs" };
    Ok(json!({
        "time": stamp(row.time + duration(after)?),
        "resourceId": "/tenants/contoso/providers/Microsoft.aadiam",
        "operationName": "Sign-in activity", "operationVersion": "1.0",
        "category": row.options.get("category").map_or(category, String::as_str),
        "tenantId": "contoso", "resultType": row.options.get("code").map_or("0", String::as_str),
        "resultSignature": "None", "durationMs": 0, "Level": 4, "properties": record,
        "correlationId": record.get("correlationId"),
    }))
}

/// `Existing:reportOnlyInterrupted:Mfa/RequireCompliantDevice:SignInFrequency`, and where a case asks for evidence
/// (CON-7): conditions satisfied, conditions not satisfied, rules that included and rules that excluded:
/// `Existing:notApplied:Mfa::application:users::users.groupId`.
fn applied(entry: &str) -> Value {
    let mut parts = entry.split(':');
    let mut next = || parts.next().unwrap_or_default();
    let (name, result, grants, sessions) = (next(), next(), next(), next());
    let (satisfied, not, included, excluded) = (next(), next(), next(), next());
    let list = |text: &str| text.split('/').filter(|t| !t.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let mut entry = json!({"id": name, "displayName": name, "enforcedGrantControls": list(grants), "enforcedSessionControls": list(sessions), "result": result});
    let rules = |text: &str| {
        let rule = |rule: String| {
            let (condition, kind) = rule.split_once('.').unwrap_or((&rule, ""));
            json!({"conditionalAccessCondition": condition, "ruleSatisfied": kind})
        };
        list(text).into_iter().map(rule).collect::<Vec<_>>()
    };
    if [satisfied, not, included, excluded].iter().any(|part| !part.is_empty()) {
        merge(
            &mut entry,
            json!({
                "conditionsSatisfied": list(satisfied).join(","), "conditionsNotSatisfied": list(not).join(","),
                "includeRulesSatisfied": rules(included), "excludeRulesSatisfied": rules(excluded),
            }),
        );
    }
    entry
}

/// `password+sms!@10m`: a text message that failed ten minutes before the row.
fn steps(text: &str, time: DateTime<Utc>) -> Result<Vec<(Value, bool)>, String> {
    let mut steps = Vec::new();
    for part in text.split('+') {
        let (part, before) = part.split_once('@').unwrap_or((part, "0s"));
        let (word, succeeded) = part.strip_suffix('!').map_or((part, true), |word| (word, false));
        let (_, method, second) = STEPS.iter().find(|s| s.0 == word).ok_or(format!("`{word}` is no step"))?;
        let requirement = if *second { "Multifactor authentication" } else { "Primary authentication" };
        let result = match (word, succeeded) {
            ("token-mfa", _) => "MFA requirement satisfied by claim in the token",
            (_, true) => "",
            (_, false) => "Authentication failed",
        };
        let step = json!({
            "authenticationStepDateTime": stamp(time - duration(before)?), "authenticationMethod": method,
            "authenticationMethodDetail": "", "succeeded": succeeded, "authenticationStepResultDetail": result,
            "authenticationStepRequirement": requirement,
        });
        steps.push((step, *second));
    }
    Ok(steps)
}

/// `location office ranges=203.0.113.0/24 trusted` · `location alps countries=AT,CH unknown-countries gps`
fn location(name: &str, options: &Options) -> Value {
    let of = |key: &str| option(options, key);
    if let Some(countries) = options.get("countries") {
        let lookup = if options.contains_key("gps") { "authenticatorAppGps" } else { "clientIpAddress" };
        return json!({
            "@odata.type": "#microsoft.graph.countryNamedLocation", "id": name, "displayName": name,
            "countriesAndRegions": split(countries).collect::<Vec<_>>(), "countryLookupMethod": lookup,
            "includeUnknownCountriesAndRegions": options.contains_key("unknown-countries"),
        });
    }
    let ranges: Vec<Value> = split(&of("ranges"))
        .map(|range| {
            let version = if range.contains(':') { "6" } else { "4" };
            json!({"@odata.type": format!("#microsoft.graph.iPv{version}CidrRange"), "cidrAddress": range})
        })
        .collect();
    json!({
        "@odata.type": "#microsoft.graph.ipNamedLocation", "id": name, "displayName": name,
        "isTrusted": options.contains_key("trusted"), "ipRanges": ranges,
    })
}

/// A policy as Graph v1.0 exports it (semantics 1.2): all users and all applications unless the case says whom and what.
fn policy(name: &str, words: &[Word]) -> Result<Value, String> {
    let mut policy = json!({
        "id": format!("id-of-{name}"), "displayName": name, "state": "enabledForReportingButNotEnforced", "templateId": null,
        "createdDateTime": "2026-01-01T00:00:00Z", "modifiedDateTime": null,
        "conditions": {
            "userRiskLevels": [], "signInRiskLevels": [], "servicePrincipalRiskLevels": [], "insiderRiskLevels": null,
            "clientAppTypes": ["all"], "platforms": null, "locations": null, "devices": null, "clientApplications": null,
            "authenticationFlows": null,
            "users": {
                "includeUsers": [], "excludeUsers": [], "includeGroups": [], "excludeGroups": [], "includeRoles": [],
                "excludeRoles": [], "includeGuestsOrExternalUsers": null, "excludeGuestsOrExternalUsers": null,
            },
            "applications": {
                "includeApplications": [], "excludeApplications": [], "includeUserActions": [],
                "includeAuthenticationContextClassReferences": [], "applicationFilter": null,
            },
        },
        "grantControls": {
            "operator": "OR", "builtInControls": [], "customAuthenticationFactors": [], "termsOfUse": [],
            "authenticationStrength": null,
        },
        "sessionControls": null,
    });
    let says = |keys: &[&str]| words.iter().any(|word| keys.contains(&word.key.as_str()));
    let mut set = |path: &str, value: Value| merge(&mut policy, nested(path, value));
    if !says(&["users", "groups", "roles", "guests"]) {
        set("conditions.users.includeUsers", json!(["All"]));
    }
    if !says(&["apps", "user-actions", "contexts"]) {
        set("conditions.applications.includeApplications", json!(["All"]));
    }
    for word in words {
        let value = word.value.clone().unwrap_or_default();
        let ids = || json!(split(&value).map(id).collect::<Vec<_>>());
        match word.key.as_str() {
            "users" => set("conditions.users.includeUsers", ids()),
            "exclude-users" => set("conditions.users.excludeUsers", ids()),
            "groups" => set("conditions.users.includeGroups", ids()),
            "exclude-groups" => set("conditions.users.excludeGroups", ids()),
            "roles" => set("conditions.users.includeRoles", ids()),
            "exclude-roles" => set("conditions.users.excludeRoles", ids()),
            "guests" => set("conditions.users.includeGuestsOrExternalUsers", guests(&value)),
            "exclude-guests" => set("conditions.users.excludeGuestsOrExternalUsers", guests(&value)),
            "guest-tenants" => set("conditions.users.includeGuestsOrExternalUsers.externalTenants", tenants(&value)),
            "exclude-guest-tenants" => {
                set("conditions.users.excludeGuestsOrExternalUsers.externalTenants", tenants(&value))
            }
            "apps" => set("conditions.applications.includeApplications", ids()),
            "exclude-apps" => set("conditions.applications.excludeApplications", ids()),
            "user-actions" => set(
                "conditions.applications.includeUserActions",
                json!(split(&value).map(|action| format!("urn:user:{action}")).collect::<Vec<_>>()),
            ),
            "contexts" => set("conditions.applications.includeAuthenticationContextClassReferences", ids()),
            "client-apps" => set("conditions.clientAppTypes", json!(split(&value).collect::<Vec<_>>())),
            "platforms" => set("conditions.platforms.includePlatforms", ids()),
            "exclude-platforms" => set("conditions.platforms.excludePlatforms", ids()),
            "locations" => set("conditions.locations.includeLocations", ids()),
            "exclude-locations" => set("conditions.locations.excludeLocations", ids()),
            "sign-in-risk" => set("conditions.signInRiskLevels", ids()),
            "user-risk" => set("conditions.userRiskLevels", ids()),
            "insider-risk" => set("conditions.insiderRiskLevels", json!(value)),
            "device-filter" => set("conditions.devices.deviceFilter", json!({"mode": "include", "rule": value})),
            "exclude-device-filter" => {
                set("conditions.devices.deviceFilter", json!({"mode": "exclude", "rule": value}))
            }
            "flows" => set("conditions.authenticationFlows.transferMethods", json!(value)),
            "require" => require(&value, &mut set),
            "strength" => set("grantControls.authenticationStrength", strength(&value)),
            "operator" => set("grantControls.operator", json!(value)),
            "block" => set("grantControls.builtInControls", json!(["block"])),
            "session-only" => set("grantControls", Value::Null),
            "state" => set("state", json!(value)),
            "every-time" => set("sessionControls.signInFrequency", frequency("everyTime", Value::Null, Value::Null)),
            "frequency" => {
                let (number, unit) = value.split_at(value.len().saturating_sub(1));
                let number: i64 = number.parse().map_err(|_| format!("`{value}` is not `1h` or `7d`"))?;
                let unit = if unit == "d" { "days" } else { "hours" };
                set("sessionControls.signInFrequency", frequency("timeBased", json!(unit), json!(number)));
            }
            "secondary" => set("sessionControls.signInFrequency.authenticationType", json!("secondaryAuthentication")),
            "token-protection" => set("sessionControls.secureSignInSession.isEnabled", json!(true)),
            "persistent-browser" => set("sessionControls.persistentBrowser", json!({"isEnabled": true, "mode": value})),
            "json" => set("", serde_json::from_str(&value).map_err(|e| format!("json: {e}"))?),
            key => return Err(format!("a policy has no `{key}`")),
        }
    }
    Ok(policy)
}

/// `mfa+compliantDevice` (all of them), `mfa|compliantDevice` (one of them), `terms:ID`, `custom:ID`.
fn require(value: &str, set: &mut impl FnMut(&str, Value)) {
    let operator = if value.contains('+') { "AND" } else { "OR" };
    let controls: Vec<&str> = value.split(['+', '|']).collect();
    let of = |prefix: &str| controls.iter().filter_map(|c| c.strip_prefix(prefix)).collect::<Vec<_>>();
    let plain: Vec<_> = controls.iter().filter(|c| !c.contains(':')).collect();
    set("grantControls.operator", json!(operator));
    set("grantControls.builtInControls", json!(plain));
    set("grantControls.termsOfUse", json!(of("terms:")));
    set("grantControls.customAuthenticationFactors", json!(of("custom:")));
}

fn frequency(interval: &str, unit: Value, number: Value) -> Value {
    json!({
        "isEnabled": true, "frequencyInterval": interval, "authenticationType": "primaryAndSecondaryAuthentication",
        "type": unit, "value": number,
    })
}

/// `mfa`, `passwordless`, `phishing-resistant`, or combinations: `fido2|password,sms`.
fn strength(value: &str) -> Value {
    const PHISHING_RESISTANT: [&str; 3] = ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"];
    let (id, kind, allowed): (&str, &str, Vec<&str>) = match value {
        "mfa" => (
            "00000000-0000-0000-0000-000000000002",
            "builtIn",
            [
                &PHISHING_RESISTANT[..],
                &[
                    "deviceBasedPush",
                    "password,microsoftAuthenticatorPush",
                    "password,softwareOath",
                    "password,hardwareOath",
                    "password,sms",
                    "password,voice",
                ],
            ]
            .concat(),
        ),
        "passwordless" => (
            "00000000-0000-0000-0000-000000000003",
            "builtIn",
            [&PHISHING_RESISTANT[..], &["deviceBasedPush"]].concat(),
        ),
        "phishing-resistant" => ("00000000-0000-0000-0000-000000000004", "builtIn", PHISHING_RESISTANT.to_vec()),
        combinations => ("own-strength", "custom", combinations.split('|').collect()),
    };
    json!({
        "id": id, "displayName": value, "policyType": kind, "requirementsSatisfied": "mfa", "allowedCombinations": allowed,
        "combinationConfigurations": [],
    })
}

fn guests(value: &str) -> Value {
    json!({"guestOrExternalUserTypes": value, "externalTenants": null})
}

fn tenants(value: &str) -> Value {
    match value {
        "all" => {
            json!({"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"})
        }
        ids => json!({
            "@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants", "membershipKind": "enumerated",
            "members": split(ids).collect::<Vec<_>>(),
        }),
    }
}

fn options(words: &[Word]) -> Result<Options, String> {
    let mut options = Options::new();
    for word in words {
        let value = word.value.clone().unwrap_or_default();
        if options.insert(word.key.clone(), value).is_some() {
            return Err(format!("`{}` is stated twice", word.key));
        }
    }
    Ok(options)
}

fn option(options: &Options, key: &str) -> String {
    options.get(key).cloned().unwrap_or_default()
}

fn split(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|item| !item.is_empty())
}

fn id(word: &str) -> &str {
    KNOWN.iter().find(|k| k.0 == word && !k.1.is_empty()).map_or(word, |k| k.1)
}

fn display(word: &str) -> &str {
    KNOWN.iter().find(|k| k.0 == word && !k.2.is_empty()).map_or(word, |k| k.2)
}

fn upn(name: &str, user: &Options) -> String {
    user.get("upn").cloned().unwrap_or_else(|| format!("{name}@contoso.example"))
}

fn yes(word: &str) -> Value {
    match word {
        "yes" => Value::Bool(true),
        "no" => Value::Bool(false),
        other => json!(other),
    }
}

/// `a.b.c` and a value as `{"a":{"b":{"c":value}}}`.
fn nested(path: &str, value: Value) -> Value {
    let parts = path.rsplit('.').filter(|part| !part.is_empty());
    parts.fold(value, |value, part| json!({part: value}))
}

/// Objects merge member by member; anything else is replaced.
fn merge(target: &mut Value, addition: Value) {
    match (target, addition) {
        (Value::Object(target), Value::Object(addition)) => {
            for (key, value) in addition {
                merge(target.entry(key).or_insert(Value::Null), value);
            }
        }
        (target, addition) => *target = addition,
    }
}

/// Takes the members that a case calls `absent` (or sets to null) out of a row.
fn drop_absent(value: &mut Value) {
    if let Value::Object(members) = value {
        members.retain(|_, member| !member.is_null() && member != "absent");
        members.values_mut().for_each(drop_absent);
    }
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_438_400, 0).unwrap_or_default()
}

fn stamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// `30s`, `5m`, `-2h`, `1d12h`
fn duration(text: &str) -> Result<TimeDelta, String> {
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mut seconds, mut number) = (0_i64, String::new());
    for c in rest.chars() {
        let unit = match c {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            digit => {
                number.push(digit);
                continue;
            }
        };
        seconds += unit * number.parse::<i64>().map_err(|_| format!("`{text}` is no duration"))?;
        number.clear();
    }
    if !number.is_empty() {
        return Err(format!("`{text}` is no duration: a unit is missing"));
    }
    Ok(TimeDelta::seconds(if negative { -seconds } else { seconds }))
}

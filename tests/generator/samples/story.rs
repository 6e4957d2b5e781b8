//! Scenarios: how many attempts, by whom, when, and what happened. From them, rows.

use std::ops::Range;

use serde_json::{Value, json};

use super::super::dice::{Dice, Spelling, october, stamp};
use super::super::record::{Record, applied, step};
use super::super::world::Row;
use super::people::{CONTOSO, Person};

/// What the user went through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// 0, by password alone
    Password,
    /// 0, the token brought an MFA claim of an earlier day
    OldClaim,
    /// 0, by a security key, which nobody had asked for
    SecurityKey,
    /// 50074, then 0 with the second factor given: an enforced policy had asked
    AskedAndDone,
    /// 50074, then 500121: asked, and not answered
    AskedInVain,
    /// 50074, then 50142, then 0: asked for MFA and for a new password, and given both
    PasswordChanged,
    /// 50097, then 0 with the device shown
    DeviceAsked,
    /// 50126
    WrongPassword,
    /// 53003 after a good password: an enforced policy blocks
    Blocked,
    /// 53000 after a good password: an enforced policy wants a compliant device
    DeviceBlocked,
    /// 0 for a refresh token, with no word about MFA
    Refresh,
    /// 0 for a refresh token that carries an MFA claim
    RefreshWithClaim,
    /// 50076 for a refresh token
    RefreshAsked,
    /// 700082 for a refresh token that is too old
    RefreshExpired,
}

/// The device of an attempt: id, compliant, trust type.
pub type Device = (&'static str, bool, &'static str);

/// One attempt before it has a person and a time.
#[derive(Clone, Copy, Debug)]
pub struct SignIn {
    pub course: Course,
    pub risk: &'static str,
    pub client_app: &'static str,
    pub system: &'static str,
    pub device: Option<Device>,
    pub address: &'static str,
    pub country: &'static str,
    pub client: (&'static str, &'static str),
    pub protocol: &'static str,
    pub resource_tenant: &'static str,
}

/// A browser on Windows, at home in France, reading mail: what scenarios start from.
pub const USUAL: SignIn = SignIn {
    course: Course::Password,
    risk: "none",
    client_app: "Browser",
    system: "Windows10",
    device: None,
    address: "203.0.113.20",
    country: "FR",
    client: ("9199bf20-a13f-4107-85dc-02114787ef48", "One Outlook Web"),
    protocol: "none",
    resource_tenant: CONTOSO,
};

/// A line of a scenario list.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub name: &'static str,
    pub attempts: usize,
    /// Positions in the list of people; attempts take turns.
    pub people: Range<usize>,
    /// First and last day of October.
    pub days: (i64, i64),
    pub sign_in: SignIn,
}

/// The rows of a list of scenarios, by time.
pub fn rows(seed: u64, people: &[Person], scenarios: &[Scenario]) -> Vec<Row> {
    let mut dice = Dice::new(seed);
    let mut rows: Vec<(i64, Row)> = Vec::new();
    for scenario in scenarios {
        for attempt in 0..scenario.attempts {
            let person = &people[scenario.people.start + attempt % scenario.people.len()];
            let day = dice.between(scenario.days.0, scenario.days.1);
            let start =
                october(day, dice.between(6, 19), dice.between(0, 59), dice.between(0, 59)) + dice.between(0, 999);
            let session = dice.guid();
            rows.extend(attempt_rows(&mut dice, &scenario.sign_in, person, start, &session));
        }
    }
    sorted(rows)
}

/// Rows in the order of their times.
pub fn sorted(mut rows: Vec<(i64, Row)>) -> Vec<Row> {
    rows.sort_by_key(|(at, _)| *at);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The rows of one attempt with their times.
pub fn attempt_rows(dice: &mut Dice, sign_in: &SignIn, person: &Person, start: i64, session: &str) -> Vec<(i64, Row)> {
    let first = dice.guid();
    let correlation = dice.guid();
    let mut rows = Vec::new();
    for (place, code) in codes(sign_in.course).iter().enumerate() {
        let at = start + 20_000 * i64::try_from(place).unwrap_or(0);
        let id = if place == 0 { first.clone() } else { dice.guid() };
        let mut record = Record::ordinary(&id, &stamp(at, Spelling::Ticks));
        record
            .set("originalRequestId", first.clone())
            .set("correlationId", correlation.clone())
            .set("sessionId", session);
        who(&mut record, person, sign_in);
        which(&mut record, sign_in, place + 1 == codes(sign_in.course).len());
        outcome(&mut record, sign_in.course, *code, at);
        let category = if interactive(sign_in.course) { "SignInLogs" } else { "NonInteractiveUserSignInLogs" };
        let delivered = Some(stamp(at + 1000 * dice.between(60, 400), Spelling::Ticks));
        rows.push((at, Row { value: record.into_value(), delivered, category }));
    }
    rows
}

fn interactive(course: Course) -> bool {
    !matches!(course, Course::Refresh | Course::RefreshWithClaim | Course::RefreshAsked | Course::RefreshExpired)
}

fn codes(course: Course) -> &'static [i64] {
    match course {
        Course::Password | Course::OldClaim | Course::SecurityKey | Course::Refresh | Course::RefreshWithClaim => &[0],
        Course::AskedAndDone => &[50074, 0],
        Course::AskedInVain => &[50074, 500_121],
        Course::PasswordChanged => &[50074, 50142, 0],
        Course::DeviceAsked => &[50097, 0],
        Course::WrongPassword => &[50126],
        Course::Blocked => &[53003],
        Course::DeviceBlocked => &[53000],
        Course::RefreshAsked => &[50076],
        Course::RefreshExpired => &[700_082],
    }
}

fn who(record: &mut Record, person: &Person, sign_in: &SignIn) {
    record
        .set("userId", person.id.clone())
        .set("userDisplayName", person.name.clone())
        .set("userPrincipalName", person.principal.clone())
        .set("signInIdentifier", person.principal.clone())
        .set("userType", person.user_type)
        .set("homeTenantId", person.home)
        .set("resourceTenantId", sign_in.resource_tenant)
        .set("crossTenantAccessType", person.cross);
}

/// Client, resource, place and device. A device is shown on the last row only: before that nobody had asked.
fn which(record: &mut Record, sign_in: &SignIn, last: bool) {
    let token = if interactive(sign_in.course) { "none" } else { "refreshToken" };
    let kind = if interactive(sign_in.course) { "interactiveUser" } else { "nonInteractiveUser" };
    let agent = match sign_in.system {
        "" => "",
        "MacOs" => "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15",
        "Ios 18.2.1" => "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X)",
        _ => "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
    };
    record
        .set("isInteractive", interactive(sign_in.course))
        .set("signInEventTypes", json!([kind]))
        .set("incomingTokenType", token)
        .set("riskLevelDuringSignIn", sign_in.risk)
        .set("riskLevelAggregated", sign_in.risk)
        .set("riskState", if matches!(sign_in.risk, "low" | "medium" | "high") { "atRisk" } else { "none" })
        .set(
            "riskEventTypes_v2",
            if matches!(sign_in.risk, "low" | "medium" | "high") { json!(["unfamiliarFeatures"]) } else { json!([]) },
        )
        .set("clientAppUsed", sign_in.client_app)
        .set("userAgent", agent)
        .set("ipAddress", sign_in.address)
        .set("location.countryOrRegion", sign_in.country)
        .set("location.city", if sign_in.country == "FR" { "Lyon" } else { "" })
        .set("appId", sign_in.client.0)
        .set("appDisplayName", sign_in.client.1)
        .set("resourceId", "00000002-0000-0ff1-ce00-000000000000")
        .set("resourceDisplayName", "Office 365 Exchange Online")
        .set("resourceOwnerTenantId", "f8cdef31-a31e-4b4a-93e4-5f571e91255a")
        .set("authenticationProtocol", sign_in.protocol)
        .set("deviceDetail.operatingSystem", sign_in.system)
        .set("deviceDetail.browser", if sign_in.client_app == "Browser" { "Edge 140.0.0" } else { "" });
    if let (Some((id, compliant, trust)), true) = (sign_in.device, last) {
        record
            .set("deviceDetail.deviceId", id)
            .set("deviceDetail.displayName", "CONTOSO-PC")
            .set("deviceDetail.isCompliant", compliant)
            .set("deviceDetail.isManaged", compliant)
            .set("deviceDetail.trustType", trust);
    }
}

/// Code, MFA evidence and recorded policies of one row.
fn outcome(record: &mut Record, course: Course, code: i64, at: i64) {
    const MULTI: &str = "multiFactorAuthentication";
    let password =
        step(Some(&time(at - 4_000)), "Password", "Password in the cloud", true, "", "Primary authentication");
    let claim = step(
        Some(&time(at - 4_000)),
        "Previously satisfied",
        "",
        true,
        "MFA requirement satisfied by claim in the token",
        "Multifactor authentication",
    );
    let second = |at: i64, succeeded: bool, result: &str| {
        step(Some(&time(at)), "Mobile app notification", "", succeeded, result, "Multifactor authentication")
    };
    record.set("status", json!({"errorCode": code, "failureReason": reason(code), "additionalDetails": null}));
    match code {
        0 => match course {
            Course::OldClaim => {
                record.set("authenticationRequirement", MULTI).set("authenticationDetails", json!([password, claim]));
                record.set("status.additionalDetails", "MFA requirement satisfied by claim in the token");
            }
            Course::SecurityKey => {
                let key = step(Some(&time(at - 4_000)), "FIDO2 security key", "", true, "", "Primary authentication");
                record.set("authenticationDetails", json!([key]));
            }
            Course::AskedAndDone | Course::PasswordChanged => {
                let done = second(at - 3_000, true, "MFA completed in Azure AD");
                record.set("authenticationRequirement", MULTI).set("authenticationDetails", json!([password, done]));
                record.set("status.additionalDetails", "MFA completed in Azure AD");
            }
            Course::Refresh => {}
            Course::RefreshWithClaim => {
                record.set("status.additionalDetails", "MFA requirement satisfied by claim in the token");
            }
            _ => {
                record.set("authenticationDetails", json!([password]));
            }
        },
        50126 => {
            let wrong = step(
                Some(&time(at - 4_000)),
                "Password",
                "Password in the cloud",
                false,
                "Invalid username or password",
                "Primary authentication",
            );
            record.set("authenticationDetails", json!([wrong]));
        }
        500_121 => {
            let denied = second(at - 1_000, false, "MFA denied; user did not respond to mobile app notification");
            record.set("authenticationRequirement", MULTI).set("authenticationDetails", json!([password, denied]));
            record.set("status.additionalDetails", "MFA denied; user did not respond to mobile app notification");
        }
        50076 | 700_082 => {}
        50074 => {
            record.set("authenticationRequirement", MULTI).set("authenticationDetails", json!([password]));
        }
        _ => {
            record.set("authenticationDetails", json!([password]));
        }
    }
    recorded(record, course, code);
}

fn time(at: i64) -> String {
    stamp(at, Spelling::Offset)
}

fn reason(code: i64) -> &'static str {
    match code {
        0 => "Other.",
        50074 => "Strong Authentication is required.",
        50076 => "Due to a configuration change made by your administrator, you must use multi-factor authentication.",
        50097 => "Device authentication is required.",
        50126 => "Error validating credentials due to invalid username or password.",
        50142 => "Password change is required due to a conditional access policy.",
        53000 => "Device is not in required device state: compliant.",
        53003 => {
            "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."
        }
        500_121 => "Authentication failed during strong authentication request.",
        700_082 => "The refresh token has expired due to inactivity.",
        _ => "",
    }
}

/// The policies that were in the tenant, and how each fared on this row.
fn recorded(record: &mut Record, course: Course, code: i64) {
    if matches!(code, 50126 | 700_082) {
        return;
    }
    let mfa = match code {
        50074 | 50076 | 500_121 => "failure",
        0 | 50142 if matches!(course, Course::AskedAndDone | Course::PasswordChanged) => "success",
        _ => "notApplied",
    };
    let other = |hit: bool| if hit { "failure" } else { "notApplied" };
    let conditions = |result: &str| {
        if result == "notApplied" { ("application,users", "location") } else { ("application,users,location", "none") }
    };
    let mut list: Vec<Value> = Vec::new();
    for (id, name, grant, result) in [
        ("ca000000-0000-4000-8000-000000000001", "CA001 MFA outside known networks", "Mfa", mfa),
        ("ca000000-0000-4000-8000-000000000002", "CA002 Closed countries", "Block", other(code == 53003)),
    ] {
        list.push(applied(id, name, &[grant], &[], result, conditions(result)));
    }
    if code == 53000 {
        list.push(applied(
            "ca000000-0000-4000-8000-000000000003",
            "CA003 Finance devices",
            &["RequireCompliantDevice"],
            &[],
            "failure",
            ("application,users", "none"),
        ));
    }
    let status = match (mfa, code) {
        ("success", _) => "success",
        (_, 0) => "notApplied",
        _ => "failure",
    };
    record.set("appliedConditionalAccessPolicies", list).set("conditionalAccessStatus", status);
}

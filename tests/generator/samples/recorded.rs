//! A tenant whose policies were there while the log was written, and of which every fact is known: the log in which
//! replayed and recorded results must agree. What was recorded is written into its rows by the test.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::dice::{Dice, guid_of, october};
use super::super::world::{Row, World};
use super::people::{FABRIKAM, Person, directory_entry, guest, member, registration};
use super::story::{Course, SignIn, USUAL, attempt_rows};
use super::{every_time, grant, policy};

/// Left out of the policies on risk: the first three people.
pub const EXEMPT: &str = "9e000000-0000-4000-8000-0000000000e1";
/// The first twenty people.
pub const STAFF: &str = "9e000000-0000-4000-8000-0000000000e2";
/// The others.
pub const CONTRACTORS: &str = "9e000000-0000-4000-8000-0000000000e3";
/// Global Administrator: people 3 and 4.
const ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";
/// 203.0.113.0/24, trusted.
const OFFICE: &str = "10ca0000-0000-4000-8000-000000000001";
const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";

fn people() -> Vec<Person> {
    (0..30).map(member).chain((30..32).map(|at| guest(at, FABRIKAM))).collect()
}

/// The tenant, its log without recorded policies, and the policies.
pub fn world(attempts: usize) -> World {
    let (people, mut dice) = (people(), Dice::new(0x7e51));
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..attempts {
        let person = dice.pick(&people).clone();
        let sign_in = sign_in(&mut dice);
        let start = october(dice.between(1, 28), dice.between(6, 19), dice.between(0, 59), dice.between(0, 59));
        let session = dice.guid();
        let share_point = dice.chance(30);
        for (_, mut row) in attempt_rows(&mut dice, &sign_in, &person, start, &session) {
            row.value["appliedConditionalAccessPolicies"] = json!([]);
            row.value["conditionalAccessStatus"] = json!("notApplied");
            if share_point {
                row.value["resourceId"] = json!("00000003-0000-0ff1-ce00-000000000000");
                row.value["resourceDisplayName"] = json!("Office 365 SharePoint Online");
            }
            rows.push(row);
        }
    }
    let policies = policies().into_iter().map(|(name, policy)| (name.to_owned(), policy)).collect();
    World { rows, policies, tenant: tenant(&people) }
}

fn sign_in(dice: &mut Dice) -> SignIn {
    let (address, country) =
        dice.weighted(&[(50, ("203.0.113.20", "FR")), (30, ("198.51.100.77", "NL")), (20, ("192.0.2.9", "FR"))]);
    let (client_app, system) = dice.weighted(&[
        (40, ("Browser", "Windows10")),
        (15, ("Browser", "MacOs")),
        (15, ("Mobile Apps and Desktop clients", "Ios 18.2.1")),
        (15, ("Mobile Apps and Desktop clients", "Android 14")),
        (15, ("IMAP4", "Windows10")),
    ]);
    let course = dice.weighted(&[
        (40, Course::Password),
        (15, Course::OldClaim),
        (10, Course::SecurityKey),
        (15, Course::AskedAndDone),
        (8, Course::AskedInVain),
        (6, Course::Blocked),
        (6, Course::RefreshWithClaim),
    ]);
    SignIn {
        course,
        risk: dice.weighted(&[(55, "none"), (15, "low"), (15, "medium"), (15, "high")]),
        client_app,
        system,
        device: dice.weighted(&[
            (60, None),
            (25, Some(("de000000-0000-4000-8000-000000000001", true, "Azure AD joined"))),
            (15, Some(("de000000-0000-4000-8000-000000000002", false, "Azure AD joined"))),
        ]),
        address,
        country,
        protocol: if dice.chance(10) { "deviceCode" } else { "none" },
        ..USUAL
    }
}

/// File stems and policies; the state says with which words results are recorded.
fn policies() -> Vec<(&'static str, Value)> {
    const REPORT_ONLY: &str = "enabledForReportingButNotEnforced";
    let users = |groups: &[&str], roles: &[&str], excluded: &[&str]| {
        let all = if groups.is_empty() && roles.is_empty() { json!(["All"]) } else { json!([]) };
        json!({"includeUsers": all, "excludeUsers": [], "includeGroups": groups, "excludeGroups": excluded,
            "includeRoles": roles, "excludeRoles": [], "includeGuestsOrExternalUsers": null, "excludeGuestsOrExternalUsers": null})
    };
    let one = |number: u128, state: &str, name: &str, conditions: Value, grant: Value, session: Value| {
        let mut one = policy(0x7e51_0000_0000_4000_8000_0000_0000_0000 + number, name, conditions, grant, session);
        one["state"] = json!(state);
        one["createdDateTime"] = json!("2026-01-02T09:00:00Z");
        one
    };
    let password_change = grant("AND", &["mfa", "passwordChange"]);
    vec![
        (
            "risk-mfa",
            one(
                1,
                REPORT_ONLY,
                "Sign-in risk: MFA every time",
                json!({"users": users(&[], &[], &[EXEMPT]), "signInRiskLevels": ["high", "medium"]}),
                grant("OR", &["mfa"]),
                every_time(),
            ),
        ),
        (
            "legacy-block",
            one(
                2,
                "enabled",
                "Block legacy clients",
                json!({"clientAppTypes": ["exchangeActiveSync", "other"]}),
                grant("OR", &["block"]),
                Value::Null,
            ),
        ),
        (
            "outside-mfa",
            one(
                3,
                REPORT_ONLY,
                "MFA outside trusted locations",
                json!({"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}}),
                grant("OR", &["mfa"]),
                Value::Null,
            ),
        ),
        (
            "mobile-compliant",
            one(
                4,
                REPORT_ONLY,
                "Compliant phones",
                json!({"platforms": {"includePlatforms": ["android", "iOS"], "excludePlatforms": []}}),
                grant("OR", &["compliantDevice"]),
                Value::Null,
            ),
        ),
        (
            "admins",
            one(
                5,
                REPORT_ONLY,
                "Administrators on unknown devices",
                json!({"users": users(&[], &[ADMINISTRATOR], &[]),
                    "devices": {"deviceFilter": {"mode": "exclude", "rule": "device.isCompliant -eq True"}}}),
                grant("OR", &["block"]),
                Value::Null,
            ),
        ),
        (
            "staff-mail",
            one(
                6,
                "enabled",
                "Mail of staff",
                json!({"users": users(&[STAFF], &[], &[]), "applications": {"includeApplications": [EXCHANGE],
                    "excludeApplications": [], "includeUserActions": [], "includeAuthenticationContextClassReferences": [],
                    "applicationFilter": null}}),
                grant("OR", &["mfa", "compliantDevice"]),
                Value::Null,
            ),
        ),
        (
            "device-code-block",
            one(
                7,
                REPORT_ONLY,
                "Block device code flow",
                json!({"authenticationFlows": {"transferMethods": "deviceCodeFlow"}}),
                grant("OR", &["block"]),
                Value::Null,
            ),
        ),
        (
            "user-risk",
            one(
                8,
                REPORT_ONLY,
                "User risk: new password",
                json!({"users": users(&[], &[], &[EXEMPT]), "userRiskLevels": ["high"]}),
                password_change,
                every_time(),
            ),
        ),
    ]
}

/// Tenant facts: nothing that a policy asks is left open.
fn tenant(people: &[Person]) -> BTreeMap<String, String> {
    let page = |list: Vec<Value>| json!({ "value": list }).to_string();
    let members = |range: std::ops::Range<usize>| {
        page(
            people[range]
                .iter()
                .map(|person| json!({"@odata.type": "#microsoft.graph.user", "id": person.id}))
                .collect(),
        )
    };
    let history = people[5..9].iter().enumerate().map(|(at, person)| {
        json!({"id": guid_of(0x7e52 + at as u128), "userId": person.id, "riskLevel": if at < 2 { "high" } else { "low" },
            "riskState": "atRisk", "riskLastUpdatedDateTime": "2026-10-10T00:00:00Z"})
    });
    let office = json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": OFFICE, "displayName": "Office",
        "isTrusted": true, "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "203.0.113.0/24"}]});
    [
        (format!("groups/{EXEMPT}.json"), members(0..3)),
        (format!("groups/{STAFF}.json"), members(0..20)),
        (format!("groups/{CONTRACTORS}.json"), members(20..30)),
        (format!("roles/{ADMINISTRATOR}.json"), members(3..5)),
        ("namedLocations.json".to_owned(), page(vec![office])),
        ("riskyUserHistory.json".to_owned(), page(history.collect())),
        ("users.json".to_owned(), page(people.iter().map(|person| directory_entry(person, false)).collect())),
        (
            "userRegistrationDetails.json".to_owned(),
            page(people.iter().map(|person| registration(person, true)).collect()),
        ),
        (
            "tenant.toml".to_owned(),
            format!(
                "tenant-id = \"{}\"\npassword-writeback = true\ninbound-mfa-trust = \"none\"\ninbound-device-trust = \"none\"\n",
                super::people::CONTOSO
            ),
        ),
    ]
    .into()
}

//! Tenant facts of a random world: each file there or not, complete or with gaps.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::cast::{Cast, Person, ROLES};
use super::dice::{Dice, Spelling, october, stamp};
use super::world::Row;
use super::{controls, text};

/// Draws the files.
pub fn files(dice: &mut Dice, cast: &Cast, rows: &[Row]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let people: Vec<&Person> = cast
        .people
        .iter()
        .filter(|person| person.id.as_ref().is_some_and(|id| id.len() == 36 && !id.starts_with("0000")))
        .collect();
    memberships(dice, cast, &people, &mut files);
    let mut put = |name: &str, text: String| drop(files.insert(name.to_owned(), text));
    if dice.chance(65) {
        put("namedLocations.json", page(named_locations(dice, cast), dice));
    }
    match dice.below(4) {
        0 | 1 => put("users.json", page(users(dice, &people), dice)),
        2 => put("users.csv", users_csv(dice, &people)),
        _ => {}
    }
    match dice.below(5) {
        0..3 => put("userRegistrationDetails.json", page(registrations(dice, &people), dice)),
        3 => put("userRegistrationDetails.csv", registrations_csv(dice, &people)),
        _ => {}
    }
    let risks = dice.below(5);
    if risks < 3 {
        put("riskyUsers.json", page(risky(dice, &people, false), dice));
    }
    if risks == 2 || risks == 3 {
        put("riskyUserHistory.json", page(risky(dice, &people, true), dice));
    }
    if dice.chance(30) {
        put("riskDetections.json", page(detections(dice, rows), dice));
    }
    if dice.chance(50) {
        put("devices.json", page(devices(dice, cast), dice));
    }
    if dice.chance(50) {
        let strengths = cast.strengths.iter().map(|id| controls::custom_strength(dice, id)).collect();
        put("authenticationStrengthPolicies.json", page(strengths, dice));
    }
    if dice.chance(40) {
        let owned = cast.resources.iter().map(|(id, name)| {
            let owner =
                if id.starts_with("a99") { super::cast::OWN_TENANT } else { "f8cdef31-a31e-4b4a-93e4-5f571e91255a" };
            json!({"id": dice.guid(), "appId": id, "displayName": name, "appOwnerOrganizationId": owner})
        });
        let owned = owned.collect();
        put("servicePrincipals.json", page(owned, dice));
    }
    if dice.chance(50) {
        put("agreementAcceptances.json", page(acceptances(dice, cast, &people), dice));
    }
    if dice.chance(12) {
        put(
            "office365Apps.csv",
            "appId,displayName\n00000002-0000-0ff1-ce00-000000000000,Exchange Online\n,Microsoft Teams\n".into(),
        );
    }
    if dice.chance(60) {
        put("tenant.toml", toml(dice, cast, &people));
    }
    files
}

/// A list as Graph may have delivered it: a page, two pages, or a bare array.
fn page(mut list: Vec<Value>, dice: &mut Dice) -> String {
    const CONTEXT: &str = "https://graph.microsoft.com/v1.0/$metadata#list";
    match dice.below(6) {
        0 => text::pretty(&Value::Array(list), 2),
        1 if list.len() > 1 => {
            let rest = list.split_off(list.len() / 2);
            let first = text::compact(
                &json!({"@odata.context": CONTEXT, "@odata.nextLink": "https://graph.microsoft.com/next", "value": list}),
            );
            format!("{first}\n{}\n", text::compact(&json!({"@odata.context": CONTEXT, "value": rest})))
        }
        2 => text::compact(&json!([{"@odata.context": CONTEXT, "value": list}])),
        _ => text::pretty(&json!({"@odata.context": CONTEXT, "value": list}), 2),
    }
}

fn memberships(dice: &mut Dice, cast: &Cast, people: &[&Person], files: &mut BTreeMap<String, String>) {
    let mut groups_csv = String::new();
    for (id, members) in &cast.groups {
        let ids: Vec<&String> =
            members.iter().filter_map(|at| cast.people.get(*at)?.id.as_ref()).filter(|id| !id.is_empty()).collect();
        match dice.below(4) {
            0 | 1 => {
                let list = ids
                    .iter()
                    .map(|id| json!({"@odata.type": "#microsoft.graph.user", "id": id, "displayName": "Member"}))
                    .collect();
                files.insert(format!("groups/{id}.json"), page(list, dice));
            }
            2 if !ids.is_empty() => {
                for member in ids {
                    let _ = writeln!(groups_csv, "{id},{}", member.to_uppercase());
                }
            }
            _ => {}
        }
    }
    if !groups_csv.is_empty() {
        files.insert("groups.csv".into(), format!("groupId,userId\n{groups_csv}"));
    }
    let mut roles_csv = String::new();
    for role in ROLES {
        let ids: Vec<&str> =
            people.iter().filter(|_| dice.chance(35)).filter_map(|person| person.id.as_deref()).collect();
        match dice.below(4) {
            0 | 1 => {
                let list = ids.iter().map(|id| json!({"@odata.type": "#microsoft.graph.user", "id": id})).collect();
                files.insert(format!("roles/{}.json", role.to_lowercase()), page(list, dice));
            }
            2 => {
                for id in ids {
                    let _ = writeln!(roles_csv, "{},{id}", role.to_lowercase());
                }
            }
            _ => {}
        }
    }
    if !roles_csv.is_empty() {
        files.insert("roles.csv".into(), format!("roleTemplateId,userId\n{roles_csv}"));
    }
}

fn named_locations(dice: &mut Dice, cast: &Cast) -> Vec<Value> {
    let mut list: Vec<Value> = Vec::new();
    for (at, id) in cast.locations.iter().enumerate() {
        if dice.chance(12) {
            continue;
        }
        let name = format!("Location {at}");
        list.push(match at {
            0 => json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": id, "displayName": name, "isTrusted": true,
                "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "192.0.2.0/24"}]}),
            1 => json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": id, "displayName": name, "isTrusted": dice.chance(50), "ipRanges": [
                {"@odata.type": "#microsoft.graph.iPv6CidrRange", "cidrAddress": "2001:db8::/64"},
                {"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "203.0.113.5/32"}
            ]}),
            2 => json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "id": id, "displayName": name, "countriesAndRegions": ["FR", "nl"],
                "includeUnknownCountriesAndRegions": dice.chance(50), "countryLookupMethod": "clientIpAddress"}),
            3 => json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "id": id, "displayName": name, "countriesAndRegions": ["NG", "DE"],
                "includeUnknownCountriesAndRegions": false,
                "countryLookupMethod": if dice.chance(40) { "authenticatorAppGps" } else { "clientIpAddress" }}),
            _ => json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": id, "displayName": name, "isTrusted": false, "ipRanges": [
                {"@odata.type": "#microsoft.graph.iPv4Range", "lowerAddress": "198.51.100.7", "upperAddress": "198.51.100.8"}
            ]}),
        });
    }
    if dice.chance(40) {
        list.push(json!({"@odata.type": "#microsoft.graph.compliantNetworkNamedLocation", "id": "3d46dbda-8382-466a-856d-eb00cbc6b910",
            "displayName": "All Compliant Network locations", "isTrusted": dice.chance(50)}));
    }
    list
}

/// What the directory knows of a guest: whether and how they were invited.
fn origin(dice: &mut Dice) -> (Option<&'static str>, Option<&'static str>) {
    dice.weighted(&[
        (55, (None, None)),
        (20, (Some("Invitation"), Some("Accepted"))),
        (10, (None, Some("PendingAcceptance"))),
        (15, (Some("EmailVerified"), None)),
    ])
}

fn users(dice: &mut Dice, people: &[&Person]) -> Vec<Value> {
    let mut list = Vec::new();
    for person in people.iter() {
        if dice.chance(12) {
            continue;
        }
        let (creation, state) = if person.user_type == Some("member") { (None, None) } else { origin(dice) };
        let mut user = json!({
            "id": person.id, "userPrincipalName": person.principal.to_uppercase(), "userType": if person.user_type == Some("guest") { "Guest" } else { "Member" },
            "creationType": creation, "externalUserState": state
        });
        if let Value::Object(members) = &mut user {
            match dice.below(4) {
                0 => {}
                1 => drop(members.insert("onPremisesSyncEnabled".into(), true.into())),
                2 => drop(members.insert("onPremisesSyncEnabled".into(), Value::Null)),
                _ => drop(members.insert("onPremisesSyncEnabled".into(), false.into())),
            }
        }
        list.push(user);
    }
    list
}

fn users_csv(dice: &mut Dice, people: &[&Person]) -> String {
    let mut text = String::from("id,userPrincipalName,userType,creationType,externalUserState,onPremisesSyncEnabled\n");
    for person in people {
        if dice.chance(12) {
            continue;
        }
        let (creation, state) = if person.user_type == Some("member") { (None, None) } else { origin(dice) };
        let kind = if person.user_type == Some("guest") { "Guest" } else { "Member" };
        let _ = writeln!(
            text,
            "{},{},{kind},{},{},{}",
            person.id.as_deref().unwrap_or(""),
            person.principal,
            creation.unwrap_or(""),
            state.unwrap_or(""),
            dice.pick(&["True", "False", "", "true"])
        );
    }
    text
}

fn methods(dice: &mut Dice) -> Vec<&'static str> {
    const METHODS: &[&str] = &[
        "microsoftAuthenticatorPush",
        "softwareOneTimePasscode",
        "hardwareOneTimePasscode",
        "mobilePhone",
        "alternateMobilePhone",
        "officePhone",
        "email",
        "fido2SecurityKey",
        "passKeyDeviceBound",
        "windowsHelloForBusiness",
        "x509CertificateMultiFactor",
        "microsoftAuthenticatorPasswordless",
        "temporaryAccessPass",
        "securityQuestion",
        "WindowsHelloForBusiness",
        "telepathy",
    ];
    if dice.chance(30) { Vec::new() } else { dice.several(METHODS, 4) }
}

fn registrations(dice: &mut Dice, people: &[&Person]) -> Vec<Value> {
    let mut list = Vec::new();
    for person in people {
        if dice.chance(15) {
            continue;
        }
        let methods = methods(dice);
        let capable = if dice.chance(85) { !methods.is_empty() } else { methods.is_empty() };
        let capable = dice.chance(95).then_some(capable);
        let methods_shown = if dice.chance(96) { json!(methods) } else { Value::Null };
        list.push(json!({
            "id": person.id, "userPrincipalName": person.principal, "userDisplayName": person.name, "isMfaRegistered": !methods.is_empty(), "isMfaCapable": capable,
            "isPasswordlessCapable": false, "methodsRegistered": methods_shown, "userType": person.user_type.unwrap_or("member"),
            "lastUpdatedDateTime": "2026-10-20T00:00:00Z"
        }));
    }
    list
}

fn registrations_csv(dice: &mut Dice, people: &[&Person]) -> String {
    let mut text = String::from(
        "userPrincipalName,userDisplayName,isMfaRegistered,isMfaCapable,isPasswordlessCapable,methodsRegistered,userType\n",
    );
    for person in people {
        if dice.chance(15) {
            continue;
        }
        let methods = methods(dice);
        let capable = if methods.is_empty() { "False" } else { "True" };
        let cell = text::compact(&json!(methods)).replace('"', "\"\"");
        let _ = writeln!(
            text,
            "{},{},{capable},{capable},False,\"{cell}\",{}",
            person.principal.to_uppercase(),
            person.name,
            person.user_type.unwrap_or("")
        );
    }
    text
}

fn risky(dice: &mut Dice, people: &[&Person], history: bool) -> Vec<Value> {
    let mut list = Vec::new();
    for person in people {
        if dice.chance(55) {
            continue;
        }
        let entries = if history { 1 + dice.below(3) } else { 1 };
        for _ in 0..entries {
            // Some entries fall on one moment.
            let day = if dice.chance(15) { 5 } else { 1 + dice.between(0, 20) };
            let at = stamp(october(day, if day == 5 { 7 } else { dice.between(0, 23) }, 0, 0), Spelling::Ticks);
            let mut entry = json!({
                "id": person.id, "userDisplayName": person.name, "userPrincipalName": person.principal, "isDeleted": false, "isProcessing": false,
                "riskLevel": dice.one(&["none", "low", "medium", "high", "high", "hidden"]),
                "riskState": dice.one(&["atRisk", "remediated", "dismissed", "none"]), "riskDetail": "none", "riskLastUpdatedDateTime": at
            });
            if let (true, Value::Object(members)) = (history, &mut entry) {
                members.insert("userId".into(), json!(person.id));
            }
            list.push(entry);
        }
    }
    list
}

fn detections(dice: &mut Dice, rows: &[Row]) -> Vec<Value> {
    let mut list = Vec::new();
    for row in rows {
        if !dice.chance(12) {
            continue;
        }
        list.push(json!({
            "id": dice.hex(64), "requestId": row.value.get("id"), "correlationId": row.value.get("correlationId"), "userId": row.value.get("userId"),
            "riskEventType": dice.one(&["unfamiliarFeatures", "unlikelyTravel", "leakedCredentials"]), "riskLevel": dice.one(&["low", "medium", "high"]),
            "riskState": "atRisk", "riskDetail": "none", "detectionTimingType": dice.one(&["realtime", "nearRealtime", "offline"]),
            "activityDateTime": row.value.get("createdDateTime"), "detectedDateTime": row.value.get("createdDateTime")
        }));
    }
    list
}

fn devices(dice: &mut Dice, cast: &Cast) -> Vec<Value> {
    let mut list = Vec::new();
    for device in &cast.devices {
        if dice.chance(25) {
            continue;
        }
        let system = if device.system.starts_with("Win") { "Windows" } else { "iOS" };
        let extensions = dice.weighted(&[
            (40, json!({"extensionAttribute1": "SAW", "extensionAttribute7": null})),
            (20, json!({"extensionAttribute1": "kiosk"})),
            (20, json!({})),
            (20, Value::Null),
        ]);
        let physical =
            dice.weighted(&[(50, json!([])), (25, json!(["[ZTDId]"])), (25, json!(["[ZTDId]:0001", "[OrderId]:1"]))]);
        let mut entry = json!({
            "id": dice.guid(), "deviceId": device.id.to_uppercase(), "displayName": device.name, "operatingSystem": system,
            "operatingSystemVersion": "10.0.26100", "isCompliant": device.compliant, "isManaged": device.managed, "trustType": "AzureAd",
            "deviceOwnership": dice.one(&[Some("Company"), Some("Personal"), None]), "profileType": "RegisteredDevice", "manufacturer": "Contoso",
            "model": "Virtual Machine", "mdmAppId": null, "physicalIds": physical, "systemLabels": []
        });
        if let Value::Object(members) = &mut entry
            && !extensions.is_null()
        {
            members.insert("extensionAttributes".into(), extensions);
        }
        list.push(entry);
    }
    list
}

fn acceptances(dice: &mut Dice, cast: &Cast, people: &[&Person]) -> Vec<Value> {
    let mut list = Vec::new();
    for person in people {
        for agreement in &cast.agreements {
            if dice.chance(45) {
                list.push(json!({"id": dice.guid(), "agreementId": agreement, "userId": person.id, "state": dice.one(&["accepted", "accepted", "declined"]),
                    "recordedDateTime": "2026-09-20T00:00:00Z",
                    "expirationDateTime": dice.one(&[None, None, Some("2026-10-10T12:00:00Z"), Some("2027-01-01T00:00:00Z")])}));
            }
        }
    }
    list
}

fn toml(dice: &mut Dice, cast: &Cast, people: &[&Person]) -> String {
    let mut text = String::new();
    let quoted = |items: Vec<String>| items.iter().map(|item| format!("\"{item}\"")).collect::<Vec<_>>().join(", ");
    if dice.chance(60) {
        let _ = writeln!(text, "tenant-id = \"{}\"", super::cast::OWN_TENANT);
    }
    if dice.chance(40) {
        text.push_str("mfa-trusted-ips = [\"198.51.100.0/25\"]\n");
    }
    for key in ["inbound-mfa-trust", "inbound-device-trust"] {
        match dice.below(4) {
            0 => drop(writeln!(text, "{key} = \"all\"")),
            1 => drop(writeln!(text, "{key} = \"none\"")),
            2 => drop(writeln!(text, "{key} = [{}]", quoted(dice.several(&cast.partners, 2)))),
            _ => {}
        }
    }
    match dice.below(3) {
        0 => text.push_str("password-writeback = true\n"),
        1 => text.push_str("password-writeback = false\n"),
        _ => {}
    }
    if dice.chance(30)
        && let Some(id) = people.first().and_then(|person| person.id.clone())
    {
        let _ = writeln!(text, "break-glass = [\"{id}\"]");
    }
    if dice.chance(30) {
        let _ =
            writeln!(text, "privileged-roles = [{}]", quoted(ROLES.iter().map(|role| (*role).to_owned()).collect()));
    }
    text
}

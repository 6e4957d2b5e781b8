//! Random candidates over everything that a policy can say, in the JSON that Graph shows.

use serde_json::{Map, Value, json};

use super::cast::{CLIENTS, Cast, OWN_TENANT, RESOURCES, ROLES};
use super::dice::Dice;
use super::{controls, filters};

/// The compliant network and the MFA trusted addresses: named locations with the same id in every tenant.
const SPECIAL_LOCATIONS: &[&str] = &["3d46dbda-8382-466a-856d-eb00cbc6b910", "00000000-0000-0000-0000-000000000000"];

/// Draws a candidate and the stem of the file it lies in.
pub fn policy(dice: &mut Dice, cast: &Cast, at: usize) -> (String, Value) {
    let (grant, session) = controls::controls(dice, cast);
    let mut policy = json!({
        "displayName": format!("Candidate {at}"),
        "state": dice.one(&["enabled", "disabled", "enabledForReportingButNotEnforced"]),
        "createdDateTime": "2026-09-01T08:00:00Z",
        "modifiedDateTime": null,
        "templateId": null,
        "conditions": conditions(dice, cast),
        "grantControls": grant,
        "sessionControls": session
    });
    if let Value::Object(members) = &mut policy {
        match dice.below(8) {
            0 => {}
            1 => {
                // The candidate itself was in the tenant: its entries in the rows carry this id.
                let existing = dice.pick(&cast.existing);
                members.insert("id".into(), existing.id.clone().into());
            }
            _ => {
                members.insert("id".into(), dice.guid().into());
            }
        }
        match dice.below(20) {
            0 => drop(members.remove("displayName")),
            1 => drop(members.insert("displayName".into(), "Candidate 0".into())),
            2 => drop(
                members.insert("@odata.context".into(), "https://graph.microsoft.com/beta/$metadata#policy".into()),
            ),
            3 => drop(members.insert("someNewMember".into(), "set".into())),
            _ => {}
        }
    }
    (format!("policy-{at}"), policy)
}

fn conditions(dice: &mut Dice, cast: &Cast) -> Value {
    let mut conditions = Map::new();
    let mut set = |name: &str, value: Value| drop(conditions.insert(name.to_owned(), value));
    let workload = dice.chance(2);
    set("users", if workload { Value::Null } else { users(dice, cast) });
    set("applications", applications(dice));
    let client_applications = if workload {
        json!({"includeServicePrincipals": ["ServicePrincipalsInMyTenant"], "excludeServicePrincipals": []})
    } else {
        Value::Null
    };
    set("clientApplications", client_applications);
    // Half of the candidates have no further condition, so that enough attempts reach the controls.
    let configured = if dice.chance(50) { 0 } else { 22 };
    set("clientAppTypes", optional(dice, configured, client_app_types, json!(["all"])));
    set("platforms", optional(dice, configured, platforms, Value::Null));
    let unset = if dice.chance(10) { json!([]) } else { Value::Null };
    set("locations", optional(dice, configured, |dice| locations(dice, cast), unset));
    set("signInRiskLevels", optional(dice, if configured == 0 { 25 } else { 35 }, levels, json!([])));
    set("userRiskLevels", optional(dice, 8, levels, json!([])));
    set(
        "insiderRiskLevels",
        optional(dice, 2, |dice| json!(dice.one(&["elevated", "moderate,elevated", "minor"])), Value::Null),
    );
    set("servicePrincipalRiskLevels", optional(dice, 2, levels, json!([])));
    set("devices", optional(dice, configured, |dice| devices(dice, cast), Value::Null));
    set("authenticationFlows", optional(dice, configured / 2, flows, Value::Null));
    match dice.below(60) {
        0 => set("times", json!({"includedRanges": {"daysOfWeek": ["monday"]}})),
        1 => set("clients", json!({"includeClients": ["x"]})),
        2 => set("agentIdRiskLevels", json!("high")),
        3 => set("agents", json!({"includeAgentUsers": ["All"], "excludeAgentUsers": []})),
        4 => set(
            "deviceStates",
            json!({"includeStates": ["All"], "excludeStates": [dice.one(&["Compliant", "DomainJoined"])]}),
        ),
        5 => set("somethingNew", json!(["x"])),
        6..12 => {
            set("times", Value::Null);
            set("clients", Value::Null);
            set("agents", json!({}));
            set("deviceStates", Value::Null);
        }
        _ => {}
    }
    let mut conditions = Value::Object(conditions);
    if dice.chance(2)
        && let Some(Value::Object(users)) = conditions.get_mut("users")
    {
        users.insert("includeStarSigns".into(), json!(["leo"]));
    }
    conditions
}

fn optional(dice: &mut Dice, percent: u32, draw: impl FnOnce(&mut Dice) -> Value, otherwise: Value) -> Value {
    if dice.chance(percent) { draw(dice) } else { otherwise }
}

fn users(dice: &mut Dice, cast: &Cast) -> Value {
    let mut include: Vec<String> = Vec::new();
    let mut groups: Vec<String> = Vec::new();
    let mut roles: Vec<&str> = Vec::new();
    let mut guests = Value::Null;
    match dice.weighted(&[(70, 0), (8, 1), (10, 2), (8, 3), (6, 4), (4, 5), (2, 6)]) {
        0 => include.push((dice.one(&["All", "All", "All", "all"])).to_owned()),
        1 => {
            let people: Vec<String> =
                cast.people.iter().filter_map(|person| person.id.clone()).filter(|id| !id.is_empty()).collect();
            include = dice.several(&people, 8);
            if dice.chance(20) {
                include.push("<Break glass account>".into());
            }
        }
        2 => groups = group_list(dice, cast),
        3 => {
            include.push("None".into());
            roles = dice.several(ROLES, 3);
        }
        4 => guests = guest_types(dice, cast),
        5 => include.push("GuestsOrExternalUsers".into()),
        _ => {}
    }
    let mut exclude: Vec<String> = Vec::new();
    if dice.chance(20) {
        exclude.push(
            (dice.one(&["GuestsOrExternalUsers", "Current administrator will be excluded", "%BreakGlass%"])).to_owned(),
        );
    }
    if dice.chance(25) {
        let person = dice.pick(&cast.people);
        exclude.extend(person.id.as_ref().map(|id| id.to_uppercase()));
    }
    let exclude_groups = if dice.chance(22) { group_list(dice, cast) } else { Vec::new() };
    let exclude_roles: Vec<&str> = if dice.chance(10) { dice.several(ROLES, 2) } else { Vec::new() };
    let exclude_guests = if dice.chance(12) { guest_types(dice, cast) } else { Value::Null };
    json!({
        "includeUsers": include, "excludeUsers": exclude, "includeGroups": groups, "excludeGroups": exclude_groups,
        "includeRoles": roles, "excludeRoles": exclude_roles,
        "includeGuestsOrExternalUsers": guests, "excludeGuestsOrExternalUsers": exclude_guests
    })
}

fn group_list(dice: &mut Dice, cast: &Cast) -> Vec<String> {
    let known: Vec<String> = cast.groups.iter().map(|(id, _)| id.clone()).collect();
    let mut groups = dice.several(&known, 2);
    match dice.below(10) {
        0 => groups.push(dice.guid()),
        1 => groups.push("<ExclusionTempGroup>".into()),
        _ => {}
    }
    groups
}

fn guest_types(dice: &mut Dice, cast: &Cast) -> Value {
    const TYPES: &[&str] = &[
        "internalGuest",
        "b2bCollaborationGuest",
        "b2bCollaborationMember",
        "b2bDirectConnectUser",
        "otherExternalUser",
        "serviceProvider",
    ];
    let tenants = match dice.below(4) {
        0 => Value::Null,
        1 => {
            let mut members = dice.several(&cast.partners, 2);
            if dice.chance(20) {
                members.push(OWN_TENANT.to_owned());
            }
            json!({"@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants", "membershipKind": "enumerated", "members": members})
        }
        _ => json!({"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"}),
    };
    let types = dice.several(TYPES, 6);
    let tenants = match dice.below(20) {
        0 => json!({"members": dice.several(&cast.partners, 2)}),
        1 => json!({"membershipKind": "unknownFutureValue"}),
        _ => tenants,
    };
    let mut types = types;
    if dice.chance(5) {
        types.push("unknownFutureValue");
    }
    json!({"guestOrExternalUserTypes": types.join(if dice.chance(20) { ", " } else { "," }), "externalTenants": tenants})
}

fn applications(dice: &mut Dice) -> Value {
    let all: Vec<&str> = RESOURCES.iter().chain(CLIENTS).map(|(id, _)| *id).collect();
    let mut include: Vec<&str> = Vec::new();
    let mut exclude: Vec<&str> = Vec::new();
    let mut actions: Vec<&str> = Vec::new();
    let mut contexts: Vec<&str> = Vec::new();
    let mut filter = Value::Null;
    match dice.weighted(&[(68, 0), (12, 1), (8, 2), (5, 3), (4, 4), (4, 5), (2, 6), (2, 7), (1, 8), (1, 9)]) {
        0 => include.push("All"),
        1 => include = dice.several(&all, 6),
        2 => include.push("Office365"),
        3 => include.push("MicrosoftAdminPortals"),
        4 => actions = dice.several(&["urn:user:registersecurityinfo", "urn:user:registerdevice"], 2),
        5 => contexts = dice.several(&["c1", "c2", "c3"], 2),
        6 => include.push("None"),
        7 => {
            include = dice.several(&all, 2);
            filter = json!({"mode": dice.one(&["include", "exclude"]), "rule": "CustomSecurityAttribute.Apps.Tier -eq \"0\""});
        }
        8 => include.push(dice.one(&["AllAgentIdResources", "%GsaPrivateAccessAppId%"])),
        _ => {}
    }
    if dice.chance(14) {
        exclude = dice.several(&all, 3);
    } else if dice.chance(8) {
        exclude.push(dice.one(&["Office365", "MicrosoftAdminPortals", "<Some app>"]));
    }
    json!({
        "includeApplications": include, "excludeApplications": exclude, "includeUserActions": actions,
        "includeAuthenticationContextClassReferences": contexts, "applicationFilter": filter
    })
}

fn client_app_types(dice: &mut Dice) -> Value {
    const TYPES: &[&str] = &[
        "browser",
        "mobileAppsAndDesktopClients",
        "exchangeActiveSync",
        "other",
        "easSupported",
        "modern",
        "easUnsupported",
    ];
    match dice.below(10) {
        0 => json!([]),
        1 => json!(["All"]),
        2 => json!(["exchangeActiveSync", "other"]),
        3 => json!(["browser", "unknownFutureValue"]),
        _ => json!(dice.several(TYPES, 3)),
    }
}

fn platforms(dice: &mut Dice) -> Value {
    const PLATFORMS: &[&str] = &["android", "iOS", "windows", "windowsPhone", "macOS", "linux"];
    let include = match dice.below(14) {
        0 | 1 => json!([]),
        2..6 => json!(["all"]),
        6 => json!(["windows", "unknownFutureValue"]),
        _ => json!(dice.several(PLATFORMS, 4)),
    };
    let exclude = match dice.below(5) {
        0 => json!(PLATFORMS),
        1 | 2 => json!(dice.several(PLATFORMS, 2)),
        _ => json!([]),
    };
    json!({"includePlatforms": include, "excludePlatforms": exclude})
}

fn locations(dice: &mut Dice, cast: &Cast) -> Value {
    let mut ids: Vec<&str> = cast.locations.iter().map(String::as_str).collect();
    ids.extend(SPECIAL_LOCATIONS);
    ids.push("0dd00000-0000-4000-8000-0000000000ff");
    let include = match dice.below(8) {
        0 => vec![],
        1..4 => vec!["All"],
        4 => vec!["AllTrusted"],
        _ => dice.several(&ids, 3),
    };
    let exclude = match dice.below(6) {
        0 | 1 => vec!["AllTrusted"],
        2 | 3 => dice.several(&ids, 2),
        _ => vec![],
    };
    json!({"includeLocations": include, "excludeLocations": exclude})
}

fn levels(dice: &mut Dice) -> Value {
    match dice.below(8) {
        0 => json!(["low", "medium", "high", "none"]),
        1 => json!(["none"]),
        2 => json!(["High", "unknownFutureValue"]),
        3 | 4 => json!(["high", "medium"]),
        _ => json!(dice.several(&["low", "medium", "high", "none"], 3)),
    }
}

fn devices(dice: &mut Dice, cast: &Cast) -> Value {
    if dice.chance(12) {
        let include = dice.one(&["All", "All", "all", "Compliant"]);
        return json!({"includeDevices": [include], "excludeDevices": dice.several(&["Compliant", "DomainJoined"], 2), "deviceFilter": null});
    }
    json!({"deviceFilter": {"mode": dice.one(&["include", "exclude"]), "rule": filters::rule(dice, &cast.devices)}})
}

fn flows(dice: &mut Dice) -> Value {
    match dice.below(6) {
        5 => json!({"transferMethods": "deviceCodeFlow,unknownFutureValue"}),
        0 => json!({"transferMethods": "none"}),
        1 => json!({"transferMethods": "authenticationTransfer"}),
        2 => json!({"transferMethods": "deviceCodeFlow,authenticationTransfer"}),
        3 => json!({"transferMethods": ["deviceCodeFlow"]}),
        _ => json!({"transferMethods": "deviceCodeFlow"}),
    }
}

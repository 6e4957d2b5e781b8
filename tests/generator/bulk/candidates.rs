//! Candidates for a large log, and the tenant that it is from.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::super::cast::OWN_TENANT;
use super::super::dice::guid_of;
use super::super::text;
use super::{user_id, users};

/// A group that holds every tenth user.
const GROUP: &str = "b01c0000-0000-4000-8000-000000000010";

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

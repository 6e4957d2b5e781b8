//! Member names without regard to case, and what exporting tools put between them (POL-3, C17).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Every member name that [`super::wire`] has a field for. A test compares the two.
pub(super) const KNOWN: &[&str] = &[
    "allowedCombinations",
    "applicationEnforcedRestrictions",
    "applicationFilter",
    "applications",
    "appliesToCombinations",
    "authenticationFlows",
    "authenticationStrength",
    "authenticationType",
    "builtInControls",
    "clientAppTypes",
    "clientApplications",
    "cloudAppSecurity",
    "combinationConfigurations",
    "conditions",
    "continuousAccessEvaluation",
    "createdDateTime",
    "customAuthenticationFactors",
    "deletedDateTime",
    "description",
    "deviceFilter",
    "deviceStates",
    "devices",
    "disableResilienceDefaults",
    "displayName",
    "excludeApplications",
    "excludeDeviceStates",
    "excludeDevices",
    "excludeGroups",
    "excludeGuestsOrExternalUsers",
    "excludeLocations",
    "excludePlatforms",
    "excludeRoles",
    "excludeStates",
    "excludeUsers",
    "externalTenants",
    "frequencyInterval",
    "globalSecureAccessFilteringProfile",
    "grantControls",
    "guestOrExternalUserTypes",
    "id",
    "includeApplications",
    "includeAuthenticationContextClassReferences",
    "includeDeviceStates",
    "includeDevices",
    "includeGroups",
    "includeGuestsOrExternalUsers",
    "includeLocations",
    "includePlatforms",
    "includeRoles",
    "includeStates",
    "includeUserActions",
    "includeUsers",
    "insiderRiskLevels",
    "isEnabled",
    "locations",
    "members",
    "membershipKind",
    "mode",
    "modifiedDateTime",
    "operator",
    "persistentBrowser",
    "platforms",
    "rule",
    "secureSignInSession",
    "servicePrincipalRiskLevels",
    "sessionControls",
    "signInFrequency",
    "signInRiskLevels",
    "state",
    "templateId",
    "termsOfUse",
    "transferMethods",
    "type",
    "userRiskLevels",
    "users",
    "value",
];

/// A JSON value in which known members have their known spelling, and members that came twice.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// The value.
    pub(super) value: Value,
    /// Paths of members that came more than once; the last one won.
    pub(super) repeated: Vec<String>,
}

/// Reads one JSON value: names of known members fold case, annotations go (POL-3).
pub(super) fn fold(text: &str) -> Result<Folded, serde_json::Error> {
    let mut repeated = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Folding { path: "", repeated: &mut repeated }.deserialize(&mut reader)?;
    Ok(Folded { value, repeated })
}

/// The spelling that the wire model knows, or the name as it came.
pub(crate) fn spelling(name: &str) -> &str {
    KNOWN.iter().find(|known| known.eq_ignore_ascii_case(name)).copied().unwrap_or(name)
}

struct Folding<'a> {
    path: &'a str,
    repeated: &'a mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Folding<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Folding<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Folding { path: self.path, repeated: self.repeated })? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        let mut annotations = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if name.contains("@odata") || name.starts_with('#') {
                annotations.insert(name, members.next_value()?);
                continue;
            }
            let name = spelling(&name);
            let path = if self.path.is_empty() { name.to_owned() } else { [self.path, name].join(".") };
            let value = members.next_value_seed(Folding { path: &path, repeated: self.repeated })?;
            if object.insert(name.to_owned(), value).is_some() {
                self.repeated.push(path);
            }
        }
        keep_what_only_annotations_say(&mut object, &annotations);
        Ok(Value::Object(object))
    }
}

/// Two annotations decide something where the member beside them is missing.
fn keep_what_only_annotations_say(object: &mut Map<String, Value>, annotations: &Map<String, Value>) {
    for (name, value) in annotations {
        let Some(text) = value.as_str() else { continue };
        if name == "@odata.type" && !object.contains_key("membershipKind") {
            let kind = match text.rsplit('.').next().unwrap_or_default() {
                "conditionalAccessAllExternalTenants" => "all",
                "conditionalAccessEnumeratedExternalTenants" => "enumerated",
                _ => continue,
            };
            object.insert("membershipKind".to_owned(), kind.into());
        } else if name == "authenticationStrength@odata.bind"
            && object.get("authenticationStrength").is_none_or(Value::is_null)
        {
            // What a tool posts: …/authenticationStrengthPolicies('id') or …/authenticationStrengthPolicies/id.
            let id = text.rsplit(['/', '(']).next().unwrap_or_default();
            let strength = [("id".to_owned(), id.trim_matches(['\'', ')']).into())];
            object.insert("authenticationStrength".to_owned(), Value::Object(strength.into_iter().collect()));
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::{KNOWN, fold};
    use crate::policy::wire::{self, Guests, Policy, Rest};

    /// Every member that `rest` of some object holds, by its path.
    pub(in crate::policy) fn unread(policy: &Policy) -> Vec<String> {
        let mut found = Vec::new();
        let mut add = |place: &str, rest: &Rest| found.extend(rest.keys().map(|name| format!("{place}{name}")));
        let Policy { conditions, grant_controls, session_controls, rest, .. } = policy;
        add("", rest);
        add("conditions.", &conditions.rest);
        add("users.", &conditions.users.rest);
        let users = &conditions.users;
        for guests in [&users.include_guests_or_external_users, &users.exclude_guests_or_external_users] {
            let Some(Guests { external_tenants, rest, .. }) = guests else { continue };
            add("guests.", rest);
            external_tenants.iter().for_each(|tenants| add("externalTenants.", &tenants.rest));
        }
        add("applications.", &conditions.applications.rest);
        conditions.applications.application_filter.iter().for_each(|it| add("applicationFilter.", &it.rest));
        conditions.platforms.iter().for_each(|it| add("platforms.", &it.rest));
        conditions.locations.iter().for_each(|it| add("locations.", &it.rest));
        add("devices.", &conditions.devices.rest);
        conditions.devices.device_filter.iter().for_each(|it| add("deviceFilter.", &it.rest));
        add("deviceStates.", &conditions.device_states.rest);
        add("authenticationFlows.", &conditions.authentication_flows.rest);
        add("grantControls.", &grant_controls.rest);
        if let Some(strength) = &grant_controls.authentication_strength {
            add("authenticationStrength.", &strength.rest);
            strength.combination_configurations.iter().for_each(|it| add("combinationConfigurations.", &it.rest));
        }
        add("sessionControls.", &session_controls.rest);
        session_controls.sign_in_frequency.iter().for_each(|it| add("signInFrequency.", &it.rest));
        session_controls.secure_sign_in_session.iter().for_each(|it| add("secureSignInSession.", &it.rest));
        found
    }

    fn every_member() -> Value {
        let guests = json!({"guestOrExternalUserTypes": "internalGuest",
            "externalTenants": {"membershipKind": "enumerated", "members": ["t"]}});
        let filter = json!({"mode": "include", "rule": "r"});
        let on = json!({"isEnabled": true});
        json!({
            "id": "1", "displayName": "d", "description": "x", "templateId": "t", "state": "enabled",
            "createdDateTime": "c", "modifiedDateTime": "m", "deletedDateTime": "d",
            "conditions": {
                "users": {
                    "includeUsers": ["a"], "excludeUsers": ["b"], "includeGroups": ["c"], "excludeGroups": ["d"],
                    "includeRoles": ["e"], "excludeRoles": ["f"],
                    "includeGuestsOrExternalUsers": guests, "excludeGuestsOrExternalUsers": guests,
                },
                "clientApplications": {"includeServicePrincipals": ["x"]},
                "applications": {
                    "includeApplications": ["a"], "excludeApplications": ["b"], "includeUserActions": ["c"],
                    "includeAuthenticationContextClassReferences": ["c1"], "applicationFilter": filter,
                },
                "clientAppTypes": ["all"],
                "platforms": {"includePlatforms": ["all"], "excludePlatforms": ["iOS"]},
                "locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]},
                "signInRiskLevels": ["high"], "userRiskLevels": ["high"], "servicePrincipalRiskLevels": ["high"],
                "insiderRiskLevels": "elevated",
                "devices": {
                    "deviceFilter": filter, "includeDevices": ["All"], "excludeDevices": ["Compliant"],
                    "includeDeviceStates": ["x"], "excludeDeviceStates": ["y"],
                },
                "deviceStates": {"includeStates": ["All"], "excludeStates": ["Compliant"]},
                "authenticationFlows": {"transferMethods": "deviceCodeFlow"},
            },
            "grantControls": {
                "operator": "OR", "builtInControls": ["mfa"], "customAuthenticationFactors": ["c"], "termsOfUse": ["t"],
                "authenticationStrength": {"id": "i", "displayName": "d", "allowedCombinations": ["fido2"],
                    "combinationConfigurations": [{"appliesToCombinations": ["fido2"]}]},
            },
            "sessionControls": {
                "signInFrequency": {"isEnabled": true, "frequencyInterval": "timeBased", "type": "hours", "value": 1,
                    "authenticationType": "primaryAndSecondaryAuthentication"},
                "secureSignInSession": on, "persistentBrowser": on, "cloudAppSecurity": on,
                "applicationEnforcedRestrictions": on, "continuousAccessEvaluation": on,
                "globalSecureAccessFilteringProfile": on, "disableResilienceDefaults": true,
            },
        })
    }

    #[test]
    fn a_policy_in_lower_case_is_read_as_if_it_were_spelled_right() {
        let right = every_member();
        let expected: Policy = serde_json::from_value(right.clone()).unwrap();
        assert_eq!(unread(&expected), Vec::<String>::new());
        // Only `clientApplications` is kept as it is: nothing looks into it.
        let mut text = right.to_string();
        for name in KNOWN {
            text = text.replace(&format!("\"{name}\":"), &format!("\"{}\":", name.to_lowercase()));
        }
        assert!(text.contains("\"includeusers\":") && text.contains("\"isenabled\":"));
        let read: Policy = serde_json::from_value(fold(&text).unwrap().value).unwrap();
        assert_eq!(read, expected);
    }

    #[test]
    fn the_known_names_are_the_fields_of_the_wire_model() {
        let fields = include_str!("wire.rs").lines().filter_map(|line| line.strip_prefix("    pub ")?.split_once(':'));
        let names: BTreeSet<String> =
            fields.map(|(field, _)| camel_case(field)).filter(|name| name != "rest").collect();
        let known: BTreeSet<String> = KNOWN.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(names, known);
        assert!(KNOWN.is_sorted());
    }

    fn camel_case(field: &str) -> String {
        if field == "unit" {
            return "type".to_owned();
        }
        let mut name = String::new();
        for (place, word) in field.split('_').enumerate() {
            let (first, others) = word.split_at(1);
            name.push_str(&if place == 0 { first.to_owned() } else { first.to_uppercase() });
            name.push_str(others);
        }
        name
    }

    #[test]
    fn of_a_member_that_comes_twice_the_last_one_wins() {
        let folded = fold("{\"State\": 1, \"conditions\": {\"users\": 1, \"Users\": 2}, \"state\": 3}").unwrap();
        assert_eq!(folded.value, json!({"state": 3, "conditions": {"users": 2}}));
        assert_eq!(folded.repeated, ["conditions.users", "state"]);
    }

    #[test]
    fn annotations_go_but_for_what_only_they_say() {
        for (text, expected) in [
            ("{\"id\": \"1\", \"id@odata.type\": \"#x\", \"#microsoft.graph.restore\": {}}", json!({"id": "1"})),
            (
                "{\"@odata.type\": \"#microsoft.graph.conditionalAccessEnumeratedExternalTenants\", \"members\": []}",
                json!({"membershipKind": "enumerated", "members": []}),
            ),
            (
                "{\"@odata.type\": \"#microsoft.graph.conditionalAccessEnumeratedExternalTenants\", \"membershipKind\": \"all\"}",
                json!({"membershipKind": "all"}),
            ),
            (
                "{\"authenticationStrength@odata.bind\": \"https://x/authenticationStrengthPolicies('4')\"}",
                json!({"authenticationStrength": {"id": "4"}}),
            ),
        ] {
            assert_eq!(fold(text).unwrap().value, expected, "{text}");
        }
    }

    #[test]
    fn what_says_nothing_is_told_from_what_does() {
        for (value, expected) in [
            (json!(null), false),
            (json!({"a": [], "b": {"c": ""}}), false),
            (json!({"a@odata.type": "x"}), false),
            (json!(false), true),
            (json!({"a": [{"b": "x"}]}), true),
        ] {
            assert_eq!(wire::says_something(&value), expected, "{value}");
        }
    }
}

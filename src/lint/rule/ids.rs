//! Texts that are no ids where ids belong (semantics 1.4–1.8, C8).

use crate::diagnostic::Severity;
use crate::lint::Lint;
use crate::lint::finding::{Found, quoted};
use crate::lint::subject::Subject;
use crate::policy::wire::Guests;

/// Whether a text has the form of an id of the directory: 8-4-4-4-12 hexadecimal digits.
pub(super) fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.trim().split('-').collect();
    let lengths = [8, 4, 4, 4, 12];
    groups.len() == lengths.len()
        && groups
            .iter()
            .zip(lengths)
            .all(|(group, length)| group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

const USERS: &[&str] = &["All", "None", "GuestsOrExternalUsers"];
const RESOURCES: &[&str] = &["All", "None", "Office365", "MicrosoftAdminPortals", "AllAgentIdResources"];
const LOCATIONS: &[&str] = &["All", "AllTrusted"];
/// Older Graph documentation lists it; `deprecated-word` speaks of it.
const OLD: &[&str] = &["All"];

/// A display name, a placeholder, a mistyped id.
pub(in crate::lint) const NOT_AN_ID: Lint = Lint {
    id: "not-an-id",
    severity: Severity::Error,
    rule: "C8",
    about: "a text that is no id where an id belongs: a display name, a placeholder, a typing error",
    check: not_an_id,
};

fn not_an_id(subject: &Subject<'_>, found: &mut Found) {
    let (users, applications) = (subject.users(), subject.applications());
    let (locations, grant) = (subject.conditions().locations.as_ref(), subject.grant());
    let members = |guests: Option<&Guests>| {
        let tenants = guests.and_then(|guests| guests.external_tenants.as_ref());
        tenants.map(|tenants| tenants.members.clone()).unwrap_or_default()
    };
    let include_tenants = members(users.include_guests_or_external_users.as_ref());
    let exclude_tenants = members(users.exclude_guests_or_external_users.as_ref());
    let strength: Vec<String> = grant.authentication_strength.iter().filter_map(|it| it.id.clone()).collect();
    let lists: [(&'static str, &[String], &[&str]); 14] = [
        ("conditions.users.includeUsers", &users.include_users, USERS),
        ("conditions.users.excludeUsers", &users.exclude_users, USERS),
        ("conditions.users.includeGroups", &users.include_groups, OLD),
        ("conditions.users.excludeGroups", &users.exclude_groups, &[]),
        ("conditions.users.includeRoles", &users.include_roles, OLD),
        ("conditions.users.excludeRoles", &users.exclude_roles, OLD),
        ("conditions.users.includeGuestsOrExternalUsers.externalTenants.members", &include_tenants, &[]),
        ("conditions.users.excludeGuestsOrExternalUsers.externalTenants.members", &exclude_tenants, &[]),
        ("conditions.applications.includeApplications", &applications.include_applications, RESOURCES),
        ("conditions.applications.excludeApplications", &applications.exclude_applications, RESOURCES),
        ("conditions.locations.includeLocations", locations.map_or(&[], |it| &it.include_locations), LOCATIONS),
        ("conditions.locations.excludeLocations", locations.map_or(&[], |it| &it.exclude_locations), LOCATIONS),
        ("grantControls.termsOfUse", &grant.terms_of_use, &[]),
        ("grantControls.authenticationStrength", &strength, &[]),
    ];
    for (pointer, list, tokens) in lists {
        let is_one = |text: &&String| is_guid(text) || tokens.iter().any(|token| token.eq_ignore_ascii_case(text));
        let strange: Vec<&String> = list.iter().filter(|text| !is_one(text)).collect();
        if strange.is_empty() {
            continue;
        }
        let is = match (strange.len(), tokens) {
            (1, [] | ["All"]) => "is not an id",
            (_, [] | ["All"]) => "are not ids",
            (1, _) => "is neither an id nor a word that belongs here",
            _ => "are neither ids nor words that belong here",
        };
        let help = "write the id of the object; Entra takes neither display names nor placeholders";
        found.at(pointer, format!("{} {is}", quoted(&strange)), help);
    }
}

/// A strength that is not there. The export of strengths is complete, or it says nothing.
pub(in crate::lint) const UNKNOWN_STRENGTH: Lint = Lint {
    id: "unknown-strength",
    severity: Severity::Error,
    rule: "1.8",
    about: "an authentication strength that the complete export of strengths does not have",
    check: |subject, found| {
        let id = subject.grant().authentication_strength.as_ref().and_then(|strength| strength.id.as_deref());
        let Some(id) = id.filter(|id| is_guid(id)) else { return };
        if subject.tenant.strengths.exists(id) == Some(false) {
            found.at(
                "grantControls.authenticationStrength",
                format!("no authentication strength of the tenant folder has the id `{id}`"),
                "name a strength that exists, or export the strengths again",
            );
        }
    },
};

#[cfg(test)]
mod tests {
    use super::is_guid;

    #[test]
    fn an_id_is_told_from_what_looks_like_one() {
        assert!(is_guid("9E6B7A52-0000-0000-0000-00000000babe"));
        for text in ["", "9e6b7a52", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "9e6b7a520000-0000-0000-0000-00000000babe"]
        {
            assert!(!is_guid(text), "{text}");
        }
    }
}

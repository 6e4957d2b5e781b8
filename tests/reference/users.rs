//! The users assignment (2.1), guest types (C9), and who is external (C19).

use super::Tri;
use super::rows::{Row, fold, ids_of, words_of};
use super::tenant::{Tenant, entry_folded};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKind {
    InternalMember,
    InternalGuest,
    B2bGuest,
    B2bMember,
    B2bDirect,
    Other,
    ServiceProvider,
}

impl UserKind {
    /// The word of `guestOrExternalUserTypes`, folded; an internal member has none.
    fn word(self) -> &'static str {
        match self {
            UserKind::InternalMember => "",
            UserKind::InternalGuest => "internalguest",
            UserKind::B2bGuest => "b2bcollaborationguest",
            UserKind::B2bMember => "b2bcollaborationmember",
            UserKind::B2bDirect => "b2bdirectconnectuser",
            UserKind::Other => "otherexternaluser",
            UserKind::ServiceProvider => "serviceprovider",
        }
    }
}

/// C9: the possible types of the row's user.
pub fn possible_kinds(row: &Row, tenant: &Tenant) -> Vec<UserKind> {
    let own_type = row.folded("userType").filter(|word| word == "member" || word == "guest");
    let by_type = || match own_type.as_deref() {
        Some("guest") => vec![UserKind::B2bGuest],
        Some(_) => vec![UserKind::B2bMember],
        None => vec![UserKind::B2bGuest, UserKind::B2bMember],
    };
    match row.folded("crossTenantAccessType").as_deref() {
        Some("b2bcollaboration") => by_type(),
        Some("b2bdirectconnect") => vec![UserKind::B2bDirect],
        Some("serviceprovider") => vec![UserKind::ServiceProvider],
        Some("none") => internal_kinds(own_type.as_deref(), row, tenant),
        Some(_) => vec![UserKind::Other],
        None => match (row.folded("homeTenantId"), row.folded("resourceTenantId")) {
            (Some(home), Some(resource)) if home != resource => by_type(),
            _ => internal_kinds(own_type.as_deref(), row, tenant),
        },
    }
}

fn internal_kinds(own_type: Option<&str>, row: &Row, tenant: &Tenant) -> Vec<UserKind> {
    let user_id = row.user_id().map(|id| fold(&id));
    let listed = user_id.as_deref().and_then(|id| tenant.user(id));
    // The row's userType, else that of users.json, else that of userRegistrationDetails.json.
    let supplied = || {
        let principal = row.folded("userPrincipalName");
        listed
            .and_then(|entry| entry_folded(entry, "usertype"))
            .filter(|word| word == "member" || word == "guest")
            .or_else(|| {
                let entry = tenant.registration_of(user_id.as_deref(), principal.as_deref())?;
                entry_folded(entry, "usertype").filter(|word| word == "member" || word == "guest")
            })
    };
    match own_type.map(str::to_string).or_else(supplied).as_deref() {
        Some("member") => vec![UserKind::InternalMember],
        Some(_) => match listed {
            Some(entry)
                if entry_folded(entry, "creationtype").as_deref() == Some("invitation")
                    || entry_folded(entry, "externaluserstate").is_some_and(|state| !state.is_empty()) =>
            {
                vec![UserKind::B2bGuest]
            }
            // CHOICE: a listed user settles it only if one of the two members is there at all (null counts).
            Some(entry) if entry.get("creationtype").is_some() || entry.get("externaluserstate").is_some() => {
                vec![UserKind::InternalGuest]
            }
            _ => vec![UserKind::InternalGuest, UserKind::B2bGuest],
        },
        None => vec![UserKind::InternalMember, UserKind::InternalGuest, UserKind::B2bGuest],
    }
}

/// C19: whether the user is external; more than one answer where C9 leaves both.
pub fn possibly_external(row: &Row, tenant: &Tenant) -> Vec<bool> {
    let mut answers = Vec::new();
    for kind in possible_kinds(row, tenant) {
        let external = !matches!(kind, UserKind::InternalMember | UserKind::InternalGuest);
        if !answers.contains(&external) {
            answers.push(external);
        }
    }
    answers
}

/// C9: T if all possible types match, F if none does, else U.
fn over_kinds(row: &Row, tenant: &Tenant, matches: impl Fn(UserKind) -> Tri) -> Tri {
    let answers: Vec<Tri> = possible_kinds(row, tenant).into_iter().map(matches).collect();
    if answers.iter().all(|answer| *answer == Tri::Yes) {
        Tri::Yes
    } else if answers.iter().all(|answer| *answer == Tri::No) {
        Tri::No
    } else {
        Tri::Unknown
    }
}

/// The token `GuestsOrExternalUsers`: all sub-types.
fn any_guest(row: &Row, tenant: &Tenant) -> Tri {
    over_kinds(row, tenant, |kind| Tri::of(kind != UserKind::InternalMember))
}

/// `includeGuestsOrExternalUsers`: the listed sub-types, limited to `externalTenants`.
fn listed_guest(row: &Row, tenant: &Tenant, channel: &Value) -> Tri {
    let types = words_of(&channel["guestorexternalusertypes"]);
    let known = [
        "none",
        "internalguest",
        "b2bcollaborationguest",
        "b2bcollaborationmember",
        "b2bdirectconnectuser",
        "otherexternaluser",
        "serviceprovider",
    ];
    let unreadable = types.iter().any(|word| !known.contains(&word.as_str()));
    let tenant_matches = external_tenant(row, &channel["externaltenants"]);
    over_kinds(row, tenant, |kind| {
        if kind == UserKind::InternalMember {
            return Tri::No;
        }
        // CHOICE: an unreadable type word (`unknownFutureValue`) may be any type that is not listed.
        let listed = match types.iter().any(|word| word == kind.word()) {
            true => Tri::Yes,
            false if unreadable => Tri::Unknown,
            false => Tri::No,
        };
        // C9: `externalTenants` does not restrict `internalGuest`.
        if kind == UserKind::InternalGuest { listed } else { listed.and(tenant_matches) }
    })
}

/// USR-4: null or all → T; an enumerated list compares the home tenant, unrecorded → U (C9).
fn external_tenant(row: &Row, tenants: &Value) -> Tri {
    let kind = tenants["membershipkind"].as_str().map(fold).unwrap_or_default();
    let members = ids_of(&tenants["members"]);
    // CHOICE: without `membershipKind`, members make the list an enumerated one.
    match kind.as_str() {
        "enumerated" => {}
        "all" => return Tri::Yes,
        "" if members.is_empty() => return Tri::Yes,
        "" => {}
        _ => return Tri::Unknown,
    }
    match row.folded("homeTenantId") {
        None => Tri::Unknown,
        Some(home) => Tri::of(members.contains(&home)),
    }
}

/// C8: a token with a blank or any of `< > % { }`.
pub fn is_placeholder(token: &str) -> bool {
    token.trim().chars().any(|letter| letter.is_whitespace() || "<>%{}".contains(letter))
}

/// C8: a group or role that has no file is U on either side; one that has a file is complete.
fn in_set(sets: &BTreeMap<String, BTreeSet<String>>, id: &str, user_id: Option<&str>) -> Tri {
    match (sets.get(id), user_id) {
        (Some(members), Some(user_id)) => Tri::of(members.contains(user_id)),
        (Some(members), None) if members.is_empty() => Tri::No,
        _ => Tri::Unknown,
    }
}

fn any(answers: impl Iterator<Item = Tri>) -> Tri {
    answers.fold(Tri::No, Tri::or)
}

/// CON-3, CON-4: any include channel, and no exclude channel.
pub fn users_condition(row: &Row, tenant: &Tenant, conditions: &Value) -> Tri {
    let users = &conditions["users"];
    let include = side(row, tenant, users, "include");
    let Some(include) = include else {
        // NUL-2: no include channel at all targets no one, unless the policy is about workload identities.
        // CHOICE: with `clientApplications` set and no users, the users assignment is not configured.
        return Tri::of(!is_empty(&conditions["clientapplications"]));
    };
    include.and(side(row, tenant, users, "exclude").unwrap_or(Tri::No).not())
}

/// One side; `None` if every channel of it is empty.
fn side(row: &Row, tenant: &Tenant, users: &Value, prefix: &str) -> Option<Tri> {
    let user_id = row.user_id().map(|id| fold(&id));
    let tokens = ids_of(&users[format!("{prefix}users")]);
    let groups = ids_of(&users[format!("{prefix}groups")]);
    let roles = ids_of(&users[format!("{prefix}roles")]);
    let guests = &users[format!("{prefix}guestsorexternalusers")];
    if tokens.is_empty() && groups.is_empty() && roles.is_empty() && is_empty(guests) {
        return None;
    }
    let user = any(tokens.iter().map(|token| match token.as_str() {
        "all" if prefix == "include" => Tri::Yes,
        "none" if prefix == "include" => Tri::No,
        "guestsorexternalusers" => any_guest(row, tenant),
        // C8: a placeholder is U in a list to include, and ignored in `excludeUsers`.
        token if is_placeholder(token) => {
            if prefix == "include" {
                Tri::Unknown
            } else {
                Tri::No
            }
        }
        // CHOICE: where the row has no user id, whether it is this user is unknown.
        token => user_id.as_deref().map_or(Tri::Unknown, |id| Tri::of(id == token)),
    }));
    let group = any(groups.iter().map(|id| in_set(&tenant.groups, id, user_id.as_deref())));
    let role = any(roles.iter().map(|id| in_set(&tenant.roles, id, user_id.as_deref())));
    let guest = if is_empty(guests) { Tri::No } else { listed_guest(row, tenant, guests) };
    Some(user.or(group).or(role).or(guest))
}

/// Null, empty text, empty list, or an object of only such members (`@odata` keys aside).
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.iter().all(|(key, member)| key.contains("@odata") || is_empty(member)),
        _ => false,
    }
}

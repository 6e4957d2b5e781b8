//! The people of the sample tenants, and the tenant facts about them.

use serde_json::{Value, json};

use super::super::dice::guid_of;

/// Contoso, whose logs are read.
pub const CONTOSO: &str = "c0a50000-0000-4000-8000-000000000001";
/// Fabrikam, a partner.
pub const FABRIKAM: &str = "fab00000-0000-4000-8000-000000000002";
/// Northwind, another.
pub const NORTHWIND: &str = "a0d00000-0000-4000-8000-000000000003";

const FIRST: &[&str] = &[
    "Ada", "Boris", "Chiara", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Luca", "Mira",
    "Nils", "Olga", "Pavel", "Rosa", "Sven", "Tara", "Uma",
];
const LAST: &[&str] = &[
    "Adler", "Bianchi", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Horvat", "Ivanov", "Jensen", "Keller",
    "Lopez", "Moreau", "Novak", "Olsen",
];

/// A user of a sample tenant.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub principal: String,
    pub user_type: &'static str,
    pub home: &'static str,
    pub cross: &'static str,
}

/// Person number `at`: the first 300 differ in name.
pub fn member(at: usize) -> Person {
    let first = FIRST[at % FIRST.len()];
    let last = LAST[(at / FIRST.len()) % LAST.len()];
    Person {
        id: guid_of(0x5a3b_0000_0000_4000_8000_0000_0000_0000 + at as u128 * 0x1_0f1d),
        name: format!("{first} {last}"),
        principal: format!("{}.{}@contoso.example", first.to_lowercase(), last.to_lowercase()),
        user_type: "member",
        home: CONTOSO,
        cross: "none",
    }
}

/// A guest from another tenant: `crossTenantAccessType` b2bCollaboration.
pub fn guest(at: usize, home: &'static str) -> Person {
    let domain = if home == FABRIKAM { "fabrikam.example" } else { "northwind.example" };
    let person = member(at);
    let principal = person.principal.replace("contoso.example", domain);
    Person { principal, user_type: "guest", home, cross: "b2bCollaboration", ..person }
}

/// A user in `users.json`.
pub fn directory_entry(person: &Person, synced: bool) -> Value {
    json!({"id": person.id, "displayName": person.name, "userPrincipalName": person.principal, "userType": if person.user_type == "guest" { "Guest" } else { "Member" },
        "creationType": null, "externalUserState": null, "onPremisesSyncEnabled": synced})
}

/// A user in `userRegistrationDetails.json`.
pub fn registration(person: &Person, capable: bool) -> Value {
    let methods: &[&str] = if capable { &["microsoftAuthenticatorPush", "softwareOneTimePasscode"] } else { &[] };
    json!({"id": person.id, "userPrincipalName": person.principal, "userDisplayName": person.name, "userType": person.user_type, "isAdmin": false,
        "isMfaRegistered": capable, "isMfaCapable": capable, "isPasswordlessCapable": false, "methodsRegistered": methods,
        "lastUpdatedDateTime": "2026-11-01T02:00:00Z"})
}

//! `guests`: what happens to people from other tenants if MFA is required of them, and one partner is shut out?

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Value, json};

use super::super::formats::Shape;
use super::people::{CONTOSO, FABRIKAM, NORTHWIND, Person, directory_entry, guest, member};
use super::story::{Course, Scenario, SignIn, USUAL, rows};
use super::{Cell, Folder, grant, policy};

const ASK: &str = "Guests: MFA";
const SHUT: &str = "Northwind: block";

const EXPECTED: &[Cell] = &[
    (ASK, "none", true, "unaffected", 19, 26),
    (ASK, "none", true, "alreadyChallenged", 3, 3),
    (ASK, "none", true, "challenged", 7, 14),
    (ASK, "none", true, "undetermined", 7, 7),
    (SHUT, "none", true, "unaffected", 28, 28),
    (SHUT, "none", true, "blocked", 8, 8),
    ("*", "none", true, "unaffected", 19, 21),
    ("*", "none", true, "challenged", 7, 9),
    ("*", "none", true, "blocked", 8, 8),
    ("*", "none", true, "undetermined", 2, 2),
];

/// Who is who: see [`scenarios`].
fn people() -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    people.extend((0..5).map(|at| guest(at, FABRIKAM)));
    people.extend((5..10).map(|at| guest(at, NORTHWIND)));
    // Contoso's own people.
    people.extend((10..18).map(member));
    // userType guest without another Entra tenant: two invited ones, an internal one, one that nobody knows.
    people.extend((18..22).map(|at| Person { user_type: "guest", ..member(at) }));
    // A member from Fabrikam, a partner's administrator, guests whose access passes through.
    people.push(Person { user_type: "member", ..guest(22, FABRIKAM) });
    people.push(Person { cross: "serviceProvider", user_type: "member", ..guest(23, FABRIKAM) });
    people.push(Person { cross: "passthrough", ..guest(24, NORTHWIND) });
    people
}

fn scenarios() -> Vec<Scenario> {
    let line = |name, attempts, people: Range<usize>, course| Scenario {
        name,
        attempts,
        people,
        days: (5, 11),
        sign_in: SignIn { course, ..USUAL },
    };
    vec![
        line("G1 Fabrikam guest, claim from home", 6, 0..3, Course::OldClaim),
        line("G2 Fabrikam guest, password alone", 4, 3..5, Course::Password),
        line("G3 Northwind guest, claim", 5, 5..8, Course::OldClaim),
        line("G4 Northwind guest, asked by CA001, answered", 3, 8..10, Course::AskedAndDone),
        line("G5 member", 8, 10..18, Course::Password),
        line("G6 invited by mail, password alone", 3, 18..20, Course::Password),
        line("G7 internal guest", 2, 20..21, Course::Password),
        line("G8 guest that users.json does not list", 2, 21..22, Course::Password),
        line("G11 member from Fabrikam, claim from home", 2, 22..23, Course::OldClaim),
        line("G12 partner's administrator", 1, 23..24, Course::Password),
        line("G9 passthrough", 2, 24..25, Course::Password),
        Scenario {
            name: "G10 own member in Fabrikam's tenant",
            attempts: 2,
            people: 10..12,
            days: (5, 11),
            sign_in: SignIn { resource_tenant: FABRIKAM, ..USUAL },
        },
    ]
}

/// The folder's files.
pub fn folder() -> BTreeMap<String, Vec<u8>> {
    let people = people();
    let mut folder = Folder::default();
    folder.log("signIns.json", Shape::GraphPage, &rows(2, &people, &scenarios()));
    let all = json!({"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"});
    let one = json!({"@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants", "membershipKind": "enumerated", "members": [NORTHWIND]});
    let users = |types: &str, tenants: Value| {
        json!({"users": {"includeUsers": [], "excludeUsers": [], "includeGroups": [], "excludeGroups": [], "includeRoles": [], "excludeRoles": [],
            "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": types, "externalTenants": tenants}, "excludeGuestsOrExternalUsers": null}})
    };
    folder.policy(
        "1-guests-mfa",
        &policy(
            0x6e57_0001,
            ASK,
            users("b2bCollaborationGuest,b2bCollaborationMember", all),
            grant("OR", &["mfa"]),
            Value::Null,
        ),
    );
    folder.policy(
        "2-northwind-block",
        &policy(0x6e57_0002, SHUT, users("b2bCollaborationGuest", one), grant("OR", &["block"]), Value::Null),
    );
    let listed: Vec<Value> = people
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != 21)
        .map(|(at, person)| {
            let mut entry = directory_entry(person, false);
            if let (0..10 | 18 | 19 | 22, Value::Object(members)) = (at, &mut entry) {
                members.insert("creationType".into(), "Invitation".into());
                members.insert("externalUserState".into(), "Accepted".into());
            }
            entry
        })
        .collect();
    folder.fact("users.json", listed);
    folder.tenant_toml(&format!(
        "tenant-id = \"{CONTOSO}\"\ninbound-mfa-trust = [\"{FABRIKAM}\"]\ninbound-device-trust = \"none\"\n"
    ));
    folder.expected(EXPECTED);
    folder.0
}

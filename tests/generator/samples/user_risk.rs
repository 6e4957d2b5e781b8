//! `user-risk`: who could change their password, and who would be locked out, if high user risk asked for MFA and a new one?

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Value, json};

use super::super::dice::guid_of;
use super::super::formats::Shape;
use super::people::{CONTOSO, FABRIKAM, Person, directory_entry, guest, member, registration};
use super::story::{Course, Scenario, SignIn, USUAL, rows};
use super::{Cell, Folder, every_time, grant, policy};

const NAME: &str = "User risk: new password";

const EXPECTED: &[Cell] = &[
    (NAME, "none", true, "unaffected", 26, 28),
    (NAME, "none", true, "alreadyChallenged", 3, 3),
    (NAME, "none", true, "alreadyBlocked", 2, 2),
    (NAME, "none", true, "challenged", 8, 12),
    (NAME, "none", true, "blocked", 9, 11),
    (NAME, "none", true, "undetermined", 4, 4),
    (NAME, "none", false, "challenged", 3, 3),
];

/// Positions in the list of people.
const NOT_CAPABLE: usize = 2;
const SYNCED: usize = 3;
const GUEST: usize = 4;
const NOT_LISTED: usize = 10;

/// Levels over time: position, day of October, level, state.
const HISTORY: &[(usize, u32, &str, &str)] = &[
    (0, 5, "high", "atRisk"),
    (1, 3, "high", "atRisk"),
    (1, 10, "none", "remediated"),
    (2, 5, "high", "atRisk"),
    (3, 5, "high", "atRisk"),
    (5, 5, "medium", "atRisk"),
    (6, 5, "high", "atRisk"),
    (7, 5, "high", "atRisk"),
    (8, 5, "hidden", "atRisk"),
    (9, 5, "high", "atRisk"),
    (10, 5, "high", "atRisk"),
];

fn scenarios() -> Vec<Scenario> {
    let line = |name, attempts, people: Range<usize>, days, course, sign_in: SignIn| Scenario {
        name,
        attempts,
        people,
        days,
        sign_in: SignIn { course, ..sign_in },
    };
    let imap = SignIn { client_app: "IMAP4", system: "", ..USUAL };
    let app = SignIn { client_app: "Mobile Apps and Desktop clients", ..USUAL };
    vec![
        line("R1a before the risk", 4, 0..1, (1, 4), Course::Password, USUAL),
        line("R1b at high risk", 6, 0..1, (6, 20), Course::Password, USUAL),
        line("R1c refreshes at high risk", 3, 0..1, (6, 20), Course::Refresh, app),
        line("R2 high, not registered for MFA", 3, 2..3, (6, 20), Course::Password, USUAL),
        line("R3 high, password lives on premises", 4, 3..4, (6, 20), Course::Password, USUAL),
        line("R4 guest", 3, 4..5, (6, 20), Course::Password, USUAL),
        line("R5a high, not yet remediated", 2, 1..2, (4, 9), Course::Password, USUAL),
        line("R5b remediated", 5, 1..2, (11, 20), Course::Password, USUAL),
        line("R6 medium", 4, 5..6, (6, 20), Course::Password, USUAL),
        line("R7 high, asked for both, gave both", 3, 6..7, (6, 20), Course::PasswordChanged, USUAL),
        line("R8 high, IMAP", 2, 7..8, (6, 20), Course::Password, imap),
        line("R9 level hidden", 2, 8..9, (6, 20), Course::Password, USUAL),
        line("R10 high, not in users.json", 2, 10..11, (6, 20), Course::Password, USUAL),
        line("R11 high, blocked by CA002", 2, 9..10, (6, 20), Course::Blocked, USUAL),
        line("R12 no risk", 10, 11..20, (1, 20), Course::Password, USUAL),
    ]
}

/// The folder's files.
pub fn folder() -> BTreeMap<String, Vec<u8>> {
    let people: Vec<Person> = (0..20).map(|at| if at == GUEST { guest(at, FABRIKAM) } else { member(at) }).collect();
    let mut folder = Folder::default();
    folder.log("PT1H.json", Shape::DiagnosticLines, &rows(5, &people, &scenarios()));
    let grant = grant("AND", &["mfa", "passwordChange"]);
    folder.policy("user-risk", &policy(0xe5e_0001, NAME, json!({"userRiskLevels": ["high"]}), grant, every_time()));
    let history = HISTORY.iter().enumerate().map(|(number, (at, day, level, state))| {
        let person = &people[*at];
        json!({"id": guid_of(0x415 + number as u128), "userId": person.id, "userPrincipalName": person.principal, "userDisplayName": person.name,
            "isDeleted": false, "isProcessing": false, "riskLevel": level, "riskState": state, "riskDetail": "none",
            "riskLastUpdatedDateTime": format!("2026-10-{day:02}T00:00:00Z")})
    });
    folder.fact("riskyUserHistory.json", history.collect());
    let listed = people
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != NOT_LISTED)
        .map(|(at, person)| directory_entry(person, at == SYNCED));
    folder.fact("users.json", listed.collect());
    folder.fact(
        "userRegistrationDetails.json",
        people.iter().enumerate().map(|(at, person)| registration(person, at != NOT_CAPABLE)).collect::<Vec<Value>>(),
    );
    folder.tenant_toml(&format!("tenant-id = \"{CONTOSO}\"\npassword-writeback = false\n"));
    folder.expected(EXPECTED);
    folder.0
}

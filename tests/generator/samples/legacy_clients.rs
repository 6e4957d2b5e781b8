//! `legacy-clients`: which scanners, scripts and old mail programs stop, if legacy authentication is blocked and MFA required?

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Value, json};

use super::super::formats::Shape;
use super::people::{CONTOSO, Person, member};
use super::story::{Course, Scenario, SignIn, USUAL, rows};
use super::{Cell, Folder, grant, policy};

const LEGACY: &str = "Legacy authentication: block";
const EVERYONE: &str = "Everyone: MFA";

const EXPECTED: &[Cell] = &[
    (LEGACY, "none", true, "unaffected", 21, 21),
    (LEGACY, "none", true, "alreadyBlocked", 4, 4),
    (LEGACY, "none", true, "blocked", 22, 22),
    (EVERYONE, "none", true, "unaffected", 7, 7),
    (EVERYONE, "none", true, "alreadyChallenged", 4, 4),
    (EVERYONE, "none", true, "alreadyBlocked", 4, 4),
    (EVERYONE, "none", true, "challenged", 10, 10),
    (EVERYONE, "none", true, "blocked", 22, 22),
    ("*", "none", true, "unaffected", 7, 7),
    ("*", "none", true, "alreadyChallenged", 4, 4),
    ("*", "none", true, "alreadyBlocked", 4, 4),
    ("*", "none", true, "challenged", 10, 10),
    ("*", "none", true, "blocked", 22, 22),
];

fn scenarios() -> Vec<Scenario> {
    let line = |name, attempts, people: Range<usize>, course, client_app| Scenario {
        name,
        attempts,
        people,
        days: (19, 25),
        sign_in: SignIn { course, client_app, system: if client_app == "Browser" { "Windows10" } else { "" }, ..USUAL },
    };
    vec![
        line("K1 IMAP", 6, 0..2, Course::Password, "IMAP4"),
        line("K2 SMTP", 9, 2..5, Course::Password, "Authenticated SMTP"),
        line("K3 ActiveSync", 5, 5..9, Course::Password, "Exchange ActiveSync"),
        line("K4 POP, wrong password", 12, 9..12, Course::WrongPassword, "POP3"),
        line("K5 browser, password alone", 10, 12..20, Course::Password, "Browser"),
        line("K6 Outlook, claim", 7, 20..25, Course::OldClaim, "Mobile Apps and Desktop clients"),
        line("K8 IMAP, blocked by CA002", 4, 0..2, Course::Blocked, "Other clients; IMAP"),
        line("K10 Exchange PowerShell", 2, 25..26, Course::Password, "Exchange Online PowerShell"),
        line("K11 browser, asked by CA001, answered", 4, 26..30, Course::AskedAndDone, "Browser"),
    ]
}

/// The folder's files.
pub fn folder() -> BTreeMap<String, Vec<u8>> {
    let people: Vec<Person> = (0..30).map(member).collect();
    let mut folder = Folder::default();
    folder.log("query_data.csv", Shape::LogAnalyticsPrettyCsv, &rows(4, &people, &scenarios()));
    let legacy = json!({"clientAppTypes": ["exchangeActiveSync", "other"]});
    folder.policy("1-block-legacy", &policy(0x1e6_0001, LEGACY, legacy, grant("OR", &["block"]), Value::Null));
    folder.policy("2-everyone-mfa", &policy(0x1e6_0002, EVERYONE, json!({}), grant("OR", &["mfa"]), Value::Null));
    folder.tenant_toml(&format!("tenant-id = \"{CONTOSO}\"\n"));
    folder.expected(EXPECTED);
    folder.0
}

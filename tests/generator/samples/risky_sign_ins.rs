//! `risky-sign-ins`: whom would a policy on high and medium sign-in risk ask or stop, if it asks for MFA every time?

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Value, json};

use super::super::dice::{Dice, Spelling, october, stamp};
use super::super::formats::Shape;
use super::super::world::Row;
use super::people::{CONTOSO, Person, directory_entry, member, registration};
use super::story::{Course, Scenario, SignIn, USUAL, attempt_rows, rows};
use super::{Cell, Folder, every_time, grant, policy};

const NAME: &str = "Sign-in risk: MFA every time";
const EMERGENCY_GROUP: &str = "e3e00000-0000-4000-8000-000000000911";

/// The two emergency accounts are the last of the 300 people.
const EMERGENCY: Range<usize> = 298..300;
/// Twelve people have not registered for MFA; the first three of them meet a risky sign-in.
const NOT_CAPABLE: Range<usize> = 200..212;
/// Two people joined too late to be in the registration report.
const NEW: Range<usize> = 212..214;
/// Days of the first log files; later interactive rows are in the Log Analytics file.
const WEEKS_1_TO_3: i64 = 21;

/// What the reference makes of the scenarios; the README of the folder derives it line by line.
const EXPECTED: &[Cell] = &[
    (NAME, "high", true, "unaffected", 2, 2),
    (NAME, "high", true, "alreadyChallenged", 8, 8),
    (NAME, "high", true, "alreadyBlocked", 3, 3),
    (NAME, "high", true, "challenged", 16, 16),
    (NAME, "high", true, "blocked", 2, 2),
    (NAME, "high", false, "challenged", 4, 4),
    (NAME, "medium", true, "unaffected", 3, 3),
    (NAME, "medium", true, "alreadyChallenged", 8, 8),
    (NAME, "medium", true, "challenged", 21, 23),
    (NAME, "medium", true, "blocked", 6, 8),
    (NAME, "medium", true, "undetermined", 2, 2),
    (NAME, "medium", false, "unaffected", 2, 2),
    (NAME, "medium", false, "alreadyChallenged", 3, 3),
    (NAME, "medium", false, "challenged", 6, 6),
    (NAME, "medium", false, "blocked", 2, 2),
    (NAME, "low", true, "unaffected", 12, 12),
    (NAME, "low", false, "unaffected", 10, 10),
    (NAME, "none", true, "unaffected", 375, 375),
    (NAME, "none", false, "unaffected", 300, 300),
    (NAME, "unknown", true, "unaffected", 0, 4),
    (NAME, "unknown", true, "challenged", 0, 4),
    (NAME, "unknown", true, "undetermined", 4, 4),
    (NAME, "unknown", false, "unaffected", 0, 3),
    (NAME, "unknown", false, "challenged", 0, 3),
    (NAME, "unknown", false, "undetermined", 3, 3),
];

/// The risky attempts, one line a kind, then the background.
fn scenarios() -> Vec<Scenario> {
    let high = SignIn { risk: "high", address: "198.51.100.77", country: "NL", ..USUAL };
    let medium = SignIn { risk: "medium", address: "198.51.100.78", country: "NL", ..USUAL };
    let hidden = SignIn { risk: "hidden", ..USUAL };
    let low = SignIn { risk: "low", ..USUAL };
    let imap = SignIn { client_app: "IMAP4", system: "", ..medium };
    let windows = SignIn { client: ("38aa3b87-a06d-4817-b275-7a389988d93b", "Windows Sign In"), ..high };
    let app = SignIn {
        client_app: "Mobile Apps and Desktop clients",
        client: ("d3590ed6-52b3-4102-aeff-aad2292ab01c", "Microsoft Office"),
        ..USUAL
    };
    let line = |name, attempts, people: Range<usize>, course, sign_in: SignIn| Scenario {
        name,
        attempts,
        people,
        days: (1, 28),
        sign_in: SignIn { course, ..sign_in },
    };
    let refresh = |risk| SignIn { risk, ..app };
    vec![
        line("H1 password alone", 9, 0..7, Course::Password, high),
        line("H2 claim of an earlier day", 5, 7..12, Course::OldClaim, high),
        line("H3 asked by CA001, answered", 4, 12..16, Course::AskedAndDone, high),
        line("H4 asked by CA001, not answered", 4, 16..19, Course::AskedInVain, high),
        line("H5 not registered, password alone", 2, 200..202, Course::Password, high),
        line("H6 emergency account", 2, 298..299, Course::Password, high),
        line("H7 blocked by CA002", 3, 19..22, Course::Blocked, high),
        line("H8 wrong password", 20, 22..30, Course::WrongPassword, high),
        line("H9 Windows sign-in", 2, 30..32, Course::Password, windows),
        line("M1 password alone", 14, 32..43, Course::Password, medium),
        line("M2 claim of an earlier day", 6, 43..49, Course::OldClaim, medium),
        line("M4 security key, unasked", 3, 57..60, Course::SecurityKey, medium),
        line("M5 not registered, password alone", 3, 200..203, Course::Password, medium),
        line("M6 not in the registration report", 2, 212..214, Course::Password, medium),
        line("M7 IMAP", 3, 60..62, Course::Password, imap),
        line("U1 risk hidden", 4, 62..66, Course::Password, hidden),
        line("L1 low risk", 12, 66..76, Course::Password, low),
        line("N1 refresh, nothing about MFA", 6, 76..80, Course::Refresh, refresh("medium")),
        line("N2 refresh with an MFA claim", 4, 80..84, Course::RefreshWithClaim, refresh("high")),
        line("N3 refresh, not registered", 2, 201..203, Course::Refresh, refresh("medium")),
        line("N4 refresh, asked by CA001", 3, 84..87, Course::RefreshAsked, refresh("medium")),
        line("N6 refresh, risk hidden", 3, 87..90, Course::Refresh, refresh("hidden")),
        line("N7 refresh, low risk", 10, 90..100, Course::Refresh, refresh("low")),
        // Background without risk: 370 interactive attempts and 300 refreshes that reached Conditional Access.
        line("B1 password alone", 240, 0..298, Course::Password, USUAL),
        line("B2 claim of an earlier day", 60, 0..120, Course::OldClaim, USUAL),
        line("B3 asked by CA001, answered", 40, 40..110, Course::AskedAndDone, USUAL),
        line("B4 asked by CA001, not answered", 5, 120..125, Course::AskedInVain, USUAL),
        line("B5 security key", 15, 130..145, Course::SecurityKey, USUAL),
        line("B6 blocked by CA002", 10, 145..155, Course::Blocked, USUAL),
        line("B7 wrong password", 25, 100..180, Course::WrongPassword, USUAL),
        line("B8 refresh", 220, 0..220, Course::Refresh, app),
        line("B9 refresh with an MFA claim", 80, 0..120, Course::RefreshWithClaim, app),
        line("B10 refresh token too old", 20, 150..200, Course::RefreshExpired, app),
    ]
}

/// Attempts that need more than a line: H10, M3 with N5, M8, B11.
fn special(people: &[Person]) -> Vec<Row> {
    let mut dice = Dice::new(0x5a3b);
    let mut all: Vec<(i64, Row)> = Vec::new();
    let medium = SignIn { risk: "medium", address: "198.51.100.78", country: "NL", ..USUAL };
    let at = |dice: &mut Dice| october(dice.between(1, 28), dice.between(7, 18), dice.between(0, 59), 0);
    // H10: two attempts of high risk whose risk was dismissed later.
    for person in &people[100..102] {
        let start = at(&mut dice);
        let session = dice.guid();
        let mut rows = attempt_rows(
            &mut dice,
            &SignIn { risk: "high", address: "198.51.100.77", country: "NL", ..USUAL },
            person,
            start,
            &session,
        );
        rows.iter_mut().for_each(|(_, row)| {
            edit(row, &[("riskState", "dismissed"), ("riskDetail", "adminDismissedRiskForSignIn")])
        });
        all.extend(rows);
    }
    // M3: eight attempts of medium risk, asked by CA001 and answered. N5: after two of them, a refresh in the same session, a minute later.
    for (number, person) in people[49..57].iter().enumerate() {
        let start = at(&mut dice);
        let session = dice.guid();
        all.extend(attempt_rows(
            &mut dice,
            &SignIn { course: Course::AskedAndDone, ..medium },
            person,
            start,
            &session,
        ));
        if number < 2 {
            let refresh = SignIn { course: Course::Refresh, client_app: "Mobile Apps and Desktop clients", ..medium };
            all.extend(attempt_rows(&mut dice, &refresh, person, start + 80_000, &session));
        }
    }
    // M8: the first copy came before the detection, the second after it.
    let start = at(&mut dice);
    let session = dice.guid();
    for (_, late) in attempt_rows(&mut dice, &medium, &people[102], start, &session) {
        let mut early = late.clone();
        edit(&mut early, &[("riskLevelDuringSignIn", "none"), ("riskLevelAggregated", "none"), ("riskState", "none")]);
        early.delivered = Some(stamp(start + 40_000, Spelling::Ticks));
        all.push((start, early));
        all.push((start, late));
    }
    // B11: five attempts without risk at sign-in; a detection raised the level afterwards.
    for person in &people[103..108] {
        let start = at(&mut dice);
        let session = dice.guid();
        let mut rows = attempt_rows(&mut dice, &USUAL, person, start, &session);
        rows.iter_mut().for_each(|(_, row)| edit(row, &[("riskLevelAggregated", "high"), ("riskState", "atRisk")]));
        all.extend(rows);
    }
    super::story::sorted(all)
}

fn edit(row: &mut Row, members: &[(&str, &str)]) {
    if let Value::Object(record) = &mut row.value {
        for (name, word) in members {
            record.insert((*name).to_owned(), (*word).into());
        }
    }
}

/// The folder's files.
pub fn folder() -> BTreeMap<String, Vec<u8>> {
    let people: Vec<Person> = (0..300).map(person).collect();
    let mut all = rows(0x51_6e, &people, &scenarios());
    all.extend(special(&people));
    all.sort_by_key(created);
    redeliver(&mut all);
    let last = stamp(october(WEEKS_1_TO_3 + 1, 0, 0, 0), Spelling::Ticks);
    let (interactive, refreshes): (Vec<Row>, Vec<Row>) = all.into_iter().partition(|row| row.category == "SignInLogs");
    let (first_weeks, week_4): (Vec<Row>, Vec<Row>) = interactive.into_iter().partition(|row| created(row) < last);
    let mut folder = Folder::default();
    folder.log("interactive-graph.json", Shape::GraphPage, &first_weeks);
    folder.log("noninteractive-diagnostic.ndjson", Shape::DiagnosticLines, &refreshes);
    folder.log("week4-loganalytics.csv", Shape::LogAnalyticsCsv, &week_4);
    let users = json!({"includeUsers": ["All"], "excludeUsers": [], "includeGroups": [], "excludeGroups": [EMERGENCY_GROUP], "includeRoles": [],
        "excludeRoles": [], "includeGuestsOrExternalUsers": null, "excludeGuestsOrExternalUsers": null});
    let conditions = json!({"users": users, "signInRiskLevels": ["high", "medium"]});
    folder.policy(
        "sign-in-risk",
        &policy(0x516e_0000_0000_4000_8000_0000_0000_0001, NAME, conditions, grant("OR", &["mfa"]), every_time()),
    );
    facts(&mut folder, &people);
    folder.expected(EXPECTED);
    folder.0
}

fn person(at: usize) -> Person {
    let person = member(at);
    match at.checked_sub(EMERGENCY.start) {
        Some(number) => Person {
            name: format!("Emergency access {}", number + 1),
            principal: format!("emergency{}@contoso.example", number + 1),
            ..person
        },
        None => person,
    }
}

fn created(row: &Row) -> String {
    row.value.get("createdDateTime").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Every fortieth row comes a second time, five minutes later: exports do that.
fn redeliver(rows: &mut Vec<Row>) {
    let copies: Vec<Row> = rows.iter().step_by(40).cloned().collect();
    for mut copy in copies {
        copy.delivered = copy.delivered.map(|_| stamp(october(30, 23, 0, 0), Spelling::Ticks));
        rows.push(copy);
    }
}

fn facts(folder: &mut Folder, people: &[Person]) {
    let emergency: Vec<Value> = people[EMERGENCY]
        .iter()
        .map(|person| json!({"@odata.type": "#microsoft.graph.user", "id": person.id, "displayName": person.name, "userPrincipalName": person.principal}))
        .collect();
    folder.fact(&format!("groups/{EMERGENCY_GROUP}.json"), emergency);
    folder.fact("users.json", people.iter().map(|person| directory_entry(person, false)).collect());
    let registered = people
        .iter()
        .enumerate()
        .filter(|(at, _)| !NEW.contains(at))
        .map(|(at, person)| registration(person, !NOT_CAPABLE.contains(&at)));
    folder.fact("userRegistrationDetails.json", registered.collect());
    folder.fact("namedLocations.json", vec![json!({
        "@odata.type": "#microsoft.graph.ipNamedLocation", "id": "10c00000-0000-4000-8000-000000000001", "displayName": "Head office", "isTrusted": true,
        "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "192.0.2.0/24"}]
    })]);
    let ids: Vec<String> = people[EMERGENCY].iter().map(|person| format!("\"{}\"", person.id)).collect();
    folder.tenant_toml(&format!(
        "# Contoso, a made-up company of 300 people.\ntenant-id = \"{CONTOSO}\"\nbreak-glass = [{}]\npassword-writeback = true\n",
        ids.join(", ")
    ));
}

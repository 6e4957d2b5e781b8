//! `locations`: what changes away from the trusted networks, and in two closed countries?

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Value, json};

use super::super::formats::Shape;
use super::people::{CONTOSO, Person, member};
use super::story::{Course, Scenario, SignIn, USUAL, rows};
use super::{Cell, Folder, grant, policy};

const OUTSIDE: &str = "Outside trusted networks: MFA";
const CLOSED: &str = "Closed countries: block";
const COUNTRIES: &str = "10c00000-0000-4000-8000-000000000004";

const EXPECTED: &[Cell] = &[
    (OUTSIDE, "none", true, "unaffected", 24, 26),
    (OUTSIDE, "none", true, "alreadyChallenged", 4, 4),
    (OUTSIDE, "none", true, "alreadyBlocked", 3, 3),
    (OUTSIDE, "none", true, "challenged", 15, 17),
    (OUTSIDE, "none", true, "undetermined", 2, 2),
    (OUTSIDE, "none", false, "unaffected", 5, 8),
    (OUTSIDE, "none", false, "challenged", 0, 3),
    (OUTSIDE, "none", false, "undetermined", 3, 3),
    (CLOSED, "none", true, "unaffected", 38, 38),
    (CLOSED, "none", true, "alreadyBlocked", 3, 3),
    (CLOSED, "none", true, "blocked", 7, 7),
    (CLOSED, "none", false, "unaffected", 8, 8),
    ("*", "none", true, "unaffected", 21, 23),
    ("*", "none", true, "alreadyChallenged", 4, 4),
    ("*", "none", true, "alreadyBlocked", 3, 3),
    ("*", "none", true, "challenged", 11, 13),
    ("*", "none", true, "blocked", 7, 7),
    ("*", "none", true, "undetermined", 2, 2),
    ("*", "none", false, "unaffected", 5, 8),
    ("*", "none", false, "challenged", 0, 3),
    ("*", "none", false, "undetermined", 3, 3),
];

fn scenarios() -> Vec<Scenario> {
    let line = |name, attempts, people: Range<usize>, course, address, country| Scenario {
        name,
        attempts,
        people,
        days: (12, 25),
        sign_in: SignIn { course, address, country, ..USUAL },
    };
    vec![
        line("O1 head office", 9, 0..6, Course::Password, "192.0.2.40", "FR"),
        line("O2 branch, IPv6", 4, 6..8, Course::Password, "2001:db8:1::17", "FR"),
        line("O3 head office, address mapped to IPv6", 2, 8..9, Course::Password, "::ffff:192.0.2.9", "FR"),
        line("O4 at home, password alone", 8, 9..14, Course::Password, "203.0.113.20", "FR"),
        line("O5 at home, claim", 6, 14..18, Course::OldClaim, "203.0.113.21", "FR"),
        line("O6 visitors' network, named but not trusted", 3, 18..20, Course::Password, "198.51.100.30", "FR"),
        line("O7 Brazil, password alone", 4, 20..22, Course::Password, "203.0.113.150", "BR"),
        line("O8 country not known, claim", 3, 22..24, Course::OldClaim, "203.0.113.77", ""),
        line("O9 address blanked by the exporter", 2, 24..25, Course::Password, "<Redacted VPN IP>", "FR"),
        line("O10 at home, asked by CA001, answered", 4, 25..28, Course::AskedAndDone, "203.0.113.22", "FR"),
        line("O11 Vietnam, blocked by CA002", 3, 28..30, Course::Blocked, "203.0.113.180", "VN"),
        line("O12 refresh at home, claim", 5, 14..18, Course::RefreshWithClaim, "203.0.113.21", "FR"),
        line("O13 refresh at home, nothing about MFA", 3, 9..12, Course::Refresh, "203.0.113.20", "FR"),
    ]
}

/// The folder's files.
pub fn folder() -> BTreeMap<String, Vec<u8>> {
    let people: Vec<Person> = (0..30).map(member).collect();
    let mut folder = Folder::default();
    folder.log("eventhub.json", Shape::EventHub, &rows(6, &people, &scenarios()));
    let outside = json!({"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}});
    folder.policy("1-outside-mfa", &policy(0x10c_0001, OUTSIDE, outside, grant("OR", &["mfa"]), Value::Null));
    let closed = json!({"locations": {"includeLocations": [COUNTRIES], "excludeLocations": []}});
    folder.policy("2-closed-countries", &policy(0x10c_0002, CLOSED, closed, grant("OR", &["block"]), Value::Null));
    let network = |number: u128, name: &str, trusted: bool, kind: &str, range: &str| {
        json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": super::super::dice::guid_of(0x10c0_0000_0000_4000_8000_0000_0000_0000 + number),
            "displayName": name, "isTrusted": trusted, "ipRanges": [{"@odata.type": format!("#microsoft.graph.{kind}CidrRange"), "cidrAddress": range}]})
    };
    folder.fact("namedLocations.json", vec![
        network(1, "Head office", true, "iPv4", "192.0.2.0/24"),
        network(2, "Branch", true, "iPv6", "2001:db8:1::/48"),
        network(3, "Visitors", false, "iPv4", "198.51.100.0/25"),
        json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "id": COUNTRIES, "displayName": "Closed countries", "countriesAndRegions": ["BR", "VN"],
            "includeUnknownCountriesAndRegions": true, "countryLookupMethod": "clientIpAddress"}),
    ]);
    folder.tenant_toml(&format!("tenant-id = \"{CONTOSO}\"\n"));
    folder.expected(EXPECTED);
    folder.0
}

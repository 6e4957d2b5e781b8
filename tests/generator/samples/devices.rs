//! `devices`: who lacks a managed device, if one is required where MFA is not given, and if the others are shut out?

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Value, json};

use super::super::formats::Shape;
use super::people::{CONTOSO, Person, member};
use super::story::{Course, Device, Scenario, SignIn, USUAL, rows};
use super::{Cell, Folder, grant, policy};

const EITHER: &str = "Managed device or MFA";
const SHUT: &str = "Unmanaged devices: block";

const COMPLIANT: Device = ("de010000-0000-4000-8000-000000000001", true, "Azure AD joined");
const HYBRID: Device = ("de020000-0000-4000-8000-000000000002", false, "Hybrid Azure AD joined");
const PHONE: Device = ("de030000-0000-4000-8000-000000000003", false, "Azure AD registered");
const MAC: Device = ("de040000-0000-4000-8000-000000000004", true, "Azure AD registered");
const LAPSED: Device = ("de050000-0000-4000-8000-000000000005", false, "Azure AD registered");

const EXPECTED: &[Cell] = &[
    (EITHER, "none", true, "unaffected", 27, 32),
    (EITHER, "none", true, "alreadyChallenged", 4, 4),
    (EITHER, "none", true, "alreadyBlocked", 3, 3),
    (EITHER, "none", true, "challenged", 9, 14),
    (EITHER, "none", true, "undetermined", 5, 5),
    (SHUT, "none", true, "unaffected", 19, 19),
    (SHUT, "none", true, "alreadyBlocked", 3, 3),
    (SHUT, "none", true, "blocked", 26, 26),
    ("*", "none", true, "unaffected", 19, 19),
    ("*", "none", true, "alreadyBlocked", 3, 3),
    ("*", "none", true, "blocked", 26, 26),
];

fn scenarios() -> Vec<Scenario> {
    let line = |name, attempts, people: Range<usize>, course, sign_in: SignIn| Scenario {
        name,
        attempts,
        people,
        days: (12, 18),
        sign_in: SignIn { course, ..sign_in },
    };
    let desktop = SignIn { client_app: "Mobile Apps and Desktop clients", ..USUAL };
    let with = |device, sign_in: SignIn| SignIn { device: Some(device), ..sign_in };
    let mac = SignIn { system: "MacOs", ..USUAL };
    vec![
        line("V1 compliant laptop", 10, 0..5, Course::Password, with(COMPLIANT, USUAL)),
        line("V2 hybrid joined, not compliant", 6, 5..8, Course::Password, with(HYBRID, USUAL)),
        line(
            "V3 registered phone",
            5,
            8..12,
            Course::Password,
            with(PHONE, SignIn { system: "Ios 18.2.1", ..desktop }),
        ),
        line("V4 desktop client, no device", 4, 12..15, Course::Password, desktop),
        line("V5 browser on a Mac, no device shown", 5, 15..18, Course::Password, mac),
        line("V6 browser on a Mac, asked for its device", 3, 18..20, Course::DeviceAsked, with(MAC, mac)),
        line("V7 no device, asked by CA001, answered", 4, 20..24, Course::AskedAndDone, desktop),
        line("V8 blocked by CA003", 3, 24..26, Course::DeviceBlocked, with(LAPSED, USUAL)),
        line("V9 device code, claim", 2, 26..27, Course::OldClaim, SignIn { protocol: "deviceCode", ..desktop }),
        line("V10 browser on Windows, no device, claim", 6, 27..30, Course::OldClaim, USUAL),
    ]
}

/// The folder's files.
pub fn folder() -> BTreeMap<String, Vec<u8>> {
    let people: Vec<Person> = (0..30).map(member).collect();
    let mut folder = Folder::default();
    folder.log("InteractiveSignIns_2026-10-12_2026-10-18.json", Shape::GraphArray, &rows(3, &people, &scenarios()));
    folder.policy(
        "1-managed-device-or-mfa",
        &policy(
            0xde1_0001,
            EITHER,
            json!({}),
            grant("OR", &["mfa", "compliantDevice", "domainJoinedDevice"]),
            Value::Null,
        ),
    );
    let rule = "device.isCompliant -ne True -and device.trustType -ne \"ServerAD\"";
    let filter = json!({"devices": {"deviceFilter": {"mode": "include", "rule": rule}}});
    folder.policy("2-unmanaged-block", &policy(0xde1_0002, SHUT, filter, grant("OR", &["block"]), Value::Null));
    folder.tenant_toml(&format!("tenant-id = \"{CONTOSO}\"\n"));
    folder.expected(EXPECTED);
    folder.0
}

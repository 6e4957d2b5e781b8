//! The cast of a random tenant: who signs in, from where, on what, to what. Everything is scarce, so that rows collide.

use serde_json::{Value, json};

use super::dice::Dice;

/// The tenant whose logs are read.
pub const OWN_TENANT: &str = "c0a50000-0000-4000-8000-000000000001";

/// Directory roles that appear in policies and tenant files.
pub const ROLES: &[&str] = &[
    "62e90394-69f5-4237-9190-012177145e10",
    "194ae4cb-b126-40b2-bd5b-6091b380977d",
    "729827e3-9c14-49f7-bb1b-9608f156bbb8",
    "D29B2B05-8046-44BA-8758-1E26182FCF32",
];

/// A client or a resource.
pub type Software = (&'static str, &'static str);

/// Client applications.
pub const CLIENTS: &[Software] = &[
    ("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams"),
    ("d3590ed6-52b3-4102-aeff-aad2292ab01c", "Microsoft Office"),
    ("00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online"),
    ("00000006-0000-0ff1-ce00-000000000000", "Microsoft Office 365 Portal"),
    ("c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Azure Portal"),
    ("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Microsoft Azure CLI"),
    ("29d9ed98-a469-4536-ade2-f981bc1d605e", "Microsoft Authentication Broker"),
    ("38aa3b87-a06d-4817-b275-7a389988d93b", "Windows Sign In"),
    ("19db86c3-b2b9-44cc-b339-36da233a3be2", "My Signins"),
    ("0000000c-0000-0000-c000-000000000000", "Microsoft App Access Panel"),
    ("93625bc8-bfe2-437a-97e0-3d0060024faa", "Microsoft Risk Remediation"),
    ("a9900000-0000-4000-8000-000000000001", "Contoso Expenses"),
    ("a9900000-0000-4000-8000-000000000002", "Fabrikam Travel"),
];

/// Resources.
pub const RESOURCES: &[Software] = &[
    ("00000003-0000-0000-c000-000000000000", "Microsoft Graph"),
    ("00000002-0000-0000-c000-000000000000", "Windows Azure Active Directory"),
    ("00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online"),
    ("00000003-0000-0ff1-ce00-000000000000", "Office 365 SharePoint Online"),
    ("cc15fd57-2c6c-4117-a88c-83b1d56b4bbe", "Microsoft Teams Services"),
    ("4765445b-32c6-49b0-83e6-1d93765276ca", "OfficeHome"),
    ("797f4846-ba00-4fd7-ba43-dac1f8f63013", "Windows Azure Service Management API"),
    ("497effe9-df71-4043-a8bb-14cf78c4b63b", "Exchange Admin Center"),
    ("01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9", "Device Registration Service"),
    ("d4ebce55-015a-49b5-a083-c84d1797ae8c", "Microsoft Intune Enrollment"),
    ("0000000a-0000-0000-c000-000000000000", "Microsoft Intune"),
    ("09abbdfd-ed23-44ee-a2d9-a627aa1c90f3", "ProjectWorkManagement"),
    ("b0b00000-0000-4000-8000-000000000003", "Microsoft Teams"),
    ("a9900000-0000-4000-8000-000000000001", "Contoso Expenses"),
    ("a9900000-0000-4000-8000-000000000002", "Fabrikam Travel"),
];

/// A user as the tenant has them; single rows may still show something else.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Option<String>,
    pub principal: String,
    pub name: String,
    pub user_type: Option<&'static str>,
    pub home: Option<String>,
    pub cross: Option<&'static str>,
    pub devices: Vec<usize>,
}

/// An address and where it lies.
#[derive(Clone, Debug)]
pub struct Place {
    pub ip: Option<&'static str>,
    pub country: Option<&'static str>,
    pub city: &'static str,
    pub networks: Option<Value>,
}

/// A device as the directory has it.
#[derive(Clone, Debug)]
pub struct Device {
    pub id: String,
    pub name: String,
    pub system: &'static str,
    pub compliant: Option<bool>,
    pub managed: Option<bool>,
    pub trust: Option<&'static str>,
}

/// A policy that was in the tenant while the log was written, as its entries in the rows show it.
#[derive(Clone, Debug)]
pub struct Existing {
    pub id: String,
    pub name: String,
    pub grants: Vec<&'static str>,
    pub sessions: Vec<&'static str>,
    pub report_only: bool,
}

/// Everything that rows, policies and tenant files refer to.
#[derive(Clone, Debug)]
pub struct Cast {
    pub partners: Vec<String>,
    pub people: Vec<Person>,
    pub places: Vec<Place>,
    pub devices: Vec<Device>,
    pub clients: Vec<Software>,
    pub resources: Vec<Software>,
    /// Ids of groups, and positions of their members.
    pub groups: Vec<(String, Vec<usize>)>,
    /// Ids of named locations.
    pub locations: Vec<String>,
    pub agreements: Vec<String>,
    pub strengths: Vec<String>,
    pub existing: Vec<Existing>,
}

/// Draws a cast.
pub fn cast(dice: &mut Dice) -> Cast {
    let partners: Vec<String> = (0..3).map(|_| dice.guid()).collect();
    let devices = devices(dice);
    let people: Vec<Person> = (0..10 + dice.below(31)).map(|at| person(dice, at, &partners, devices.len())).collect();
    let groups = (0..4)
        .map(|_| {
            let members: Vec<usize> = (0..people.len()).filter(|_| dice.chance(45)).collect();
            (dice.guid(), members)
        })
        .collect();
    let existing = (0..1 + dice.below(5)).map(|at| existing(dice, at)).collect();
    Cast {
        places: places(dice),
        clients: dice.several(CLIENTS, 8),
        resources: dice.several(RESOURCES, 8),
        locations: (0..5).map(|_| dice.guid()).collect(),
        agreements: (0..2).map(|_| dice.guid()).collect(),
        strengths: (0..2).map(|_| dice.guid()).collect(),
        partners,
        people,
        devices,
        groups,
        existing,
    }
}

fn person(dice: &mut Dice, at: usize, partners: &[String], devices: usize) -> Person {
    let user_type = dice.weighted(&[(75, Some("member")), (20, Some("guest")), (5, None)]);
    let foreign = match user_type {
        Some("guest") => dice.chance(75),
        _ => dice.chance(8),
    };
    let cross = if foreign {
        dice.weighted(&[
            (60, Some("b2bCollaboration")),
            (10, Some("b2bDirectConnect")),
            (8, Some("serviceProvider")),
            (4, Some("microsoftSupport")),
            (3, Some("unknownFutureValue")),
            (5, Some("none")),
            (10, None),
        ])
    } else {
        dice.weighted(&[(88, Some("none")), (12, None)])
    };
    let home = match (foreign, dice.chance(6)) {
        (_, true) => None,
        (true, false) => Some(dice.pick(partners).clone()),
        (false, false) => Some(OWN_TENANT.to_owned()),
    };
    let id = dice.weighted(&[(94, 0), (2, 1), (2, 2), (2, 3)]);
    let id = match id {
        0 => Some(dice.guid()),
        1 => Some(String::new()),
        2 => Some("00000000-0000-0000-0000-000000000000".to_owned()),
        _ => None,
    };
    let domain = if foreign { "fabrikam.example" } else { "contoso.example" };
    Person {
        id,
        principal: format!("user{at:02}@{domain}"),
        name: format!("User {at:02}"),
        user_type,
        home,
        cross,
        devices: (0..dice.below(3)).map(|_| dice.below(devices)).collect(),
    }
}

fn devices(dice: &mut Dice) -> Vec<Device> {
    const SYSTEMS: &[&str] = &["Windows10", "Windows 11", "MacOs 15.2", "Ios 18.2.1", "Android 14", "Linux"];
    const TRUSTS: &[Option<&str>] = &[
        Some("Azure AD joined"),
        Some("Hybrid Azure AD joined"),
        Some("Azure AD registered"),
        Some("Microsoft Entra joined"),
        Some("Microsoft Entra hybrid joined"),
        Some("Microsoft Entra registered"),
        Some("AzureAD"),
        Some("ServerAd"),
        Some("Workplace"),
        Some(""),
        Some("Some new join"),
        None,
    ];
    (0..8)
        .map(|at| Device {
            id: dice.guid(),
            name: format!("{}-{at:02}", dice.pick(&["LAPTOP", "KIOSK", "pc-ws"])),
            system: dice.one(SYSTEMS),
            compliant: dice.weighted(&[(45, Some(true)), (40, Some(false)), (15, None)]),
            managed: dice.weighted(&[(45, Some(true)), (40, Some(false)), (15, None)]),
            trust: dice.one(TRUSTS),
        })
        .collect()
}

fn places(dice: &mut Dice) -> Vec<Place> {
    let trusted = json!([{"networkType": "trustedNamedLocation", "networkNames": ["Head office"]}]);
    let named = json!([{"networkType": "namedNetwork", "networkNames": ["Branch"]}]);
    let both = json!([
        {"networkType": "namedNetwork", "networkNames": ["Branch"]},
        {"networkType": "trusted", "networkNames": []}
    ]);
    let outside = json!([{"networkType": "extranet", "networkNames": []}]);
    let all = [
        (Some("192.0.2.10"), Some("FR"), "Paris", Some(trusted.clone())),
        (Some("192.0.2.255"), Some("fr"), "Lyon", Some(trusted)),
        (Some("198.51.100.7"), Some("DE"), "Berlin", Some(named)),
        (Some("198.51.100.7:50123"), Some("DE"), "Berlin", Some(json!([]))),
        (Some("203.0.113.5"), Some("NG"), "Lagos", Some(json!([]))),
        (Some("203.0.113.129"), Some("US"), "", Some(outside)),
        (Some("2001:db8::1"), Some("NL"), "Delft", Some(both)),
        (Some("2001:DB8:0:0:0:0:0:1"), Some("NL"), "Delft", None),
        (Some("2001:db8:ffff::7"), Some(""), "", Some(json!([]))),
        (Some("::ffff:192.0.2.10"), Some("FR"), "Paris", Some(json!([]))),
        (Some("fe80::1%eth0"), None, "", Some(json!([]))),
        (Some("10.1.2.3"), Some("XX"), "", None),
        (Some("<Redacted VPN IP>"), Some("FR"), "Paris", Some(json!([]))),
        (Some(""), Some("FR"), "Paris", Some(json!([]))),
        (None, None, "", None),
    ];
    dice.several(&all, 9)
        .into_iter()
        .map(|(ip, country, city, networks)| Place { ip, country, city, networks })
        .collect()
}

fn existing(dice: &mut Dice, at: usize) -> Existing {
    const GRANTS: &[&[&str]] = &[
        &["Mfa"],
        &["Mfa"],
        &["Block"],
        &["RequireCompliantDevice"],
        &["RequireDomainJoinedDevice"],
        &["RequireApprovedApp"],
        &["RequireCompliantApp"],
        &["Mfa", "RequireCompliantDevice"],
        &["RequireCompliantDevice", "RequireDomainJoinedDevice"],
        &["RequireApprovedApp", "RequireCompliantApp"],
        &["Terms of Contoso"],
        &["PasswordChange"],
        &[],
    ];
    const SESSIONS: &[&[&str]] = &[&[], &[], &["SignInFrequency"], &["SignInTokenProtection"], &["CloudAppSecurity"]];
    Existing {
        id: dice.guid(),
        name: format!("Existing {at}"),
        grants: dice.pick(GRANTS).to_vec(),
        sessions: dice.pick(SESSIONS).to_vec(),
        report_only: dice.chance(40),
    }
}

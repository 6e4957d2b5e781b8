//! Rows of a random log: attempts as chains of codes, with everything around them drawn at random.

use serde_json::{Value, json};

use super::cast::{Cast, Device, OWN_TENANT, Person, Place, Software};
use super::dice::{Dice, Spelling, october, stamp};
use super::evidence;
use super::record::Record;
use super::world::Row;

/// What all rows of an attempt share.
#[derive(Debug)]
pub struct Scene<'a> {
    pub person: &'a Person,
    pub place: &'a Place,
    pub device: Option<&'a Device>,
    pub client: Software,
    pub resource: Software,
    pub client_app: Option<&'static str>,
    pub interactive: bool,
    pub session: Option<String>,
    pub system: Option<&'static str>,
    pub risk: Option<&'static str>,
}

/// Codes of an interactive attempt, with weights.
const CHAINS: &[(u32, &[i64])] = &[
    (26, &[0]),
    (10, &[50074, 0]),
    (3, &[50074, 500_121]),
    (2, &[50074, 500_121, 0]),
    (4, &[50074]),
    (3, &[50074, 50140, 0]),
    (3, &[50140, 0]),
    (2, &[50140]),
    (3, &[50097, 0]),
    (2, &[50097]),
    (2, &[50097, 50074, 0]),
    (2, &[50079, 0]),
    (2, &[50079]),
    (1, &[50072, 50142]),
    (2, &[50142, 0]),
    (2, &[50142]),
    (1, &[50135, 0]),
    (1, &[50076, 0]),
    (1, &[50078, 0]),
    (1, &[50158, 0]),
    (1, &[50161]),
    (2, &[65001, 0]),
    (2, &[65001]),
    (2, &[70044, 0]),
    (1, &[70043, 50074, 0]),
    (1, &[70044]),
    (3, &[53003]),
    (2, &[50074, 53003]),
    (1, &[50097, 53000]),
    (1, &[53000]),
    (1, &[53001]),
    (1, &[53002]),
    (1, &[53004]),
    (1, &[530_032]),
    (1, &[53009]),
    (1, &[50126, 0]),
    (3, &[50126]),
    (1, &[50053]),
    (1, &[50058, 0]),
    (1, &[50105]),
    (1, &[29200]),
    (1, &[999_999]),
    (1, &[0, 0]),
    (1, &[0, 50074, 0]),
    (1, &[50199, 0]),
    (1, &[50125]),
    (1, &[50127]),
    (1, &[50129, 0]),
    (1, &[53003, 0]),
    (1, &[50074, 0, 53003]),
    (1, &[50074, 50142, 0]),
    (1, &[50055]),
    (1, &[16000, 0]),
    (1, &[90094]),
    (1, &[50131]),
    (1, &[50005]),
];

/// Codes of a non-interactive attempt, with weights.
const REFRESHES: &[(u32, &[i64])] = &[
    (60, &[0]),
    (8, &[50076]),
    (3, &[50074]),
    (4, &[70044]),
    (4, &[53003]),
    (2, &[530_036]),
    (3, &[700_082]),
    (4, &[50097, 0]),
    (3, &[50076, 0]),
    (4, &[0, 0]),
    (2, &[50173]),
    (2, &[50140]),
    (1, &[65001]),
    (1, &[50168]),
];

/// Seconds between rows of an attempt: around every window that the rules know.
const GAPS: &[i64] = &[0, 0, 1, 4, 20, 20, 45, 90, 299, 300, 301, 599, 600, 601, 1799, 1800, 1801, 2400];

/// Draws the rows of all attempts, in no order, copies not yet made.
pub fn rows(dice: &mut Dice, cast: &Cast, attempts: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut clocks: Vec<i64> = cast.people.iter().map(|_| october(1 + dice.between(0, 20), 0, 0, 0)).collect();
    let mut sessions: Vec<String> = cast.people.iter().map(|_| dice.guid()).collect();
    let mut correlations: Vec<String> = cast.people.iter().map(|_| dice.guid()).collect();
    for _ in 0..attempts {
        if dice.chance(3) {
            rows.push(workload(dice, cast));
            continue;
        }
        let who = dice.below(cast.people.len());
        clocks[who] += 1000 * if dice.chance(35) { dice.one(GAPS) } else { dice.between(1_200, 180_000) };
        if dice.chance(50) {
            sessions[who] = dice.guid();
        }
        if dice.chance(85) {
            correlations[who] = dice.guid();
        }
        let scene = scene(dice, cast, &cast.people[who], &sessions[who]);
        clocks[who] = attempt(dice, cast, &scene, &correlations[who], clocks[who], &mut rows);
    }
    rows
}

fn scene<'a>(dice: &mut Dice, cast: &'a Cast, person: &'a Person, session: &str) -> Scene<'a> {
    const SYSTEMS: &[Option<&str>] = &[
        Some("Windows10"),
        Some("Windows 10"),
        Some("Windows 8.1"),
        Some("WINDOWS"),
        Some("MacOs"),
        Some("Mac OS X 10.15"),
        Some("Ios 18.2.1"),
        Some("iPadOS 17"),
        Some("Android 14"),
        Some("Linux"),
        Some("Ubuntu"),
        Some("ChromeOS"),
        Some("Windows Phone 10"),
        Some("Tizen"),
        Some(""),
        Some(""),
        None,
    ];
    let interactive = dice.chance(72);
    let client = dice.one(&cast.clients);
    let device = match (person.devices.first(), dice.chance(55)) {
        (Some(_), true) => cast.devices.get(dice.one(&person.devices)),
        _ => None,
    };
    Scene {
        person,
        place: dice.pick(&cast.places),
        device,
        client,
        resource: dice.one(&cast.resources),
        client_app: client_app(dice),
        interactive,
        session: if dice.chance(75) { Some(session.to_owned()) } else { None },
        system: match device {
            Some(device) if dice.chance(85) => Some(device.system),
            _ => dice.one(SYSTEMS),
        },
        risk: evidence::risk(dice),
    }
}

fn client_app(dice: &mut Dice) -> Option<&'static str> {
    const LEGACY: &[&str] = &[
        "Exchange ActiveSync",
        "Exchange ActiveSync (supported)",
        "Authenticated SMTP",
        "SMTP",
        "AutoDiscover",
        "Exchange Online PowerShell",
        "Exchange Web Services",
        "IMAP4",
        "IMAP",
        "MAPI Over HTTP",
        "Offline Address Book",
        "Outlook Anywhere (RPC over HTTP)",
        "Outlook Service",
        "POP3",
        "Reporting Web Services",
        "Universal Outlook",
        "Other clients",
        "Other clients; IMAP",
        "Other clients; Older Office clients",
        " other CLIENTS ",
    ];
    match dice.weighted(&[(46, 0), (32, 1), (2, 2), (12, 3), (2, 4), (2, 5), (2, 6), (2, 7)]) {
        0 => Some("Browser"),
        1 => Some("Mobile Apps and Desktop clients"),
        2 => Some("Modern clients"),
        3 => Some(dice.one(LEGACY)),
        4 => Some("Unknown"),
        5 => Some(""),
        6 => Some("Fridge"),
        _ => None,
    }
}

fn attempt(dice: &mut Dice, cast: &Cast, scene: &Scene<'_>, correlation: &str, start: i64, rows: &mut Vec<Row>) -> i64 {
    let codes = if scene.interactive { dice.weighted(CHAINS) } else { dice.weighted(REFRESHES) };
    let naming = dice.weighted(&[(62, 0), (14, 1), (14, 2), (10, 3)]);
    let first = dice.guid();
    let mut at = start;
    for (place, code) in codes.iter().enumerate() {
        if place > 0 {
            let gap = if dice.chance(65) { dice.between(5, 40) } else { dice.one(GAPS) };
            at += 1000 * gap + if dice.chance(60) { dice.between(0, 999) } else { 0 };
        }
        let id = if place == 0 { first.clone() } else { dice.guid() };
        let original = match naming {
            0 => Some(first.clone()),
            1 => Some(id.clone()),
            2 => Some(String::new()),
            _ => None,
        };
        let mut record = base(dice, scene, &id, at);
        record.record("originalRequestId", original);
        record
            .record("correlationId", if dice.chance(95) { Some(correlation.to_owned()) } else { Some(String::new()) });
        evidence::outcome(dice, cast, scene, &mut record, *code, codes.get(..place).unwrap_or_default(), at);
        spoil(dice, &mut record);
        rows.push(Row {
            value: record.into_value(),
            delivered: dice.chance(92).then(|| stamp(at + 1000 * dice.between(28, 1077), Spelling::Ticks)),
            category: if scene.interactive { "SignInLogs" } else { "NonInteractiveUserSignInLogs" },
        });
    }
    at
}

fn base(dice: &mut Dice, scene: &Scene<'_>, id: &str, at: i64) -> Record {
    const SPELLINGS: &[Spelling] =
        &[Spelling::Ticks, Spelling::Ticks, Spelling::Seconds, Spelling::Millis, Spelling::Offset, Spelling::Bare];
    let person = scene.person;
    let mut record = Record::ordinary(id, &stamp(at, dice.one(SPELLINGS)));
    record
        .set("isInteractive", scene.interactive)
        .set("signInEventTypes", json!([if scene.interactive { "interactiveUser" } else { "nonInteractiveUser" }]))
        .record("userId", person.id.clone())
        .set("userPrincipalName", person.principal.clone())
        .set("userDisplayName", person.name.clone())
        .record("userType", person.user_type)
        .record("homeTenantId", person.home.clone())
        .record("crossTenantAccessType", person.cross)
        .set("appId", scene.client.0)
        .set("appDisplayName", scene.client.1)
        .set("resourceId", scene.resource.0)
        .set("resourceDisplayName", scene.resource.1)
        .record("clientAppUsed", scene.client_app)
        .record("sessionId", scene.session.clone())
        .record("riskLevelDuringSignIn", scene.risk)
        .record("networkLocationDetails", scene.place.networks.clone())
        .record("ipAddress", scene.place.ip)
        .record("location.countryOrRegion", scene.place.country)
        .set("location.city", scene.place.city);
    let resource_tenant = dice.weighted(&[
        (93, Some(OWN_TENANT.to_owned())),
        (4, None),
        (3, Some("f0e19000-0000-4000-8000-00000000000f".to_owned())),
    ]);
    record.record("resourceTenantId", resource_tenant);
    let owner = dice.weighted(&[
        (40, Some("f8cdef31-a31e-4b4a-93e4-5f571e91255a")),
        (15, Some("72f988bf-86f1-41af-91ab-2d7cd011db47")),
        (15, Some(OWN_TENANT)),
        (30, None),
    ]);
    record.record("resourceOwnerTenantId", owner);
    device(dice, scene, &mut record);
    agent(dice, scene, &mut record);
    request(dice, scene, &mut record);
    record
}

fn device(dice: &mut Dice, scene: &Scene<'_>, record: &mut Record) {
    record.record("deviceDetail.operatingSystem", scene.system);
    let Some(device) = scene.device else {
        match dice.below(5) {
            0 => {
                record
                    .drop("deviceDetail.deviceId")
                    .drop("deviceDetail.isCompliant")
                    .drop("deviceDetail.isManaged")
                    .drop("deviceDetail.trustType");
            }
            1 => {
                record.set("deviceDetail.deviceId", Value::Null).set("deviceDetail.trustType", Value::Null);
            }
            _ => {}
        }
        return;
    };
    record
        .set("deviceDetail.deviceId", device.id.clone())
        .set("deviceDetail.displayName", device.name.clone())
        .record("deviceDetail.isCompliant", device.compliant)
        .record("deviceDetail.isManaged", device.managed)
        .record("deviceDetail.trustType", device.trust);
}

fn agent(dice: &mut Dice, scene: &Scene<'_>, record: &mut Record) {
    const AGENTS: &[&str] = &[
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X)",
        "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X)",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8)",
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)",
        "Mozilla/5.0 (X11; Linux x86_64)",
        "X11; FreeBSD",
        "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1)",
        "python-requests/2.32",
        "",
    ];
    let agent = dice.chance(80).then(|| dice.one(AGENTS));
    record.record("userAgent", agent);
    record.record("deviceDetail.browser", (scene.client_app == Some("Browser")).then_some("Edge 140.0.0"));
}

/// What was asked for and with what: protocol, token, audiences, contexts.
fn request(dice: &mut Dice, scene: &Scene<'_>, record: &mut Record) {
    let protocol = dice.weighted(&[
        (70, Some("none")),
        (8, Some("oAuth2")),
        (5, Some("deviceCode")),
        (3, Some("ropc")),
        (3, Some("authenticationTransfer")),
        (3, Some("saml20")),
        (2, Some("unknownFutureValue")),
        (8, None),
    ]);
    let transfer = dice.weighted(&[
        (78, Some("none")),
        (6, Some("deviceCodeFlow")),
        (4, Some("authenticationTransfer")),
        (2, Some("somethingNew")),
        (2, Some("unknownFutureValue")),
        (10, None),
    ]);
    let token = if scene.interactive {
        dice.weighted(&[(75, Some("none")), (12, Some("primaryRefreshToken")), (5, Some("saml11")), (8, None)])
    } else {
        dice.weighted(&[
            (25, Some("none")),
            (30, Some("primaryRefreshToken")),
            (30, Some("refreshToken")),
            (5, Some("primaryRefreshToken,saml11")),
            (10, None),
        ])
    };
    let issuer = dice.weighted(&[
        (96, "AzureAD"),
        (1, "ADFederationServices"),
        (1, "NPSExtension"),
        (1, "AzureADBackupAuth"),
        (1, "UnknownFutureValue"),
    ]);
    let bound = dice.weighted(&[(40, Some("none")), (20, Some("bound")), (20, Some("unbound")), (20, None)]);
    record
        .record("authenticationProtocol", protocol)
        .record("originalTransferMethod", transfer)
        .record("incomingTokenType", token)
        .set("tokenIssuerType", issuer)
        .record(
            "tokenProtectionStatusDetails",
            bound.map(|word| json!({"signInSessionStatus": word, "signInSessionStatusCode": 0})),
        );
    if dice.chance(25) {
        let mut audiences: Vec<Value> =
            (0..1 + dice.below(3)).map(|_| Value::from(dice.pick(super::cast::RESOURCES).0)).collect();
        if dice.chance(20) {
            audiences.push(Value::from(scene.client.0));
        }
        record.set("conditionalAccessAudiences", audiences);
    } else if dice.chance(30) {
        record.drop("conditionalAccessAudiences");
    }
    let contexts = match dice.below(12) {
        0 => Some(json!([{"id": "urn:user:registersecurityinfo", "detail": "required"}])),
        1 => Some(json!([{"id": "urn:user:registerdevice", "detail": dice.one(&["required", "notApplicable"])}])),
        2 => Some(json!([{"id": "c1", "detail": "previouslySatisfied"}])),
        3 => Some(json!([{"id": "c1", "detail": "notApplicable"}, {"id": "C2", "detail": "required"}])),
        4 | 5 => None,
        _ => Some(json!([])),
    };
    record.record("authenticationContextClassReferences", contexts);
    if dice.chance(8) {
        record.set("isThroughGlobalSecureAccess", true);
    } else if dice.chance(50) {
        record.set("isThroughGlobalSecureAccess", false);
    }
    if dice.chance(8) {
        record.set("servicePrincipalId", dice.guid());
    }
}

/// A row with a member or two not recorded, or empty.
fn spoil(dice: &mut Dice, record: &mut Record) {
    const MEMBERS: &[&str] = &[
        "userType",
        "crossTenantAccessType",
        "homeTenantId",
        "resourceTenantId",
        "resourceId",
        "resourceDisplayName",
        "appId",
        "appDisplayName",
        "clientAppUsed",
        "deviceDetail",
        "location",
        "ipAddress",
        "riskLevelDuringSignIn",
        "riskLevelAggregated",
        "riskState",
        "riskDetail",
        "authenticationDetails",
        "authenticationRequirement",
        "appliedConditionalAccessPolicies",
        "conditionalAccessStatus",
        "networkLocationDetails",
        "sessionId",
        "correlationId",
        "originalRequestId",
        "tokenIssuerType",
        "incomingTokenType",
        "authenticationProtocol",
        "originalTransferMethod",
        "userPrincipalName",
        "userDisplayName",
        "status",
        "status.additionalDetails",
        "deviceDetail.operatingSystem",
        "userAgent",
        "userId",
    ];
    if dice.chance(25) {
        for member in dice.several(MEMBERS, 4) {
            // Without a user or a code little is left of a row: rarer than the rest.
            if matches!(member, "userId" | "status") && dice.chance(80) {
                continue;
            }
            if dice.chance(70) {
                record.drop(member);
            } else {
                record.set(member, Value::Null);
            }
        }
    }
    if dice.chance(1) {
        record.drop("isInteractive").drop("signInEventTypes");
    }
    if dice.chance(1) {
        record.set("crossTenantAccessType", "passthrough");
    }
}

/// A row of a service principal or of a managed identity.
fn workload(dice: &mut Dice, cast: &Cast) -> Row {
    let at = october(1 + dice.between(0, 20), dice.between(0, 23), 0, 0);
    let managed = dice.chance(40);
    let place = dice.pick(&cast.places);
    let resource = dice.one(&cast.resources);
    let mut record = Record::ordinary(&dice.guid(), &stamp(at, Spelling::Ticks));
    record
        .set("isInteractive", false)
        .set("signInEventTypes", json!([if managed { "managedIdentity" } else { "servicePrincipal" }]))
        .set("servicePrincipalId", dice.guid())
        .set("servicePrincipalName", "Contoso Backup")
        .set("appId", dice.guid())
        .set("appDisplayName", "Contoso Backup")
        .set("resourceId", resource.0)
        .set("resourceDisplayName", resource.1)
        .set("resourceTenantId", OWN_TENANT)
        .set("clientAppUsed", "Unknown")
        .record("ipAddress", place.ip)
        .drop("userType")
        .drop("deviceDetail")
        .drop("authenticationRequirement");
    Row {
        value: record.into_value(),
        delivered: Some(stamp(at + 120_000, Spelling::Ticks)),
        category: if managed { "ManagedIdentitySignInLogs" } else { "ServicePrincipalSignInLogs" },
    }
}

//! Holds the table of abilities to what replay does: probe policies over random rows.

use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::abilities::{ABILITIES, Ability};
use super::inspect;
use crate::attempt::{self, Attempts, Options};
use crate::compile;
use crate::diagnostic::{Diagnostics, Origin};
use crate::domain::{Match, Outcome, Span};
use crate::frame::{Column, FrameBuilder, Row, SignInFrame};
use crate::ingest::InputFile;
use crate::policy::{Candidate, Written};
use crate::replay::judge;
use crate::tenant::Tenant;

const GROUP: &str = r#""users":{"includeUsers":["All"]}"#;
const APPS: &str = r#""applications":{"includeApplications":["All"]}"#;

/// A policy that turns on nothing but one use of a condition or control.
enum Probe {
    /// Members of `conditions`; users and applications are all unless named.
    Condition(&'static str),
    /// Members of `grantControls`.
    Grant(&'static str),
    /// Members of `sessionControls`.
    Session(&'static str),
}

/// One line a line of [`ABILITIES`]: how it is configured. Several probes: all of them must be decided.
fn probes(ability: &Ability) -> &'static [Probe] {
    use Probe::{Condition, Grant, Session};
    match ability.title().as_str() {
        "application" => &[Condition(r#""applications":{"includeApplications":["r1"]}"#)],
        "application: authentication contexts" => {
            &[Condition(r#""applications":{"includeAuthenticationContextClassReferences":["c1"]}"#)]
        }
        "users" => &[Condition(r#""users":{"includeUsers":["u1"]}"#)],
        "users: guests and external users" => &[Condition(r#""users":{"includeUsers":["GuestsOrExternalUsers"]}"#)],
        "devicePlatform" => &[Condition(r#""platforms":{"includePlatforms":["windows"]}"#)],
        "location: IP ranges" => &[Condition(r#""locations":{"includeLocations":["office"]}"#)],
        "location: countries" => &[Condition(r#""locations":{"includeLocations":["germany"]}"#)],
        "location: all trusted (as recorded)" => &[Condition(r#""locations":{"includeLocations":["AllTrusted"]}"#)],
        "location: compliant network" => {
            &[Condition(r#""locations":{"includeLocations":["3d46dbda-8382-466a-856d-eb00cbc6b910"]}"#)]
        }
        "clientType" => &[Condition(r#""clientAppTypes":["browser"]"#)],
        "signInRisk" => &[Condition(r#""signInRiskLevels":["high"]"#)],
        "userRisk" => &[Condition(r#""userRiskLevels":["high"]"#)],
        "time" => &[Condition(r#""times":{"includedRanges":["x"]}"#)],
        "deviceState: compliance and join type" => &[
            Condition(r#""devices":{"deviceFilter":{"mode":"include","rule":"device.isCompliant -eq True"}}"#),
            Condition(r#""devices":{"deviceFilter":{"mode":"include","rule":"device.trustType -eq \"ServerAD\""}}"#),
        ],
        "deviceState: other attributes" => {
            &[Condition(r#""devices":{"deviceFilter":{"mode":"include","rule":"device.model -eq \"x\""}}"#)]
        }
        "servicePrincipals" => &[Condition(r#""clientApplications":{"includeServicePrincipals":["s1"]}"#)],
        "servicePrincipalRisk" => &[Condition(r#""servicePrincipalRiskLevels":["high"]"#)],
        "authenticationFlows" => &[Condition(r#""authenticationFlows":{"transferMethods":"deviceCodeFlow"}"#)],
        "insiderRisk" => &[Condition(r#""insiderRiskLevels":"elevated""#)],
        "block" => &[Grant(r#""builtInControls":["block"]"#)],
        "mfa" => &[Grant(r#""builtInControls":["mfa"]"#)],
        "authenticationStrength" => {
            &[Grant(r#""authenticationStrength":{"id":"00000000-0000-0000-0000-000000000004"}"#)]
        }
        "compliantDevice" => &[Grant(r#""builtInControls":["compliantDevice"]"#)],
        "domainJoinedDevice" => &[Grant(r#""builtInControls":["domainJoinedDevice"]"#)],
        "approvedApplication" => &[Grant(r#""builtInControls":["approvedApplication"]"#)],
        "compliantApplication" => &[Grant(r#""builtInControls":["compliantApplication"]"#)],
        "passwordChange" => &[Grant(r#""builtInControls":["passwordChange"]"#)],
        "riskRemediation" => &[Grant(r#""builtInControls":["riskRemediation"]"#)],
        "termsOfUse" => &[Grant(r#""termsOfUse":["t1"]"#)],
        "customAuthenticationFactors" => &[Grant(r#""customAuthenticationFactors":["c1"]"#)],
        "verifiedID" => &[Grant(r#""builtInControls":["verifiedID"]"#)],
        "signInFrequency: every time with MFA" => &[Session(
            r#""signInFrequency":{"isEnabled":true,"frequencyInterval":"everyTime","authenticationType":"secondaryAuthentication"}"#,
        )],
        "signInFrequency: time based" => &[
            Session(r#""signInFrequency":{"isEnabled":true,"frequencyInterval":"timeBased","type":"hours","value":1}"#),
            Session(r#""signInFrequency":{"isEnabled":true,"frequencyInterval":"everyTime"}"#),
        ],
        "secureSignInSession" => &[Session(r#""secureSignInSession":{"isEnabled":true}"#)],
        "persistentBrowser" => &[Session(r#""persistentBrowser":{"isEnabled":true,"mode":"never"}"#)],
        "cloudAppSecurity" => &[Session(r#""cloudAppSecurity":{"isEnabled":true}"#)],
        "applicationEnforcedRestrictions" => &[Session(r#""applicationEnforcedRestrictions":{"isEnabled":true}"#)],
        other => panic!("how is `{other}` configured?"),
    }
}

fn candidate(probe: &Probe) -> Candidate {
    let (conditions, grant, session) = match probe {
        Probe::Condition(conditions) => (*conditions, r#""builtInControls":["block"]"#, ""),
        Probe::Grant(grant) => ("", *grant, ""),
        Probe::Session(session) => ("", "", *session),
    };
    let all = [(GROUP, "\"users\""), (APPS, "\"applications\"")];
    let all = all.into_iter().filter(|(_, name)| !conditions.contains(name)).map(|(all, _)| all);
    let conditions: Vec<&str> = all.chain([conditions]).filter(|text| !text.is_empty()).collect();
    let text = format!(
        r#"{{"conditions":{{{}}},"grantControls":{{{grant}}},"sessionControls":{{{session}}}}}"#,
        conditions.join(",")
    );
    Candidate {
        name: "probe".to_owned(),
        id: String::new(),
        policy: serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}")),
        origin: Origin::file("probe.json"),
        sha256: String::new(),
        written: Written::default(),
    }
}

/// A tenant that supplies every fact that an ability needs, and nothing else.
fn tenant(ability: &Ability) -> Tenant {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = "inbound-mfa-trust = \"all\"\ninbound-device-trust = \"all\"\n".to_owned();
    settings.push_str("password-writeback = true\n");
    let mut files = vec![("tenant.toml".to_owned(), settings)];
    for fact in ability.needs {
        let text = match *fact {
            "namedLocations" => {
                r##"[{"@odata.type":"#microsoft.graph.ipNamedLocation","id":"office","displayName":"Office","ipRanges":[{"cidrAddress":"192.0.2.0/24"}]},
                {"@odata.type":"#microsoft.graph.countryNamedLocation","id":"germany","displayName":"Germany","countriesAndRegions":["DE"],"countryLookupMethod":"clientIpAddress","includeUnknownCountriesAndRegions":false}]"##
            }
            "riskyUserHistory" => "[]",
            "devices" => r#"[{"id":"x","deviceId":"d1"}]"#,
            "agreementAcceptances" => "[]",
            other => panic!("what does `{other}` hold?"),
        };
        files.push((format!("{fact}.json"), text.to_owned()));
    }
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    Tenant::load(folder.path()).unwrap().0
}

/// What a random row may record in each column; the empty text is nothing.
const CHOICES: &[(Column, &[&str])] = &[
    (Column::UserId, &["", "u1", "u2"]),
    (Column::UserType, &["", "member", "guest", "unknownFutureValue"]),
    (Column::CrossTenantAccessType, &["", "none", "b2bCollaboration"]),
    (Column::HomeTenantId, &["", "t1", "t2"]),
    (Column::ResourceTenantId, &["", "t1"]),
    (Column::AppId, &["", "a1"]),
    (Column::ResourceId, &["", "r1", "r2"]),
    (Column::ConditionalAccessAudiences, &["", r#"["r1"]"#]),
    (Column::AuthenticationContexts, &["", "[]", r#"[{"id":"c1","detail":"required"}]"#]),
    (Column::RiskLevelDuringSignIn, &["", "none", "high", "hidden", "unknownFutureValue"]),
    (Column::RealtimeDetection, &["", "", "medium"]),
    (
        Column::DeviceDetail,
        &[
            "",
            r#"{"operatingSystem":"Windows 10"}"#,
            r#"{"operatingSystem":"Ios 18"}"#,
            r#"{"isCompliant":false,"isManaged":false}"#,
            r#"{"deviceId":"d1"}"#,
            r#"{"deviceId":"d1","isCompliant":true,"trustType":"Hybrid Azure AD joined"}"#,
            r#"{"deviceId":"d1","isCompliant":false,"trustType":"of a new kind"}"#,
            r#"{"deviceId":"d1","trustType":"Azure AD registered","operatingSystem":"MacOs"}"#,
            r#"{"isUnread":true}"#,
        ],
    ),
    (Column::UserAgent, &["", "curl/8", "Mozilla/5.0 (Windows NT 10.0)", "Mozilla/5.0 (X11; CrOS x86_64)"]),
    (Column::ClientAppUsed, &["", "Browser", "Mobile Apps and Desktop clients", "IMAP4", "Unknown"]),
    (Column::IpAddress, &["", "192.0.2.7", "198.51.100.1", "redacted"]),
    (Column::Location, &["", r#"{"countryOrRegion":"DE"}"#, r#"{"city":"Bonn"}"#]),
    (Column::NetworkLocationDetails, &["", r#"[{"networkType":"namedNetwork","networkNames":["x"]}]"#]),
    (Column::IsThroughGlobalSecureAccess, &["", "true", "false"]),
    (Column::IsInteractive, &["", "true", "false"]),
    (
        Column::Status,
        &[
            r#"{"errorCode":0}"#,
            r#"{"errorCode":50074}"#,
            r#"{"errorCode":50097}"#,
            r#"{"errorCode":53003}"#,
            r#"{"additionalDetails":"MFA completed in Azure AD","errorCode":0}"#,
            r#"{"additionalDetails":"MFA requirement satisfied by claim in the token","errorCode":0}"#,
        ],
    ),
    (Column::AuthenticationRequirement, &["", "singleFactorAuthentication", "multiFactorAuthentication"]),
    (
        Column::AuthenticationDetails,
        &[
            "",
            r#"[{"method":"Password","succeeded":true,"requirement":"Primary authentication"}]"#,
            r#"[{"method":"Password","succeeded":true,"at_is_unread":true,"atIsUnread":true}]"#,
            r#"[{"method":"Previously satisfied","succeeded":true,"result":"MFA requirement satisfied by claim in the token"}]"#,
            r#"[{"method":"Mobile app notification","succeeded":true,"requirement":"Multifactor authentication"}]"#,
            r#"[{"method":"Password","succeeded":false}]"#,
        ],
    ),
    (Column::IncomingTokenType, &["", "none", "primaryRefreshToken"]),
    (Column::AuthenticationProtocol, &["", "none", "deviceCode", "unknownFutureValue"]),
    (Column::OriginalTransferMethod, &["", "none", "deviceCodeFlow"]),
    (Column::TokenProtection, &["", "bound", "unbound", "none"]),
    (
        Column::AppliedConditionalAccessPolicies,
        &[
            "",
            r#"[{"id":"p","result":"success","enforcedGrantControls":["RequireCompliantDevice"]}]"#,
            r#"[{"id":"p","result":"failure","enforcedGrantControls":["RequireCompliantDevice"]}]"#,
            r#"[{"id":"p","result":"reportOnlyFailure","enforcedGrantControls":["RequireDomainJoinedDevice"]}]"#,
            r#"[{"id":"p","result":"notApplied","enforcedGrantControls":["RequireDomainJoinedDevice"]}]"#,
            r#"[{"id":"p","result":"reportOnlyInterrupted","enforcedGrantControls":["RequireCompliantDevice","Mfa"]}]"#,
            r#"[{"id":"p","result":"success","enforcedGrantControls":["RequireApprovedApp"]}]"#,
            r#"[{"id":"p","result":"success","enforcedGrantControls":["RequireCompliantApp"]}]"#,
            r#"[{"id":"p","result":"success","enforcedGrantControls":["Mfa"]}]"#,
        ],
    ),
];

/// A frame of rows that are attempts of their own.
fn random(rows: usize, random: &mut ChaCha8Rng) -> SignInFrame {
    let mut builder = FrameBuilder::default();
    for number in 0..rows {
        let mut row = Row::new(i64::try_from(number).unwrap());
        row.set(Column::Id, format!("{number:06}"));
        for (column, texts) in CHOICES {
            row.set(*column, texts[random.random_range(0..texts.len())]);
        }
        builder.push(&row);
    }
    builder.finish()
}

fn file(rows: u64) -> InputFile {
    InputFile { path: "logs/a.json".to_owned(), rows, ..InputFile::default() }
}

/// Each row a file of its own, so that every count is about one row.
fn one_by_one(frame: &SignInFrame) -> super::Inspection {
    let files: Vec<InputFile> = (0..frame.rows()).map(|_| file(1)).collect();
    inspect(frame, &files, &Diagnostics::default())
}

fn outcomes(attempts: &Attempts, ability: &Ability) -> Vec<bool> {
    let tenant = tenant(ability);
    let mut decided = vec![true; attempts.list.len()];
    for probe in probes(ability) {
        let plan = compile::compile(&[candidate(probe)], attempts, &tenant, &mut Diagnostics::default());
        let rule = &plan.rules[0];
        for (place, decided) in decided.iter_mut().enumerate() {
            let judgement = judge(&plan, rule, place);
            let outcome: Span<Outcome> = judgement.verdict.outcome;
            *decided &= match probe {
                Probe::Condition(_) => judgement.applies.is_known(),
                // A control that is asked of nobody is no test of it.
                Probe::Grant(_) | Probe::Session(_) => {
                    assert_eq!(judgement.applies, Match::Yes, "{}", ability.title());
                    !outcome.is_open()
                }
            };
        }
    }
    decided
}

/// Where replay goes by a rule although nothing is recorded: the table says that this export cannot tell.
fn goes_by_a_rule(ability: &Ability, frame: &SignInFrame, attempt: &attempt::Attempt) -> bool {
    use crate::attempt::mfa::MfaRule;
    let is_silent = |column| frame.text(column, attempt.terminal).is_none();
    match (ability.name, ability.part) {
        // C17: they never hold for a user.
        ("servicePrincipals" | "servicePrincipalRisk", _) => true,
        // DEV-5: nothing at all is taken for an unregistered device.
        ("deviceState" | "compliantDevice" | "domainJoinedDevice", _) => is_silent(Column::DeviceDetail),
        // LOC-3: nothing is the unknown country.
        ("location", "countries") => true,
        // 1.7: nothing is no Global Secure Access.
        ("location", "compliant network") => is_silent(Column::IsThroughGlobalSecureAccess),
        // F9 and U10: nothing is a single factor, or a claim that nobody asked about.
        ("mfa" | "authenticationStrength" | "signInFrequency", _) => {
            matches!(attempt.mfa.rule, MfaRule::F9 | MfaRule::Nothing)
        }
        _ => false,
    }
}

#[test]
fn the_table_of_abilities_is_what_replay_does() {
    let mut source = ChaCha8Rng::seed_from_u64(20_261_005);
    let frame = random(4000, &mut source);
    let inspection = one_by_one(&frame);
    let options = Options { own_tenant: None, one_row_each: true };
    let attempts = attempt::gather(frame, &Tenant::empty().risk_detections, &options, &mut Diagnostics::default());
    // All rows are judged, and ids are in the order of the rows.
    assert_eq!((attempts.list.len(), inspection.all.rows.judged), (4000, 4000));
    for (line, ability) in ABILITIES.iter().enumerate() {
        let replayed = outcomes(&attempts, ability);
        let (mut decided, mut open) = (0, 0);
        for (place, attempt) in attempts.list.iter().enumerate() {
            let said = inspection.files[place].found.decided[line] == 1;
            let texts = || -> Vec<(&str, &str)> {
                let text =
                    |column: &Column| attempts.frame.text(*column, attempt.terminal).map(|text| (column.name(), text));
                Column::ALL.iter().filter_map(text).collect()
            };
            match (said, replayed[place]) {
                (true, true) => decided += 1,
                (false, false) => open += 1,
                (false, true) if goes_by_a_rule(ability, &attempts.frame, attempt) => open += 1,
                (true, false) => panic!("{}: replay leaves it open: {:?}", ability.title(), texts()),
                (false, true) => panic!("{}: replay decides it: {:?}", ability.title(), texts()),
            }
        }
        // A probe that never met one of the two cases would prove nothing.
        let is_one_sided = ability.is_always() || ability.decided.is_empty();
        assert!(is_one_sided || (decided > 50 && open > 50), "{}: {decided} and {open}", ability.title());
    }
}

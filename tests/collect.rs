//! The script that `collect` writes: what a person reads, and that it asks for what the replay misses and no more.
//!
//! There is no PowerShell where these tests run; a small reader checks that quotation marks and brackets close.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use ca_impact::attempt;
use ca_impact::collect;
use ca_impact::compile;
use ca_impact::diagnostic::Diagnostics;
use ca_impact::ingest::{self, MaxBadRows};
use ca_impact::policy;
use ca_impact::replay;
use ca_impact::tenant::{FACTS, Tenant};
use insta::assert_snapshot;

use crate::generator::formats::{self, Shape};
use crate::generator::world::random_world;
use crate::powershell::unclosed;
use crate::program::{Folder, done, seen};

const DEVICES_OF_A_GROUP: &str = r#"[
  {"displayName": "Block unmanaged devices, but for admin workstations", "conditions": {
    "users": {"includeGroups": ["9E6B7A52-1111-4222-8333-00000000BABE"], "excludeGroups": ["9e6b7a52-1111-4222-8333-00000000cafe"]},
    "applications": {"includeApplications": ["All"]},
    "devices": {"deviceFilter": {"mode": "exclude", "rule": "device.extensionAttribute1 -eq \"SAW\""}}},
   "grantControls": {"operator": "OR", "builtInControls": ["block"]}},
  {"displayName": "Managed devices for the same group", "conditions": {
    "users": {"includeGroups": ["9e6b7a52-1111-4222-8333-00000000babe"]},
    "applications": {"includeApplications": ["All"]}},
   "grantControls": {"operator": "OR", "builtInControls": ["compliantDevice", "domainJoinedDevice"]}}]"#;

const EVERYTHING: &str = r#"{"displayName": "Everything", "conditions": {
    "users": {"includeUsers": ["All"], "includeGroups": ["9e6b7a52-1111-4222-8333-00000000babe"],
      "excludeRoles": ["62e90394-69f5-4237-9190-012177145e10"],
      "excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest"}},
    "applications": {"includeApplications": ["Office365"]},
    "locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]},
    "signInRiskLevels": ["high"], "userRiskLevels": ["high"],
    "devices": {"deviceFilter": {"mode": "include", "rule": "device.model -startsWith \"Surface\""}}},
  "grantControls": {"operator": "AND", "builtInControls": ["mfa", "passwordChange", "compliantDevice"],
    "authenticationStrength": {"id": "9e6b7a52-1111-4222-8333-0000000000aa"},
    "termsOfUse": ["9e6b7a52-1111-4222-8333-0000000000bb", "9e6b7a52-1111-4222-8333-0000000000cc"]},
  "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#;

/// Names that would end a comment or a string, run a command, or fake the end of a signed script.
const HOSTILE: &str = r##"{"displayName": "#> '\u2019\"; Remove-Item C:\\ -Recurse #\nStart-Process calc\u2028$(calc) \u00d2\u001b[31m",
  "conditions": {"users": {"includeUsers": ["All"], "includeGroups": ["'); Start-Process calc; ('", "$(calc)\nStart-Process calc"],
    "excludeRoles": ["../../../x"]}, "applications": {"includeApplications": ["'); calc"]},
    "locations": {"includeLocations": ["'); calc"]}},
  "grantControls": {"builtInControls": ["'); calc"], "termsOfUse": ["x\n'); calc"]}}"##;

fn ready() -> Folder {
    Folder::new()
        .with("devices.json", DEVICES_OF_A_GROUP)
        .with("everything.json", EVERYTHING)
        .with("it's hostile \u{d2}.json", HOSTILE)
}

fn script(folder: &Folder, arguments: &[&str]) -> String {
    let mut program = crate::program::program();
    let output = program.current_dir(folder.path("")).arg("collect").args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", seen(&output));
    String::from_utf8(output.stdout).unwrap()
}

const RISK: &[&str] = &["--policy", "template:require-mfa-for-risky-sign-ins"];

/// What stands between these words: the parts that are the same in every script are read once, in the first snapshot.
fn without_functions(script: &str) -> String {
    let (head, rest) = script.split_once("# Without this header").unwrap();
    let (functions, statements) = rest.split_once("# The policies there are,").unwrap();
    let called: Vec<&str> = functions.lines().filter(|line| line.starts_with("function ")).collect();
    format!("{head}[…]\n{}\n[…]\n# The policies there are,{statements}", called.join("\n"))
}

#[test]
fn the_script_for_the_sign_in_risk_template() {
    assert_snapshot!(script(&ready(), RISK));
}

#[test]
fn the_script_for_a_device_filter_and_groups() {
    assert_snapshot!(without_functions(&script(&ready(), &["--policy", "devices.json", "--since", "7"])));
}

#[test]
fn the_script_for_policies_that_read_everything() {
    assert_snapshot!(script(&ready(), &["--policy", "everything.json", "--policy", "devices.json"]));
}

#[test]
fn the_script_for_a_policy_that_attacks_it() {
    let script = script(&ready(), &["--policy", "it's hostile \u{d2}.json", "--quiet"]);
    let mentions: Vec<&str> = script.lines().filter(|line| line.contains("calc") || line.contains("hostile")).collect();
    assert_snapshot!(mentions.join("\n"), @r#"
    #   - #> '\u{2019}"; Remove-Item C:\ -Recurse #\u{a}Start-Process calc\u{2028}$(calc) \u{d2}\u{1b}[31m
    # Left out, since it is not the id of a group: $(calc)\u{a}start-process calc
    # Left out, since it is not the id of a group: '); start-process calc; ('
    # Left out, since it is not the id of a terms of use agreement: x\u{a}'); calc
        ('it''s hostile ' + [char]0x00d2 + '.json')
    "#);
}

#[test]
fn every_script_is_plain_ascii_in_which_quotes_and_brackets_close() {
    let folder = ready();
    for arguments in [
        RISK,
        &["--policy", "devices.json"],
        &["--policy", "everything.json"],
        &["--policy", "it's hostile \u{d2}.json", "--quiet"],
    ] {
        let script = script(&folder, arguments);
        assert_eq!(unclosed(&script), None, "{arguments:?}");
        for line in script.lines() {
            // Windows PowerShell takes a script without a mark for ANSI: nothing else may be in it.
            assert!(line.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{line}");
            assert_eq!(line, line.trim_end(), "blanks at the end");
        }
        assert!(script.ends_with("exit 1 }\n"));
    }
}

/// What is requested, and the permission that Microsoft's reference names as the least for it.
const PERMISSIONS: &[(&str, &[&str])] = &[
    ("beta/auditLogs/signIns", &["AuditLog.Read.All"]),
    ("beta/identity/conditionalAccess/policies", &["Policy.Read.All"]),
    ("v1.0/identity/conditionalAccess/namedLocations", &["Policy.Read.All"]),
    ("v1.0/groups/{0}/transitiveMembers", &["GroupMember.Read.All"]),
    ("v1.0/roleManagement/directory/roleAssignments", &["RoleManagement.Read.Directory"]),
    ("v1.0/users", &["User.Read.All"]),
    ("v1.0/reports/authenticationMethods/userRegistrationDetails", &["AuditLog.Read.All"]),
    ("v1.0/identityProtection/riskyUsers", &["IdentityRiskyUser.Read.All"]),
    ("v1.0/identityProtection/riskyUsers/{0}/history", &["IdentityRiskyUser.Read.All"]),
    ("v1.0/identityProtection/riskDetections", &["IdentityRiskEvent.Read.All"]),
    ("v1.0/devices", &["Device.Read.All"]),
    ("v1.0/policies/authenticationStrengthPolicies", &["Policy.Read.All"]),
    ("v1.0/policies/crossTenantAccessPolicy/default", &["Policy.Read.All"]),
    ("v1.0/policies/crossTenantAccessPolicy/partners", &["Policy.Read.All"]),
    ("v1.0/servicePrincipals", &["Application.Read.All"]),
    ("v1.0/identityGovernance/termsOfUse/agreements/{0}/acceptances", &["AgreementAcceptance.Read.All"]),
];

/// The requests of a script, without what they filter by.
fn requests(script: &str) -> BTreeSet<&str> {
    let starts = script.match_indices("v1.0/").chain(script.match_indices("beta/"));
    starts.map(|(at, _)| script[at..].split(['?', '\'', '"', ' ']).next().unwrap()).collect()
}

fn scopes(script: &str) -> BTreeSet<&str> {
    let (_, list) = script.split_once("$scopes = @(\n").unwrap();
    let (list, _) = list.split_once("\n)\n").unwrap();
    list.lines().filter_map(|line| line.trim().strip_prefix('\'')).map(|line| line.trim_end_matches('\'')).collect()
}

#[test]
fn a_script_asks_for_the_permissions_of_its_requests_and_for_no_other() {
    let folder = ready();
    let mut met = BTreeSet::new();
    for arguments in [RISK, &["--policy", "devices.json"], &["--policy", "everything.json"]] {
        let script = script(&folder, arguments);
        let requests = requests(&script);
        let needed = |request: &&str| {
            let known = PERMISSIONS.iter().find(|(known, _)| known == request);
            known.unwrap_or_else(|| panic!("{request} needs a permission")).1
        };
        let expected: BTreeSet<&str> = requests.iter().flat_map(needed).copied().collect();
        assert_eq!(scopes(&script), expected, "{arguments:?}");
        assert!(expected.iter().all(|scope| scope.contains(".Read.")), "{expected:?} only read");
        met.extend(requests.into_iter().map(str::to_owned));
    }
    let known: BTreeSet<String> = PERMISSIONS.iter().map(|(request, _)| (*request).to_owned()).collect();
    assert_eq!(met, known, "every request is tried here");
}

#[test]
fn a_script_only_reads_and_names_nobody_but_microsoft_graph() {
    let script = script(&ready(), &["--policy", "everything.json"]);
    assert_eq!(script.matches("Invoke-").count(), 1, "one place asks");
    assert!(script.contains("Invoke-MgGraphRequest -Method GET "));
    for word in ["POST", "PATCH", "DELETE", "https://", "http://", "ClientSecret", "Password ", "Invoke-Expression"] {
        assert!(!script.contains(word), "{word}");
    }
}

#[test]
fn the_files_that_a_script_writes_are_those_that_a_tenant_folder_holds() {
    let script = script(&ready(), &["--policy", "everything.json"]);
    let written: BTreeSet<String> = script
        .match_indices("Save-File ")
        .filter_map(|(at, found)| script[at + found.len()..].split(['\'', '"']).nth(1)?.strip_prefix("tenant/"))
        .map(|file| file.replace("$group", "<id>").replace("$role", "<id>"))
        .collect();
    let expected: BTreeSet<String> = FACTS
        .iter()
        .filter_map(|fact| fact.files.first())
        // The one list that only Microsoft has.
        .filter(|file| **file != "office365Apps.csv")
        .map(|file| (*file).to_owned())
        .collect();
    assert_eq!(written, expected);
}

/// A folder as the script leaves it: pages below each other, ids of holders, a history that could not be read.
#[test]
fn what_a_script_writes_is_read_without_a_word() {
    let row = |id: &str, time: &str| {
        format!(
            r#"{{"id":"{id}","createdDateTime":"{time}","userId":"u-{id}","userPrincipalName":"{id}@contoso.example","appId":"a1","resourceId":"r1","clientAppUsed":"Browser","isInteractive":true,"signInEventTypes":["interactiveUser"],"riskLevelDuringSignIn":"high","status":{{"errorCode":0}},"authenticationRequirement":"singleFactorAuthentication","authenticationDetails":[{{"authenticationMethod":"Password","succeeded":true,"authenticationStepRequirement":"Primary authentication"}}],"homeTenantId":"9e6b7a52-1111-4222-8333-0000000000ff","resourceTenantId":"9e6b7a52-1111-4222-8333-0000000000ff","crossTenantAccessType":"none","userType":"member","appliedConditionalAccessPolicies":[{{"id":"p1","displayName":"P","enforcedGrantControls":["Mfa"],"enforcedSessionControls":[],"result":"reportOnlyInterrupted"}}]}}"#
        )
    };
    let page = |values: &[String], next: bool| {
        let next = if next { r#""@odata.nextLink":"https://graph.microsoft.com/beta/x","# } else { "" };
        format!(
            r#"{{"@odata.context":"https://graph.microsoft.com/beta/$metadata#auditLogs/signIns",{next}"value":[{}]}}"#,
            values.join(",")
        )
    };
    let day = [
        page(&[row("s1", "2026-10-05T08:00:00Z"), row("s2", "2026-10-05T08:10:00Z")], true),
        page(&[row("s3", "2026-10-05T09:00:00Z")], false),
        String::new(),
    ];
    let history = r#"{"value":[{"id":"i","userId":"u-s1","riskLevel":"high","riskState":"atRisk","riskLastUpdatedDateTime":"2026-10-01T00:00:00Z"}]}"#;
    let unread = r#"{"userId":"u-s2","riskLevel":"hidden","riskLastUpdatedDateTime":"1970-01-01T00:00:00Z"}"#;
    let existing = r#"{"value":[{"id":"p1","displayName":"P","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}]}"#;
    let candidate = r#"{"displayName":"C","conditions":{"users":{"includeUsers":["All"],"excludeRoles":["62e90394-69f5-4237-9190-012177145e10"]},"applications":{"includeApplications":["All"]},"userRiskLevels":["high"]},"grantControls":{"operator":"OR","builtInControls":["block"]}}"#;
    let settings = "# What is not set here is unknown to the replay. Take the mark away from what you can tell.\n\
                    tenant-id = \"9e6b7a52-1111-4222-8333-0000000000ff\"\ninbound-mfa-trust = [\"9e6b7a52-1111-4222-8333-0000000000ee\", \"9e6b7a52-1111-4222-8333-0000000000ed\"]\n\
                    # break-glass = [\"00000000-0000-0000-0000-000000000000\"]\n";
    let folder = Folder::new()
        .with("candidate.json", candidate)
        .with("export/logs/interactiveUser-2026-10-05.json", day.join("\n"))
        .with("export/logs/nonInteractiveUser-2026-10-05.json", page(&[], false) + "\n")
        .with("export/logs/.ca-impact-interactiveUser-2026-10-06.json", "{\"value\":[")
        .with("export/policies.json", existing)
        .with("export/tenant/riskyUserHistory.json", format!("[]\n{history}\n{unread}\n"))
        .with("export/tenant/roles/62e90394-69f5-4237-9190-012177145e10.json", "[\"u-s3\", \"u-s9\"]\n")
        .with("export/tenant/tenant.toml", settings);
    let output = folder.run(
        "replay export/logs --policy candidate.json --existing export/policies.json --tenant export/tenant --verdicts v.ndjson --format csv",
    );
    let text = seen(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    // A day without sign-ins is worth a word, and nothing else is.
    assert_eq!(text.matches(": warning: ").count(), 1, "{text}");
    assert!(text.contains("nonInteractiveUser-2026-10-05.json: warning: no sign-ins in this file"), "{text}");
    let verdicts = String::from_utf8(folder.read("v.ndjson")).unwrap();
    let effects: BTreeMap<String, String> = verdicts
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|line| line["policy"] == "C")
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap().to_owned();
            (text("sign_in_id"), format!("{} to {}", text("effect_least"), text("effect_most")))
        })
        .collect();
    let expected = [("s1", "blocked to blocked"), ("s2", "unaffected to blocked"), ("s3", "unaffected to unaffected")];
    assert_eq!(effects, expected.map(|(id, effect)| (id.to_owned(), effect.to_owned())).into());
}

#[test]
fn the_script_exports_whatever_a_replay_without_facts_would_miss() {
    let mut settled = BTreeSet::new();
    for seed in 1..=60 {
        let world = random_world(seed, 60);
        let folder = tempfile::tempdir().unwrap();
        let write = |name: String, bytes: Vec<u8>| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, bytes).unwrap();
            path.display().to_string()
        };
        let shape = Shape::GraphLines;
        let log = write(format!("logs/{}", shape.file_name()), formats::write(shape, &world.rows));
        let policies: Vec<String> = (world.policies.iter().enumerate())
            .map(|(place, (_, policy))| write(format!("policies/{place:03}.json"), policy.to_string().into_bytes()))
            .collect();
        let options = ingest::Options { max_bad_rows: MaxBadRows::Rows(0), ..ingest::Options::default() };
        let frame = ingest::ingest(&[log], &options, &()).unwrap().frame;
        let (candidates, mut diagnostics) = policy::load(&policies).unwrap();
        let tenant = Tenant::empty();
        let options = attempt::Options { own_tenant: None, one_row_each: false };
        let attempts = attempt::gather(frame, &tenant.risk_detections, &options, &mut diagnostics);
        let plan = compile::compile(&candidates, &attempts, &tenant, &mut diagnostics);
        let mut missing: BTreeSet<&str> = BTreeSet::new();
        for rule in &plan.rules {
            for attempt in 0..attempts.list.len() {
                let judgement = replay::judge(&plan, rule, attempt);
                let sets = replay::missing(&plan, rule, attempt, &judgement);
                missing.extend(sets.flat_map(|set| plan.facts.facts(set)).map(String::as_str));
            }
        }
        let script = collect::script(&policies, &candidates, 30, &mut Diagnostics::default());
        assert_eq!(unclosed(&script), None, "seed {seed}");
        for fact in missing {
            let Some(word) = exported_as(fact) else { continue };
            assert!(script.contains(&word), "seed {seed}: a replay misses {fact}, the script does not hold `{word}`");
            settled.insert(fact.split(':').next().unwrap().to_owned());
        }
    }
    assert!(settled.len() > 10, "too few facts were missed: {settled:?}");
}

/// What a script holds that exports this fact. None: no file of a tenant folder holds it, or its id is none.
fn exported_as(fact: &str) -> Option<String> {
    let id =
        |id: &str| (id.len() == 36 && !id.contains(['<', '{', ' '])).then(|| format!("    '{}'\n", id.to_lowercase()));
    match fact {
        "riskLevelDuringSignIn" => Some("'tenant/riskDetections.json'".to_owned()),
        // Graph has no such list; what is certainly not in it can be told.
        "office365Apps" => Some("'tenant/servicePrincipals.json'".to_owned()),
        "mfa-trusted-ips" | "password-writeback" | "inbound-mfa-trust" | "inbound-device-trust" => {
            Some(fact.to_owned())
        }
        _ => match fact.split_once(':') {
            Some(("group" | "role", named)) => id(named),
            Some(_) => None,
            None => {
                FACTS.iter().find(|known| known.missing == fact).map(|known| format!("'tenant/{}'", known.files[0]))
            }
        },
    }
}

#[test]
fn a_script_goes_to_a_file_and_is_never_half_written() {
    let folder = ready();
    let arguments = "collect --policy devices.json --policy template:require-mfa-for-risky-sign-ins";
    let shown = folder.run(arguments);
    let output = folder.run(&format!("{arguments} --output export.ps1"));
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0), "{}", seen(&output));
    assert_eq!(folder.read("export.ps1"), shown.stdout);
    let mut all = String::new();
    for wrong in [
        "collect",
        "collect --policy nowhere.json",
        "collect --policy devices.json --since 31",
        "collect --policy devices.json --since 0",
        "collect --policy devices.json --output script.sh",
        "collect --policy devices.json --output nowhere/x.ps1",
    ] {
        let output = folder.run(wrong);
        assert_ne!(output.status.code(), Some(0), "{wrong}");
        assert!(output.stdout.is_empty(), "{wrong}");
        all.push_str(&format!("$ ca-impact {wrong}\n{}\n", seen(&output)));
    }
    assert_snapshot!(all);
    assert!(folder.files().iter().all(|name| !name.starts_with('.')));
}

#[test]
fn every_template_has_a_script() {
    let list = String::from_utf8(done(&["template", "list"]).stdout).unwrap();
    let names = list.lines().filter(|line| !line.contains("not available")).filter_map(|line| line.split(' ').next());
    let mut scripts = 0;
    for name in names {
        let script = String::from_utf8(done(&["collect", "--policy", &format!("template:{name}")]).stdout).unwrap();
        assert_eq!(unclosed(&script), None, "{name}");
        scripts += 1;
    }
    assert!(scripts >= 20);
}

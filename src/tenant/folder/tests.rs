//! A tenant folder as a whole: what is found, what is unknown, what is broken.

use std::collections::BTreeSet;
use std::fs;

use super::File;
use crate::domain::RiskLevel;
use crate::tenant::{FACTS, Office365Apps, Tenant, UserType};

/// Loads a folder with these files; the folder's own path is cut from what is said.
fn load(files: &[(&str, &[u8])]) -> Result<(Tenant, Vec<String>), Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let short = |text: String| text.replace(&format!("{}/", folder.path().display()), "");
    match Tenant::load(folder.path()) {
        Ok((mut tenant, diagnostics)) => {
            tenant.files = tenant.files.into_iter().map(short).collect();
            Ok((tenant, diagnostics.iter().map(|it| short(it.to_string())).collect()))
        }
        Err(errors) => Err(errors.errors.iter().map(|it| short(it.to_string())).collect()),
    }
}

#[test]
fn a_fact_that_is_not_supplied_is_unknown() {
    let (tenant, said) = load(&[]).unwrap();
    assert_eq!(tenant, Tenant::empty());
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(tenant.groups.of("g"), None);
    assert_eq!(tenant.user_risk.at("u", 0), None);
    assert_eq!((tenant.named_locations, tenant.users, tenant.devices), (None, None, None));
    assert!(tenant.strengths.combinations("00000000-0000-0000-0000-000000000004").is_some());
}

#[test]
fn every_file_finds_its_fact() {
    let marked = [b"\xef\xbb\xbf", &b"{\"value\": []}"[..]].concat();
    let files: [(&str, &[u8]); 18] = [
        ("namedLocations.json", b"{\"value\": [{\"id\": \"L\", \"ipRanges\": []}]}"),
        ("groups/G1.json", b"{\"value\": [{\"id\": \"u1\"}]}"),
        ("groups.csv", b"groupId,userId\ng2,u2\n"),
        ("roles/R1.json", &marked),
        ("roles.csv", b"roleTemplateId,userId\nr2,u1\n"),
        ("users.csv", b"id,userType,onPremisesSyncEnabled\nu1,Guest,\n"),
        ("users.json", b"[{\"id\": \"U1\", \"userType\": \"Member\"}]"),
        ("userRegistrationDetails.csv", b"userPrincipalName,isMfaCapable\na@x.de,True\n"),
        ("riskyUsers.json", b"[]"),
        ("riskyUserHistory.json", b"[]"),
        (
            "riskDetections.json",
            b"[{\"requestId\": \"q\", \"riskLevel\": \"low\", \"detectionTimingType\": \"realtime\"}]",
        ),
        ("devices.json", b"[{\"deviceId\": \"d\"}]"),
        ("authenticationStrengthPolicies.json", b"[{\"id\": \"s\", \"allowedCombinations\": [\"fido2\"]}]"),
        ("servicePrincipals.json", b"[{\"appId\": \"a\", \"appOwnerOrganizationId\": \"t\"}]"),
        ("AgreementAcceptances.json", b"[{\"agreementId\": \"t\", \"userId\": \"u1\", \"state\": \"accepted\"}]"),
        ("office365Apps.csv", b"appId,displayName\na,A\n"),
        ("tenant.toml", b"tenant-id = \"T\"\n"),
        (".DS_Store", b"\x00\x01"),
    ];
    let (tenant, said) = load(&files).unwrap();
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(tenant.files.len(), 17);
    assert!(tenant.files.is_sorted());
    assert!(tenant.named_locations.unwrap().find("l").is_some());
    assert_eq!(tenant.groups.known().collect::<Vec<_>>(), ["g1", "g2"]);
    assert_eq!(tenant.roles.of("r1"), Some(&BTreeSet::new()));
    let users = tenant.users.unwrap();
    let user = users.find("u1").unwrap();
    assert_eq!((user.user_type, user.on_premises_sync), (Some(UserType::Member), Some(false)));
    assert!(tenant.registration.unwrap().find(None, Some("A@X.de")).is_some());
    assert_eq!(tenant.user_risk.at("u1", 0), Some(RiskLevel::None));
    assert_eq!(tenant.risk_detections.realtime("Q"), Some(RiskLevel::Low));
    assert!(tenant.devices.unwrap().find("D").is_some());
    assert!(tenant.strengths.combinations("S").is_some());
    assert_eq!(tenant.service_principals.unwrap().owned_by("A"), Some("t"));
    assert!(tenant.agreements.unwrap().accepted("T", "U1", 0));
    assert_ne!(tenant.office365.unwrap(), Office365Apps::built_in());
    assert_eq!(tenant.settings.tenant_id.as_deref(), Some("t"));
}

#[test]
fn every_broken_file_is_reported_in_one_run_with_its_line() {
    let files: [(&str, &[u8]); 5] = [
        ("devices.json", b"[{\"deviceId\": \"d\"},\n{\"id\": \"x\"}]"),
        ("groups.csv", b"group,user\ng,u\n"),
        ("groups/g.json", b"{\"value\": [\n"),
        ("tenant.toml", b"\npassword-writeback = 1\n"),
        ("users.json", b"[]"),
    ];
    let errors = load(&files).unwrap_err();
    let heads: Vec<&str> = errors.iter().map(|error| error.split('\n').next().unwrap()).collect();
    assert_eq!(
        heads,
        [
            "devices.json:2: error: no `deviceId` here",
            "groups.csv:1: error: no column `groupId`",
            "groups/g.json:2: error: not JSON at column 0: the text ends within a list",
            "tenant.toml:2: error: `password-writeback` must be `true` or `false`",
        ]
    );
    assert!(errors.iter().all(|error| error.contains("\n  help: ")));
}

#[test]
fn an_unknown_file_is_a_warning_that_names_the_known_ones() {
    let (_, said) = load(&[("users.xlsx", b"x"), ("groups/g.csv", b"x"), ("deep/er/a.json", b"x")]).unwrap();
    assert_eq!(said.len(), 3);
    assert!(said[2].starts_with("users.xlsx: warning: `users.xlsx` is not a file of tenant facts: ignored\n  help: "));
    assert!(said.iter().all(|line| line.contains("known files: namedLocations.json, groups/<id>.json, groups.csv, ")));
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let errors = Tenant::load(&folder.path().join("none")).unwrap_err();
    assert_eq!(errors.errors.len(), 1);
    assert!(errors.to_string().contains("/none`: "), "{errors}");
    fs::write(folder.path().join("file"), b"").unwrap();
    let errors = Tenant::load(&folder.path().join("file")).unwrap_err();
    assert!(errors.to_string().contains("is a file, not a folder"), "{errors}");
}

#[test]
fn the_list_of_facts_and_the_files_that_are_read_agree() {
    for file in FACTS.iter().flat_map(|fact| fact.files) {
        assert!(File::named(&file.replace("<id>", "id")).is_some(), "{file}");
    }
    assert!(FACTS.windows(2).all(|pair| pair[0].name < pair[1].name), "one line a name, in their order");
    let names: BTreeSet<&str> = FACTS.iter().map(|fact| fact.missing).collect();
    assert_eq!(names.len(), FACTS.len(), "two facts share a name");
    let mut said = FACTS.iter().flat_map(|fact| fact.holds.split(':').next().unwrap().split(' '));
    assert!(said.all(|word| !word.is_empty()));
    for key in crate::tenant::settings::KEYS {
        assert!(FACTS.iter().any(|fact| fact.holds.contains(key)), "{key}");
    }
}

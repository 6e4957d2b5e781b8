//! Every lint on a bad and a good policy.

mod examples;

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::{Finding, LINTS, check};
use crate::diagnostic::Severity;
use crate::policy::{Candidate, load};
use crate::tenant::Tenant;

use examples::EXAMPLES;

/// A policy that no lint complains about; examples are patches of it.
fn sound() -> Value {
    json!({
        "displayName": "Require MFA",
        "state": "enabled",
        "conditions": {
            "users": {"includeUsers": ["All"], "excludeGroups": ["e3e00000-0000-4000-8000-000000000911"]},
            "applications": {"includeApplications": ["All"]},
            "clientAppTypes": ["all"]
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}
    })
}

/// A merge patch (RFC 7396): objects merge, anything else replaces, null removes.
fn patch(target: &mut Value, change: &Value) {
    let Value::Object(members) = change else {
        *target = change.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, value) in members {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(name);
        } else {
            patch(&mut target[name], value);
        }
    }
}

/// Findings in the sound policy with this change, in a tenant with these files.
fn findings(change: &str, facts: &[(&str, &str)]) -> Vec<Finding> {
    let mut policy = sound();
    patch(&mut policy, &serde_json::from_str(change).unwrap());
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in facts {
        let path = folder.path().join("tenant").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let tenant = match facts {
        [] => Tenant::empty(),
        _ => Tenant::load(&folder.path().join("tenant")).unwrap().0,
    };
    let path = folder.path().join("policy.json");
    fs::write(&path, serde_json::to_string_pretty(&policy).unwrap()).unwrap();
    let (candidates, _) = load(&[path.display().to_string()]).unwrap();
    let set: Vec<_> = candidates.iter().collect();
    let mut findings = check(&candidates[0], &set, &tenant);
    for finding in &mut findings {
        finding.origin.path = "policy.json".to_owned();
    }
    findings
}

#[test]
fn nothing_is_said_of_a_sound_policy() {
    assert_eq!(findings("{}", &[]), []);
}

#[test]
fn every_lint_has_a_bad_and_a_good_policy() {
    let lints: Vec<&str> = LINTS.iter().map(|lint| lint.id).collect();
    let examples: Vec<&str> = EXAMPLES.iter().map(|example| example.lint).collect();
    assert_eq!(examples, lints, "the examples stand in the order of the lints, one each");
}

#[test]
fn each_lint_finds_its_mistake_and_leaves_the_near_miss_alone() {
    for example in EXAMPLES {
        let of = |change: &str| {
            let findings = findings(change, example.facts);
            findings.into_iter().filter(|finding| finding.lint == example.lint).count()
        };
        assert_ne!(of(example.bad), 0, "{} is not found in {}", example.lint, example.bad);
        assert_eq!(of(example.good), 0, "{} is found in {}", example.lint, example.good);
    }
}

#[test]
fn what_each_lint_says() {
    let mut text = String::new();
    for example in EXAMPLES {
        for finding in findings(example.bad, example.facts).iter().filter(|finding| finding.lint == example.lint) {
            text.push_str(&format!("{finding}\n"));
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_lint_is_named_and_speaks_as_all_of_them_do() {
    let mut ids = BTreeSet::new();
    for lint in LINTS {
        assert!(lint.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", lint.id);
        assert!(ids.insert(lint.id), "{} is there twice", lint.id);
        assert!(!lint.about.ends_with('.') && !lint.rule.is_empty(), "{}", lint.id);
    }
    for example in EXAMPLES {
        for finding in findings(example.bad, example.facts) {
            assert!(!finding.message.ends_with('.') && !finding.help.ends_with('.'), "{finding}");
            assert!(finding.origin.row.is_some(), "{finding}");
            let known = |name: &str| crate::policy::spelling(name) == name;
            assert!(finding.pointer.is_empty() || finding.pointer.split('.').all(known), "{finding}");
        }
    }
}

#[test]
fn what_another_policy_of_the_set_answers_for_is_not_missing() {
    let folder = tempfile::tempdir().unwrap();
    let with = |name: &str, change: Value| {
        let mut policy = sound();
        patch(&mut policy, &change);
        let path = folder.path().join(name);
        fs::write(&path, policy.to_string()).unwrap();
        path.display().to_string()
    };
    let every_time = json!({"signInFrequency": {"frequencyInterval": "everyTime"}});
    let block = json!({"builtInControls": ["block"]});
    let paths = [
        with("1.json", json!({"conditions": {"signInRiskLevels": ["medium"]}, "sessionControls": every_time})),
        with("2.json", json!({"conditions": {"signInRiskLevels": ["high"]}, "grantControls": block})),
        with("3.json", json!({"conditions": {"clientAppTypes": ["other"]}, "grantControls": block})),
        with("4.json", json!({"conditions": {"clientAppTypes": ["exchangeActiveSync"]}, "grantControls": block})),
    ];
    let (candidates, _) = load(&paths).unwrap();
    let set: Vec<_> = candidates.iter().collect();
    let found = |candidate: usize, set: &[&Candidate]| {
        check(&candidates[candidate], set, &Tenant::empty()).iter().map(|finding| finding.lint).collect::<Vec<_>>()
    };
    for (candidate, alone) in
        [(0, "risk-levels-are-no-threshold"), (2, "legacy-clients-half-blocked"), (3, "legacy-clients-half-blocked")]
    {
        assert_eq!(found(candidate, &set[candidate..=candidate]), [alone]);
        assert_eq!(found(candidate, &set), Vec::<&str>::new());
    }
}

#[test]
fn errors_come_first_and_then_the_order_of_the_file() {
    let change = r#"{"state": "on", "grantControls": {"builtInControls": ["block", "mfa"]},
        "conditions": {"userRiskLevels": ["medium"], "users": {"excludeUsers": ["Ann"]}}}"#;
    let findings = findings(change, &[]);
    let seen: Vec<(Severity, &str)> = findings.iter().map(|finding| (finding.severity, finding.lint)).collect();
    assert_eq!(
        seen,
        [
            (Severity::Error, "not-an-id"),
            (Severity::Error, "block-with-other-controls"),
            (Severity::Warning, "risk-levels-are-no-threshold"),
            (Severity::Warning, "unknown-word"),
        ]
    );
}

#[test]
fn where_something_is_not_known_nothing_is_said() {
    for (why, change, lint) in [
        (
            "the control that the export lost may be the missing one",
            r#"{"conditions": {"userRiskLevels": ["high"]}, "grantControls": {"builtInControls": ["unknownFutureValue"]}}"#,
            "risk-not-remediated",
        ),
        (
            "nobody knows whom `All` means among roles",
            r#"{"conditions": {"users": {"excludeRoles": ["All"]}}}"#,
            "excludes-all-it-includes",
        ),
        (
            "without a complete list an id may exist",
            r#"{"conditions": {"locations": {"includeLocations": ["a0a00000-0000-4000-8000-000000000001"]}}}"#,
            "unknown-location",
        ),
        (
            "a filter that does not parse may exempt anyone or no one",
            r#"{"conditions": {"devices": {"deviceFilter": {"mode": "exclude", "rule": "device.trustType -ne"}}}}"#,
            "device-filter-exempts-unregistered",
        ),
        (
            "agents may be included by members that this program does not know",
            r#"{"conditions": {"users": {"includeUsers": ["None"]}, "agents": {"includeAgents": ["All"]}}}"#,
            "targets-no-one",
        ),
        (
            "an interval that this program does not know may need no period",
            r#"{"sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "onRisk"}}}"#,
            "sign-in-frequency-without-period",
        ),
    ] {
        let found = findings(change, &[]);
        assert!(found.iter().all(|finding| finding.lint != lint), "{why}: {found:?}");
    }
}

#[test]
fn an_emergency_account_is_looked_up_where_its_groups_are_known() {
    let account = "a0a00000-0000-4000-8000-000000000001";
    let named = format!("break-glass = [\"{account}\"]");
    let member = format!("[{{\"id\": \"{account}\"}}]");
    let (of_group, of_role) =
        ("groups/e3e00000-0000-4000-8000-000000000911.json", "roles/62e90394-69f5-4237-9190-012177145e10.json");
    let admins = r#"{"conditions": {"users": {"includeUsers": ["None"], "excludeGroups": [],
        "includeRoles": ["62e90394-69f5-4237-9190-012177145e10"]}}}"#;
    let none = "no-emergency-account-excluded";
    let some = "emergency-account-in-scope";
    for (change, facts, expected) in [
        ("{}", &[("tenant.toml", named.as_str())][..], None),
        ("{}", &[("tenant.toml", &named), (of_group, &member)], None),
        ("{}", &[("tenant.toml", &named), (of_group, "[]")], Some(some)),
        (admins, &[], Some(none)),
        (admins, &[("tenant.toml", &named)], Some(none)),
        (admins, &[("tenant.toml", &named), (of_role, &member)], Some(some)),
        (admins, &[("tenant.toml", &named), (of_role, "[]")], Some("included-groups-are-empty")),
    ] {
        let found: Vec<&str> = findings(change, facts).iter().map(|finding| finding.lint).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{change} {facts:?}");
    }
}

#[test]
fn hostile_text_reaches_no_terminal() {
    let findings = findings(r#"{"conditions": {"users": {"excludeUsers": ["\u001b[31m\u202e"]}}}"#, &[]);
    let text: String = findings.iter().map(ToString::to_string).collect();
    assert!(text.contains("\\u{1b}[31m\\u{202e}") && !text.contains('\u{1b}'), "{text}");
}

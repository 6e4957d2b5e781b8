//! The 25 examples of semantics 11.3.
#![cfg(test)]

use super::{Input, Line, Output, evaluate};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const USER: &str = "11111111-1111-1111-1111-111111111111";

fn row() -> Value {
    json!({
        "id": "a1", "createdDateTime": "2026-05-01T10:00:00Z", "userId": USER, "userPrincipalName": "u@contoso.com",
        "userType": "member", "crossTenantAccessType": "none", "homeTenantId": "own", "resourceTenantId": "own",
        "appId": "app", "appDisplayName": "App", "resourceId": "resource", "resourceDisplayName": "Resource",
        "clientAppUsed": "Browser", "isInteractive": true, "riskLevelDuringSignIn": "medium",
        "status": { "errorCode": 0 }, "authenticationRequirement": "singleFactorAuthentication",
        "authenticationDetails": [{
            "authenticationStepDateTime": "2026-05-01T10:00:00Z", "authenticationMethod": "Password",
            "succeeded": true, "authenticationStepRequirement": "Primary authentication",
        }],
        "deviceDetail": { "operatingSystem": "Windows10" },
    })
}

/// A row with some members replaced; null takes one away.
fn row_with(changes: Value) -> Value {
    let mut row = row();
    for (name, value) in changes.as_object().unwrap() {
        row[name] = value.clone();
    }
    row
}

fn policy(name: &str, condition: &str, levels: Value, grant: Value, every_time: bool) -> Value {
    let mut policy = json!({
        "displayName": name,
        "conditions": {
            "users": { "includeUsers": ["All"] }, "applications": { "includeApplications": ["All"] },
            "clientAppTypes": ["all"],
        },
        "grantControls": { "operator": "AND", "builtInControls": grant },
    });
    if !condition.is_empty() {
        policy["conditions"][condition] = levels;
    }
    if every_time {
        policy["sessionControls"] = json!({ "signInFrequency": {
            "isEnabled": true, "frequencyInterval": "everyTime",
            "authenticationType": "primaryAndSecondaryAuthentication",
        } });
    }
    policy
}

fn r() -> Value {
    policy("R", "signInRiskLevels", json!(["medium", "high"]), json!(["mfa"]), true)
}
fn r0() -> Value {
    policy("R0", "signInRiskLevels", json!(["medium", "high"]), json!(["mfa"]), false)
}
fn p() -> Value {
    policy("P", "userRiskLevels", json!(["high"]), json!(["mfa", "passwordChange"]), true)
}
fn b() -> Value {
    policy("B", "signInRiskLevels", json!(["high"]), json!(["block"]), false)
}
fn with_filter(rule: &str) -> Value {
    let mut policy = policy("filter", "", Value::Null, json!(["block"]), false);
    policy["conditions"]["devices"] = json!({ "deviceFilter": { "mode": "include", "rule": rule } });
    policy
}

fn run(rows: Vec<Value>, policies: Vec<Value>, tenant: &[(&str, Value)]) -> Output {
    let tenant: BTreeMap<String, String> = tenant
        .iter()
        .map(|(name, content)| {
            (name.to_string(), content.as_str().map(str::to_string).unwrap_or_else(|| content.to_string()))
        })
        .collect();
    evaluate(&Input { rows, policies, tenant, own_tenant: None, rows_mode: false })
}

fn registered(capable: bool) -> (&'static str, Value) {
    ("userRegistrationDetails.json", json!({ "value": [{ "id": USER, "isMfaCapable": capable }] }))
}

fn only(output: &Output) -> &Line {
    assert_eq!(output.lines.len(), 2, "one candidate and the line for all");
    &output.lines[0]
}

/// Asserts result and effect, both of them certain.
fn check(output: &Output, result: &str, effect: &str) {
    let line = only(output);
    assert_eq!((line.result_least, line.result_most), (result, result), "{line:?}");
    assert_eq!((line.effect_least, line.effect_most), (effect, effect), "{line:?}");
}

fn check_range(output: &Output, results: (&str, &str), effects: (&str, &str)) {
    let line = only(output);
    assert_eq!((line.result_least, line.result_most), results, "{line:?}");
    assert_eq!((line.effect_least, line.effect_most), effects, "{line:?}");
}

fn claim(changes: Value) -> Value {
    let mut row = row_with(changes);
    row["authenticationDetails"] = Value::Null;
    row["status"] = json!({ "errorCode": 0, "additionalDetails": "MFA requirement satisfied by claim in the token" });
    row
}

#[test]
fn example_01_password_only() {
    check(&run(vec![row()], vec![r()], &[registered(true)]), "interrupted", "challenged");
}

#[test]
fn example_02_not_capable() {
    check(&run(vec![row()], vec![r()], &[registered(false)]), "interrupted", "blocked");
}

#[test]
fn example_03_old_claim_every_time() {
    let row = claim(json!({ "riskLevelDuringSignIn": "high" }));
    check(&run(vec![row], vec![r()], &[]), "interrupted", "challenged");
}

#[test]
fn example_04_old_claim() {
    let row = claim(json!({ "riskLevelDuringSignIn": "high" }));
    check(&run(vec![row], vec![r0()], &[]), "success", "unaffected");
}

fn interrupt() -> Value {
    row_with(json!({
        "id": "a0", "createdDateTime": "2026-05-01T09:59:30Z", "originalRequestId": "a0",
        "riskLevelDuringSignIn": "high", "status": { "errorCode": 50074 }, "authenticationDetails": null,
    }))
}

#[test]
fn example_05_challenge_then_success() {
    let last = row_with(json!({
        "originalRequestId": "a0", "riskLevelDuringSignIn": "high",
        "authenticationRequirement": "multiFactorAuthentication",
    }));
    let output = run(vec![last, interrupt()], vec![r()], &[]);
    check(&output, "success", "alreadyChallenged");
    assert_eq!((only(&output).rows, only(&output).history), (2, "challengedThenSucceeded"));
}

#[test]
fn example_06_challenge_alone() {
    check(&run(vec![interrupt()], vec![r()], &[]), "interrupted", "alreadyChallenged");
}

#[test]
fn example_07_wrong_password() {
    let row = row_with(json!({ "riskLevelDuringSignIn": "high", "status": { "errorCode": 50126 } }));
    let output = run(vec![row], vec![r(), b()], &[]);
    assert_eq!((output.attempts, output.population, output.lines.len()), (1, 0, 0));
}

#[test]
fn example_08_blocked_already() {
    let row = row_with(json!({ "riskLevelDuringSignIn": "high", "status": { "errorCode": 53003 } }));
    check(&run(vec![row.clone()], vec![r()], &[]), "interrupted", "alreadyBlocked");
    check(&run(vec![row], vec![b()], &[]), "failure", "alreadyBlocked");
}

#[test]
fn example_09_offline_risk() {
    let row = row_with(json!({ "riskLevelDuringSignIn": "low", "riskLevelAggregated": "high" }));
    let output = run(vec![row], vec![r()], &[]);
    check(&output, "notApplied", "unaffected");
    assert_eq!(only(&output).not_matched, ["signInRisk"]);
}

#[test]
fn example_10_set_membership() {
    let row = row_with(json!({ "riskLevelDuringSignIn": "high" }));
    let medium = policy("medium", "signInRiskLevels", json!(["medium"]), json!(["mfa"]), false);
    check(&run(vec![row], vec![medium], &[]), "notApplied", "unaffected");
}

#[test]
fn example_11_hidden() {
    let row = row_with(json!({ "riskLevelDuringSignIn": "hidden" }));
    let output = run(vec![row], vec![r()], &[registered(true)]);
    check_range(&output, ("notApplied", "interrupted"), ("unaffected", "challenged"));
    assert_eq!(only(&output).risk_level, "unknown");
}

#[test]
fn example_12_guest_with_home_mfa() {
    let guest = json!({ "userType": "guest", "crossTenantAccessType": "b2bCollaboration", "homeTenantId": "home" });
    let output = run(vec![claim(guest.clone())], vec![r0()], &[]);
    check_range(&output, ("success", "interrupted"), ("unaffected", "challenged"));
    let trusted = [("tenant.toml", json!("inbound-mfa-trust = [\"home\"] # the partner\n"))];
    check(&run(vec![claim(guest)], vec![r0()], &trusted), "success", "unaffected");
}

#[test]
fn example_13_legacy_client() {
    let row = row_with(json!({ "clientAppUsed": "IMAP4" }));
    check(&run(vec![row], vec![r()], &[]), "failure", "blocked");
}

#[test]
fn example_14_excluded_group() {
    let mut candidate = b();
    candidate["conditions"]["users"]["excludeGroups"] = json!(["G1"]);
    let row = row_with(json!({ "riskLevelDuringSignIn": "high" }));
    let members = [("groups/g1.json", json!({ "value": [{ "id": USER.to_uppercase() }] }))];
    let output = run(vec![row], vec![candidate], &members);
    check(&output, "notApplied", "unaffected");
    assert_eq!(only(&output).not_matched, ["users"]);
}

fn high_user_risk() -> (&'static str, Value) {
    (
        "riskyUserHistory.json",
        json!([{ "id": "h1", "userId": USER, "riskLevel": "high", "riskLastUpdatedDateTime": "2026-04-30T00:00:00Z" }]),
    )
}

#[test]
fn example_15_guest_password_change() {
    let guest = json!({ "userType": "guest", "crossTenantAccessType": "b2bCollaboration", "homeTenantId": "home" });
    check(&run(vec![row_with(guest)], vec![p()], &[high_user_risk()]), "interrupted", "blocked");
}

#[test]
fn example_16_member_password_change() {
    let tenant = [
        high_user_risk(),
        registered(true),
        ("users.json", json!({ "value": [{ "id": USER, "onPremisesSyncEnabled": null }] })),
    ];
    check(&run(vec![row()], vec![p()], &tenant), "interrupted", "challenged");
}

#[test]
fn example_17_non_interactive() {
    let row = row_with(json!({
        "isInteractive": false, "clientAppUsed": "Mobile Apps and Desktop clients", "authenticationDetails": null,
        "incomingTokenType": "primaryRefreshToken",
    }));
    let output = run(vec![row], vec![r()], &[registered(true)]);
    check(&output, "interrupted", "challenged");
    assert!(!only(&output).interactive);
}

#[test]
fn example_18_fido2() {
    let row = row_with(json!({ "authenticationDetails": [{
        "authenticationStepDateTime": "2026-05-01T09:59:58Z", "authenticationMethod": "FIDO2 security key",
        "succeeded": true, "authenticationStepRequirement": "Primary authentication",
    }] }));
    check(&run(vec![row], vec![r()], &[]), "success", "unaffected");
}

#[test]
fn example_19_device_not_asked() {
    let row = row_with(json!({ "deviceDetail": { "deviceId": "", "operatingSystem": "MacOs 15.2" } }));
    let device = policy("device", "", Value::Null, json!(["compliantDevice"]), false);
    check_range(&run(vec![row], vec![device], &[]), ("success", "failure"), ("unaffected", "blocked"));
}

fn unregistered() -> Value {
    row_with(json!({ "deviceDetail": { "deviceId": "", "isCompliant": false, "operatingSystem": "Windows10" } }))
}

#[test]
fn example_20_filter_equal() {
    let output = run(vec![unregistered()], vec![with_filter("device.isCompliant -eq False")], &[]);
    check(&output, "notApplied", "unaffected");
    assert_eq!(only(&output).not_matched, ["deviceState"]);
}

#[test]
fn example_21_filter_not_equal() {
    let output = run(vec![unregistered()], vec![with_filter("device.isCompliant -ne True")], &[]);
    check(&output, "failure", "blocked");
}

#[test]
fn example_22_windows_sign_in() {
    let row = row_with(json!({ "appDisplayName": "Windows Sign In", "riskLevelDuringSignIn": "high" }));
    let output = run(vec![row], vec![r()], &[]);
    assert_eq!((output.attempts, output.lines.len()), (0, 0));
    assert_eq!(output.set_aside.values().sum::<u64>(), 1);
}

#[test]
fn example_23_dismissed() {
    let row = row_with(json!({ "riskLevelDuringSignIn": "high", "riskState": "dismissed" }));
    check(&run(vec![row], vec![r()], &[registered(true)]), "interrupted", "challenged");
}

#[test]
fn example_24_copies() {
    let first = row_with(json!({ "riskLevelDuringSignIn": "none", "__delivered": "2026-05-01T10:01:00Z" }));
    let later = row_with(json!({ "id": "A1", "__delivered": "2026-05-01T10:09:00Z" }));
    let output = run(vec![later, first], vec![r()], &[registered(true)]);
    check(&output, "interrupted", "challenged");
    assert_eq!((only(&output).rows, only(&output).risk_level), (1, "medium"));
}

#[test]
fn example_25_union() {
    let everyone = policy("R", "", Value::Null, json!(["mfa"]), false);
    let output = run(vec![row()], vec![r(), everyone], &[registered(true)]);
    let names: Vec<&str> = output.lines.iter().map(|line| line.policy.as_str()).collect();
    assert_eq!(names, ["R", "R (2)", "*"]);
    let together = &output.lines[2];
    assert_eq!((together.result_least, together.result_most), ("interrupted", "interrupted"));
    assert_eq!((together.effect_least, together.effect_most), ("challenged", "challenged"));
    assert_eq!(output.population, 1);
}

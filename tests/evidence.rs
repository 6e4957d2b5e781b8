//! How much a report rests on, and the accounts that must not be kept out.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::program::{Folder, seen};

/// A sign-in that went through, of this user on this day of October; no user is recorded for an empty one.
fn sign_in(user: &str, day: u8, risk: &str) -> Value {
    let name = if user.is_empty() { String::new() } else { format!("{user}@contoso.example") };
    json!({
        "id": format!("{user}-{day}"), "createdDateTime": format!("2026-10-{day:02}T08:00:00Z"), "userId": user,
        "userPrincipalName": name, "appId": "a1", "resourceId": "r1", "clientAppUsed": "Browser",
        "isInteractive": true, "riskLevelDuringSignIn": risk, "status": {"errorCode": 0},
        "authenticationRequirement": "singleFactorAuthentication", "homeTenantId": "t1", "resourceTenantId": "t1",
        "crossTenantAccessType": "none", "userType": "member", "deviceDetail": {"operatingSystem": "Windows10"},
    })
}

const BLOCK_RISKY: &str = r#"{"id":"11111111-0000-4000-8000-000000000001","displayName":"Block risky","conditions":{"users":{"includeUsers":["All"],"excludeGroups":["g-out"]},"applications":{"includeApplications":["All"]},"signInRiskLevels":["high"]},"grantControls":{"operator":"OR","builtInControls":["block"]}}"#;

const PHONES: &str = r#"{"displayName":"Block phones","conditions":{"users":{"includeGroups":["g-unknown"]},"applications":{"includeApplications":["All"]},"platforms":{"includePlatforms":["android"]}},"grantControls":{"operator":"OR","builtInControls":["block"]}}"#;

fn folder() -> Folder {
    let log = json!([
        sign_in("glass-seen", 5, "high"),
        sign_in("admin", 5, "high"),
        sign_in("admin", 7, "none"),
        sign_in("ann", 7, "high"),
        sign_in("glass-late", 20, "none"),
        sign_in("", 7, "none"),
    ]);
    let users: Vec<Value> = ["ann", "admin", "glass-seen", "glass-late", "glass-never", "idle-1", "idle-2", "out"]
        .iter()
        .map(|id| json!({"id": id, "userType": "Member", "externalUserState": null}))
        .collect();
    Folder::new()
        .with("log.json", log.to_string())
        .with("policies/1.json", BLOCK_RISKY)
        .with("policies/2.json", PHONES)
        .with("tenant/users.json", json!({ "value": users }).to_string())
        .with("tenant/groups.csv", "groupId,userId\ng-out,out\n")
        .with("tenant/roles.csv", "roleTemplateId,userId\nr-admin,Admin\nr-admin,glass-seen\n")
        .with(
            "tenant/tenant.toml",
            "tenant-id = \"t1\"\nbreak-glass = [\"glass-seen\", \"glass-late\", \"glass-never\"]\n\
             privileged-roles = [\"r-admin\", \"r-secret\"]\n",
        )
}

const REPLAY: &str = "replay log.json --policy policies --tenant tenant --from 2026-10-01 --to 2026-10-10 --quiet";

#[test]
fn protected_accounts_come_first_and_then_what_the_numbers_rest_on() {
    let text = seen(&folder().run(REPLAY));
    let (top, rest) = text.split_once("\nRead\n").unwrap();
    let title = top.lines().position(|line| line.starts_with('═')).unwrap();
    assert!(top.lines().nth(title + 2).unwrap().starts_with("Protected accounts"), "{top}");
    let of_candidates: Vec<&str> =
        rest.split("\nEvidence\n").skip(1).filter_map(|part| part.split("\n\n").next()).collect();
    assert_snapshot!(format!("{top}\n…\n{}", of_candidates.join("\n…\n")));
}

#[test]
fn the_same_is_in_the_json_report() {
    let output = folder().run(&format!("{REPLAY} --format json"));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema: Value = serde_json::from_str(ca_impact::report::SCHEMA).unwrap();
    let complaints: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(complaints, Vec::<String>::new());
    assert_eq!(
        report["evidence"],
        json!({
            "daysAsked": 10, "daysCovered": 2, "usersListed": 8, "attemptsWithoutUser": 1,
            "emergencyAccountsNeverSeen": [
                {"userId": "glass-late", "inLog": true},
                {"userId": "glass-never", "inLog": false},
            ],
            "rolesWithoutMembers": ["r-secret"],
        })
    );
    let counts = json!({"challenged_least": 0, "challenged_most": 0, "blocked_least": 1, "blocked_most": 1});
    let with = |mut value: Value| {
        value.as_object_mut().unwrap().extend(counts.as_object().unwrap().clone());
        value
    };
    let by = with(json!({"policy": "Block risky", "policyId": "11111111-0000-4000-8000-000000000001"}));
    assert_eq!(
        report["protected"],
        json!([
            with(json!({
                "userId": "glass-seen", "userPrincipalName": "glass-seen@contoso.example", "emergency": true,
                "roles": ["r-admin"], "candidates": [by],
            })),
            with(json!({
                "userId": "admin", "userPrincipalName": "admin@contoso.example", "emergency": false,
                "roles": ["r-admin"], "candidates": [by],
            })),
        ])
    );
    let users = |section: &Value| {
        ["usersIncluded", "usersNeverSeen", "usersUndetermined"].map(|name| section["evidence"][name].as_u64().unwrap())
    };
    // `out` is excluded; glass-late signed in, but not within the days asked for.
    assert_eq!(users(&report["candidates"][0]), [7, 4, 0]);
    assert_eq!(users(&report["candidates"][1]), [0, 0, 8]);
    assert_eq!(users(&report["combined"]), [7, 4, 1]);
    assert_eq!(
        report["candidates"][1]["evidence"]["neverExercised"],
        json!([
            {"condition": "application", "answer": "no", "unknown": 0},
            {"condition": "users", "answer": "yes", "unknown": 5},
            {"condition": "users", "answer": "no", "unknown": 5},
            {"condition": "devicePlatform", "answer": "yes", "unknown": 0},
        ])
    );
}

#[test]
fn a_limit_on_privileged_users_counts_whoever_the_report_names() {
    let folder = folder().with("tenant/roles.csv", "roleTemplateId,userId\nr-admin,admin\nr-secret,\n");
    for (limit, status) in [("blocked-privileged-users>2", 0), ("blocked-privileged-users>1", 3)] {
        let output = folder.run(&format!("{REPLAY} --fail-on {limit} --format csv"));
        assert_eq!(output.status.code(), Some(status), "{limit}: {}", seen(&output));
    }
}

#[test]
fn guests_are_counted_as_never_seen_only_where_the_folder_tells_what_kind_they_are() {
    let policy = r#"{"displayName":"Guests","conditions":{"users":{"includeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"b2bCollaborationMember"}},"applications":{"includeApplications":["All"]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}"#;
    let users = json!([
        {"id": "invited", "userType": "Member", "externalUserState": "Accepted"},
        {"id": "internal", "userType": "Member", "externalUserState": null},
        {"id": "either", "userType": "Member"},
        {"id": "guest", "userType": "Guest"},
    ]);
    let folder = folder().with("policies/1.json", policy).with("tenant/users.json", users.to_string());
    let output = folder.run("replay log.json --policy policies/1.json --tenant tenant --quiet --format json");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let evidence = &report["candidates"][0]["evidence"];
    assert_eq!(evidence["usersIncluded"], 1, "{evidence}");
    assert_eq!(evidence["usersNeverSeen"], 1, "{evidence}");
    assert_eq!(evidence["usersUndetermined"], 1, "{evidence}");
}

#[test]
fn a_registration_report_without_ids_lists_users_by_name() {
    let folder = Folder::new()
        .with("log.json", json!([sign_in("ann", 5, "none")]).to_string())
        .with("policy.json", BLOCK_RISKY.replace(",\"excludeGroups\":[\"g-out\"]", ""))
        .with(
            "tenant/userRegistrationDetails.csv",
            "userPrincipalName,isMfaCapable\nAnn@contoso.example,True\nbob@contoso.example,True\n",
        );
    let output = folder.run("replay log.json --policy policy.json --tenant tenant --quiet --format json");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["evidence"]["usersListed"], 2);
    assert_eq!(report["combined"]["evidence"]["usersIncluded"], 2);
    assert_eq!(report["combined"]["evidence"]["usersNeverSeen"], 1);
    assert_eq!(report["combined"]["evidence"]["openVerdicts"], 0);
}

#[test]
fn without_a_list_of_users_nobody_is_said_to_be_missing() {
    let folder =
        Folder::new().with("log.json", json!([sign_in("ann", 5, "none")]).to_string()).with("policy.json", BLOCK_RISKY);
    let output = folder.run("replay log.json --policy policy.json --quiet --format json --from 30d");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["evidence"]["usersListed"], Value::Null);
    assert_eq!(report["candidates"][0]["evidence"]["usersNeverSeen"], Value::Null);
    assert_eq!((&report["evidence"]["daysAsked"], &report["evidence"]["daysCovered"]), (&json!(31), &json!(1)));
    assert_eq!(report["protected"], json!([]));
}

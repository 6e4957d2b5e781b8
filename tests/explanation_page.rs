//! What a person reads of an explanation: sealed pages, errors, and hostile text.

use insta::assert_snapshot;

use crate::program::{Folder, done, seen};

/// The page of one sign-in of a sample.
fn page(sample: &str, options: &str) -> String {
    let path = |part: &str| format!("sample-data/{sample}/{part}");
    let (logs, policies, tenant) = (path("logs"), path("policies"), path("tenant"));
    let mut arguments = vec!["explain", &logs, "--policy", &policies, "--tenant", &tenant];
    arguments.extend(options.split_whitespace());
    seen(&done(&arguments))
}

#[test]
fn a_blocked_sign_in_of_the_main_sample() {
    assert_snapshot!(page("risky-sign-ins", "--effect blocked --limit 1"));
}

#[test]
fn an_undetermined_sign_in_of_the_main_sample() {
    assert_snapshot!(page("risky-sign-ins", "--effect undetermined --risk medium --limit 1"));
}

#[test]
fn sign_ins_that_were_not_judged() {
    let ids = "--sign-in 06EB40bb-9e16-5690-73eb-fc424de4db93 --sign-in 7eb532c1-9364-1b3d-6f20-a6c5b6afbcb3";
    assert_snapshot!(page("risky-sign-ins", ids));
}

#[test]
fn rows_of_one_attempt_and_copies_of_one_row_as_markdown() {
    // Asked and answered; and a record that was delivered again with another level.
    let ids = "--sign-in ea5cec30-940b-8f0d-b018-477a99fde2e9 --sign-in 004eec41-e2e7-f532-0cee-233551eae2ba";
    assert_snapshot!(page("risky-sign-ins", &format!("{ids} --format markdown")));
}

#[test]
fn a_device_that_does_not_comply_under_a_device_filter() {
    assert_snapshot!(page("devices", "--sign-in bc50bd7e-ccb1-d6bb-ce7a-1a2e8a3e94f8"));
}

#[test]
fn a_closed_country_outside_the_trusted_networks() {
    assert_snapshot!(page("locations", "--sign-in 01e181a9-8008-e3f0-ccc8-b13a28a8644c"));
}

/// A sign-in with v1.0 facts only: whether the user is a guest, and much else, is open.
const BARE: &str = r#"{"id":"s1","createdDateTime":"2026-10-05T08:00:00Z","userId":"u1","userPrincipalName":"ann@contoso.example","appId":"a1","appDisplayName":"Portal","resourceId":"r1","resourceDisplayName":"Expenses","clientAppUsed":"Browser","isInteractive":true,"ipAddress":"192.0.2.7","status":{"errorCode":0,"additionalDetails":"MFA requirement satisfied by claim in the token"},"appliedConditionalAccessPolicies":[{"id":"p1","displayName":"Everything","result":"reportOnlySuccess","enforcedGrantControls":["Mfa"],"enforcedSessionControls":[]}]}"#;

const EVERYTHING: &str = r#"{"id":"p1","displayName":"Everything","conditions":{
    "users":{"includeUsers":["All"],"includeRoles":["9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"],
        "excludeUsers":["<emergency account>"],"excludeGroups":["g-known","g-unknown"],
        "excludeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"internalGuest"}},
    "applications":{"includeApplications":["Office365","All"],"excludeApplications":["a9"],
        "includeUserActions":[],"applicationFilter":{"mode":"exclude","rule":"CustomSecurityAttribute.X -eq \"y\""}},
    "platforms":{"includePlatforms":["all"],"excludePlatforms":["iOS","android"]},
    "locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted","loc-1"]},
    "clientAppTypes":["browser","mobileAppsAndDesktopClients"],
    "signInRiskLevels":["high"],"userRiskLevels":["high"],
    "devices":{"deviceFilter":{"mode":"exclude","rule":"device.isCompliant -eq True -or device.extensionAttribute1 -in [\"SAW\", \"PAW\"]"}},
    "authenticationFlows":{"transferMethods":"deviceCodeFlow"},
    "insiderRiskLevels":"elevated","times":{"includedRanges":["Monday"]},"newThing":["x"]},
    "grantControls":{"operator":"AND","builtInControls":["mfa","compliantDevice","approvedApplication","passwordChange","shinyNew"],
        "authenticationStrength":{"id":"00000000-0000-0000-0000-000000000004"},"termsOfUse":["tou-1"],"customAuthenticationFactors":["c"]},
    "sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":4,"frequencyInterval":"timeBased"},
        "secureSignInSession":{"isEnabled":true},"persistentBrowser":{"isEnabled":true,"mode":"never"}}}"#;

#[test]
fn every_condition_and_control_has_its_words() {
    let folder = Folder::new()
        .with("log.json", BARE)
        .with("policy.json", EVERYTHING)
        .with("tenant/groups/G-Known.json", r#"{"value":[{"id":"u2"}]}"#);
    let output = folder.run("explain log.json --policy policy.json --tenant tenant --sign-in S1 --quiet");
    assert_snapshot!(seen(&output));
}

#[test]
fn a_user_action_and_an_authentication_context_are_asked_about_by_requests_of_their_own() {
    let log = BARE.replace(
        "\"isInteractive\"",
        r#""authenticationContextClassReferences":[{"id":"urn:user:registersecurityinfo","detail":"required"},{"id":"c1","detail":"previouslySatisfied"},{"id":"c2","detail":"notApplicable"}],"deviceDetail":{"deviceId":"d1","isCompliant":true,"trustType":"Hybrid Azure AD joined","operatingSystem":"Windows 11"},"isInteractive""#,
    );
    let policy = r#"{"displayName":"Actions","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeUserActions":["urn:user:registersecurityinfo"]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}"#;
    let folder = Folder::new().with("log.json", log).with("policy.json", policy);
    let output = folder.run("explain log.json --policy policy.json --format json --quiet");
    let explained: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let one = &explained["signIns"][0];
    assert_eq!(one["candidates"][0]["verdict"]["resultMost"], "notApplied");
    let bodies: Vec<String> =
        one["whatIf"].as_array().unwrap().iter().map(|request| request["body"].to_string()).collect();
    assert_snapshot!(bodies.join("\n"));
}

/// The one sign-in of a run as JSON.
fn one(folder: &Folder, options: &str) -> serde_json::Value {
    let output = folder.run(&format!("explain log.json --policy policy.json --format json --quiet {options}"));
    assert_eq!(output.status.code(), Some(0), "{}", seen(&output));
    let explained: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    explained["signIns"][0].clone()
}

fn condition<'a>(one: &'a serde_json::Value, name: &str) -> &'a serde_json::Value {
    let conditions = one["candidates"][0]["conditions"].as_array().unwrap();
    conditions.iter().find(|condition| condition["condition"] == name).unwrap()
}

#[test]
fn a_level_of_an_earlier_row_and_of_a_detection_say_where_they_come_from() {
    let risky = |id: &str, second: &str, code: &str, risk: &str| {
        BARE.replace("\"s1\"", &format!("\"{id}\",\"originalRequestId\":\"q1\",\"riskLevelDuringSignIn\":\"{risk}\""))
            .replace("08:00:00Z", &format!("08:00:{second}Z"))
            .replace("\"errorCode\":0", &format!("\"errorCode\":{code}"))
    };
    let (earlier, last) = (risky("s1", "00", "50074", "high"), risky("s2", "20", "0", "none"));
    let folder = Folder::new().with("log.json", format!("[{last},{earlier}]")).with("policy.json", EVERYTHING);
    let sibling = one(&folder, "--sign-in s1");
    assert_eq!((&sibling["signInId"], &sibling["terminal"]["row"]), (&"s2".into(), &2.into()));
    let risk = condition(&sibling, "signInRisk");
    assert_eq!((&risk["answer"], &risk["rules"][2]), (&"yes".into(), &"C31".into()));
    assert_eq!(
        (&risk["seen"][0]["from"]["number"], &risk["seen"][0]["from"]["row"]),
        (&"1".into(), &2.into()),
        "{risk}"
    );

    let hidden = risky("s1", "00", "0", "hidden");
    let detection = r#"[{"requestId":"s1","riskLevel":"high","detectionTimingType":"realtime","userId":"u1"}]"#;
    let folder = Folder::new()
        .with("log.json", hidden)
        .with("policy.json", EVERYTHING)
        .with("tenant/riskDetections.json", detection)
        .with("tenant/groups.csv", "groupId,userId\ng-unknown,U1\n");
    let detected = one(&folder, "--tenant tenant");
    let risk = condition(&detected, "signInRisk");
    assert_eq!((&risk["answer"], &risk["rules"][2]), (&"yes".into(), &"RSK-3".into()));
    assert_eq!(risk["seen"][0]["from"]["file"], "tenant/riskDetections.json");
    let parts = condition(&detected, "users")["parts"].as_array().unwrap();
    let group = parts.iter().find(|part| part["value"] == "g-unknown").unwrap();
    assert_eq!((&group["answer"], &group["from"]), (&"yes".into(), &"tenant/groups.csv".into()));
}

#[test]
fn what_recorded_rules_prove_is_said_to_come_from_them() {
    let log = BARE.replace(
        r#""result":"reportOnlySuccess""#,
        r#""result":"reportOnlySuccess","conditionsSatisfied":["application","users","location"],"includeRulesSatisfied":[{"conditionalAccessCondition":"users","ruleSatisfied":"groupId"}]"#,
    );
    let existing = EVERYTHING.replace(
        r#""includeUsers":["All"],"includeRoles":["9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"]"#,
        r#""includeGroups":["g-in"]"#,
    );
    let candidate = EVERYTHING.replace(r#""id":"p1""#, r#""id":"p2""#).replace("g-known", "g-in");
    let folder = Folder::new().with("log.json", log).with("existing.json", existing).with("policy.json", candidate);
    let explained = one(&folder, "--existing existing.json");
    let part = |name: &str, value: &str| {
        let parts = condition(&explained, name)["parts"].as_array().unwrap();
        let part = parts.iter().find(|part| part["value"] == value).unwrap();
        (part["answer"].clone(), part["from"].clone(), part["rules"].as_array().unwrap().contains(&"CON-7".into()))
    };
    let recorded = serde_json::Value::from("recorded rules of existing policies");
    assert_eq!(part("users", "g-in"), ("yes".into(), recorded.clone(), true));
    assert_eq!(part("users", "g-unknown"), ("no".into(), recorded.clone(), true));
    assert_eq!(part("location", "AllTrusted"), ("no".into(), recorded, true));
    assert_eq!(part("application", "a9"), ("no".into(), serde_json::Value::Null, false));
}

#[test]
fn the_note_on_membership_says_whether_a_file_or_the_record_answers() {
    let log = BARE.replace(
        r#""result":"reportOnlySuccess""#,
        r#""result":"reportOnlySuccess","conditionsSatisfied":["application","users"],"includeRulesSatisfied":[{"conditionalAccessCondition":"users","ruleSatisfied":"groupId"}]"#,
    );
    let existing = EVERYTHING.replace(
        r#""includeUsers":["All"],"includeRoles":["9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"]"#,
        r#""includeGroups":["g-in"]"#,
    );
    let by_record = EVERYTHING.replace(r#""id":"p1""#, r#""id":"p2""#).replace("g-known", "g-in");
    let folder = Folder::new()
        .with("log.json", log)
        .with("existing.json", existing)
        .with("policy.json", by_record)
        .with("other/policy.json", EVERYTHING.replace("g-unknown", "g-file"))
        .with("tenant/groups/g-file.json", r#"{"value":[{"id":"u2"}]}"#);
    let notes = |options: &str| {
        let output = folder.run(&format!("explain log.json --format json --quiet {options}"));
        let explained: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        explained["signIns"][0]["notes"].to_string()
    };
    let (recorded, exported) = ("what Entra recorded then; it beats the tenant folder", "that of the export");
    let of_record = notes("--policy policy.json --existing existing.json");
    assert!(of_record.contains(recorded) && !of_record.contains(exported), "{of_record}");
    let of_file = notes("--policy other/policy.json --tenant tenant");
    assert!(of_file.contains(exported) && !of_file.contains(recorded), "{of_file}");
}

#[test]
fn a_block_by_the_candidate_itself_is_not_put_on_another_policy() {
    let log = |policies: &str| {
        let (before, _) = BARE.split_once(r#""appliedConditionalAccessPolicies""#).unwrap();
        let blocked = before.replace("\"errorCode\":0", "\"errorCode\":53003");
        format!(r#"{blocked}"appliedConditionalAccessPolicies":[{policies}]}}"#)
    };
    let policy = r#"{"id":"P1","displayName":"Block","conditions":{"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]}},"grantControls":{"operator":"OR","builtInControls":["block"]}}"#;
    let (own, other) = (r#"{"id":"p1","result":"failure"}"#, r#"{"id":"p9","result":"failure"}"#);
    for (policies, expected) in [
        (String::new(), "alreadyBlocked: a policy that was on blocked it anyway"),
        (other.to_owned(), "alreadyBlocked: a policy that was on blocked it anyway"),
        (own.to_owned(), "alreadyBlocked: this policy itself, as recorded, blocked it"),
        (
            format!("{own},{other}"),
            "alreadyBlocked: policies that were on blocked it anyway; this policy itself is recorded among them",
        ),
    ] {
        let folder = Folder::new().with("log.json", log(&policies)).with("policy.json", policy);
        let one = one(&folder, "");
        let because = one["candidates"][0]["readings"][0]["most"]["because"].as_array().unwrap();
        assert_eq!(because.last().unwrap()["text"], expected, "{policies}");
    }
}

#[test]
fn what_is_open_is_not_told_as_a_fact() {
    let text = page("risky-sign-ins", "--effect undetermined --limit 9 --format markdown");
    let mut open = 0;
    for candidate in text.split("### Candidate ").skip(1) {
        let (is_open, told) = (candidate.contains("effect unaffected to "), candidate.contains("\nWhy: "));
        assert!(!is_open || !told, "{candidate}");
        let might = candidate.contains("The user might be asked for: ");
        assert!(!might || candidate.contains("Why, at the severest: "), "{candidate}");
        if candidate.contains("Conditions together: unknown") {
            assert!(candidate.contains("If the policy applies (otherwise "), "{candidate}");
            open += 1;
        }
    }
    assert!(open > 0, "{text}");
    assert!(text.contains("effect challenged to blocked"), "{text}");
}

#[test]
fn an_id_typed_twice_is_one_sign_in() {
    let folder = Folder::new().with("log.json", BARE).with("policy.json", EVERYTHING);
    let text = seen(&folder.run("explain log.json --policy policy.json --quiet --sign-in s1 --sign-in S1"));
    assert!(text.contains("1 of 1 sign-ins by id: s1."), "{text}");
}

#[test]
fn many_parts_of_a_kind_are_one_line() {
    let ids: Vec<String> = (0..9).map(|number| format!("\"g-{number}\"")).collect();
    let policy = EVERYTHING.replace(r#""g-known","g-unknown""#, &ids.join(","));
    let folder = Folder::new().with("log.json", BARE).with("policy.json", policy);
    let text = seen(&folder.run("explain log.json --policy policy.json --quiet --format markdown"));
    assert!(text.contains("- users: excludeGroups g-0, g-1, g-2 and 6 more: unknown of all 9 (C8)"), "{text}");
    // What would narrow it is named one by one.
    assert!(text.contains("- group:g-8: tenant/groups/g-8.json"), "{text}");
}

#[test]
fn the_sign_in_that_showed_mfa_is_named() {
    let text =
        page("risky-sign-ins", "--interactive not --risk medium --effect unaffected --limit 1 --format markdown");
    assert!(
        text.contains("five minutes before: sign-in ca1a9eab-796d-db50-023a-3db92b2d5bfd at 2026-10-09T12:12:20"),
        "{text}"
    );
}

#[test]
fn every_error_is_one_line_with_its_place_and_a_line_of_help() {
    let other =
        BARE.replace("\"s1\"", "\"0f3a9b1c-aaaa\",\"correlationId\":\"corr-1\"").replace("08:00:00Z", "09:00:00Z");
    let folder = Folder::new()
        .with("log.json", format!("[{BARE},{other}]"))
        .with("policy.json", EVERYTHING)
        .with("tenant/.keep", "");
    let mut all = String::new();
    for arguments in [
        "explain log.json --policy policy.json --sign-in s2",
        "explain log.json --policy policy.json --sign-in CORR-1 --sign-in U1",
        "explain log.json --policy policy.json --sign-in 0f3a9b1c-bbbb",
        "explain log.json --policy policy.json --sign-in a1",
        "explain log.json --sign-in s1",
        "explain log.json --policy policy.json --sign-in s1 --effect blocked",
        "explain log.json --policy policy.json --effect wiped",
        "explain log.json --policy policy.json --sign-in=",
        "explain log.json --policy policy.json --sign-in s2 --sign-in S2",
        "explain log.json --policy policy.json --limit 0",
        "explain log.json --policy policy.json --format csv",
        "explain log.json --policy policy.json --output why.csv",
        "explain log.json --policy policy.json --output policy.json",
        "explain log.json --policy policy.json --tenant nowhere",
        "explain nowhere.json --policy policy.json",
    ] {
        let output = folder.run(&format!("{arguments} --quiet"));
        assert_ne!(output.status.code(), Some(0), "{arguments}");
        assert!(output.stdout.is_empty(), "{arguments}: an error wrote to standard output");
        all.push_str(&format!("$ ca-impact {arguments}\n{}\n", seen(&output)));
    }
    assert_snapshot!(all);
}

#[test]
fn files_and_standard_output_say_the_same_and_an_empty_sample_says_so() {
    let folder = Folder::new().with("log.json", BARE).with("policy.json", EVERYTHING);
    let given = "explain log.json --policy policy.json --quiet";
    for (format, file) in [("json", "why.json"), ("markdown", "why.md")] {
        let output = folder.run(&format!("{given} --format {format} --output {file}"));
        assert_eq!(output.stdout, folder.read(file), "{format}");
    }
    let text = seen(&folder.run(&format!("{given} --effect alreadyBlocked")));
    assert!(text.contains("No attempts in scope with effect alreadyBlocked"), "{text}");
    // What is asked for by its id is explained whatever the scope.
    let text = seen(&folder.run(&format!("{given} --user nobody --sign-in s1")));
    assert!(text.contains("Sign-in s1: "), "{text}");
    assert!(seen(&folder.run(&format!("{given} --user nobody"))).contains("No attempts in scope"), "{text}");
}

#[test]
fn hostile_text_reaches_no_reader_as_more_than_text() {
    let hostile = r"\u001b[31mred\u202e|<script>`x`\n# [click](https://evil.example)";
    let log = BARE
        .replace("ann@contoso.example", hostile)
        .replace("\"Portal\"", &format!("\"{hostile}\""))
        .replace("192.0.2.7", hostile)
        .replace("\"r1\"", "\"```\\n```\"");
    let policy = EVERYTHING.replace("\"Everything\"", &format!("\"{hostile}\"")).replace("g-unknown", hostile);
    let folder = Folder::new().with("log.json", log).with("policy.json", policy);
    for format in ["table", "markdown", "json"] {
        let output = folder.run(&format!("explain log.json --policy policy.json --quiet --format {format}"));
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{format}: {text}");
        if format == "markdown" {
            let (before, rest) = text.split_once("\n````json\n").expect("a fence longer than what is inside");
            let (body, after) = rest.split_once("\n````\n").unwrap();
            assert!(!before.contains("<script>") && !after.contains("<script>"), "{text}");
            assert!(!before.contains("\n# [click]") && before.contains(r"\[click\]"), "{text}");
            let body: serde_json::Value = serde_json::from_str(body).unwrap();
            assert!(body["signInConditions"]["ipAddress"].as_str().unwrap().contains('\u{1b}'), "{body}");
        }
    }
}

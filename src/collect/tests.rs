//! What is needed is exported, what is not is not asked for, and no permission comes without a use.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::export::{Statement, export};
use super::reads::Reads;
use super::script;
use crate::compile::device_filter::Attribute;
use crate::diagnostic::{Diagnostics, Origin};
use crate::policy::{Candidate, Written};
use crate::tenant::FACTS;
use crate::tenant::FactName::{self, *};

const ID: &str = "11111111-2222-3333-4444-55555555AAAA";

fn candidate(policy: Value) -> Candidate {
    Candidate {
        name: policy["displayName"].as_str().unwrap_or("policy").to_owned(),
        id: String::new(),
        policy: serde_json::from_value(policy).unwrap(),
        origin: Origin::file("policy.json"),
        sha256: String::new(),
        written: Written::default(),
    }
}

fn reads(policy: Value) -> Reads {
    Reads::of(&[candidate(policy)], &mut Diagnostics::default())
}

fn exported(policy: Value) -> Vec<FactName> {
    let reads = reads(policy);
    FACTS.iter().map(|fact| fact.name).filter(|name| export(*name, &reads).is_some()).collect()
}

#[test]
fn a_fact_is_exported_if_and_only_if_a_policy_reads_it() {
    let conditions =
        |conditions: Value| json!({"conditions": conditions, "grantControls": {"builtInControls": ["block"]}});
    let users = |users: Value| conditions(json!({"users": users}));
    let controls = |controls: &[&str]| json!({"conditions": {}, "grantControls": {"builtInControls": controls}});
    let risky = |risk: &str, controls: &[&str]| json!({"conditions": {risk: ["high"]}, "grantControls": {"builtInControls": controls}});
    let strength = |id: &str| json!({"conditions": {}, "grantControls": {"authenticationStrength": {"id": id}}});
    let filter = |rule: &str| conditions(json!({"devices": {"deviceFilter": {"mode": "include", "rule": rule}}}));
    let locations =
        |token: &str| conditions(json!({"locations": {"includeLocations": ["All"], "excludeLocations": [token]}}));
    let apps = |token: &str| conditions(json!({"applications": {"includeApplications": [token]}}));
    let every_time = json!({"isEnabled": true, "frequencyInterval": "everyTime"});
    for (policy, expected) in [
        (conditions(json!({"clientAppTypes": ["other"], "platforms": {"includePlatforms": ["iOS"]}})), &[][..]),
        (users(json!({"includeUsers": ["All"], "excludeUsers": [ID]})), &[]),
        (users(json!({"includeUsers": ["All"], "excludeGroups": [ID]})), &[Groups]),
        (users(json!({"includeRoles": [ID]})), &[Roles]),
        (users(json!({"includeUsers": ["GuestsOrExternalUsers"]})), &[Users]),
        (users(json!({"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest"}})), &[Users]),
        (apps("All"), &[]),
        (apps("MicrosoftAdminPortals"), &[]),
        (apps("Office365"), &[ServicePrincipals]),
        (locations("3D46dbda-8382-466a-856d-eb00cbc6b910"), &[]),
        (locations("00000000-0000-0000-0000-000000000000"), &[MfaTrustedIps]),
        (locations("AllTrusted"), &[NamedLocations, MfaTrustedIps]),
        (locations(ID), &[NamedLocations]),
        (filter("device.isCompliant -eq True -or device.trustType -eq \"ServerAD\""), &[]),
        (filter("device.isCompliant -eq True -or device.model -eq \"x\""), &[Devices]),
        (filter("device.extensionAttribute1 -eq \"SAW\""), &[Devices]),
        (filter("device.model ="), &[]),
        (conditions(json!({"deviceStates": {"includeStates": ["All"], "excludeStates": ["Compliant"]}})), &[]),
        (risky("signInRiskLevels", &["block"]), &[RiskDetections]),
        (risky("signInRiskLevels", &["mfa"]), &[Users, Registration, RiskDetections, InboundMfaTrust]),
        (risky("userRiskLevels", &["block"]), &[RiskyUserHistory, RiskyUsers]),
        (
            risky("userRiskLevels", &["passwordChange"]),
            &[Users, Registration, RiskyUserHistory, RiskyUsers, PasswordWriteback],
        ),
        (risky("userRiskLevels", &["riskRemediation"]), &[Users, Registration, RiskyUserHistory, RiskyUsers]),
        (controls(&["mfa"]), &[Users, InboundMfaTrust]),
        (controls(&["passwordChange"]), &[Users, PasswordWriteback]),
        (controls(&["compliantDevice"]), &[Users, InboundDeviceTrust]),
        (controls(&["domainJoinedDevice"]), &[Users, InboundDeviceTrust]),
        (controls(&["approvedApplication", "compliantApplication", "verifiedID", "somethingNew"]), &[]),
        (strength("00000000-0000-0000-0000-000000000002"), &[Users, InboundMfaTrust]),
        (strength("00000000-0000-0000-0000-000000000004"), &[]),
        (strength(ID), &[Strengths]),
        (
            json!({"conditions": {"signInRiskLevels": ["high"]},
                "grantControls": {"authenticationStrength": {"id": ID}}, "sessionControls": {"signInFrequency": every_time}}),
            &[Users, Registration, RiskDetections, Strengths, InboundMfaTrust],
        ),
        (json!({"conditions": {}, "sessionControls": {"signInFrequency": every_time}}), &[]),
        (json!({"conditions": {}, "grantControls": {"termsOfUse": [ID]}}), &[Agreements]),
    ] {
        let mut expected: Vec<FactName> = expected.to_vec();
        // The tenant is always named.
        expected.push(TenantId);
        expected.sort_unstable();
        assert_eq!(exported(policy.clone()), expected, "{policy}");
    }
}

#[test]
fn only_guests_are_exported_unless_passwords_are_to_be_changed() {
    let users = |control: &str| {
        let reads = reads(json!({"conditions": {}, "grantControls": {"builtInControls": [control]}}));
        match export(Users, &reads).unwrap().statement {
            Statement::Files(statement) => statement,
            Statement::Setting(line) => panic!("{line}"),
        }
    };
    assert!(users("mfa").contains("userType%20eq%20%27Guest%27"));
    assert!(!users("passwordChange").contains("$filter"));
    assert!(users("passwordChange").contains("onPremisesSyncEnabled"));
}

#[test]
fn of_trust_only_the_claims_that_a_control_asks_for_are_read() {
    for (controls, expected) in [
        (&["compliantDevice"][..], "'inbound-device-trust' 'isCompliantDeviceAccepted'\n"),
        (&["domainJoinedDevice"], "'inbound-device-trust' 'isHybridAzureADJoinedDeviceAccepted'\n"),
        (
            &["compliantDevice", "domainJoinedDevice"],
            "'inbound-device-trust' 'isCompliantDeviceAccepted', 'isHybridAzureADJoinedDeviceAccepted'\n",
        ),
    ] {
        let reads = reads(json!({"conditions": {}, "grantControls": {"builtInControls": controls}}));
        let Statement::Setting(line) = export(InboundDeviceTrust, &reads).unwrap().statement else { panic!() };
        assert!(line.ends_with(expected), "{line}");
    }
}

#[test]
fn whatever_a_device_filter_may_ask_is_in_the_export_of_devices() {
    let reads = Reads { devices: true, ..Reads::default() };
    let Statement::Files(statement) = export(Devices, &reads).unwrap().statement else { panic!() };
    let selected = statement.split("$select=").nth(1).unwrap().split('\'').next().unwrap().to_lowercase();
    let selected: BTreeSet<&str> = selected.split(',').collect();
    for attribute in Attribute::documented().chain(["deviceid", "extensionattributes"]) {
        assert!(selected.contains(attribute), "an attribute that is not exported counts as null: {attribute}");
    }
}

#[test]
fn what_is_no_id_is_told_and_kept_out_of_the_script() {
    let policy = json!({"displayName": "x", "conditions": {"users": {
        "includeGroups": ["<break-glass group>", "../../x", "';calc;'", ID, "11111111-2222-3333-4444-55555555aaaa"],
        "excludeRoles": ["11111111-2222-3333-4444-55555555aaaa0", "11111111-2222-3333-4444"]}},
        "grantControls": {"termsOfUse": ["11111111-2222-3333-4444-5555555\u{ff10}aaaa"]}});
    let mut diagnostics = Diagnostics::default();
    let script = script(&["x.json".to_owned()], &[candidate(policy)], 30, &mut diagnostics);
    let said: Vec<String> = diagnostics.iter().map(|it| it.message.clone()).collect();
    assert_eq!(said.len(), 6, "{said:?}");
    assert_eq!(said[0], "`';calc;'` is not the id of a group: it is not exported, and stays unknown");
    assert_eq!(script.matches("'11111111-2222-3333-4444-55555555").count(), 1, "{script}");
    let left_out = |line: &&str| line.contains("calc") || line.contains("break-glass group");
    let mentions: Vec<&str> = script.lines().filter(left_out).collect();
    let expected = [
        "# Left out, since it is not the id of a group: ';calc;'",
        "# Left out, since it is not the id of a group: <break-glass group>",
    ];
    assert_eq!(mentions, expected);
    assert!(!script.contains("tenant/roles") && !script.contains("acceptances"), "{script}");
}

#[test]
fn the_same_policies_give_the_same_script_in_any_order_of_ids() {
    let with = |ids: [&str; 2]| {
        let policy = json!({"displayName": "x", "conditions": {"users": {"includeGroups": ids}}});
        script(&["x.json".to_owned()], &[candidate(policy)], 7, &mut Diagnostics::default())
    };
    let other = "00000000-2222-3333-4444-555555555555";
    assert_eq!(with([ID, other]), with([other, ID]));
}

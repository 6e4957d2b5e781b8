//! Random grant and session controls.

use serde_json::{Value, json};

use super::cast::Cast;
use super::dice::Dice;

/// Words of method modes.
pub const MODES: &[&str] = &[
    "windowsHelloForBusiness",
    "fido2",
    "x509CertificateMultiFactor",
    "deviceBasedPush",
    "temporaryAccessPassOneTime",
    "temporaryAccessPassMultiUse",
    "password,microsoftAuthenticatorPush",
    "password,softwareOath",
    "password,hardwareOath",
    "password,sms",
    "password,voice",
    "password,x509CertificateSingleFactor",
    "federatedMultiFactor",
    "sms,federatedSingleFactor",
    "password",
    "hardwareOath,federatedSingleFactor",
];

/// Grant controls and session controls of one candidate.
pub fn controls(dice: &mut Dice, cast: &Cast) -> (Value, Value) {
    let grant = match dice.weighted(&[
        (26, 0),
        (8, 1),
        (6, 2),
        (12, 3),
        (14, 4),
        (14, 5),
        (6, 6),
        (4, 7),
        (4, 8),
        (6, 9),
    ]) {
        0 => grants(dice, &["mfa"], &[], &[], Value::Null),
        1 => grants(dice, &["block"], &[], &[], Value::Null),
        2 => {
            let control =
                dice.one(&["compliantDevice", "domainJoinedDevice", "approvedApplication", "compliantApplication"]);
            grants(dice, &[control], &[], &[], Value::Null)
        }
        3 => {
            let several = dice.several(
                &["mfa", "compliantDevice", "domainJoinedDevice", "approvedApplication", "compliantApplication"],
                3,
            );
            grants(dice, &several, &[], &[], Value::Null)
        }
        4 => {
            let strength = strength(dice, cast);
            let others: &[&str] =
                dice.one(&[&[] as &[&str], &[], &["compliantDevice"], &["domainJoinedDevice", "compliantDevice"]]);
            grants(dice, others, &[], &[], strength)
        }
        5 => {
            let several: &[&str] = dice.one(&[
                &["mfa", "passwordChange"] as &[&str],
                &["passwordChange"],
                &["riskRemediation"],
                &["mfa", "compliantDevice", "passwordChange"],
            ]);
            let strength = if several.contains(&"riskRemediation") { strength(dice, cast) } else { Value::Null };
            grants(dice, several, &[], &[], strength)
        }
        6 => {
            let terms = dice.several(&cast.agreements, 2);
            let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
            let others: &[&str] = dice.one(&[&[] as &[&str], &["mfa"], &["compliantDevice"]]);
            grants(dice, others, &terms, &[], Value::Null)
        }
        7 => {
            let others: &[&str] = dice.one(&[&[] as &[&str], &["mfa"]]);
            grants(dice, others, &[], &["Contoso Custom Control"], Value::Null)
        }
        8 => {
            let odd = dice.one(&["unknownFutureValue", "verifiedID", "compliantNetwork", "danceChallenge"]);
            let list: &[&str] = &[odd, "mfa"];
            let count = 1 + dice.below(2);
            grants(dice, &list[..count], &[], &[], Value::Null)
        }
        _ => match dice.below(3) {
            0 => {
                json!({"operator": "OR", "builtInControls": [], "customAuthenticationFactors": [], "termsOfUse": [], "authenticationStrength": null})
            }
            _ => Value::Null,
        },
    };
    let grant = odd_member(dice, grant);
    let percent = if grant.is_null() { 90 } else { 40 };
    let session = if dice.chance(percent) { session(dice) } else { Value::Null };
    (grant, session)
}

fn grants(dice: &mut Dice, controls: &[&str], terms: &[&str], custom: &[&str], strength: Value) -> Value {
    json!({
        "operator": dice.one(&["OR", "AND", "OR", "AND", "and", "or"]),
        "builtInControls": controls,
        "customAuthenticationFactors": custom,
        "termsOfUse": terms,
        "authenticationStrength": strength
    })
}

/// Annotations that say nothing, and, seldom, a member that we have no rule for.
fn odd_member(dice: &mut Dice, mut grant: Value) -> Value {
    if let Value::Object(members) = &mut grant {
        match dice.below(40) {
            0 => drop(members.insert("requireGoodMood".into(), true.into())),
            1..8 => drop(members.insert(
                "authenticationStrength@odata.context".into(),
                "https://graph.microsoft.com/beta/$metadata#x".into(),
            )),
            8 => drop(members.remove("termsOfUse")),
            _ => {}
        }
    }
    grant
}

/// A strength: built in, of the tenant with its content, or of the tenant and only named.
pub fn strength(dice: &mut Dice, cast: &Cast) -> Value {
    match dice.below(8) {
        0 | 1 => json!({"id": "00000000-0000-0000-0000-000000000002", "displayName": "Multifactor authentication"}),
        2 => json!({"id": "00000000-0000-0000-0000-000000000003", "displayName": "Passwordless MFA"}),
        3 | 4 => json!({
            "id": "00000000-0000-0000-0000-000000000004", "displayName": "Phishing-resistant MFA", "policyType": "builtIn",
            "requirementsSatisfied": "mfa", "allowedCombinations": ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"],
            "combinationConfigurations": []
        }),
        5 => {
            let id = dice.pick(&cast.strengths).clone();
            json!({"id": id, "displayName": "Only named"})
        }
        _ => {
            let id = dice.pick(&cast.strengths).clone();
            let mut strength = custom_strength(dice, &id);
            if dice.chance(10)
                && let Value::Object(members) = &mut strength
            {
                members.insert("requirementsSatisfied".into(), "none".into());
            }
            strength
        }
    }
}

/// A strength of the tenant as `authenticationStrengthPolicies` shows it.
pub fn custom_strength(dice: &mut Dice, id: &str) -> Value {
    let mut combinations = dice.several(MODES, 5);
    match dice.below(25) {
        0 => combinations.push("brainwave,password"),
        1 => combinations.clear(),
        _ => {}
    }
    let configurations = if dice.chance(30) {
        let on: &[&str] = if dice.chance(90) { &[combinations.first().copied().unwrap_or("fido2")] } else { &[] };
        json!([{
            "@odata.type": "#microsoft.graph.fido2CombinationConfiguration",
            "id": "cf000000-0000-4000-8000-000000000001",
            "appliesToCombinations": on,
            "allowedAAGUIDs": ["de1e552d-db1d-4423-a619-566b625cdc84"]
        }])
    } else {
        json!([])
    };
    json!({
        "id": id, "displayName": "Contoso strength", "policyType": "custom", "requirementsSatisfied": "mfa",
        "allowedCombinations": combinations, "combinationConfigurations": configurations
    })
}

fn session(dice: &mut Dice) -> Value {
    let frequency = match dice.below(10) {
        0..4 => json!({
            "isEnabled": true, "frequencyInterval": "everyTime", "type": null, "value": null,
            "authenticationType": dice.one(&["primaryAndSecondaryAuthentication", "secondaryAuthentication"])
        }),
        4 => {
            json!({"isEnabled": true, "frequencyInterval": "timeBased", "type": "hours", "value": dice.one(&[1, 4, 12]),
            "authenticationType": dice.one(&["primaryAndSecondaryAuthentication", "secondaryAuthentication"])})
        }
        5 => json!({"isEnabled": true, "type": "days", "value": dice.one(&[1, 7])}),
        6 => {
            json!({"isEnabled": true, "frequencyInterval": "timeBased", "type": "hours", "value": 1, "authenticationType": null})
        }
        7 => {
            json!({"isEnabled": false, "frequencyInterval": "everyTime", "type": null, "value": null, "authenticationType": null})
        }
        8 if dice.chance(40) => match dice.below(4) {
            0 => json!({"isEnabled": true}),
            1 => json!({"isEnabled": true, "frequencyInterval": "timeBased", "type": null, "value": null}),
            2 => json!({"isEnabled": true, "frequencyInterval": "unknownFutureValue", "type": "hours", "value": 1}),
            _ => json!({}),
        },
        _ => Value::Null,
    };
    let mut session = json!({
        "signInFrequency": frequency, "persistentBrowser": null, "cloudAppSecurity": null, "applicationEnforcedRestrictions": null,
        "secureSignInSession": null, "disableResilienceDefaults": null
    });
    let mut set = |name: &str, value: Value| {
        if let Value::Object(members) = &mut session {
            members.insert(name.to_owned(), value);
        }
    };
    match dice.below(12) {
        0 => set("secureSignInSession", json!({"isEnabled": true})),
        1 => set("secureSignInSession", json!({"isEnabled": false})),
        2 => set("persistentBrowser", json!({"isEnabled": true, "mode": "never"})),
        3 => set("cloudAppSecurity", json!({"isEnabled": true, "cloudAppSecurityType": "monitorOnly"})),
        4 => set("applicationEnforcedRestrictions", json!({"isEnabled": true})),
        5 => set("disableResilienceDefaults", json!(true)),
        6 => set("continuousAccessEvaluation", json!({"mode": "strictLocation"})),
        7 => set("blockSensitiveActions", json!({"isEnabled": true})),
        8 => set("globalSecureAccessFilteringProfile", json!({"isEnabled": true, "profileId": "b00"})),
        _ => {}
    }
    session
}

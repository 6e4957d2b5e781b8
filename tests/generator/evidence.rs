//! What a row of the random log says about how it went: code, MFA evidence, recorded policies, risk.

use serde_json::{Value, json};

use super::attempts::Scene;
use super::cast::{Cast, Existing};
use super::dice::{Dice, Spelling, stamp};
use super::record::{Record, applied, step};

/// Codes that ask for MFA, for a device or for a password change.
const ASKS: &[i64] =
    &[50072, 50074, 50076, 50078, 50079, 50097, 50127, 50129, 50135, 50142, 50158, 50161, 500_121, 70043, 70044];
/// Codes of a denial by Conditional Access.
const DENIALS: &[i64] = &[50005, 50131, 53000, 53001, 53002, 53003, 53004, 53009, 530_032, 530_036];
/// Codes of attempts whose first factor failed.
const BEFORE: &[i64] = &[16000, 50053, 50055, 50058, 50126, 50173, 700_082];

/// A sign-in risk level, or something in its place.
pub fn risk(dice: &mut Dice) -> Option<&'static str> {
    dice.weighted(&[
        (34, Some("none")),
        (14, Some("low")),
        (16, Some("medium")),
        (16, Some("high")),
        (6, Some("hidden")),
        (2, Some("unknownFutureValue")),
        (2, Some("")),
        (1, Some("severe")),
        (2, Some("High")),
        (7, None),
    ])
}

/// Writes the outcome of one row: its code, and the traces that such a code leaves.
pub fn outcome(
    dice: &mut Dice,
    cast: &Cast,
    scene: &Scene<'_>,
    record: &mut Record,
    code: i64,
    before: &[i64],
    at: i64,
) {
    let asked = before.iter().any(|code| ASKS.contains(code));
    if ASKS.contains(&code) && dice.chance(35) {
        record.set("riskLevelDuringSignIn", "none");
    } else if dice.chance(5) {
        record.record("riskLevelDuringSignIn", risk(dice));
    }
    if dice.chance(30) {
        record.record("riskLevelAggregated", risk(dice));
        record.set(
            "riskState",
            dice.one(&["none", "atRisk", "remediated", "dismissed", "confirmedSafe", "confirmedCompromised"]),
        );
        record.set(
            "riskDetail",
            dice.one(&["none", "userPassedMFADrivenByRiskBasedPolicy", "aiConfirmedSigninSafe", "hidden"]),
        );
        let kind = dice.one(&["unfamiliarFeatures", "anonymizedIPAddress", "unlikelyTravel"]);
        record.set("riskEventTypes_v2", json!([kind]));
    }
    record.set("status.errorCode", code);
    record.set("status.failureReason", if code == 0 { "Other." } else { "The generator made this row fail." });
    let details = details(dice, scene, code, asked, at);
    let demanded = asked || ASKS.contains(&code);
    let requirement = dice.weighted(&[
        (if demanded { 70 } else { 20 }, Some("multiFactorAuthentication")),
        (if demanded { 15 } else { 65 }, Some("singleFactorAuthentication")),
        (15, None),
    ]);
    record.record("authenticationRequirement", requirement);
    record.record("authenticationDetails", details);
    record.record("status.additionalDetails", additional(dice, code, demanded));
    policies(dice, cast, record, code);
}

/// The steps of this request.
fn details(dice: &mut Dice, scene: &Scene<'_>, code: i64, asked: bool, at: i64) -> Option<Vec<Value>> {
    if dice.chance(12) {
        return None;
    }
    if BEFORE.contains(&code) {
        let wrong = step(
            Some(&when(at)),
            "Password",
            "Password in the cloud",
            false,
            "Invalid username or password",
            "Primary authentication",
        );
        return Some(if dice.chance(70) { vec![wrong] } else { vec![] });
    }
    let kind = if asked && code == 0 {
        dice.weighted(&[(55, 1), (10, 0), (17, 4), (8, 2), (3, 7), (7, 6)])
    } else if scene.interactive {
        dice.weighted(&[(34, 0), (16, 1), (12, 2), (12, 3), (12, 4), (4, 5), (2, 7), (8, 6)])
    } else {
        dice.weighted(&[(45, 6), (20, 4), (20, 3), (5, 1), (5, 2), (5, 0)])
    };
    Some(match kind {
        0 => vec![password(dice, at)],
        1 => {
            let succeeded = code != 500_121 && dice.chance(92);
            vec![password(dice, at), second_factor(dice, at, succeeded)]
        }
        2 => vec![strong(dice, at)],
        3 => vec![satisfied(
            dice,
            at,
            "First factor requirement satisfied by claim in the token",
            "Primary authentication",
        )],
        4 => {
            let mut steps = vec![satisfied(
                dice,
                at,
                "First factor requirement satisfied by claim in the token",
                "Primary authentication",
            )];
            steps.push(if dice.chance(60) {
                satisfied(dice, at, "MFA requirement satisfied by claim in the token", "Multifactor authentication")
            } else {
                second_factor(dice, at, true)
            });
            steps
        }
        5 => vec![
            step(Some(&when(at)), "Federated", "", true, "", "Primary authentication"),
            satisfied(
                dice,
                at,
                "MFA requirement satisfied by claim provided by external provider",
                "Multifactor authentication",
            ),
        ],
        7 => {
            let first = if dice.chance(60) {
                step(Some(&when(at)), "Federated", "", true, "", "Primary authentication")
            } else {
                password(dice, at)
            };
            let claim = "MFA requirement satisfied by claim provided by external provider";
            let mut steps = vec![first, second_factor(dice, at, true)];
            if dice.chance(50) {
                steps.push(satisfied(dice, at, claim, "Multifactor authentication"));
            }
            steps
        }
        _ => vec![],
    })
}

fn when(at: i64) -> String {
    stamp(at, Spelling::Offset)
}

/// The time of a step: fresh, around the five minutes, old, or not recorded.
fn step_time(dice: &mut Dice, at: i64) -> Option<String> {
    const AGES: &[i64] = &[0, 2, 30, 120, 299, 300, 301, 310, 3_599, 3_601, 14_400, 90_000, 700_000];
    if dice.chance(8) {
        return None;
    }
    Some(when(at - 1000 * if dice.chance(55) { 3 } else { dice.one(AGES) }))
}

fn password(dice: &mut Dice, at: i64) -> Value {
    let time = step_time(dice, at);
    let method = dice.weighted(&[(90, "Password"), (10, "password")]);
    let detail = dice.one(&["Password in the cloud", "Password Hash Sync", "Pass-through Authentication", ""]);
    step(time.as_deref(), method, detail, dice.chance(96), "", "Primary authentication")
}

fn second_factor(dice: &mut Dice, at: i64, succeeded: bool) -> Value {
    const METHODS: &[&str] = &[
        "Mobile app notification",
        "Authenticator App",
        "Text message",
        "SMS",
        "Phone call",
        "Voice",
        "OATH verification code",
        "Mobile app verification code",
        "Software OATH token",
        "FIDO2 security key",
        "Telepathy",
    ];
    let time = step_time(dice, at);
    let method = dice.one(METHODS);
    let requirement = dice.weighted(&[(80, "Multifactor authentication"), (20, "Secondary authentication")]);
    let result = if succeeded {
        dice.one(&["MFA completed in Azure AD", ""])
    } else {
        "MFA denied; user declined the authentication"
    };
    step(time.as_deref(), method, "", succeeded, result, requirement)
}

fn strong(dice: &mut Dice, at: i64) -> Value {
    const METHODS: &[&str] = &[
        "FIDO2 security key",
        "Passkey (Microsoft Authenticator)",
        "Passkey (device-bound)",
        "Windows Hello for Business",
        "X.509 Certificate",
        "Passwordless phone sign-in",
        "Temporary Access Pass",
    ];
    let time = step_time(dice, at);
    let method = dice.one(METHODS);
    let requirement = dice.weighted(&[(75, "Primary authentication"), (25, "Multifactor authentication")]);
    step(time.as_deref(), method, "", dice.chance(94), "", requirement)
}

fn satisfied(dice: &mut Dice, at: i64, result: &str, requirement: &str) -> Value {
    let time = step_time(dice, at);
    let method = dice.weighted(&[(70, "Previously satisfied"), (30, "Satisfied by token")]);
    step(time.as_deref(), method, "", dice.chance(97), result, requirement)
}

/// `status.additionalDetails`: the texts of section 3.3 of the reference, and texts that say nothing.
fn additional(dice: &mut Dice, code: i64, demanded: bool) -> Option<&'static str> {
    const SATISFIED: &[&str] = &[
        "MFA requirement satisfied by claim in the token",
        "MFA requirement satisfied by claim provided by external provider",
        "MFA requirement satisfied by strong authentication",
        "MFA requirement satisfied by multi-factor device",
        "MFA completed in Azure AD",
        "MFA completed in Microsoft Entra ID",
        "completed in the cloud",
        "MFA requirement skipped due to remembered device",
        "mfa requirement satisfied by CLAIM in the token",
        "MFA requirement\u{a0}satisfied by claim in the token",
    ];
    const WAIVED: &[&str] = &[
        "MFA requirement skipped due to location",
        "MFA requirement skipped due to IP address",
        "MFA requirement skipped due to registered device",
        "MFA requirement skipped due to app password",
        "MFA requirement skipped due to flow type in Windows broker logon scenario",
        "MFA requirement skipped due to the phase of the moon",
        "MFA has expired due to the policies configured on tenant",
        "registration prompted",
    ];
    const FAILED: &[&str] = &[
        "MFA denied; user declined the authentication",
        "MFA denied; user did not respond to mobile app notification",
        "MFA denied; fraud code entered",
        "Redirected to external provider for MFA",
        "registration prompted",
    ];
    if dice.chance(45) {
        return dice.weighted(&[(60, None), (40, Some(""))]);
    }
    let text = if code == 0 {
        if demanded || dice.chance(60) { dice.one(SATISFIED) } else { dice.one(WAIVED) }
    } else if ASKS.contains(&code) {
        dice.one(FAILED)
    } else {
        dice.one(&["The user didn't complete the step.", "Invalid password", ""])
    };
    Some(text)
}

/// The recorded policies, and the summary word beside them.
fn policies(dice: &mut Dice, cast: &Cast, record: &mut Record, code: i64) {
    let word = if ASKS.contains(&code) || DENIALS.contains(&code) {
        dice.weighted(&[(75, "failure"), (15, "success"), (10, "notApplied")])
    } else if code == 0 {
        dice.weighted(&[(45, "success"), (50, "notApplied"), (5, "unknownFutureValue")])
    } else {
        dice.weighted(&[(70, "notApplied"), (20, "success"), (10, "failure")])
    };
    record.set("conditionalAccessStatus", word);
    let mut list: Vec<Value> = Vec::new();
    if dice.chance(65) {
        for existing in dice.several(&cast.existing, 4) {
            list.push(entry(dice, &existing, code));
        }
    }
    if dice.chance(10) {
        let grants: &[&str] = if dice.chance(60) { &["Mfa"] } else { &[] };
        let result = dice.one(&["success", "success", "failure", "notApplied"]);
        list.push(applied("SecurityDefaults", "Security Defaults", grants, &[], result, ("none", "none")));
    }
    record.set("appliedConditionalAccessPolicies", list);
}

fn entry(dice: &mut Dice, existing: &Existing, code: i64) -> Value {
    let stopped = ASKS.contains(&code) || DENIALS.contains(&code);
    let result = if BEFORE.contains(&code) && dice.chance(80) {
        dice.one(&["notApplied", "notEnabled"])
    } else if existing.report_only {
        dice.weighted(&[
            (28, "reportOnlySuccess"),
            (18, "reportOnlyFailure"),
            (28, "reportOnlyNotApplied"),
            (18, "reportOnlyInterrupted"),
            (8, "unknownFutureValue"),
        ])
    } else if stopped {
        dice.weighted(&[(50, "failure"), (20, "success"), (25, "notApplied"), (5, "notEnabled")])
    } else {
        dice.weighted(&[(50, "success"), (35, "notApplied"), (6, "failure"), (6, "notEnabled"), (3, "unknown")])
    };
    let conditions = if result.to_lowercase().contains("notapplied") {
        dice.one(&[
            ("application", "users"),
            ("application,users", "clientType"),
            ("application,users,location", "signInRisk,location"),
        ])
    } else {
        dice.one(&[("application,users", "none"), ("application,users,location", "none")])
    };
    let grants: Vec<&str> = existing.grants.clone();
    applied(&existing.id, &existing.name, &grants, &existing.sessions, result, conditions)
}

//! Grant and session controls (sections 3 and 4, C18 … C23): what each control is at its best and at its worst.

use super::Tri;
use super::attempts::Attempt;
use super::conditions::{INTUNE_ENROLLMENT, Platform, client_type, flow, is_legacy_client, platform_of};
use super::device_filter::trust_type;
use super::effects::Facts;
use super::mfa::{Readings, State, is_token, methods_used, steps_of_all_rows, user_of};
use super::rows::{Row, bool_of, fold, ids_of, micros_of, words_of};
use super::tenant::{Tenant, entry_folded, entry_text};
use super::users::is_empty;
use serde_json::Value;

/// From mild to severe (3.2); U is a range of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Sat,
    Need,
    Fail,
}

/// The two ends of a control (C18).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    pub best: Outcome,
    pub worst: Outcome,
}

fn certain(outcome: Outcome) -> Ends {
    Ends { best: outcome, worst: outcome }
}

fn unknown(worst: Outcome) -> Ends {
    Ends { best: Outcome::Sat, worst }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Block,
    Mfa,
    Strength,
    Device,
    App,
    PasswordChange,
    RiskRemediation,
    TermsOfUse,
    Custom,
    VerifiedId,
    Unreadable,
}

#[derive(Debug, Clone, Copy)]
pub struct Control {
    pub kind: Kind,
    pub ends: Ends,
}

#[derive(Debug)]
pub struct Grant {
    pub controls: Vec<Control>,
    /// `None`: several controls and no readable operator.
    pub all_of: Option<bool>,
}

fn built_in(policy: &Value) -> Vec<String> {
    words_of(&policy["grantcontrols"]["builtincontrols"])
}

pub fn wants_mfa(policy: &Value) -> bool {
    built_in(policy).iter().any(|word| word == "mfa")
}

pub fn wants_strength(policy: &Value) -> bool {
    !is_empty(&policy["grantcontrols"]["authenticationstrength"])
}

/// The grant controls of the policy for one answer to "is the user external?".
pub fn grant(facts: &Facts, policy: &Value, external: bool) -> Grant {
    let controls = &policy["grantcontrols"];
    let row = facts.attempt.terminal();
    let legacy = is_legacy_client(row);
    let mut found = Vec::new();
    for word in built_in(policy) {
        let (kind, ends) = match word.as_str() {
            "block" => (Kind::Block, certain(Outcome::Fail)),
            "mfa" => (Kind::Mfa, mfa(facts, external)),
            "compliantdevice" => (Kind::Device, compliant_device(facts, policy, external)),
            "domainjoineddevice" => (Kind::Device, joined_device(facts, external)),
            "approvedapplication" => (Kind::App, app_control(row, "requireapprovedapp", false)),
            "compliantapplication" => (Kind::App, app_control(row, "requirecompliantapp", true)),
            // 3.5: never satisfied by log evidence.
            "passwordchange" => (Kind::PasswordChange, certain(Outcome::Need)),
            "riskremediation" => (Kind::RiskRemediation, certain(Outcome::Need)),
            // CHOICE: like a custom control, a verified ID leaves no trace in a log.
            "verifiedid" => (Kind::VerifiedId, unknown(Outcome::Need)),
            // GRT-3, POL-4, C18: words not known are at worst FAIL.
            _ => (Kind::Unreadable, unknown(Outcome::Fail)),
        };
        found.push(Control { kind, ends });
    }
    // GRT-2: a strength counts as one control of the list.
    if wants_strength(policy) {
        found.push(Control {
            kind: Kind::Strength,
            ends: strength(facts, &controls["authenticationstrength"], external),
        });
    }
    for agreement in ids_of(&controls["termsofuse"]) {
        found.push(Control { kind: Kind::TermsOfUse, ends: terms_of_use(row, facts.tenant, &agreement) });
    }
    for _ in ids_of(&controls["customauthenticationfactors"]) {
        // C18: never derivable; at worst NEED.
        found.push(Control { kind: Kind::Custom, ends: unknown(Outcome::Need) });
    }
    // C17: a member that we have no rule for is an unknown control.
    // CHOICE: members directly inside `grantControls`, not inside its strength.
    let known = ["operator", "builtincontrols", "customauthenticationfactors", "termsofuse", "authenticationstrength"];
    for (key, member) in controls.as_object().into_iter().flatten() {
        if !key.contains("@odata") && !known.contains(&key.as_str()) && !is_empty(member) {
            found.push(Control { kind: Kind::Unreadable, ends: unknown(Outcome::Fail) });
        }
    }
    // 3.6, C18: a legacy client cannot answer: what would be NEED is FAIL.
    if legacy {
        for control in &mut found {
            for end in [&mut control.ends.best, &mut control.ends.worst] {
                if *end == Outcome::Need {
                    *end = Outcome::Fail;
                }
            }
        }
    }
    let all_of = match controls["operator"].as_str().map(fold).as_deref() {
        Some("and") => Some(true),
        Some("or") => Some(false),
        _ => None,
    };
    Grant { controls: found, all_of }
}

/// C19: which state satisfies `mfa`.
fn mfa(facts: &Facts, external: bool) -> Ends {
    match facts.evidence.state {
        State::Fresh => certain(Outcome::Sat),
        State::None => certain(Outcome::Need),
        State::Claim | State::ClaimOrFresh if !external || mfa_trust(facts) == Tri::Yes => certain(Outcome::Sat),
        _ => unknown(Outcome::Need),
    }
}

pub fn mfa_trust(facts: &Facts) -> Tri {
    let home = facts.attempt.terminal().folded("homeTenantId");
    Tenant::trusts(&facts.tenant.mfa_trust, home.as_deref())
}

const STRENGTH_MFA: &str = "00000000-0000-0000-0000-000000000002";

pub fn is_mfa_strength(strength: &Value) -> bool {
    entry_folded(strength, "id").as_deref() == Some(STRENGTH_MFA)
}

/// One allowed combination: its modes, and whether a combination configuration restricts it.
pub struct Combination {
    pub modes: Vec<String>,
    pub restricted: bool,
}

/// The policy's own list, else that of authenticationStrengthPolicies.json, else the built-in one of its id (1.8).
// CHOICE: what the policy itself says comes first, and what the tenant supplies before what every tenant has.
pub fn combinations(strength: &Value, tenant: &Tenant) -> Option<Vec<Combination>> {
    let id = entry_folded(strength, "id");
    let built_in: &[&str] = match id.as_deref() {
        Some("00000000-0000-0000-0000-000000000003") => {
            &["windowshelloforbusiness", "fido2", "x509certificatemultifactor", "devicebasedpush"]
        }
        Some("00000000-0000-0000-0000-000000000004") => {
            &["windowshelloforbusiness", "fido2", "x509certificatemultifactor"]
        }
        _ => &[],
    };
    let supplied = tenant.strengths.iter().flatten().find(|entry| id.is_some() && entry_folded(entry, "id") == id);
    let own = ids_of(&strength["allowedcombinations"]);
    let exported = supplied.map(|entry| ids_of(&entry["allowedcombinations"])).unwrap_or_default();
    let listed: Vec<String> = if !own.is_empty() {
        own
    } else if !exported.is_empty() {
        exported
    } else {
        built_in.iter().map(|text| text.to_string()).collect()
    };
    if listed.is_empty() {
        return None;
    }
    // CHOICE: restrictions of the policy and of the tenant's export hold side by side.
    let configurations: Vec<&Value> = [Some(strength), supplied]
        .into_iter()
        .flatten()
        .filter_map(|entry| entry["combinationconfigurations"].as_array())
        .flatten()
        .collect();
    Some(
        listed
            .iter()
            .map(|text| {
                let modes: Vec<String> = text.split(',').map(fold).filter(|mode| !mode.is_empty()).collect();
                // C32: a configuration on a mode: that combination is at best U.
                // CHOICE: a configuration that does not say to which combinations it applies restricts all.
                let restricted = configurations.iter().any(|configuration| {
                    let applies = words_of(&configuration["appliestocombinations"]);
                    applies.is_empty() || applies.iter().any(|mode| modes.contains(mode))
                });
                Combination { modes, restricted }
            })
            .collect(),
    )
}

/// 1.8: the method modes.
const MODES: [&str; 17] = [
    "password",
    "voice",
    "hardwareoath",
    "softwareoath",
    "sms",
    "fido2",
    "windowshelloforbusiness",
    "microsoftauthenticatorpush",
    "devicebasedpush",
    "temporaryaccesspassonetime",
    "temporaryaccesspassmultiuse",
    "email",
    "x509certificatesinglefactor",
    "x509certificatemultifactor",
    "federatedsinglefactor",
    "federatedmultifactor",
    "qrcodepin",
];

/// Whether these modes hold a whole combination; one with a configuration is at best U (C32).
pub fn best_held(modes: &[&str], combinations: &[Combination]) -> Tri {
    let held = combinations.iter().map(|one| {
        // CHOICE: nobody knows what gives a mode that is not in the list of 1.8.
        if one.modes.iter().any(|mode| !MODES.contains(&mode.as_str())) {
            Tri::Unknown
        } else if one.modes.iter().all(|mode| modes.contains(&mode.as_str())) {
            if one.restricted { Tri::Unknown } else { Tri::Yes }
        } else {
            Tri::No
        }
    });
    held.max().unwrap_or(Tri::No)
}

/// C20.
fn strength(facts: &Facts, strength: &Value, external: bool) -> Ends {
    if is_mfa_strength(strength) {
        return mfa(facts, external);
    }
    match facts.evidence.state {
        State::None => certain(Outcome::Need),
        State::Fresh => match combinations(strength, facts.tenant) {
            None => unknown(Outcome::Need),
            Some(combinations) => match methods_hold(&methods_used(facts.attempt), &combinations) {
                Tri::Yes => certain(Outcome::Sat),
                Tri::Unknown => unknown(Outcome::Need),
                Tri::No => certain(Outcome::Need),
            },
        },
        _ => unknown(Outcome::Need),
    }
}

/// T if the methods certainly used hold a combination (whichever reading is true), U if they possibly do or no
/// step is recorded, else F.
fn methods_hold(used: &[Readings], combinations: &[Combination]) -> Tri {
    if used.is_empty() || used.iter().any(Vec::is_empty) {
        // A method that is not known may be any, unless the others already do.
        let certain: Vec<Readings> = used.iter().filter(|readings| !readings.is_empty()).cloned().collect();
        if !certain.is_empty() && methods_hold(&certain, combinations) == Tri::Yes {
            return Tri::Yes;
        }
        return Tri::Unknown;
    }
    // Every way to read the steps.
    let mut ways: Vec<Vec<&str>> = vec![Vec::new()];
    for readings in used {
        ways = ways
            .iter()
            .flat_map(|way| readings.iter().map(move |reading| [way.as_slice(), reading.as_slice()].concat()))
            .collect();
    }
    let answers: Vec<Tri> = ways.iter().map(|way| best_held(way, combinations)).collect();
    if answers.iter().all(|answer| *answer == Tri::Yes) {
        Tri::Yes
    } else if answers.iter().all(|answer| *answer == Tri::No) {
        Tri::No
    } else {
        Tri::Unknown
    }
}

// ---------------------------------------------------------------- devices (C21, C28)

/// C28: how a recorded policy with exactly this one control says that it stood.
fn recorded_device(row: &Row, word: &str) -> Option<Outcome> {
    let recorded = row.recorded_policies();
    let single = || recorded.iter().filter(|policy| policy.grants.len() == 1 && policy.grants[0] == word);
    // CHOICE: of contradicting entries the satisfied one counts.
    if single().any(|policy| policy.result == "success" || policy.result == "reportonlysuccess") {
        return Some(Outcome::Sat);
    }
    let failed = single().any(|policy| policy.result == "failure" || policy.result == "reportonlyfailure");
    (failed && row.error_code() != Some(50097)).then_some(Outcome::Fail)
}

/// C21: device code flow and legacy clients cannot show a device.
// CHOICE: only a recorded device code flow counts; both fields missing is not taken for one.
fn cannot_show_device(row: &Row) -> bool {
    flow(row, "devicecodeflow") == Tri::Yes || is_legacy_client(row)
}

/// C21: no device id.
fn without_device(row: &Row) -> Ends {
    // CHOICE: a policy asked only if it came to a result: not if it is not enabled, unknown or unreadable.
    let results = ["success", "failure", "reportonlysuccess", "reportonlyfailure", "reportonlyinterrupted"];
    let asked = row.recorded_policies().iter().any(|policy| {
        policy.grants.iter().any(|word| word == "requirecompliantdevice" || word == "requiredomainjoineddevice")
            && results.contains(&policy.result.as_str())
    });
    // CHOICE: a client of unknown type may be a browser.
    match client_type(row) {
        Some("browser") | None if !asked => unknown(Outcome::Fail),
        _ => certain(Outcome::Fail),
    }
}

/// C21: recorded values of external users: SAT only with inbound device trust given, FAIL with it denied.
fn recorded_value(facts: &Facts, value: Tri, external: bool) -> Ends {
    let value = if external {
        let home = facts.attempt.terminal().folded("homeTenantId");
        // CHOICE: a recorded value that fails, fails with any trust.
        value.and(Tenant::trusts(&facts.tenant.device_trust, home.as_deref()))
    } else {
        value
    };
    match value {
        Tri::Yes => certain(Outcome::Sat),
        Tri::Unknown => unknown(Outcome::Fail),
        Tri::No => certain(Outcome::Fail),
    }
}

fn compliant_device(facts: &Facts, policy: &Value, external: bool) -> Ends {
    let row = facts.attempt.terminal();
    // APP-13, C21. CHOICE: tested first, because the service does not ask for the control there.
    let on_all =
        ids_of(&policy["conditions"]["applications"]["includeapplications"]).iter().any(|token| token == "all");
    if on_all && row.folded("resourceId").as_deref() == Some(INTUNE_ENROLLMENT) {
        return certain(Outcome::Sat);
    }
    if cannot_show_device(row) {
        return certain(Outcome::Fail);
    }
    if let Some(outcome) = recorded_device(row, "requirecompliantdevice") {
        return certain(outcome);
    }
    if row.device_id().is_none() {
        return without_device(row);
    }
    let compliant = row.inner_bool("deviceDetail", "isCompliant").map_or(Tri::Unknown, Tri::of);
    recorded_value(facts, compliant, external)
}

fn joined_device(facts: &Facts, external: bool) -> Ends {
    let row = facts.attempt.terminal();
    if cannot_show_device(row) {
        return certain(Outcome::Fail);
    }
    if let Some(outcome) = recorded_device(row, "requiredomainjoineddevice") {
        return certain(outcome);
    }
    // C21: a platform known not to be Windows. CHOICE: "none of the platforms" is known not to be Windows.
    if !matches!(platform_of(row), Platform::Named("windows") | Platform::Unknown) {
        return certain(Outcome::Fail);
    }
    if row.device_id().is_none() {
        return without_device(row);
    }
    let joined = trust_type(row).map_or(Tri::Unknown, |trust| Tri::of(trust == "serverad"));
    recorded_value(facts, joined, external)
}

// ---------------------------------------------------------------- apps and terms (C22)

fn app_control(row: &Row, word: &str, windows_is_open: bool) -> Ends {
    let satisfied = row.recorded_policies().iter().any(|policy| {
        policy.grants.len() == 1
            && policy.grants[0] == word
            && (policy.result == "success" || policy.result == "reportonlysuccess")
    });
    if satisfied {
        return certain(Outcome::Sat);
    }
    match platform_of(row) {
        Platform::Named("ios" | "android") | Platform::Unknown => unknown(Outcome::Fail),
        Platform::Named("windows") if windows_is_open => unknown(Outcome::Fail),
        _ => certain(Outcome::Fail),
    }
}

fn terms_of_use(row: &Row, tenant: &Tenant, agreement: &str) -> Ends {
    let (Some(acceptances), Some(user)) = (&tenant.acceptances, user_of(row)) else {
        return unknown(Outcome::Need);
    };
    let accepted = acceptances.iter().any(|entry| {
        // 3.5: accepted, and not expired where the export says when.
        let expired = entry_text(entry, "expirationdatetime")
            .and_then(|text| micros_of(&text))
            .is_some_and(|expires| expires <= row.created);
        entry_folded(entry, "agreementid").as_deref() == Some(agreement)
            && entry_folded(entry, "userid").as_deref() == Some(user.as_str())
            && entry_folded(entry, "state").as_deref() == Some("accepted")
            && !expired
    });
    certain(if accepted { Outcome::Sat } else { Outcome::Need })
}

// ---------------------------------------------------------------- session controls (4, C23)

/// A session control that is on. CHOICE: without `isEnabled` a control that holds anything is on.
fn enabled<'a>(policy: &'a Value, name: &str) -> Option<&'a Value> {
    let control = &policy["sessioncontrols"][name];
    let on = !is_empty(control) && bool_of(&control["isenabled"]) != Some(false);
    on.then_some(control)
}

pub fn is_every_time(policy: &Value) -> bool {
    enabled(policy, "signinfrequency")
        .is_some_and(|control| entry_folded(control, "frequencyinterval").as_deref() == Some("everytime"))
}

/// The newest succeeded step that is not a token: within the window → SAT, older → NEED, no step → U.
fn newest_step(attempt: &Attempt, window: i64) -> Ends {
    // CHOICE: as for F1, the steps of every row against the terminal row's time, a missing step time being fresh.
    let created = attempt.terminal().created;
    let steps: Vec<_> =
        steps_of_all_rows(attempt).into_iter().filter(|step| step.succeeded && !is_token(step)).collect();
    if steps.is_empty() {
        unknown(Outcome::Need)
    } else if steps.iter().any(|step| step.time.is_none_or(|time| created - time <= window)) {
        certain(Outcome::Sat)
    } else {
        certain(Outcome::Need)
    }
}

/// `None`: the policy has no sign-in frequency.
pub fn sign_in_frequency(facts: &Facts, policy: &Value) -> Option<Ends> {
    let control = enabled(policy, "signinfrequency")?;
    // C23: legacy clients present a password each time.
    if is_legacy_client(facts.attempt.terminal()) {
        return Some(certain(Outcome::Sat));
    }
    let secondary = entry_folded(control, "authenticationtype").as_deref() == Some("secondaryauthentication");
    Some(match entry_folded(control, "frequencyinterval").as_deref() {
        Some("everytime") if wants_mfa(policy) || wants_strength(policy) || secondary => match facts.evidence.state {
            State::Fresh => certain(Outcome::Sat),
            State::Claim | State::ClaimOrNone | State::None => certain(Outcome::Need),
            State::ClaimOrFresh | State::Unknown => unknown(Outcome::Need),
        },
        Some("everytime") => newest_step(facts.attempt, 300_000_000),
        // 1.9: a missing `frequencyInterval` is `timeBased`.
        // CHOICE: "the same with its window" is the rule of the newest step, whatever else the policy demands.
        None | Some("timebased") => {
            let value = entry_text(control, "value").and_then(|text| text.parse::<i64>().ok());
            let unit = match entry_folded(control, "type").as_deref() {
                Some("hours") => Some(3_600_000_000_i64),
                Some("days") => Some(86_400_000_000),
                _ => None,
            };
            match (value, unit) {
                (Some(value), Some(unit)) => newest_step(facts.attempt, value.saturating_mul(unit)),
                _ => unknown(Outcome::Need),
            }
        }
        Some(_) => unknown(Outcome::Need),
    })
}

/// 4.3: token protection is not interactive; it is not asked of browsers (C23).
pub fn token_protection(row: &Row, policy: &Value) -> Option<Ends> {
    enabled(policy, "securesigninsession")?;
    if client_type(row) == Some("browser") {
        return Some(certain(Outcome::Sat));
    }
    let status = row.inner("tokenProtectionStatusDetails", "signInSessionStatus").map(|text| fold(&text));
    Some(match status.as_deref() {
        Some("bound") => certain(Outcome::Sat),
        // CHOICE: a client of unknown type may be a browser.
        Some("unbound") if client_type(row).is_none() => unknown(Outcome::Fail),
        Some("unbound") => certain(Outcome::Fail),
        _ => unknown(Outcome::Fail),
    })
}

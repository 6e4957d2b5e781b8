//! Results (3.2, 5.1), ability to answer (C24), effects (C25), ranges (C26).

use super::Tri;
use super::attempts::{ASKS_FOR_MFA, ASKS_FOR_PASSWORD, Attempt};
use super::conditions::applies;
use super::controls::{
    Grant, Kind, Outcome, best_held, combinations, grant, is_every_time, is_mfa_strength, mfa_trust, sign_in_frequency,
    token_protection, wants_mfa, wants_strength,
};
use super::mfa::{Evidence, State, is_second_factor, is_strong, is_token, steps_of_all_rows, user_of};
use super::rows::{bool_of, ids_of, member, words_of};
use super::tenant::Tenant;
use super::users::{is_empty, possibly_external};
use serde_json::Value;

/// Everything a verdict rests on, for one attempt.
pub struct Facts<'a> {
    pub attempt: &'a Attempt,
    pub tenant: &'a Tenant,
    pub own_tenant: Option<&'a str>,
    pub evidence: Evidence,
    pub shown_mfa: bool,
}

/// In the order of contract section 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcomes {
    NotApplied,
    Success,
    Interrupted,
    Failure,
}

impl Outcomes {
    pub fn word(self) -> &'static str {
        match self {
            Outcomes::NotApplied => "notApplied",
            Outcomes::Success => "success",
            Outcomes::Interrupted => "interrupted",
            Outcomes::Failure => "failure",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    Unaffected,
    AlreadyChallenged,
    AlreadyBlocked,
    Challenged,
    Blocked,
}

impl Effect {
    pub fn word(self) -> &'static str {
        match self {
            Effect::Unaffected => "unaffected",
            Effect::AlreadyChallenged => "alreadyChallenged",
            Effect::AlreadyBlocked => "alreadyBlocked",
            Effect::Challenged => "challenged",
            Effect::Blocked => "blocked",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Verdict {
    pub result_least: Outcomes,
    pub result_most: Outcomes,
    pub effect_least: Effect,
    pub effect_most: Effect,
    pub not_matched: Vec<&'static str>,
    pub note: String,
}

/// The names of CON-5 in its order (those that a rule here can make false).
const CON_5: [&str; 12] = [
    "application",
    "users",
    "devicePlatform",
    "location",
    "clientType",
    "signInRisk",
    "userRisk",
    "deviceState",
    "servicePrincipals",
    "servicePrincipalRisk",
    "authenticationFlows",
    "insiderRisk",
];

impl Verdict {
    pub fn not_applied(not_matched: Vec<&'static str>) -> Verdict {
        Verdict {
            result_least: Outcomes::NotApplied,
            result_most: Outcomes::NotApplied,
            effect_least: Effect::Unaffected,
            effect_most: Effect::Unaffected,
            not_matched,
            note: String::new(),
        }
    }

    /// C27: the maximum of each of the four columns; the lists are the union.
    pub fn take_maximum(&mut self, other: &Verdict) {
        self.result_least = self.result_least.max(other.result_least);
        self.result_most = self.result_most.max(other.result_most);
        self.effect_least = self.effect_least.max(other.effect_least);
        self.effect_most = self.effect_most.max(other.effect_most);
        let both = [self.not_matched.clone(), other.not_matched.clone()].concat();
        self.not_matched = CON_5.iter().filter(|name| both.contains(name)).copied().collect();
    }

    /// A range over two readings of the facts.
    fn widen(&mut self, other: &Verdict) {
        self.result_least = self.result_least.min(other.result_least);
        self.result_most = self.result_most.max(other.result_most);
        self.effect_least = self.effect_least.min(other.effect_least);
        self.effect_most = self.effect_most.max(other.effect_most);
    }
}

pub fn verdict(facts: &Facts, policy: &Value) -> Verdict {
    let applies = applies(facts.attempt, facts.tenant, facts.own_tenant, policy);
    if applies.answer == Tri::No {
        return Verdict::not_applied(applies.not_matched); // C26
    }
    let mut found: Option<Verdict> = None;
    // C19: whether the user is external may be open: take both and give a range.
    for external in possibly_external(facts.attempt.terminal(), facts.tenant) {
        let grant = grant(facts, policy, external);
        // An operator missing with several controls: both.
        let operators = match grant.all_of {
            Some(all_of) => vec![all_of],
            None => vec![true, false],
        };
        for all_of in operators {
            let one = as_applied(facts, policy, &grant, all_of, external);
            match &mut found {
                None => found = Some(one),
                Some(range) => range.widen(&one),
            }
        }
    }
    let mut range = found.unwrap_or_else(|| Verdict::not_applied(Vec::new()));
    range.not_matched = applies.not_matched;
    if applies.answer == Tri::Unknown {
        // C26: conditions U: least is `notApplied` and `unaffected`, most as if T.
        range.result_least = Outcomes::NotApplied;
        range.effect_least = Effect::Unaffected;
    }
    // C13: report-only does not evaluate user actions; the effect is computed as if it did.
    if !ids_of(&policy["conditions"]["applications"]["includeuseractions"]).is_empty() {
        range.result_least = Outcomes::NotApplied;
        range.result_most = Outcomes::NotApplied;
    }
    range.note = format!("conditions {:?}; history {}", applies.answer, facts.attempt.history());
    range
}

/// The verdict where the conditions match.
fn as_applied(facts: &Facts, policy: &Value, grant: &Grant, all_of: bool, external: bool) -> Verdict {
    let (result_least, effect_least) = at_end(facts, policy, grant, all_of, external, false);
    let (result_most, effect_most) = at_end(facts, policy, grant, all_of, external, true);
    // C26: a reversed range of effects is swapped.
    Verdict {
        result_least,
        result_most,
        effect_least: effect_least.min(effect_most),
        effect_most: effect_least.max(effect_most),
        not_matched: Vec::new(),
        note: String::new(),
    }
}

/// What an unmet control asks for, and so which codes answer for it (C25) and who can do it (C24).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Control(Kind),
    EveryTime,
    TimeBased,
}

fn at_end(
    facts: &Facts,
    policy: &Value,
    grant: &Grant,
    all_of: bool,
    external: bool,
    worst: bool,
) -> (Outcomes, Effect) {
    let at = |ends: super::controls::Ends| if worst { ends.worst } else { ends.best };
    // 3.2: the table of one policy's controls; C18: unknown controls all at their best, or all at their worst.
    let outcomes: Vec<Outcome> = grant.controls.iter().map(|control| at(control.ends)).collect();
    let granted = if grant.controls.iter().any(|control| control.kind == Kind::Block) {
        Outcome::Fail
    } else if all_of {
        // AND: any FAIL → Failure; any NEED → Interrupted; all SAT → Success (POL-1: so is no control at all).
        outcomes.iter().copied().max().unwrap_or(Outcome::Sat)
    } else {
        // OR: any SAT → Success; any NEED → Interrupted; all FAIL → Failure.
        outcomes.iter().copied().min().unwrap_or(Outcome::Sat)
    };
    // 4.3: session controls besides.
    let frequency = sign_in_frequency(facts, policy).map_or(Outcome::Sat, at);
    let token = token_protection(facts.attempt.terminal(), policy).map_or(Outcome::Sat, at);
    let result = match granted.max(frequency).max(token) {
        Outcome::Sat => Outcomes::Success,
        Outcome::Need => Outcomes::Interrupted,
        Outcome::Fail => Outcomes::Failure,
    };

    // The unmet interactive controls at this end.
    let mut of_grant = Vec::new();
    if granted == Outcome::Need {
        for control in grant.controls.iter().filter(|control| at(control.ends) == Outcome::Need) {
            of_grant.push(Asked::Control(control.kind));
        }
    }
    let of_session =
        (frequency == Outcome::Need).then_some(if is_every_time(policy) { Asked::EveryTime } else { Asked::TimeBased });
    let effect = effect(facts, policy, result, &of_grant, of_session, all_of, external, worst);
    (result, effect)
}

/// C25.
#[allow(clippy::too_many_arguments, reason = "everything C25 looks at")]
fn effect(
    facts: &Facts,
    policy: &Value,
    result: Outcomes,
    of_grant: &[Asked],
    of_session: Option<Asked>,
    all_of: bool,
    external: bool,
    worst: bool,
) -> Effect {
    let history = facts.attempt.history();
    match result {
        Outcomes::NotApplied => Effect::Unaffected,
        Outcomes::Success => {
            let wants = wants_mfa(policy) || wants_strength(policy) || is_every_time(policy);
            let fresh = facts.evidence.state == State::Fresh;
            if wants && fresh && (history == "challengedThenSucceeded" || mfa_was_demanded(facts.attempt)) {
                Effect::AlreadyChallenged
            } else {
                Effect::Unaffected
            }
        }
        _ if history == "blockedByPolicy" => Effect::AlreadyBlocked,
        Outcomes::Failure => Effect::Blocked,
        Outcomes::Interrupted => {
            let challenged_then = history == "challengeAbandoned" || history == "challengedThenSucceeded";
            if challenged_then && every_one_was_asked(facts.attempt, of_grant, of_session, all_of) {
                return Effect::AlreadyChallenged;
            }
            match ability(facts, policy, of_grant, of_session, all_of, external) {
                Tri::Yes => Effect::Challenged,
                Tri::No => Effect::Blocked,
                Tri::Unknown if worst => Effect::Blocked,
                Tri::Unknown => Effect::Challenged,
            }
        }
    }
}

/// C25: the requirement is multifactor and a second-factor step was done by a method that is not strong by itself.
fn mfa_was_demanded(attempt: &Attempt) -> bool {
    let requirement = attempt.terminal().folded("authenticationRequirement");
    requirement.as_deref() == Some("multifactorauthentication")
        && steps_of_all_rows(attempt)
            .iter()
            .any(|step| step.succeeded && !is_token(step) && is_second_factor(step) && !is_strong(step))
}

/// C25: rows up to the terminal one asked for every unmet control (of an OR: for one of its alternatives), by kind.
fn every_one_was_asked(attempt: &Attempt, of_grant: &[Asked], of_session: Option<Asked>, all_of: bool) -> bool {
    let asked_by = |codes: &[i64]| {
        attempt.rows[..=attempt.last].iter().any(|row| row.error_code().is_some_and(|code| codes.contains(&code)))
    };
    let was_asked = |asked: &Asked| match asked {
        Asked::Control(Kind::Mfa | Kind::Strength) | Asked::EveryTime => asked_by(&ASKS_FOR_MFA),
        Asked::Control(Kind::PasswordChange | Kind::RiskRemediation) => asked_by(&ASKS_FOR_PASSWORD),
        // CHOICE: "nothing for the others" holds for a time-based frequency too.
        Asked::Control(_) | Asked::TimeBased => false,
    };
    let grant_asked =
        of_grant.is_empty() || if all_of { of_grant.iter().all(was_asked) } else { of_grant.iter().any(was_asked) };
    grant_asked && of_session.is_none_or(|asked| was_asked(&asked))
}

/// C24: all of AND, the best of OR, and every time besides. Yes able, No unable.
fn ability(
    facts: &Facts,
    policy: &Value,
    of_grant: &[Asked],
    of_session: Option<Asked>,
    all_of: bool,
    external: bool,
) -> Tri {
    let of_controls = of_grant.iter().map(|asked| ability_of(facts, policy, *asked, external));
    let of_grant = if all_of { of_controls.min() } else { of_controls.max() };
    let of_session = of_session.map(|asked| ability_of(facts, policy, asked, external));
    of_grant.unwrap_or(Tri::Yes).min(of_session.unwrap_or(Tri::Yes))
}

fn ability_of(facts: &Facts, policy: &Value, asked: Asked, external: bool) -> Tri {
    let strength = &policy["grantcontrols"]["authenticationstrength"];
    match asked {
        Asked::Control(Kind::Mfa) => mfa_ability(facts, policy, external),
        Asked::Control(Kind::Strength) if is_mfa_strength(strength) => mfa_ability(facts, policy, external),
        Asked::Control(Kind::Strength) => strength_ability(facts, policy, strength),
        Asked::Control(Kind::PasswordChange) if external => Tri::No,
        // The worse of the two.
        Asked::Control(Kind::PasswordChange) => mfa_ability(facts, policy, external).min(password_ability(facts)),
        Asked::Control(Kind::RiskRemediation) if external => Tri::No,
        Asked::Control(Kind::RiskRemediation) => mfa_ability(facts, policy, external),
        Asked::EveryTime if wants_mfa(policy) || wants_strength(policy) => mfa_ability(facts, policy, external),
        // CHOICE: to sign in again without MFA (time based, or every time without `mfa` and strength) anyone is able.
        Asked::EveryTime | Asked::TimeBased => Tri::Yes,
        // Terms, custom, verified ID: able. The others never ask.
        Asked::Control(_) => Tri::Yes,
    }
}

/// C24: sign-in or user risk configured.
fn is_risk_policy(policy: &Value) -> bool {
    let conditions = &policy["conditions"];
    !is_empty(&conditions["signinrisklevels"]) || !is_empty(&conditions["userrisklevels"])
}

fn registration<'a>(facts: &Facts<'a>) -> Option<&'a Value> {
    let row = facts.attempt.terminal();
    facts.tenant.registration_of(user_of(row).as_deref(), row.folded("userPrincipalName").as_deref())
}

/// The report's word on MFA; `None`: no report, user not in it, or (CHOICE) an entry that does not say.
fn capable(facts: &Facts) -> Option<bool> {
    let entry = registration(facts)?;
    bool_of(entry.get("ismfacapable")?)
}

fn mfa_ability(facts: &Facts, policy: &Value, external: bool) -> Tri {
    // Outside risk policies registration is offered.
    if !is_risk_policy(policy) {
        return Tri::Yes;
    }
    let capable = capable(facts);
    if capable == Some(true) || facts.shown_mfa {
        return Tri::Yes;
    }
    if external {
        return match mfa_trust(facts) {
            Tri::Yes => Tri::Yes,
            // As it says: in the report, whatever the entry says of MFA.
            Tri::No if registration(facts).is_some() => Tri::No,
            _ => Tri::Unknown,
        };
    }
    if capable == Some(false) { Tri::No } else { Tri::Unknown }
}

/// Strengths other than `…0002`.
fn strength_ability(facts: &Facts, policy: &Value, strength: &Value) -> Tri {
    if !is_risk_policy(policy) {
        return Tri::Yes;
    }
    let Some(entry) = registration(facts) else { return Tri::Unknown };
    // A cell of the CSV holds the list as JSON (FLD-1).
    let (Some(registered), Some(combinations)) =
        (member(entry, "methodsregistered"), combinations(strength, facts.tenant))
    else {
        return Tri::Unknown;
    };
    // A password is taken as registered (C34).
    let mut modes = vec!["password"];
    let mut unread = false;
    for method in words_of(&registered) {
        modes.extend(modes_of(&method));
        // CHOICE: a method that is in no list may be the one that fits. Those that only reset a password are none.
        let resets = ["email", "securityquestion"];
        unread |= modes_of(&method).is_empty() && !resets.contains(&method.as_str());
    }
    let best = best_held(&modes, &combinations);
    if unread { best.max(Tri::Unknown) } else { best }
}

/// C34: the modes that a registered method can give.
fn modes_of(method: &str) -> &'static [&'static str] {
    match method {
        "fido2"
        | "fido2securitykey"
        | "passkeydevicebound"
        | "passkeydeviceboundauthenticator"
        | "passkeydeviceboundwindowshello" => &["fido2"],
        "windowshelloforbusiness" => &["windowshelloforbusiness"],
        "x509certificatemultifactor" | "certificate" => &["x509certificatemultifactor"],
        "microsoftauthenticatorpasswordless" => &["devicebasedpush"],
        "microsoftauthenticatorpush" => &["microsoftauthenticatorpush"],
        "softwareonetimepasscode" => &["softwareoath"],
        "hardwareonetimepasscode" => &["hardwareoath"],
        "mobilephone" => &["sms", "voice"],
        "alternatemobilephone" | "officephone" => &["voice"],
        "temporaryaccesspass" => &["temporaryaccesspassonetime", "temporaryaccesspassmultiuse"],
        _ => &[],
    }
}

/// C24: can the user change the password here?
fn password_ability(facts: &Facts) -> Tri {
    if facts.tenant.password_writeback == Some(true) {
        return Tri::Yes;
    }
    let user = user_of(facts.attempt.terminal());
    let Some(synced) = user.and_then(|id| facts.tenant.user(&id)).and_then(|entry| entry.get("onpremisessyncenabled"))
    else {
        return Tri::Unknown;
    };
    match bool_of(synced) {
        Some(true) if facts.tenant.password_writeback == Some(false) => Tri::No,
        Some(true) => Tri::Unknown,
        Some(false) => Tri::Yes,
        None if is_empty(synced) => Tri::Yes,
        None => Tri::Unknown,
    }
}

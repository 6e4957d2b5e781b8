//! What the log says about MFA (3.3, 3.4, C19, C28).

use super::attempts::Attempt;
use super::rows::{Row, Step, fold, prose};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Fresh,
    Claim,
    ClaimOrFresh,
    ClaimOrNone,
    None,
    Unknown,
}

#[derive(Debug, Clone, Copy)]
pub struct Evidence {
    pub state: State,
    /// The rule that decided: F1 … F9, C28, or empty.
    pub rule: &'static str,
}

const FIVE_MINUTES: i64 = 300_000_000;

pub fn evidence_of_all(attempts: &[Attempt]) -> Vec<Evidence> {
    let direct: Vec<Option<Evidence>> = attempts.iter().map(before_sessions).collect();
    attempts
        .iter()
        .zip(&direct)
        .map(|(attempt, decided)| match decided {
            Some(evidence) => *evidence,
            None => by_session(attempt, attempts, &direct).unwrap_or_else(|| by_default(attempt)),
        })
        .collect()
}

/// F6, F1, F4, F2, F3, C28, F5, F7, in this order.
fn before_sessions(attempt: &Attempt) -> Option<Evidence> {
    let evidence = |state, rule| Some(Evidence { state, rule });
    let row = attempt.terminal();
    let code = row.error_code();
    let requirement = row.folded("authenticationRequirement");
    let multifactor = requirement.as_deref() == Some("multifactorauthentication");

    // F6: the row is itself an MFA interrupt.
    if code.is_some_and(|code| [50074, 50076, 50079, 50072, 50078, 50158, 500121].contains(&code)) {
        return evidence(State::None, "F6");
    }
    // F1 (C19): the steps of every row of the attempt, against the terminal row's time; a missing step time is fresh.
    let mut found = false;
    for step in steps_of_all_rows(attempt) {
        if step.succeeded && !is_token(&step) && (is_second_factor(&step) || is_strong(&step)) {
            found = true;
            // CHOICE: a step that is later than the terminal row's time is fresh.
            if step.time.is_none_or(|time| row.created - time <= FIVE_MINUTES) {
                return evidence(State::Fresh, "F1");
            }
        }
    }
    if found {
        return evidence(State::Claim, "F1");
    }
    // F4: an earlier row was an MFA interrupt and this one is success.
    let earlier_interrupt = attempt
        .earlier()
        .iter()
        .any(|row| row.error_code().is_some_and(|code| [50074, 50076, 50079, 50072, 50158, 500121].contains(&code)));
    if earlier_interrupt && code == Some(0) && (multifactor || requirement.is_none()) {
        return evidence(State::Fresh, "F4");
    }
    // F2: a token step whose requirement is multifactor, or whose text says that the MFA requirement was satisfied by claim.
    let claims: Vec<Step> = row
        .steps()
        .into_iter()
        .filter(|step| (is_token(step) && is_second_factor(step)) || says_claim(&step.result_detail))
        .collect();
    if !claims.is_empty() {
        // CHOICE: of several such steps, one by an external provider makes it claim-or-fresh.
        let external = claims.iter().any(|step| step.result_detail.contains("provided by external provider"));
        return evidence(if external { State::ClaimOrFresh } else { State::Claim }, "F2");
    }
    // F3: the text of the status.
    let text = row.inner("status", "additionalDetails").map(|text| prose(&text)).unwrap_or_default();
    if let Some(state) = state_of_text(&text) {
        return evidence(state, "F3");
    }
    // C28: a recorded policy with exactly one grant control, `Mfa`.
    let recorded = row.recorded_policies();
    let mfa = || recorded.iter().filter(|policy| policy.grants.len() == 1 && policy.grants[0] == "mfa");
    // CHOICE: of contradicting entries the satisfied one counts.
    if mfa().any(|policy| policy.result == "success" || policy.result == "reportonlysuccess") {
        return evidence(State::ClaimOrFresh, "C28");
    }
    if mfa().any(|policy| policy.result == "reportonlyinterrupted" && policy.sessions.is_empty()) {
        return evidence(State::None, "C28");
    }
    // F5.
    if multifactor && code == Some(0) {
        return evidence(State::ClaimOrFresh, "F5");
    }
    // F7 (any code): interactive, single factor, and only single-factor steps, one of which succeeded.
    let steps = row.steps();
    let single = requirement.as_deref() == Some("singlefactorauthentication");
    let plain = |step: &Step| !step.method.is_empty() && !is_token(step) && !is_second_factor(step) && !is_strong(step);
    // CHOICE: failed single-factor steps beside the succeeded one do not matter.
    if row.interactive() && single && steps.iter().all(plain) && steps.iter().any(|step| step.succeeded) {
        return evidence(State::None, "F7");
    }
    None
}

/// F8 with C19; `None` if the row is not of its kind.
fn by_session(attempt: &Attempt, attempts: &[Attempt], direct: &[Option<Evidence>]) -> Option<Evidence> {
    let row = attempt.terminal();
    if row.folded("authenticationRequirement").as_deref() != Some("singlefactorauthentication") {
        return None;
    }
    // CHOICE: the three signs of a token as input in the brackets of F8 are alternatives.
    let token = row.folded("incomingTokenType").unwrap_or_default();
    let token_input = token.split(',').any(|word| matches!(word.trim(), "primaryrefreshtoken" | "refreshtoken"))
        || !row.interactive()
        || row.steps().first().is_some_and(is_token);
    if !token_input {
        return None;
    }
    let mut any = false;
    if let (Some(user), Some(session)) = (user_of(row), row.folded("sessionId")) {
        for (other, decided) in attempts.iter().zip(direct) {
            let earlier = other.terminal();
            // CHOICE: "earlier" is a strictly earlier terminal time; the session is the terminal row's.
            if earlier.created >= row.created
                || user_of(earlier).as_ref() != Some(&user)
                || earlier.folded("sessionId").as_ref() != Some(&session)
            {
                continue;
            }
            // F7 and F6 decide `none` only, so every such state is of F1 … F5 or C28.
            match decided.map(|evidence| evidence.state) {
                Some(State::Fresh) if row.created - earlier.created <= FIVE_MINUTES => {
                    return Some(Evidence { state: State::Fresh, rule: "F8" });
                }
                Some(State::Fresh | State::Claim | State::ClaimOrFresh) => any = true,
                _ => {}
            }
        }
    }
    Some(Evidence { state: if any { State::Claim } else { State::ClaimOrNone }, rule: "F8" })
}

/// F9, and what is left when nothing decides (C19).
fn by_default(attempt: &Attempt) -> Evidence {
    let row = attempt.terminal();
    if !row.interactive() {
        return Evidence { state: State::ClaimOrNone, rule: "F9" };
    }
    // CHOICE: an empty list of details is missing; code 0 and an empty text are asked for as F9 says.
    let only_old_facts = row.text("authenticationRequirement").is_none() && row.steps().is_empty();
    if only_old_facts && row.error_code() == Some(0) && row.inner("status", "additionalDetails").is_none() {
        return Evidence { state: State::None, rule: "F9" };
    }
    Evidence { state: State::Unknown, rule: "" }
}

/// The table of 3.3, in its order.
fn state_of_text(text: &str) -> Option<State> {
    let has = |part: &str| text.contains(part);
    if says_claim(text) {
        // C19: "provided by external provider" is claim-or-fresh, other claims are claim.
        return Some(if has("provided by external provider") { State::ClaimOrFresh } else { State::Claim });
    }
    if has("mfa requirement satisfied by strong authentication")
        || has("mfa requirement satisfied by multi-factor device")
    {
        return Some(State::Fresh);
    }
    if has("mfa completed in azure ad") || has("mfa completed in microsoft entra id") || has("completed in the cloud") {
        return Some(State::Fresh);
    }
    if has("mfa requirement skipped due to remembered device") {
        return Some(State::Claim);
    }
    let waived =
        ["location", "ip address", "registered device", "app password", "flow type in windows broker logon scenario"];
    if waived.iter().any(|reason| has(&format!("mfa requirement skipped due to {reason}"))) {
        return Some(State::None);
    }
    if has("has expired due to the policies configured on tenant")
        || has("registration prompted")
        || has("redirected to external provider for mfa")
        || has("mfa denied")
    {
        return Some(State::None);
    }
    None
}

/// "First factor requirement satisfied by claim in the token" is not an MFA claim.
fn says_claim(text: &str) -> bool {
    text.contains("mfa requirement satisfied by claim")
}

pub fn steps_of_all_rows(attempt: &Attempt) -> Vec<Step> {
    attempt.rows.iter().flat_map(Row::steps).collect()
}

pub fn is_token(step: &Step) -> bool {
    step.method == "previously satisfied" || step.method == "satisfied by token"
}

/// F1: the requirement text contains "Multifactor" or "secondary".
pub fn is_second_factor(step: &Step) -> bool {
    step.requirement.contains("multifactor") || step.requirement.contains("secondary")
}

/// F1: a strong primary method.
pub fn is_strong(step: &Step) -> bool {
    let method = &step.method;
    method.contains("fido2")
        || method.contains("passkey")
        || method.contains("windows hello for business")
        || method.contains("passwordless phone sign-in")
        || method.contains("temporary access pass")
        || (method.contains("x.509") && says_multi(step))
}

/// An X.509 step that says "multi-factor" in the method or its detail.
fn says_multi(step: &Step) -> bool {
    [&step.method, &step.method_detail].iter().any(|text| text.contains("multi-factor") || text.contains("multifactor"))
}

pub fn user_of(row: &Row) -> Option<String> {
    row.user_id().map(|id| fold(&id))
}

/// C24: the user's own attempts show MFA: F1 … F5 with code 0, anywhere in the input.
pub fn user_has_shown_mfa(attempt: &Attempt, attempts: &[Attempt], evidence: &[Evidence]) -> bool {
    let Some(user) = user_of(attempt.terminal()) else {
        // A row without a user id is a user of its own (C3): its own attempt is all there is.
        return attempts.iter().zip(evidence).any(|(other, found)| std::ptr::eq(other, attempt) && shows(other, found));
    };
    attempts
        .iter()
        .zip(evidence)
        .any(|(other, found)| user_of(other.terminal()).as_ref() == Some(&user) && shows(other, found))
}

fn shows(attempt: &Attempt, evidence: &Evidence) -> bool {
    attempt.terminal().error_code() == Some(0)
        && matches!(evidence.rule, "F1" | "F2" | "F3" | "F4" | "F5")
        && matches!(evidence.state, State::Fresh | State::Claim | State::ClaimOrFresh)
}

// ---------------------------------------------------------------- methods of a sign-in (3.7)

/// What one succeeded step may have been: one of these sets of modes. An empty list: a method we do not know.
pub type Readings = Vec<Vec<&'static str>>;

/// 3.7, C20: the readings of every succeeded step that is not a token, of every row of the attempt.
pub fn methods_used(attempt: &Attempt) -> Vec<Readings> {
    let mut used: Vec<Readings> = Vec::new();
    for step in steps_of_all_rows(attempt).iter().filter(|step| step.succeeded && !is_token(step)) {
        let readings = readings_of(step);
        if !used.contains(&readings) {
            used.push(readings);
        }
    }
    // 3.7: federated, plus an external MFA claim → federatedMultiFactor.
    // CHOICE: such a claim without a federated step may be federated MFA too.
    let external = attempt.rows.iter().any(|row| {
        let text = row.inner("status", "additionalDetails").map(|text| prose(&text)).unwrap_or_default();
        let said = |text: &str| text.contains("satisfied by claim provided by external provider");
        said(&text) || row.steps().iter().any(|step| said(&step.result_detail))
    });
    if external && !used.is_empty() {
        let certain = used.contains(&vec![vec!["federatedsinglefactor"]]);
        used.push(if certain {
            vec![vec!["federatedmultifactor"]]
        } else {
            vec![vec!["federatedmultifactor"], vec![]]
        });
    }
    used
}

fn readings_of(step: &Step) -> Readings {
    let method = step.method.as_str();
    let has = |part: &str| method.contains(part);
    if method == "password" {
        vec![vec!["password"]]
    } else if has("fido2") || has("passkey") {
        vec![vec!["fido2"]]
    } else if method == "sms" || has("text message") {
        vec![vec!["sms"]]
    } else if method == "voice" || has("phone call") {
        vec![vec!["voice"]]
    } else if has("mobile app notification") || has("authenticator app") {
        vec![vec!["microsoftauthenticatorpush"]]
    } else if has("oath") || has("mobile app verification code") {
        // SLD: hardware and software tokens cannot be told apart.
        vec![vec!["softwareoath"], vec!["hardwareoath"]]
    } else if has("windows hello for business") {
        vec![vec!["windowshelloforbusiness"]]
    } else if has("x.509") {
        // CHOICE: decided by "multi-factor"/"single-factor" in the texts or a multifactor requirement, else both readings.
        if says_multi(step) || is_second_factor(step) {
            vec![vec!["x509certificatemultifactor"]]
        } else if has("single-factor") || step.method_detail.contains("single-factor") {
            vec![vec!["x509certificatesinglefactor"]]
        } else {
            vec![vec!["x509certificatesinglefactor"], vec!["x509certificatemultifactor"]]
        }
    } else if has("passwordless phone sign-in") {
        vec![vec!["devicebasedpush"]]
    } else if has("temporary access pass") {
        vec![vec!["temporaryaccesspassonetime"], vec!["temporaryaccesspassmultiuse"]]
    } else if has("federated") {
        vec![vec!["federatedsinglefactor"]]
    } else {
        // CHOICE: the list is open: a method not in it may be any.
        Vec::new()
    }
}

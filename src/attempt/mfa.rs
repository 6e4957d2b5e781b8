//! Evidence of multifactor authentication (F1–F9 of semantics 3.4, in the order of C19; C28).

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::domain::folded;
use crate::frame::{AppliedPolicy, Column, Step, Time};

use super::rows::{FoldedCode, Rows};
use super::{Attempt, UserCode};

/// A completed authentication satisfies "every time" for five minutes (4.1).
pub const TOLERANCE: Time = 5 * 60 * 1_000_000;

/// What the log shows about MFA in an attempt (C19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MfaState {
    /// Done in this attempt, or within the five minutes before.
    Fresh,
    /// A claim from an earlier event.
    Claim,
    /// One of the two above.
    ClaimOrFresh,
    /// The token may hold a claim that nobody asked about.
    ClaimOrNone,
    /// No claim.
    None,
    /// Nothing decides.
    Unknown,
}

impl MfaState {
    /// The word used in `explain` and in notes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            MfaState::Fresh => "fresh",
            MfaState::Claim => "claim",
            MfaState::ClaimOrFresh => "claim or fresh",
            MfaState::ClaimOrNone => "claim or none",
            MfaState::None => "none",
            MfaState::Unknown => "unknown",
        }
    }
}

/// The rule that decided the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MfaRule {
    /// The row is itself an MFA interrupt.
    F6,
    /// A second factor or a strong method was used.
    F1,
    /// A challenge in this attempt was answered.
    F4,
    /// A step says that a claim satisfied it.
    F2,
    /// `status.additionalDetails` says so.
    F3,
    /// A recorded policy with that one control says so.
    C28,
    /// The requirement was multifactor and the sign-in went through.
    F5,
    /// Interactive, and nothing but a single factor.
    F7,
    /// A token went in; what it holds is seen in the session, or not at all.
    F8,
    /// Nothing but v1.0 facts.
    F9,
    /// None of them.
    Nothing,
}

/// State, and how it was come by.
#[derive(Clone, Copy, Debug)]
pub struct Evidence {
    /// The state.
    pub state: MfaState,
    /// The rule that decided.
    pub rule: MfaRule,
    /// Fresh because an existing requirement had asked: a second factor that is not strong by itself,
    /// under a multifactor requirement (C25).
    pub second_factor_demanded: bool,
}

impl Evidence {
    /// Whether this shows that the user can do MFA (C24: F1–F5).
    #[must_use]
    pub fn shows_mfa(self) -> bool {
        matches!(self.rule, MfaRule::F1 | MfaRule::F4 | MfaRule::F2 | MfaRule::F3 | MfaRule::F5)
            && matches!(self.state, MfaState::Fresh | MfaState::Claim | MfaState::ClaimOrFresh)
    }

    /// Whether a later attempt of the session may build on this (F8: F1–F5 or C28).
    #[must_use]
    pub fn carries_over(self) -> bool {
        self.shows_mfa() || (self.rule == MfaRule::C28 && self.state == MfaState::ClaimOrFresh)
    }

    /// Register entries (section 13) that decided this.
    pub fn assumptions(self) -> impl Iterator<Item = &'static str> {
        let tag = match (self.rule, self.state) {
            (MfaRule::F9, MfaState::None) => Some("F9"),
            (MfaRule::F8 | MfaRule::F9, _) => Some("U10"),
            (_, MfaState::ClaimOrFresh) => Some("U19"),
            _ => None,
        };
        tag.into_iter()
    }
}

/// Text compared by substring: folded, and a hard blank is a blank (formats 4).
#[must_use]
pub fn comparable(text: &str) -> String {
    folded(&text.replace('\u{a0}', " "))
}

/// Whether a step is only a token shown again.
#[must_use]
pub fn is_token(step: &Step) -> bool {
    let method = comparable(&step.method);
    method == "previously satisfied" || method == "satisfied by token"
}

/// Whether a step is a second factor by its requirement.
fn is_second_factor(step: &Step) -> bool {
    let requirement = comparable(&step.requirement);
    requirement.contains("multifactor") || requirement.contains("multi-factor") || requirement.contains("secondary")
}

/// Whether a method is MFA by itself (F1).
fn is_strong(step: &Step) -> bool {
    let method = comparable(&step.method);
    let certificate = method.contains("x.509") || method.contains("certificate");
    ["fido2", "passkey", "windows hello", "passwordless", "temporary access pass"]
        .iter()
        .any(|strong| method.contains(strong))
        || (certificate && comparable(&format!("{method} {}", step.detail)).contains("multi"))
}

/// A password or another single factor; a method that is not recorded is neither.
fn is_single_factor(step: &Step) -> bool {
    !is_token(step) && !is_second_factor(step) && !is_strong(step) && !step.method.trim().is_empty()
}

/// A step that was performed, not shown: succeeded and no token.
#[must_use]
pub fn is_performed(step: &Step) -> bool {
    step.succeeded == Some(true) && !is_token(step)
}

/// What `status.additionalDetails` says (3.3). The first line that is contained decides.
const ADDITIONAL_DETAILS: &[(&str, MfaState)] = &[
    ("satisfied by claim provided by external provider", MfaState::ClaimOrFresh),
    ("mfa requirement satisfied by claim", MfaState::Claim),
    ("mfa requirement satisfied by strong authentication", MfaState::Fresh),
    ("mfa requirement satisfied by multi-factor device", MfaState::Fresh),
    ("mfa completed in azure ad", MfaState::Fresh),
    ("mfa completed in microsoft entra id", MfaState::Fresh),
    ("completed in the cloud", MfaState::Fresh),
    ("mfa requirement skipped due to remembered device", MfaState::Claim),
    ("mfa requirement skipped due to location", MfaState::None),
    ("mfa requirement skipped due to ip address", MfaState::None),
    ("mfa requirement skipped due to registered device", MfaState::None),
    ("mfa requirement skipped due to app password", MfaState::None),
    ("mfa requirement skipped due to flow type in windows broker logon scenario", MfaState::None),
    ("has expired due to the policies configured on tenant", MfaState::None),
    ("registration prompted", MfaState::None),
    ("redirected to external provider", MfaState::None),
    ("mfa denied", MfaState::None),
];

/// Codes with which the row is itself an MFA interrupt (F6), and which a later success answers (F4).
pub const INTERRUPTS: [i64; 6] = [50074, 50076, 50079, 50072, 50158, 500_121];
/// "MFA expired": an interrupt too, but not one that F4 lists.
const EXPIRED: i64 = 50078;

/// The evidence of an attempt, before what its session shows (see [`follow_sessions`]).
#[must_use]
pub fn evidence(facts: &Rows<'_>, rows: &[usize], before_terminal: usize) -> Evidence {
    let (earlier, rest) = rows.split_at(before_terminal.min(rows.len()));
    let terminal = rest.first().copied().unwrap_or_default();
    let requirement = facts.frame.text(Column::AuthenticationRequirement, terminal).map(folded);
    let multifactor = requirement.as_deref() == Some("multifactorauthentication");
    let second_factor_demanded = multifactor
        && rows
            .iter()
            .flat_map(|row| facts.steps(*row))
            .any(|step| is_performed(step) && is_second_factor(step) && !is_strong(step));
    let (state, rule) = state(facts, rows, earlier, terminal, requirement.as_deref());
    Evidence { state, rule, second_factor_demanded }
}

fn state(
    facts: &Rows<'_>,
    rows: &[usize],
    earlier: &[usize],
    terminal: usize,
    requirement: Option<&str>,
) -> (MfaState, MfaRule) {
    let code = facts.error_code(terminal);
    let interactive = facts.interactive(terminal);
    let multifactor = requirement == Some("multifactorauthentication");
    let single_factor = requirement == Some("singlefactorauthentication");
    let steps = facts.steps(terminal);

    if code.is_some_and(|code| INTERRUPTS.contains(&code) || code == EXPIRED) {
        return (MfaState::None, MfaRule::F6);
    }
    if let Some(state) = performed(facts, rows, terminal) {
        return (state, MfaRule::F1);
    }
    let challenged = earlier.iter().any(|row| facts.error_code(*row).is_some_and(|code| INTERRUPTS.contains(&code)));
    if challenged && code == Some(0) && (multifactor || requirement.is_none()) {
        return (MfaState::Fresh, MfaRule::F4);
    }
    if let Some(state) = claimed_by_a_step(steps) {
        return (state, MfaRule::F2);
    }
    let details = facts.status(terminal).and_then(|status| status.additional_details.as_deref()).map(comparable);
    if let Some(details) = &details
        && let Some((_, state)) = ADDITIONAL_DETAILS.iter().find(|(text, _)| details.contains(text))
    {
        return (*state, MfaRule::F3);
    }
    if let Some(state) = recorded_control(facts, terminal) {
        return (state, MfaRule::C28);
    }
    if multifactor && code == Some(0) {
        return (MfaState::ClaimOrFresh, MfaRule::F5);
    }
    let only_single = !steps.is_empty() && steps.iter().any(is_performed) && steps.iter().all(is_single_factor);
    if interactive && single_factor && only_single {
        return (MfaState::None, MfaRule::F7);
    }
    if single_factor && token_went_in(facts, terminal, interactive) {
        return (MfaState::ClaimOrNone, MfaRule::F8);
    }
    if requirement.is_none() && steps.is_empty() && code == Some(0) && details.is_none_or(|text| text.is_empty()) {
        let state = if interactive { MfaState::None } else { MfaState::ClaimOrNone };
        return (state, MfaRule::F9);
    }
    (if interactive { MfaState::Unknown } else { MfaState::ClaimOrNone }, MfaRule::Nothing)
}

/// F1: a second factor or a strong method in any row of the attempt, against the terminal row's time.
fn performed(facts: &Rows<'_>, rows: &[usize], terminal: usize) -> Option<MfaState> {
    let since = facts.created(terminal) - TOLERANCE;
    rows.iter()
        .flat_map(|row| facts.steps(*row))
        .filter(|step| is_performed(step) && (is_second_factor(step) || is_strong(step)))
        .map(|step| match step.at {
            None if step.at_is_unread => MfaState::ClaimOrFresh,
            Some(at) if at < since => MfaState::Claim,
            _ => MfaState::Fresh,
        })
        // Fresh if any is; an old one beside one whose time cannot be read leaves both open.
        .min_by_key(|state| match state {
            MfaState::Fresh => 0,
            MfaState::ClaimOrFresh => 1,
            _ => 2,
        })
}

/// F2: a step of the terminal row says that a claim satisfied the MFA requirement.
///
/// "First factor requirement satisfied by claim in the token" is about the first factor: no MFA claim.
fn claimed_by_a_step(steps: &[Step]) -> Option<MfaState> {
    steps
        .iter()
        .filter_map(|step| {
            let result = comparable(&step.result);
            let claim = result.contains("satisfied by claim") && !result.contains("first factor");
            if claim && result.contains("external provider") {
                Some(MfaState::ClaimOrFresh)
            } else if claim || (is_token(step) && is_second_factor(step)) {
                Some(MfaState::Claim)
            } else {
                None
            }
        })
        .max()
}

/// Whether an entry may be evidence of MFA: its only grant control is MFA (C28).
#[must_use]
pub fn is_recorded_control(entry: &AppliedPolicy) -> bool {
    matches!(entry.enforced_grant_controls.as_slice(), [only] if folded(only) == "mfa")
}

/// C28: a recorded policy whose only grant control is MFA says how that control stood.
fn recorded_control(facts: &Rows<'_>, terminal: usize) -> Option<MfaState> {
    let mut interrupted = false;
    for policy in facts.evidence(terminal).filter(|entry| is_recorded_control(entry)) {
        match folded(&policy.result).as_str() {
            "success" | "reportonlysuccess" => return Some(MfaState::ClaimOrFresh),
            "reportonlyinterrupted" if policy.enforced_session_controls.is_empty() => interrupted = true,
            _ => {}
        }
    }
    interrupted.then_some(MfaState::None)
}

/// F8: the request came with a token that may hold a claim.
fn token_went_in(facts: &Rows<'_>, terminal: usize, interactive: bool) -> bool {
    let token = facts.frame.text(Column::IncomingTokenType, terminal).map(folded).unwrap_or_default();
    !interactive || token.contains("refreshtoken") || facts.steps(terminal).first().is_some_and(is_token)
}

/// F8: what strictly earlier attempts of the same user and session showed. Attempts are in the order of time.
pub fn follow_sessions(facts: &Rows<'_>, attempts: &mut [Attempt]) {
    let mut sessions: HashMap<(UserCode, FoldedCode), Session, FxBuildHasher> = HashMap::default();
    for attempt in attempts {
        let Some(session) = facts.session(attempt.terminal).filter(|_| facts.has_user_id(attempt.terminal)) else {
            continue;
        };
        let session = sessions.entry((attempt.user, session)).or_default();
        let now = facts.created(attempt.terminal);
        session.advance(now);
        if attempt.mfa.rule == MfaRule::F8 {
            if session.earlier_fresh.is_some_and(|fresh| now - fresh <= TOLERANCE) {
                attempt.mfa.state = MfaState::Fresh;
            } else if session.earlier_any {
                attempt.mfa.state = MfaState::Claim;
            }
        }
        if attempt.mfa.carries_over() {
            session.now_any = true;
            session.now_fresh |= attempt.mfa.state == MfaState::Fresh;
        }
    }
}

/// What a session showed before the present moment, and at it.
#[derive(Default)]
struct Session {
    earlier_fresh: Option<Time>,
    earlier_any: bool,
    now: Time,
    now_fresh: bool,
    now_any: bool,
}

impl Session {
    /// Time goes on: what was present becomes earlier. Attempts of one moment show each other nothing.
    fn advance(&mut self, now: Time) {
        if now == self.now {
            return;
        }
        if self.now_fresh {
            self.earlier_fresh = Some(self.now);
        }
        self.earlier_any |= self.now_any;
        (self.now, self.now_fresh, self.now_any) = (now, false, false);
    }
}

#[cfg(test)]
mod tests {
    use super::{MfaState, claimed_by_a_step};
    use crate::frame::Step;

    fn step(method: &str, result: &str, requirement: &str) -> Step {
        Step {
            method: method.to_owned(),
            succeeded: Some(true),
            result: result.to_owned(),
            requirement: requirement.to_owned(),
            ..Step::default()
        }
    }

    #[test]
    fn a_claim_for_the_first_factor_is_no_mfa_claim() {
        let first = "First factor requirement satisfied by claim in the token";
        for (given, expected) in [
            (step("Previously satisfied", first, "Primary authentication"), None),
            (
                step("Previously satisfied", "MFA requirement satisfied by claim in the token", ""),
                Some(MfaState::Claim),
            ),
            (step("Previously satisfied", "", "Multifactor authentication"), Some(MfaState::Claim)),
            (
                step("", "MFA requirement satisfied by claim provided by external provider", ""),
                Some(MfaState::ClaimOrFresh),
            ),
        ] {
            assert_eq!(claimed_by_a_step(&[given]), expected);
        }
    }
}

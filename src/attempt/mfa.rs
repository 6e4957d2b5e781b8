//! Evidence of multifactor authentication (F1–F9 of semantics 3.4, in the order of C19; C28).

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::domain::{fold, folded};
use crate::frame::{AppliedPolicy, Time};

use super::rows::{FoldedCode, Requirement, Rows};
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

/// F3: what a comparable text of `status.additionalDetails` says.
pub(super) fn additional_details(details: &str) -> Option<MfaState> {
    ADDITIONAL_DETAILS.iter().find(|(text, _)| details.contains(text)).map(|(_, state)| *state)
}

/// Codes with which the row is itself an MFA interrupt (F6), and which a later success answers (F4).
pub const INTERRUPTS: [i64; 6] = [50074, 50076, 50079, 50072, 50158, 500_121];
/// "MFA expired": an interrupt too, but not one that F4 lists.
const EXPIRED: i64 = 50078;

/// The evidence of an attempt, before what its session shows (see [`follow_sessions`]).
#[must_use]
pub fn evidence(facts: &Rows<'_>, rows: &[usize], before_terminal: usize) -> Evidence {
    let (earlier, rest) = rows.split_at(before_terminal.min(rows.len()));
    let terminal = rest.first().copied().unwrap_or_default();
    let requirement = facts.requirement(terminal);
    let second_factor_demanded = requirement == Requirement::Multifactor
        && rows
            .iter()
            .flat_map(|row| facts.steps(*row))
            .any(|step| step.is_performed() && step.is_second_factor() && !step.is_strong());
    let (state, rule) = state(facts, rows, earlier, terminal, requirement);
    Evidence { state, rule, second_factor_demanded }
}

fn state(
    facts: &Rows<'_>,
    rows: &[usize],
    earlier: &[usize],
    terminal: usize,
    requirement: Requirement,
) -> (MfaState, MfaRule) {
    let code = facts.error_code(terminal);
    let interactive = facts.interactive(terminal);
    let multifactor = requirement == Requirement::Multifactor;
    let single_factor = requirement == Requirement::SingleFactor;
    let is_recorded = requirement != Requirement::NotRecorded;
    let steps = facts.steps(terminal);

    if facts.interrupts(terminal) || code == Some(EXPIRED) {
        return (MfaState::None, MfaRule::F6);
    }
    if let Some(state) = performed(facts, rows, terminal) {
        return (state, MfaRule::F1);
    }
    let challenged = earlier.iter().any(|row| facts.interrupts(*row));
    if challenged && code == Some(0) && (multifactor || !is_recorded) {
        return (MfaState::Fresh, MfaRule::F4);
    }
    // F2: a step of the terminal row says that a claim satisfied the MFA requirement.
    if let Some(state) = steps.clone().filter_map(|step| step.claim()).max() {
        return (state, MfaRule::F2);
    }
    if let Some(state) = facts.additional_details(terminal) {
        return (state, MfaRule::F3);
    }
    if let Some(state) = facts.recorded_mfa(terminal) {
        return (state, MfaRule::C28);
    }
    if multifactor && code == Some(0) {
        return (MfaState::ClaimOrFresh, MfaRule::F5);
    }
    // A step that was performed: so there are steps.
    let only_single =
        steps.clone().any(|step| step.is_performed()) && steps.clone().all(|step| step.is_single_factor());
    if interactive && single_factor && only_single {
        return (MfaState::None, MfaRule::F7);
    }
    if single_factor && token_went_in(facts, terminal, interactive) {
        return (MfaState::ClaimOrNone, MfaRule::F8);
    }
    let has_steps = steps.clone().next().is_some();
    if !is_recorded && !has_steps && code == Some(0) && !facts.has_additional_details(terminal) {
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
        .filter(|step| step.is_performed() && (step.is_second_factor() || step.is_strong()))
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

/// Whether an entry may be evidence of MFA: its only grant control is MFA (C28).
#[must_use]
pub fn is_recorded_control(entry: &AppliedPolicy) -> bool {
    matches!(entry.enforced_grant_controls.as_slice(), [only] if fold(only) == "mfa")
}

/// C28: a recorded policy whose only grant control is MFA says how that control stood.
pub(super) fn recorded_control<'a>(policies: impl Iterator<Item = &'a AppliedPolicy>) -> Option<MfaState> {
    let mut interrupted = false;
    for policy in policies.filter(|entry| is_recorded_control(entry)) {
        match &*fold(&policy.result) {
            "success" | "reportonlysuccess" => return Some(MfaState::ClaimOrFresh),
            "reportonlyinterrupted" if policy.enforced_session_controls.is_empty() => interrupted = true,
            _ => {}
        }
    }
    interrupted.then_some(MfaState::None)
}

/// F8: the request came with a token that may hold a claim.
fn token_went_in(facts: &Rows<'_>, terminal: usize, interactive: bool) -> bool {
    !interactive
        || facts.has_refresh_token(terminal)
        || facts.steps(terminal).next().is_some_and(|step| step.is_token())
}

/// F8: what strictly earlier attempts of the same user and session showed. Attempts are in the order of time.
pub fn follow_sessions(facts: &Rows<'_>, attempts: &mut [Attempt]) {
    let mut sessions = Sessions::new(facts.sessions());
    for attempt in attempts {
        let Some(session) = facts.session(attempt.terminal).filter(|_| facts.has_user_id(attempt.terminal)) else {
            continue;
        };
        let session = sessions.of(attempt.user, session);
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

/// Sessions by user. Nearly always a session is of one user: that of the first one is found without a search.
struct Sessions {
    of_first: Vec<Option<(UserCode, Session)>>,
    of_others: HashMap<(UserCode, FoldedCode), Session, FxBuildHasher>,
}

impl Sessions {
    fn new(sessions: usize) -> Sessions {
        let mut of_first = Vec::new();
        of_first.resize_with(sessions, || None);
        Sessions { of_first, of_others: HashMap::default() }
    }

    fn of(&mut self, user: UserCode, session: FoldedCode) -> &mut Session {
        match self
            .of_first
            .get_mut(session as usize)
            .map(|found| found.get_or_insert_with(|| (user, Session::default())))
        {
            Some((first, found)) if *first == user => found,
            _ => self.of_others.entry((user, session)).or_default(),
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

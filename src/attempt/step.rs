//! What single authentication steps show (F1, F2, F7 of semantics 3.4), read once a distinct wording.

use crate::frame::{Step, StepCode, Time, TimedStep};

use super::mfa::{MfaState, comparable};

/// A recorded step: when, and what it says.
#[derive(Clone, Copy, Debug)]
pub struct RecordedStep<'a> {
    /// When; none when missing or unreadable.
    pub at: Option<Time>,
    /// A time is recorded that cannot be read: neither fresh nor old.
    pub at_is_unread: bool,
    /// What the log says, without the time.
    pub wording: &'a Step,
    /// The code of that wording.
    pub code: StepCode,
    shows: Shows,
}

impl<'a> RecordedStep<'a> {
    pub(super) fn new(step: TimedStep, wording: &'a Wording) -> RecordedStep<'a> {
        let TimedStep { at, at_is_unread, code } = step;
        RecordedStep { at, at_is_unread, wording: &wording.step, code, shows: wording.shows }
    }

    /// A step that was performed, not shown: succeeded and no token.
    #[must_use]
    pub fn is_performed(&self) -> bool {
        self.shows.performed
    }

    /// Whether the step is only a token shown again.
    #[must_use]
    pub fn is_token(&self) -> bool {
        self.shows.token
    }

    /// Whether it is a second factor by its requirement.
    pub(super) fn is_second_factor(&self) -> bool {
        self.shows.second_factor
    }

    /// Whether its method is MFA by itself (F1).
    pub(super) fn is_strong(&self) -> bool {
        self.shows.strong
    }

    /// A password or another single factor; a method that is not recorded is neither.
    pub(super) fn is_single_factor(&self) -> bool {
        self.shows.single_factor
    }

    /// F2: a claim that satisfied the MFA requirement.
    pub(super) fn claim(&self) -> Option<MfaState> {
        self.shows.claim
    }
}

/// A distinct wording and what it shows.
#[derive(Debug)]
pub(super) struct Wording {
    step: Step,
    shows: Shows,
}

#[derive(Clone, Copy, Debug)]
struct Shows {
    performed: bool,
    token: bool,
    second_factor: bool,
    strong: bool,
    single_factor: bool,
    claim: Option<MfaState>,
}

impl Wording {
    pub(super) fn read(step: &Step) -> Wording {
        let (token, second_factor, strong) = (is_token(step), is_second_factor(step), is_strong(step));
        let shows = Shows {
            performed: step.succeeded == Some(true) && !token,
            token,
            second_factor,
            strong,
            single_factor: !token && !second_factor && !strong && !step.method.trim().is_empty(),
            claim: claim(step, token && second_factor),
        };
        Wording { step: step.clone(), shows }
    }
}

fn is_token(step: &Step) -> bool {
    let method = comparable(&step.method);
    method == "previously satisfied" || method == "satisfied by token"
}

fn is_second_factor(step: &Step) -> bool {
    let requirement = comparable(&step.requirement);
    requirement.contains("multifactor") || requirement.contains("multi-factor") || requirement.contains("secondary")
}

fn is_strong(step: &Step) -> bool {
    let method = comparable(&step.method);
    let certificate = method.contains("x.509") || method.contains("certificate");
    ["fido2", "passkey", "windows hello", "passwordless", "temporary access pass"]
        .iter()
        .any(|strong| method.contains(strong))
        || (certificate && comparable(&format!("{method} {}", step.detail)).contains("multi"))
}

/// "First factor requirement satisfied by claim in the token" is about the first factor: no MFA claim.
fn claim(step: &Step, is_token_for_mfa: bool) -> Option<MfaState> {
    let result = comparable(&step.result);
    let claim = result.contains("satisfied by claim") && !result.contains("first factor");
    if claim && result.contains("external provider") {
        Some(MfaState::ClaimOrFresh)
    } else if claim || is_token_for_mfa {
        Some(MfaState::Claim)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Wording;
    use crate::attempt::mfa::MfaState;
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
            assert_eq!(Wording::read(&given).shows.claim, expected);
        }
    }
}

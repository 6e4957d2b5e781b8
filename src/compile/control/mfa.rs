//! `mfa` and the strength that equals it (3.4, 3.5, C19, C24).

use crate::attempt::mfa::MfaState;
use crate::compile::evidence::Evidence;
use crate::domain::{Match, Span};

use super::{ABILITY_UNKNOWN, Ability, Standing};

pub(super) fn standing(evidence: &Evidence, external: bool) -> Span<Standing> {
    match evidence.mfa {
        MfaState::Fresh => Span::certain(Standing::Satisfied),
        // A claim of the home tenant counts only with inbound trust given (C19).
        MfaState::Claim | MfaState::ClaimOrFresh if !external || evidence.mfa_trust == Match::Yes => {
            Span::certain(Standing::Satisfied)
        }
        MfaState::Claim | MfaState::ClaimOrFresh | MfaState::ClaimOrNone | MfaState::Unknown => {
            Standing::unknown(Standing::Needed)
        }
        MfaState::None => Span::certain(Standing::Needed),
    }
}

/// Outside risk policies registration is offered; in a risky session it is not (6.4).
pub(super) fn abilities(evidence: &Evidence, external: bool, in_risk_policy: bool) -> &'static [Ability] {
    if !in_risk_policy || evidence.shown_mfa || evidence.mfa_capable == Match::Yes {
        return &[Ability::Able];
    }
    if external {
        return match evidence.mfa_trust {
            Match::Yes => &[Ability::Able],
            Match::No if evidence.in_report => &[Ability::Unable],
            Match::No | Match::Unknown => &ABILITY_UNKNOWN,
        };
    }
    match evidence.mfa_capable {
        Match::Yes => &[Ability::Able],
        Match::No => &[Ability::Unable],
        Match::Unknown => &ABILITY_UNKNOWN,
    }
}

pub(super) fn missing(evidence: &Evidence, external: bool) -> Vec<&'static str> {
    match evidence.mfa {
        MfaState::Claim | MfaState::ClaimOrFresh if external => vec!["inbound-mfa-trust"],
        MfaState::ClaimOrNone => vec!["sessionId"],
        _ => vec!["authenticationDetails"],
    }
}

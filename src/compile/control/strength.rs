//! Authentication strengths (3.7, C20, C24, C34).

use crate::attempt::mfa::MfaState;
use crate::compile::evidence::{Evidence, Needs};
use crate::domain::{Match, Span, folded};
use crate::policy::wire::AuthenticationStrength;

use super::{ABILITY_UNKNOWN, Ability, Control, Standing};

/// "Multifactor authentication", equivalent to the `mfa` control ({STR}).
const MFA_STRENGTH: &str = "00000000-0000-0000-0000-000000000002";

pub(super) fn read(wire: &AuthenticationStrength, needs: &mut Needs) -> Control {
    if wire.id.as_deref().map(folded).as_deref() == Some(MFA_STRENGTH) {
        return Control::Mfa { as_strength: true };
    }
    Control::Strength(needs.strength(wire))
}

pub(super) fn standing(evidence: &Evidence, place: usize) -> Span<Standing> {
    match evidence.mfa {
        MfaState::None => Span::certain(Standing::Needed),
        MfaState::Fresh => match evidence.strengths_met.get(place).copied().unwrap_or(Match::Unknown) {
            Match::Yes => Span::certain(Standing::Satisfied),
            Match::Unknown => Standing::unknown(Standing::Needed),
            Match::No => Span::certain(Standing::Needed),
        },
        // The earlier method is not in this row.
        MfaState::Claim | MfaState::ClaimOrFresh | MfaState::ClaimOrNone | MfaState::Unknown => {
            Standing::unknown(Standing::Needed)
        }
    }
}

pub(super) fn abilities(evidence: &Evidence, place: usize, in_risk_policy: bool) -> &'static [Ability] {
    if !in_risk_policy {
        return &[Ability::Able];
    }
    match evidence.strengths_registered.get(place).copied().unwrap_or(Match::Unknown) {
        Match::Yes => &[Ability::Able],
        Match::No => &[Ability::Unable],
        Match::Unknown => &ABILITY_UNKNOWN,
    }
}

pub(super) fn missing(evidence: &Evidence, place: usize) -> Vec<&'static str> {
    if evidence.strengths_read.get(place) == Some(&false) {
        vec!["authenticationStrengthPolicies"]
    } else {
        vec!["authenticationDetails"]
    }
}

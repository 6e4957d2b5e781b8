//! `passwordChange` and `riskRemediation`: who can do them (6.5, C24).

use crate::compile::evidence::Evidence;
use crate::domain::Match;

use super::{ABILITY_UNKNOWN, Ability, mfa};

/// Both MFA and a password that can be changed in the cloud are needed: the worse of the two.
pub(super) fn change_abilities(evidence: &Evidence, external: bool, in_risk_policy: bool) -> &'static [Ability] {
    if external {
        // A guest's password lives at home ({B2B}).
        return &[Ability::Unable];
    }
    let by_mfa = mfa::abilities(evidence, external, in_risk_policy);
    match evidence.password_changeable {
        Match::No => &[Ability::Unable],
        Match::Yes => by_mfa,
        Match::Unknown if by_mfa == [Ability::Unable].as_slice() => by_mfa,
        Match::Unknown => &ABILITY_UNKNOWN,
    }
}

pub(super) fn remediation_abilities(evidence: &Evidence, external: bool, in_risk_policy: bool) -> &'static [Ability] {
    if external { &[Ability::Unable] } else { mfa::abilities(evidence, external, in_risk_policy) }
}

pub(super) fn missing(evidence: &Evidence, in_risk_policy: bool) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if mfa::abilities(evidence, false, in_risk_policy).len() > 1 {
        missing.push("userRegistrationDetails");
    }
    if evidence.password_changeable == Match::Unknown {
        missing.push(if evidence.synced == Match::Yes { "password-writeback" } else { "users" });
    }
    missing
}

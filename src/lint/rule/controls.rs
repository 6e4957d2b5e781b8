//! Grant controls that do not go together, and policies without any (semantics 1.8, 3.2).

use crate::diagnostic::Severity;
use crate::lint::Lint;
use crate::lint::finding::{Found, quoted};
use crate::lint::subject::Subject;

/// `block` leaves nothing to grant.
pub(in crate::lint) const BLOCK_WITH_OTHERS: Lint = Lint {
    id: "block-with-other-controls",
    severity: Severity::Error,
    rule: "1.8",
    about: "block excludes every other grant control",
    check: |subject, found| {
        if subject.blocks() && subject.controls() > 1 {
            found.at(
                "grantControls",
                "`block` together with other controls: nothing but the block could take effect",
                "keep `block` alone, or leave it out",
            );
        }
    },
};

/// Session controls of a sign-in that has no session.
pub(in crate::lint) const BLOCK_WITH_SESSION: Lint = Lint {
    id: "block-with-session-controls",
    severity: Severity::Note,
    rule: "1.8",
    about: "session controls beside a block never take effect",
    check: |subject, found| {
        if subject.blocks() && subject.has_session() {
            found.at(
                "sessionControls",
                "a blocked sign-in has no session: these controls never take effect",
                "leave them out, so that nobody takes the policy for one that asks again",
            );
        }
    },
};

/// MFA twice.
pub(in crate::lint) const MFA_AND_STRENGTH: Lint = Lint {
    id: "mfa-and-strength",
    severity: Severity::Error,
    rule: "1.8",
    about: "MFA and an authentication strength in one policy",
    check: |subject, found| {
        if subject.requires("mfa") && subject.requires_strength() {
            found.at(
                "grantControls.authenticationStrength",
                "`mfa` and an authentication strength cannot be in the same policy",
                "keep the strength; the strength `00000000-0000-0000-0000-000000000002` is the same as `mfa`",
            );
        }
    },
};

/// Controls on their way out.
pub(in crate::lint) const RETIRED: Lint = Lint {
    id: "retired-control",
    severity: Severity::Warning,
    rule: "1.8",
    about: "a grant control that Microsoft retires",
    check: |subject, found| {
        if subject.requires("approvedApplication") {
            found.at(
                "grantControls.builtInControls",
                "`approvedApplication` is being retired (announced in March 2026)",
                "require `compliantApplication` (an app protection policy)",
            );
        }
    },
};

/// Several controls, and nothing says how they combine.
pub(in crate::lint) const NO_OPERATOR: Lint = Lint {
    id: "no-operator",
    severity: Severity::Error,
    rule: "1.8",
    about: "several grant controls without an operator",
    check: |subject, found| {
        if subject.controls() > 1 && subject.grant().operator.is_none() {
            found.at(
                "grantControls.operator",
                "several controls, and no operator says whether all are needed or one",
                "write `AND` or `OR`",
            );
        }
    },
};

/// A policy that asks for nothing.
pub(in crate::lint) const NO_CONTROLS: Lint = Lint {
    id: "no-controls",
    severity: Severity::Error,
    rule: "POL-1",
    about: "neither a grant control nor a session control that is on: the policy imposes nothing",
    check: |subject, found| {
        if subject.controls() == 0 && !subject.has_session() {
            found.at(
                "grantControls",
                "no grant control, and no session control that is on: the policy imposes nothing",
                "add a control; to watch sign-ins only, use report-only mode with the control you intend",
            );
        }
    },
};

/// Custom controls where MFA is meant.
pub(in crate::lint) const CUSTOM_IS_NO_MFA: Lint = Lint {
    id: "custom-control-is-no-mfa",
    severity: Severity::Note,
    rule: "3.5",
    about: "a custom control does not count as MFA",
    check: custom_is_no_mfa,
};

fn custom_is_no_mfa(subject: &Subject<'_>, found: &mut Found) {
    let custom = &subject.grant().custom_authentication_factors;
    if !custom.is_empty() && !subject.surely_requires_strong() {
        found.at(
            "grantControls.customAuthenticationFactors",
            format!("{} does not count as MFA, and ends no risk", quoted(custom)),
            "use an external authentication method with `mfa`, which counts",
        );
    }
}

//! One file a control: where it stands, given the evidence (3.2–3.7, C18–C24).

mod app;
mod device;
mod mfa;
mod other;
mod password;
mod session;
mod strength;

use crate::domain::{Ask, Span, folded};
use crate::policy::wire::{GrantControls, says_something};

use super::evidence::{Evidence, Needs};

pub use session::{Frequency, Session};

/// Where a control stands, mildest first (3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Satisfied.
    Satisfied,
    /// The user can be asked for it.
    Needed,
    /// Unsatisfied, and nothing the user does helps; or interactive but impossible here.
    Failed,
}

impl Standing {
    /// Everything between the mildest and the severest of an unknown control (C18).
    pub(super) fn unknown(worst: Standing) -> Span<Standing> {
        Span::new(Standing::Satisfied, worst)
    }
}

/// Whether a user is able to answer (C24), mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// They are.
    Able,
    /// They are not.
    Unable,
}

/// Both are possible.
pub(super) const ABILITY_UNKNOWN: [Ability; 2] = [Ability::Able, Ability::Unable];

/// A grant control of a policy. Adding one breaks every `match` until it is answered for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// `block`.
    Block,
    /// `mfa`, and the equivalent strength `…0002` (3.5); the flag says which it was written as.
    Mfa {
        /// Written as an authentication strength.
        as_strength: bool,
    },
    /// Any other strength, by its place in [`Needs::strengths`].
    Strength(usize),
    /// `compliantDevice`; the flag: of a policy on all resources (APP-13).
    CompliantDevice {
        /// The policy targets `All`.
        on_all: bool,
    },
    /// `domainJoinedDevice`.
    DomainJoinedDevice,
    /// `approvedApplication`.
    ApprovedApplication,
    /// `compliantApplication`.
    CompliantApplication,
    /// `passwordChange`.
    PasswordChange,
    /// `riskRemediation`.
    RiskRemediation,
    /// Terms of use, by their place in [`Needs::agreements`].
    TermsOfUse(usize),
    /// A custom control.
    Custom,
    /// `verifiedID`.
    VerifiedId,
    /// A word or member that we have no rule for (GRT-3, POL-4).
    Unknown(String),
}

/// Makes a control; the flag says whether the policy targets all resources (APP-13).
type Make = fn(bool) -> Control;

/// Built-in controls by Graph's names, folded. The list that grows.
const CONTROLS: &[(&str, Make)] = &[
    ("block", |_| Control::Block),
    ("mfa", |_| Control::Mfa { as_strength: false }),
    ("compliantdevice", |on_all| Control::CompliantDevice { on_all }),
    ("domainjoineddevice", |_| Control::DomainJoinedDevice),
    ("approvedapplication", |_| Control::ApprovedApplication),
    ("compliantapplication", |_| Control::CompliantApplication),
    ("passwordchange", |_| Control::PasswordChange),
    ("riskremediation", |_| Control::RiskRemediation),
    ("verifiedid", |_| Control::VerifiedId),
];

/// How the controls of a policy combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// All of them.
    And,
    /// One of them.
    Or,
    /// Several controls and no operator that we know: both are possible.
    Unread,
}

/// The grant controls of a policy.
#[derive(Clone, Debug)]
pub struct Grant {
    /// How they combine.
    pub operator: Operator,
    /// The controls, in the order of the policy.
    pub controls: Vec<Control>,
}

impl Grant {
    /// Reads the controls; strengths and agreements are noted in `needs`.
    pub fn read(wire: &GrantControls, on_all: bool, needs: &mut Needs) -> Grant {
        let mut controls: Vec<Control> = Vec::new();
        for word in &wire.built_in_controls {
            let known = CONTROLS.iter().find(|(name, _)| *name == folded(word));
            controls.push(known.map_or_else(|| Control::Unknown(word.clone()), |(_, control)| control(on_all)));
        }
        if let Some(strength) = &wire.authentication_strength {
            controls.push(strength::read(strength, needs));
        }
        controls.extend(wire.terms_of_use.iter().map(|id| Control::TermsOfUse(needs.agreement(id))));
        controls.extend(wire.custom_authentication_factors.iter().map(|_| Control::Custom));
        let unread = wire.rest.iter().filter(|(name, value)| !name.contains('@') && says_something(value));
        controls.extend(unread.map(|(name, _)| Control::Unknown(name.clone())));
        let operator = match wire.operator.as_deref().map(folded).as_deref() {
            Some("and") => Operator::And,
            Some("or") => Operator::Or,
            // One control: the operator is irrelevant (GRT-2).
            _ if controls.len() < 2 => Operator::And,
            _ => Operator::Unread,
        };
        Grant { operator, controls }
    }

    /// Whether the policy wants proof of MFA: with every time, that proof must be fresh (C23, C25).
    #[must_use]
    pub fn wants_mfa(&self) -> bool {
        self.controls.iter().any(|control| matches!(control, Control::Mfa { .. } | Control::Strength(_)))
    }
}

impl Control {
    /// Where the control stands.
    #[must_use]
    pub fn standing(&self, evidence: &Evidence, external: bool) -> Span<Standing> {
        let standing = match self {
            Control::Block => Span::certain(Standing::Failed),
            Control::Mfa { .. } => mfa::standing(evidence, external),
            Control::Strength(place) => strength::standing(evidence, *place),
            Control::CompliantDevice { on_all } => device::compliant(evidence, external, *on_all),
            Control::DomainJoinedDevice => device::hybrid_joined(evidence, external),
            Control::ApprovedApplication => app::approved(evidence),
            Control::CompliantApplication => app::protected(evidence),
            // Never by log evidence: there they were either not asked, or the answer is not recorded (3.5).
            Control::PasswordChange | Control::RiskRemediation => Span::certain(Standing::Needed),
            Control::TermsOfUse(place) => other::terms_of_use(evidence, *place),
            Control::Custom | Control::VerifiedId => Standing::unknown(Standing::Needed),
            Control::Unknown(_) => Standing::unknown(Standing::Failed),
        };
        // A legacy client can answer nothing and shows no device (3.6, C18).
        if evidence.legacy {
            span_map(standing, |one| if one == Standing::Needed { Standing::Failed } else { one })
        } else {
            standing
        }
    }

    /// Whether the user can answer when asked for it (C24): both, where that is open.
    #[must_use]
    pub fn abilities(&self, evidence: &Evidence, external: bool, in_risk_policy: bool) -> &'static [Ability] {
        match self {
            Control::Mfa { .. } => mfa::abilities(evidence, external, in_risk_policy),
            Control::Strength(place) => strength::abilities(evidence, *place, in_risk_policy),
            Control::PasswordChange => password::change_abilities(evidence, external, in_risk_policy),
            Control::RiskRemediation => password::remediation_abilities(evidence, external, in_risk_policy),
            Control::Block
            | Control::CompliantDevice { .. }
            | Control::DomainJoinedDevice
            | Control::ApprovedApplication
            | Control::CompliantApplication
            | Control::TermsOfUse(_)
            | Control::Custom
            | Control::VerifiedId
            | Control::Unknown(_) => &[Ability::Able],
        }
    }

    /// What the user is asked for, if the control is one that asks.
    #[must_use]
    pub fn ask(&self) -> Option<Ask> {
        Some(match self {
            Control::Mfa { as_strength: false } => Ask::Mfa,
            Control::Mfa { as_strength: true } | Control::Strength(_) => Ask::AuthenticationStrength,
            Control::PasswordChange => Ask::PasswordChange,
            Control::RiskRemediation => Ask::RiskRemediation,
            Control::TermsOfUse(_) => Ask::TermsOfUse,
            Control::Custom => Ask::Custom,
            Control::VerifiedId => Ask::VerifiedId,
            Control::Block
            | Control::CompliantDevice { .. }
            | Control::DomainJoinedDevice
            | Control::ApprovedApplication
            | Control::CompliantApplication
            | Control::Unknown(_) => return None,
        })
    }

    /// The name in the `unmet` column: Graph's, where Graph has one.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Control::Block => "block",
            Control::Mfa { as_strength: false } => "mfa",
            Control::Mfa { as_strength: true } | Control::Strength(_) => "authenticationStrength",
            Control::CompliantDevice { .. } => "compliantDevice",
            Control::DomainJoinedDevice => "domainJoinedDevice",
            Control::ApprovedApplication => "approvedApplication",
            Control::CompliantApplication => "compliantApplication",
            Control::PasswordChange => "passwordChange",
            Control::RiskRemediation => "riskRemediation",
            Control::TermsOfUse(_) => "termsOfUse",
            Control::Custom => "customAuthenticationFactors",
            Control::VerifiedId => "verifiedID",
            Control::Unknown(word) => word,
        }
    }

    /// Facts that would settle where an unknown control stands.
    #[must_use]
    pub fn missing(&self, evidence: &Evidence, external: bool) -> Vec<&'static str> {
        match self {
            Control::Mfa { .. } => mfa::missing(evidence, external),
            Control::Strength(place) => strength::missing(evidence, *place),
            Control::CompliantDevice { .. } | Control::DomainJoinedDevice => device::missing(evidence, external),
            Control::ApprovedApplication | Control::CompliantApplication => vec!["appliedConditionalAccessPolicies"],
            Control::TermsOfUse(_) => vec!["agreementAcceptances"],
            Control::Custom => vec!["customAuthenticationFactors"],
            Control::VerifiedId => vec!["verifiedId"],
            Control::Unknown(_) => vec!["policy"],
            Control::Block | Control::PasswordChange | Control::RiskRemediation => Vec::new(),
        }
    }

    /// Facts that would settle whether the user can answer.
    #[must_use]
    pub fn missing_ability(&self, evidence: &Evidence, in_risk_policy: bool) -> Vec<&'static str> {
        match self {
            Control::PasswordChange => password::missing(evidence, in_risk_policy),
            _ => vec!["userRegistrationDetails"],
        }
    }
}

pub(super) fn span_map(span: Span<Standing>, change: impl Fn(Standing) -> Standing) -> Span<Standing> {
    Span::new(change(span.least()), change(span.most()))
}

//! What the rows and the tenant say about controls: one small value an attempt, of which few are distinct.

use crate::attempt::mfa::MfaState;
use crate::domain::spelling::RecordedPlatform;
use crate::domain::{History, Match, Strength, fold, folded};
use crate::frame::{AppliedPolicy, Time};
use crate::policy::wire::AuthenticationStrength;
use crate::tenant::Tenant;

/// What the candidates need to know that only some policies ask: collected while they are compiled.
#[derive(Debug, Default)]
pub struct Needs {
    /// Strengths other than `…0002`; none where the combinations are unknown.
    pub strengths: Vec<Option<Strength>>,
    /// Agreements, folded.
    pub agreements: Vec<String>,
    /// Windows of sign-in frequencies, in microseconds.
    pub windows: Vec<Time>,
    known_strengths: Vec<(String, Strength)>,
}

impl Needs {
    /// Nothing asked yet; the tenant's strengths are at hand.
    #[must_use]
    pub fn new(tenant: &Tenant, wires: &[&AuthenticationStrength]) -> Needs {
        let known_strengths = wires
            .iter()
            .filter_map(|wire| wire.id.as_deref())
            .filter_map(|id| tenant.strengths.combinations(id).map(|strength| (folded(id), strength.clone())))
            .collect();
        Needs { known_strengths, ..Needs::default() }
    }

    /// The place of a strength: by its own combinations, else by those that its id is known for.
    ///
    /// A policy's export hardly ever writes restrictions out; those of the tenant's export hold besides (C32).
    pub fn strength(&mut self, wire: &AuthenticationStrength) -> usize {
        let id = wire.id.as_deref().map(folded).unwrap_or_default();
        let known = self.known_strengths.iter().find(|(known, _)| *known == id).map(|(_, strength)| strength.clone());
        let strength = match (Strength::from_wire(wire), known) {
            (Some(mut own), known) => {
                own.configured.extend(known.map(|known| known.configured).unwrap_or_default());
                Some(own)
            }
            (None, known) => known.map(|known| known.restricted_by(wire)),
        };
        self.strengths.push(strength);
        self.strengths.len() - 1
    }

    /// The place of an agreement.
    pub fn agreement(&mut self, id: &str) -> usize {
        place_of(&mut self.agreements, folded(id))
    }

    /// The place of a window.
    pub fn window(&mut self, window: Time) -> usize {
        place_of(&mut self.windows, window)
    }
}

pub(super) fn place_of<T: PartialEq>(list: &mut Vec<T>, value: T) -> usize {
    list.iter().position(|known| *known == value).unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    })
}

/// Everything about an attempt that a control, an ability or an effect reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// What happened (C7).
    pub history: History,
    /// Evidence of MFA (C19).
    pub mfa: MfaState,
    /// Fresh, because an existing requirement had asked (C25).
    pub demanded: bool,
    /// A row up to the terminal one asked for MFA or a fresh sign-in (C25).
    pub asked_mfa: bool,
    /// A row up to the terminal one asked for a password change (C25).
    pub asked_password: bool,
    /// Whether the user is external (C9).
    pub external: Match,
    /// Inbound trust for MFA of the home tenant (C33).
    pub mfa_trust: Match,
    /// Inbound trust for devices of the home tenant.
    pub device_trust: Match,
    /// A recorded legacy client (3.6).
    pub legacy: bool,
    /// Whether the client is a browser; a client that we do not know may be one.
    pub browser: Match,
    /// Device code flow, in which no device can be shown (FLO-6).
    pub device_code: bool,
    /// Recorded platform.
    pub platform: RecordedPlatform,
    /// The resource is Intune Enrollment (APP-13).
    pub intune_enrollment: bool,
    /// Whether a device id is recorded; unknown where the device cannot be read.
    pub has_device_id: Match,
    /// Recorded compliance of a registered device.
    pub compliant: Match,
    /// Recorded hybrid join of a registered device.
    pub hybrid_joined: Match,
    /// How a recorded policy with `RequireCompliantDevice` alone stood (C28).
    pub recorded_compliance: Match,
    /// How a recorded policy with `RequireDomainJoinedDevice` alone stood (C28).
    pub recorded_hybrid_join: Match,
    /// A recorded policy asked for device state on this row (C21).
    pub device_was_asked: bool,
    /// A recorded policy with an approved app alone succeeded (C22).
    pub approved_app_recorded: bool,
    /// A recorded policy with an app protection policy alone succeeded (C22).
    pub protected_app_recorded: bool,
    /// Whether the session token is bound to the device.
    pub token_bound: Match,
    /// Whether the newest performed step is young enough: for the tolerance, then for each window.
    pub newest_step_fits: Option<Box<[bool]>>,
    /// Whether the methods used hold a combination of each strength (C20).
    pub strengths_met: Box<[Match]>,
    /// Whether registered methods hold a combination of each strength (C24).
    pub strengths_registered: Box<[Match]>,
    /// Whether the combinations of each strength are known.
    pub strengths_read: Box<[bool]>,
    /// Whether each agreement was accepted.
    pub accepted: Box<[Match]>,
    /// The registration report lists the user.
    pub in_report: bool,
    /// What the report says about MFA.
    pub mfa_capable: Match,
    /// The user's own attempts show MFA (C24).
    pub shown_mfa: bool,
    /// Whether a password can be changed in the cloud (6.5).
    pub password_changeable: Match,
    /// Whether the user is synced from on-premises.
    pub synced: Match,
}

/// Distinct evidence, and the code of each attempt.
#[derive(Debug)]
pub struct EvidenceTable {
    /// Distinct values.
    pub values: Vec<Evidence>,
    /// One code an attempt.
    pub codes: Vec<u32>,
}

/// Whether an entry may be evidence of a device or of an app (C21, C22, C28).
#[must_use]
pub fn is_recorded_control(entry: &AppliedPolicy) -> bool {
    let controls = ["requirecompliantdevice", "requiredomainjoineddevice", "requireapprovedapp", "requirecompliantapp"];
    entry.enforced_grant_controls.iter().any(|control| controls.contains(&&*fold(control)))
}

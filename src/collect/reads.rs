//! What policies look at in the facts of a tenant.
//!
//! Closed over conditions and controls: a member that the wire model gains, and a control that the
//! compiler gains, must be answered for here before the crate builds again.

use std::collections::BTreeSet;

use crate::compile::condition::{COMPLIANT_NETWORK, MFA_TRUSTED_IPS};
use crate::compile::control::{Control, Frequency, Grant, Session};
use crate::compile::device_filter::{asks_directory, parse};
use crate::compile::evidence;
use crate::diagnostic::{Diagnostics, Origin};
use crate::domain::{Strength, folded};
use crate::policy::Candidate;
use crate::policy::wire::{Applications, Conditions, Devices, Filter, Locations, Policy, Users};
use crate::tenant::Tenant;

/// Everything that a set of policies looks at, of all of them together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reads {
    /// Members of these groups, folded and certainly ids.
    pub(super) groups: BTreeSet<String>,
    /// Holders of these roles, by template id.
    pub(super) roles: BTreeSet<String>,
    /// Acceptances of these terms of use.
    pub(super) agreements: BTreeSet<String>,
    /// Named locations.
    pub(super) named_locations: bool,
    /// The trusted addresses of the legacy MFA settings.
    pub(super) trusted_ips: bool,
    /// Which kind of guest somebody is, as a condition or because controls treat external users otherwise (C9, C19).
    pub(super) guests: bool,
    /// Whether passwords can be changed, which depends on where users come from (C24).
    pub(super) passwords: bool,
    /// Sign-in risk.
    pub(super) sign_in_risk: bool,
    /// User risk.
    pub(super) user_risk: bool,
    /// What users have registered: asked in risk policies only, since elsewhere registration is offered (C24).
    pub(super) registration: bool,
    /// Attributes of devices that no row records (C16).
    pub(super) devices: bool,
    /// Strengths that are not built in.
    pub(super) strengths: bool,
    /// Who owns applications, which says what is not in `Office365` (C11).
    pub(super) owners: bool,
    /// Trust in other tenants' MFA claims.
    pub(super) mfa_trust: bool,
    /// Trust in other tenants' claims of compliance.
    pub(super) compliance_trust: bool,
    /// Trust in other tenants' claims of a hybrid join.
    pub(super) hybrid_trust: bool,
    /// What stands where an id of a group, a role or terms of use belongs, with that word.
    pub(super) left_out: BTreeSet<(&'static str, String)>,
}

impl Reads {
    /// What these policies look at. Words where an id belongs are complained of and left out.
    pub(super) fn of(candidates: &[Candidate], diagnostics: &mut Diagnostics) -> Reads {
        let mut reads = Reads::default();
        for Candidate { policy, origin, .. } in candidates {
            let mut reader = Reader { reads: &mut reads, origin, diagnostics: &mut *diagnostics };
            reader.conditions(&policy.conditions);
            reader.controls(policy);
        }
        reads
    }
}

/// Reads one policy.
struct Reader<'a> {
    reads: &'a mut Reads,
    origin: &'a Origin,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn conditions(&mut self, conditions: &Conditions) {
        let Conditions {
            users,
            applications,
            locations,
            sign_in_risk_levels,
            user_risk_levels,
            devices,
            // The row alone answers for these, or nothing does.
            client_applications: _,
            client_app_types: _,
            platforms: _,
            service_principal_risk_levels: _,
            insider_risk_levels: _,
            device_states: _,
            authentication_flows: _,
            rest: _,
        } = conditions;
        self.users(users);
        self.applications(applications);
        self.locations(locations.as_ref());
        self.devices(devices);
        self.reads.sign_in_risk |= !sign_in_risk_levels.is_empty();
        self.reads.user_risk |= !user_risk_levels.is_empty();
    }

    fn users(&mut self, users: &Users) {
        let Users {
            include_users,
            exclude_users,
            include_groups,
            exclude_groups,
            include_roles,
            exclude_roles,
            include_guests_or_external_users,
            exclude_guests_or_external_users,
            rest: _,
        } = users;
        let groups = self.ids("group", include_groups.iter().chain(exclude_groups));
        let roles = self.ids("role", include_roles.iter().chain(exclude_roles));
        self.reads.groups.extend(groups);
        self.reads.roles.extend(roles);
        self.reads.guests |= include_guests_or_external_users.is_some()
            || exclude_guests_or_external_users.is_some()
            || include_users.iter().chain(exclude_users).any(|token| folded(token) == "guestsorexternalusers");
    }

    fn applications(&mut self, applications: &Applications) {
        let Applications {
            include_applications,
            exclude_applications,
            // In the row, or nowhere: custom security attributes are not read (APP-11).
            include_user_actions: _,
            include_authentication_context_class_references: _,
            application_filter: _,
            rest: _,
        } = applications;
        self.reads.owners |=
            include_applications.iter().chain(exclude_applications).any(|token| folded(token) == "office365");
    }

    fn locations(&mut self, locations: Option<&Locations>) {
        let Some(Locations { include_locations, exclude_locations, rest: _ }) = locations else { return };
        for token in include_locations.iter().chain(exclude_locations) {
            match folded(token).as_str() {
                "all" | COMPLIANT_NETWORK => {}
                MFA_TRUSTED_IPS => self.reads.trusted_ips = true,
                "alltrusted" => (self.reads.trusted_ips, self.reads.named_locations) = (true, true),
                _ => self.reads.named_locations = true,
            }
        }
    }

    fn devices(&mut self, devices: &Devices) {
        let Devices {
            device_filter,
            // The row records whether a device is compliant or joined (2.11).
            include_devices: _,
            exclude_devices: _,
            include_device_states: _,
            exclude_device_states: _,
            rest: _,
        } = devices;
        let Some(Filter { rule: Some(rule), mode: _, rest: _ }) = device_filter else { return };
        // A rule that does not parse decides nothing, whatever is known of devices (C16).
        self.reads.devices |= parse(rule).is_ok_and(|rule| asks_directory(&rule));
    }

    fn controls(&mut self, policy: &Policy) {
        let Policy { conditions, grant_controls, session_controls, .. } = policy;
        let mut needs = evidence::Needs::new(&Tenant::empty(), &[]);
        let grant = Grant::read(grant_controls, false, &mut needs);
        let session = Session::read(session_controls, grant.wants_mfa(), &mut needs);
        let in_risk_policy = !conditions.sign_in_risk_levels.is_empty() || !conditions.user_risk_levels.is_empty();
        for control in &grant.controls {
            self.control(control, in_risk_policy);
        }
        // Every time asks for MFA where MFA is wanted: in a risk policy, whoever cannot answer is blocked (C24).
        if in_risk_policy && session.frequency == Some(Frequency::EveryTimeMfa) && grant.wants_mfa() {
            self.mfa(in_risk_policy);
        }
        let agreements = self.ids("terms of use agreement", grant_controls.terms_of_use.iter());
        self.reads.agreements.extend(agreements);
        let id = grant_controls.authentication_strength.as_ref().and_then(|strength| strength.id.as_deref());
        // The restrictions of a strength of the tenant are told by its export alone (C32).
        self.reads.strengths |=
            id.map(folded).is_some_and(|id| Strength::BUILT_IN.iter().all(|(known, _)| *known != id));
    }

    fn control(&mut self, control: &Control, in_risk_policy: bool) {
        match control {
            Control::Mfa { .. } => self.mfa(in_risk_policy),
            Control::Strength(_) => self.reads.registration |= in_risk_policy,
            Control::CompliantDevice { .. } => {
                (self.reads.guests, self.reads.compliance_trust) = (true, true);
            }
            Control::DomainJoinedDevice => (self.reads.guests, self.reads.hybrid_trust) = (true, true),
            Control::PasswordChange => {
                (self.reads.guests, self.reads.passwords) = (true, true);
                self.reads.registration |= in_risk_policy;
            }
            Control::RiskRemediation => {
                self.reads.guests = true;
                self.reads.registration |= in_risk_policy;
            }
            // Terms of use are read by their ids; the others, from the row or not at all.
            Control::TermsOfUse(_)
            | Control::Block
            | Control::ApprovedApplication
            | Control::CompliantApplication
            | Control::Custom
            | Control::VerifiedId
            | Control::Unknown(_) => {}
        }
    }

    fn mfa(&mut self, in_risk_policy: bool) {
        (self.reads.guests, self.reads.mfa_trust) = (true, true);
        self.reads.registration |= in_risk_policy;
    }

    /// Folded ids. Whatever else stands in their place cannot be asked for, and is nothing to put into a script.
    fn ids<'p>(&mut self, of: &'static str, tokens: impl Iterator<Item = &'p String>) -> BTreeSet<String> {
        let (ids, words): (BTreeSet<String>, BTreeSet<String>) =
            tokens.map(|token| folded(token)).partition(|token| is_id(token));
        for word in words {
            let message = format!("`{word}` is not the id of a {of}: it is not exported, and stays unknown");
            self.diagnostics.warn(self.origin.clone(), message, "replace it with an object id from the tenant");
            self.reads.left_out.insert((of, word));
        }
        ids
    }
}

/// Whether a text is an id as Microsoft Entra gives them: 8-4-4-4-12 hexadecimal digits.
fn is_id(text: &str) -> bool {
    let mut parts = text.split('-');
    let lengths = [8, 4, 4, 4, 12];
    let fits = |length: usize, part: &str| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    lengths.into_iter().all(|length| parts.next().is_some_and(|part| fits(length, part))) && parts.next().is_none()
}

//! A policy as lints look at it: the wire model, with the questions that several of them ask.

use crate::domain::{ClientApp, GuestType, Platform, RiskLevel, Spelled, Word, folded};
use crate::policy::wire::{
    Applications, Conditions, GrantControls, Guests, Policy, SignInFrequency, Users, says_something,
};
use crate::policy::{Candidate, Written};
use crate::tenant::Tenant;

/// Built-in controls by Graph's names (1.8).
pub(super) const BUILT_IN_CONTROLS: [&str; 9] = [
    "block",
    "mfa",
    "compliantDevice",
    "domainJoinedDevice",
    "approvedApplication",
    "compliantApplication",
    "passwordChange",
    "riskRemediation",
    "verifiedID",
];

/// Built-in controls that ask for proof of more than a password, or that end a risk.
const STRONG: [&str; 3] = ["mfa", "passwordchange", "riskremediation"];

/// What a lint looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    pub(super) policy: &'a Policy,
    pub(super) written: &'a Written,
    /// Policies that are enforced together with it; it may be one of them.
    pub(super) set: &'a [&'a Candidate],
    pub(super) tenant: &'a Tenant,
}

/// The six kinds of guests; `none` is no kind.
pub(super) const GUEST_TYPES: [GuestType; 6] = [
    GuestType::InternalGuest,
    GuestType::B2bCollaborationGuest,
    GuestType::B2bCollaborationMember,
    GuestType::B2bDirectConnectUser,
    GuestType::OtherExternalUser,
    GuestType::ServiceProvider,
];

/// Whether a list holds a token such as `All`.
pub(super) fn holds(list: &[String], token: &str) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(token))
}

/// Known words of a list.
pub(super) fn known<T: Spelled>(list: &[Word<T>]) -> impl Iterator<Item = T> {
    list.iter().filter_map(Word::known)
}

impl<'a> Subject<'a> {
    pub(super) fn conditions(&self) -> &'a Conditions {
        &self.policy.conditions
    }

    pub(super) fn users(&self) -> &'a Users {
        &self.policy.conditions.users
    }

    pub(super) fn applications(&self) -> &'a Applications {
        &self.policy.conditions.applications
    }

    pub(super) fn grant(&self) -> &'a GrantControls {
        &self.policy.grant_controls
    }

    /// Whether a built-in control is there.
    pub(super) fn requires(&self, control: &str) -> bool {
        holds(&self.grant().built_in_controls, control)
    }

    /// Whether an authentication strength is there.
    pub(super) fn requires_strength(&self) -> bool {
        self.grant().authentication_strength.is_some()
    }

    /// Whether MFA is among the controls, as a control or as a strength.
    pub(super) fn requires_mfa(&self) -> bool {
        self.requires("mfa") || self.requires_strength()
    }

    pub(super) fn blocks(&self) -> bool {
        self.requires("block")
    }

    /// How many grant controls there are; a strength is one (GRT-2), and so is a member that we do not know.
    pub(super) fn controls(&self) -> usize {
        let grant = self.grant();
        let unread = grant.rest.values().filter(|value| says_something(value)).count();
        grant.built_in_controls.len()
            + grant.terms_of_use.len()
            + grant.custom_authentication_factors.len()
            + usize::from(self.requires_strength())
            + unread
    }

    /// Whether a control is one that this program cannot read: then nothing is said of what the others lack (POL-4).
    pub(super) fn has_unread_control(&self) -> bool {
        let grant = self.grant();
        let unread = |word: &String| !BUILT_IN_CONTROLS.iter().any(|known| known.eq_ignore_ascii_case(word));
        grant.built_in_controls.iter().any(unread) || grant.rest.values().any(says_something)
    }

    /// Controls that we can read and that are not among these; a strength is not looked at.
    pub(super) fn controls_besides(&self, allowed: &[&str]) -> Vec<&'a str> {
        let grant = self.grant();
        let is_one_of = |word: &str, words: &[&str]| words.iter().any(|one| one.eq_ignore_ascii_case(word));
        let mut others: Vec<&str> = grant.built_in_controls.iter().map(String::as_str).collect();
        others.retain(|word| is_one_of(word, &BUILT_IN_CONTROLS) && !is_one_of(word, allowed));
        others.extend((!grant.terms_of_use.is_empty()).then_some("termsOfUse"));
        others.extend((!grant.custom_authentication_factors.is_empty()).then_some("customAuthenticationFactors"));
        others
    }

    /// Whether one of several controls is enough. A single control makes the operator irrelevant (GRT-2).
    pub(super) fn is_or(&self) -> bool {
        self.controls() > 1 && self.grant().operator.as_deref().is_some_and(|operator| folded(operator) == "or")
    }

    /// Whether whoever satisfies the controls has proved more than a password: of AND one control does that, of OR all.
    pub(super) fn surely_requires_strong(&self) -> bool {
        let strong = |control: &&String| STRONG.contains(&folded(control).as_str());
        let strong =
            self.grant().built_in_controls.iter().filter(strong).count() + usize::from(self.requires_strength());
        if self.is_or() { strong == self.controls() } else { strong > 0 }
    }

    /// The sign-in frequency, if it is on.
    pub(super) fn frequency(&self) -> Option<&'a SignInFrequency> {
        self.policy.session_controls.sign_in_frequency.as_ref().filter(|it| it.is_enabled != Some(false))
    }

    /// Whether the policy asks again every time.
    pub(super) fn every_time(&self) -> bool {
        let interval = self.frequency().and_then(|it| it.frequency_interval.as_deref());
        interval.is_some_and(|interval| folded(interval) == "everytime")
    }

    /// Whether a session control is on.
    pub(super) fn has_session(&self) -> bool {
        let session = &self.policy.session_controls;
        let toggles = [
            &session.secure_sign_in_session,
            &session.persistent_browser,
            &session.cloud_app_security,
            &session.application_enforced_restrictions,
            &session.continuous_access_evaluation,
            &session.global_secure_access_filtering_profile,
        ];
        self.frequency().is_some()
            || toggles.into_iter().flatten().any(|toggle| toggle.is_enabled != Some(false))
            || session.disable_resilience_defaults == Some(true.into())
            // A control that we do not know may be on.
            || session.rest.values().any(says_something)
    }

    /// Whether the policy is for workload identities.
    pub(super) fn is_for_workloads(&self) -> bool {
        self.conditions().client_applications.values().any(says_something)
    }

    /// Whether users, groups, roles or guests are included.
    pub(super) fn includes_people(&self) -> bool {
        let users = self.users();
        users.include_users.iter().any(|token| folded(token) != "none")
            || !users.include_groups.is_empty()
            || !users.include_roles.is_empty()
            || self.includes_guest_types()
    }

    /// Whether kinds of guests are included.
    pub(super) fn includes_guest_types(&self) -> bool {
        let types = |guests: &Guests| {
            guests.guest_or_external_user_types.iter().any(|word| word.known() != Some(GuestType::None))
        };
        self.users().include_guests_or_external_users.as_ref().is_some_and(types)
    }

    /// Whether every user is included.
    pub(super) fn includes_all_users(&self) -> bool {
        holds(&self.users().include_users, "All")
    }

    /// Whether every resource is included.
    pub(super) fn includes_all_resources(&self) -> bool {
        holds(&self.applications().include_applications, "All")
    }

    /// Whether client apps are limited.
    pub(super) fn limits_clients(&self) -> bool {
        let types = &self.conditions().client_app_types;
        !types.is_empty() && !known(types).any(|client| client == ClientApp::All)
    }

    /// Platforms that the policy may apply to, of those that policies name. All of them if nothing limits it (PLT-1).
    pub(super) fn platforms(&self) -> Vec<Platform> {
        let Some(platforms) = &self.conditions().platforms else { return ALL_PLATFORMS.to_vec() };
        let include: Vec<Platform> = known(&platforms.include_platforms).collect();
        let exclude: Vec<Platform> = known(&platforms.exclude_platforms).collect();
        let all = platforms.include_platforms.is_empty() || include.contains(&Platform::All);
        let excludes_all = exclude.contains(&Platform::All);
        let applies =
            |platform: &Platform| !excludes_all && !exclude.contains(platform) && (all || include.contains(platform));
        ALL_PLATFORMS.into_iter().filter(applies).collect()
    }

    /// Whether platforms are limited.
    pub(super) fn limits_platforms(&self) -> bool {
        self.conditions().platforms.as_ref().is_some_and(|platforms| {
            !platforms.exclude_platforms.is_empty()
                || !(platforms.include_platforms.is_empty()
                    || known(&platforms.include_platforms).any(|platform| platform == Platform::All))
        })
    }

    /// The state, folded.
    pub(super) fn state(&self) -> String {
        self.policy.state.as_deref().map(folded).unwrap_or_default()
    }

    pub(super) fn is_report_only(&self) -> bool {
        self.state() == "enabledforreportingbutnotenforced"
    }

    /// Guests that are left out whatever their tenant.
    pub(super) fn excludes_guest(&self, kind: GuestType) -> bool {
        let users = self.users();
        holds(&users.exclude_users, "GuestsOrExternalUsers")
            || users.exclude_guests_or_external_users.as_ref().is_some_and(|guests| {
                of_every_tenant(guests) && known(&guests.guest_or_external_user_types).any(|one| one == kind)
            })
    }
}

/// The platforms that policies name (1.3).
pub(super) const ALL_PLATFORMS: [Platform; 6] =
    [Platform::Android, Platform::Ios, Platform::Windows, Platform::WindowsPhone, Platform::MacOs, Platform::Linux];

/// Whether guests are meant whatever their tenant: no list of tenants, or all of them (trap 23).
pub(super) fn of_every_tenant(guests: &Guests) -> bool {
    guests.external_tenants.as_ref().is_none_or(|tenants| {
        tenants.members.is_empty() && tenants.membership_kind.as_deref().is_none_or(|kind| folded(kind) == "all")
    })
}

/// The risk levels that are a risk, ascending.
pub(super) const RISKS: [RiskLevel; 3] = [RiskLevel::Low, RiskLevel::Medium, RiskLevel::High];

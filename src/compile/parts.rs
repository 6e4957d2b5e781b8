//! What single things say about controls: the person, the client, the device, the recorded policies.

use crate::domain::{ClientApp, Match, MethodModes, fold};
use crate::frame::{AppliedPolicy, Device};
use crate::tenant::Tenant;

use super::condition::person;
use super::device_filter::TrustType;
use super::dimension::Person;
use super::evidence::Needs;

/// The part that depends on the person alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct OfPerson {
    pub(super) external: Match,
    pub(super) mfa_trust: Match,
    pub(super) device_trust: Match,
    pub(super) in_report: bool,
    pub(super) mfa_capable: Match,
    pub(super) password_changeable: Match,
    pub(super) synced: Match,
    pub(super) strengths_registered: Box<[Match]>,
}

/// What the client alone says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OfClient {
    pub(super) legacy: bool,
    pub(super) browser: Match,
}

impl OfClient {
    pub(super) fn read(client: Option<ClientApp>) -> OfClient {
        OfClient {
            legacy: client.is_some_and(ClientApp::is_legacy),
            browser: Match::from(client.map(|client| client == ClientApp::Browser)),
        }
    }
}

/// What the device alone says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OfDevice {
    pub(super) has_device_id: Match,
    pub(super) compliant: Match,
    pub(super) hybrid_joined: Match,
}

impl OfDevice {
    pub(super) fn read(device: &Device) -> OfDevice {
        let has_id = device.device_id.as_deref().is_some_and(|id| !id.trim().is_empty());
        OfDevice {
            has_device_id: if device.is_unread { Match::Unknown } else { Match::from(has_id) },
            compliant: Match::from(device.is_compliant),
            hybrid_joined: match device.trust_type.as_deref().map(TrustType::read) {
                Some(Some(trust)) => Match::from(trust == TrustType::ServerAd),
                Some(None) | None => Match::Unknown,
            },
        }
    }
}

/// What the recorded policies alone say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OfList {
    pub(super) compliance: Match,
    pub(super) hybrid_join: Match,
    pub(super) asked_for_device: bool,
    pub(super) approved_app: bool,
    pub(super) protected_app: bool,
}

impl OfList {
    pub(super) fn read<'a>(applied: impl Iterator<Item = &'a AppliedPolicy> + Clone, challenged: bool) -> OfList {
        OfList {
            compliance: recorded(applied.clone(), "requirecompliantdevice", challenged),
            hybrid_join: recorded(applied.clone(), "requiredomainjoineddevice", challenged),
            asked_for_device: applied.clone().any(asked_for_device),
            approved_app: recorded(applied.clone(), "requireapprovedapp", false) == Match::Yes,
            protected_app: recorded(applied, "requirecompliantapp", false) == Match::Yes,
        }
    }
}

pub(super) fn of_person(person: &Person, tenant: &Tenant, needs: &Needs) -> OfPerson {
    let details = tenant
        .registration
        .as_ref()
        .and_then(|report| report.find(person.user_id.as_deref(), person.user_principal_name.as_deref()));
    let user = person.user_id.as_deref().and_then(|id| tenant.users.as_ref()?.find(id));
    let synced = Match::from(user.and_then(|user| user.on_premises_sync));
    let writeback = Match::from(tenant.settings.password_writeback);
    OfPerson {
        external: person::external(person, tenant),
        mfa_trust: tenant.settings.inbound_mfa_trust.of(person.home_tenant.as_deref()),
        device_trust: tenant.settings.inbound_device_trust.of(person.home_tenant.as_deref()),
        in_report: details.is_some(),
        mfa_capable: Match::from(details.and_then(|details| details.mfa_capable)),
        // Writeback makes every password changeable; without it those of cloud users are (C24).
        password_changeable: match (writeback, synced) {
            (Match::Yes, _) | (_, Match::No) => Match::Yes,
            (Match::No, Match::Yes) => Match::No,
            (Match::No | Match::Unknown, Match::Unknown) | (Match::Unknown, Match::Yes) => Match::Unknown,
        },
        synced,
        strengths_registered: needs
            .strengths
            .iter()
            .map(|strength| match (strength, details) {
                // A password is taken as registered (C34).
                (Some(strength), Some(details)) if details.lists_methods => {
                    let password = MethodModes::named("password").unwrap_or_default();
                    match strength.met_by(details.methods.with(password)) {
                        // A method that we do not know may be the one that fits.
                        Match::No if !details.unread.is_empty() => Match::Unknown,
                        met => met,
                    }
                }
                _ => Match::Unknown,
            })
            .collect(),
    }
}

/// How a recorded policy with this one control stood (C28).
fn recorded<'a>(applied: impl Iterator<Item = &'a AppliedPolicy>, control: &str, on_a_challenge: bool) -> Match {
    let mut answer = Match::Unknown;
    for policy in applied {
        let [only] = policy.enforced_grant_controls.as_slice() else { continue };
        if fold(only) != control {
            continue;
        }
        match &*fold(&policy.result) {
            "success" | "reportonlysuccess" => return Match::Yes,
            "failure" | "reportonlyfailure" if !on_a_challenge => answer = Match::No,
            _ => {}
        }
    }
    answer
}

/// A recorded policy asked for device state on this row (C21): it did so only if it came to a result.
fn asked_for_device(policy: &AppliedPolicy) -> bool {
    let controls = ["requirecompliantdevice", "requiredomainjoineddevice"];
    let results = ["success", "failure", "reportonlysuccess", "reportonlyfailure", "reportonlyinterrupted"];
    policy.enforced_grant_controls.iter().any(|control| controls.contains(&&*fold(control)))
        && results.contains(&&*fold(&policy.result))
}

//! Which kinds of guest or external user a person may be (C9, USR-1, USR-2).

use crate::compile::answer::Answer;
use crate::compile::dimension::Person;
use crate::domain::{GuestType, Match, Word, folded};
use crate::policy::wire::{ExternalTenants, Guests};
use crate::tenant::{Tenant, UserType};

/// A kind of person: a guest type, or an internal member who is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A member of this tenant.
    Member,
    /// One of the guest types.
    Guest(GuestType),
}

impl Kind {
    /// Whether someone of this kind authenticates elsewhere (C19, C21, C24).
    #[must_use]
    pub fn is_external(self) -> bool {
        !matches!(self, Kind::Member | Kind::Guest(GuestType::InternalGuest | GuestType::None))
    }
}

/// The kinds that the row and the tenant facts leave open.
#[must_use]
pub fn kinds(person: &Person, tenant: &Tenant) -> Vec<Kind> {
    let user_type = person.user_type.as_deref();
    match person.cross_tenant_access_type.as_deref() {
        Some("b2bcollaboration") => collaboration(user_type),
        Some("b2bdirectconnect") => vec![Kind::Guest(GuestType::B2bDirectConnectUser)],
        Some("serviceprovider") => vec![Kind::Guest(GuestType::ServiceProvider)],
        Some("none") => internal(person, user_type, tenant),
        Some(_) => vec![Kind::Guest(GuestType::OtherExternalUser)],
        None => match (&person.home_tenant, &person.resource_tenant) {
            (Some(home), Some(resource)) if home != resource => collaboration(user_type),
            _ => internal(person, user_type, tenant),
        },
    }
}

fn collaboration(user_type: Option<&str>) -> Vec<Kind> {
    match user_type {
        Some("guest") => vec![Kind::Guest(GuestType::B2bCollaborationGuest)],
        Some("member") => vec![Kind::Guest(GuestType::B2bCollaborationMember)],
        _ => vec![Kind::Guest(GuestType::B2bCollaborationGuest), Kind::Guest(GuestType::B2bCollaborationMember)],
    }
}

fn internal(person: &Person, user_type: Option<&str>, tenant: &Tenant) -> Vec<Kind> {
    let listed = person.user_id.as_deref().and_then(|id| tenant.users.as_ref()?.find(id));
    let user_type = match user_type {
        Some("member") => Some(UserType::Member),
        Some("guest") => Some(UserType::Guest),
        _ => listed.and_then(|user| user.user_type).or_else(|| {
            let report = tenant.registration.as_ref()?;
            report.find(person.user_id.as_deref(), person.user_principal_name.as_deref())?.user_type
        }),
    };
    let (internal, invited) = (Kind::Guest(GuestType::InternalGuest), Kind::Guest(GuestType::B2bCollaborationGuest));
    match (user_type, listed.and_then(|user| user.invited)) {
        (Some(UserType::Member), _) => vec![Kind::Member],
        (Some(UserType::Guest), Some(true)) => vec![invited],
        (Some(UserType::Guest), Some(false)) => vec![internal],
        (Some(UserType::Guest), None) => vec![internal, invited],
        (None, _) => vec![Kind::Member, internal, invited],
    }
}

/// Whether a person is external; unknown where both are left open.
#[must_use]
pub fn external(person: &Person, tenant: &Tenant) -> Match {
    Match::agreed(kinds(person, tenant).into_iter().map(|kind| Match::from(kind.is_external())))
}

/// `GuestsOrExternalUsers`: every type (2.1).
#[must_use]
pub fn is_any_guest(person: &Person, tenant: &Tenant) -> Answer {
    let answers = kinds(person, tenant).into_iter().map(|kind| Answer::known(kind != Kind::Member)).collect();
    Answer::agreed(answers, "users")
}

/// The listed types, limited to the listed tenants.
#[must_use]
pub fn is_guest_of(guests: &Guests, person: &Person, tenant: &Tenant) -> Answer {
    let answers = kinds(person, tenant).into_iter().map(|kind| of_kind(guests, kind, person)).collect();
    Answer::agreed(answers, "users")
}

fn of_kind(guests: &Guests, kind: Kind, person: &Person) -> Answer {
    let Kind::Guest(guest_type) = kind else { return Answer::known(false) };
    let listed = Answer::any(guests.guest_or_external_user_types.iter().map(|word| match word {
        Word::Known(known) => Answer::known(*known == guest_type),
        Word::Other(other) => Answer::unknown(format!("condition:{other}")),
    }));
    // Home credentials have no external tenant to compare (C9).
    if guest_type == GuestType::InternalGuest { listed } else { listed.and(of_tenant(guests, person)) }
}

/// Whether the home tenant is one of those listed (USR-4).
fn of_tenant(guests: &Guests, person: &Person) -> Answer {
    let Some(ExternalTenants { membership_kind, members, .. }) = &guests.external_tenants else {
        return Answer::known(true);
    };
    match membership_kind.as_deref().map(folded).as_deref() {
        Some("all") => Answer::known(true),
        Some("enumerated") => in_list(members, person),
        None if members.is_empty() => Answer::known(true),
        None => in_list(members, person),
        Some(other) => Answer::unknown(format!("condition:{other}")),
    }
}

fn in_list(members: &[String], person: &Person) -> Answer {
    match &person.home_tenant {
        Some(home) => Answer::known(members.iter().any(|member| folded(member) == *home)),
        None => Answer::unknown("homeTenantId"),
    }
}

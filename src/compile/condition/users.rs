//! Users, groups, roles and guests (2.1, C8, C9, NUL-2).

use crate::compile::answer::Answer;
use crate::compile::dimension::Person;
use crate::compile::recorded::{Of, said};
use crate::domain::folded;
use crate::policy::wire::Users;
use crate::tenant::{Memberships, Tenant};

use super::is_placeholder;
use super::person::{is_any_guest, is_guest_of};

/// Included through any channel and excluded through none (CON-3, CON-4). No include channel: no one (NUL-2).
pub(super) fn answer(users: &Users, person: &Person, tenant: &Tenant) -> Answer {
    let included = Answer::any(users.include_users.iter().map(|token| is_included_user(token, person, tenant)))
        .or(in_any(&users.include_groups, &tenant.groups, Of::Group, person))
        .or(in_any(&users.include_roles, &tenant.roles, Of::Role, person))
        .or(Answer::any(
            users.include_guests_or_external_users.iter().map(|guests| is_guest_of(guests, person, tenant)),
        ));
    let excluded = Answer::any(users.exclude_users.iter().map(|token| is_excluded_user(token, person, tenant)))
        .or(in_any(&users.exclude_groups, &tenant.groups, Of::Group, person))
        .or(in_any(&users.exclude_roles, &tenant.roles, Of::Role, person))
        .or(Answer::any(
            users.exclude_guests_or_external_users.iter().map(|guests| is_guest_of(guests, person, tenant)),
        ));
    included.and(excluded.not())
}

fn is_included_user(token: &str, person: &Person, tenant: &Tenant) -> Answer {
    match folded(token).as_str() {
        "all" => Answer::known(true),
        // Closes only the direct channel: roles and groups still count (trap 21).
        "none" => Answer::known(false),
        "guestsorexternalusers" => is_any_guest(person, tenant),
        _ if is_placeholder(token) => Answer::unknown(format!("user:{}", token.trim())),
        id => is_user(id, person),
    }
}

fn is_excluded_user(token: &str, person: &Person, tenant: &Tenant) -> Answer {
    match folded(token).as_str() {
        "guestsorexternalusers" => is_any_guest(person, tenant),
        // "Current administrator will be excluded" of the templates: ignored, with a warning (C8).
        _ if is_placeholder(token) => Answer::known(false),
        id => is_user(id, person),
    }
}

fn is_user(id: &str, person: &Person) -> Answer {
    match &person.user_id {
        Some(user) => Answer::known(user == id),
        None => Answer::unknown("userId"),
    }
}

/// A group or role without a file is unknown on either side; one with a file is complete (C8).
///
/// The folder shows members as of its export; what a record proves of the moment itself comes first (USR-8, CON-7).
fn in_any(ids: &[String], memberships: &Memberships, of: Of, person: &Person) -> Answer {
    Answer::any(ids.iter().map(|id| match said(&person.proven, of, &folded(id)) {
        Some(holds) => Answer::known(holds),
        None => match (memberships.of(id), &person.user_id) {
            (Some(members), Some(user)) => Answer::known(members.contains(user)),
            (Some(_), None) => Answer::unknown("userId"),
            (None, _) => Answer::unknown(format!("{}:{}", of.word(), id.trim())),
        },
    }))
}

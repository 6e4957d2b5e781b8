//! How much a report rests on: days covered, users never seen, emergency accounts of which nothing is known.

use std::collections::BTreeSet;

use crate::attempt::Attempts;
use crate::compile::condition;
use crate::compile::dimension::Person;
use crate::domain::{Match, fold, folded};
use crate::frame::{Column, NOT_RECORDED, Time};
use crate::policy::Candidate;
use crate::report::{Days, LogEvidence, ProtectedAccounts, UnseenAccount, UsersSeen, Window};
use crate::tenant::{Tenant, UserType};

use super::args::Scope;
use super::when::When;

const DAY: Time = 86_400_000_000;

/// What is to be said of the log, whatever the policy.
pub(super) fn of_log(
    attempts: &Attempts,
    seen: &Seen,
    scope: &Scope,
    window: &Window,
    listed: Option<&Listed>,
    protected: &ProtectedAccounts,
) -> LogEvidence {
    let is_in_log = |id: &str| attempts.frame.dictionary(Column::UserId).iter().any(|known| fold(known) == id);
    let unseen = protected.emergency().filter(|id| !seen.ids.contains(*id));
    LogEvidence {
        days: days(attempts, scope, window),
        users_listed: listed.map(|listed| listed.people.len() as u64),
        attempts_without_user: seen.without_user,
        unseen_emergency_accounts: unseen
            .map(|id| UnseenAccount { key: id.to_owned(), is_in_log: is_in_log(id) })
            .collect(),
        roles_without_members: protected.roles_without_members.clone(),
    }
}

/// Days asked for, and those of them on which anybody signed in: `--user` and the like leave no gap in a log.
fn days(attempts: &Attempts, scope: &Scope, window: &Window) -> Days {
    let created = attempts.frame.created();
    let newest = created.iter().copied().max();
    // Without a row, "so long before the newest row" is no time.
    let time = |when: Option<When>, end: fn(When, Time) -> Time| match (when?, newest) {
        (When::Before(_), None) => None,
        (when, newest) => Some(end(when, newest.unwrap_or_default())),
    };
    let ends = time(scope.from, When::first)
        .or(window.from_micros)
        .zip(time(scope.to, When::last).or(window.to_micros))
        .map(|(from, to)| (from.div_euclid(DAY), to.div_euclid(DAY)))
        .filter(|(from, to)| from <= to);
    let are_given = scope.from.is_some() || scope.to.is_some();
    let Some((first, last)) = ends else { return Days { asked: 0, covered: 0, are_given } };
    let (mut covered, mut before) = (BTreeSet::new(), None);
    for day in created.iter().map(|time| time.div_euclid(DAY)).filter(|day| (first..=last).contains(day)) {
        // Rows mostly come in the order of time.
        if before.replace(day) != Some(day) {
            covered.insert(day);
        }
    }
    Days { asked: first.abs_diff(last) + 1, covered: covered.len() as u64, are_given }
}

/// Who has an attempt in scope.
#[derive(Debug, Default)]
pub(super) struct Seen {
    ids: BTreeSet<String>,   // INVARIANT: folded.
    names: BTreeSet<String>, // INVARIANT: folded.
    without_user: u64,
}

impl Seen {
    pub(super) fn read(attempts: &Attempts, scoped: &[usize]) -> Seen {
        let frame = &attempts.frame;
        let columns = [Column::UserId, Column::UserPrincipalName];
        let mut are_seen = columns.map(|column| vec![false; frame.dictionary(column).len()]);
        let mut without_user = 0;
        for attempt in scoped.iter().filter_map(|place| attempts.list.get(*place)) {
            for (column, are_seen) in columns.into_iter().zip(&mut are_seen) {
                if let Some(is_seen) = are_seen.get_mut(attempts.code(attempt, column) as usize) {
                    *is_seen = true;
                }
            }
            without_user += u64::from(attempts.code(attempt, Column::UserId) == NOT_RECORDED);
        }
        let texts = |column: Column, are_seen: &[bool]| -> BTreeSet<String> {
            let texts = frame.dictionary(column).iter().zip(are_seen).skip(1);
            texts.filter(|(_, is_seen)| **is_seen).map(|(text, _)| folded(text)).collect()
        };
        let [ids, names] = &are_seen;
        Seen { ids: texts(Column::UserId, ids), names: texts(Column::UserPrincipalName, names), without_user }
    }
}

/// The users whom the tenant folder lists.
#[derive(Debug)]
pub(super) struct Listed {
    people: Vec<ListedUser>,
}

#[derive(Debug)]
struct ListedUser {
    /// What the log would record of them: more than one reading where the folder leaves it open.
    readings: Vec<Person>,
    is_seen: bool,
}

impl Listed {
    /// From the list of users and the registration report; `None` if neither is there.
    ///
    /// Where anything lists ids, ids alone count: a name may be someone who is listed already.
    pub(super) fn read(tenant: &Tenant, seen: &Seen) -> Option<Listed> {
        if tenant.users.is_none() && tenant.registration.is_none() {
            return None;
        }
        let of_users = tenant.users.iter().flat_map(|users| users.ids());
        let ids: BTreeSet<&str> = of_users.chain(tenant.registration.iter().flat_map(|report| report.ids())).collect();
        let by_id = ids.iter().map(|id| {
            let person = Person { user_id: Some((*id).to_owned()), ..Person::default() };
            ListedUser { readings: readings(person, tenant), is_seen: seen.ids.contains(*id) }
        });
        let mut people: Vec<ListedUser> = by_id.collect();
        if people.is_empty() {
            people.extend(tenant.registration.iter().flat_map(|report| report.names()).map(|name| {
                let person = Person { user_principal_name: Some(name.to_owned()), ..Person::default() };
                ListedUser { readings: readings(person, tenant), is_seen: seen.names.contains(name) }
            }));
        }
        Some(Listed { people })
    }

    /// Those whom each of these policies includes, and those of them without an attempt in scope.
    pub(super) fn against(&self, candidates: &[Candidate], tenant: &Tenant) -> Against {
        let mut against =
            Against { each: vec![UsersSeen::default(); candidates.len()], together: UsersSeen::default() };
        for user in &self.people {
            let mut by_any = Match::No;
            for (candidate, seen) in candidates.iter().zip(&mut against.each) {
                let users = &candidate.policy.conditions.users;
                let readings = user.readings.iter().map(|person| condition::includes(users, person, tenant));
                let is_included = Match::agreed(readings);
                count(seen, is_included, user.is_seen);
                by_any = by_any.or(is_included);
            }
            count(&mut against.together, by_any, user.is_seen);
        }
        against
    }
}

/// Listed users against those seen: of each candidate in their order, and of any of them.
#[derive(Debug)]
pub(super) struct Against {
    pub(super) each: Vec<UsersSeen>,
    pub(super) together: UsersSeen,
}

fn count(users: &mut UsersSeen, is_included: Match, is_seen: bool) {
    users.included += u64::from(is_included == Match::Yes);
    users.never_seen += u64::from(is_included == Match::Yes && !is_seen);
    users.undetermined += u64::from(is_included == Match::Unknown);
}

/// Nobody has signed in: whether it would be with home credentials is what the folder says, or either (C9).
fn readings(person: Person, tenant: &Tenant) -> Vec<Person> {
    let listed = person.user_id.as_deref().and_then(|id| tenant.users.as_ref()?.find(id));
    let user_type = listed.and_then(|user| user.user_type).or_else(|| {
        let report = tenant.registration.as_ref()?;
        report.find(person.user_id.as_deref(), person.user_principal_name.as_deref())?.user_type
    });
    let word = user_type.map(|kind| if kind == UserType::Guest { "guest" } else { "member" });
    let access: &[&str] = match listed.and_then(|user| user.invited) {
        Some(true) => &["b2bcollaboration"],
        Some(false) => &["none"],
        None => &["none", "b2bcollaboration"],
    };
    access
        .iter()
        .map(|access| Person {
            user_type: word.map(str::to_owned),
            cross_tenant_access_type: Some((*access).to_owned()),
            ..person.clone()
        })
        .collect()
}

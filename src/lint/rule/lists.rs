//! The same thing included and excluded, and lists that contradict themselves (semantics 2.0, CON-3).

use crate::diagnostic::Severity;
use crate::domain::{GuestType, Spelled, Word, folded};
use crate::lint::Lint;
use crate::lint::finding::{Found, quoted};
use crate::lint::subject::{Subject, holds, known, of_every_tenant};
use crate::policy::wire::says_something;

/// One pair of lists of a condition.
struct Pair {
    pointer: &'static str,
    include: Vec<String>,
    exclude: Vec<String>,
}

fn pair(pointer: &'static str, include: &[String], exclude: &[String]) -> Pair {
    Pair { pointer, include: include.to_vec(), exclude: exclude.to_vec() }
}

fn texts<T: Spelled>(words: &[Word<T>]) -> Vec<String> {
    words.iter().map(|word| word.text().to_owned()).collect()
}

/// The conditions that include and exclude, each with its channels.
fn conditions(subject: &Subject<'_>) -> Vec<Vec<Pair>> {
    let (users, applications) = (subject.users(), subject.applications());
    let mut all = vec![
        vec![
            pair("conditions.users.excludeUsers", &users.include_users, &users.exclude_users),
            pair("conditions.users.excludeGroups", &users.include_groups, &users.exclude_groups),
            pair("conditions.users.excludeRoles", &users.include_roles, &users.exclude_roles),
            guests(subject),
        ],
        vec![pair(
            "conditions.applications.excludeApplications",
            &applications.include_applications,
            &applications.exclude_applications,
        )],
    ];
    all.extend(subject.conditions().platforms.iter().map(|it| {
        let (include, exclude) = (texts(&it.include_platforms), texts(&it.exclude_platforms));
        vec![pair("conditions.platforms.excludePlatforms", &include, &exclude)]
    }));
    all.extend(
        subject.conditions().locations.iter().map(|it| {
            vec![pair("conditions.locations.excludeLocations", &it.include_locations, &it.exclude_locations)]
        }),
    );
    let workloads = &subject.conditions().client_applications;
    let service_principals = |name: &str| {
        let list =
            workloads.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).and_then(|(_, list)| list.as_array());
        list.into_iter().flatten().filter_map(serde_json::Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    let (include, exclude) =
        (service_principals("includeServicePrincipals"), service_principals("excludeServicePrincipals"));
    all.push(vec![pair("conditions.clientApplications", &include, &exclude)]);
    all
}

/// Guest types; those that are excluded for some tenants only are not excluded.
fn guests(subject: &Subject<'_>) -> Pair {
    let users = subject.users();
    let include = users.include_guests_or_external_users.as_ref();
    let exclude = users.exclude_guests_or_external_users.as_ref().filter(|guests| of_every_tenant(guests));
    let types = |guests: Option<&crate::policy::wire::Guests>| {
        let types = guests.map(|guests| known(&guests.guest_or_external_user_types).collect()).unwrap_or_default();
        let types: Vec<GuestType> = types;
        types.into_iter().filter(|kind| *kind != GuestType::None).map(|kind| kind.word().to_owned()).collect()
    };
    Pair { pointer: "conditions.users.excludeGuestsOrExternalUsers", include: types(include), exclude: types(exclude) }
}

impl Pair {
    fn shared(&self) -> Vec<&str> {
        let is_shared = |token: &&String| folded(token) != "none" && holds(&self.exclude, token);
        self.include.iter().filter(is_shared).map(String::as_str).collect()
    }

    /// Whether `All` is excluded. Among groups and roles nobody knows whom it means (`deprecated-word`).
    fn excludes_all(&self) -> bool {
        let is_of_members = self.pointer.ends_with("excludeGroups") || self.pointer.ends_with("excludeRoles");
        !is_of_members && holds(&self.exclude, "All")
    }

    /// Whether nothing of this channel is left; one that includes nothing leaves nothing.
    fn is_used_up(&self) -> bool {
        self.include.iter().all(|token| folded(token) == "none" || holds(&self.exclude, token))
    }
}

/// Whether a condition excludes all that it includes.
fn excludes_everything(channels: &[Pair]) -> bool {
    let all = channels.iter().any(Pair::excludes_all);
    let some = channels.iter().any(|pair| !pair.shared().is_empty());
    all || (some && channels.iter().all(Pair::is_used_up))
}

/// Nothing is left.
pub(in crate::lint) const EVERYTHING_EXCLUDED: Lint = Lint {
    id: "excludes-all-it-includes",
    severity: Severity::Error,
    rule: "CON-3",
    about: "a condition excludes everything that it includes: the policy never applies",
    check: |subject, found| {
        for channels in conditions(subject).iter().filter(|channels| excludes_everything(channels)) {
            let at = channels.iter().find(|pair| pair.excludes_all() || !pair.shared().is_empty());
            // Actions, contexts and a filter are targets besides.
            let applications = subject.applications();
            let besides = at.is_some_and(|pair| pair.pointer.starts_with("conditions.applications"))
                && !holds(&applications.exclude_applications, "All")
                && (!applications.include_user_actions.is_empty()
                    || !applications.include_authentication_context_class_references.is_empty()
                    || applications.application_filter.is_some());
            let Some(pair) = at.filter(|_| !besides) else { continue };
            found.at(
                pair.pointer,
                "everything that is included is excluded too, and exclusion wins: the policy never applies",
                "take out of the exclusions what the policy is for",
            );
        }
    },
};

/// Something is included and excluded.
pub(in crate::lint) const BOTH: Lint = Lint {
    id: "included-and-excluded",
    severity: Severity::Warning,
    rule: "CON-3",
    about: "the same thing is included and excluded: exclusion wins",
    check: |subject, found| {
        let conditions = conditions(subject);
        for pair in conditions.iter().filter(|channels| !excludes_everything(channels)).flatten() {
            let shared = pair.shared();
            if !shared.is_empty() {
                found.at(
                    pair.pointer,
                    format!("included and excluded, and exclusion wins: {}", quoted(&shared)),
                    "leave it out of one of the two lists",
                );
            }
        }
    },
};

/// `all` beside others in one list.
pub(in crate::lint) const ALL_AND_MORE: Lint = Lint {
    id: "all-and-more",
    severity: Severity::Warning,
    rule: "CON-4",
    about: "`all` together with other values in one list: these narrow nothing",
    check: all_and_more,
};

fn all_and_more(subject: &Subject<'_>, found: &mut Found) {
    let conditions = subject.conditions();
    let platforms = conditions.platforms.as_ref().map(|it| texts(&it.include_platforms)).unwrap_or_default();
    let locations = conditions.locations.as_ref().map(|it| it.include_locations.clone()).unwrap_or_default();
    for (pointer, list) in [
        ("conditions.applications.includeApplications", subject.applications().include_applications.clone()),
        ("conditions.clientAppTypes", texts(&conditions.client_app_types)),
        ("conditions.platforms.includePlatforms", platforms),
        ("conditions.locations.includeLocations", locations),
    ] {
        let others: Vec<&String> = list
            .iter()
            .filter(|token| !["all", "none", "allagentidresources"].contains(&folded(token).as_str()))
            .collect();
        if holds(&list, "All") && !others.is_empty() {
            found.at(
                pointer,
                format!("`all` together with {}: these add nothing and narrow nothing", quoted(&others)),
                "leave `all` out if only the others are meant",
            );
        }
    }
}

/// Exclusions of nothing that is named as included.
pub(in crate::lint) const EXCLUDE_ONLY: Lint = Lint {
    id: "excludes-without-including",
    severity: Severity::Warning,
    rule: "NUL-3",
    about: "platforms or locations are excluded, and none is included: read as all of them",
    check: |subject, found| {
        let conditions = subject.conditions();
        let platforms = conditions.platforms.as_ref();
        if platforms.is_some_and(|it| it.include_platforms.is_empty() && !it.exclude_platforms.is_empty()) {
            found.at(
                "conditions.platforms.includePlatforms",
                "platforms are excluded and none is included: it is replayed as all platforms",
                "include `all`",
            );
        }
        let locations = conditions.locations.as_ref();
        let open = locations.is_some_and(|it| it.rest.values().any(says_something));
        if locations.is_some_and(|it| it.include_locations.is_empty() && !it.exclude_locations.is_empty()) && !open {
            found.at(
                "conditions.locations.includeLocations",
                "locations are excluded and none is included: it is replayed as all locations",
                "include `All`",
            );
        }
    },
};

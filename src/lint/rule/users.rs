//! Policies that reach nobody (semantics 1.2, 2.1).

use crate::diagnostic::Severity;
use crate::domain::folded;
use crate::lint::Lint;
use crate::lint::finding::quoted;
use crate::lint::subject::holds;
use crate::policy::wire::says_something;

const USERS: &str = "conditions.users";

/// Nobody is included: that is nobody, not everybody.
pub(in crate::lint) const NO_ONE: Lint = Lint {
    id: "targets-no-one",
    severity: Severity::Error,
    rule: "NUL-2",
    about: "no user, group, role, guest or workload identity is included",
    check: |subject, found| {
        // Agents, or whatever else may be included, in members that we do not know.
        let others = subject.users().rest.values().chain(subject.conditions().rest.values()).any(says_something);
        if !(subject.includes_people() || others || subject.is_for_workloads()) {
            found.at(
                USERS,
                "nobody is included: the policy applies to no one, not to everyone",
                "include `All`, or users, groups or roles by their ids",
            );
        }
    },
};

/// Groups that the tenant folder knows to be empty.
pub(in crate::lint) const EMPTY_GROUPS: Lint = Lint {
    id: "included-groups-are-empty",
    severity: Severity::Warning,
    rule: "USR-9",
    about: "every included group and role is known to have no member",
    check: |subject, found| {
        let (users, tenant) = (subject.users(), subject.tenant);
        let direct = users.include_users.iter().any(|token| folded(token) != "none");
        if direct || subject.includes_guest_types() {
            return;
        }
        let of_groups = users.include_groups.iter().map(|id| tenant.groups.of(id));
        let of_roles = users.include_roles.iter().map(|id| tenant.roles.of(id));
        let members: Vec<_> = of_groups.chain(of_roles).collect();
        let are_empty = members.iter().all(|members| members.is_some_and(std::collections::BTreeSet::is_empty));
        if are_empty && !members.is_empty() {
            let named: Vec<&String> = users.include_groups.iter().chain(&users.include_roles).collect();
            found.at(
                USERS,
                format!("no member in the tenant folder, so that the policy applies to no one yet: {}", quoted(&named)),
                "fill the group before the policy is set to on, or include another one",
            );
        }
    },
};

/// `All` beside others: channels are joined by OR.
pub(in crate::lint) const ALL_AND_MORE: Lint = Lint {
    id: "all-users-and-more",
    severity: Severity::Warning,
    rule: "CON-4",
    about: "all users are included, and groups, roles or users besides: these do not narrow it",
    check: |subject, found| {
        let users = subject.users();
        if !subject.includes_all_users() {
            return;
        }
        let others = users.include_users.iter().any(|token| !["all", "none"].contains(&folded(token).as_str()));
        let mut besides: Vec<&str> = Vec::new();
        besides.extend(others.then_some("includeUsers"));
        besides.extend((!users.include_groups.is_empty()).then_some("includeGroups"));
        besides.extend((!users.include_roles.is_empty()).then_some("includeRoles"));
        let guests = subject.includes_guest_types();
        besides.extend(guests.then_some("includeGuestsOrExternalUsers"));
        if !besides.is_empty() {
            found.at(
                "conditions.users.includeUsers",
                format!("`All` includes everybody: what {} names adds nothing and narrows nothing", quoted(&besides)),
                "leave `All` out if only the others are meant",
            );
        }
    },
};

/// `None` beside others.
pub(in crate::lint) const NONE_AND_MORE: Lint = Lint {
    id: "none-and-more",
    severity: Severity::Error,
    rule: "2.1",
    about: "`None` together with other values in one list",
    check: |subject, found| {
        let (users, applications) = (&subject.users().include_users, &subject.applications().include_applications);
        for (pointer, list) in
            [("conditions.users.includeUsers", users), ("conditions.applications.includeApplications", applications)]
        {
            if holds(list, "None") && list.iter().any(|token| folded(token) != "none") {
                found.at(
                    pointer,
                    "`None` together with other values: the list contradicts itself",
                    "leave `None` out, or the others",
                );
            }
        }
    },
};

//! Emergency access accounts (USR-12, C33): a policy that reaches all of them can lock everybody out.

use std::collections::BTreeSet;

use crate::diagnostic::Severity;
use crate::domain::{Match, folded};
use crate::lint::Lint;
use crate::lint::finding::quoted;
use crate::lint::subject::{Subject, holds};
use crate::tenant::Memberships;

/// What emergency accounts are.
const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";

/// The role of the account that synchronises directories, which templates exclude: no emergency account.
const DIRECTORY_SYNCHRONIZATION: &str = "d29b2b05-8046-44ba-8758-1e26182fcf32";

/// The text of Microsoft's templates for whoever creates the policy.
const CREATOR: &str = "current administrator will be excluded";

/// Whether the policy may keep someone out.
fn can_lock_out(subject: &Subject<'_>) -> bool {
    subject.controls() > 0 && !subject.is_for_workloads()
}

/// Nobody is excluded who could be an emergency account.
pub(in crate::lint) const NONE_EXCLUDED: Lint = Lint {
    id: "no-emergency-account-excluded",
    severity: Severity::Warning,
    rule: "USR-12",
    about: "all users or global administrators are in scope, and no user, group or role is excluded",
    check: |subject, found| {
        // Where the accounts are named and it is known of each, the other lint says so.
        let accounts = &subject.tenant.settings.break_glass;
        let decided = accounts.iter().all(|id| is_in_scope(subject, id) != Match::Unknown);
        if !can_lock_out(subject) || (decided && !accounts.is_empty()) {
            return;
        }
        let users = subject.users();
        let admins = holds(&users.include_roles, GLOBAL_ADMINISTRATOR);
        let named = |token: &String| !["guestsorexternalusers", "none", CREATOR].contains(&folded(token).as_str());
        let excluded = users.exclude_users.iter().any(named)
            || !users.exclude_groups.is_empty()
            || users.exclude_roles.iter().any(|role| folded(role) != DIRECTORY_SYNCHRONIZATION);
        if (subject.includes_all_users() || admins) && !excluded {
            let whom = if subject.includes_all_users() { "all users" } else { "global administrators" };
            found.at(
                "conditions.users",
                format!("{whom} are included, and no emergency access account is excluded"),
                "exclude the emergency access accounts, best by a group; `break-glass` in tenant.toml names them here",
            );
        }
    },
};

/// An emergency account that is certainly in scope.
pub(in crate::lint) const IN_SCOPE: Lint = Lint {
    id: "emergency-account-in-scope",
    severity: Severity::Warning,
    rule: "USR-12",
    about: "an account that tenant.toml names as `break-glass` is certainly in scope",
    check: |subject, found| {
        if !can_lock_out(subject) {
            return;
        }
        let accounts = &subject.tenant.settings.break_glass;
        let reached: Vec<&String> = accounts.iter().filter(|id| is_in_scope(subject, id) == Match::Yes).collect();
        if !reached.is_empty() {
            found.at(
                "conditions.users",
                format!("emergency access accounts in scope: {}", quoted(&reached)),
                "exclude every account that `break-glass` in tenant.toml names",
            );
        }
    },
};

fn is_in_scope(subject: &Subject<'_>, id: &str) -> Match {
    let (users, tenant) = (subject.users(), subject.tenant);
    let by = |list: &[String], groups: &[String], roles: &[String]| {
        Match::from(holds(list, id)).or(any(groups, &tenant.groups, id)).or(any(roles, &tenant.roles, id))
    };
    let included = Match::from(subject.includes_all_users()).or(by(
        &users.include_users,
        &users.include_groups,
        &users.include_roles,
    ));
    included.and(!by(&users.exclude_users, &users.exclude_groups, &users.exclude_roles))
}

/// Whether someone is in any of these groups or roles; one without a member list is unknown.
fn any(ids: &[String], memberships: &Memberships, user: &str) -> Match {
    let is_in = |members: &BTreeSet<String>| Match::from(members.contains(&folded(user)));
    ids.iter().map(|id| memberships.of(id).map_or(Match::Unknown, is_in)).fold(Match::No, Match::or)
}

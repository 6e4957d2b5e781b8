//! Accounts that must not be kept out: emergency accounts and holders of privileged roles (C33).
//!
//! Who is protected drives this list and the limits on privileged people, never a verdict.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::folded;
use crate::impact::{Breakdown, Impact, KeyCounts, Names, OfRule};
use crate::tenant::Tenant;

use super::build::CandidateFacts;
use super::model::Count;

/// Why an account is protected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Protection {
    /// `break-glass` of `tenant.toml` names it.
    pub is_emergency: bool,
    /// Ids of the privileged roles that it certainly holds.
    pub roles: BTreeSet<String>,
}

/// Who is protected, as far as the tenant folder tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProtectedAccounts {
    /// By folded user id.
    pub accounts: BTreeMap<String, Protection>,
    /// Privileged roles without a member list: who holds them is unknown, not nobody.
    pub roles_without_members: BTreeSet<String>,
    /// Whether `tenant.toml` names anyone or any role at all.
    pub are_named: bool,
}

impl ProtectedAccounts {
    /// Reads `break-glass`, `privileged-roles` and the members of these roles.
    #[must_use]
    pub fn read(tenant: &Tenant) -> ProtectedAccounts {
        let settings = &tenant.settings;
        let mut protected = ProtectedAccounts {
            are_named: !settings.break_glass.is_empty() || !settings.privileged_roles.is_empty(),
            ..ProtectedAccounts::default()
        };
        for id in settings.break_glass.iter().map(|id| folded(id)).filter(|id| !id.is_empty()) {
            protected.accounts.entry(id).or_default().is_emergency = true;
        }
        for role in &settings.privileged_roles {
            match tenant.roles.of(role) {
                Some(members) => {
                    for member in members {
                        protected.accounts.entry(member.clone()).or_default().roles.insert(role.clone());
                    }
                }
                None => {
                    protected.roles_without_members.insert(role.clone());
                }
            }
        }
        protected
    }

    /// Why the account of this id is protected, if it is.
    #[must_use]
    pub fn of(&self, user_id: &str) -> Option<&Protection> {
        self.accounts.get(&folded(user_id))
    }

    /// Folded ids of the emergency accounts, sorted.
    pub fn emergency(&self) -> impl Iterator<Item = &str> {
        self.accounts.iter().filter(|(_, why)| why.is_emergency).map(|(id, _)| id.as_str())
    }
}

/// A protected account that a candidate may challenge or block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protected {
    /// User id.
    pub key: String,
    /// User principal name; empty when not recorded.
    pub name: String,
    /// Whether it is an emergency account.
    pub is_emergency: bool,
    /// Ids of the privileged roles that it holds, sorted.
    pub roles: Vec<String>,
    /// Attempts challenged by all candidates together.
    pub challenged: Count,
    /// Attempts blocked by all candidates together.
    pub blocked: Count,
    /// The candidates that may do so, in their order.
    pub by: Vec<ProtectedBy>,
}

/// What one candidate does to a protected account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedBy {
    /// Display name of the policy.
    pub policy: String,
    /// Its id, if there is one.
    pub policy_id: Option<String>,
    /// Attempts challenged.
    pub challenged: Count,
    /// Attempts blocked.
    pub blocked: Count,
}

/// A candidate as this list names it: display name and id.
pub(super) struct Named<'a> {
    name: &'a str,
    id: Option<&'a str>,
}

impl Named<'_> {
    pub(super) fn of(facts: &CandidateFacts) -> Named<'_> {
        Named { name: &facts.name, id: Some(facts.id.as_str()).filter(|id| !id.is_empty()) }
    }
}

/// Protected accounts that may be challenged or blocked: most blocked first, then most challenged.
pub(super) fn touched(
    protected: &ProtectedAccounts,
    candidates: &[Named<'_>],
    impact: &Impact,
    keys: &Names,
) -> Vec<Protected> {
    let by = |code: u32| -> Vec<ProtectedBy> {
        let of_rule = |(named, sums): (&Named<'_>, &OfRule)| {
            let (challenged, blocked) = counts(sums.breakdowns.of(Breakdown::User).get(&code)?);
            Some(ProtectedBy {
                policy: named.name.to_owned(),
                policy_id: named.id.map(str::to_owned),
                challenged,
                blocked,
            })
        };
        candidates.iter().zip(&impact.rules).filter_map(of_rule).collect()
    };
    let mut touched: Vec<Protected> = impact
        .combined
        .breakdowns
        .of(Breakdown::User)
        .iter()
        .filter_map(|(code, sums)| {
            let key = keys.key(Breakdown::User, *code)?;
            let why = protected.of(&key.key)?;
            let (challenged, blocked) = counts(sums);
            Some(Protected {
                key: key.key.clone(),
                name: key.name.clone(),
                is_emergency: why.is_emergency,
                roles: why.roles.iter().cloned().collect(),
                challenged,
                blocked,
                by: by(*code),
            })
        })
        .collect();
    touched.sort_by(|one, two| {
        let severity = |row: &Protected| (row.blocked.most, row.challenged.most, row.is_emergency);
        severity(two).cmp(&severity(one)).then_with(|| one.key.cmp(&two.key))
    });
    touched
}

/// Challenged and blocked.
fn counts(sums: &KeyCounts) -> (Count, Count) {
    (Count::new(sums.challenged_least, sums.challenged_most), Count::new(sums.blocked_least, sums.blocked_most))
}

#[cfg(test)]
mod tests {
    use super::ProtectedAccounts;
    use crate::tenant::Tenant;

    #[test]
    fn a_role_without_a_member_list_is_unknown_and_not_empty() {
        let mut tenant = Tenant::empty();
        assert!(!ProtectedAccounts::read(&tenant).are_named);
        tenant.settings.break_glass = vec!["U1".to_owned()];
        tenant.settings.privileged_roles = vec!["r-admin".to_owned()];
        let protected = ProtectedAccounts::read(&tenant);
        assert!(protected.are_named);
        assert_eq!(protected.emergency().collect::<Vec<_>>(), ["u1"]);
        assert!(protected.of("u1").is_some_and(|why| why.is_emergency && why.roles.is_empty()));
        assert_eq!(protected.roles_without_members.iter().collect::<Vec<_>>(), ["r-admin"]);
        assert_eq!(protected.of("u2"), None);
    }
}

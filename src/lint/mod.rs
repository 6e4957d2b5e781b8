//! Mistakes in policies, found before any log is read: what Entra would refuse, what cannot work, and
//! what is very likely not meant (semantics 1.8, and wherever the reference names a misconfiguration).
//!
//! Each lint is a [`Lint`] in a file of its family under `rule/` and one line of [`LINTS`]; a test
//! insists on a bad and a good policy for each. A lint says nothing where it does not know: an id
//! is unknown only where the tenant folder holds the complete list.

mod finding;
mod rule;
mod subject;
#[cfg(test)]
mod tests;

use crate::diagnostic::{Origin, Severity};
use crate::policy::Candidate;
use crate::tenant::Tenant;

pub use finding::Finding;
use finding::Found;
use rule::{
    applications, clients, controls, devices, emergency, guests, ids, lists, locations, password, platforms,
    report_only, risk, session, shape, users, words, workloads,
};
use subject::Subject;

/// One kind of mistake.
#[derive(Clone, Copy, Debug)]
pub struct Lint {
    /// Its name: kebab-case, and never changed.
    pub id: &'static str,
    /// Error: Entra would refuse the policy, or it cannot work. Warning: very likely not meant. Note: good to know.
    pub severity: Severity,
    /// The rule of the reference that it comes from: a tag, or a section.
    pub rule: &'static str,
    /// What it finds, in one line.
    pub about: &'static str,
    check: fn(&Subject<'_>, &mut Found),
}

/// Every lint, by family. The list that grows.
pub const LINTS: &[Lint] = &[
    users::NO_ONE,
    users::EMPTY_GROUPS,
    users::ALL_AND_MORE,
    users::NONE_AND_MORE,
    applications::NOTHING,
    applications::MIXED,
    applications::FILTER_WITH_ALL,
    applications::NO_TARGET,
    applications::ALL_WITH_EXCLUSIONS,
    applications::REGISTER,
    lists::EVERYTHING_EXCLUDED,
    lists::BOTH,
    lists::ALL_AND_MORE,
    lists::EXCLUDE_ONLY,
    ids::NOT_AN_ID,
    ids::UNKNOWN_STRENGTH,
    words::LOST_IN_EXPORT,
    words::UNKNOWN,
    words::DEPRECATED,
    shape::NOT_MODELLED,
    shape::MISSING,
    shape::DELETED,
    risk::LEVEL_GAP,
    risk::BOTH,
    risk::WORKLOAD,
    risk::NO_EVERY_TIME,
    risk::NOT_REMEDIATED,
    password::CHANGE_WITHOUT_USER_RISK,
    password::REMEDIATION_WITHOUT_USER_RISK,
    password::CHANGE_WITHOUT_MFA,
    password::CHANGE_WITH_OTHERS,
    password::REMEDIATION_AND_CHANGE,
    password::REMEDIATION_WITH_OTHERS,
    password::REMEDIATION_ADDS,
    password::CHANGE_SCOPE,
    controls::BLOCK_WITH_OTHERS,
    controls::BLOCK_WITH_SESSION,
    controls::MFA_AND_STRENGTH,
    controls::RETIRED,
    controls::NO_OPERATOR,
    controls::NO_CONTROLS,
    controls::CUSTOM_IS_NO_MFA,
    session::NO_PERIOD,
    session::PERIOD_UNREAD,
    session::EVERY_TIME_WITHOUT_MFA,
    session::PERSISTENT_BROWSER,
    session::APP_RESTRICTIONS,
    session::TOKEN_PROTECTION,
    clients::CANNOT_ANSWER,
    clients::HALF_BLOCKED,
    clients::NO_EXCHANGE,
    platforms::NOT_THERE,
    platforms::KNOWN_BLOCKED,
    platforms::DEVICE_CODE,
    devices::INCOMPLETE,
    devices::UNPARSED,
    devices::TOO_LONG,
    devices::EXEMPTS_UNREGISTERED,
    devices::MISSES_UNREGISTERED,
    devices::IMPOSSIBLE_VALUE,
    devices::DEPRECATED,
    locations::UNKNOWN,
    locations::NONE_TRUSTED,
    locations::GPS,
    guests::CANNOT_REMEDIATE,
    guests::NO_APP_CONTROLS,
    guests::NO_TENANT,
    guests::TENANTS_OF_INTERNAL,
    guests::DIRECT_CONNECT,
    workloads::CONTROLS,
    workloads::CONDITIONS,
    workloads::WITH_USERS,
    emergency::NONE_EXCLUDED,
    emergency::IN_SCOPE,
    report_only::USER_ACTIONS,
    report_only::DEVICE_PROMPTS,
];

/// Everything that is wrong with a policy: errors first, then as it reads from top to bottom.
///
/// `set` is what is enforced together with it: what another policy answers for is not missing here.
#[must_use]
pub fn check(candidate: &Candidate, set: &[&Candidate], tenant: &Tenant) -> Vec<Finding> {
    let subject = Subject { policy: &candidate.policy, written: &candidate.written, set, tenant };
    let mut findings: Vec<Finding> = LINTS.iter().flat_map(|lint| of_lint(lint, candidate, &subject)).collect();
    findings.sort_by(Finding::order);
    findings
}

fn of_lint(lint: &Lint, candidate: &Candidate, subject: &Subject<'_>) -> Vec<Finding> {
    let Lint { id, severity, rule, about: _, check } = *lint;
    let mut found = Found::default();
    check(subject, &mut found);
    let finding = |(pointer, message, help): (&'static str, String, String)| Finding {
        policy: candidate.name.clone(),
        policy_id: candidate.id.clone(),
        origin: Origin {
            path: candidate.origin.path.clone(),
            row: candidate.written.line(pointer).or(candidate.origin.row),
        },
        pointer,
        lint: id,
        severity,
        message,
        help,
        rule,
    };
    found.all.into_iter().map(finding).collect()
}

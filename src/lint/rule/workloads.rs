//! Policies for workload identities, which have few conditions and one control (semantics 1.5, 2.12).

use crate::diagnostic::Severity;
use crate::lint::Lint;
use crate::lint::finding::{Found, quoted};
use crate::lint::subject::Subject;

/// Only a block can be had.
pub(in crate::lint) const CONTROLS: Lint = Lint {
    id: "workload-controls",
    severity: Severity::Error,
    rule: "1.5",
    about: "a policy for workload identities with a control other than block",
    check: |subject, found| {
        let only_blocks = subject.blocks() && subject.controls() == 1 && !subject.has_session();
        if subject.is_for_workloads() && !only_blocks && !subject.has_unread_control() {
            found.at(
                "grantControls",
                "workload identities can only be blocked: nobody is there to answer, and there is no session",
                "require `block` alone, and no session control",
            );
        }
    },
};

/// Conditions that workload identities do not have.
pub(in crate::lint) const CONDITIONS: Lint = Lint {
    id: "workload-conditions",
    severity: Severity::Error,
    rule: "2.12",
    about: "a policy for workload identities with a condition that only users have",
    check: conditions,
};

fn conditions(subject: &Subject<'_>, found: &mut Found) {
    if !subject.is_for_workloads() {
        return;
    }
    let conditions = subject.conditions();
    let unavailable: Vec<&str> = [
        ("clientAppTypes", subject.limits_clients()),
        ("platforms", subject.limits_platforms()),
        ("signInRiskLevels", !conditions.sign_in_risk_levels.is_empty()),
        ("userRiskLevels", !conditions.user_risk_levels.is_empty()),
        ("insiderRiskLevels", !conditions.insider_risk_levels.is_empty()),
        ("devices", conditions.devices.device_filter.as_ref().is_some_and(|filter| filter.rule.is_some())),
        ("authenticationFlows", !conditions.authentication_flows.transfer_methods.is_empty()),
    ]
    .into_iter()
    .filter_map(|(name, is_configured)| is_configured.then_some(name))
    .collect();
    if !unavailable.is_empty() {
        found.at(
            "conditions",
            format!("no conditions of workload identities: {}", quoted(&unavailable)),
            "use locations, `servicePrincipalRiskLevels` or authentication contexts",
        );
    }
}

/// Users in a policy that never applies to them.
pub(in crate::lint) const WITH_USERS: Lint = Lint {
    id: "users-and-workloads",
    severity: Severity::Error,
    rule: "1.5",
    about: "users and workload identities in one policy, which never applies to users",
    check: |subject, found| {
        if subject.is_for_workloads() && subject.includes_people() {
            found.at(
                "conditions.users",
                "a policy for workload identities never applies to users, and these are included",
                "write a policy for each",
            );
        }
    },
};

//! Password change and risk remediation: what each must come with, and what it must not (semantics 1.8, 6.5).

use crate::diagnostic::Severity;
use crate::lint::Lint;
use crate::lint::finding::{Found, quoted};
use crate::lint::subject::{Subject, holds};
use crate::policy::wire::says_something;

const CONTROLS: &str = "grantControls.builtInControls";
const OPERATOR: &str = "grantControls.operator";

/// A password change without the condition that it is for.
pub(in crate::lint) const CHANGE_WITHOUT_USER_RISK: Lint = Lint {
    id: "password-change-without-user-risk",
    severity: Severity::Error,
    rule: "1.8",
    about: "password change is allowed only with a condition on user risk",
    check: |subject, found| {
        without_user_risk(subject, "passwordChange", found);
    },
};

/// Remediation of a risk without the condition that it is for.
pub(in crate::lint) const REMEDIATION_WITHOUT_USER_RISK: Lint = Lint {
    id: "risk-remediation-without-user-risk",
    severity: Severity::Error,
    rule: "1.8",
    about: "risk remediation is allowed only with a condition on user risk",
    check: |subject, found| {
        without_user_risk(subject, "riskRemediation", found);
    },
};

fn without_user_risk(subject: &Subject<'_>, control: &str, found: &mut Found) {
    if subject.requires(control) && subject.conditions().user_risk_levels.is_empty() {
        found.at(
            CONTROLS,
            format!("`{control}` without a condition on user risk, the only one that it is allowed with"),
            "name the levels in `conditions.userRiskLevels`, or require another control",
        );
    }
}

/// A password change without MFA by AND.
pub(in crate::lint) const CHANGE_WITHOUT_MFA: Lint = Lint {
    id: "password-change-without-mfa",
    severity: Severity::Error,
    rule: "1.8",
    about: "password change must be combined with MFA by AND",
    check: change_without_mfa,
};

fn change_without_mfa(subject: &Subject<'_>, found: &mut Found) {
    if !subject.requires("passwordChange") || subject.has_unread_control() {
        return;
    }
    let help = "require `mfa` (or an authentication strength) and `passwordChange` with the operator `AND`";
    if !subject.requires_mfa() {
        found.at(CONTROLS, "`passwordChange` without `mfa`: it is not allowed", help);
    } else if subject.is_or() {
        found.at(OPERATOR, "`passwordChange` and MFA are joined by `OR`: it is not allowed", help);
    }
}

/// A password change with other controls.
pub(in crate::lint) const CHANGE_WITH_OTHERS: Lint = Lint {
    id: "password-change-with-other-controls",
    severity: Severity::Error,
    rule: "1.8",
    about: "password change allows no control besides MFA",
    check: |subject, found| {
        if subject.requires("passwordChange") {
            beside(subject, "passwordChange", &["passwordChange", "mfa", "riskRemediation"], found);
        }
    },
};

/// Both ways to end a user risk at once.
pub(in crate::lint) const REMEDIATION_AND_CHANGE: Lint = Lint {
    id: "risk-remediation-and-password-change",
    severity: Severity::Error,
    rule: "1.8",
    about: "risk remediation and password change in one policy",
    check: |subject, found| {
        if subject.requires("riskRemediation") && subject.requires("passwordChange") {
            found.at(
                CONTROLS,
                "`riskRemediation` and `passwordChange` must not be combined",
                "keep `riskRemediation`: it asks for a new password where there is one",
            );
        }
    },
};

/// Risk remediation goes with a strength by AND, and with nothing else.
pub(in crate::lint) const REMEDIATION_WITH_OTHERS: Lint = Lint {
    id: "risk-remediation-with-other-controls",
    severity: Severity::Error,
    rule: "1.8",
    about: "risk remediation goes with an authentication strength by AND, and with no other control",
    check: |subject, found| {
        if !subject.requires("riskRemediation") {
            return;
        }
        beside(subject, "riskRemediation", &["riskRemediation", "passwordChange"], found);
        if subject.is_or() {
            found.at(
                OPERATOR,
                "`riskRemediation` and other controls are joined by `OR`",
                "join `riskRemediation` and an authentication strength by `AND`",
            );
        }
    },
};

fn beside(subject: &Subject<'_>, control: &str, allowed: &[&str], found: &mut Found) {
    let others = subject.controls_besides(allowed);
    if !others.is_empty() {
        found.at(
            "grantControls",
            format!("`{control}` together with {}: it is not allowed", quoted(&others)),
            "ask for the other controls in a policy of their own",
        );
    }
}

/// What Entra adds to risk remediation by itself.
pub(in crate::lint) const REMEDIATION_ADDS: Lint = Lint {
    id: "risk-remediation-adds-controls",
    severity: Severity::Note,
    rule: "1.8",
    about: "Entra adds an authentication strength and sign-in frequency every time to risk remediation",
    check: |subject, found| {
        if !subject.requires("riskRemediation") || subject.has_unread_control() {
            return;
        }
        let strength = (!subject.requires_strength()).then_some("an authentication strength");
        let frequency = (!subject.every_time()).then_some("sign-in frequency every time");
        let missing: Vec<&str> = strength.into_iter().chain(frequency).collect();
        if !missing.is_empty() {
            found.at(
                "grantControls",
                format!(
                    "Entra adds {} to risk remediation by itself: what is replayed asks for less",
                    missing.join(" and ")
                ),
                "write both into the policy, so that it is replayed as Entra will keep it",
            );
        }
    },
};

/// A password change with any narrower scope than users and user risk.
pub(in crate::lint) const CHANGE_SCOPE: Lint = Lint {
    id: "password-change-scope",
    severity: Severity::Error,
    rule: "1.8",
    about: "password change needs all resources, no excluded ones and no condition besides user risk",
    check: change_scope,
};

fn change_scope(subject: &Subject<'_>, found: &mut Found) {
    if !subject.requires("passwordChange") {
        return;
    }
    let (conditions, applications) = (subject.conditions(), subject.applications());
    if !holds(&applications.include_applications, "All") {
        found.at(
            "conditions.applications.includeApplications",
            "`passwordChange` for some resources only: it is not allowed",
            "include `All`",
        );
    }
    if !applications.exclude_applications.is_empty() || applications.application_filter.is_some() {
        found.at(
            "conditions.applications",
            "`passwordChange` with excluded resources: it is not allowed",
            "exclude none",
        );
    }
    let devices = &conditions.devices;
    let others: Vec<&str> = [
        ("clientAppTypes", subject.limits_clients()),
        ("platforms", subject.limits_platforms()),
        (
            "locations",
            conditions.locations.as_ref().is_some_and(|it| {
                !it.exclude_locations.is_empty()
                    || !(it.include_locations.is_empty() || holds(&it.include_locations, "All"))
            }),
        ),
        ("signInRiskLevels", !conditions.sign_in_risk_levels.is_empty()),
        ("servicePrincipalRiskLevels", !conditions.service_principal_risk_levels.is_empty()),
        ("insiderRiskLevels", !conditions.insider_risk_levels.is_empty()),
        ("devices", devices.device_filter.as_ref().is_some_and(|filter| filter.rule.is_some())),
        ("authenticationFlows", !conditions.authentication_flows.transfer_methods.is_empty()),
    ]
    .into_iter()
    .filter_map(|(name, is_configured)| is_configured.then_some(name))
    .chain(conditions.rest.iter().filter(|(_, value)| says_something(value)).map(|(name, _)| name.as_str()))
    .collect();
    if !others.is_empty() {
        found.at(
            "conditions",
            format!("`passwordChange` with conditions besides user risk ({}): it is not allowed", quoted(&others)),
            "leave them out of this policy",
        );
    }
}

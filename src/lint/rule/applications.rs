//! Target resources, user actions and authentication contexts (semantics 1.6, 2.2).

use crate::diagnostic::Severity;
use crate::domain::folded;
use crate::lint::Lint;
use crate::lint::finding::{Found, quoted};
use crate::lint::subject::{Subject, holds};
use crate::policy::wire::says_something;

const INCLUDE: &str = "conditions.applications.includeApplications";
const ACTIONS: &str = "conditions.applications.includeUserActions";

/// The action of registering or joining a device.
const REGISTER_DEVICE: &str = "urn:user:registerdevice";

/// Targets of Global Secure Access, which Graph stopped returning in June 2025 (1.6).
pub(super) const DEPRECATED_TARGETS: [&str; 2] = ["globalSecureAccess", "networkAccess"];

/// Whether applications are named, `None` aside.
fn names_applications(subject: &Subject<'_>) -> bool {
    subject.applications().include_applications.iter().any(|token| folded(token) != "none")
}

/// Nothing is targeted.
pub(in crate::lint) const NOTHING: Lint = Lint {
    id: "targets-nothing",
    severity: Severity::Error,
    rule: "NUL-2",
    about: "no resource, user action or authentication context is included",
    check: |subject, found| {
        let applications = subject.applications();
        let others = !applications.include_user_actions.is_empty()
            || !applications.include_authentication_context_class_references.is_empty()
            || applications.application_filter.as_ref().is_some_and(|filter| filter.rule.is_some())
            || applications.rest.values().any(says_something);
        if !names_applications(subject) && !others {
            found.at(
                "conditions.applications",
                "no resource, user action or authentication context is included: the policy never applies",
                "include `All`, or applications by their application ids",
            );
        }
    },
};

/// Two ways of targeting at once.
pub(in crate::lint) const MIXED: Lint = Lint {
    id: "mixed-targets",
    severity: Severity::Error,
    rule: "1.6",
    about: "resources, user actions and authentication contexts exclude each other in one policy",
    check: |subject, found| {
        let applications = subject.applications();
        let mut targets: Vec<&str> = Vec::new();
        targets.extend(names_applications(subject).then_some("includeApplications"));
        targets.extend((!applications.include_user_actions.is_empty()).then_some("includeUserActions"));
        let contexts = &applications.include_authentication_context_class_references;
        targets.extend((!contexts.is_empty()).then_some("includeAuthenticationContextClassReferences"));
        if targets.len() > 1 {
            found.at(
                "conditions.applications",
                format!("{} in one policy: Entra takes one of them", quoted(&targets)),
                "write a policy for each",
            );
        }
    },
};

/// A filter over everything or nothing.
pub(in crate::lint) const FILTER_WITH_ALL: Lint = Lint {
    id: "application-filter-with-all",
    severity: Severity::Error,
    rule: "1.6",
    about: "an application filter together with `All` or `None`",
    check: |subject, found| {
        let applications = subject.applications();
        let include = &applications.include_applications;
        let filters = applications.application_filter.as_ref().is_some_and(|filter| filter.rule.is_some());
        if filters && (holds(include, "All") || holds(include, "None")) {
            found.at(
                "conditions.applications.applicationFilter",
                "an application filter cannot be used together with `All` or `None`",
                "leave `includeApplications` empty, or name applications",
            );
        }
    },
};

/// Applications that no policy reaches, and why (2.2, APP-12).
const UNREACHABLE: [(&str, &str); 3] = [
    (
        "00000003-0000-0000-c000-000000000000",
        "Microsoft Graph cannot be targeted on its own: policies reach it through the services behind it",
    ),
    ("38aa3b87-a06d-4817-b275-7a389988d93b", "Windows Sign In is not subject to Conditional Access"),
    (
        "29d9ed98-a469-4536-ade2-f981bc1d605e",
        "Microsoft Authentication Broker is a client, and policies apply to resources",
    ),
];

/// An application that is no target.
pub(in crate::lint) const NO_TARGET: Lint = Lint {
    id: "application-is-no-target",
    severity: Severity::Warning,
    rule: "2.2",
    about: "an application is included that Conditional Access does not target",
    check: |subject, found| {
        for (id, why) in UNREACHABLE {
            if holds(&subject.applications().include_applications, id) {
                found.at(INCLUDE, format!("`{id}`: {why}"), "include the resources that are called, or `All`");
            }
        }
    },
};

/// Exclusions from everything.
pub(in crate::lint) const ALL_WITH_EXCLUSIONS: Lint = Lint {
    id: "all-resources-with-exclusions",
    severity: Severity::Note,
    rule: "APP-5",
    about: "all resources with exclusions: sign-ins for basic directory scopes are enforced only since 2026",
    check: |subject, found| {
        let excluded = &subject.applications().exclude_applications;
        if subject.includes_all_resources() && !excluded.is_empty() {
            found.at(
                "conditions.applications.excludeApplications",
                "with an excluded resource, requests for basic scopes (`openid`, `profile`, `User.Read` …) escaped the \
                 policy until the change of March 2026, which is rolled out in phases",
                "check that the change has reached the tenant, or exclude users instead of resources",
            );
        }
    },
};

/// Registering a device, with what that action does not have.
pub(in crate::lint) const REGISTER: Lint = Lint {
    id: "register-device-restrictions",
    severity: Severity::Error,
    rule: "1.8",
    about: "the action of registering a device allows MFA only, and no condition on clients or devices",
    check: register,
};

fn register(subject: &Subject<'_>, found: &mut Found) {
    if !holds(&subject.applications().include_user_actions, REGISTER_DEVICE) {
        return;
    }
    let others = subject.controls_besides(&["mfa"]);
    if !others.is_empty() {
        found.at(
            "grantControls",
            format!(
                "registering or joining a device takes `mfa` or an authentication strength, not {}",
                quoted(&others)
            ),
            "require MFA here, and the rest for resources",
        );
    }
    let conditions = subject.conditions();
    let (devices, states) = (&conditions.devices, &conditions.device_states);
    let lists = [&devices.include_devices, &devices.exclude_devices, &states.include_states, &states.exclude_states];
    let mut unavailable: Vec<&str> = Vec::new();
    unavailable.extend(subject.limits_clients().then_some("clientAppTypes"));
    unavailable.extend(devices.device_filter.as_ref().is_some_and(|it| it.rule.is_some()).then_some("deviceFilter"));
    unavailable.extend(lists.iter().any(|list| !list.is_empty()).then_some("deviceStates"));
    if !unavailable.is_empty() {
        found.at(
            ACTIONS,
            format!("not available for registering or joining a device: {}", quoted(&unavailable)),
            "leave these conditions out",
        );
    }
}

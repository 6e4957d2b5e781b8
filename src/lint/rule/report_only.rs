//! What report-only mode does with a policy, before anything is enforced (semantics 5.5).

use crate::diagnostic::Severity;
use crate::domain::{Platform, Spelled};
use crate::lint::Lint;
use crate::lint::finding::quoted;

/// Report-only mode is silent on user actions.
pub(in crate::lint) const USER_ACTIONS: Lint = Lint {
    id: "report-only-ignores-user-actions",
    severity: Severity::Note,
    rule: "APP-9",
    about: "report-only mode does not evaluate policies on user actions",
    check: |subject, found| {
        if subject.is_report_only() && !subject.applications().include_user_actions.is_empty() {
            found.at(
                "state",
                "report-only mode does not evaluate policies on user actions: it will report nothing",
                "replay it here, or try it on a pilot group",
            );
        }
    },
};

/// Platforms that present a device certificate only when asked (5.5).
const PROMPTED: [Platform; 3] = [Platform::MacOs, Platform::Ios, Platform::Android];

/// Report-only mode that people notice.
pub(in crate::lint) const DEVICE_PROMPTS: Lint = Lint {
    id: "report-only-device-prompts",
    severity: Severity::Note,
    rule: "5.5",
    about: "in report-only mode a compliant device control asks people for a device certificate",
    check: |subject, found| {
        if !subject.is_report_only() || !subject.requires("compliantDevice") || !subject.includes_people() {
            return;
        }
        let scope = subject.platforms();
        let asked: Vec<&str> =
            PROMPTED.into_iter().filter(|platform| scope.contains(platform)).map(Spelled::word).collect();
        if !asked.is_empty() {
            found.at(
                "state",
                format!("in report-only mode people on {} may be asked to choose a device certificate", quoted(&asked)),
                "exclude these platforms while the policy is in report-only mode, or replay it here first",
            );
        }
    },
};

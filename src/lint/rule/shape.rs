//! Members that are missing, deleted, or unknown to this program (semantics 1.1, CON-1, C17).

use crate::compile::condition;
use crate::diagnostic::Severity;
use crate::lint::Lint;
use crate::lint::finding::{Found, quoted};
use crate::lint::subject::Subject;
use crate::policy::wire::says_something;

use super::applications::DEPRECATED_TARGETS;

/// Parts of a policy that a replay cannot judge.
pub(in crate::lint) const NOT_MODELLED: Lint = Lint {
    id: "not-modelled",
    severity: Severity::Note,
    rule: "CON-1",
    about: "a condition or control that this program does not know: a typing error, or newer than it",
    check: not_modelled,
};

fn not_modelled(subject: &Subject<'_>, found: &mut Found) {
    let help = "check the spelling; replayed with it, verdicts may be undetermined";
    let mut conditions = condition::unmodelled(subject.policy);
    // `deprecated-condition` speaks of these.
    conditions.retain(|name| !DEPRECATED_TARGETS.iter().any(|old| *name == format!("applications.{old}")));
    if !conditions.is_empty() {
        found.at("conditions", format!("conditions that this program does not know: {}", quoted(&conditions)), help);
    }
    let rest = subject.grant().rest.iter().filter(|(name, value)| !name.contains('@') && says_something(value));
    let controls: Vec<&String> = rest.map(|(name, _)| name).collect();
    if !controls.is_empty() {
        found.at("grantControls", format!("controls that this program does not know: {}", quoted(&controls)), help);
    }
}

/// Members that Graph wants.
pub(in crate::lint) const MISSING: Lint = Lint {
    id: "missing-member",
    severity: Severity::Note,
    rule: "1.1",
    about: "Graph requires `displayName` and `state` to create a policy",
    check: |subject, found| {
        let (name, state) = (&subject.policy.display_name, &subject.policy.state);
        // The details of a template have neither: their wrapping has the name.
        let missing = match (name, state) {
            (None, Some(_)) => "displayName",
            (Some(_), None) => "state",
            _ => return,
        };
        found.at(
            "",
            format!("`{missing}` is missing: Graph requires it to create a policy"),
            format!("write `{missing}`"),
        );
    },
};

/// A policy that is gone.
pub(in crate::lint) const DELETED: Lint = Lint {
    id: "deleted-policy",
    severity: Severity::Warning,
    rule: "1.1",
    about: "the policy was deleted when it was exported",
    check: |subject, found| {
        if let Some(when) = &subject.policy.deleted_date_time {
            found.at(
                "deletedDateTime",
                format!("the policy was deleted on {when}"),
                "export the policies that are there, or restore this one",
            );
        }
    },
};

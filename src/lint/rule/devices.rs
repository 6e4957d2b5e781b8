//! Device filters and the older device lists (semantics 2.9, 2.11).

use crate::compile::device_filter::{self, Comparison, Expression, Literal, Operator};
use crate::diagnostic::Severity;
use crate::domain::{Match, folded};
use crate::frame::Device;
use crate::lint::Lint;
use crate::lint::finding::{Found, quoted};
use crate::lint::subject::Subject;
use crate::policy::wire::{Filter, says_something};

use super::applications::DEPRECATED_TARGETS;

const FILTER: &str = "conditions.devices.deviceFilter";
const RULE: &str = "conditions.devices.deviceFilter.rule";

fn filter<'a>(subject: &Subject<'a>) -> Option<&'a Filter> {
    let filter = subject.conditions().devices.device_filter.as_ref()?;
    (filter.mode.is_some() || filter.rule.is_some()).then_some(filter)
}

/// The rule of a filter in this mode, if it can be read.
fn rule(subject: &Subject<'_>, mode: &str) -> Option<Expression> {
    let filter = filter(subject)?;
    let is_mode = filter.mode.as_deref().is_some_and(|one| folded(one) == mode);
    is_mode.then(|| device_filter::parse(filter.rule.as_deref()?).ok()).flatten()
}

/// Every comparison of a rule.
fn comparisons(rule: &Expression) -> Vec<&Comparison> {
    match rule {
        Expression::Or(parts) | Expression::And(parts) => parts.iter().flat_map(comparisons).collect(),
        Expression::Not(part) => comparisons(part),
        Expression::Compare(comparison) => vec![comparison],
    }
}

/// Whether a device that is not registered satisfies a rule: all its attributes are null (DEV-3).
fn takes_unregistered(subject: &Subject<'_>, rule: &Expression) -> Match {
    let nothing = Device::default();
    device_filter::evaluate(rule, &device_filter::Subject::new(&nothing, subject.tenant)).is
}

/// Half a filter.
pub(in crate::lint) const INCOMPLETE: Lint = Lint {
    id: "device-filter-incomplete",
    severity: Severity::Error,
    rule: "DEV-1",
    about: "a device filter without a mode or without a rule",
    check: |subject, found| {
        let Some(filter) = filter(subject) else { return };
        let missing = match (&filter.mode, &filter.rule) {
            (None, _) => "mode",
            (_, None) => "rule",
            _ => return,
        };
        found.at(
            FILTER,
            format!("the device filter has no `{missing}`"),
            "write `mode` (`include` or `exclude`) and `rule`",
        );
    },
};

/// A rule that is none.
pub(in crate::lint) const UNPARSED: Lint = Lint {
    id: "device-filter-does-not-parse",
    severity: Severity::Error,
    rule: "C16",
    about: "the rule of a device filter cannot be read",
    check: |subject, found| {
        let Some(rule) = filter(subject).and_then(|filter| filter.rule.as_deref()) else { return };
        let Err(error) = device_filter::parse(rule) else { return };
        let from: String = rule.chars().skip(error.at.saturating_sub(1)).take(24).collect();
        let before = if from.is_empty() { "at its end".to_owned() } else { format!("before `{from}`") };
        found.at(
            RULE,
            format!("the device filter does not parse: {error}, {before}"),
            "write comparisons like `device.isCompliant -eq True`, joined by `-and` and `-or`",
        );
    },
};

/// What Entra takes of a rule.
const LONGEST: usize = 3072;

/// A rule that does not fit.
pub(in crate::lint) const TOO_LONG: Lint = Lint {
    id: "device-filter-too-long",
    severity: Severity::Error,
    rule: "DEV-2",
    about: "the rule of a device filter is longer than 3072 characters",
    check: |subject, found| {
        let rule = filter(subject).and_then(|filter| filter.rule.as_deref()).unwrap_or_default();
        let length = rule.chars().count();
        if length > LONGEST {
            found.at(
                RULE,
                format!("the rule has {length} characters, and Entra takes {LONGEST}"),
                "mark the devices with an extension attribute and compare that",
            );
        }
    },
};

/// The classic mistake.
pub(in crate::lint) const EXEMPTS_UNREGISTERED: Lint = Lint {
    id: "device-filter-exempts-unregistered",
    severity: Severity::Warning,
    rule: "DEV-4",
    about: "an exclude filter with a negative operator exempts every device that is not registered",
    check: |subject, found| {
        let Some(rule) = rule(subject, "exclude") else { return };
        if takes_unregistered(subject, &rule) == Match::Yes {
            found.at(
                RULE,
                "a device that is not registered satisfies this rule, since all its attributes are null: the policy \
                 exempts every unmanaged device",
                "exclude by what the device is (`-eq`, `-in`), not by what it is not (`-ne`, `-notIn`)",
            );
        }
    },
};

/// The other way round.
pub(in crate::lint) const MISSES_UNREGISTERED: Lint = Lint {
    id: "device-filter-misses-unregistered",
    severity: Severity::Warning,
    rule: "DEV-4",
    about: "an include filter on devices that are not compliant misses those that are not registered",
    check: |subject, found| {
        let Some(rule) = rule(subject, "include") else { return };
        let not_compliant = |one: &&Comparison| {
            one.attribute.name() == "iscompliant"
                && one.operator == Operator::Eq
                && one.values.contains(&Literal::Text("false".to_owned()))
        };
        if comparisons(&rule).iter().any(not_compliant) && takes_unregistered(subject, &rule) == Match::No {
            found.at(
                RULE,
                "`device.isCompliant -eq False` is not met by a device that is not registered: the policy does not \
                 reach it",
                "write `device.isCompliant -ne True` to reach unregistered devices too",
            );
        }
    },
};

/// Values that an attribute can have, folded; `null` besides (2.9).
const VALUES: [(&str, &[&str], &str); 4] = [
    ("deviceownership", &["personal", "company"], "`Personal`, `Company`"),
    ("iscompliant", &["true", "false"], "`True`, `False`"),
    (
        "profiletype",
        &["registereddevice", "securevm", "printer", "shared", "iot"],
        "`RegisteredDevice`, `SecureVM`, `Printer`, `Shared`, `IoT`",
    ),
    ("trusttype", &["azuread", "serverad", "workplace"], "`AzureAD` (joined), `ServerAD` (hybrid joined), `Workplace`"),
];

/// A comparison that can never be equal.
pub(in crate::lint) const IMPOSSIBLE_VALUE: Lint = Lint {
    id: "device-filter-impossible-value",
    severity: Severity::Warning,
    rule: "2.9",
    about: "a device filter compares with a value that the attribute never has",
    check: impossible_value,
};

fn impossible_value(subject: &Subject<'_>, found: &mut Found) {
    let Some(rule) = rule(subject, "include").or_else(|| rule(subject, "exclude")) else { return };
    for Comparison { attribute, values, .. } in comparisons(&rule) {
        let texts: Vec<&str> = values
            .iter()
            .filter_map(|value| match value {
                Literal::Text(text) => Some(text.as_str()),
                Literal::Null => None,
            })
            .collect();
        if let Some((name, known, shown)) = VALUES.iter().find(|(name, _, _)| *name == attribute.name()) {
            let strange: Vec<&str> = texts.iter().copied().filter(|text| !known.contains(text)).collect();
            if !strange.is_empty() {
                found.at(RULE, format!("`{name}` is never {}", quoted(&strange)), format!("its values are {shown}"));
            }
        } else if attribute.name() == "physicalids" && texts.contains(&"[ztdid]") {
            found.at(
                RULE,
                "`physicalIds` is compared with `[ZTDId]`, but an element must be equal as a whole: none is",
                "mark Autopilot devices with an extension attribute, or compare `enrollmentProfileName`",
            );
        }
    }
}

/// Conditions that later ones took the place of.
pub(in crate::lint) const DEPRECATED: Lint = Lint {
    id: "deprecated-condition",
    severity: Severity::Warning,
    rule: "2.11",
    about: "a deprecated condition: device states, older device lists, targets of Global Secure Access",
    check: |subject, found| {
        let (devices, states) = (&subject.conditions().devices, &subject.conditions().device_states);
        let lists = [
            &devices.include_devices,
            &devices.exclude_devices,
            &devices.include_device_states,
            &devices.exclude_device_states,
        ];
        let help = "use a device filter, such as mode `exclude` with `device.isCompliant -eq True -or \
            device.trustType -eq \"ServerAD\"`";
        if !states.include_states.is_empty() || !states.exclude_states.is_empty() {
            found.at("conditions.deviceStates", "`deviceStates` is deprecated", help);
        }
        if lists.into_iter().any(|list| !list.is_empty()) {
            found.at("conditions.devices", "lists of devices and device states are deprecated", help);
        }
        let targets = &subject.applications().rest;
        let old: Vec<&str> =
            DEPRECATED_TARGETS.into_iter().filter(|name| targets.get(*name).is_some_and(says_something)).collect();
        if !old.is_empty() {
            found.at(
                "conditions.applications",
                format!("deprecated, and no longer returned by Graph since June 2025: {}", quoted(&old)),
                "include the Global Secure Access applications by their ids",
            );
        }
    },
};

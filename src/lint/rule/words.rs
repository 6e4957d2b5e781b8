//! Words that are no value of their member, that an export lost, or that are out of date (semantics 1.3–1.9).

use serde_json::Value;

use crate::diagnostic::Severity;
use crate::domain::{RiskLevel, Spelled, Strength, Word, folded};
use crate::lint::Lint;
use crate::lint::finding::{Found, quoted};
use crate::lint::subject::{BUILT_IN_CONTROLS, Subject, holds};
use crate::policy::wire::{Filter, Guests, Toggle};

/// What Graph writes for a value that it holds back.
const LOST: &str = "unknownFutureValue";

/// Values held back by an export without the header.
pub(in crate::lint) const LOST_IN_EXPORT: Lint = Lint {
    id: "lost-in-export",
    severity: Severity::Error,
    rule: "POL-4",
    about: "`unknownFutureValue`: the export held a value back, and the policy cannot be read or written with it",
    check: |subject, found| {
        for part in PARTS {
            let lost = subject.written.at(part).is_some_and(is_lost);
            if lost {
                found.at(
                    part,
                    "the export held a value back: it reads `unknownFutureValue`",
                    "export the policy again with the header `Prefer: include-unknown-enum-members`",
                );
            }
        }
    },
};

/// Members with words, wherever a word may be held back.
const PARTS: &[&str] = &[
    "state",
    "conditions.users",
    "conditions.clientApplications",
    "conditions.applications",
    "conditions.clientAppTypes",
    "conditions.platforms",
    "conditions.locations",
    "conditions.signInRiskLevels",
    "conditions.userRiskLevels",
    "conditions.servicePrincipalRiskLevels",
    "conditions.insiderRiskLevels",
    "conditions.agentIdRiskLevels",
    "conditions.devices",
    "conditions.deviceStates",
    "conditions.authenticationFlows",
    "grantControls.operator",
    "grantControls.builtInControls",
    "grantControls.authenticationStrength",
    "sessionControls",
];

fn is_lost(value: &Value) -> bool {
    match value {
        Value::String(text) => text.split(',').any(|word| word.trim().eq_ignore_ascii_case(LOST)),
        Value::Array(items) => items.iter().any(is_lost),
        Value::Object(members) => members.values().any(is_lost),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A word that is no value of its member.
pub(in crate::lint) const UNKNOWN: Lint = Lint {
    id: "unknown-word",
    severity: Severity::Warning,
    rule: "GRT-3",
    about: "a word that is no value of its member, as far as this program knows: a typing error, or newer than it",
    check: unknown,
};

fn unknown(subject: &Subject<'_>, found: &mut Found) {
    let mut add = |pointer: &'static str, strange: Vec<&str>, words: &[&str]| {
        let strange: Vec<&str> = strange.into_iter().filter(|word| !word.eq_ignore_ascii_case(LOST)).collect();
        if !strange.is_empty() {
            let message = format!("no value that this program knows here: {}", quoted(&strange));
            found.at(pointer, message, format!("known values: {}", words.join(", ")));
        }
    };
    for (pointer, words, known) in lists(subject) {
        let strange = words.into_iter().filter(|word| !known.iter().any(|one| one.eq_ignore_ascii_case(word)));
        add(pointer, strange.collect(), known);
    }
    let contexts = &subject.applications().include_authentication_context_class_references;
    let is_context = |word: &str| {
        folded(word)
            .strip_prefix('c')
            .and_then(|number| number.parse().ok())
            .is_some_and(|it| (1..=99_u8).contains(&it))
    };
    let strange = contexts.iter().map(String::as_str).filter(|word| !is_context(word)).collect();
    add("conditions.applications.includeAuthenticationContextClassReferences", strange, &["c1 to c99"]);
    if let Some(strength) = &subject.grant().authentication_strength {
        let read = Strength::read(strength.allowed_combinations.iter().map(String::as_str), []);
        let strange = read.unread.iter().map(String::as_str).collect();
        add("grantControls.authenticationStrength.allowedCombinations", strange, &crate::domain::MethodModes::NAMES);
    }
}

const LEVELS: &[&str] = &["low", "medium", "high", "none"];
const MODES: &[&str] = &["include", "exclude"];

/// Members with a closed list of words: where, what is written, what is known.
fn lists<'a>(subject: &Subject<'a>) -> Vec<(&'static str, Vec<&'a str>, &'static [&'static str])> {
    fn of(list: &[String]) -> Vec<&str> {
        list.iter().map(String::as_str).collect()
    }
    fn others<T: Spelled>(list: &[Word<T>]) -> Vec<&str> {
        list.iter().filter(|word| word.known().is_none()).map(Word::text).collect()
    }
    fn one(text: Option<&String>) -> Vec<&str> {
        text.map(String::as_str).into_iter().collect()
    }
    fn mode(filter: Option<&Filter>) -> Vec<&str> {
        one(filter.and_then(|filter| filter.mode.as_ref()))
    }
    fn types(guests: Option<&Guests>) -> Vec<&str> {
        guests.map(|guests| others(&guests.guest_or_external_user_types)).unwrap_or_default()
    }
    fn kind(guests: Option<&Guests>) -> Vec<&str> {
        let tenants = guests.and_then(|guests| guests.external_tenants.as_ref());
        one(tenants.and_then(|tenants| tenants.membership_kind.as_ref()))
    }
    fn levels(list: &[Word<RiskLevel>]) -> Vec<&str> {
        list.iter().map(Word::text).collect()
    }
    fn member<'t>(toggle: Option<&'t Toggle>, name: &str) -> Vec<&'t str> {
        toggle.and_then(|toggle| toggle.rest.get(name)?.as_str()).into_iter().collect()
    }
    const GUESTS: &[&str] = &[
        "internalGuest",
        "b2bCollaborationGuest",
        "b2bCollaborationMember",
        "b2bDirectConnectUser",
        "otherExternalUser",
        "serviceProvider",
        "none",
    ];
    const PLATFORMS: &[&str] = &["android", "iOS", "windows", "windowsPhone", "macOS", "linux", "all"];
    let (conditions, users, applications) = (subject.conditions(), subject.users(), subject.applications());
    let (grant, session) = (subject.grant(), &subject.policy.session_controls);
    let (include, exclude) =
        (users.include_guests_or_external_users.as_ref(), users.exclude_guests_or_external_users.as_ref());
    let platforms = conditions.platforms.as_ref();
    let frequency = session.sign_in_frequency.as_ref();
    vec![
        ("state", one(subject.policy.state.as_ref()), &["enabled", "disabled", "enabledForReportingButNotEnforced"]),
        ("conditions.users.includeGuestsOrExternalUsers", types(include), GUESTS),
        ("conditions.users.excludeGuestsOrExternalUsers", types(exclude), GUESTS),
        ("conditions.users.includeGuestsOrExternalUsers", kind(include), &["all", "enumerated"]),
        ("conditions.users.excludeGuestsOrExternalUsers", kind(exclude), &["all", "enumerated"]),
        (
            "conditions.applications.includeUserActions",
            of(&applications.include_user_actions),
            &["urn:user:registersecurityinfo", "urn:user:registerdevice", "urn:user:accountrecovery"],
        ),
        ("conditions.applications.applicationFilter", mode(applications.application_filter.as_ref()), MODES),
        (
            "conditions.clientAppTypes",
            others(&conditions.client_app_types),
            &["all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"],
        ),
        (
            "conditions.platforms.includePlatforms",
            platforms.map(|it| others(&it.include_platforms)).unwrap_or_default(),
            PLATFORMS,
        ),
        (
            "conditions.platforms.excludePlatforms",
            platforms.map(|it| others(&it.exclude_platforms)).unwrap_or_default(),
            PLATFORMS,
        ),
        ("conditions.signInRiskLevels", levels(&conditions.sign_in_risk_levels), LEVELS),
        ("conditions.userRiskLevels", levels(&conditions.user_risk_levels), LEVELS),
        ("conditions.servicePrincipalRiskLevels", of(&conditions.service_principal_risk_levels), LEVELS),
        ("conditions.insiderRiskLevels", of(&conditions.insider_risk_levels), &["minor", "moderate", "elevated"]),
        ("conditions.devices.deviceFilter", mode(conditions.devices.device_filter.as_ref()), MODES),
        (
            "conditions.authenticationFlows.transferMethods",
            others(&conditions.authentication_flows.transfer_methods),
            &["deviceCodeFlow", "authenticationTransfer", "none"],
        ),
        ("grantControls.operator", one(grant.operator.as_ref()), &["AND", "OR"]),
        ("grantControls.builtInControls", of(&grant.built_in_controls), &BUILT_IN_CONTROLS),
        (
            "sessionControls.signInFrequency",
            one(frequency.and_then(|it| it.frequency_interval.as_ref())),
            &["timeBased", "everyTime"],
        ),
        (
            "sessionControls.signInFrequency",
            one(frequency.and_then(|it| it.authentication_type.as_ref())),
            &["primaryAndSecondaryAuthentication", "secondaryAuthentication"],
        ),
        ("sessionControls.signInFrequency", one(frequency.and_then(|it| it.unit.as_ref())), &["days", "hours"]),
        (
            "sessionControls.persistentBrowser",
            member(session.persistent_browser.as_ref(), "mode"),
            &["always", "never"],
        ),
        (
            "sessionControls.cloudAppSecurity",
            member(session.cloud_app_security.as_ref(), "cloudAppSecurityType"),
            &["mcasConfigured", "monitorOnly", "blockDownloads"],
        ),
        (
            "sessionControls.continuousAccessEvaluation",
            member(session.continuous_access_evaluation.as_ref(), "mode"),
            &["strictEnforcement", "disabled", "strictLocation"],
        ),
    ]
}

/// Words that later ones took the place of.
pub(in crate::lint) const DEPRECATED: Lint = Lint {
    id: "deprecated-word",
    severity: Severity::Warning,
    rule: "1.3",
    about: "a word of older Graph documentation",
    check: |subject, found| {
        let clients = subject.written.at("conditions.clientAppTypes");
        let clients: Vec<&str> = match clients {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => text.split(',').collect(),
            _ => Vec::new(),
        };
        for (old, new) in [("modern", "mobileAppsAndDesktopClients"), ("easUnsupported", "exchangeActiveSync")] {
            if clients.iter().any(|word| word.trim().eq_ignore_ascii_case(old)) {
                found.at(
                    "conditions.clientAppTypes",
                    format!("`{old}` is an older word for `{new}`"),
                    format!("write `{new}`"),
                );
            }
        }
        let users = subject.users();
        for (pointer, list) in [
            ("conditions.users.includeGroups", &users.include_groups),
            ("conditions.users.includeRoles", &users.include_roles),
            ("conditions.users.excludeRoles", &users.exclude_roles),
        ] {
            if holds(list, "All") {
                found.at(
                    pointer,
                    "`All` among groups or roles is from older documentation: whom it means is not known",
                    "list the groups or role template ids, or `All` in `includeUsers`",
                );
            }
        }
    },
};

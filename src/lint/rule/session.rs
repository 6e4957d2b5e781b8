//! Session controls (semantics 1.9, 4.1).

use crate::diagnostic::Severity;
use crate::domain::ClientApp;
use crate::lint::Lint;
use crate::lint::subject::holds;
use crate::policy::wire::Toggle;

use super::clients::EXCHANGE;

const FREQUENCY: &str = "sessionControls.signInFrequency";

/// SharePoint Online; with Exchange, all that application enforced restrictions reach.
const SHAREPOINT: &str = "00000003-0000-0ff1-ce00-000000000000";

fn is_on(toggle: Option<&Toggle>) -> bool {
    toggle.is_some_and(|toggle| toggle.is_enabled != Some(false))
}

/// A frequency that says no time.
pub(in crate::lint) const NO_PERIOD: Lint = Lint {
    id: "sign-in-frequency-without-period",
    severity: Severity::Error,
    rule: "1.9",
    about: "a time based sign-in frequency without a number or a unit",
    check: |subject, found| {
        let is_timed = |interval: &str| interval.trim().eq_ignore_ascii_case("timeBased");
        let Some(frequency) = subject.frequency().filter(|it| it.frequency_interval.as_deref().is_none_or(is_timed))
        else {
            return;
        };
        let missing = match (frequency.value, frequency.unit.as_deref()) {
            (None, _) => "no `value`",
            (Some(0), _) => "a `value` of 0",
            (_, None) => "no `type`",
            _ => return,
        };
        found.at(
            FREQUENCY,
            format!("a time based sign-in frequency with {missing}"),
            "write `type` (`hours` or `days`) and `value`, or `frequencyInterval` `everyTime`",
        );
    },
};

/// A period that nothing reads.
pub(in crate::lint) const PERIOD_UNREAD: Lint = Lint {
    id: "sign-in-frequency-with-both",
    severity: Severity::Warning,
    rule: "1.9",
    about: "sign-in frequency every time together with a period",
    check: |subject, found| {
        let Some(frequency) = subject.frequency().filter(|_| subject.every_time()) else { return };
        if frequency.value.is_some() || frequency.unit.is_some() {
            found.at(
                FREQUENCY,
                "`everyTime` together with `type` or `value`: the period has no meaning",
                "leave `type` and `value` out (null), or write `frequencyInterval` `timeBased`",
            );
        }
    },
};

/// Every time without MFA.
pub(in crate::lint) const EVERY_TIME_WITHOUT_MFA: Lint = Lint {
    id: "every-time-without-mfa",
    severity: Severity::Warning,
    rule: "4.1",
    about: "sign-in frequency every time without MFA: users may loop, or only type their password again",
    check: |subject, found| {
        let asks = subject.requires_mfa() || subject.requires("riskRemediation");
        if subject.every_time() && !asks && !subject.blocks() && !subject.has_unread_control() {
            found.at(
                FREQUENCY,
                "sign-in frequency every time without MFA may loop, or only ask for the password again",
                "require `mfa` or an authentication strength in the same policy",
            );
        }
    },
};

/// A persistent browser session is one for all resources.
pub(in crate::lint) const PERSISTENT_BROWSER: Lint = Lint {
    id: "persistent-browser-needs-all-resources",
    severity: Severity::Error,
    rule: "1.9",
    about: "persistent browser session for some resources only",
    check: |subject, found| {
        let is_on = is_on(subject.policy.session_controls.persistent_browser.as_ref());
        if is_on && !subject.includes_all_resources() {
            found.at(
                "sessionControls.persistentBrowser",
                "persistent browser session needs all resources, and this policy is for some",
                "include `All` in `includeApplications`",
            );
        }
    },
};

/// Restrictions that the application enforces.
pub(in crate::lint) const APP_RESTRICTIONS: Lint = Lint {
    id: "app-enforced-restrictions-elsewhere",
    severity: Severity::Warning,
    rule: "1.9",
    about: "application enforced restrictions for resources that enforce none",
    check: |subject, found| {
        let is_on = is_on(subject.policy.session_controls.application_enforced_restrictions.as_ref());
        let include = &subject.applications().include_applications;
        let reached = ["All", "Office365", EXCHANGE, SHAREPOINT].iter().any(|token| holds(include, token));
        let open = subject.applications().application_filter.is_some()
            || include.iter().any(|token| crate::compile::condition::is_placeholder(token));
        if is_on && !reached && !open {
            found.at(
                "sessionControls.applicationEnforcedRestrictions",
                "only Exchange Online and SharePoint Online enforce restrictions, and this policy includes neither",
                "include `Office365`, Exchange Online or SharePoint Online",
            );
        }
    },
};

/// Token protection where there is none.
pub(in crate::lint) const TOKEN_PROTECTION: Lint = Lint {
    id: "token-protection-in-browsers",
    severity: Severity::Warning,
    rule: "4.3",
    about: "token protection for browsers only, which it does not cover",
    check: |subject, found| {
        let types = &subject.conditions().client_app_types;
        let browsers = !types.is_empty() && types.iter().all(|word| word.known() == Some(ClientApp::Browser));
        if browsers && is_on(subject.policy.session_controls.secure_sign_in_session.as_ref()) {
            found.at(
                "sessionControls.secureSignInSession",
                "token protection is not asked of browsers, and this policy applies to browsers only",
                "name `mobileAppsAndDesktopClients` in `clientAppTypes`",
            );
        }
    },
};

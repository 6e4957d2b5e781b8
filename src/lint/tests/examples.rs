//! For each lint a policy that has the mistake and a near miss that has not: patches of the sound policy.

/// One lint, in the order of [`super::LINTS`].
pub(super) struct Example {
    /// Its name.
    pub(super) lint: &'static str,
    /// Files of the tenant folder that it needs.
    pub(super) facts: &'static [(&'static str, &'static str)],
    /// With the mistake.
    pub(super) bad: &'static str,
    /// Almost the same, without it.
    pub(super) good: &'static str,
}

/// A text ten times.
macro_rules! ten_times {
    ($text:expr) => {
        concat!($text, $text, $text, $text, $text, $text, $text, $text, $text, $text)
    };
}

pub(super) const EXAMPLES: &[Example] = &[
    Example {
        lint: "targets-no-one",
        facts: &[],
        bad: r#"{"conditions": {"users": {"includeUsers": ["None"]}}}"#,
        good: r#"{"conditions": {"users": {"includeUsers": ["None"], "includeRoles": ["62e90394-69f5-4237-9190-012177145e10"]}}}"#,
    },
    Example {
        lint: "included-groups-are-empty",
        facts: &[("groups/a0a00000-0000-4000-8000-000000000001.json", r#"[]"#)],
        bad: r#"{"conditions": {"users": {"includeUsers": [], "includeGroups": ["a0a00000-0000-4000-8000-000000000001"]}}}"#,
        good: r#"{"conditions": {"users": {"includeUsers": [], "includeGroups": ["a0a00000-0000-4000-8000-000000000001", "a0a00000-0000-4000-8000-000000000002"]}}}"#,
    },
    Example {
        lint: "all-users-and-more",
        facts: &[],
        bad: r#"{"conditions": {"users": {"includeGroups": ["a0a00000-0000-4000-8000-000000000001"]}}}"#,
        good: r#"{"conditions": {"users": {"includeUsers": [], "includeGroups": ["a0a00000-0000-4000-8000-000000000001"]}}}"#,
    },
    Example {
        lint: "none-and-more",
        facts: &[],
        bad: r#"{"conditions": {"users": {"includeUsers": ["None", "a0a00000-0000-4000-8000-000000000001"]}}}"#,
        good: r#"{"conditions": {"applications": {"includeApplications": ["None"], "includeUserActions": ["urn:user:registersecurityinfo"]}}}"#,
    },
    Example {
        lint: "targets-nothing",
        facts: &[],
        bad: r#"{"conditions": {"applications": {"includeApplications": []}}}"#,
        good: r#"{"conditions": {"applications": {"includeApplications": [], "includeAuthenticationContextClassReferences": ["c1"]}}}"#,
    },
    Example {
        lint: "mixed-targets",
        facts: &[],
        bad: r#"{"conditions": {"applications": {"includeUserActions": ["urn:user:registersecurityinfo"]}}}"#,
        good: r#"{"conditions": {"applications": {"includeApplications": ["None"], "includeUserActions": ["urn:user:registersecurityinfo"]}}}"#,
    },
    Example {
        lint: "application-filter-with-all",
        facts: &[],
        bad: r#"{"conditions": {"applications": {"applicationFilter": {"mode": "exclude", "rule": "x"}}}}"#,
        good: r#"{"conditions": {"applications": {"includeApplications": [], "applicationFilter": {"mode": "include", "rule": "x"}}}}"#,
    },
    Example {
        lint: "application-is-no-target",
        facts: &[],
        bad: r#"{"conditions": {"applications": {"includeApplications": ["00000003-0000-0000-c000-000000000000"]}}}"#,
        good: r#"{"conditions": {"applications": {"includeApplications": ["797f4846-ba00-4fd7-ba43-dac1f8f63013"]}}}"#,
    },
    Example {
        lint: "all-resources-with-exclusions",
        facts: &[],
        bad: r#"{"conditions": {"applications": {"excludeApplications": ["a0a00000-0000-4000-8000-000000000001"]}}}"#,
        good: r#"{"conditions": {"applications": {"includeApplications": ["Office365"], "excludeApplications": ["a0a00000-0000-4000-8000-000000000001"]}}}"#,
    },
    Example {
        lint: "register-device-restrictions",
        facts: &[],
        bad: r#"{"conditions": {"clientAppTypes": ["browser"], "applications": {"includeApplications": [], "includeUserActions": ["urn:user:registerdevice"]}}, "grantControls": {"builtInControls": ["compliantDevice"]}}"#,
        good: r#"{"conditions": {"applications": {"includeApplications": [], "includeUserActions": ["urn:user:registerdevice"]}}}"#,
    },
    Example {
        lint: "excludes-all-it-includes",
        facts: &[],
        bad: r#"{"conditions": {"users": {"includeUsers": [], "includeGroups": ["e3e00000-0000-4000-8000-000000000911"]}}}"#,
        good: r#"{"conditions": {"users": {"includeUsers": ["a0a00000-0000-4000-8000-000000000001"], "includeGroups": ["e3e00000-0000-4000-8000-000000000911"]}}}"#,
    },
    Example {
        lint: "included-and-excluded",
        facts: &[],
        bad: r#"{"conditions": {"users": {"includeUsers": ["a0a00000-0000-4000-8000-000000000001", "a0a00000-0000-4000-8000-000000000002"], "excludeUsers": ["A0A00000-0000-4000-8000-000000000001"]}}}"#,
        good: r#"{"conditions": {"users": {"includeUsers": ["a0a00000-0000-4000-8000-000000000001"], "excludeUsers": ["a0a00000-0000-4000-8000-000000000002"]}}}"#,
    },
    Example {
        lint: "all-and-more",
        facts: &[],
        bad: r#"{"conditions": {"clientAppTypes": ["all", "browser"]}}"#,
        good: r#"{"conditions": {"clientAppTypes": ["browser"]}}"#,
    },
    Example {
        lint: "excludes-without-including",
        facts: &[],
        bad: r#"{"conditions": {"platforms": {"excludePlatforms": ["iOS"]}}}"#,
        good: r#"{"conditions": {"platforms": {"includePlatforms": ["all"], "excludePlatforms": ["iOS"]}}}"#,
    },
    Example {
        lint: "not-an-id",
        facts: &[],
        bad: r#"{"conditions": {"users": {"excludeUsers": ["Ann", "<Emergency>"], "excludeGroups": ["xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"]}}}"#,
        good: r#"{"conditions": {"users": {"excludeUsers": ["a0a00000-0000-4000-8000-000000000001", "GuestsOrExternalUsers"]}}}"#,
    },
    Example {
        lint: "unknown-strength",
        facts: &[(
            "authenticationStrengthPolicies.json",
            r#"[{"id": "a0a00000-0000-4000-8000-000000000001", "allowedCombinations": ["fido2"]}]"#,
        )],
        bad: r#"{"grantControls": {"builtInControls": [], "authenticationStrength": {"id": "a0a00000-0000-4000-8000-000000000002"}}}"#,
        good: r#"{"grantControls": {"builtInControls": [], "authenticationStrength": {"id": "a0a00000-0000-4000-8000-000000000001"}}}"#,
    },
    Example {
        lint: "lost-in-export",
        facts: &[],
        bad: r#"{"grantControls": {"builtInControls": ["unknownFutureValue"]}}"#,
        good: r#"{"grantControls": {"builtInControls": ["riskRemediation"]}}"#,
    },
    Example {
        lint: "unknown-word",
        facts: &[],
        bad: r#"{"conditions": {"platforms": {"includePlatforms": ["ChromeOS"]}}}"#,
        good: r#"{"conditions": {"platforms": {"includePlatforms": ["LINUX"]}}}"#,
    },
    Example {
        lint: "deprecated-word",
        facts: &[],
        bad: r#"{"conditions": {"clientAppTypes": ["modern"]}}"#,
        good: r#"{"conditions": {"clientAppTypes": ["mobileAppsAndDesktopClients"]}}"#,
    },
    Example {
        lint: "not-modelled",
        facts: &[],
        bad: r#"{"conditions": {"signInRisk": ["high"]}}"#,
        good: r#"{"conditions": {"times": {"includedRanges": []}}}"#,
    },
    Example {
        lint: "missing-member",
        facts: &[],
        bad: r#"{"state": null}"#,
        good: r#"{"state": null, "displayName": null}"#,
    },
    Example {
        lint: "deleted-policy",
        facts: &[],
        bad: r#"{"deletedDateTime": "2026-01-01T00:00:00Z"}"#,
        good: r#"{"deletedDateTime": ""}"#,
    },
    Example {
        lint: "risk-levels-are-no-threshold",
        facts: &[],
        bad: r#"{"conditions": {"signInRiskLevels": ["medium"]}}"#,
        good: r#"{"conditions": {"signInRiskLevels": ["high"]}}"#,
    },
    Example {
        lint: "both-risks",
        facts: &[],
        bad: r#"{"conditions": {"signInRiskLevels": ["high"], "userRiskLevels": ["high"]}}"#,
        good: r#"{"conditions": {"signInRiskLevels": ["high"], "userRiskLevels": []}}"#,
    },
    Example {
        lint: "workload-risk-for-users",
        facts: &[],
        bad: r#"{"conditions": {"servicePrincipalRiskLevels": ["high"]}}"#,
        good: r#"{"conditions": {"servicePrincipalRiskLevels": ["high"], "users": {"includeUsers": ["None"], "excludeGroups": []}, "clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}}}"#,
    },
    Example {
        lint: "risk-without-every-time",
        facts: &[],
        bad: r#"{"conditions": {"signInRiskLevels": ["high"]}}"#,
        good: r#"{"conditions": {"signInRiskLevels": ["high"]}, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
    },
    Example {
        lint: "risk-not-remediated",
        facts: &[],
        bad: r#"{"conditions": {"signInRiskLevels": ["high"]}, "grantControls": {"builtInControls": ["mfa", "compliantDevice"]}}"#,
        good: r#"{"conditions": {"signInRiskLevels": ["high"]}, "grantControls": {"operator": "AND", "builtInControls": ["mfa", "compliantDevice"]}}"#,
    },
    Example {
        lint: "password-change-without-user-risk",
        facts: &[],
        bad: r#"{"grantControls": {"operator": "AND", "builtInControls": ["mfa", "passwordChange"]}, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
        good: r#"{"conditions": {"userRiskLevels": ["high"]}, "grantControls": {"operator": "AND", "builtInControls": ["mfa", "passwordChange"]}, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
    },
    Example {
        lint: "risk-remediation-without-user-risk",
        facts: &[],
        bad: r#"{"grantControls": {"operator": "AND", "builtInControls": ["riskRemediation"], "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}}, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
        good: r#"{"conditions": {"userRiskLevels": ["high"]}, "grantControls": {"operator": "AND", "builtInControls": ["riskRemediation"], "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}}, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
    },
    Example {
        lint: "password-change-without-mfa",
        facts: &[],
        bad: r#"{"grantControls": {"operator": "OR", "builtInControls": ["mfa", "passwordChange"]}}"#,
        good: r#"{"grantControls": {"operator": "AND", "builtInControls": ["passwordChange"], "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}}}"#,
    },
    Example {
        lint: "password-change-with-other-controls",
        facts: &[],
        bad: r#"{"grantControls": {"operator": "AND", "builtInControls": ["mfa", "passwordChange", "compliantDevice"]}}"#,
        good: r#"{"grantControls": {"operator": "AND", "builtInControls": ["mfa", "passwordChange"]}}"#,
    },
    Example {
        lint: "risk-remediation-and-password-change",
        facts: &[],
        bad: r#"{"grantControls": {"operator": "AND", "builtInControls": ["riskRemediation", "passwordChange"]}}"#,
        good: r#"{"grantControls": {"builtInControls": ["riskRemediation"]}}"#,
    },
    Example {
        lint: "risk-remediation-with-other-controls",
        facts: &[],
        bad: r#"{"grantControls": {"operator": "OR", "builtInControls": ["riskRemediation", "mfa"]}}"#,
        good: r#"{"grantControls": {"operator": "AND", "builtInControls": ["riskRemediation"], "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}}, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
    },
    Example {
        lint: "risk-remediation-adds-controls",
        facts: &[],
        bad: r#"{"grantControls": {"builtInControls": ["riskRemediation"]}}"#,
        good: r#"{"grantControls": {"operator": "AND", "builtInControls": ["riskRemediation"], "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}}, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
    },
    Example {
        lint: "password-change-scope",
        facts: &[],
        bad: r#"{"conditions": {"userRiskLevels": ["high"], "platforms": {"includePlatforms": ["iOS"]}, "applications": {"includeApplications": ["Office365"], "excludeApplications": ["a0a00000-0000-4000-8000-000000000001"]}}, "grantControls": {"operator": "AND", "builtInControls": ["mfa", "passwordChange"]}, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
        good: r#"{"conditions": {"userRiskLevels": ["high"], "platforms": {"includePlatforms": ["all"]}}, "grantControls": {"operator": "AND", "builtInControls": ["mfa", "passwordChange"]}, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
    },
    Example {
        lint: "block-with-other-controls",
        facts: &[],
        bad: r#"{"grantControls": {"builtInControls": ["block", "mfa"]}}"#,
        good: r#"{"grantControls": {"builtInControls": ["block"]}}"#,
    },
    Example {
        lint: "block-with-session-controls",
        facts: &[],
        bad: r#"{"grantControls": {"builtInControls": ["block"]}, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
        good: r#"{"grantControls": {"builtInControls": ["block"]}, "sessionControls": {"signInFrequency": {"isEnabled": false}}}"#,
    },
    Example {
        lint: "mfa-and-strength",
        facts: &[],
        bad: r#"{"grantControls": {"authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}}}"#,
        good: r#"{"grantControls": {"builtInControls": [], "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}}}"#,
    },
    Example {
        lint: "retired-control",
        facts: &[],
        bad: r#"{"grantControls": {"builtInControls": ["approvedApplication", "compliantApplication"]}}"#,
        good: r#"{"grantControls": {"builtInControls": ["compliantApplication"]}}"#,
    },
    Example {
        lint: "no-operator",
        facts: &[],
        bad: r#"{"grantControls": {"operator": null, "builtInControls": ["mfa", "compliantDevice"]}}"#,
        good: r#"{"grantControls": {"operator": null}}"#,
    },
    Example {
        lint: "no-controls",
        facts: &[],
        bad: r#"{"grantControls": null, "sessionControls": {"signInFrequency": {"isEnabled": false}}}"#,
        good: r#"{"grantControls": null, "sessionControls": {"signInFrequency": {"type": "hours", "value": 1}}}"#,
    },
    Example {
        lint: "custom-control-is-no-mfa",
        facts: &[],
        bad: r#"{"grantControls": {"builtInControls": [], "customAuthenticationFactors": ["Duo"]}}"#,
        good: r#"{"grantControls": {"operator": "AND", "customAuthenticationFactors": ["Duo"]}}"#,
    },
    Example {
        lint: "sign-in-frequency-without-period",
        facts: &[],
        bad: r#"{"sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "timeBased", "type": "hours"}}}"#,
        good: r#"{"sessionControls": {"signInFrequency": {"isEnabled": true, "type": "hours", "value": 4}}}"#,
    },
    Example {
        lint: "sign-in-frequency-with-both",
        facts: &[],
        bad: r#"{"sessionControls": {"signInFrequency": {"frequencyInterval": "everyTime", "type": "hours", "value": 1}}}"#,
        good: r#"{"sessionControls": {"signInFrequency": {"frequencyInterval": "everyTime"}}}"#,
    },
    Example {
        lint: "every-time-without-mfa",
        facts: &[],
        bad: r#"{"grantControls": {"builtInControls": ["compliantDevice"]}, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
        good: r#"{"sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
    },
    Example {
        lint: "persistent-browser-needs-all-resources",
        facts: &[],
        bad: r#"{"conditions": {"applications": {"includeApplications": ["Office365"]}}, "sessionControls": {"persistentBrowser": {"isEnabled": true, "mode": "never"}}}"#,
        good: r#"{"sessionControls": {"persistentBrowser": {"isEnabled": true, "mode": "never"}}}"#,
    },
    Example {
        lint: "app-enforced-restrictions-elsewhere",
        facts: &[],
        bad: r#"{"conditions": {"applications": {"includeApplications": ["a0a00000-0000-4000-8000-000000000001"]}}, "sessionControls": {"applicationEnforcedRestrictions": {"isEnabled": true}}}"#,
        good: r#"{"conditions": {"applications": {"includeApplications": ["Office365"]}}, "sessionControls": {"applicationEnforcedRestrictions": {"isEnabled": true}}}"#,
    },
    Example {
        lint: "token-protection-in-browsers",
        facts: &[],
        bad: r#"{"conditions": {"clientAppTypes": ["browser"]}, "sessionControls": {"secureSignInSession": {"isEnabled": true}}}"#,
        good: r#"{"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]}, "sessionControls": {"secureSignInSession": {"isEnabled": true}}}"#,
    },
    Example {
        lint: "legacy-clients-cannot-answer",
        facts: &[],
        bad: r#"{"conditions": {"clientAppTypes": ["browser", "other"]}}"#,
        good: r#"{"conditions": {"clientAppTypes": ["browser"]}}"#,
    },
    Example {
        lint: "legacy-clients-half-blocked",
        facts: &[],
        bad: r#"{"conditions": {"clientAppTypes": ["other"]}, "grantControls": {"builtInControls": ["block"]}}"#,
        good: r#"{"conditions": {"clientAppTypes": ["other", "exchangeActiveSync"]}, "grantControls": {"builtInControls": ["block"]}}"#,
    },
    Example {
        lint: "active-sync-without-exchange",
        facts: &[],
        bad: r#"{"conditions": {"clientAppTypes": ["exchangeActiveSync"], "applications": {"includeApplications": ["MicrosoftAdminPortals"]}}}"#,
        good: r#"{"conditions": {"clientAppTypes": ["exchangeActiveSync"], "applications": {"includeApplications": ["Office365"]}}}"#,
    },
    Example {
        lint: "control-not-on-platform",
        facts: &[],
        bad: r#"{"conditions": {"platforms": {"includePlatforms": ["iOS", "macOS"]}}, "grantControls": {"builtInControls": ["compliantApplication"]}}"#,
        good: r#"{"conditions": {"platforms": {"includePlatforms": ["iOS", "macOS"]}}, "grantControls": {"builtInControls": ["compliantApplication", "mfa"]}}"#,
    },
    Example {
        lint: "unknown-platform-block-reaches-known",
        facts: &[],
        bad: r#"{"conditions": {"platforms": {"includePlatforms": ["all"], "excludePlatforms": ["android", "iOS", "windows", "macOS"]}}, "grantControls": {"builtInControls": ["block"]}}"#,
        good: r#"{"conditions": {"platforms": {"includePlatforms": ["all"], "excludePlatforms": ["android", "iOS", "windows", "macOS", "linux"]}}, "grantControls": {"builtInControls": ["block"]}}"#,
    },
    Example {
        lint: "device-control-in-device-code-flow",
        facts: &[],
        bad: r#"{"conditions": {"authenticationFlows": {"transferMethods": "deviceCodeFlow"}}, "grantControls": {"builtInControls": ["compliantDevice"]}}"#,
        good: r#"{"conditions": {"authenticationFlows": {"transferMethods": "deviceCodeFlow"}}, "grantControls": {"builtInControls": ["compliantDevice", "mfa"]}}"#,
    },
    Example {
        lint: "device-filter-incomplete",
        facts: &[],
        bad: r#"{"conditions": {"devices": {"deviceFilter": {"rule": "device.isCompliant -eq True"}}}}"#,
        good: r#"{"conditions": {"devices": {"deviceFilter": {"mode": "include", "rule": "device.isCompliant -eq True"}}}}"#,
    },
    Example {
        lint: "device-filter-does-not-parse",
        facts: &[],
        bad: r#"{"conditions": {"devices": {"deviceFilter": {"mode": "include", "rule": "device.isCompliant -eq True -and device.colour -eq \"red\""}}}}"#,
        good: r#"{"conditions": {"devices": {"deviceFilter": {"mode": "include", "rule": "-not (device.isCompliant -eq True)"}}}}"#,
    },
    Example {
        lint: "device-filter-too-long",
        facts: &[],
        bad: concat!(
            r#"{"conditions": {"devices": {"deviceFilter": {"mode": "include", "rule": "device.displayName -startsWith \""#,
            ten_times!(ten_times!(ten_times!("long"))),
            r#"\""}}}}"#
        ),
        good: r#"{"conditions": {"devices": {"deviceFilter": {"mode": "include", "rule": "device.displayName -startsWith \"x\""}}}}"#,
    },
    Example {
        lint: "device-filter-exempts-unregistered",
        facts: &[],
        bad: r#"{"conditions": {"devices": {"deviceFilter": {"mode": "exclude", "rule": "device.trustType -ne \"ServerAD\""}}}}"#,
        good: r#"{"conditions": {"devices": {"deviceFilter": {"mode": "exclude", "rule": "device.trustType -ne \"ServerAD\" -and device.isCompliant -eq True"}}}}"#,
    },
    Example {
        lint: "device-filter-misses-unregistered",
        facts: &[],
        bad: r#"{"conditions": {"devices": {"deviceFilter": {"mode": "include", "rule": "device.isCompliant -eq False"}}}}"#,
        good: r#"{"conditions": {"devices": {"deviceFilter": {"mode": "include", "rule": "device.isCompliant -eq False -or device.trustType -ne \"ServerAD\""}}}}"#,
    },
    Example {
        lint: "device-filter-impossible-value",
        facts: &[],
        bad: r#"{"conditions": {"devices": {"deviceFilter": {"mode": "include", "rule": "device.trustType -eq \"Hybrid\""}}}}"#,
        good: r#"{"conditions": {"devices": {"deviceFilter": {"mode": "include", "rule": "device.trustType -eq \"serverad\""}}}}"#,
    },
    Example {
        lint: "deprecated-condition",
        facts: &[],
        bad: r#"{"conditions": {"deviceStates": {"includeStates": ["All"], "excludeStates": ["Compliant"]}}}"#,
        good: r#"{"conditions": {"deviceStates": {"includeStates": [], "excludeStates": []}}}"#,
    },
    Example {
        lint: "unknown-location",
        facts: &[(
            "namedLocations.json",
            r#"[{"locationType": "ipNamedLocation", "id": "a0a00000-0000-4000-8000-000000000001", "displayName": "Office", "isTrusted": false, "ipRanges": []}, {"locationType": "countryNamedLocation", "id": "a0a00000-0000-4000-8000-000000000002", "displayName": "Home", "countriesAndRegions": ["NO"], "countryLookupMethod": "authenticatorAppGps"}]"#,
        )],
        bad: r#"{"conditions": {"locations": {"includeLocations": ["e3e00000-0000-4000-8000-000000000911"]}}}"#,
        good: r#"{"conditions": {"locations": {"includeLocations": ["a0a00000-0000-4000-8000-000000000001"], "excludeLocations": ["3d46dbda-8382-466a-856d-eb00cbc6b910"]}}}"#,
    },
    Example {
        lint: "no-trusted-location",
        facts: &[(
            "namedLocations.json",
            r#"[{"locationType": "ipNamedLocation", "id": "a0a00000-0000-4000-8000-000000000001", "displayName": "Office", "isTrusted": false, "ipRanges": []}, {"locationType": "countryNamedLocation", "id": "a0a00000-0000-4000-8000-000000000002", "displayName": "Home", "countriesAndRegions": ["NO"], "countryLookupMethod": "authenticatorAppGps"}]"#,
        )],
        bad: r#"{"conditions": {"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}}}"#,
        good: r#"{"conditions": {"locations": {"includeLocations": ["All"], "excludeLocations": ["a0a00000-0000-4000-8000-000000000001"]}}}"#,
    },
    Example {
        lint: "gps-location-prompts",
        facts: &[(
            "namedLocations.json",
            r#"[{"locationType": "ipNamedLocation", "id": "a0a00000-0000-4000-8000-000000000001", "displayName": "Office", "isTrusted": false, "ipRanges": []}, {"locationType": "countryNamedLocation", "id": "a0a00000-0000-4000-8000-000000000002", "displayName": "Home", "countriesAndRegions": ["NO"], "countryLookupMethod": "authenticatorAppGps"}]"#,
        )],
        bad: r#"{"conditions": {"locations": {"includeLocations": ["a0a00000-0000-4000-8000-000000000002"]}}}"#,
        good: r#"{"conditions": {"locations": {"includeLocations": ["a0a00000-0000-4000-8000-000000000001"]}}}"#,
    },
    Example {
        lint: "guests-cannot-remediate",
        facts: &[],
        bad: r#"{"conditions": {"userRiskLevels": ["high"]}, "grantControls": {"operator": "AND", "builtInControls": ["mfa", "passwordChange"]}, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
        good: r#"{"conditions": {"userRiskLevels": ["high"], "users": {"excludeUsers": ["GuestsOrExternalUsers"]}}, "grantControls": {"operator": "AND", "builtInControls": ["mfa", "passwordChange"]}, "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}}"#,
    },
    Example {
        lint: "guests-have-no-app-controls",
        facts: &[],
        bad: r#"{"conditions": {"users": {"includeUsers": ["GuestsOrExternalUsers"]}}, "grantControls": {"builtInControls": ["compliantApplication"]}}"#,
        good: r#"{"conditions": {"users": {"includeUsers": ["GuestsOrExternalUsers"]}}, "grantControls": {"builtInControls": ["compliantApplication", "mfa"]}}"#,
    },
    Example {
        lint: "guests-of-no-tenant",
        facts: &[],
        bad: r#"{"conditions": {"users": {"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "serviceProvider", "externalTenants": {"membershipKind": "enumerated", "members": []}}}}}"#,
        good: r#"{"conditions": {"users": {"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "serviceProvider", "externalTenants": {"membershipKind": "all"}}}}}"#,
    },
    Example {
        lint: "tenants-of-internal-guests",
        facts: &[],
        bad: r#"{"conditions": {"users": {"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest", "externalTenants": {"membershipKind": "enumerated", "members": ["a0a00000-0000-4000-8000-000000000001"]}}}}}"#,
        good: r#"{"conditions": {"users": {"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest", "externalTenants": null}}}}"#,
    },
    Example {
        lint: "direct-connect-reaches-further",
        facts: &[],
        bad: r#"{"conditions": {"users": {"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bDirectConnectUser"}}}}"#,
        good: r#"{"conditions": {"users": {"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bDirectConnectUser,b2bCollaborationGuest"}}}}"#,
    },
    Example {
        lint: "workload-controls",
        facts: &[],
        bad: r#"{"conditions": {"users": {"includeUsers": ["None"], "excludeGroups": []}, "clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}}}"#,
        good: r#"{"conditions": {"users": {"includeUsers": ["None"], "excludeGroups": []}, "clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}}, "grantControls": {"builtInControls": ["block"]}}"#,
    },
    Example {
        lint: "workload-conditions",
        facts: &[],
        bad: r#"{"conditions": {"users": {"includeUsers": ["None"], "excludeGroups": []}, "clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}, "signInRiskLevels": ["high"]}, "grantControls": {"builtInControls": ["block"]}}"#,
        good: r#"{"conditions": {"users": {"includeUsers": ["None"], "excludeGroups": []}, "clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}, "servicePrincipalRiskLevels": ["high"]}, "grantControls": {"builtInControls": ["block"]}}"#,
    },
    Example {
        lint: "users-and-workloads",
        facts: &[],
        bad: r#"{"conditions": {"clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}}, "grantControls": {"builtInControls": ["block"]}}"#,
        good: r#"{"conditions": {"users": {"includeUsers": ["None"], "excludeGroups": []}, "clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}}, "grantControls": {"builtInControls": ["block"]}}"#,
    },
    Example {
        lint: "no-emergency-account-excluded",
        facts: &[],
        bad: r#"{"conditions": {"users": {"excludeGroups": [], "excludeRoles": ["d29b2b05-8046-44ba-8758-1e26182fcf32"]}}}"#,
        good: r#"{"conditions": {"users": {"excludeGroups": [], "excludeUsers": ["a0a00000-0000-4000-8000-000000000001"]}}}"#,
    },
    Example {
        lint: "emergency-account-in-scope",
        facts: &[
            ("tenant.toml", r#"break-glass = ["a0a00000-0000-4000-8000-000000000001"]"#),
            ("groups/e3e00000-0000-4000-8000-000000000911.json", r#"[{"id": "a0a00000-0000-4000-8000-000000000002"}]"#),
        ],
        bad: r#"{}"#,
        good: r#"{"conditions": {"users": {"excludeGroups": ["e3e00000-0000-4000-8000-000000000911", "a0a00000-0000-4000-8000-000000000002"]}}}"#,
    },
    Example {
        lint: "report-only-ignores-user-actions",
        facts: &[],
        bad: r#"{"state": "enabledForReportingButNotEnforced", "conditions": {"applications": {"includeApplications": [], "includeUserActions": ["urn:user:registersecurityinfo"]}}}"#,
        good: r#"{"conditions": {"applications": {"includeApplications": [], "includeUserActions": ["urn:user:registersecurityinfo"]}}}"#,
    },
    Example {
        lint: "report-only-device-prompts",
        facts: &[],
        bad: r#"{"state": "enabledForReportingButNotEnforced", "grantControls": {"builtInControls": ["compliantDevice"]}}"#,
        good: r#"{"state": "enabledForReportingButNotEnforced", "conditions": {"platforms": {"includePlatforms": ["windows"]}}, "grantControls": {"builtInControls": ["compliantDevice"]}}"#,
    },
];

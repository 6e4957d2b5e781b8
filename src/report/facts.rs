//! What would settle a fact: a file of the tenant folder, or a field that another export has.

use crate::tenant::FACTS;

/// Facts that no file of the tenant folder holds.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "riskLevelDuringSignIn",
        "an export that records risk during sign-in: Graph or diagnostic settings, with a P2 licence; or tenant/riskDetections.json",
    ),
    ("userRisk", "tenant/riskyUserHistory.json"),
    ("riskyUserHistory", "tenant/riskyUserHistory.json; tenant/riskyUsers.json tells less"),
    ("authenticationDetails", "an export with authenticationDetails: Graph beta or diagnostic settings"),
    ("sessionId", "an export with sessionId, and a longer one: the MFA may have been done before it begins"),
    ("deviceDetail", "an export with deviceDetail; without a device presented only asking for one would tell"),
    ("deviceFilter", "a device filter with a rule and a mode that can be read"),
    ("operatingSystem", "an export with deviceDetail or userAgent"),
    ("clientAppUsed", "an export with clientAppUsed"),
    ("ipAddress", "an export with readable IP addresses"),
    ("gpsLocation", "nothing: no log records the GPS location that the policy asks for"),
    ("conditionalAccessAudiences", "an export with conditionalAccessAudiences: Graph beta"),
    ("resourceId", "an export with resourceId"),
    ("applicationFilter", "nothing here reads custom security attributes: replay a copy that names the applications"),
    ("authenticationContextClassReferences", "an export with authenticationContextClassReferences: Graph beta"),
    ("originalTransferMethod", "an export with originalTransferMethod and authenticationProtocol: Graph beta"),
    ("homeTenantId", "an export with homeTenantId: Graph beta or diagnostic settings"),
    ("userId", "an export with userId"),
    ("insiderRisk", "nothing: no log records insider risk"),
    (
        "appliedConditionalAccessPolicies",
        "a log written while the policy was in report-only mode: no other record tells whether the app was approved or protected",
    ),
    ("customAuthenticationFactors", "nothing: no log records whether a custom control was satisfied"),
    ("verifiedId", "nothing: no log records whether a verified ID was shown"),
    ("tokenProtectionStatusDetails", "an export with tokenProtectionStatusDetails: Graph beta"),
    ("policy", "the policy again, exported with the header `Prefer: include-unknown-enum-members`"),
];

/// Facts that are a kind and a name.
const KINDS: &[(&str, &str)] = &[
    ("condition:", "nothing here: this part of the policy is not modelled; replay a copy without it to see the rest"),
    ("user:", "a copy of the policy with the user's object id in place of this text"),
    ("application:", "a copy of the policy with the application's id in place of this text"),
];

/// What would settle this fact.
#[must_use]
pub fn help(fact: &str) -> String {
    if let Some((_, help)) = ELSEWHERE.iter().find(|(known, _)| *known == fact) {
        return (*help).to_owned();
    }
    if let Some((_, help)) = KINDS.iter().find(|(kind, _)| fact.starts_with(kind)) {
        return (*help).to_owned();
    }
    for known in FACTS {
        let (pattern, id) = match known.missing.split_once("<id>") {
            Some((kind, _)) => (kind, fact.strip_prefix(kind)),
            None => (known.missing, (known.missing == fact).then_some("")),
        };
        let Some(id) = id else { continue };
        let Some(file) = known.files.first() else { continue };
        // The file may be there and not list them.
        if ["userRegistrationDetails", "users"].contains(&pattern) {
            return format!("tenant/{file} with these users in it");
        }
        let file = file.replace("<id>", id);
        return if file == "tenant.toml" { format!("tenant/{file}: {pattern}") } else { format!("tenant/{file}") };
    }
    "an export that records it".to_owned()
}

#[cfg(test)]
mod tests {
    use super::help;

    #[test]
    fn a_fact_is_settled_by_a_file_or_by_another_export() {
        for (fact, expected) in [
            ("userRegistrationDetails", "tenant/userRegistrationDetails.json with these users in it"),
            ("group:11111111-aaaa", "tenant/groups/11111111-aaaa.json"),
            ("role:r1", "tenant/roles/r1.json"),
            ("password-writeback", "tenant/tenant.toml: password-writeback"),
            ("namedLocations", "tenant/namedLocations.json"),
        ] {
            assert_eq!(help(fact), expected);
        }
        assert!(help("riskLevelDuringSignIn").contains("P2"));
        assert!(help("condition:times").contains("not modelled"));
    }

    #[test]
    fn every_fact_that_is_asked_for_in_the_code_has_an_answer_of_its_own() {
        for fact in [
            "agreementAcceptances",
            "authenticationStrengthPolicies",
            "devices",
            "inbound-device-trust",
            "inbound-mfa-trust",
            "mfa-trusted-ips",
            "office365Apps",
            "riskyUserHistory",
            "users",
        ] {
            assert!(help(fact).starts_with("tenant/"), "{fact}: {}", help(fact));
        }
    }
}

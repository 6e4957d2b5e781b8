//! What can be replayed: for every condition and control, what a row must record to decide it.
//!
//! One line each, after what `compile/condition` and `compile/control` read; a test replays probe policies over random
//! rows and holds the table to it. A row that records more than nothing but not enough is not decided: replay gives a
//! range there.

use super::exports::Exports;
use super::marks::{Mark, Marks};
use super::signals::signal_of;

/// Which part of a policy it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A condition, by its CON-5 name.
    Condition,
    /// A grant control, by Graph's name.
    GrantControl,
    /// A session control, by Graph's name.
    SessionControl,
}

impl Kind {
    /// All kinds in the order of the table.
    pub const ALL: [Kind; 3] = [Kind::Condition, Kind::GrantControl, Kind::SessionControl];

    /// The word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Condition => "condition",
            Kind::GrantControl => "grantControl",
            Kind::SessionControl => "sessionControl",
        }
    }
}

/// A condition or control that an export may or may not be able to answer.
#[derive(Clone, Copy, Debug)]
pub struct Ability {
    /// Which part of a policy.
    pub kind: Kind,
    /// Its name there.
    pub name: &'static str,
    /// Which use of it, where uses differ in what they read; else empty.
    pub part: &'static str,
    /// What decides it for a row: all marks of any of these lists. No list: nothing does. An empty list: any row.
    pub decided: &'static [&'static [Mark]],
    /// Tenant facts without which nothing is decided, as [`crate::tenant::FACTS`] names them.
    pub needs: &'static [&'static str],
    /// Tenant facts that some policies or some users need besides.
    pub may_need: &'static [&'static str],
    /// Signals that would settle the rows that are left: one of each list.
    pub settled_by: &'static [&'static [Mark]],
    /// What to know of it, in a few words; else empty.
    pub remark: &'static str,
}

impl Ability {
    /// Whether a row with these marks decides it.
    #[must_use]
    pub fn is_decided(&self, marks: Marks) -> bool {
        self.decided.iter().any(|all| marks.have(all))
    }

    /// Whether every row decides it.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.decided.iter().any(|all| all.is_empty())
    }

    /// The exports that record what would settle it; none where no export does.
    #[must_use]
    pub fn recorded_by(&self) -> Exports {
        if self.settled_by.is_empty() {
            return Exports::NONE;
        }
        let of = |mark: &Mark| signal_of(*mark).map_or(Exports::NONE, |signal| signal.exports);
        let any = |marks: &&[Mark]| marks.iter().map(of).fold(Exports::NONE, Exports::or);
        self.settled_by.iter().map(any).fold(Exports::EVERY, Exports::and)
    }

    /// Name and part: `location: countries`.
    #[must_use]
    pub fn title(&self) -> String {
        if self.part.is_empty() { self.name.to_owned() } else { format!("{}: {}", self.name, self.part) }
    }
}

/// What a line says unless it says otherwise.
const PLAIN: Ability = Ability {
    kind: Kind::Condition,
    name: "",
    part: "",
    decided: &[],
    needs: &[],
    may_need: &[],
    settled_by: &[],
    remark: "",
};
const GRANT: Ability = Ability { kind: Kind::GrantControl, ..PLAIN };
const SESSION: Ability = Ability { kind: Kind::SessionControl, ..PLAIN };

/// Every row decides it.
const ALWAYS: &[&[Mark]] = &[&[]];

/// All conditions in the order of CON-5, then grant controls, then session controls.
pub const ABILITIES: &[Ability] = &[
    Ability {
        name: "application",
        decided: &[&[Mark::Audiences], &[Mark::Resource]],
        may_need: &["servicePrincipals", "office365Apps"],
        settled_by: &[&[Mark::Resource, Mark::Audiences]],
        remark: "what a web client is evaluated for besides stands in conditionalAccessAudiences alone",
        ..PLAIN
    },
    Ability {
        name: "application",
        part: "authentication contexts",
        decided: &[&[Mark::Contexts]],
        settled_by: &[&[Mark::Contexts]],
        ..PLAIN
    },
    Ability {
        name: "users",
        decided: &[&[Mark::UserId]],
        may_need: &["group:<id>", "role:<id>"],
        settled_by: &[&[Mark::UserId]],
        ..PLAIN
    },
    Ability {
        name: "users",
        part: "guests and external users",
        decided: &[&[Mark::UserType], &[Mark::ExternalAccess], &[Mark::TenantsDiffer]],
        may_need: &["users"],
        settled_by: &[&[Mark::UserType]],
        ..PLAIN
    },
    Ability {
        name: "devicePlatform",
        decided: &[&[Mark::Platform]],
        settled_by: &[&[Mark::OperatingSystem, Mark::UserAgent]],
        ..PLAIN
    },
    Ability {
        name: "location",
        part: "IP ranges",
        decided: &[&[Mark::IpAddress]],
        needs: &["namedLocations"],
        may_need: &["mfa-trusted-ips"],
        settled_by: &[&[Mark::IpAddress]],
        ..PLAIN
    },
    Ability {
        name: "location",
        part: "countries",
        decided: &[&[Mark::Country]],
        needs: &["namedLocations"],
        settled_by: &[&[Mark::Country]],
        remark: "an address without a country counts as the unknown country",
        ..PLAIN
    },
    Ability {
        name: "location",
        part: "all trusted (as recorded)",
        decided: &[&[Mark::Networks]],
        settled_by: &[&[Mark::Networks]],
        remark: "with namedLocations.json the address decides instead",
        ..PLAIN
    },
    Ability {
        name: "location",
        part: "compliant network",
        decided: &[&[Mark::GlobalSecureAccess]],
        settled_by: &[&[Mark::GlobalSecureAccess]],
        ..PLAIN
    },
    Ability { name: "clientType", decided: &[&[Mark::ClientApp]], settled_by: &[&[Mark::ClientApp]], ..PLAIN },
    Ability {
        name: "signInRisk",
        decided: &[&[Mark::Risk], &[Mark::RealtimeDetection]],
        may_need: &["riskDetections"],
        settled_by: &[&[Mark::Risk]],
        remark: "in a tenant with Microsoft Entra ID P2: `hidden` is no level",
        ..PLAIN
    },
    Ability {
        name: "userRisk",
        decided: &[&[Mark::UserId]],
        needs: &["riskyUserHistory"],
        settled_by: &[&[Mark::UserId]],
        remark: "riskyUsers instead, for users whose risk has not changed since",
        ..PLAIN
    },
    Ability { name: "time", remark: "unsupported: always unknown", ..PLAIN },
    Ability {
        name: "deviceState",
        part: "compliance and join type",
        decided: &[&[Mark::Unregistered], &[Mark::DeviceId, Mark::Compliance, Mark::TrustType]],
        settled_by: &[&[Mark::DeviceId], &[Mark::Compliance], &[Mark::TrustType]],
        ..PLAIN
    },
    Ability {
        name: "deviceState",
        part: "other attributes",
        decided: &[&[Mark::Unregistered], &[Mark::DeviceId]],
        needs: &["devices"],
        settled_by: &[&[Mark::DeviceId]],
        ..PLAIN
    },
    Ability { name: "servicePrincipals", remark: "policies for workload identities are not replayed", ..PLAIN },
    Ability { name: "servicePrincipalRisk", remark: "policies for workload identities are not replayed", ..PLAIN },
    Ability {
        name: "authenticationFlows",
        decided: &[&[Mark::Protocol], &[Mark::TransferMethod]],
        settled_by: &[&[Mark::Protocol, Mark::TransferMethod]],
        ..PLAIN
    },
    Ability { name: "insiderRisk", remark: "no export records it", ..PLAIN },
    Ability { name: "block", decided: ALWAYS, ..GRANT },
    Ability {
        name: "mfa",
        decided: &[&[Mark::MfaEvidence]],
        may_need: &["inbound-mfa-trust", "userRegistrationDetails"],
        settled_by: &[&[Mark::MfaEvidence]],
        remark: "a token without a claim says nothing: its session may, if sessionId and the interactive sign-ins are \
                 there",
        ..GRANT
    },
    Ability {
        name: "authenticationStrength",
        decided: &[&[Mark::StrengthEvidence]],
        may_need: &["authenticationStrengthPolicies", "userRegistrationDetails"],
        settled_by: &[&[Mark::Steps]],
        remark: "a claim from an earlier sign-in does not say by which method",
        ..GRANT
    },
    Ability {
        name: "compliantDevice",
        decided: &[
            &[Mark::LegacyClient],
            &[Mark::DeviceCode],
            &[Mark::ComplianceSucceeded],
            &[Mark::ComplianceFailed, Mark::NoDeviceChallenge],
            &[Mark::DeviceId, Mark::Compliance],
            &[Mark::Unregistered, Mark::NativeClient],
            &[Mark::Unregistered, Mark::DeviceAsked],
        ],
        may_need: &["inbound-device-trust"],
        settled_by: &[&[Mark::DeviceId], &[Mark::Compliance]],
        remark: "a browser shows its device only if a policy asks for it",
        ..GRANT
    },
    Ability {
        name: "domainJoinedDevice",
        decided: &[
            &[Mark::LegacyClient],
            &[Mark::DeviceCode],
            &[Mark::HybridJoinSucceeded],
            &[Mark::HybridJoinFailed, Mark::NoDeviceChallenge],
            &[Mark::NotWindows],
            &[Mark::DeviceId, Mark::TrustType],
            &[Mark::Unregistered, Mark::NativeClient],
            &[Mark::Unregistered, Mark::DeviceAsked],
        ],
        may_need: &["inbound-device-trust"],
        settled_by: &[&[Mark::DeviceId], &[Mark::TrustType]],
        remark: "a browser shows its device only if a policy asks for it",
        ..GRANT
    },
    Ability {
        name: "approvedApplication",
        decided: &[&[Mark::ApprovedApp], &[Mark::NotMobile]],
        settled_by: &[&[Mark::Policies]],
        remark: "on iOS and Android only where a recorded policy asked for this alone",
        ..GRANT
    },
    Ability {
        name: "compliantApplication",
        decided: &[&[Mark::ProtectedApp], &[Mark::NotMobile, Mark::NotWindows]],
        settled_by: &[&[Mark::Policies]],
        remark: "on iOS, Android and Windows only where a recorded policy asked for this alone",
        ..GRANT
    },
    Ability {
        name: "passwordChange",
        decided: ALWAYS,
        may_need: &["userRegistrationDetails", "users", "password-writeback"],
        ..GRANT
    },
    Ability { name: "riskRemediation", decided: ALWAYS, may_need: &["userRegistrationDetails"], ..GRANT },
    Ability {
        name: "termsOfUse",
        decided: &[&[Mark::UserId]],
        needs: &["agreementAcceptances"],
        settled_by: &[&[Mark::UserId]],
        ..GRANT
    },
    Ability { name: "customAuthenticationFactors", remark: "no export records it", ..GRANT },
    Ability { name: "verifiedID", remark: "no export records it", ..GRANT },
    Ability {
        name: "signInFrequency",
        part: "every time with MFA",
        decided: &[&[Mark::LegacyClient], &[Mark::FreshnessEvidence]],
        settled_by: &[&[Mark::Steps]],
        ..SESSION
    },
    Ability {
        name: "signInFrequency",
        part: "time based",
        decided: &[&[Mark::LegacyClient], &[Mark::PerformedStep]],
        settled_by: &[&[Mark::Steps]],
        remark: "a row without a step of its own does not say how old the sign-in is; every time without MFA is alike",
        ..SESSION
    },
    Ability {
        name: "secureSignInSession",
        decided: &[&[Mark::BoundToken], &[Mark::BrowserClient], &[Mark::TokenBinding, Mark::NativeClient]],
        settled_by: &[&[Mark::TokenBinding]],
        remark: "`none` says neither",
        ..SESSION
    },
    Ability { name: "persistentBrowser", decided: ALWAYS, remark: "changes no result", ..SESSION },
    Ability { name: "cloudAppSecurity", decided: ALWAYS, remark: "changes no result", ..SESSION },
    Ability { name: "applicationEnforcedRestrictions", decided: ALWAYS, remark: "changes no result", ..SESSION },
];

#[cfg(test)]
mod tests {
    use super::{ABILITIES, Kind};
    use crate::compile::control::Control;
    use crate::domain::Condition;
    use crate::tenant::FACTS;

    #[test]
    fn every_fact_is_one_of_the_tenant_folder() {
        for ability in ABILITIES {
            for fact in ability.needs.iter().chain(ability.may_need) {
                assert!(FACTS.iter().any(|known| known.missing == *fact), "{}: `{fact}`", ability.title());
            }
        }
    }

    #[test]
    fn every_condition_is_answered_for_in_the_order_of_the_conditions() {
        let mut named: Vec<&str> =
            ABILITIES.iter().filter(|ability| ability.kind == Kind::Condition).map(|ability| ability.name).collect();
        named.dedup();
        let known = Condition::ALL.into_iter().filter(|condition| *condition != Condition::Unmodelled);
        assert_eq!(named, known.map(Condition::word).collect::<Vec<_>>());
        assert!(ABILITIES.is_sorted_by_key(|ability| ability.kind));
    }

    #[test]
    fn every_grant_control_is_answered_for() {
        let mfa = Control::Mfa { as_strength: false };
        // A control that is not in this circle breaks it.
        let next = |control: &Control| match control {
            Control::Block => Some(mfa.clone()),
            Control::Mfa { .. } => Some(Control::Strength(0)),
            Control::Strength(_) => Some(Control::CompliantDevice { on_all: false }),
            Control::CompliantDevice { .. } => Some(Control::DomainJoinedDevice),
            Control::DomainJoinedDevice => Some(Control::ApprovedApplication),
            Control::ApprovedApplication => Some(Control::CompliantApplication),
            Control::CompliantApplication => Some(Control::PasswordChange),
            Control::PasswordChange => Some(Control::RiskRemediation),
            Control::RiskRemediation => Some(Control::TermsOfUse(0)),
            Control::TermsOfUse(_) => Some(Control::Custom),
            Control::Custom => Some(Control::VerifiedId),
            Control::VerifiedId | Control::Unknown(_) => None,
        };
        let all = std::iter::successors(Some(Control::Block), next);
        let named: Vec<&str> =
            ABILITIES.iter().filter(|ability| ability.kind == Kind::GrantControl).map(|ability| ability.name).collect();
        assert_eq!(named, all.map(|control| control.name().to_owned()).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_not_always_decided_says_who_records_it_or_why_nobody_does() {
        for ability in ABILITIES {
            let is_settled = !ability.recorded_by().names().is_empty() || !ability.remark.is_empty();
            assert!(ability.is_always() || is_settled, "{}", ability.title());
        }
    }
}

//! The signals that Conditional Access reads, or that tell what happened: what they are called, and which export
//! records them. When a row counts as recording one stands at its [`Mark`].

use super::exports::{Export, Exports};
use super::marks::Mark;

/// Which chapter of the list a signal stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Who.
    People,
    /// What was asked for.
    Target,
    /// Risk.
    Risk,
    /// Device and client.
    Device,
    /// Where from.
    Place,
    /// How it was authenticated.
    Authentication,
    /// How it ended, and which policies had a say.
    Outcome,
    /// What ties rows together.
    Grouping,
}

impl Group {
    /// Its name for people and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Group::People => "people",
            Group::Target => "target",
            Group::Risk => "risk",
            Group::Device => "device",
            Group::Place => "place",
            Group::Authentication => "authentication",
            Group::Outcome => "outcome",
            Group::Grouping => "grouping",
        }
    }
}

/// A signal.
#[derive(Clone, Copy, Debug)]
pub struct Signal {
    /// What a row must tell.
    pub mark: Mark,
    /// Graph's name, where Graph has one.
    pub name: &'static str,
    /// Where it stands.
    pub group: Group,
    /// Who records it.
    pub exports: Exports,
}

const fn signal(mark: Mark, name: &'static str, group: Group, exports: Exports) -> Signal {
    Signal { mark, name, group, exports }
}

const ALL: Exports = Exports::ALL;
const GRAPH: Exports = Exports::GRAPH;
const BETA: Exports = Exports::BETA;
const BETA_CSV: Exports = BETA.with(Export::AdminCenterCsv);
const BETA_CSV_XDR: Exports = BETA_CSV.with(Export::DefenderXdr);
const BETA_XDR: Exports = BETA.with(Export::DefenderXdr);
const GRAPH_CSV: Exports = GRAPH.with(Export::AdminCenterCsv);
const GRAPH_XDR: Exports = GRAPH.with(Export::DefenderXdr);
const GRAPH_RISKY: Exports = GRAPH.with(Export::RiskySignIns);
const GRAPH_XDR_RISKY: Exports = GRAPH_XDR.with(Export::RiskySignIns);
/// The admin center writes steps into a file of their own, which is read beside its CSV.
const STEPS: Exports = BETA.with(Export::AuthDetails);
/// Rules stand in Graph's beta objects alone (formats, 4).
const RULES: Exports = Exports::NONE.with(Export::GraphBeta).with(Export::AdminCenterJson);

/// Every signal, chapter by chapter.
pub const SIGNALS: &[Signal] = &[
    signal(Mark::UserId, "userId", Group::People, ALL),
    signal(Mark::UserType, "userType", Group::People, BETA_CSV_XDR),
    signal(Mark::CrossTenantAccessType, "crossTenantAccessType", Group::People, BETA_CSV),
    signal(Mark::HomeTenant, "homeTenantId", Group::People, GRAPH_CSV),
    signal(Mark::ResourceTenant, "resourceTenantId", Group::People, ALL),
    signal(Mark::ServicePrincipal, "servicePrincipalId", Group::People, GRAPH_CSV),
    signal(Mark::App, "appId", Group::Target, ALL),
    signal(Mark::Resource, "resourceId", Group::Target, ALL),
    signal(Mark::ResourceOwner, "resourceOwnerTenantId", Group::Target, BETA_CSV),
    signal(Mark::Audiences, "conditionalAccessAudiences", Group::Target, BETA),
    signal(Mark::Contexts, "authenticationContextClassReferences", Group::Target, BETA),
    signal(Mark::Risk, "riskLevelDuringSignIn", Group::Risk, GRAPH_RISKY),
    signal(Mark::RiskAggregated, "riskLevelAggregated", Group::Risk, GRAPH_XDR_RISKY),
    signal(Mark::RiskState, "riskState", Group::Risk, GRAPH_XDR_RISKY),
    signal(Mark::RealtimeDetection, "realtimeDetectionLevel", Group::Risk, Exports::NONE),
    signal(Mark::RiskEventTypes, "riskEventTypes_v2", Group::Risk, GRAPH_RISKY),
    signal(Mark::DeviceId, "deviceDetail.deviceId", Group::Device, ALL),
    signal(Mark::Compliance, "deviceDetail.isCompliant", Group::Device, ALL),
    signal(Mark::Management, "deviceDetail.isManaged", Group::Device, ALL),
    signal(Mark::TrustType, "deviceDetail.trustType", Group::Device, ALL),
    signal(Mark::OperatingSystem, "deviceDetail.operatingSystem", Group::Device, ALL),
    signal(Mark::Browser, "deviceDetail.browser", Group::Device, ALL),
    signal(Mark::UserAgent, "userAgent", Group::Device, ALL),
    signal(Mark::ClientApp, "clientAppUsed", Group::Device, ALL),
    signal(Mark::IpAddress, "ipAddress", Group::Place, ALL),
    signal(Mark::Country, "location.countryOrRegion", Group::Place, ALL),
    signal(Mark::Networks, "networkLocationDetails", Group::Place, BETA_XDR),
    signal(Mark::GlobalSecureAccess, "isThroughGlobalSecureAccess", Group::Place, BETA_CSV_XDR),
    signal(Mark::Requirement, "authenticationRequirement", Group::Authentication, BETA_CSV_XDR),
    signal(Mark::Steps, "authenticationDetails", Group::Authentication, STEPS),
    signal(Mark::MfaEvidence, "mfaEvidence", Group::Authentication, BETA_CSV),
    signal(Mark::IncomingToken, "incomingTokenType", Group::Authentication, BETA_CSV),
    signal(Mark::Protocol, "authenticationProtocol", Group::Authentication, BETA_CSV),
    signal(Mark::TransferMethod, "originalTransferMethod", Group::Authentication, BETA_CSV),
    signal(Mark::TokenBinding, "signInSessionStatus", Group::Authentication, BETA_CSV),
    signal(Mark::TokenIssuer, "tokenIssuerType", Group::Authentication, BETA_CSV_XDR),
    signal(Mark::ErrorCode, "status.errorCode", Group::Outcome, ALL),
    signal(Mark::Outcome, "conditionalAccessStatus", Group::Outcome, ALL),
    signal(Mark::Policies, "appliedConditionalAccessPolicies", Group::Outcome, GRAPH_XDR),
    signal(Mark::PolicyConditions, "conditionsSatisfied", Group::Outcome, BETA),
    signal(Mark::PolicyRules, "includeRulesSatisfied", Group::Outcome, RULES),
    signal(Mark::Interactive, "isInteractive", Group::Grouping, ALL),
    signal(Mark::OriginalRequest, "originalRequestId", Group::Grouping, BETA),
    signal(Mark::Session, "sessionId", Group::Grouping, BETA_CSV_XDR),
    signal(Mark::Correlation, "correlationId", Group::Grouping, ALL),
];

/// The signal that a mark stands for; none for marks that only say how a value decides.
#[must_use]
pub fn signal_of(mark: Mark) -> Option<&'static Signal> {
    SIGNALS.iter().find(|signal| signal.mark == mark)
}

#[cfg(test)]
mod tests {
    use super::SIGNALS;

    #[test]
    fn every_signal_has_a_name_of_its_own_and_stands_in_its_chapter() {
        let mut names: Vec<&str> = SIGNALS.iter().map(|signal| signal.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SIGNALS.len());
        assert!(SIGNALS.is_sorted_by_key(|signal| signal.group));
    }
}

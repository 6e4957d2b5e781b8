//! Reads the marks of rows: once per distinct text, and what several columns decide once per row.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::attempt::mfa::{self, MfaRule, MfaState};
use crate::attempt::rows::Rows;
use crate::compile::device_filter::TrustType;
use crate::domain::spelling::{RecordedPlatform, recorded_client, recorded_platform, recorded_risk};
use crate::domain::{ClientApp, Platform, RiskLevel, folded};
use crate::frame::{AppliedPolicy, Code, Column, Device, Place, Status, parsed};
use crate::tenant::parse_address;

use super::kinds::Category;
use super::marks::{Mark, Marks};

/// Device authentication required: the challenge itself, not its outcome (DVC-2).
const DEVICE_CHALLENGE: i64 = 50097;

/// What a recorded text tells.
type Tells = fn(&str) -> Marks;

/// What a text of each column tells. A column that is not here tells nothing that a policy reads.
const COLUMNS: &[(Column, Tells)] = &[
    (Column::UserId, |_| Mark::UserId.into()),
    (Column::UserType, |text| {
        Marks::NONE.with_if(["member", "guest"].contains(&folded(text).as_str()), Mark::UserType)
    }),
    (Column::CrossTenantAccessType, |text| {
        Marks::from(Mark::CrossTenantAccessType).with_if(folded(text) != "none", Mark::ExternalAccess)
    }),
    (Column::HomeTenantId, |_| Mark::HomeTenant.into()),
    (Column::ResourceTenantId, |_| Mark::ResourceTenant.into()),
    (Column::AppId, |_| Mark::App.into()),
    (Column::ResourceId, |_| Mark::Resource.into()),
    (Column::ResourceOwnerTenantId, |_| Mark::ResourceOwner.into()),
    (Column::ConditionalAccessAudiences, |_| Mark::Audiences.into()),
    (Column::AuthenticationContexts, |_| Mark::Contexts.into()),
    (Column::RiskLevelDuringSignIn, |text| Marks::NONE.with_if(is_level(text), Mark::Risk)),
    (Column::RiskLevelAggregated, |text| Marks::NONE.with_if(is_level(text), Mark::RiskAggregated)),
    (Column::RiskState, |text| Marks::NONE.with_if(is_readable(text), Mark::RiskState)),
    (Column::RealtimeDetection, |text| Marks::NONE.with_if(is_level(text), Mark::RealtimeDetection)),
    (Column::RiskEventTypes, |_| Mark::RiskEventTypes.into()),
    (Column::DeviceDetail, device),
    (Column::UserAgent, |_| Mark::UserAgent.into()),
    (Column::ClientAppUsed, client),
    (Column::IpAddress, |text| Marks::NONE.with_if(parse_address(text).is_some(), Mark::IpAddress)),
    (Column::Location, |text| {
        let country = parsed::<Place>(text).country_or_region;
        Marks::NONE.with_if(country.is_some_and(|country| !country.trim().is_empty()), Mark::Country)
    }),
    (Column::NetworkLocationDetails, |_| Mark::Networks.into()),
    (Column::IsThroughGlobalSecureAccess, |_| Mark::GlobalSecureAccess.into()),
    (Column::AuthenticationRequirement, |text| Marks::NONE.with_if(is_readable(text), Mark::Requirement)),
    (Column::AuthenticationDetails, |_| Mark::Steps.into()),
    (Column::IncomingTokenType, |text| Marks::NONE.with_if(is_readable(text), Mark::IncomingToken)),
    (Column::SessionId, |_| Mark::Session.into()),
    (Column::AuthenticationProtocol, |text| flow(text, "devicecode", Mark::Protocol)),
    (Column::OriginalTransferMethod, |text| flow(text, "devicecodeflow", Mark::TransferMethod)),
    (Column::TokenProtection, |text| match folded(text).as_str() {
        "bound" => Marks::from(Mark::TokenBinding).with(Mark::BoundToken),
        "unbound" => Mark::TokenBinding.into(),
        _ => Marks::NONE,
    }),
    (Column::Status, |text| Marks::NONE.with_if(parsed::<Status>(text).error_code.is_some(), Mark::ErrorCode)),
    (Column::ConditionalAccessStatus, |text| Marks::NONE.with_if(is_readable(text), Mark::Outcome)),
    (Column::AppliedConditionalAccessPolicies, policies),
    (Column::IsInteractive, |_| Mark::Interactive.into()),
    (Column::SignInEventType, |_| Mark::Interactive.into()),
    (Column::OriginalRequestId, |_| Mark::OriginalRequest.into()),
    (Column::CorrelationId, |_| Mark::Correlation.into()),
    (Column::TokenIssuerType, |_| Mark::TokenIssuer.into()),
    (Column::ServicePrincipalId, |_| Mark::ServicePrincipal.into()),
];

/// Graph's word for one that the export could not show says nothing (POL-4).
fn is_readable(text: &str) -> bool {
    folded(text) != "unknownfuturevalue"
}

fn is_level(text: &str) -> bool {
    recorded_risk(Some(text)) != RiskLevel::Unknown
}

fn flow(text: &str, device_code: &str, mark: Mark) -> Marks {
    Marks::NONE.with_if(is_readable(text), mark).with_if(folded(text) == device_code, Mark::DeviceCode)
}

fn client(text: &str) -> Marks {
    let Some(client) = recorded_client(Some(text)) else { return Marks::NONE };
    Marks::from(Mark::ClientApp)
        .with_if(client == ClientApp::Browser, Mark::BrowserClient)
        .with_if(client != ClientApp::Browser, Mark::NativeClient)
        .with_if(client.is_legacy(), Mark::LegacyClient)
}

fn device(text: &str) -> Marks {
    let device: Device = parsed(text);
    if device.is_unread {
        return Marks::NONE;
    }
    let says = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let common = Marks::NONE
        .with_if(says(&device.operating_system), Mark::OperatingSystem)
        .with_if(says(&device.browser), Mark::Browser);
    if !says(&device.device_id) {
        // What it says of compliance is null for Conditional Access (DEV-5).
        return common.with(Mark::Unregistered);
    }
    let trust_type = device.trust_type.as_deref().and_then(TrustType::read);
    common
        .with(Mark::DeviceId)
        .with_if(device.is_compliant.is_some(), Mark::Compliance)
        .with_if(device.is_managed.is_some(), Mark::Management)
        .with_if(trust_type.is_some(), Mark::TrustType)
}

fn policies(text: &str) -> Marks {
    let applied: Vec<AppliedPolicy> = parsed(text);
    let any = |holds: fn(&AppliedPolicy) -> bool| applied.iter().any(holds);
    let alone = |control: &str, results: &[&str]| {
        applied.iter().any(|policy| {
            matches!(policy.enforced_grant_controls.as_slice(), [only] if folded(only) == control)
                && results.contains(&folded(&policy.result).as_str())
        })
    };
    let (good, bad) = (["success", "reportonlysuccess"], ["failure", "reportonlyfailure"]);
    Marks::NONE
        .with_if(!applied.is_empty(), Mark::Policies)
        .with_if(any(|policy| policy.conditions_satisfied.is_some()), Mark::PolicyConditions)
        .with_if(
            any(|policy| !(policy.include_rules_satisfied.is_empty() && policy.exclude_rules_satisfied.is_empty())),
            Mark::PolicyRules,
        )
        .with_if(any(asked_for_device), Mark::DeviceAsked)
        .with_if(alone("requirecompliantdevice", &good), Mark::ComplianceSucceeded)
        .with_if(alone("requirecompliantdevice", &bad), Mark::ComplianceFailed)
        .with_if(alone("requiredomainjoineddevice", &good), Mark::HybridJoinSucceeded)
        .with_if(alone("requiredomainjoineddevice", &bad), Mark::HybridJoinFailed)
        .with_if(alone("requireapprovedapp", &good), Mark::ApprovedApp)
        .with_if(alone("requirecompliantapp", &good), Mark::ProtectedApp)
}

/// C21: it asked only if it came to a result.
fn asked_for_device(policy: &AppliedPolicy) -> bool {
    let controls = ["requirecompliantdevice", "requiredomainjoineddevice"];
    let results = ["success", "failure", "reportonlysuccess", "reportonlyfailure", "reportonlyinterrupted"];
    policy.enforced_grant_controls.iter().any(|control| controls.contains(&folded(control).as_str()))
        && results.contains(&folded(&policy.result).as_str())
}

/// The platform that a device and a user agent show (C14).
fn platform(system: Option<&str>, agent: Option<&str>) -> Marks {
    let (not_windows, not_mobile) = match recorded_platform(system, agent) {
        RecordedPlatform::NotRecorded => return Marks::NONE,
        RecordedPlatform::Unlisted => (true, true),
        RecordedPlatform::Named(platform) => {
            (platform != Platform::Windows, !matches!(platform, Platform::Ios | Platform::Android))
        }
    };
    Marks::from(Mark::Platform).with_if(not_windows, Mark::NotWindows).with_if(not_mobile, Mark::NotMobile)
}

/// The marks of every row of a frame.
#[derive(Debug)]
pub(super) struct Recorded<'a> {
    facts: &'a Rows<'a>,
    columns: Vec<(Column, Vec<Marks>)>,
    platforms: HashMap<[Code; 2], Marks, FxBuildHasher>,
    systems: Vec<Option<String>>,
}

impl<'a> Recorded<'a> {
    /// Reads every distinct text once.
    pub(super) fn read(facts: &'a Rows<'a>) -> Recorded<'a> {
        let frame = facts.frame;
        let by_code = |column: Column, tells: Tells| {
            let tell = |text: &str| if text.is_empty() { Marks::NONE } else { tells(text) };
            frame.dictionary(column).iter().map(tell).collect()
        };
        let devices = frame.dictionary(Column::DeviceDetail).iter().map(parsed::<Device>);
        Recorded {
            facts,
            columns: COLUMNS.iter().map(|(column, tells)| (*column, by_code(*column, *tells))).collect(),
            platforms: HashMap::default(),
            systems: devices.map(|device| device.operating_system).collect(),
        }
    }

    /// The marks of one row.
    pub(super) fn of(&mut self, row: usize) -> Marks {
        let frame = self.facts.frame;
        let mut marks = Marks::NONE;
        for (column, by_code) in &self.columns {
            marks = marks.and(by_code.get(frame.code(*column, row) as usize).copied().unwrap_or_default());
        }
        let challenged = self.facts.error_code(row) == Some(DEVICE_CHALLENGE);
        marks = marks
            .and(self.platform(row))
            .with_if(self.tenants_differ(row), Mark::TenantsDiffer)
            .with_if(!challenged, Mark::NoDeviceChallenge);
        // What is no sign-in of a user does no MFA.
        if Category::of(self.facts, row).is_of_users() { marks.and(self.authentication(row)) } else { marks }
    }

    fn platform(&mut self, row: usize) -> Marks {
        let frame = self.facts.frame;
        let codes = [Column::DeviceDetail, Column::UserAgent].map(|column| frame.code(column, row));
        let system = self.systems.get(codes[0] as usize).and_then(Option::as_deref);
        *self.platforms.entry(codes).or_insert_with(|| platform(system, frame.text(Column::UserAgent, row)))
    }

    fn tenants_differ(&self, row: usize) -> bool {
        let text = |column: Column| self.facts.frame.text(column, row);
        match (text(Column::CrossTenantAccessType), text(Column::HomeTenantId), text(Column::ResourceTenantId)) {
            (None, Some(home), Some(resource)) => folded(home) != folded(resource),
            _ => false,
        }
    }

    /// What the row alone shows about MFA, by the rules that replay follows (C19).
    fn authentication(&self, row: usize) -> Marks {
        let mfa::Evidence { state, rule, .. } = mfa::evidence(self.facts, &[row], 0);
        let steps = self.facts.steps(row);
        let performed = steps.clone().any(|step| step.is_performed());
        let time_is_unread = steps.clone().any(|step| step.is_performed() && step.at_is_unread);
        // F9 takes a bare v1.0 record for a single factor: an assumption, not evidence. F8 leaves a claim open.
        let decides = !matches!(rule, MfaRule::F9 | MfaRule::Nothing);
        let is_evidence = decides && rule != MfaRule::F8;
        let strength = state == MfaState::None || (state == MfaState::Fresh && performed);
        let freshness = matches!(state, MfaState::Fresh | MfaState::Claim | MfaState::ClaimOrNone | MfaState::None);
        Marks::NONE
            .with_if(is_evidence, Mark::MfaEvidence)
            .with_if(is_evidence && strength, Mark::StrengthEvidence)
            .with_if(decides && freshness, Mark::FreshnessEvidence)
            .with_if(performed && !time_is_unread, Mark::PerformedStep)
    }
}

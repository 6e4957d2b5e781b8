//! The policy as Microsoft Graph writes it: no meaning, no defaults with meaning, nothing lost.
//!
//! Laid out to be read beside the Graph reference of `conditionalAccessPolicy` (semantics 1).
//! `null`, a missing member and an empty list are the same here (NUL-1); what that *means* is
//! decided by `compile`. Whatever has no field is kept in `rest` and widens the verdict (CON-1).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::domain::{ClientApp, GuestType, Platform, RiskLevel, TransferMethod, Word};

use super::reading::{flags, list, object, optional, text, words};

/// Members that no field of ours takes, by the name they were written under.
pub type Rest = BTreeMap<String, Value>;

/// `conditionalAccessPolicy`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Policy {
    /// Id in its tenant; templates have none.
    #[serde(deserialize_with = "text")]
    pub id: Option<String>,
    /// Display name.
    #[serde(deserialize_with = "text")]
    pub display_name: Option<String>,
    /// Not used by Entra.
    #[serde(deserialize_with = "text")]
    pub description: Option<String>,
    /// Template it was made from; says nothing about its content.
    #[serde(deserialize_with = "text")]
    pub template_id: Option<String>,
    /// `enabled`, `disabled`, `enabledForReportingButNotEnforced`; never changes a verdict (trap 64).
    #[serde(deserialize_with = "text")]
    pub state: Option<String>,
    /// When it was made.
    #[serde(deserialize_with = "text")]
    pub created_date_time: Option<String>,
    /// When it was last edited (CON-8).
    #[serde(deserialize_with = "text")]
    pub modified_date_time: Option<String>,
    /// Soft delete.
    #[serde(deserialize_with = "text")]
    pub deleted_date_time: Option<String>,
    /// Assignments and conditions.
    #[serde(deserialize_with = "object")]
    pub conditions: Conditions,
    /// Grant controls; absent means session controls only.
    #[serde(deserialize_with = "object")]
    pub grant_controls: GrantControls,
    /// Session controls.
    #[serde(deserialize_with = "object")]
    pub session_controls: SessionControls,
    /// Everything else at the top level: a warning, nothing more (C17).
    #[serde(flatten)]
    pub rest: Rest,
}

/// `conditionalAccessConditionSet`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Conditions {
    /// Users.
    #[serde(deserialize_with = "object")]
    pub users: Users,
    /// Workload identities: set means that no user is meant (C17).
    #[serde(deserialize_with = "object")]
    pub client_applications: Rest,
    /// Target resources.
    #[serde(deserialize_with = "object")]
    pub applications: Applications,
    /// Client apps.
    #[serde(deserialize_with = "words")]
    pub client_app_types: Vec<Word<ClientApp>>,
    /// Device platforms.
    #[serde(deserialize_with = "optional")]
    pub platforms: Option<Platforms>,
    /// Named locations.
    #[serde(deserialize_with = "optional")]
    pub locations: Option<Locations>,
    /// Sign-in risk.
    #[serde(deserialize_with = "words")]
    pub sign_in_risk_levels: Vec<Word<RiskLevel>>,
    /// User risk.
    #[serde(deserialize_with = "words")]
    pub user_risk_levels: Vec<Word<RiskLevel>>,
    /// Workload identity risk.
    #[serde(deserialize_with = "list")]
    pub service_principal_risk_levels: Vec<String>,
    /// Insider risk: one text of flags.
    #[serde(deserialize_with = "list")]
    pub insider_risk_levels: Vec<String>,
    /// Device filter and legacy device lists.
    #[serde(deserialize_with = "object")]
    pub devices: Devices,
    /// Deprecated device states (2.11).
    #[serde(deserialize_with = "object")]
    pub device_states: DeviceStates,
    /// Authentication flows.
    #[serde(deserialize_with = "object")]
    pub authentication_flows: AuthenticationFlows,
    /// Conditions that this version has no field for. Never ignored (CON-1).
    #[serde(flatten)]
    pub rest: Rest,
}

/// `conditionalAccessUsers`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Users {
    /// Ids, or `All`, `None`, `GuestsOrExternalUsers`.
    #[serde(deserialize_with = "list")]
    pub include_users: Vec<String>,
    /// Ids, or `GuestsOrExternalUsers`.
    #[serde(deserialize_with = "list")]
    pub exclude_users: Vec<String>,
    /// Group ids.
    #[serde(deserialize_with = "list")]
    pub include_groups: Vec<String>,
    /// Group ids.
    #[serde(deserialize_with = "list")]
    pub exclude_groups: Vec<String>,
    /// Role template ids.
    #[serde(deserialize_with = "list")]
    pub include_roles: Vec<String>,
    /// Role template ids.
    #[serde(deserialize_with = "list")]
    pub exclude_roles: Vec<String>,
    /// Guest types.
    #[serde(deserialize_with = "optional")]
    pub include_guests_or_external_users: Option<Guests>,
    /// Guest types.
    #[serde(deserialize_with = "optional")]
    pub exclude_guests_or_external_users: Option<Guests>,
    /// What we have no field for.
    #[serde(flatten)]
    pub rest: Rest,
}

/// `conditionalAccessGuestsOrExternalUsers`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Guests {
    /// One text of flags.
    #[serde(deserialize_with = "flags")]
    pub guest_or_external_user_types: Vec<Word<GuestType>>,
    /// Absent means all tenants (trap 23).
    #[serde(deserialize_with = "optional")]
    pub external_tenants: Option<ExternalTenants>,
    /// What we have no field for.
    #[serde(flatten)]
    pub rest: Rest,
}

/// `conditionalAccessExternalTenants`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExternalTenants {
    /// `all` or `enumerated`.
    #[serde(deserialize_with = "text")]
    pub membership_kind: Option<String>,
    /// Tenant ids.
    #[serde(deserialize_with = "list")]
    pub members: Vec<String>,
    /// What we have no field for.
    #[serde(flatten)]
    pub rest: Rest,
}

/// `conditionalAccessApplications`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Applications {
    /// Application ids, or `All`, `None`, `Office365`, `MicrosoftAdminPortals`, `AllAgentIdResources`.
    #[serde(deserialize_with = "list")]
    pub include_applications: Vec<String>,
    /// Application ids, or the tokens above.
    #[serde(deserialize_with = "list")]
    pub exclude_applications: Vec<String>,
    /// User actions.
    #[serde(deserialize_with = "list")]
    pub include_user_actions: Vec<String>,
    /// Authentication contexts `c1` … `c99`.
    #[serde(deserialize_with = "list")]
    pub include_authentication_context_class_references: Vec<String>,
    /// Filter over custom security attributes.
    #[serde(deserialize_with = "optional")]
    pub application_filter: Option<Filter>,
    /// What we have no field for.
    #[serde(flatten)]
    pub rest: Rest,
}

/// `conditionalAccessFilter`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Filter {
    /// `include` or `exclude`.
    #[serde(deserialize_with = "text")]
    pub mode: Option<String>,
    /// The rule.
    #[serde(deserialize_with = "text")]
    pub rule: Option<String>,
    /// What we have no field for.
    #[serde(flatten)]
    pub rest: Rest,
}

/// `conditionalAccessPlatforms`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Platforms {
    /// Platforms.
    #[serde(deserialize_with = "words")]
    pub include_platforms: Vec<Word<Platform>>,
    /// Platforms.
    #[serde(deserialize_with = "words")]
    pub exclude_platforms: Vec<Word<Platform>>,
    /// What we have no field for.
    #[serde(flatten)]
    pub rest: Rest,
}

/// `conditionalAccessLocations`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Locations {
    /// Named location ids, or `All`, `AllTrusted`.
    #[serde(deserialize_with = "list")]
    pub include_locations: Vec<String>,
    /// Named location ids, or `AllTrusted`.
    #[serde(deserialize_with = "list")]
    pub exclude_locations: Vec<String>,
    /// What we have no field for.
    #[serde(flatten)]
    pub rest: Rest,
}

/// `conditionalAccessDevices`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Devices {
    /// Device filter.
    #[serde(deserialize_with = "optional")]
    pub device_filter: Option<Filter>,
    /// Legacy list: `All`.
    #[serde(deserialize_with = "list")]
    pub include_devices: Vec<String>,
    /// Legacy list: `Compliant`, `DomainJoined`.
    #[serde(deserialize_with = "list")]
    pub exclude_devices: Vec<String>,
    /// Legacy list.
    #[serde(deserialize_with = "list")]
    pub include_device_states: Vec<String>,
    /// Legacy list.
    #[serde(deserialize_with = "list")]
    pub exclude_device_states: Vec<String>,
    /// What we have no field for.
    #[serde(flatten)]
    pub rest: Rest,
}

/// `conditionalAccessDeviceStates`, deprecated.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeviceStates {
    /// `All`.
    #[serde(deserialize_with = "list")]
    pub include_states: Vec<String>,
    /// `Compliant`, `DomainJoined`.
    #[serde(deserialize_with = "list")]
    pub exclude_states: Vec<String>,
    /// What we have no field for.
    #[serde(flatten)]
    pub rest: Rest,
}

/// `conditionalAccessAuthenticationFlows`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuthenticationFlows {
    /// One text of flags; one tool writes a list.
    #[serde(deserialize_with = "flags")]
    pub transfer_methods: Vec<Word<TransferMethod>>,
    /// What we have no field for.
    #[serde(flatten)]
    pub rest: Rest,
}

/// `conditionalAccessGrantControls`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GrantControls {
    /// `AND` or `OR`; irrelevant for a single control (GRT-2).
    #[serde(deserialize_with = "text")]
    pub operator: Option<String>,
    /// Built-in controls by Graph's names.
    #[serde(deserialize_with = "list")]
    pub built_in_controls: Vec<String>,
    /// Ids of custom controls.
    #[serde(deserialize_with = "list")]
    pub custom_authentication_factors: Vec<String>,
    /// Agreement ids.
    #[serde(deserialize_with = "list")]
    pub terms_of_use: Vec<String>,
    /// Authentication strength.
    #[serde(deserialize_with = "optional")]
    pub authentication_strength: Option<AuthenticationStrength>,
    /// What we have no field for: an unknown control (C17).
    #[serde(flatten)]
    pub rest: Rest,
}

/// `authenticationStrengthPolicy`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuthenticationStrength {
    /// Id; the built-in ones are fixed (semantics 1.8).
    #[serde(deserialize_with = "text")]
    pub id: Option<String>,
    /// Name.
    #[serde(deserialize_with = "text")]
    pub display_name: Option<String>,
    /// Each a comma-joined set of method modes.
    #[serde(deserialize_with = "list")]
    pub allowed_combinations: Vec<String>,
    /// Restrictions that no log records (C32).
    #[serde(deserialize_with = "configurations")]
    pub combination_configurations: Vec<CombinationConfiguration>,
    /// Description, policy type, dates: nothing that decides.
    #[serde(flatten)]
    pub rest: Rest,
}

/// `authenticationCombinationConfiguration`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CombinationConfiguration {
    /// Modes that the restriction is on.
    #[serde(deserialize_with = "list")]
    pub applies_to_combinations: Vec<String>,
    /// The restriction itself.
    #[serde(flatten)]
    pub rest: Rest,
}

fn configurations<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<CombinationConfiguration>, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// `conditionalAccessSessionControls`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SessionControls {
    /// Sign-in frequency.
    #[serde(deserialize_with = "optional")]
    pub sign_in_frequency: Option<SignInFrequency>,
    /// Token protection.
    #[serde(deserialize_with = "optional")]
    pub secure_sign_in_session: Option<Toggle>,
    /// Never changes a result (4.3).
    #[serde(deserialize_with = "optional")]
    pub persistent_browser: Option<Toggle>,
    /// Never changes a result.
    #[serde(deserialize_with = "optional")]
    pub cloud_app_security: Option<Toggle>,
    /// Never changes a result.
    #[serde(deserialize_with = "optional")]
    pub application_enforced_restrictions: Option<Toggle>,
    /// Never changes a result.
    #[serde(deserialize_with = "optional")]
    pub continuous_access_evaluation: Option<Toggle>,
    /// Never changes a result.
    #[serde(deserialize_with = "optional")]
    pub global_secure_access_filtering_profile: Option<Toggle>,
    /// Never changes a result.
    pub disable_resilience_defaults: Option<Value>,
    /// Everything else: a warning (C17).
    #[serde(flatten)]
    pub rest: Rest,
}

/// A session control of which only `isEnabled` matters here.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Toggle {
    /// Off when false; on when absent.
    pub is_enabled: Option<bool>,
    /// Its other members.
    #[serde(flatten)]
    pub rest: Rest,
}

/// `signInFrequencySessionControl`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SignInFrequency {
    /// Off when false; on when absent.
    pub is_enabled: Option<bool>,
    /// `timeBased` or `everyTime`; absent in old exports, which are time based.
    #[serde(deserialize_with = "text")]
    pub frequency_interval: Option<String>,
    /// `primaryAndSecondaryAuthentication` or `secondaryAuthentication`.
    #[serde(deserialize_with = "text")]
    pub authentication_type: Option<String>,
    /// `days` or `hours`.
    #[serde(rename = "type", deserialize_with = "text")]
    pub unit: Option<String>,
    /// How many of them.
    pub value: Option<u32>,
    /// What we have no field for.
    #[serde(flatten)]
    pub rest: Rest,
}

/// Whether a member that we have no rule for says anything: neither null nor empty, at any depth (CON-1).
#[must_use]
pub fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(members) => members.iter().any(|(name, value)| !name.contains('@') && says_something(value)),
    }
}

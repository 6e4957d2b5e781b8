//! The nested documents of a row in canonical form: the members that replay reads, in one order.
//!
//! Ingest writes them with [`canonical`]; whoever needs one reads it once per distinct text with
//! [`parsed`]. Equal content has equal text, whatever the export spelled it like; members stand in
//! alphabetical order, so that "the smallest text" of copies (C1) is that of JSON with sorted keys.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// `deviceDetail`. The three booleans and texts are absent when not recorded, never defaulted here
/// (the rule for diagnostic records is applied by their format, DEV-8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Device {
    /// Browser as the log words it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// Device id; absent on unregistered devices (DEV-5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Recorded compliance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_compliant: Option<bool>,
    /// Recorded management.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_managed: Option<bool>,
    /// Operating system as the log words it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operating_system: Option<String>,
    /// Something is recorded that cannot be read: nothing of this device is known, not even whether there is one.
    #[serde(skip_serializing_if = "is_false")]
    pub is_unread: bool,
    /// Trust type as the log words it (DEV-6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust_type: Option<String>,
}

/// `status`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    /// `additionalDetails`: free text about MFA (3.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_details: Option<String>,
    /// `errorCode`; absent when not recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<i64>,
    /// `failureReason`: `Other.` on success (POP-6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<String>,
}

/// `location`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Place {
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Two-letter country as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_or_region: Option<String>,
    /// State.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// One entry of `networkLocationDetails` (LOC-4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkLocation {
    /// `trustedNamedLocation`, `namedNetwork`, …
    pub network_type: String,
    /// Display names, not ids.
    pub network_names: Vec<String>,
}

/// One entry of `authenticationDetails` (3.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Step {
    /// When, in microseconds since 1970 UTC; absent when missing or unreadable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// A time is recorded that cannot be read: neither fresh nor old.
    #[serde(skip_serializing_if = "is_false")]
    pub at_is_unread: bool,
    /// `authenticationMethod`.
    pub method: String,
    /// `authenticationMethodDetail`.
    pub detail: String,
    /// `succeeded`; absent when not recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<bool>,
    /// `authenticationStepResultDetail`.
    pub result: String,
    /// `authenticationStepRequirement`.
    pub requirement: String,
}

/// One entry of `appliedConditionalAccessPolicies` (1.10).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppliedPolicy {
    /// Id, or `SecurityDefaults`.
    pub id: String,
    /// Name, which may lie (formats, trap 23).
    pub display_name: String,
    /// Result word; integers are turned into words (FLD-3).
    pub result: String,
    /// Grant controls as the log words them.
    pub enforced_grant_controls: Vec<String>,
    /// Session controls as the log words them.
    pub enforced_session_controls: Vec<String>,
    /// Conditions that were satisfied, by their CON-5 names; integer flags are turned into names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions_satisfied: Option<Vec<String>>,
    /// Conditions that were not satisfied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions_not_satisfied: Option<Vec<String>>,
    /// Rules that included this sign-in, `condition:rule`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include_rules_satisfied: Vec<String>,
    /// Rules that excluded it, `condition:rule`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_rules_satisfied: Vec<String>,
}

/// One entry of `authenticationContextClassReferences` (APP-9, APP-10).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContextReference {
    /// `c1` … `c99`, or the urn of a user action.
    pub id: String,
    /// `required`, `previouslySatisfied`, `notApplicable`.
    pub detail: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

/// The canonical text of a document or of a list of documents.
#[must_use]
pub fn canonical<T: Serialize>(document: &T) -> String {
    // These types hold nothing that JSON cannot write: no maps, no floats.
    serde_json::to_string(document).unwrap_or_default()
}

/// The document that a canonical text holds; the empty document for "not recorded".
#[must_use]
pub fn parsed<T: DeserializeOwned + Default>(text: &str) -> T {
    if text.is_empty() { T::default() } else { serde_json::from_str(text).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::{Device, Step, canonical, parsed};

    #[test]
    fn what_is_not_recorded_is_absent_and_comes_back_so() {
        let device = Device { device_id: Some("d1".to_owned()), is_managed: Some(true), ..Device::default() };
        let text = canonical(&device);
        assert_eq!(text, r#"{"deviceId":"d1","isManaged":true}"#);
        assert_eq!(parsed::<Device>(&text), device);
        assert_eq!(parsed::<Vec<Step>>(""), Vec::new());
    }
}

//! One sign-in record as Graph beta shows it: an ordinary one, and the edits that make it special.

use serde_json::{Map, Value, json};

/// A sign-in record under construction.
#[derive(Clone, Debug)]
pub struct Record(Map<String, Value>);

impl Record {
    /// A record with nothing remarkable about it: no risk, no device, no policies, success.
    pub fn ordinary(id: &str, created: &str) -> Record {
        let members = [
            ("id", json!(id)),
            ("createdDateTime", json!(created)),
            ("correlationId", json!(id)),
            ("originalRequestId", json!(id)),
            ("isInteractive", json!(true)),
            ("signInEventTypes", json!(["interactiveUser"])),
            ("tokenIssuerName", json!("")),
            ("tokenIssuerType", json!("AzureAD")),
            ("processingTimeInMilliseconds", json!(187)),
            ("riskDetail", json!("none")),
            ("riskLevelAggregated", json!("none")),
            ("riskLevelDuringSignIn", json!("none")),
            ("riskState", json!("none")),
            ("riskEventTypes_v2", json!([])),
            ("clientAppUsed", json!("Browser")),
            ("conditionalAccessStatus", json!("notApplied")),
            ("appliedConditionalAccessPolicies", json!([])),
            ("authenticationContextClassReferences", json!([])),
            ("authenticationDetails", json!([])),
            ("authenticationMethodsUsed", json!([])),
            ("authenticationProcessingDetails", json!([])),
            ("authenticationProtocol", json!("none")),
            ("authenticationRequirement", json!("singleFactorAuthentication")),
            ("authenticationRequirementPolicies", json!([])),
            ("autonomousSystemNumber", json!(64500)),
            ("conditionalAccessAudiences", json!([])),
            ("crossTenantAccessType", json!("none")),
            ("flaggedForReview", json!(false)),
            ("incomingTokenType", json!("none")),
            ("isTenantRestricted", json!(false)),
            ("networkLocationDetails", json!([])),
            ("originalTransferMethod", json!("none")),
            ("resourceServicePrincipalId", json!("")),
            ("servicePrincipalId", json!("")),
            ("sessionLifetimePolicies", json!([])),
            ("signInIdentifier", json!("")),
            ("status", json!({"errorCode": 0, "failureReason": "Other.", "additionalDetails": null})),
            (
                "deviceDetail",
                json!({"deviceId": "", "displayName": "", "operatingSystem": "Windows10", "browser": "Edge 140.0.0",
                "isCompliant": false, "isManaged": false, "trustType": ""}),
            ),
            ("location", json!({"city": "", "state": "", "countryOrRegion": "", "geoCoordinates": {}})),
            ("tokenProtectionStatusDetails", json!({"signInSessionStatus": "none", "signInSessionStatusCode": 0})),
            ("uniqueTokenIdentifier", json!(id.replace('-', "").get(..22).unwrap_or(id))),
            ("userType", json!("member")),
        ];
        Record(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Sets a member; `a.b` is member `b` of the object `a`, which is made where it is missing.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) -> &mut Record {
        match path.split_once('.') {
            None => {
                self.0.insert(path.to_owned(), value.into());
            }
            Some((outer, inner)) => {
                let object = self.0.entry(outer).or_insert_with(|| json!({}));
                if let Value::Object(members) = object {
                    members.insert(inner.to_owned(), value.into());
                }
            }
        }
        self
    }

    /// Takes a member away: not recorded.
    pub fn drop(&mut self, path: &str) -> &mut Record {
        match path.split_once('.') {
            None => {
                self.0.remove(path);
            }
            Some((outer, inner)) => {
                if let Some(Value::Object(members)) = self.0.get_mut(outer) {
                    members.remove(inner);
                }
            }
        }
        self
    }

    /// Sets a member if there is something to set, and takes it away otherwise.
    pub fn record<T: Into<Value>>(&mut self, path: &str, value: Option<T>) -> &mut Record {
        match value {
            Some(value) => self.set(path, value),
            None => self.drop(path),
        }
    }

    /// The finished object.
    pub fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}

/// One step of `authenticationDetails`.
pub fn step(at: Option<&str>, method: &str, detail: &str, succeeded: bool, result: &str, requirement: &str) -> Value {
    let mut step = json!({
        "authenticationStepDateTime": at,
        "authenticationMethod": method,
        "authenticationMethodDetail": detail,
        "succeeded": succeeded,
        "authenticationStepResultDetail": result,
        "authenticationStepRequirement": requirement
    });
    if let (None, Value::Object(members)) = (at, &mut step) {
        members.remove("authenticationStepDateTime");
    }
    step
}

/// One entry of `appliedConditionalAccessPolicies`, as beta shows it.
pub fn applied(
    id: &str,
    name: &str,
    grants: &[&str],
    sessions: &[&str],
    result: &str,
    conditions: (&str, &str),
) -> Value {
    json!({
        "id": id,
        "displayName": name,
        "enforcedGrantControls": grants,
        "enforcedSessionControls": sessions,
        "result": result,
        "conditionsSatisfied": conditions.0,
        "conditionsNotSatisfied": conditions.1,
        "sessionControlsNotSatisfied": [],
        "includeRulesSatisfied": [],
        "excludeRulesSatisfied": []
    })
}

//! Risk detections: what ID Protection found about a sign-in, and whether at that moment or later.

use serde_json::{Value, json};

use super::super::cast::OWN_TENANT;
use super::super::text;
use super::cells::{american, american_seconds, names, quoted_table, table};
use super::{headers, text_at};

/// One detection.
#[derive(Clone, Debug)]
pub struct Detection {
    /// Of the detection itself.
    pub id: String,
    /// The sign-in it is about.
    pub request: String,
    /// Who signed in.
    pub user: String,
    /// `low`, `medium`, `high`.
    pub level: &'static str,
    /// `realtime`: while Conditional Access decided. `offline`: later.
    pub timing: &'static str,
    /// When the sign-in was, as Graph spells it.
    pub at: String,
}

/// A kind of export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// `GET /identityProtection/riskDetections`
    Graph,
    /// `Get-MgRiskDetection | Export-Csv`
    PowerShell,
    /// the table AADUserRiskEvents in the portal
    LogAnalytics,
    /// the category UserRiskEvents of diagnostic settings
    Diagnostic,
}

impl Export {
    /// All of them.
    pub const ALL: [Export; 4] = [Export::Graph, Export::PowerShell, Export::LogAnalytics, Export::Diagnostic];

    /// A file name as the export gives it.
    pub fn file_name(self) -> &'static str {
        match self {
            Export::Graph => "riskDetections.json",
            Export::PowerShell => "RiskyDetections.csv",
            Export::LogAnalytics => "query_data_risk.csv",
            Export::Diagnostic => "insights-logs-userriskevents/PT1H.json",
        }
    }

    /// What `inspect` calls the format; a file of diagnostic records may hold several categories.
    pub fn format(self) -> &'static str {
        match self {
            Export::Graph | Export::PowerShell | Export::LogAnalytics => "risk-detections",
            Export::Diagnostic => "diagnostic-ndjson",
        }
    }

    /// The detections in this shape.
    pub fn write(self, detections: &[Detection]) -> String {
        match self {
            Export::Graph => {
                const CONTEXT: &str = "https://graph.microsoft.com/v1.0/$metadata#identityProtection/riskDetections";
                let list: Vec<Value> = detections.iter().map(object).collect();
                text::pretty(&json!({"@odata.context": CONTEXT, "value": list}), 2)
            }
            Export::PowerShell => {
                let columns = names(headers::DETECTIONS_POWER_SHELL);
                let lines = detections.iter().map(|one| columns.iter().map(|name| power_shell(one, name)).collect());
                quoted_table(headers::DETECTIONS_POWER_SHELL, lines)
            }
            Export::LogAnalytics => {
                let columns = names(headers::DETECTIONS_LOG_ANALYTICS);
                let lines = detections.iter().map(|one| columns.iter().map(|name| column(one, name)).collect());
                table(headers::DETECTIONS_LOG_ANALYTICS, lines, ",", "\n")
            }
            Export::Diagnostic => detections.iter().map(|one| text::compact(&envelope(one)) + "\n").collect(),
        }
    }
}

fn object(one: &Detection) -> Value {
    json!({
        "id": one.id,
        "requestId": one.request,
        "correlationId": one.request,
        "riskEventType": "unfamiliarFeatures",
        "riskType": "unfamiliarFeatures",
        "riskState": "atRisk",
        "riskLevel": one.level,
        "riskDetail": "none",
        "source": "IdentityProtection",
        "detectionTimingType": one.timing,
        "activity": "signin",
        "tokenIssuerType": "AzureAD",
        "ipAddress": "203.0.113.5",
        "location": {"city": "Lagos", "state": "", "countryOrRegion": "NG", "geoCoordinates": {"latitude": 0.0, "longitude": 0.0}},
        "activityDateTime": one.at,
        "detectedDateTime": one.at,
        "lastUpdatedDateTime": one.at,
        "userId": one.user,
        "userDisplayName": "",
        "userPrincipalName": "",
        "additionalInfo": r#"[{"Key":"riskReasons","Value":["UnfamiliarASN"]}]"#
    })
}

/// The envelope's correlation id is the detection's own: 64 digits.
fn envelope(one: &Detection) -> Value {
    let digits = one.id.replace('-', "");
    json!({
        "time": american_seconds(&one.at),
        "resourceId": format!("/tenants/{OWN_TENANT}/providers/microsoft.aadiam"),
        "operationName": "User Risk Detection",
        "operationVersion": "1.0",
        "category": "UserRiskEvents",
        "tenantId": OWN_TENANT,
        "resultSignature": "None",
        "durationMs": 0,
        "callerIpAddress": "203.0.113.5",
        "correlationId": format!("{digits}{digits}"),
        "identity": "",
        "Level": 4,
        "location": "ng",
        "properties": object(one)
    })
}

fn power_shell(one: &Detection, name: &str) -> String {
    let detection = object(one);
    match name {
        "ActivityDateTime" | "DetectedDateTime" | "LastUpdatedDateTime" => american_seconds(&one.at),
        "IPAddress" => text_at(&detection, "ipAddress"),
        "City" | "State" => text_at(&detection, &format!("location.{}", small(name))),
        "CountryOrRegion" => text_at(&detection, "location.countryOrRegion"),
        "AdditionalProperties" => "System.Collections.Generic.Dictionary`2[System.String,System.Object]".into(),
        other => text_at(&detection, &small(other)),
    }
}

fn column(one: &Detection, name: &str) -> String {
    let detection = object(one);
    match name {
        "TenantId" => "7c759f10-0000-4000-8000-00000000000a".into(),
        "IpAddress" => text_at(&detection, "ipAddress"),
        "Location" => text::compact(&detection["location"]),
        "TimeGenerated [UTC]" => american(&one.at),
        "OperationName" => "User Risk Detection".into(),
        "SourceSystem" => "Azure AD".into(),
        "Type" => "AADUserRiskEvents".into(),
        other => match other.strip_suffix(" [UTC]") {
            Some(_) => american(&one.at),
            None => text_at(&detection, &small(other)),
        },
    }
}

fn small(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

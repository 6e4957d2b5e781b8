//! The generated files of `sample-data`: tenants whose outcome can be counted by hand from the scenario lists here.
//!
//! Each folder is one question. Its file lists scenarios (how many attempts, by whom, what happened) and, beside them,
//! the cells of the matrix that follow from the reference. The cells are typed, not computed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::formats::{Shape, write};
use super::text;
use super::world::Row;

mod devices;
mod guests;
mod legacy_clients;
mod locations;
mod people;
pub mod recorded;
mod risky_sign_ins;
mod story;
mod user_risk;

/// A cell of the expected matrix that is not zero: policy, risk, interactive, effect, least, most.
type Cell = (&'static str, &'static str, bool, &'static str, u32, u32);

/// Every generated file: its path below `sample-data`, and its bytes.
pub fn samples() -> BTreeMap<String, Vec<u8>> {
    let folders = [
        ("devices", devices::folder()),
        ("guests", guests::folder()),
        ("legacy-clients", legacy_clients::folder()),
        ("locations", locations::folder()),
        ("risky-sign-ins", risky_sign_ins::folder()),
        ("user-risk", user_risk::folder()),
    ];
    folders
        .into_iter()
        .flat_map(|(name, folder)| folder.into_iter().map(move |(path, bytes)| (format!("{name}/{path}"), bytes)))
        .collect()
}

/// The files of one folder under construction.
#[derive(Debug, Default)]
struct Folder(BTreeMap<String, Vec<u8>>);

impl Folder {
    fn log(&mut self, name: &str, shape: Shape, rows: &[Row]) {
        self.0.insert(format!("logs/{name}"), write(shape, rows));
    }

    fn policy(&mut self, name: &str, policy: &Value) {
        self.0.insert(format!("policies/{name}.json"), (text::pretty(policy, 2) + "\n").into_bytes());
    }

    fn fact(&mut self, name: &str, list: Vec<Value>) {
        let page = json!({"@odata.context": "https://graph.microsoft.com/v1.0/$metadata", "value": list});
        self.0.insert(format!("tenant/{name}"), (text::pretty(&page, 1) + "\n").into_bytes());
    }

    fn tenant_toml(&mut self, text: &str) {
        self.0.insert("tenant/tenant.toml".into(), text.as_bytes().to_vec());
    }

    /// Writes the expected matrix. With one policy, all candidates together are that policy.
    fn expected(&mut self, cells: &[Cell]) {
        let only = cells.iter().all(|cell| cell.0 != "*");
        let cell = |policy: &str, cell: &Cell| json!({"policy": policy, "risk": cell.1, "interactive": cell.2, "effect": cell.3, "attempts_least": cell.4, "attempts_most": cell.5});
        let mut list: Vec<Value> = cells.iter().map(|one| cell(one.0, one)).collect();
        if only {
            list.extend(cells.iter().map(|one| cell("*", one)));
        }
        let lines: Vec<String> = list.iter().map(|cell| format!("  {}", text::compact(cell))).collect();
        self.0.insert("expected/matrix.json".into(), format!("[\n{}\n]\n", lines.join(",\n")).into_bytes());
    }
}

/// A candidate with the usual shape; `conditions` and `session` replace what they name.
fn policy(id: u128, name: &str, conditions: Value, grant: Value, session: Value) -> Value {
    let mut all = json!({
        "users": {"includeUsers": ["All"], "excludeUsers": [], "includeGroups": [], "excludeGroups": [], "includeRoles": [], "excludeRoles": [],
            "includeGuestsOrExternalUsers": null, "excludeGuestsOrExternalUsers": null},
        "applications": {"includeApplications": ["All"], "excludeApplications": [], "includeUserActions": [],
            "includeAuthenticationContextClassReferences": [], "applicationFilter": null},
        "clientApplications": null, "clientAppTypes": ["all"], "platforms": null, "locations": null, "devices": null, "authenticationFlows": null,
        "signInRiskLevels": [], "userRiskLevels": [], "servicePrincipalRiskLevels": [], "insiderRiskLevels": null
    });
    if let (Value::Object(all), Value::Object(special)) = (&mut all, conditions) {
        all.extend(special);
    }
    json!({
        "id": super::dice::guid_of(id), "displayName": name, "state": "disabled", "templateId": null,
        "createdDateTime": "2026-11-02T09:00:00Z", "modifiedDateTime": null, "conditions": all, "grantControls": grant, "sessionControls": session
    })
}

/// Grant controls from the built-in list.
fn grant(operator: &str, controls: &[&str]) -> Value {
    json!({"operator": operator, "builtInControls": controls, "customAuthenticationFactors": [], "termsOfUse": [], "authenticationStrength": null})
}

/// Sign-in frequency every time.
fn every_time() -> Value {
    json!({"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime", "authenticationType": "primaryAndSecondaryAuthentication", "type": null, "value": null},
        "persistentBrowser": null, "cloudAppSecurity": null, "applicationEnforcedRestrictions": null})
}

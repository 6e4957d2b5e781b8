//! Tenant facts: the files of contract section 3. A fact that is not supplied is unknown, never empty.

use super::Tri;
use super::rows::{bool_of, fold, fold_keys, micros_of, text_of};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// `inbound-mfa-trust`, `inbound-device-trust` (C33).
#[derive(Debug, Clone)]
pub enum Trust {
    All,
    None,
    Tenants(Vec<String>),
}

#[derive(Debug, Default)]
pub struct Tenant {
    /// Every `Option` is `None` where the file was not supplied. Keys of all objects are lower-cased.
    pub named_locations: Option<Vec<Value>>,
    pub groups: BTreeMap<String, BTreeSet<String>>,
    pub roles: BTreeMap<String, BTreeSet<String>>,
    pub users: Option<Vec<Value>>,
    pub registration: Option<Vec<Value>>,
    pub risky_users: Option<Vec<Value>>,
    pub risk_history: Option<Vec<Value>>,
    pub risk_detections: Option<Vec<Value>>,
    pub devices: Option<Vec<Value>>,
    pub strengths: Option<Vec<Value>>,
    pub service_principals: Option<Vec<Value>>,
    pub acceptances: Option<Vec<Value>>,
    pub office365: Option<Vec<Value>>,
    pub tenant_id: Option<String>,
    pub mfa_trusted_ips: Option<Vec<String>>,
    pub mfa_trust: Option<Trust>,
    pub device_trust: Option<Trust>,
    pub password_writeback: Option<bool>,
}

/// A text member of an object with lower-cased keys.
pub fn entry_text(entry: &Value, name: &str) -> Option<String> {
    text_of(entry.get(name)?)
}

pub fn entry_folded(entry: &Value, name: &str) -> Option<String> {
    entry_text(entry, name).map(|text| fold(&text))
}

/// Single object, array, `{"value": […]}`, or several pages one after the other or in an array.
fn json_entries(text: &str) -> Vec<Value> {
    let mut entries = Vec::new();
    for page in serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}')).into_iter::<Value>() {
        match page {
            Ok(page) => flatten(&fold_keys(&page), &mut entries),
            Err(_) => break,
        }
    }
    entries
}

fn flatten(value: &Value, entries: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| flatten(item, entries)),
        Value::Object(members) => match members.get("value") {
            Some(Value::Array(items)) => items.iter().for_each(|item| flatten(item, entries)),
            _ => entries.push(value.clone()),
        },
        Value::Null => {}
        other => entries.push(other.clone()),
    }
}

/// Cells of one line; a quoted cell may hold commas and doubled quotes.
fn cells_of(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = cells.last_mut().expect("there is always a cell");
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cell.push(letter),
        }
    }
    cells.iter().map(|cell| cell.trim().to_string()).collect()
}

/// A header and one line an entry. An empty cell is null; column names are lower-cased.
fn csv_entries(text: &str) -> Vec<Value> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.trim().is_empty());
    let Some(header) = lines.next() else { return Vec::new() };
    let names: Vec<String> = cells_of(header).iter().map(|name| name.to_lowercase()).collect();
    lines
        .map(|line| {
            let cells = cells_of(line);
            let mut entry = Map::new();
            for (index, name) in names.iter().enumerate() {
                let text = cells.get(index).cloned().unwrap_or_default();
                entry.insert(name.clone(), if text.is_empty() { Value::Null } else { Value::String(text) });
            }
            Value::Object(entry)
        })
        .collect()
}

/// `name.json` and `name.csv`, whichever are there, together.
fn table(files: &BTreeMap<String, String>, name: &str) -> Option<Vec<Value>> {
    let json = files.get(&format!("{name}.json")).map(|text| json_entries(text));
    let csv = files.get(&format!("{name}.csv")).map(|text| csv_entries(text));
    match (json, csv) {
        (None, None) => None,
        (json, csv) => Some(json.unwrap_or_default().into_iter().chain(csv.unwrap_or_default()).collect()),
    }
}

/// `groups/<id>.json` and `groups.csv`: a group with a file, or named in the CSV, is complete.
fn memberships(files: &BTreeMap<String, String>, folder: &str, id_column: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, text) in files {
        let Some(id) = name.strip_prefix(&format!("{folder}/")).and_then(|rest| rest.strip_suffix(".json")) else {
            continue;
        };
        let members = found.entry(fold(id)).or_default();
        for entry in json_entries(text) {
            if let Some(id) = entry_folded(&entry, "id").or_else(|| text_of(&entry).map(|id| fold(&id))) {
                members.insert(id);
            }
        }
    }
    for entry in files.get(&format!("{folder}.csv")).map(|text| csv_entries(text)).unwrap_or_default() {
        let Some(id) = entry_folded(&entry, id_column) else { continue };
        let members = found.entry(id).or_default();
        if let Some(user) = entry_folded(&entry, "userid") {
            members.insert(user);
        }
    }
    found
}

impl Tenant {
    pub fn read(files: &BTreeMap<String, String>) -> Tenant {
        let json = |name: &str| files.get(&format!("{name}.json")).map(|text| json_entries(text));
        let mut tenant = Tenant {
            named_locations: json("namedLocations"),
            groups: memberships(files, "groups", "groupid"),
            roles: memberships(files, "roles", "roletemplateid"),
            users: table(files, "users"),
            registration: table(files, "userRegistrationDetails"),
            risky_users: json("riskyUsers"),
            risk_history: json("riskyUserHistory"),
            risk_detections: json("riskDetections"),
            devices: json("devices"),
            strengths: json("authenticationStrengthPolicies"),
            service_principals: json("servicePrincipals"),
            acceptances: json("agreementAcceptances"),
            office365: files.get("office365Apps.csv").map(|text| csv_entries(text)),
            ..Tenant::default()
        };
        if let Some(text) = files.get("tenant.toml") {
            tenant.read_settings(text);
        }
        tenant
    }

    fn read_settings(&mut self, text: &str) {
        // One statement a line, except that an array may run over several lines.
        let mut statement = String::new();
        for line in text.lines() {
            statement.push_str(without_comment(line).trim());
            statement.push(' ');
            if statement.matches('[').count() > statement.matches(']').count() && statement.contains('=') {
                continue;
            }
            if let Some((key, value)) = statement.split_once('=') {
                self.set(key.trim().trim_matches('"'), value.trim());
            }
            statement.clear();
        }
    }

    fn set(&mut self, key: &str, value: &str) {
        let texts = || -> Vec<String> {
            let inside = value.trim_start_matches('[').trim_end_matches(']');
            inside
                .split(',')
                .map(|item| fold(item.trim().trim_matches(['"', '\''])))
                .filter(|item| !item.is_empty())
                .collect()
        };
        let trust = || {
            let word = fold(value.trim_matches(['"', '\'']));
            match word.as_str() {
                "all" => Some(Trust::All),
                "none" => Some(Trust::None),
                _ if value.starts_with('[') => Some(Trust::Tenants(texts())),
                _ => None,
            }
        };
        match key {
            "tenant-id" => self.tenant_id = Some(fold(value.trim_matches(['"', '\'']))).filter(|id| !id.is_empty()),
            "mfa-trusted-ips" => self.mfa_trusted_ips = Some(texts()),
            "inbound-mfa-trust" => self.mfa_trust = trust(),
            "inbound-device-trust" => self.device_trust = trust(),
            "password-writeback" => self.password_writeback = bool_of(&Value::String(value.to_string())),
            _ => {}
        }
    }

    /// The user's entry of `users.json`.
    pub fn user(&self, user_id: &str) -> Option<&Value> {
        self.users.as_ref()?.iter().find(|entry| entry_folded(entry, "id").as_deref() == Some(user_id))
    }

    /// The user's entry of the registration report; a CSV without ids is joined on the folded user principal name.
    pub fn registration_of(&self, user_id: Option<&str>, principal_name: Option<&str>) -> Option<&Value> {
        self.registration.as_ref()?.iter().find(|entry| match entry_folded(entry, "id") {
            Some(id) => Some(id.as_str()) == user_id,
            None => {
                let name = entry_folded(entry, "userprincipalname");
                name.is_some() && name.as_deref() == principal_name
            }
        })
    }

    /// C33: not in the array = not trusted; home tenant not recorded = unknown; not supplied = unknown.
    pub fn trusts(trust: &Option<Trust>, home_tenant: Option<&str>) -> Tri {
        match trust {
            None => Tri::Unknown,
            Some(Trust::All) => Tri::Yes,
            Some(Trust::None) => Tri::No,
            Some(Trust::Tenants(tenants)) => match home_tenant {
                None => Tri::Unknown,
                Some(home) => Tri::of(tenants.iter().any(|tenant| tenant == home)),
            },
        }
    }

    /// C10: the user's risk at a moment; `None` is unknown.
    pub fn user_risk(&self, user_id: Option<&str>, at: i64) -> Option<&'static str> {
        let user_id = user_id?;
        let updated = |entry: &Value| entry_text(entry, "risklastupdateddatetime").and_then(|text| micros_of(&text));
        if let Some(history) = &self.risk_history {
            // The last entry at or before the row; none before, or user absent: `none`.
            let mut last: Option<(i64, Option<&'static str>)> = None;
            for entry in history {
                // CHOICE: an item without `userId` is joined on its `id`.
                let user = entry_folded(entry, "userid").or_else(|| entry_folded(entry, "id"));
                if user.as_deref() != Some(user_id) {
                    continue;
                }
                let level = known_level(entry_text(entry, "risklevel").as_deref());
                if let Some(time) = updated(entry).filter(|time| *time <= at) {
                    last = match last {
                        Some((latest, _)) if latest > time => last,
                        // CHOICE: of two items of the same moment with different levels nobody knows which came last.
                        Some((latest, other)) if latest == time && other != level => Some((time, None)),
                        _ => Some((time, level)),
                    };
                }
            }
            return match last {
                None => Some("none"),
                Some((_, level)) => level,
            };
        }
        if let Some(risky) = &self.risky_users {
            let Some(entry) = risky.iter().find(|entry| entry_folded(entry, "id").as_deref() == Some(user_id)) else {
                return Some("none");
            };
            return match updated(entry) {
                Some(time) if time <= at => known_level(entry_text(entry, "risklevel").as_deref()),
                _ => None,
            };
        }
        None
    }

    /// C10, RSK-3: the highest realtime detection that has the row's id as its `requestId`.
    pub fn realtime_detection(&self, row_id: &str) -> Option<&'static str> {
        let mut highest: Option<&'static str> = None;
        for entry in self.risk_detections.iter().flatten() {
            let of_row = entry_folded(entry, "requestid").as_deref() == Some(fold(row_id).as_str());
            let realtime = entry_folded(entry, "detectiontimingtype").as_deref() == Some("realtime");
            if of_row && realtime {
                let level = known_level(entry_text(entry, "risklevel").as_deref());
                if level.is_some_and(|level| highest.is_none_or(|best| severity(level) > severity(best))) {
                    highest = level;
                }
            }
        }
        highest
    }
}

fn without_comment(line: &str) -> &str {
    let mut quote: Option<char> = None;
    for (position, letter) in line.char_indices() {
        match (quote, letter) {
            (None, '#') => return &line[..position],
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    line
}

/// `hidden`, missing, empty and unreadable levels are all unknown (contract 1).
pub fn known_level(text: Option<&str>) -> Option<&'static str> {
    match fold(text?).as_str() {
        "none" => Some("none"),
        "low" => Some("low"),
        "medium" => Some("medium"),
        "high" => Some("high"),
        _ => None,
    }
}

pub fn severity(level: &str) -> u8 {
    match level {
        "low" => 1,
        "medium" => 2,
        "high" => 3,
        _ => 0,
    }
}

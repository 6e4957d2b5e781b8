//! The log of [`super::verification`]: a tenant of which every fact is known, and what Entra would have recorded of its
//! policies, by the slow evaluator.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::generator::formats::{self, Shape};
use crate::generator::samples::recorded;
use crate::generator::world::World;
use crate::reference::{self, Input, Line};

/// Attempts of the log.
const ATTEMPTS: usize = 160;

/// What the slow evaluator says of these policies.
fn evaluated(world: &World, policies: &[(String, Value)]) -> Vec<Line> {
    let input = Input {
        rows: world.rows.iter().map(|row| row.value.clone()).collect(),
        policies: policies.iter().map(|(_, policy)| policy.clone()).collect(),
        tenant: world.tenant.clone(),
        own_tenant: None,
        rows_mode: false,
    };
    reference::evaluate(&input).lines.into_iter().filter(|line| line.policy != "*").collect()
}

/// Entra's word for an outcome. An enforced policy has one for asking and for blocking.
pub(crate) fn word(outcome: &str, policy: &Value) -> String {
    match (policy["state"].as_str(), outcome) {
        (Some("enabled"), "interrupted" | "failure") => "failure".to_owned(),
        (Some("enabled"), outcome) => outcome.to_owned(),
        (_, outcome) => format!("reportOnly{}{}", outcome[..1].to_uppercase(), &outcome[1..]),
    }
}

/// Conditions that a policy configures, in Entra's names.
fn configured(policy: &Value) -> Vec<&'static str> {
    let conditions = &policy["conditions"];
    let says = |value: &Value| !value.is_null() && *value != json!([]) && *value != json!(["all"]);
    [
        ("devicePlatform", "platforms"),
        ("location", "locations"),
        ("clientType", "clientAppTypes"),
        ("signInRisk", "signInRiskLevels"),
        ("userRisk", "userRiskLevels"),
        ("deviceState", "devices"),
        ("authenticationFlows", "authenticationFlows"),
    ]
    .into_iter()
    .filter(|(_, member)| says(&conditions[*member]))
    .map(|(name, _)| name)
    .collect()
}

/// The entry that Entra would have written (formats, section 11): application first, users next, then all others.
fn entry(policy: &Value, line: &Line) -> Value {
    let failed = |name: &str| line.not_matched.contains(&name);
    let (mut satisfied, mut not) = (Vec::new(), Vec::new());
    let mut test = |name: &'static str| {
        if failed(name) {
            not.push(name);
        } else {
            satisfied.push(name);
        }
        !failed(name)
    };
    if test("application") && test("users") {
        for name in configured(policy) {
            test(name);
        }
    }
    let list = |names: Vec<&str>| if names.is_empty() { "none".to_owned() } else { names.join(",") };
    let grants: Vec<&str> = policy["grantControls"]["builtInControls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|control| match control.as_str().unwrap() {
            "mfa" => "Mfa",
            "block" => "Block",
            "compliantDevice" => "RequireCompliantDevice",
            "passwordChange" => "PasswordChange",
            other => panic!("no word for {other}"),
        })
        .collect();
    let sessions: &[&str] = if policy["sessionControls"].is_null() { &[] } else { &["SignInFrequency"] };
    let users = &policy["conditions"]["users"];
    let rule = |kind: &str| json!([{"conditionalAccessCondition": "users", "ruleSatisfied": kind}]);
    let included = match (failed("application"), failed("users")) {
        (false, false) if users["includeGroups"] != json!([]) => rule("groupId"),
        (false, false) if users["includeRoles"] != json!([]) => rule("roleId"),
        (false, false) => rule("allUsers"),
        _ => json!([]),
    };
    let is_excluded = !failed("application") && failed("users") && users["excludeGroups"] != json!([]);
    json!({
        "id": policy["id"].as_str().unwrap().to_uppercase(),
        "displayName": "another name (report-only)",
        "enforcedGrantControls": grants,
        "enforcedSessionControls": sessions,
        "result": word(line.result_most, policy),
        "conditionsSatisfied": list(satisfied),
        "conditionsNotSatisfied": list(not),
        "sessionControlsNotSatisfied": [],
        "includeRulesSatisfied": included,
        "excludeRulesSatisfied": if is_excluded { rule("groupId") } else { json!([]) },
    })
}

/// The world with what was recorded written into the terminal rows, made once. Where the rows do not decide (a browser that
/// nobody asked for its device, C21), Entra knew more than they tell: the severer end was so.
pub(crate) fn world() -> World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(recorded_world).clone()
}

fn recorded_world() -> World {
    let mut world = recorded::world(ATTEMPTS);
    let by_name: BTreeMap<&str, &Value> =
        world.policies.iter().map(|(_, policy)| (policy["displayName"].as_str().unwrap(), policy)).collect();
    let mut entries: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in evaluated(&world, &world.policies) {
        assert_ne!((line.result_least, line.result_most), ("notApplied", "failure"), "conditions are known: {line:?}");
        let entry = entry(by_name[line.policy.as_str()], &line);
        entries.entry(line.sign_in_id.clone()).or_default().push(entry);
    }
    for row in &mut world.rows {
        let id = row.value["id"].as_str().unwrap();
        if let Some(mut recorded) = entries.remove(id) {
            recorded.push(json!({"id": "SecurityDefaults", "displayName": "Security Defaults", "result": "success",
                "enforcedGrantControls": [], "enforcedSessionControls": [], "conditionsSatisfied": "none", "conditionsNotSatisfied": "none"}));
            row.value["appliedConditionalAccessPolicies"] = Value::Array(recorded);
        }
    }
    assert!(entries.is_empty(), "verdicts without a row");
    world
}

/// What the slow evaluator makes of one policy, without what the log recorded of it: replayed range, by sign-in.
pub(crate) fn expected(world: &World, policy: &(String, Value)) -> BTreeMap<String, (&'static str, &'static str)> {
    let id = policy.1["id"].as_str().unwrap();
    let mut world = world.clone();
    for row in &mut world.rows {
        let list = row.value["appliedConditionalAccessPolicies"].as_array_mut().unwrap();
        list.retain(|entry| !entry["id"].as_str().unwrap().eq_ignore_ascii_case(id));
    }
    let lines = evaluated(&world, std::slice::from_ref(policy)).into_iter();
    lines.map(|line| (line.sign_in_id, (line.result_least, line.result_most))).collect()
}

/// What the log recorded of a policy, by sign-in.
pub(crate) fn recorded_words(world: &World, id: &str) -> BTreeMap<String, String> {
    let entry = |row: &Value| -> Option<String> {
        let list = row["appliedConditionalAccessPolicies"].as_array().unwrap();
        let own = list.iter().find(|entry| entry["id"].as_str().unwrap().eq_ignore_ascii_case(id))?;
        Some(own["result"].as_str().unwrap().to_owned())
    };
    let rows = world.rows.iter().map(|row| &row.value);
    rows.filter_map(|row| Some((row["id"].as_str().unwrap().to_owned(), entry(row)?))).collect()
}

/// Outcomes from one to another, mildest first.
pub(crate) fn between(least: &str, most: &str) -> Vec<&'static str> {
    let all = ["notApplied", "success", "interrupted", "failure"];
    let place = |word: &str| all.iter().position(|one| *one == word).unwrap();
    all[place(least)..=place(most)].to_vec()
}

/// The matrix that follows: replayed least and most, recorded, and how many.
pub(crate) fn matrix(
    replayed: &BTreeMap<String, (&'static str, &'static str)>,
    recorded: &BTreeMap<String, String>,
) -> BTreeMap<(String, String, String), u64> {
    let mut cells = BTreeMap::new();
    for (id, (least, most)) in replayed {
        *cells.entry(((*least).to_owned(), (*most).to_owned(), recorded[id].clone())).or_default() += 1;
    }
    cells
}

pub(crate) fn reported_matrix(policy: &Value) -> BTreeMap<(String, String, String), u64> {
    let text = |cell: &Value, name: &str| cell[name].as_str().unwrap().to_owned();
    let cells = policy["matrix"].as_array().unwrap().iter();
    // Several cells have the same ends where what is possible between these differs.
    cells.fold(BTreeMap::new(), |mut sums, cell| {
        let key = (text(cell, "replayed_least"), text(cell, "replayed_most"), text(cell, "recorded"));
        *sums.entry(key).or_default() += cell["attempts"].as_u64().unwrap();
        sums
    })
}

/// The files of a world below a folder.
pub(crate) fn write(world: &World, shape: Shape, folder: &Path) {
    let write = |name: String, bytes: &[u8]| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    write(format!("logs/{}", shape.file_name()), &formats::write(shape, &world.rows));
    for (name, policy) in &world.policies {
        write(format!("policies/{name}.json"), format!("{policy:#}\n").as_bytes());
    }
    for (name, text) in &world.tenant {
        write(format!("tenant/{name}"), text.as_bytes());
    }
}

//! The slow reference evaluator: a second implementation of `reference/semantics.md` and
//! `reference/clarifications.md`, written from those pages alone, for the differential test.
//! It goes row by row and rule by rule, and is as plain as the rules are; speed does not matter.

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    missing_debug_implementations,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "test code: a broken invariant of ours may stop the test"
)]

mod attempts;
mod conditions;
mod controls;
mod device_filter;
mod effects;
mod examples;
mod mfa;
mod rows;
mod tenant;
mod users;

use serde_json::Value;
use std::collections::BTreeMap;

pub use rows::row_of_diagnostic;

pub struct Input {
    pub rows: Vec<Value>,
    pub policies: Vec<Value>,
    pub tenant: BTreeMap<String, String>,
    pub own_tenant: Option<String>,
    pub rows_mode: bool,
}

pub struct Output {
    pub lines: Vec<Line>,
    pub population: usize,
    pub set_aside: BTreeMap<String, u64>,
    pub attempts: usize,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub sign_in_id: String,
    pub created_at_micros: i64,
    pub user_id: String,
    pub risk_level: &'static str,
    pub interactive: bool,
    pub rows: usize,
    pub history: &'static str,
    /// Display name as replayed, or `*`.
    pub policy: String,
    pub result_least: &'static str,
    pub result_most: &'static str,
    pub effect_least: &'static str,
    pub effect_most: &'static str,
    /// CON-5 names of the certainly false conditions, in the order of CON-5.
    pub not_matched: Vec<&'static str>,
    pub note: String,
}

/// Section 0.4: no, unknown, yes, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tri {
    No,
    Unknown,
    Yes,
}

impl Tri {
    fn of(value: bool) -> Tri {
        if value { Tri::Yes } else { Tri::No }
    }
    fn and(self, other: Tri) -> Tri {
        self.min(other)
    }
    fn or(self, other: Tri) -> Tri {
        self.max(other)
    }
    fn not(self) -> Tri {
        match self {
            Tri::No => Tri::Yes,
            Tri::Unknown => Tri::Unknown,
            Tri::Yes => Tri::No,
        }
    }
}

pub fn evaluate(input: &Input) -> Output {
    let tenant = tenant::Tenant::read(&input.tenant);

    // C1, C2: copies become one row, foreign rows are set aside.
    let unique = rows::unique_rows(&input.rows);
    let own_tenant = rows::own_tenant(&unique, input.own_tenant.as_deref(), &tenant);
    let mut set_aside: BTreeMap<String, u64> = BTreeMap::new();
    let mut kept = Vec::new();
    for row in unique {
        match rows::reason_set_aside(&row, own_tenant.as_deref()) {
            Some(reason) => *set_aside.entry(reason.to_string()).or_insert(0) += 1,
            None => kept.push(row),
        }
    }

    // C3, C4, C5: attempts and their terminal rows; GRP-7: the rows mode.
    let groups = if input.rows_mode { attempts::each_row_alone(kept) } else { attempts::group(kept) };
    let attempt_count = groups.len();
    let mut attempts: Vec<attempts::Attempt> =
        groups.into_iter().filter_map(|group| attempts::Attempt::of(group, &tenant)).collect();
    // CHOICE: two users of one id (C1) are in the order of their user ids.
    attempts.sort_by_key(|a| (a.terminal().created, a.terminal().id.clone(), a.terminal().user_id()));

    // C19: first what every attempt shows by itself (F1 … F7), then what sessions add (F8).
    let evidence = mfa::evidence_of_all(&attempts);

    let policies = named_policies(&input.policies);
    let mut lines = Vec::new();
    for (index, attempt) in attempts.iter().enumerate() {
        let facts = effects::Facts {
            attempt,
            tenant: &tenant,
            own_tenant: own_tenant.as_deref(),
            evidence: evidence[index],
            shown_mfa: mfa::user_has_shown_mfa(attempt, &attempts, &evidence),
        };
        let terminal = attempt.terminal();
        let line = |policy: &str, verdict: &effects::Verdict, note: String| Line {
            sign_in_id: terminal.id.clone(),
            created_at_micros: terminal.created,
            user_id: terminal.user_id().unwrap_or_default(),
            risk_level: attempt.risk_level,
            interactive: terminal.interactive(),
            rows: attempt.rows.len(),
            history: attempt.history(),
            policy: policy.to_string(),
            result_least: verdict.result_least.word(),
            result_most: verdict.result_most.word(),
            effect_least: verdict.effect_least.word(),
            effect_most: verdict.effect_most.word(),
            not_matched: verdict.not_matched.clone(),
            note,
        };
        // C27: all candidates together are the maximum of each of the four columns.
        let mut together = effects::Verdict::not_applied(Vec::new());
        for (name, policy) in &policies {
            let verdict = effects::verdict(&facts, policy);
            together.take_maximum(&verdict);
            let note = format!("{:?} by {}; {}", facts.evidence.state, facts.evidence.rule, verdict.note);
            lines.push(line(name, &verdict, note));
        }
        lines.push(line("*", &together, String::new()));
    }
    Output { lines, population: attempts.len(), set_aside, attempts: attempt_count }
}

/// A repeated display name gets ` (2)`. Policy keys fold case (C17).
fn named_policies(policies: &[Value]) -> Vec<(String, Value)> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut named = Vec::new();
    for policy in policies {
        let policy = rows::fold_keys(policy);
        // CHOICE: a policy without a name has no file stem here, so it is called `policy`.
        let name = policy["displayname"].as_str().filter(|name| !name.is_empty()).unwrap_or("policy").to_string();
        let count = seen.entry(name.clone()).or_insert(0);
        *count += 1;
        let shown = if *count == 1 { name } else { format!("{name} ({count})") };
        named.push((shown, policy));
    }
    named
}

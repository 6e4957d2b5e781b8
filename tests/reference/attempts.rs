//! Attempts: classes of codes (7.2), who reached Conditional Access (POP), grouping (C3, C4), history (C7), risk (C31).

use super::rows::{Row, fold};
use super::tenant::{Tenant, known_level, severity};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Ok,
    CaBlock,
    CaInt,
    Post,
    Pre,
    Ambig,
}

/// POP-1: the code table of 7.2; unlisted codes are AMBIG (POP-4).
pub fn class_of(code: Option<i64>) -> Class {
    // CHOICE: a row without a readable code is like an unlisted one.
    let Some(code) = code else { return Class::Ambig };
    match code {
        0 => Class::Ok,
        50005 | 50131 | 50155 | 50177 | 50178 | 50187 | 53000..=53004 | 53008..=53011 | 530003 | 530004 | 530021
        | 530031 | 530032 | 530034 | 530035 | 530036 => Class::CaBlock,
        50072 | 50074 | 50076 | 50078 | 50079 | 50097 | 50127 | 50129 | 50135 | 50142 | 50158 | 50161 | 500121
        | 70043 | 70044 => Class::CaInt,
        50125 | 50140 | 50199 | 65001 | 65004 | 90094 | 90095 => Class::Post,
        16000 | 16001 | 16003 | 50011..=50014 | 50020 | 50034 | 50053 | 50055..=50059 | 50064 | 50085 | 50126 | 50128
        | 50132 | 50133 | 50143 | 50144 | 50173 | 50192 | 50194 | 51004 | 51006
        // CHOICE: "500011, 500012..." is read as these two codes.
        | 500011 | 500012 | 500133 | 650052 | 650056 | 650057 | 70000 | 70002 | 70008 | 700003 | 700005 | 700016
        | 700082 | 700084 | 7000112 | 7000215 | 7000218 | 7000222 | 80001..=80014 | 81004..=81014 | 90002 | 90014
        | 90019 | 900144 | 90072 | 135010 => Class::Pre,
        // 50105 too (C6).
        _ => Class::Ambig,
    }
}

/// POP-2: evidence that the row reached Conditional Access, whatever its code.
fn has_evidence(row: &Row) -> bool {
    let policies = row.recorded_policies();
    let status = row.access_status().unwrap_or_default();
    let telling = ["success", "failure", "reportonlysuccess", "reportonlyfailure", "reportonlyinterrupted"];
    // CHOICE: an entry without a result is "not notEnabled", as the sentence says.
    policies.iter().any(|policy| policy.result != "notenabled")
        && (status == "success"
            || status == "failure"
            || policies.iter().any(|policy| telling.contains(&policy.result.as_str())))
}

pub fn reached(row: &Row) -> bool {
    match class_of(row.error_code()) {
        Class::Ok | Class::CaBlock | Class::CaInt => true,
        // C29: recorded policies, but none of them shows evidence: stopped before the end.
        Class::Post => has_evidence(row) || !row.recorded_policies().iter().any(|policy| policy.result != "notenabled"),
        // POP-4, C6: only with the evidence of POP-2.
        Class::Pre | Class::Ambig => has_evidence(row),
    }
}

/// C5: time; at the same time other codes, then CA_BLOCK, then code 0; then id.
fn order_of(row: &Row) -> (i64, u8, String) {
    let rank = match class_of(row.error_code()) {
        Class::Ok => 2,
        Class::CaBlock => 1,
        _ => 0,
    };
    (row.created, rank, fold(&row.id))
}

const MINUTE: i64 = 60_000_000;

/// GRP-7: no grouping.
pub fn each_row_alone(rows: Vec<Row>) -> Vec<Vec<Row>> {
    rows.into_iter().map(|row| vec![row]).collect()
}

pub fn group(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let mut alone: Vec<Vec<Row>> = Vec::new();
    // GRP-3: interactive and not never share a group.
    let mut by_request: BTreeMap<(String, bool), BTreeMap<String, Vec<Row>>> = BTreeMap::new();
    let mut by_correlation: BTreeMap<(String, bool, String), Vec<Row>> = BTreeMap::new();
    for row in rows {
        // C3: a user without an id is a user of its own.
        let Some(user) = row.user_id().map(|id| fold(&id)) else {
            alone.push(vec![row]);
            continue;
        };
        let interactive = row.interactive();
        if let Some(request) = row.folded("originalRequestId") {
            by_request.entry((user, interactive)).or_default().entry(request).or_default().push(row);
        } else if let Some(correlation) = row.folded("correlationId") {
            by_correlation.entry((user, interactive, correlation)).or_default().push(row);
        } else {
            alone.push(vec![row]); // C4: without a correlation id the row stands alone.
        }
    }
    let mut groups = alone;
    for (_, requests) in by_request {
        groups.extend(join_interrupted(requests.into_values().collect()));
    }
    for (_, rows) in by_correlation {
        groups.extend(split(rows));
    }
    groups
}

/// C3: while the last row of a group is an interrupt, the earliest later group that starts 0 to 10 minutes
/// after it, with the same non-empty correlation id and app id (of its first row), is joined to it.
fn join_interrupted(mut groups: Vec<Vec<Row>>) -> Vec<Vec<Row>> {
    for group in &mut groups {
        group.sort_by_key(order_of);
    }
    groups.sort_by_key(|group| order_of(&group[0]));
    let mut done: Vec<Vec<Row>> = Vec::new();
    while !groups.is_empty() {
        let mut group = groups.remove(0);
        loop {
            let last = group.last().expect("a group has rows");
            if !matches!(class_of(last.error_code()), Class::CaInt | Class::Post) {
                break;
            }
            // CHOICE: "non-empty" is said of the correlation id and the app id alike.
            let (Some(correlation), Some(app)) = (last.folded("correlationId"), last.folded("appId")) else { break };
            let found = groups.iter().position(|later| {
                let first = &later[0];
                let after = first.created - last.created;
                (0..=10 * MINUTE).contains(&after)
                    && first.folded("correlationId").as_ref() == Some(&correlation)
                    && first.folded("appId").as_ref() == Some(&app)
            });
            let Some(position) = found else { break };
            group.extend(groups.remove(position));
            group.sort_by_key(order_of);
        }
        done.push(group);
    }
    done
}

/// C4: a new group after a gap of more than 30 minutes, and at a row after a row with code 0 that is not in its second.
fn split(mut rows: Vec<Row>) -> Vec<Vec<Row>> {
    rows.sort_by_key(order_of);
    let second = |row: &Row| row.created.div_euclid(1_000_000);
    let mut groups: Vec<Vec<Row>> = Vec::new();
    for row in rows {
        let starts = match groups.last() {
            None => true,
            Some(group) => {
                let previous = group.last().expect("a group has rows");
                // CHOICE: any earlier row of the group with code 0 ends it, not only the one just before.
                row.created - previous.created > 30 * MINUTE
                    || group.iter().any(|earlier| earlier.error_code() == Some(0) && second(earlier) != second(&row))
            }
        };
        if starts {
            groups.push(Vec::new());
        }
        groups.last_mut().expect("one was just pushed").push(row);
    }
    groups
}

pub const ASKS_FOR_MFA: [i64; 10] = [50072, 50074, 50076, 50078, 50079, 50158, 50161, 500121, 70043, 70044];
pub const ASKS_FOR_PASSWORD: [i64; 2] = [50135, 50142];

#[derive(Debug)]
pub struct Attempt {
    /// In the order of C5.
    pub rows: Vec<Row>,
    /// C5: position of the last row that reached Conditional Access.
    pub last: usize,
    /// After C10 and C31, as printed.
    pub risk_level: &'static str,
}

impl Attempt {
    /// `None`: no row reached Conditional Access, so it is not in the population.
    pub fn of(mut rows: Vec<Row>, tenant: &Tenant) -> Option<Attempt> {
        rows.sort_by_key(order_of);
        let last = rows.iter().rposition(reached)?;
        let risk_level = risk_of(&rows, last, tenant);
        Some(Attempt { rows, last, risk_level })
    }

    pub fn terminal(&self) -> &Row {
        &self.rows[self.last]
    }

    pub fn earlier(&self) -> &[Row] {
        &self.rows[..self.last]
    }

    /// C7.
    pub fn history(&self) -> &'static str {
        let asked = |row: &Row| {
            row.error_code().is_some_and(|code| ASKS_FOR_MFA.contains(&code) || ASKS_FOR_PASSWORD.contains(&code))
        };
        match class_of(self.terminal().error_code()) {
            Class::CaBlock => "blockedByPolicy",
            Class::CaInt => "challengeAbandoned",
            Class::Ok | Class::Post if self.earlier().iter().any(asked) => "challengedThenSucceeded",
            Class::Ok | Class::Post => "succeeded",
            Class::Pre | Class::Ambig => "failedOther",
        }
    }
}

/// The level of one row: `riskLevelDuringSignIn`; missing or hidden: a realtime detection of the row (C10).
fn risk_of_row(row: &Row, tenant: &Tenant) -> Option<&'static str> {
    // CHOICE: an unreadable level is filled like a hidden one.
    known_level(row.text("riskLevelDuringSignIn").as_deref()).or_else(|| tenant.realtime_detection(&row.id))
}

/// C31: risk of a sibling.
fn risk_of(rows: &[Row], last: usize, tenant: &Tenant) -> &'static str {
    let own = risk_of_row(&rows[last], tenant);
    if matches!(own, Some("low" | "medium" | "high")) {
        return own.unwrap_or("unknown");
    }
    let mut worst: Option<&'static str> = None;
    if let Some(request) = rows[last].folded("originalRequestId") {
        for row in &rows[..last] {
            if !reached(row) || row.folded("originalRequestId").as_ref() != Some(&request) {
                continue;
            }
            if let Some(level) = risk_of_row(row, tenant).filter(|level| *level != "none")
                && worst.is_none_or(|best| severity(level) > severity(best))
            {
                worst = Some(level);
            }
        }
    }
    worst.or(own).unwrap_or("unknown")
}

//! Runs that tests of every output share: ordinary, empty and hostile, each from a few rows.

use crate::attempt::{self, Attempts, Options};
use crate::compile::{self, Plan};
use crate::diagnostic::{Diagnostics, Origin};
use crate::frame::{Column, FrameBuilder, Row};
use crate::impact::{Impact, Keys, Names};
use crate::lint;
use crate::policy::{Candidate, Written, wire::Policy};
use crate::replay;
use crate::tenant::Tenant;

use super::{
    CandidateFacts, Days, Figure, Input, Limit, LogEvidence, Parts, ProtectedAccounts, Report, UnseenAccount,
    UsersSeen, Window, build,
};

/// 2026-10-03T08:00:00Z.
const START: i64 = 1_791_014_400_000_000;

const RISKY_NAME: &str = "Require MFA for risky sign-ins";

const RISKY: &str = r#"{
    "displayName": "Require MFA for risky sign-ins",
    "conditions": {
        "users": {"includeUsers": ["All"], "excludeGroups": ["g-exempt"]},
        "applications": {"includeApplications": ["All"]},
        "signInRiskLevels": ["high", "medium"]
    },
    "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    "sessionControls": {"signInFrequency": {"isEnabled": true, "frequencyInterval": "everyTime"}}
}"#;

const LEGACY: &str = r#"{
    "displayName": "Block legacy authentication",
    "conditions": {
        "users": {"includeUsers": ["All"]},
        "applications": {"includeApplications": ["All"]},
        "clientAppTypes": ["exchangeActiveSync", "other"]
    },
    "grantControls": {"operator": "OR", "builtInControls": ["block"]}
}"#;

/// A finished run.
pub(crate) struct Case {
    pub(crate) attempts: Attempts,
    pub(crate) plan: Plan,
    names: Names,
    impact: Impact,
    diagnostics: Diagnostics,
    candidates: Vec<CandidateFacts>,
    path: &'static str,
    protected: ProtectedAccounts,
}

fn candidate(name: &str, id: &str, json: &str) -> Candidate {
    Candidate {
        name: name.to_owned(),
        id: id.to_owned(),
        policy: serde_json::from_str::<Policy>(json).unwrap(),
        written: Written::default(),
        origin: Origin::file("policies/one.json"),
        sha256: "ab".repeat(32),
    }
}

/// An interactive browser sign-in of a user that went through, so many minutes after the start.
fn row<'a>(id: &'a str, user: &'a str, minutes: i64, others: &[(Column, &'a str)]) -> Row<'a> {
    let mut row = Row::new(START + minutes * 60_000_000 + 123_456);
    for (column, text) in [
        (Column::Id, id),
        (Column::OriginalRequestId, id),
        (Column::UserId, user),
        (Column::UserType, "member"),
        (Column::CrossTenantAccessType, "none"),
        (Column::ResourceTenantId, "t-own"),
        (Column::AppId, "app-portal"),
        (Column::AppDisplayName, "Portal"),
        (Column::ResourceId, "res-files"),
        (Column::ResourceDisplayName, "Files"),
        (Column::ClientAppUsed, "Browser"),
        (Column::IpAddress, "192.0.2.1"),
        (Column::Location, r#"{"countryOrRegion":"NO"}"#),
        (Column::DeviceDetail, r#"{"operatingSystem":"Windows10"}"#),
        (Column::SignInEventType, "interactiveUser"),
        (Column::Status, r#"{"errorCode":0}"#),
        (Column::RiskLevelDuringSignIn, "none"),
    ] {
        row.set(column, text);
    }
    for (column, text) in others {
        row.set(*column, *text);
    }
    row
}

fn run(rows: &[Row<'_>], candidates: &[Candidate], path: &'static str, break_glass: &[&str]) -> Case {
    let mut frame = FrameBuilder::default();
    for row in rows {
        frame.push(row);
    }
    let (mut diagnostics, mut tenant) = (Diagnostics::default(), Tenant::empty());
    tenant.settings.break_glass = break_glass.iter().map(|id| (*id).to_owned()).collect();
    let attempts = attempt::gather(frame.finish(), &tenant.risk_detections, &Options::default(), &mut diagnostics);
    let plan = compile::compile(candidates, &attempts, &tenant, &mut diagnostics);
    let keys = Keys::read(&attempts);
    let scope: Vec<usize> = (0..attempts.list.len()).collect();
    let impact = replay::replay(&plan, &attempts, &keys, &scope);
    let facts = |one: &Candidate| CandidateFacts {
        name: one.name.clone(),
        id: one.id.clone(),
        sha256: one.sha256.clone(),
        lint: Some(lint::check(one, &[], &tenant)),
        users: Some(UsersSeen { included: 9, never_seen: 5, undetermined: 1 }),
    };
    Case {
        plan,
        names: Names::of(&keys),
        impact,
        diagnostics,
        candidates: candidates.iter().map(facts).collect(),
        attempts,
        path,
        protected: ProtectedAccounts::read(&tenant),
    }
}

/// Two candidates, six attempts: certain and open, interactive and background, blocked and not.
pub(crate) fn ordinary() -> Case {
    of_candidates(&[candidate(RISKY_NAME, "p-1", RISKY), candidate("Block legacy authentication", "", LEGACY)])
}

/// The same attempts and one candidate.
pub(crate) fn single() -> Case {
    of_candidates(&[candidate(RISKY_NAME, "p-1", RISKY)])
}

fn of_candidates(candidates: &[Candidate]) -> Case {
    let mfa =
        r#"[{"method":"Password","detail":"","succeeded":true,"result":"","requirement":"Primary authentication"}]"#;
    let rows = [
        row("r1", "u-ann", 0, &[(Column::UserPrincipalName, "ann@contoso.example")]),
        row(
            "r2",
            "u-bob",
            1,
            &[
                (Column::UserPrincipalName, "bob@contoso.example"),
                (Column::RiskLevelDuringSignIn, "high"),
                (Column::RiskLevelAggregated, "high"),
                (Column::RiskState, "atRisk"),
                (Column::RiskEventTypes, r#"["unfamiliarFeatures","anonymizedIPAddress"]"#),
                (Column::AuthenticationRequirement, "singleFactorAuthentication"),
                (Column::AuthenticationDetails, mfa),
            ],
        ),
        row(
            "r3",
            "u-cat",
            2,
            &[
                (Column::UserPrincipalName, "cat@contoso.example"),
                (Column::ClientAppUsed, "IMAP4"),
                (Column::AppId, "app-mail"),
                (Column::AppDisplayName, "Mail"),
                (Column::Location, r#"{"countryOrRegion":"BR"}"#),
            ],
        ),
        row("r4", "u-glass", 3, &[(Column::ClientAppUsed, "POP3"), (Column::RiskLevelDuringSignIn, "hidden")]),
        row(
            "r5",
            "u-ann",
            60 * 24 * 3,
            &[(Column::SignInEventType, "nonInteractiveUser"), (Column::RiskLevelDuringSignIn, "medium")],
        ),
        row("r6", "u-ann", 60 * 24 * 3 + 1, &[(Column::Status, r#"{"errorCode":50126}"#)]),
        row("r7", "", 60 * 24 * 3 + 2, &[]),
    ];
    run(&rows, candidates, "logs/interactive.json", &["U-GLASS"])
}

/// No rows at all.
pub(crate) fn empty() -> Case {
    run(&[], &[candidate(RISKY_NAME, "", RISKY)], "logs/empty.json", &[])
}

/// Names that try to command a terminal, a spreadsheet, Markdown and a browser.
pub(crate) const HOSTILE: [&str; 6] = [
    "=cmd|' /C calc'!A0",
    "\u{1b}[2J\u{1b}]0;owned\u{7}",
    "<script>alert(1)</script>",
    "a|b`c`\n# [click](https://evil.example)",
    "\u{202e}txt.exe",
    "  @sum(1,2)",
];

/// Every name of a row is hostile, and so is the policy's.
pub(crate) fn hostile() -> Case {
    let ids = ["h0", "h1", "h2", "h3", "h4", "h5"];
    let rows: Vec<Row<'_>> = ids
        .iter()
        .zip(HOSTILE)
        .zip(0..)
        .map(|((id, name), minutes)| {
            let others =
                [(Column::UserPrincipalName, name), (Column::AppDisplayName, name), (Column::ClientAppUsed, "IMAP4")];
            row(id, id, minutes, &others)
        })
        .collect();
    let candidates: Vec<Candidate> = HOSTILE.iter().map(|name| candidate(name, "", LEGACY)).collect();
    run(&rows, &candidates, "logs/\u{1b}[31m|<b>.json", &["h1"])
}

impl Case {
    /// Places of all attempts.
    pub(crate) fn scope(&self) -> Vec<usize> {
        (0..self.attempts.list.len()).collect()
    }

    /// The report of this run.
    pub(crate) fn report(&self) -> Report {
        build(Parts {
            inputs: vec![Input {
                path: self.path.to_owned(),
                format: "graphJson".to_owned(),
                rows: self.attempts.frame.rows() as u64,
                sha256: None,
                records_risk: true,
                note: None,
            }],
            window: Window::of(self.attempts.frame.created().iter().copied()),
            waterfall: &self.attempts.waterfall,
            candidates: self.candidates.clone(),
            rules: &self.plan.rules,
            impact: &self.impact,
            names: &self.names,
            attempt_assumptions: &self.attempts.assumptions,
            verification: None,
            diagnostics: &self.diagnostics,
            limits: vec![
                Limit { expression: "blocked-users>0".to_owned(), value: Some(Figure::Count(2)), crossed: true },
                Limit {
                    expression: "unknown-share>5%".to_owned(),
                    value: Some(Figure::Share { part: 1, whole: 3 }),
                    crossed: true,
                },
                Limit { expression: "agreement<99%".to_owned(), value: None, crossed: true },
            ],
            own_tenant: (self.attempts.own_tenant.clone(), self.attempts.own_tenant_source),
            cannot_answer: vec!["User risk: no export holds its history.".to_owned()],
            protected: &self.protected,
            evidence: LogEvidence {
                days: Days { asked: 5, covered: 2, are_given: true },
                users_listed: Some(10),
                attempts_without_user: 1,
                unseen_emergency_accounts: vec![UnseenAccount { key: "u-none".to_owned(), is_in_log: false }],
                roles_without_members: ["r-1".to_owned()].into(),
            },
            users_together: Some(UsersSeen { included: 10, never_seen: 6, undetermined: 0 }),
            top: 3,
        })
    }
}

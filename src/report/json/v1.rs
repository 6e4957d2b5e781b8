//! Version 1 of the JSON report (contract section 5). Frozen: members are only ever added.
//!
//! Every structure is filled by full destructuring, so that a new member of the report must be
//! decided on here.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::domain::Spelled;
use crate::report::model::{
    Assumption, BreakdownTable, Complaint, Count, EffectTotal, Figure, FunnelRow, Input, KeyRow, Limit, MatrixRow,
    MissingRow, Report, Section, Tool, WaterfallRow, Window,
};
use crate::report::time::instant;
use crate::report::words::effect_word;

use super::evidence::{LogEvidenceV1, ProtectedV1, SectionEvidenceV1};
use super::lint_v1::FindingV1;
use super::verification::VerificationV1;

/// The member `schemaVersion`.
pub const VERSION: &str = "1.0";

/// The JSON Schema of this version.
pub const SCHEMA: &str = include_str!("../schema/report-v1.schema.json");

/// Writes the report, indented, with a line break at its end.
///
/// # Errors
///
/// The writer failed.
pub(in crate::report) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    super::write(&ReportV1::from(report), out)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportV1<'a> {
    schema_version: &'static str,
    tool: ToolV1,
    inputs: Vec<InputV1<'a>>,
    window: WindowV1,
    waterfall: Vec<StepV1<'a>>,
    candidates: Vec<SectionV1<'a>>,
    combined: SectionV1<'a>,
    verification: Option<VerificationV1<'a>>,
    assumptions: Vec<AssumptionV1<'a>>,
    diagnostics: Vec<DiagnosticV1<'a>>,
    limits: Vec<LimitV1<'a>>,
    protected: Vec<ProtectedV1<'a>>,
    evidence: LogEvidenceV1<'a>,
}

impl<'a> From<&'a Report> for ReportV1<'a> {
    fn from(report: &'a Report) -> ReportV1<'a> {
        // The own tenant and what cannot be answered are for people: version 1 has no member for them.
        let Report {
            tool,
            protected,
            cannot_answer: _,
            inputs,
            window,
            own_tenant: _,
            waterfall,
            candidates,
            combined,
            verification,
            assumptions,
            diagnostics,
            limits,
            evidence,
        } = report;
        ReportV1 {
            schema_version: VERSION,
            tool: ToolV1::from(*tool),
            inputs: inputs.iter().map(InputV1::from).collect(),
            window: WindowV1::from(window),
            waterfall: waterfall.iter().map(StepV1::from).collect(),
            candidates: candidates.iter().map(SectionV1::from).collect(),
            combined: SectionV1::from(combined),
            verification: verification.as_ref().map(VerificationV1::from),
            assumptions: assumptions.iter().map(AssumptionV1::from).collect(),
            diagnostics: diagnostics.iter().map(DiagnosticV1::from).collect(),
            limits: limits.iter().map(LimitV1::from).collect(),
            protected: protected.iter().map(ProtectedV1::from).collect(),
            evidence: LogEvidenceV1::from(evidence),
        }
    }
}

#[derive(Serialize)]
pub(super) struct ToolV1 {
    name: &'static str,
    version: &'static str,
}

impl From<Tool> for ToolV1 {
    fn from(tool: Tool) -> ToolV1 {
        let Tool { name, version } = tool;
        ToolV1 { name, version }
    }
}

#[derive(Serialize)]
pub(super) struct InputV1<'a> {
    path: &'a str,
    format: &'a str,
    rows: u64,
    sha256: Option<&'a str>,
}

impl<'a> From<&'a Input> for InputV1<'a> {
    fn from(input: &'a Input) -> InputV1<'a> {
        let Input { path, format, rows, sha256, records_risk: _, note: _ } = input;
        InputV1 { path, format, rows: *rows, sha256: sha256.as_deref() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WindowV1 {
    from: Option<String>,
    to: Option<String>,
    days: u64,
    days_without_rows: u64,
}

impl From<&Window> for WindowV1 {
    fn from(window: &Window) -> WindowV1 {
        let Window { from_micros, to_micros, days, gaps: _ } = window;
        WindowV1 {
            from: from_micros.map(instant),
            to: to_micros.map(instant),
            days: *days,
            days_without_rows: window.days_without_rows(),
        }
    }
}

#[derive(Serialize)]
struct StepV1<'a> {
    step: &'a str,
    reason: Option<&'a str>,
    rows: u64,
    attempts: Option<u64>,
    users: u64,
}

impl<'a> From<&'a WaterfallRow> for StepV1<'a> {
    fn from(row: &'a WaterfallRow) -> StepV1<'a> {
        let WaterfallRow { step, reason, rows, attempts, users } = row;
        StepV1 { step, reason: reason.as_deref(), rows: *rows, attempts: *attempts, users: *users }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SectionV1<'a> {
    policy: &'a str,
    policy_id: Option<&'a str>,
    sha256: Option<&'a str>,
    matrix: Vec<CellV1>,
    users: UsersV1<'a>,
    breakdowns: BreakdownsV1<'a>,
    funnel: Vec<FunnelV1>,
    missing: Vec<MissingV1<'a>>,
    lint: Option<Vec<FindingV1<'a>>>,
    evidence: SectionEvidenceV1,
}

impl<'a> From<&'a Section> for SectionV1<'a> {
    fn from(section: &'a Section) -> SectionV1<'a> {
        // Totals follow from the matrix; reasons are not part of version 1 yet.
        let Section {
            name,
            id,
            sha256,
            attempts: _,
            users: _,
            matrix,
            effects,
            breakdowns,
            funnel,
            missing,
            reasons: _,
            lint,
            evidence,
        } = section;
        SectionV1 {
            policy: name,
            policy_id: id.as_deref(),
            sha256: sha256.as_deref(),
            matrix: matrix.iter().map(CellV1::from).collect(),
            users: UsersV1(effects),
            breakdowns: BreakdownsV1(breakdowns),
            funnel: funnel.iter().map(FunnelV1::from).collect(),
            missing: missing.iter().map(MissingV1::from).collect(),
            lint: lint.as_ref().map(|findings| findings.iter().map(FindingV1::from).collect()),
            evidence: SectionEvidenceV1::from(evidence),
        }
    }
}

#[derive(Serialize)]
struct CellV1 {
    risk: &'static str,
    interactive: bool,
    effect: &'static str,
    attempts_least: u64,
    attempts_most: u64,
    users_least: u64,
    users_most: u64,
}

impl From<&MatrixRow> for CellV1 {
    fn from(row: &MatrixRow) -> CellV1 {
        let MatrixRow { risk, interactive, effect, attempts, users } = row;
        CellV1 {
            risk: risk.word(),
            interactive: *interactive,
            effect: effect_word(*effect),
            attempts_least: attempts.least,
            attempts_most: attempts.most,
            users_least: users.least,
            users_most: users.most,
        }
    }
}

#[derive(Serialize)]
struct CountV1 {
    least: u64,
    most: u64,
}

/// `{effect: {least, most}}`, in the order of the effects.
struct UsersV1<'a>(&'a [EffectTotal]);

impl Serialize for UsersV1<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|total| {
            let EffectTotal { effect, attempts: _, users: Count { least, most } } = *total;
            (effect_word(effect), CountV1 { least, most })
        }))
    }
}

/// One member a breakdown, and `keys` with the true number of each.
struct BreakdownsV1<'a>(&'a [BreakdownTable]);

#[derive(Serialize)]
#[serde(untagged)]
enum BreakdownMemberV1<'a> {
    Rows(Vec<KeyV1<'a>>),
    Keys(BTreeMap<&'static str, u64>),
}

impl Serialize for BreakdownsV1<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut keys = BTreeMap::new();
        let mut members = Vec::new();
        for table in self.0 {
            let BreakdownTable { breakdown, keys: count, rows } = table;
            keys.insert(breakdown.word(), *count);
            members.push((breakdown.word(), BreakdownMemberV1::Rows(rows.iter().map(KeyV1::from).collect())));
        }
        serializer.collect_map(members.into_iter().chain([("keys", BreakdownMemberV1::Keys(keys))]))
    }
}

#[derive(Serialize)]
struct KeyV1<'a> {
    key: Option<&'a str>,
    name: Option<&'a str>,
    challenged_least: u64,
    challenged_most: u64,
    blocked_least: u64,
    blocked_most: u64,
    attempts: u64,
}

impl<'a> From<&'a KeyRow> for KeyV1<'a> {
    fn from(row: &'a KeyRow) -> KeyV1<'a> {
        let KeyRow { key, name, challenged, blocked, attempts } = row;
        KeyV1 {
            key: recorded(key),
            name: recorded(name),
            challenged_least: challenged.least,
            challenged_most: challenged.most,
            blocked_least: blocked.least,
            blocked_most: blocked.most,
            attempts: *attempts,
        }
    }
}

pub(super) fn recorded(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

#[derive(Serialize)]
struct FunnelV1 {
    condition: &'static str,
    yes: u64,
    unknown: u64,
    no: u64,
}

impl From<&FunnelRow> for FunnelV1 {
    fn from(row: &FunnelRow) -> FunnelV1 {
        let FunnelRow { condition, yes, unknown, no } = *row;
        FunnelV1 { condition: condition.word(), yes, unknown, no }
    }
}

#[derive(Serialize)]
struct MissingV1<'a> {
    fact: &'a str,
    attempts: u64,
    share: Option<FigureV1>,
}

impl<'a> From<&'a MissingRow> for MissingV1<'a> {
    fn from(row: &'a MissingRow) -> MissingV1<'a> {
        let MissingRow { fact, attempts, share, help: _ } = row;
        MissingV1 { fact, attempts: *attempts, share: share.map(FigureV1::from) }
    }
}

#[derive(Serialize)]
struct AssumptionV1<'a> {
    id: &'a str,
    text: &'a str,
    attempts: u64,
}

impl<'a> From<&'a Assumption> for AssumptionV1<'a> {
    fn from(assumption: &'a Assumption) -> AssumptionV1<'a> {
        let Assumption { id, text, attempts } = assumption;
        AssumptionV1 { id, text, attempts: *attempts }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DiagnosticV1<'a> {
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    count: u64,
    first_at: &'a str,
}

impl<'a> From<&'a Complaint> for DiagnosticV1<'a> {
    fn from(complaint: &'a Complaint) -> DiagnosticV1<'a> {
        let Complaint { severity, message, help, count, first_at } = complaint;
        DiagnosticV1 { severity: severity.word(), message, help: help.as_deref(), count: *count, first_at }
    }
}

#[derive(Serialize)]
struct LimitV1<'a> {
    expression: &'a str,
    value: Option<FigureV1>,
    crossed: bool,
}

/// A count is a whole number, a share is in percent.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum FigureV1 {
    Count(u64),
    Percent(f64),
}

impl<'a> From<&'a Limit> for LimitV1<'a> {
    fn from(limit: &'a Limit) -> LimitV1<'a> {
        let Limit { expression, value, crossed } = limit;
        LimitV1 { expression, value: value.map(FigureV1::from), crossed: *crossed }
    }
}

impl From<Figure> for FigureV1 {
    fn from(figure: Figure) -> FigureV1 {
        match figure {
            Figure::Count(count) => FigureV1::Count(count),
            Figure::Share { .. } => FigureV1::Percent(figure.number()),
        }
    }
}

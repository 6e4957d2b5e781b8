//! Version 1 of the findings of `lint` as JSON. Frozen: members are only ever added.
//!
//! Every structure is filled by full destructuring, so that a new member must be decided on here.

use std::io::{self, Write};

use serde::Serialize;

use crate::lint::Finding;
use crate::report::lint::{LintReport, LintedPolicy};
use crate::report::model::Tool;

use super::v1::{DiagnosticV1, ToolV1};

/// The member `schemaVersion` of the findings.
const VERSION: &str = "1.0";

/// The JSON Schema of this version.
pub const SCHEMA: &str = include_str!("../schema/lint-v1.schema.json");

/// Writes the findings.
pub(in crate::report) fn render(report: &LintReport, out: &mut dyn Write) -> io::Result<()> {
    super::write(&LintV1::from(report), out)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LintV1<'a> {
    schema_version: &'static str,
    tool: ToolV1,
    policies: Vec<PolicyV1<'a>>,
    findings: Vec<OfPolicyV1<'a>>,
    diagnostics: Vec<DiagnosticV1<'a>>,
}

impl<'a> From<&'a LintReport> for LintV1<'a> {
    fn from(report: &'a LintReport) -> LintV1<'a> {
        let LintReport { policies, diagnostics } = report;
        LintV1 {
            schema_version: VERSION,
            tool: ToolV1::from(Tool::THIS),
            policies: policies.iter().map(PolicyV1::from).collect(),
            findings: policies.iter().flat_map(|policy| policy.findings.iter().map(OfPolicyV1::from)).collect(),
            diagnostics: diagnostics.iter().map(DiagnosticV1::from).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PolicyV1<'a> {
    policy: &'a str,
    policy_id: Option<&'a str>,
    path: &'a str,
    sha256: &'a str,
    findings: usize,
}

impl<'a> From<&'a LintedPolicy> for PolicyV1<'a> {
    fn from(linted: &'a LintedPolicy) -> PolicyV1<'a> {
        let LintedPolicy { name, id, path, sha256, findings } = linted;
        PolicyV1 { policy: name, policy_id: said(id), path, sha256, findings: findings.len() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfPolicyV1<'a> {
    policy: &'a str,
    policy_id: Option<&'a str>,
    path: &'a str,
    #[serde(flatten)]
    finding: FindingV1<'a>,
}

impl<'a> From<&'a Finding> for OfPolicyV1<'a> {
    fn from(finding: &'a Finding) -> OfPolicyV1<'a> {
        let Finding { policy, policy_id, origin, .. } = finding;
        OfPolicyV1 { policy, policy_id: said(policy_id), path: &origin.path, finding: FindingV1::from(finding) }
    }
}

/// A finding within its policy: in the report of a replay, too.
#[derive(Serialize)]
pub(super) struct FindingV1<'a> {
    line: Option<u64>,
    pointer: Option<&'a str>,
    lint: &'a str,
    severity: &'static str,
    message: &'a str,
    help: &'a str,
    rule: &'a str,
}

impl<'a> From<&'a Finding> for FindingV1<'a> {
    fn from(finding: &'a Finding) -> FindingV1<'a> {
        let Finding { policy: _, policy_id: _, origin, pointer, lint, severity, message, help, rule } = finding;
        FindingV1 { line: origin.row, pointer: said(pointer), lint, severity: severity.word(), message, help, rule }
    }
}

fn said(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

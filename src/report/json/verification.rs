//! The member `verification` of the JSON report, and the document that `verify --format json` writes around it.

use std::io::{self, Write};

use serde::Serialize;

use crate::domain::{Outcome, Spelled};
use crate::report::verification::{VerificationReport, agreement};
use crate::verify::{
    Cell, Contradiction, Disagreement, Fault, FaultyCondition, LeftOut, NotGiven, Totals, Verification, Verified,
};

use super::v1::{DiagnosticV1, FigureV1, InputV1, ToolV1, VERSION, WindowV1};
use super::write;

/// The JSON Schema of what `verify` writes.
pub const SCHEMA: &str = include_str!("../schema/verify-v1.schema.json");

/// Writes the document of `verify`.
pub(in crate::report) fn render(report: &VerificationReport, out: &mut dyn Write) -> io::Result<()> {
    // The own tenant is for people, as in the report of `replay`.
    let VerificationReport { tool, inputs, window, own_tenant: _, verification, diagnostics } = report;
    let document = VerifyV1 {
        schema_version: VERSION,
        tool: ToolV1::from(*tool),
        inputs: inputs.iter().map(InputV1::from).collect(),
        window: WindowV1::from(window),
        verification: VerificationV1::from(verification),
        diagnostics: diagnostics.iter().map(DiagnosticV1::from).collect(),
    };
    write(&document, out)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerifyV1<'a> {
    schema_version: &'static str,
    tool: ToolV1,
    inputs: Vec<InputV1<'a>>,
    window: WindowV1,
    verification: VerificationV1<'a>,
    diagnostics: Vec<DiagnosticV1<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerificationV1<'a> {
    #[serde(flatten)]
    totals: TotalsV1,
    policies: Vec<VerifiedV1<'a>>,
    not_given: Vec<NotGivenV1<'a>>,
    contradictions: Vec<ContradictionV1<'a>>,
}

impl<'a> From<&'a Verification> for VerificationV1<'a> {
    fn from(verification: &'a Verification) -> VerificationV1<'a> {
        let Verification { policies, not_given, contradictions, in_scope: _ } = verification;
        VerificationV1 {
            totals: TotalsV1::from(verification.totals()),
            policies: policies.iter().map(VerifiedV1::from).collect(),
            not_given: not_given.iter().map(NotGivenV1::from).collect(),
            contradictions: contradictions.iter().map(ContradictionV1::from).collect(),
        }
    }
}

/// Numbers of attempts; the agreement is `exact` of `compared`, in percent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TotalsV1 {
    compared: u64,
    exact: u64,
    within_range: u64,
    disagreeing: u64,
    agreement: Option<FigureV1>,
}

impl From<Totals> for TotalsV1 {
    fn from(totals: Totals) -> TotalsV1 {
        let Totals { exact, within_range, disagreeing } = totals;
        let agreement = agreement(totals).map(FigureV1::from);
        TotalsV1 { compared: totals.compared(), exact, within_range, disagreeing, agreement }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerifiedV1<'a> {
    policy: &'a str,
    policy_id: Option<&'a str>,
    not_recorded: Option<&'static str>,
    #[serde(flatten)]
    totals: TotalsV1,
    matrix: Vec<CellV1>,
    left_out: Vec<LeftOutV1>,
    disagreements: Vec<DisagreementV1<'a>>,
}

impl<'a> From<&'a Verified> for VerifiedV1<'a> {
    fn from(policy: &'a Verified) -> VerifiedV1<'a> {
        let Verified { name, id, not_recorded, matrix, left_out, disagreements } = policy;
        VerifiedV1 {
            policy: name,
            policy_id: Some(id.as_str()).filter(|id| !id.is_empty()),
            not_recorded: not_recorded.map(|why| why.word()),
            totals: TotalsV1::from(policy.totals()),
            matrix: matrix.iter().map(CellV1::from).collect(),
            left_out: left_out.iter().map(|(why, attempts)| LeftOutV1::of(*why, *attempts)).collect(),
            disagreements: disagreements.iter().map(DisagreementV1::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct CellV1 {
    replayed_least: &'static str,
    replayed_most: &'static str,
    replayed_possible: Vec<&'static str>,
    recorded: &'static str,
    agreement: &'static str,
    attempts: u64,
}

impl From<&Cell> for CellV1 {
    fn from(cell: &Cell) -> CellV1 {
        let Cell { replayed, recorded, attempts } = *cell;
        CellV1 {
            replayed_least: replayed.least().word(),
            replayed_most: replayed.most().word(),
            replayed_possible: replayed.outcomes().map(Outcome::word).collect(),
            recorded: recorded.word(),
            agreement: cell.agreement().word(),
            attempts,
        }
    }
}

#[derive(Serialize)]
struct LeftOutV1 {
    reason: &'static str,
    attempts: u64,
}

impl LeftOutV1 {
    fn of(why: LeftOut, attempts: u64) -> LeftOutV1 {
        LeftOutV1 { reason: why.word(), attempts }
    }
}

/// `atFault` holds names of conditions, or `controls`, or `notListed`.
#[derive(Serialize)]
struct DisagreementV1<'a> {
    replayed_least: &'static str,
    replayed_most: &'static str,
    replayed_possible: Vec<&'static str>,
    recorded: &'static str,
    #[serde(rename = "atFault")]
    at_fault: Vec<&'a str>,
    conditions: Vec<ConditionV1<'a>>,
    rules: &'a [String],
    unmet: &'a [String],
    attempts: u64,
    #[serde(rename = "signIns")]
    sign_ins: Vec<&'a str>,
}

impl<'a> From<&'a Disagreement> for DisagreementV1<'a> {
    fn from(group: &'a Disagreement) -> DisagreementV1<'a> {
        let Disagreement { replayed, recorded, fault, rules, attempts, sign_ins } = group;
        let (conditions, unmet): (&[FaultyCondition], &[String]) = match fault {
            Fault::Conditions(conditions) => (conditions, &[]),
            Fault::Controls(unmet) => (&[], unmet),
            Fault::NotListed => (&[], &[]),
        };
        DisagreementV1 {
            replayed_least: replayed.least().word(),
            replayed_most: replayed.most().word(),
            replayed_possible: replayed.outcomes().map(Outcome::word).collect(),
            recorded: recorded.word(),
            at_fault: fault.words(),
            conditions: conditions.iter().map(ConditionV1::from).collect(),
            rules,
            unmet,
            attempts: *attempts,
            sign_ins: sign_ins.ids().collect(),
        }
    }
}

/// What Entra recorded of a condition, and whether the policy at hand configures it.
#[derive(Serialize)]
struct ConditionV1<'a> {
    condition: &'a str,
    recorded: &'static str,
    configured: bool,
}

impl<'a> From<&'a FaultyCondition> for ConditionV1<'a> {
    fn from(condition: &'a FaultyCondition) -> ConditionV1<'a> {
        let FaultyCondition { name, recorded, configured } = condition;
        let recorded = if *recorded { "satisfied" } else { "notSatisfied" };
        ConditionV1 { condition: name.word(), recorded, configured: *configured }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotGivenV1<'a> {
    policy: &'a str,
    policy_id: &'a str,
    attempts: u64,
}

impl<'a> From<&'a NotGiven> for NotGivenV1<'a> {
    fn from(policy: &'a NotGiven) -> NotGivenV1<'a> {
        let NotGiven { id, name, attempts, since: _ } = policy;
        NotGivenV1 { policy: name, policy_id: id, attempts: *attempts }
    }
}

/// `recorded` is what the log proves; the tenant folder says the opposite.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContradictionV1<'a> {
    fact: &'static str,
    id: &'a str,
    recorded: bool,
    attempts: u64,
    users: u64,
    policies: &'a [String],
    sign_ins: Vec<&'a str>,
}

impl<'a> From<&'a Contradiction> for ContradictionV1<'a> {
    fn from(contradiction: &'a Contradiction) -> ContradictionV1<'a> {
        let Contradiction { of, id, holds, attempts, users, sign_ins, policies } = contradiction;
        ContradictionV1 {
            fact: of.word(),
            id,
            recorded: *holds,
            attempts: *attempts,
            users: *users,
            policies,
            sign_ins: sign_ins.ids().collect(),
        }
    }
}

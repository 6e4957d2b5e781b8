//! An explanation as data: what the pages and the JSON show, in their order. Members are only ever added.

mod candidate;
mod request;

use serde::Serialize;

pub use candidate::{Candidate, Condition, Control, End, Missing, Part, Reading, Reason, Seen, Together, Verdict};
pub use request::{Absent, Body, Value, WhatIf};

/// The member `schemaVersion`.
pub const VERSION: &str = "1.0";

/// The JSON Schema of this version.
pub const SCHEMA: &str = include_str!("../schema/explain-v1.schema.json");

/// Everything that is explained.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Version of this form.
    pub schema_version: &'static str,
    /// What made it.
    pub tool: Tool,
    /// The files that were read.
    pub inputs: Vec<Input>,
    /// Which sign-ins were asked for, and how many there are.
    pub selection: Selection,
    /// The sign-ins.
    pub sign_ins: Vec<SignIn>,
    /// What was not understood on the way.
    pub diagnostics: Vec<Told>,
}

/// What made the explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// A file of sign-ins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Input {
    /// As typed, plus what a folder adds.
    pub path: String,
    /// The export format.
    pub format: String,
    /// Sign-ins read from it.
    pub rows: u64,
    /// Records of a companion file, about the sign-ins of other files.
    pub evidence: u64,
}

/// Which sign-ins are explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Selection {
    /// In words.
    pub text: String,
    /// How many sign-ins match.
    pub matching: u64,
    /// How many of them are shown.
    pub shown: u64,
}

/// A diagnostic of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// How much it matters.
    pub severity: &'static str,
    /// What.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// How often.
    pub count: u64,
    /// `path:row` of the first.
    pub first_at: String,
}

/// A sentence, and the rules of the reference that it follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Because {
    /// The sentence.
    pub text: String,
    /// Tags of the reference.
    pub rules: Vec<&'static str>,
}

impl Because {
    /// A sentence and its rules.
    #[must_use]
    pub fn new(text: impl Into<String>, rules: &[&'static str]) -> Because {
        Because { text: text.into(), rules: rules.to_vec() }
    }
}

/// Where something is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// Its row among the sign-ins read from this file, counted from 1.
    pub row: Option<u64>,
    /// The number by which the explanation calls the row, such as `2b`.
    pub number: Option<String>,
}

/// One sign-in: an attempt that was judged, or a row that was not.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// Id of the terminal row; of the row asked for where nothing was judged.
    pub sign_in_id: String,
    /// When, as the verdicts write it.
    pub created_at: String,
    /// Id of the user, if recorded.
    pub user_id: Option<String>,
    /// Name of the user, if recorded.
    pub user_principal_name: Option<String>,
    /// Name or id of the client application.
    pub app: Option<String>,
    /// Name or id of the resource.
    pub resource: Option<String>,
    /// Whether it is interactive.
    pub interactive: bool,
    /// The rows of the attempt in their order, each with its copies.
    pub rows: Vec<Row>,
    /// Why these rows are one attempt; none for a row that was set aside before.
    pub grouping: Option<Because>,
    /// Which row is evaluated, and why.
    pub terminal: Option<Terminal>,
    /// Why nothing was judged.
    pub left_out: Option<LeftOut>,
    /// What happened, without the candidates.
    pub history: Option<History>,
    /// The risk that Conditional Access saw.
    pub risk: Option<Risk>,
    /// What the log shows about MFA.
    pub mfa: Option<Mfa>,
    /// Policies that the log records for the terminal row, with their results.
    pub recorded_policies: Vec<RecordedPolicy>,
    /// What each candidate says.
    pub candidates: Vec<Candidate>,
    /// All candidates together.
    pub together: Option<Together>,
    /// Things to know that change no verdict.
    pub notes: Vec<Because>,
    /// What If requests that check the same case in a tenant: one for each thing that was asked for.
    pub what_if: Vec<WhatIf>,
    /// Every field of the terminal row, or of the row asked for.
    pub recorded: Vec<Recorded>,
}

/// One row, with the copies it was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Its number in the explanation.
    pub number: usize,
    /// Its id.
    pub sign_in_id: String,
    /// When.
    pub created_at: String,
    /// Its error code, if recorded.
    pub error_code: Option<i64>,
    /// The class of that code.
    pub class: &'static str,
    /// Whether it reached Conditional Access, and why; none for a row that was set aside before.
    pub reached: Option<Reached>,
    /// Its level during sign-in.
    pub risk_level: String,
    /// `earlier`, `terminal`, `later` or `notJudged`.
    pub role: &'static str,
    /// Where its copies are recorded; more than one if it was delivered several times.
    pub copies: Vec<Place>,
    /// Fields in which the copies differ.
    pub differences: Vec<Difference>,
}

/// Whether a row reached Conditional Access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reached {
    /// Whether it did.
    pub is: bool,
    /// Why.
    pub because: Because,
}

/// A field in which copies differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The field.
    pub field: &'static str,
    /// What each copy records; none is "not recorded".
    pub values: Vec<CopyValue>,
    /// What counts.
    pub chosen: Option<String>,
    /// Why.
    pub because: Because,
}

/// What one copy records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CopyValue {
    /// The number of the copy.
    pub number: String,
    /// Its value, if any.
    pub value: Option<String>,
}

/// The row that conditions and controls are evaluated on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Terminal {
    /// Its number.
    pub row: usize,
    /// Why it is this one.
    pub because: Because,
}

/// Why nothing was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The step of the waterfall: `setAside` or `notReached`.
    pub step: &'static str,
    /// The reason there.
    pub reason: &'static str,
    /// In words.
    pub because: Because,
}

/// What happened, without the candidates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct History {
    /// The word of the contract.
    pub history: &'static str,
    /// Why.
    pub because: Because,
}

/// The risk that Conditional Access saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Risk {
    /// The level that counts.
    pub level: &'static str,
    /// Where it comes from.
    pub because: Because,
    /// What else is recorded about risk, none of which decides.
    pub besides: Vec<Recorded>,
}

/// What the log shows about MFA.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mfa {
    /// The state.
    pub state: &'static str,
    /// The rule that decided it, and what it found.
    pub because: Because,
    /// The recorded steps of authentication of every row.
    pub steps: Vec<Step>,
}

/// A recorded step of authentication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The number of its row.
    pub row: usize,
    /// When, if recorded.
    pub at: Option<String>,
    /// The method.
    pub method: String,
    /// Whether it succeeded.
    pub succeeded: Option<bool>,
    /// What came of it.
    pub result: String,
    /// What it was for.
    pub requirement: String,
}

/// A policy that the log records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedPolicy {
    /// Its name.
    pub policy: String,
    /// Its id.
    pub policy_id: String,
    /// Its recorded result.
    pub result: String,
}

/// A recorded field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// The field.
    pub field: &'static str,
    /// Its value as read.
    pub value: String,
    /// Where from.
    pub from: Option<Place>,
}

//! An explanation as data: what the pages and the JSON show, in their order. Members are only ever added.

use serde::Serialize;

/// The member `schemaVersion`.
pub const VERSION: &str = "1.0";

/// The JSON Schema of this version.
pub const SCHEMA: &str = include_str!("schema/explain-v1.schema.json");

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

/// What one candidate says.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Its name.
    pub policy: String,
    /// Its id; empty for a template.
    pub policy_id: String,
    /// The file it was read from.
    pub file: String,
    /// Whether its conditions match: `yes`, `no` or `unknown`.
    pub applies: &'static str,
    /// Every configured condition in the order of CON-5.
    pub conditions: Vec<Condition>,
    /// Conditions that are not configured and match everything.
    pub not_configured: Vec<&'static str>,
    /// How its controls stand: twice where it is open whether the user is external.
    pub readings: Vec<Reading>,
    /// How the conditions and the controls became the verdict.
    pub verdict: Verdict,
    /// What the user would be asked.
    pub challenge: Vec<&'static str>,
    /// Conditions that certainly do not match, as in the verdicts.
    pub not_matched: Vec<&'static str>,
    /// Controls that are unmet.
    pub unmet: Vec<String>,
    /// Why the severest end is what it is.
    pub reasons: Vec<Reason>,
    /// Facts that would narrow the verdict.
    pub missing: Vec<Missing>,
}

/// The verdict of a candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// Result at the mildest end.
    pub result_least: &'static str,
    /// Result at the severest end.
    pub result_most: &'static str,
    /// Effect at the mildest end.
    pub effect_least: &'static str,
    /// Effect at the severest end.
    pub effect_most: &'static str,
    /// How the conditions and the readings came to it.
    pub because: Vec<Because>,
}

/// A configured condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// Its name in CON-5.
    pub condition: &'static str,
    /// `yes`, `no` or `unknown`.
    pub answer: &'static str,
    /// What the policy asks for.
    pub wants: String,
    /// What it looked at.
    pub seen: Vec<Seen>,
    /// Each part of it by itself.
    pub parts: Vec<Part>,
    /// Facts that would settle an unknown answer.
    pub missing: Vec<String>,
    /// Rules that it follows.
    pub rules: Vec<&'static str>,
}

/// A value that a condition looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The field.
    pub field: String,
    /// Its value; none is "not recorded".
    pub value: Option<String>,
    /// Where from.
    pub from: Option<Place>,
}

/// A part of a condition, asked by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The member of the policy: `excludeGroups`.
    pub member: &'static str,
    /// What stands there.
    pub value: String,
    /// Its name, where the tenant folder knows it.
    pub name: Option<String>,
    /// Whether the sign-in is in it, whether that includes or excludes.
    pub answer: &'static str,
    /// The tenant file that answers.
    pub from: Option<String>,
    /// Facts that would settle an unknown answer.
    pub missing: Vec<String>,
    /// Rules that it follows.
    pub rules: Vec<&'static str>,
}

/// How the controls of a candidate stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// Whether the user is taken as external.
    pub external: bool,
    /// Grant controls, then session controls that can change a result.
    pub controls: Vec<Control>,
    /// The result and effects at the mildest end of everything unknown.
    pub least: End,
    /// The same at the severest end.
    pub most: End,
}

/// One end of everything unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct End {
    /// The result if the conditions match.
    pub result: &'static str,
    /// The effects: more than one where it is open whether the user can answer.
    pub effects: Vec<&'static str>,
    /// How the controls became the result and the result the effects.
    pub because: Vec<Because>,
}

/// A control and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Control {
    /// Its name: Graph's, where Graph has one.
    pub control: String,
    /// At the mildest end: `satisfied`, `needed` or `failed`.
    pub least: &'static str,
    /// At the severest end.
    pub most: &'static str,
    /// The evidence for or against.
    pub evidence: Vec<String>,
    /// Facts that would settle it.
    pub missing: Vec<String>,
    /// Rules that it follows.
    pub rules: Vec<&'static str>,
}

/// Why the severest end is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The word of the contract.
    pub reason: &'static str,
    /// In words.
    pub text: &'static str,
}

/// A fact that would narrow a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The fact, as in the verdicts.
    pub fact: String,
    /// What would settle it.
    pub help: String,
}

/// All candidates together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Together {
    /// Result at the mildest end.
    pub result_least: &'static str,
    /// Result at the severest end.
    pub result_most: &'static str,
    /// Effect at the mildest end.
    pub effect_least: &'static str,
    /// Effect at the severest end.
    pub effect_most: &'static str,
}

/// The What If request.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WhatIf {
    /// `POST`.
    pub method: &'static str,
    /// Where to.
    pub url: &'static str,
    /// What, member by member in the order of Graph's documentation.
    pub body: Body,
    /// Members that are left out because their value is not known.
    pub left_out: Vec<Absent>,
}

/// A member of the request that is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Absent {
    /// The member.
    pub member: &'static str,
    /// Why.
    pub why: String,
}

/// The body of the request: a JSON object whose members keep their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body(pub Vec<(String, Value)>);

/// A value of the body.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// True or false.
    Flag(bool),
    /// Text.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
    /// An object.
    Object(Body),
}

impl Serialize for Body {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Flag(flag) => serializer.serialize_bool(*flag),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Texts(texts) => serializer.collect_seq(texts),
            Value::Object(body) => body.serialize(serializer),
        }
    }
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

//! What the candidates say of one sign-in, as data.

use serde::Serialize;

use super::{Because, Place};

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
    /// How its controls stand if its conditions match: twice where it is open whether the user is external.
    pub readings: Vec<Reading>,
    /// How the conditions and the controls became the verdict.
    pub verdict: Verdict,
    /// What the user would be asked at the severest end.
    pub challenge: Vec<&'static str>,
    /// Conditions that certainly do not match, as in the verdicts.
    pub not_matched: Vec<&'static str>,
    /// Controls that are certainly unmet; of a range those of its severest end.
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

//! The report as data: every list in the order in which it is printed.
//!
//! Knows nothing of rows and frames. Renderers read it and decide nothing.

use std::fmt;

use crate::attempt::times::Times;
use crate::diagnostic::{Diagnostic, Severity};
use crate::domain::{Condition, Effect, Reason, RiskLevel};
use crate::frame::Time;
use crate::impact::Breakdown;
use crate::lint::Finding;
use crate::verify::Verification;

use super::evidence::{LogEvidence, SectionEvidence};
use super::protected::Protected;
use super::time::day;

/// What made the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Tool {
    /// This program.
    pub const THIS: Tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
}

/// A count that the evidence may leave open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Certainly.
    pub least: u64,
    /// Possibly.
    pub most: u64,
}

impl Count {
    /// From both ends.
    #[must_use]
    pub fn new(least: u64, most: u64) -> Count {
        Count { least, most }
    }

    /// Whether there is none, certainly.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.most == 0
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.least == self.most { write!(f, "{}", self.least) } else { write!(f, "{}–{}", self.least, self.most) }
    }
}

/// One file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Path as typed plus what a folder adds.
    pub path: String,
    /// The export format.
    pub format: String,
    /// Rows read from it.
    pub rows: u64,
    /// Digest of its bytes, if asked for.
    pub sha256: Option<String>,
    /// Whether any row of it records a risk level during sign-in.
    pub records_risk: bool,
    /// Something a reader should know of this file.
    pub note: Option<String>,
}

/// Days without a row, side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// First day, `YYYY-MM-DD`.
    pub first: String,
    /// Last day.
    pub last: String,
    /// How many days.
    pub days: u64,
}

/// The time that the rows in scope span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Time of the first row.
    pub from_micros: Option<Time>,
    /// Time of the last row.
    pub to_micros: Option<Time>,
    /// Days from the first to the last, both counted, UTC.
    pub days: u64,
    /// Days between them without a row.
    pub gaps: Vec<Gap>,
}

impl Window {
    /// The window of these times.
    #[must_use]
    pub fn of(times: impl IntoIterator<Item = Time>) -> Window {
        Window::from(&Times::of(times))
    }

    /// How many days have no row.
    #[must_use]
    pub fn days_without_rows(&self) -> u64 {
        self.gaps.iter().map(|gap| gap.days).sum()
    }
}

impl From<&Times> for Window {
    fn from(Times { ends, days }: &Times) -> Window {
        let gaps = days.iter().zip(days.iter().skip(1)).filter(|(before, after)| *after - *before > 1);
        Window {
            from_micros: ends.map(|ends| ends.0),
            to_micros: ends.map(|ends| ends.1),
            days: days.first().zip(days.last()).map_or(0, |(first, last)| first.abs_diff(*last) + 1),
            gaps: gaps
                .map(|(before, after)| Gap {
                    first: day(before + 1),
                    last: day(after - 1),
                    days: before.abs_diff(*after) - 1,
                })
                .collect(),
        }
    }
}

/// The own tenant and where it is known from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnTenant {
    /// Its id, if known.
    pub id: Option<String>,
    /// Where from, in words.
    pub source: String,
}

/// A step from rows to the population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaterfallRow {
    /// Step of the contract.
    pub step: String,
    /// For what was taken away.
    pub reason: Option<String>,
    /// Rows.
    pub rows: u64,
    /// Attempts, once rows are grouped.
    pub attempts: Option<u64>,
    /// Users.
    pub users: u64,
}

/// One cell of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatrixRow {
    /// Risk during sign-in.
    pub risk: RiskLevel,
    /// Interactive or background.
    pub interactive: bool,
    /// The effect; `None` is `undetermined`.
    pub effect: Option<Effect>,
    /// Attempts.
    pub attempts: Count,
    /// Users.
    pub users: Count,
}

/// An effect over all risks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EffectTotal {
    /// The effect; `None` is `undetermined`.
    pub effect: Option<Effect>,
    /// Attempts.
    pub attempts: Count,
    /// Users.
    pub users: Count,
}

/// One key of a breakdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Id or text; empty when not recorded.
    pub key: String,
    /// Display name; empty when there is none.
    pub name: String,
    /// Attempts challenged.
    pub challenged: Count,
    /// Attempts blocked.
    pub blocked: Count,
    /// Attempts of this key in the population.
    pub attempts: u64,
}

/// The keys touched most, cut at `--top`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakdownTable {
    /// By what.
    pub breakdown: Breakdown,
    /// How many keys are touched in all.
    pub keys: u64,
    /// The first of them.
    pub rows: Vec<KeyRow>,
}

/// How often a condition matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunnelRow {
    /// The condition.
    pub condition: Condition,
    /// Attempts that certainly match.
    pub yes: u64,
    /// Attempts that may match.
    pub unknown: u64,
    /// Attempts that certainly do not.
    pub no: u64,
}

/// A fact that would narrow verdicts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingRow {
    /// The fact, as in the column `missing`.
    pub fact: String,
    /// Open attempts that it would narrow.
    pub attempts: u64,
    /// Their share of all attempts.
    pub share: Option<Figure>,
    /// What would settle it.
    pub help: String,
}

/// Why attempts are blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonRow {
    /// The reason.
    pub reason: Reason,
    /// Attempts.
    pub attempts: Count,
}

/// One candidate, or all of them together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Display name; `*` for all together.
    pub name: String,
    /// Id, if there is one.
    pub id: Option<String>,
    /// Digest of the policy's file.
    pub sha256: Option<String>,
    /// Attempts in scope.
    pub attempts: u64,
    /// Users in scope.
    pub users: u64,
    /// Risk from high to unknown, interactive first, effects and then `undetermined`.
    pub matrix: Vec<MatrixRow>,
    /// The effects and then `undetermined`.
    pub effects: Vec<EffectTotal>,
    /// In the order of the contract.
    pub breakdowns: Vec<BreakdownTable>,
    /// Configured conditions in the order of CON-5.
    pub funnel: Vec<FunnelRow>,
    /// Widest first.
    pub missing: Vec<MissingRow>,
    /// Most frequent first.
    pub reasons: Vec<ReasonRow>,
    /// Mistakes in the policy itself; none of all candidates together.
    pub lint: Option<Vec<Finding>>,
    /// How much its numbers rest on.
    pub evidence: SectionEvidence,
}

impl Section {
    /// The totals of an effect; `None` is `undetermined`.
    #[must_use]
    pub fn total(&self, effect: Option<Effect>) -> EffectTotal {
        let nothing = EffectTotal { effect, attempts: Count::default(), users: Count::default() };
        self.effects.iter().find(|total| total.effect == effect).copied().unwrap_or(nothing)
    }
}

/// A rule of ours that decided something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// Its tag in the reference.
    pub id: String,
    /// What is assumed.
    pub text: String,
    /// For how many attempts.
    pub attempts: u64,
}

/// A diagnostic of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// How much it matters.
    pub severity: Severity,
    /// What.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// How often.
    pub count: u64,
    /// `path:row` of the first.
    pub first_at: String,
}

impl From<&Diagnostic> for Complaint {
    fn from(diagnostic: &Diagnostic) -> Complaint {
        let Diagnostic { origin, severity, message, help, count } = diagnostic;
        Complaint {
            severity: *severity,
            message: message.clone(),
            help: help.clone(),
            count: *count,
            first_at: origin.to_string(),
        }
    }
}

/// The figure that a limit looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A number of attempts or users.
    Count(u64),
    /// A share of a whole, in percent.
    Share {
        /// The part.
        part: u64,
        /// The whole; nothing of nothing is no share.
        whole: u64,
    },
}

impl Figure {
    /// The number as it is printed and compared: a share in percent.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub fn number(self) -> f64 {
        match self {
            Figure::Count(count) => count as f64,
            Figure::Share { whole: 0, .. } => 0.0,
            Figure::Share { part, whole } => part as f64 * 100.0 / whole as f64,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Figure::Count(count) => write!(f, "{count}"),
            Figure::Share { .. } => write!(f, "{:.2} %", self.number()),
        }
    }
}

/// A limit of `--fail-on`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// As typed.
    pub expression: String,
    /// The figure; none when it cannot be computed, which counts as crossed.
    pub value: Option<Figure>,
    /// Whether it was crossed.
    pub crossed: bool,
}

/// Everything that a reader is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What made it.
    pub tool: Tool,
    /// Protected accounts that may be challenged or blocked.
    pub protected: Vec<Protected>,
    /// What these inputs cannot answer, in sentences.
    pub cannot_answer: Vec<String>,
    /// Files, in the order they were read.
    pub inputs: Vec<Input>,
    /// The time they span.
    pub window: Window,
    /// The own tenant.
    pub own_tenant: OwnTenant,
    /// Rows → attempts → population.
    pub waterfall: Vec<WaterfallRow>,
    /// One a candidate, in their order.
    pub candidates: Vec<Section>,
    /// All candidates together.
    pub combined: Section,
    /// Replayed against recorded results, where the log has any.
    pub verification: Option<Verification>,
    /// By tag.
    pub assumptions: Vec<Assumption>,
    /// In the order they were met.
    pub diagnostics: Vec<Complaint>,
    /// As typed, in their order.
    pub limits: Vec<Limit>,
    /// How much the numbers rest on, whatever the policy.
    pub evidence: LogEvidence,
}

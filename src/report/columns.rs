//! The columns of the report's tables: each exists once, and every tabular renderer reads these lists.

use std::borrow::Cow;
use std::fmt;

use super::model::{Assumption, Count, Input, KeyRow, Limit, MatrixRow, MissingRow, ReasonRow, Section, WaterfallRow};
use super::{verification, words};
use crate::domain::{Effect, Spelled};
use crate::verify::{NotGiven, Verified};

/// A value on its way into a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    /// Text, not escaped.
    Text(Cow<'a, str>),
    /// A whole number.
    Number(u64),
    /// A whole number that is taken away.
    Minus(u64),
    /// A number with two ends.
    Range(Count),
    /// Attempts and users.
    Both(Count, Count),
    /// Yes or no.
    Flag(bool),
    /// Nothing.
    Nothing,
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Text(text) => f.write_str(text),
            Cell::Number(number) => write!(f, "{number}"),
            Cell::Minus(number) => write!(f, "−{number}"),
            Cell::Range(count) | Cell::Both(count, _) if count.is_zero() => f.write_str("·"),
            Cell::Range(count) => write!(f, "{count}"),
            Cell::Both(attempts, users) => write!(f, "{attempts} ({users})"),
            Cell::Flag(flag) => f.write_str(if *flag { "yes" } else { "no" }),
            Cell::Nothing => Ok(()),
        }
    }
}

/// One column over rows of one kind.
pub(super) struct Column<R> {
    /// The header of CSV: stable, snake_case.
    pub(super) key: &'static str,
    /// The header for people.
    pub(super) title: &'static str,
    /// Whether it holds numbers, which stand on the right.
    pub(super) number: bool,
    /// The value of a row.
    pub(super) cell: for<'a> fn(&'a R) -> Cell<'a>,
}

const fn words<R>(key: &'static str, title: &'static str, cell: for<'a> fn(&'a R) -> Cell<'a>) -> Column<R> {
    Column { key, title, number: false, cell }
}

const fn numbers<R>(key: &'static str, title: &'static str, cell: for<'a> fn(&'a R) -> Cell<'a>) -> Column<R> {
    Column { key, title, number: true, cell }
}

fn text(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

fn optional(text: Option<&String>) -> Cell<'_> {
    text.map_or(Cell::Nothing, |text| Cell::Text(Cow::Borrowed(text)))
}

fn both(section: &Section, effect: Option<Effect>) -> Cell<'static> {
    let total = section.total(effect);
    Cell::Both(total.attempts, total.users)
}

/// The policy that a line of the matrix belongs to.
pub(super) const POLICY: Column<Section> = words("policy", "Policy", |section| text(&section.name));

/// The matrix, one line a cell.
pub(super) const MATRIX: &[Column<MatrixRow>] = &[
    words("risk", "Risk", |row| text(row.risk.word())),
    words("interactive", "Interactive", |row| Cell::Flag(row.interactive)),
    words("effect", "Effect", |row| text(words::effect_word(row.effect))),
    numbers("attempts_least", "Attempts, least", |row| Cell::Number(row.attempts.least)),
    numbers("attempts_most", "Attempts, most", |row| Cell::Number(row.attempts.most)),
    numbers("users_least", "Users, least", |row| Cell::Number(row.users.least)),
    numbers("users_most", "Users, most", |row| Cell::Number(row.users.most)),
];

/// Candidates side by side.
pub(super) const SUMMARY: &[Column<Section>] = &[
    POLICY,
    numbers("blocked", "Blocked", |section| both(section, Some(Effect::Blocked))),
    numbers("challenged", "Challenged", |section| both(section, Some(Effect::Challenged))),
    numbers("already_challenged", "Already challenged", |section| both(section, Some(Effect::AlreadyChallenged))),
    numbers("already_blocked", "Already blocked", |section| both(section, Some(Effect::AlreadyBlocked))),
    numbers("unaffected", "Unaffected", |section| both(section, Some(Effect::Unaffected))),
    numbers("undetermined", "Undetermined", |section| both(section, None)),
];

/// Files that were read.
pub(super) const INPUTS: &[Column<Input>] = &[
    words("path", "File", |input| text(&input.path)),
    words("format", "Format", |input| text(&input.format)),
    numbers("rows", "Rows", |input| Cell::Number(input.rows)),
    words("records_risk", "Records risk", |input| Cell::Flag(input.records_risk)),
    words("note", "Note", |input| optional(input.note.as_ref())),
];

/// Rows → attempts → population.
pub(super) const WATERFALL: &[Column<WaterfallRow>] = &[
    words("step", "Step", |row| Cell::Text(Cow::Owned(words::step(row)))),
    numbers("rows", "Rows", |row| if words::takes_away(row) { Cell::Minus(row.rows) } else { Cell::Number(row.rows) }),
    numbers("attempts", "Attempts", |row| match row.attempts {
        Some(attempts) if words::takes_away(row) => Cell::Minus(attempts),
        Some(attempts) => Cell::Number(attempts),
        None => Cell::Nothing,
    }),
    numbers("users", "Users", |row| Cell::Number(row.users)),
];

/// Counts of a breakdown's keys; the key itself comes before them.
pub(super) const KEYS: &[Column<KeyRow>] = &[
    numbers("blocked", "Blocked", |row| Cell::Range(row.blocked)),
    numbers("challenged", "Challenged", |row| Cell::Range(row.challenged)),
    numbers("attempts", "All attempts", |row| Cell::Number(row.attempts)),
];

/// Why attempts are blocked.
pub(super) const REASONS: &[Column<ReasonRow>] = &[
    words("reason", "Reason", |row| text(words::reason(row.reason))),
    numbers("attempts", "Attempts", |row| Cell::Range(row.attempts)),
];

/// What is unknown.
pub(super) const MISSING: &[Column<MissingRow>] = &[
    words("fact", "Unknown", |row| text(&row.fact)),
    numbers("attempts", "Attempts", |row| Cell::Number(row.attempts)),
    numbers("share", "Share", |row| row.share.map_or(Cell::Nothing, |share| Cell::Text(Cow::Owned(share.to_string())))),
    words("help", "Settled by", |row| text(&row.help)),
];

/// Rules of ours that decided something.
pub(super) const ASSUMPTIONS: &[Column<Assumption>] = &[
    words("id", "Rule", |row| text(&row.id)),
    numbers("attempts", "Attempts", |row| Cell::Number(row.attempts)),
    words("text", "Assumed", |row| text(&row.text)),
];

/// Limits of `--fail-on`.
pub(super) const LIMITS: &[Column<Limit>] = &[
    words("expression", "Limit", |limit| text(&limit.expression)),
    numbers("value", "Value", |limit| {
        limit.value.map_or(text("cannot be computed"), |value| Cell::Text(Cow::Owned(value.to_string())))
    }),
    words("crossed", "Crossed", |limit| Cell::Flag(limit.crossed)),
];

/// Policies against what was recorded for them.
pub(super) const VERIFIED: &[Column<Verified>] = &[
    words("policy", "Policy", |policy| text(&policy.name)),
    numbers("agreement", "Agreement", |policy| Cell::Text(Cow::Owned(verification::words::rate(policy.totals())))),
    numbers("compared", "Compared", |policy| Cell::Number(policy.totals().compared())),
    numbers("exact", "Exact", |policy| Cell::Number(policy.totals().exact)),
    numbers("within_range", "Open", |policy| Cell::Number(policy.totals().within_range)),
    numbers("disagreeing", "Disagree", |policy| Cell::Number(policy.totals().disagreeing)),
    numbers("left_out", "Left out", |policy| Cell::Number(policy.left_out_attempts())),
];

/// Policies of the log that were not given.
pub(super) const NOT_GIVEN: &[Column<NotGiven>] = &[
    words("policy_id", "Id", |policy| text(&policy.id)),
    words("policy", "Name in the log", |policy| text(&policy.name)),
    numbers("attempts", "Attempts", |policy| Cell::Number(policy.attempts)),
];

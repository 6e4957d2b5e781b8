//! The columns of the listing: each exists once, and all four forms read this list.

use std::borrow::Cow;

use crate::attempt::{Attempt, Attempts};
use crate::domain::{Ask, Condition, Reason, Spelled};
use crate::frame::{Code, Column as Recorded, Device, Place, Status, Time, parsed};
use crate::impact::ReasonSet;

use super::line::Line;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// Microseconds since 1970 UTC.
    Time,
    /// Yes or no.
    Flag,
    /// A whole number.
    Integer,
}

/// A value of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    /// Not recorded, or nothing to say.
    Nothing,
    /// Text, not escaped; never empty.
    Text(Cow<'a, str>),
    /// Microseconds since 1970 UTC.
    Time(Time),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(i64),
}

impl<'a> Cell<'a> {
    fn text(text: &'a str) -> Cell<'a> {
        if text.is_empty() { Cell::Nothing } else { Cell::Text(Cow::Borrowed(text)) }
    }

    fn joined<'t: 'a>(words: impl IntoIterator<Item = &'t str>) -> Cell<'a> {
        let mut words = words.into_iter();
        match (words.next(), words.next()) {
            (None, _) => Cell::Nothing,
            (Some(only), None) => Cell::text(only),
            (Some(first), Some(second)) => {
                let mut text = format!("{first},{second}");
                for word in words {
                    text.push(',');
                    text.push_str(word);
                }
                Cell::Text(Cow::Owned(text))
            }
        }
    }
}

/// Where the value of a column comes from.
pub(super) enum Value {
    /// The same on every line of an attempt.
    OfAttempt(for<'a> fn(&'a Listing<'_>, &'a Attempt) -> Cell<'a>),
    /// Of the verdict.
    OfVerdict(for<'a> fn(&'a Line<'_>) -> Cell<'a>),
}

/// One column.
pub(super) struct Column {
    /// Its name in every form.
    pub(super) name: &'static str,
    /// What it holds.
    pub(super) kind: Kind,
    /// Where from.
    pub(super) value: Value,
}

impl Column {
    /// Whether the value is the same on every line of an attempt.
    pub(super) fn is_of_attempt(&self) -> bool {
        matches!(self.value, Value::OfAttempt(_))
    }
}

/// Lines that can be written: all those of an attempt stand together.
pub(super) trait Lines {
    /// How many there are.
    fn len(&self) -> usize;
    /// The value of a line; the column by its place among [`COLUMNS`].
    fn cell(&self, column: usize, line: usize) -> Cell<'_>;
}

/// Lines as they come out of a replay.
pub(super) struct Fresh<'a> {
    /// The attempts.
    pub(super) listing: &'a Listing<'a>,
    /// Their lines.
    pub(super) lines: &'a [Line<'a>],
}

impl Lines for Fresh<'_> {
    fn len(&self) -> usize {
        self.lines.len()
    }

    fn cell(&self, column: usize, line: usize) -> Cell<'_> {
        let Some((column, line)) = COLUMNS.get(column).zip(self.lines.get(line)) else { return Cell::Nothing };
        match column.value {
            Value::OfAttempt(cell) => cell(self.listing, line.attempt),
            Value::OfVerdict(cell) => cell(line),
        }
    }
}

type OfAttempt = for<'a> fn(&'a Listing<'_>, &'a Attempt) -> Cell<'a>;
type OfVerdict = for<'a> fn(&'a Line<'_>) -> Cell<'a>;

const fn attempt(name: &'static str, kind: Kind, cell: OfAttempt) -> Column {
    Column { name, kind, value: Value::OfAttempt(cell) }
}

const fn verdict(name: &'static str, cell: OfVerdict) -> Column {
    Column { name, kind: Kind::Text, value: Value::OfVerdict(cell) }
}

/// Every column, in the order of the contract. Those of the attempt come first.
pub(super) const COLUMNS: &[Column] = &[
    attempt("sign_in_id", Kind::Text, |listing, one| listing.recorded(one, Recorded::Id)),
    attempt("created_at", Kind::Time, |listing, one| Cell::Time(listing.attempts.created(one))),
    attempt("user_id", Kind::Text, |listing, one| listing.recorded(one, Recorded::UserId)),
    attempt("user_principal_name", Kind::Text, |listing, one| listing.recorded(one, Recorded::UserPrincipalName)),
    attempt("user_type", Kind::Text, |listing, one| listing.recorded(one, Recorded::UserType)),
    attempt("app_id", Kind::Text, |listing, one| listing.recorded(one, Recorded::AppId)),
    attempt("app_display_name", Kind::Text, |listing, one| listing.recorded(one, Recorded::AppDisplayName)),
    attempt("resource_id", Kind::Text, |listing, one| listing.recorded(one, Recorded::ResourceId)),
    attempt("resource_display_name", Kind::Text, |listing, one| listing.recorded(one, Recorded::ResourceDisplayName)),
    attempt("ip_address", Kind::Text, |listing, one| listing.recorded(one, Recorded::IpAddress)),
    attempt("country", Kind::Text, |listing, one| listing.read(one, Recorded::Location, &listing.countries)),
    attempt("client_app", Kind::Text, |listing, one| listing.recorded(one, Recorded::ClientAppUsed)),
    attempt("operating_system", Kind::Text, |listing, one| listing.read(one, Recorded::DeviceDetail, &listing.systems)),
    attempt("risk_level", Kind::Text, |_, one| Cell::text(one.risk.word())),
    attempt("risk_level_aggregated", Kind::Text, |listing, one| listing.recorded(one, Recorded::RiskLevelAggregated)),
    attempt("risk_state", Kind::Text, |listing, one| listing.recorded(one, Recorded::RiskState)),
    attempt("risk_event_types", Kind::Text, |listing, one| {
        listing.read(one, Recorded::RiskEventTypes, &listing.detections)
    }),
    attempt("interactive", Kind::Flag, |_, one| Cell::Flag(one.interactive)),
    attempt("error_code", Kind::Integer, |listing, one| {
        let code = listing.errors.get(listing.attempts.code(one, Recorded::Status) as usize);
        code.copied().flatten().map_or(Cell::Nothing, Cell::Integer)
    }),
    attempt("rows", Kind::Integer, |_, one| Cell::Integer(i64::try_from(one.rows.len()).unwrap_or(i64::MAX))),
    attempt("history", Kind::Text, |_, one| Cell::text(one.history.word())),
    verdict("policy", |line| Cell::text(line.rule.map_or("*", |rule| &rule.name))),
    verdict("policy_id", |line| Cell::text(line.rule.map_or("", |rule| &rule.id))),
    verdict("result_least", |line| Cell::text(line.verdict.outcome.least().word())),
    verdict("result_most", |line| Cell::text(line.verdict.outcome.most().word())),
    verdict("effect_least", |line| Cell::text(line.verdict.effect.least().word())),
    verdict("effect_most", |line| Cell::text(line.verdict.effect.most().word())),
    verdict("challenge", |line| Cell::joined(within(line.asks, &Ask::ALL).map(Ask::word))),
    verdict("not_matched", |line| Cell::joined(within(line.not_matched, &Condition::ALL).map(Condition::word))),
    verdict("unmet", |line| Cell::joined(line.unmet.iter().copied())),
    verdict("reasons", |line| Cell::joined(ReasonSet::iter(line.reasons).map(Reason::word))),
    verdict("missing", |line| Cell::joined(line.missing.iter().copied())),
];

/// The words whose bits are set, in their order.
fn within<T: Copy>(set: u16, all: &[T]) -> impl Iterator<Item = T> {
    all.iter().enumerate().filter(move |(bit, _)| set >> bit & 1 == 1).map(|(_, word)| *word)
}

/// The attempts, and what their documents hold by code.
pub(super) struct Listing<'a> {
    attempts: &'a Attempts,
    countries: Vec<String>,
    systems: Vec<String>,
    detections: Vec<String>,
    errors: Vec<Option<i64>>,
}

impl<'a> Listing<'a> {
    /// Reads each distinct document once.
    pub(super) fn new(attempts: &'a Attempts) -> Listing<'a> {
        let frame = &attempts.frame;
        let texts = |column: Recorded, read: fn(&str) -> Option<String>| {
            frame.dictionary(column).iter().map(|text| read(text).unwrap_or_default()).collect()
        };
        Listing {
            attempts,
            countries: texts(Recorded::Location, |text| parsed::<Place>(text).country_or_region),
            systems: texts(Recorded::DeviceDetail, |text| parsed::<Device>(text).operating_system),
            detections: texts(Recorded::RiskEventTypes, |text| Some(parsed::<Vec<String>>(text).join(","))),
            errors: frame.dictionary(Recorded::Status).iter().map(|text| parsed::<Status>(text).error_code).collect(),
        }
    }

    fn recorded<'s>(&'s self, attempt: &Attempt, column: Recorded) -> Cell<'s> {
        Cell::text(self.attempts.text(attempt, column).unwrap_or(""))
    }

    fn read<'s>(&'s self, attempt: &Attempt, column: Recorded, texts: &'s [String]) -> Cell<'s> {
        let code: Code = self.attempts.code(attempt, column);
        Cell::text(texts.get(code as usize).map_or("", String::as_str))
    }
}

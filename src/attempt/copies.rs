//! Copies of one row become one row (C1, DUP-1, DUP-2, DUP-6), whatever order they come in.

use std::cmp::Ordering;
use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

use crate::diagnostic::{Diagnostics, Origin};
use crate::domain::spelling::recorded_risk;
use crate::domain::{RiskLevel, fold};
use crate::frame::{Code, Column, NOT_RECORDED, SignInFrame};

use super::rows::Folds;

/// A frame in which every row is one sign-in record.
#[derive(Debug)]
pub struct Merged {
    /// The unique rows.
    pub frame: SignInFrame,
    /// Rows of which the copies disagreed on the level during sign-in (RSK-2).
    pub risk_disagreed: u64,
}

/// How a column is chosen among the copies of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// The copy delivered first; where that does not decide, the smallest text.
    First,
    /// The copy delivered last; where that does not decide, the largest text.
    Last,
    /// The most severe known level (RSK-2).
    MostSevere,
    /// The longest list; of equals the first.
    Longest,
    /// The first that is not `none`: a later export blanks `deviceCodeFlow` (formats, trap 16).
    NotNone,
}

fn choice(column: Column) -> Choice {
    match column {
        Column::RiskLevelDuringSignIn => Choice::MostSevere,
        Column::AuthenticationDetails | Column::AppliedConditionalAccessPolicies => Choice::Longest,
        Column::OriginalTransferMethod => Choice::NotNone,
        Column::RiskState | Column::RiskDetail | Column::RiskLevelAggregated => Choice::Last,
        _ => Choice::First,
    }
}

/// How a column is chosen among copies that disagree, in words (C1).
#[must_use]
pub fn chosen_by(column: Column) -> &'static str {
    match choice(column) {
        Choice::First => "the copy delivered first counts, else the smallest text",
        Choice::Last => "the copy delivered last counts, else the largest text",
        Choice::MostSevere => "the most severe known level counts (RSK-2)",
        Choice::Longest => "the longest list counts",
        Choice::NotNone => "a flow counts before `none`",
    }
}

/// Merges the copies of every row.
#[must_use]
pub fn merge(frame: SignInFrame) -> Merged {
    let (alone, copies) = alone_and_copies(&frame);
    if copies.is_empty() {
        return Merged { frame, risk_disagreed: 0 };
    }
    let mut picks = Picks { stands_for: alone, overrides: Vec::new() };
    let mut risk_disagreed = 0;
    for copies in copies.chunk_by(|one, two| one.is_copy_of(two)) {
        let rows: Vec<usize> = copies.iter().map(|copy| copy.row).collect();
        picks.add(&frame, &rows);
        risk_disagreed += u64::from(disagree_on_risk(&frame, &rows));
    }
    Merged { frame: picks.apply(frame), risk_disagreed }
}

/// A row that may have copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Copied {
    id: u32,
    user: u32,
    row: usize,
}

impl Copied {
    /// The id and the user are the same (C1).
    fn is_copy_of(&self, other: &Copied) -> bool {
        (self.id, self.user) == (other.id, other.user)
    }
}

/// Rows of which no other has the id; and all others, copies side by side in the order of the rows.
fn alone_and_copies(frame: &SignInFrame) -> (Vec<usize>, Vec<Copied>) {
    let ids = Folds::read(frame.dictionary(Column::Id));
    let mut times = vec![0_u8; ids.count()];
    for code in frame.codes(Column::Id) {
        if let Some(times) = times.get_mut(ids.of(*code) as usize) {
            *times = times.saturating_add(1);
        }
    }
    if times.iter().all(|times| *times < 2) {
        return (Vec::new(), Vec::new());
    }
    let users = Folds::read(frame.dictionary(Column::UserId));
    let (mut alone, mut copies) = (Vec::new(), Vec::new());
    for (row, code) in frame.codes(Column::Id).iter().enumerate() {
        let id = ids.of(*code);
        match times.get(id as usize) {
            Some(0 | 1) => alone.push(row),
            _ => copies.push(Copied { id, user: users.of(frame.code(Column::UserId, row)), row }),
        }
    }
    copies.sort_unstable();
    (alone, copies)
}

/// A digest of each row's folded id: what tells whether people share an id.
#[must_use]
pub fn ids(unique: &SignInFrame) -> Vec<u64> {
    // One fixed seed: the same in every run.
    let hasher = FxBuildHasher;
    let digests: Vec<u64> = unique.dictionary(Column::Id).iter().map(|id| hasher.hash_one(&*fold(id))).collect();
    unique.codes(Column::Id).iter().filter_map(|code| digests.get(*code as usize).copied()).collect()
}

/// Says how many rows have the id of another one: copies are merged, so these are of different people (C1).
pub fn tell_shared_ids(ids: &mut [u64], diagnostics: &mut Diagnostics) {
    ids.sort_unstable();
    let shared = ids.array_windows::<2>().filter(|[one, two]| one == two).count();
    for _ in 0..shared {
        diagnostics.warn(
            Origin::file("logs"),
            "copies of one row name different users and are kept as rows of their own",
            "check that the exports come from the same tenant",
        );
    }
}

fn disagree_on_risk(frame: &SignInFrame, copies: &[usize]) -> bool {
    let levels = || {
        copies
            .iter()
            .map(|row| recorded_risk(frame.text(Column::RiskLevelDuringSignIn, *row)))
            .filter(|level| *level != RiskLevel::Unknown)
    };
    levels().min() != levels().max()
}

/// For each unique row the codes of its columns, and which copy stands for its times.
struct Picks {
    stands_for: Vec<usize>,
    overrides: Vec<(usize, Column, Code)>,
}

impl Picks {
    fn add(&mut self, frame: &SignInFrame, copies: &[usize]) {
        let Some(first) = copies.iter().copied().min_by(|one, two| by_delivery(frame, *one, *two)) else { return };
        let unique = self.stands_for.len();
        self.stands_for.push(first);
        if copies.len() == 1 {
            return;
        }
        for column in Column::ALL {
            let code = pick(frame, *column, copies);
            if code != frame.code(*column, first) {
                self.overrides.push((unique, *column, code));
            }
        }
    }

    fn apply(self, frame: SignInFrame) -> SignInFrame {
        frame.select(&self.stands_for, &self.overrides)
    }
}

/// Copies in the order of delivery; those without a delivery time come last, then by their own time.
fn by_delivery(frame: &SignInFrame, one: usize, two: usize) -> Ordering {
    delivered_first(frame, one, two).then_with(|| frame.created().get(one).cmp(&frame.created().get(two)))
}

fn delivered_first(frame: &SignInFrame, one: usize, two: usize) -> Ordering {
    let delivered = |row: usize| frame.delivered().get(row).copied().flatten();
    match (delivered(one), delivered(two)) {
        (Some(one), Some(two)) => one.cmp(&two),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn pick(frame: &SignInFrame, column: Column, copies: &[usize]) -> Code {
    let choice = choice(column);
    let text = |row: usize| frame.text(column, row).unwrap_or("");
    let first = |one: usize, two: usize| delivered_first(frame, one, two).then_with(|| text(one).cmp(text(two)));
    let recorded = || copies.iter().copied().filter(|row| frame.code(column, *row) != NOT_RECORDED);
    let chosen = match choice {
        Choice::First => recorded().min_by(|one, two| first(*one, *two)),
        // A missing delivery time does not make a copy the last one.
        Choice::Last => recorded().max_by(|one, two| {
            let delivered = |row: usize| frame.delivered().get(row).copied().flatten();
            delivered(*one).cmp(&delivered(*two)).then_with(|| text(*one).cmp(text(*two)))
        }),
        Choice::MostSevere => recorded().min_by(|one, two| {
            recorded_risk(Some(text(*two))).cmp(&recorded_risk(Some(text(*one)))).then_with(|| first(*one, *two))
        }),
        Choice::Longest => recorded()
            .min_by(|one, two| list_length(text(*two)).cmp(&list_length(text(*one))).then_with(|| first(*one, *two))),
        Choice::NotNone => recorded()
            .filter(|row| !text(*row).eq_ignore_ascii_case("none"))
            .min_by(|one, two| first(*one, *two))
            .or_else(|| recorded().min_by(|one, two| first(*one, *two))),
    };
    chosen.map_or(NOT_RECORDED, |row| frame.code(column, row))
}

fn list_length(text: &str) -> usize {
    serde_json::from_str::<Vec<serde::de::IgnoredAny>>(text).map_or(0, |list| list.len())
}

#[cfg(test)]
mod tests {
    use super::{ids, merge, tell_shared_ids};
    use crate::diagnostic::Diagnostics;
    use crate::frame::{Column, FrameBuilder, Row, SignInFrame};

    /// Id, delivery time, and the columns that are recorded.
    type Copy<'a> = (&'a str, Option<i64>, &'a [(Column, &'a str)]);

    fn frame(copies: &[Copy<'_>]) -> SignInFrame {
        let mut builder = FrameBuilder::default();
        for (id, delivered, texts) in copies {
            let mut row = Row::new(10);
            row.delivered = *delivered;
            row.set(Column::Id, (*id).to_owned());
            for (column, text) in *texts {
                row.set(*column, (*text).to_owned());
            }
            builder.push(&row);
        }
        builder.finish()
    }

    #[test]
    fn the_risk_at_sign_in_is_the_most_severe_and_the_state_is_the_latest() {
        let merged = merge(frame(&[
            ("a", Some(2), &[(Column::RiskLevelDuringSignIn, "none"), (Column::RiskState, "remediated")]),
            ("A", Some(1), &[(Column::RiskLevelDuringSignIn, "medium"), (Column::RiskState, "atRisk")]),
        ]));
        assert_eq!(merged.frame.rows(), 1);
        assert_eq!(merged.frame.text(Column::RiskLevelDuringSignIn, 0), Some("medium"));
        assert_eq!(merged.frame.text(Column::RiskState, 0), Some("remediated"));
        assert_eq!(merged.risk_disagreed, 1);
    }

    #[test]
    fn a_later_none_never_overwrites_a_device_code_flow() {
        let method = Column::OriginalTransferMethod;
        for (first, second) in [(1, 2), (2, 1)] {
            let copies =
                frame(&[("a", Some(first), &[(method, "none")]), ("a", Some(second), &[(method, "deviceCodeFlow")])]);
            let merged = merge(copies);
            assert_eq!(merged.frame.text(method, 0), Some("deviceCodeFlow"));
        }
    }

    #[test]
    fn blanks_are_filled_from_later_copies_and_the_longest_details_win() {
        let merged = merge(frame(&[
            ("a", Some(1), &[(Column::AuthenticationDetails, r#"[{"method":"Password"}]"#)]),
            ("a", Some(2), &[(Column::AuthenticationDetails, "[{},{}]"), (Column::IpAddress, "192.0.2.1")]),
        ]));
        assert_eq!(merged.frame.text(Column::IpAddress, 0), Some("192.0.2.1"));
        assert_eq!(merged.frame.text(Column::AuthenticationDetails, 0), Some("[{},{}]"));
    }

    #[test]
    fn copies_of_two_people_are_two_rows_and_are_reported() {
        let mut diagnostics = Diagnostics::default();
        let copies = frame(&[("a", None, &[(Column::UserId, "u1")]), ("a", None, &[(Column::UserId, "u2")])]);
        let merged = merge(copies);
        assert_eq!(merged.frame.rows(), 2);
        tell_shared_ids(&mut ids(&merged.frame), &mut diagnostics);
        assert!(!diagnostics.is_empty());
    }
}

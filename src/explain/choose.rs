//! Which sign-ins are explained: those asked for by id, or a sample by what would come of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::attempt::left_out::{LeftOut, left_out};
use crate::attempt::rows::Rows;
use crate::domain::{Effect, Outcome, Span, Verdict, folded};
use crate::frame::Column;
use crate::replay;
use crate::report::instant;

use super::sight::Given;
use super::sources::close_to;

/// What is wanted at an end of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought<T> {
    /// Both ends are this.
    Certainly(T),
    /// The two ends differ.
    Undetermined,
}

impl<T: Copy> Sought<T> {
    fn words(self, word: fn(T) -> &'static str) -> String {
        match self {
            Sought::Certainly(value) => format!("{} of all candidates together", word(value)),
            Sought::Undetermined => "undetermined by some candidate or all together".to_owned(),
        }
    }
}

/// Whether the ends are those sought: of all candidates together, which come first, or, where they differ, of any.
fn is_sought<T: Copy + Ord>(sought: Option<Sought<T>>, mut spans: impl Iterator<Item = Span<T>>) -> bool {
    match sought {
        None => true,
        Some(Sought::Certainly(value)) => spans.next() == Some(Span::certain(value)),
        Some(Sought::Undetermined) => spans.any(Span::is_open),
    }
}

/// Which sign-ins are asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Ids of rows; without any, a sample of the scope.
    pub ids: Vec<String>,
    /// Attempts in scope, by their places in the list.
    pub scope: Vec<usize>,
    /// By the effect of all candidates together; undetermined also by one of them.
    pub effect: Option<Sought<Effect>>,
    /// By the result in the same way.
    pub result: Option<Sought<Outcome>>,
    /// How many a sample shows.
    pub limit: usize,
}

/// An id that is in no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownId {
    /// As typed.
    pub id: String,
    /// What may have been meant.
    pub help: String,
}

/// One thing to explain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// An attempt that was judged, by its place in the list.
    Judged(usize),
    /// A row that was not.
    LeftOut(usize, LeftOut),
}

/// What is explained, and how many sign-ins match.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) subjects: Vec<Subject>,
    pub(super) matching: usize,
    pub(super) text: String,
}

/// The verdict of all candidates together (C27).
pub(super) fn together(given: &Given<'_>, place: usize) -> Verdict {
    let verdicts = given.plan.rules.iter().map(|rule| replay::judge(given.plan, rule, place).verdict);
    verdicts.fold(Verdict::UNTOUCHED, Verdict::and)
}

pub(super) fn choose(given: &Given<'_>, facts: &Rows<'_>, wanted: &Wanted) -> Result<Chosen, Vec<UnknownId>> {
    if wanted.ids.is_empty() { Ok(sample(given, wanted)) } else { by_id(given, facts, wanted) }
}

fn sample(given: &Given<'_>, wanted: &Wanted) -> Chosen {
    let is_wanted = |place: &usize| {
        let of_each = given.plan.rules.iter().map(|rule| replay::judge(given.plan, rule, *place).verdict);
        let verdicts: Vec<Verdict> = [together(given, *place)].into_iter().chain(of_each).collect();
        is_sought(wanted.effect, verdicts.iter().map(|verdict| verdict.effect))
            && is_sought(wanted.result, verdicts.iter().map(|verdict| verdict.outcome))
    };
    let matching: Vec<usize> = wanted.scope.iter().copied().filter(is_wanted).collect();
    let by: Vec<String> = [
        wanted.effect.map(|effect| format!("effect {}", effect.words(Effect::word))),
        wanted.result.map(|result| format!("result {}", result.words(Outcome::word))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let by = if by.is_empty() { String::new() } else { format!(" with {}", by.join(" and ")) };
    Chosen {
        matching: matching.len(),
        subjects: matching.into_iter().take(wanted.limit).map(Subject::Judged).collect(),
        text: format!("attempts in scope{by}"),
    }
}

fn by_id(given: &Given<'_>, facts: &Rows<'_>, wanted: &Wanted) -> Result<Chosen, Vec<UnknownId>> {
    let frame = &given.attempts.frame;
    let ids = once_each(&wanted.ids);
    let mut rows_of: BTreeMap<String, Vec<usize>> = ids.iter().map(|id| (folded(id), Vec::new())).collect();
    for row in 0..frame.rows() {
        if let Some(rows) = frame.text(Column::Id, row).and_then(|id| rows_of.get_mut(&folded(id))) {
            rows.push(row);
        }
    }
    let help = |id: &str| close_to(frame, id).unwrap_or_else(|| what_was_read(given));
    let unknown: Vec<UnknownId> = ids
        .iter()
        .filter(|id| rows_of.get(&folded(id)).is_none_or(Vec::is_empty))
        .map(|id| UnknownId { id: (*id).to_owned(), help: help(id) })
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let sought: BTreeSet<usize> = rows_of.values().flatten().copied().collect();
    let mut judged: BTreeMap<usize, usize> = BTreeMap::new();
    for (place, attempt) in given.attempts.list.iter().enumerate() {
        let rows = given.attempts.rows_of(attempt).iter().filter(|row| sought.contains(*row));
        judged.extend(rows.map(|row| (*row, place)));
    }
    let mut subjects: Vec<Subject> = Vec::new();
    for row in ids.iter().filter_map(|id| rows_of.get(&folded(id))).flatten() {
        let subject = match judged.get(row) {
            Some(place) => Subject::Judged(*place),
            None => match left_out(facts, given.one_row_each, *row) {
                Some(why) => Subject::LeftOut(*row, why),
                None => continue,
            },
        };
        // Several ids may be rows of one attempt.
        let same = |other: &Subject| match (other, &subject) {
            (
                Subject::LeftOut(_, LeftOut::NotReached { rows: one, .. }),
                Subject::LeftOut(_, LeftOut::NotReached { rows: other, .. }),
            ) => one == other,
            (one, other) => one == other,
        };
        if !subjects.iter().any(same) {
            subjects.push(subject);
        }
    }
    Ok(Chosen { matching: subjects.len(), subjects, text: format!("sign-ins by id: {}", ids.join(", ")) })
}

/// The ids in the order typed; an id typed twice is one sign-in.
fn once_each(ids: &[String]) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    ids.iter().filter(|id| seen.insert(folded(id))).map(String::as_str).collect()
}

/// How many sign-ins there are and from when, for whoever asks for one that is not there.
fn what_was_read(given: &Given<'_>) -> String {
    let times = given.attempts.frame.created();
    let (first, last) = (times.iter().min(), times.iter().max());
    let span = first.zip(last).map(|(first, last)| format!(", from {} to {}", instant(*first), instant(*last)));
    let (rows, files) = (given.attempts.frame.rows(), given.sources.inputs().len());
    let (rows, files) = (counted(rows, "sign-in", "sign-ins"), counted(files, "file", "files"));
    let span = span.unwrap_or_default();
    format!("{rows} of {files} were read{span}: check the id, or name the file that holds it")
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

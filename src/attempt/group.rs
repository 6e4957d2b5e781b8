//! Which rows are one attempt (GRP-1 … GRP-5, C3, C4).

use crate::frame::Time;

use super::population::Class;
use super::rows::Rows;

const SECOND: Time = 1_000_000;
/// A group that ends with an interrupt is continued within ten minutes (GRP-2).
const CONTINUES_WITHIN: Time = 10 * 60 * SECOND;
/// A correlation id is one attempt up to a gap of thirty minutes (GRP-2).
const GAP: Time = 30 * 60 * SECOND;

/// Rows, attempt by attempt.
#[derive(Debug, Default)]
pub struct Groups {
    rows: Vec<usize>,
    ends: Vec<usize>, // INVARIANT: ascending; the last is the number of rows.
}

impl Groups {
    /// No rows yet, with space for so many.
    fn with_capacity(rows: usize) -> Groups {
        Groups { rows: Vec::with_capacity(rows), ends: Vec::new() }
    }

    /// Every row an attempt of its own (GRP-7).
    #[must_use]
    pub fn one_row_each(rows: Vec<usize>) -> Groups {
        Groups { ends: (1..=rows.len()).collect(), rows }
    }

    /// How many attempts there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// The rows of an attempt in the order of C5, by its place.
    #[must_use]
    pub fn of(&self, place: usize) -> &[usize] {
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(place).and_then(|end| self.rows.get(start..*end)).unwrap_or_default()
    }

    /// All rows.
    #[must_use]
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// The attempts.
    pub fn iter(&self) -> impl Iterator<Item = &[usize]> {
        (0..self.ends.len()).map(|place| self.of(place))
    }

    fn push(&mut self, rows: &[usize]) {
        self.rows.extend_from_slice(rows);
        self.ends.push(self.rows.len());
    }
}

/// A row with what it is sorted by.
#[derive(Clone, Copy, Debug, Default)]
struct Placed {
    created: Time,
    row: u32,
    rank: u8,
}

/// Groups rows into attempts; the rows of each are in the order of C5.
#[must_use]
pub fn group(facts: &Rows<'_>, rows: &[usize]) -> Groups {
    let (mut placed, ends) = by_person(facts, rows);
    let mut grouping = Grouping::new(facts, rows.len());
    let mut start = 0;
    for end in ends {
        let of_one = placed.get_mut(start..end).unwrap_or_default();
        of_one.sort_by(|one, two| {
            (one.created, one.rank)
                .cmp(&(two.created, two.rank))
                .then_with(|| facts.in_order(one.row as usize, two.row as usize))
        });
        if !of_one.is_empty() {
            grouping.person(of_one);
        }
        start = end;
    }
    grouping.attempts
}

/// The rows of each person together, and where those of each end.
fn by_person(facts: &Rows<'_>, rows: &[usize]) -> (Vec<Placed>, Vec<usize>) {
    let mut ends = vec![0_usize; facts.people()];
    for row in rows {
        if let Some(count) = ends.get_mut(facts.user(*row).0 as usize) {
            *count += 1;
        }
    }
    let mut start = 0;
    for place in &mut ends {
        start += std::mem::replace(place, start);
    }
    let mut placed = vec![Placed::default(); rows.len()];
    for row in rows.iter().copied() {
        let Some(next) = ends.get_mut(facts.user(row).0 as usize) else { continue };
        if let (Some(place), Ok(short)) = (placed.get_mut(*next), u32::try_from(row)) {
            *place = Placed { created: facts.created(row), row: short, rank: facts.class(row).rank() };
        }
        *next += 1;
    }
    (placed, ends)
}

/// What ties rows to one group (C3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tie {
    /// Nobody knows whose row it is, or which request it belongs to: it stands alone.
    None,
    Request {
        interactive: bool,
    },
    Correlation,
}

/// A group of one person's rows that share an id, on the way.
#[derive(Clone, Copy, Debug)]
struct Shared {
    tie: Tie,
    /// Rows so far; later, where they end in [`Grouping::rows`].
    end: usize,
    is_taken: bool,
}

/// Groups person by person; what it works with is kept from one to the next.
struct Grouping<'f> {
    facts: &'f Rows<'f>,
    attempts: Groups,
    /// By id and kind of row: one more than the number of the group among all persons' groups.
    of_request: Vec<u32>,
    of_correlation: Vec<u32>,
    /// Groups of persons before.
    before: u32,
    shared: Vec<Shared>,
    of_row: Vec<u32>,
    rows: Vec<usize>,
}

impl<'f> Grouping<'f> {
    fn new(facts: &'f Rows<'f>, rows: usize) -> Grouping<'f> {
        let (requests, correlations) = facts.requests_and_correlations();
        Grouping {
            facts,
            attempts: Groups::with_capacity(rows),
            of_request: vec![0; 2 * requests],
            of_correlation: vec![0; 2 * correlations],
            before: 0,
            shared: Vec::new(),
            of_row: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// The rows of one person, in order, become attempts.
    fn person(&mut self, placed: &[Placed]) {
        self.share(placed);
        self.gather(placed);
        // Groups begin in the order of their first rows.
        for place in 0..self.shared.len() {
            let Some(Shared { tie, is_taken, .. }) = self.shared.get(place).copied() else { continue };
            match tie {
                _ if is_taken => {}
                Tie::None => self.attempts.push(of(&self.shared, &self.rows, place)),
                Tie::Request { interactive } => self.continued(place, interactive),
                Tie::Correlation => self.split_by_time(place),
            }
        }
        self.before += u32::try_from(self.shared.len()).unwrap_or(u32::MAX);
    }

    /// Gives each row its group, in the order of their first rows.
    fn share(&mut self, placed: &[Placed]) {
        self.shared.clear();
        self.of_row.clear();
        for Placed { row, .. } in placed {
            let row = *row as usize;
            let interactive = self.facts.interactive(row);
            let kind = |code: u32| 2 * code as usize + usize::from(interactive);
            let (tie, known) = if !self.facts.has_user_id(row) {
                (Tie::None, None)
            } else if let Some(request) = self.facts.original_request(row) {
                (Tie::Request { interactive }, self.of_request.get_mut(kind(request)))
            } else if let Some(correlation) = self.facts.correlation(row) {
                (Tie::Correlation, self.of_correlation.get_mut(kind(correlation)))
            } else {
                (Tie::None, None)
            };
            let new = u32::try_from(self.shared.len()).unwrap_or(u32::MAX);
            // What a person before left here is not ours.
            let mine = known.as_deref().and_then(|known| known.checked_sub(self.before + 1));
            let number = mine.unwrap_or(new);
            if let Some(known) = known {
                *known = self.before + number + 1;
            }
            match self.shared.get_mut(number as usize) {
                Some(group) => group.end += 1,
                None => self.shared.push(Shared { tie, end: 1, is_taken: false }),
            }
            self.of_row.push(number);
        }
    }

    /// Puts the rows of each group together; they stay in order.
    fn gather(&mut self, placed: &[Placed]) {
        let mut start = 0;
        for group in &mut self.shared {
            start += std::mem::replace(&mut group.end, start);
        }
        self.rows.clear();
        self.rows.resize(placed.len(), 0);
        for (Placed { row, .. }, number) in placed.iter().zip(&self.of_row) {
            if let Some(group) = self.shared.get_mut(*number as usize)
                && let Some(place) = self.rows.get_mut(group.end)
            {
                *place = *row as usize;
                group.end += 1;
            }
        }
    }

    /// A group that ends with an interrupt is continued by a later group of the same client request (C3).
    fn continued(&mut self, place: usize, interactive: bool) {
        let first = of(&self.shared, &self.rows, place);
        let Some(mut next) = self.continues(first, place, interactive) else {
            self.attempts.push(first);
            return;
        };
        let mut rows = first.to_vec();
        loop {
            if let Some(taken) = self.shared.get_mut(next) {
                taken.is_taken = true;
            }
            rows.extend_from_slice(of(&self.shared, &self.rows, next));
            rows.sort_by(|one, two| self.facts.in_order(*one, *two));
            match self.continues(&rows, place, interactive) {
                Some(further) => next = further,
                None => break,
            }
        }
        self.attempts.push(&rows);
    }

    /// The group that continues these rows: one of those after this place.
    fn continues(&self, rows: &[usize], place: usize, interactive: bool) -> Option<usize> {
        let facts = self.facts;
        let last = rows.last().copied()?;
        if !matches!(facts.class(last), Class::CaInt | Class::Post) {
            return None;
        }
        let (correlation, app) = (facts.correlation(last)?, facts.app(last)?);
        for (later, shared) in self.shared.iter().enumerate().skip(place + 1) {
            let Some(start) = of(&self.shared, &self.rows, later).first().copied() else { continue };
            let waited = facts.created(start) - facts.created(last);
            // They begin in the order of time: no later one is in time.
            if waited > CONTINUES_WITHIN {
                return None;
            }
            let is_alike = facts.correlation(start) == Some(correlation) && facts.app(start) == Some(app);
            if waited >= 0 && is_alike && !shared.is_taken && shared.tie == (Tie::Request { interactive }) {
                return Some(later);
            }
        }
        None
    }

    /// Rows of one correlation id are split by gaps and after a success (C4).
    fn split_by_time(&mut self, place: usize) {
        let facts = self.facts;
        let second = |row: usize| facts.created(row).div_euclid(SECOND);
        let rows = of(&self.shared, &self.rows, place);
        let (mut start, mut previous) = (0, None);
        // In the order of time, the first success is the one that lies in an earlier second if any does.
        let mut succeeded_at: Option<Time> = None;
        for (end, row) in rows.iter().copied().enumerate() {
            let gap = previous.map_or(0, |previous| facts.created(row) - facts.created(previous));
            if gap > GAP || succeeded_at.is_some_and(|success| success != second(row)) {
                self.attempts.push(rows.get(start..end).unwrap_or_default());
                (start, succeeded_at) = (end, None);
            }
            if succeeded_at.is_none() && facts.error_code(row) == Some(0) {
                succeeded_at = Some(second(row));
            }
            previous = Some(row);
        }
        self.attempts.push(rows.get(start..).unwrap_or_default());
    }
}

/// The rows of a group.
fn of<'r>(shared: &[Shared], rows: &'r [usize], place: usize) -> &'r [usize] {
    let end = |place: usize| shared.get(place).map_or(0, |group| group.end);
    let start = place.checked_sub(1).map_or(0, end);
    rows.get(start..end(place)).unwrap_or_default()
}

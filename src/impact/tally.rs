//! Attempts and people by risk, interactivity and effect.

use crate::domain::{Effect, RiskLevel, Verdict};

/// Rows of a cell block: the five effects, then `undetermined`.
pub const ROWS: usize = Effect::ALL.len() + 1;
/// Blocks of cells: one a risk level, interactive or not.
pub const BLOCKS: usize = RiskLevel::REPORTED.len() * 2;

/// One cell: how many certainly, and how many possibly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Attempts certainly here.
    pub attempts_least: u64,
    /// Attempts possibly here.
    pub attempts_most: u64,
    /// People with an attempt certainly here.
    pub users_least: u64,
    /// People with an attempt possibly here.
    pub users_most: u64,
}

impl Cell {
    fn add(&mut self, other: Cell) {
        self.attempts_least += other.attempts_least;
        self.attempts_most += other.attempts_most;
        self.users_least += other.users_least;
        self.users_most += other.users_most;
    }
}

/// The matrix of the contract (section 5), and people by effect over all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    cells: [[Cell; ROWS]; BLOCKS],
    /// People by effect, whatever the risk; only the `users` members are counted here.
    people: [Cell; ROWS],
    /// People with any attempt.
    pub users: u64,
}

/// Place of a block: risk from high to unknown, interactive first.
#[must_use]
pub fn block(risk: RiskLevel, interactive: bool) -> usize {
    let by_risk = RiskLevel::REPORTED.iter().position(|level| *level == risk).unwrap_or(0);
    by_risk * 2 + usize::from(!interactive)
}

/// The rows in which a verdict certainly, and possibly, is.
#[must_use]
pub fn rows_of(verdict: Verdict) -> [(bool, bool); ROWS] {
    let is_open = verdict.effect.is_open();
    std::array::from_fn(|row| match Effect::ALL.get(row) {
        Some(effect) => (verdict.is_certainly(*effect), verdict.may_be(*effect)),
        None => (is_open, is_open),
    })
}

impl Tally {
    /// Counts attempts of a block with the same verdict.
    pub fn count(&mut self, block: usize, verdict: Verdict, attempts: u64) {
        let cells = self.cells.get_mut(block).into_iter().flatten();
        for (cell, (certain, possible)) in cells.zip(rows_of(verdict)) {
            cell.attempts_least += if certain { attempts } else { 0 };
            cell.attempts_most += if possible { attempts } else { 0 };
        }
    }

    /// Counts people with an attempt certainly, and possibly, in a row: of one block, or of any.
    pub fn count_people(&mut self, block: Option<usize>, row: usize, least: u64, most: u64) {
        let rows = match block {
            Some(block) => self.cells.get_mut(block),
            None => Some(&mut self.people),
        };
        if let Some(cell) = rows.and_then(|rows| rows.get_mut(row)) {
            cell.users_least += least;
            cell.users_most += most;
        }
    }

    /// The cell of an effect; `None` is `undetermined`.
    #[must_use]
    pub fn cell(&self, risk: RiskLevel, interactive: bool, effect: Option<Effect>) -> Cell {
        self.cells.get(block(risk, interactive)).and_then(|rows| rows.get(row(effect))).copied().unwrap_or_default()
    }

    /// People with an attempt certainly, and possibly, of this effect; `None` is `undetermined`.
    #[must_use]
    pub fn people(&self, effect: Option<Effect>) -> (u64, u64) {
        self.people.get(row(effect)).map_or((0, 0), |cell| (cell.users_least, cell.users_most))
    }

    /// Attempts certainly, and possibly, of this effect, over all risks; `None` is `undetermined`.
    #[must_use]
    pub fn attempts(&self, effect: Option<Effect>) -> (u64, u64) {
        let cells = || self.cells.iter().filter_map(|rows| rows.get(row(effect)));
        (cells().map(|cell| cell.attempts_least).sum(), cells().map(|cell| cell.attempts_most).sum())
    }

    /// All attempts: the certain ones and the undetermined ones add up to the population.
    #[must_use]
    pub fn population(&self) -> u64 {
        Effect::ALL.iter().map(|effect| self.attempts(Some(*effect)).0).sum::<u64>() + self.attempts(None).0
    }

    /// Adds the counts of other people.
    pub fn add(&mut self, other: &Tally) {
        for (mine, theirs) in self.cells.iter_mut().flatten().zip(other.cells.iter().flatten()) {
            mine.add(*theirs);
        }
        for (mine, theirs) in self.people.iter_mut().zip(&other.people) {
            mine.add(*theirs);
        }
        self.users += other.users;
    }
}

fn row(effect: Option<Effect>) -> usize {
    effect.map_or(ROWS - 1, |effect| effect as usize)
}

#[cfg(test)]
mod tests {
    use super::{ROWS, Tally, block};
    use crate::domain::{Effect, Outcome, RiskLevel, Span, Verdict};

    #[test]
    fn the_certain_and_open_attempts_add_up() {
        let open = Verdict {
            outcome: Span::new(Outcome::NotApplied, Outcome::Interrupted),
            effect: Span::new(Effect::Unaffected, Effect::Challenged),
            possible: Effect::Unaffected.bit() | Effect::Challenged.bit(),
        };
        let mut tally = Tally::default();
        let block = block(RiskLevel::High, true);
        tally.count(block, Verdict::UNTOUCHED, 1);
        tally.count(block, open, 2);
        tally.count_people(Some(block), Effect::Challenged as usize, 0, 1);
        tally.count_people(None, ROWS - 1, 1, 1);
        let challenged = tally.cell(RiskLevel::High, true, Some(Effect::Challenged));
        assert_eq!((challenged.attempts_least, challenged.attempts_most), (0, 2));
        assert_eq!((challenged.users_least, challenged.users_most), (0, 1));
        assert_eq!(tally.population(), 3);
        assert_eq!(tally.people(None), (1, 1));
    }
}

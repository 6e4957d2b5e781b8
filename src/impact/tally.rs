//! Attempts and people by risk, interactivity and effect.

use crate::domain::{Effect, RiskLevel, Verdict};

/// Rows of a cell block: the five effects, then `undetermined`.
const ROWS: usize = Effect::ALL.len() + 1;
const BLOCKS: usize = RiskLevel::REPORTED.len() * 2;

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
fn block(risk: RiskLevel, interactive: bool) -> usize {
    let by_risk = RiskLevel::REPORTED.iter().position(|level| *level == risk).unwrap_or(0);
    by_risk * 2 + usize::from(!interactive)
}

impl Tally {
    /// Begins to count the attempts of one person.
    pub fn person(&mut self) -> PersonTally<'_> {
        PersonTally { tally: self, certain: 0, possible: 0 }
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

/// The attempts of one person: a bit for each cell they were met in, so that nobody counts twice.
#[derive(Debug)]
pub struct PersonTally<'a> {
    tally: &'a mut Tally,
    certain: u64,
    possible: u64,
}

impl PersonTally<'_> {
    /// Counts one attempt.
    pub fn add(&mut self, risk: RiskLevel, interactive: bool, verdict: Verdict) {
        let block = block(risk, interactive);
        let Some(cells) = self.tally.cells.get_mut(block) else { return };
        let is_open = verdict.effect.is_open();
        for (row, cell) in cells.iter_mut().enumerate() {
            let (certain, possible) = match Effect::ALL.get(row) {
                Some(effect) => (verdict.is_certainly(*effect), verdict.may_be(*effect)),
                None => (is_open, is_open),
            };
            cell.attempts_least += u64::from(certain);
            cell.attempts_most += u64::from(possible);
            let bit = 1 << (block * ROWS + row);
            self.certain |= if certain { bit } else { 0 };
            self.possible |= if possible { bit } else { 0 };
        }
    }

    /// Adds the person to every cell they were met in.
    pub fn finish(self) {
        let PersonTally { tally, certain, possible } = self;
        tally.users += 1;
        let met = |bits: u64, block: usize, row: usize| bits >> (block * ROWS + row) & 1;
        for (block, cells) in tally.cells.iter_mut().enumerate() {
            for (row, cell) in cells.iter_mut().enumerate() {
                cell.users_least += met(certain, block, row);
                cell.users_most += met(possible, block, row);
            }
        }
        for (row, cell) in tally.people.iter_mut().enumerate() {
            cell.users_least += u64::from((0..BLOCKS).any(|block| met(certain, block, row) == 1));
            cell.users_most += u64::from((0..BLOCKS).any(|block| met(possible, block, row) == 1));
        }
    }
}

/// A bit a cell fits a mask.
const _: () = assert!(BLOCKS * ROWS <= u64::BITS as usize);

#[cfg(test)]
mod tests {
    use super::Tally;
    use crate::domain::{Effect, Outcome, RiskLevel, Span, Verdict};

    #[test]
    fn a_person_counts_once_a_cell_and_the_certain_and_open_attempts_add_up() {
        let open = Verdict {
            outcome: Span::new(Outcome::NotApplied, Outcome::Interrupted),
            effect: Span::new(Effect::Unaffected, Effect::Challenged),
            possible: Effect::Unaffected.bit() | Effect::Challenged.bit(),
        };
        let mut tally = Tally::default();
        let mut person = tally.person();
        for verdict in [Verdict::UNTOUCHED, open, open] {
            person.add(RiskLevel::High, true, verdict);
        }
        person.finish();
        let challenged = tally.cell(RiskLevel::High, true, Some(Effect::Challenged));
        assert_eq!((challenged.attempts_least, challenged.attempts_most), (0, 2));
        assert_eq!((challenged.users_least, challenged.users_most), (0, 1));
        assert_eq!(tally.population(), 3);
        assert_eq!(tally.people(None), (1, 1));
    }
}

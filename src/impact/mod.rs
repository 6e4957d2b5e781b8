//! Verdicts become sums of whole numbers that merge by `+`: any grouping of chunks gives the same value.

mod breakdown;
mod by_key;
mod names;
mod read_keys;
mod reasons;
mod tally;

pub use breakdown::{Breakdown, Key, Keys, day};
pub use by_key::{Breakdowns, ByKey, KeyCounts};
pub use names::{Names, Recoding};
pub use reasons::{Blocked, ReasonSet, Reasons};
pub use tally::{BLOCKS, Cell, ROWS, Tally, block, rows_of};

use std::collections::BTreeMap;

use crate::domain::{Condition, Match};

/// How often a condition answered what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Certainly matched.
    pub yes: u64,
    /// Not decided.
    pub unknown: u64,
    /// Certainly did not match.
    pub no: u64,
}

impl Answers {
    /// Counts the answer to some attempts.
    pub fn count(&mut self, answer: Match, attempts: u64) {
        match answer {
            Match::Yes => self.yes += attempts,
            Match::Unknown => self.unknown += attempts,
            Match::No => self.no += attempts,
        }
    }
}

/// How many open verdicts a fact would narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Attempts by fact.
    pub attempts: BTreeMap<String, u64>,
}

impl Missing {
    /// Counts attempts under each of these facts, of which none is named twice.
    pub fn count(&mut self, facts: &[&str], attempts: u64) {
        for fact in facts {
            *self.attempts.entry((*fact).to_owned()).or_default() += attempts;
        }
    }

    /// Facts by the number of attempts, widest first.
    #[must_use]
    pub fn widest_first(&self) -> Vec<(&str, u64)> {
        let mut facts: Vec<(&str, u64)> = self.attempts.iter().map(|(fact, count)| (fact.as_str(), *count)).collect();
        facts.sort_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(two.0)));
        facts
    }
}

/// The sums of one candidate, or of all together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfRule {
    /// Risk × interactive × effect, attempts and people.
    pub tally: Tally,
    /// By person, application, country, …
    pub breakdowns: Breakdowns,
    /// Answers of each configured condition, in the order of CON-5.
    pub funnel: Vec<(Condition, Answers)>,
    /// What would narrow its open verdicts.
    pub missing: Missing,
    /// Verdicts that are ranges: of the result, of the effect, or of both.
    pub open: u64,
    /// Why attempts are blocked.
    pub reasons: Reasons,
}

impl OfRule {
    fn add(&mut self, other: OfRule) {
        let OfRule { tally, breakdowns, funnel, missing, open, reasons } = other;
        self.tally.add(&tally);
        self.breakdowns.merge(breakdowns);
        if self.funnel.is_empty() {
            self.funnel = funnel;
        } else {
            for ((_, mine), (_, theirs)) in self.funnel.iter_mut().zip(funnel) {
                mine.yes += theirs.yes;
                mine.unknown += theirs.unknown;
                mine.no += theirs.no;
            }
        }
        for (fact, attempts) in missing.attempts {
            *self.missing.attempts.entry(fact).or_default() += attempts;
        }
        self.open += open;
        self.reasons.add(reasons);
    }
}

/// Everything that is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// One a candidate, in their order.
    pub rules: Vec<OfRule>,
    /// All candidates together (C27).
    pub combined: OfRule,
    /// Attempts in scope by key, whatever the verdict.
    pub population: Breakdowns,
    /// Attempts by the register entry that decided something.
    pub assumptions: BTreeMap<&'static str, u64>,
}

impl Impact {
    /// Nothing counted yet for this many candidates.
    #[must_use]
    pub fn new(candidates: usize) -> Impact {
        Impact { rules: vec![OfRule::default(); candidates], ..Impact::default() }
    }

    /// The sums of both.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "handed to a reduction by this name")]
    pub fn add(mut self, other: Impact) -> Impact {
        let Impact { rules, combined, population, assumptions } = other;
        for (mine, theirs) in self.rules.iter_mut().zip(rules) {
            mine.add(theirs);
        }
        self.combined.add(combined);
        self.population.merge(population);
        for (tag, attempts) in assumptions {
            *self.assumptions.entry(tag).or_default() += attempts;
        }
        self
    }
}

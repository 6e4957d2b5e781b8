//! From rows to the population in steps (contract, section 5): what different people's rows give adds up.

use std::collections::BTreeMap;

use super::population::SetAside;
use super::{Attempt, Attempts, Step};

/// The waterfall of attempts in scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steps {
    taken: Vec<Step>,
    left_out: Step,
    population: Step,
}

impl Steps {
    /// The steps of these attempts, some of which (places in the list) are in scope.
    #[must_use]
    pub fn of(attempts: &Attempts, scoped: &[usize]) -> Steps {
        let mut is_in = vec![false; attempts.list.len()];
        for place in scoped {
            if let Some(is_in) = is_in.get_mut(*place) {
                *is_in = true;
            }
        }
        let count = |step: &'static str, reason: Option<&'static str>, wanted: bool| {
            let chosen = || {
                let all = attempts.list.iter().zip(&is_in);
                all.filter(move |(_, is_in)| **is_in == wanted).map(|(attempt, _)| attempt)
            };
            let mut met = vec![false; attempts.users];
            for attempt in chosen() {
                if let Some(met) = met.get_mut(attempt.user.0 as usize) {
                    *met = true;
                }
            }
            let rows = |attempt: &Attempt| attempt.rows.len() as u64;
            Step {
                step,
                reason,
                rows: chosen().map(rows).sum(),
                attempts: Some(chosen().count() as u64),
                users: met.into_iter().filter(|met| *met).count() as u64,
            }
        };
        Steps {
            taken: attempts.waterfall.iter().filter(|step| step.step != "population").cloned().collect(),
            left_out: count("outOfScope", Some("scope"), false),
            population: count("population", None, true),
        }
    }

    /// The sums of both, over the rows of different people.
    #[must_use]
    pub fn and(self, other: Steps) -> Steps {
        let mut taken: BTreeMap<(usize, usize, &str), Step> = BTreeMap::new();
        for step in self.taken.into_iter().chain(other.taken) {
            let place = place(&step);
            let sum = match taken.remove(&place) {
                Some(known) => known.and(&step),
                None => step,
            };
            taken.insert(place, sum);
        }
        Steps {
            taken: taken.into_values().collect(),
            left_out: self.left_out.and(&other.left_out),
            population: self.population.and(&other.population),
        }
    }

    /// Attempts in scope.
    #[must_use]
    pub fn in_scope(&self) -> u64 {
        self.population.attempts.unwrap_or_default()
    }

    /// Whether the scope leaves nothing out.
    #[must_use]
    pub fn are_of_all(&self) -> bool {
        self.left_out.attempts == Some(0)
    }

    /// All steps in their order; they add up.
    #[must_use]
    pub fn into_all(self) -> Vec<Step> {
        let is_of_all = self.are_of_all();
        let Steps { mut taken, left_out, population } = self;
        taken.extend((!is_of_all).then_some(left_out));
        taken.push(population);
        taken
    }
}

impl Step {
    fn and(self, other: &Step) -> Step {
        let attempts = match (self.attempts, other.attempts) {
            (None, None) => None,
            (one, two) => Some(one.unwrap_or_default() + two.unwrap_or_default()),
        };
        Step { attempts, rows: self.rows + other.rows, users: self.users + other.users, ..self }
    }
}

/// Where a step stands: reasons for setting rows aside in the order in which they are asked, others by name.
fn place(step: &Step) -> (usize, usize, &'static str) {
    const ORDER: [&str; 6] = ["rows", "uniqueRows", "setAside", "userRows", "attempts", "notReached"];
    let reason = step.reason.unwrap_or("");
    let aside = SetAside::ALL.iter().position(|one| step.step == "setAside" && one.word() == reason);
    (ORDER.iter().position(|one| *one == step.step).unwrap_or(ORDER.len()), aside.unwrap_or(0), reason)
}

//! A random tenant with its log and its candidates, nasty on purpose: made to set two evaluators against each other.

use std::collections::BTreeMap;

use serde_json::Value;

use super::dice::Dice;
use super::{attempts, cast, copies, policies, tenant};

/// One exported record before it is written in some shape.
#[derive(Clone, Debug)]
pub struct Row {
    /// The record as Graph beta shows it; a member that was not recorded is absent.
    pub value: Value,
    /// When it was delivered, for the exports that say so.
    pub delivered: Option<String>,
    /// Diagnostic category.
    pub category: &'static str,
}

/// Everything one replay takes in.
#[derive(Clone, Debug)]
pub struct World {
    /// The log, in no particular order.
    pub rows: Vec<Row>,
    /// Candidates: a file stem, and the policy.
    pub policies: Vec<(String, Value)>,
    /// Tenant facts: a file name of section 3 of the contract, and its text.
    pub tenant: BTreeMap<String, String>,
}

/// A tenant of 10 to 40 users with this many attempts.
pub fn random_world(seed: u64, attempts: usize) -> World {
    let mut dice = Dice::new(seed);
    let cast = cast::cast(&mut dice);
    let rows = attempts::rows(&mut dice, &cast, attempts);
    let rows = copies::copies(&mut dice, rows);
    let policies = (0..2 + dice.below(5).max(dice.below(5))).map(|at| policies::policy(&mut dice, &cast, at)).collect();
    let tenant = tenant::files(&mut dice, &cast, &rows);
    World { rows, policies, tenant }
}

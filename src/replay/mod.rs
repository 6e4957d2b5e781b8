//! Replay: look-ups and minimum/maximum, of attempts that no policy tells apart once for all of them.
//!
//! Knows no JSON, no files and no polars. [`judge`] is the definition: one attempt, one rule. [`replay`] adds up the
//! same without touching each pair of them: codes become classes (`axis`), attempts of one class on every axis one
//! class (`fold`), and each class is judged once (`judged`), the conditions of 64 policies at a time (`masks`). What
//! asks whose an attempt is (`people`), or what it is about (`things`), is counted by the few distinct signs that
//! classes bear (`signs`), and only then by policy (`lanes`).

mod axis;
mod fold;
mod judged;
mod lanes;
mod masks;
mod people;
mod sets;
mod sides;
mod signs;
mod things;

use crate::attempt::{Attempt, Attempts};
use crate::compile::Plan;
use crate::compile::lookup::FactSet;
use crate::compile::rule::{Rule, Settled};
use crate::domain::{Condition, Match, Reason, Verdict};
use crate::impact::{Impact, Keys};

/// What one rule says of one attempt.
#[derive(Clone, Copy, Debug)]
pub struct Judgement<'a> {
    /// Whether the conditions match.
    pub applies: Match,
    /// The verdict.
    pub verdict: Verdict,
    /// How the controls settled; of no interest where the conditions certainly do not match.
    pub settled: Option<&'a Settled>,
}

/// Judges one attempt, by its place in the list, under one rule.
#[must_use]
pub fn judge<'a>(plan: &Plan, rule: &'a Rule, attempt: usize) -> Judgement<'a> {
    let applies = rule
        .conditions
        .iter()
        .map(|configured| configured.lookup.answer(plan.dimensions.code(configured.dimension, attempt)))
        .fold(Match::Yes, Match::and);
    let evidence = plan.evidence.codes.get(attempt).copied().unwrap_or(0);
    let settled = rule.settled.of(evidence).filter(|_| applies != Match::No);
    let verdict = verdict(applies, settled);
    Judgement { applies, verdict, settled }
}

/// Conditions of a rule that certainly do not match an attempt, in the order of CON-5.
pub fn not_matched(plan: &Plan, rule: &Rule, attempt: usize) -> impl Iterator<Item = Condition> {
    rule.conditions
        .iter()
        .filter(move |configured| {
            configured.lookup.answer(plan.dimensions.code(configured.dimension, attempt)) == Match::No
        })
        .map(|configured| configured.condition)
}

/// Sets of facts that would narrow an open verdict: of the unknown conditions, and of the controls.
pub fn missing(plan: &Plan, rule: &Rule, attempt: usize, judgement: &Judgement<'_>) -> impl Iterator<Item = FactSet> {
    let is_open = is_range(judgement.verdict);
    let of_conditions = rule
        .conditions
        .iter()
        .filter(move |_| is_open && judgement.applies == Match::Unknown)
        .map(move |configured| configured.lookup.missing(plan.dimensions.code(configured.dimension, attempt)));
    let of_controls = judgement.settled.filter(|_| is_open).map(|settled| settled.missing);
    of_conditions.chain(of_controls).filter(|set| *set != 0)
}

/// The facts that would narrow an open verdict, sorted, each once.
#[must_use]
pub fn missing_facts<'p>(plan: &'p Plan, rule: &Rule, attempt: usize, judgement: &Judgement<'_>) -> Vec<&'p str> {
    let sets = missing(plan, rule, attempt, judgement);
    let mut facts: Vec<&str> = sets.flat_map(|set| plan.facts.facts(set)).map(String::as_str).collect();
    facts.sort_unstable();
    facts.dedup();
    facts
}

/// Whether the evidence leaves a verdict open: its result, its effect, or both.
fn is_range(verdict: Verdict) -> bool {
    verdict.outcome.is_open() || verdict.effect.is_open()
}

/// Why the severest end of a judgement is what it is, in the order of the contract: as its controls
/// settled, and that the level which may have decided is of an earlier row (C31).
#[must_use]
pub fn reasons(rule: &Rule, attempt: &Attempt, judgement: &Judgement<'_>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = judgement.settled.map(|settled| settled.reasons.clone()).unwrap_or_default();
    if rule.reads_sign_in_risk && attempt.risk_from_sibling && judgement.applies != Match::No {
        reasons.push(Reason::SiblingRisk);
        reasons.sort_unstable();
    }
    reasons
}

/// Replays the attempts in scope (places in the list) against every rule and against all together.
#[must_use]
pub fn replay(plan: &Plan, attempts: &Attempts, keys: &Keys, scope: &[usize]) -> Impact {
    let mut impact = Impact::new(plan.rules.len());
    if scope.is_empty() {
        return impact;
    }
    let axes = axis::axes(plan, keys);
    let folded = fold::fold(&axes, scope);
    let judged = judged::judge(plan, keys, &axes, &folded, &mut impact);
    people::count(plan, attempts.users, keys, &folded, &judged, &mut impact);
    things::count(keys, &folded, &judged, &mut impact);
    impact
}

/// C26: certainly not, perhaps, certainly.
fn verdict(applies: Match, settled: Option<&Settled>) -> Verdict {
    match (applies, settled) {
        (Match::No, _) | (_, None) => Verdict::UNTOUCHED,
        (Match::Unknown, Some(settled)) => settled.perhaps,
        (Match::Yes, Some(settled)) => settled.matched,
    }
}

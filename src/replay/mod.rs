//! Replay: look-ups and minimum/maximum, in parallel over people.
//!
//! Knows no JSON, no files and no polars. Each worker takes whole people, so that distinct people
//! are counted without a set, and adds up an [`Impact`] of whole numbers.

mod kernel;

use rayon::prelude::*;

use crate::attempt::{Attempt, Attempts};
use crate::compile::Plan;
use crate::compile::lookup::FactSet;
use crate::compile::rule::{Rule, Settled};
use crate::domain::{Condition, Effect, Match, Reason, Verdict};
use crate::impact::{Breakdowns, Impact, Keys, ReasonSet, Tally};

/// Attempts of one worker, about.
const CHUNK: usize = 16 * 1024;

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
    let settled = rule.settled.get(evidence as usize).filter(|_| applies != Match::No);
    let verdict = kernel::verdict(applies, settled);
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
    // Whole people side by side; within one, the order of time.
    let mut order: Vec<usize> = scope.to_vec();
    let user = |place: usize| attempts.list.get(place).map_or(0, |attempt| attempt.user.0);
    order.sort_by_key(|place| (user(*place), *place));
    let chunks = kernel::chunks_of_people(&order, CHUNK, user);
    chunks
        .par_iter()
        .map(|chunk| tally(plan, attempts, keys, chunk))
        .reduce(|| Impact::new(plan.rules.len()), Impact::add)
}

fn tally(plan: &Plan, attempts: &Attempts, keys: &Keys, chunk: &[usize]) -> Impact {
    let mut impact = Impact::new(plan.rules.len());
    let evidence: Vec<u32> = chunk.iter().filter_map(|place| plan.evidence.codes.get(*place).copied()).collect();
    let mut together = vec![Verdict::UNTOUCHED; chunk.len()];
    let mut missing_together: Vec<Vec<FactSet>> = vec![Vec::new(); chunk.len()];
    let mut assumed: Vec<Vec<&'static str>> = vec![Vec::new(); chunk.len()];
    // Reasons for which an attempt is certainly, and for which it may be blocked.
    let mut blocked_together = vec![(ReasonSet::default(), ReasonSet::default()); chunk.len()];
    for (rule, of_rule) in plan.rules.iter().zip(&mut impact.rules) {
        let mut applies = vec![Match::Yes; chunk.len()];
        for (configured, funnel) in rule.conditions.iter().zip(of_rule.funnel_of(rule)) {
            let codes: Vec<u32> =
                chunk.iter().map(|place| plan.dimensions.code(configured.dimension, *place)).collect();
            kernel::narrow(&mut applies, &codes, &configured.lookup, funnel);
        }
        let mut verdicts = vec![Verdict::UNTOUCHED; chunk.len()];
        kernel::settle(&mut verdicts, &applies, &evidence, &rule.settled);
        for (position, place) in chunk.iter().copied().enumerate() {
            let Some((verdict, applies)) = verdicts.get(position).copied().zip(applies.get(position).copied()) else {
                continue;
            };
            if let Some((attempt, assumed)) = attempts.list.get(place).zip(assumed.get_mut(position)) {
                assumed.extend(assumptions(rule, attempt, applies));
            }
            if applies == Match::No {
                continue;
            }
            let settled = evidence.get(position).and_then(|code| rule.settled.get(*code as usize));
            let judgement = Judgement { applies, verdict, settled };
            let mut sets: Vec<FactSet> = missing(plan, rule, place, &judgement).collect();
            of_rule.missing.add(&plan.facts, &sets);
            of_rule.open += u64::from(is_range(verdict));
            if let Some(missing) = missing_together.get_mut(position) {
                missing.append(&mut sets);
            }
            if verdict.may_be(Effect::Blocked)
                && let Some((attempt, together)) = attempts.list.get(place).zip(blocked_together.get_mut(position))
            {
                let denying: Vec<Reason> =
                    reasons(rule, attempt, &judgement).into_iter().filter(|reason| reason.denies()).collect();
                let possible = ReasonSet::of(&denying);
                let certain = if verdict.is_certainly(Effect::Blocked) { possible } else { ReasonSet::default() };
                of_rule.reasons.count(certain, possible);
                *together = (together.0.with(certain), together.1.with(possible));
            }
            if let Some(assumed) = assumed.get_mut(position) {
                assumed.extend(settled.iter().flat_map(|settled| settled.assumptions.iter().copied()));
                if rule.excludes_applications && keys.is_low_privilege_resource(place) {
                    assumed.push("U5");
                }
            }
        }
        count(attempts, keys, chunk, &verdicts, &mut of_rule.tally, &mut of_rule.breakdowns);
        for (together, verdict) in together.iter_mut().zip(&verdicts) {
            *together = together.and(*verdict);
        }
    }
    for (verdict, sets) in together.iter().zip(&missing_together) {
        if is_range(*verdict) {
            impact.combined.open += 1;
            impact.combined.missing.add(&plan.facts, sets);
        }
    }
    for (certain, possible) in blocked_together {
        impact.combined.reasons.count(certain, possible);
    }
    for tags in &mut assumed {
        tags.sort_unstable();
        tags.dedup();
        for tag in tags {
            *impact.assumptions.entry(tag).or_default() += 1;
        }
    }
    count(attempts, keys, chunk, &together, &mut impact.combined.tally, &mut impact.combined.breakdowns);
    keys.count_population(chunk, &mut impact.population);
    impact
}

/// Rules for doubtful evidence that this policy went by: where the level came from, and what was taken for MFA.
fn assumptions(rule: &Rule, attempt: &Attempt, applies: Match) -> impl Iterator<Item = &'static str> {
    let sibling = (rule.reads_sign_in_risk && attempt.risk_from_sibling).then_some("C31");
    let detection = (rule.reads_sign_in_risk && attempt.risk_from_detection).then_some("RSK-3");
    let reads_mfa = applies != Match::No && (rule.grant.wants_mfa() || rule.session.is_every_time());
    let mfa = reads_mfa.then(|| attempt.mfa.assumptions()).into_iter().flatten();
    sibling.into_iter().chain(detection).chain(mfa)
}

fn count(
    attempts: &Attempts,
    keys: &Keys,
    chunk: &[usize],
    verdicts: &[Verdict],
    tally: &mut Tally,
    breakdowns: &mut Breakdowns,
) {
    let of = |place: usize| attempts.list.get(place);
    let judged: Vec<(usize, Verdict)> = chunk.iter().copied().zip(verdicts.iter().copied()).collect();
    let same = |one: &(usize, Verdict), two: &(usize, Verdict)| of(one.0).map(|a| a.user) == of(two.0).map(|a| a.user);
    for person in judged.chunk_by(same) {
        let mut of_person = tally.person();
        for (place, verdict) in person {
            let Some(attempt) = of(*place) else { continue };
            of_person.add(attempt.risk, attempt.interactive, *verdict);
            breakdowns.add(keys, *place, *verdict);
        }
        of_person.finish();
    }
}

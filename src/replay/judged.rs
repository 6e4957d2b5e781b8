//! Every class judged once, and counted with as many attempts as it has.

use crate::compile::Plan;
use crate::compile::lookup::FactSet;
use crate::compile::marks::Mark;
use crate::compile::rule::{Rule, Settled};
use crate::domain::{Effect, Verdict};
use crate::impact::{self, Answers, BLOCKS, Impact, Keys, OfRule, ReasonSet};

use super::axis::{AXES, Axis, EVIDENCE, LOW_PRIVILEGE, MARK};
use super::fold::Folded;
use super::is_range;
use super::masks::{Conditions, bits};
use super::sets::{SetCode, Sets, Times};
use super::signs::{Gathered, Signs};

/// What people and breakdowns are counted by.
#[derive(Debug)]
pub(super) struct Judged {
    /// The sign of each class.
    pub(super) sign_of: Vec<u32>,
    pub(super) signs: Signs,
}

/// How a rule settles for a class of evidence.
#[derive(Clone, Copy, Debug)]
struct Stance {
    matched: Counted,
    perhaps: Counted,
    denying: ReasonSet,
    missing: SetCode,
    assumptions: SetCode,
}

/// A verdict, and where it is counted.
#[derive(Clone, Copy, Debug)]
struct Counted {
    verdict: Verdict,
    place: usize,
    effect: u16,
    is_open: bool,
}

/// Judges all classes; adds to an impact all that does not ask whose the attempts are, nor what they are about.
pub(super) fn judge(
    plan: &Plan,
    keys: &Keys,
    axes: &[Axis<'_>; AXES],
    folded: &Folded<'_>,
    impact: &mut Impact,
) -> Judged {
    let mut judge = Judge::new(plan, keys, axes);
    let sign_of = folded
        .classes
        .iter()
        .zip(&folded.attempts)
        .map(|(class, attempts)| judge.class(class, *attempts, &mut impact.combined))
        .collect();
    judge.finish(impact);
    funnel(plan, axes, folded, impact);
    Judged { sign_of, signs: judge.signs.finish(plan.rules.len()) }
}

/// What a rule adds up to while classes are judged.
#[derive(Clone, Debug)]
struct Sums {
    /// Attempts by block of cells and verdict.
    verdicts: Vec<[u64; BLOCKS]>,
    missing: Times,
    of_rule: OfRule,
}

struct Judge<'p> {
    plan: &'p Plan,
    axes: &'p [Axis<'p>; AXES],
    conditions: Vec<Conditions>,
    stances: Vec<Vec<Stance>>, // By rule, then class of evidence.
    verdicts: Vec<Verdict>,
    sums: Vec<Sums>,
    population: [u64; BLOCKS],
    facts: Sets<&'p str>,
    fact_sets: Vec<Option<SetCode>>, // By set of the plan: those that were met.
    missing: Times,
    tags: Sets<&'static str>,
    assumptions: Times,
    signs: Gathered,
    sign: Vec<u16>,
    reads_risk: bool,
    is_low: Vec<bool>, // By class of the axis.
}

impl<'p> Judge<'p> {
    fn new(plan: &'p Plan, keys: &Keys, axes: &'p [Axis<'p>; AXES]) -> Judge<'p> {
        let mut judge = Judge {
            plan,
            axes,
            conditions: Conditions::of(plan, axes),
            stances: Vec::new(),
            verdicts: Vec::new(),
            sums: Vec::new(),
            population: [0; BLOCKS],
            facts: Sets::new(),
            fact_sets: Vec::new(),
            missing: Times::default(),
            tags: Sets::new(),
            assumptions: Times::default(),
            signs: Gathered::default(),
            sign: Vec::new(),
            reads_risk: plan.rules.iter().any(|rule| rule.reads_sign_in_risk),
            is_low: axes.get(LOW_PRIVILEGE).map_or(Vec::new(), |axis| {
                let is_low = |code: &u32| keys.low_privilege().get(*code as usize) == Some(&true);
                axis.stands_for.iter().map(is_low).collect()
            }),
        };
        let [.., evidence, _, _] = axes;
        for rule in &plan.rules {
            let stances = evidence.stands_for.iter().map(|code| judge.stance(rule.settled.of(*code))).collect();
            judge.stances.push(stances);
        }
        let none = Sums {
            verdicts: vec![[0; BLOCKS]; judge.verdicts.len()],
            missing: Times::default(),
            of_rule: OfRule::default(),
        };
        judge.sums = vec![none; plan.rules.len()];
        judge
    }

    fn stance(&mut self, settled: Option<&'p Settled>) -> Stance {
        let verdict = |of: fn(&Settled) -> Verdict| settled.map_or(Verdict::UNTOUCHED, of);
        Stance {
            matched: self.counted(verdict(|settled| settled.matched)),
            perhaps: self.counted(verdict(|settled| settled.perhaps)),
            denying: settled.map_or(ReasonSet::default(), |settled| ReasonSet::of(&settled.reasons).denying()),
            missing: settled.map_or(0, |settled| self.missing_set(settled.missing)),
            assumptions: settled.map_or(0, |settled| self.tags.code(settled.assumptions.iter().copied())),
        }
    }

    fn counted(&mut self, verdict: Verdict) -> Counted {
        let place = self.verdicts.iter().position(|known| *known == verdict).unwrap_or_else(|| {
            self.verdicts.push(verdict);
            self.verdicts.len() - 1
        });
        Counted { verdict, place, effect: self.signs.effect(verdict), is_open: is_range(verdict) }
    }

    /// The number of a set of facts of the plan.
    fn missing_set(&mut self, set: FactSet) -> SetCode {
        let place = set as usize;
        if self.fact_sets.len() <= place {
            self.fact_sets.resize(place + 1, None);
        }
        let Judge { plan, facts, fact_sets, .. } = self;
        let known = fact_sets.get_mut(place);
        let code = || facts.code(plan.facts.facts(set).iter().map(String::as_str));
        known.map_or(0, |known| *known.get_or_insert_with(code))
    }

    /// Counts a class; its sign.
    fn class(&mut self, class: &[u32; AXES], attempts: u64, combined: &mut OfRule) -> u32 {
        let plan = self.plan;
        let Some(mark) = plan.marks.values.get(class_on(class, MARK)) else { return 0 };
        let block = impact::block(mark.risk, mark.interactive);
        if let Some(population) = self.population.get_mut(block) {
            *population += attempts;
        }
        let is_low = self.is_low.get(class_on(class, LOW_PRIVILEGE)) == Some(&true);
        let mut together = Together::default();
        let untouched = self.signs.effect(Verdict::UNTOUCHED);
        self.sign.clear();
        self.sign.push(u16::try_from(block).unwrap_or(u16::MAX));
        self.sign.resize(plan.rules.len() + 2, untouched);
        if self.reads_risk {
            together.tags = self.tags.code(of_level(mark));
        }
        let mut reads_mfa = false;
        for batch in 0..self.conditions.len() {
            let Some(masks) = self.conditions.get(batch).map(|conditions| conditions.matching(class)) else { continue };
            for bit in bits(masks.possibly) {
                let place = batch * u64::BITS as usize + bit;
                let Some(rule) = plan.rules.get(place) else { continue };
                let is_sure = masks.surely >> bit & 1 == 1;
                self.judge(rule, place, is_sure, class, block, attempts, &mut together);
                reads_mfa |= rule.grant.wants_mfa() || rule.session.is_every_time();
                if rule.excludes_applications && is_low {
                    let assumed = self.tags.code(["U5"]);
                    together.tags = self.tags.union(together.tags, assumed);
                }
            }
        }
        if reads_mfa {
            let assumed = self.tags.code(mark.mfa.assumptions());
            together.tags = self.tags.union(together.tags, assumed);
        }
        self.assumptions.count(together.tags, attempts);
        combined.tally.count(block, together.verdict, attempts);
        combined.reasons.count(together.certain, together.possible, attempts);
        if is_range(together.verdict) {
            combined.open += attempts;
            self.missing.count(together.missing, attempts);
        }
        let effect = self.signs.effect(together.verdict);
        if let Some(last) = self.sign.last_mut() {
            *last = effect;
        }
        self.signs.sign(&self.sign)
    }

    #[expect(clippy::too_many_arguments, reason = "one call, and each part comes from elsewhere")]
    fn judge(
        &mut self,
        rule: &Rule,
        place: usize,
        is_sure: bool,
        class: &[u32; AXES],
        block: usize,
        attempts: u64,
        together: &mut Together,
    ) {
        let stances = self.stances.get(place);
        let Some(stance) = stances.and_then(|stances| stances.get(class_on(class, EVIDENCE))).copied() else { return };
        let counted = if is_sure { stance.matched } else { stance.perhaps };
        let mut missing = 0;
        if counted.is_open {
            missing = stance.missing;
            if !is_sure {
                for configured in &rule.conditions {
                    let dimension = configured.dimension as usize;
                    let code = self.axes.get(dimension).map_or(0, |axis| axis.code(class_on(class, dimension)));
                    let set = configured.lookup.missing(code);
                    if set != 0 {
                        let set = self.missing_set(set);
                        missing = self.facts.union(missing, set);
                    }
                }
            }
            together.missing = self.facts.union(together.missing, missing);
        }
        together.verdict = together.verdict.and(counted.verdict);
        together.tags = self.tags.union(together.tags, stance.assumptions);
        if let Some(sign) = self.sign.get_mut(place + 1) {
            *sign = counted.effect;
        }
        let Some(sums) = self.sums.get_mut(place) else { return };
        if let Some(sum) = sums.verdicts.get_mut(counted.place).and_then(|blocks| blocks.get_mut(block)) {
            *sum += attempts;
        }
        if counted.is_open {
            sums.of_rule.open += attempts;
            sums.missing.count(missing, attempts);
        }
        if counted.verdict.may_be(Effect::Blocked) {
            let is_certain = counted.verdict.is_certainly(Effect::Blocked);
            let certain = if is_certain { stance.denying } else { ReasonSet::default() };
            sums.of_rule.reasons.count(certain, stance.denying, attempts);
            together.certain = together.certain.with(certain);
            together.possible = together.possible.with(stance.denying);
        }
    }

    /// Adds what was counted.
    fn finish(&mut self, impact: &mut Impact) {
        let Judge { verdicts, sums, population, facts, missing, tags, assumptions, .. } = self;
        for (sums, of_rule) in sums.drain(..).zip(&mut impact.rules) {
            let Sums { verdicts: counted, missing, of_rule: counts } = sums;
            of_rule.open += counts.open;
            of_rule.reasons.add(counts.reasons);
            let mut rest = *population;
            for (verdict, blocks) in verdicts.iter().zip(counted) {
                for (block, (attempts, rest)) in blocks.into_iter().zip(&mut rest).enumerate() {
                    of_rule.tally.count(block, *verdict, attempts);
                    *rest -= attempts;
                }
            }
            for (block, rest) in rest.into_iter().enumerate() {
                of_rule.tally.count(block, Verdict::UNTOUCHED, rest);
            }
            for (set, attempts) in missing.iter() {
                of_rule.missing.count(facts.members(set), attempts);
            }
        }
        for (set, attempts) in missing.iter() {
            impact.combined.missing.count(facts.members(set), attempts);
        }
        for (set, attempts) in assumptions.iter() {
            for tag in tags.members(set) {
                *impact.assumptions.entry(tag).or_default() += attempts;
            }
        }
    }
}

/// All policies on one class.
struct Together {
    verdict: Verdict,
    missing: SetCode,
    tags: SetCode,
    /// Reasons for which it is certainly blocked.
    certain: ReasonSet,
    /// Reasons for which it may be.
    possible: ReasonSet,
}

impl Default for Together {
    fn default() -> Together {
        let none = ReasonSet::default();
        Together { verdict: Verdict::UNTOUCHED, missing: 0, tags: 0, certain: none, possible: none }
    }
}

fn class_on(class: &[u32; AXES], axis: usize) -> usize {
    class.get(axis).map_or(0, |class| *class as usize)
}

/// Rules for where the level came from that a policy on risk went by, whatever it answered.
fn of_level(mark: &Mark) -> impl Iterator<Item = &'static str> {
    let sibling = mark.risk_from_sibling.then_some("C31");
    sibling.into_iter().chain(mark.risk_from_detection.then_some("RSK-3"))
}

/// What each condition answers by itself: it needs only how often each class was met.
fn funnel(plan: &Plan, axes: &[Axis<'_>; AXES], folded: &Folded<'_>, impact: &mut Impact) {
    let mut met: Vec<Vec<u64>> = axes.iter().map(|axis| vec![0; axis.classes()]).collect();
    for (class, attempts) in folded.classes.iter().zip(&folded.attempts) {
        for (met, class) in met.iter_mut().zip(class) {
            if let Some(met) = met.get_mut(*class as usize) {
                *met += attempts;
            }
        }
    }
    for (rule, of_rule) in plan.rules.iter().zip(&mut impact.rules) {
        let answers = rule.conditions.iter().map(|configured| {
            let mut answers = Answers::default();
            let dimension = configured.dimension as usize;
            if let Some((axis, met)) = axes.get(dimension).zip(met.get(dimension)) {
                for (code, attempts) in axis.stands_for.iter().zip(met) {
                    answers.count(configured.lookup.answer(*code), *attempts);
                }
            }
            (configured.condition, answers)
        });
        of_rule.funnel = answers.collect();
    }
}

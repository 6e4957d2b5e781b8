//! One line: what one candidate, or all together, say of one attempt.

use std::collections::BTreeSet;

use crate::attempt::{Attempt, Attempts};
use crate::compile::Plan;
use crate::compile::rule::Rule;
use crate::domain::{Ask, Condition, Verdict};
use crate::impact::ReasonSet;
use crate::replay;

/// A verdict with what stands beside it. Sets of words are a bit each.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    /// The attempt.
    pub(super) attempt: &'a Attempt,
    /// The candidate; none is all together.
    pub(super) rule: Option<&'a Rule>,
    /// The verdict.
    pub(super) verdict: Verdict,
    /// What would be asked.
    pub(super) asks: u16,
    /// Conditions that certainly do not match.
    pub(super) not_matched: u16,
    /// Why the severest end is what it is.
    pub(super) reasons: ReasonSet,
    /// Controls that are unmet, sorted.
    pub(super) unmet: Vec<&'a str>,
    /// Facts that would narrow an open verdict, sorted.
    pub(super) missing: Vec<&'a str>,
}

/// A bit a word fits the sets.
const _: () = assert!(Ask::ALL.len() <= u16::BITS as usize && Condition::ALL.len() <= u16::BITS as usize);

/// Adds the lines of one attempt, by its place in the list: each candidate, then all together (C27).
pub(super) fn push<'a>(attempts: &'a Attempts, plan: &'a Plan, place: usize, lines: &mut Vec<Line<'a>>) {
    let Some(attempt) = attempts.list.get(place) else { return };
    let first = lines.len();
    lines.extend(plan.rules.iter().map(|rule| line(plan, attempt, place, rule)));
    let together = together(attempt, lines.get(first..).unwrap_or(&[]));
    lines.push(together);
}

fn line<'a>(plan: &'a Plan, attempt: &'a Attempt, place: usize, rule: &'a Rule) -> Line<'a> {
    let judgement = replay::judge(plan, rule, place);
    let settled = judgement.settled;
    Line {
        attempt,
        rule: Some(rule),
        verdict: judgement.verdict,
        asks: settled.map_or(0, |settled| settled.asks.iter().fold(0, |set, ask| set | 1 << (*ask as u16))),
        not_matched: replay::not_matched(plan, rule, place)
            .filter(|condition| *condition != Condition::Unmodelled)
            .fold(0, |set, condition| set | 1 << (condition as u16)),
        reasons: ReasonSet::of(&replay::reasons(rule, attempt, &judgement)),
        unmet: settled.map(|settled| settled.unmet.iter().map(String::as_str).collect()).unwrap_or_default(),
        missing: replay::missing_facts(plan, rule, place, &judgement),
    }
}

/// The maximum of each verdict column and the union of the others; facts only where it is open.
fn together<'a>(attempt: &'a Attempt, lines: &[Line<'a>]) -> Line<'a> {
    let verdict = lines.iter().fold(Verdict::UNTOUCHED, |together, line| together.and(line.verdict));
    let union = |texts: fn(&Line<'a>) -> Vec<&'a str>| {
        lines.iter().flat_map(texts).collect::<BTreeSet<&str>>().into_iter().collect()
    };
    let is_open = verdict.outcome.is_open() || verdict.effect.is_open();
    Line {
        attempt,
        rule: None,
        verdict,
        asks: lines.iter().fold(0, |set, line| set | line.asks),
        not_matched: lines.iter().fold(0, |set, line| set | line.not_matched),
        reasons: lines.iter().fold(ReasonSet::default(), |set, line| set.with(line.reasons)),
        unmet: union(|line| line.unmet.clone()),
        missing: if is_open { union(|line| line.missing.clone()) } else { Vec::new() },
    }
}

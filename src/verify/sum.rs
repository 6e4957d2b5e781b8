//! Comparisons of different people's attempts add up.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::compile::recorded::Of;
use crate::domain::{RecordedResult, folded};
use crate::frame::Time;

use super::model::{Cell, Contradiction, Disagreement, Fault, NotGiven, NotRecorded, Verification, Verified};
use super::replayed::Replayed;

/// Sign-ins that a group names: enough for `explain`.
const EXAMPLES: usize = 3;

/// The first few sign-ins of a group, by time and id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examples(Vec<(Time, String)>); // INVARIANT: sorted, no more than EXAMPLES.

impl Examples {
    /// One more sign-in, by the id of its terminal row.
    pub(super) fn add(&mut self, created: Time, id: &str) {
        if self.0.len() == EXAMPLES && self.0.last().is_some_and(|(at, last)| (*at, last.as_str()) <= (created, id)) {
            return;
        }
        self.0.push((created, id.to_owned()));
        self.0.sort_unstable();
        self.0.truncate(EXAMPLES);
    }

    fn and(mut self, other: Examples) -> Examples {
        for (created, id) in other.0 {
            self.add(created, &id);
        }
        self
    }

    /// Their ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, id)| id.as_str())
    }
}

impl Verification {
    /// What comes of both, where they compare the same policies on attempts of different people.
    #[must_use]
    pub fn and(self, other: Verification) -> Verification {
        let Verification { policies, not_given, contradictions, in_scope } = other;
        Verification {
            policies: self.policies.into_iter().zip(policies).map(|(one, two)| one.and(two)).collect(),
            not_given: strangers(self.not_given, not_given),
            contradictions: contradicting(self.contradictions, contradictions),
            in_scope: self.in_scope + in_scope,
        }
    }
}

impl Verified {
    fn and(self, other: Verified) -> Verified {
        let Verified { name, id, not_recorded, matrix, left_out, disagreements } = self;
        // Recorded for one of these people is recorded; every other reason is the policy's own.
        let not_recorded = match (not_recorded, other.not_recorded) {
            (Some(NotRecorded::Never), theirs) => theirs,
            (ours, _) => ours,
        };
        let mut cells = BTreeMap::new();
        for Cell { replayed, recorded, attempts } in matrix.into_iter().chain(other.matrix) {
            *cells.entry((replayed, recorded)).or_default() += attempts;
        }
        let mut reasons = BTreeMap::new();
        for (why, attempts) in left_out.into_iter().chain(other.left_out) {
            *reasons.entry(why).or_default() += attempts;
        }
        let mut groups: BTreeMap<GroupKey, (u64, Examples)> = BTreeMap::new();
        for group in disagreements.into_iter().chain(other.disagreements) {
            let Disagreement { replayed, recorded, fault, rules, attempts, sign_ins } = group;
            let (sum, examples) = groups.entry((replayed, recorded, fault, rules)).or_default();
            *sum += attempts;
            *examples = std::mem::take(examples).and(sign_ins);
        }
        let cell = |((replayed, recorded), attempts)| Cell { replayed, recorded, attempts };
        Verified {
            name,
            id,
            not_recorded,
            matrix: cells.into_iter().map(cell).collect(),
            left_out: reasons.into_iter().collect(),
            disagreements: most_first(groups),
        }
    }
}

/// What the attempts of a group have in common.
pub(super) type GroupKey = (Replayed, RecordedResult, Fault, Vec<String>);

/// Groups, most frequent first; of groups alike in size, the order of their keys stays.
pub(super) fn most_first(groups: BTreeMap<GroupKey, (u64, Examples)>) -> Vec<Disagreement> {
    let group = |((replayed, recorded, fault, rules), (attempts, sign_ins))| Disagreement {
        replayed,
        recorded,
        fault,
        rules,
        attempts,
        sign_ins,
    };
    let mut groups: Vec<Disagreement> = groups.into_iter().map(group).collect();
    groups.sort_by_key(|group| Reverse(group.attempts));
    groups
}

fn strangers(ours: Vec<NotGiven>, theirs: Vec<NotGiven>) -> Vec<NotGiven> {
    let mut by_id: BTreeMap<String, NotGiven> = BTreeMap::new();
    for stranger in ours.into_iter().chain(theirs) {
        match by_id.get_mut(&folded(&stranger.id)) {
            Some(known) => known.add(stranger.attempts, (stranger.since, &stranger.id, &stranger.name)),
            None => {
                by_id.insert(folded(&stranger.id), stranger);
            }
        }
    }
    not_given(by_id.into_values())
}

/// Policies that nobody gave, most frequent first.
pub(super) fn not_given(strangers: impl Iterator<Item = NotGiven>) -> Vec<NotGiven> {
    let mut strangers: Vec<NotGiven> = strangers.collect();
    strangers.sort_by(|one, two| two.attempts.cmp(&one.attempts).then_with(|| one.id.cmp(&two.id)));
    strangers
}

impl NotGiven {
    /// More attempts of the same policy: it is called as the earliest of them called it.
    pub(super) fn add(&mut self, attempts: u64, earliest: (Time, &str, &str)) {
        self.attempts += attempts;
        if earliest < (self.since, self.id.as_str(), self.name.as_str()) {
            let (since, id, name) = earliest;
            (self.since, self.id, self.name) = (since, id.to_owned(), name.to_owned());
        }
    }
}

fn contradicting(ours: Vec<Contradiction>, theirs: Vec<Contradiction>) -> Vec<Contradiction> {
    let mut by_fact: BTreeMap<(Of, String, bool), Contradiction> = BTreeMap::new();
    for one in ours.into_iter().chain(theirs) {
        let key = (one.of, one.id.clone(), one.holds);
        match by_fact.get_mut(&key) {
            Some(known) => {
                known.attempts += one.attempts;
                known.users += one.users;
                known.sign_ins = std::mem::take(&mut known.sign_ins).and(one.sign_ins);
                known.policies.extend(one.policies);
                known.policies.sort_unstable();
                known.policies.dedup();
            }
            None => {
                by_fact.insert(key, one);
            }
        }
    }
    let mut contradictions: Vec<Contradiction> = by_fact.into_values().collect();
    contradictions.sort_by_key(|one| Reverse(one.attempts));
    contradictions
}

//! Where recorded rules and the tenant folder say different things (CON-7).
//!
//! The folder shows groups and roles as of its export (USR-8) and locations as they are defined now (LOC-4 b); the log
//! shows what was so at the time. Both may be right: the report names the difference and leaves it to the reader.

use std::collections::{BTreeMap, BTreeSet};

use crate::attempt::rows::Rows;
use crate::attempt::{Attempts, UserCode};
use crate::compile::condition::folder_says;
use crate::compile::dimension::{Dimension, Dimensions};
use crate::compile::recorded::{Fact, Recorded};
use crate::domain::{Match, folded};
use crate::frame::Column;
use crate::policy::Candidate;

use super::compare::Given;
use super::model::Contradiction;
use super::sum::Examples;

/// Attempts of one contradiction.
#[derive(Default)]
struct Found {
    attempts: BTreeSet<usize>,
    users: BTreeSet<UserCode>,
    policies: BTreeSet<String>,
}

/// Everything that the recorded rules of these policies prove and the folder denies, most frequent first.
pub(super) fn contradictions(given: Given<'_>, rows: &Rows<'_>) -> Vec<Contradiction> {
    let Given { policies, existing, attempts, tenant, scope } = given;
    let mut found: BTreeMap<Fact, Found> = BTreeMap::new();
    let mut dimensions: Option<Dimensions> = None;
    let mut seen: Vec<(String, &Candidate)> = Vec::new();
    for policy in existing.iter().chain(policies.iter().copied()) {
        let id = folded(&policy.id);
        // Of two files of one id the first says what was there, as everywhere in this module.
        if seen.iter().any(|(known, _)| *known == id) {
            continue;
        }
        seen.push((id, policy));
        let recorded = Recorded::read([policy], attempts, rows);
        if recorded.attempts() == 0 {
            continue;
        }
        let dimensions = dimensions.get_or_insert_with(|| Dimensions::read(attempts, tenant, &Recorded::default()));
        for place in scope {
            let (Some(attempt), facts) = (attempts.list.get(*place), recorded.facts(recorded.code(*place))) else {
                continue;
            };
            for fact in facts {
                let person = dimensions.people.get(dimensions.code(Dimension::Person, *place) as usize);
                let at = dimensions.places.get(dimensions.code(Dimension::Place, *place) as usize);
                let (Some(person), Some(at)) = (person, at) else { continue };
                if folder_says(fact, person, at, tenant) == Match::from(!fact.holds) {
                    let found = found.entry(fact.clone()).or_default();
                    found.attempts.insert(*place);
                    found.users.insert(attempt.user);
                    found.policies.insert(policy.name.clone());
                }
            }
        }
    }
    let mut contradictions: Vec<Contradiction> = found
        .into_iter()
        .map(|(Fact { of, id, holds }, Found { attempts: places, users, policies })| Contradiction {
            of,
            id,
            holds,
            attempts: places.len() as u64,
            users: users.len() as u64,
            sign_ins: examples(attempts, &places),
            policies: policies.into_iter().collect(),
        })
        .collect();
    contradictions.sort_by_key(|one| std::cmp::Reverse(one.attempts));
    contradictions
}

fn examples(attempts: &Attempts, places: &BTreeSet<usize>) -> Examples {
    let mut examples = Examples::default();
    for attempt in places.iter().filter_map(|place| attempts.list.get(*place)) {
        examples.add(attempts.created(attempt), attempts.text(attempt, Column::Id).unwrap_or(""));
    }
    examples
}

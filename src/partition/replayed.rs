//! What a replay of some people's attempts gives, and how that adds up.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::attempt::rows::{self, Rows};
use crate::attempt::scope::Scope;
use crate::attempt::steps::Steps;
use crate::attempt::times::Times;
use crate::attempt::{self, Attempts};
use crate::compile::recorded::Recorded;
use crate::compile::{self, Sources};
use crate::diagnostic::Diagnostics;
use crate::domain::{RiskLevel, folded};
use crate::export::Run;
use crate::frame::{AppliedPolicy, Column, parsed};
use crate::impact::{Impact, Keys, Names};
use crate::policy::Candidate;
use crate::replay;
use crate::tenant::Tenant;
use crate::verify::Verification;

use super::compared::{compare, times};
use super::{PartitionError, Seen};

/// What is asked of every partition.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Candidates, in their order.
    pub candidates: &'a [Candidate],
    /// Policies that were enforced while the log was written.
    pub existing: &'a [Candidate],
    /// Tenant facts.
    pub tenant: &'a Tenant,
    /// Which attempts are counted.
    pub scope: &'a Scope,
    /// Accounts of which it matters whether the log names them at all: folded ids.
    pub named: &'a BTreeSet<String>,
    /// A folder for the verdicts of each partition; none if nobody wants them.
    pub listings: Option<&'a Path>,
}

/// Sums over the attempts of some people.
#[derive(Debug)]
pub struct Replayed {
    /// Everything that is counted.
    pub impact: Impact,
    /// What the codes of its breakdowns stand for.
    pub names: Names,
    /// From rows to the population.
    pub steps: Steps,
    /// When rows were: all of them, and those of attempts in scope.
    pub times: (Times, Times),
    /// Attempts by the register entry that decided something while attempts were made.
    pub assumptions: BTreeMap<&'static str, u64>,
    /// Attempts of which recorded rules prove who was in a group, or where.
    pub proven: u64,
    /// Recorded results of each existing policy.
    pub results: Vec<BTreeMap<String, u64>>,
    /// Replayed against recorded results; none if no policy has an id.
    pub verification: Option<Verification>,
    /// Who has an attempt in scope.
    pub seen: Seen,
    /// Accounts of [`Question::named`] that some row names, in scope or not.
    pub in_log: BTreeSet<String>,
    /// Attempts, in scope or not.
    pub attempts: u64,
    /// Those of them that record a risk level.
    pub with_risk: u64,
    /// Those of them that record which policies were applied.
    pub with_policies: u64,
    /// The verdicts of each partition, if somebody wants them.
    pub listings: Vec<Run>,
}

impl Replayed {
    /// Replays the attempts of one partition.
    ///
    /// # Errors
    ///
    /// Its verdicts cannot be written.
    pub fn of(question: Question<'_>, place: usize, attempts: &Attempts) -> Result<Replayed, PartitionError> {
        let Question { candidates, existing, tenant, scope, named, listings } = question;
        let people = rows::people(&attempts.frame);
        let mut rows = Rows::read(&attempts.frame, &people, attempts.own_tenant.as_deref());
        let proven = Recorded::read(existing, attempts, &rows);
        let sources = Sources { attempts, rows: &rows, tenant, recorded: &proven };
        // What is to be said of the policies is said once for all partitions.
        let plan = compile::compile_from(candidates, sources, &mut Diagnostics::default());
        let scoped = scope.choose(attempts);
        let keys = Keys::read(attempts);
        let impact = replay::replay(&plan, attempts, &keys, &scoped);
        let listings = match listings {
            Some(folder) => vec![Run::write(&folder.join(format!("verdicts-{place:04}")), attempts, &plan, &scoped)?],
            None => Vec::new(),
        };
        let verification = compare(candidates, existing, attempts, tenant, &scoped, &mut rows);
        let users = attempts.frame.dictionary(Column::UserId);
        let count = |is: &dyn Fn(&attempt::Attempt) -> bool| attempts.list.iter().filter(|one| is(one)).count() as u64;
        let has_policies = |one: &attempt::Attempt| {
            attempts.text(one, Column::AppliedConditionalAccessPolicies).is_some_and(|text| text != "[]")
        };
        Ok(Replayed {
            impact,
            names: Names::of(&keys),
            steps: Steps::of(attempts, &scoped),
            times: times(attempts, &scoped),
            assumptions: attempts.assumptions.clone(),
            proven: proven.attempts(),
            results: results(existing, attempts),
            verification,
            seen: Seen::read(attempts, &scoped, asks_who_is_seen(tenant, named)),
            in_log: if named.is_empty() {
                BTreeSet::new()
            } else {
                users.iter().map(folded).filter(|user| named.contains(user)).collect()
            },
            attempts: attempts.list.len() as u64,
            with_risk: count(&|one| one.risk != RiskLevel::Unknown),
            with_policies: count(&has_policies),
            listings,
        })
    }

    /// The sums of both, which are of different people.
    #[must_use]
    pub fn and(self, other: Replayed) -> Replayed {
        let Replayed { mut names, mut assumptions, mut results, mut in_log, mut listings, .. } = self;
        let recoding = names.join(&other.names);
        for (tag, attempts) in other.assumptions {
            *assumptions.entry(tag).or_default() += attempts;
        }
        for (ours, theirs) in results.iter_mut().zip(other.results) {
            for (result, attempts) in theirs {
                *ours.entry(result).or_default() += attempts;
            }
        }
        in_log.extend(other.in_log);
        listings.extend(other.listings);
        Replayed {
            impact: self.impact.add(other.impact.recoded(&recoding)),
            names,
            steps: self.steps.and(other.steps),
            times: (self.times.0.and(other.times.0), self.times.1.and(other.times.1)),
            assumptions,
            proven: self.proven + other.proven,
            results,
            verification: match (self.verification, other.verification) {
                (Some(one), Some(two)) => Some(one.and(two)),
                (one, two) => one.or(two),
            },
            seen: self.seen.and(other.seen),
            in_log,
            attempts: self.attempts + other.attempts,
            with_risk: self.with_risk + other.with_risk,
            with_policies: self.with_policies + other.with_policies,
            listings,
        }
    }
}

/// Whether somebody is listed who may not be seen: else nobody's id need be kept.
fn asks_who_is_seen(tenant: &Tenant, named: &BTreeSet<String>) -> bool {
    tenant.users.is_some() || tenant.registration.is_some() || !named.is_empty()
}

/// What the log recorded of each of these policies, by result.
fn results(policies: &[Candidate], attempts: &Attempts) -> Vec<BTreeMap<String, u64>> {
    let mut results = vec![BTreeMap::new(); policies.len()];
    if policies.is_empty() {
        return results;
    }
    let lists = attempts.frame.dictionary(Column::AppliedConditionalAccessPolicies);
    let mut counts = vec![0_u64; lists.len()];
    for attempt in &attempts.list {
        let list = attempts.code(attempt, Column::AppliedConditionalAccessPolicies);
        if let Some(count) = counts.get_mut(list as usize) {
            *count += 1;
        }
    }
    let ids: Vec<String> = policies.iter().map(|policy| folded(&policy.id)).collect();
    for (text, attempts) in lists.iter().zip(counts).filter(|(_, attempts)| *attempts > 0) {
        let applied: Vec<AppliedPolicy> = parsed(text);
        for (id, results) in ids.iter().zip(&mut results) {
            if let Some(one) = applied.iter().find(|one| folded(&one.id) == *id) {
                *results.entry(one.result.clone()).or_default() += attempts;
            }
        }
    }
    results
}

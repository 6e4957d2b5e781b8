//! Replayed against recorded results, partition by partition.

use crate::attempt::Attempts;
use crate::attempt::rows::{self, Rows};
use crate::attempt::scope::Scope;
use crate::attempt::times::Times;
use crate::domain::folded;
use crate::policy::Candidate;
use crate::tenant::Tenant;
use crate::verify::{Given, Verification, verify};

/// What comes of comparing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The comparison.
    pub verification: Verification,
    /// When rows were: all of them, and those of attempts in scope.
    pub times: (Times, Times),
    /// Whether the scope holds every attempt.
    pub is_of_all: bool,
}

impl Compared {
    /// Compares these policies on some people's attempts.
    #[must_use]
    pub fn of(
        policies: &[&Candidate],
        existing: &[Candidate],
        tenant: &Tenant,
        scope: &Scope,
        attempts: &Attempts,
    ) -> Compared {
        let scoped = scope.choose(attempts);
        let people = rows::people(&attempts.frame);
        let mut rows = Rows::read(&attempts.frame, &people, attempts.own_tenant.as_deref());
        let given = Given { policies, existing, attempts, tenant, scope: &scoped };
        Compared {
            verification: verify(given, &mut rows),
            times: times(attempts, &scoped),
            is_of_all: scoped.len() == attempts.list.len(),
        }
    }

    /// Of both.
    #[must_use]
    pub fn and(self, other: Compared) -> Compared {
        Compared {
            verification: self.verification.and(other.verification),
            times: (self.times.0.and(other.times.0), self.times.1.and(other.times.1)),
            is_of_all: self.is_of_all && other.is_of_all,
        }
    }
}

/// Times of all rows, and of those of attempts in scope.
pub(super) fn times(attempts: &Attempts, scoped: &[usize]) -> (Times, Times) {
    let chosen = scoped.iter().filter_map(|place| attempts.list.get(*place));
    let rows = chosen.flat_map(|attempt| attempts.rows_of(attempt));
    let created = attempts.frame.created();
    (Times::of(created.iter().copied()), Times::of(rows.filter_map(|row| created.get(*row).copied())))
}

/// Compares candidates and existing policies of which the log may have results; none if no policy has an id.
///
/// Of a candidate that is given with `--existing` too, the text that was in force is the one that was evaluated.
#[must_use]
pub fn compare(
    candidates: &[Candidate],
    existing: &[Candidate],
    attempts: &Attempts,
    tenant: &Tenant,
    scope: &[usize],
    rows: &mut Rows<'_>,
) -> Option<Verification> {
    // A template has no id: nothing can be recorded of it.
    if candidates.iter().chain(existing).all(|policy| policy.id.trim().is_empty()) {
        return None;
    }
    let is_existing = |candidate: &&Candidate| existing.iter().any(|one| folded(&one.id) == folded(&candidate.id));
    let policies: Vec<&Candidate> =
        existing.iter().chain(candidates.iter().filter(|candidate| !is_existing(candidate))).collect();
    Some(verify(Given { policies: &policies, existing, attempts, tenant, scope }, rows))
}

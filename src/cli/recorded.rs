//! What the log recorded itself, beside what is replayed: the same for `replay` and `verify`.

use std::path::Path;

use crate::attempt::Attempts;
use crate::attempt::rows::Rows;
use crate::compile::recorded::{Of, Recorded};
use crate::diagnostic::{Diagnostics, Origin};
use crate::domain::folded;
use crate::policy::Candidate;
use crate::report;
use crate::tenant::Tenant;
use crate::verify::{Given, Verification, verify};

/// Compares candidates and existing policies of which the log has results; none if it has none of any.
///
/// Of a candidate that is given with `--existing` too, the text that was in force is the one that was evaluated.
pub(super) fn compare(
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
    let mut verification = verify(Given { policies: &policies, existing, attempts, tenant, scope }, rows);
    // A candidate is often new: that nothing is recorded of it is nothing to be told about.
    verification.policies.retain(|policy| policy.not_recorded.is_none());
    (!verification.policies.is_empty()).then_some(verification)
}

/// A note on how much recorded rules of existing policies prove (CON-7).
pub(super) fn tell_proven(proven: &Recorded, diagnostics: &mut Diagnostics) {
    let attempts = proven.attempts();
    if attempts > 0 {
        let message = format!("recorded rules prove who was in a group or where in {attempts} of the attempts read");
        diagnostics.note(Origin::file("--existing"), message);
    }
}

/// One warning for each thing that recorded rules prove and the tenant folder denies (CON-7).
pub(super) fn tell_contradictions(verification: &Verification, folder: Option<&Path>, diagnostics: &mut Diagnostics) {
    let Some(folder) = folder else { return };
    let origin = Origin::file(&folder.display().to_string());
    for one in &verification.contradictions {
        let help = match one.of {
            Of::Group | Of::Role => {
                "export the members again, and the policy if it was another one then; with --existing the log is followed"
            }
            Of::Location => {
                "the folder is followed: a location is taken as it is defined now; check that the policy reads as it did then"
            }
        };
        let message = format!("the log contradicts the tenant folder: {}", report::proven(one));
        diagnostics.warn(origin.clone(), message, help);
    }
}

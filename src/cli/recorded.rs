//! What the log recorded itself, beside what is replayed: the same for `replay` and `verify`.

use std::path::Path;

use crate::compile::recorded::Of;
use crate::diagnostic::{Diagnostics, Origin};
use crate::report;
use crate::verify::Verification;

/// A candidate is often new: that nothing is recorded of it is nothing to be told about.
pub(super) fn compared(verification: Option<Verification>) -> Option<Verification> {
    let mut verification = verification?;
    verification.policies.retain(|policy| policy.not_recorded.is_none());
    (!verification.policies.is_empty()).then_some(verification)
}

/// A note on how much recorded rules of existing policies prove (CON-7).
pub(super) fn tell_proven(attempts: u64, diagnostics: &mut Diagnostics) {
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

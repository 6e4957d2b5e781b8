//! What is verified is no evidence for itself (C28, C30): without that, a replay would agree with itself.
//!
//! Entries of a policy in the log tell how its control stood, and prove membership through `--existing`. Attempts in
//! which an entry of the policy that is being verified does so are judged again as if the log had not recorded it.

use crate::attempt::rows::Rows;
use crate::compile::recorded::Recorded;
use crate::compile::{self, Plan, Sources};
use crate::diagnostic::Diagnostics;
use crate::domain::{RecordedResult, folded};
use crate::policy::Candidate;

use super::compare::{Given, Judged};
use super::lists::OfPolicy;

/// One policy, judged without its own entries where these would count.
#[derive(Debug)]
pub(super) struct Apart {
    plan: Plan,
    /// Places in the list of all attempts, in the order of the plan's.
    places: Vec<usize>,
}

impl Apart {
    /// Judges the attempts concerned again; none if there are none. The rows are left without the policy.
    pub(super) fn read<'l>(
        policy: &Candidate,
        compared: &[(usize, RecordedResult)],
        given: Given<'_>,
        rows: &mut Rows<'_>,
        own: impl Fn(usize) -> Option<&'l OfPolicy>,
    ) -> Option<Apart> {
        let Given { existing, attempts, tenant, .. } = given;
        let id = folded(&policy.id);
        let is_own = |one: &&Candidate| folded(&one.id) == id;
        let all = 0..attempts.list.len();
        let mut concerned = vec![false; attempts.list.len()];
        let mut concern = |place: usize| {
            if let Some(concerned) = concerned.get_mut(place) {
                *concerned = true;
            }
        };
        rows.leave_out(None);
        let proven = Recorded::read(existing.iter().filter(is_own), attempts, rows);
        rows.leave_out(Some(&policy.id));
        for place in all.clone() {
            if own(place).is_some_and(|one| one.tells_device_or_app) || proven.code(place) != 0 {
                concern(place);
            }
        }
        let mut without = None;
        if all.clone().any(|place| own(place).is_some_and(|one| one.tells_mfa)) {
            let mut again = attempts.clone();
            again.judge_recorded_controls_again(rows).into_iter().for_each(&mut concern);
            without = Some(again);
        }
        let places: Vec<usize> = compared
            .iter()
            .map(|(place, _)| *place)
            .filter(|place| concerned.get(*place).copied().unwrap_or_default())
            .collect();
        if places.is_empty() {
            return None;
        }
        let some = without.as_ref().unwrap_or(attempts).some(&places);
        let recorded = Recorded::read(existing.iter().filter(|one| !is_own(one)), &some, rows);
        let sources = Sources { attempts: &some, rows, tenant, recorded: &recorded };
        let plan = compile::compile_from(std::slice::from_ref(policy), sources, &mut Diagnostics::default());
        Some(Apart { plan, places })
    }

    /// What the replay says of an attempt, by its place in the list of all.
    pub(super) fn judge(&self, attempt: usize) -> Option<Judged<'_>> {
        let place = self.places.binary_search(&attempt).ok()?;
        Judged::of(&self.plan, 0, place)
    }
}

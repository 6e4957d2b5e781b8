//! What the recorded lists say of the policies at hand: read once a distinct list, not once a row.

use std::collections::BTreeMap;

use crate::attempt::mfa;
use crate::compile::evidence;
use crate::domain::{RecordedResult, Spelled, folded};
use crate::frame::{AppliedPolicy, Code, Column, SignInFrame, parsed};
use crate::policy::Candidate;

use super::model::{LeftOut, NotRecorded};

/// Security defaults stand among the policies under this id (trap 21).
const SECURITY_DEFAULTS: &str = "securitydefaults";

/// What one list says of one policy.
#[derive(Debug)]
pub(super) struct OfPolicy {
    /// Place of the policy among those given.
    pub(super) policy: usize,
    /// Its entry.
    pub(super) entry: AppliedPolicy,
    /// Its result, or why that says nothing.
    pub(super) result: Result<RecordedResult, LeftOut>,
    /// An entry of it may be evidence of MFA (C28).
    pub(super) tells_mfa: bool,
    /// An entry of it may be evidence of a device or of an app (C21, C22, C28).
    pub(super) tells_device_or_app: bool,
}

impl OfPolicy {
    fn new(policy: usize, entry: AppliedPolicy, result: Result<RecordedResult, LeftOut>) -> OfPolicy {
        let (tells_mfa, tells_device_or_app) =
            (mfa::is_recorded_control(&entry), evidence::is_recorded_control(&entry));
        OfPolicy { policy, entry, result, tells_mfa, tells_device_or_app }
    }

    /// One more entry of the same policy: both are evidence, and both results must be one.
    fn add(&mut self, other: &OfPolicy) {
        self.tells_mfa |= other.tells_mfa;
        self.tells_device_or_app |= other.tells_device_or_app;
        if self.result != other.result {
            self.result = Err(LeftOut::TwoResults);
        }
    }
}

/// A policy of the list that was not given.
#[derive(Debug)]
pub(super) struct Stranger {
    /// Folded id.
    pub(super) id: String,
    /// Id and name as recorded.
    pub(super) recorded: (String, String),
}

/// One distinct list of recorded policies.
#[derive(Debug, Default)]
pub(super) struct List {
    /// Policies at hand, in their order.
    pub(super) given: Vec<OfPolicy>,
    /// Others that were switched on.
    pub(super) strangers: Vec<Stranger>,
}

/// All lists of a frame by the code of their column.
#[derive(Debug)]
pub(super) struct Lists(Vec<List>);

impl Lists {
    /// Reads every distinct list.
    pub(super) fn read(frame: &SignInFrame, policies: &[&Candidate]) -> Lists {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (place, policy) in policies.iter().enumerate() {
            if joinable(policy).is_none() {
                // Of two files of one id the first is compared.
                places.entry(folded(&policy.id)).or_insert(place);
            }
        }
        let lists = frame.dictionary(Column::AppliedConditionalAccessPolicies).iter();
        Lists(lists.map(|text| List::read(parsed(text), &places)).collect())
    }

    /// The list behind a code.
    pub(super) fn get(&self, code: Code) -> Option<&List> {
        self.0.get(code as usize)
    }
}

/// Why no result can be joined to a policy.
pub(super) fn joinable(policy: &Candidate) -> Option<NotRecorded> {
    match folded(&policy.id).as_str() {
        "" => Some(NotRecorded::NoId),
        SECURITY_DEFAULTS => Some(NotRecorded::SecurityDefaults),
        _ => None,
    }
}

impl List {
    fn read(entries: Vec<AppliedPolicy>, places: &BTreeMap<String, usize>) -> List {
        let mut list = List::default();
        for entry in entries {
            let id = folded(&entry.id);
            let result = read(&entry.result);
            let Some(policy) = places.get(&id).copied() else {
                let is_seen = list.strangers.iter().any(|stranger| stranger.id == id);
                let is_policy = !id.is_empty() && id != SECURITY_DEFAULTS && result != Err(LeftOut::NotEnabled);
                if is_policy && !is_seen {
                    list.strangers.push(Stranger { id, recorded: (entry.id, entry.display_name) });
                }
                continue;
            };
            let one = OfPolicy::new(policy, entry, result);
            match list.given.iter_mut().find(|known| known.policy == policy) {
                None => list.given.push(one),
                Some(known) => known.add(&one),
            }
        }
        list.given.sort_by_key(|known| known.policy);
        list
    }
}

/// A recorded word that can be compared, or why it cannot.
fn read(word: &str) -> Result<RecordedResult, LeftOut> {
    match RecordedResult::spelled(word) {
        Some(RecordedResult::NotEnabled) => Err(LeftOut::NotEnabled),
        Some(RecordedResult::Unknown) => Err(LeftOut::Unknown),
        Some(RecordedResult::UnknownFutureValue) => Err(LeftOut::UnknownFutureValue),
        Some(result) => Ok(result),
        None => Err(LeftOut::Unread),
    }
}

#[cfg(test)]
mod tests {
    use super::{LeftOut, List};
    use crate::domain::RecordedResult;
    use crate::frame::AppliedPolicy;

    #[test]
    fn policies_are_joined_by_folded_id_and_never_by_name() {
        let entry = |id: &str, name: &str, result: &str| AppliedPolicy {
            id: id.to_owned(),
            display_name: name.to_owned(),
            result: result.to_owned(),
            ..AppliedPolicy::default()
        };
        let places = [("p1".to_owned(), 0), ("p2".to_owned(), 1), ("p3".to_owned(), 2)].into();
        let entries = vec![
            entry("P2", "anything", "REPORTONLYSUCCESS"),
            entry("other", "p1", "success"),
            entry("off", "p1", "notEnabled"),
            entry("SecurityDefaults", "Security Defaults", "success"),
            entry("p1", "", "notEnabled"),
            entry("p3", "", "success"),
            entry("p3", "", "failure"),
        ];
        let list = List::read(entries, &places);
        let given: Vec<_> = list.given.iter().map(|one| (one.policy, one.result)).collect();
        assert_eq!(
            given,
            [(0, Err(LeftOut::NotEnabled)), (1, Ok(RecordedResult::ReportOnlySuccess)), (2, Err(LeftOut::TwoResults))]
        );
        assert_eq!(list.strangers.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["other"]);
    }
}

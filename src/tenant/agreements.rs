//! Who accepted which terms of use (C22): `agreementAcceptances.json`.

use std::collections::BTreeMap;

use crate::domain::folded;

use super::source::{Fault, Records};
use super::user_risk::time;

/// Acceptances of terms of use. Whoever is not listed has not accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreements {
    accepted: BTreeMap<(String, String), Until>, // INVARIANT: agreement and user ids folded.
}

/// How long an acceptance holds; the longest of several counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Until {
    /// Up to this time in microseconds since 1970.
    Time(i64),
    /// It never expires.
    Ever,
}

impl Agreements {
    /// Whether an acceptance of this agreement by this user held at a time in microseconds since 1970 (3.5).
    #[must_use]
    pub fn accepted(&self, agreement_id: &str, user_id: &str, time_micros: i64) -> bool {
        let until = self.accepted.get(&(folded(agreement_id), folded(user_id)));
        until.is_some_and(|until| *until > Until::Time(time_micros))
    }

    pub(super) fn add(&mut self, records: &Records) -> Result<(), Fault> {
        records.whole()?;
        for record in &records.all {
            let entry = (record.id(&["agreementId"])?, record.id(&["userId"])?);
            if record.text("state").is_some_and(|state| folded(state) == "accepted") {
                let until = time(record.text("expirationDateTime"), record.line)?.map_or(Until::Ever, Until::Time);
                let longest = self.accepted.entry(entry).or_insert(until);
                *longest = until.max(*longest);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Agreements;
    use crate::tenant::source::Records;

    #[test]
    fn declined_and_absent_are_both_not_accepted() {
        let text = br#"[{"agreementId": "T", "userId": "Ann", "state": "Accepted"},
            {"agreementId": "t", "userId": "bob", "state": "declined"}]"#;
        let mut agreements = Agreements::default();
        agreements.add(&Records::read("a.json", text).unwrap()).unwrap();
        for (agreement, user, expected) in
            [("t", "ann", true), ("T", "BOB", false), ("t", "cem", false), ("u", "ann", false)]
        {
            assert_eq!(agreements.accepted(agreement, user, 0), expected, "{agreement} {user}");
        }
    }

    #[test]
    fn an_acceptance_counts_until_it_expires() {
        let text = br#"[{"agreementId": "t", "userId": "a", "state": "accepted", "expirationDateTime": "1970-01-01T00:00:01Z"},
            {"agreementId": "t", "userId": "b", "state": "accepted", "expirationDateTime": null}]"#;
        let mut agreements = Agreements::default();
        agreements.add(&Records::read("a.json", text).unwrap()).unwrap();
        let at = |user: &str, time: i64| agreements.accepted("t", user, time);
        assert_eq!((at("a", 999_999), at("a", 1_000_000), at("b", 1_000_000)), (true, false, true));
    }
}

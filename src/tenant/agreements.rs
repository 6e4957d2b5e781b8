//! Who accepted which terms of use (C22): `agreementAcceptances.json`.

use std::collections::BTreeSet;

use crate::domain::folded;

use super::source::{Fault, Records};

/// Acceptances of terms of use. Whoever is not listed has not accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreements {
    accepted: BTreeSet<(String, String)>, // INVARIANT: agreement and user ids folded.
}

impl Agreements {
    /// Whether this user accepted this agreement.
    #[must_use]
    pub fn accepted(&self, agreement_id: &str, user_id: &str) -> bool {
        self.accepted.contains(&(folded(agreement_id), folded(user_id)))
    }

    pub(super) fn add(&mut self, records: &Records) -> Result<(), Fault> {
        records.whole()?;
        for record in &records.all {
            let entry = (record.id(&["agreementId"])?, record.id(&["userId"])?);
            if record.text("state").is_some_and(|state| folded(state) == "accepted") {
                self.accepted.insert(entry);
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
            assert_eq!(agreements.accepted(agreement, user), expected, "{agreement} {user}");
        }
    }
}

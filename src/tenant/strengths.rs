//! Authentication strengths by id (semantics 1.8): built in, and `authenticationStrengthPolicies.json`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diagnostic::Diagnostics;
use crate::domain::{MethodModes, Strength, folded};

use super::source::{Fault, Records};

/// Strengths by id; those that every tenant has are always there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strengths {
    strengths: BTreeMap<String, Strength>, // INVARIANT: ids folded; the built-in ones are there.
    listed: Option<BTreeSet<String>>,      // INVARIANT: every id of the export, folded, if there is a whole one.
}

impl Default for Strengths {
    fn default() -> Strengths {
        let built_in = Strength::BUILT_IN.iter();
        let read = |allowed: &[&'static str]| Strength::read(allowed.iter().copied(), []);
        Strengths { strengths: built_in.map(|(id, allowed)| ((*id).to_owned(), read(allowed))).collect(), listed: None }
    }
}

impl Strengths {
    /// What the strength of this id accepts; `None` if it is neither built in nor in the export.
    #[must_use]
    pub fn combinations(&self, id: &str) -> Option<&Strength> {
        self.strengths.get(&folded(id))
    }

    /// Whether a strength of this id exists; `None` if no complete export of them was read.
    #[must_use]
    pub fn exists(&self, id: &str) -> Option<bool> {
        let is_built_in = Strength::BUILT_IN.iter().any(|(built_in, _)| *built_in == folded(id));
        Some(self.listed.as_ref()?.contains(&folded(id)) || is_built_in)
    }

    pub(super) fn add(&mut self, records: &Records, diagnostics: &mut Diagnostics) -> Result<(), Fault> {
        records.warn_if_cut(diagnostics);
        let mut listed = BTreeSet::new();
        for record in &records.all {
            let id = record.id(&["id"])?;
            listed.insert(id.clone());
            let allowed = record.list("allowedCombinations");
            let configured = match record.value("combinationConfigurations") {
                Some(Value::Array(restrictions)) => restrictions.iter().flat_map(applies_to).collect(),
                _ => Vec::new(),
            };
            let mut strength = Strength::read(allowed.iter().map(String::as_str), configured);
            if allowed.is_empty() {
                // Restrictions of a strength that is known otherwise.
                let Some(known) = self.strengths.remove(&id) else { continue };
                strength = Strength { configured: strength.configured, ..known };
            }
            self.strengths.insert(id, strength);
        }
        self.listed = records.whole().is_ok().then_some(listed);
        Ok(())
    }
}

/// The combinations that a restriction is on. One that names none may be on any of them.
fn applies_to(restriction: &Value) -> Vec<&str> {
    let named = restriction.get("appliesToCombinations").and_then(Value::as_array);
    match named.filter(|named| !named.is_empty()) {
        Some(named) => named.iter().filter_map(Value::as_str).collect(),
        None => MethodModes::NAMES.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::Strengths;
    use crate::diagnostic::Diagnostics;
    use crate::domain::MethodModes;
    use crate::tenant::source::Records;

    #[test]
    fn built_in_strengths_are_known_and_custom_ones_are_read() {
        let mut strengths = Strengths::default();
        let text = br#"{"value": [{"id": "C1", "allowedCombinations": ["fido2", "password,sms", "mindReading"],
            "combinationConfigurations": [{"appliesToCombinations": ["fido2"], "allowedAAGUIDs": ["x"]}]},
            {"id": "00000000-0000-0000-0000-000000000004", "displayName": "Phishing-resistant MFA"}]}"#;
        strengths.add(&Records::read("s.json", text).unwrap(), &mut Diagnostics::default()).unwrap();
        for (id, combinations) in [
            ("00000000-0000-0000-0000-000000000002", Some(19)),
            ("00000000-0000-0000-0000-000000000003", Some(4)),
            ("00000000-0000-0000-0000-000000000004", Some(3)),
            ("c1", Some(2)),
            ("c2", None),
        ] {
            assert_eq!(strengths.combinations(id).map(|it| it.combinations.len()), combinations, "{id}");
        }
        assert_eq!(strengths.exists("00000000-0000-0000-0000-000000000002"), Some(true));
        assert_eq!((strengths.exists("C1"), strengths.exists("c2")), (Some(true), Some(false)));
        assert_eq!(Strengths::default().exists("c1"), None);
        let custom = strengths.combinations("C1").unwrap();
        assert_eq!(custom.unread, ["mindReading"]);
        assert_eq!(custom.configured, [MethodModes::named("fido2").unwrap()]);
    }
}

//! Who owns an application (C11): `servicePrincipals.json`.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::domain::folded;

use super::source::{Fault, Records};

/// Applications of the tenant and the tenants that own them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServicePrincipals {
    owners: BTreeMap<String, String>, // INVARIANT: application and tenant ids folded.
}

impl ServicePrincipals {
    /// The folded id of the tenant that owns this application, if the export says.
    #[must_use]
    pub fn owned_by(&self, app_id: &str) -> Option<&str> {
        self.owners.get(&folded(app_id)).map(String::as_str)
    }

    pub(super) fn add(&mut self, records: &Records, diagnostics: &mut Diagnostics) -> Result<(), Fault> {
        records.warn_if_cut(diagnostics);
        for record in &records.all {
            let id = record.id(&["appId"])?;
            if let Some(owner) = record.text("appOwnerOrganizationId") {
                self.owners.insert(id, folded(owner));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::ServicePrincipals;
    use crate::diagnostic::Diagnostics;
    use crate::tenant::source::Records;

    #[test]
    fn an_owner_is_known_only_where_the_export_says() {
        let text = br#"[{"id": "o", "appId": "A", "appOwnerOrganizationId": "T1"},
            {"appId": "b", "appOwnerOrganizationId": null}]"#;
        let mut principals = ServicePrincipals::default();
        principals.add(&Records::read("s.json", text).unwrap(), &mut Diagnostics::default()).unwrap();
        for (app, expected) in [("a", Some("t1")), ("B", None), ("o", None)] {
            assert_eq!(principals.owned_by(app), expected, "{app}");
        }
    }
}

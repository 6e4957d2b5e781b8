//! What stands behind the token `Office365` (C11, APP-6): `office365Apps.csv`, else a built-in list.

use std::collections::BTreeSet;

use crate::domain::folded;

use super::source::{Fault, Records};

/// Applications that `Office365` certainly means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Office365Apps {
    ids: BTreeSet<String>,   // INVARIANT: folded.
    names: BTreeSet<String>, // INVARIANT: folded.
}

/// The ids of APP-6.
const IDS: [&str; 12] = [
    "00000002-0000-0ff1-ce00-000000000000",
    "00000003-0000-0ff1-ce00-000000000000",
    "00000004-0000-0ff1-ce00-000000000000",
    "00000005-0000-0ff1-ce00-000000000000",
    "00000006-0000-0ff1-ce00-000000000000",
    "00000007-0000-0ff1-ce00-000000000000",
    "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe",
    "7557eb47-c689-4224-abcf-aef9bd7573df",
    "905fcf26-4eb7-48a0-9ff0-8dcc7194b5ba",
    "c9a559d2-7aab-4f13-a6ed-e7e9c52aec87",
    "9199bf20-a13f-4107-85dc-02114787ef48",
    "4765445b-32c6-49b0-83e6-1d93765276ca",
];

/// The display names of C11.
const NAMES: [&str; 5] = [
    "Exchange Online",
    "SharePoint Online",
    "Office 365 Exchange Online",
    "Office 365 SharePoint Online",
    "Microsoft Teams",
];

impl Office365Apps {
    /// The list that holds where the tenant supplies none (C11).
    #[must_use]
    pub fn built_in() -> Office365Apps {
        Office365Apps { ids: IDS.map(str::to_owned).into(), names: NAMES.map(folded).into() }
    }

    /// Whether this application id is on the list.
    #[must_use]
    pub fn has_id(&self, app_id: &str) -> bool {
        self.ids.contains(&folded(app_id))
    }

    /// Whether exactly this display name is on the list, case aside.
    #[must_use]
    pub fn has_name(&self, display_name: &str) -> bool {
        self.names.contains(&folded(display_name))
    }

    pub(super) fn add(&mut self, records: &Records) -> Result<(), Fault> {
        records.needs(&["appId"])?;
        for record in &records.all {
            self.ids.extend(record.text("appId").map(folded));
            self.names.extend(record.text("displayName").map(folded));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Office365Apps;
    use crate::tenant::source::Records;

    #[test]
    fn a_list_of_the_tenant_replaces_the_built_in_one() {
        let built_in = Office365Apps::built_in();
        let mut own = Office365Apps::default();
        own.add(&Records::read("o.csv", b"appId,displayName\nA1,Loop\n,Planner\n").unwrap()).unwrap();
        for (list, id, name, expected) in [
            (&built_in, "00000002-0000-0FF1-CE00-000000000000", "microsoft teams", true),
            (&built_in, "a1", "Loop", false),
            (&own, "a1", "planner", true),
            (&own, "00000002-0000-0ff1-ce00-000000000000", "Microsoft Teams", false),
        ] {
            assert_eq!((list.has_id(id), list.has_name(name)), (expected, expected), "{id}");
        }
    }
}

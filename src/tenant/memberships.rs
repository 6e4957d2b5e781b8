//! Who is in a group or holds a role (USR-8 to USR-11, C8): `groups/`, `groups.csv`, `roles/`, `roles.csv`.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::folded;

use super::source::{Fault, Records};

/// Members of the groups or roles that the tenant folder knows. The rest is unknown, not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memberships {
    members: BTreeMap<String, BTreeSet<String>>, // INVARIANT: ids folded; every entry is complete.
}

impl Memberships {
    /// The members (folded user ids), complete; `None` if nothing is known of this group or role.
    #[must_use]
    pub fn of(&self, id: &str) -> Option<&BTreeSet<String>> {
        self.members.get(&folded(id))
    }

    /// Folded ids of all groups or roles that are known, sorted.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// A file of its own: its name is the id, and it is complete even if it names nobody.
    pub(super) fn add_file(&mut self, id: &str, records: &Records) -> Result<(), Fault> {
        records.whole()?;
        let members = self.members.entry(folded(id)).or_default();
        for record in &records.all {
            let member = record.id(&["id", "userId"])?;
            if member == folded(id) {
                let help = "export its members: GET /groups/{id}/transitiveMembers";
                return Err(Fault::at(record.line, format!("`{id}` itself, where its members belong"), help));
            }
            members.insert(member);
        }
        Ok(())
    }

    /// Pairs: every group or role named is complete; a row without a user names an empty one.
    pub(super) fn add_pairs(&mut self, of: &str, records: &Records) -> Result<(), Fault> {
        records.needs(&[of, "userId"])?;
        for record in &records.all {
            let members = self.members.entry(record.id(&[of])?).or_default();
            members.extend(record.text("userId").map(folded));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Memberships;
    use crate::tenant::source::Records;

    #[test]
    fn a_group_with_a_file_is_complete_and_one_without_is_unknown() {
        let mut groups = Memberships::default();
        let empty = Records::read("g.json", b"{\"value\": []}").unwrap();
        groups.add_file("EMPTY", &empty).unwrap();
        let text = b"{\"value\": [{\"@odata.type\": \"#microsoft.graph.user\", \"id\": \"U1\"}]}";
        groups.add_file("g1", &Records::read("g.json", text).unwrap()).unwrap();
        let pairs = Records::read("groups.csv", b"GroupId,UserId\nG1,u2\nG2,U3\nG3,\n").unwrap();
        groups.add_pairs("groupId", &pairs).unwrap();
        for (id, expected) in [
            ("empty", Some(&[][..])),
            ("G1", Some(&["u1", "u2"])),
            ("g2", Some(&["u3"])),
            ("g3", Some(&[])),
            ("g4", None),
        ] {
            let found = groups.of(id).map(|members| members.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(found.as_deref(), expected, "{id}");
        }
        assert_eq!(groups.known().collect::<Vec<_>>(), ["empty", "g1", "g2", "g3"]);
    }

    #[test]
    fn a_header_alone_names_no_group() {
        let mut groups = Memberships::default();
        groups.add_pairs("groupId", &Records::read("groups.csv", b"groupId,userId\n").unwrap()).unwrap();
        assert_eq!(groups.known().count(), 0);
    }

    #[test]
    fn the_group_itself_is_not_mistaken_for_its_members() {
        let group = Records::read("g.json", b"{\"id\": \"G1\", \"displayName\": \"Admins\"}").unwrap();
        assert!(Memberships::default().add_file("g1", &group).is_err());
    }

    #[test]
    fn a_first_page_alone_is_refused() {
        let page = Records::read("g.json", b"{\"@odata.nextLink\": \"x\", \"value\": [{\"id\": \"u\"}]}").unwrap();
        assert!(Memberships::default().add_file("g", &page).is_err());
    }
}

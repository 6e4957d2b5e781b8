//! What the directory says of a user that a log may not (C9, C24): `users.json`, `users.csv`.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::domain::folded;

use super::source::{Fault, Record, Records};

/// `userType` of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UserType {
    /// Member of the tenant.
    Member,
    /// Guest.
    Guest,
}

impl UserType {
    /// Reads Graph's word; an empty or foreign one is none.
    #[must_use]
    pub fn read(text: Option<&str>) -> Option<UserType> {
        match folded(text?).as_str() {
            "member" => Some(UserType::Member),
            "guest" => Some(UserType::Guest),
            _ => None,
        }
    }
}

/// One user. `None` is "not in the export".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// Member or guest.
    pub user_type: Option<UserType>,
    /// Invited from elsewhere: `creationType` is `Invitation`, or there is an `externalUserState` (C9).
    pub invited: Option<bool>,
    /// Synchronised from a directory on premises. Graph's null is a no (C24).
    pub on_premises_sync: Option<bool>,
}

/// Users by id. A user who is not listed is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Users {
    users: BTreeMap<String, User>, // INVARIANT: ids folded.
}

impl Users {
    /// The user of this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&User> {
        self.users.get(&folded(id))
    }

    /// Folded ids of all users, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.users.keys().map(String::as_str)
    }

    pub(super) fn add(&mut self, records: &Records, diagnostics: &mut Diagnostics) -> Result<(), Fault> {
        records.warn_if_cut(diagnostics);
        for record in &records.all {
            let user = read(record)?;
            let known = self.users.entry(record.id(&["id", "objectId"])?).or_default();
            known.user_type = user.user_type.or(known.user_type);
            known.invited = user.invited.or(known.invited);
            known.on_premises_sync = user.on_premises_sync.or(known.on_premises_sync);
        }
        Ok(())
    }
}

fn read(record: &Record) -> Result<User, Fault> {
    let invitation = record.text("creationType").is_some_and(|kind| folded(kind) == "invitation");
    let invited = match invitation || record.text("externalUserState").is_some() {
        true => Some(true),
        false => (record.has("creationType") || record.has("externalUserState")).then_some(false),
    };
    let synced = record.flag("onPremisesSyncEnabled")?;
    let on_premises_sync = synced.or_else(|| record.has("onPremisesSyncEnabled").then_some(false));
    Ok(User { user_type: UserType::read(record.text("userType")), invited, on_premises_sync })
}

#[cfg(test)]
mod tests {
    use super::{User, UserType, Users};
    use crate::diagnostic::Diagnostics;
    use crate::tenant::source::Records;

    #[test]
    fn what_is_absent_is_told_from_what_is_empty() {
        let guest = Some(UserType::Guest);
        for (path, text, expected) in [
            ("u.json", "{\"id\": \"U\"}", User::default()),
            (
                "u.json",
                "{\"id\": \"U\", \"userType\": \"Guest\", \"creationType\": null, \"onPremisesSyncEnabled\": null}",
                User { user_type: guest, invited: Some(false), on_premises_sync: Some(false) },
            ),
            (
                "u.json",
                "{\"id\": \"U\", \"creationType\": \"invitation\", \"onPremisesSyncEnabled\": true}",
                User { user_type: None, invited: Some(true), on_premises_sync: Some(true) },
            ),
            (
                "u.json",
                "{\"id\": \"U\", \"externalUserState\": \"PendingAcceptance\"}",
                User { invited: Some(true), ..User::default() },
            ),
            ("u.csv", "id,userType\nu,guest\n", User { user_type: guest, ..User::default() }),
            (
                "u.csv",
                "Id,externalUserState,OnPremisesSyncEnabled\nu,,\n",
                User { user_type: None, invited: Some(false), on_premises_sync: Some(false) },
            ),
            ("u.csv", "id,onPremisesSyncEnabled\nu,False\n", User { on_premises_sync: Some(false), ..User::default() }),
        ] {
            let mut users = Users::default();
            users.add(&Records::read(path, text.as_bytes()).unwrap(), &mut Diagnostics::default()).unwrap();
            assert_eq!(users.find("u"), Some(&expected), "{text}");
            assert_eq!(users.find("nobody"), None);
        }
    }

    #[test]
    fn a_user_without_an_id_breaks_the_file() {
        let records = Records::read("u.json", b"[{\"id\": \"u\"},\n{\"userType\": \"Guest\"}]").unwrap();
        assert_eq!(Users::default().add(&records, &mut Diagnostics::default()).unwrap_err().line, Some(2));
    }
}

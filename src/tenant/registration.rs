//! Which authentication methods users have registered (C24, C34): `userRegistrationDetails.json`, `.csv`.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::domain::{MethodModes, folded};

use super::source::{Fault, Record, Records, squeezed};
use super::users::UserType;

/// The registration report. A user who is not in it is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registration {
    by_id: BTreeMap<String, Details>,
    by_name: BTreeMap<String, Details>, // The admin center's CSV has no user id (formats, trap 42).
}

/// What the report says of one user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Able to answer an MFA challenge: `isMfaCapable`, not `isMfaRegistered`.
    pub mfa_capable: Option<bool>,
    /// Every mode that the registered methods can give (C34).
    pub methods: MethodModes,
    /// The modes of each method by itself; a method may give several.
    pub by_method: Vec<MethodModes>,
    /// Methods that we do not know, as written: they may give any mode.
    pub unread: Vec<String>,
    /// Whether the report lists methods at all; without it, no method is *unknown*, not missing.
    pub lists_methods: bool,
    /// Member or guest.
    pub user_type: Option<UserType>,
}

impl Registration {
    /// The details by user id, else by user principal name, folded.
    #[must_use]
    pub fn find(&self, user_id: Option<&str>, user_principal_name: Option<&str>) -> Option<&Details> {
        let by_id = user_id.and_then(|id| self.by_id.get(&folded(id)));
        by_id.or_else(|| user_principal_name.and_then(|name| self.by_name.get(&folded(name))))
    }

    /// Folded ids of the users in it, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(String::as_str)
    }

    /// Folded names of the users whom it lists without an id, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    pub(super) fn add(&mut self, records: &Records, diagnostics: &mut Diagnostics) -> Result<(), Fault> {
        records.warn_if_cut(diagnostics);
        for record in &records.all {
            let details = read(record)?;
            let id = record.first_text(&["id", "userId", "objectId"]).map(folded);
            let name = record.first_text(&["userPrincipalName", "User principal name (UPN)"]).map(folded);
            if id.is_none() && name.is_none() {
                return Err(Fault::at(
                    record.line,
                    "no `id` and no `userPrincipalName` here",
                    "export the report again",
                ));
            }
            // Ids join; names only where the report has no ids (USR-5, contract section 3).
            match (id, name) {
                (Some(id), _) => self.by_id.insert(id, details),
                (None, Some(name)) => self.by_name.insert(name, details),
                (None, None) => None,
            };
        }
        Ok(())
    }
}

/// Headers of the admin center beside the names of Graph.
const CAPABLE: [&str; 4] =
    ["isMfaCapable", "Multifactor authentication capable", "Multifactor auth capable", "MFA capable"];

fn read(record: &Record) -> Result<Details, Fault> {
    let mut details = Details { user_type: UserType::read(record.text("userType")), ..Details::default() };
    if let Some(name) = CAPABLE.iter().find(|name| record.has(name)) {
        details.mfa_capable = record.flag(name)?;
    }
    details.lists_methods = record.value("methodsRegistered").is_some_and(|value| !value.is_null());
    for method in record.list("methodsRegistered") {
        match modes_of(&method) {
            Some(modes) if modes.is_empty() => {}
            Some(modes) => {
                details.methods = details.methods.with(modes);
                details.by_method.push(modes);
            }
            None => details.unread.push(method),
        }
    }
    Ok(details)
}

/// Registered methods, squeezed, and the modes that each can give (C34).
const METHODS: &[(&str, &[&str])] = &[
    ("fido2", &["fido2"]),
    ("fido2securitykey", &["fido2"]),
    ("passkeydevicebound", &["fido2"]),
    ("passkeydeviceboundauthenticator", &["fido2"]),
    ("passkeydeviceboundwindowshello", &["fido2"]),
    ("windowshelloforbusiness", &["windowsHelloForBusiness"]),
    ("x509certificatemultifactor", &["x509CertificateMultiFactor"]),
    ("certificate", &["x509CertificateMultiFactor"]),
    ("microsoftauthenticatorpasswordless", &["deviceBasedPush"]),
    ("microsoftauthenticatorpush", &["microsoftAuthenticatorPush"]),
    ("softwareonetimepasscode", &["softwareOath"]),
    ("hardwareonetimepasscode", &["hardwareOath"]),
    ("mobilephone", &["sms", "voice"]),
    ("alternatemobilephone", &["voice"]),
    ("officephone", &["voice"]),
    ("temporaryaccesspass", &["temporaryAccessPassOneTime", "temporaryAccessPassMultiUse"]),
    // Methods for resetting a password, or none: they give no mode that a strength asks for.
    ("email", &[]),
    ("securityquestion", &[]),
    ("securityquestions", &[]),
    ("apppassword", &[]),
    ("none", &[]),
];

fn modes_of(method: &str) -> Option<MethodModes> {
    let method = squeezed(method);
    let (_, names) = METHODS.iter().find(|(known, _)| *known == method)?;
    Some(names.iter().filter_map(|name| MethodModes::named(name)).fold(MethodModes::NONE, MethodModes::with))
}

#[cfg(test)]
mod tests {
    use super::{METHODS, Registration};
    use crate::diagnostic::Diagnostics;
    use crate::domain::MethodModes;
    use crate::tenant::source::Records;
    use crate::tenant::users::UserType;

    fn registration(path: &str, text: &str) -> Registration {
        let mut registration = Registration::default();
        registration.add(&Records::read(path, text.as_bytes()).unwrap(), &mut Diagnostics::default()).unwrap();
        registration
    }

    #[test]
    fn the_report_of_graph_joins_by_id_and_never_by_name() {
        let text = "{\"value\": [{\"id\": \"A1\", \"userPrincipalName\": \"AlexW@Contoso.com\", \"isMfaCapable\": true,
            \"methodsRegistered\": [\"mobilePhone\", \"fido2SecurityKey\", \"telepathy\"], \"userType\": \"guest\"}]}";
        let report = registration("r.json", text);
        let details = report.find(Some("a1"), None).unwrap();
        assert_eq!(report.find(Some("other"), Some("ALEXW@contoso.com")), None);
        assert_eq!((details.mfa_capable, details.user_type), (Some(true), Some(UserType::Guest)));
        for (mode, expected) in [("sms", true), ("voice", true), ("fido2", true), ("softwareOath", false)] {
            assert_eq!(details.methods.holds(MethodModes::named(mode).unwrap()), expected, "{mode}");
        }
        assert_eq!((details.by_method.len(), details.unread.as_slice()), (2, &["telepathy".to_owned()][..]));
    }

    #[test]
    fn the_csv_of_the_admin_center_joins_by_name() {
        for text in [
            "userPrincipalName,isMfaCapable,methodsRegistered\nA@x.de,True,\"[\"\"microsoftAuthenticatorPush\"\",\"\"email\"\"]\"\n",
            "User principal name,Multifactor authentication capable,Methods registered\na@x.de,Capable,\"Microsoft Authenticator Push, Email\"\n",
            "\u{feff}\"userPrincipalName\";\"isMfaCapable\";\"methodsRegistered\"\na@X.de;TRUE;microsoftAuthenticatorPush\n",
        ] {
            let report = registration("r.csv", text);
            let details = report.find(Some("unknown"), Some("a@x.de")).unwrap();
            assert_eq!(details.mfa_capable, Some(true), "{text}");
            assert_eq!(details.methods, MethodModes::named("microsoftAuthenticatorPush").unwrap(), "{text}");
            assert!(details.lists_methods && details.unread.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_report_without_methods_does_not_say_that_there_are_none() {
        let report = registration("r.csv", "userPrincipalName,isMfaCapable\na@x.de,\n");
        let details = report.find(None, Some("a@x.de")).unwrap();
        assert_eq!((details.mfa_capable, details.lists_methods), (None, false));
        let records = Records::read("r.json", b"{\"isMfaCapable\": true}").unwrap();
        assert!(Registration::default().add(&records, &mut Diagnostics::default()).is_err());
    }

    #[test]
    fn every_mode_named_here_exists() {
        for (method, names) in METHODS {
            assert!(names.iter().all(|name| MethodModes::named(name).is_some()), "{method}");
        }
    }
}

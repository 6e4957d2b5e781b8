//! Facts of the tenant that no export holds (C15, C24, C33): `tenant.toml`.

use std::collections::BTreeSet;
use std::str::FromStr;

use ipnet::IpNet;
use toml::{Table, Value};

use crate::diagnostic::{Diagnostics, Origin};
use crate::domain::{Match, folded};

use super::named_locations::parse_address;
use super::source::Fault;

/// `tenant.toml`. `None` and [`Trust::NotSupplied`] are unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `tenant-id`, folded: the own tenant (C2).
    pub tenant_id: Option<String>,
    /// `mfa-trusted-ips`: addresses of the legacy MFA settings, part of `AllTrusted` (LOC-4, C15).
    pub mfa_trusted_ips: Option<Vec<IpNet>>,
    /// `inbound-mfa-trust`: whose MFA claims count here.
    pub inbound_mfa_trust: Trust,
    /// `inbound-device-trust`: whose device claims count here.
    pub inbound_device_trust: Trust,
    /// `password-writeback`: whether a new password reaches the directory on premises.
    pub password_writeback: Option<bool>,
    /// `break-glass`: folded user ids. They drive reporting, never a verdict (C33).
    pub break_glass: Vec<String>,
    /// `privileged-roles`: folded role template ids.
    pub privileged_roles: Vec<String>,
}

/// Which home tenants are trusted for a claim (C33).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// The setting is not there.
    #[default]
    NotSupplied,
    /// Every tenant.
    All,
    /// No tenant.
    None,
    /// These tenants, folded, and no other.
    Of(BTreeSet<String>),
}

impl Trust {
    /// Whether claims from this home tenant count.
    #[must_use]
    pub fn of(&self, home_tenant: Option<&str>) -> Match {
        match (self, home_tenant.map(folded).filter(|home| !home.is_empty())) {
            (Trust::NotSupplied, _) | (Trust::Of(_), None) => Match::Unknown,
            (Trust::All, _) => Match::Yes,
            (Trust::None, _) => Match::No,
            (Trust::Of(tenants), Some(home)) => tenants.contains(&home).into(),
        }
    }
}

/// Every key, in the order of the manual.
pub(super) const KEYS: [&str; 7] = [
    "tenant-id",
    "mfa-trusted-ips",
    "inbound-mfa-trust",
    "inbound-device-trust",
    "password-writeback",
    "break-glass",
    "privileged-roles",
];

const SYNTAX_HELP: &str = "write one `key = value` a line, texts in double quotes";

impl Settings {
    pub(super) fn read(path: &str, text: &str, diagnostics: &mut Diagnostics) -> Result<Settings, Fault> {
        let table = Table::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let message = format!("not TOML: {}", error.message().replace('\n', ", "));
            Fault::at(line_after(before), message, SYNTAX_HELP)
        })?;
        let file = File { text, table: &table };
        for key in table.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            let help = format!("known settings: {}", KEYS.join(", "));
            diagnostics.warn(Origin::row(path, file.line(key)), format!("`{key}` is not a setting: ignored"), &help);
        }
        Ok(Settings {
            tenant_id: file.one("tenant-id", "a text", |value| value.as_str().map(folded))?,
            mfa_trusted_ips: file.networks("mfa-trusted-ips")?,
            inbound_mfa_trust: file.trust("inbound-mfa-trust")?,
            inbound_device_trust: file.trust("inbound-device-trust")?,
            password_writeback: file.one("password-writeback", "`true` or `false`", Value::as_bool)?,
            break_glass: file.ids("break-glass")?,
            privileged_roles: file.ids("privileged-roles")?,
        })
    }
}

#[derive(Debug)]
struct File<'t> {
    text: &'t str,
    table: &'t Table,
}

impl File<'_> {
    fn one<T>(&self, key: &str, wanted: &str, read: impl Fn(&Value) -> Option<T>) -> Result<Option<T>, Fault> {
        let Some(value) = self.table.get(key) else { return Ok(None) };
        let wrong = || Fault::at(self.line(key), format!("`{key}` must be {wanted}"), SYNTAX_HELP);
        read(value).map(Some).ok_or_else(wrong)
    }

    fn ids(&self, key: &str) -> Result<Vec<String>, Fault> {
        Ok(self.one(key, "a list of ids, such as `[\"id\", \"id\"]`", ids)?.unwrap_or_default())
    }

    fn trust(&self, key: &str) -> Result<Trust, Fault> {
        let trust = self.one(key, "`\"all\"`, `\"none\"` or a list of tenant ids", |value| {
            match value.as_str().map(folded).as_deref() {
                Some("all") => Some(Trust::All),
                Some("none") => Some(Trust::None),
                Some(_) => None,
                None => ids(value).map(|ids| Trust::Of(ids.into_iter().collect())),
            }
        })?;
        Ok(trust.unwrap_or_default())
    }

    fn networks(&self, key: &str) -> Result<Option<Vec<IpNet>>, Fault> {
        self.one(key, "a list of addresses or ranges, such as `[\"203.0.113.0/24\"]`", |value| {
            value.as_array()?.iter().map(|item| network(item.as_str()?.trim())).collect()
        })
    }

    /// The line that sets this key, counted from 1.
    fn line(&self, key: &str) -> u64 {
        let sets = |line: &str| {
            let rest = line.trim_start().trim_start_matches(['[', '"', '\'']).strip_prefix(key);
            rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(['=', '.', ']']))
        };
        let place = self.text.lines().position(sets).unwrap_or_default();
        u64::try_from(place).unwrap_or_default() + 1
    }
}

fn ids(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(folded)).collect()
}

/// A range, or a single host.
fn network(text: &str) -> Option<IpNet> {
    IpNet::from_str(text).ok().or_else(|| parse_address(text).map(IpNet::from))
}

fn line_after(before: &str) -> u64 {
    u64::try_from(before.matches('\n').count()).unwrap_or_default() + 1
}

#[cfg(test)]
mod tests {
    use super::{Settings, Trust};
    use crate::diagnostic::Diagnostics;
    use crate::domain::Match;

    fn read(text: &str) -> Result<(Settings, Vec<String>), String> {
        let mut diagnostics = Diagnostics::default();
        let settings = Settings::read("tenant.toml", text, &mut diagnostics);
        let said = diagnostics.iter().map(|it| format!("{}: {}", it.origin, it.message)).collect();
        settings.map(|it| (it, said)).map_err(|fault| format!("{}: {}", fault.line.unwrap(), fault.message))
    }

    #[test]
    fn settings_are_read_and_ids_folded() {
        let text = "tenant-id = \"T0\"\nmfa-trusted-ips = [\"203.0.113.0/24\", \"198.51.100.7\"]
            inbound-mfa-trust = \"All\"\ninbound-device-trust = [\"T1\"]\npassword-writeback = false
            break-glass = [\"U1\"]\nprivileged-roles = []";
        let (settings, said) = read(text).unwrap();
        assert_eq!(
            settings,
            Settings {
                tenant_id: Some("t0".to_owned()),
                mfa_trusted_ips: Some(vec!["203.0.113.0/24".parse().unwrap(), "198.51.100.7/32".parse().unwrap()]),
                inbound_mfa_trust: Trust::All,
                inbound_device_trust: Trust::Of(["t1".to_owned()].into()),
                password_writeback: Some(false),
                break_glass: vec!["u1".to_owned()],
                privileged_roles: Vec::new(),
            }
        );
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(read("").unwrap().0, Settings::default());
    }

    #[test]
    fn trust_depends_on_the_home_tenant_only_where_tenants_are_listed() {
        let listed = Trust::Of(["t1".to_owned()].into());
        for (trust, home, expected) in [
            (&Trust::NotSupplied, Some("t1"), Match::Unknown),
            (&Trust::All, None, Match::Yes),
            (&Trust::None, Some("t1"), Match::No),
            (&listed, Some("T1"), Match::Yes),
            (&listed, Some("t2"), Match::No),
            (&listed, Some(""), Match::Unknown),
            (&listed, None, Match::Unknown),
        ] {
            assert_eq!(trust.of(home), expected, "{trust:?} of {home:?}");
        }
    }

    #[test]
    fn wrong_settings_are_named_with_their_line() {
        for (text, expected) in [
            ("\ntenant-id = 3", "2: `tenant-id` must be a text"),
            ("password-writeback = \"yes\"", "1: `password-writeback` must be `true` or `false`"),
            ("break-glass = \"u\"", "1: `break-glass` must be a list of ids, such as `[\"id\", \"id\"]`"),
            (
                "inbound-mfa-trust = \"some\"",
                "1: `inbound-mfa-trust` must be `\"all\"`, `\"none\"` or a list of tenant ids",
            ),
            (
                "a = 1\nmfa-trusted-ips = [\"home\"]",
                "2: `mfa-trusted-ips` must be a list of addresses or ranges, such as `[\"203.0.113.0/24\"]`",
            ),
        ] {
            assert_eq!(read(text), Err(expected.to_owned()), "{text}");
        }
        assert!(read("a = 1\nb = ").unwrap_err().starts_with("2: not TOML: "));
        assert_eq!(
            read("# x\n tenant_id = \"t\"").unwrap().1,
            ["tenant.toml:2: `tenant_id` is not a setting: ignored"]
        );
    }
}

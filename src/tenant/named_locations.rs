//! Named locations (semantics 1.7, 2.5; C15; formats, trap 41): `namedLocations.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use ipnet::IpNet;
use serde_json::Value;

use crate::diagnostic::{Diagnostics, Origin};
use crate::domain::folded;

use super::source::{Fault, Record, Records, squeezed};

/// The id that "All Compliant Network locations" has in every tenant.
const COMPLIANT_NETWORK: &str = "3d46dbda-8382-466a-856d-eb00cbc6b910";

/// Every named location of the tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedLocations {
    all: Vec<NamedLocation>, // INVARIANT: in the order of the file.
}

/// One named location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedLocation {
    /// Its id, folded; empty in hand-written files.
    pub id: String,
    /// Its name.
    pub display_name: String,
    /// Counts for `AllTrusted`: only IP locations can (LOC-6).
    pub trusted: bool,
    /// What it is made of.
    pub kind: LocationKind,
}

/// What a named location is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocationKind {
    /// Ranges of addresses.
    Ip(Vec<IpRange>),
    /// Countries.
    Country {
        /// Two-letter codes, folded.
        countries: BTreeSet<String>,
        /// Whether sign-ins from no known country belong to it.
        include_unknown: bool,
        /// Looked up by GPS, which no log records.
        by_gps: bool,
    },
    /// Global Secure Access.
    CompliantNetwork,
    /// A kind that we do not know.
    Unknown,
}

/// Addresses from one to another, both included; of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpRange {
    first: IpAddr,
    last: IpAddr,
}

impl NamedLocations {
    /// The location of this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&NamedLocation> {
        let id = folded(id);
        self.all.iter().find(|location| location.id == id && !id.is_empty())
    }

    /// All of them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &NamedLocation> {
        self.all.iter()
    }

    pub(super) fn add(&mut self, records: &Records, diagnostics: &mut Diagnostics) -> Result<(), Fault> {
        // `AllTrusted` says no where no location matches: one that is missing would count as not there.
        records.whole()?;
        for record in &records.all {
            let location = read(record)?;
            let origin = Origin::row(&records.path, record.line);
            if location.id.is_empty() {
                let message = format!("named location `{}` has no id: no policy can name it", location.display_name);
                diagnostics.warn(origin.clone(), message, "export GET /identity/conditionalAccess/namedLocations");
            }
            if location.kind == LocationKind::Unknown {
                let message = format!("named location `{}` is of an unknown kind", location.display_name);
                diagnostics.warn(origin, message, "whether it matches is unknown");
            }
            self.all.push(location);
        }
        Ok(())
    }
}

fn read(record: &Record) -> Result<NamedLocation, Fault> {
    let id = record.text("id").map(folded).unwrap_or_default();
    // `@odata.type` decides; hand-written files say `locationType`; else what it is made of tells.
    let kind = record.first_text(&["@odata.type", "locationType"]).map(squeezed_type).unwrap_or_default();
    let kind = match kind.as_str() {
        // One that does not say what it is made of may hold anything: unknown, never empty.
        "ipnamedlocation" if record.has("ipRanges") => LocationKind::Ip(ranges(record)?),
        "countrynamedlocation" if record.has("countriesAndRegions") => country(record)?,
        "compliantnetworknamedlocation" => LocationKind::CompliantNetwork,
        _ if id == COMPLIANT_NETWORK => LocationKind::CompliantNetwork,
        "" if record.has("ipRanges") => LocationKind::Ip(ranges(record)?),
        "" if record.has("countriesAndRegions") => country(record)?,
        "" if record.has("compliantNetworkType") => LocationKind::CompliantNetwork,
        _ => LocationKind::Unknown,
    };
    // Countries cannot be trusted (trap 38), and the compliant network is not (LOC-6).
    let trusted =
        matches!(kind, LocationKind::Ip(_) | LocationKind::Unknown) && record.flag("isTrusted")? == Some(true);
    Ok(NamedLocation { id, display_name: record.text("displayName").unwrap_or_default().to_owned(), trusted, kind })
}

fn squeezed_type(text: &str) -> String {
    squeezed(text.rsplit('.').next().unwrap_or(text))
}

fn country(record: &Record) -> Result<LocationKind, Fault> {
    Ok(LocationKind::Country {
        countries: record.list("countriesAndRegions").iter().map(|country| folded(country)).collect(),
        include_unknown: record.flag("includeUnknownCountriesAndRegions")? == Some(true),
        by_gps: record.text("countryLookupMethod").is_some_and(|method| folded(method) == "authenticatorappgps"),
    })
}

fn ranges(record: &Record) -> Result<Vec<IpRange>, Fault> {
    let Some(Value::Array(ranges)) = record.value("ipRanges") else { return Ok(Vec::new()) };
    ranges
        .iter()
        .map(|range| {
            read_range(range).ok_or_else(|| {
                let message = format!("`{range}` is no range of addresses");
                Fault::at(record.line, message, "write it as {\"cidrAddress\": \"203.0.113.0/24\"}")
            })
        })
        .collect()
}

fn read_range(range: &Value) -> Option<IpRange> {
    let members: BTreeMap<String, &str> = match range {
        Value::Object(members) => {
            members.iter().filter_map(|(name, value)| Some((squeezed(name), value.as_str()?))).collect()
        }
        Value::String(text) => return IpRange::read(text),
        _ => return None,
    };
    match (members.get("cidraddress"), members.get("loweraddress"), members.get("upperaddress")) {
        (Some(cidr), _, _) => IpRange::read(cidr),
        (None, Some(first), Some(last)) => IpRange::between(parse_address(first)?, parse_address(last)?),
        _ => None,
    }
}

impl IpRange {
    /// From CIDR notation; an address by itself is a single host.
    #[must_use]
    pub fn read(text: &str) -> Option<IpRange> {
        let text = text.trim();
        if !text.contains('/') {
            return parse_address(text).map(|host| IpRange { first: host, last: host });
        }
        let net = IpNet::from_str(text).ok()?;
        let (first, last) = (net.network(), net.broadcast());
        IpRange::between(canonical(first), canonical(last))
    }

    /// From one address to another of the same family.
    #[must_use]
    pub fn between(first: IpAddr, last: IpAddr) -> Option<IpRange> {
        (first.is_ipv4() == last.is_ipv4() && first <= last).then_some(IpRange { first, last })
    }

    /// Whether this address is in the range (LOC-2).
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = canonical(address);
        address.is_ipv4() == self.first.is_ipv4() && self.first <= address && address <= self.last
    }
}

/// An address as a log writes it, compared as LOC-2 says: IPv4 out of IPv6, without port, brackets and zone.
#[must_use]
pub fn parse_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let host = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            let numbered = port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
            if !port.is_empty() && !numbered {
                return None;
            }
            host
        }
        None => match text.split_once(':') {
            // One colon only: an IPv4 address and a port.
            Some((host, port)) if !port.contains(':') => {
                port.parse::<u16>().ok()?;
                host
            }
            _ => text,
        },
    };
    match host.split_once('%') {
        Some((host, _)) => host.parse::<Ipv6Addr>().ok().map(|address| canonical(address.into())),
        None => host.parse().ok().map(canonical),
    }
}

fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::{IpRange, LocationKind, NamedLocations, parse_address};
    use crate::diagnostic::Diagnostics;
    use crate::tenant::source::Records;

    #[test]
    fn addresses_of_logs_are_read_in_every_spelling() {
        for (text, expected) in [
            ("203.0.113.7", Some("203.0.113.7")),
            (" 203.0.113.7 ", Some("203.0.113.7")),
            ("203.0.113.7:50123", Some("203.0.113.7")),
            ("203.0.113.7:x", None),
            ("::ffff:203.0.113.7", Some("203.0.113.7")),
            ("::FFFF:cb00:7107", Some("203.0.113.7")),
            ("[::ffff:203.0.113.7]:443", Some("203.0.113.7")),
            ("2001:DB8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            ("[2001:db8::1]x", None),
            ("fe80::1%eth0", Some("fe80::1")),
            ("fe80::1%12", Some("fe80::1")),
            ("203.0.113.7%1", None),
            ("203.0.113", None),
            ("203.0.113.xxx", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(parse_address(text).map(|address| address.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_range_holds_its_ends_and_nothing_of_the_other_family() {
        for (range, inside, outside) in [
            (
                "203.0.113.0/24",
                &["203.0.113.0", "203.0.113.255", "::ffff:203.0.113.9"][..],
                &["203.0.114.0", "::1"][..],
            ),
            ("203.0.113.9/24", &["203.0.113.0"], &["203.0.112.255"]),
            ("203.0.113.7/32", &["203.0.113.7"], &["203.0.113.8"]),
            ("203.0.113.7", &["203.0.113.7"], &["203.0.113.6"]),
            ("2001:db8:1::/48", &["2001:db8:1:ffff::1"], &["2001:db8:2::", "203.0.113.1"]),
            ("::ffff:203.0.113.0/120", &["203.0.113.5"], &["203.0.114.5"]),
            ("0.0.0.0/0", &["255.255.255.255"], &["::1"]),
        ] {
            let range = IpRange::read(range).unwrap();
            assert!(inside.iter().all(|address| range.contains(address.parse().unwrap())), "{range:?}");
            assert!(outside.iter().all(|address| !range.contains(address.parse().unwrap())), "{range:?}");
        }
        assert_eq!(IpRange::read("203.0.113.0/33"), None);
    }

    fn locations(text: &str) -> (NamedLocations, Vec<String>) {
        let (mut locations, mut diagnostics) = (NamedLocations::default(), Diagnostics::default());
        locations.add(&Records::read("l.json", text.as_bytes()).unwrap(), &mut diagnostics).unwrap();
        let said = diagnostics.iter().map(|it| it.message.clone()).collect();
        (locations, said)
    }

    #[test]
    fn the_kind_comes_from_the_type_else_from_the_members() {
        let text = r##"{"value": [
            {"@odata.type": "#microsoft.graph.ipNamedLocation", "id": "A", "displayName": "HQ", "isTrusted": true,
             "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "203.0.113.0/24"},
                          {"lowerAddress": "198.51.100.1", "upperAddress": "198.51.100.9", "description": "x"}]},
            {"locationType": "countryNamedLocation", "id": "b", "isTrusted": true, "countriesAndRegions": ["NL", "de"],
             "includeUnknownCountriesAndRegions": true, "countryLookupMethod": "authenticatorAppGps"},
            {"id": "c", "countriesAndRegions": ["BE"]},
            {"id": "3D46dbda-8382-466a-856d-eb00cbc6b910", "isTrusted": true},
            {"id": "d", "displayName": "new", "@odata.type": "#microsoft.graph.moonNamedLocation"},
            {"displayName": "nameless", "ipRanges": ["192.0.2.0/24"]}]}"##;
        let (locations, said) = locations(text);
        let hq = locations.find("a").unwrap();
        let LocationKind::Ip(ranges) = &hq.kind else { panic!("{hq:?}") };
        assert!(hq.trusted && ranges[1].contains("198.51.100.9".parse().unwrap()));
        let country = locations.find("B").unwrap();
        let countries = ["de".to_owned(), "nl".to_owned()].into();
        assert_eq!(country.kind, LocationKind::Country { countries, include_unknown: true, by_gps: true });
        assert!(!country.trusted, "a country cannot be trusted");
        let be = LocationKind::Country { countries: ["be".to_owned()].into(), include_unknown: false, by_gps: false };
        assert_eq!(locations.find("c").unwrap().kind, be);
        let compliant = locations.find("3d46dbda-8382-466a-856d-eb00cbc6b910").unwrap();
        assert_eq!((&compliant.kind, compliant.trusted), (&LocationKind::CompliantNetwork, false));
        assert_eq!(locations.find("d").unwrap().kind, LocationKind::Unknown);
        assert_eq!((locations.find(""), locations.iter().count()), (None, 6));
        assert_eq!(
            said,
            [
                "named location `new` is of an unknown kind",
                "named location `nameless` has no id: no policy can name it",
            ]
        );
    }

    #[test]
    fn a_range_that_is_none_breaks_the_file() {
        let text = b"[{\"id\": \"a\",\n\"ipRanges\": [{\"cidrAddress\": \"here\"}]}]";
        let records = Records::read("l.json", text).unwrap();
        let fault = NamedLocations::default().add(&records, &mut Diagnostics::default()).unwrap_err();
        assert_eq!(fault.message, "`{\"cidrAddress\":\"here\"}` is no range of addresses");
    }
}

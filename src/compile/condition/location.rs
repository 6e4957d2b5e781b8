//! Named locations (2.5, LOC-1 … LOC-6, C15, NUL-3).

use crate::compile::answer::Answer;
use crate::compile::dimension::Place;
use crate::compile::recorded::{ALL_TRUSTED, Of, said};
use crate::domain::{Match, folded};
use crate::policy::wire::Locations;
use crate::tenant::{LocationKind, Tenant};

/// "All Compliant Network locations", the same in every tenant (1.7).
pub const COMPLIANT_NETWORK: &str = "3d46dbda-8382-466a-856d-eb00cbc6b910";
/// "MFA Trusted IPs" of the legacy service settings.
pub const MFA_TRUSTED_IPS: &str = "00000000-0000-0000-0000-000000000000";

/// Both lists empty: not configured (NUL-1).
pub(super) fn is_configured(locations: &Locations) -> bool {
    !(locations.include_locations.is_empty() && locations.exclude_locations.is_empty())
}

/// Included and not excluded; an exclude list alone includes all (NUL-3).
pub(super) fn answer(locations: &Locations, place: &Place, tenant: &Tenant) -> Answer {
    let included = if locations.include_locations.is_empty() {
        Answer::known(true)
    } else {
        is_any(&locations.include_locations, place, tenant)
    };
    included.and(is_any(&locations.exclude_locations, place, tenant).not())
}

fn is_any(tokens: &[String], place: &Place, tenant: &Tenant) -> Answer {
    Answer::any(tokens.iter().map(|token| {
        let token = folded(token);
        match (by_folder(&token, place, tenant), said(&place.proven, Of::Location, &token)) {
            // A location is taken as it is now (LOC-4 b); a record settles what nothing else does (CON-7).
            (Answer { is: Match::Unknown, .. }, Some(holds)) => Answer::known(holds),
            (answer, _) => answer,
        }
    }))
}

/// Whether the row is at a location (folded token), by the tenant's own definition of it.
fn by_folder(token: &str, place: &Place, tenant: &Tenant) -> Answer {
    match token {
        "all" => Answer::known(true),
        ALL_TRUSTED => is_trusted(place, tenant),
        COMPLIANT_NETWORK => Answer::known(place.through_global_secure_access),
        MFA_TRUSTED_IPS => match &tenant.settings.mfa_trusted_ips {
            Some(_) => in_mfa_trusted_ips(place, tenant),
            None => Answer::unknown("mfa-trusted-ips"),
        },
        id => is_named(id, place, tenant),
    }
}

/// What the folder's definitions say of a location (folded token); unknown without them, or where they are not asked.
pub(super) fn folder_says(token: &str, place: &Place, tenant: &Tenant) -> Match {
    let is_defined = tenant.named_locations.is_some() && token != COMPLIANT_NETWORK;
    if is_defined { by_folder(token, place, tenant).is } else { Match::Unknown }
}

fn is_named(id: &str, place: &Place, tenant: &Tenant) -> Answer {
    match tenant.named_locations.as_ref().and_then(|locations| locations.find(id)) {
        Some(location) => of_kind(&location.kind, place),
        None => Answer::unknown("namedLocations"),
    }
}

fn of_kind(kind: &LocationKind, place: &Place) -> Answer {
    match kind {
        LocationKind::Ip(ranges) => match place.address {
            Some(address) => Answer::known(ranges.iter().any(|range| range.contains(address))),
            None => Answer::unknown("ipAddress"),
        },
        // GPS positions are in no log (LOC-10).
        LocationKind::Country { by_gps: true, .. } => Answer::unknown("gpsLocation"),
        LocationKind::Country { countries, include_unknown, by_gps: false } => Answer::known(match &place.country {
            Some(country) => countries.contains(country),
            None => *include_unknown,
        }),
        LocationKind::CompliantNetwork => Answer::known(place.through_global_secure_access),
        LocationKind::Unknown => Answer::unknown("namedLocations"),
    }
}

/// Every trusted IP location and the legacy list; country locations cannot be trusted (trap 38, C15).
fn is_trusted(place: &Place, tenant: &Tenant) -> Answer {
    let Some(locations) = &tenant.named_locations else { return recorded_as_trusted(place) };
    Answer::any(
        locations
            .iter()
            // A trusted location of a kind that we do not know may hold any address.
            .filter(|location| location.trusted && matches!(location.kind, LocationKind::Ip(_) | LocationKind::Unknown))
            .map(|location| of_kind(&location.kind, place)),
    )
    .or(in_mfa_trusted_ips(place, tenant))
}

/// Without an export: what the row recorded then (LOC-4 a). An empty list says nothing (C15).
fn recorded_as_trusted(place: &Place) -> Answer {
    if place.networks.is_empty() {
        return Answer::unknown("namedLocations");
    }
    Answer::known(
        place
            .networks
            .iter()
            .any(|network| ["trusted", "trustednamedlocation"].contains(&folded(&network.network_type).as_str())),
    )
}

/// The legacy list, IPv4 only; not supplied is none here (C15).
fn in_mfa_trusted_ips(place: &Place, tenant: &Tenant) -> Answer {
    let Some(trusted) = tenant.settings.mfa_trusted_ips.as_ref().filter(|trusted| !trusted.is_empty()) else {
        return Answer::known(false);
    };
    match place.address {
        Some(address) => Answer::known(address.is_ipv4() && trusted.iter().any(|range| range.contains(&address))),
        None => Answer::unknown("ipAddress"),
    }
}

//! Named locations (semantics 1.7, 2.5). What a location is, only the tenant folder knows.

use crate::diagnostic::Severity;
use crate::domain::folded;
use crate::lint::Lint;
use crate::lint::finding::quoted;
use crate::lint::subject::{Subject, holds};
use crate::policy::wire::Locations;
use crate::tenant::LocationKind;

const INCLUDE: &str = "conditions.locations.includeLocations";
const EXCLUDE: &str = "conditions.locations.excludeLocations";

/// Ids that every tenant has: the compliant network, and the trusted addresses of the old MFA settings (1.7).
const EVERYWHERE: [&str; 2] = ["3d46dbda-8382-466a-856d-eb00cbc6b910", "00000000-0000-0000-0000-000000000000"];

fn lists<'a>(subject: &Subject<'a>) -> Vec<(&'static str, &'a [String])> {
    let of = |it: &'a Locations| [(INCLUDE, &*it.include_locations), (EXCLUDE, &*it.exclude_locations)];
    subject.conditions().locations.iter().flat_map(of).collect()
}

/// A location that is not there. The export of named locations is complete, or it is not read.
pub(in crate::lint) const UNKNOWN: Lint = Lint {
    id: "unknown-location",
    severity: Severity::Error,
    rule: "LOC-5",
    about: "a location id that the complete export of named locations does not have",
    check: |subject, found| {
        let Some(known) = &subject.tenant.named_locations else { return };
        for (pointer, list) in lists(subject) {
            let is_id = |token: &&String| super::ids::is_guid(token) && !EVERYWHERE.contains(&folded(token).as_str());
            let strange: Vec<&String> = list.iter().filter(|id| is_id(id) && known.find(id).is_none()).collect();
            if !strange.is_empty() {
                found.at(
                    pointer,
                    format!("no named location of the tenant folder has the id {}", quoted(&strange)),
                    "name a location that exists, or export the named locations again",
                );
            }
        }
    },
};

/// Trusted locations, and none is trusted.
pub(in crate::lint) const NONE_TRUSTED: Lint = Lint {
    id: "no-trusted-location",
    severity: Severity::Warning,
    rule: "LOC-6",
    about: "`AllTrusted` is named, and the tenant folder has no trusted location",
    check: |subject, found| {
        let Some(known) = &subject.tenant.named_locations else { return };
        let trusted_ips = subject.tenant.settings.mfa_trusted_ips.as_ref();
        if known.iter().any(|location| location.trusted) || trusted_ips.is_some_and(|ips| !ips.is_empty()) {
            return;
        }
        for (pointer, list) in lists(subject) {
            if holds(list, "AllTrusted") {
                let effect =
                    if pointer == INCLUDE { "the policy applies nowhere by it" } else { "nothing is excluded by it" };
                found.at(
                    pointer,
                    format!("no named location of the tenant folder is trusted: {effect}"),
                    "mark an IP location as trusted, or give `mfa-trusted-ips` in tenant.toml",
                );
            }
        }
    },
};

/// Locations that ask people for their position.
pub(in crate::lint) const GPS: Lint = Lint {
    id: "gps-location-prompts",
    severity: Severity::Note,
    rule: "LOC-10",
    about: "a location that is looked up by GPS asks people for it, in report-only mode too",
    check: |subject, found| {
        let Some(known) = &subject.tenant.named_locations else { return };
        for (pointer, list) in lists(subject) {
            let by_gps = |id: &&String| {
                let location = known.find(id);
                location.is_some_and(|it| matches!(it.kind, LocationKind::Country { by_gps: true, .. }))
            };
            let asked: Vec<&String> = list.iter().filter(by_gps).collect();
            if !asked.is_empty() {
                found.at(
                    pointer,
                    format!(
                        "looked up by GPS, so that people are asked for it, in report-only mode too: {}",
                        quoted(&asked)
                    ),
                    "no log records the position: replay a copy that looks countries up by IP address",
                );
            }
        }
    },
};

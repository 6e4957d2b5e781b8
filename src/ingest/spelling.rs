//! Words that only log files use, and how they are written there.

/// Condition names by bit (FLD-3, CON-5).
const CONDITIONS: [&str; 17] = [
    "application",
    "users",
    "devicePlatform",
    "location",
    "clientType",
    "signInRisk",
    "userRisk",
    "time",
    "deviceState",
    "client",
    "ipAddressSeenByAzureAD",
    "ipAddressSeenByResourceProvider",
    "unknownFutureValue",
    "servicePrincipals",
    "servicePrincipalRisk",
    "authenticationFlows",
    "insiderRisk",
];

/// Results of a recorded policy by number (FLD-3).
const RESULTS: [&str; 10] = [
    "success",
    "failure",
    "notApplied",
    "notEnabled",
    "unknown",
    "unknownFutureValue",
    "reportOnlySuccess",
    "reportOnlyFailure",
    "reportOnlyNotApplied",
    "reportOnlyInterrupted",
];

/// `conditionalAccessStatus` by number (FLD-3).
const STATUSES: [&str; 4] = ["success", "failure", "notApplied", "unknownFutureValue"];

/// Diagnostic categories and Log Analytics tables of sign-ins, folded, and the event type of their rows.
const STREAMS: &[(&str, &str)] = &[
    ("signinlogs", "interactiveUser"),
    ("noninteractiveusersigninlogs", "nonInteractiveUser"),
    ("aadnoninteractiveusersigninlogs", "nonInteractiveUser"),
    ("serviceprincipalsigninlogs", "servicePrincipal"),
    ("aadserviceprincipalsigninlogs", "servicePrincipal"),
    ("microsoftserviceprincipalsigninlogs", "servicePrincipal"),
    ("managedidentitysigninlogs", "managedIdentity"),
    ("aadmanagedidentitysigninlogs", "managedIdentity"),
    ("adfssigninlogs", "adfs"),
];

/// Categories and tables that hold something else, folded, and what that is.
const OTHER_STREAMS: &[(&str, &str)] = &[
    ("auditlogs", "audit logs"),
    ("userriskevents", "risk detections"),
    ("aaduserriskevents", "risk detections"),
    ("serviceprincipalriskevents", "risk detections of workloads"),
    ("aadserviceprincipalriskevents", "risk detections of workloads"),
    ("riskyusers", "risky users"),
    ("aadriskyusers", "risky users"),
    ("riskyserviceprincipals", "risky workloads"),
    ("aadriskyserviceprincipals", "risky workloads"),
    ("provisioninglogs", "provisioning logs"),
    ("aadprovisioninglogs", "provisioning logs"),
    ("microsoftgraphactivitylogs", "Microsoft Graph activity logs"),
    ("networkaccesstrafficlogs", "network access traffic logs"),
    ("officeactivity", "Office activity"),
];

/// How the admin center names its downloads, folded. Order matters: one name ends with another.
const DOWNLOADS: &[(&str, &str)] = &[
    ("noninteractivesignins_", "nonInteractiveUser"),
    ("interactivesignins_", "interactiveUser"),
    ("applicationsignins_", "servicePrincipal"),
    ("msisignins_", "managedIdentity"),
];

/// The event types of Graph.
const EVENT_TYPES: [&str; 4] = ["interactiveUser", "nonInteractiveUser", "servicePrincipal", "managedIdentity"];

/// The condition names of a bit mask, in the order of the bits; bits that have no name yet keep their number.
pub(crate) fn conditions_of(mask: u64) -> Vec<String> {
    let bits = (0..u64::BITS).filter(|bit| mask >> bit & 1 == 1);
    bits.map(|bit| match CONDITIONS.get(bit as usize) {
        Some(name) => (*name).to_owned(),
        None => (1_u64 << bit).to_string(),
    })
    .collect()
}

/// The place of a condition name in the order of the bits, and the name as Microsoft writes it.
pub(crate) fn condition(name: &str) -> Option<(usize, &'static str)> {
    CONDITIONS.iter().copied().enumerate().find(|(_, known)| known.eq_ignore_ascii_case(name))
}

/// The word for a recorded result; a word stays as it is.
pub(crate) fn result(text: &str) -> &str {
    numbered(&RESULTS, text)
}

/// The word for `conditionalAccessStatus`; a word stays as it is.
pub(crate) fn conditional_access_status(text: &str) -> &str {
    numbered(&STATUSES, text)
}

fn numbered<'a>(words: &[&'static str], text: &'a str) -> &'a str {
    text.parse::<usize>().ok().and_then(|number| words.get(number)).copied().unwrap_or(text)
}

/// The event type of the rows of a category or table, if they are sign-ins.
pub(crate) fn event_type_of_stream(name: &str) -> Option<&'static str> {
    find(STREAMS, name)
}

/// What a category or table holds that we know to hold something else.
pub(crate) fn other_stream(name: &str) -> Option<&'static str> {
    find(OTHER_STREAMS, name)
}

/// Whether a category or table holds risk detections of users.
pub(crate) fn is_stream_of_detections(name: &str) -> bool {
    ["userriskevents", "aaduserriskevents"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// An event type as Graph spells it.
pub(crate) fn event_type(text: &str) -> Option<&'static str> {
    EVENT_TYPES.iter().copied().find(|known| known.eq_ignore_ascii_case(text))
}

/// The event type that the name of an admin center download gives its rows.
pub(crate) fn event_type_of_download(path: &str) -> Option<&'static str> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_lowercase();
    DOWNLOADS.iter().find(|(mark, _)| name.contains(mark)).map(|(_, word)| *word)
}

/// The word for a folded text in a table like those above.
pub(crate) fn find(table: &[(&str, &'static str)], text: &str) -> Option<&'static str> {
    table.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(text)).map(|(_, word)| *word)
}

/// Whether an id stands for nobody: all zeros.
pub(crate) fn is_nobody(id: &str) -> bool {
    id.bytes().all(|byte| matches!(byte, b'0' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::{conditional_access_status, conditions_of, event_type_of_download, result};

    #[test]
    fn numbers_of_old_records_become_words() {
        assert_eq!(conditions_of(1035), ["application", "users", "location", "ipAddressSeenByAzureAD"]);
        assert_eq!(conditions_of(65536 + 131_072), ["insiderRisk", "131072"]);
        assert_eq!(conditions_of(0), Vec::<String>::new());
        assert_eq!(
            (result("9"), result("reportOnlyFailure"), result("10")),
            ("reportOnlyInterrupted", "reportOnlyFailure", "10")
        );
        assert_eq!((conditional_access_status("2"), conditional_access_status("success")), ("notApplied", "success"));
    }

    #[test]
    fn downloads_are_known_by_their_name() {
        for (path, expected) in [
            ("logs/InteractiveSignIns_2025-12-01_2025-12-04.csv", Some("interactiveUser")),
            ("NonInteractiveSignIns_2025-12-01_2025-12-04.json", Some("nonInteractiveUser")),
            ("x\\ApplicationSignIns_a.csv", Some("servicePrincipal")),
            ("MSISignIns_a (1).csv", Some("managedIdentity")),
            ("InteractiveSignIns_x/other.csv", None),
        ] {
            assert_eq!(event_type_of_download(path), expected, "{path}");
        }
    }
}

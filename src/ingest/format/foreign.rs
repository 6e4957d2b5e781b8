//! Files that administrators export beside sign-ins: named for what they are, never read.

use crate::ingest::container::Head;
use crate::ingest::spelling;

/// What a file holds, and how its first record shows it.
type Sign = (&'static str, fn(&Head) -> bool);

const SIGNS: &[Sign] = &[
    ("audit logs", |head| head.has("targetresources") || head.has("activitydisplayname")),
    ("audit logs", |head| head.has("activity") && head.has("actortype")),
    ("Office activity", |head| head.has("officeworkload") || head.has("auditdata")),
    ("risk detections", |head| head.has("riskeventtype")),
    ("risky users", |head| head.has("risklevel") && head.has("risklastupdateddatetime")),
    ("Microsoft Graph activity logs", |head| head.has("requesturi")),
    ("Conditional Access policies", |head| head.has("conditions") && (head.has("grantcontrols") || head.has("state"))),
    ("named locations", |head| head.has("ipranges") || head.has("countriesandregions")),
    ("authentication method registrations", |head| head.has("methodsregistered") || head.has("ismfaregistered")),
    ("verdicts of this program", |head| head.has("effect_least") && head.has("effect_most")),
    ("an error message of Microsoft Graph", |head| head.has("error") && head.keys.len() == 1),
];

/// What a file that begins like this holds instead of sign-ins, if we know.
pub(crate) fn what_else(head: &Head) -> Option<&'static str> {
    let by_category = head.category.as_deref().and_then(spelling::other_stream);
    let by_context = || {
        let context = head.context.as_deref()?.to_lowercase();
        let parts =
            [("directoryaudits", "audit logs"), ("riskyusers", "risky users"), ("riskdetections", "risk detections")];
        parts.into_iter().find(|(part, _)| context.contains(part)).map(|(_, what)| what)
    };
    by_category.or_else(by_context).or_else(|| SIGNS.iter().find(|(_, shows)| shows(head)).map(|(what, _)| *what))
}

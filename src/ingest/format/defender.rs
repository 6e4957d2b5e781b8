//! Defender XDR advanced hunting: `AADSignInEventsBeta` and its successor `EntraIdSignInEvents`.
//!
//! Numbers stand for words. Neither table holds the level during sign-in, only the aggregated one, which may have
//! been raised later: sign-in risk stays unknown (formats, section 7).

use super::{Format, Names, ORDINARY, is_json, is_ndjson};
use crate::ingest::container::{Head, Shape};
use crate::ingest::record::Member;

const COLUMNS: Names = &[
    ("timestamp", Member::Created),
    ("requestid", Member::Id),
    ("correlationid", Member::CorrelationId),
    ("accountobjectid", Member::UserId),
    ("accountupn", Member::UserPrincipalName),
    ("isguestuser", Member::IsGuest),
    ("application", Member::AppDisplayName),
    ("applicationid", Member::AppId),
    ("resourcedisplayname", Member::ResourceDisplayName),
    ("resourceid", Member::ResourceId),
    ("resourcetenantid", Member::ResourceTenantId),
    ("logontype", Member::EventTypes),
    ("errorcode", Member::ErrorCode),
    ("sessionid", Member::SessionId),
    ("entraiddeviceid", Member::DeviceId),
    ("aaddeviceid", Member::DeviceId),
    ("devicename", Member::DeviceName),
    ("osplatform", Member::OperatingSystem),
    ("devicetrusttype", Member::TrustType),
    ("ismanaged", Member::IsManaged),
    ("iscompliant", Member::IsCompliant),
    ("browser", Member::Browser),
    ("authenticationrequirement", Member::AuthenticationRequirement),
    ("tokenissuertype", Member::TokenIssuerType),
    ("risklevelaggregated", Member::RiskLevelAggregated),
    ("riskstate", Member::RiskState),
    ("riskdetails", Member::RiskDetail),
    ("useragent", Member::UserAgent),
    ("clientappused", Member::ClientAppUsed),
    ("conditionalaccesspolicies", Member::Policies),
    ("conditionalaccessstatus", Member::ConditionalAccessStatus),
    ("ipaddress", Member::IpAddress),
    ("country", Member::Country),
    ("state", Member::State),
    ("city", Member::City),
    ("networklocationdetails", Member::Networks),
    ("isthroughglobalsecureaccess", Member::ThroughGlobalSecureAccess),
];

/// What the hunting API wraps its rows in.
const RESULT: Names = &[("results", Member::List), ("value", Member::List)];

pub(super) const JSON: Format = Format {
    name: "defender-json",
    recognises: |head| is_json(head) && is_event(head),
    generation: table,
    members: &[RESULT, COLUMNS],
    records_risk: false,
    word,
    ..ORDINARY
};

pub(super) const NDJSON: Format =
    Format { name: "defender-ndjson", recognises: |head| is_ndjson(head) && is_event(head), ..JSON };

pub(super) const CSV: Format = Format {
    name: "defender-csv",
    recognises: |head| head.shape == Shape::Csv && is_event(head),
    members: &[COLUMNS],
    ..JSON
};

fn is_event(head: &Head) -> bool {
    head.has("timestamp") && head.has("accountupn") && head.has("requestid")
}

/// The successor has lost one of the two columns for the device's id and got two others.
fn table(head: &Head) -> Option<&'static str> {
    let is_successor = head.has("isthroughglobalsecureaccess") || head.has("uniquetokenid");
    match (head.has("aaddeviceid"), is_successor) {
        (true, _) => Some("AADSignInEventsBeta"),
        (false, true) => Some("EntraIdSignInEvents"),
        (false, false) => None,
    }
}

fn word(member: Member, text: &str) -> Option<&'static str> {
    let table: &[(&str, &str)] = match member {
        // 0 is "not set", which is not the same as none.
        Member::RiskLevelAggregated => &[("0", ""), ("1", "none"), ("10", "low"), ("50", "medium"), ("100", "high")],
        Member::RiskState => &[
            ("0", "none"),
            ("1", "confirmedSafe"),
            ("2", "remediated"),
            ("3", "dismissed"),
            ("4", "atRisk"),
            ("5", "confirmedCompromised"),
        ],
        Member::TokenIssuerType => &[("0", "AzureAD"), ("1", "ADFederationServices")],
        Member::TrustType => &[
            ("workplace", "Azure AD registered"),
            ("azuread", "Azure AD joined"),
            ("serverad", "Hybrid Azure AD joined"),
        ],
        _ => return None,
    };
    table.iter().find(|(written, _)| written.eq_ignore_ascii_case(text)).map(|(_, word)| *word)
}

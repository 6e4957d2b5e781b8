//! The risky sign-ins of ID Protection as CSV: sign-ins with their levels, in columns that the reader chose.
//!
//! No real file of it is public, so the names are those of the grid (formats, section 3) and their neighbours in
//! the sign-in download; words are read as in both. A column that is not known is left alone.

use super::admin_center_csv::STATUSES;
use super::{Format, Names, ORDINARY, Slashes};
use crate::ingest::container::{Head, Shape};
use crate::ingest::record::Member;
use crate::ingest::spelling;

const COLUMNS: Names = &[
    ("date", Member::Created),
    ("date (utc)", Member::Created),
    ("request id", Member::Id),
    ("correlation id", Member::CorrelationId),
    ("user id", Member::UserId),
    ("username", Member::UserPrincipalName),
    ("user principal name", Member::UserPrincipalName),
    ("application", Member::AppDisplayName),
    ("application id", Member::AppId),
    ("resource", Member::ResourceDisplayName),
    ("resource id", Member::ResourceId),
    ("ip address", Member::IpAddress),
    ("location", Member::Location),
    ("sign-in status", Member::StatusWord),
    ("status", Member::StatusWord),
    ("sign-in error code", Member::ErrorCode),
    ("failure reason", Member::FailureReason),
    ("client app", Member::ClientAppUsed),
    ("device id", Member::DeviceId),
    ("browser", Member::Browser),
    ("operating system", Member::OperatingSystem),
    ("risk state", Member::RiskState),
    ("risk detail", Member::RiskDetail),
    ("risk level (aggregate)", Member::RiskLevelAggregated),
    ("risk level (real-time)", Member::RiskLevelDuringSignIn),
    ("risk level (realtime)", Member::RiskLevelDuringSignIn),
    ("detection type(s)", Member::RiskEventTypes),
    ("conditional access", Member::ConditionalAccessStatus),
];

pub(super) const CSV: Format = Format {
    name: "risky-sign-ins-csv",
    recognises: |head| head.shape == Shape::Csv && (head.has("date") || head.has("date (utc)")) && has_levels(head),
    generation: |head| (!head.has("request id")).then_some("chosen columns, without ids"),
    members: &[COLUMNS],
    slashes: Slashes::MustBeTold,
    may_lack_ids: true,
    word,
    ..ORDINARY
};

/// No other download has levels of risk.
pub(super) fn has_levels(head: &Head) -> bool {
    const LEVELS: [&str; 3] = ["risk level (aggregate)", "risk level (real-time)", "risk level (realtime)"];
    head.count(&LEVELS) > 0
}

const STATES: &[(&str, &str)] = &[
    ("atrisk", "atRisk"),
    ("confirmedcompromised", "confirmedCompromised"),
    ("confirmedsafe", "confirmedSafe"),
    ("aiconfirmedsigninsafe", "confirmedSafe"),
    ("dismissed", "dismissed"),
    ("remediated", "remediated"),
    ("none", "none"),
];

const LEVELS: &[(&str, &str)] = &[
    ("high", "high"),
    ("medium", "medium"),
    ("low", "low"),
    ("none", "none"),
    ("norisk", "none"),
    ("hidden", "hidden"),
];

fn word(member: Member, text: &str) -> Option<&'static str> {
    let table = match member {
        Member::RiskState => STATES,
        Member::RiskLevelAggregated | Member::RiskLevelDuringSignIn => LEVELS,
        Member::ConditionalAccessStatus => STATUSES,
        _ => return None,
    };
    let squeezed: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    spelling::find(table, &squeezed)
}

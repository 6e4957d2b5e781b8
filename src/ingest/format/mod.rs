//! The export formats, one file each, and how a file is recognised by what it holds.
//!
//! A new format is a file here and a line in [`FORMATS`]: its name, how its first record looks, and
//! a table from its names to [`Member`]s.

mod admin_center_csv;
mod authentication_details;
mod defender;
mod diagnostic;
mod elastic;
mod foreign;
mod graph;
mod log_analytics;
mod powershell;
mod risk_detections;
mod risky_sign_ins;

pub(crate) use foreign::what_else;

use super::container::{Head, Shape};
use super::record::Member;

/// Names of a format, folded, and what they stand for.
pub(crate) type Names = &'static [(&'static str, Member)];

/// What dates like `1/9/2026` mean when no date of the file decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slashes {
    /// The producer writes the month first; a note says that this was assumed.
    MonthFirst,
    /// The producer follows the user's language: somebody has to say.
    MustBeTold,
}

/// What the records of a format are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    SignIns,
    /// Steps of authentication of sign-ins in another file.
    Steps,
    /// Risk detections about sign-ins in other files.
    Detections,
}

/// An export format.
#[derive(Debug)]
pub(crate) struct Format {
    /// Stable, kebab-case.
    pub(crate) name: &'static str,
    /// Whether a file that begins like this is of this format.
    pub(crate) recognises: fn(&Head) -> bool,
    /// What its records are.
    pub(crate) holds: Holds,
    /// Which generation the names of the first record belong to, where they tell.
    pub(crate) generation: fn(&Head) -> Option<&'static str>,
    /// Names of a record's members.
    pub(crate) members: &'static [Names],
    /// Names inside the envelope, where there is one.
    pub(crate) properties: &'static [Names],
    /// Whether the format can record `riskLevelDuringSignIn`.
    pub(crate) records_risk: bool,
    /// See [`Slashes`].
    pub(crate) slashes: Slashes,
    /// Whether truth values that are false are left out (C17).
    pub(crate) absent_is_false: bool,
    /// Whether the name of the file tells the event type.
    pub(crate) is_download: bool,
    /// The event type of all rows, where there is only one.
    pub(crate) event_type: Option<&'static str>,
    /// Whether names are written with `_` between their words.
    pub(crate) is_snake_case: bool,
    /// Whether its tables are made by people's choice of columns, the id of the sign-in perhaps not among them:
    /// then a row is known by its file and number, and its copies elsewhere are not found.
    pub(crate) may_lack_ids: bool,
    /// Graph's word for a friendly one, where the format writes such.
    pub(crate) word: fn(Member, &str) -> Option<&'static str>,
}

/// Every format. The first one that recognises a file reads it; a test holds that there is only one.
pub(crate) const FORMATS: &[&Format] = &[
    &risk_detections::JSON,
    &risk_detections::CSV,
    &authentication_details::CSV,
    &risky_sign_ins::CSV,
    &defender::JSON,
    &defender::NDJSON,
    &defender::CSV,
    &elastic::JSON,
    &elastic::NDJSON,
    &diagnostic::JSON,
    &diagnostic::NDJSON,
    &log_analytics::TABLES,
    &log_analytics::JSON,
    &log_analytics::NDJSON,
    &log_analytics::CSV,
    &graph::JSON,
    &graph::NDJSON,
    &powershell::JSON,
    &powershell::CSV,
    &admin_center_csv::USERS,
    &admin_center_csv::WORKLOADS,
];

/// What most formats have in common; a format says what differs.
const ORDINARY: Format = Format {
    name: "",
    recognises: |_| false,
    holds: Holds::SignIns,
    generation: |_| None,
    members: &[graph::SIGN_IN],
    properties: &[],
    records_risk: true,
    slashes: Slashes::MonthFirst,
    absent_is_false: false,
    is_download: false,
    event_type: None,
    is_snake_case: false,
    may_lack_ids: false,
    word: |_, _| None,
};

impl Format {
    /// What a folded name stands for in a record.
    pub(crate) fn member(&self, folded: &str) -> Option<Member> {
        self.look_up(self.members, folded)
    }

    /// What a folded name stands for inside the envelope.
    pub(crate) fn property(&self, folded: &str) -> Option<Member> {
        self.look_up(self.properties, folded)
    }

    /// Whether a table with these columns is about people and has no column for their devices.
    pub(crate) fn lacks_devices(&self, head: &Head) -> bool {
        let has = |wanted: &[Member]| {
            head.keys.iter().any(|key| self.member(&key.to_lowercase()).is_some_and(|member| wanted.contains(&member)))
        };
        has(&[Member::UserId, Member::UserPrincipalName]) && !has(&[Member::Device, Member::DeviceId])
    }

    fn look_up(&self, tables: &[Names], folded: &str) -> Option<Member> {
        if self.is_snake_case { look_up(tables, &folded.replace('_', "")) } else { look_up(tables, folded) }
    }
}

fn look_up(tables: &[Names], folded: &str) -> Option<Member> {
    let find =
        |name: &str| tables.iter().copied().flatten().find(|(known, _)| *known == name).map(|(_, member)| *member);
    // A union of tables renames columns that clash in type (formats, 5a).
    let plain = || folded.strip_suffix("_dynamic").or_else(|| folded.strip_suffix("_string"));
    find(folded).or_else(|| plain().and_then(find))
}

/// The format of a file that begins like this.
pub(crate) fn recognised(head: &Head) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| (format.recognises)(head))
}

/// Names that only sign-ins have together: two of them are enough.
const TELLING: [&str; 11] = [
    "appid",
    "userid",
    "ipaddress",
    "clientappused",
    "conditionalaccessstatus",
    "correlationid",
    "risklevelduringsignin",
    "resourceid",
    "isinteractive",
    "devicedetail",
    "status",
];

fn is_graph_sign_in(head: &Head) -> bool {
    head.has("createddatetime") && head.count(&TELLING) >= 2 && !head.has("properties") && !head.has("timegenerated")
}

fn is_json(head: &Head) -> bool {
    head.shape == Shape::Json
}

fn is_ndjson(head: &Head) -> bool {
    head.shape == Shape::Ndjson
}

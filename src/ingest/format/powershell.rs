//! Sign-ins that went through the Graph PowerShell module: `ConvertTo-Json`, `Export-Csv`.
//!
//! Keys begin with a capital; Windows PowerShell writes dates as `/Date(…)/` or by the user's
//! culture; what is nested deeper than `-Depth` is left as the name of its type.
//! A list may come wrapped: `{"value": […], "Count": 2}`.

use super::{Format, Names, ORDINARY, Slashes, graph, is_graph_sign_in, is_json, is_ndjson};
use crate::ingest::container::{Head, Shape};
use crate::ingest::record::Member;

pub(super) const JSON: Format = Format {
    name: "powershell-json",
    recognises: |head| (is_json(head) || is_ndjson(head)) && is_capitalised(head),
    members: &[graph::PAGE, graph::SIGN_IN, graph::COMMON, graph::STRANGERS],
    slashes: Slashes::MustBeTold,
    ..ORDINARY
};

pub(super) const CSV: Format = Format {
    name: "powershell-csv",
    recognises: |head| is_table(head) && (head.has("id") && is_graph_sign_in(head) || is_chosen(head)),
    generation: |head| (!head.has("id")).then_some("chosen columns, without ids"),
    members: &[CHOSEN, graph::SIGN_IN, graph::COMMON, graph::STRANGERS],
    may_lack_ids: true,
    ..JSON
};

/// Names that administrators give to members of nested values (formats, section 4).
const CHOSEN: Names = &[
    ("city", Member::City),
    ("state", Member::State),
    ("country", Member::Country),
    ("browser", Member::Browser),
    ("os", Member::OperatingSystem),
    ("operatingsystem", Member::OperatingSystem),
    ("errorcode", Member::ErrorCode),
    ("status", Member::StatusWord),
];

fn is_table(head: &Head) -> bool {
    let is_log_analytics = head.zone.is_some() || head.has("type") || head.has("timegenerated");
    head.shape == Shape::Csv && head.has("createddatetime") && !is_log_analytics
}

/// A table of chosen columns, made by a script.
fn is_chosen(head: &Head) -> bool {
    const TELLING: [&str; 6] = [
        "risklevelduringsignin",
        "conditionalaccessstatus",
        "risklevelaggregated",
        "clientappused",
        "appdisplayname",
        "riskstate",
    ];
    !head.has("id") && head.has("userprincipalname") && head.count(&TELLING) >= 2
}

fn is_capitalised(head: &Head) -> bool {
    is_graph_sign_in(head) && head.is_written("CreatedDateTime")
}

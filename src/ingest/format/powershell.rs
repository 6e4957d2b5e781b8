//! Sign-ins that went through the Graph PowerShell module: `ConvertTo-Json`, `Export-Csv`.
//!
//! Keys begin with a capital; Windows PowerShell writes dates as `/Date(…)/` or by the user's
//! culture; what is nested deeper than `-Depth` is left as the name of its type.
//! A list may come wrapped: `{"value": […], "Count": 2}`.

use super::{Format, ORDINARY, Slashes, graph, is_graph_sign_in, is_json, is_ndjson};
use crate::ingest::container::{Head, Shape};

pub(super) const JSON: Format = Format {
    name: "powershell-json",
    recognises: |head| (is_json(head) || is_ndjson(head)) && is_capitalised(head),
    members: &[graph::PAGE, graph::SIGN_IN, graph::COMMON],
    slashes: Slashes::MustBeTold,
    ..ORDINARY
};

pub(super) const CSV: Format = Format {
    name: "powershell-csv",
    recognises: |head| {
        head.shape == Shape::Csv && head.has("id") && is_graph_sign_in(head) && head.zone.is_none() && !head.has("type")
    },
    ..JSON
};

fn is_capitalised(head: &Head) -> bool {
    is_graph_sign_in(head) && head.is_written("CreatedDateTime")
}

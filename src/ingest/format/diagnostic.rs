//! Diagnostic settings: an envelope with the sign-in in its `properties`, as lines (storage) or in
//! `records` batches (Event Hub). Other categories may be mixed in.

use super::{Format, Names, ORDINARY, elastic, graph, is_json, is_ndjson, risk_detections};
use crate::ingest::container::Head;
use crate::ingest::record::Member;

/// The envelope. Its `resourceId` is a path, its `location` a country.
const ENVELOPE: Names = &[
    ("records", Member::List),
    ("value", Member::List),
    ("properties", Member::Properties),
    ("time", Member::Delivered),
    ("category", Member::Category),
    ("resulttype", Member::ResultType),
    ("resultsignature", Member::ResultSignature),
    ("resultdescription", Member::ResultDescription),
    ("calleripaddress", Member::CallerIpAddress),
    ("correlationid", Member::EnvelopeCorrelationId),
    ("location", Member::Country),
];

pub(super) const JSON: Format = Format {
    name: "diagnostic-json",
    recognises: |head| is_json(head) && (is_envelope(head) || head.is_empty_list && head.has("records")),
    members: &[ENVELOPE],
    generation,
    properties: &[risk_detections::DETECTION, graph::SIGN_IN, graph::COMMON],
    absent_is_false: true,
    ..ORDINARY
};

pub(super) const NDJSON: Format =
    Format { name: "diagnostic-ndjson", recognises: |head| is_ndjson(head) && is_envelope(head), ..JSON };

fn is_envelope(head: &Head) -> bool {
    head.has("properties") && head.has("category") && !elastic::is_snake_case(head)
}

fn generation(head: &Head) -> Option<&'static str> {
    const SINCE: [(&str, &str); 2] = [("sessionid", "since 2024-11"), ("originaltransfermethod", "since 2023")];
    SINCE.into_iter().find(|(name, _)| head.has_inside(name)).map(|(_, generation)| generation)
}

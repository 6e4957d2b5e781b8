//! Elastic's Azure integration: a diagnostic record in snake case, where the original was not kept.
//!
//! The record lies under `azure.signinlogs`; Elastic moves the address to `source.ip`, the place to `geo`, the agent to
//! `user_agent.original`, the time of the envelope to `@timestamp` and the reason to `message`; `wrapping` brings them back.

use super::{Format, Names, ORDINARY, graph, is_json, is_ndjson};
use crate::ingest::container::Head;
use crate::ingest::record::Member;

/// The envelope, its names without `_`.
const ENVELOPE: Names = &[
    ("records", Member::List),
    ("properties", Member::Properties),
    ("category", Member::Category),
    ("resulttype", Member::ResultType),
    ("resultsignature", Member::ResultSignature),
    ("resultdescription", Member::ResultDescription),
    ("calleripaddress", Member::CallerIpAddress),
    ("sourceip", Member::CallerIpAddress),
    ("geocountry", Member::Country),
    ("georegion", Member::State),
    ("geocity", Member::City),
    ("useragentoriginal", Member::UserAgent),
    ("timestamp", Member::Delivered),
    ("failurereason", Member::FailureReason),
    ("correlationid", Member::EnvelopeCorrelationId),
];

const RENAMED: Names = &[("createdat", Member::Created)];

pub(super) const JSON: Format = Format {
    name: "elastic-json",
    recognises: |head| is_json(head) && is_snake_case(head),
    members: &[ENVELOPE],
    properties: &[RENAMED, graph::SIGN_IN, graph::COMMON],
    absent_is_false: true,
    is_snake_case: true,
    ..ORDINARY
};

pub(super) const NDJSON: Format =
    Format { name: "elastic-ndjson", recognises: |head| is_ndjson(head) && is_snake_case(head), ..JSON };

/// Names that are written so nowhere else.
pub(super) fn is_snake_case(head: &Head) -> bool {
    const TELLING: [&str; 6] = [
        "created_at",
        "user_principal_name",
        "app_id",
        "app_display_name",
        "risk_level_during_signin",
        "conditional_access_status",
    ];
    head.has("properties") && TELLING.iter().filter(|name| head.has_inside(name)).count() >= 2
}

//! Log Analytics and Sentinel: the portal's CSV, the data export's lines, query results as JSON.
//!
//! All are columns of the same tables. `ResourceId` is the Azure path of the log, `Location` a
//! country, `TenantId` the workspace; nested columns may be JSON or JSON as text.

use super::{Format, Names, ORDINARY, graph, is_json, is_ndjson, risk_detections};
use crate::ingest::container::{Head, Shape};
use crate::ingest::record::Member;

const COLUMNS: Names = &[
    ("timegenerated", Member::Delivered),
    ("type", Member::Table),
    ("category", Member::Category),
    ("location", Member::Country),
    ("locationdetails", Member::Location),
    ("resourceidentity", Member::ResourceId),
    ("resulttype", Member::ResultType),
    ("resultsignature", Member::ResultSignature),
    ("resultdescription", Member::ResultDescription),
    ("conditionalaccesspolicies", Member::Policies),
    ("conditionalaccesspoliciesv2", Member::PoliciesV2),
    // An empty look-alike in the newest tables.
    ("appliedconditionalaccesspolicies", Member::PoliciesOther),
];

const RESULT: Names = &[("tables", Member::Tables), ("error", Member::Error)];

pub(super) const TABLES: Format = Format {
    name: "log-analytics-tables",
    recognises: |head| is_json(head) && head.is_tables && is_row(head),
    members: &[RESULT, COLUMNS, risk_detections::DETECTION, graph::COMMON],
    ..JSON
};

pub(super) const JSON: Format = Format {
    name: "log-analytics-json",
    recognises: |head| is_json(head) && !head.is_tables && is_row(head),
    generation,
    members: &[graph::PAGE, COLUMNS, risk_detections::DETECTION, graph::COMMON],
    absent_is_false: true,
    ..ORDINARY
};

pub(super) const NDJSON: Format =
    Format { name: "log-analytics-ndjson", recognises: |head| is_ndjson(head) && is_row(head), ..JSON };

pub(super) const CSV: Format = Format {
    name: "log-analytics-csv",
    recognises: |head| head.shape == Shape::Csv && is_row(head),
    members: &[COLUMNS, risk_detections::DETECTION, graph::COMMON],
    ..JSON
};

/// Columns that no other table of the workspace has two of.
const TELLING: [&str; 8] = [
    "clientappused",
    "risklevelduringsignin",
    "appid",
    "isinteractive",
    "devicedetail",
    "locationdetails",
    "authenticationrequirement",
    "serviceprincipalid",
];

/// Columns were only ever added to the tables (the header rows of real exports).
fn generation(head: &Head) -> Option<&'static str> {
    const SINCE: [(&str, &str); 2] =
        [("sessionid", "columns of 2026"), ("authenticationcontextclassreferences", "columns of 2023")];
    let is_csv_or_tables = head.shape == Shape::Csv || head.is_tables;
    let newest = SINCE.into_iter().find(|(column, _)| head.has(column)).map(|(_, generation)| generation);
    // A row of JSON may leave columns out, which then says nothing.
    if is_csv_or_tables { newest.or(Some("columns of 2021")) } else { newest }
}

/// `TimeGenerated` and `CorrelationId` prove nothing: audit logs have them too.
fn is_row(head: &Head) -> bool {
    let is_table =
        head.has("timegenerated") || head.has("createddatetime") && (head.zone.is_some() || head.has("type"));
    let is_sign_in = head.has("conditionalaccessstatus") || head.count(&TELLING) >= 2;
    is_table && is_sign_in && !head.has("requesturi") && !head.has("properties")
}

//! `InteractiveSignIns_AuthDetails_….csv`: the steps of authentication that the admin center's CSV leaves out.
//!
//! Several rows a request, joined on `Request ID` to the sign-ins of the same run.

use super::{Format, Holds, Names, ORDINARY, Slashes};
use crate::ingest::container::{Head, Shape};
use crate::ingest::record::Member;

const COLUMNS: Names = &[
    ("request id", Member::Id),
    ("date (utc)", Member::Created),
    ("date", Member::Created),
    ("authentication method", Member::StepMethod),
    ("authentication method detail", Member::StepDetail),
    ("succeeded", Member::StepSucceeded),
    ("result detail", Member::StepResult),
    ("requirement", Member::StepRequirement),
];

pub(super) const CSV: Format = Format {
    name: "admin-center-auth-details-csv",
    recognises: is_details,
    holds: Holds::Steps,
    members: &[COLUMNS],
    records_risk: false,
    slashes: Slashes::MustBeTold,
    ..ORDINARY
};

fn is_details(head: &Head) -> bool {
    head.shape == Shape::Csv
        && head.has("request id")
        && head.has("authentication method")
        && head.has("succeeded")
        && !head.has("user id")
}

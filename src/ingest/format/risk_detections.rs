//! Risk detections of ID Protection: evidence of the risk during a sign-in, never sign-ins themselves.
//!
//! Graph pages, PowerShell tables and the table `AADUserRiskEvents`; in diagnostic records and mixed Log Analytics
//! results they are told by their category. Only what was detected in real time was there to be seen (RSK-3).

use super::{Format, Holds, Names, ORDINARY};
use crate::ingest::container::{Head, Shape};
use crate::ingest::record::Member;

/// What a detection says about its sign-in.
pub(super) const DETECTION: Names = &[
    ("requestid", Member::RequestId),
    ("risklevel", Member::DetectedLevel),
    ("detectiontimingtype", Member::DetectionTiming),
];

/// Lists of any kind; `Type` of the table says nothing that is not known.
const AROUND: Names = &[
    ("value", Member::List),
    ("@odata.nextlink", Member::NextLink),
    ("tables", Member::Tables),
    ("error", Member::Error),
];

pub(super) const JSON: Format = Format {
    name: "risk-detections",
    recognises: |head| head.shape != Shape::Csv && is_detection(head),
    holds: Holds::Detections,
    members: &[AROUND, DETECTION],
    ..ORDINARY
};

pub(super) const CSV: Format =
    Format { recognises: |head| head.shape == Shape::Csv && is_detection(head), members: &[DETECTION], ..JSON };

fn is_detection(head: &Head) -> bool {
    head.has("detectiontimingtype") && head.has("requestid") && !head.has("risklevelduringsignin")
}

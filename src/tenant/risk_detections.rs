//! Realtime detections that stand in for a hidden sign-in risk (C10, RSK-3): `riskDetections.json`.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::domain::{RiskLevel, fold, folded, spelling};

use super::source::{Fault, Records};

/// The highest realtime level of each request. That there is none says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RiskDetections {
    realtime: BTreeMap<String, RiskLevel>, // INVARIANT: ids folded; never unknown.
}

impl RiskDetections {
    /// The highest level that a realtime detection gave the sign-in of this request id.
    #[must_use]
    pub fn realtime(&self, request_id: &str) -> Option<RiskLevel> {
        if self.realtime.is_empty() {
            return None;
        }
        self.realtime.get(&*fold(request_id)).copied()
    }

    pub(super) fn add(&mut self, records: &Records, diagnostics: &mut Diagnostics) -> Result<(), Fault> {
        records.warn_if_cut(diagnostics);
        for record in &records.all {
            let timing = record.text("detectionTimingType").map(folded);
            let level = spelling::recorded_risk(record.text("riskLevel"));
            let Some(request) = record.text("requestId").map(folded) else { continue };
            // Near-realtime detections need not have reached Conditional Access (RSK-3).
            if timing.as_deref() == Some("realtime") && level != RiskLevel::Unknown {
                let highest = self.realtime.entry(request).or_insert(level);
                *highest = level.max(*highest);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::RiskDetections;
    use crate::diagnostic::Diagnostics;
    use crate::domain::RiskLevel;
    use crate::tenant::source::Records;

    #[test]
    fn only_realtime_detections_count_and_the_highest_wins() {
        let text = br#"[
            {"requestId": "R1", "riskLevel": "low", "detectionTimingType": "realtime"},
            {"requestId": "r1", "riskLevel": "medium", "detectionTimingType": "Realtime"},
            {"requestId": "r1", "riskLevel": "high", "detectionTimingType": "offline"},
            {"requestId": "r2", "riskLevel": "high", "detectionTimingType": "nearRealtime"},
            {"requestId": "r3", "riskLevel": "hidden", "detectionTimingType": "realtime"},
            {"requestId": null, "riskLevel": "high", "detectionTimingType": "realtime"}]"#;
        let mut detections = RiskDetections::default();
        detections.add(&Records::read("d.json", text).unwrap(), &mut Diagnostics::default()).unwrap();
        for (request, expected) in [("r1", Some(RiskLevel::Medium)), ("R2", None), ("r3", None), ("r4", None)] {
            assert_eq!(detections.realtime(request), expected, "{request}");
        }
    }
}

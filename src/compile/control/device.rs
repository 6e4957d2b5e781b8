//! `compliantDevice` and `domainJoinedDevice` (3.5, DVC-1 … DVC-4, C21, C28).

use crate::compile::evidence::Evidence;
use crate::domain::spelling::RecordedPlatform;
use crate::domain::{Match, Platform, Span};

use super::Standing;

pub(super) fn compliant(evidence: &Evidence, external: bool, on_all: bool) -> Span<Standing> {
    // Excluded by the service, so that a device can become compliant (APP-13).
    if on_all && evidence.intune_enrollment {
        return Span::certain(Standing::Satisfied);
    }
    if cannot_show_a_device(evidence) {
        return Span::certain(Standing::Failed);
    }
    standing(evidence, external, evidence.recorded_compliance, evidence.compliant)
}

pub(super) fn hybrid_joined(evidence: &Evidence, external: bool) -> Span<Standing> {
    let other_platform = match evidence.platform {
        RecordedPlatform::Named(platform) => platform != Platform::Windows,
        RecordedPlatform::Unlisted => true,
        RecordedPlatform::NotRecorded => false,
    };
    if cannot_show_a_device(evidence) {
        return Span::certain(Standing::Failed);
    }
    // What a recorded policy came to counts before the platform does (C28).
    if other_platform && evidence.recorded_hybrid_join == Match::Unknown {
        return Span::certain(Standing::Failed);
    }
    standing(evidence, external, evidence.recorded_hybrid_join, evidence.hybrid_joined)
}

fn cannot_show_a_device(evidence: &Evidence) -> bool {
    evidence.device_code || evidence.legacy
}

/// `by_policy`: how a recorded policy with this one control stood (C28); `held`: what the row records.
fn standing(evidence: &Evidence, external: bool, by_policy: Match, held: Match) -> Span<Standing> {
    match by_policy {
        Match::Yes => return Span::certain(Standing::Satisfied),
        Match::No => return Span::certain(Standing::Failed),
        Match::Unknown => {}
    }
    if evidence.has_device_id == Match::Unknown {
        return Standing::unknown(Standing::Failed);
    }
    if evidence.has_device_id == Match::No {
        // A browser presents its certificate only when somebody asks (DVC-1).
        return if evidence.browser != Match::No && !evidence.device_was_asked {
            Standing::unknown(Standing::Failed)
        } else {
            Span::certain(Standing::Failed)
        };
    }
    let trusted = if external { evidence.device_trust } else { Match::Yes };
    match held.and(trusted) {
        Match::Yes => Span::certain(Standing::Satisfied),
        Match::No => Span::certain(Standing::Failed),
        Match::Unknown => Standing::unknown(Standing::Failed),
    }
}

pub(super) fn missing(evidence: &Evidence, external: bool) -> Vec<&'static str> {
    if external && evidence.has_device_id == Match::Yes && evidence.device_trust == Match::Unknown {
        vec!["inbound-device-trust"]
    } else {
        vec!["deviceDetail"]
    }
}

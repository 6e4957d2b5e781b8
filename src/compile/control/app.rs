//! `approvedApplication` and `compliantApplication` (C22).

use crate::compile::evidence::Evidence;
use crate::domain::spelling::RecordedPlatform;
use crate::domain::{Platform, Span};

use super::Standing;

pub(super) fn approved(evidence: &Evidence) -> Span<Standing> {
    standing(evidence.approved_app_recorded, is_mobile(evidence.platform))
}

/// Windows with Edge may have an app protection policy too.
pub(super) fn protected(evidence: &Evidence) -> Span<Standing> {
    let possible = is_mobile(evidence.platform) || evidence.platform == RecordedPlatform::Named(Platform::Windows);
    standing(evidence.protected_app_recorded, possible)
}

fn is_mobile(platform: RecordedPlatform) -> bool {
    match platform {
        RecordedPlatform::Named(platform) => matches!(platform, Platform::Ios | Platform::Android),
        RecordedPlatform::Unlisted => false,
        RecordedPlatform::NotRecorded => true,
    }
}

fn standing(recorded: bool, possible: bool) -> Span<Standing> {
    if recorded {
        Span::certain(Standing::Satisfied)
    } else if possible {
        Standing::unknown(Standing::Failed)
    } else {
        Span::certain(Standing::Failed)
    }
}

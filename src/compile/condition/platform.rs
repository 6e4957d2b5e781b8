//! Device platforms (2.4, PLT-1 … PLT-4, NUL-4).

use crate::compile::answer::Answer;
use crate::domain::spelling::RecordedPlatform;
use crate::domain::{Platform, Word};
use crate::policy::wire::Platforms;

/// Both lists empty: not configured.
pub(super) fn is_configured(platforms: &Platforms) -> bool {
    !(platforms.include_platforms.is_empty() && platforms.exclude_platforms.is_empty())
}

/// Included and not excluded; no include list stands for all (NUL-4).
pub(super) fn answer(platforms: &Platforms, recorded: RecordedPlatform) -> Answer {
    let included = if platforms.include_platforms.is_empty() {
        Answer::known(true)
    } else {
        is_one_of(&platforms.include_platforms, recorded)
    };
    included.and(is_one_of(&platforms.exclude_platforms, recorded).not())
}

fn is_one_of(list: &[Word<Platform>], recorded: RecordedPlatform) -> Answer {
    Answer::any(list.iter().map(|word| match (word, recorded) {
        (Word::Known(Platform::All), _) => Answer::known(true),
        (Word::Known(named), RecordedPlatform::Named(platform)) => Answer::known(*named == platform),
        // The unknown platform is never a named one: "block unknown platforms" catches it (PLT-2).
        (Word::Known(_), RecordedPlatform::Unlisted) => Answer::known(false),
        (Word::Known(_), RecordedPlatform::NotRecorded) => Answer::unknown("operatingSystem"),
        (Word::Other(other), _) => Answer::unknown(format!("condition:{other}")),
    }))
}

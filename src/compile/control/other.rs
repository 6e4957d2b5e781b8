//! Terms of use (C22).

use crate::compile::evidence::Evidence;
use crate::domain::{Match, Span};

use super::Standing;

pub(super) fn terms_of_use(evidence: &Evidence, place: usize) -> Span<Standing> {
    match evidence.accepted.get(place).copied().unwrap_or(Match::Unknown) {
        Match::Yes => Span::certain(Standing::Satisfied),
        Match::No => Span::certain(Standing::Needed),
        Match::Unknown => Standing::unknown(Standing::Needed),
    }
}

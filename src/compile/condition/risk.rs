//! Sign-in risk and user risk: sets of levels, not thresholds (SIR-1 … SIR-5).

use crate::compile::answer::Answer;
use crate::domain::{RiskLevel, Word};

/// Whether a level is in the list. An unknown level is unknown, unless every level is listed (SIR-4).
pub(super) fn answer(levels: &[Word<RiskLevel>], level: RiskLevel, fact: &str) -> Answer {
    let lists = |wanted: RiskLevel| levels.contains(&Word::Known(wanted));
    if level == RiskLevel::Unknown {
        let every = [RiskLevel::None, RiskLevel::Low, RiskLevel::Medium, RiskLevel::High].into_iter().all(lists);
        return if every { Answer::known(true) } else { Answer::unknown(fact) };
    }
    let unread = levels.iter().find_map(|word| match word {
        Word::Other(other) => Some(other),
        Word::Known(_) => None,
    });
    match unread {
        _ if lists(level) => Answer::known(true),
        Some(other) => Answer::unknown(format!("condition:{other}")),
        None => Answer::known(false),
    }
}

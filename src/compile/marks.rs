//! What attempts are counted by besides conditions and controls: few distinct values, and whose each attempt is.

use crate::attempt::{Attempt, Attempts, mfa};
use crate::domain::RiskLevel;

/// What the counts of an attempt depend on besides what its conditions and controls read.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// The level that it counts under.
    pub risk: RiskLevel,
    /// Interactive or not.
    pub interactive: bool,
    /// The level comes from an earlier row (C31).
    pub risk_from_sibling: bool,
    /// The level is that of a detection (RSK-3).
    pub risk_from_detection: bool,
    /// What was taken for MFA, and by which rule (section 13).
    pub mfa: mfa::Evidence,
}

impl Mark {
    fn of(attempt: &Attempt) -> Mark {
        Mark {
            risk: attempt.risk,
            interactive: attempt.interactive,
            risk_from_sibling: attempt.risk_from_sibling,
            risk_from_detection: attempt.risk_from_detection,
            mfa: attempt.mfa,
        }
    }

    /// Whether nothing that is counted tells them apart.
    fn counts_like(&self, other: &Mark) -> bool {
        self.risk == other.risk
            && self.interactive == other.interactive
            && self.risk_from_sibling == other.risk_from_sibling
            && self.risk_from_detection == other.risk_from_detection
            && self.mfa.assumptions().eq(other.mfa.assumptions())
    }
}

/// Distinct marks, and the codes of each attempt side by side: replay reads these columns and not the list.
#[derive(Debug, Default)]
pub struct Marks {
    /// Distinct values.
    pub values: Vec<Mark>,
    /// One code an attempt.
    pub codes: Vec<u32>,
    /// Whose each attempt is.
    pub users: Vec<u32>,
}

impl Marks {
    /// Marks every attempt.
    #[must_use]
    pub fn read(attempts: &Attempts) -> Marks {
        let mut marks = Marks::default();
        for attempt in &attempts.list {
            let mark = Mark::of(attempt);
            let known = marks.values.iter().position(|known| known.counts_like(&mark));
            let code = known.unwrap_or_else(|| {
                marks.values.push(mark);
                marks.values.len() - 1
            });
            marks.codes.push(u32::try_from(code).unwrap_or(u32::MAX));
            marks.users.push(attempt.user.0);
        }
        marks
    }
}

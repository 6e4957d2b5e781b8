//! What happened to an attempt (C7), and which codes ask a user for what (C25).

use crate::domain::History;

use super::population::Class;
use super::rows::Rows;

/// Codes that ask for MFA or a fresh sign-in (C7, C25).
const ASKS_FOR_MFA: [i64; 10] = [50072, 50074, 50076, 50078, 50079, 50158, 50161, 500_121, 70043, 70044];

/// Codes that ask for a password change.
const ASKS_FOR_PASSWORD: [i64; 2] = [50135, 50142];

/// Whether a row with this code asked for MFA or a fresh sign-in.
#[must_use]
pub fn asks_for_mfa(code: i64) -> bool {
    ASKS_FOR_MFA.contains(&code)
}

/// Whether a row with this code asked for a password change.
#[must_use]
pub fn asks_for_password(code: i64) -> bool {
    ASKS_FOR_PASSWORD.contains(&code)
}

/// The history of an attempt from its rows before the terminal one and the terminal one.
#[must_use]
pub fn of(facts: &Rows<'_>, earlier: &[usize], terminal: usize) -> History {
    match facts.class(terminal) {
        Class::CaBlock => History::BlockedByPolicy,
        Class::CaInt => History::ChallengeAbandoned,
        Class::Ok | Class::Post => {
            let asked = earlier.iter().any(|row| facts.asks_for_mfa(*row) || facts.asks_for_password(*row));
            if asked { History::ChallengedThenSucceeded } else { History::Succeeded }
        }
        Class::Pre | Class::Ambig => History::FailedOther,
    }
}

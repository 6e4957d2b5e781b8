//! Client apps (2.3, CLI-1, CLI-2).

use crate::compile::answer::Answer;
use crate::domain::{ClientApp, Word};

/// `all`, an empty list and none at all match every client (CLI-1).
pub(super) fn is_configured(types: &[Word<ClientApp>]) -> bool {
    !types.is_empty() && !types.contains(&Word::Known(ClientApp::All))
}

/// Whether the recorded client is one of the types; an unlisted one is unknown, never legacy (trap 35).
pub(super) fn answer(types: &[Word<ClientApp>], client: Option<ClientApp>) -> Answer {
    let Some(client) = client else { return Answer::unknown("clientAppUsed") };
    Answer::any(types.iter().map(|word| match word {
        Word::Known(known) => Answer::known(*known == client),
        Word::Other(other) => Answer::unknown(format!("condition:{other}")),
    }))
}

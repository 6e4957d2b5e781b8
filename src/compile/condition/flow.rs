//! Authentication flows (2.10, FLO-1 … FLO-4, C17).

use crate::compile::answer::Answer;
use crate::compile::dimension::Flow;
use crate::domain::{Match, Spelled, TransferMethod, Word, folded};
use crate::policy::wire::AuthenticationFlows;

/// `none` and an empty list configure nothing.
pub(super) fn is_configured(flows: &AuthenticationFlows) -> bool {
    flows.transfer_methods.iter().any(|word| *word != Word::Known(TransferMethod::None))
}

/// Whether the sign-in, or the one its session began with, used one of the flows (FLO-1, FLO-2).
pub(super) fn answer(flows: &AuthenticationFlows, recorded: &Flow) -> Answer {
    Answer::any(flows.transfer_methods.iter().map(|word| match word {
        Word::Known(method) => is_method(*method, recorded),
        Word::Other(other) => Answer::unknown(format!("condition:{other}")),
    }))
}

fn is_method(method: TransferMethod, recorded: &Flow) -> Answer {
    let word = folded(method.word());
    let protocol = match method {
        TransferMethod::DeviceCodeFlow => "devicecode",
        TransferMethod::AuthenticationTransfer => "authenticationtransfer",
        TransferMethod::None => return Answer::known(false),
    };
    match (recorded.protocol.as_deref(), recorded.transfer_method.as_deref()) {
        (None, None) => Answer::unknown("originalTransferMethod"),
        (by, from) => Answer::known(by == Some(protocol) || from == Some(word.as_str())),
    }
}

/// Whether the sign-in itself is a device code flow, in which no device can be shown (FLO-6, C21).
#[must_use]
pub fn is_device_code(recorded: &Flow) -> bool {
    is_method(TransferMethod::DeviceCodeFlow, recorded).is == Match::Yes
}

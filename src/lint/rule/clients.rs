//! Legacy clients: what they cannot do, and which of them a block leaves out (semantics 2.3, 3.6).

use crate::diagnostic::Severity;
use crate::domain::{ClientApp, folded};
use crate::lint::Lint;
use crate::lint::finding::Found;
use crate::lint::subject::{Subject, holds, known};

const CLIENTS: &str = "conditions.clientAppTypes";

/// Exchange Online, the only resource that Exchange ActiveSync reaches.
pub(super) const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";

fn legacy(subject: &Subject<'_>) -> Vec<ClientApp> {
    if !subject.limits_clients() {
        return Vec::new();
    }
    known(&subject.conditions().client_app_types).filter(|client| client.is_legacy()).collect()
}

/// Legacy clients named in a policy that asks for something.
pub(in crate::lint) const CANNOT_ANSWER: Lint = Lint {
    id: "legacy-clients-cannot-answer",
    severity: Severity::Warning,
    rule: "CLI-3",
    about: "legacy clients are named in a policy whose controls they cannot meet: they are blocked",
    check: cannot_answer,
};

fn cannot_answer(subject: &Subject<'_>, found: &mut Found) {
    if legacy(subject).is_empty() || subject.blocks() || subject.controls() == 0 {
        return;
    }
    found.at(
        CLIENTS,
        "legacy clients can neither answer a challenge nor show a device: for them this policy is a block",
        "block legacy clients in a policy of their own, and leave them out here",
    );
}

/// A block of legacy clients that leaves half of them out.
pub(in crate::lint) const HALF_BLOCKED: Lint = Lint {
    id: "legacy-clients-half-blocked",
    severity: Severity::Warning,
    rule: "CLI-2",
    about: "a block of legacy clients that names only one of the two kinds",
    check: half_blocked,
};

fn half_blocked(subject: &Subject<'_>, found: &mut Found) {
    let legacy = legacy(subject);
    let modern = known(&subject.conditions().client_app_types).any(|client| !client.is_legacy());
    if !subject.blocks() || modern {
        return;
    }
    // The other half may be blocked by a policy of its own.
    let elsewhere = |client: ClientApp| {
        subject.set.iter().any(|other| {
            let blocks = holds(&other.policy.grant_controls.built_in_controls, "block");
            blocks && known(&other.policy.conditions.client_app_types).any(|one| one == client)
        })
    };
    let has = |client: ClientApp| legacy.contains(&client) || elsewhere(client);
    let (left_out, what) = match (has(ClientApp::ExchangeActiveSync), has(ClientApp::Other)) {
        (true, false) => ("other", "legacy protocols such as IMAP, POP and SMTP are"),
        (false, true) => ("exchangeActiveSync", "Exchange ActiveSync is"),
        _ => return,
    };
    found.at(
        CLIENTS,
        format!("`{left_out}` is not listed: {what} not blocked by this policy"),
        "list `exchangeActiveSync` and `other`, unless a policy that is not given here blocks the rest",
    );
}

/// ActiveSync where there is none.
pub(in crate::lint) const NO_EXCHANGE: Lint = Lint {
    id: "active-sync-without-exchange",
    severity: Severity::Error,
    rule: "CLI-4",
    about: "Exchange ActiveSync only, for resources that it never reaches",
    check: no_exchange,
};

fn no_exchange(subject: &Subject<'_>, found: &mut Found) {
    let types = &subject.conditions().client_app_types;
    let only = !types.is_empty() && types.iter().all(|word| word.known() == Some(ClientApp::ExchangeActiveSync));
    let include = &subject.applications().include_applications;
    let exchange = ["All", "Office365", EXCHANGE].iter().any(|token| holds(include, token));
    let named = !include.is_empty() && !include.iter().all(|token| folded(token) == "none");
    // A filter, or a text that is no id, may stand for Exchange.
    let open = subject.applications().application_filter.is_some()
        || include.iter().any(|token| crate::compile::condition::is_placeholder(token));
    if only && named && !exchange && !open {
        found.at(
            CLIENTS,
            "Exchange ActiveSync reaches Exchange Online only, which this policy does not include",
            "include `Office365` or Exchange Online, or name other client apps",
        );
    }
}

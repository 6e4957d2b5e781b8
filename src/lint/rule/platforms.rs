//! Controls that cannot be satisfied where the policy applies (semantics 2.10, 3.5).

use crate::diagnostic::Severity;
use crate::domain::{Platform, Spelled, TransferMethod, folded};
use crate::lint::Lint;
use crate::lint::finding::{Found, quoted};
use crate::lint::subject::{Subject, known};

/// Controls that only some platforms have.
pub(in crate::lint) const NOT_THERE: Lint = Lint {
    id: "control-not-on-platform",
    severity: Severity::Warning,
    rule: "3.5",
    about: "a platform in scope cannot satisfy the controls: on it the policy is a block",
    check: not_there,
};

/// Whether a control can be satisfied on a platform. Controls that are not listed are not bound to one.
fn exists_on(control: &str, platform: Platform) -> bool {
    match control {
        "domainjoineddevice" => platform == Platform::Windows,
        "approvedapplication" => matches!(platform, Platform::Ios | Platform::Android),
        // Edge on Windows may be protected too (C22).
        "compliantapplication" => matches!(platform, Platform::Ios | Platform::Android | Platform::Windows),
        _ => true,
    }
}

fn not_there(subject: &Subject<'_>, found: &mut Found) {
    let words: Vec<String> = subject.grant().built_in_controls.iter().map(|word| folded(word)).collect();
    let for_apps = words.iter().any(|word| word == "approvedapplication" || word == "compliantapplication");
    // Who asks for a joined device everywhere means it; who asks for a phone's app everywhere forgot the rest.
    if !subject.limits_platforms() && !for_apps || subject.conditions().devices.device_filter.is_some() {
        return;
    }
    let others = subject.controls() - words.len();
    let possible = |platform: &Platform| {
        if subject.is_or() {
            others > 0 || words.iter().any(|word| exists_on(word, *platform))
        } else {
            words.iter().all(|word| exists_on(word, *platform))
        }
    };
    let scope = subject.platforms();
    let impossible: Vec<&str> = scope
        .iter()
        .filter(|platform| !possible(platform) && **platform != Platform::WindowsPhone)
        .map(|platform| platform.word())
        .collect();
    if words.is_empty() || impossible.is_empty() {
        return;
    }
    let pointer = if subject.limits_platforms() { "conditions.platforms" } else { "grantControls.builtInControls" };
    found.at(
        pointer,
        format!("on {} these controls cannot be satisfied: there the policy is a block", quoted(&impossible)),
        "name the platforms that have the control, or join an alternative by `OR`",
    );
}

/// A block of unknown platforms that known ones are caught by.
pub(in crate::lint) const KNOWN_BLOCKED: Lint = Lint {
    id: "unknown-platform-block-reaches-known",
    severity: Severity::Warning,
    rule: "PLT-2",
    about: "a block of unknown platforms that leaves a known one in, which is blocked too",
    check: |subject, found| {
        let all = [Platform::Android, Platform::Ios, Platform::Windows, Platform::MacOs, Platform::Linux];
        let scope = subject.platforms();
        let left: Vec<&str> = all.into_iter().filter(|one| scope.contains(one)).map(Spelled::word).collect();
        // Who excludes most of them means the unknown ones; who excludes one or two means the others.
        let platforms = subject.conditions().platforms.as_ref();
        let from_all = platforms.is_some_and(|it| known(&it.include_platforms).any(|one| one == Platform::All));
        if subject.blocks() && from_all && matches!(left.len(), 1..=2) {
            found.at(
                "conditions.platforms.excludePlatforms",
                format!("not excluded, and so blocked like an unknown platform: {}", quoted(&left)),
                "exclude every platform that is in use",
            );
        }
    },
};

/// A device control in a flow that shows no device.
pub(in crate::lint) const DEVICE_CODE: Lint = Lint {
    id: "device-control-in-device-code-flow",
    severity: Severity::Warning,
    rule: "FLO-6",
    about: "a device control for device code flow, in which no device can be shown",
    check: |subject, found| {
        let methods = &subject.conditions().authentication_flows.transfer_methods;
        let is_flow = known(methods).any(|method| method == TransferMethod::DeviceCodeFlow);
        let words: Vec<String> = subject.grant().built_in_controls.iter().map(|word| folded(word)).collect();
        let devices =
            words.iter().filter(|word| matches!(word.as_str(), "compliantdevice" | "domainjoineddevice")).count();
        let needed = if subject.is_or() { devices == subject.controls() } else { devices > 0 };
        if is_flow && devices > 0 && needed {
            found.at(
                "grantControls.builtInControls",
                "no device can be shown in device code flow: the policy blocks it",
                "write `block`, which says so",
            );
        }
    },
};

//! Device filter and the legacy device lists (2.9, 2.11, DEV-1, C16).

use crate::compile::answer::Answer;
use crate::compile::device_filter::{self, Expression, Subject, TrustType};
use crate::domain::{Match, folded};
use crate::frame::Device;
use crate::policy::wire::{Conditions, Filter};
use crate::tenant::Tenant;

/// Whether any of the device conditions says something.
pub(super) fn is_configured(conditions: &Conditions) -> bool {
    let devices = &conditions.devices;
    devices.device_filter.as_ref().is_some_and(|filter| filter.rule.is_some() || filter.mode.is_some())
        || [
            &devices.include_devices,
            &devices.exclude_devices,
            &devices.include_device_states,
            &devices.exclude_device_states,
            &conditions.device_states.include_states,
            &conditions.device_states.exclude_states,
        ]
        .iter()
        .any(|list| !list.is_empty())
}

/// All device conditions of a policy, read once.
pub(super) struct DeviceRule<'a> {
    filter: Option<(Mode, Option<Expression>)>,
    lists: Vec<(&'a [String], &'a [String])>,
}

enum Mode {
    Include,
    Exclude,
    Unread,
}

impl<'a> DeviceRule<'a> {
    pub(super) fn read(conditions: &'a Conditions) -> DeviceRule<'a> {
        let devices = &conditions.devices;
        DeviceRule {
            filter: devices.device_filter.as_ref().map(|Filter { mode, rule, .. }| {
                let mode = match mode.as_deref().map(folded).as_deref() {
                    Some("include") => Mode::Include,
                    Some("exclude") => Mode::Exclude,
                    _ => Mode::Unread,
                };
                (mode, rule.as_deref().and_then(|rule| device_filter::parse(rule).ok()))
            }),
            lists: vec![
                (&devices.include_devices, &devices.exclude_devices),
                (&devices.include_device_states, &devices.exclude_device_states),
                (&conditions.device_states.include_states, &conditions.device_states.exclude_states),
            ],
        }
    }

    /// Whether the device is in scope.
    pub(super) fn answer(&self, device: &Device, tenant: &Tenant) -> Answer {
        let subject = Subject::new(device, tenant);
        let by_filter = match &self.filter {
            None => Answer::known(true),
            Some((Mode::Include, Some(rule))) => device_filter::evaluate(rule, &subject),
            Some((Mode::Exclude, Some(rule))) => device_filter::evaluate(rule, &subject).not(),
            // A rule that does not parse decides nothing (C16).
            Some((_, None) | (Mode::Unread, _)) => Answer::unknown("deviceFilter"),
        };
        self.lists.iter().fold(by_filter, |answer, (include, exclude)| answer.and(by_list(include, exclude, device)))
    }
}

/// A legacy list: everything but what is excluded (2.11).
fn by_list(include: &[String], exclude: &[String], device: &Device) -> Answer {
    if include.is_empty() && exclude.is_empty() {
        return Answer::known(true);
    }
    let included = if include.is_empty() {
        Answer::known(true)
    } else {
        Answer::any(include.iter().map(|word| match folded(word).as_str() {
            "all" => Answer::known(true),
            other => Answer::unknown(format!("condition:{other}")),
        }))
    };
    let excluded = Answer::any(exclude.iter().map(|word| match folded(word).as_str() {
        "compliant" => Answer::of(compliant(device), "deviceDetail"),
        "domainjoined" => Answer::of(hybrid_joined(device), "deviceDetail"),
        other => Answer::unknown(format!("condition:{other}")),
    }));
    included.and(excluded.not())
}

fn is_registered(device: &Device) -> bool {
    device.device_id.as_deref().is_some_and(|id| !id.trim().is_empty())
}

/// Recorded compliance; an unregistered device has none (DEV-5).
fn compliant(device: &Device) -> Match {
    if device.is_unread {
        return Match::Unknown;
    }
    if is_registered(device) { Match::from(device.is_compliant) } else { Match::No }
}

fn hybrid_joined(device: &Device) -> Match {
    if device.is_unread {
        return Match::Unknown;
    }
    if !is_registered(device) {
        return Match::No;
    }
    match device.trust_type.as_deref().map(TrustType::read) {
        Some(Some(trust)) => Match::from(trust == TrustType::ServerAd),
        Some(None) | None => Match::Unknown,
    }
}

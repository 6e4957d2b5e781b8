//! A filter rule over one device, three-valued (DEV-3 … DEV-8, C16).

use std::collections::BTreeMap;

use serde_json::Value;

use crate::compile::answer::Answer;
use crate::domain::{Match, folded};
use crate::frame::Device;
use crate::tenant::Tenant;

use super::parser::{Comparison, Expression, Literal, Operator};

/// How a device is joined, by the filter's words (DEV-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustType {
    /// Joined.
    AzureAd,
    /// Hybrid joined.
    ServerAd,
    /// Registered.
    Workplace,
}

impl TrustType {
    /// Reads the log's words, old and new, and the filter's own.
    #[must_use]
    pub fn read(text: &str) -> Option<TrustType> {
        match folded(text).as_str() {
            "azuread" | "azure ad joined" | "microsoft entra joined" => Some(TrustType::AzureAd),
            "serverad" | "hybrid azure ad joined" | "microsoft entra hybrid joined" => Some(TrustType::ServerAd),
            "workplace" | "azure ad registered" | "microsoft entra registered" => Some(TrustType::Workplace),
            _ => None,
        }
    }

    /// The filter's word, folded.
    fn word(self) -> &'static str {
        match self {
            TrustType::AzureAd => "azuread",
            TrustType::ServerAd => "serverad",
            TrustType::Workplace => "workplace",
        }
    }
}

/// A device as a filter sees it.
#[derive(Debug)]
pub struct Subject<'a> {
    row: &'a Device,
    is_registered: bool,
    directory: Option<&'a BTreeMap<String, Value>>,
}

/// What a device has for an attribute.
enum Held {
    /// No value: certainly null.
    Null,
    /// One value, folded.
    Text(String),
    /// Several, folded.
    Collection(Vec<String>),
    /// Not recorded; this would tell.
    Unknown(&'static str),
}

impl<'a> Subject<'a> {
    /// The device of a row, with what the directory export says of it.
    #[must_use]
    pub fn new(row: &'a Device, tenant: &'a Tenant) -> Subject<'a> {
        let id = row.device_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let directory = id.and_then(|id| tenant.devices.as_ref()?.find(id));
        Subject { row, is_registered: id.is_some(), directory }
    }

    fn held(&self, attribute: &str) -> Held {
        if self.row.is_unread {
            return Held::Unknown("deviceDetail");
        }
        if !self.is_registered {
            // The booleans that such rows show are null for a filter (DEV-5).
            return Held::Null;
        }
        let recorded = |text: Option<&str>| text.map_or(Held::Unknown("deviceDetail"), |text| Held::Text(folded(text)));
        match attribute {
            "deviceid" => recorded(self.row.device_id.as_deref()),
            "displayname" => recorded(self.row.display_name.as_deref()),
            "iscompliant" => recorded(self.row.is_compliant.map(|is| if is { "true" } else { "false" })),
            "trusttype" => match self.row.trust_type.as_deref().map(TrustType::read) {
                Some(Some(trust)) => Held::Text(trust.word().to_owned()),
                Some(None) | None => Held::Unknown("deviceDetail"),
            },
            _ => match self.directory {
                Some(attributes) => attributes.get(attribute).map_or(Held::Null, value),
                None => Held::Unknown("devices"),
            },
        }
    }

    /// Extension attributes count only as far as the device is managed, compliant or hybrid joined.
    fn extensions_count(&self) -> Answer {
        let hybrid = match self.row.trust_type.as_deref().map(TrustType::read) {
            Some(Some(trust)) => Match::from(trust == TrustType::ServerAd),
            Some(None) | None => Match::Unknown,
        };
        let is = Match::from(self.row.is_managed).or(Match::from(self.row.is_compliant)).or(hybrid);
        Answer::of(is, "deviceDetail")
    }
}

fn value(value: &Value) -> Held {
    match value {
        Value::Null => Held::Null,
        Value::Bool(is) => Held::Text(is.to_string()),
        Value::Number(number) => Held::Text(number.to_string()),
        Value::String(text) if text.is_empty() => Held::Null,
        Value::String(text) => Held::Text(folded(text)),
        Value::Array(items) => Held::Collection(items.iter().filter_map(Value::as_str).map(folded).collect()),
        Value::Object(_) => Held::Unknown("devices"),
    }
}

/// Whether a rule compares an attribute that no row records, so that the directory is asked (C16).
#[must_use]
pub fn asks_directory(rule: &Expression) -> bool {
    match rule {
        Expression::Or(parts) | Expression::And(parts) => parts.iter().any(asks_directory),
        Expression::Not(part) => asks_directory(part),
        Expression::Compare(comparison) => {
            !["deviceid", "displayname", "iscompliant", "trusttype"].contains(&comparison.attribute.name())
        }
    }
}

/// Whether the device satisfies the rule.
#[must_use]
pub fn evaluate(rule: &Expression, subject: &Subject<'_>) -> Answer {
    match rule {
        Expression::Or(parts) => Answer::any(parts.iter().map(|part| evaluate(part, subject))),
        Expression::And(parts) => {
            parts.iter().map(|part| evaluate(part, subject)).fold(Answer::known(true), Answer::and)
        }
        Expression::Not(part) => evaluate(part, subject).not(),
        Expression::Compare(comparison) => compare(comparison, subject),
    }
}

fn compare(comparison: &Comparison, subject: &Subject<'_>) -> Answer {
    let Comparison { attribute, operator, values } = comparison;
    let answer = match subject.held(attribute.name()) {
        Held::Unknown(fact) => Answer::unknown(fact),
        Held::Null => Answer::known(null_satisfies(*operator, values)),
        Held::Text(text) => Answer::known(text_satisfies(*operator, values, &text)),
        Held::Collection(items) => Answer::known(collection_satisfies(*operator, values, &items)),
    };
    if attribute.is_extension() && subject.is_registered { answer.and(subject.extensions_count()) } else { answer }
}

/// Null differs from every value, and equals only `null` (DEV-3).
fn null_satisfies(operator: Operator, values: &[Literal]) -> bool {
    operator.is_negative() != values.contains(&Literal::Null)
}

fn text_satisfies(operator: Operator, values: &[Literal], held: &str) -> bool {
    let any = |test: &dyn Fn(&str) -> bool| {
        values.iter().any(|value| match value {
            Literal::Text(text) => test(text),
            Literal::Null => false,
        })
    };
    match operator {
        Operator::Eq | Operator::In => any(&|text| held == text),
        Operator::Ne | Operator::NotIn => !any(&|text| held == text),
        Operator::StartsWith => any(&|text| held.starts_with(text)),
        Operator::NotStartsWith => !any(&|text| held.starts_with(text)),
        Operator::EndsWith => any(&|text| held.ends_with(text)),
        Operator::NotEndsWith => !any(&|text| held.ends_with(text)),
        Operator::Contains => any(&|text| held.contains(text)),
        Operator::NotContains => !any(&|text| held.contains(text)),
    }
}

/// On a collection every operator asks for a whole element (2.9).
fn collection_satisfies(operator: Operator, values: &[Literal], held: &[String]) -> bool {
    let holds = values.iter().any(|value| match value {
        Literal::Text(text) => held.contains(text),
        Literal::Null => held.is_empty(),
    });
    holds != operator.is_negative()
}

#[cfg(test)]
mod tests {
    use super::{Held, Subject, asks_directory, evaluate};
    use crate::compile::device_filter::{Attribute, parse};
    use crate::domain::Match::{self, No, Unknown, Yes};
    use crate::frame::Device;
    use crate::tenant::Tenant;

    fn answer(rule: &str, device: &Device) -> Match {
        let tenant = Tenant::empty();
        evaluate(&parse(rule).unwrap(), &Subject::new(device, &tenant)).is
    }

    #[test]
    fn an_unregistered_device_is_null_in_every_attribute() {
        // Such rows show `isCompliant: false`: null for the filter, not false (traps 40, 41).
        let device = Device { is_compliant: Some(false), is_managed: Some(false), ..Device::default() };
        for (rule, expected) in [
            ("device.isCompliant -eq False", No),
            ("device.isCompliant -ne True", Yes),
            (r#"device.trustType -ne "ServerAD""#, Yes),
            ("device.deviceId -eq null", Yes),
            ("device.deviceId -ne null", No),
            (r#"device.model -notIn ["a","b"]"#, Yes),
            (r#"device.extensionAttribute1 -notContains "x""#, Yes),
            (r#"-not (device.model -startsWith "a")"#, Yes),
        ] {
            assert_eq!(answer(rule, &device), expected, "{rule}");
        }
    }

    #[test]
    fn a_registered_device_answers_from_the_row_and_what_is_not_recorded_is_unknown() {
        let device = Device {
            device_id: Some("D1".to_owned()),
            trust_type: Some("Hybrid Azure AD joined".to_owned()),
            is_compliant: Some(true),
            ..Device::default()
        };
        for (rule, expected) in [
            (r#"device.deviceId -in ["d1"]"#, Yes),
            (r#"device.trustType -eq "serverad""#, Yes),
            (r#"device.isCompliant -eq "True""#, Yes),
            (r#"device.model -eq "x""#, Unknown),
            (r#"device.model -eq "x" -or device.isCompliant -eq True"#, Yes),
            (r#"device.displayName -ne "x" -and device.isCompliant -eq False"#, No),
        ] {
            assert_eq!(answer(rule, &device), expected, "{rule}");
        }
    }

    #[test]
    fn the_directory_is_asked_for_what_a_row_cannot_tell() {
        let device = Device { device_id: Some("d1".to_owned()), ..Device::default() };
        let tenant = Tenant::empty();
        let subject = Subject::new(&device, &tenant);
        for name in Attribute::documented() {
            let compare = |test: &str| parse(&format!("device.displayName -eq null -and -not (device.{name} {test})"));
            // A collection cannot be compared with null.
            let rule = compare("-eq null").or_else(|_| compare("-contains \"x\"")).unwrap();
            let asks = matches!(subject.held(name), Held::Unknown("devices"));
            assert_eq!(asks_directory(&rule), asks, "{name}");
        }
    }
}

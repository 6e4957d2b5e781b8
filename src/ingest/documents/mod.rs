//! Nested members in canonical form; `row` remembers what each distinct spelling came to.
//!
//! Keys fold case (FLD-2); a list may hold its entries as JSON texts; a document that says nothing
//! is not recorded, so that equal content has equal text whatever the export looked like.

mod steps;

use serde_json::{Map, Value};

use super::date::{self, DateOrder};
use super::record::{Cell, is_filler, spelled_flag};
use super::{spelling, strict};
use crate::frame::{AppliedPolicy, ContextReference, Device, NetworkLocation, Place, Status, Step, canonical, parsed};

/// A nested value that was cut off, contradicts itself, or of which only the name of its type is left.
pub(crate) fn is_unread(cell: &Cell<'_>) -> bool {
    match cell.document() {
        Some(document) => strict::value(&document).map_or(true, |value| has_type_names(&value)),
        None => cell.text().is_some_and(|text| is_type_name(&text) || breaks_off(&text)),
    }
}

/// The text of a document that says something, and nothing otherwise.
fn said<T: Default + PartialEq + serde::Serialize>(document: &T) -> String {
    if *document == T::default() { String::new() } else { canonical(document) }
}

/// `deviceDetail`. Where absent stands for false, that holds for the truth values of a device with an id of
/// which anything but the id is recorded (C17).
pub(crate) fn device(detail: &Cell<'_>, absent_is_false: bool) -> String {
    let Some(object) = object(detail) else {
        // What is there and cannot be read is not the same as no device.
        let says_nothing = detail.is_missing() || detail.raw().trim() == "[]";
        return if says_nothing { String::new() } else { canonical(&Device { is_unread: true, ..Device::default() }) };
    };
    let mut device = Device {
        device_id: text(&object, "deviceId"),
        display_name: text(&object, "displayName"),
        operating_system: text(&object, "operatingSystem"),
        browser: text(&object, "browser"),
        is_compliant: flag(&object, "isCompliant"),
        is_managed: flag(&object, "isManaged"),
        is_unread: false,
        trust_type: text(&object, "trustType"),
    };
    let says_more = device.trust_type.is_some() || device.is_compliant.is_some() || device.is_managed.is_some();
    if absent_is_false && device.device_id.is_some() && says_more {
        device.is_compliant.get_or_insert(false);
        device.is_managed.get_or_insert(false);
    }
    said(&device)
}

/// A device of which each member has a column.
pub(crate) fn device_of_columns(cells: [&Cell<'_>; 7]) -> String {
    let [id, system, browser, compliant, managed, trust, name] = cells;
    let owned = |cell: &Cell<'_>| cell.text().map(|text| text.into_owned());
    said(&Device {
        device_id: owned(id),
        display_name: owned(name),
        operating_system: owned(system),
        browser: owned(browser),
        is_compliant: compliant.flag(),
        is_managed: managed.flag(),
        is_unread: false,
        trust_type: owned(trust),
    })
}

/// Whether a list holds names of types where its entries were.
fn has_type_names(value: &Value) -> bool {
    value.as_array().is_some_and(|entries| entries.iter().any(|entry| entry.as_str().is_some_and(is_type_name)))
}

/// What is known of a device where nobody exported whether it is registered.
pub(crate) fn unknown_device(recorded: &str) -> String {
    canonical(&Device { is_unread: true, ..parsed(recorded) })
}

/// `location`; the country of the envelope, or columns of their own, where the document says nothing.
pub(crate) fn place([location, country, state, city]: [&Cell<'_>; 4]) -> String {
    let owned = |cell: &Cell<'_>| cell.text().map(|text| text.into_owned());
    let mut place = match (object(location), location.text()) {
        (Some(object), _) => Place {
            country_or_region: text(&object, "countryOrRegion"),
            state: text(&object, "state"),
            city: text(&object, "city"),
        },
        (None, Some(words)) if !is_type_name(&words) && !breaks_off(&words) => place_of_words(&words),
        (None, _) => Place::default(),
    };
    place.country_or_region = place.country_or_region.filter(|country| is_place(country));
    place.country_or_region = place.country_or_region.or_else(|| owned(country).filter(|country| is_place(country)));
    place.state = place.state.or_else(|| owned(state));
    place.city = place.city.or_else(|| owned(city));
    said(&place)
}

/// Whether a text names a country or region; exports are anonymised with words in brackets (trap 8).
fn is_place(text: &str) -> bool {
    !text.starts_with(['<', '{', '[', '"']) && !text.eq_ignore_ascii_case("unknown")
}

/// "City, State, CC": a city may hold a comma, so the pieces are taken from the right.
fn place_of_words(words: &str) -> Place {
    let mut pieces = words.rsplitn(3, ',').map(str::trim).map(|piece| (!piece.is_empty()).then(|| piece.to_owned()));
    // Two letters, always: anything else is no place, however it is written.
    let is_code = |piece: &String| piece.len() == 2 && piece.bytes().all(|byte| byte.is_ascii_alphabetic());
    let Some(country_or_region) = pieces.next().flatten().filter(is_code).map(Some) else { return Place::default() };
    let state = pieces.next().flatten();
    Place { country_or_region, state, city: pieces.next().flatten() }
}

/// Everything that says how a sign-in ended.
#[derive(Clone, Copy)]
pub(crate) struct Ending<'r, 'a> {
    pub(crate) status: &'r Cell<'a>,
    pub(crate) error_code: &'r Cell<'a>,
    pub(crate) failure_reason: &'r Cell<'a>,
    pub(crate) additional_details: &'r Cell<'a>,
    pub(crate) status_word: &'r Cell<'a>,
    pub(crate) result_type: &'r Cell<'a>,
    pub(crate) result_signature: &'r Cell<'a>,
    pub(crate) result_description: &'r Cell<'a>,
}

impl<'r, 'a> Ending<'r, 'a> {
    /// In the order of the members above.
    pub(crate) fn of(cells: [&'r Cell<'a>; 8]) -> Ending<'r, 'a> {
        let [status, error_code, failure_reason, additional_details, words @ ..] = cells;
        let [status_word, result_type, result_signature, result_description] = words;
        Ending {
            status,
            error_code,
            failure_reason,
            additional_details,
            status_word,
            result_type,
            result_signature,
            result_description,
        }
    }
}

/// `status`: the document, else numbers elsewhere, else a word for success.
pub(crate) fn status(ending: Ending<'_, '_>) -> String {
    let object = object(ending.status).unwrap_or_default();
    let owned = |cell: &Cell<'_>| cell.text().map(|text| text.into_owned());
    let is_success = |cell: &Cell<'_>| cell.text().is_some_and(|word| word.eq_ignore_ascii_case("success"));
    let words = [ending.status_word, ending.result_type, ending.result_signature];
    let error_code = member(&object, "errorCode")
        .and_then(integer_of)
        .or_else(|| ending.error_code.integer())
        .or_else(|| ending.result_type.integer())
        .or_else(|| ending.status_word.integer())
        .or_else(|| words.into_iter().any(is_success).then_some(0));
    said(&Status {
        error_code,
        additional_details: text(&object, "additionalDetails").or_else(|| owned(ending.additional_details)),
        failure_reason: text(&object, "failureReason")
            .or_else(|| owned(ending.failure_reason))
            .or_else(|| owned(ending.result_description)),
    })
}

/// `networkLocationDetails`.
pub(crate) fn networks(details: &Cell<'_>) -> String {
    let entries = objects(details).into_iter().map(|entry| NetworkLocation {
        network_type: text(&entry, "networkType").unwrap_or_default(),
        network_names: member(&entry, "networkNames").map(texts_of).unwrap_or_default(),
    });
    said(&entries.collect::<Vec<_>>())
}

/// The first of several places for recorded policies that holds any.
pub(crate) fn policies(places: [&Cell<'_>; 3]) -> String {
    let lists = places.into_iter().map(|place| said(&objects(place).iter().map(policy).collect::<Vec<_>>()));
    lists.into_iter().find(|list| !list.is_empty()).unwrap_or_default()
}

fn policy(entry: &Map<String, Value>) -> AppliedPolicy {
    let texts = |name: &str| member(entry, name).map(texts_of).unwrap_or_default();
    let result = text(entry, "result").unwrap_or_default();
    AppliedPolicy {
        id: text(entry, "id").or_else(|| text(entry, "policyId")).unwrap_or_default(),
        display_name: text(entry, "displayName").unwrap_or_default(),
        result: spelling::result(&result).to_owned(),
        enforced_grant_controls: texts("enforcedGrantControls"),
        enforced_session_controls: texts("enforcedSessionControls"),
        conditions_satisfied: member(entry, "conditionsSatisfied").and_then(conditions),
        conditions_not_satisfied: member(entry, "conditionsNotSatisfied").and_then(conditions),
        include_rules_satisfied: rules(entry, "includeRulesSatisfied"),
        exclude_rules_satisfied: rules(entry, "excludeRulesSatisfied"),
    }
}

/// Names, or the bits of a number, in the order of the bits; nothing if nothing is said.
fn conditions(value: &Value) -> Option<Vec<String>> {
    if let Some(mask) = integer_of(value) {
        return Some(spelling::conditions_of(u64::try_from(mask).ok()?));
    }
    let mut names = texts_of(value);
    if names.is_empty() && !value.is_array() {
        return None;
    }
    names.retain(|name| !name.eq_ignore_ascii_case("none"));
    for name in &mut names {
        if let Some((_, known)) = spelling::condition(name) {
            known.clone_into(name);
        }
    }
    names.sort_by_key(|name| spelling::condition(name).map_or(usize::MAX, |(bit, _)| bit));
    Some(names)
}

fn rules(entry: &Map<String, Value>, name: &str) -> Vec<String> {
    let Some(list) = member(entry, name) else { return Vec::new() };
    let rule = |rule: Map<String, Value>| {
        let condition = text(&rule, "conditionalAccessCondition").unwrap_or_default();
        let condition = match condition.parse() {
            Ok(mask) => spelling::conditions_of(mask).join("+"),
            Err(_) => condition,
        };
        format!("{condition}:{}", text(&rule, "ruleSatisfied").unwrap_or_default())
    };
    objects_of(list.clone()).into_iter().map(rule).collect()
}

/// `authenticationDetails`, written into a text; whether all of them could be read. Hardly two rows have the same, so
/// this one has a reader of its own for what is ordinary.
pub(crate) fn steps(details: &Cell<'_>, order: DateOrder, written: &mut String) -> bool {
    written.clear();
    if details.is_missing() || details.raw() == "[]" {
        return true;
    }
    let document = details.document();
    if let Some(document) = &document
        && steps::write(document, order, written).is_some()
    {
        return true;
    }
    let (steps, is_whole) = any_steps(details, document.as_deref(), order);
    *written = steps;
    is_whole
}

/// The same for whatever stands there.
fn any_steps(details: &Cell<'_>, document: Option<&str>, order: DateOrder) -> (String, bool) {
    let value = document.and_then(|text| strict::value(text).ok());
    let is_whole = value.as_ref().map_or_else(
        || details.text().is_none_or(|text| !is_type_name(&text) && !breaks_off(&text)),
        |value| !has_type_names(value),
    );
    let entries = value.map(objects_of).unwrap_or_default().into_iter().map(|entry| Step {
        at: text(&entry, "authenticationStepDateTime").and_then(|time| date::read(&time, order)),
        at_is_unread: text(&entry, "authenticationStepDateTime").is_some_and(|time| date::read(&time, order).is_none()),
        method: text(&entry, "authenticationMethod").unwrap_or_default(),
        detail: text(&entry, "authenticationMethodDetail").unwrap_or_default(),
        succeeded: flag(&entry, "succeeded"),
        result: text(&entry, "authenticationStepResultDetail").unwrap_or_default(),
        requirement: text(&entry, "authenticationStepRequirement").unwrap_or_default(),
    });
    (said(&entries.collect::<Vec<_>>()), is_whole)
}

/// `authenticationContextClassReferences`: here an empty list says something (APP-10).
pub(crate) fn contexts(references: &Cell<'_>) -> String {
    let Some(document) = references.document() else { return String::new() };
    if !document.starts_with('[') {
        return String::new();
    }
    let (all, read) = (values(references), objects(references));
    // A list of which something cannot be read does not say what was not asked for.
    if all.len() != read.len() || breaks_off(&document) {
        return String::new();
    }
    let entries = read.into_iter().map(|entry| ContextReference {
        id: text(&entry, "id").unwrap_or_default(),
        detail: text(&entry, "detail").unwrap_or_default(),
    });
    canonical(&entries.collect::<Vec<_>>())
}

/// `conditionalAccessAudiences`: ids, or objects with an id; what it says does not depend on the order.
pub(crate) fn audiences(list: &Cell<'_>) -> String {
    let id = |entry: Value| match entry {
        Value::Object(entry) => text(&entry, "applicationId"),
        other => text_of(&other),
    };
    let mut ids: Vec<String> = values(list).into_iter().filter_map(id).collect();
    ids.sort_unstable();
    ids.dedup();
    said(&ids)
}

/// A list of words: the first of these cells that holds any.
pub(crate) fn texts(places: [&Cell<'_>; 2]) -> String {
    let lists = places.into_iter().map(|place| match place.document() {
        Some(_) => said(&values(place).iter().filter_map(text_of).collect::<Vec<_>>()),
        // `System.String[]` is what PowerShell leaves of a list.
        None => said(&place.text().filter(|text| !is_type_name(text)).map(|text| split(&text)).unwrap_or_default()),
    });
    lists.into_iter().find(|list| !list.is_empty()).unwrap_or_default()
}

/// Whether the text of a document was cut: it begins as JSON and does not end as such.
pub(crate) fn breaks_off(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with('{') && !text.ends_with('}')) || (text.starts_with('[') && !text.ends_with(']'))
}

/// A member of an object, if both are there.
pub(crate) fn member_text(cell: &Cell<'_>, name: &str) -> Option<String> {
    text(&object(cell)?, name)
}

/// The entries of a list of words.
pub(crate) fn words(cell: &Cell<'_>) -> Vec<String> {
    match cell.document() {
        Some(_) => values(cell).iter().filter_map(text_of).collect(),
        None => cell.text().map(|text| split(&text)).unwrap_or_default(),
    }
}

/// What PowerShell leaves of a nested value that lies deeper than `-Depth`.
pub(crate) fn is_type_name(text: &str) -> bool {
    text.starts_with("Microsoft.Graph.") || text.starts_with("System.") || text.starts_with("@{")
}

fn object(cell: &Cell<'_>) -> Option<Map<String, Value>> {
    objects(cell).into_iter().next()
}

fn objects(cell: &Cell<'_>) -> Vec<Map<String, Value>> {
    cell.document().and_then(|text| strict::value(&text).ok()).map(objects_of).unwrap_or_default()
}

/// The objects of a list, of a single object, and of texts that hold objects.
fn objects_of(value: Value) -> Vec<Map<String, Value>> {
    match value {
        Value::Array(entries) => entries.into_iter().flat_map(objects_of).collect(),
        Value::Object(entry) => vec![entry],
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            strict::value(&text).map(objects_of).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn values(cell: &Cell<'_>) -> Vec<Value> {
    match cell.document().and_then(|text| strict::value(&text).ok()) {
        Some(Value::Array(entries)) => entries,
        Some(other) => vec![other],
        None => Vec::new(),
    }
}

fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    // Elastic writes names in snake case, PowerShell begins them with a capital.
    let is_same = |key: &String| {
        let squeezed = key.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase());
        squeezed.eq(name.bytes().map(|byte| byte.to_ascii_lowercase()))
    };
    object.get(name).or_else(|| object.iter().find(|(key, _)| is_same(key)).map(|(_, value)| value))
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    member(object, name).and_then(text_of)
}

fn flag(object: &Map<String, Value>, name: &str) -> Option<bool> {
    spelled_flag(&text(object, name)?)
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !is_filler(text)).map(str::to_owned),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn integer_of(value: &Value) -> Option<i64> {
    text_of(value)?.parse().ok()
}

/// A list of texts, or one text with commas.
fn texts_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(entries) => entries.iter().filter_map(text_of).collect(),
        other => text_of(other).map(|text| split(&text)).unwrap_or_default(),
    }
}

fn split(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_truth_values_are_false_only_beside_another_device_fact() {
        for (detail, absent_is_false, expected) in [
            (
                r#"{"deviceId":"d","trustType":"Azure AD joined"}"#,
                true,
                r#"{"deviceId":"d","isCompliant":false,"isManaged":false,"trustType":"Azure AD joined"}"#,
            ),
            (r#"{"deviceId":"d","isManaged":true}"#, true, r#"{"deviceId":"d","isCompliant":false,"isManaged":true}"#),
            (r#"{"deviceId":"d","operatingSystem":"Linux"}"#, true, r#"{"deviceId":"d","operatingSystem":"Linux"}"#),
            (r#"{"deviceId":"","isManaged":true}"#, true, r#"{"isManaged":true}"#),
            (r#"{"deviceId":"d","isManaged":true,"isCompliant":null}"#, false, r#"{"deviceId":"d","isManaged":true}"#),
            (r#""{\"DeviceId\":\"d\",\"IsCompliant\":\"True\"}""#, false, r#"{"deviceId":"d","isCompliant":true}"#),
            (r#"{"deviceId":"","displayName":null}"#, true, ""),
            (r#"{}"#, true, ""),
        ] {
            assert_eq!(device(&Cell::json(detail), absent_is_false), expected, "{detail}");
        }
    }

    #[test]
    fn places_are_read_from_the_right() {
        for (words, expected) in [
            ("Redmond, Washington, US", ("US", "Washington", "Redmond")),
            ("Frankfurt am Main, Innenstadt, Hessen, DE", ("DE", "Hessen", "Frankfurt am Main, Innenstadt")),
            ("Seattle, , US", ("US", "", "Seattle")),
            ("Hessen, DE", ("DE", "Hessen", "")),
            ("DE", ("DE", "", "")),
        ] {
            let place = place_of_words(words);
            let (country, state, city) = (place.country_or_region, place.state, place.city);
            let found = (country.unwrap_or_default(), state.unwrap_or_default(), city.unwrap_or_default());
            assert_eq!((&*found.0, &*found.1, &*found.2), expected, "{words}");
        }
        let none = &Cell::Missing;
        let location = [&Cell::json("{\"geoCoordinates\":{}}"), &Cell::json("\"fr\""), none, none];
        assert_eq!(place(location), r#"{"countryOrRegion":"fr"}"#);
    }

    #[test]
    fn recorded_policies_read_alike_from_words_numbers_and_nested_texts() {
        let words = r#"[{"id":"p","displayName":"P","result":"reportOnlyNotApplied","enforcedGrantControls":["Mfa"],
            "enforcedSessionControls":[],"conditionsSatisfied":"application,users","conditionsNotSatisfied":"none",
            "includeRulesSatisfied":[{"conditionalAccessCondition":"users","ruleSatisfied":"allUsers"}]}]"#;
        let numbers = r#"[{"Id":"p","result":8,"conditionsNotSatisfied":0,"conditionsSatisfied":3,"displayName":"P",
            "enforcedGrantControls":"Mfa","includeRulesSatisfied":["{\"conditionalAccessCondition\":\"users\",\"ruleSatisfied\":\"allUsers\"}"]}]"#;
        let none = Cell::Missing;
        let read = |text: &str| policies([&Cell::json("[]"), &Cell::json(text), &none]);
        assert_eq!(read(words), read(numbers));
        assert!(read(words).contains(r#""conditionsSatisfied":["application","users"],"conditionsNotSatisfied":[]"#));
        assert!(read(words).contains(r#""includeRulesSatisfied":["users:allUsers"]"#));
        assert_eq!(read("[]"), "");
    }

    #[test]
    fn an_empty_list_of_contexts_is_recorded_and_no_other_empty_list() {
        assert_eq!(contexts(&Cell::json("[]")), "[]");
        assert_eq!(contexts(&Cell::json("\"[]\"")), "[]");
        assert_eq!(contexts(&Cell::json("\"\"")), "");
        assert_eq!(
            contexts(&Cell::json(r#"[{"id":"c1","detail":"required"}]"#)),
            r#"[{"id":"c1","detail":"required"}]"#
        );
        assert_eq!(networks(&Cell::json("[]")), "");
        let mut written = "before".to_owned();
        assert!(steps(&Cell::json("[]"), DateOrder::MonthFirst, &mut written));
        assert_eq!(written, "");
        assert_eq!(audiences(&Cell::json(r#"[{"applicationId":"b"},"a","b"]"#)), r#"["a","b"]"#);
    }
}

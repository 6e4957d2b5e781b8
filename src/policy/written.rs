//! A policy as its file holds it: the text of each member, and its line. For whoever points at a mistake.
//!
//! The wire model folds spellings of the same meaning into one value; here the spelling is kept.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::pages::Lines;

use super::members::spelling;

/// The members of a policy, and where they stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    value: Value,
    lines: BTreeMap<String, u64>, // INVARIANT: by path, names as in `value`.
}

impl Written {
    /// `raw` begins on `first_line` of its file; `value` is the same with its names folded.
    pub(super) fn read(raw: &RawValue, first_line: u64, value: Value) -> Written {
        let mut lines = BTreeMap::new();
        let mut counted = Lines::new(raw.get());
        walk(raw, "", &mut |path, part| {
            lines.insert(path.to_owned(), first_line + counted.line_of(part) - 1);
        });
        Written { value, lines }
    }

    /// The whole policy; names that the wire model knows have its spelling, annotations are gone.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The member at a path such as `conditions.users.includeUsers`.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(&self.value, |here, name| here.get(name))
    }

    /// The line of the member at a path, or of the last object on the way to it.
    #[must_use]
    pub fn line(&self, path: &str) -> Option<u64> {
        if let Some(line) = self.lines.get(path) {
            return Some(*line);
        }
        let above = path.rsplit_once('.').map_or("", |(above, _)| above);
        if path.is_empty() { None } else { self.line(above) }
    }
}

/// Every member at any depth, in the order of the text, which [`Lines`] asks for.
fn walk<'t>(raw: &'t RawValue, path: &str, meet: &mut impl FnMut(&str, &'t RawValue)) {
    meet(path, raw);
    if !raw.get().starts_with('{') {
        return;
    }
    for (name, value) in written_members(raw).unwrap_or_default() {
        let name = spelling(&name);
        let inner = if path.is_empty() { name.to_owned() } else { [path, name].join(".") };
        walk(value, &inner, meet);
    }
}

/// Members in the order they were written, which a map would lose.
pub(super) fn written_members(raw: &RawValue) -> Option<Vec<(String, &RawValue)>> {
    struct InOrder;

    impl<'de> serde::de::Visitor<'de> for InOrder {
        type Value = Vec<(String, &'de RawValue)>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
            std::iter::from_fn(|| members.next_entry().transpose()).collect()
        }
    }

    serde::Deserializer::deserialize_map(&mut serde_json::Deserializer::from_str(raw.get()), InOrder).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serde_json::value::RawValue;

    use super::Written;

    #[test]
    fn a_member_is_found_with_its_line_whatever_the_case_of_its_name() {
        let text = "{\n \"Conditions\": {\n  \"users\":\n   {\"includeUsers\": [\n\"x\"]},\n  \"platforms\": null }}";
        let raw: &RawValue = serde_json::from_str(text).unwrap();
        let written =
            Written::read(raw, 10, json!({"conditions": {"users": {"includeUsers": ["x"]}, "platforms": null}}));
        for (path, line) in [
            ("", 10),
            ("conditions", 11),
            ("conditions.users", 13),
            ("conditions.users.includeUsers", 13),
            ("conditions.users.excludeUsers", 13),
            ("conditions.platforms", 15),
            ("grantControls.operator", 10),
        ] {
            assert_eq!(written.line(path), Some(line), "{path}");
        }
        assert_eq!(written.at("conditions.users.includeUsers"), Some(&json!(["x"])));
        assert_eq!(written.at("conditions.locations"), None);
        assert_eq!(Written::default().line("conditions"), None);
    }
}

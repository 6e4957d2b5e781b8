//! JSON values whose objects say each thing once.
//!
//! An object that holds a key twice with different values is not understood: taking either would be a guess
//! (formats, trap 19). An exporter that repeats itself word for word does no harm.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads one value; anything that is no JSON, is nested too deeply or contradicts itself is an error.
pub(crate) fn value(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str::<Strict>(text).map(|strict| strict.0)
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Strict, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Strict)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, Strict(value))) = members.next_entry::<String, Strict>()? {
            if object.get(&key).is_some_and(|before| *before != value) {
                return Err(A::Error::custom(format_args!("the key `{key}` stands twice, with different values")));
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(value)) = entries.next_element()? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn a_contradiction_is_an_error_at_any_depth_and_a_repetition_is_not() {
        for text in [r#"{"a":1,"a":1,"b":[{"c":null,"c":null}]}"#, r#"[1,-2,2.5,"x",true,null,{}]"#] {
            assert_eq!(value(text).unwrap(), serde_json::from_str::<serde_json::Value>(text).unwrap(), "{text}");
        }
        let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
        for text in [r#"{"a":1,"a":2}"#, r#"[{"b":{"c":"x","c":"y"}}]"#, "{", "", "{} {}", deep.as_str()] {
            assert!(value(text).is_err(), "{text}");
        }
    }
}

//! How lenient the wire model reads: the oddities that real policy exports hold (formats, traps 31–42).

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::domain::{Spelled, Word};

/// A text; `null` and the empty text are absent.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.filter(|text| !text.trim().is_empty()))
}

/// A list of texts. `null` is empty; one text stands for a list of one; commas in it separate flags.
pub(super) fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    struct Texts;

    impl<'de> Visitor<'de> for Texts {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of texts")
        }

        fn visit_unit<E: de::Error>(self) -> Result<Vec<String>, E> {
            Ok(Vec::new())
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<String>, E> {
            Ok(text.split(',').map(str::trim).filter(|flag| !flag.is_empty()).map(str::to_owned).collect())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<String>, A::Error> {
            let mut texts = Vec::new();
            while let Some(text) = items.next_element::<Option<String>>()? {
                texts.extend(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()));
            }
            Ok(texts)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Vec<String>, A::Error> {
            match members.next_entry::<String, IgnoredAny>()? {
                None => Ok(Vec::new()),
                Some((name, _)) => Err(de::Error::custom(format_args!("an object with `{name}` where a list belongs"))),
            }
        }
    }

    from.deserialize_any(Texts)
}

/// A list of words of one of the field's enums.
pub(super) fn words<'de, D: Deserializer<'de>, T: Spelled>(from: D) -> Result<Vec<Word<T>>, D::Error> {
    Ok(list(from)?.iter().map(|text| Word::read(text)).collect())
}

/// Comma-joined flags (trap 24).
pub(super) fn flags<'de, D: Deserializer<'de>, T: Spelled>(from: D) -> Result<Vec<Word<T>>, D::Error> {
    words(from)
}

/// An object; `null` and an empty list stand for one that says nothing (formats, trap 35).
pub(super) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(optional(from)?.unwrap_or_default())
}

/// An object, or none: `null` and an empty list stand for an absent one.
pub(super) fn optional<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    struct Object<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
        type Value = Option<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_unit<E: de::Error>(self) -> Result<Option<T>, E> {
            Ok(None)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Option<T>, A::Error> {
            match items.next_element::<IgnoredAny>()? {
                None => Ok(None),
                Some(_) => Err(de::Error::custom("a list where an object belongs")),
            }
        }

        fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Option<T>, A::Error> {
            T::deserialize(de::value::MapAccessDeserializer::new(members)).map(Some)
        }
    }

    from.deserialize_any(Object(PhantomData))
}

//! The What If request, as data: its body keeps the order of its members.

use serde::Serialize;

/// The What If request.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WhatIf {
    /// `POST`.
    pub method: &'static str,
    /// Where to.
    pub url: &'static str,
    /// What, member by member in the order of Graph's documentation.
    pub body: Body,
    /// Members that are left out because their value is not known.
    pub left_out: Vec<Absent>,
}

/// A member of the request that is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Absent {
    /// The member.
    pub member: &'static str,
    /// Why.
    pub why: String,
}

/// The body of the request: a JSON object whose members keep their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body(pub Vec<(String, Value)>);

/// A value of the body.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// True or false.
    Flag(bool),
    /// Text.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
    /// An object.
    Object(Body),
}

impl Serialize for Body {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Flag(flag) => serializer.serialize_bool(*flag),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Texts(texts) => serializer.collect_seq(texts),
            Value::Object(body) => body.serialize(serializer),
        }
    }
}

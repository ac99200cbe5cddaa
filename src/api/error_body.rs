//! The bodies of unsuccessful responses.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};

/// A JSON value, as far as error bodies matter. `serde_json::Value` would add a map and numbers that nobody reads to the
/// first WebAssembly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorBody {
    /// `null`.
    Null,
    /// A text.
    Text(String),
    /// An array.
    List(Vec<ErrorBody>),
    /// An object, with its fields in their order.
    Object(Vec<(String, ErrorBody)>),
    /// A number or a truth value.
    Other,
}

impl ErrorBody {
    /// Returns a field of an object.
    pub fn field(&self, name: &str) -> Option<&Self> {
        let Self::Object(fields) = self else { return None };
        fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// Returns the text, if it is one.
    pub fn text(&self) -> Option<&str> {
        let Self::Text(text) = self else { return None };
        Some(text)
    }
}

impl<'de> Deserialize<'de> for ErrorBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Values;

        impl<'de> Visitor<'de> for Values {
            type Value = ErrorBody;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_unit<E>(self) -> Result<ErrorBody, E> {
                Ok(ErrorBody::Null)
            }

            fn visit_bool<E>(self, _: bool) -> Result<ErrorBody, E> {
                Ok(ErrorBody::Other)
            }

            fn visit_i64<E>(self, _: i64) -> Result<ErrorBody, E> {
                Ok(ErrorBody::Other)
            }

            fn visit_u64<E>(self, _: u64) -> Result<ErrorBody, E> {
                Ok(ErrorBody::Other)
            }

            fn visit_f64<E>(self, _: f64) -> Result<ErrorBody, E> {
                Ok(ErrorBody::Other)
            }

            fn visit_str<E>(self, text: &str) -> Result<ErrorBody, E> {
                Ok(ErrorBody::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<ErrorBody, A::Error> {
                let mut list = Vec::new();
                while let Some(value) = values.next_element()? {
                    list.push(value);
                }
                Ok(ErrorBody::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut values: A) -> Result<ErrorBody, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = values.next_entry()? {
                    fields.push(field);
                }
                Ok(ErrorBody::Object(fields))
            }
        }

        deserializer.deserialize_any(Values)
    }
}

//! The named values of a query or a form, and their validation.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use axum::body::Bytes;
use futures_util::stream;
use multer::Multipart;
use percent_encoding::percent_decode;

use crate::messages::Messages;

/// Values by name, and the problems found with them so far. Names that are never read are ignored.
#[derive(Debug, Default)]
pub struct Fields {
    values: HashMap<String, Vec<Vec<u8>>>,
    messages: Messages,
}

impl Fields {
    /// Parses `name=value&…`: a query, or a body of `application/x-www-form-urlencoded`.
    pub fn from_urlencoded(encoded: &[u8]) -> Self {
        let mut fields = Self::default();
        for pair in encoded.split(|&byte| byte == b'&') {
            let mut halves = pair.splitn(2, |&byte| byte == b'=');
            let name = urldecode(halves.next().unwrap_or_default());
            let value = urldecode(halves.next().unwrap_or_default());
            // No name that is ever read contains a byte that is not UTF-8.
            fields.insert(&String::from_utf8_lossy(&name), value);
        }
        fields
    }

    /// Parses a body of `multipart/form-data`.
    ///
    /// # Errors
    /// The body is not valid `multipart/form-data`.
    pub async fn from_multipart(content_type: &str, body: Bytes) -> Result<Self, Messages> {
        let not_multipart = |_| Messages::of_whole("Not a valid multipart/form-data body.");
        let boundary = multer::parse_boundary(content_type).map_err(not_multipart)?;
        let body = stream::once(async { Ok::<_, std::convert::Infallible>(body) });
        let mut parts = Multipart::new(body, boundary);
        let mut fields = Self::default();
        while let Some(part) = parts.next_field().await.map_err(not_multipart)? {
            let name = part.name().unwrap_or_default().to_owned();
            let value = part.bytes().await.map_err(not_multipart)?;
            fields.insert(&name, value.into());
        }
        Ok(fields)
    }

    fn insert(&mut self, name: &str, value: Vec<u8>) {
        self.values.entry(name.to_owned()).or_default().push(value);
    }

    /// Returns the text of a field; `None` if it is missing or unusable.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let mut values = self.values.remove(name)?;
        if values.len() > 1 {
            self.messages.add(name, "Given more than once.");
            return None;
        }
        let text = String::from_utf8(values.pop()?).map_err(|_| "Not valid UTF-8.");
        self.messages.keep(name, text)
    }

    /// Returns the integer in a field; `None` if it is missing or unusable.
    pub fn integer(&mut self, name: &str) -> Option<i64> {
        let text = self.text(name)?;
        self.messages.keep(name, text.parse().map_err(|_| "Not a valid integer."))
    }

    /// Returns the integer in a field if it is in `range`; `None` if it is missing or unusable.
    pub fn integer_in(&mut self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let integer = self.integer(name)?;
        if range.contains(&integer) {
            return Some(integer);
        }
        let (least, most) = range.into_inner();
        let sentence = if most == i64::MAX {
            format!("Must be greater than or equal to {least}.")
        } else {
            format!("Must be greater than or equal to {least} and less than or equal to {most}.")
        };
        self.messages.add(name, &sentence);
        None
    }

    /// Returns the text of a required field. If it is missing or fails `check`, records why and returns an empty
    /// string.
    pub fn required(&mut self, name: &str, check: impl FnOnce(&str) -> Result<(), &'static str>) -> String {
        if !self.values.contains_key(name) {
            self.messages.add(name, "Missing data for required field.");
        }
        let text = self.text(name).unwrap_or_default();
        if !self.messages.has(name) {
            self.messages.keep(name, check(&text));
        }
        text
    }

    /// Finishes reading.
    ///
    /// # Errors
    /// What is wrong with the fields that were read.
    pub fn finish(self) -> Result<(), Messages> {
        self.messages.into_result()
    }
}

fn urldecode(encoded: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = encoded.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    percent_decode(&spaced).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn messages(fields: Fields) -> serde_json::Value {
        serde_json::to_value(fields.finish().unwrap_err()).unwrap()
    }

    #[test]
    fn urlencoded_values_are_decoded() {
        let mut fields = Fields::from_urlencoded(b"name=a+b%2Bc%26%C3%A4=&length=20&&=&x");
        assert_eq!(fields.text("name").as_deref(), Some("a b+c&ä="));
        assert_eq!(fields.integer("length"), Some(20));
        assert_eq!(fields.text("owner_id"), None);
        assert_eq!(fields.text("x").as_deref(), Some(""));
        assert_eq!(fields.finish(), Ok(()));
    }

    #[test]
    fn percent_signs_that_encode_nothing_stand_for_themselves() {
        let mut fields = Fields::from_urlencoded(b"name=100%&x=%zz%4");
        assert_eq!(fields.text("name").as_deref(), Some("100%"));
        assert_eq!(fields.text("x").as_deref(), Some("%zz%4"));
    }

    #[test]
    fn unusable_values_are_told_by_field() {
        let mut fields = Fields::from_urlencoded(
            b"name=%FF&limit=1&limit=1&offset=&owner_id=9223372036854775808&length=15",
        );
        assert_eq!(fields.text("name"), None);
        for field in ["limit", "offset", "owner_id"] {
            assert_eq!(fields.integer(field), None);
        }
        assert_eq!(fields.integer_in("length", 16..=128), None);
        let between = "Must be greater than or equal to 16 and less than or equal to 128.";
        assert_eq!(
            messages(fields),
            json!({
                "name": ["Not valid UTF-8."],
                "limit": ["Given more than once."],
                "offset": ["Not a valid integer."],
                "owner_id": ["Not a valid integer."],
                "length": [between],
            })
        );
    }

    #[test]
    fn what_nobody_asks_for_cannot_be_wrong() {
        let fields = Fields::from_urlencoded(b"%FF=1&utm=%FF&utm=2");
        assert_eq!(fields.finish(), Ok(()));
    }

    #[tokio::test]
    async fn multipart_values_are_read() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nlaptop\r\n\
                    --b\r\nContent-Disposition: form-data; name=\"length\"\r\n\r\n64\r\n--b--\r\n";
        let mut fields =
            Fields::from_multipart("multipart/form-data; boundary=b", body.into()).await.unwrap();
        assert_eq!(fields.text("name").as_deref(), Some("laptop"));
        assert_eq!(fields.integer("length"), Some(64));
    }

    #[tokio::test]
    async fn bodies_that_are_not_multipart() {
        for (content_type, body) in [
            ("multipart/form-data", "--b--\r\n"),
            ("multipart/form-data; boundary=b", ""),
            ("multipart/form-data; boundary=b", "--b\r\nhalf"),
        ] {
            let read = Fields::from_multipart(content_type, body.into()).await;
            assert!(read.is_err(), "{content_type}, {body:?}");
        }
    }
}

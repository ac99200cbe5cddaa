//! The part of JSON Patch (RFC 6902) that the server understands.

use serde::Serialize;

/// An operation of a patch. Servers answer 500 to `add`, `remove` and `move`, so they are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Operation {
    /// Fails the whole patch unless the field still has this value.
    Test(Field),
    /// Sets the field to this value.
    Replace(Field),
}

/// A field of a token that can be changed, and a value for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "path", content = "value")]
pub enum Field {
    /// The token's name.
    #[serde(rename = "/name")]
    Name(String),
    /// Whether the server accepts the token.
    #[serde(rename = "/enabled")]
    Enabled(bool),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_rfc_6902_says() {
        let patch =
            [Operation::Test(Field::Name("old \"name\"".into())), Operation::Replace(Field::Enabled(false))];
        assert_eq!(
            serde_json::to_string(&patch).unwrap(),
            r#"[{"op":"test","path":"/name","value":"old \"name\""},{"op":"replace","path":"/enabled","value":false}]"#
        );
    }
}

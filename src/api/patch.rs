//! The part of JSON Patch (RFC 6902) that the server understands.

use serde::Serialize;

/// An operation of a patch. Servers answer 500 to `add`, `remove` and `move`, so they are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Operation {
    /// Fails the whole patch unless the field still has this value.
    Test {
        /// The field to compare.
        path: Path,
        /// The value that it must have.
        value: Value,
    },
    /// Sets a field.
    Replace {
        /// The field to set.
        path: Path,
        /// Its new value.
        value: Value,
    },
}

/// A field of a token that can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Path {
    /// The token's name.
    #[serde(rename = "/name")]
    Name,
    /// Whether the server accepts the token.
    #[serde(rename = "/enabled")]
    Enabled,
}

/// A value for one of the [`Path`]s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// For [`Path::Name`].
    Text(String),
    /// For [`Path::Enabled`].
    Flag(bool),
}

impl Operation {
    /// Returns the field that the operation is about; a 422 names operations by their index.
    pub const fn path(&self) -> Path {
        match self {
            Self::Test { path, .. } | Self::Replace { path, .. } => *path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_rfc_6902_says() {
        let patch = [
            Operation::Test { path: Path::Name, value: Value::Text("old \"name\"".into()) },
            Operation::Replace { path: Path::Enabled, value: Value::Flag(false) },
        ];
        assert_eq!(
            serde_json::to_string(&patch).unwrap(),
            r#"[{"op":"test","path":"/name","value":"old \"name\""},{"op":"replace","path":"/enabled","value":false}]"#
        );
    }
}

//! JSON Patch (RFC 6902), the part of it that the server understands.

use serde::Serialize;

/// One operation. Servers answer 500 to `add`, `remove` and `move`, so there are none here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Operation {
    /// Fails the whole patch unless the value is still this.
    Test {
        /// Where the value is.
        path: Path,
        /// What it has to be.
        value: Value,
    },
    /// Sets a value.
    Replace {
        /// Where the value is.
        path: Path,
        /// What it becomes.
        value: Value,
    },
}

/// What of a token can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Path {
    /// The token's name.
    #[serde(rename = "/name")]
    Name,
    /// Whether the server accepts the token.
    #[serde(rename = "/enabled")]
    Enabled,
}

/// A value of one of the [`Path`]s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// For [`Path::Name`].
    Text(String),
    /// For [`Path::Enabled`].
    Flag(bool),
}

impl Operation {
    /// Where the operation points; a 422 names operations by their index.
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

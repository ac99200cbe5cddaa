//! Doing one thing to many tokens: which of them, a few at once, with a result for each.

pub mod outcome;
pub mod plan;
pub mod run;
pub mod words;

use crate::api::{
    Method,
    patch::{Operation, Path, Value},
};

/// What is done to each token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAct {
    /// Make the server accept it.
    Enable,
    /// Make the server refuse it.
    Disable,
    /// Delete it.
    Delete,
}

impl BulkAct {
    /// The method that `OPTIONS` has to allow for it.
    pub const fn method(self) -> Method {
        match self {
            Self::Enable | Self::Disable => Method::Patch,
            Self::Delete => Method::Delete,
        }
    }

    /// Whether the token is to be enabled; `None` for a deletion.
    pub const fn wants_enabled(self) -> Option<bool> {
        match self {
            Self::Enable => Some(true),
            Self::Disable => Some(false),
            Self::Delete => None,
        }
    }

    /// The patch that does it; `None` for a deletion. Without a `test`: whatever else somebody changed
    /// about the token stays as it is, and the wish was about this one value.
    pub fn patch(self) -> Option<Vec<Operation>> {
        self.wants_enabled()
            .map(|enabled| vec![Operation::Replace { path: Path::Enabled, value: Value::Flag(enabled) }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patch_is_about_one_value() {
        assert_eq!(
            serde_json::to_string(&BulkAct::Disable.patch()).unwrap(),
            r#"[{"op":"replace","path":"/enabled","value":false}]"#
        );
        assert_eq!(BulkAct::Delete.patch(), None);
    }
}

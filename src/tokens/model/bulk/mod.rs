//! A bulk act: one change made to many tokens, a few at a time, with a result for each.

pub mod outcome;
pub mod plan;
pub mod run;
pub mod words;

use crate::api::{
    Method,
    patch::{Field, Operation},
};

/// The change that is made to each token.
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
    /// Returns the method that `OPTIONS` has to allow for it.
    pub const fn method(self) -> Method {
        match self {
            Self::Enable | Self::Disable => Method::Patch,
            Self::Delete => Method::Delete,
        }
    }

    /// Returns whether the token is to be enabled; `None` for a deletion.
    pub const fn wants_enabled(self) -> Option<bool> {
        match self {
            Self::Enable => Some(true),
            Self::Disable => Some(false),
            Self::Delete => None,
        }
    }

    /// Returns the patch that does it; `None` for a deletion. It has no `test`: the act is about this one value, and
    /// whatever else somebody changed about the token stays as it is.
    pub fn patch(self) -> Option<Vec<Operation>> {
        self.wants_enabled().map(|enabled| vec![Operation::Replace(Field::Enabled(enabled))])
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

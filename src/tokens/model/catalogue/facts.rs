//! The details of a row in comparable form: times are numbers.

use crate::{
    api::{Token, UserId},
    calendar::milliseconds,
};

/// The details of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The owner.
    pub owner: UserId,
    /// Whether the server accepts it.
    pub enabled: bool,
    /// The time of the last use; `None` if the server's value is not a time.
    pub last_used: Option<LastUse>,
    /// The time of creation, in milliseconds since 1970; `None` if the server does not tell.
    pub created: Option<i64>,
}

/// The last use of a token. `Never` sorts before every time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LastUse {
    /// The token was never used.
    Never,
    /// The token was last used at this time, in milliseconds since 1970.
    At(i64),
}

impl Facts {
    /// Takes the details from a token.
    pub fn of(token: &Token) -> Self {
        let last_used = match &token.last_used {
            None => Some(LastUse::Never),
            Some(text) => milliseconds(text).map(LastUse::At),
        };
        Self {
            owner: token.owner_id,
            enabled: token.enabled,
            last_used,
            created: token.created.as_deref().and_then(milliseconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_time_is_unknown_and_not_never() {
        let token = |last_used: Option<&str>, created: Option<&str>| Token {
            id: 1,
            name: "a".into(),
            owner_id: 3,
            enabled: true,
            created: created.map(Into::into),
            updated: None,
            last_used: last_used.map(Into::into),
        };
        let facts = Facts::of(&token(None, Some("1970-01-01T00:00:01Z")));
        assert_eq!((facts.last_used, facts.created), (Some(LastUse::Never), Some(1000)));
        let facts = Facts::of(&token(Some("yesterday"), None));
        assert_eq!((facts.last_used, facts.created), (None, None));
        assert!(LastUse::Never < LastUse::At(i64::MIN));
    }
}

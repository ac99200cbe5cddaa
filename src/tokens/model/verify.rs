//! The result of verifying a token, in words.

use super::name::isolated;
use crate::{
    api::{Error, ErrorKind},
    session::Verified,
};

/// The hint beside the button: verifying a token is using it.
pub const IS_A_USE: &str =
    "Sends one request with this token to see whether it works. This updates “Last used”.";

/// The result of verifying a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifyResult {
    /// The server accepts the token; with the name of the user that it acts for, if the server says so.
    Works(Option<String>),
    /// The server refuses the token.
    Refused,
    /// The network or the server failed, which says nothing about the token.
    Open,
}

impl VerifyResult {
    /// Returns what the answer to a request with the token means.
    pub fn of(answer: &Result<Verified, Error>) -> Self {
        match answer {
            Ok(verified) => Self::Works(verified.user.as_ref().map(|user| user.username.clone())),
            Err(error) if error.kind == ErrorKind::NotSignedIn => Self::Refused,
            Err(_) => Self::Open,
        }
    }

    /// Returns the result as a sentence, or `None` if there is none. `name` is the token's name in a sentence.
    pub fn title(&self, name: &str) -> Option<String> {
        match self {
            Self::Works(Some(user)) => Some(format!("“{name}” works: it acts for {}.", isolated(user))),
            Self::Works(None) => {
                Some(format!("“{name}” works: the server accepts it, but does not say whose it is."))
            }
            Self::Refused => Some(format!("“{name}” does not work: the server does not accept it.")),
            Self::Open => None,
        }
    }

    /// Returns what follows from it. `enabled` is whether the token was enabled when it was last read.
    pub const fn text(&self, enabled: Option<bool>) -> &'static str {
        match (self, enabled) {
            (Self::Works(_), Some(false)) => {
                "It was disabled when last loaded, and must have been enabled since. It now counts as used."
            }
            (Self::Works(_), _) => "It is enabled and now counts as used.",
            (Self::Refused, Some(false)) => "It is disabled. Enable it, then verify it again.",
            (Self::Refused, Some(true)) => {
                "It was enabled when last loaded. It may have been disabled or deleted since, or its owner \
                 may be inactive."
            }
            (Self::Refused, None) => {
                "It may be disabled or deleted, or its owner may be inactive: the server does not say which."
            }
            (Self::Open, _) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Method, User};

    fn accepted(user: Option<&str>) -> Result<Verified, Error> {
        let user = user.map(|name| User { id: 3, username: name.into() });
        Ok(Verified { user, collection_allow: None })
    }

    fn failed(kind: ErrorKind) -> Result<Verified, Error> {
        Err(Error::new(kind, Method::Get, "/users/me"))
    }

    #[test]
    fn a_token_that_works_says_for_whom() {
        let result = VerifyResult::of(&accepted(Some("alice")));
        assert_eq!(result.title("ci").unwrap(), "“ci” works: it acts for alice.");
        assert!(result.text(Some(true)).contains("now counts as used"));
        assert!(result.text(Some(false)).contains("must have been enabled since"));
        let nameless = VerifyResult::of(&accepted(None));
        assert!(nameless.title("ci").unwrap().contains("does not say whose it is"));
    }

    #[test]
    fn a_refusal_is_explained_by_what_was_read() {
        let result = VerifyResult::of(&failed(ErrorKind::NotSignedIn));
        assert!(result.title("ci").unwrap().contains("does not accept it"));
        assert!(result.text(Some(false)).starts_with("It is disabled"));
        assert!(result.text(Some(true)).starts_with("It was enabled"));
        assert!(result.text(None).contains("does not say which"));
    }

    #[test]
    fn a_failure_says_nothing_of_the_token() {
        for kind in [
            ErrorKind::Offline,
            ErrorKind::Unreachable,
            ErrorKind::Server(None),
            ErrorKind::TooManyRequests(None),
            ErrorKind::NotPermitted,
            ErrorKind::NotFound,
        ] {
            let result = VerifyResult::of(&failed(kind.clone()));
            assert_eq!((result.title("ci"), result.text(Some(true))), (None, ""), "{kind:?}");
        }
    }
}

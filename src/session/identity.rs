//! Who the server says one is.

use crate::api::{Credentials, User};

/// What one is called who signed in with a token, where the server does not say whose it is.
const NAMELESS: &str = "API token";

/// Who the server says one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user, unless the server does not say (API.md part 1: the look-up is optional).
    pub user: Option<User>,
    /// What one signed in as, for the banner: a user name, or "API token".
    pub label: String,
}

impl Identity {
    pub(super) fn new(credentials: &Credentials, user: Option<User>) -> Self {
        let typed = match credentials {
            Credentials::Basic { username, .. } => username,
            Credentials::Token(_) => NAMELESS,
        };
        Self::named(user, typed)
    }

    /// Whoever the server says, or else the name that one signed in with.
    pub(super) fn named(user: Option<User>, typed: &str) -> Self {
        let label = user.as_ref().map_or(typed, |user| &user.username).to_owned();
        Self { user, label }
    }

    /// A text that only this user has. Whoever signed in with a token on a server that does not name its owner
    /// has none.
    pub fn certain(&self) -> Option<String> {
        match &self.user {
            Some(user) => Some(format!("user {}", user.id)),
            None if self.label == NAMELESS => None,
            None => Some(format!("name {}", self.label)),
        }
    }

    /// Whether two sign-ins are surely the same user. If that is not certain, it is safer to load everything
    /// again.
    pub(super) fn is_surely(&self, other: &Self) -> bool {
        self.certain().is_some_and(|certain| other.certain() == Some(certain))
    }
}

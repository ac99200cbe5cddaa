//! Who the server says the user is.

use crate::api::{Credentials, User};

/// The label of a user who signed in with a token, where the server does not say whose it is.
const NAMELESS: &str = "API token";

/// Who the server says the user is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user, unless the server does not say (API.md part 1: the look-up is optional).
    pub user: Option<User>,
    /// The name for the banner: a user name, or "API token".
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

    /// Uses the name that the server says, or else the one that the user signed in with.
    pub(super) fn named(user: Option<User>, typed: &str) -> Self {
        let label = user.as_ref().map_or(typed, |user| &user.username).to_owned();
        Self { user, label }
    }

    /// Returns a text that only this user has. `None` after signing in with a token on a server that does not name its
    /// owner.
    pub fn unique_key(&self) -> Option<String> {
        match &self.user {
            Some(user) => Some(format!("user {}", user.id)),
            None if self.label == NAMELESS => None,
            None => Some(format!("name {}", self.label)),
        }
    }

    /// Returns the user name to sign in with again, if there is one: as the server says it, or as it was typed.
    pub(super) fn username(&self) -> Option<String> {
        self.unique_key().map(|_| self.label.clone())
    }

    /// Whether two sign-ins are certainly the same user. If that is not certain, it is safer to load everything again.
    pub(super) fn is_surely(&self, other: &Self) -> bool {
        self.unique_key().is_some_and(|key| other.unique_key() == Some(key))
    }

    /// Whether two sign-ins are certainly different users: stronger than the negation of [`Self::is_surely`].
    pub(super) fn is_surely_not(&self, other: &Self) -> bool {
        let is_same_kind = self.user.is_some() == other.user.is_some();
        is_same_kind
            && matches!((self.unique_key(), other.unique_key()), (Some(one), Some(two)) if one != two)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: i64, username: &str) -> Identity {
        Identity::named(Some(User { id, username: username.into() }), username)
    }

    fn token() -> Identity {
        Identity::new(&Credentials::token("t").unwrap(), None)
    }

    fn password(username: &str) -> Identity {
        Identity::new(&Credentials::basic(username, "pw").unwrap(), None)
    }

    #[test]
    fn two_users_are_told_apart_by_what_both_have() {
        assert!(user(3, "alice").is_surely_not(&user(4, "bob")));
        assert!(password("alice").is_surely_not(&password("bob")));
        assert!(!user(3, "alice").is_surely_not(&user(3, "alicia")), "another name of the same");
        for (one, two) in [
            (token(), token()),
            (token(), password("alice")),
            (user(3, "alice"), token()),
            (user(3, "alice"), password("bob")),
        ] {
            assert!(!one.is_surely(&two) && !one.is_surely_not(&two), "{one:?} {two:?}");
        }
    }

    #[test]
    fn whoever_signed_in_with_a_password_has_a_name() {
        assert_eq!(password("alice").username().as_deref(), Some("alice"));
        assert_eq!(user(3, "alice").username().as_deref(), Some("alice"));
        assert_eq!(token().username(), None);
    }
}

//! Who can own a token, as far as the server tells.

use super::order::sorted;
use crate::api::{ErrorKind, User, UserId};

/// What is known of the server's users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Directory {
    /// Nobody asked.
    #[default]
    Unasked,
    /// On its way.
    Loading,
    /// All of them, by name.
    Known(Vec<User>),
    /// 403: one may not list users, so one makes tokens for oneself.
    NotPermitted,
    /// The server has no such look-up, or more users than a person picks from: owners go by their numbers.
    Unavailable,
    /// The look-up failed: until it is tried again, owners go by their numbers.
    Failed,
}

/// More users than a person picks from; beyond, owners go by their numbers.
pub const MOST_USERS: usize = 5_000;

impl Directory {
    /// All users, sorted by name.
    pub fn known(users: Vec<User>) -> Self {
        if users.len() > MOST_USERS {
            return Self::Unavailable;
        }
        let mut users = sorted(users, |a, b| a.username.cmp(&b.username).then(a.id.cmp(&b.id)));
        users.dedup_by_key(|user| user.id);
        Self::Known(users)
    }

    /// What a failure of the look-up means.
    pub const fn failed(kind: &ErrorKind) -> Self {
        match kind {
            ErrorKind::NotPermitted => Self::NotPermitted,
            ErrorKind::NotFound
            | ErrorKind::MethodNotAllowed(_)
            | ErrorKind::Blocked(_)
            | ErrorKind::NotUnderstood(_) => Self::Unavailable,
            _ => Self::Failed,
        }
    }

    /// A user's name, if it is known.
    pub fn name_of(&self, id: UserId) -> Option<&str> {
        match self {
            Self::Known(users) => users.iter().find(|user| user.id == id).map(|user| user.username.as_str()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: UserId, name: &str) -> User {
        User { id, username: name.into() }
    }

    #[test]
    fn users_are_sorted_and_found() {
        let directory = Directory::known(vec![user(2, "bob"), user(1, "alice"), user(2, "bob")]);
        assert_eq!(directory, Directory::Known(vec![user(1, "alice"), user(2, "bob")]));
        assert_eq!(directory.name_of(2), Some("bob"));
        assert_eq!(directory.name_of(9), None);
        assert_eq!(Directory::NotPermitted.name_of(1), None);
    }

    #[test]
    fn refused_is_not_the_same_as_missing() {
        assert_eq!(Directory::failed(&ErrorKind::NotPermitted), Directory::NotPermitted);
        assert_eq!(Directory::failed(&ErrorKind::NotFound), Directory::Unavailable);
        assert_eq!(Directory::failed(&ErrorKind::Server(None)), Directory::Failed);
        let crowd = (0..=MOST_USERS as i64).map(|id| user(id, "x")).collect();
        assert_eq!(Directory::known(crowd), Directory::Unavailable);
    }
}

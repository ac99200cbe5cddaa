//! The users that can own a token, as far as the server tells.

use super::{name::isolated, order::sorted};
use crate::api::{ErrorKind, User, UserId, parse_id};

/// What is known of the server's users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Directory {
    /// Not requested yet.
    #[default]
    Unasked,
    /// In flight.
    Loading,
    /// All users, sorted by name.
    Known(Vec<User>),
    /// More users than a person picks from: those that were read, sorted by name. Owners are entered by ID.
    Crowded(Vec<User>),
    /// 403: the user may not list users. They may still create tokens for others, since nothing that the server tells
    /// beforehand says who may, so owners are entered by ID.
    NotPermitted,
    /// The server has no list of users: owners are entered by ID.
    Unavailable,
    /// The request failed: owners are entered by ID until it is tried again.
    Failed,
}

/// The most users that are offered for picking; with more, owners are entered by ID.
pub const MOST_USERS: usize = 5_000;

impl Directory {
    /// Takes the users that were read and sorts them by name.
    pub fn known(users: Vec<User>) -> Self {
        let is_crowded = users.len() > MOST_USERS;
        let mut users = sorted(users, |a, b| a.username.cmp(&b.username).then(a.id.cmp(&b.id)));
        users.dedup_by_key(|user| user.id);
        if is_crowded { Self::Crowded(users) } else { Self::Known(users) }
    }

    /// Returns what a failure of the request means.
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

    /// Returns what is known after the users were read again: a failure that may pass takes no names away.
    #[must_use]
    pub fn read_again(self, again: Self) -> Self {
        if again == Self::Failed && !self.users().is_empty() { self } else { again }
    }

    /// Returns the users whose names are known.
    pub fn users(&self) -> &[User] {
        match self {
            Self::Known(users) | Self::Crowded(users) => users,
            _ => &[],
        }
    }

    /// Returns a user's name, if it is known.
    pub fn name_of(&self, id: UserId) -> Option<&str> {
        self.users().iter().find(|user| user.id == id).map(|user| user.username.as_str())
    }

    /// Returns why owners are entered by ID; `None` if they are picked from a list or the list is not there yet.
    pub const fn why_by_number(&self) -> Option<&'static str> {
        match self {
            Self::Unasked | Self::Loading | Self::Known(_) => None,
            Self::Crowded(_) => Some("There are too many users to list."),
            Self::NotPermitted => Some("You are not allowed to list users."),
            Self::Unavailable => Some("This server does not list its users."),
            Self::Failed => Some("The server's users could not be loaded."),
        }
    }

    /// Returns the possible owners as pairs of a value and a label. The signed-in user (name `me`, ID `own`) comes
    /// first, with an empty value. `chosen` is always among the values, as it is, since the form shows what it sends.
    pub fn owners(&self, own: Option<UserId>, me: &str, chosen: &str) -> Vec<(String, String)> {
        let number = parse_id(chosen.trim());
        let value = |id: UserId| if number == Some(id) { chosen.to_owned() } else { id.to_string() };
        let is_own = number.is_some() && number == own;
        let myself = (if is_own { chosen } else { "" }.to_owned(), format!("{} (you)", isolated(me)));
        let users: &[User] = if let Self::Known(users) = self { users } else { &[] };
        let others = users
            .iter()
            .filter(|user| Some(user.id) != own)
            .map(|user| (value(user.id), format!("{} (ID {})", isolated(&user.username), user.id)));
        let mut owners: Vec<_> = std::iter::once(myself).chain(others).collect();
        if owners.iter().all(|(value, _)| value != chosen) {
            let missing = if matches!(self, Self::Known(_)) { " (not in the list)" } else { "" };
            let label = number.map_or_else(|| isolated(chosen), |id| format!("ID {id}"));
            owners.push((chosen.to_owned(), label + missing));
        }
        owners
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
    }

    #[test]
    fn a_failure_takes_no_names_away() {
        let known = || Directory::known(vec![user(1, "alice")]);
        let other = Directory::known(vec![user(2, "bob")]);
        assert_eq!(known().read_again(other.clone()), other);
        assert_eq!(known().read_again(Directory::Failed), known());
        assert_eq!(known().read_again(Directory::NotPermitted), Directory::NotPermitted);
        assert_eq!(Directory::NotPermitted.read_again(Directory::Failed), Directory::Failed);
        assert_eq!(Directory::Loading.read_again(Directory::Failed), Directory::Failed);
    }

    #[test]
    fn of_too_many_users_the_names_stay() {
        let crowd = Directory::known((0..=MOST_USERS as i64).map(|id| user(id, &format!("u{id}"))).collect());
        assert_eq!(crowd.name_of(7), Some("u7"));
        assert_eq!(crowd.why_by_number(), Some("There are too many users to list."));
        assert_eq!(crowd.owners(None, "me", ""), [(String::new(), "me (you)".to_owned())]);
    }

    #[test]
    fn whoever_is_chosen_is_among_the_owners() {
        let known = Directory::known(vec![user(2, "admin"), user(3, "alice"), user(4, "bob")]);
        let owners = |directory: &Directory, chosen| {
            let owners = directory.owners(Some(2), "admin", chosen);
            assert!(owners.iter().any(|(value, _)| value == chosen), "{owners:?}");
            owners.into_iter().map(|(value, label)| format!("{value}={label}")).collect::<Vec<_>>()
        };
        assert_eq!(owners(&known, ""), ["=admin (you)", "3=alice (ID 3)", "4=bob (ID 4)"]);
        assert_eq!(
            owners(&known, "999"),
            ["=admin (you)", "3=alice (ID 3)", "4=bob (ID 4)", "999=ID 999 (not in the list)"]
        );
        // Typed before there was a list: matches the listed users instead of adding others.
        assert_eq!(owners(&known, " 4 "), ["=admin (you)", "3=alice (ID 3)", " 4 =bob (ID 4)"]);
        assert_eq!(owners(&known, "2"), ["2=admin (you)", "3=alice (ID 3)", "4=bob (ID 4)"]);
        assert_eq!(owners(&known, "bob").last().map(String::as_str), Some("bob=bob (not in the list)"));
        // As long as there is no list, nobody is missing from it.
        assert_eq!(owners(&Directory::Loading, "4"), ["=admin (you)", "4=ID 4"]);
    }
}

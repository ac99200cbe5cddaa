//! "Recently disabled": tokens that the server may no longer list, kept so that the user can find them again. IDs and
//! names only, for as long as the tab is open.

use serde::{Deserialize, Serialize};

use crate::{api::TokenId, json};

/// The most entries that are kept; older ones are dropped.
pub const MOST: usize = 100;

/// A token that was disabled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentToken {
    /// The token's ID.
    pub id: TokenId,
    /// The token's name, as last read.
    pub name: String,
}

/// The tokens that one user disabled, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentlyDisabled {
    /// A text that is unique to this user.
    user: String,
    entries: Vec<RecentToken>,
}

impl RecentlyDisabled {
    /// Creates an empty list.
    pub fn new(user: &str) -> Self {
        Self { user: user.into(), entries: Vec::new() }
    }

    /// Reads the stored text. A text of another user, or not written by [`RecentlyDisabled::write`], is ignored.
    pub fn read(text: &str, user: &str) -> Self {
        let mut kept =
            json::read::<Self>(text).filter(|kept| kept.user == user).unwrap_or_else(|| Self::new(user));
        let mut read = Self::new(user);
        kept.entries.truncate(MOST);
        for RecentToken { id, name } in kept.entries.into_iter().rev() {
            read.add(id, name);
        }
        read
    }

    /// Returns the text to store; `None` if the list is empty.
    pub fn write(&self) -> Option<String> {
        if self.entries.is_empty() { None } else { serde_json::to_string(self).ok() }
    }

    /// Returns the tokens, the latest first.
    pub fn entries(&self) -> &[RecentToken] {
        &self.entries
    }

    /// Whether the user is known well enough to find the list again, and thus to store it.
    pub fn is_kept(&self) -> bool {
        !self.user.is_empty()
    }

    /// Removes all entries.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// Adds a token that was disabled.
    pub fn add(&mut self, id: TokenId, name: impl Into<String>) {
        self.remove(id);
        self.entries.insert(0, RecentToken { id, name: name.into() });
        self.entries.truncate(MOST);
    }

    /// Updates the name of a token, if it is in the list.
    pub fn rename(&mut self, id: TokenId, name: &str) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == id) {
            name.clone_into(&mut entry.name);
        }
    }

    /// Removes a token that was enabled again or deleted.
    pub fn remove(&mut self, id: TokenId) {
        self.entries.retain(|entry| entry.id != id);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids(recent: &RecentlyDisabled) -> Vec<TokenId> {
        recent.entries().iter().map(|entry| entry.id).collect()
    }

    #[test]
    fn the_latest_is_first_and_each_is_there_once() {
        let mut recent = RecentlyDisabled::new("user 3");
        for id in [1, 2, 3, 1] {
            recent.add(id, format!("t{id}"));
        }
        assert_eq!(ids(&recent), [1, 3, 2]);
        recent.remove(3);
        assert_eq!(ids(&recent), [1, 2]);
        for id in 10..140 {
            recent.add(id, "x");
        }
        assert_eq!(ids(&recent), (40..140).rev().collect::<Vec<_>>());
    }

    #[test]
    fn another_name_leaves_it_where_it_is() {
        let mut recent = RecentlyDisabled::new("user 3");
        recent.add(1, "a");
        recent.add(2, "b");
        recent.rename(1, "c");
        recent.rename(3, "nobody");
        let names: Vec<_> = recent.entries().iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["b", "c"]);
    }

    #[test]
    fn it_is_kept_for_its_user() {
        let mut recent = RecentlyDisabled::new("user 3");
        assert_eq!(recent.write(), None);
        recent.add(51, "bob-old");
        let text = recent.write().unwrap();
        assert_eq!(text, r#"{"user":"user 3","entries":[{"id":51,"name":"bob-old"}]}"#);
        assert_eq!(RecentlyDisabled::read(&text, "user 3"), recent);
        assert_eq!(RecentlyDisabled::read(&text, "user 4"), RecentlyDisabled::new("user 4"));
    }

    #[test]
    fn nonsense_is_passed_over() {
        for text in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"user":"user 3"}"#,
            r#"{"user":"user 3","entries":[{"id":"x","name":1}]}"#,
        ] {
            assert_eq!(RecentlyDisabled::read(text, "user 3"), RecentlyDisabled::new("user 3"), "{text}");
        }
        let twice =
            r#"{"user":"user 3","entries":[{"id":1,"name":"a"},{"id":2,"name":"b"},{"id":1,"name":"c"}]}"#;
        assert_eq!(ids(&RecentlyDisabled::read(twice, "user 3")), [1, 2]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(tokens in prop::collection::vec((0i64..200, ".*"), 1..150)) {
            let mut recent = RecentlyDisabled::new("a");
            for (id, name) in tokens {
                recent.add(id, name);
            }
            prop_assert!(recent.entries().len() <= MOST);
            prop_assert_eq!(RecentlyDisabled::read(&recent.write().unwrap(), "a"), recent);
        }

        #[test]
        fn any_text_is_read(text in ".*") {
            RecentlyDisabled::read(&text, "a");
        }
    }
}

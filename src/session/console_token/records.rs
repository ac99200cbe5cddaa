//! Which console session tokens may exist: a note of each, so that one which its session could not delete is found
//! again. Pure; `notes` stores them.

use serde::{Deserialize, Serialize};

use super::name::is_console_name;
use crate::{api::TokenId, json};

/// The owner of a note: it is shown to nobody else.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Owner {
    /// A text that only this user has ([`crate::session::Identity::unique_key`]).
    pub who: String,
    /// A text that only this console has ([`crate::session::Session::deployment`]).
    pub deployment: String,
}

/// A console session token that was made or requested. Never contains its secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Found")]
pub struct Record {
    /// The owner of the token.
    #[serde(flatten)]
    pub owner: Owner,
    /// The token's name, unique among the tokens of its owner.
    pub name: String,
    /// The token's ID, once the server has returned it.
    pub id: Option<TokenId>,
    /// When the token was requested, in milliseconds since 1970. Identifies it in messages between tabs, which must not
    /// contain names (`in_use`).
    pub at: u64,
}

/// A [`Record`] as it is read: with `flatten`, serde would read by way of a copy of everything.
#[derive(Deserialize)]
struct Found {
    who: String,
    deployment: String,
    name: String,
    id: Option<TokenId>,
    at: u64,
}

impl From<Found> for Record {
    fn from(found: Found) -> Self {
        let Found { who, deployment, name, id, at } = found;
        Self { owner: Owner { who, deployment }, name, id, at }
    }
}

/// The prefix of the key of every note. Each note has a key of its own: tabs write at the same time, and a list under
/// one key would lose what another tab wrote.
const KEY: &str = "credmgr.console-token";

impl Record {
    /// Returns the storage key of the note.
    pub fn key(&self) -> String {
        format!("{KEY} {} {}", self.owner.deployment, self.name)
    }

    /// Returns the text to store.
    pub fn write(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// Reads a note of this owner. Notes of others, and texts not written by [`Record::write`], are ignored: a token
    /// that a note names may be deleted.
    pub fn read(key: &str, text: &str, owner: &Owner) -> Option<Self> {
        let record: Self = json::read(text)?;
        (record.owner == *owner && record.key() == key && is_console_name(&record.name)).then_some(record)
    }

    /// Returns the name of the lock that a tab holds while it works with the token (`in_use`).
    pub fn lock_name(&self) -> String {
        self.key()
    }
}

/// Whether a key is that of a note, of any owner.
pub fn is_note(key: &str) -> bool {
    key.strip_prefix(KEY).is_some_and(|rest| rest.starts_with(' '))
}

/// Returns the notes of an owner among all stored texts, the oldest first.
pub fn of_owner(kept: impl IntoIterator<Item = (String, String)>, owner: &Owner) -> Vec<Record> {
    let mut records: Vec<_> =
        kept.into_iter().filter_map(|(key, text)| Record::read(&key, &text, owner)).collect();
    records.sort_by(|a, b| (a.at, &a.name).cmp(&(b.at, &b.name)));
    records
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn owner(who: &str, deployment: &str) -> Owner {
        Owner { who: who.into(), deployment: deployment.into() }
    }

    fn record(at: u64) -> Record {
        Record {
            owner: owner("user 3", "credmgr / /api/v1"),
            name: format!("console session {at}"),
            id: Some(7),
            at,
        }
    }

    #[test]
    fn a_note_is_its_owners() {
        let record = record(5);
        let (key, text) = (record.key(), record.write().unwrap());
        assert!(is_note(&key));
        assert_eq!(
            text,
            r#"{"who":"user 3","deployment":"credmgr / /api/v1","name":"console session 5","id":7,"at":5}"#
        );
        assert_eq!(Record::read(&key, &text, &record.owner), Some(record.clone()));
        assert_eq!(Record::read(&key, &text, &owner("user 4", "credmgr / /api/v1")), None);
        assert_eq!(Record::read(&key, &text, &owner("user 3", "credmgr / /api/v2")), None);
    }

    #[test]
    fn a_note_that_was_not_written_so_is_passed_over() {
        let good = record(5);
        for text in ["", "null", "[]", "{}", r#"{"who":"user 3"}"#] {
            assert_eq!(Record::read(&good.key(), text, &good.owner), None, "{text}");
        }
        // The console gives this name to no token, so it may not delete it.
        let other = Record { name: "ci".into(), ..good.clone() };
        assert_eq!(Record::read(&other.key(), &other.write().unwrap(), &other.owner), None);
        assert_eq!(Record::read("credmgr.console-token x", &good.write().unwrap(), &good.owner), None);
    }

    #[test]
    fn the_oldest_is_first_and_other_keys_are_passed_over() {
        let (first, second) = (record(5), record(9));
        let others = [("credmgr.draft".to_owned(), "x".to_owned())];
        let kept = [&second, &first].map(|record| (record.key(), record.write().unwrap()));
        assert_eq!(of_owner(kept.into_iter().chain(others), &first.owner), [first.clone(), second]);
        assert!(!is_note("credmgr.draft") && !is_note("credmgr.console-tokens x"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            who in ".*", deployment in ".*", tail in ".*", id in proptest::option::of(any::<i64>()), at in any::<u64>(),
        ) {
            let name = format!("console session {tail}");
            let record = Record { owner: owner(&who, &deployment), name, id, at };
            let text = record.write().unwrap();
            prop_assert_eq!(Record::read(&record.key(), &text, &record.owner), Some(record));
        }

        #[test]
        fn any_text_is_read(key in ".*", text in ".*") {
            let _ = Record::read(&key, &text, &owner("a", "b"));
        }
    }
}

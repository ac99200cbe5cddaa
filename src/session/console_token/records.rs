//! Which console tokens there may be: a note of each, so that one that its session could not delete is found
//! again. Pure; `notes` keeps them.

use serde::{Deserialize, Serialize};

use super::name::is_console_name;
use crate::{api::TokenId, json};

/// Whose note it is: nobody else is shown it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Owner {
    /// A text that only this user has ([`crate::session::Identity::certain`]).
    pub who: String,
    /// A text that only this console has ([`crate::session::Session::deployment`]).
    pub deployment: String,
}

/// A token that was made for a session, or asked for. Never its secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Found")]
pub struct Record {
    /// Whose it is.
    #[serde(flatten)]
    pub owner: Owner,
    /// Its name, which tells it from all other tokens of its owner.
    pub name: String,
    /// Its number, as soon as the server has told.
    pub id: Option<TokenId>,
    /// When it was asked for, in milliseconds since 1970. Tells the tabs' tokens from each other where names
    /// must not be said (`living`).
    pub at: u64,
}

/// A [`Record`] as it is read: what is flattened, serde would read by way of a copy of everything.
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

/// What the key of every note begins with. One key for each: tabs write at the same time, and a list under a
/// single key would lose what the other one wrote.
const KEY: &str = "credmgr.console-token";

impl Record {
    /// The key that it is kept under.
    pub fn key(&self) -> String {
        format!("{KEY} {} {}", self.owner.deployment, self.name)
    }

    /// The text that is kept.
    pub fn write(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// What was kept, of this owner. Another's, and what is not as [`Record::write`] wrote it, is passed over:
    /// what a note names may be deleted.
    pub fn read(key: &str, text: &str, owner: &Owner) -> Option<Self> {
        let record: Self = json::read(text)?;
        (record.owner == *owner && record.key() == key && is_console_name(&record.name)).then_some(record)
    }

    /// What a tab holds as long as it works with the token (`living`).
    pub fn life(&self) -> String {
        self.key()
    }
}

/// Whether a key is that of a note, of whomever.
pub fn is_note(key: &str) -> bool {
    key.strip_prefix(KEY).is_some_and(|rest| rest.starts_with(' '))
}

/// The notes of an owner among everything that is kept, the oldest first.
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
        // A name that the console gives to no token: it is not for it to delete.
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

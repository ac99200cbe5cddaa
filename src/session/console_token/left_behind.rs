//! Tokens of earlier sessions that nobody deleted: what a look at one of them says, and the words.

use super::{Record, living, notes, records::Owner};
use crate::{
    api::{Error, ErrorKind, Method, Token, TokenId},
    collection::creation::Found,
    session::{Identity, Session},
};
use leptos::prelude::*;

/// What becomes of a token that could not be deleted, in words.
pub(super) const NEXT_TIME: &str = "After your next sign-in you are asked whether to delete it.";

/// What a look at a token of an earlier session says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is there, under this number.
    There(TokenId),
    /// It is gone, or its number or its name belong to something else by now: nothing to delete.
    NotOurs,
    /// Nobody knows, for this reason.
    Unclear(Error),
}

/// Decides by reading the token of that number. Only one that still has the very name that the console gave it
/// is the console's to delete: another may have got its number, or its user may have found a use for it.
pub fn judge(record: &Record, look: Result<Token, Error>) -> Verdict {
    match look {
        Ok(token) if token.name == record.name => Verdict::There(token.id),
        Ok(_) => Verdict::NotOurs,
        Err(error) if error.kind == ErrorKind::NotFound => Verdict::NotOurs,
        Err(error) => Verdict::Unclear(error),
    }
}

/// What to say of so many, before anybody decides.
pub fn offer(number: usize) -> String {
    match number {
        1 => "1 token of an earlier console session was left behind.".into(),
        more => format!("{more} tokens of earlier console sessions were left behind."),
    }
}

/// Why there are so many, in a sentence.
pub fn why(number: usize) -> &'static str {
    match number {
        1 => "It was made for a session that ended without deleting it, as when a tab is closed.",
        _ => "They were made for sessions that ended without deleting them, as when a tab is closed.",
    }
}

/// What to say when `deleted` of `all` are gone.
pub fn result(deleted: usize, all: usize) -> String {
    match (deleted, all) {
        (1, 1) => "Deleted the token of an earlier console session.".into(),
        (0, 1) => "The token of an earlier console session was not deleted.".into(),
        (deleted, all) if deleted == all => format!("Deleted {all} tokens of earlier console sessions."),
        (deleted, all) => format!("Deleted {deleted} of {all} tokens of earlier console sessions."),
    }
}

impl Session {
    /// Whether there are notes of tokens that sessions here have made, of whichever user and whether still in use.
    pub fn has_notes(&self) -> bool {
        notes::are_there()
    }

    /// The tokens that this user's earlier sessions here may have left behind, the oldest first: none that a
    /// tab still works with. Asks the server nothing.
    pub async fn left_behind(self) -> Vec<Record> {
        let who = self.identity.with_untracked(|identity| identity.as_ref().and_then(Identity::certain));
        let Some(who) = who else { return Vec::new() };
        let owner = Owner { who, deployment: self.deployment() };
        living::without_a_tab(self, notes::of(&owner)).await
    }

    /// Looks whether such a token is there. Reads only.
    pub async fn look_for_left_behind(self, record: &Record) -> Verdict {
        let id = match record.id {
            Some(id) => id,
            // No answer had told.
            None => match self.find_token(&record.name, untrack(|| self.user_id())).await {
                Ok(Found::Yes(id)) => id,
                Ok(Found::No) => return Verdict::NotOurs,
                // The list kept changing while it was read.
                Ok(Found::CannotTell) => {
                    return Verdict::Unclear(Error::given_up(Method::Get, "/api_tokens/"));
                }
                Err(error) => return Verdict::Unclear(error),
            },
        };
        judge(record, self.read_token(id).await)
    }

    /// Such a token is gone, or is to stay.
    pub fn forget_left_behind(&self, record: &Record) {
        notes::forget(record);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record(name: &str) -> Record {
        let owner = Owner { who: "user 3".into(), deployment: "a".into() };
        Record { owner, name: name.into(), id: Some(7), at: 1 }
    }

    fn token(name: &str) -> Token {
        Token {
            id: 7,
            name: name.into(),
            owner_id: 3,
            enabled: true,
            created: None,
            updated: None,
            last_used: None,
        }
    }

    fn error(kind: ErrorKind) -> Error {
        Error { kind, ..Error::given_up(Method::Get, "/api_tokens/") }
    }

    #[test]
    fn what_a_look_says() {
        let record = record("console session 1");
        assert_eq!(judge(&record, Ok(token("console session 1"))), Verdict::There(7));
        assert_eq!(judge(&record, Err(error(ErrorKind::NotFound))), Verdict::NotOurs);
        let lost = error(ErrorKind::Unreachable);
        assert_eq!(judge(&record, Err(lost.clone())), Verdict::Unclear(lost));
        // A disabled one is as much left behind as any other.
        let disabled = Token { enabled: false, ..token("console session 1") };
        assert_eq!(judge(&record, Ok(disabled)), Verdict::There(7));
    }

    #[test]
    fn the_numbers_are_said() {
        assert_eq!(offer(1), "1 token of an earlier console session was left behind.");
        assert_eq!(offer(2), "2 tokens of earlier console sessions were left behind.");
        assert_eq!(result(2, 2), "Deleted 2 tokens of earlier console sessions.");
        assert_eq!(result(1, 2), "Deleted 1 of 2 tokens of earlier console sessions.");
        assert_eq!(result(0, 1), "The token of an earlier console session was not deleted.");
        assert_eq!(result(1, 1), "Deleted the token of an earlier console session.");
    }

    proptest! {
        /// Whatever has the number now: without the name it is not touched.
        #[test]
        fn another_name_is_never_deleted(name in ".*", tail in ".*") {
            let record = record(&format!("console session {tail}"));
            prop_assume!(name != record.name);
            prop_assert_eq!(judge(&record, Ok(token(&name))), Verdict::NotOurs);
        }
    }
}

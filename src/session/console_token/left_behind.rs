//! Console session tokens that earlier sessions left behind: what the server says about them, and the texts for the
//! user.

use super::{Record, in_use, notes, records::Owner};
use crate::{
    api::{Error, ErrorKind, Method, Token, TokenId},
    collection::name_search::Found,
    session::{Identity, Session},
};
use leptos::prelude::*;

/// The text on what happens to a token that could not be deleted.
pub(super) const NEXT_TIME: &str = "The console will offer to delete it after your next sign-in.";

/// What the server says about a token of an earlier session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookResult {
    /// The token exists and has this ID.
    There(TokenId),
    /// The token is gone, or its ID or name belongs to something else by now: there is nothing to delete.
    NotOurs,
    /// Not known, for this reason.
    Unclear(Error),
}

/// Decides from the token that has the recorded ID. Only a token that still has the exact name that the console gave it
/// may be deleted by the console: another token may have got its ID, or its user may have found a use for it.
pub fn judge(record: &Record, look: Result<Token, Error>) -> LookResult {
    match look {
        Ok(token) if token.name == record.name => LookResult::There(token.id),
        Ok(_) => LookResult::NotOurs,
        Err(error) if error.kind == ErrorKind::NotFound => LookResult::NotOurs,
        Err(error) => LookResult::Unclear(error),
    }
}

/// Returns the text that offers so many tokens for deletion.
pub fn offer(number: usize) -> String {
    match number {
        1 => "1 token from an earlier console session was left behind.".into(),
        more => format!("{more} tokens from earlier console sessions were left behind."),
    }
}

/// Returns a sentence that says why so many tokens were left behind.
pub fn why(number: usize) -> &'static str {
    match number {
        1 => "Its session ended without deleting it, for example because the tab was closed.",
        _ => "Their sessions ended without deleting them, for example because a tab was closed.",
    }
}

/// Returns the text that says that `deleted` of `all` tokens were deleted.
pub fn result(deleted: usize, all: usize) -> String {
    match (deleted, all) {
        (1, 1) => "Deleted the token from an earlier console session.".into(),
        (0, 1) => "The token from an earlier console session was not deleted.".into(),
        (deleted, all) if deleted == all => format!("Deleted {all} tokens from earlier console sessions."),
        (deleted, all) => format!("Deleted {deleted} of {all} tokens from earlier console sessions."),
    }
}

impl Session {
    /// Whether there are notes of console session tokens, of any user, still in use or not.
    pub fn has_notes(&self) -> bool {
        notes::are_there()
    }

    /// Returns the tokens that earlier sessions of this user may have left behind, the oldest first, without those that
    /// a tab still works with. Sends no request to the server.
    pub async fn left_behind(self) -> Vec<Record> {
        let who = self.identity.with_untracked(|identity| identity.as_ref().and_then(Identity::unique_key));
        let Some(who) = who else { return Vec::new() };
        let owner = Owner { who, deployment: self.deployment() };
        in_use::without_a_tab(self, notes::of(&owner)).await
    }

    /// Checks whether such a token exists. Only reads.
    pub async fn look_for_left_behind(self, record: &Record) -> LookResult {
        let id = match record.id {
            Some(id) => id,
            // The response to its creation never came.
            None => match self.find_token(&record.name, untrack(|| self.user_id())).await {
                Ok(Found::Yes(id)) => id,
                Ok(Found::No) => return LookResult::NotOurs,
                // The list kept changing while it was read.
                Ok(Found::CannotTell) => {
                    return LookResult::Unclear(Error::cancelled(Method::Get, "/api_tokens/"));
                }
                Err(error) => return LookResult::Unclear(error),
            },
        };
        judge(record, self.read_token(id).await)
    }

    /// Forgets such a token, because it is gone or is to stay.
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
        Error::new(kind, Method::Get, "/api_tokens/")
    }

    #[test]
    fn what_a_look_says() {
        let record = record("console session 1");
        assert_eq!(judge(&record, Ok(token("console session 1"))), LookResult::There(7));
        assert_eq!(judge(&record, Err(error(ErrorKind::NotFound))), LookResult::NotOurs);
        let lost = error(ErrorKind::Unreachable);
        assert_eq!(judge(&record, Err(lost.clone())), LookResult::Unclear(lost));
        // A disabled token is left behind as well.
        let disabled = Token { enabled: false, ..token("console session 1") };
        assert_eq!(judge(&record, Ok(disabled)), LookResult::There(7));
    }

    #[test]
    fn the_numbers_are_said() {
        assert_eq!(offer(1), "1 token from an earlier console session was left behind.");
        assert_eq!(offer(2), "2 tokens from earlier console sessions were left behind.");
        assert_eq!(result(2, 2), "Deleted 2 tokens from earlier console sessions.");
        assert_eq!(result(1, 2), "Deleted 1 of 2 tokens from earlier console sessions.");
        assert_eq!(result(0, 1), "The token from an earlier console session was not deleted.");
        assert_eq!(result(1, 1), "Deleted the token from an earlier console session.");
    }

    proptest! {
        /// Whatever has the ID now is not touched unless the name matches.
        #[test]
        fn another_name_is_never_deleted(name in ".*", tail in ".*") {
            let record = record(&format!("console session {tail}"));
            prop_assume!(name != record.name);
            prop_assert_eq!(judge(&record, Ok(token(&name))), LookResult::NotOurs);
        }
    }
}

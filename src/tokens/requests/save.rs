//! Saving a change and finding out the outcome.

use super::apply::{credential_token_end, look};
use crate::{
    api::{Error, Token, TokenId, patch::Operation},
    session::{EndKind, Session},
    tokens::model::{
        edit::{SaveCheck, Values, compare, needs_a_look, patch},
        own::disables,
    },
};

/// The outcome of saving.
#[derive(Debug)]
pub(in crate::tokens) enum Saved {
    /// The server has what was wanted.
    Done(Token),
    /// The server answered with success, but has what it had before.
    Ignored(Token),
    /// Somebody else has changed the token meanwhile; this is how it is now. Nothing was overwritten.
    Conflict(Token),
    /// It was not saved or, depending on the failure, the outcome is unknown.
    Failed {
        /// The failure.
        error: Error,
        /// Whether a look at the token has shown that nothing changed.
        looked: bool,
        /// What was sent, to find the fields that a 422 is about.
        operations: Vec<Operation>,
    },
}

/// Sends the change. The response is compared with what was asked, since real servers answer 200 to a patch that they
/// ignored (API.md part 2); after a failure that may mean a conflict or leaves the outcome open, the token is read
/// again.
pub(in crate::tokens) async fn save(session: Session, id: TokenId, seen: &Values, wanted: &Values) -> Saved {
    let operations = patch(seen, wanted);
    let error = match session.change_token(id, &operations).await {
        Ok(now) => {
            return match compare(seen, wanted, &Values::of(&now)) {
                SaveCheck::Saved => Saved::Done(now),
                SaveCheck::NotSaved => Saved::Ignored(now),
                SaveCheck::Conflict => Saved::Conflict(now),
            };
        }
        Err(error) => error,
    };
    if !needs_a_look(&error.kind) {
        return Saved::Failed { error, looked: false, operations };
    }
    let end = disables(seen, wanted)
        .then(|| credential_token_end(session, EndKind::Disabled, id, &wanted.name))
        .flatten();
    match look(session, id, end).await {
        Ok(now) => match compare(seen, wanted, &Values::of(&now)) {
            SaveCheck::Saved => Saved::Done(now),
            SaveCheck::NotSaved => Saved::Failed { error, looked: true, operations },
            SaveCheck::Conflict => Saved::Conflict(now),
        },
        Err(_) => Saved::Failed { error, looked: false, operations },
    }
}

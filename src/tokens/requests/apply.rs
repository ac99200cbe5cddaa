//! Doing one thing to one token, and finding out the outcome.

use std::cell::Cell;

use leptos::prelude::*;

use crate::{
    api::{Error, ErrorKind, Token, TokenId},
    session::{CredentialTokenEnd, EndKind, Session, permissions::Subject},
    tokens::model::{
        bulk::{
            BulkAct,
            outcome::{Applied, Outcome, after_change, after_look},
        },
        deletion::{self, Deletion, after_delete},
        name::subject,
    },
    ui::ActivityOutcome,
};

/// Enables, disables or deletes a token. The response is compared with what was asked; after a failure that leaves the
/// outcome open, the token is read. `before` is what was known of "enabled".
pub(in crate::tokens) async fn apply(
    session: Session,
    act: BulkAct,
    id: TokenId,
    name: &str,
    before: Option<bool>,
) -> Applied {
    let Some(wanted) = act.wants_enabled() else {
        let outcome = Outcome::from(delete(session, id, name).await);
        if outcome.is_as_wanted() {
            end_session_with(session, EndKind::Deleted, id, name);
        }
        return Applied { outcome, token: None };
    };
    let applied = change(session, act, id, name, wanted, before).await;
    if act == BulkAct::Disable && applied.outcome == Outcome::Done {
        end_session_with(session, EndKind::Disabled, id, name);
    }
    applied
}

async fn change(
    session: Session,
    act: BulkAct,
    id: TokenId,
    name: &str,
    wanted: bool,
    before: Option<bool>,
) -> Applied {
    let answer = session.change_token(id, &act.patch().unwrap_or_default()).await;
    if let Err(error) = &answer {
        session.learn(Subject::Token(id), error);
    }
    let known = after_change(wanted, before, &answer);
    let failure = match (known, answer) {
        (Some(outcome), answer) => return Applied { outcome, token: answer.ok() },
        (None, Ok(token)) => return Applied { outcome: Outcome::Done, token: Some(token) },
        // Cancelled, as when another user has signed in, whose credentials are not for this.
        (None, Err(error)) if error.kind == ErrorKind::Cancelled => {
            return Applied { outcome: Outcome::Unknown(error), token: None };
        }
        (None, Err(error)) => error,
    };
    let end = (act == BulkAct::Disable)
        .then(|| credential_token_end(session, EndKind::Disabled, id, name))
        .flatten();
    let look = look(session, id, end).await;
    Applied { outcome: after_look(wanted, failure, &look), token: look.ok() }
}

/// Deletes a token. If it is the credential token, a refusal in the meantime is explained by that; the caller ends the
/// session ([`end_session_with`]).
pub(in crate::tokens) async fn delete(session: Session, id: TokenId, name: &str) -> Deletion {
    let end = || credential_token_end(session, EndKind::Deleted, id, name);
    let times = Cell::new(0);
    let answer = session
        .run(|client| {
            // A request without a response may have deleted it: then the next one is refused, and this is why.
            session.suspect_credential_token(if times.get() > 0 { end() } else { None });
            times.update(|times| times + 1);
            async move { client.delete_token(id).await }
        })
        .await;
    session.suspect_credential_token(None);
    let deletion = match (after_delete(&answer, times.get()), answer) {
        (Some(deletion), _) => deletion,
        (None, Ok(())) => Deletion::Done,
        (None, Err(failure)) if failure.kind == ErrorKind::Cancelled => Deletion::Unknown(failure),
        (None, Err(failure)) => {
            let look = look(session, id, end()).await;
            deletion::after_look(failure, &look)
        }
    };
    if let Deletion::Failed(error) = &deletion {
        session.learn(Subject::Token(id), error);
    }
    deletion
}

/// Reads a token whose change or deletion may have ended the session, in which case the read is refused.
pub(super) async fn look(
    session: Session,
    id: TokenId,
    end: Option<CredentialTokenEnd>,
) -> Result<Token, Error> {
    session.suspect_credential_token(end);
    let look = session.read_token(id).await;
    session.suspect_credential_token(None);
    look
}

/// Returns the end of a session that is signed in with this token, otherwise `None`. Evaluated each time: the session
/// may have another token by now.
pub(in crate::tokens) fn credential_token_end(
    session: Session,
    kind: EndKind,
    id: TokenId,
    name: &str,
) -> Option<CredentialTokenEnd> {
    untrack(|| session.is_credential_token(id)).then(|| CredentialTokenEnd { kind, token: subject(name, id) })
}

/// Asks the user to sign in again, if the session was signed in with this token.
pub(in crate::tokens) fn end_session_with(session: Session, kind: EndKind, id: TokenId, name: &str) {
    if let Some(end) = credential_token_end(session, kind, id, name) {
        session.credential_token_ended(end);
    }
}

/// Returns the words and the result for the activity list.
pub(in crate::tokens) const fn deed(act: BulkAct, outcome: &Outcome) -> (&'static str, ActivityOutcome) {
    match outcome {
        _ if outcome.is_as_wanted() => (act.done(), ActivityOutcome::Done),
        Outcome::Unknown(_) => (act.tried(), ActivityOutcome::Unknown),
        _ => (act.tried(), ActivityOutcome::Failed),
    }
}

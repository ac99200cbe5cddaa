//! Sends the requests of a rotation, and tells the rest of the page what the responses say.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Rotations, run::is_on_screen};
use crate::{
    api::{CreateToken, Error, ErrorKind, Method, TokenId},
    collection::name_search::Found,
    secret::Secret,
    session::{
        EndKind,
        permissions::{Gate, Subject},
    },
    tokens::{
        model::{
            deletion::Deletion,
            draft::{LENGTH_DEFAULT, LENGTH_MAX, LENGTH_MIN},
            edit::Values,
            own::disables,
            rotation::{Answer, Ask, Record, Rotation, is_made_since},
        },
        requests::{
            apply,
            read::read_and_learn,
            save::{Saved, save},
        },
    },
};

/// Sends the request for `ask`.
pub(super) async fn send(rotations: Rotations, rotation: &Rotation, ask: &Ask) -> Answer {
    let record = rotation.record();
    match ask {
        Ask::Read(id) => read(rotations, *id).await,
        Ask::Find => find(rotations, record).await,
        Ask::Measure => length_of(rotations, record.old).await.map_or_else(Answer::Failed, Answer::Length),
        Ask::Create(length) => create(rotations, record, *length).await,
        Ask::Change { id, seen, wanted } => change(rotations, *id, seen, wanted).await,
        Ask::Delete(id) => delete(rotations, *id, rotation.name_of(*id)).await,
        Ask::CarryOver(id) => carry_over(rotations, *id).await.map_or_else(Answer::Failed, |()| Answer::Done),
    }
}

async fn read(rotations: Rotations, id: TokenId) -> Answer {
    let token = read_and_learn(rotations.session, rotations.known, id).await;
    token.map_or_else(Answer::Failed, |token| Answer::token(&token))
}

async fn find(rotations: Rotations, record: &Record) -> Answer {
    let found = rotations.session.find_token(&record.name, Some(record.owner)).await;
    match found.unwrap_or(Found::CannotTell) {
        Found::Yes(id) if id != record.old && is_new(rotations, record, id).await => Answer::FoundNew(id),
        found => Answer::Found(found),
    }
}

/// Whether a token was certainly created since the old one was renamed.
async fn is_new(rotations: Rotations, record: &Record, id: TokenId) -> bool {
    let updated = rotations.known.details.token(record.old).and_then(|old| old.updated);
    let created = rotations.session.read_token(id).await.ok().and_then(|token| token.created);
    is_made_since(created.as_deref(), updated.as_deref())
}

async fn create(rotations: Rotations, record: &Record, length: u32) -> Answer {
    let session = rotations.session;
    let is_own = untrack(|| session.user_id()) == Some(record.owner);
    let asked = CreateToken {
        name: record.name.clone(),
        owner_id: (!is_own).then_some(record.owner),
        length: Some(length),
    };
    match session.create_token(&asked).await {
        Ok(created) => {
            rotations.known.details.learned(&created.token);
            rotations.known.listing.created(&created.token);
            // If the screen was left, the secret is read from the server later.
            if is_on_screen(rotations, record.old) {
                let secret = Arc::new(created.secret.duplicate());
                rotations.update_live(record.old, |live| live.fresh = Some((created.token.id, secret)));
            }
            Answer::token(&created.token)
        }
        Err(error) => {
            session.learn_creation(&asked, &error);
            if error.kind.may_have_created() {
                rotations.known.listing.doubt();
            }
            Answer::Failed(error)
        }
    }
}

/// Returns the length of the old secret, or the default length if the server does not show the secret.
async fn length_of(rotations: Rotations, old: TokenId) -> Result<u32, Error> {
    match rotations.session.read_secret(old).await {
        Ok(secret) => {
            let length = u32::try_from(secret.expose().chars().count()).unwrap_or(LENGTH_MAX);
            Ok(length.clamp(LENGTH_MIN, LENGTH_MAX))
        }
        Err(error) => match error.kind {
            ErrorKind::NotFound | ErrorKind::NotPermitted | ErrorKind::NotUnderstood(_) => Ok(LENGTH_DEFAULT),
            _ => Err(error),
        },
    }
}

async fn change(rotations: Rotations, id: TokenId, seen: &Values, wanted: &Values) -> Answer {
    let session = rotations.session;
    match save(session, id, seen, wanted).await {
        Saved::Done(token) => {
            rotations.known.changed(seen.enabled, &token);
            if disables(seen, wanted) {
                apply::end_session_with(session, EndKind::Disabled, id, &token.name);
            }
            Answer::token(&token)
        }
        Saved::Ignored(token) => {
            rotations.known.learned(&token);
            Answer::Ignored(Values::of(&token))
        }
        Saved::Conflict(token) => {
            rotations.known.changed(seen.enabled, &token);
            Answer::token(&token)
        }
        Saved::Failed { error, .. } => {
            session.learn(Subject::Token(id), &error);
            rotations.known.failed(id, &error);
            Answer::Failed(error)
        }
    }
}

async fn delete(rotations: Rotations, id: TokenId, name: &str) -> Answer {
    let session = rotations.session;
    let known = session.permissions().with_untracked(|permissions| permissions.of(Subject::Token(id)));
    if known.gate(Method::Delete) == Gate::Refused {
        // The server has refused this before.
        let path = format!("/api_tokens/{id}");
        let kind = ErrorKind::NotPermitted;
        return Answer::Failed(Error::new(kind, Method::Delete, path));
    }
    match apply::delete(session, id, name).await {
        Deletion::Done | Deletion::AlreadyGone => {
            rotations.known.gone(id);
            apply::end_session_with(session, EndKind::Deleted, id, name);
            Answer::Done
        }
        Deletion::Failed(error) | Deletion::Unknown(error) => Answer::Failed(error),
    }
}

async fn carry_over(rotations: Rotations, id: TokenId) -> Result<(), Error> {
    let secret: Arc<Secret> = match rotations.fresh(id) {
        Some(secret) => secret,
        None => Arc::new(rotations.session.read_secret(id).await?),
    };
    rotations.session.carry_over(id, &secret).await
}

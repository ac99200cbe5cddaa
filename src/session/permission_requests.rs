//! What is allowed, as the server says when asked, or when it refuses.

use leptos::{prelude::*, task::spawn_local};

use super::{
    Session,
    permissions::{Permissions, Subject},
};
use crate::{
    api::{CreateToken, Error, ErrorKind, MethodSet, TokenId, answer::refused_method},
    failure::refused_owner,
};

impl Session {
    /// Returns what is known about permissions.
    pub fn permissions(&self) -> ReadSignal<Permissions> {
        self.permissions.read_only()
    }

    /// Asks what is allowed on the collection, unless that is known already.
    pub async fn ask_collection(self) {
        let known = self.permissions.with_untracked(|p| p.of(Subject::Collection).is_asked());
        if !known {
            let answer = self.run(|client| async move { client.collection_options().await }).await;
            self.answered(Subject::Collection, answer);
        }
    }

    /// Asks again what is allowed: on the collection at once, on tokens when it is next needed.
    pub fn renew_permissions(self) {
        self.permissions.update(Permissions::renew);
        spawn_local(self.ask_collection());
    }

    /// Asks what is allowed on a token. Always sends the request: the token's owner may have changed, and it is only
    /// one request for each page that is opened.
    pub async fn ask_token(self, id: TokenId) {
        let answer = self.run(|client| async move { client.token_options(id).await }).await;
        self.answered(Subject::Token(id), answer);
    }

    /// Asks what is allowed on a token, unless that is known already.
    pub async fn ask_token_once(self, id: TokenId) {
        // The caller's screen may be gone before this begins.
        if self.permissions.try_with_untracked(|p| p.of(Subject::Token(id)).is_asked()) == Some(false) {
            self.ask_token(id).await;
        }
    }

    /// Notes the response. A request that failed says nothing; it may be sent again, unless the server refuses it
    /// although it accepts the credentials.
    fn answered(self, subject: Subject, answer: Result<Option<MethodSet>, Error>) {
        let allow = match answer {
            Ok(allow) => allow,
            Err(error) if error.kind == ErrorKind::NotSignedIn => None,
            Err(_) => return,
        };
        self.permissions.try_update(|p| p.answered(subject, allow));
    }

    /// Learns from a refusal: a 403 or 405 corrects what `OPTIONS` said or could not say.
    pub fn learn(&self, subject: Subject, error: &Error) {
        if let Some(method) = refused_method(error) {
            let allow = match error.kind {
                ErrorKind::MethodNotAllowed(allow) => allow,
                _ => None,
            };
            self.permissions.try_update(|p| p.refused(subject, method, allow));
        }
    }

    /// Learns from a refusal to create a token, and asks `OPTIONS` of the collection again: it has the last word, or
    /// one refusal would block creating for the rest of the session. Returns what is wrong with the owner, if only that
    /// was refused.
    pub fn learn_creation(self, asked: &CreateToken, error: &Error) -> Option<String> {
        let owner = refused_owner(error, asked, untrack(|| self.user_id()));
        if owner.is_none() && refused_method(error).is_some() {
            self.learn(Subject::Collection, error);
            spawn_local(self.ask_collection());
        }
        owner
    }
}

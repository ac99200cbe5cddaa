//! How screens send their requests.

use std::{future::Future, sync::Arc};

use futures_channel::oneshot;
use leptos::prelude::*;

use super::{
    Session,
    waits::{Series, Waits},
};
use crate::{
    api::{
        Client, CreateToken, CreatedToken, Error, ErrorKind, Method, Token, TokenId, TokenSummary, UserId,
        patch::Operation,
        retry::{Patience, Retries},
    },
    collection::{
        creation::{Found, find},
        reader::PageRequest,
    },
    secret::Secret,
};

impl Session {
    /// Sends a request: signs in again first where that is needed, and sends it again by itself where that
    /// is safe.
    ///
    /// A 401 pauses the session; after signing in as the same user the request is sent once more (the
    /// server did nothing with the first one, so that is safe for every method). If somebody else signed
    /// in, it fails with `Cancelled`: what one person started, another must not finish. So does whatever is still under
    /// way when somebody signs out, and its answer is for nobody.
    ///
    /// After a failure that may pass, a request that is safe to repeat is sent again as [`Retries`] says, up
    /// to a ceiling for all requests of a screen together, and one that found no network waits for it. Requests that
    /// follow one another by themselves are to ask [`Session::series`] first.
    pub async fn run<T, F>(self, operation: impl Fn(Client) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let is_same = self.same_user();
        let mut retries = Retries::new(Patience::SCREEN);
        let mut was_refused = false;
        loop {
            // It may take long until there is one, and it may be another's.
            let client = self.client().await;
            if !is_same() {
                return Err(given_up());
            }
            let result = operation(client.clone()).await;
            if !is_same() {
                return Err(given_up());
            }
            self.learn_own_token(&client);
            let error = match result {
                Ok(value) => {
                    self.waits.got_through();
                    return Ok(value);
                }
                Err(error) => error,
            };
            if error.kind == ErrorKind::NotSignedIn {
                self.refused(&client);
                if std::mem::replace(&mut was_refused, true) {
                    return Err(retries.verdict(error));
                }
            } else if !self.waits.pass(&mut retries, &error).await {
                return Err(if is_same() { retries.verdict(error) } else { given_up() });
            }
        }
    }

    /// Reads a token. Many places do; each [`Session::run`] of their own would be compiled anew.
    pub async fn read_token(self, id: TokenId) -> Result<Token, Error> {
        self.run(|client| async move { client.token(id).await }).await
    }

    /// Gets a token's secret.
    pub async fn read_secret(self, id: TokenId) -> Result<Secret, Error> {
        self.run(|client| async move { client.token_secret(id).await }).await
    }

    /// Gets a page of the list.
    pub async fn list_page(self, page: PageRequest) -> Result<Vec<TokenSummary>, Error> {
        self.run(|client| async move { client.list_tokens(page.limit, page.offset, page.owner).await }).await
    }

    /// Looks a name up, under an owner or among all that one may see.
    pub async fn find_token(self, name: &str, owner: Option<UserId>) -> Result<Found, Error> {
        find(name, owner, |page| self.list_page(page)).await
    }

    /// Makes a token.
    pub async fn create_token(self, wanted: &CreateToken) -> Result<CreatedToken, Error> {
        self.run(|client| async move { client.create_token(wanted).await }).await
    }

    /// Changes a token.
    pub async fn change_token(self, id: TokenId, operations: &[Operation]) -> Result<Token, Error> {
        self.run(|client| async move { client.change_token(id, operations).await }).await
    }

    /// Another screen, or somebody asks for the same again: its requests may be repeated as often as ever.
    pub fn renew_retries(&self) {
        self.waits.renew();
    }

    /// For requests that follow one another by themselves.
    pub fn series(self) -> Series {
        Series::new(self.waits)
    }

    pub(super) fn waits(self) -> Waits {
        self.waits
    }

    /// The client, as soon as there is one. Never, after signing out: then the screen that asks is about
    /// to go away.
    pub(super) async fn client(self) -> Client {
        loop {
            if let Some(client) = self.client.try_get_value().flatten() {
                return client;
            }
            let (sender, receiver) = oneshot::channel();
            self.waiting.try_update_value(|waiting| waiting.push(sender));
            if receiver.await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// An answer may have told which token is one's own. It says nothing of credentials that were replaced
    /// meanwhile.
    pub(super) fn learn_own_token(&self, client: &Client) {
        if let Some(id) = client.own_token()
            && self.is_current(client)
            && self.own_token.try_get_untracked() != Some(Some(id))
        {
            self.own_token.try_set(Some(id));
        }
        if let Some(name) = client.own_token_name()
            && self.is_current(client)
        {
            self.own_token_is_called(&name);
        }
    }

    pub(super) fn is_current(&self, client: &Client) -> bool {
        let is_same = |current: &Client| Arc::ptr_eq(current.credentials(), client.credentials());
        self.client.try_with_value(|current| current.as_ref().is_some_and(is_same)).unwrap_or(false)
    }
}

/// What was begun for somebody who is not here any more.
fn given_up() -> Error {
    Error::given_up(Method::Get, "")
}

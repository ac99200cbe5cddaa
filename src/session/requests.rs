//! How screens send their requests.

use std::{future::Future, sync::Arc};

use futures_channel::oneshot;
use leptos::prelude::*;

use super::{
    Session,
    clock::now,
    refusals::Refusals,
    waits::{Series, Waits},
};
use crate::{
    api::{
        Client, CreateToken, CreatedToken, Error, ErrorKind, Method, Token, TokenId, TokenSummary, UserId,
        patch::Operation,
        retry::{Patience, Retries},
    },
    collection::{
        name_search::{Found, find},
        reader::PageRequest,
    },
    secret::Secret,
};

impl Session {
    /// Sends a request. Waits for the user to sign in first if needed, and retries where that is safe.
    ///
    /// A 401 pauses the session; after signing in as the same user the request is sent once more (the server did
    /// nothing with the first one, so that is safe for every method). If another user signed in, it fails with
    /// `Cancelled`: what one person started, another must not finish. So does every request that is still pending when
    /// the user signs out; its response is dropped. If the request, or another one of its kind, is refused again soon
    /// after signing in, it fails with `NotSignedIn`, and no series goes on, unless it only asked what is
    /// allowed: the user would be asked to sign in for ever.
    ///
    /// After a failure that may be transient, a request that is safe to repeat is sent again as [`Retries`] says, up to
    /// a limit for all requests of a screen together. A request that found no network waits for it. Requests that
    /// follow one another automatically have to ask [`Session::series`] first.
    ///
    /// With [`Session::without_repetition`], a request is not sent again with other credentials than the first time.
    pub async fn run<T, F>(self, operation: impl Fn(Client) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut sending = Sending::begin(self);
        loop {
            let client = sending.client().await?;
            let result = operation(client.clone()).await;
            sending.answered(&client)?;
            match result {
                Ok(value) => {
                    self.waits.got_through();
                    return Ok(value);
                }
                Err(error) => sending.failed(&client, error).await?,
            }
        }
    }

    /// Returns a handle whose requests are not sent again after the user has signed in again: they fail with
    /// `NotSignedIn`. For a change that may be about the token that the user has signed in with since, so that the caller
    /// has to look first.
    pub const fn without_repetition(self) -> Self {
        Self { repeats: false, ..self }
    }

    /// Reads a token. A method of its own because each use of [`Session::run`] is compiled anew, and many places read
    /// tokens.
    pub async fn read_token(self, id: TokenId) -> Result<Token, Error> {
        // Reading again is always safe.
        Self { repeats: true, ..self }.run(|client| async move { client.token(id).await }).await
    }

    /// Reads a token's secret.
    pub async fn read_secret(self, id: TokenId) -> Result<Secret, Error> {
        self.run(|client| async move { client.token_secret(id).await }).await
    }

    /// Reads a page of the list.
    pub async fn list_page(self, page: PageRequest) -> Result<Vec<TokenSummary>, Error> {
        self.run(|client| async move { client.list_tokens(page.limit, page.offset, page.owner).await }).await
    }

    /// Looks a name up, among the tokens of an owner or all that the user may see.
    pub async fn find_token(self, name: &str, owner: Option<UserId>) -> Result<Found, Error> {
        find(name, owner, |page| self.list_page(page)).await
    }

    /// Creates a token.
    pub async fn create_token(self, wanted: &CreateToken) -> Result<CreatedToken, Error> {
        self.run(|client| async move { client.create_token(wanted).await }).await
    }

    /// Changes a token.
    pub async fn change_token(self, id: TokenId, operations: &[Operation]) -> Result<Token, Error> {
        self.run(|client| async move { client.change_token(id, operations).await }).await
    }

    /// Restores the retry allowance: for another screen, or when the user asks for the same again.
    pub fn renew_retries(&self) {
        self.waits.renew();
    }

    /// Starts a series of requests that follow one another automatically.
    pub fn series(self) -> Series {
        Series::new(self.waits)
    }

    pub(super) fn waits(self) -> Waits {
        self.waits
    }

    /// Returns the client, waiting until there is one. Never resolves after a sign-out: then the screen that asks is
    /// about to go away.
    pub(super) async fn client(self) -> Client {
        loop {
            if let Some(client) = self.client.try_get_value().flatten() {
                return client;
            }
            let (sender, receiver) = oneshot::channel();
            self.awaiting_sign_in.try_update_value(|waiting| waiting.push(sender));
            if receiver.await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// Notes which token is the credential token, if a response to `client` has revealed it. Ignores a client whose
    /// credentials were replaced meanwhile.
    pub(super) fn learn_credential_token(&self, client: &Client) {
        if let Some(id) = client.credential_token()
            && self.is_current(client)
            && self.credential_token.try_get_untracked() != Some(Some(id))
        {
            self.credential_token.try_set(Some(id));
        }
        if let Some(name) = client.credential_token_name()
            && self.is_current(client)
        {
            self.credential_token_is_called(&name);
        }
    }

    /// Notes a 401 to a request of this client. Returns whether signing in would not help, because a request of the same
    /// kind was refused before the user signed in.
    fn is_refused_again(&self, client: &Client, error: &Error) -> bool {
        let note = |refusals: &mut Refusals| refusals.refused(error.method, &error.path, now());
        self.is_current(client) && self.refusals.try_update_value(note) == Some(true)
    }

    pub(super) fn is_current(&self, client: &Client) -> bool {
        let is_same = |current: &Client| Arc::ptr_eq(current.credentials(), client.credentials());
        self.client.try_with_value(|current| current.as_ref().is_some_and(is_same)).unwrap_or(false)
    }
}

/// The attempts of one request: the part of [`Session::run`] that is compiled once for all of them.
struct Sending {
    session: Session,
    /// [`Session::epoch`] at the beginning.
    epoch: u32,
    retries: Retries,
    was_refused: bool,
}

impl Sending {
    fn begin(session: Session) -> Self {
        let epoch = session.epoch.get_untracked();
        Self { session, epoch, retries: Retries::new(Patience::SCREEN), was_refused: false }
    }

    /// Fails once the user has left.
    fn check(&self) -> Result<(), Error> {
        if self.session.epoch.try_get_untracked() == Some(self.epoch) { Ok(()) } else { Err(given_up()) }
    }

    /// Waits until there are credentials, and returns the client to send with.
    async fn client(&self) -> Result<Client, Error> {
        // May take long, and may return the client of another user.
        let client = self.session.client().await;
        self.check().map(|()| client)
    }

    /// Notes what the response said of the credentials.
    fn answered(&self, client: &Client) -> Result<(), Error> {
        self.check()?;
        self.session.learn_credential_token(client);
        Ok(())
    }

    /// Waits until the request may be sent again. Returns the error to report if it may not.
    async fn failed(&mut self, client: &Client, error: Error) -> Result<(), Error> {
        if error.kind == ErrorKind::NotSignedIn {
            // Noted in any case.
            let is_kind_refused = self.session.is_refused_again(client, &error);
            if std::mem::replace(&mut self.was_refused, true) || is_kind_refused {
                // The server has just accepted the credentials, so signing in once more does not help. Nor would it for
                // what follows automatically, unless only the question what is allowed was refused.
                if error.method != Method::Options {
                    self.session.waits.give_up();
                }
                return Err(self.retries.verdict(error));
            }
            self.session.refused(client);
            if !self.session.repeats {
                return Err(self.retries.verdict(error));
            }
        } else if !self.session.waits.pass(&mut self.retries, &error).await {
            self.check()?;
            return Err(self.retries.verdict(error));
        } else if !self.session.repeats && !self.session.is_current(client) {
            return Err(Error { kind: ErrorKind::NotSignedIn, ..error });
        }
        Ok(())
    }
}

/// The error of a request begun for a user who has left.
fn given_up() -> Error {
    Error::cancelled(Method::Get, "")
}

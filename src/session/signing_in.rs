//! How a session begins, and how its credentials are replaced.

use std::{future::Future, sync::Arc};

use leptos::prelude::*;

use super::{
    Identity, Phase, Session,
    clock::now,
    console_token::{ConsoleToken, Ending, Hold},
    permissions::{Permissions, Subject},
    presence, staying,
    verify::{Verified, verify},
};
use crate::{
    api::{
        Client, Credentials, Error, ErrorKind, Method, Misunderstanding, TokenId,
        retry::{Patience, Retries},
    },
    secret::Secret,
};

impl Session {
    pub(super) fn client_with(&self, credentials: Arc<Credentials>) -> Client {
        Client::new(self.endpoint(), credentials)
    }

    /// Verifies credentials, and signs in with them if the server accepts them. If the user had to sign in again,
    /// waiting requests go on, unless it is another user now.
    ///
    /// Returns whether it is another user than before.
    pub async fn sign_in(self, credentials: Credentials, stay: bool) -> Result<bool, Error> {
        let client = self.client_with(Arc::new(credentials));
        let verified = self.verify(&client).await?;
        let identity = Identity::new(client.credentials(), verified.user.clone());
        Ok(self.begin(client, verified, identity, stay, None))
    }

    /// Switches to another token of the same user, with the ID `id`, such as the one that replaces the credential token
    /// in a rotation. The token is verified first, then replaces the current credentials. What was read and typed
    /// stays.
    ///
    /// Fails like [`Session::try_token`], leaving the session as it was. Fails with `Cancelled` if the token belongs to
    /// another user, or if the session ended or its credentials were replaced meanwhile.
    pub async fn carry_over(self, id: TokenId, secret: &Secret) -> Result<(), Error> {
        let Some(before) = self.client.get_value() else { return Err(about_me(ErrorKind::Cancelled)) };
        let client = self.client_with(Arc::new(token_credentials(secret)?));
        let verified = self.verify(&client).await?;
        let user = self.identity.with_untracked(|identity| identity.as_ref().and_then(|i| i.user.clone()));
        let is_other = matches!((&user, &verified.user), (Some(before), Some(now)) if before.id != now.id);
        if is_other || !self.is_current(&before) {
            return Err(about_me(ErrorKind::Cancelled));
        }
        // A user who replaces the console session token with another one has taken charge of it.
        self.end_console_token(Ending::NotOurs);
        self.take_up(client, &verified, staying::is_kept(&self.deployment()), None);
        self.credential_token.set(Some(id));
        Ok(())
    }

    /// Signs in with verified credentials, perhaps those of a console session token. Returns whether it is another user
    /// than before.
    pub(super) fn begin(
        self,
        client: Client,
        verified: Verified,
        identity: Identity,
        stay: bool,
        console: Option<(ConsoleToken, Option<Hold>)>,
    ) -> bool {
        let before = self.identity.get_untracked();
        let other = before.as_ref().is_some_and(|before| !before.is_surely(&identity));
        self.end_console_token(Ending::Over);
        self.console.begins(console.is_some());
        self.take_up(client, &verified, stay, console);
        self.identity.set(Some(identity));
        if other {
            self.epoch.update(|epoch| *epoch += 1);
        }
        self.phase.set(Phase::Active);
        let waiting = self.awaiting_sign_in.try_update_value(std::mem::take).unwrap_or_default();
        // Requests that wait while nobody is signed in were begun for a user who has left, so they are dropped.
        if before.is_some() {
            for waiter in waiting {
                // Fails only if the request is no longer waiting.
                let _ = waiter.send(());
            }
        }
        self.console.signed_in();
        other
    }

    /// Sets the credentials of all further requests, and what is known about them.
    fn take_up(
        self,
        client: Client,
        verified: &Verified,
        stay: bool,
        console: Option<(ConsoleToken, Option<Hold>)>,
    ) {
        let token = console.as_ref().map(|(token, _)| token);
        let deployment = self.deployment();
        self.stays.set_value(stay);
        if stay && self.offers_to_stay() {
            staying::save(&deployment, client.credentials(), verified.user.as_ref(), token);
        } else {
            staying::clear(&deployment);
        }
        presence::begin(&deployment, now(), self.idle_limit());
        self.client.set_value(Some(client));
        self.credentials_used.update_value(|n| *n += 1);
        self.refusals.update_value(|refusals| refusals.accepted(now()));
        self.credential_token.set(token.and_then(|token| token.record.id));
        if let Some((token, hold)) = console {
            self.console.take_up(token, hold);
        }
        self.suspected_end.set_value(None);
        self.permissions.set(Permissions::default());
        if let Some(allow) = verified.collection_allow {
            self.permissions.update(|p| p.answered(Subject::Collection, Some(allow)));
        }
    }

    /// Asks whose credentials these are, with retries where the network or the server was not ready.
    pub(super) async fn verify(self, client: &Client) -> Result<Verified, Error> {
        self.patiently(|| verify(client)).await
    }

    /// Sends a request that is safe to repeat, outside of any session, with the retries of a sign-in.
    pub(super) async fn patiently<T, F>(self, send: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut retries = Retries::new(Patience::SIGN_IN);
        loop {
            let result = send().await;
            match &result {
                Err(error) if self.waits.pass(&mut retries, error).await => {}
                _ => return result,
            }
        }
    }

    /// Uses a token once, independently of the session, and returns whose it is, if the server says so. Neither the
    /// session nor the known permissions change, and a refusal (`NotSignedIn`) opens no dialog: it is about that token.
    ///
    /// This counts as a use: the server sets the token's "last used". Fails with `NotUnderstood` if the secret cannot
    /// be sent in a header, which never applies to a token of the contract's alphabet.
    pub async fn try_token(self, secret: &Secret) -> Result<Verified, Error> {
        self.verify(&self.client_with(Arc::new(token_credentials(secret)?))).await
    }
}

/// Makes an error of the request that asks whose credentials these are.
fn about_me(kind: ErrorKind) -> Error {
    Error::new(kind, Method::Get, "/users/me")
}

/// Makes credentials from a token. Fails with `NotUnderstood` if it cannot be sent in a header.
pub(super) fn token_credentials(secret: &Secret) -> Result<Credentials, Error> {
    Credentials::token(secret.expose())
        .map_err(|_| about_me(ErrorKind::NotUnderstood(Misunderstanding::Shape)))
}

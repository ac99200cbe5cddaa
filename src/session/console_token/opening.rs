//! Making a console session token.

use std::sync::Arc;

use js_sys::Date;

use super::{
    ConsoleToken, Record, Refusal,
    ending::delete_token_of,
    in_use::Hold,
    name::{LENGTH, Moment, name},
    notes,
    records::Owner,
    undeletable,
};
use crate::{
    api::{
        Client, CreateToken, Credentials, Error, ErrorKind, Method, MethodSet, TokenId, UserId,
        patch::{Field, Operation},
    },
    collection::{
        name_search::{Found, find},
        reader::PageRequest,
    },
    failure::FailedAction,
    secret::Secret,
    session::{Identity, Session, Verified, clock, permissions::Subject, signing_in::token_credentials},
};

/// The result of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Whether it is another user than before.
    pub is_other: bool,
    /// Why the session works with the password although a token was asked for; `None` if it does not.
    pub refusal: Option<Refusal>,
}

/// A console session token that was verified, and what the session needs to work with it.
struct Made {
    token: ConsoleToken,
    client: Client,
    verified: Verified,
}

impl Session {
    /// Signs in with a password and continues with a console session token. The password is dropped as soon as that
    /// token was verified.
    ///
    /// Fails like [`Session::sign_in`], before any token was made. A later failure of the token does not fail the
    /// sign-in: the session then works with the password, and the result says why.
    ///
    /// If the future is dropped while the token is being made, nobody is signed in. A token that was made all the same
    /// is offered for deletion after the next sign-in: its note is written before it is requested.
    pub async fn sign_in_with_console_token(
        self,
        credentials: Credentials,
        stay: bool,
    ) -> Result<Begun, Error> {
        let client = self.client_with(Arc::new(credentials));
        let verified = self.verify(&client).await?;
        let identity = Identity::new(client.credentials(), verified.user.clone());
        let mut hold = None;
        let refusal = match self.make_console_token(&client, &verified, &identity, &mut hold).await {
            Ok(Made { token, client, verified }) => {
                let is_other = self.begin(client, verified, identity, stay, Some((token, hold)));
                return Ok(Begun { is_other, refusal: None });
            }
            Err(refusal) => refusal,
        };
        let is_other = self.begin(client.clone(), verified, identity, stay, None);
        // When the user has to sign in again, a token is asked for again, since the failure may have passed; but not if
        // tokens cannot be deleted.
        let is_final = matches!(refusal, Refusal::NotDeletable { .. } | Refusal::KnownNotDeletable);
        self.console.begins(!is_final);
        match &refusal {
            Refusal::NotCreated(error) => self.learn(Subject::Collection, error),
            Refusal::NotUsable { record, .. } => {
                delete_token_of(self, client, record.clone(), hold);
            }
            Refusal::NotDeletable { .. } | Refusal::KnownNotDeletable => {}
            Refusal::Unknown { .. } => self.console.hold_for_later(hold),
        }
        Ok(Begun { is_other, refusal: Some(refusal) })
    }

    /// Makes a token with the password and verifies it. `hold` marks the token as in use, from before it exists.
    async fn make_console_token(
        self,
        client: &Client,
        verified: &Verified,
        identity: &Identity,
        hold: &mut Option<Hold>,
    ) -> Result<Made, Refusal> {
        // Never `None` here: a user who signs in with a password has a user name at least.
        let Some(who) = identity.unique_key() else { return Err(Refusal::NotCreated(not_allowed(None))) };
        if let Some(allow) = verified.collection_allow.filter(|allow| !allow.contains(Method::Post)) {
            return Err(Refusal::NotCreated(not_allowed(Some(allow))));
        }
        let (owner, at) = (Owner { who, deployment: self.deployment() }, clock::now());
        if undeletable::is_known(&owner, at) {
            return Err(Refusal::KnownNotDeletable);
        }
        let mut record = Record { owner, name: name(local_time(), js_sys::Math::random()), id: None, at };
        // Before the token is requested: this page may be gone before the response is here.
        *hold = Hold::of(&record);
        notes::keep(&record);
        let owner = verified.user.as_ref().map(|user| user.id);
        let (id, secret) = self.create(client, &record, owner).await?;
        record.id = Some(id);
        notes::keep(&record);
        let not_usable = |act: FailedAction| {
            let record = record.clone();
            move |error: Error| Refusal::NotUsable { record, act, error }
        };
        let secret = match secret {
            Some(secret) => secret,
            None => self
                .patiently(|| client.token_secret(id))
                .await
                .map_err(not_usable(FailedAction::ReadSecret))?,
        };
        let credentials = token_credentials(&secret).map_err(not_usable(FailedAction::VerifyToken))?;
        drop(secret);
        let token_client = self.client_with(Arc::new(credentials));
        let verified = self.verify(&token_client).await.map_err(not_usable(FailedAction::VerifyToken))?;
        // Some users may make tokens but not delete them (API.md part 2, read-only): only `OPTIONS` on one of their
        // tokens shows it. If the response is missing or unreadable, the deletion will show it.
        let allow = token_client.token_options(id).await.ok().flatten();
        if allow.is_some_and(|allow| !allow.contains(Method::Delete)) {
            let is_disabled = disable(&token_client, id).await;
            // With the note, the user would be asked after each sign-in, in vain.
            notes::forget(&record);
            undeletable::keep(&record.owner, at);
            return Err(Refusal::NotDeletable { name: record.name, is_disabled });
        }
        let token = ConsoleToken { record, username: identity.label.clone() };
        Ok(Made { token, client: token_client, verified })
    }

    /// Requests the token, once. The secret is `None` if only the ID could be found out.
    async fn create(
        self,
        client: &Client,
        record: &Record,
        owner: Option<UserId>,
    ) -> Result<(TokenId, Option<Secret>), Refusal> {
        let asked = CreateToken { name: record.name.clone(), owner_id: None, length: Some(LENGTH) };
        let error = match client.create_token(&asked).await {
            Ok(created) => return Ok((created.token.id, Some(created.secret))),
            Err(error) => error,
        };
        let found = if error.kind.may_have_created() {
            let ask = |page: PageRequest| {
                self.patiently(move || client.list_tokens(page.limit, page.offset, page.owner))
            };
            find(&record.name, owner, ask).await.unwrap_or(Found::CannotTell)
        } else {
            Found::No
        };
        match found {
            Found::Yes(id) => Ok((id, None)),
            Found::No => {
                notes::forget(record);
                Err(Refusal::NotCreated(error))
            }
            // The note stays, so that this is found out after the next sign-in.
            Found::CannotTell => Err(Refusal::Unknown { name: record.name.clone(), error }),
        }
    }
}

/// Disables a token with the token itself. Returns whether the server says that it is disabled.
async fn disable(client: &Client, id: TokenId) -> bool {
    let off = [Operation::Replace(Field::Enabled(false))];
    client.change_token(id, &off).await.is_ok_and(|token| !token.enabled)
}

/// Returns the time on the clock of the user who signs in.
fn local_time() -> Moment {
    let now = Date::new_0();
    Moment {
        year: now.get_full_year(),
        month: now.get_month() + 1,
        day: now.get_date(),
        hour: now.get_hours(),
        minute: now.get_minutes(),
    }
}

/// Makes the error of a creation that is not sent, because it is already known that it is not allowed.
fn not_allowed(allow: Option<MethodSet>) -> Error {
    Error::new(ErrorKind::MethodNotAllowed(allow), Method::Post, "/api_tokens/")
}

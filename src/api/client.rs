//! The operations of the contract, one method each.

use std::sync::{Arc, Mutex, PoisonError};

use super::{
    Credentials, Error, MethodSet,
    answer::{self, Answer},
    patch::Operation,
    request::Request,
    transport,
    types::{CreateToken, CreatedToken, Token, TokenId, TokenSummary, User, UserId},
};
use crate::secret::Secret;

/// Where the API is and how it wants tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The API's base without a slash at its end: a path on this origin, or a whole URL.
    pub base: String,
    /// The header that carries a token.
    pub token_header: String,
}

/// Speaks to one server as one user. Cheap to clone.
///
/// Every method sends one request without cookies, referrer or cache and with a time limit. Dropping
/// the future aborts it. Every method may fail with [`super::ErrorKind::NotSignedIn`] and with the failures of
/// any network (offline, unreachable, timed out, a proxy's 429, 502–504, something unreadable); only
/// what is special is listed with each.
#[derive(Clone, Debug)]
pub struct Client {
    endpoint: Arc<Endpoint>,
    credentials: Arc<Credentials>,
    own: Arc<Mutex<Option<TokenSummary>>>,
}

impl Client {
    /// A client for `endpoint` that signs its requests with `credentials`.
    pub fn new(endpoint: Arc<Endpoint>, credentials: Arc<Credentials>) -> Self {
        Self { endpoint, credentials, own: Arc::default() }
    }

    /// The number of the token that it signs its requests with, as soon as an answer about that token has
    /// told: the contract has no other way to ask.
    pub fn own_token(&self) -> Option<TokenId> {
        self.with_own(|own| own.as_ref().map(|own| own.id))
    }

    /// What that token was called in the latest answer about it.
    pub fn own_token_name(&self) -> Option<String> {
        self.with_own(|own| own.as_ref().map(|own| own.name.clone()))
    }

    fn with_own<T>(&self, look: impl FnOnce(&mut Option<TokenSummary>) -> T) -> T {
        look(&mut self.own.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The credentials that it sends.
    pub fn credentials(&self) -> &Arc<Credentials> {
        &self.credentials
    }

    async fn send<T>(
        &self,
        request: Request,
        understand: fn(&Request, &Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let answer = transport::send(&self.endpoint, &self.credentials, &request).await?;
        understand(&request, &answer)
    }

    /// For answers that have one token. They have its secret too, which tells whether it is one's own.
    async fn send_for_token(&self, request: Request) -> Result<Token, Error> {
        let answer = transport::send(&self.endpoint, &self.credentials, &request).await?;
        let token = answer::token(&request, &answer)?;
        if answer::is_about_own_token(&answer, &self.credentials) {
            self.with_own(|own| *own = Some(TokenSummary { id: token.id, name: token.name.clone() }));
        }
        Ok(token)
    }

    /// A page of the list: `GET /api_tokens/?limit&offset&owner_id`.
    ///
    /// `limit` is 1–100. The answer has up to `limit` rows in an order that may change between two
    /// requests, and no total. Fails with `NotPermitted` for another `owner` as a regular user, with
    /// `Invalid` for an owner that does not exist.
    pub async fn list_tokens(
        &self,
        limit: u32,
        offset: u64,
        owner: Option<UserId>,
    ) -> Result<Vec<TokenSummary>, Error> {
        self.send(Request::list_tokens(limit, offset, owner), answer::token_list).await
    }

    /// Makes a token: `POST /api_tokens/`, form-urlencoded.
    ///
    /// Answers with the token and its secret. **Not repeatable**: after a failure whose outcome is
    /// unknown ([`super::ErrorKind::leaves_outcome_unknown`]) look for the name first. Fails with
    /// `Conflict` if the owner has a token of that name, `Invalid` with messages for `name`,
    /// `owner_id`, `length`, and `NotPermitted` or `MethodNotAllowed` without permission.
    pub async fn create_token(&self, token: &CreateToken) -> Result<CreatedToken, Error> {
        self.send(Request::create_token(token), answer::created).await
    }

    /// What may be done with the collection: `OPTIONS /api_tokens/`. `None` if the answer's `Allow`
    /// cannot be read, as from another origin.
    pub async fn collection_options(&self) -> Result<Option<MethodSet>, Error> {
        self.send(Request::collection_options(), answer::allowed).await
    }

    /// One token, without its secret: `GET /api_tokens/{id}`.
    ///
    /// Fails with `NotPermitted` for somebody else's, `NotFound` if there is none.
    pub async fn token(&self, id: TokenId) -> Result<Token, Error> {
        self.send_for_token(Request::read_token(id)).await
    }

    /// One token's secret: the same request, of which everything else is dropped.
    pub async fn token_secret(&self, id: TokenId) -> Result<Secret, Error> {
        self.send(Request::read_token(id), answer::secret).await
    }

    /// Changes a token: `PATCH /api_tokens/{id}`, JSON Patch, all or nothing.
    ///
    /// The answer is the token as the server says it is now. **Compare it with what was asked**: real
    /// servers answer 200 to a patch that they ignored. Fails with `Conflict` for a name that is taken
    /// or a `test` that does not hold (real servers: `Server` for the latter), `Invalid` with messages
    /// by the index of the operation.
    pub async fn change_token(&self, id: TokenId, operations: &[Operation]) -> Result<Token, Error> {
        self.send_for_token(Request::change_token(id, operations)).await
    }

    /// Deletes a token: `DELETE /api_tokens/{id}`. `NotFound` if it is gone already.
    pub async fn delete_token(&self, id: TokenId) -> Result<(), Error> {
        self.send(Request::delete_token(id), answer::deleted).await
    }

    /// The same, in passing: the request goes on when the page that sent it goes away. Then nobody is there to
    /// hear the answer.
    pub async fn delete_token_in_passing(&self, id: TokenId) -> Result<(), Error> {
        self.send(Request::delete_token(id).outliving_page(), answer::deleted).await
    }

    /// What may be done with one token: `OPTIONS /api_tokens/{id}`. `None` if `Allow` cannot be read.
    pub async fn token_options(&self, id: TokenId) -> Result<Option<MethodSet>, Error> {
        self.send(Request::token_options(id), answer::allowed).await
    }

    /// Who am I: `GET /users/me`. Optional in the contract: `NotPermitted` or `NotFound` mean that this
    /// server does not say.
    pub async fn current_user(&self) -> Result<User, Error> {
        self.send(Request::current_user(), answer::user).await
    }

    /// A page of users: `GET /users/?limit&offset`, for admins. Optional in the contract.
    pub async fn list_users(&self, limit: u32, offset: u64) -> Result<Vec<User>, Error> {
        self.send(Request::list_users(limit, offset), answer::user_list).await
    }

    /// One user: `GET /users/{id}`. Optional in the contract.
    pub async fn user(&self, id: UserId) -> Result<User, Error> {
        self.send(Request::read_user(id), answer::user).await
    }
}

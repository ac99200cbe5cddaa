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

/// Where the API is, and which header carries a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The API's base without a trailing slash: a path on this origin, or an absolute URL.
    pub base: String,
    /// The header that carries a token.
    pub token_header: String,
}

/// Talks to one server as one user. Cheap to clone.
///
/// Every method sends one request without cookies, referrer or cache and with a time limit. Dropping the future aborts
/// the request. Every method may fail with [`super::ErrorKind::NotSignedIn`] and with the failures of any network
/// (offline, unreachable, timed out, a proxy's 429 or 502–504, an unreadable response); the methods only list their
/// special failures.
#[derive(Clone, Debug)]
pub struct Client {
    endpoint: Arc<Endpoint>,
    credentials: Arc<Credentials>,
    credential_token: Arc<Mutex<Option<TokenSummary>>>,
}

impl Client {
    /// Creates a client for `endpoint` that authenticates with `credentials`.
    pub fn new(endpoint: Arc<Endpoint>, credentials: Arc<Credentials>) -> Self {
        Self { endpoint, credentials, credential_token: Arc::default() }
    }

    /// Returns the ID of the token that the client authenticates with. `None` until a response about that token has
    /// revealed it: the contract has no other way to ask.
    pub fn credential_token(&self) -> Option<TokenId> {
        self.with_credential_token(|token| token.as_ref().map(|token| token.id))
    }

    /// Returns the name of that token in the latest response about it.
    pub fn credential_token_name(&self) -> Option<String> {
        self.with_credential_token(|token| token.as_ref().map(|token| token.name.clone()))
    }

    fn with_credential_token<T>(&self, look: impl FnOnce(&mut Option<TokenSummary>) -> T) -> T {
        look(&mut self.credential_token.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the credentials that the client sends.
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

    /// Sends a request that is answered with one token. The secret in the response tells whether it is the
    /// credential token.
    async fn send_for_token(&self, request: Request) -> Result<Token, Error> {
        let answer = transport::send(&self.endpoint, &self.credentials, &request).await?;
        let token = answer::token(&request, &answer)?;
        if answer::is_about_credential_token(&answer, &self.credentials) {
            self.with_credential_token(|seen| {
                *seen = Some(TokenSummary { id: token.id, name: token.name.clone() })
            });
        }
        Ok(token)
    }

    /// Reads a page of the list: `GET /api_tokens/?limit&offset&owner_id`.
    ///
    /// `limit` is 1–100. The response has up to `limit` rows, in an order that may change between two requests, and no
    /// total. Fails with `NotPermitted` if a regular user asks for another `owner`, and with `Invalid` if the owner
    /// does not exist.
    pub async fn list_tokens(
        &self,
        limit: u32,
        offset: u64,
        owner: Option<UserId>,
    ) -> Result<Vec<TokenSummary>, Error> {
        self.send(Request::list_tokens(limit, offset, owner), answer::token_list).await
    }

    /// Creates a token: `POST /api_tokens/`, form-urlencoded.
    ///
    /// Returns the token and its secret. **Not repeatable**: after a failure whose outcome is unknown
    /// ([`super::ErrorKind::leaves_outcome_unknown`]), look the name up first. Fails with `Conflict` if the owner
    /// already has a token of that name, with `Invalid` and messages for `name`, `owner_id` or `length`, and with
    /// `NotPermitted` or `MethodNotAllowed` without permission.
    pub async fn create_token(&self, token: &CreateToken) -> Result<CreatedToken, Error> {
        self.send(Request::create_token(token), answer::created).await
    }

    /// Asks which methods the collection allows: `OPTIONS /api_tokens/`. `None` if the `Allow` header cannot be read,
    /// as on another origin.
    pub async fn collection_options(&self) -> Result<Option<MethodSet>, Error> {
        self.send(Request::collection_options(), answer::allowed).await
    }

    /// Reads one token, without its secret: `GET /api_tokens/{id}`.
    ///
    /// Fails with `NotPermitted` if the token belongs to another user, and with `NotFound` if there is none.
    pub async fn token(&self, id: TokenId) -> Result<Token, Error> {
        self.send_for_token(Request::read_token(id)).await
    }

    /// Reads one token's secret: the request of [`Self::token`], of whose response everything else is dropped.
    pub async fn token_secret(&self, id: TokenId) -> Result<Secret, Error> {
        self.send(Request::read_token(id), answer::secret).await
    }

    /// Changes a token: `PATCH /api_tokens/{id}`, JSON Patch, all or nothing.
    ///
    /// Returns the token as the server says it is now. **Compare it with what was asked**: real servers answer 200 to a
    /// patch that they ignored. Fails with `Conflict` if the name is taken or a `test` does not hold (real servers:
    /// `Server` for the latter), and with `Invalid` and messages by the operation's index.
    pub async fn change_token(&self, id: TokenId, operations: &[Operation]) -> Result<Token, Error> {
        self.send_for_token(Request::change_token(id, operations)).await
    }

    /// Deletes a token: `DELETE /api_tokens/{id}`. Fails with `NotFound` if it is already gone.
    pub async fn delete_token(&self, id: TokenId) -> Result<(), Error> {
        self.send(Request::delete_token(id), answer::deleted).await
    }

    /// Deletes a token with a request that outlives the page that sent it. If the page goes away, nobody receives the
    /// response.
    pub async fn delete_token_in_passing(&self, id: TokenId) -> Result<(), Error> {
        self.send(Request::delete_token(id).outliving_page(), answer::deleted).await
    }

    /// Asks which methods one token allows: `OPTIONS /api_tokens/{id}`. `None` if the `Allow` header cannot be read.
    pub async fn token_options(&self, id: TokenId) -> Result<Option<MethodSet>, Error> {
        self.send(Request::token_options(id), answer::allowed).await
    }

    /// Reads the signed-in user: `GET /users/me`. Optional in the contract: `NotPermitted` or `NotFound` mean that this
    /// server does not say.
    pub async fn current_user(&self) -> Result<User, Error> {
        self.send(Request::current_user(), answer::user).await
    }

    /// Reads a page of users, for admins: `GET /users/?limit&offset`. Optional in the contract.
    pub async fn list_users(&self, limit: u32, offset: u64) -> Result<Vec<User>, Error> {
        self.send(Request::list_users(limit, offset), answer::user_list).await
    }

    /// Reads one user: `GET /users/{id}`. Optional in the contract.
    pub async fn user(&self, id: UserId) -> Result<User, Error> {
        self.send(Request::read_user(id), answer::user).await
    }
}

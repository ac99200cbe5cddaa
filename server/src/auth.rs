//! Authentication of requests: by the header `X-API-TOKEN` (or `X-API-KEY`, which old clients send) or by HTTP Basic.
//!
//! If a token is sent, it alone decides: a bad one is refused even beside good Basic credentials. No response has a
//! `WWW-Authenticate` header, because browsers would show their own password dialog.

use std::time::Instant;

use axum::extract::{FromRequestParts, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tracing::Span;

use crate::app::App;
use crate::client::ClientAddress;
use crate::db::users::User;
use crate::error::ApiError;
use crate::password::Password;
use crate::permissions::Identity;
use crate::throttle::Account;

/// The headers that may carry a token.
pub const TOKEN_HEADERS: [&str; 2] = ["x-api-token", "x-api-key"];

/// The active user who sent the request.
#[derive(Clone, Debug)]
pub struct Caller(pub User);

impl Caller {
    /// Returns the part of the caller that permissions depend on.
    pub fn identity(&self) -> Identity {
        self.0.identity()
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let State(app) =
            State::<App>::from_request_parts(parts, app).await.unwrap_or_else(|never| match never {});
        let address = ClientAddress::of(&parts.extensions);
        let user = match Credentials::from_headers(&parts.headers)? {
            Credentials::Token(token) => app.authenticate_token(token, address).await?,
            Credentials::Basic { username, password } => {
                app.authenticate_basic(&username, password, address).await?
            }
        };
        Span::current().record("user", user.id);
        Ok(Self(user))
    }
}

impl App {
    async fn authenticate_token(&self, token: &[u8], address: ClientAddress) -> Result<User, ApiError> {
        let (account, now) = (Account::Token(token), Instant::now());
        self.throttle.check(address.0, account, now).map_err(ApiError::TooManyFailures)?;
        let user = self.database.authenticate_token(token).await?;
        if user.is_none() {
            self.throttle.failed(address.0, account, now);
        }
        user.ok_or(ApiError::NotSignedIn)
    }

    async fn authenticate_basic(
        &self,
        username: &str,
        password: Password,
        address: ClientAddress,
    ) -> Result<User, ApiError> {
        let account = Account::User(username);
        let check =
            || self.throttle.check(address.0, account, Instant::now()).map_err(ApiError::TooManyFailures);
        check()?;
        let turn = self.passwords.turn().await;
        // Checked again: while this request waited for its turn, others may have used up the allowance.
        check()?;
        let (user, hash) = self.database.user_and_hash(username).await?.unzip();
        let user = user.filter(|user| user.is_active);
        let (app, username, is_active) = (self.clone(), username.to_owned(), user.is_some());
        // Counted within the work, not after it, so that the next in turn sees the failure, and so that it counts even
        // if the client does not wait for the response.
        let count = move |verified| {
            if !(verified && is_active) {
                app.throttle.failed(address.0, Account::User(&username), Instant::now());
            }
        };
        let verified = turn.verify(password, hash, count).await;
        user.filter(|_| verified).ok_or(ApiError::NotSignedIn)
    }
}

enum Credentials<'a> {
    Token(&'a [u8]),
    Basic { username: String, password: Password },
}

impl<'a> Credentials<'a> {
    fn from_headers(headers: &'a HeaderMap) -> Result<Self, ApiError> {
        let mut tokens =
            TOKEN_HEADERS.iter().flat_map(|name| headers.get_all(*name)).map(HeaderValue::as_bytes);
        if let Some(token) = tokens.next() {
            // Two different tokens are two claims; which one is meant would be a guess.
            return if tokens.all(|other| other == token) {
                Ok(Self::Token(token))
            } else {
                Err(ApiError::NotSignedIn)
            };
        }
        let mut authorizations = headers.get_all(AUTHORIZATION).iter();
        match (authorizations.next(), authorizations.next()) {
            (Some(authorization), None) => parse_basic(authorization.as_bytes()),
            _ => None,
        }
        .ok_or(ApiError::NotSignedIn)
    }
}

/// Parses `Basic dXNlcjpwYXNz` (RFC 7617, in UTF-8). The password may contain colons, the username cannot.
fn parse_basic<'a>(authorization: &[u8]) -> Option<Credentials<'a>> {
    let (scheme, encoded) = authorization.split_at_checked("Basic ".len())?;
    if !scheme.eq_ignore_ascii_case(b"Basic ") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim_ascii()).ok()?).ok()?;
    let (username, password) = decoded.split_once(':')?;
    Some(Credentials::Basic {
        username: username.to_owned(),
        password: Password::presented(password.to_owned()),
    })
}

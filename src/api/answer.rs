//! What a response means: from status code, headers and bytes to a value or an [`Error`]. Pure.

use std::time::Duration;

use serde::de::DeserializeOwned;

use super::{
    Credentials, Error, ErrorKind, FieldMessages, Method, MethodSet,
    error::{Misunderstanding, shorten},
    error_body::ErrorBody,
    http_date,
    request::Request,
    types::{CreatedToken, SecretOnly, Token, TokenId, TokenSummary, User},
};
use crate::secret::Secret;

/// The longest body that is read, in bytes. A page of 100 rows takes about 10 kB; the limit leaves room for long names,
/// but is finite.
pub const MAX_BODY: usize = 4 * 1024 * 1024;

/// A response as received from the network.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// `Content-Type`, if readable.
    pub content_type: Option<String>,
    /// `Allow`, if readable: on another origin it is not. Only read from failures and responses to `OPTIONS`.
    pub allow: Option<String>,
    /// `Retry-After`, if readable. Only read where `Allow` is.
    pub retry_after: Option<String>,
    /// When the response was sent, in the date format of HTTP: the `Date` header (the server's clock) if it is
    /// readable, otherwise this device's clock. `None` if there is no `Retry-After`, the only header that is compared
    /// with it.
    pub date: Option<String>,
    /// The body; `None` if it was longer than [`MAX_BODY`] and was not read.
    pub body: Option<Vec<u8>>,
}

// The body may contain a secret, so it is not printed.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("allow", &self.allow)
            .field("body", &format_args!("{:?} bytes", self.body.as_ref().map(Vec::len)))
            .finish_non_exhaustive()
    }
}

/// Decodes a page of the list into rows of ID and name.
pub fn token_list(request: &Request, answer: &Answer) -> Result<Vec<TokenSummary>, Error> {
    json(request, answer)
}

/// Decodes a response with one token. Its secret is dropped while decoding.
///
/// A token with another ID than the requested one is not the answer, but that of a confused cache or proxy.
pub fn token(request: &Request, answer: &Answer) -> Result<Token, Error> {
    let token: Token = json(request, answer)?;
    check_id(request, answer, token.id)?;
    Ok(token)
}

/// Fails if the response is about another token than the request.
fn check_id(request: &Request, answer: &Answer, id: TokenId) -> Result<(), Error> {
    match request.token_id() {
        Some(asked) if asked != id => Err(misunderstood(request, answer, Misunderstanding::Shape)),
        _ => Ok(()),
    }
}

/// Whether the response is about the very token that the request was authenticated with. The secret in the body is
/// compared and dropped here.
pub fn is_about_credential_token(answer: &Answer, credentials: &Credentials) -> bool {
    let Credentials::Token(own) = credentials else { return false };
    serde_json::from_slice::<SecretOnly>(answer.body.as_deref().unwrap_or_default())
        .is_ok_and(|only| only.token.expose() == own.expose())
}

/// Decodes a response with one token, but keeps only its secret, which must be one that a request can carry.
pub fn secret(request: &Request, answer: &Answer) -> Result<Secret, Error> {
    let SecretOnly { id, token } = json(request, answer)?;
    check_id(request, answer, id)?;
    match Credentials::token(token.expose()) {
        Ok(_) => Ok(token),
        Err(_) => Err(misunderstood(request, answer, Misunderstanding::Shape)),
    }
}

/// Decodes the response to a creation: the token and its secret.
pub fn created(request: &Request, answer: &Answer) -> Result<CreatedToken, Error> {
    Ok(CreatedToken { secret: secret(request, answer)?, token: token(request, answer)? })
}

/// Decodes one user.
pub fn user(request: &Request, answer: &Answer) -> Result<User, Error> {
    json(request, answer)
}

/// Decodes a page of users.
pub fn user_list(request: &Request, answer: &Answer) -> Result<Vec<User>, Error> {
    json(request, answer)
}

/// Checks a response whose body does not matter, such as a 204.
pub fn nothing(request: &Request, answer: &Answer) -> Result<(), Error> {
    match answer.status {
        200..=299 if is_web_page(answer) => Err(misunderstood(request, answer, Misunderstanding::WebPage)),
        200..=299 => Ok(()),
        _ => Err(failure(request, answer)),
    }
}

/// Checks the response to a deletion: only a 204 counts. Any other success may come from an intermediary that never
/// passed the request on.
pub fn deleted(request: &Request, answer: &Answer) -> Result<(), Error> {
    match answer.status {
        204 => Ok(()),
        200..=299 => Err(misunderstood(request, answer, Misunderstanding::Status)),
        _ => Err(failure(request, answer)),
    }
}

/// Returns the methods that `OPTIONS` allows; `None` if the header cannot be read, which does not mean "none allowed".
pub fn allowed(request: &Request, answer: &Answer) -> Result<Option<MethodSet>, Error> {
    nothing(request, answer)?;
    Ok(answer.allow.as_deref().map(MethodSet::parse))
}

fn json<T: DeserializeOwned>(request: &Request, answer: &Answer) -> Result<T, Error> {
    if !(200..=299).contains(&answer.status) {
        return Err(failure(request, answer));
    }
    serde_json::from_slice(answer.body.as_deref().unwrap_or_default())
        .map_err(|error| misunderstood(request, answer, unreadable(answer, error.is_data())))
}

/// Says why a body cannot be decoded. `is_json` tells whether it is JSON all the same.
fn unreadable(answer: &Answer, is_json: bool) -> Misunderstanding {
    match answer.body.as_deref().map(<[u8]>::trim_ascii) {
        None => Misunderstanding::TooLong,
        Some(b"" | b"null") => Misunderstanding::Empty,
        Some(_) if is_web_page(answer) => Misunderstanding::WebPage,
        Some(_) if is_json => Misunderstanding::Shape,
        Some(_) => Misunderstanding::NotJson,
    }
}

/// Parses the body of a failure, if it is JSON.
fn error_body(answer: &Answer) -> Option<ErrorBody> {
    serde_json::from_slice(answer.body.as_deref()?).ok()
}

/// Decides what a 404 or 410 means. A token that is not found counts as deleted, so the API itself has to say so: its
/// 404 has a JSON body (API.md part 2). The 404 of a proxy that has lost its route to the API says nothing about the
/// token. For the list and for users it only means that this server has none, so there it does not matter who answers.
fn not_found(request: &Request, answer: &Answer, body: Option<&ErrorBody>) -> ErrorKind {
    match body {
        Some(ErrorBody::Object(_) | ErrorBody::Null) => ErrorKind::NotFound,
        _ if !request.is_about_a_token() => ErrorKind::NotFound,
        _ => ErrorKind::NotUnderstood(unreadable(answer, body.is_some())),
    }
}

/// Turns an unsuccessful response into an error. Never fails: a body that is HTML, `null` or noise just yields no
/// message.
fn failure(request: &Request, answer: &Answer) -> Error {
    let body = error_body(answer);
    let field = |name| body.as_ref().and_then(|body| body.field(name));
    let message = field("message").and_then(ErrorBody::text).map(shorten).filter(|m| !m.trim().is_empty());
    let kind = match answer.status {
        // A `fetch` that does not follow redirections reports one with status 0.
        0 | 300..=399 => ErrorKind::Redirected,
        400 | 422 => ErrorKind::Invalid(field("messages").map(FieldMessages::read).unwrap_or_default()),
        401 => ErrorKind::NotSignedIn,
        403 => ErrorKind::NotPermitted,
        404 | 410 => not_found(request, answer, body.as_ref()),
        405 => ErrorKind::MethodNotAllowed(answer.allow.as_deref().map(MethodSet::parse)),
        409 | 412 => ErrorKind::Conflict,
        413 | 431 => ErrorKind::TooLarge,
        429 => ErrorKind::TooManyRequests(retry_after(answer)),
        // 408: the server gave up waiting for the rest of the request. It is not this console that timed out.
        408 | 500..=599 => ErrorKind::Server(retry_after(answer)),
        400..=499 => ErrorKind::Refused,
        _ => ErrorKind::NotUnderstood(Misunderstanding::Status),
    };
    Error { status: Some(answer.status), message, ..no_answer(request, kind) }
}

fn misunderstood(request: &Request, answer: &Answer, why: Misunderstanding) -> Error {
    Error { status: Some(answer.status), ..no_answer(request, ErrorKind::NotUnderstood(why)) }
}

fn is_web_page(answer: &Answer) -> bool {
    let html_type = answer.content_type.as_deref().and_then(|t| t.split(';').next()).is_some_and(|t| {
        matches!(t.trim().to_ascii_lowercase().as_str(), "text/html" | "application/xhtml+xml")
    });
    let start = answer.body.as_deref().unwrap_or_default().trim_ascii_start();
    let tag = |t: &[u8]| start.len() >= t.len() && start[..t.len()].eq_ignore_ascii_case(t);
    !start.is_empty() && (html_type || tag(b"<!doctype html") || tag(b"<html"))
}

/// Parses `Retry-After` (RFC 9110, 10.2.3): seconds, or a date. A date is compared with the date of the response, so
/// this device's clock need not be right. Capped at one hour, so that a hostile server cannot lock anyone out.
fn retry_after(answer: &Answer) -> Option<Duration> {
    let value = answer.retry_after.as_deref()?.trim();
    let seconds: u64 = match value.parse() {
        Ok(seconds) => seconds,
        Err(_) => {
            let then = http_date::seconds(value)?;
            let now = http_date::seconds(answer.date.as_deref()?)?;
            // A date in the past means at once.
            u64::try_from(then - now).unwrap_or(0)
        }
    };
    Some(Duration::from_secs(seconds.min(3600)))
}

/// Returns the error for a request that got no response, or none to quote.
pub(super) fn no_answer(request: &Request, kind: ErrorKind) -> Error {
    Error::new(kind, request.method, request.address())
}

/// Returns the method if the error says something about permission: a 403 or 405 corrects what `OPTIONS` said or could
/// not say.
pub fn refused_method(error: &Error) -> Option<Method> {
    error.kind.is_refusal().then_some(error.method)
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;

//! What an answer means: from status, headers and bytes to a value or an [`Error`]. Pure.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    Credentials, Error, ErrorKind, FieldMessages, Method, MethodSet,
    error::{Misunderstanding, shorten},
    http_date,
    request::Request,
    types::{CreatedToken, SecretOnly, Token, TokenSummary, User},
};
use crate::secret::Secret;

/// The longest body that is read, in bytes. A page of 100 rows is some 10 kB; this leaves room for
/// long names and still ends.
pub const MAX_BODY: usize = 4 * 1024 * 1024;

/// An answer as it came from the network.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// `Content-Type`, if readable.
    pub content_type: Option<String>,
    /// `Allow`, if readable: on another origin it is not.
    pub allow: Option<String>,
    /// `Retry-After`, if readable.
    pub retry_after: Option<String>,
    /// When it was sent, as HTTP writes dates: by the server's clock (`Date`) if that is readable, else by one's own.
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

/// The answer of a list, in rows with an id and a name.
pub fn token_list(request: &Request, answer: &Answer) -> Result<Vec<TokenSummary>, Error> {
    json(request, answer)
}

/// The answer that has one token; its secret is dropped while decoding.
pub fn token(request: &Request, answer: &Answer) -> Result<Token, Error> {
    json(request, answer)
}

/// Whether an answer speaks of the very token that the request was signed with. The secret in it is compared
/// and dropped here.
pub fn is_about_own_token(answer: &Answer, credentials: &Credentials) -> bool {
    let Credentials::Token(own) = credentials else { return false };
    serde_json::from_slice::<SecretOnly>(answer.body.as_deref().unwrap_or_default())
        .is_ok_and(|only| only.token.expose() == own.expose())
}

/// The same answer, of which only the secret is kept.
pub fn secret(request: &Request, answer: &Answer) -> Result<Secret, Error> {
    json::<SecretOnly>(request, answer).map(|only| only.token)
}

/// The answer to a creation: the token and its secret.
pub fn created(request: &Request, answer: &Answer) -> Result<CreatedToken, Error> {
    Ok(CreatedToken { token: token(request, answer)?, secret: secret(request, answer)? })
}

/// One user.
pub fn user(request: &Request, answer: &Answer) -> Result<User, Error> {
    json(request, answer)
}

/// A list of users.
pub fn user_list(request: &Request, answer: &Answer) -> Result<Vec<User>, Error> {
    json(request, answer)
}

/// An answer whose body does not matter, such as a 204.
pub fn nothing(request: &Request, answer: &Answer) -> Result<(), Error> {
    match answer.status {
        200..=299 if is_web_page(answer) => Err(misunderstood(request, answer, Misunderstanding::WebPage)),
        200..=299 => Ok(()),
        _ => Err(failure(request, answer)),
    }
}

/// The answer to a deletion: 204 and nothing else. Any other success may come from something between that
/// never passed the request on, so it does not count as one.
pub fn deleted(request: &Request, answer: &Answer) -> Result<(), Error> {
    match answer.status {
        204 => Ok(()),
        200..=299 => Err(misunderstood(request, answer, Misunderstanding::Status)),
        _ => Err(failure(request, answer)),
    }
}

/// What `OPTIONS` allows; `None` when the header cannot be read, which is not the same as "nothing".
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

/// Why a body cannot be read, which may be JSON all the same.
fn unreadable(answer: &Answer, is_json: bool) -> Misunderstanding {
    match answer.body.as_deref().map(<[u8]>::trim_ascii) {
        None => Misunderstanding::TooLong,
        Some(b"" | b"null") => Misunderstanding::Empty,
        Some(_) if is_web_page(answer) => Misunderstanding::WebPage,
        Some(_) if is_json => Misunderstanding::Shape,
        Some(_) => Misunderstanding::NotJson,
    }
}

/// The body of an error, as far as it is JSON.
fn error_body(answer: &Answer) -> Option<Value> {
    serde_json::from_slice(answer.body.as_deref()?).ok()
}

/// A token that is not there is as good as deleted, so that counts only if the API says it: its 404 has a JSON body
/// (API.md part 2). That of a proxy which has lost its way to the API says nothing of the token. Of the list and of
/// users it says no more than that this server has none, whoever answers.
fn not_found(request: &Request, answer: &Answer, body: Option<&Value>) -> ErrorKind {
    match body {
        Some(Value::Object(_) | Value::Null) => ErrorKind::NotFound,
        _ if !request.is_about_a_token() => ErrorKind::NotFound,
        _ => ErrorKind::NotUnderstood(unreadable(answer, body.is_some())),
    }
}

/// Never fails: of a body that is HTML, `null` or noise there is simply no message.
fn failure(request: &Request, answer: &Answer) -> Error {
    let body = error_body(answer);
    let field = |name| body.as_ref().and_then(|body| body.get(name));
    let message = field("message").and_then(Value::as_str).map(shorten).filter(|m| !m.trim().is_empty());
    let kind = match answer.status {
        // A fetch that must not follow redirections answers one with status 0.
        0 | 300..=399 => ErrorKind::Redirected,
        400 | 422 => ErrorKind::Invalid(field("messages").map(FieldMessages::read).unwrap_or_default()),
        401 => ErrorKind::NotSignedIn,
        403 => ErrorKind::NotPermitted,
        404 | 410 => not_found(request, answer, body.as_ref()),
        405 => ErrorKind::MethodNotAllowed(answer.allow.as_deref().map(MethodSet::parse)),
        409 | 412 => ErrorKind::Conflict,
        413 | 431 => ErrorKind::TooLarge,
        429 => ErrorKind::TooManyRequests(retry_after(answer)),
        // The server gave up on a request that did not come as a whole. It is not this console that waited.
        408 | 500..=599 => ErrorKind::Server(retry_after(answer)),
        400..=499 => ErrorKind::Refused,
        _ => ErrorKind::NotUnderstood(Misunderstanding::Status),
    };
    Error { kind, method: request.method, path: request.address(), status: Some(answer.status), message }
}

fn misunderstood(request: &Request, answer: &Answer, why: Misunderstanding) -> Error {
    Error {
        kind: ErrorKind::NotUnderstood(why),
        method: request.method,
        path: request.address(),
        status: Some(answer.status),
        message: None,
    }
}

fn is_web_page(answer: &Answer) -> bool {
    let html_type = answer.content_type.as_deref().and_then(|t| t.split(';').next()).is_some_and(|t| {
        matches!(t.trim().to_ascii_lowercase().as_str(), "text/html" | "application/xhtml+xml")
    });
    let start = answer.body.as_deref().unwrap_or_default().trim_ascii_start();
    let tag = |t: &[u8]| start.len() >= t.len() && start[..t.len()].eq_ignore_ascii_case(t);
    !start.is_empty() && (html_type || tag(b"<!doctype html") || tag(b"<html"))
}

/// `Retry-After` (RFC 9110, 10.2.3): seconds, or a date, which is compared with that of the answer, so that one's own clock
/// need not be right. At most an hour, so that a hostile server cannot lock anyone out.
fn retry_after(answer: &Answer) -> Option<Duration> {
    let value = answer.retry_after.as_deref()?.trim();
    let seconds: u64 = match value.parse() {
        Ok(seconds) => seconds,
        Err(_) => {
            let then = http_date::seconds(value)?;
            let now = http_date::seconds(answer.date.as_deref()?)?;
            // That it is over already means at once.
            u64::try_from(then - now).unwrap_or(0)
        }
    };
    Some(Duration::from_secs(seconds.min(3600)))
}

/// A failure without any answer.
pub(super) fn no_answer(request: &Request, kind: ErrorKind) -> Error {
    Error { kind, method: request.method, path: request.address(), status: None, message: None }
}

/// Whether a method that was refused says something about permission: 403 and 405 correct what
/// `OPTIONS` said or could not say.
pub fn refused_method(error: &Error) -> Option<Method> {
    error.kind.is_refusal().then_some(error.method)
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;

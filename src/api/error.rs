//! The console's one error type: what happened, in terms that a program can decide on.
//!
//! The words for a person are written in one place, `crate::failure`.

use std::time::Duration;

use super::{Method, MethodSet, error_body::ErrorBody};

/// A request that did not yield what was asked for. Contains no secret: neither credentials nor the request's body, and
/// of the response only the server's own message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What happened.
    pub kind: ErrorKind,
    /// The method that was sent.
    pub method: Method,
    /// The path and query of the request, relative to the API's base.
    pub path: String,
    /// The status code of the response, if there was one.
    pub status: Option<u16>,
    /// The server's own message (`message`), cut to a readable length.
    pub message: Option<String>,
}

/// What happened to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The browser reports no network. Nothing was sent, or at most a request that changes nothing.
    Offline,
    /// No response arrived: the connection was refused or broke off.
    Unreachable,
    /// The browser itself blocked the request or its response.
    Blocked(Blocker),
    /// No response, or no further piece of it, arrived within this time.
    TimedOut(Duration),
    /// Cancelled by the console itself, because the result is no longer needed.
    Cancelled,
    /// 401: the credentials are not (or no longer) accepted.
    NotSignedIn,
    /// 403: authenticated, but not permitted.
    NotPermitted,
    /// 405: the method is not allowed here; with the allowed methods, if the response named them.
    MethodNotAllowed(Option<MethodSet>),
    /// 404 or 410. For a token only if the API itself says so, with a JSON body.
    NotFound,
    /// 409 (or 412): the name is taken, or a `test` of a patch did not hold.
    Conflict,
    /// 422 (or 400): the input is invalid; with the server's messages per field.
    Invalid(FieldMessages),
    /// 413 or 431: the request is too large for the server or a proxy.
    TooLarge,
    /// 429: too many requests; with the time to wait, if the response named one.
    TooManyRequests(Option<Duration>),
    /// Any other 4xx: the server or a proxy in front of it rejects the request, for a reason that the contract does not
    /// know.
    Refused,
    /// 5xx, or 408: the server or a proxy in front of it failed; with the time to wait, if the response named one.
    Server(Option<Duration>),
    /// The response was a redirection. It is not followed, since the credentials would be sent along.
    Redirected,
    /// A response that the contract does not know: an unexpected status code, or a body that is not what it should be.
    NotUnderstood(Misunderstanding),
}

/// What made the browser block a request or its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocker {
    /// The page's own Content-Security-Policy does not name the server: nothing was sent.
    Policy,
    /// The page was loaded by https but the server's address is http, which browsers block as mixed content: nothing
    /// was sent.
    Insecure,
    /// The server is on another origin and responds, but does not allow this page to read the response (CORS). That may
    /// be the server's configuration, or the error page of something in front of it.
    CrossOrigin,
}

/// Why a response was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misunderstanding {
    /// A status code that the contract does not know.
    Status,
    /// A web page instead of data, such as a proxy's login page.
    WebPage,
    /// An empty body, or `null`, where data was expected.
    Empty,
    /// Not JSON at all, or cut off.
    NotJson,
    /// JSON of another shape.
    Shape,
    /// More than the console is willing to read.
    TooLong,
}

impl Error {
    /// Creates an error without a response to quote.
    pub fn new(kind: ErrorKind, method: Method, path: impl Into<String>) -> Self {
        Self { kind, method, path: path.into(), status: None, message: None }
    }

    /// Creates the error for a request that the console cancelled.
    pub fn cancelled(method: Method, path: &str) -> Self {
        Self::new(ErrorKind::Cancelled, method, path)
    }
}

impl ErrorKind {
    /// Whether a request that changes something may have been carried out all the same. `true` if no response arrived,
    /// if something in between broke, and if the response could not be read.
    pub const fn leaves_outcome_unknown(&self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::Blocked(Blocker::CrossOrigin)
                | Self::TimedOut(_)
                | Self::Cancelled
                | Self::Server(_)
                | Self::Redirected
                | Self::NotUnderstood(_)
        )
    }

    /// Whether the token may exist despite this failure of its creation. `true` also for a 409: browsers repeat a POST
    /// by themselves if a kept-alive connection closes without a response, and then the first attempt has taken the
    /// name.
    pub const fn may_have_created(&self) -> bool {
        matches!(self, Self::Conflict) || self.leaves_outcome_unknown()
    }

    /// Whether the server said that this is not permitted: 403 or 405.
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::NotPermitted | Self::MethodNotAllowed(_))
    }

    /// Whether the server rejected the request because there were too many (429): it was not carried out.
    pub const fn is_turned_away(&self) -> bool {
        matches!(self, Self::TooManyRequests(_))
    }

    /// Returns how long the server asks to wait (`Retry-After`).
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Server(after) | Self::TooManyRequests(after) => *after,
            _ => None,
        }
    }
}

/// The server's messages per field of a 422, flattened: `{"0": {"path": ["…"]}}` becomes the field `0.path`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMessages(Vec<(String, String)>);

/// Limits on depth and number of messages, since a hostile response could be endless.
const MAX_DEPTH: usize = 8;
const MAX_MESSAGES: usize = 100;

impl FieldMessages {
    /// Reads the `messages` of an error body, whatever their shape.
    pub(super) fn read(messages: &ErrorBody) -> Self {
        let mut found = Vec::new();
        collect(messages, &mut String::new(), 0, &mut found);
        Self(found)
    }

    /// Reads `messages` that a test has written.
    #[cfg(test)]
    pub fn sample(messages: serde_json::Value) -> Self {
        Self::read(&serde_json::from_value(messages).unwrap())
    }

    /// Returns the messages of one field.
    pub fn of<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == field).map(|(_, message)| message.as_str())
    }

    /// Returns all messages as pairs of field and message.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, message)| (field.as_str(), message.as_str()))
    }
}

fn collect(value: &ErrorBody, path: &mut String, depth: usize, found: &mut Vec<(String, String)>) {
    if depth > MAX_DEPTH || found.len() >= MAX_MESSAGES {
        return;
    }
    match value {
        ErrorBody::Text(message) => found.push((path.clone(), shorten(message))),
        // A list does not add a level to the field's name: `"name": ["too short", "taken"]`.
        ErrorBody::List(values) => values.iter().for_each(|v| collect(v, path, depth + 1, found)),
        ErrorBody::Object(fields) => {
            for (field, value) in fields {
                let length = path.len();
                if length > 0 {
                    path.push('.');
                }
                path.push_str(field);
                collect(value, path, depth + 1, found);
                path.truncate(length);
            }
        }
        ErrorBody::Null | ErrorBody::Other => {}
    }
}

/// Shortens a server's message to a readable length: 300 characters, on one line.
pub(super) fn shorten(message: &str) -> String {
    const MOST: usize = 300;
    let mut text: String = message.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if message.chars().nth(MOST).is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_gone_is_not_refused() {
        assert!(ErrorKind::NotPermitted.is_refusal());
        assert!(ErrorKind::MethodNotAllowed(None).is_refusal());
        assert!(!ErrorKind::NotFound.is_refusal());
        assert!(!ErrorKind::Server(None).is_refusal());
    }

    #[test]
    fn creation_messages_are_per_field() {
        let messages =
            FieldMessages::sample(json!({"name": ["Too short.", "Taken."], "length": ["Too long."]}));
        assert_eq!(messages.of("name").collect::<Vec<_>>(), ["Too short.", "Taken."]);
        assert_eq!(messages.of("length").collect::<Vec<_>>(), ["Too long."]);
        assert_eq!(messages.of("owner_id").count(), 0);
    }

    #[test]
    fn patch_messages_name_the_operation() {
        let messages = FieldMessages::sample(json!({"0": {"path": ["Bad path."], "_schema": ["Bad."]}}));
        assert_eq!(messages.iter().collect::<Vec<_>>(), [("0._schema", "Bad."), ("0.path", "Bad path.")]);
    }

    #[test]
    fn hostile_messages_end() {
        let mut deep = json!("end");
        for _ in 0..1000 {
            deep = json!({ "x": deep });
        }
        assert_eq!(FieldMessages::sample(deep).iter().count(), 0);
        let many = json!({ "name": vec!["no"; 10_000] });
        assert_eq!(FieldMessages::sample(many).iter().count(), MAX_MESSAGES);
        let long = json!({ "name": "é".repeat(100_000) });
        assert_eq!(FieldMessages::sample(long).of("name").next().unwrap().chars().count(), 301);
    }

    #[test]
    fn only_a_missing_answer_leaves_the_outcome_open() {
        assert!(ErrorKind::TimedOut(Duration::from_secs(1)).leaves_outcome_unknown());
        assert!(ErrorKind::Server(None).leaves_outcome_unknown());
        assert!(ErrorKind::NotUnderstood(Misunderstanding::Empty).leaves_outcome_unknown());
        assert!(!ErrorKind::Conflict.leaves_outcome_unknown());
        assert!(!ErrorKind::Offline.leaves_outcome_unknown());
        assert!(ErrorKind::Blocked(Blocker::CrossOrigin).leaves_outcome_unknown());
        assert!(!ErrorKind::Blocked(Blocker::Policy).leaves_outcome_unknown(), "it never left the page");
        assert!(!ErrorKind::Blocked(Blocker::Insecure).leaves_outcome_unknown(), "nor did this");
        assert!(!ErrorKind::NotPermitted.leaves_outcome_unknown());
        assert!(!ErrorKind::Refused.leaves_outcome_unknown());
    }

    #[test]
    fn which_failures_of_a_creation_need_a_look() {
        assert!(ErrorKind::Unreachable.may_have_created());
        assert!(ErrorKind::Conflict.may_have_created());
        assert!(!ErrorKind::Offline.may_have_created());
        assert!(!ErrorKind::TooManyRequests(None).may_have_created());
    }
}

//! The one failure type of the console: what happened, in terms a program can decide on.
//!
//! What a person reads about it is written in one place, `crate::failure`.

use std::time::Duration;

use super::{Method, MethodSet};

/// A request that did not give what was asked for. Contains no secret: neither a credential nor a
/// body that was sent, and of the answer only the server's own message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What happened.
    pub kind: ErrorKind,
    /// The method that was sent.
    pub method: Method,
    /// Path and query that were asked for, relative to the API's base.
    pub path: String,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The server's own sentence (`message`), cut to a readable length.
    pub message: Option<String>,
}

/// What happened to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The browser says that there is no network; nothing was sent, or nothing that changes anything.
    Offline,
    /// No answer arrived: refused, or broken off.
    Unreachable,
    /// The browser itself stood between the page and the server.
    Blocked(Blocker),
    /// No answer, or no more of it, within this time.
    TimedOut(Duration),
    /// Given up by the console itself, because nobody waits for it any more.
    Cancelled,
    /// 401: these credentials are not (or no longer) accepted.
    NotSignedIn,
    /// 403: known, but not permitted.
    NotPermitted,
    /// 405: this method is not allowed here; with what is allowed, if the answer said so.
    MethodNotAllowed(Option<MethodSet>),
    /// 404 or 410; about a token only if it is the API that says so, with a JSON body.
    NotFound,
    /// 409 (or 412): the name is taken, or a `test` of a patch did not hold.
    Conflict,
    /// 422 (or 400): what was sent is not valid; with the server's messages per field.
    Invalid(FieldMessages),
    /// 413: the request is too large for the server or a proxy.
    TooLarge,
    /// 429: too many requests; how long to wait, if the answer said so.
    TooManyRequests(Option<Duration>),
    /// Any other 4xx: the server or a proxy in front of it refuses the request, for a reason that the contract does not know.
    Refused,
    /// 5xx, or 408: the server or a proxy in front of it failed; how long to wait, if the answer said so.
    Server(Option<Duration>),
    /// The answer was a redirection. It is not followed, since the token would be sent along.
    Redirected,
    /// An answer that the contract does not know: a status, or a body that is not what it should be.
    NotUnderstood(Misunderstanding),
}

/// What the browser blocked a request or its answer for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocker {
    /// The page's own Content-Security-Policy does not name the server: nothing was sent.
    Policy,
    /// The page came by https and the server's address is http, to which browsers let no such page speak: nothing was
    /// sent.
    Insecure,
    /// The server is on another origin and answers, but the answer does not allow this page to read it
    /// (CORS). That may be the server's setting, or the error page of something in front of it.
    CrossOrigin,
}

/// Why an answer was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misunderstanding {
    /// A status that the contract does not know.
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
    /// The failure of what was given up.
    pub fn given_up(method: Method, path: &str) -> Self {
        Self { kind: ErrorKind::Cancelled, method, path: path.to_owned(), status: None, message: None }
    }
}

impl ErrorKind {
    /// Whether a request that changes something may have been carried out all the same. True when no
    /// answer arrived, when something between broke, and when the answer could not be read.
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

    /// Whether the server said that this is not permitted: 403, and 405.
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::NotPermitted | Self::MethodNotAllowed(_))
    }

    /// Whether the server did not take the request, because there were too many: it was not carried out.
    pub const fn is_turned_away(&self) -> bool {
        matches!(self, Self::TooManyRequests(_))
    }

    /// How long the server asks to wait (`Retry-After`).
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Server(after) | Self::TooManyRequests(after) => *after,
            _ => None,
        }
    }
}

/// The server's messages per field of a 422, flattened: `{"0": {"path": ["…"]}}` becomes the field
/// `0.path`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMessages(Vec<(String, String)>);

/// How deep and how many messages are read; a hostile answer has no end.
const MAX_DEPTH: usize = 8;
const MAX_MESSAGES: usize = 100;

impl FieldMessages {
    /// Reads the `messages` of an error body, whatever its shape is.
    pub fn read(messages: &serde_json::Value) -> Self {
        let mut found = Vec::new();
        collect(messages, &mut String::new(), 0, &mut found);
        Self(found)
    }

    /// The messages of one field.
    pub fn of<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == field).map(|(_, message)| message.as_str())
    }

    /// All of them as pairs of field and message.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, message)| (field.as_str(), message.as_str()))
    }
}

fn collect(value: &serde_json::Value, path: &mut String, depth: usize, found: &mut Vec<(String, String)>) {
    use serde_json::Value;
    if depth > MAX_DEPTH || found.len() >= MAX_MESSAGES {
        return;
    }
    match value {
        Value::String(message) => found.push((path.clone(), shorten(message))),
        // A list does not name a deeper field: `"name": ["too short", "taken"]`.
        Value::Array(values) => values.iter().for_each(|v| collect(v, path, depth + 1, found)),
        Value::Object(fields) => {
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
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A server's sentence in a readable length: 300 characters, on one line.
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
            FieldMessages::read(&json!({"name": ["Too short.", "Taken."], "length": ["Too long."]}));
        assert_eq!(messages.of("name").collect::<Vec<_>>(), ["Too short.", "Taken."]);
        assert_eq!(messages.of("length").collect::<Vec<_>>(), ["Too long."]);
        assert_eq!(messages.of("owner_id").count(), 0);
    }

    #[test]
    fn patch_messages_name_the_operation() {
        let messages = FieldMessages::read(&json!({"0": {"path": ["Bad path."], "_schema": ["Bad."]}}));
        assert_eq!(messages.iter().collect::<Vec<_>>(), [("0._schema", "Bad."), ("0.path", "Bad path.")]);
    }

    #[test]
    fn hostile_messages_end() {
        let mut deep = json!("end");
        for _ in 0..1000 {
            deep = json!({ "x": deep });
        }
        assert_eq!(FieldMessages::read(&deep).iter().count(), 0);
        let many = json!({ "name": vec!["no"; 10_000] });
        assert_eq!(FieldMessages::read(&many).iter().count(), MAX_MESSAGES);
        let long = json!({ "name": "é".repeat(100_000) });
        assert_eq!(FieldMessages::read(&long).of("name").next().unwrap().chars().count(), 301);
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
}

//! Why a session works with the password although a token was asked for, in words.

use super::{Record, left_behind::NEXT_TIME};
use crate::{
    api::{Error, ErrorKind},
    failure::{self, Act},
    ui::{Notice, Tone},
};

/// Why a session works with the password although a token was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no token.
    NotCreated(Error),
    /// Nobody knows whether there is one: no answer came, and looking for its name gave nothing certain.
    Unknown {
        /// What it is called if there is one.
        name: String,
        /// What became of the request.
        error: Error,
    },
    /// One was made, and its user may not delete it: there would be one more after each session.
    NotDeletable {
        /// What it is called.
        name: String,
        /// Whether the server accepts it no longer.
        is_disabled: bool,
    },
    /// The same was found out at an earlier sign-in, so none was made.
    KnownNotDeletable,
    /// There is one, and it is deleted again.
    NotUsable {
        /// Which one it is.
        record: Record,
        /// What was tried in vain: reading its secret, or using it.
        act: Act,
        /// Why.
        error: Error,
    },
}

impl Refusal {
    /// What to say of it. `at` is the time of now, for the details.
    pub fn notice(&self, at: &str) -> Notice {
        let (what, act, error, then) = match self {
            Self::NotCreated(error) => {
                ("no token was made for this session", Act::CreateToken, error, String::new())
            }
            Self::Unknown { name, error } => (
                "it is not known whether a token was made for this session",
                Act::CreateToken,
                error,
                format!(" If it was, it is called “{name}”. {NEXT_TIME}"),
            ),
            Self::NotDeletable { name, is_disabled } => {
                let then = if *is_disabled {
                    "is disabled now; an administrator can delete it"
                } else {
                    "could not be disabled: do that in the list, and ask an administrator to delete it"
                };
                return Notice::new(Tone::Info, NOT_DELETABLE).with_text(format!(
                    "The server lets you make tokens, but not delete them. “{name}” was made to find that out and \
                     {then}."
                ));
            }
            Self::KnownNotDeletable => {
                return Notice::new(Tone::Info, NOT_DELETABLE).with_text(
                    "The server lets you make tokens, but not delete them, as an earlier sign-in found out. So none \
                     was made.",
                );
            }
            Self::NotUsable { record, act, error } => (
                "the token that was made for this session could not be used",
                *act,
                error,
                format!(" It is called “{}” and is deleted again.", record.name),
            ),
        };
        let why = match (act, &error.kind) {
            (Act::VerifyToken, ErrorKind::NotSignedIn) => "the server refuses it".into(),
            _ => failure::why(error, act),
        };
        let Notice { details, .. } = failure::explain(error, act, at);
        // Being signed in is not a failure.
        let notice = Notice::new(Tone::Info, format!("You work with your password: {what}."));
        Notice { details, ..notice.with_text(format!("{}.{then}", sentence(why))) }
    }
}

const NOT_DELETABLE: &str =
    "You work with your password: a token for this session could not be deleted at its end.";

/// With a capital at the beginning.
fn sentence(words: String) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{super::records::Owner, *};
    use crate::api::Method;

    fn error(kind: ErrorKind) -> Error {
        Error { kind, method: Method::Post, path: "/api_tokens/".into(), status: Some(405), message: None }
    }

    fn said(refusal: &Refusal) -> String {
        let Notice { title, text, .. } = refusal.notice("now");
        format!("{title} {text}")
    }

    #[test]
    fn it_is_said_that_the_password_is_used_and_why() {
        assert_eq!(
            said(&Refusal::NotCreated(error(ErrorKind::MethodNotAllowed(None)))),
            "You work with your password: no token was made for this session. This server does not allow it."
        );
        let unknown =
            Refusal::Unknown { name: "console session 1".into(), error: error(ErrorKind::Unreachable) };
        assert_eq!(
            said(&unknown),
            "You work with your password: it is not known whether a token was made for this session. The server \
             cannot be reached. If it was, it is called “console session 1”. After your next sign-in you are \
             asked whether to delete it."
        );
        let record = Record {
            owner: Owner { who: "user 3".into(), deployment: "a".into() },
            name: "console session 1".into(),
            id: Some(7),
            at: 1,
        };
        let not_usable =
            Refusal::NotUsable { record, act: Act::VerifyToken, error: error(ErrorKind::NotSignedIn) };
        assert!(
            said(&not_usable)
                .ends_with("The server refuses it. It is called “console session 1” and is deleted again.")
        );
    }

    #[test]
    fn a_token_that_stays_is_named() {
        let words =
            |is_disabled| said(&Refusal::NotDeletable { name: "console session 1".into(), is_disabled });
        assert!(words(true).ends_with(
            "“console session 1” was made to find that out and is disabled now; an administrator can delete it."
        ));
        assert!(words(false).contains("could not be disabled: do that in the list"));
        assert!(
            said(&Refusal::KnownNotDeletable).ends_with("as an earlier sign-in found out. So none was made.")
        );
    }

    #[test]
    fn the_details_are_there_for_whoever_is_asked_for_help() {
        let notice = Refusal::NotCreated(error(ErrorKind::NotPermitted)).notice("now");
        assert_eq!(notice.tone, Tone::Info);
        assert!(notice.details.iter().any(|detail| detail.value == "POST /api_tokens/"));
    }
}

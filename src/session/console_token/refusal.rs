//! Why a session works with the password although a console session token was asked for, in words.

use super::{Record, left_behind::NEXT_TIME};
use crate::{
    api::{Error, ErrorKind},
    failure::{self, FailedAction},
    ui::{Notice, Tone},
};

/// Why a session works with the password although a console session token was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No token was made.
    NotCreated(Error),
    /// Not known whether a token was made: the creation got no response, and looking its name up gave nothing certain.
    Unknown {
        /// The name of the token, if there is one.
        name: String,
        /// How the creation failed.
        error: Error,
    },
    /// A token was made, but its user may not delete it: there would be one more after each session.
    NotDeletable {
        /// The name of the token.
        name: String,
        /// Whether the token was disabled, so that the server no longer accepts it.
        is_disabled: bool,
    },
    /// An earlier sign-in found out that tokens cannot be deleted, so none was made.
    KnownNotDeletable,
    /// A token was made, could not be used, and is being deleted.
    NotUsable {
        /// The token.
        record: Record,
        /// What failed: reading its secret, or using it.
        act: FailedAction,
        /// Why.
        error: Error,
    },
}

impl Refusal {
    /// Returns the notice for the user. `at` is the current time, for the details.
    pub fn notice(&self, at: &str) -> Notice {
        let (what, act, error, then) = match self {
            Self::NotCreated(error) => {
                ("no temporary token was created", FailedAction::CreateToken, error, String::new())
            }
            Self::Unknown { name, error } => (
                "a temporary token may have been created",
                FailedAction::CreateToken,
                error,
                format!(" If it was, its name is “{name}”. {NEXT_TIME}"),
            ),
            Self::NotDeletable { name, is_disabled } => {
                let then = if *is_disabled {
                    "is now disabled. An administrator can delete it"
                } else {
                    "could not be disabled. Disable it in the list, and ask an administrator to delete it"
                };
                return Notice::new(Tone::Info, NOT_DELETABLE)
                    .with_text(format!("“{name}” was created to check this and {then}."));
            }
            Self::KnownNotDeletable => {
                return Notice::new(Tone::Info, NOT_DELETABLE)
                    .with_text("An earlier sign-in found this out, so no token was created.");
            }
            Self::NotUsable { record, act, error } => (
                "the temporary token could not be used",
                *act,
                error,
                format!(" It is named “{}” and is being deleted.", record.name),
            ),
        };
        let why = match (act, &error.kind) {
            (FailedAction::VerifyToken, ErrorKind::NotSignedIn) => "the server does not accept it".into(),
            _ => failure::why(error, act),
        };
        let Notice { details, .. } = failure::explain(error, act, at);
        // `Info`, since the user is signed in.
        let notice = Notice::new(Tone::Info, format!("You are signed in with your password: {what}."));
        Notice { details, ..notice.with_text(format!("{}.{then}", sentence(why))) }
    }
}

const NOT_DELETABLE: &str = "You are signed in with your password, because you are not allowed to delete \
                             tokens: a temporary token would be left behind.";

/// Capitalises the first letter.
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
            "You are signed in with your password: no temporary token was created. The server does not allow \
             it."
        );
        let unknown =
            Refusal::Unknown { name: "console session 1".into(), error: error(ErrorKind::Unreachable) };
        assert_eq!(
            said(&unknown),
            "You are signed in with your password: a temporary token may have been created. The server \
             cannot be reached. If it was, its name is “console session 1”. The console will offer to \
             delete it after your next sign-in."
        );
        let record = Record {
            owner: Owner { who: "user 3".into(), deployment: "a".into() },
            name: "console session 1".into(),
            id: Some(7),
            at: 1,
        };
        let not_usable = Refusal::NotUsable {
            record,
            act: FailedAction::VerifyToken,
            error: error(ErrorKind::NotSignedIn),
        };
        assert!(said(&not_usable).ends_with(
            "The server does not accept it. It is named “console session 1” and is being deleted."
        ));
    }

    #[test]
    fn a_token_that_stays_is_named() {
        let words =
            |is_disabled| said(&Refusal::NotDeletable { name: "console session 1".into(), is_disabled });
        assert!(words(true).ends_with(
            "“console session 1” was created to check this and is now disabled. An administrator can delete \
             it."
        ));
        assert!(words(false).contains("could not be disabled. Disable it in the list"));
        assert!(said(&Refusal::KnownNotDeletable).ends_with("found this out, so no token was created."));
    }

    #[test]
    fn the_details_are_there_for_whoever_is_asked_for_help() {
        let notice = Refusal::NotCreated(error(ErrorKind::NotPermitted)).notice("now");
        assert_eq!(notice.tone, Tone::Info);
        assert!(notice.details.iter().any(|detail| detail.value == "POST /api_tokens/"));
    }
}

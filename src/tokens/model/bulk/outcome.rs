//! The outcome for one token, decided from the server's response.

use crate::{
    api::{Error, ErrorKind, Token},
    tokens::model::deletion::Deletion,
};

/// The outcome for one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The token is as wanted.
    Done,
    /// The token was so before.
    AlreadySo,
    /// The server does not allow it.
    Refused(Error),
    /// It was not done.
    Failed(Failure),
    /// It is not known whether it was done.
    Unknown(Error),
    /// It was not started.
    Cancelled,
}

/// The outcome, and the token as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The outcome.
    pub outcome: Outcome,
    /// The token, if a response has told it.
    pub token: Option<Token>,
}

/// Why it was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The request failed.
    Error(Error),
    /// The server reported success and changed nothing (API.md part 2).
    Ignored,
}

impl Outcome {
    /// Whether the token is as wanted.
    pub const fn is_as_wanted(&self) -> bool {
        matches!(self, Self::Done | Self::AlreadySo)
    }

    /// Whether a retry may help.
    pub const fn can_be_retried(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Unknown(_) | Self::Cancelled)
    }

    /// Whether the server [did not take](ErrorKind::is_turned_away) the request.
    pub const fn is_turned_away(&self) -> bool {
        matches!(self, Self::Failed(Failure::Error(error)) if error.kind.is_turned_away())
    }

    /// Whether the request was refused for want of valid credentials, and nothing was done.
    pub const fn is_signed_out(&self) -> bool {
        matches!(self, Self::Failed(Failure::Error(error)) if matches!(error.kind, ErrorKind::NotSignedIn))
    }

    fn of_error(error: Error) -> Self {
        if error.kind.is_refusal() { Self::Refused(error) } else { Self::Failed(Failure::Error(error)) }
    }
}

impl From<Deletion> for Outcome {
    /// A token that is gone already counts as deleted.
    fn from(deletion: Deletion) -> Self {
        match deletion {
            Deletion::Done | Deletion::AlreadyGone => Self::Done,
            Deletion::Failed(error) => Self::of_error(error),
            Deletion::Unknown(error) => Self::Unknown(error),
        }
    }
}

/// Reads the response to a token's patch. `before` is the last known value of `enabled`. Returns `None` if the token
/// has to be read to know the outcome; see [`after_look`].
pub fn after_change(wanted: bool, before: Option<bool>, answer: &Result<Token, Error>) -> Option<Outcome> {
    match answer {
        Ok(token) if token.enabled != wanted => Some(Outcome::Failed(Failure::Ignored)),
        Ok(_) if before == Some(wanted) => Some(Outcome::AlreadySo),
        Ok(_) => Some(Outcome::Done),
        Err(error) if error.kind.leaves_outcome_unknown() => None,
        Err(error) => Some(Outcome::of_error(error.clone())),
    }
}

/// Decides by reading the token: `failure` left the outcome of a change open, `look` is the result of the read.
pub fn after_look(wanted: bool, failure: Error, look: &Result<Token, Error>) -> Outcome {
    match look {
        Ok(token) if token.enabled == wanted => Outcome::Done,
        Ok(_) => Outcome::of_error(failure),
        Err(error) if error.kind == ErrorKind::NotFound => Outcome::of_error(error.clone()),
        Err(_) => Outcome::Unknown(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Method;

    fn error(kind: ErrorKind) -> Error {
        Error::new(kind, Method::Patch, "/api_tokens/1")
    }

    fn token(enabled: bool) -> Token {
        Token {
            id: 1,
            name: "abc".into(),
            owner_id: 1,
            enabled,
            created: None,
            updated: None,
            last_used: None,
        }
    }

    #[test]
    fn what_an_answer_to_a_change_means() {
        assert_eq!(after_change(false, None, &Ok(token(false))), Some(Outcome::Done));
        assert_eq!(after_change(false, Some(true), &Ok(token(false))), Some(Outcome::Done));
        assert_eq!(after_change(false, Some(false), &Ok(token(false))), Some(Outcome::AlreadySo));
        assert_eq!(after_change(false, None, &Ok(token(true))), Some(Outcome::Failed(Failure::Ignored)));
        let refused = error(ErrorKind::NotPermitted);
        assert_eq!(after_change(true, None, &Err(refused.clone())), Some(Outcome::Refused(refused)));
        let gone = error(ErrorKind::NotFound);
        assert_eq!(
            after_change(true, None, &Err(gone.clone())),
            Some(Outcome::Failed(Failure::Error(gone.clone())))
        );
        let lost = error(ErrorKind::Unreachable);
        assert_eq!(after_change(true, None, &Err(lost.clone())), None);
        assert_eq!(after_look(true, lost.clone(), &Ok(token(true))), Outcome::Done);
        assert_eq!(
            after_look(true, lost.clone(), &Ok(token(false))),
            Outcome::Failed(Failure::Error(lost.clone()))
        );
        assert_eq!(after_look(true, lost.clone(), &Err(lost.clone())), Outcome::Unknown(lost.clone()));
        assert_eq!(after_look(true, lost, &Err(gone.clone())), Outcome::Failed(Failure::Error(gone)));
    }

    #[test]
    fn only_too_many_requests_are_turned_away() {
        let outcome = |kind| after_change(true, None, &Err(error(kind)));
        let turned_away = outcome(ErrorKind::TooManyRequests(None));
        assert!(turned_away.is_some_and(|outcome| outcome.is_turned_away()));
        assert!(!outcome(ErrorKind::Conflict).is_some_and(|outcome| outcome.is_turned_away()));
        assert!(!Outcome::Unknown(error(ErrorKind::Server(None))).is_turned_away());
        assert!(!Outcome::Cancelled.is_turned_away());
    }

    #[test]
    fn what_an_answer_to_a_deletion_means() {
        assert_eq!(Outcome::from(Deletion::Done), Outcome::Done);
        assert_eq!(Outcome::from(Deletion::AlreadyGone), Outcome::Done);
        let refused = error(ErrorKind::MethodNotAllowed(None));
        assert_eq!(Outcome::from(Deletion::Failed(refused.clone())), Outcome::Refused(refused));
        let lost = error(ErrorKind::Unreachable);
        assert_eq!(Outcome::from(Deletion::Unknown(lost.clone())), Outcome::Unknown(lost));
    }
}

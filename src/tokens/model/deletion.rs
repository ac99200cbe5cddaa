//! The outcome of a deletion.

use crate::api::{Error, ErrorKind, Token};

/// The outcome of a deletion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// The token was deleted.
    Done,
    /// The token was already gone, which is what was wanted.
    AlreadyGone,
    /// The token still exists, for this reason.
    Failed(Error),
    /// The token may have been deleted, for this reason.
    Unknown(Error),
}

/// Reads the response to a deletion. `times` is how often the request was sent, since it is retried after a failure.
/// Returns `None` if the token has to be read to know the outcome; see [`after_look`].
pub fn after_delete(answer: &Result<(), Error>, times: u32) -> Option<Deletion> {
    match answer {
        Ok(()) => Some(Deletion::Done),
        // An earlier attempt was carried out, but its response got lost.
        Err(error) if error.kind == ErrorKind::NotFound && times > 1 => Some(Deletion::Done),
        Err(error) if error.kind == ErrorKind::NotFound => Some(Deletion::AlreadyGone),
        Err(error) if error.kind.leaves_outcome_unknown() => None,
        Err(error) => Some(Deletion::Failed(error.clone())),
    }
}

/// Decides by reading the token: `failure` left the outcome open, `look` is the result of the read.
pub fn after_look(failure: Error, look: &Result<Token, Error>) -> Deletion {
    match look {
        Ok(_) => Deletion::Failed(failure),
        Err(error) if error.kind == ErrorKind::NotFound => Deletion::Done,
        Err(_) => Deletion::Unknown(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Method;

    fn error(kind: ErrorKind) -> Error {
        Error::new(kind, Method::Delete, "/api_tokens/1")
    }

    #[test]
    fn gone_is_gone() {
        assert_eq!(after_delete(&Ok(()), 1), Some(Deletion::Done));
        assert_eq!(after_delete(&Err(error(ErrorKind::NotFound)), 1), Some(Deletion::AlreadyGone));
    }

    #[test]
    fn gone_at_the_second_try_is_ones_own_doing() {
        assert_eq!(after_delete(&Err(error(ErrorKind::NotFound)), 2), Some(Deletion::Done));
    }

    #[test]
    fn a_refusal_is_certain() {
        let refused = error(ErrorKind::NotPermitted);
        assert_eq!(after_delete(&Err(refused.clone()), 1), Some(Deletion::Failed(refused)));
    }

    #[test]
    fn without_an_answer_one_looks() {
        let lost = error(ErrorKind::Unreachable);
        assert_eq!(after_delete(&Err(lost.clone()), 1), None);
        assert_eq!(after_look(lost.clone(), &Err(error(ErrorKind::NotFound))), Deletion::Done);
        assert_eq!(
            after_look(lost.clone(), &Err(error(ErrorKind::Unreachable))),
            Deletion::Unknown(lost.clone())
        );
        let token = Token {
            id: 1,
            name: "a".into(),
            owner_id: 1,
            enabled: true,
            created: None,
            updated: None,
            last_used: None,
        };
        assert_eq!(after_look(lost.clone(), &Ok(token)), Deletion::Failed(lost));
    }
}

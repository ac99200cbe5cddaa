//! What came of a deletion.

use crate::api::{Error, ErrorKind, Token};

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It was deleted.
    Done,
    /// It was gone already, which is what was wanted.
    AlreadyGone,
    /// It is still there, for this reason.
    Failed(Error),
    /// Nobody knows, for this reason.
    Unknown(Error),
}

/// Reads the answer to a deletion. `None` if the token has to be looked up to know; see [`after_look`].
pub fn after_delete(answer: &Result<(), Error>) -> Option<Deletion> {
    match answer {
        Ok(()) => Some(Deletion::Done),
        Err(error) if error.kind == ErrorKind::NotFound => Some(Deletion::AlreadyGone),
        Err(error) if error.kind.leaves_outcome_unknown() => None,
        Err(error) => Some(Deletion::Failed(error.clone())),
    }
}

/// Decides by looking: `failure` left the outcome open, `look` is what reading the token gave.
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
        Error { kind, method: Method::Delete, path: "/api_tokens/1".into(), status: None, message: None }
    }

    #[test]
    fn gone_is_gone() {
        assert_eq!(after_delete(&Ok(())), Some(Deletion::Done));
        assert_eq!(after_delete(&Err(error(ErrorKind::NotFound))), Some(Deletion::AlreadyGone));
    }

    #[test]
    fn a_refusal_is_certain() {
        let refused = error(ErrorKind::NotPermitted);
        assert_eq!(after_delete(&Err(refused.clone())), Some(Deletion::Failed(refused)));
    }

    #[test]
    fn without_an_answer_one_looks() {
        let lost = error(ErrorKind::Unreachable);
        assert_eq!(after_delete(&Err(lost.clone())), None);
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

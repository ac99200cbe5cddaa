//! Verifies credentials before the session uses them.

use crate::api::{Blocker, Client, Error, ErrorKind, MethodSet, User};

/// What the server said about credentials that it accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The user they belong to, if the server says so.
    pub user: Option<User>,
    /// What is allowed on the collection, if that had to be asked to verify the credentials.
    pub collection_allow: Option<MethodSet>,
}

/// Asks the server whose credentials these are. Where it does not say (403, 404), `OPTIONS` on the collection at least
/// shows whether they are valid.
///
/// If the `Allow` header of that response cannot be read, something in front of the server may have answered without
/// looking at the credentials, as is usual for CORS. Then one row of the list is requested.
pub async fn verify(client: &Client) -> Result<Verified, Error> {
    match client.current_user().await {
        Ok(user) => Ok(Verified { user: Some(user), collection_allow: None }),
        Err(error) if is_no_answer_about_me(&error.kind) => {
            let collection_allow = client.collection_options().await?;
            if collection_allow.is_none() {
                client.list_tokens(1, 0, None).await?;
            }
            Ok(Verified { user: None, collection_allow })
        }
        Err(error) => Err(error),
    }
}

/// Whether a failure of the optional look-up means "this server does not say". On another origin a 404 from an unrouted
/// path comes without CORS headers (API.md part 2), so that failure counts as well; if the server lets this page read
/// nothing at all, the second request fails too.
const fn is_no_answer_about_me(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotPermitted
            | ErrorKind::NotFound
            | ErrorKind::MethodNotAllowed(_)
            | ErrorKind::Blocked(Blocker::CrossOrigin)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Misunderstanding;

    #[test]
    fn only_a_missing_look_up_is_passed_over() {
        assert!(is_no_answer_about_me(&ErrorKind::NotPermitted));
        assert!(is_no_answer_about_me(&ErrorKind::NotFound));
        assert!(is_no_answer_about_me(&ErrorKind::Blocked(Blocker::CrossOrigin)));
        assert!(!is_no_answer_about_me(&ErrorKind::Unreachable));
        assert!(!is_no_answer_about_me(&ErrorKind::NotSignedIn));
        assert!(!is_no_answer_about_me(&ErrorKind::Server(None)));
        assert!(!is_no_answer_about_me(&ErrorKind::TooManyRequests(None)));
        assert!(!is_no_answer_about_me(&ErrorKind::NotUnderstood(Misunderstanding::WebPage)));
    }
}

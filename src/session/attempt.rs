//! Credentials are tried before they are believed.

use crate::api::{Blocker, Client, Error, ErrorKind, MethodSet, User};

/// What the server said to credentials that it accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Who they belong to, if the server says so.
    pub user: Option<User>,
    /// What may be done with the collection, if that had to be asked to find out.
    pub collection_allow: Option<MethodSet>,
}

/// Asks the server who one is. Where it does not say (403, 404), `OPTIONS` on the collection tells at
/// least whether the credentials are good.
///
/// If its `Allow` cannot be read, something in front of the server may have answered for it, as is usual for CORS, and
/// has looked at no credentials: then one row of the list is asked for.
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

/// Whether a failure of the optional look-up means "this server does not say". On another origin a 404
/// from an address that does not exist comes without CORS headers (API.md part 2), so that one is tried
/// further too; if the server lets this page read nothing at all, the second request says so.
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

//! Whether a token of a given name exists.

use crate::{api::UserId, collection::creation::Found, session::Session};

/// Looks a name up, under an owner or among all tokens that the user may see. Returns [`Found::CannotTell`] if the list
/// cannot be read.
pub(super) async fn look_up(session: Session, name: &str, owner: Option<UserId>) -> Found {
    session.find_token(name, owner).await.unwrap_or(Found::CannotTell)
}

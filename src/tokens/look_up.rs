//! Whether there is a token of a name.

use crate::{api::UserId, collection::creation::Found, session::Session};

/// Looks a name up, under an owner or among all that one may see. A failure to read the list means that nobody can
/// tell.
pub(super) async fn look_up(session: Session, name: &str, owner: Option<UserId>) -> Found {
    session.find_token(name, owner).await.unwrap_or(Found::CannotTell)
}

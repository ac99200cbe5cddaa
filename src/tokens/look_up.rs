//! Whether an owner has a token of a name.

use super::model::creation::{Found, find};
use crate::{api::UserId, session::Session};

/// Looks a name up under its owner. A failure to read the list means that nobody can tell.
pub(super) async fn look_up(session: Session, name: &str, owner: UserId) -> Found {
    let found = find(name, Some(owner), |page| {
        session
            .run(move |client| async move { client.list_tokens(page.limit, page.offset, page.owner).await })
    });
    found.await.unwrap_or(Found::CannotTell)
}

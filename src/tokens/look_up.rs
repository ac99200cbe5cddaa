//! Whether an owner has a token of a name.

use super::model::creation::{Found, NameSearch, Step};
use crate::{api::UserId, session::Session};

/// Looks a name up under its owner. A failure to read the list means that nobody can tell.
pub(super) async fn look_up(session: Session, name: &str, owner: UserId) -> Found {
    let mut search = NameSearch::new(name, owner);
    let mut step = search.step();
    loop {
        match step {
            Step::Done(found) => return found,
            Step::Ask(page) => {
                let answer = session
                    .run(
                        |client| async move { client.list_tokens(page.limit, page.offset, page.owner).await },
                    )
                    .await;
                match answer {
                    Ok(rows) => step = search.answer(&rows),
                    Err(_) => return Found::CannotTell,
                }
            }
        }
    }
}

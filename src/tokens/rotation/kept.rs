//! Where rotations are kept: in `localStorage`, since they outlive tab and sign-in. Ids and names only.

use crate::{storage::Storage, tokens::model::rotation::Records};

/// Where nothing can be kept, they are forgotten when the page is loaded again.
const STORAGE: Storage = Storage::Local;

/// The key under which those of one user are kept. Whoever signs in next on this device keeps theirs beside them.
fn key(user: &str) -> String {
    format!("credmgr.rotations {user}")
}

/// What is kept for a user, which may be nothing; `None` where that cannot be found out.
pub(super) fn load(user: &str) -> Option<Records> {
    let text = STORAGE.look_up(&key(user)).ok()?;
    Some(Records::read(&text.unwrap_or_default(), user))
}

/// Keeps them in place of what was kept before. Answers whether that worked: a browser may forbid storage, and it may
/// be full.
pub(super) fn save(user: &str, records: &Records) -> bool {
    match records.write() {
        Some(text) => STORAGE.set(&key(user), &text),
        None => STORAGE.remove(&key(user)),
    }
}

//! Where rotations are kept: in `localStorage`, since they outlive tab and sign-in. Ids and names only.

use leptos::prelude::*;

use crate::tokens::model::rotation::Records;

/// The key under which those of one user are kept. Whoever signs in next on this device keeps theirs beside them.
fn key(user: &str) -> String {
    format!("credmgr.rotations {user}")
}

fn storage() -> Option<web_sys::Storage> {
    // A browser may forbid storage; they are then kept until the page is loaded again.
    window().local_storage().ok().flatten()
}

/// What was kept for a user; none where nothing was, or where it cannot be read.
pub(super) fn load(user: &str) -> Option<Records> {
    let text = storage()?.get_item(&key(user)).ok()?;
    Some(Records::read(&text.unwrap_or_default(), user))
}

/// Keeps them in place of what was kept before. Answers whether that worked: a browser may forbid storage, and it may
/// be full.
pub(super) fn save(user: &str, records: &Records) -> bool {
    let Some(storage) = storage() else { return false };
    match records.write() {
        Some(text) => storage.set_item(&key(user), &text).is_ok(),
        None => storage.remove_item(&key(user)).is_ok(),
    }
}

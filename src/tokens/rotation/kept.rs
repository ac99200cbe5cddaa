//! Rotations in `localStorage`, since they outlive tab and sign-in. IDs and names only.

use crate::{storage::Storage, tokens::model::rotation::Records};

/// If storage is unavailable, rotations are forgotten when the page is reloaded.
const STORAGE: Storage = Storage::Local;

/// Returns the key for a user's rotations. Each user on this device has their own.
fn key(user: &str) -> String {
    format!("credmgr.rotations {user}")
}

/// Returns what is kept for a user, which may be empty; `None` if the storage cannot be read.
pub(super) fn load(user: &str) -> Option<Records> {
    let text = STORAGE.look_up(&key(user)).ok()?;
    Some(Records::read(&text.unwrap_or_default(), user))
}

/// Stores the records in place of the previous ones. Returns whether that worked: a browser may forbid storage, and it
/// may be full.
pub(super) fn save(user: &str, records: &Records) -> bool {
    match records.write() {
        Some(text) => STORAGE.set(&key(user), &text),
        None => STORAGE.remove(&key(user)),
    }
}

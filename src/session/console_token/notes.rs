//! Where the notes of console session tokens are stored: `localStorage`, since they are needed after the tab is gone.
//! IDs, names and times, per user and deployment; never a secret.

use super::records::{Owner, Record, is_note, of_owner};
use crate::storage::Storage;

/// If nothing can be stored, tokens left behind have to be found in the list, by their names.
const STORAGE: Storage = Storage::Local;

/// Stores a note, replacing the one of the same token.
pub(super) fn keep(record: &Record) {
    if let Some(text) = record.write() {
        STORAGE.set(&record.key(), &text);
    }
}

/// Removes a note, because the token is gone or no longer the console's.
pub(super) fn forget(record: &Record) {
    STORAGE.remove(&record.key());
}

/// Returns the keys of all notes.
fn keys() -> impl Iterator<Item = String> {
    STORAGE.keys().into_iter().filter(|key| is_note(key))
}

/// Whether there are any notes, of any owner.
pub(super) fn are_there() -> bool {
    keys().next().is_some()
}

/// Returns the notes of an owner, the oldest first.
pub(super) fn of(owner: &Owner) -> Vec<Record> {
    let kept = keys().filter_map(|key| STORAGE.get(&key).map(|text| (key, text)));
    of_owner(kept, owner)
}

//! Where the notes of console tokens are kept: `localStorage`, since they are for after the tab is gone. Ids,
//! names and times, for their user and deployment; never a secret.

use leptos::prelude::window;
use web_sys::Storage;

use super::records::{Owner, Record, is_note, of_owner};

fn storage() -> Option<Storage> {
    // A browser may forbid storage; what is left behind then has to be found in the list, by its name.
    window().local_storage().ok().flatten()
}

/// Keeps a note, in place of the one of the same token.
pub(super) fn keep(record: &Record) {
    if let (Some(storage), Some(text)) = (storage(), record.write()) {
        // A full storage costs the offer to delete what is left behind.
        let _ = storage.set_item(&record.key(), &text);
    }
}

/// The token is gone, or it is not the console's any more.
pub(super) fn forget(record: &Record) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&record.key());
    }
}

/// The keys of all notes.
fn keys(storage: &Storage) -> impl Iterator<Item = String> {
    let count = storage.length().unwrap_or_default();
    (0..count).filter_map(|index| storage.key(index).ok().flatten()).filter(|key| is_note(key))
}

/// Whether there are any, of whichever owner.
pub(super) fn are_there() -> bool {
    storage().is_some_and(|storage| keys(&storage).next().is_some())
}

/// The notes of an owner, the oldest first.
pub(super) fn of(owner: &Owner) -> Vec<Record> {
    let Some(storage) = storage() else { return Vec::new() };
    let kept = keys(&storage).filter_map(|key| storage.get_item(&key).ok().flatten().map(|text| (key, text)));
    of_owner(kept, owner)
}

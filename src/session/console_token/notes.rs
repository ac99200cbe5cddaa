//! Where the notes of console tokens are kept: `localStorage`, since they are for after the tab is gone. Ids,
//! names and times, for their user and deployment; never a secret.

use super::records::{Owner, Record, is_note, of_owner};
use crate::storage::Storage;

/// Where nothing can be kept, what is left behind has to be found in the list, by its name.
const STORAGE: Storage = Storage::Local;

/// Keeps a note, in place of the one of the same token.
pub(super) fn keep(record: &Record) {
    if let Some(text) = record.write() {
        STORAGE.set(&record.key(), &text);
    }
}

/// The token is gone, or it is not the console's any more.
pub(super) fn forget(record: &Record) {
    STORAGE.remove(&record.key());
}

/// The keys of all notes.
fn keys() -> impl Iterator<Item = String> {
    STORAGE.keys().into_iter().filter(|key| is_note(key))
}

/// Whether there are any, of whichever owner.
pub(super) fn are_there() -> bool {
    keys().next().is_some()
}

/// The notes of an owner, the oldest first.
pub(super) fn of(owner: &Owner) -> Vec<Record> {
    let kept = keys().filter_map(|key| STORAGE.get(&key).map(|text| (key, text)));
    of_owner(kept, owner)
}

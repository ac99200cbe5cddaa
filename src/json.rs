//! Reading what the console has written itself, into the browser's storage.

use serde::de::DeserializeOwned;

/// What a text says; nothing if it was not written so.
///
/// Read as bytes, as answers of the API are: the code that reads texts would be in the WebAssembly beside that.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(text.as_bytes()).ok()
}

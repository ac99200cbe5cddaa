//! Reading what the console itself has written into the browser's storage.

use serde::de::DeserializeOwned;

/// Parses a stored text; `None` if it has another form.
///
/// It is read as bytes, like the API's responses: reading it as text would add another copy of the parser to the
/// WebAssembly.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(text.as_bytes()).ok()
}

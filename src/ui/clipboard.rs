//! Copying.

use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Why a text could not be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyError {
    /// The page is not in a secure context (plain http), where browsers have no clipboard.
    Insecure,
    /// The browser or the person refused.
    Refused,
}

/// Puts a text on the clipboard.
pub async fn copy_text(text: &str) -> Result<(), CopyError> {
    let navigator = window().navigator();
    // On plain http `navigator.clipboard` is undefined, which the typed binding does not say.
    let clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    if clipboard.is_ok_and(|clipboard| clipboard.is_undefined()) {
        return Err(CopyError::Insecure);
    }
    let written = JsFuture::from(navigator.clipboard().write_text(text)).await;
    written.map(|_| ()).map_err(|_| CopyError::Refused)
}

//! Text and numbers, formatted with the browser's own functions.

use std::cell::OnceCell;

use js_sys::{Array, Function, Intl, JsString, Object};
use wasm_bindgen::JsValue;

/// Returns `text` in lower case with letters and their marks separated (NFD).
pub fn decomposed(text: &str) -> String {
    // Does not throw: the form exists.
    JsString::from(text).normalize("NFD").to_lower_case().into()
}

/// Formats a number for the reader's language, such as 4,312.
pub fn count(number: usize) -> String {
    thread_local! {
        /// Kept, since making one takes much longer than using it.
        static FORMATTER: OnceCell<Function> = const { OnceCell::new() };
    }
    let text = FORMATTER.with(|formatter| {
        formatter
            .get_or_init(|| Intl::NumberFormat::new(&Array::new(), &Object::new()).format())
            .call1(&JsValue::UNDEFINED, &(number as f64).into())
    });
    text.ok().and_then(|text| text.as_string()).unwrap_or_else(|| number.to_string())
}

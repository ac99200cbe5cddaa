//! Text and numbers by the platform's own tables.

use std::cell::OnceCell;

use js_sys::{Array, Function, Intl, JsString, Object};
use wasm_bindgen::JsValue;

/// `text` with letters and their marks taken apart (NFD), in lower case.
pub fn decomposed(text: &str) -> String {
    // The form is one that exists, so it does not throw.
    JsString::from(text).normalize("NFD").to_lower_case().into()
}

/// A number as the reader's language writes it, such as 4,312.
pub fn count(number: usize) -> String {
    thread_local! {
        /// Making one takes much longer than using it.
        static FORMATTER: OnceCell<Function> = const { OnceCell::new() };
    }
    let text = FORMATTER.with(|formatter| {
        formatter
            .get_or_init(|| Intl::NumberFormat::new(&Array::new(), &Object::new()).format())
            .call1(&JsValue::UNDEFINED, &(number as f64).into())
    });
    text.ok().and_then(|text| text.as_string()).unwrap_or_else(|| number.to_string())
}

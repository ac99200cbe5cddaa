//! Text and numbers by the platform's own tables.

use js_sys::{Array, Intl, JsString, Object};
use wasm_bindgen::JsValue;

/// `text` with letters and their marks taken apart (NFD), in lower case.
pub fn decomposed(text: &str) -> String {
    // The form is one that exists, so it does not throw.
    JsString::from(text).normalize("NFD").to_lower_case().into()
}

/// A number as the reader's language writes it, such as 4,312.
pub fn count(number: usize) -> String {
    let formatter = Intl::NumberFormat::new(&Array::new(), &Object::new());
    let text = formatter.format().call1(&JsValue::UNDEFINED, &(number as f64).into());
    text.ok().and_then(|text| text.as_string()).unwrap_or_else(|| number.to_string())
}

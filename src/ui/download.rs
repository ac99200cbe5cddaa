//! Downloads of files that the page makes itself.

use std::time::Duration;

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// How long until the address is revoked. By then the browser has read the file.
const TAKEN: Duration = Duration::from_secs(60);

/// Offers a text to the browser as a file to save. Returns whether the browser accepted it.
pub fn download(name: &str, type_: &str, text: &str) -> bool {
    offer(name, type_, text).is_ok()
}

fn offer(name: &str, type_: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(type_);
    let parts = Array::of1(&JsValue::from_str(text));
    let url = Url::create_object_url_with_blob(&Blob::new_with_str_sequence_and_options(&parts, &options)?)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    set_timeout(
        move || {
            // Does not fail for an address that the browser itself has made.
            let _ = Url::revoke_object_url(&url);
        },
        TAKEN,
    );
    Ok(())
}

//! Copying to the clipboard.

use std::{future::Future, sync::Arc};

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Clipboard, ClipboardItem};

use crate::secret::Secret;

/// The only type that is copied.
const TEXT: &str = "text/plain";

/// Why a text could not be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyError {
    /// The page is not in a secure context (plain http), where browsers have no clipboard.
    Insecure,
    /// The browser or the user refused.
    Refused,
}

/// Returns the clipboard. On plain http `navigator.clipboard` is undefined, which the typed binding does not express.
fn clipboard() -> Result<Clipboard, CopyError> {
    let navigator = window().navigator();
    let clipboard = Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    match clipboard {
        Ok(clipboard) if !clipboard.is_undefined() && !clipboard.is_null() => Ok(clipboard.unchecked_into()),
        _ => Err(CopyError::Insecure),
    }
}

/// Whether the page has access to a clipboard.
pub fn has_clipboard() -> bool {
    clipboard().is_ok()
}

/// Copies a text to the clipboard.
pub async fn copy_text(text: &str) -> Result<(), CopyError> {
    let written = JsFuture::from(clipboard()?.write_text(text)).await;
    written.map(|_| ()).map_err(|_| CopyError::Refused)
}

/// Empties the clipboard, whatever it contains.
pub async fn clear_clipboard() -> Result<(), CopyError> {
    match copy_text("").await {
        // Some browsers do not accept an empty text.
        Err(CopyError::Refused) => copy_text(" ").await,
        cleared => cleared,
    }
}

/// Copies a secret to the clipboard that is still being fetched. Returns the secret and whether it was copied, or the
/// error of fetching it; the two failures are never confused.
///
/// Must be called in the click handler itself, not in a task that it spawns: some browsers (Safari) allow access to the
/// clipboard only during a click, which is over when the response arrives. So the clipboard is given a promise at once.
/// Where promises are not supported, the text is written when it has arrived.
///
/// If the future is dropped, the promise is rejected and the clipboard keeps its content.
pub fn copy_when_there<E>(
    secret: impl Future<Output = Result<Arc<Secret>, E>>,
) -> impl Future<Output = Result<(Arc<Secret>, Result<(), CopyError>), E>> {
    let promise = Promised::give();
    async move {
        let secret = secret.await?;
        let kept = match promise {
            Some(promise) => promise.keep(secret.expose()).await,
            None => Err(JsValue::UNDEFINED),
        };
        let copied = match kept {
            Ok(()) => Ok(()),
            Err(_) => copy_text(secret.expose()).await,
        };
        Ok((secret, copied))
    }
}

/// A text promised to the clipboard.
struct Promised {
    resolve: Function,
    reject: Function,
    written: JsFuture,
}

impl Promised {
    /// Promises the clipboard a text. `None` if promises are not supported.
    fn give() -> Option<Self> {
        let clipboard = clipboard().ok()?;
        let write: Function = Reflect::get(&clipboard, &JsValue::from_str("write")).ok()?.dyn_into().ok()?;
        let mut ends = None;
        let text = Promise::new(&mut |resolve, reject| ends = Some((resolve, reject)));
        let (resolve, reject) = ends?;
        let items = Object::new();
        Reflect::set(&items, &JsValue::from_str(TEXT), &text).ok()?;
        let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&items).ok()?;
        let written: Promise = write.call1(&clipboard, &Array::of1(&item)).ok()?.dyn_into().ok()?;
        // Both promises are listened to from the start: a clipboard that refuses at once never looks at the text, and a
        // rejection without a listener counts as an error of the page.
        drop(JsFuture::from(text));
        Some(Self { resolve, reject, written: JsFuture::from(written) })
    }

    async fn keep(mut self, text: &str) -> Result<(), JsValue> {
        let options = BlobPropertyBag::new();
        options.set_type(TEXT);
        let parts = Array::of1(&JsValue::from_str(text));
        let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
        self.resolve.call1(&JsValue::UNDEFINED, &blob)?;
        (&mut self.written).await.map(|_| ())
    }
}

impl Drop for Promised {
    fn drop(&mut self) {
        // A no-op if the promise was resolved.
        let _ = self.reject.call0(&JsValue::UNDEFINED);
    }
}

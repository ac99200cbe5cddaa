//! Copying.

use std::{future::Future, sync::Arc};

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Clipboard, ClipboardItem};

use crate::secret::Secret;

/// The one type of what is copied.
const TEXT: &str = "text/plain";

/// Why a text could not be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyError {
    /// The page is not in a secure context (plain http), where browsers have no clipboard.
    Insecure,
    /// The browser or the person refused.
    Refused,
}

/// The clipboard. On plain http `navigator.clipboard` is undefined, which the typed binding does not say.
fn clipboard() -> Result<Clipboard, CopyError> {
    let navigator = window().navigator();
    let clipboard = Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    match clipboard {
        Ok(clipboard) if !clipboard.is_undefined() && !clipboard.is_null() => Ok(clipboard.unchecked_into()),
        _ => Err(CopyError::Insecure),
    }
}

/// Whether this page has a clipboard at all.
pub fn has_clipboard() -> bool {
    clipboard().is_ok()
}

/// Puts a text on the clipboard.
pub async fn copy_text(text: &str) -> Result<(), CopyError> {
    let written = JsFuture::from(clipboard()?.write_text(text)).await;
    written.map(|_| ()).map_err(|_| CopyError::Refused)
}

/// Empties the clipboard, whatever it has.
pub async fn clear_clipboard() -> Result<(), CopyError> {
    match copy_text("").await {
        // Some browsers take no empty text.
        Err(CopyError::Refused) => copy_text(" ").await,
        cleared => cleared,
    }
}

/// Puts a secret on the clipboard that is still being fetched. Answers with the secret and whether it was
/// copied, or with what the fetching failed with: a failure of the one is never taken for one of the other.
///
/// To be called in the handler of the click itself, not in a task of it: some browsers (Safari) allow the
/// clipboard to nobody but a click, which is over when the answer comes. So the clipboard is given a promise
/// at once. Where it takes none, the text is written when it is there.
///
/// If the future is dropped the promise is broken, and the clipboard keeps what it has.
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

/// A text that the clipboard was promised.
struct Promised {
    resolve: Function,
    reject: Function,
    written: JsFuture,
}

impl Promised {
    /// Promises the clipboard a text; nothing if it takes no promises.
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
        // Somebody listens to both from the beginning: a clipboard that refuses at once never looks at the
        // text, and the browser calls a rejection that nobody hears of an error of the page.
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
        // Does nothing to a promise that was kept.
        let _ = self.reject.call0(&JsValue::UNDEFINED);
    }
}

//! The early request for the first page of the list, which `web/first_page.js` may send while the WebAssembly is
//! loading.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortController;

/// The global in which `web/first_page.js` leaves it: a function that hands the request over once, to a caller that
/// names its address and the token that it was sent with.
const NAME: &str = "credmgrFirstPage";

/// A request that was sent before the console started.
pub(super) struct Early {
    /// The promise of its response.
    pub(super) answer: Promise,
    /// Aborts the request.
    pub(super) controller: AbortController,
}

impl Early {
    /// Takes the request for this address and token. `None` if there is none or it was taken before.
    pub(super) fn take(address: &str, token: &str) -> Option<Self> {
        let take: Function = Reflect::get(&js_sys::global(), &NAME.into()).ok()?.dyn_into().ok()?;
        let taken = take.call2(&JsValue::UNDEFINED, &address.into(), &token.into()).ok()?;
        let taken: Array = taken.dyn_into().ok()?;
        let controller = taken.get(1).dyn_into().ok()?;
        Some(Self { answer: taken.get(0).dyn_into().ok()?, controller })
    }
}

//! The first page of the list, which `web/first_page.js` may have asked for while the WebAssembly was on its way.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortController;

/// Where `web/first_page.js` leaves it: a function that gives it away once, to whoever names its address and the token that it
/// was asked for with.
const NAME: &str = "credmgrFirstPage";

/// A request that was sent before the console began.
pub(super) struct Early {
    /// Its answer.
    pub(super) answer: Promise,
    /// Ends it.
    pub(super) controller: AbortController,
}

impl Early {
    /// Takes the request to this address with this token, if there is one and nobody has taken it.
    pub(super) fn take(address: &str, token: &str) -> Option<Self> {
        let take: Function = Reflect::get(&js_sys::global(), &NAME.into()).ok()?.dyn_into().ok()?;
        let taken = take.call2(&JsValue::UNDEFINED, &address.into(), &token.into()).ok()?;
        let taken: Array = taken.dyn_into().ok()?;
        let controller = taken.get(1).dyn_into().ok()?;
        Some(Self { answer: taken.get(0).dyn_into().ok()?, controller })
    }
}

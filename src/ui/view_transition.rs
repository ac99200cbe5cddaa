//! A screen fades into the next, where the browser can and nobody asked for less motion.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};

/// Whether a change of the page would be shown as a transition: the browser has view transitions, and the person at
/// it does not want less motion.
pub fn has_view_transitions() -> bool {
    let less_motion = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    starter().is_some() && less_motion.is_some_and(|query| !query.matches())
}

/// Shows what `change` does to the page as a transition, or at once where there are none.
///
/// The change is made a frame later, when the browser has taken its picture of the page as it was. It is always made,
/// also where the browser skips the transition, as it does in a tab that nobody sees.
pub fn view_transition(change: impl FnOnce() + 'static) {
    let Some(start) = starter().filter(|_| has_view_transitions()) else { return change() };
    let change = Closure::once_into_js(move || -> Promise {
        change();
        // What reacts to a change does so in tasks of their own; the second picture has to wait for them.
        future_to_promise(async {
            gloo_timers::future::TimeoutFuture::new(0).await;
            Ok(JsValue::UNDEFINED)
        })
    });
    let Ok(transition) = start.call1(&document(), &change) else { return };
    // A transition that is skipped says so by a rejected promise, and one that nobody waits for is an error to the
    // browser.
    for promise in ["ready", "updateCallbackDone", "finished"] {
        let promise = Reflect::get(&transition, &promise.into()).and_then(JsValue::dyn_into::<Promise>);
        if let Ok(promise) = promise {
            spawn_local(async move {
                let _ = JsFuture::from(promise).await;
            });
        }
    }
}

/// `document.startViewTransition`.
fn starter() -> Option<Function> {
    Reflect::get(&document(), &"startViewTransition".into()).ok()?.dyn_into().ok()
}

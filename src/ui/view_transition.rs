//! Transitions between screens, if the browser supports them and the user has not asked for less motion.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};

use super::next_task;

/// Whether a change of the page would be shown as a transition: the browser supports view transitions, and the user
/// does not prefer reduced motion.
pub fn has_view_transitions() -> bool {
    let less_motion = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    starter().is_some() && less_motion.is_some_and(|query| !query.matches())
}

/// Shows the change that `change` makes to the page as a transition, or makes it at once if there are none.
///
/// With a transition, `change` is called a frame later, when the browser has captured the page as it was. It is always
/// called, even if the browser skips the transition, as it does in a hidden tab.
pub fn view_transition(change: impl FnOnce() + 'static) {
    let Some(start) = starter().filter(|_| has_view_transitions()) else { return change() };
    let change = Closure::once_into_js(move || -> Promise {
        change();
        // Reactions to the change run in tasks of their own; the second capture has to wait for them.
        future_to_promise(async {
            next_task().await;
            Ok(JsValue::UNDEFINED)
        })
    });
    let Ok(transition) = start.call1(&document(), &change) else { return };
    // A skipped transition rejects its promises, and a rejection that nobody handles counts as an error.
    for promise in ["ready", "updateCallbackDone", "finished"] {
        let promise = Reflect::get(&transition, &promise.into()).and_then(JsValue::dyn_into::<Promise>);
        if let Ok(promise) = promise {
            spawn_local(async move {
                let _ = JsFuture::from(promise).await;
            });
        }
    }
}

/// Returns `document.startViewTransition`, if there is one.
fn starter() -> Option<Function> {
    Reflect::get(&document(), &"startViewTransition".into()).ok()?.dyn_into().ok()
}

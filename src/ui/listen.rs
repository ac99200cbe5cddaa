//! Event listeners on targets outside the components, such as the window.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, convert::FromWasmAbi, prelude::Closure};
use web_sys::EventTarget;

/// The phase of an event in which a listener is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventPhase {
    /// On the way down to the target: before all other listeners, so it can keep the event from them.
    Capture,
    /// On the way up from the target.
    Bubble,
}

/// Calls `heard` for each such event at `target`, while the current reactive scope lives.
pub fn listen<E>(target: &EventTarget, event: &'static str, phase: EventPhase, heard: impl FnMut(E) + 'static)
where
    E: FromWasmAbi + 'static,
{
    let capture = phase == EventPhase::Capture;
    let closure = Closure::<dyn FnMut(E)>::new(heard);
    let function = closure.as_ref().unchecked_ref();
    // Does not fail for an existing target. If it did, nothing would be heard, as in a browser without the event.
    let _ = target.add_event_listener_with_callback_and_bool(event, function, capture);
    let kept = StoredValue::new_local((target.clone(), closure));
    on_cleanup(move || {
        kept.try_with_value(|(target, closure)| {
            let function = closure.as_ref().unchecked_ref();
            let _ = target.remove_event_listener_with_callback_and_bool(event, function, capture);
        });
    });
}

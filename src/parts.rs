//! Which parts of the WebAssembly there are, and when they are loaded before they are needed.

use leptos::prelude::*;

use crate::{
    load_part,
    ui::{LoadPart, load_ahead},
};

/// Returns all parts that a visit to the list does without.
fn all() -> [LoadPart; 3] {
    [load_part!(more), load_part!(token), load_part!(sign_in)]
}

/// Loads all parts once the user moves the pointer or presses a key, and so is about to do something. Not earlier: a
/// glance at the list should not cost more than the list.
pub fn load_on_first_activity() {
    const ACTIVITY: [&str; 4] = ["pointermove", "pointerdown", "keydown", "touchstart"];
    let listeners = StoredValue::new(Vec::<WindowListenerHandle>::new());
    // Returns whether it had been listening.
    let stop = move || {
        let listening = listeners.try_update_value(std::mem::take).unwrap_or_default();
        let was_listening = !listening.is_empty();
        listening.into_iter().for_each(WindowListenerHandle::remove);
        was_listening
    };
    let begin = move || {
        if stop() {
            load_ahead(all());
        }
    };
    let listen = |event| window_event_listener_untyped(event, move |_| begin());
    listeners.set_value(ACTIVITY.map(listen).into());
    on_cleanup(move || {
        stop();
    });
}

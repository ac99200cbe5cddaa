//! Keys that do something wherever the focus is.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::{Turn, listen};

/// Calls `act` when the key is pressed and nobody types or answers a dialog; as long as the reactive scope lives that it
/// is called in.
pub fn on_shortcut(key: char, act: impl Fn() + 'static) {
    listen(&window(), "keydown", Turn::Usual, move |event: KeyboardEvent| {
        let types =
            event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|element| {
                element.matches("input, textarea, select, [contenteditable]").unwrap_or(false)
            });
        let with_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
        let is_open = document().query_selector("dialog[open]").ok().flatten().is_some();
        if !types && !with_modifier && !is_open && event.key().chars().eq([key]) {
            event.prevent_default();
            act();
        }
    });
}

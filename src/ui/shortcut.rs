//! Keyboard shortcuts that work wherever the focus is.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::{EventPhase, listen};

/// Whether single-key shortcuts are on; called for each key press. Provided as a context; without it they are on. Users
/// who dictate, or hold a key too long, trigger them by accident (WCAG 2.1.4).
#[derive(Clone, Copy, Debug)]
pub struct SingleKeys(pub fn() -> bool);

/// Calls `act` when the key is pressed, single-key shortcuts are on, and the user is neither typing nor in a dialog,
/// while the current reactive scope lives.
pub fn on_shortcut(key: char, act: impl Fn() + 'static) {
    let single_keys = use_context::<SingleKeys>();
    let is_meant = move |event: &KeyboardEvent| {
        let are_on = single_keys.is_none_or(|SingleKeys(are_on)| are_on());
        let types =
            event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|element| {
                element
                    .matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")
                    .unwrap_or(false)
            });
        let with_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
        are_on && !types && !with_modifier
    };
    on_key(key, is_meant, act);
}

/// Calls `act` when the key is pressed together with Ctrl, or ⌘ on a Mac, also while the user is typing, but not over a
/// dialog, while the current reactive scope lives.
pub fn on_chord(key: char, act: impl Fn() + 'static) {
    let is_meant = |event: &KeyboardEvent| {
        (event.ctrl_key() != event.meta_key()) && !event.alt_key() && !event.shift_key()
    };
    on_key(key, is_meant, act);
}

fn on_key(key: char, is_meant: impl Fn(&KeyboardEvent) -> bool + 'static, act: impl Fn() + 'static) {
    listen(&window(), "keydown", EventPhase::Bubble, move |event: KeyboardEvent| {
        let is_dialog_open = || document().query_selector("dialog[open]").ok().flatten().is_some();
        if event.key().chars().eq([key]) && is_meant(&event) && !is_dialog_open() {
            event.prevent_default();
            act();
        }
    });
}

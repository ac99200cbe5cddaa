//! Keys that work wherever the focus is, and the listeners behind them.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use credmgr_console::ui::{Dialog, DialogKind, EventPhase, SingleKeys, listen, on_chord, on_shortcut};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Event;

use crate::support::{Stage, fire, focus, press_chord, press_key, press_key_on, until};

/// Counts the effects of a key.
type Count = Rc<Cell<u32>>;

fn stage(listens: impl FnOnce(Count) + 'static) -> (Stage, Count) {
    let count = Count::default();
    let counter = count.clone();
    let stage = Stage::mount(move || {
        listens(counter);
        view! {
            <button>"Somewhere"</button>
            <input aria-label="Text"/>
            <textarea aria-label="Lines"></textarea>
            <select aria-label="Choice"></select>
            <p contenteditable="true">"Words"</p>
        }
    });
    (stage, count)
}

fn shortcut() -> (Stage, Count) {
    stage(|count| on_shortcut('n', move || count.set(count.get() + 1)))
}

fn chord() -> (Stage, Count) {
    stage(|count| on_chord('k', move || count.set(count.get() + 1)))
}

#[wasm_bindgen_test]
fn a_shortcut_acts_instead_of_the_browser() {
    let (stage, count) = shortcut();
    focus(&stage.get("button"));
    assert!(press_key("n"), "it has no other meaning then");
    assert_eq!(count.get(), 1);
    assert!(!press_key("m") && !press_key("N"));
    assert_eq!(count.get(), 1);
}

#[wasm_bindgen_test]
fn a_shortcut_is_a_letter_for_whoever_types() {
    let (stage, count) = shortcut();
    for selector in ["input", "textarea", "select", "[contenteditable]"] {
        assert!(!press_key_on(&stage.get(selector), "n"), "{selector}");
    }
    assert_eq!(count.get(), 0);
}

/// Dictation triggers them by accident. The setting is read at each press.
#[wasm_bindgen_test]
fn shortcuts_of_a_single_key_can_be_off() {
    thread_local! {
        static ARE_ON: Cell<bool> = const { Cell::new(false) };
    }
    let (stage, count) = stage(|count| {
        provide_context(SingleKeys(|| ARE_ON.get()));
        let counter = count.clone();
        on_shortcut('n', move || count.set(count.get() + 1));
        on_chord('k', move || counter.set(counter.get() + 10));
    });
    focus(&stage.get("button"));
    assert!(!press_key("n"), "it is the browser's then");
    assert!(press_chord("k"));
    assert_eq!(count.get(), 10);
    ARE_ON.set(true);
    assert!(press_key("n"));
    assert_eq!(count.get(), 11);
}

/// Ctrl N belongs to the browser.
#[wasm_bindgen_test]
fn a_shortcut_is_no_chord() {
    let (stage, count) = shortcut();
    focus(&stage.get("button"));
    assert!(!press_chord("n"));
    assert_eq!(count.get(), 0);
}

#[wasm_bindgen_test]
fn a_chord_acts_also_while_one_types() {
    let (stage, count) = chord();
    for selector in ["button", "input"] {
        focus(&stage.get(selector));
        assert!(press_chord("k"), "{selector}");
        assert!(!press_key("k"), "without Ctrl it is a letter");
    }
    assert_eq!(count.get(), 2);
}

#[wasm_bindgen_test]
async fn neither_reaches_behind_a_dialog() {
    let (count, counter) = (Count::default(), Count::default());
    let (first, second) = (count.clone(), counter.clone());
    let stage = Stage::mount(move || {
        on_shortcut('n', move || first.set(1));
        on_chord('k', move || second.set(1));
        view! { <Dialog kind=DialogKind::Form title="Open" on_close=|()| ()><button>"Close"</button></Dialog> }
    });
    until("the dialog is open", || stage.find("dialog[open]").is_some()).await;
    focus(&stage.get("button"));
    press_key("n");
    press_chord("k");
    assert_eq!((count.get(), counter.get()), (0, 0));
}

#[wasm_bindgen_test]
fn keys_end_with_what_listened_to_them() {
    let ((shortcuts, acts), key) = (shortcut(), "n");
    shortcuts.unmount();
    press_key(key);
    assert_eq!(acts.get(), 0);
    let (chords, acts) = chord();
    chords.unmount();
    press_chord("k");
    assert_eq!(acts.get(), 0);
}

#[wasm_bindgen_test]
fn a_listener_hears_until_its_scope_ends() {
    let count = Count::default();
    let counter = count.clone();
    let stage = Stage::mount(move || {
        listen(&window(), "storage", EventPhase::Bubble, move |_: Event| counter.set(counter.get() + 1));
    });
    fire("storage");
    fire("storage");
    fire("online");
    assert_eq!(count.get(), 2);
    stage.unmount();
    fire("storage");
    assert_eq!(count.get(), 2);
}

#[wasm_bindgen_test]
fn the_first_turn_can_keep_an_event_from_the_others() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let keeps = Rc::new(Cell::new(false));
    let (usual, first, keep) = (heard.clone(), heard.clone(), keeps.clone());
    let stage = Stage::mount(move || {
        listen(&document(), "click", EventPhase::Bubble, move |_: Event| usual.borrow_mut().push("usual"));
        listen(&document(), "click", EventPhase::Capture, move |event: Event| {
            first.borrow_mut().push("first");
            if keep.get() {
                event.stop_propagation();
            }
        });
        view! { <button>"Press"</button> }
    });
    stage.get("button").click();
    assert_eq!(heard.take(), ["first", "usual"]);
    keeps.set(true);
    stage.get("button").click();
    assert_eq!(heard.take(), ["first"]);
}

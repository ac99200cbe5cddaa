//! The transition from one screen to the next.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use credmgr_console::ui::{has_view_transitions, view_transition};
use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::settle;

/// Replaces a property of the browser until it is dropped.
struct Replaced {
    object: Object,
    name: &'static str,
}

impl Replaced {
    fn new(object: impl AsRef<Object>, name: &'static str, value: &JsValue) -> Self {
        let object = object.as_ref().clone();
        let descriptor = Object::new();
        for (key, value) in [("configurable", &JsValue::TRUE), ("value", value)] {
            Reflect::set(&descriptor, &key.into(), value).expect("an object");
        }
        Reflect::define_property(&object, &name.into(), &descriptor).expect("it can be replaced");
        Self { object, name }
    }

    /// Sets whether the user prefers reduced motion.
    fn less_motion(is_wanted: bool) -> Self {
        let query = Object::new();
        Reflect::set(&query, &"matches".into(), &is_wanted.into()).expect("an object");
        let match_media = Function::new_with_args("", "return this.answer").bind0(&holder("answer", &query));
        Self::new(window(), "matchMedia", &match_media)
    }
}

impl Drop for Replaced {
    fn drop(&mut self) {
        // The original is inherited.
        let _ = Reflect::delete_property(&self.object, &self.name.into());
    }
}

fn holder(name: &str, value: &JsValue) -> JsValue {
    let holder = Object::new();
    Reflect::set(&holder, &name.into(), value).expect("an object");
    holder.into()
}

/// A browser that starts a transition when the test says so, and skips it.
struct Transitions {
    begun: Rc<RefCell<Vec<Function>>>,
    _start: Closure<dyn FnMut(Function) -> JsValue>,
    _replaced: Replaced,
}

impl Transitions {
    fn in_our_hands() -> Self {
        let begun = Rc::new(RefCell::new(Vec::new()));
        let slot = begun.clone();
        let start = Closure::new(move |change| {
            slot.borrow_mut().push(change);
            holder("ready", &Promise::reject(&"skipped".into()))
        });
        let replaced = Replaced::new(document(), "startViewTransition", start.as_ref());
        Self { begun, _start: start, _replaced: replaced }
    }

    /// Continues as if the browser had captured the old state of the page.
    async fn go_on(&self) {
        let change = self.begun.borrow_mut().pop().expect("a transition was begun");
        let changed: Promise = change.call0(&JsValue::UNDEFINED).expect("it does not fail").unchecked_into();
        JsFuture::from(changed).await.expect("it does not fail");
    }
}

fn counted() -> (Rc<Cell<u32>>, impl FnOnce() + 'static) {
    let count = Rc::new(Cell::new(0));
    let counter = count.clone();
    (count, move || counter.set(counter.get() + 1))
}

#[wasm_bindgen_test]
fn without_transitions_a_change_is_made_at_once() {
    let _motion = Replaced::less_motion(false);
    let _none = Replaced::new(document(), "startViewTransition", &JsValue::UNDEFINED);
    assert!(!has_view_transitions());
    let (changes, change) = counted();
    view_transition(change);
    assert_eq!(changes.get(), 1);
}

#[wasm_bindgen_test]
fn whoever_wants_less_motion_has_none() {
    let _motion = Replaced::less_motion(true);
    let transitions = Transitions::in_our_hands();
    assert!(!has_view_transitions());
    let (changes, change) = counted();
    view_transition(change);
    assert_eq!(changes.get(), 1);
    assert!(transitions.begun.borrow().is_empty());
}

#[wasm_bindgen_test]
async fn the_browser_decides_when_the_change_is_made() {
    let _motion = Replaced::less_motion(false);
    let transitions = Transitions::in_our_hands();
    assert!(has_view_transitions());
    let (changes, change) = counted();
    view_transition(change);
    settle().await;
    assert_eq!(changes.get(), 0);
    transitions.go_on().await;
    assert_eq!(changes.get(), 1);
    // A skipped transition is not an error of the page; such an error would fail this test.
    settle().await;
}

//! Where the keyboard is.

use std::{cell::Cell, rc::Rc};

use credmgr_console::ui::{focus_element, focus_if_lost, focus_input, focus_main_heading, keep_focus};
use leptos::{
    html::{Input, P},
    prelude::*,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Stage, has_focus, settle, until};

thread_local! {
    static INPUT: Cell<Option<NodeRef<Input>>> = const { Cell::new(None) };
    static TEXT: Cell<Option<NodeRef<P>>> = const { Cell::new(None) };
}

fn stage() -> (Stage, NodeRef<Input>, NodeRef<P>) {
    let stage = Stage::mount(|| {
        let (input, text) = (NodeRef::new(), NodeRef::new());
        INPUT.set(Some(input));
        TEXT.set(Some(text));
        view! {
            <h1 tabindex="-1">"Heading"</h1>
            <input node_ref=input/>
            <p node_ref=text tabindex="-1">"Text"</p>
            <button>"Button"</button>
        }
    });
    (stage, INPUT.take().expect("it is mounted"), TEXT.take().expect("it is mounted"))
}

async fn a_frame() {
    let frame = Rc::new(Cell::new(false));
    let shown = frame.clone();
    request_animation_frame(move || shown.set(true));
    until("a frame", || frame.get()).await;
}

/// Nothing has the focus, as after the element with it has gone.
fn lose() {
    if let Some(focused) = document().active_element() {
        wasm_bindgen::JsCast::unchecked_ref::<web_sys::HtmlElement>(&focused).blur().expect("blur");
    }
}

#[wasm_bindgen_test]
fn an_element_gets_the_focus() {
    let (stage, ..) = stage();
    focus_element(&stage.get("button"));
    assert!(has_focus(&stage.get("button")));
    // One that takes no part any more is passed over.
    let button = stage.get("button");
    button.remove();
    focus_element(&button);
}

#[wasm_bindgen_test]
fn a_field_gets_the_focus_if_it_is_there() {
    let (stage, input, _) = stage();
    assert!(focus_input(input));
    assert!(has_focus(&stage.get("input")));
    assert!(!focus_input(Owner::new().with(NodeRef::new)));
}

#[wasm_bindgen_test]
async fn the_heading_gets_the_focus_when_nothing_nearer_is_left() {
    let (stage, ..) = stage();
    stage.get("button").focus().expect("focus");
    focus_main_heading();
    stage.get("button").remove();
    until("the heading has the focus", || has_focus(&stage.get("h1"))).await;
}

#[wasm_bindgen_test]
async fn only_a_lost_focus_is_taken() {
    let (stage, _, text) = stage();
    stage.get("button").focus().expect("focus");
    focus_if_lost(text);
    // As long as a frame takes, which is when it would move.
    a_frame().await;
    settle().await;
    assert!(has_focus(&stage.get("button")));
    lose();
    focus_if_lost(text);
    until("the text has the focus", || has_focus(&stage.get("p"))).await;
}

#[wasm_bindgen_test]
async fn what_is_moved_keeps_the_focus() {
    let (stage, ..) = stage();
    let button = stage.get("button");
    button.focus().expect("focus");
    keep_focus();
    let parent = button.parent_element().expect("a parent");
    parent.insert_before(&button, parent.first_child().as_ref()).expect("a move");
    assert!(!has_focus(&button), "browsers take it away");
    until("the button has the focus", || has_focus(&button)).await;
    // What took it on purpose has it.
    keep_focus();
    stage.get("input").focus().expect("focus");
    a_frame().await;
    assert!(has_focus(&stage.get("input")));
}

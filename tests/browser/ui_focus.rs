//! The keyboard focus.

use std::{cell::Cell, rc::Rc};

use credmgr_console::ui::{
    Button, When, bring_into_view, focus_element, focus_first_in, focus_if_lost, focus_input,
    focus_main_heading, hand_focus_on_from, keep_focus, leave_screen, watch_focus,
};
use js_sys::{Function, Reflect};
use leptos::{
    html::{Input, P},
    prelude::*,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Stage, focus, has_focus, hold_key, press_key, settle, tab_to, until};

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

#[wasm_bindgen_test]
fn the_first_place_that_is_shown_gets_the_focus_and_the_heading_if_there_is_none() {
    let stage = Stage::mount(|| {
        view! {
            <h1 tabindex="-1">"Heading"</h1>
            <div class="rows">
                <button style="display: none">"For the page"</button>
                <button>"For the first row"</button>
                <button>"For the second row"</button>
            </div>
        }
    });
    focus_first_in(".rows");
    assert!(has_focus(&stage.button("For the first row")));
    stage.get(".rows").set_inner_html("");
    focus_first_in(".rows");
    assert!(has_focus(&stage.get("h1")));
    stage.get(".rows").remove();
    stage.get("h1").blur().expect("an element");
    focus_first_in(".rows");
    assert!(has_focus(&stage.get("h1")));
}

/// It scrolls only as far as necessary: the text being read stays where it is.
#[wasm_bindgen_test]
fn an_element_is_scrolled_to_no_further_than_it_takes() {
    let stage = Stage::mount(|| {
        view! {
            <div style="height: 3000px"></div>
            <p>"Text"</p>
            <div style="height: 3000px"></div>
        }
    });
    let text = stage.get("p");
    bring_into_view(&text);
    let scrolled = window().scroll_y().expect("a window");
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).expect("a window");
    assert!((text.get_bounding_client_rect().bottom() - height).abs() < 2.0, "at the end of the window");
    bring_into_view(&text);
    assert_eq!(window().scroll_y().expect("a window"), scrolled);
    drop(stage);
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

async fn a_frame() {
    let frame = Rc::new(Cell::new(false));
    let shown = frame.clone();
    request_animation_frame(move || shown.set(true));
    until("a frame", || frame.get()).await;
}

/// Takes the focus from its element, as when that is removed.
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
    // An element that is no longer in the document is ignored.
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
    focus(&stage.get("button"));
    focus_main_heading();
    stage.get("button").remove();
    until("the heading has the focus", || has_focus(&stage.get("h1"))).await;
}

#[wasm_bindgen_test]
async fn only_a_lost_focus_is_taken() {
    let (stage, _, text) = stage();
    focus(&stage.get("button"));
    focus_if_lost(text);
    // Waits for the frame in which the focus would move.
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
    focus(&button);
    keep_focus();
    let parent = button.parent_element().expect("a parent");
    parent.insert_before(&button, parent.first_child().as_ref()).expect("a move");
    assert!(!has_focus(&button), "browsers take it away");
    until("the button has the focus", || has_focus(&button)).await;
    // An element that took the focus on purpose keeps it.
    keep_focus();
    focus(&stage.get("input"));
    a_frame().await;
    assert!(has_focus(&stage.get("input")));
}

/// Mounts a screen whose buttons change with the first signal, and beside it a notice that goes with the second.
fn going() -> (Stage, RwSignal<bool>, RwSignal<bool>) {
    let owner = Owner::new();
    let (is_going_on, is_noticed) = owner.with(|| (RwSignal::new(true), RwSignal::new(true)));
    let stage = Stage::mount(move || {
        on_cleanup(move || drop(owner));
        watch_focus();
        view! {
            <When is=is_noticed>
                <Button label="Dismiss"/>
            </When>
            <div class="screen">
                <h1 tabindex="-1">"Heading"</h1>
                <Button label="Before"/>
                {move || {
                    if is_going_on.get() {
                        view! { <div><Button label="Stop"/></div> }.into_any()
                    } else {
                        view! { <p><Button label="Continue"/></p> }.into_any()
                    }
                }}
                <When is=is_going_on>
                    <Button label="Only while it goes on"/>
                </When>
            </div>
        }
    });
    (stage, is_going_on, is_noticed)
}

#[wasm_bindgen_test]
async fn what_stands_in_the_place_of_a_button_gets_its_focus() {
    let (stage, is_going_on, _) = going();
    tab_to(&stage.button("Stop"));
    is_going_on.set(false);
    until("what came has the focus", || {
        stage.find_button("Continue").is_some_and(|button| has_focus(&button))
    })
    .await;
}

/// Measuring forces a layout. Before the change, that would be one more than the change needs, for a screen that may be
/// about to go.
#[wasm_bindgen_test]
async fn nothing_is_measured_before_the_change() {
    let (stage, ..) = going();
    let button = stage.button("Stop");
    tab_to(&button);
    let before = stage.button("Before");
    let note = Function::new_no_args(
        "Object.defineProperty(this, 'offsetWidth', { get() { this.measured = true; return 1; } })",
    );
    note.call0(&before).expect("a property of its own");
    let is_measured = || Reflect::get(&before, &"measured".into()).is_ok_and(|noted| noted.is_truthy());
    hand_focus_on_from(&button);
    assert!(!is_measured());
    button.remove();
    until("the focus is handed on", || is_measured() && !has_focus(&button)).await;
}

#[wasm_bindgen_test]
fn leaving_a_screen_takes_its_focus_and_no_other() {
    let stage = Stage::mount(|| {
        view! {
            <input/>
            <main><button>"Delete"</button></main>
        }
    });
    let (beside, inside) = (stage.get("input"), stage.get("button"));
    focus(&beside);
    leave_screen();
    assert!(has_focus(&beside));
    focus(&inside);
    leave_screen();
    assert!(!has_focus(&inside));
}

#[wasm_bindgen_test]
async fn what_was_before_gets_the_focus_where_nothing_follows() {
    let (stage, is_going_on, _) = going();
    tab_to(&stage.button("Only while it goes on"));
    is_going_on.set(false);
    until("the last one has the focus", || {
        stage.find_button("Continue").is_some_and(|button| has_focus(&button))
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_notice_that_goes_gives_the_focus_back_to_the_screen() {
    let (stage, _, is_noticed) = going();
    tab_to(&stage.button("Before"));
    tab_to(&stage.button("Dismiss"));
    is_noticed.set(false);
    until("what had it before has it", || has_focus(&stage.button("Before"))).await;
    // The same if no element of the screen had the focus, or the one that had it is gone.
    is_noticed.set(true);
    until("another notice", || stage.find_button("Dismiss").is_some()).await;
    tab_to(&stage.button("Dismiss"));
    stage.button("Before").remove();
    is_noticed.set(false);
    until("the heading has it", || has_focus(&stage.get("h1"))).await;
}

/// As when a question that first had a less harmful button loses it while it has the focus.
#[wasm_bindgen_test]
async fn in_a_dialog_what_had_it_first_gets_it() {
    let owner = Owner::new();
    let is_asking = owner.with(|| RwSignal::new(true));
    let stage = Stage::mount(move || {
        on_cleanup(move || drop(owner));
        view! {
            <dialog open>
                <When is=is_asking>
                    <Button label="Do not ask"/>
                </When>
                <Button label="Delete"/>
                <Button label="Cancel" autofocus=true/>
            </dialog>
        }
    });
    tab_to(&stage.button("Do not ask"));
    is_asking.set(false);
    until("the harmless one has it", || has_focus(&stage.button("Cancel"))).await;

    // Without `autofocus`, the first button gets it.
    stage.button("Cancel").remove_attribute("autofocus").expect("an attribute");
    is_asking.set(true);
    until("the question is there again", || stage.find_button("Do not ask").is_some()).await;
    tab_to(&stage.button("Do not ask"));
    is_asking.set(false);
    until("the first one has it", || has_focus(&stage.button("Delete"))).await;
}

#[wasm_bindgen_test]
fn a_key_that_is_held_down_presses_no_button() {
    let (stage, ..) = going();
    tab_to(&stage.button("Stop"));
    assert!(!press_key("Enter"), "the first time it does");
    assert!(hold_key("Enter"));
    assert!(!hold_key("ArrowDown"), "other keys are as ever");
}

#[wasm_bindgen_test]
async fn the_focus_stays_where_it_is_when_something_else_goes() {
    let (stage, is_going_on, is_noticed) = going();
    tab_to(&stage.button("Before"));
    is_going_on.set(false);
    is_noticed.set(false);
    a_frame().await;
    settle().await;
    assert!(has_focus(&stage.button("Before")));
}

#[wasm_bindgen_test]
async fn a_row_that_goes_hands_the_focus_on() {
    let stage = Stage::mount(|| {
        view! {
            <div class="screen">
                <ul>
                    <li><a href="/1">"One"</a></li>
                    <li><a href="/2">"Two"</a></li>
                    <li><a href="/3">"Three"</a></li>
                </ul>
            </div>
        }
    });
    tab_to(&stage.link("Two"));
    let row = stage.all("li").swap_remove(1);
    hand_focus_on_from(&row);
    row.remove();
    until("the next row has the focus", || has_focus(&stage.link("Three"))).await;
}

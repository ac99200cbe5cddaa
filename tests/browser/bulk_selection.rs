//! Selecting rows, before any action on them.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement, MouseEvent, MouseEventInit};

use crate::support::{
    NoFrames, Tokens, focus, has_focus,
    list_page::open_list,
    press, press_key_on,
    selection::{bar, select, tick_box},
    settle, text_of, type_into, until,
};

fn shift_press(element: &HtmlElement) {
    let init = MouseEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_shift_key(true);
    let event = MouseEvent::new_with_mouse_event_init_dict("click", &init).expect("an event");
    element.dispatch_event(&event).expect("an element");
}

#[wasm_bindgen_test]
async fn rows_are_selected_alone_in_ranges_and_by_page() {
    let tokens = Tokens::new(30);
    let (_server, console) = open_list(tokens.serve()).await;
    assert_eq!(bar(&console), None);
    let no_frames = NoFrames::begin();
    select(&console, &[3]).await;
    assert!(bar(&console).is_some_and(|bar| bar.starts_with("1 selected")));
    // It is read out, since its region is there before the words.
    let said = || text_of(&console.stage.get(".bulk-bar [role=status]"));
    assert_eq!(said(), "");
    drop(no_frames);
    until("it is read out", || said() == "1 selected").await;
    shift_press(&tick_box(&console, 6));
    settle().await;
    assert!(bar(&console).is_some_and(|bar| bar.starts_with("4 selected")), "{:?}", bar(&console));
    assert!(tick_box(&console, 5).checked() && tick_box(&console, 6).checked());
    let page: HtmlInputElement = console.stage.control("Select this page");
    assert!(page.indeterminate() && !page.checked());
    press(&page);
    settle().await;
    assert!(bar(&console).is_some_and(|bar| bar.starts_with("25 selected")));
    assert!(page.checked() && !page.indeterminate());
    press(&console.stage.button("Select all 30"));
    settle().await;
    assert!(bar(&console).is_some_and(|bar| bar.starts_with("30 selected")));
    press(&console.stage.button("Clear"));
    settle().await;
    assert_eq!(bar(&console), None);
    assert!(has_focus(&page), "the focus is not lost with the button");
    assert!(!tick_box(&console, 3).checked());
}

#[wasm_bindgen_test]
async fn space_on_a_name_selects_its_row() {
    let tokens = Tokens::new(3);
    let (_server, console) = open_list(tokens.serve()).await;
    press_key_on(&console.stage.link("token-2"), " ");
    settle().await;
    assert!(tick_box(&console, 2).checked());
    press_key_on(&console.stage.link("token-2"), " ");
    settle().await;
    assert!(!tick_box(&console, 2).checked());
}

/// With Tab the bar is as many stops away as the page has rows.
#[wasm_bindgen_test]
async fn a_key_leads_to_the_bar_and_escape_back() {
    let tokens = Tokens::new(30);
    let (_server, console) = open_list(tokens.serve()).await;
    let row = console.stage.link("token-2");
    focus(&row);
    press_key_on(&row, "b");
    assert!(has_focus(&row), "nothing is selected, so there is nowhere to go");
    press_key_on(&row, " ");
    until("the bar is there", || bar(&console).is_some()).await;
    press_key_on(&row, "b");
    let enable = console.stage.button("Enable");
    assert!(has_focus(&enable));
    press_key_on(&enable, "Escape");
    assert!(has_focus(&row));
    assert!(tick_box(&console, 2).checked());
}

#[wasm_bindgen_test]
async fn escape_on_a_row_clears_the_selection() {
    let tokens = Tokens::new(3);
    let (_server, console) = open_list(tokens.serve()).await;
    select(&console, &[1, 2]).await;
    press_key_on(&console.stage.link("token-2"), "Escape");
    until("nothing is selected", || bar(&console).is_none()).await;
    assert!(!tick_box(&console, 1).checked());
}

#[wasm_bindgen_test]
async fn another_owner_is_another_list_and_that_is_said() {
    let tokens = Tokens::new(3);
    let (_server, console) = open_list(tokens.serve()).await;
    select(&console, &[1, 2]).await;
    let owner: HtmlElement = console.stage.control("Owner");
    type_into(&owner, "3");
    console.says("Selection cleared: the owner filter changed.").await;
    assert_eq!(bar(&console), None);
}

/// The user must know about them before acting on the selection.
#[wasm_bindgen_test]
async fn what_the_search_hides_stays_selected_and_is_counted() {
    let tokens = Tokens::new(9);
    let (_server, console) = open_list(tokens.serve()).await;
    select(&console, &[1, 2]).await;
    type_into(&console.stage.control("Search tokens"), "token-2");
    until("the bar says so", || {
        bar(&console).is_some_and(|bar| bar.starts_with("2 selected, 1 of them hidden by search or filters"))
    })
    .await;
}

#[wasm_bindgen_test]
async fn arrows_go_to_the_same_place_of_the_next_row() {
    let tokens = Tokens::new(3);
    let (_server, console) = open_list(tokens.serve()).await;
    let first = tick_box(&console, 1);
    focus(&first);
    press_key_on(first.unchecked_ref(), "ArrowDown");
    assert!(has_focus(&tick_box(&console, 2)));
    let menu: HtmlElement = console.stage.control("Actions for token-2");
    focus(&menu);
    press_key_on(&menu, "ArrowUp");
    assert!(has_focus(&console.stage.control::<HtmlElement>("Actions for token-1")));
}

//! A menu that several buttons share.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use credmgr_console::ui::{EventPhase, Menu, MenuHandle, MenuItem, MenuLink, listen};
use leptos::{html, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::support::{Stage, described, focus, has_focus, press, press_key_on, settle, text_of, until};

thread_local! {
    static HANDLE: Cell<Option<MenuHandle>> = const { Cell::new(None) };
    /// The items that were chosen.
    static CHOSEN: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// A button that opens the menu, as in a row of a table.
#[component]
fn Opener(handle: MenuHandle, label: &'static str) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let press = move |_| handle.press(button.get_untracked().expect("it is there").into());
    view! { <button node_ref=button aria-haspopup="menu" aria-expanded="false" on:click=press>{label}</button> }
}

struct Opened {
    stage: Stage,
    handle: MenuHandle,
}

impl Opened {
    /// Mounts a closed menu, with a heading and two buttons.
    fn not_yet() -> Self {
        CHOSEN.take();
        let stage = Stage::mount(|| {
            let handle = MenuHandle::default();
            HANDLE.set(Some(handle));
            let choose = |item| move |()| CHOSEN.with_borrow_mut(|chosen| chosen.push(item));
            let blocked = Signal::stored(Some("Not permitted.".to_owned()));
            let items = move || {
                view! {
                    <MenuLink label="Open" href="#open"/>
                    <MenuItem label="Rename" on_choose=choose("Rename")/>
                    <MenuItem label="Delete" danger=true blocked=blocked on_choose=choose("Delete")/>
                }
            };
            view! {
                <h1 tabindex="-1">"Heading"</h1>
                <Opener handle=handle label="First"/>
                <Opener handle=handle label="Second"/>
                <Menu handle=handle label="Actions" items=items/>
            }
        });
        Self { stage, handle: HANDLE.take().expect("it is mounted") }
    }

    /// Opens the menu with its first button.
    async fn new() -> Self {
        let opened = Self::not_yet();
        opened.by("First").await;
        opened
    }

    /// Opens it as a person does, with the focus on the button.
    async fn by(&self, button: &str) {
        let button = self.stage.button(button);
        focus(&button);
        press(&button);
        until("the first item has the focus", || {
            self.stage.find("[role=menuitem]").is_some_and(|item| has_focus(&item))
        })
        .await;
    }

    fn item(&self, words: &str) -> HtmlElement {
        let found = self.stage.all("[role=menuitem]").into_iter().find(|item| text_of(item) == words);
        found.unwrap_or_else(|| panic!("no item “{words}”"))
    }

    fn is_open(&self) -> bool {
        self.stage.get("[role=menu]").matches(":popover-open").expect("a valid selector")
    }

    fn is_expanded(&self, button: &str) -> bool {
        self.stage.button(button).get_attribute("aria-expanded").as_deref() == Some("true")
    }
}

#[wasm_bindgen_test]
async fn a_menu_has_a_name_and_no_items_before_it_opens() {
    let menu = Opened::not_yet();
    assert_eq!(menu.stage.get("[role=menu]").get_attribute("aria-label").as_deref(), Some("Actions"));
    assert!(menu.stage.all("[role=menuitem]").is_empty());
    assert!(!menu.is_open());
    menu.by("First").await;
    assert!(menu.is_open());
    let items: Vec<_> = menu.stage.all("[role=menuitem]").iter().map(|item| text_of(item)).collect();
    assert_eq!(items, ["Open", "Rename", "Delete"]);
    assert_eq!(menu.item("Open").get_attribute("href").as_deref(), Some("#open"));
}

#[wasm_bindgen_test]
async fn its_button_says_whether_it_is_open() {
    let menu = Opened::new().await;
    assert!(menu.is_expanded("First") && !menu.is_expanded("Second"));
    press_key_on(&menu.item("Open"), "Escape");
    assert!(!menu.is_expanded("First"));
}

#[wasm_bindgen_test]
async fn keys_go_through_the_items_and_round() {
    let menu = Opened::new().await;
    for (key, then) in [
        ("ArrowDown", "Rename"),
        ("Home", "Open"),
        ("End", "Delete"),
        ("Home", "Open"),
        ("ArrowUp", "Delete"),
        ("ArrowDown", "Open"),
        ("ArrowDown", "Rename"),
        ("ArrowDown", "Delete"),
        ("ArrowUp", "Rename"),
    ] {
        let focused = menu.stage.all("[role=menuitem]").into_iter().find(|item| has_focus(item));
        assert!(press_key_on(&focused.expect("an item has the focus"), key), "the page does not scroll");
        assert!(has_focus(&menu.item(then)), "{then} after {key}");
    }
}

/// Arrow keys also move between the rows of a table, and the page has keys of its own.
#[wasm_bindgen_test]
async fn keys_in_a_menu_are_nobody_elses() {
    let heard = Rc::new(Cell::new(0));
    let counter = heard.clone();
    let owner = Owner::new();
    owner.with(|| {
        listen(&window(), "keydown", EventPhase::Bubble, move |_: KeyboardEvent| {
            counter.set(counter.get() + 1)
        })
    });
    let menu = Opened::new().await;
    press_key_on(&menu.item("Open"), "n");
    assert_eq!(heard.get(), 0);
    owner.cleanup();
}

#[wasm_bindgen_test]
async fn escape_and_tab_close_it_and_give_the_focus_back() {
    for (key, is_taken) in [("Escape", true), ("Tab", false)] {
        let menu = Opened::new().await;
        // The browser then moves on from the button.
        assert_eq!(press_key_on(&menu.item("Open"), key), is_taken, "{key}");
        assert!(has_focus(&menu.stage.button("First")), "{key}");
        settle().await;
        assert!(!menu.is_open() && menu.stage.all("[role=menuitem]").is_empty(), "{key}");
    }
}

#[wasm_bindgen_test]
async fn a_second_press_of_its_button_closes_it() {
    let menu = Opened::new().await;
    let button = menu.stage.button("First");
    menu.handle.pointer_down(&button);
    press(&button);
    settle().await;
    assert!(!menu.is_open());
    assert!(!menu.is_expanded("First"));
    // The next press opens it again.
    menu.handle.pointer_down(&button);
    menu.by("First").await;
    assert!(menu.is_open());
}

#[wasm_bindgen_test]
async fn another_button_takes_it_over() {
    let menu = Opened::new().await;
    menu.by("Second").await;
    settle().await;
    assert!(menu.is_open());
    assert!(!menu.is_expanded("First") && menu.is_expanded("Second"));
    press_key_on(&menu.item("Open"), "Escape");
    assert!(has_focus(&menu.stage.button("Second")));
}

/// A press elsewhere, which the browser itself handles.
#[wasm_bindgen_test]
async fn what_the_browser_closes_is_closed() {
    let menu = Opened::new().await;
    menu.stage.get("[role=menu]").hide_popover().expect("it is open");
    until("the items are gone", || menu.stage.all("[role=menuitem]").is_empty()).await;
    assert!(!menu.is_expanded("First"));
}

#[wasm_bindgen_test]
async fn a_chosen_item_acts_once_after_the_menu_has_closed() {
    let menu = Opened::new().await;
    press(&menu.item("Rename"));
    assert_eq!(CHOSEN.take(), ["Rename"]);
    settle().await;
    assert!(!menu.is_open());
    assert!(has_focus(&menu.stage.button("First")));
}

#[wasm_bindgen_test]
async fn a_blocked_item_stays_and_says_why() {
    let menu = Opened::new().await;
    let item = menu.item("Delete");
    assert_eq!(item.get_attribute("aria-disabled").as_deref(), Some("true"));
    assert_eq!(described(&item), "Not permitted.");
    press(&item);
    settle().await;
    assert!(CHOSEN.take().is_empty());
    assert!(menu.is_open());
    assert_eq!(menu.item("Rename").get_attribute("aria-disabled"), None);
}

/// The row of the button may be gone meanwhile.
#[wasm_bindgen_test]
async fn without_its_button_the_focus_goes_to_the_heading() {
    let menu = Opened::new().await;
    menu.stage.button("First").remove();
    press_key_on(&menu.item("Open"), "Escape");
    until("the heading has the focus", || has_focus(&menu.stage.get("h1"))).await;
}

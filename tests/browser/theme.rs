//! Light or dark.

use leptos::prelude::document;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlSelectElement;

use crate::support::{
    Console, Reply, Server, another_tab_writes, browser_storage, kept_in_browser, settle, type_into, until,
};

const KEY: &str = "credmgr.theme";

fn shown() -> Option<String> {
    document().document_element().expect("a page").get_attribute("data-theme")
}

fn remembered() -> Option<String> {
    kept_in_browser(KEY)
}

#[wasm_bindgen_test]
async fn a_choice_is_shown_and_remembered() {
    let _server = Server::start(|_| Reply::not_signed_in());
    let console = Console::open("/sign-in").await;
    assert_eq!((shown(), remembered()), (None, None));
    settle().await;
    type_into(&console.stage.control("Theme"), "dark");
    until("dark", || shown().as_deref() == Some("dark")).await;
    assert_eq!(remembered().as_deref(), Some("dark"));
    type_into(&console.stage.control("Theme"), "");
    until("the system's", || shown().is_none()).await;
    assert_eq!(remembered(), None);
}

#[wasm_bindgen_test]
async fn other_tabs_follow() {
    let _server = Server::start(|_| Reply::not_signed_in());
    let console = Console::open("/sign-in").await;
    let tell = |value: Option<&str>| {
        let storage = browser_storage();
        match value {
            Some(value) => storage.set_item(KEY, value),
            None => storage.remove_item(KEY),
        }
        .expect("a storage");
        another_tab_writes(KEY);
    };
    tell(Some("light"));
    until("light", || shown().as_deref() == Some("light")).await;
    let select: HtmlSelectElement = console.stage.control("Theme");
    until("the choice, too", || select.value() == "light").await;
    tell(None);
    until("the system's", || shown().is_none()).await;
}

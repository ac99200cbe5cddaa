//! `/tokens` with the keyboard.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    Console, ListServer, Server, focus, has_focus, list_page::stands_at, press_key, settle, until,
};

#[wasm_bindgen_test]
async fn arrows_move_between_rows() {
    let _server = Server::start(ListServer::many(3).serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    focus(&console.stage.link("token-1"));
    assert!(press_key("ArrowDown"), "the page does not scroll");
    assert!(has_focus(&console.stage.link("token-2")));
    press_key("ArrowDown");
    press_key("ArrowDown");
    assert!(has_focus(&console.stage.link("token-3")), "there is no further");
    press_key("ArrowUp");
    assert!(has_focus(&console.stage.link("token-2")));
}

#[wasm_bindgen_test]
async fn keys_lead_to_the_search_and_to_a_new_token() {
    let _server = Server::start(ListServer::many(3).serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    until("it is known that one may", || console.stage.link("New token").get_attribute("href").is_some())
        .await;
    focus(&console.stage.link("token-1"));
    assert!(press_key("/"), "the character is not typed");
    let search: HtmlElement = console.stage.control("Search tokens");
    assert!(has_focus(&search));
    for typed in ["/", "n"] {
        assert!(!press_key(typed), "“{typed}” is typed");
    }
    settle().await;
    assert_eq!(console.address(), "/tokens");
    focus(&console.stage.control("Status"));
    assert!(!press_key("n"), "a choice is looked for by its first letter");
    focus(&console.stage.link("token-1"));
    assert!(press_key("n"));
    until("the form", || console.address() == "/tokens/new").await;
}

//! The list of keys, and the switch for single-key shortcuts.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::support::{
    Console, Server, Tokens, browser_storage, focus, has_focus, kept_in_browser, press, press_chord,
    press_key, request_close, settle, text_of, until,
};

const KEY: &str = "credmgr.single-keys";
const SWITCH: &str = "Single-key shortcuts";

fn remembered() -> Option<String> {
    kept_in_browser(KEY)
}

async fn open_help(console: &Console) -> HtmlInputElement {
    until("the help", || console.stage.find_control::<HtmlInputElement>(SWITCH).is_some()).await;
    console.stage.control(SWITCH)
}

async fn close(console: &Console) {
    press(&console.stage.button("Close"));
    until("it is closed", || console.stage.find("dialog").is_none()).await;
}

/// Moves the focus out of all text fields.
fn leave_fields(console: &Console) {
    focus(&console.stage.button("Refresh"));
}

#[wasm_bindgen_test]
async fn single_keys_can_be_turned_off_for_this_browser() {
    let tokens = Tokens::new(3);
    let _server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    console.says("token-3").await;
    leave_fields(&console);
    assert!(press_key("?"));
    let switch = open_help(&console).await;
    assert!(switch.checked());
    press(&switch);
    until("it is remembered", || remembered().as_deref() == Some("off")).await;
    close(&console).await;

    leave_fields(&console);
    for key in ["/", "n", "?"] {
        assert!(!press_key(key), "{key}");
    }
    settle().await;
    assert!(console.stage.find("dialog").is_none());
    assert_eq!(console.address(), "/tokens");
    // Their commands are reached in other ways, and the menu does not mention the keys.
    assert!(press_chord("k"));
    until("the menu", || console.stage.find(".palette-note").is_some()).await;
    assert!(console.stage.all(".palette-note").iter().all(|note| text_of(note).is_empty()));
    request_close(&console.stage.get_as("dialog"));
    until("it is closed", || console.stage.find("dialog").is_none()).await;

    press(&console.stage.button("Keyboard shortcuts"));
    let switch = open_help(&console).await;
    assert!(!switch.checked());
    press(&switch);
    until("nothing is kept for the default", || remembered().is_none()).await;
    close(&console).await;
    leave_fields(&console);
    assert!(press_key("/"));
    until("the search", || has_focus(&console.stage.control::<HtmlInputElement>("Search tokens"))).await;
}

/// Also if another tab has turned them off.
#[wasm_bindgen_test]
async fn what_was_chosen_holds_at_the_next_visit() {
    let storage = browser_storage();
    let tokens = Tokens::new(3);
    let _server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    console.says("token-3").await;
    storage.set_item(KEY, "off").expect("room");
    leave_fields(&console);
    assert!(!press_key("n"));
    storage.remove_item(KEY).expect("a storage");
    assert!(press_key("n"));
    until("the form", || console.address() == "/tokens/new").await;
}

//! Leaving with unsaved work asks first.

use leptos::prelude::window;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, EventInit};

use crate::support::{
    Clipboard, Console, Gate, Reply, Sent, Server, back, focus, has_focus, never, press, request_close,
    settle, type_into, until, value_of,
};

const QUESTION: &str = "Leave without saving?";

/// Answers with token 7, Alice's "ci-token". The test decides the responses to writes.
fn writes(write: impl Fn() -> Reply + 'static) -> impl Fn(&Sent) -> Reply {
    move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("OPTIONS", _) => Reply::empty(204),
        ("POST" | "PATCH" | "DELETE", _) => write(),
        (_, "/api_tokens/7") => {
            Reply::json(200, r#"{"id": 7, "name": "ci-token", "owner_id": 3, "enabled": true}"#)
        }
        (_, path) if path.starts_with("/users/") => Reply::json(403, "{}"),
        _ => Reply::json(200, r#"[{"id": 7, "name": "ci-token"}]"#),
    }
}

async fn form_at(address: &str) -> Console {
    let console = Console::signed_in(address).await;
    console.shows_form().await;
    console
}

/// Opens the form for a new token and types a name.
async fn typed() -> Console {
    let console = form_at("/tokens/new").await;
    type_into(&console.stage.control("Name"), "new-token");
    settle().await;
    console
}

async fn asked(console: &Console) {
    until("the question", || console.stage.find("dialog[open][role=alertdialog]").is_some()).await;
    assert!(console.stage.says(QUESTION), "{}", console.stage.text());
}

fn is_asked(console: &Console) -> bool {
    console.stage.says(QUESTION)
}

/// Whether the browser would ask before it closes the tab.
fn closing_is_asked_about() -> bool {
    let init = EventInit::new();
    init.set_cancelable(true);
    let event = Event::new_with_event_init_dict("beforeunload", &init).expect("an event");
    window().dispatch_event(&event).expect("a window");
    event.default_prevented()
}

#[wasm_bindgen_test]
async fn a_link_asks_and_stay_keeps_everything() {
    let _server = Server::start(writes(never));
    let console = typed().await;
    let cancel = console.stage.link("Cancel");
    focus(&cancel);
    press(&cancel);
    asked(&console).await;
    assert!(console.stage.says("What you typed for the new token will be lost."));
    let stay = console.stage.button("Stay");
    assert!(has_focus(&stay));
    press(&stay);
    until("the focus is back", || has_focus(&console.stage.link("Cancel"))).await;
    assert!(console.stage.find("dialog").is_none());
    assert_eq!(console.address(), "/tokens/new");
    assert_eq!(value_of(&console.stage.control("Name")), "new-token");
}

#[wasm_bindgen_test]
async fn escape_stays() {
    let _server = Server::start(writes(never));
    let console = typed().await;
    press(&console.stage.link("Cancel"));
    asked(&console).await;
    request_close(&console.stage.get_as("dialog"));
    until("the question is gone", || console.stage.find("dialog").is_none()).await;
    assert_eq!(console.address(), "/tokens/new");
}

#[wasm_bindgen_test]
async fn leave_goes_where_the_link_leads() {
    let _server = Server::start(writes(never));
    let console = typed().await;
    let brand = console.stage.link("Credential Manager");
    focus(&brand);
    press(&brand);
    asked(&console).await;
    press(&console.stage.button("Leave"));
    until("the list", || console.address() == "/tokens" && console.stage.find("table").is_some()).await;
    let heading = console.stage.get("h1");
    // Not on the link that was pressed, although it still exists.
    until("the heading has the focus", || has_focus(&heading)).await;
    assert!(!is_asked(&console));
}

#[wasm_bindgen_test]
async fn an_untouched_form_is_left_at_once() {
    let _server = Server::start(writes(never));
    let console = form_at("/tokens/new").await;
    assert!(!closing_is_asked_about());
    press(&console.stage.link("Cancel"));
    until("the list", || console.address() == "/tokens").await;
    assert!(!is_asked(&console));
}

#[wasm_bindgen_test]
async fn what_was_taken_back_is_not_unsaved() {
    let _server = Server::start(writes(never));
    let console = form_at("/tokens/7").await;
    type_into(&console.stage.control("Name"), "other");
    settle().await;
    assert!(closing_is_asked_about());
    type_into(&console.stage.control("Name"), "ci-token");
    settle().await;
    assert!(!closing_is_asked_about());
    press(&console.stage.link("API tokens"));
    until("the list", || console.address() == "/tokens").await;
}

#[wasm_bindgen_test]
async fn the_switch_counts_too() {
    let _server = Server::start(writes(never));
    let console = form_at("/tokens/7").await;
    press(&console.stage.control("Enabled"));
    settle().await;
    press(&console.stage.link("API tokens"));
    asked(&console).await;
    assert!(console.stage.says("The changes to “ci-token” will be lost: the status “disabled”."));
}

#[wasm_bindgen_test]
async fn what_is_saved_may_be_left() {
    let _server = Server::start(writes(|| {
        Reply::json(200, r#"{"id": 7, "name": "other", "owner_id": 3, "enabled": true}"#)
    }));
    let console = form_at("/tokens/7").await;
    type_into(&console.stage.control("Name"), "other");
    press(&console.stage.button("Save changes"));
    console.says("Saved other.").await;
    assert!(!closing_is_asked_about());
    press(&console.stage.link("API tokens"));
    until("the list", || console.address() == "/tokens").await;
}

/// A deletion finishes the work, whatever was typed.
#[wasm_bindgen_test]
async fn a_deletion_leads_to_the_list_without_a_question() {
    let _server = Server::start(writes(|| Reply::empty(204)));
    let console = form_at("/tokens/7").await;
    type_into(&console.stage.control("Name"), "other");
    console.shows_token().await;
    settle().await;
    press(&console.stage.button("Delete token"));
    until("the dialog", || console.stage.find("dialog[open]").is_some()).await;
    press(&console.stage.dialog_button("Delete token"));
    console.says("Deleted ci-token (ID 7).").await;
    until("the list", || console.address() == "/tokens").await;
    assert!(!is_asked(&console));
}

#[wasm_bindgen_test]
async fn signing_out_asks() {
    let _server = Server::start(writes(never));
    let console = typed().await;
    press(&console.stage.button("Sign out"));
    asked(&console).await;
    press(&console.stage.button("Stay"));
    until("the question is gone", || console.stage.find("dialog").is_none()).await;
    assert!(console.stage.says("alice"), "still signed in");
    press(&console.stage.button("Sign out"));
    asked(&console).await;
    press(&console.stage.button("Leave"));
    until("the sign-in screen", || console.address() == "/sign-in" && !console.stage.says("alice")).await;
}

/// Goes from the list to the form and types a name there.
async fn typed_after_the_list() -> Console {
    let console = Console::signed_in("/tokens").await;
    press(&console.stage.link("New token"));
    console.shows_form().await;
    until("its address", || console.address() == "/tokens/new").await;
    settle().await;
    type_into(&console.stage.control("Name"), "new-token");
    settle().await;
    console
}

#[wasm_bindgen_test]
async fn back_asks_and_the_address_stays_with_its_screen() {
    let _server = Server::start(writes(never));
    let console = typed_after_the_list().await;
    for _ in 0..2 {
        back();
        asked(&console).await;
        assert_eq!(console.address(), "/tokens/new");
        press(&console.stage.button("Stay"));
        until("the question is gone", || console.stage.find("dialog").is_none()).await;
        assert_eq!(value_of(&console.stage.control("Name")), "new-token");
    }
    back();
    asked(&console).await;
    press(&console.stage.button("Leave"));
    until("the list", || console.address() == "/tokens" && console.stage.find("table").is_some()).await;
    assert!(!is_asked(&console));
}

#[wasm_bindgen_test]
async fn a_second_back_while_being_asked_changes_nothing() {
    let _server = Server::start(writes(never));
    let console = typed_after_the_list().await;
    back();
    asked(&console).await;
    // An entry that was pushed again has no mark.
    let history = window().history().expect("a history");
    history.replace_state(&"mark".into(), "").expect("an open page");
    back();
    until("it was put back again", || history.state().is_ok_and(|state| state.is_null())).await;
    assert_eq!(console.address(), "/tokens/new");
    assert!(is_asked(&console));
    assert_eq!(value_of(&console.stage.control("Name")), "new-token");
    press(&console.stage.button("Leave"));
    until("the list", || console.address() == "/tokens" && console.stage.find("table").is_some()).await;
}

#[wasm_bindgen_test]
async fn back_from_an_untouched_form_is_the_routers() {
    let _server = Server::start(writes(never));
    let console = typed_after_the_list().await;
    type_into(&console.stage.control("Name"), "");
    settle().await;
    back();
    until("the list", || console.stage.find("table").is_some()).await;
    assert!(!is_asked(&console));
}

#[wasm_bindgen_test]
async fn a_creation_under_way_is_unsaved_until_it_is_done() {
    const CREATED: &str =
        r#"{"id": 51, "name": "new-token", "owner_id": 3, "enabled": true, "token": "s3cret-s3cret-16"}"#;
    let gate = Gate::default();
    let hold = gate.clone();
    let server = Server::start(writes(move || hold.hold()));
    let console = typed().await;
    press(&console.stage.button("Create token"));
    until("it was sent", || server.count("POST /api_tokens/") == 1).await;
    press(&console.stage.link("Cancel"));
    until("the question", || console.stage.says("Leave without knowing the result?")).await;
    assert!(console.stage.says("The token is being created."));
    gate.release(Reply::json(201, CREATED)).await;
    // Something else is at stake now.
    console.says("Token created").await;
    until("the other question", || console.stage.says("Leave without the secret?")).await;
    assert!(!console.stage.says("The token is being created."));
    assert!(closing_is_asked_about());
    press(&console.stage.button("Stay"));
    until("the question is gone", || console.stage.find("dialog").is_none()).await;
    let _clipboard = Clipboard::working();
    press(&console.stage.button("Copy token"));
    console.says("Copied to the clipboard.").await;
    assert!(!closing_is_asked_about());
    press(&console.stage.button("Done"));
    until("the list", || console.address() == "/tokens").await;
}

#[wasm_bindgen_test]
async fn the_skip_link_leads_nowhere_else() {
    let _server = Server::start(writes(never));
    let console = typed().await;
    press(&console.stage.link("Skip to content"));
    settle().await;
    assert!(!is_asked(&console));
    assert!(has_focus(&console.stage.get("#main")));
}

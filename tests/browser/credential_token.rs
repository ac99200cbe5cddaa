//! The token that the session itself is signed in with.

use std::{cell::Cell, rc::Rc};

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    ALICE, Console, Reply, Sent, Server, described, kept_session, never, press, remember_basic,
    remember_token, settle, submit, type_into, until,
};

const READ: &str = "GET /api_tokens/7";

/// The secret that `remember_token` signs in with.
const OWN: &str = "old";

fn token(enabled: bool, secret: &str) -> Reply {
    let body =
        format!(r#"{{"id": 7, "name": "ci", "owner_id": 3, "enabled": {enabled}, "token": "{secret}"}}"#);
    Reply::json(200, &body)
}

/// Answers with token 7, which has this secret. The test decides the responses to writes.
fn server_with(secret: &'static str, write: fn() -> Reply) -> impl Fn(&Sent) -> Reply {
    move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("OPTIONS", _) => Reply::empty(204),
        ("PATCH" | "DELETE", _) => write(),
        (_, "/api_tokens/7") => token(true, secret),
        (_, "/users/me") => Reply::json(200, ALICE),
        (_, path) if path.starts_with("/users/") => Reply::json(403, "{}"),
        _ => Reply::json(200, r#"[{"id": 7, "name": "ci"}, {"id": 8, "name": "other"}]"#),
    }
}

async fn own_page() -> Console {
    remember_token();
    let console = Console::open_token(7).await;
    console.says("This session").await;
    console
}

fn hint(console: &Console) -> String {
    described(&console.stage.control::<HtmlElement>("Enabled"))
}

async fn ask_to_delete(console: &Console) {
    press(&console.stage.button("Delete token"));
    until("the question", || console.stage.find("dialog[open]").is_some()).await;
}

#[wasm_bindgen_test]
async fn another_token_is_not_marked() {
    let _server = Server::start(server_with("other", never));
    remember_token();
    let console = Console::open_token(7).await;
    assert!(!console.stage.says("This session"));
    assert_eq!(hint(&console), "The server refuses disabled tokens.");
    ask_to_delete(&console).await;
    assert!(!console.stage.says("You are signed in with this token."));
}

#[wasm_bindgen_test]
async fn with_a_password_no_token_is_ones_own() {
    let _server = Server::start(server_with("pw", never));
    remember_basic();
    let console = Console::open_token(7).await;
    assert!(!console.stage.says("This session"));
}

#[wasm_bindgen_test]
async fn ones_own_is_marked_and_one_is_warned() {
    let _server = Server::start(server_with(OWN, never));
    let console = own_page().await;
    for place in [format!("\"{OWN}\""), format!(">{OWN}")] {
        assert!(!console.stage.html().contains(&place), "{}", console.stage.html());
    }
    assert!(hint(&console).contains("Disabling it ends your session."), "{}", hint(&console));
    press(&console.stage.control("Enabled"));
    settle().await;
    assert!(hint(&console).contains("Saving this ends your session"), "{}", hint(&console));
    ask_to_delete(&console).await;
    let question = console.stage.get("dialog");
    assert!(described(&question).contains("Deleting it ends your session"), "{}", described(&question));
}

#[wasm_bindgen_test]
async fn it_is_marked_in_the_list_as_well() {
    let _server = Server::start(|sent| match sent.path.as_str() {
        "/api_tokens/8" => {
            Reply::json(200, r#"{"id": 8, "name": "other", "owner_id": 3, "enabled": true, "token": "x"}"#)
        }
        _ => server_with(OWN, never)(sent),
    });
    let console = Console::signed_in("/tokens").await;
    console.says("This session").await;
    settle().await;
    let rows = console.stage.all("tbody tr");
    let marked: Vec<_> =
        rows.iter().map(|row| row.text_content().unwrap_or_default().contains("This session")).collect();
    assert_eq!(marked, [true, false]);
}

#[wasm_bindgen_test]
async fn disabling_it_ends_the_session_at_once_and_says_why() {
    let server = Server::start(server_with(OWN, || token(false, OWN)));
    let console = own_page().await;
    press(&console.stage.control("Enabled"));
    press(&console.stage.button("Save changes"));
    console.says("You disabled the token you were signed in with, ci (ID 7).").await;
    assert!(console.stage.says("Saved: ci is disabled."));
    assert!(console.stage.says("1 action since this page was loaded"));
    assert!(!console.stage.says("no longer accepts"));
    settle().await;
    // Nothing more was sent with it.
    assert_eq!(server.count(READ), 1);
    assert_eq!(kept_session(), None);
}

#[wasm_bindgen_test]
async fn deleting_it_is_said_behind_the_question() {
    let server = Server::start(server_with(OWN, || Reply::empty(204)));
    let console = own_page().await;
    ask_to_delete(&console).await;
    press(&console.stage.dialog_button("Delete token"));
    console.says("You deleted the token you were signed in with, ci (ID 7).").await;
    until("the list", || console.address() == "/tokens").await;
    settle().await;
    assert!(console.stage.says("Deleted ci (ID 7)."));
    assert!(console.stage.says("1 action since this page was loaded"));
    assert_eq!(server.lines().iter().filter(|line| line.starts_with("GET /api_tokens/?")).count(), 0);
    // With another token the list goes on.
    server.now(server_with("new", never));
    type_into(&console.stage.control("Password"), "pw");
    submit(&console.stage.control("Password"));
    until("the list is there", || console.stage.find("table[aria-label]").is_some()).await;
    assert!(console.stage.says("Deleted ci (ID 7)."));
}

/// The response got lost, and the look at the token is refused, because of the deletion.
#[wasm_bindgen_test]
async fn a_deletion_whose_answer_got_lost_is_the_reason_of_the_refusal() {
    let server = Server::start(server_with(OWN, || Reply::NetworkError));
    let console = own_page().await;
    // Not for every request: another request of the page must not be refused first.
    server.now(|sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("GET", "/api_tokens/7") => Reply::not_signed_in(),
        _ => server_with(OWN, || Reply::NetworkError)(sent),
    });
    ask_to_delete(&console).await;
    press(&console.stage.dialog_button("Delete token"));
    console.says("You deleted the token you were signed in with, ci (ID 7).").await;
    server.now(|sent| match sent.path.as_str() {
        "/users/me" => Reply::json(200, ALICE),
        "/api_tokens/7" => Reply::json(404, "null"),
        _ => Reply::json(200, "[]"),
    });
    type_into(&console.stage.control("Password"), "pw");
    submit(&console.stage.control("Password"));
    console.says("Deleted ci (ID 7).").await;
    until("the dialog is gone", || console.stage.find("dialog").is_none()).await;
}

/// A deletion is retried, and the retry is refused, because the first attempt was carried out.
#[wasm_bindgen_test]
async fn a_deletion_that_was_sent_again_is_the_reason_of_the_refusal() {
    let sent = Rc::new(Cell::new(0));
    let times = sent.clone();
    let server = Server::start(server_with(OWN, never));
    let console = own_page().await;
    server.now(move |request| match request.method.as_str() {
        "DELETE" => {
            times.set(times.get() + 1);
            if times.get() == 1 { Reply::NetworkError } else { Reply::not_signed_in() }
        }
        _ => token(true, OWN),
    });
    ask_to_delete(&console).await;
    press(&console.stage.dialog_button("Delete token"));
    console.says("You deleted the token you were signed in with, ci (ID 7).").await;
    assert_eq!(sent.get(), 2);
}

/// Then somebody else has disabled or deleted it, or it is not known who has.
#[wasm_bindgen_test]
async fn any_other_refusal_is_not_ones_own_doing() {
    let server = Server::start(server_with(OWN, Reply::not_signed_in));
    let console = own_page().await;
    ask_to_delete(&console).await;
    press(&console.stage.dialog_button("Delete token"));
    console.says("The server no longer accepts your credentials.").await;
    assert_eq!(server.count("DELETE /api_tokens/7"), 1);
}

#[wasm_bindgen_test]
async fn after_signing_in_with_another_token_it_is_not_marked_any_more() {
    let server = Server::start(server_with(OWN, Reply::not_signed_in));
    let console = own_page().await;
    press(&console.stage.control("Enabled"));
    press(&console.stage.button("Save changes"));
    until("the dialog", || console.stage.find("dialog[open]").is_some()).await;
    server.now(server_with(OWN, || token(false, OWN)));
    type_into(&console.stage.control("Password"), "pw");
    submit(&console.stage.control("Password"));
    console.says("Saved: ci is disabled.").await;
    until("the dialog is gone", || console.stage.find("dialog").is_none()).await;
    assert!(!console.stage.says("This session"));
}

//! `/tokens/{id}`: saving, showing and deleting when things go wrong.

use leptos::prelude::document;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::support::{
    Console, Gate, Network, Reply, Sent, Server, described, has_focus, press, remember_token, request_close,
    settle, submit, text_of, type_into, until, value_of,
};

const PATCH: &str = "PATCH /api_tokens/7";
const DELETE: &str = "DELETE /api_tokens/7";
const READ: &str = "GET /api_tokens/7";
const EVERYTHING: &str = "GET, PATCH, DELETE, OPTIONS";

fn token(name: &str, enabled: bool) -> Reply {
    let body =
        format!(r#"{{"id": 7, "name": "{name}", "owner_id": 3, "enabled": {enabled}, "token": "s3cret"}}"#);
    Reply::json(200, &body)
}

/// Answers with token 7, Alice's "ci-token", which is enabled. The test decides the responses to writes.
fn writes(write: fn() -> Reply) -> impl Fn(&Sent) -> Reply {
    move |sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", EVERYTHING),
        "PATCH" | "DELETE" => write(),
        _ if sent.path == "/api_tokens/7" => token("ci-token", true),
        _ => Reply::json(200, "[]"),
    }
}

async fn page() -> Console {
    remember_token();
    Console::open_token(7).await
}

/// Opens the page, types a new name and saves it.
async fn saved() -> Console {
    let console = page().await;
    type_into(&console.stage.control("Name"), "new-name");
    press(&console.stage.button("Save changes"));
    console
}

fn patch(server: &Server, index: usize) -> String {
    let sent = server.sent();
    sent.iter().filter(|sent| sent.method == "PATCH").nth(index).expect("a patch").body.clone()
}

// Reading

#[wasm_bindgen_test]
async fn a_token_that_is_not_there_is_said() {
    let _server = Server::start(|_| Reply::json(404, "null"));
    let console = Console::signed_in("/tokens/7").await;
    until("the heading", || console.stage.get("h1").text_content().as_deref() == Some("Token not found"))
        .await;
}

/// The name may have thousands of characters.
#[wasm_bindgen_test]
async fn a_very_long_name_is_cut_in_the_title_only() {
    let _server = Server::start(|sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", EVERYTHING),
        _ => token(&"W".repeat(300), true),
    });
    let console = page().await;
    let name = "W".repeat(300);
    assert_eq!(text_of(&console.stage.get("h1")), name);
    assert_eq!(value_of(&console.stage.control("Name")), name);
    assert_eq!(document().title(), format!("{} · Credential Manager", &name[..100]));
}

#[wasm_bindgen_test]
async fn the_secret_is_fetched_anew_when_it_is_asked_for() {
    let server = Server::start(writes(|| Reply::Never));
    let console = page().await;
    assert!(!console.stage.html().contains("s3cret"));
    let secret: HtmlElement = console.stage.control("Token");
    assert_eq!((value_of(&secret), server.count(READ)), (String::new(), 1));
    press(&console.stage.button("Show token"));
    until("the secret is shown", || value_of(&secret) == "s3cret").await;
    assert_eq!(server.count(READ), 2);
}

/// The dialog covers the page, but not for everyone who sees a phone or a projector.
#[wasm_bindgen_test]
async fn a_shown_secret_goes_when_the_session_ends() {
    let _server = Server::start(writes(Reply::not_signed_in));
    let console = page().await;
    let secret: HtmlElement = console.stage.control("Token");
    press(&console.stage.button("Show token"));
    until("the secret is shown", || value_of(&secret) == "s3cret").await;
    type_into(&console.stage.control("Name"), "new-name");
    press(&console.stage.button("Save changes"));
    until("the secret is gone", || value_of(&secret).is_empty()).await;
}

// Saving

#[wasm_bindgen_test]
async fn saving_sends_what_changed_and_tests_what_was_seen() {
    let server = Server::start(writes(|| token("new-name", true)));
    let console = saved().await;
    console.says("Saved new-name.").await;
    let expected = r#"[{"op":"test","path":"/name","value":"ci-token"},{"op":"test","path":"/enabled","value":true},{"op":"replace","path":"/name","value":"new-name"}]"#;
    assert_eq!(patch(&server, 0), expected);
    assert_eq!(console.stage.get("h1").text_content().as_deref(), Some("new-name"));
}

#[wasm_bindgen_test]
async fn nothing_changed_is_not_sent() {
    let server = Server::start(writes(|| token("ci-token", true)));
    let console = page().await;
    press(&console.stage.button("Save changes"));
    console.says("There are no changes to save").await;
    assert_eq!(server.count(PATCH), 0);
}

#[wasm_bindgen_test]
async fn an_impatient_person_saves_once() {
    let server = Server::start(writes(|| Reply::Never));
    let console = saved().await;
    press(&console.stage.button("Save changes"));
    submit(&console.stage.control("Name"));
    settle().await;
    assert_eq!(server.count(PATCH), 1);
}

/// Real servers answer 200 to a patch that they ignored.
#[wasm_bindgen_test]
async fn a_200_that_did_nothing_is_a_failure() {
    let _server = Server::start(writes(|| token("ci-token", true)));
    let console = saved().await;
    console.says("The server reported success but did not save the changes.").await;
    assert_eq!(value_of(&console.stage.control("Name")), "new-name");
}

/// The response got lost, but the change was carried out.
#[wasm_bindgen_test]
async fn a_change_whose_answer_got_lost_is_looked_up() {
    let server = Server::start(writes(|| Reply::NetworkError));
    let console = page().await;
    server.now(|sent| match sent.method.as_str() {
        "PATCH" => Reply::NetworkError,
        _ => token("new-name", true),
    });
    type_into(&console.stage.control("Name"), "new-name");
    press(&console.stage.button("Save changes"));
    console.says("Saved new-name.").await;
    assert_eq!((server.count(PATCH), server.count(READ)), (1, 2));
}

/// Opens the page and causes a conflict: somebody else renamed and disabled the token meanwhile, so a `test` of the
/// patch does not hold.
async fn conflict(server: &Server) -> Console {
    let console = page().await;
    server.now(|sent| match sent.method.as_str() {
        "PATCH" => Reply::json(409, "{}"),
        _ => token("their-name", false),
    });
    type_into(&console.stage.control("Name"), "new-name");
    press(&console.stage.button("Save changes"));
    console.says("Someone else changed this token in the meantime.").await;
    console
}

#[wasm_bindgen_test]
async fn a_conflict_shows_mine_and_theirs() {
    let server = Server::start(writes(|| Reply::Never));
    let console = conflict(&server).await;
    assert!(console.stage.says("the server has “their-name”, you have “new-name”"));
    assert!(console.stage.says("It was disabled in the meantime."));
    assert!(!console.stage.says("you have it enabled"));
    assert_eq!(value_of(&console.stage.control("Name")), "new-name");
    assert!(!console.stage.control::<HtmlInputElement>("Enabled").checked());
}

/// There is nothing to choose where only one side has changed something.
#[wasm_bindgen_test]
async fn what_only_somebody_else_has_changed_is_theirs() {
    let server = Server::start(writes(|| Reply::Never));
    let console = page().await;
    server.now(|sent| match sent.method.as_str() {
        "PATCH" => Reply::json(409, "{}"),
        _ => token("ci-token", false),
    });
    type_into(&console.stage.control("Name"), "new-name");
    press(&console.stage.button("Save changes"));
    console.says("It was disabled in the meantime.").await;
    assert!(console.stage.find_button("Keep my name").is_none());
    assert_eq!(value_of(&console.stage.control("Name")), "new-name");
    server.now(writes(|| token("new-name", false)));
    press(&console.stage.button("Save changes"));
    console.says("Saved new-name.").await;
    let expected = r#"[{"op":"test","path":"/name","value":"ci-token"},{"op":"test","path":"/enabled","value":false},{"op":"replace","path":"/name","value":"new-name"}]"#;
    assert_eq!(patch(&server, 1), expected);
}

#[wasm_bindgen_test]
async fn keeping_mine_saves_over_what_the_server_has_now() {
    let server = Server::start(writes(|| Reply::Never));
    let console = conflict(&server).await;
    server.now(writes(|| token("new-name", false)));
    press(&console.stage.button("Keep my name"));
    // Nothing is saved yet.
    console.says("Your changes are still here. Save them again.").await;
    press(&console.stage.button("Save changes"));
    console.says("Saved new-name.").await;
    assert!(!console.stage.says("Save them again."));
    // Nobody here has chosen the status, so it stays as the other person left it.
    let expected = r#"[{"op":"test","path":"/name","value":"their-name"},{"op":"test","path":"/enabled","value":false},{"op":"replace","path":"/name","value":"new-name"}]"#;
    assert_eq!(patch(&server, 1), expected);
}

#[wasm_bindgen_test]
async fn taking_theirs_puts_it_into_the_form() {
    let server = Server::start(writes(|| Reply::Never));
    let console = conflict(&server).await;
    press(&console.stage.button("Use their name"));
    settle().await;
    assert_eq!(value_of(&console.stage.control("Name")), "their-name");
    assert!(!console.stage.control::<HtmlInputElement>("Enabled").checked());
    assert!(!console.stage.says("Save them again."), "nothing is left to save");
    assert_eq!(server.count(PATCH), 1);
}

/// The rename was carried out, its response got lost, and then somebody disabled the token.
#[wasm_bindgen_test]
async fn a_conflict_says_what_was_saved_all_the_same() {
    let server = Server::start(writes(|| Reply::Never));
    let console = page().await;
    server.now(|sent| match sent.method.as_str() {
        "PATCH" => Reply::json(502, "<html>"),
        _ => token("new-name", false),
    });
    type_into(&console.stage.control("Name"), "new-name");
    press(&console.stage.button("Save changes"));
    console.says("The name was saved. Someone may have changed the status in the meantime.").await;
    assert!(!console.stage.says("Nothing was saved"));
    assert!(console.stage.says("It was disabled in the meantime."));
    assert!(!console.stage.control::<HtmlInputElement>("Enabled").checked());
}

/// The response to `OPTIONS` may arrive after the user has begun to type.
#[wasm_bindgen_test]
async fn what_may_not_be_changed_is_not_sent() {
    let gate = Gate::default();
    let hold = gate.clone();
    let server = Server::start(move |sent| match sent.method.as_str() {
        "OPTIONS" => hold.hold(),
        _ => token("ci-token", true),
    });
    let console = page().await;
    let name: HtmlInputElement = console.stage.control("Name");
    type_into(&name, "new-name");
    gate.release(Reply::empty(204).with("Allow", "GET, OPTIONS")).await;
    let reason = "The server does not allow you to change this token.";
    until("it is blocked", || described(&console.stage.button("Save changes")) == reason).await;
    assert!(name.read_only());
    press(&console.stage.button("Save changes"));
    submit(&name);
    settle().await;
    assert_eq!(server.count(PATCH), 0);
}

// Deleting

async fn asked_to_delete() -> Console {
    let console = page().await;
    press(&console.stage.button("Delete token"));
    until("the question", || console.stage.find("dialog[open]").is_some()).await;
    console
}

fn confirm(console: &Console) {
    press(&console.stage.dialog_button("Delete token"));
}

#[wasm_bindgen_test]
async fn enter_does_not_delete() {
    let server = Server::start(writes(|| Reply::empty(204)));
    let console = asked_to_delete().await;
    let cancel = console.stage.button("Cancel");
    assert!(has_focus(&cancel));
    // As Enter does on the focused button.
    press(&cancel);
    settle().await;
    assert!(console.stage.find("dialog").is_none());
    assert_eq!(server.count(DELETE), 0);
}

/// The browser's "back" is not stopped by a dialog.
#[wasm_bindgen_test]
async fn leaving_during_a_deletion_is_asked_about() {
    let _server = Server::start(writes(|| Reply::Never));
    let console = asked_to_delete().await;
    confirm(&console);
    settle().await;
    press(&console.stage.link("API tokens"));
    console.says("“ci-token” is being deleted. If you leave now, you will not see whether it worked.").await;
    press(&console.stage.button("Stay"));
    settle().await;
    assert_eq!(console.address(), "/tokens/7");
}

#[wasm_bindgen_test]
async fn a_deletion_leads_to_the_list_and_says_so_there() {
    let _server = Server::start(writes(|| Reply::empty(204)));
    let console = asked_to_delete().await;
    confirm(&console);
    console.says("Deleted ci-token (ID 7).").await;
    until("the list", || console.address() == "/tokens").await;
    settle().await;
    assert!(console.stage.says("Deleted ci-token (ID 7)."));
}

#[wasm_bindgen_test]
async fn a_token_that_is_gone_already_counts_as_deleted() {
    let _server = Server::start(writes(|| Reply::json(404, "null")));
    let console = asked_to_delete().await;
    confirm(&console);
    console.says("ci-token (ID 7) was already gone.").await;
}

#[wasm_bindgen_test]
async fn nothing_closes_the_question_while_it_is_being_deleted() {
    let server = Server::start(writes(|| Reply::Never));
    let console = asked_to_delete().await;
    confirm(&console);
    until("it was sent", || server.count(DELETE) == 1).await;
    request_close(&console.stage.get_as("dialog"));
    press(&console.stage.button("Cancel"));
    confirm(&console);
    settle().await;
    assert!(console.stage.find("dialog[open]").is_some());
    assert_eq!(server.count(DELETE), 1);
}

#[wasm_bindgen_test]
async fn a_deletion_that_failed_is_said_in_its_dialog() {
    let _server = Server::start(writes(|| Reply::json(403, "{}")));
    let console = asked_to_delete().await;
    confirm(&console);
    until("the failure is said", || console.stage.find("dialog [role=alert]").is_some()).await;
    assert!(console.stage.says("The token was not deleted: you do not have permission."));
}

/// A broken connection does not prove "not deleted".
#[wasm_bindgen_test]
async fn a_deletion_whose_answer_got_lost_is_looked_up() {
    let gate = Gate::default();
    let hold = gate.clone();
    let server = Server::start(writes(|| Reply::NetworkError));
    let console = asked_to_delete().await;
    server.now(move |sent| match sent.method.as_str() {
        "DELETE" => Reply::NetworkError,
        _ if sent.path == "/api_tokens/7" => hold.hold(),
        _ => Reply::json(200, "[]"),
    });
    confirm(&console);
    until("it is looked up", || server.count(READ) == 2).await;
    settle().await;
    assert!(console.stage.find("dialog [role=alert]").is_none(), "said before it was known");
    gate.release(Reply::json(404, "null")).await;
    console.says("Deleted ci-token (ID 7).").await;
}

#[wasm_bindgen_test]
async fn what_may_not_be_deleted_is_not_asked_about() {
    let _server = Server::start(|sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", "GET, PATCH, OPTIONS"),
        _ => token("ci-token", true),
    });
    let console = page().await;
    let reason = "The server does not allow you to delete this token.";
    until("it is blocked", || described(&console.stage.button("Delete token")) == reason).await;
    press(&console.stage.button("Delete token"));
    settle().await;
    assert!(console.stage.find("dialog").is_none());
}

// Looking again after a failure

/// Opens the page and saves in vain, with the new name still in the form.
async fn not_saved(server: &Server) -> Console {
    let console = page().await;
    server.now(writes(|| Reply::json(403, "{}")));
    type_into(&console.stage.control("Name"), "new-name");
    press(&console.stage.button("Save changes"));
    console.says("The changes were not saved").await;
    console
}

/// The server has nothing new to show, and when the network is back the failure is no longer true.
#[wasm_bindgen_test]
async fn without_a_network_saving_can_only_be_tried_again() {
    let server = Server::start(writes(|| Reply::NetworkError));
    let console = page().await;
    let network = Network::away();
    type_into(&console.stage.control("Name"), "new-name");
    press(&console.stage.button("Save changes"));
    console.says("The changes were not saved: this device is offline.").await;
    assert!(console.stage.find_button("Reload token").is_none());
    network.comes_back();
    console.says("Your changes are still here. Save them again.").await;
    assert!(!console.stage.says("offline"));
    server.now(writes(|| token("new-name", true)));
    press(&console.stage.button("Save changes"));
    console.says("Saved new-name.").await;
    assert!(!console.stage.says("Save them again."));
}

#[wasm_bindgen_test]
async fn looking_again_keeps_what_was_typed() {
    let server = Server::start(writes(|| Reply::Never));
    let console = not_saved(&server).await;
    press(&console.stage.button("Reload token"));
    until("the failure is gone", || !console.stage.says("The changes were not saved")).await;
    assert_eq!(value_of(&console.stage.control("Name")), "new-name");
}

#[wasm_bindgen_test]
async fn looking_again_finds_what_somebody_else_did() {
    let server = Server::start(writes(|| Reply::Never));
    let console = not_saved(&server).await;
    server.now(|sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", EVERYTHING),
        _ => token("their-name", true),
    });
    press(&console.stage.button("Reload token"));
    console.says("the server has “their-name”, you have “new-name”").await;
    assert_eq!(value_of(&console.stage.control("Name")), "new-name");
}

#[wasm_bindgen_test]
async fn looking_again_may_find_it_saved() {
    let server = Server::start(writes(|| Reply::Never));
    let console = not_saved(&server).await;
    server.now(|sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", EVERYTHING),
        _ => token("new-name", true),
    });
    press(&console.stage.button("Reload token"));
    console.says("Saved new-name.").await;
}

/// The notice with the button is gone before the server has answered what is allowed.
#[wasm_bindgen_test]
async fn looking_again_waits_for_what_is_allowed_now() {
    let server = Server::start(writes(|| Reply::Never));
    let console = not_saved(&server).await;
    let save = console.stage.button("Save changes");
    assert!(described(&save).contains("The server does not allow you to change this token."));
    let (gate, hold) = (Gate::default(), Gate::default());
    let (answers, late) = (gate.clone(), hold.clone());
    server.now(move |sent| match sent.method.as_str() {
        "OPTIONS" => late.hold(),
        _ => answers.hold(),
    });
    press(&console.stage.button("Reload token"));
    until("both are asked", || server.count(READ) == 2 && server.count("OPTIONS /api_tokens/7") == 2).await;
    gate.release(token("ci-token", true)).await;
    until("the failure is gone", || !console.stage.says("The changes were not saved")).await;
    settle().await;
    hold.release(Reply::empty(204).with("Allow", EVERYTHING)).await;
    until("it may be saved", || described(&save).is_empty()).await;
}

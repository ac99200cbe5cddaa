//! Signing in, on the sign-in screen and over an interrupted page.

use credmgr_console::session::deployment_name;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::support::{
    ACTIVE_KEY, ALICE, BOB, Console, Gate, ListServer, Reply, Sent, Server, described, details_sent,
    has_focus, kept_on_tab, kept_session, press, remember_nameless, remember_password, remember_secret,
    remember_token, request_close, settle, submit, tab_storage, type_into, until, value_of,
};

/// Answers like a server that knows Alice's token "good" and one token of hers.
fn alice(sent: &Sent) -> Reply {
    if sent.header("X-API-TOKEN").as_deref() != Some("good") {
        return Reply::not_signed_in();
    }
    match (sent.method.as_str(), sent.path.as_str()) {
        ("OPTIONS", _) => Reply::empty(204).with("Allow", "GET, POST, PATCH, DELETE, OPTIONS"),
        (_, "/users/me") => Reply::json(200, ALICE),
        (_, "/api_tokens/7") => {
            Reply::json(200, r#"{"id": 7, "name": "ci-token", "owner_id": 3, "enabled": true}"#)
        }
        _ => Reply::json(200, r#"[{"id": 7, "name": "ci-token"}]"#),
    }
}

/// Not found by its label: "API token" is also the label of a radio button.
fn token_field(console: &Console) -> HtmlElement {
    console.stage.get("input[type=password]")
}

#[wasm_bindgen_test]
async fn a_deep_link_leads_through_sign_in_to_where_one_wanted_to_go() {
    let server = Server::start(alice);
    let console = Console::open("/tokens/7").await;
    until("the sign-in screen", || console.address() == "/sign-in?next=%2Ftokens%2F7").await;
    assert!(server.sent().is_empty(), "a request without credentials");
    type_into(&token_field(&console), "good");
    submit(&token_field(&console));
    console.says("ci-token").await;
    assert_eq!(console.address(), "/tokens/7");
}

#[wasm_bindgen_test]
async fn the_form_begins_with_the_token() {
    let _server = Server::start(alice);
    let console = Console::open("/sign-in").await;
    let field = token_field(&console);
    until("the field has the focus", || has_focus(&field)).await;
}

#[wasm_bindgen_test]
async fn what_cannot_be_sent_is_said_at_its_field() {
    let server = Server::start(alice);
    let console = Console::open("/sign-in").await;
    let field = token_field(&console);
    type_into(&field, "two words");
    press(&console.stage.button("Sign in"));
    settle().await;
    assert!(described(&field).contains("space"), "{}", described(&field));
    assert!(has_focus(&field));
    assert!(server.sent().is_empty());
}

#[wasm_bindgen_test]
async fn a_refusal_is_said_in_the_form_and_nothing_typed_is_lost() {
    let _server = Server::start(alice);
    let console = Console::open("/sign-in").await;
    let field = token_field(&console);
    type_into(&field, "wrong");
    press(&console.stage.button("Sign in"));
    until("the refusal is said", || console.stage.find("form [role=alert]").is_some()).await;
    assert_eq!(value_of(&field), "wrong");
    assert_eq!(console.address(), "/sign-in");
}

#[wasm_bindgen_test]
async fn an_impatient_person_signs_in_once() {
    let server = Server::start(|_| Reply::Never);
    let console = Console::open("/sign-in").await;
    let field = token_field(&console);
    type_into(&field, "good");
    submit(&field);
    submit(&field);
    press(&console.stage.button("Sign in"));
    settle().await;
    assert_eq!(server.lines(), ["GET /users/me"]);
}

#[wasm_bindgen_test]
async fn name_and_password_go_as_basic() {
    let server = Server::start(|_| Reply::Never);
    let console = Console::open("/sign-in").await;
    press(&console.stage.control("Username and password"));
    settle().await;
    type_into(&console.stage.control("Username"), "alice");
    type_into(&console.stage.control("Password"), "pw");
    press(&console.stage.button("Sign in"));
    until("it was tried", || server.sent().len() == 1).await;
    // printf 'alice:pw' | base64
    assert_eq!(server.sent()[0].header("Authorization").as_deref(), Some("Basic YWxpY2U6cHc="));
}

#[wasm_bindgen_test]
async fn the_session_of_another_console_on_the_same_origin_is_left_alone() {
    let theirs = format!("{} session", deployment_name("/console", "/api/v1"));
    let text = r#"{"kind": "token", "token": "theirs", "user": {"id": 3, "username": "alice"}}"#;
    tab_storage().set_item(&theirs, text).expect("room");
    let server = Server::start(alice);
    let console = Console::open("/tokens").await;
    until("the sign-in screen", || console.stage.find_button("Sign in").is_some()).await;
    assert!(server.sent().is_empty(), "nothing is sent with it");
    press(&console.stage.control::<HtmlInputElement>("Stay signed in on this tab"));
    type_into(&token_field(&console), "good");
    press(&console.stage.button("Sign in"));
    console.says("ci-token").await;
    assert_eq!(kept_on_tab(&theirs).as_deref(), Some(text));
    tab_storage().remove_item(&theirs).expect("storage");
}

#[wasm_bindgen_test]
async fn unticking_the_box_keeps_nothing_on_this_tab() {
    let _server = Server::start(alice);
    let console = Console::open("/sign-in").await;
    let stay: HtmlInputElement = console.stage.control("Stay signed in on this tab");
    assert!(stay.checked());
    press(&stay);
    type_into(&token_field(&console), "good");
    press(&console.stage.button("Sign in"));
    console.says("ci-token").await;
    let storage = tab_storage();
    assert_eq!(kept_session(), None);
    // The time of the last activity, and nothing else.
    assert_eq!((storage.length(), storage.key(0)), (Ok(1), Ok(Some(ACTIVE_KEY.to_owned()))));
}

#[wasm_bindgen_test]
async fn signing_out_leads_back_and_forgets() {
    let _server = Server::start(|sent| match sent.path.as_str() {
        "/api_tokens/7" => {
            Reply::json(200, r#"{"id": 7, "name": "ci-token", "owner_id": 3, "enabled": true}"#)
        }
        _ => Reply::json(200, r#"[{"id": 7, "name": "ci-token"}]"#),
    });
    let console = Console::signed_in("/tokens").await;
    console.says("ci-token").await;
    press(&console.stage.button("Sign out"));
    until("the sign-in screen", || console.stage.find("input[type=password]").is_some()).await;
    assert_eq!(console.address(), "/sign-in");
    assert!(!console.stage.says("ci-token") && !console.stage.says("alice"), "{}", console.stage.text());
    assert_eq!(tab_storage().length(), Ok(0));
}

/// Another user may sign in next, and must not read what the previous one did. Signing out is not the same change of
/// users as signing in over an interrupted page.
#[wasm_bindgen_test]
async fn signing_out_forgets_what_was_done() {
    let _server = Server::start(alice);
    let console = Console::open("/tokens/7").await;
    until("the sign-in screen", || console.stage.find("input[type=password]").is_some()).await;
    type_into(&token_field(&console), "good");
    submit(&token_field(&console));
    console.shows_form().await;
    type_into(&console.stage.control("Name"), "new-name");
    press(&console.stage.button("Save changes"));
    console.says("1 action since this page was loaded").await;
    press(&console.stage.button("Sign out"));
    until("the question", || console.stage.find_button("Leave").is_some()).await;
    press(&console.stage.button("Leave"));
    until("the sign-in screen", || console.stage.find("input[type=password]").is_some()).await;
    type_into(&token_field(&console), "good");
    submit(&token_field(&console));
    console.says("API tokens").await;
    console.says("no actions since this page was loaded").await;
}

/// Nor must the next user read the last message about the previous user's tokens.
#[wasm_bindgen_test]
async fn signing_out_takes_away_what_was_said() {
    let _server = Server::start(|sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("PATCH", _) => Reply::json(200, r#"{"id": 7, "name": "ci", "owner_id": 3, "enabled": false}"#),
        ("OPTIONS", _) => Reply::empty(204),
        (_, "/api_tokens/7") => {
            Reply::json(200, r#"{"id": 7, "name": "ci", "owner_id": 3, "enabled": true}"#)
        }
        _ => Reply::json(200, "[]"),
    });
    let console = Console::signed_in("/tokens/7").await;
    console.shows_token().await;
    press(&console.stage.control("Enabled"));
    press(&console.stage.button("Save changes"));
    console.says("Saved: ci is disabled.").await;
    press(&console.stage.button("Sign out"));
    until("the sign-in screen", || console.stage.find("input[type=password]").is_some()).await;
    assert!(!console.stage.says("ci is disabled"), "{}", console.stage.text());
}

/// The focus goes to a field below these words.
#[wasm_bindgen_test]
async fn why_one_has_to_sign_in_again_is_read_out() {
    let _server = Server::start(alice);
    remember_secret("good");
    let console = Console::open("/tokens").await;
    console.locks().await;
    let words = described(&console.stage.get("dialog"));
    assert!(words.starts_with("Locked after 15 minutes without activity."), "{words}");
    assert!(words.ends_with("The page behind this dialog is as you left it."), "{words}");
}

/// A user who did not want to stay signed in does not want to after a lock either.
#[wasm_bindgen_test]
async fn what_was_unticked_is_unticked_when_one_signs_in_again() {
    let _server = Server::start(alice);
    let console = Console::open("/sign-in").await;
    let stay = || console.stage.control::<HtmlInputElement>("Stay signed in on this tab");
    press(&stay());
    type_into(&token_field(&console), "good");
    submit(&token_field(&console));
    console.says("ci-token").await;
    console.locks().await;
    assert!(!stay().checked());
    // After a sign-out the choice is open again.
    press(&console.stage.dialog_button("Sign out instead"));
    until("the sign-in screen", || console.stage.find("dialog").is_none()).await;
    assert!(stay().checked());
}

/// Opens Alice's token page with a new name typed, on a server that no longer accepts "old".
async fn interrupted() -> (Server, Console) {
    remember_token();
    interrupted_as_remembered().await
}

/// The same for the user who was signed in on this tab.
async fn interrupted_as_remembered() -> (Server, Console) {
    let server = Server::start(|sent| match sent.method.as_str() {
        "PATCH" => Reply::not_signed_in(),
        "OPTIONS" => Reply::empty(204),
        _ => Reply::json(200, r#"{"id": 7, "name": "ci-token", "owner_id": 3, "enabled": true}"#),
    });
    let console = Console::open_token(7).await;
    type_into(&console.stage.control("Name"), "new-name");
    press(&console.stage.button("Save changes"));
    until("the dialog", || console.stage.find("dialog[open]").is_some()).await;
    (server, console)
}

#[wasm_bindgen_test]
async fn a_401_asks_over_the_page_as_it_is() {
    let (_server, console) = interrupted().await;
    assert_eq!(console.address(), "/tokens/7");
    assert_eq!(value_of(&console.stage.control("Name")), "new-name");
    assert!(
        console.stage.says("You were signed in as alice. The page behind this dialog is as you left it.")
    );
}

/// Without a session the page behind could do nothing, so the dialog cannot be dismissed.
#[wasm_bindgen_test]
async fn the_question_cannot_be_escaped() {
    let (_server, console) = interrupted().await;
    request_close(&console.stage.get_as("dialog"));
    settle().await;
    assert!(console.stage.find("dialog[open]").is_some());
}

#[wasm_bindgen_test]
async fn whoever_has_a_name_begins_with_the_password() {
    let (_server, console) = interrupted().await;
    assert_eq!(value_of(&console.stage.control("Username")), "alice");
    let password: HtmlElement = console.stage.control("Password");
    until("the password has the focus", || has_focus(&password)).await;
}

#[wasm_bindgen_test]
async fn what_was_interrupted_goes_on_once() {
    let (server, console) = interrupted().await;
    server.now(|sent| match sent.method.as_str() {
        "PATCH" => Reply::json(200, r#"{"id": 7, "name": "new-name", "owner_id": 3, "enabled": true}"#),
        _ => Reply::json(200, ALICE),
    });
    type_into(&console.stage.control("Password"), "pw");
    submit(&console.stage.control("Password"));
    console.says("Saved new-name.").await;
    assert!(console.stage.find("dialog").is_none());
    assert_eq!(server.count("PATCH /api_tokens/7"), 2);
    let bodies: Vec<_> =
        server.sent().iter().filter(|s| s.method == "PATCH").map(|s| s.body.clone()).collect();
    assert_eq!(bodies[0], bodies[1]);
}

/// The server accepts the credentials, but not this request.
#[wasm_bindgen_test]
async fn what_is_refused_again_does_not_ask_again() {
    let (server, console) = interrupted().await;
    server.now(|sent| match sent.method.as_str() {
        "PATCH" => Reply::not_signed_in(),
        "OPTIONS" => Reply::empty(204),
        _ => Reply::json(200, r#"{"id": 3, "username": "alice"}"#),
    });
    type_into(&console.stage.control("Password"), "pw");
    submit(&console.stage.control("Password"));
    console.says("the server refuses this request, although it accepts your credentials").await;
    settle().await;
    assert!(console.stage.find("dialog").is_none());
    assert_eq!(server.count("PATCH /api_tokens/7"), 2);
    assert_eq!(value_of(&console.stage.control("Name")), "new-name");
}

/// The same for requests that follow one another.
#[wasm_bindgen_test]
async fn a_series_that_is_refused_again_ends() {
    remember_token();
    let is_about_one = |sent: &Sent| sent.method == "GET" && sent.path.starts_with("/api_tokens/");
    let rows = (1..=25).map(|id| format!(r#"{{"id": {id}, "name": "token-{id}"}}"#)).collect::<Vec<_>>();
    let list = format!("[{}]", rows.join(","));
    let server = Server::start(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("OPTIONS", _) => Reply::empty(204),
        (_, "/api_tokens/") => Reply::json(200, &list),
        (_, "/users/me") => Reply::json(200, r#"{"id": 3, "username": "alice"}"#),
        _ if is_about_one(sent) => Reply::not_signed_in(),
        _ => Reply::json(404, "{}"),
    });
    let console = Console::open("/tokens").await;
    until("the dialog", || console.stage.find("dialog[open]").is_some()).await;
    type_into(&console.stage.control("Password"), "pw");
    submit(&console.stage.control("Password"));
    until("the dialog closes", || console.stage.find("dialog").is_none()).await;
    let is_waiting = || console.stage.says("Loading");
    until("no row is waiting", || !is_waiting()).await;
    settle().await;
    assert!(console.stage.find("dialog").is_none());
    let sent = server.sent().iter().filter(|sent| is_about_one(sent)).count();
    assert!(sent <= 8, "four at once, and each of them again: {sent}");
}

/// Asking what is allowed is no such request: without an answer the server decides, and all others go on.
#[wasm_bindgen_test]
async fn refused_options_end_no_series() {
    remember_token();
    let (tokens, details, refusal) = (ListServer::many(25), Gate::default(), Gate::default());
    let (served, hold) = (tokens.hold_details(&details), refusal.clone());
    let server = Server::start(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("OPTIONS", _) => hold.hold(),
        (_, "/users/me") => Reply::json(200, ALICE),
        _ => served(sent),
    });
    let console = Console::open("/tokens").await;
    refusal.release(Reply::not_signed_in()).await;
    until("the dialog", || console.stage.find("dialog[open]").is_some()).await;
    type_into(&console.stage.control("Password"), "pw");
    submit(&console.stage.control("Password"));
    until("the dialog closes", || console.stage.find("dialog").is_none()).await;
    until("details are on their way", || details_sent(&server) == 4).await;
    refusal.release(Reply::not_signed_in()).await;
    settle().await;
    for id in 1..=25 {
        details.release(tokens.detail(id)).await;
    }
    settle().await;
    assert!(!console.stage.says("could not be loaded"));
    assert!(console.stage.find("dialog").is_none());
}

/// Bob must not save what Alice typed.
#[wasm_bindgen_test]
async fn somebody_else_begins_anew() {
    let (server, console) = interrupted().await;
    server.now(|sent| match (sent.method.as_str(), sent.path.as_str()) {
        (_, "/users/me") => Reply::json(200, BOB),
        ("OPTIONS", _) => Reply::empty(204),
        _ => Reply::json(200, r#"{"id": 7, "name": "ci-token", "owner_id": 3, "enabled": true}"#),
    });
    type_into(&console.stage.control("Password"), "pw");
    submit(&console.stage.control("Password"));
    console.says("You are now signed in as bob.").await;
    assert!(console.stage.says("This is a different user than before"));
    until("the page was loaded again", || {
        let name = console.stage.find_control::<HtmlElement>("Name");
        name.is_some_and(|name| value_of(&name) == "ci-token")
    })
    .await;
    assert_eq!(server.count("PATCH /api_tokens/7"), 1);
}

/// If the server does not say who the user is, the dialog neither speaks of another user nor promises anything.
#[wasm_bindgen_test]
async fn where_it_is_not_certain_who_one_is_that_is_said() {
    remember_nameless();
    let (server, console) = interrupted_as_remembered().await;
    assert!(console.stage.says("The server does not say who you are, so the page will be reloaded"));
    assert!(!console.stage.says("as you left it"));
    server.now(|sent| match (sent.method.as_str(), sent.path.as_str()) {
        (_, "/users/me") => Reply::json(404, "{}"),
        ("OPTIONS", _) => Reply::empty(204).with("Allow", "GET, PATCH, OPTIONS"),
        _ => Reply::json(200, r#"{"id": 7, "name": "ci-token", "owner_id": 3, "enabled": true}"#),
    });
    console.signs_in_again("old");
    console.says("You may not be the same user as before").await;
    assert!(!console.stage.says("different user"));
}

/// The server does not say who the user is, but the user typed the name to sign in with the password.
#[wasm_bindgen_test]
async fn a_name_that_was_typed_is_not_asked_for_again() {
    remember_password();
    let (_server, console) = interrupted_as_remembered().await;
    assert_eq!(value_of(&console.stage.control("Username")), "alice");
    assert!(
        console.stage.says("You were signed in as alice. The page behind this dialog is as you left it.")
    );
}

//! Bulk actions and the session: the token that the user is signed in with, signing in again, signing out.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    ALICE, Console, Gate, Reply, Sent, Server, Tokens, described,
    list_page::open_list,
    press, remember_basic,
    selection::{disabling_six, plan, question, select},
    settle, submit, type_into, until,
};

/// The session is signed in with one of them, which no response has told yet.
#[wasm_bindgen_test]
async fn the_credential_token_is_found_and_left_out() {
    let tokens = Tokens::new(40);
    let served = tokens.clone();
    let (server, console) = open_list(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("GET", "/api_tokens/30") => Reply::json(
            200,
            // The secret that `remember_token` signs in with.
            r#"{"id": 30, "name": "token-30", "owner_id": 3, "enabled": true, "token": "old"}"#,
        ),
        _ => served.answer(sent),
    })
    .await;
    select(&console, &[1]).await;
    press(&console.stage.button("Select all 40"));
    settle().await;
    press(&console.stage.button("Disable"));
    plan(&console, "Disable 39 of 40 tokens?").await;
    let words = described(&console.stage.get("dialog"));
    assert!(words.contains("1 token is left out: you are signed in with it. token-30 (ID 30)"), "{words}");
    press(&console.stage.dialog_button("Disable 39 tokens"));
    console.says("Disabled 39 tokens.").await;
    assert_eq!(tokens.enabled(), [30]);
    assert_eq!(server.count("PATCH /api_tokens/30"), 0);
}

/// Answers as a server with these tokens, all of them Alice's.
fn of_alice(tokens: &Tokens) -> impl Fn(&Sent) -> Reply + 'static {
    let tokens = tokens.clone();
    move |sent| match sent.path.as_str() {
        "/users/me" => Reply::json(200, ALICE),
        _ => tokens.answer(sent),
    }
}

async fn sign_in_again_with(console: &Console, secret: &str) {
    press(&console.stage.control("API token"));
    settle().await;
    let field = console.stage.get("input[type=password]");
    type_into(&field, secret);
    submit(&field);
}

/// A session with a password has no token of its own, but after signing in again over the question it may have one.
#[wasm_bindgen_test]
async fn whoever_signs_in_again_over_the_question_is_asked_anew() {
    let tokens = Tokens::new(3);
    let server = Server::start(of_alice(&tokens));
    remember_basic();
    let console = Console::open("/tokens").await;
    console.says("token-3").await;
    select(&console, &[1, 2]).await;
    press(&console.stage.button("Disable"));
    plan(&console, "Disable 2 tokens?").await;
    console.locks().await;
    sign_in_again_with(&console, "s3cret-2").await;
    plan(&console, "Disable 1 of 2 tokens?").await;
    let words = described(&console.stage.get("dialog"));
    assert!(words.contains("1 token is left out: you are signed in with it. token-2 (ID 2)"), "{words}");
    press(&console.stage.dialog_button("Disable 1 token"));
    console.says("Disabled 1 token.").await;
    assert_eq!(tokens.enabled(), [2, 3]);
    assert_eq!(server.count("PATCH /api_tokens/2"), 0);
}

/// Nor is a token disabled that the user signs in again with during the run.
#[wasm_bindgen_test]
async fn whoever_signs_in_again_during_a_run_keeps_their_token() {
    let tokens = Tokens::new(3);
    let gate = Gate::default();
    let (served, hold) = (of_alice(&tokens), gate.clone());
    let server = Server::start(move |sent| match sent.method.as_str() {
        "PATCH" => hold.hold(),
        _ => served(sent),
    });
    remember_basic();
    let console = Console::open("/tokens").await;
    console.says("token-3").await;
    select(&console, &[1, 2, 3]).await;
    press(&console.stage.button("Disable"));
    plan(&console, "Disable 3 tokens?").await;
    press(&console.stage.dialog_button("Disable 3 tokens"));
    until("two are under way", || server.count("PATCH /api_tokens/2") == 1).await;
    console.locks().await;
    let changes: Vec<_> = {
        let sent = server.sent();
        sent.iter().filter(|sent| sent.method == "PATCH").map(|sent| tokens.answer(sent)).collect()
    };
    for change in changes {
        gate.release(change).await;
    }
    sign_in_again_with(&console, "s3cret-3").await;
    console.says("Disabled 2 of 3 tokens. 1 not started.").await;
    assert_eq!(tokens.enabled(), [3]);
    assert_eq!(server.count("PATCH /api_tokens/3"), 0);
}

/// Types the number of tokens that the question asks for, and submits it.
fn confirm_deletion(console: &Console, number: u32) {
    let field: HtmlElement = console.stage.control("How many tokens will be deleted?");
    type_into(&field, &number.to_string());
    submit(&field);
}

/// Nor is the token deleted that the user signs in again with because its own deletion was refused.
#[wasm_bindgen_test]
async fn what_was_refused_is_not_repeated_with_the_token_that_it_is_about() {
    let tokens = Tokens::new(3);
    let served = of_alice(&tokens);
    let server = Server::start(move |sent| {
        let is_basic = sent.header("Authorization").is_some();
        match (sent.method.as_str(), sent.path.as_str()) {
            ("DELETE", "/api_tokens/2") if is_basic => Reply::not_signed_in(),
            _ => served(sent),
        }
    });
    remember_basic();
    let console = Console::open("/tokens").await;
    console.says("token-3").await;
    select(&console, &[1, 2]).await;
    press(&console.stage.button("Delete"));
    plan(&console, "Delete 2 tokens?").await;
    confirm_deletion(&console, 2);
    console.says("The server no longer accepts your credentials.").await;
    sign_in_again_with(&console, "s3cret-2").await;
    console.says("Deleted 1 of 2 tokens. 1 not started.").await;
    assert!(tokens.is_there(2) && !tokens.is_there(1));
    assert_eq!(server.count("DELETE /api_tokens/2"), 1);
}

/// A deletion was on its way when the user signed in again with its token.
#[wasm_bindgen_test]
async fn deleting_the_credential_token_after_all_ends_the_session() {
    let tokens = Tokens::new(3);
    let gate = Gate::default();
    let (served, hold) = (of_alice(&tokens), gate.clone());
    let server = Server::start(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("DELETE", "/api_tokens/3") => hold.hold(),
        _ => served(sent),
    });
    remember_basic();
    let console = Console::open("/tokens").await;
    console.says("token-3").await;
    select(&console, &[1, 3]).await;
    press(&console.stage.button("Delete"));
    plan(&console, "Delete 2 tokens?").await;
    confirm_deletion(&console, 2);
    until("it is being deleted", || server.count("DELETE /api_tokens/3") == 1).await;
    console.locks().await;
    sign_in_again_with(&console, "s3cret-3").await;
    until("the dialog is gone", || console.stage.find("dialog[open]").is_none()).await;
    press(&console.stage.link("token-3"));
    question(&console, "Leave before it is done?").await;
    press(&console.stage.dialog_button("Leave"));
    console.says("This session").await;
    tokens.remove(3);
    gate.release(Reply::empty(204)).await;
    console.says("You deleted the token you were signed in with, token-3 (ID 3).").await;
}

/// What one user began, another must not finish.
#[wasm_bindgen_test]
async fn signing_out_ends_the_run_and_forgets_the_selection() {
    let (server, console) = disabling_six().await;
    press(&console.stage.button("Sign out"));
    question(&console, "Leave before it is done?").await;
    press(&console.stage.dialog_button("Leave"));
    until("the sign-in screen", || console.address().starts_with("/sign-in")).await;
    settle().await;
    let patches = server.sent().iter().filter(|sent| sent.method == "PATCH").count();
    assert_eq!(patches, 4);
    let aborted = server.sent().iter().filter(|sent| sent.method == "PATCH" && sent.is_aborted()).count();
    assert_eq!(aborted, 4);
}

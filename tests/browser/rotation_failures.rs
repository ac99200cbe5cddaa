//! `/tokens/{id}/rotate`: answers that fail or get lost, and what cannot be done.

use std::cell::Cell;

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Reply, Sent, Tokens, browser_storage, described, press, remember_token,
    rotation_page::{PLAN, honest, kept_rotations, once, open_with},
    settle, text_of, until,
};

/// The server fails. The screen shows the state of the server, and trying again continues.
#[wasm_bindgen_test]
async fn a_failed_rename_is_told_and_tried_again() {
    remember_token();
    let fails = |sent: &Sent| sent.method == "PATCH";
    let world = open_with(PLAN, once(fails, |_, _| Reply::json(500, "null"))).await;
    world.begin().await;
    world.console.says("Renaming the old token: The changes were not saved").await;
    assert!(world.console.stage.says("The old one works, under its own name “token-1”"));
    world.press("Try again").await;
    world.console.says("Both tokens work").await;
    assert_eq!((world.patches(), world.server.count("POST /api_tokens/")), (2, 1));
}

/// No second token is created: the first is found by its name.
#[wasm_bindgen_test]
async fn a_creation_without_an_answer_is_found() {
    remember_token();
    let lost = |sent: &Sent| sent.method == "POST";
    let carried_out = |tokens: &Tokens, sent: &Sent| {
        tokens.answer(sent);
        Reply::NetworkError
    };
    let world = open_with(PLAN, once(lost, carried_out)).await;
    world.to_both().await;
    assert_eq!(world.server.count("POST /api_tokens/"), 1);
    // The secret has to be read, since the response that contained it got lost.
    world.hand_over().await;
    world.press("Disable the old token").await;
    world.console.says("The old one is disabled").await;
}

/// The name was looked up, so the outcome is known.
#[wasm_bindgen_test]
async fn a_creation_that_did_not_arrive_is_not_called_unknown() {
    remember_token();
    let world = open_with(PLAN, once(|sent| sent.method == "POST", |_, _| Reply::NetworkError)).await;
    world.begin().await;
    world
        .console
        .says("Creating the new token: The token was not created: the owner has no token with this name")
        .await;
    assert!(world.console.stage.says("There is no new token yet."));
    assert!(!world.console.stage.says("not known"));
    world.press("Try again").await;
    world.console.says("Both tokens work").await;
    assert_eq!(world.server.count("POST /api_tokens/"), 2);
}

/// Nor is one that was not sent because the length of the old secret could not be read.
#[wasm_bindgen_test]
async fn a_creation_that_was_not_sent_is_not_called_unknown() {
    remember_token();
    let is_renamed = Cell::new(false);
    let measures = move |sent: &Sent| {
        is_renamed.set(is_renamed.get() || sent.method == "PATCH");
        is_renamed.get() && sent.method == "GET" && sent.path == "/api_tokens/1"
    };
    let world = open_with(PLAN, once(measures, |_, _| Reply::json(400, "{}"))).await;
    world.begin().await;
    world.console.says("Checking the old token: The secret could not be loaded").await;
    assert!(world.console.stage.says("There is no new token yet."));
    assert!(kept_rotations().contains(r#""sent":false"#), "{}", kept_rotations());
    assert_eq!(world.server.count("POST /api_tokens/"), 0);
    world.press("Try again").await;
    world.console.says("Both tokens work").await;
}

/// A step that came too late has done nothing; the next one has.
#[wasm_bindgen_test]
async fn what_somebody_else_was_faster_with_is_not_said_to_be_done() {
    remember_token();
    let faster = |tokens: &Tokens, sent: &Sent| {
        tokens.disable(1);
        tokens.answer(sent)
    };
    let world = open_with(PLAN, once(|sent| sent.method == "PATCH", faster)).await;
    world.begin().await;
    world.console.says("The new token has not been handed over yet.").await;
    let acts = text_of(&world.console.stage.get("details [role=log]"));
    assert_eq!(acts.matches("Tried to rename token-1 (ID 1)").count(), 1, "{acts}");
    assert_eq!(acts.matches("Renamed token-1 (ID 1)").count(), 1, "{acts}");
}

#[wasm_bindgen_test]
async fn a_name_that_somebody_took_is_not_taken_for_the_new_token() {
    remember_token();
    // The old token is renamed, and then somebody else takes the name.
    let fails = |sent: &Sent| sent.method == "POST";
    let taken = |tokens: &Tokens, sent: &Sent| {
        tokens.rename(2, "token-1");
        tokens.answer(sent)
    };
    let world = open_with(PLAN, once(fails, taken)).await;
    world.begin().await;
    world.console.says("Another token is named “token-1” (ID 2).").await;
    world.press("It is the new one: continue").await;
    world.console.says("Both tokens work").await;
    assert_eq!(world.server.count("POST /api_tokens/"), 1);
}

#[wasm_bindgen_test]
async fn a_browser_that_is_full_does_not_keep_anybody_from_it() {
    remember_token();
    let world = open_with(PLAN, honest).await;
    let storage = browser_storage();
    // In smaller and smaller pieces, until there is no room left.
    for size in [1_000_000, 10_000, 100, 1] {
        for number in 0.. {
            if storage.set_item(&format!("full {size} {number}"), &"x".repeat(size)).is_err() {
                break;
            }
        }
    }
    world.to_both().await;
    world.console.says("This rotation is lost if you reload the page.").await;
    storage.clear().expect("storage");
}

#[wasm_bindgen_test]
async fn what_the_server_does_not_allow_is_not_begun() {
    remember_token();
    let world = open_with("/tokens/1", |tokens| {
        let tokens = tokens.clone();
        Box::new(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
            ("OPTIONS", "/api_tokens/") => Reply::empty(204).with("Allow", "GET, OPTIONS"),
            _ => tokens.answer(sent),
        })
    })
    .await;
    until("the reason", || {
        let button = world.console.stage.find_button("Rotate token");
        button.is_some_and(|button| described(&button) == "The server does not allow you to create tokens.")
    })
    .await;
    press(&world.console.stage.button("Rotate token"));
    settle().await;
    assert_eq!(world.console.address(), "/tokens/1");
}

/// The server had no token of the name when the failure was looked into.
#[wasm_bindgen_test]
async fn a_token_that_was_created_late_is_found_by_a_look() {
    remember_token();
    let world = open_with(PLAN, once(|sent| sent.method == "POST", |_, _| Reply::NetworkError)).await;
    world.begin().await;
    world.console.says("Creating the new token: The token was not created").await;
    world.create_late();
    world.press("Check again").await;
    world.console.says("Another token is named “token-1” (ID 102).").await;
    world.press("It is the new one: continue").await;
    world.console.says("Both tokens work").await;
}

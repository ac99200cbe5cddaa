//! `/tokens/{id}/rotate`: undoing, and what was so before the rotation.

use std::cell::Cell;

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Reply, Sent, press, remember_token,
    rotation_page::{NEW, PLAN, honest, kept_rotations, once, open_holding, open_with, reload, with_both},
    settle, text_of, until,
};

#[wasm_bindgen_test]
async fn undoing_says_what_it_does_and_does_it() {
    let world = with_both().await;
    world.press("Undo rotation").await;
    until("the question", || world.console.stage.find("dialog[open]").is_some()).await;
    let question = text_of(&world.console.stage.get("dialog"));
    assert!(question.contains("The new token “token-1” (ID 102) is deleted"), "{question}");
    assert!(question.contains("gets its name “token-1” back"), "{question}");
    world.press_in_dialog("Undo rotation").await;
    world.console.says("The rotation was undone.").await;
    assert_eq!(world.tokens.name(1).as_deref(), Some("token-1"));
    assert!(!world.tokens.is_there(NEW));
    assert_eq!(kept_rotations(), "");
}

/// Undoing would enable one token and delete the other.
#[wasm_bindgen_test]
async fn what_could_not_be_looked_at_is_not_undone_without_a_question() {
    let world = with_both().await;
    let is_refused = |sent: &Sent| sent.method == "GET" && sent.path == "/api_tokens/102";
    let tokens = world.tokens.clone();
    world.server.now(move |sent| if is_refused(sent) { Reply::json(403, "{}") } else { tokens.answer(sent) });
    let world = reload(world).await;
    world.console.says("The state of the two tokens is not known yet.").await;
    world.console.says("Checking the new token: ").await;
    world.server.now(world.tokens.serve());
    let before = world.patches();
    world.press("Undo rotation").await;
    until("the question", || world.console.stage.find("dialog[open]").is_some()).await;
    let question = text_of(&world.console.stage.get("dialog"));
    assert!(question.contains("The new token “token-1” (ID 102) is deleted"), "{question}");
    world.press_in_dialog("Cancel").await;
    settle().await;
    assert!(world.patches() == before && world.tokens.is_there(NEW));
    world.press("Undo rotation").await;
    world.press_in_dialog("Undo rotation").await;
    world.console.says("The rotation was undone.").await;
    assert_eq!(world.tokens.enabled(), [1, 2]);
}

/// The screen still shows the leaked token as it was before it was disabled: it is not known whether it is.
#[wasm_bindgen_test]
async fn a_leaked_token_is_not_enabled_again_without_a_question() {
    remember_token();
    let world = open_with(PLAN, |tokens| {
        let (tokens, is_down) = (tokens.clone(), Cell::new(false));
        Box::new(move |sent| {
            if sent.method == "PATCH" {
                is_down.set(true);
                tokens.answer(sent);
                return Reply::NetworkError;
            }
            let is_read = sent.method == "GET" && sent.path == "/api_tokens/1";
            if is_down.get() && is_read { Reply::json(403, "{}") } else { tokens.answer(sent) }
        })
    })
    .await;
    until("the choice", || world.console.stage.all("input[type=radio]").len() == 2).await;
    press(&world.console.stage.all("input[type=radio]")[1]);
    world.begin().await;
    until("it stops", || world.console.stage.find_button("Try again").is_some()).await;
    assert_eq!(world.tokens.enabled(), [2]);
    world.server.now(world.tokens.serve());
    world.press("Undo rotation").await;
    world.console.says("The old token works again if it is disabled, also for anyone it was leaked to").await;
    assert_eq!(world.tokens.enabled(), [2]);
}

/// If nothing was done, there is nothing to ask about.
#[wasm_bindgen_test]
async fn what_is_as_before_is_undone_without_a_question() {
    remember_token();
    let fails = |sent: &Sent| sent.method == "PATCH";
    let world = open_with(PLAN, once(fails, |_, _| Reply::json(500, "null"))).await;
    world.begin().await;
    world.console.says("The old one works, under its own name “token-1”").await;
    until("it stops", || world.console.stage.find_button("Try again").is_some()).await;
    world.press("Undo rotation").await;
    world.console.says("The rotation was undone.").await;
    assert_eq!(world.patches(), 1);
}

/// The undoing is reported elsewhere; then there is nothing to come back to, and another rotation can begin.
#[wasm_bindgen_test]
async fn what_was_undone_elsewhere_can_begin_again() {
    let (world, gate) = open_holding(|sent| sent.method == "DELETE").await;
    world.to_both().await;
    world.press("I have it already").await;
    world.press("Undo rotation").await;
    world.press_in_dialog("Undo rotation").await;
    until("the deletion is sent", || world.server.count("DELETE /api_tokens/102") == 1).await;
    world.press_link("API tokens").await;
    until("the list", || world.console.stage.find("table").is_some()).await;
    world.tokens.remove(NEW);
    gate.release(Reply::empty(204)).await;
    world.console.says("token-1: the rotation was undone.").await;
    world.press_link("token-1").await;
    world.press("Rotate token").await;
    until("the plan", || world.console.stage.find_button("Begin rotation").is_some()).await;
    assert!(!world.console.stage.says("The rotation was undone."));
}

/// A leaked token that somebody had disabled by hand does not work again because a rotation is undone.
#[wasm_bindgen_test]
async fn a_token_that_was_disabled_before_is_disabled_after_undoing() {
    remember_token();
    let world = open_with(PLAN, |tokens| {
        tokens.disable(1);
        honest(tokens)
    })
    .await;
    world.begin().await;
    world.console.says("The new token works. The old one is disabled").await;
    world.press("Undo rotation").await;
    until("the question", || world.console.stage.find("dialog[open]").is_some()).await;
    let question = text_of(&world.console.stage.get("dialog"));
    assert!(!question.contains("works again"), "{question}");
    world.press_in_dialog("Undo rotation").await;
    world.console.says("The rotation was undone.").await;
    assert_eq!(world.tokens.enabled(), [2]);
    world.console.says("The old token has its name “token-1” and is disabled, as before.").await;
}

/// The page was open for a while, and somebody renamed the token.
#[wasm_bindgen_test]
async fn a_token_that_was_renamed_meanwhile_is_rotated_under_its_present_name() {
    remember_token();
    let world = open_with(PLAN, honest).await;
    until("the plan", || world.console.stage.find_button("Begin rotation").is_some()).await;
    world.tokens.rename(1, "renamed");
    world.begin().await;
    // Begun was the rotation of the token as it was shown.
    world.console.says("The old token (ID 1) is named “renamed” now.").await;
    assert_eq!(world.patches(), 0);
    world.press("It is the old one: continue").await;
    world.console.says("Both tokens work").await;
    assert_eq!(world.tokens.name(NEW).as_deref(), Some("renamed"));
    assert!(world.tokens.name(1).expect("it is there").starts_with("renamed (rotated 20"));
    assert_eq!(text_of(&world.console.stage.get("h1")), "Rotate renamed");
    world.press("Undo rotation").await;
    world.press_in_dialog("Undo rotation").await;
    world.console.says("The rotation was undone.").await;
    assert_eq!(world.tokens.name(1).as_deref(), Some("renamed"));
}

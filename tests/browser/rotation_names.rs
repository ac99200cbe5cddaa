//! `/tokens/{id}/rotate`: tokens that have other names than the rotation gave them.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    rotation_page::{NEW, kept_rotations, with_both},
    text_of, until,
};

/// What the screen says is what the server said last.
#[wasm_bindgen_test]
async fn a_new_token_that_somebody_renamed_is_shown_and_deleted_under_its_present_name() {
    let world = with_both().await;
    world.tokens.rename(NEW, "payments-live");
    world.press("Check again").await;
    world.console.says("Both tokens work: “payments-live” is the new one").await;
    assert!(world.console.stage.says("Somebody renamed the new one to “payments-live”, or its ID (102)"));
    world.console.says("The new token (ID 102) is named “payments-live” now.").await;
    let link = world.console.stage.link("payments-live");
    assert_eq!(link.get_attribute("href").as_deref(), Some("/tokens/102"));
    world.press("Undo rotation").await;
    until("the question", || world.console.stage.find("dialog[open]").is_some()).await;
    let question = text_of(&world.console.stage.get("dialog"));
    assert!(question.contains("The new token “payments-live” (ID 102) is deleted"), "{question}");
    world.press_in_dialog("Undo rotation").await;
    world.console.says("The rotation was undone.").await;
    assert_eq!(world.tokens.enabled(), [1, 2]);
    let acts = text_of(&world.console.stage.get("details [role=log]"));
    assert!(acts.contains("Deleted payments-live (ID 102)"), "{acts}");
}

/// The user has confirmed that a token of another name is deleted. This one has the same ID.
#[wasm_bindgen_test]
async fn a_token_that_is_not_the_confirmed_one_is_not_deleted() {
    let world = with_both().await;
    world.press("Undo rotation").await;
    until("the question", || world.console.stage.find("dialog[open]").is_some()).await;
    world.tokens.rename(NEW, "payments-live");
    world.press_in_dialog("Undo rotation").await;
    world.console.says("The new token (ID 102) is named “payments-live” now.").await;
    assert!(world.tokens.name(NEW).as_deref() == Some("payments-live") && world.patches() == 1);
    // The way back does not lead over it.
    world.press("It is another token").await;
    world.console.says("The rotation was undone.").await;
    assert_eq!(world.tokens.name(1).as_deref(), Some("token-1"));
    assert_eq!(world.tokens.name(NEW).as_deref(), Some("payments-live"));
    assert_eq!(world.server.count("DELETE /api_tokens/102"), 0);
}

#[wasm_bindgen_test]
async fn an_old_token_that_is_not_the_confirmed_one_is_not_deleted() {
    let world = with_both().await;
    world.hand_over().await;
    world.press("Disable the old token").await;
    world.console.says("The old one is disabled").await;
    world.press("Delete the old token").await;
    until("the question", || world.console.stage.find("dialog[open]").is_some()).await;
    world.tokens.rename(1, "prod-db");
    world.press_in_dialog("Delete token").await;
    world.console.says("The old token (ID 1) is named “prod-db” now.").await;
    assert_eq!(world.server.count("DELETE /api_tokens/1"), 0);
    assert!(world.console.stage.find_button("It is another token").is_none());
    world.press("It is the old one: continue").await;
    world.console.says("“token-1” was rotated.").await;
    assert!(!world.tokens.is_there(1));
}

/// A server that was restored has neither of the two any more, but perhaps another token with the new one's ID.
#[wasm_bindgen_test]
async fn a_rotation_does_not_end_by_itself_over_a_token_of_another_name() {
    let world = with_both().await;
    world.tokens.rename(NEW, "payments-live");
    world.tokens.remove(1);
    world.press("Check again").await;
    world.console.says("The new token works. The old one is deleted. Somebody renamed the new one").await;
    assert!(!world.console.stage.says("was rotated."));
    assert!(!kept_rotations().is_empty());
}

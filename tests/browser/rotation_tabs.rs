//! `/tokens/{id}/rotate` in two tabs.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Reply,
    rotation_page::{
        another_tab_stores, kept_rotations, open_holding, reload, with_both, with_held_creation,
    },
    settle, show_page, until,
};

/// Another tab ends the rotation while this one waits for a response.
#[wasm_bindgen_test]
async fn a_rotation_that_ended_in_another_tab_stays_ended() {
    let (world, gate) = open_holding(|sent| sent.method == "DELETE").await;
    world.to_both().await;
    world.press("Undo rotation").await;
    world.press_in_dialog("Undo rotation").await;
    until("the deletion is sent", || world.server.count("DELETE /api_tokens/102") == 1).await;
    another_tab_stores(|_| String::new());
    gate.release(Reply::empty(204)).await;
    settle().await;
    assert_eq!(kept_rotations(), "");
    world.console.says("The rotation of token-1 has ended in another tab.").await;
    until("the plan", || world.console.stage.find_button("Begin rotation").is_some()).await;
}

/// Another tab has found the new token while this one waits for a response.
#[wasm_bindgen_test]
async fn what_another_tab_has_stored_meanwhile_is_not_overwritten() {
    let (world, gate) = with_held_creation().await;
    another_tab_stores(|text| {
        let text = text.replace(r#""new":null"#, r#""new":2"#);
        text.replace(r#""sent":true"#, r#""sent":false"#)
    });
    world.tokens.rename(2, "token-1");
    gate.release(Reply::json(409, "{}")).await;
    world.console.says("The rotation was continued in another tab.").await;
    assert!(kept_rotations().contains(r#""new":2"#), "{}", kept_rotations());
    // What is shown is read again.
    world.console.says("Both tokens work").await;
    assert_eq!(world.server.count("POST /api_tokens/"), 1);
}

/// The new token was handed over in one tab and verified in the other.
#[wasm_bindgen_test]
async fn tabs_add_to_what_is_noted_of_the_hand_over() {
    let world = with_both().await;
    another_tab_stores(|text| text.replace(r#""verified":false"#, r#""verified":true"#));
    world.press("I have it already").await;
    settle().await;
    assert!(
        kept_rotations().contains(r#""handed":true"#) && kept_rotations().contains(r#""verified":true"#),
        "{}",
        kept_rotations()
    );
    world.press("Disable the old token").await;
    world.console.says("The new token works. The old one is disabled").await;
}

/// What the user ends here is the rotation that they see.
#[wasm_bindgen_test]
async fn a_rotation_that_another_tab_undoes_is_not_ended_unseen() {
    let world = with_both().await;
    another_tab_stores(|text| text.replace(r#""undoing":false"#, r#""undoing":true"#));
    world.press("Forget this rotation").await;
    world.console.says("The rotation was continued in another tab.").await;
    assert!(kept_rotations().contains(r#""undoing":true"#), "{}", kept_rotations());
    world.console.says("Undoing the rotation has begun but is not finished.").await;
}

/// The browser keeps a page aside for "back", and no event reaches it there.
#[wasm_bindgen_test]
async fn a_page_that_comes_back_knows_what_other_tabs_have_stored() {
    let world = with_both().await;
    another_tab_stores(|_| String::new());
    show_page(true);
    until("the plan", || world.console.stage.find_button("Begin rotation").is_some()).await;
}

/// The creation takes its time, and meanwhile the page is reloaded, or opened in another tab.
#[wasm_bindgen_test]
async fn a_creation_that_is_under_way_is_not_forgotten_by_a_look() {
    let (world, _gate) = with_held_creation().await;
    let world = reload(world).await;
    world.console.says("No new token was found (the server may still be creating it).").await;
    assert!(kept_rotations().contains(r#""sent":true"#), "{}", kept_rotations());
    world.create_late();
    world.press("Check again").await;
    world.console.says("Both tokens work: “token-1” is the new one").await;
    assert_eq!(world.server.count("POST /api_tokens/"), 1);
}

/// Another tab begins to undo while this one waits for the answer to its creation.
#[wasm_bindgen_test]
async fn a_new_token_is_not_dropped_because_another_tab_has_gone_on() {
    let (world, gate) = with_held_creation().await;
    another_tab_stores(|text| text.replace(r#""undoing":false"#, r#""undoing":true"#));
    gate.release(world.create_late()).await;
    world.console.says("The rotation was continued in another tab.").await;
    assert!(
        kept_rotations().contains(r#""new":102"#) && kept_rotations().contains(r#""undoing":true"#),
        "{}",
        kept_rotations()
    );
    world.console.says("Both tokens work: “token-1” is the new one").await;
}

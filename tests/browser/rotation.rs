//! `/tokens/{id}/rotate`: from the plan to the end.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    DISABLED_KEY, Gate, Reply, Sent, described, press, remember_nameless, remember_secret, remember_token,
    rotation_page::{
        NEW, PLAN, World, honest, kept_rotations, once, open_with, reload, with_both, with_held_creation,
    },
    settle, tab_storage, text_of, until,
};

#[wasm_bindgen_test]
async fn from_the_plan_to_the_end() {
    remember_token();
    let world = open_with(PLAN, honest).await;
    let console = &world.console;
    world.to_both().await;
    assert_eq!(world.tokens.name(NEW).as_deref(), Some("token-1"));
    assert!(world.tokens.name(1).expect("it is there").starts_with("token-1 (rotated 20"));
    assert_eq!(world.server.count("POST /api_tokens/"), 1);
    let disable = console.stage.button("Disable the old token");
    assert_eq!(described(&disable), "Copy or download the new token first.");
    press(&disable);
    settle().await;
    assert_eq!(world.tokens.enabled(), [1, 2, NEW]);

    world.hand_over().await;
    world.press("Disable the old token").await;
    console.says("The new token works. The old one is disabled").await;
    assert_eq!(world.tokens.enabled(), [2, NEW]);
    assert!(!kept_rotations().is_empty());

    world.press("Delete the old token").await;
    let region = console.stage.get(".screen > .result[role=status]");
    world.press_in_dialog("Delete token").await;
    // It is read out, since its region was there before.
    until("the result", || text_of(&region).starts_with("“token-1” was rotated.")).await;
    assert!(!world.tokens.is_there(1));
    assert_eq!(kept_rotations(), "");
    let link = console.stage.link("Open the token's page");
    assert_eq!(link.get_attribute("href").as_deref(), Some("/tokens/102"));
}

/// The new secret is as long as the old one, if the API allows that. Neither is in the page or in the storage.
#[wasm_bindgen_test]
async fn no_secret_is_shown_or_kept() {
    remember_token();
    let length = Rc::new(RefCell::new(String::new()));
    let asked = length.clone();
    let world = open_with(PLAN, move |tokens| {
        let (tokens, asked) = (tokens.clone(), asked.clone());
        Box::new(move |sent| {
            if sent.method == "POST" {
                asked.borrow_mut().clone_from(&sent.body);
            }
            tokens.answer(sent)
        })
    })
    .await;
    world.to_both().await;
    assert!(length.borrow().contains("length=16"), "{}", length.borrow());
    for secret in ["s3cret-1", "s3cret-102"] {
        assert!(!world.console.stage.html().contains(secret));
        assert!(!kept_rotations().contains(secret));
    }
}

#[wasm_bindgen_test]
async fn a_leaked_token_is_disabled_first() {
    remember_token();
    let world = open_with(PLAN, honest).await;
    until("the choice", || world.console.stage.all("input[type=radio]").len() == 2).await;
    press(&world.console.stage.all("input[type=radio]")[1]);
    settle().await;
    assert!(text_of(&world.console.stage.get(".rotation-plan li")).contains("at once"));
    world.begin().await;
    world.console.says("The new token has not been handed over yet.").await;
    assert_eq!(world.tokens.enabled(), [2, NEW]);
    let first = world.server.sent().iter().find(|sent| sent.method == "PATCH").map(|sent| sent.body.clone());
    assert!(first.expect("a change").contains(r#""replace","path":"/enabled","value":false"#));
}

#[wasm_bindgen_test]
async fn a_reload_goes_on_where_it_was() {
    let world = with_both().await;
    let world = reload(world).await;
    world.console.says("Both tokens work").await;
    world.hand_over().await;
    world.press("Disable the old token").await;
    world.console.says("The old one is disabled").await;
    assert_eq!(world.server.count("POST /api_tokens/"), 1);
}

/// It was disabled before, so this tab has not added it to "Recently disabled".
#[wasm_bindgen_test]
async fn an_old_token_that_is_kept_is_found_below_the_list() {
    remember_token();
    let storage = tab_storage();
    storage.remove_item(DISABLED_KEY).expect("storage");
    let world = open_with(PLAN, |tokens| {
        tokens.disable(1);
        honest(tokens)
    })
    .await;
    world.begin().await;
    world.console.says("The new token works. The old one is disabled").await;
    storage.remove_item(DISABLED_KEY).expect("storage");
    world.press("Keep the old token, disabled").await;
    world.console.says("(ID 1). You can find it under “Recently disabled” in the list.").await;
    let recently = storage.get_item(DISABLED_KEY).ok().flatten().unwrap_or_default();
    assert!(recently.contains(r#""id":1,"name":"token-1 (rotated "#), "{recently}");
    world.press_link("Go to the list").await;
    world.console.says("Recently disabled").await;
}

#[wasm_bindgen_test]
async fn a_rotation_has_one_address() {
    let world = with_both().await;
    press(&world.console.stage.link("token-1"));
    // Leaving a new secret that was not handed over asks first.
    world.console.says("Leave without the secret?").await;
    world.press_in_dialog("Leave").await;
    world.console.says("This token is being rotated.").await;
    assert_eq!(world.console.address(), "/tokens/102");
    assert!(world.console.stage.says("It is the new one"));
    press(&world.console.stage.link("Go to the rotation"));
    world.console.says("Both tokens work").await;
    assert_eq!(world.console.address(), PLAN);
    // The secret is not fresh any more: there is no question the second time.
    press(&world.console.stage.link("API tokens"));
    until("the list", || world.console.stage.find("table").is_some()).await;
}

#[wasm_bindgen_test]
async fn the_credential_token_goes_on_with_the_new_one() {
    remember_secret("s3cret-1");
    let world = open_with(PLAN, honest).await;
    world.console.says("You are signed in with this token. Before it is disabled").await;
    world.to_both().await;
    world.hand_over().await;
    world.press("Disable the old token").await;
    world.console.says("The old one is disabled").await;
    assert!(world.console.stage.find("dialog[open]").is_none());
    let used = world.server.sent().last().and_then(|sent| sent.header("X-API-TOKEN"));
    assert_eq!(used.as_deref(), Some("s3cret-102"));
    world.press("Undo rotation").await;
    world.press_in_dialog("Undo rotation").await;
    world.console.says("The rotation was undone.").await;
    assert_eq!(world.tokens.enabled(), [1, 2]);
    assert!(world.console.stage.find("dialog[open]").is_none());
}

#[wasm_bindgen_test]
async fn without_a_user_only_the_page_knows_of_it() {
    remember_nameless();
    let world = open_with(PLAN, honest).await;
    world.to_both().await;
    world.console.says("This rotation is lost if you reload the page.").await;
    assert_eq!(kept_rotations(), "");
}

/// Opens the rotation's page from the list and returns to the list, which fails if there is a question.
async fn come_back_and_leave(world: &World) {
    world.press_link("token-1").await;
    world.press_link("Go to the rotation").await;
    until("the hand-over", || world.console.stage.find_button("Verify token").is_some()).await;
    world.press_link("API tokens").await;
    until("the list", || {
        world.console.address().starts_with("/tokens?") || world.console.address() == "/tokens"
    })
    .await;
}

/// If the user leaves before the new secret arrives, it is not kept: there is nothing to ask about.
#[wasm_bindgen_test]
async fn a_secret_that_comes_when_nobody_looks_is_not_kept() {
    let (world, gate) = with_held_creation().await;
    world.press_link("API tokens").await;
    until("the list", || world.console.stage.find("table").is_some()).await;
    let created = {
        let sent = world.server.sent();
        world.tokens.answer(sent.iter().find(|sent| sent.method == "POST").expect("a creation"))
    };
    gate.release(created).await;
    world.console.says("token-1: the new token exists.").await;
    come_back_and_leave(&world).await;
}

/// Nor is one that had arrived, once its screen is left while the rotation goes on.
#[wasm_bindgen_test]
async fn a_secret_that_nobody_looks_at_any_more_is_forgotten() {
    remember_secret("s3cret-1");
    let gate = Gate::default();
    let held = gate.clone();
    let disables = |sent: &Sent| {
        sent.method == "PATCH" && sent.body.contains(r#""replace","path":"/enabled","value":false"#)
    };
    let world = open_with(PLAN, once(disables, move |_, _| held.hold())).await;
    until("the choice", || world.console.stage.all("input[type=radio]").len() == 2).await;
    press(&world.console.stage.all("input[type=radio]")[1]);
    world.begin().await;
    until("the old one is being disabled", || world.patches() == 2).await;
    until("the hand-over", || world.console.stage.find_button("Verify token").is_some()).await;
    world.press_link("API tokens").await;
    world.press_in_dialog("Leave").await;
    until("the list", || world.console.stage.find("table").is_some()).await;
    let disabled = {
        let sent = world.server.sent();
        world.tokens.answer(sent.iter().rfind(|sent| disables(sent)).expect("a change"))
    };
    gate.release(disabled).await;
    world.console.says("token-1: the new token exists.").await;
    come_back_and_leave(&world).await;
}

/// A run goes on when its screen is left, and its result is reported on the other screen.
#[wasm_bindgen_test]
async fn leaving_does_not_stop_it() {
    remember_token();
    let gate = Gate::default();
    let (held, is_held) = (gate.clone(), Rc::new(Cell::new(false)));
    let world = open_with(PLAN, move |tokens| {
        let (tokens, held, is_held) = (tokens.clone(), held.clone(), is_held.clone());
        Box::new(move |sent| {
            if sent.method == "POST" && !is_held.replace(true) {
                return held.hold();
            }
            tokens.answer(sent)
        })
    })
    .await;
    world.begin().await;
    until("the creation is sent", || world.server.count("POST /api_tokens/") == 1).await;
    press(&world.console.stage.link("API tokens"));
    until("the list", || world.console.stage.find("table").is_some()).await;
    world.console.says("In rotation").await;
    gate.release(Reply::json(
        201,
        r#"{"id": 102, "name": "token-1", "owner_id": 3, "enabled": true, "token": "x"}"#,
    ))
    .await;
    world.console.says("token-1: the new token exists.").await;
}

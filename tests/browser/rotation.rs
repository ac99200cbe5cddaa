//! `/tokens/{id}/rotate`: from the plan to the end and back, with any failures between.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Console, Reply, Sent, Server, Tokens, browser_storage, described, press, remember_nameless,
    remember_secret, remember_token, settle, show_page, tab_storage, text_of, until,
};

const PLAN: &str = "/tokens/1/rotate";
/// The ID that the fake server gives to the new token.
const NEW: i64 = 102;

type Answer = Box<dyn Fn(&Sent) -> Reply>;

/// Alice's tokens 1 and 2, and the page of token 1's rotation.
struct World {
    tokens: Tokens,
    server: Server,
    console: Console,
}

async fn open_with(address: &str, answer: impl Fn(&Tokens) -> Answer) -> World {
    // Left by a test that failed.
    browser_storage().clear().expect("storage");
    let tokens = Tokens::new(2);
    let server = Server::start(answer(&tokens));
    let console = Console::open(address).await;
    World { tokens, server, console }
}

/// Opens the rotation of a session that is kept, and takes it to where both tokens work.
async fn with_both() -> World {
    remember_token();
    let world = open_with(PLAN, honest).await;
    world.to_both().await;
    world
}

fn honest(tokens: &Tokens) -> Answer {
    Box::new(tokens.serve())
}

/// Answers like `honest`, except that `instead` answers the first request for which `is_it` holds.
fn once(
    is_it: impl Fn(&Sent) -> bool + 'static,
    instead: impl Fn(&Tokens, &Sent) -> Reply + 'static,
) -> impl Fn(&Tokens) -> Answer {
    let (is_it, instead) = (Rc::new(is_it), Rc::new(instead));
    move |tokens| {
        let (tokens, is_it, instead, done) =
            (tokens.clone(), is_it.clone(), instead.clone(), Cell::new(false));
        Box::new(move |sent| {
            if !done.get() && is_it(sent) {
                done.set(true);
                return instead(&tokens, sent);
            }
            tokens.answer(sent)
        })
    }
}

impl World {
    async fn press(&self, words: &str) {
        until(words, || {
            let button = self.console.stage.find_button(words);
            button.is_some_and(|button| button.get_attribute("aria-disabled").is_none())
        })
        .await;
        press(&self.console.stage.button(words));
    }

    async fn press_link(&self, words: &str) {
        until(words, || self.console.stage.all("a").iter().any(|link| text_of(link) == words)).await;
        press(&self.console.stage.link(words));
    }

    async fn begin(&self) {
        self.press("Begin rotation").await;
    }

    /// Goes on until both tokens work.
    async fn to_both(&self) {
        self.begin().await;
        self.console.says("Both tokens work").await;
    }

    async fn hand_over(&self) {
        self.press("I have it already").await;
        self.press("Verify token").await;
        self.console.says("works: the server accepts it").await;
    }

    async fn press_in_dialog(&self, words: &str) {
        until("the question", || self.console.stage.find("dialog[open]").is_some()).await;
        press(&self.console.stage.dialog_button(words));
    }

    fn patches(&self) -> usize {
        self.server.count("PATCH /api_tokens/1")
    }
}

/// Reloads the page. The stored rotation stays.
async fn reload(World { tokens, server, console }: World) -> World {
    let text = kept();
    drop(console);
    let storage = browser_storage();
    let user = text.split('"').nth(3).expect("a user").to_owned();
    storage.set_item(&format!("credmgr.rotations {user}"), &text).expect("room");
    let console = Console::signed_in(PLAN).await;
    World { tokens, server, console }
}

fn kept() -> String {
    let storage = browser_storage();
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|i| storage.key(i).ok().flatten());
    let keys = keys.filter(|key| key.starts_with("credmgr.rotations "));
    keys.filter_map(|key| storage.get_item(&key).ok().flatten()).collect()
}

/// Changes the stored rotations as another tab does, without the event that this page would get as a tab.
fn another_tab_stores(change: impl Fn(&str) -> String) {
    let storage = browser_storage();
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|i| storage.key(i).ok().flatten());
    let key = keys.into_iter().find(|key| key.starts_with("credmgr.rotations ")).expect("a rotation");
    let text = change(&storage.get_item(&key).ok().flatten().expect("a rotation"));
    if text.is_empty() {
        storage.remove_item(&key).expect("storage");
    } else {
        storage.set_item(&key, &text).expect("room");
    }
}

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
    assert!(!kept().is_empty());

    world.press("Delete the old token").await;
    world.press_in_dialog("Delete token").await;
    console.says("“token-1” was rotated.").await;
    assert!(!world.tokens.is_there(1));
    assert_eq!(kept(), "");
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
        assert!(!kept().contains(secret));
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
    assert!(kept().contains(r#""sent":false"#), "{}", kept());
    assert_eq!(world.server.count("POST /api_tokens/"), 0);
    world.press("Try again").await;
    world.console.says("Both tokens work").await;
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

#[wasm_bindgen_test]
async fn undoing_says_what_it_does_and_does_it() {
    let world = with_both().await;
    world.press("Undo rotation").await;
    until("the question", || world.console.stage.find("dialog[open]").is_some()).await;
    let question = text_of(&world.console.stage.get("dialog"));
    assert!(question.contains("The new token (ID 102) is deleted"), "{question}");
    assert!(question.contains("gets its name “token-1” back"), "{question}");
    world.press_in_dialog("Undo rotation").await;
    world.console.says("The rotation was undone.").await;
    assert_eq!(world.tokens.name(1).as_deref(), Some("token-1"));
    assert!(!world.tokens.is_there(NEW));
    assert_eq!(kept(), "");
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
    assert!(question.contains("The new token (ID 102) is deleted"), "{question}");
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
    remember_token();
    let gate = crate::support::Gate::default();
    let held = gate.clone();
    let world = open_with(PLAN, once(|sent| sent.method == "DELETE", move |_, _| held.hold())).await;
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

/// It was disabled before, so this tab has not added it to "Recently disabled".
#[wasm_bindgen_test]
async fn an_old_token_that_is_kept_is_found_below_the_list() {
    remember_token();
    let storage = tab_storage();
    storage.remove_item("credmgr.disabled").expect("storage");
    let world = open_with(PLAN, |tokens| {
        tokens.disable(1);
        honest(tokens)
    })
    .await;
    world.begin().await;
    world.console.says("The new token works. The old one is disabled").await;
    storage.remove_item("credmgr.disabled").expect("storage");
    world.press("Keep the old token, disabled").await;
    world.console.says("(ID 1). You can find it under “Recently disabled” in the list.").await;
    let recently = storage.get_item("credmgr.disabled").ok().flatten().unwrap_or_default();
    assert!(recently.contains(r#""id":1,"name":"token-1 (rotated "#), "{recently}");
    world.press_link("Go to the list").await;
    world.console.says("Recently disabled").await;
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
async fn the_sessions_own_token_goes_on_with_the_new_one() {
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
    assert_eq!(kept(), "");
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
    remember_token();
    let gate = crate::support::Gate::default();
    let held = gate.clone();
    let world = open_with(PLAN, once(|sent| sent.method == "POST", move |_, _| held.hold())).await;
    world.begin().await;
    until("the creation is sent", || world.server.count("POST /api_tokens/") == 1).await;
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
    let gate = crate::support::Gate::default();
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
    let gate = crate::support::Gate::default();
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

// Before the rotation

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
    world.to_both().await;
    assert_eq!(world.tokens.name(NEW).as_deref(), Some("renamed"));
    assert!(world.tokens.name(1).expect("it is there").starts_with("renamed (rotated 20"));
    assert_eq!(text_of(&world.console.stage.get("h1")), "Rotate renamed");
    world.press("Undo rotation").await;
    world.press_in_dialog("Undo rotation").await;
    world.console.says("The rotation was undone.").await;
    assert_eq!(world.tokens.name(1).as_deref(), Some("renamed"));
}

// Two tabs

/// Another tab ends the rotation while this one waits for a response.
#[wasm_bindgen_test]
async fn a_rotation_that_ended_in_another_tab_stays_ended() {
    remember_token();
    let gate = crate::support::Gate::default();
    let held = gate.clone();
    let world = open_with(PLAN, once(|sent| sent.method == "DELETE", move |_, _| held.hold())).await;
    world.to_both().await;
    world.press("Undo rotation").await;
    world.press_in_dialog("Undo rotation").await;
    until("the deletion is sent", || world.server.count("DELETE /api_tokens/102") == 1).await;
    another_tab_stores(|_| String::new());
    gate.release(Reply::empty(204)).await;
    settle().await;
    assert_eq!(kept(), "");
    world.console.says("The rotation of token-1 has ended in another tab.").await;
    until("the plan", || world.console.stage.find_button("Begin rotation").is_some()).await;
}

/// Another tab has found the new token while this one waits for a response.
#[wasm_bindgen_test]
async fn what_another_tab_has_stored_meanwhile_is_not_overwritten() {
    remember_token();
    let gate = crate::support::Gate::default();
    let held = gate.clone();
    let world = open_with(PLAN, once(|sent| sent.method == "POST", move |_, _| held.hold())).await;
    world.begin().await;
    until("the creation is sent", || world.server.count("POST /api_tokens/") == 1).await;
    another_tab_stores(|text| {
        let text = text.replace(r#""new":null"#, r#""new":2"#);
        text.replace(r#""sent":true"#, r#""sent":false"#)
    });
    world.tokens.rename(2, "token-1");
    gate.release(Reply::json(409, "{}")).await;
    world.console.says("The rotation was continued in another tab.").await;
    assert!(kept().contains(r#""new":2"#), "{}", kept());
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
    assert!(kept().contains(r#""handed":true"#) && kept().contains(r#""verified":true"#), "{}", kept());
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
    assert!(kept().contains(r#""undoing":true"#), "{}", kept());
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

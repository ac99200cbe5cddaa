//! The draft of a new token survives a reload of the tab.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    ALICE, Console, DRAFT_KEY, Gate, Reply, SESSION_KEY, Sent, Server, described, has_focus, kept_on_tab,
    never, nothing_found, press, settle, submit, tab_storage, type_into, until, value_of,
};

const POST: &str = "POST /api_tokens/";
const RESTORED: &str = "Your draft was restored.";

fn answers(create: fn() -> Reply, look: fn() -> Reply) -> impl Fn(&Sent) -> Reply {
    move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("POST", _) => create(),
        ("OPTIONS", _) => Reply::empty(204),
        (_, "/users/me") => Reply::json(200, ALICE),
        (_, path) if path.starts_with("/users/") => Reply::json(403, "{}"),
        (_, path) if path.contains("owner_id") => look(),
        _ => Reply::json(200, "[]"),
    }
}

fn found() -> Reply {
    Reply::json(200, r#"[{"id": 51, "name": "ci-token"}]"#)
}

fn lost() -> Reply {
    Reply::NetworkError
}

fn kept() -> Option<String> {
    kept_on_tab(DRAFT_KEY)
}

fn remember(draft: &str) {
    tab_storage().set_item(DRAFT_KEY, draft).expect("room");
}

async fn form() -> Console {
    let console = Console::signed_in("/tokens/new").await;
    console.shows_form().await;
    console
}

async fn typed() -> Console {
    let console = form().await;
    type_into(&console.stage.control("Name"), "ci-token");
    type_into(&console.stage.control("Length"), "64");
    settle().await;
    console
}

/// Reloads the page as a browser does: without questions and without cleanup.
async fn reload(console: Console) -> Console {
    let draft = kept();
    drop(console);
    if let Some(draft) = draft {
        remember(&draft);
    }
    form().await
}

fn name(console: &Console) -> String {
    value_of(&console.stage.control("Name"))
}

#[wasm_bindgen_test]
async fn what_was_typed_is_there_again() {
    let _server = Server::start(answers(never, nothing_found));
    let console = reload(typed().await).await;
    assert!(console.stage.says(RESTORED), "{}", console.stage.text());
    assert_eq!(name(&console), "ci-token");
    assert_eq!(value_of(&console.stage.control("Length")), "64");
}

/// The field shows the owner of the token, even if the list of users does not contain them (any more).
#[wasm_bindgen_test]
async fn an_owner_who_is_not_listed_stays_chosen() {
    let server = Server::start(|sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("GET", path) if path.starts_with("/users/?") => {
            Reply::json(200, r#"[{"id": 3, "username": "alice"}, {"id": 4, "username": "bob"}]"#)
        }
        _ => answers(never, nothing_found)(sent),
    });
    let console = typed().await;
    let draft = kept().expect("a draft").replace("typed-owner=", "typed-owner=999");
    assert!(draft.contains("999"), "{draft}");
    drop(console);
    remember(&draft);
    let console = form().await;
    let owner: web_sys::HtmlSelectElement = console.stage.control("Owner");
    let shown = || owner.selected_options().item(0).and_then(|option| option.text_content());
    until("it says so", || shown().as_deref() == Some("ID 999 (not in the list)")).await;
    press(&console.stage.button("Create token"));
    until("it was sent", || server.count(POST) == 1).await;
    let body = server.sent().iter().find(|sent| sent.method == "POST").map(|sent| sent.body.clone());
    assert_eq!(body.as_deref(), Some("name=ci-token&owner_id=999&length=64"));
}

#[wasm_bindgen_test]
async fn a_restored_draft_can_be_cleared() {
    let _server = Server::start(answers(never, nothing_found));
    let console = reload(typed().await).await;
    press(&console.stage.button("Clear"));
    settle().await;
    assert_eq!((name(&console), value_of(&console.stage.control("Length"))), (String::new(), "32".into()));
    assert!(has_focus(&console.stage.control::<HtmlElement>("Name")));
    assert!(!console.stage.says(RESTORED));
    assert_eq!(kept(), None);
}

#[wasm_bindgen_test]
async fn an_untouched_form_keeps_nothing() {
    let _server = Server::start(answers(never, nothing_found));
    let console = form().await;
    assert_eq!(kept(), None);
    assert!(!console.stage.says(RESTORED));
}

#[wasm_bindgen_test]
async fn leaving_forgets_the_draft() {
    let _server = Server::start(answers(never, nothing_found));
    let console = typed().await;
    assert!(kept().is_some_and(|text| text.contains("ci-token")));
    press(&console.stage.link("Cancel"));
    until("the question", || console.stage.find_button("Leave").is_some()).await;
    assert!(kept().is_some(), "not before the answer");
    press(&console.stage.button("Leave"));
    until("the list", || console.address() == "/tokens").await;
    until("it is forgotten", || kept().is_none()).await;
}

#[wasm_bindgen_test]
async fn a_created_token_is_no_draft_any_more() {
    const CREATED: &str =
        r#"{"id": 51, "name": "ci-token", "owner_id": 3, "enabled": true, "token": "s3cret-s3cret-16"}"#;
    let _server = Server::start(answers(|| Reply::json(201, CREATED), nothing_found));
    let console = typed().await;
    press(&console.stage.button("Create token"));
    console.says("Token created").await;
    assert_eq!(kept(), None);
}

#[wasm_bindgen_test]
async fn signing_out_forgets_the_draft() {
    let _server = Server::start(answers(never, nothing_found));
    let console = typed().await;
    press(&console.stage.button("Sign out"));
    until("the question", || console.stage.find_button("Leave").is_some()).await;
    press(&console.stage.button("Leave"));
    until("it is forgotten", || kept().is_none()).await;
}

/// Alice reloaded, and Bob signed in on the same tab.
#[wasm_bindgen_test]
async fn nobody_else_sees_a_draft() {
    const OF_BOB: &str = r#"{"kind": "token", "token": "x", "user": {"id": 4, "username": "bob"}}"#;
    let _server = Server::start(answers(never, nothing_found));
    let console = typed().await;
    let draft = kept().expect("a draft");
    drop(console);
    remember(&draft);
    let storage = tab_storage();
    storage.set_item(SESSION_KEY, OF_BOB).expect("room");
    // On any screen: another user's draft is not kept for later either.
    let console = Console::open("/tokens").await;
    until("it is forgotten", || kept().is_none()).await;
    press(&console.stage.link("New token"));
    console.shows_form().await;
    assert_eq!(name(&console), "");
}

/// Without "Stay signed in on this tab" a reload leads to the sign-in screen first.
#[wasm_bindgen_test]
async fn a_draft_waits_for_its_user_to_sign_in() {
    let _server = Server::start(answers(never, nothing_found));
    let console = typed().await;
    let draft = kept().expect("a draft");
    drop(console);
    remember(&draft);
    let console = Console::open("/tokens/new").await;
    let field = || console.stage.find("input[type=password]");
    until("the sign-in screen", || field().is_some()).await;
    let field = field().expect("a field");
    type_into(&field, "good");
    submit(&field);
    console.says(RESTORED).await;
    assert_eq!(name(&console), "ci-token");
}

// A creation that a reload interrupted

async fn reloaded_while_it_was_created(server: &Server) -> Console {
    let console = typed().await;
    press(&console.stage.button("Create token"));
    until("it was sent", || server.count(POST) == 1).await;
    settle().await;
    reload(console).await
}

#[wasm_bindgen_test]
async fn it_is_looked_up_before_anyone_can_try_again() {
    let gate = Gate::default();
    let hold = gate.clone();
    let server = Server::start(answers(never, nothing_found));
    let console = typed().await;
    press(&console.stage.button("Create token"));
    until("it was sent", || server.count(POST) == 1).await;
    settle().await;
    server.now(move |sent| match sent.path.as_str() {
        path if path.contains("owner_id") => hold.hold(),
        _ => answers(never, nothing_found)(sent),
    });
    let console = reload(console).await;
    console.says("Checking whether “ci-token” was created").await;
    press(&console.stage.button("Create token"));
    submit(&console.stage.control("Name"));
    settle().await;
    assert_eq!(server.count(POST), 1);
    gate.release(found()).await;
    console.says("The token “ci-token” was created (ID 51)").await;
    assert_eq!(server.count(POST), 1);
    assert!(!kept().is_some_and(|text| text.contains("sent-name")), "it is known now");
}

#[wasm_bindgen_test]
async fn what_was_not_created_may_be_tried_again() {
    let server = Server::start(answers(never, nothing_found));
    let console = reloaded_while_it_was_created(&server).await;
    console.says("The token “ci-token” was not found after the page was reloaded.").await;
    settle().await;
    assert_eq!(server.count(POST), 1);
    press(&console.stage.button("Create token"));
    until("it is sent again", || server.count(POST) == 2).await;
}

#[wasm_bindgen_test]
async fn as_long_as_nobody_can_tell_nobody_can_try() {
    let server = Server::start(answers(never, lost));
    let console = reloaded_while_it_was_created(&server).await;
    console.says("The token may have been created").await;
    settle().await;
    press(&console.stage.button("Create token"));
    settle().await;
    assert_eq!(server.count(POST), 1);
    assert_eq!(
        described(&console.stage.button("Create token")),
        "First check whether the token was created."
    );
    // Another reload does not forget it either.
    server.now(answers(never, found));
    let console = reload(console).await;
    console.says("The token “ci-token” was created (ID 51)").await;
    assert_eq!(server.count(POST), 1);
}

#[wasm_bindgen_test]
async fn a_refusal_is_no_doubt() {
    let server = Server::start(answers(|| Reply::json(403, "{}"), nothing_found));
    let console = typed().await;
    press(&console.stage.button("Create token"));
    console.says("The token was not created").await;
    settle().await;
    let console = reload(console).await;
    console.says(RESTORED).await;
    settle().await;
    assert_eq!(server.lines().iter().filter(|line| line.contains("owner_id")).count(), 0);
}

//! "Actions for NAME": what can be done from a row.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    Clipboard, Console, Gate, Reply, Sent, Server, Tokens, described, focus, has_focus, list_page::open_list,
    press, press_key_on, settle, text_of, type_into, until,
};

async fn list(answer: impl Fn(&Sent) -> Reply + 'static) -> (Server, Console) {
    let (server, console) = open_list(answer).await;
    until("the details", || console.stage.all("tbody .badge-on").len() >= 2).await;
    (server, console)
}

fn button(console: &Console, id: i64) -> HtmlElement {
    let name = format!("Actions for token-{id}");
    let buttons = console.stage.all("button.menu-button");
    let button = buttons.into_iter().find(|b| b.get_attribute("aria-label").as_deref() == Some(&name));
    button.expect("a menu button")
}

fn items(console: &Console) -> Vec<HtmlElement> {
    console.stage.all("[role=menuitem]")
}

fn item(console: &Console, words: &str) -> HtmlElement {
    let found = items(console).into_iter().find(|item| text_of(item) == words);
    found.unwrap_or_else(|| panic!("no item “{words}”"))
}

async fn open(console: &Console, id: i64) {
    focus(&button(console, id));
    press(&button(console, id));
    until("the menu has the focus", || items(console).first().is_some_and(|item| has_focus(item))).await;
}

#[wasm_bindgen_test]
async fn it_is_asked_once_what_may_be_done() {
    let tokens = Tokens::new(3);
    let (server, console) = list(tokens.serve()).await;
    assert_eq!(server.count("OPTIONS /api_tokens/2"), 0);
    open(&console, 2).await;
    settle().await;
    focus(&button(&console, 1));
    focus(&button(&console, 2));
    settle().await;
    assert_eq!(server.count("OPTIONS /api_tokens/2"), 1);
    assert_eq!(server.count("OPTIONS /api_tokens/1"), 1);
}

#[wasm_bindgen_test]
async fn after_a_refresh_it_is_asked_again() {
    let tokens = Tokens::new(3);
    let served = tokens.clone();
    let (server, console) = list(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("OPTIONS", "/api_tokens/2") => Reply::empty(204).with("Allow", "GET, OPTIONS"),
        _ => served.answer(sent),
    })
    .await;
    open(&console, 2).await;
    until("it is blocked", || !described(&item(&console, "Delete…")).is_empty()).await;
    press_key_on(&item(&console, "Open"), "Escape");
    until("it is closed", || items(&console).is_empty()).await;
    server.now(tokens.serve());
    press(&console.stage.button("Refresh"));
    settle().await;
    open(&console, 2).await;
    until("it is allowed", || described(&item(&console, "Delete…")).is_empty()).await;
    assert_eq!(server.count("OPTIONS /api_tokens/2"), 2);
}

#[wasm_bindgen_test]
async fn arrows_move_escape_closes_and_the_focus_returns() {
    let tokens = Tokens::new(3);
    let (_server, console) = list(tokens.serve()).await;
    open(&console, 2).await;
    let words: Vec<_> = items(&console).iter().map(|item| text_of(item)).collect();
    assert_eq!(words, ["Open", "Copy ID", "Disable", "Rotate…", "Delete…"]);
    assert_eq!(button(&console, 2).get_attribute("aria-expanded").as_deref(), Some("true"));
    press_key_on(&item(&console, "Open"), "ArrowDown");
    assert!(has_focus(&item(&console, "Copy ID")));
    press_key_on(&item(&console, "Copy ID"), "End");
    assert!(has_focus(&item(&console, "Delete…")));
    press_key_on(&item(&console, "Delete…"), "ArrowDown");
    assert!(has_focus(&item(&console, "Open")));
    press_key_on(&item(&console, "Open"), "Escape");
    until("it is closed", || items(&console).is_empty()).await;
    assert!(has_focus(&button(&console, 2)));
}

#[wasm_bindgen_test]
async fn what_is_not_allowed_stays_with_its_reason() {
    let tokens = Tokens::new(3);
    let (server, console) = list(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("OPTIONS", "/api_tokens/2") => Reply::empty(204).with("Allow", "GET, PATCH, OPTIONS"),
        _ => tokens.answer(sent),
    })
    .await;
    open(&console, 2).await;
    let reason = "The server does not allow you to delete this token.";
    until("it is known", || described(&item(&console, "Delete…")) == reason).await;
    press(&item(&console, "Delete…"));
    settle().await;
    assert!(console.stage.find("dialog").is_none());
    assert_eq!(described(&item(&console, "Disable")), "");
    assert_eq!(server.count("DELETE /api_tokens/2"), 0);
}

#[wasm_bindgen_test]
async fn a_token_is_disabled_and_enabled_from_its_row() {
    let tokens = Tokens::new(3);
    let (_server, console) = list(tokens.serve()).await;
    open(&console, 2).await;
    press(&item(&console, "Disable"));
    console.says("Disabled token-2 (ID 2).").await;
    assert_eq!(tokens.enabled(), [1, 3]);
    assert!(text_of(&console.stage.get(".links")).contains("token-2"), "recently disabled");
    until("the row knows it", || text_of(&console.stage.all("tbody tr")[1]).contains("Disabled")).await;
    open(&console, 2).await;
    press(&item(&console, "Enable"));
    console.says("Enabled token-2 (ID 2).").await;
    settle().await;
    assert!(console.stage.find(".links li").is_none());
    assert!(console.stage.says("2 actions since this page was loaded"));
}

#[wasm_bindgen_test]
async fn a_refusal_is_said_and_learned() {
    let tokens = Tokens::new(3);
    let (_server, console) = list(move |sent| match sent.method.as_str() {
        "PATCH" => Reply::json(403, "{}"),
        _ => tokens.answer(sent),
    })
    .await;
    open(&console, 2).await;
    press(&item(&console, "Disable"));
    console.says("token-2 (ID 2): The changes were not saved: you do not have permission.").await;
}

/// As real servers do: success is reported, and nothing has changed.
#[wasm_bindgen_test]
async fn what_was_not_enabled_was_not_disabled_just_now() {
    let tokens = Tokens::new(4);
    tokens.disable(2);
    let served = tokens.clone();
    let (_server, console) = list(move |sent| match sent.method.as_str() {
        "PATCH" => served.answer(&Sent::get("/api_tokens/2")),
        _ => served.answer(sent),
    })
    .await;
    until("it is known to be disabled", || console.stage.find("tbody .badge-off").is_some()).await;
    open(&console, 2).await;
    press(&item(&console, "Enable"));
    console.says("token-2 (ID 2) was not enabled: the server reported success but changed nothing.").await;
    settle().await;
    assert!(!console.stage.says("Recently disabled"));
}

#[wasm_bindgen_test]
async fn the_row_of_a_token_that_is_not_there_goes() {
    let tokens = Tokens::new(4);
    let (_server, console) = list(tokens.serve()).await;
    open(&console, 2).await;
    tokens.remove(2);
    press(&item(&console, "Disable"));
    console.says("token-2 (ID 2): ").await;
    until("the row is gone", || console.stage.all("tbody tr").len() == 3).await;
    assert!(!console.stage.says("Recently disabled"));
}

#[wasm_bindgen_test]
async fn deleting_stays_in_the_list_and_the_row_goes() {
    let tokens = Tokens::new(3);
    let (_server, console) = list(tokens.serve()).await;
    let address = console.address();
    delete(&console, 2).await;
    until("the row is gone", || console.stage.all("tbody tr").len() == 2).await;
    assert!(!tokens.is_there(2));
    assert_eq!(console.address(), address);
    until("the next row has the focus", || has_focus(&console.stage.link("token-3"))).await;
    // There is no row after the last one.
    delete(&console, 3).await;
    until("the row before has it", || has_focus(&console.stage.link("token-1"))).await;
    delete(&console, 1).await;
    until("nothing is left but the heading", || has_focus(&console.stage.get("h1"))).await;
}

/// Presses "Delete token" in the question about the only token that is shown, whose row then disappears.
async fn delete_without_a_row(server: &Server, console: &Console, tokens: &Tokens, gate: &Gate) {
    type_into(&console.stage.control("Search tokens"), "token-2");
    until("its row alone", || console.stage.all("tbody tr").len() == 1).await;
    open(console, 2).await;
    press(&item(console, "Delete…"));
    until("the question", || console.stage.find("dialog[open]").is_some()).await;
    let (hold, served) = (gate.clone(), tokens.clone());
    server.now(move |sent| if sent.method == "DELETE" { hold.hold() } else { served.answer(sent) });
    press(&console.stage.dialog_button("Delete token"));
    until("it is sent", || server.count("DELETE /api_tokens/2") == 1).await;
    tokens.rename(2, "renamed");
    press(&console.stage.button("Refresh"));
    console.says("No tokens match.").await;
}

/// Somebody else renamed the token, so that the search no longer finds it.
#[wasm_bindgen_test]
async fn a_deletion_goes_on_when_no_row_is_left() {
    let (tokens, gate) = (Tokens::new(3), Gate::default());
    let (server, console) = list(tokens.serve()).await;
    delete_without_a_row(&server, &console, &tokens, &gate).await;
    settle().await;
    assert!(console.stage.says("Delete token-2?"));
    gate.release(Reply::empty(204)).await;
    console.says("Deleted token-2 (ID 2).").await;
    until("the question is gone", || console.stage.find("dialog[open]").is_none()).await;
    until("the heading has the focus", || has_focus(&console.stage.get("h1"))).await;
}

async fn delete(console: &Console, id: i64) {
    open(console, id).await;
    press(&item(console, "Delete…"));
    until("the question", || console.stage.find("dialog[open]").is_some()).await;
    assert!(console.stage.says(&format!("Delete token-{id}?")));
    press(&console.stage.dialog_button("Delete token"));
    console.says(&format!("Deleted token-{id} (ID {id}).")).await;
}

#[wasm_bindgen_test]
async fn the_id_is_copied() {
    let clipboard = Clipboard::working();
    let tokens = Tokens::new(3);
    let (_server, console) = list(tokens.serve()).await;
    open(&console, 3).await;
    press(&item(&console, "Copy ID"));
    console.says("Copied the ID 3.").await;
    assert_eq!(clipboard.text(), "3");
}

#[wasm_bindgen_test]
async fn the_credential_token_is_not_disabled_from_here() {
    let tokens = Tokens::new(3);
    let (_server, console) = list(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("GET", "/api_tokens/2") => Reply::json(
            200,
            r#"{"id": 2, "name": "token-2", "owner_id": 3, "enabled": true, "token": "old"}"#,
        ),
        _ => tokens.answer(sent),
    })
    .await;
    console.says("This session").await;
    open(&console, 2).await;
    assert!(described(&item(&console, "Disable")).contains("You are signed in with this token"));
}

/// The details of a row wait for their turn, or could not be read; its menu must not wait with them.
#[wasm_bindgen_test]
async fn whether_it_is_enabled_is_read_when_somebody_comes_near() {
    let tokens = Tokens::new(3);
    let served = tokens.clone();
    let failing = move |sent: &Sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("GET", "/api_tokens/2") => Reply::json(501, "{}"),
        _ => served.answer(sent),
    };
    let (server, console) = list(failing).await;
    console.says("The token could not be loaded").await;
    open(&console, 2).await;
    let reason = "Its status could not be loaded.";
    until("it says so", || described(&item(&console, "Disable")) == reason).await;
    until("it was tried again", || server.count("GET /api_tokens/2") >= 2).await;
    press_key_on(&item(&console, "Open"), "Escape");
    until("it is closed", || items(&console).is_empty()).await;
    settle().await;
    server.now(tokens.serve());
    focus(&button(&console, 1));
    open(&console, 2).await;
    until("it is read", || described(&item(&console, "Disable")).is_empty()).await;
}

/// Details would not make a forbidden act possible.
#[wasm_bindgen_test]
async fn what_is_not_allowed_comes_before_what_is_not_known() {
    let tokens = Tokens::new(3);
    let refusing = move |sent: &Sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("GET", "/api_tokens/2") => Reply::json(403, "{}"),
        ("OPTIONS", "/api_tokens/2") => Reply::empty(204).with("Allow", "OPTIONS"),
        _ => tokens.answer(sent),
    };
    let (server, console) = list(refusing).await;
    open(&console, 2).await;
    let reason = "The server does not allow you to change this token.";
    until("it says so", || described(&item(&console, "Disable")) == reason).await;
    settle().await;
    assert_eq!(server.count("GET /api_tokens/2"), 1, "a refusal is no reason to ask again");
}

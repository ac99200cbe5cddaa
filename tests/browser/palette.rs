//! The command menu: what it offers, its keys, and the effects of a choice.

use leptos::prelude::document;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::support::{
    Console, Gate, Reply, Sent, Server, Tokens, back, focus, has_focus, press, press_chord, press_key,
    settle, text_of, type_into, until,
};

async fn console(address: &str, answer: impl Fn(&Sent) -> Reply + 'static) -> (Server, Console) {
    let server = Server::start(answer);
    let console = Console::signed_in(address).await;
    settle().await;
    (server, console)
}

fn input(console: &Console) -> HtmlInputElement {
    console.stage.get_as("[role=combobox]")
}

async fn open(console: &Console) -> HtmlInputElement {
    assert!(press_chord("k"), "the browser's own use of the keys is prevented");
    until("the menu", || console.stage.find("[role=combobox]").is_some()).await;
    until("the field has the focus", || has_focus(&input(console))).await;
    input(console)
}

fn options(console: &Console) -> Vec<String> {
    console.stage.all("[role=option] > span:first-child").iter().map(|option| text_of(option)).collect()
}

/// Returns the command that Enter takes, as assistive technology is told.
fn at(console: &Console) -> String {
    let id = input(console).get_attribute("aria-activedescendant").expect("one is chosen");
    let option = document().get_element_by_id(&id).expect("it is there");
    assert_eq!(option.get_attribute("aria-selected").as_deref(), Some("true"));
    assert_eq!(console.stage.all("[role=option][aria-selected=true]").len(), 1);
    text_of(&option.first_element_child().expect("its words"))
}

#[wasm_bindgen_test]
async fn a_token_is_found_by_its_name_and_opened() {
    let tokens = Tokens::new(30);
    let (_server, console) = console("/tokens", tokens.serve()).await;
    let field = open(&console).await;
    type_into(&field, "token-2");
    until("it is found", || at(&console) == "token-2").await;
    assert_eq!(options(&console).len(), 9, "eight tokens, and the list");
    press_key("ArrowDown");
    until("the next one", || at(&console) == "token-20").await;
    press_key("ArrowUp");
    until("back", || at(&console) == "token-2").await;
    press_key("Enter");
    until("it is open", || console.address() == "/tokens/2").await;
    assert!(console.stage.find("[role=combobox]").is_none());
}

#[wasm_bindgen_test]
async fn the_list_is_read_from_another_screen() {
    let tokens = Tokens::new(5);
    let (server, console) = console("/tokens/new", tokens.serve()).await;
    assert_eq!(server.lines().iter().filter(|line| line.starts_with("GET /api_tokens")).count(), 0);
    let field = open(&console).await;
    type_into(&field, "token-5");
    until("it is found", || at(&console) == "token-5").await;
}

#[wasm_bindgen_test]
async fn the_list_is_read_where_there_is_no_screen() {
    let tokens = Tokens::new(130);
    let (_server, console) = console("/nowhere", tokens.serve()).await;
    let field = open(&console).await;
    type_into(&field, "token-130");
    until("it is found", || options(&console).first().is_some_and(|first| first == "token-130")).await;
    until("nothing more is to come", || !text_of(&console.stage.get(".palette")).contains("still loading"))
        .await;
}

#[wasm_bindgen_test]
async fn what_is_chosen_stays_chosen_while_more_is_found() {
    let tokens = Tokens::new(150);
    let gate = Gate::default();
    let (held, served) = (gate.clone(), tokens.clone());
    let (server, console) = console("/tokens", move |sent| match sent.path.contains("offset=94") {
        true => held.hold(),
        false => served.answer(sent),
    })
    .await;
    until("the second page was asked for", || server.lines().iter().any(|line| line.contains("offset=94")))
        .await;
    let field = open(&console).await;
    type_into(&field, "token-14");
    until("it is found", || at(&console) == "token-14").await;
    press_key("ArrowDown");
    let list = "Search the list for “token-14”";
    until("the list is chosen", || at(&console) == list).await;
    assert!(console.stage.says("Tokens are still loading. There may be more results."));
    let rest =
        server.sent().iter().find(|sent| sent.path.contains("offset=94")).map(|sent| tokens.answer(sent));
    gate.release(rest.expect("a second page")).await;
    until("more is found", || options(&console).len() == 9).await;
    assert_eq!(at(&console), list);
}

#[wasm_bindgen_test]
async fn the_pointer_chooses() {
    let tokens = Tokens::new(3);
    let (_server, console) = console("/tokens", tokens.serve()).await;
    let field = open(&console).await;
    type_into(&field, "token-3");
    until("it is found", || at(&console) == "token-3").await;
    let option: HtmlElement = console.stage.get("[role=option]");
    press(&option);
    until("it is open", || console.address() == "/tokens/3").await;
}

#[wasm_bindgen_test]
async fn what_is_not_allowed_stays_and_says_why() {
    let (_server, console) = console("/tokens", |sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", "GET, OPTIONS"),
        _ => Reply::json(200, "[]"),
    })
    .await;
    let field = open(&console).await;
    type_into(&field, "new token");
    until("it is found", || at(&console) == "New token").await;
    until("it says why", || console.stage.says("The server does not allow you to create tokens.")).await;
    press_key("Enter");
    settle().await;
    assert!(console.stage.find("[role=combobox]").is_some(), "nothing came of it");
    assert_eq!(console.address(), "/tokens");
}

#[wasm_bindgen_test]
async fn the_focus_returns_to_where_it_was() {
    let tokens = Tokens::new(3);
    let (_server, console) = console("/tokens", tokens.serve()).await;
    let search = console.stage.control::<HtmlElement>("Search tokens");
    focus(&search);
    let field = open(&console).await;
    type_into(&field, "theme: dark");
    until("it is found", || at(&console) == "Theme: dark").await;
    press_key("Enter");
    let root = document().document_element().expect("a page");
    until("it is dark", || root.get_attribute("data-theme").as_deref() == Some("dark")).await;
    until("the focus is back", || has_focus(&search)).await;
    let open = open(&console).await;
    type_into(&open, "theme: system");
    until("it is found", || at(&console) == "Theme: system").await;
    press_key("Enter");
    until("it is the system's", || !root.has_attribute("data-theme")).await;
}

#[wasm_bindgen_test]
async fn without_a_session_there_is_nothing_of_tokens() {
    let server = Server::start(|_| Reply::not_signed_in());
    let console = Console::open("/sign-in").await;
    let field = open(&console).await;
    type_into(&field, "token");
    until("nothing", || options(&console).is_empty()).await;
    assert!(!field.has_attribute("aria-activedescendant"));
    press_key("Enter");
    settle().await;
    assert_eq!(server.lines(), Vec::<String>::new());
}

/// It used to stay over the next screen, whose heading could not be reached.
#[wasm_bindgen_test]
async fn it_goes_with_the_screen_that_it_is_over() {
    let tokens = Tokens::new(2);
    let (_server, console) = console("/tokens", tokens.serve()).await;
    press(&console.stage.link("New token"));
    until("the form", || console.address() == "/tokens/new").await;
    open(&console).await;
    back();
    until("the list", || console.address() == "/tokens").await;
    until("the menu is gone", || console.stage.find("dialog").is_none()).await;
    until("the list has the focus", || has_focus(&console.stage.get_as::<HtmlElement>("h1"))).await;
    // Another query is the same screen.
    let search = console.stage.control::<HtmlInputElement>("Search tokens");
    type_into(&search, "token-2");
    open(&console).await;
    until("the address has what was typed", || console.address() == "/tokens?q=token-2").await;
    settle().await;
    assert!(console.stage.find("[role=combobox]").is_some());
}

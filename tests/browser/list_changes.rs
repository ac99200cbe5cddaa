//! `/tokens`: what the user does on other screens, or who the user is, changes the list.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    BOB, Console, Gate, ListServer, Reply, Server, back, detail, focus,
    list_page::{names, row, rows, shows, stands_at},
    offsets, press, settle, submit, text_of, type_into, until,
};

/// Goes from the list to the form, and creates a token.
async fn create_one(console: &Console) {
    press(&console.stage.link("New token"));
    console.shows_form().await;
    type_into(&console.stage.control("Name"), "made-here");
    press(&console.stage.button("Create token"));
    console.says("Token created").await;
}

#[wasm_bindgen_test]
async fn what_was_created_is_in_the_list() {
    let tokens = ListServer::many(3);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    server.now(tokens.serve_without_list());
    create_one(&console).await;
    press(&console.stage.button("Done"));
    until("the question", || console.stage.says("Leave without the secret?")).await;
    press(&console.stage.button("Leave"));
    shows(&console, &["token-1", "token-2", "token-3", "made-here"]).await;
    assert!(console.stage.find(".badge-news").is_none(), "no news to whoever did it");
}

/// A token that was created for another owner does not belong to the list of one owner.
#[wasm_bindgen_test]
async fn what_was_created_for_another_owner_is_not_in_an_owners_list() {
    let tokens = ListServer::many(1);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens?owner=8").await;
    shows(&console, &["token-1"]).await;
    server.now(tokens.serve_without_list());
    create_one(&console).await;
    back();
    until("the question", || console.stage.says("Leave without the secret?")).await;
    press(&console.stage.button("Leave"));
    shows(&console, &["token-1"]).await;
    settle().await;
    assert_eq!(names(&console), ["token-1"]);
}

#[wasm_bindgen_test]
async fn what_was_renamed_and_deleted_is_so_in_the_list() {
    let tokens = ListServer::many(3);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    server.now(tokens.serve_without_list());
    press(&console.stage.link("token-2"));
    console.shows_form().await;
    type_into(&console.stage.control("Name"), "renamed-here");
    press(&console.stage.button("Save changes"));
    console.says("Saved renamed-here.").await;
    press(&console.stage.link("API tokens"));
    shows(&console, &["token-1", "renamed-here", "token-3"]).await;

    press(&console.stage.link("token-3"));
    console.shows_token().await;
    settle().await;
    press(&console.stage.button("Delete token"));
    console.confirms().await;
    shows(&console, &["token-1", "renamed-here"]).await;
}

/// The answer shows the token as it was before it was changed.
#[wasm_bindgen_test]
async fn a_late_answer_does_not_take_a_change_back() {
    let gate = Gate::default();
    let tokens = ListServer::many(3);
    let server = Server::start(tokens.serve_but(2, || Reply::json(501, "{}")));
    let console = Console::signed_in("/tokens").await;
    console.says("The token could not be loaded").await;
    let hold = gate.clone();
    server.now(tokens.serve_but(2, move || hold.hold()));
    let before = server.count("GET /api_tokens/2");
    let menu = row(&console, "token-2").query_selector(".menu-button").expect("a valid selector");
    focus(menu.expect("a button").unchecked_ref());
    until("it is read once more", || server.count("GET /api_tokens/2") == before + 1).await;

    server.now(tokens.serve_without_list());
    press(&console.stage.link("token-2"));
    console.shows_token().await;
    settle().await;
    type_into(&console.stage.control("Name"), "renamed-here");
    press(&console.stage.button("Save changes"));
    console.says("Saved renamed-here.").await;
    tokens.change(|rows| rows[1].1 = "renamed-here".into());
    server.now(tokens.serve());
    press(&console.stage.link("API tokens"));
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    settle().await;
    gate.release(Reply::json(200, &detail(2, "token-2", true))).await;
    settle().await;
    assert_eq!(names(&console), ["token-1", "renamed-here", "token-3"]);
    assert!(text_of(&row(&console, "renamed-here")).contains("Disabled"));
}

/// Somebody else deleted it, and the token's page found out.
#[wasm_bindgen_test]
async fn what_turned_out_to_be_gone_is_not_in_the_list() {
    let tokens = ListServer::many(3);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    tokens.change(|rows| rows.retain(|row| row.0 != 2));
    server.now(tokens.serve_without_list());
    press(&console.stage.link("token-2"));
    console.says("Token not found").await;
    press(&console.stage.link("API tokens"));
    shows(&console, &["token-1", "token-3"]).await;
}

/// A token that the list does not show may be opened by its ID; that does not add it to the list.
#[wasm_bindgen_test]
async fn what_is_opened_by_its_id_is_not_added() {
    let tokens = ListServer::many(2);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 2 of 2").await;
    tokens.change(|rows| rows.push((9, "unlisted".into())));
    server.now(tokens.serve_without_list());
    let field: HtmlElement = console.stage.control("Open by ID");
    type_into(&field, "9");
    submit(&field);
    console.shows_token().await;
    press(&console.stage.link("API tokens"));
    shows(&console, &["token-1", "token-2"]).await;
}

#[wasm_bindgen_test]
async fn somebody_else_who_signs_in_sees_none_of_the_rows() {
    let tokens = ListServer::of(&[(1, "one-of-alice")]);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    shows(&console, &["one-of-alice"]).await;
    server.now(|_| Reply::not_signed_in());
    press(&console.stage.button("Refresh"));
    until("the dialog", || console.stage.find("dialog[open]").is_some()).await;
    assert_eq!(names(&console), ["one-of-alice"], "behind the dialog everything stays");
    let gate = Gate::default();
    let hold = gate.clone();
    server.now(move |sent| match sent.path.as_str() {
        "/users/me" => Reply::json(200, BOB),
        _ if sent.is_list() => hold.hold(),
        _ => Reply::Never,
    });
    let asked = offsets(&server).len();
    console.signs_in_again("of-bob");
    console.says("You are now signed in as bob.").await;
    assert_eq!(rows(&console), 0);
    assert!(!console.stage.says("one-of-alice"));
    until("his are asked for", || offsets(&server).len() > asked).await;
    settle().await;
    assert_eq!(offsets(&server).len(), asked + 1, "once");
    gate.release(ListServer::of(&[(2, "one-of-bob")]).rows(0, 100)).await;
    shows(&console, &["one-of-bob"]).await;
    assert!(!console.stage.says("Changed since the last load"));
}

//! `/tokens`: the console searches the list itself.

use std::time::Duration;

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    BOB, Clock, Console, Gate, ListServer, Reply, Server, back, focus, has_focus,
    list_page::{choose, names, position, rows, search, searched, shows, stands_at},
    offsets, press, press_key, settle, text_of, until, value_of,
};

#[wasm_bindgen_test]
async fn the_search_follows_typing_and_marks_what_it_found() {
    let tokens = ListServer::of(&[(1, "build"), (2, "Backup builder"), (3, "nightly"), (12, "deploy")]);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 4 of 4").await;
    search(&console, "BUI");
    shows(&console, &["build", "Backup builder"]).await;
    let marks = || -> Vec<_> { console.stage.all("tbody mark").iter().map(|mark| text_of(mark)).collect() };
    until("what was found is marked", || marks() == ["bui", "bui"]).await;
    assert_eq!(position(&console), "Page 1: tokens 1 to 2 of 2 that match, of 4");
    // Every word, in any order.
    search(&console, "bui BACK");
    shows(&console, &["Backup builder"]).await;
    until("both are marked", || marks() == ["Back", "bui"]).await;
    // Digits are searched in the ID as well.
    search(&console, "12");
    shows(&console, &["deploy"]).await;
    search(&console, "  ");
    shows(&console, &["build", "Backup builder", "nightly", "deploy"]).await;
    assert_eq!(offsets(&server), [0], "no request for any of this");
}

#[wasm_bindgen_test]
async fn case_and_diacritics_do_not_matter() {
    let tokens = ListServer::of(&[(1, "Zoë Café"), (2, "zoe"), (3, "ΕΛΛΑΣ")]);
    let _server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    search(&console, "ZOË");
    shows(&console, &["Zoë Café", "zoe"]).await;
    search(&console, "cafe");
    shows(&console, &["Zoë Café"]).await;
    until("the letter is marked with its accent", || {
        console.stage.find("tbody mark").is_some_and(|mark| text_of(&mark) == "Café")
    })
    .await;
    search(&console, "ελλας");
    shows(&console, &["ΕΛΛΑΣ"]).await;
}

#[wasm_bindgen_test]
async fn the_address_follows_when_typing_pauses_and_back_returns() {
    let clock = Clock::stopped();
    let _server = Server::start(ListServer::many(30).serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 30").await;
    search(&console, "token-1");
    stands_at(&console, "Page 1: tokens 1 to 11 of 11 that match, of 30").await;
    clock.advance(Duration::from_millis(249));
    settle().await;
    assert_eq!(console.address(), "/tokens");
    search(&console, "token-12");
    shows(&console, &["token-12"]).await;
    clock.advance(Duration::from_millis(249));
    settle().await;
    assert_eq!(console.address(), "/tokens", "still typing");
    clock.advance(Duration::from_millis(1));
    until("the address follows", || console.address() == "/tokens?q=token-12").await;
    // The screens that follow need their timers.
    drop(clock);

    // A choice adds a history entry; typing does not.
    choose(&console, "Rows", "50");
    until("the address follows", || console.address() == "/tokens?q=token-12&size=50").await;
    back();
    until("the entry before", || console.address() == "/tokens?q=token-12").await;
    until("is shown", || value_of(&console.stage.control("Rows")) == "25").await;
    assert_eq!((searched(&console).as_str(), names(&console)), ("token-12", vec!["token-12".to_owned()]));

    press(&console.stage.link("token-12"));
    until("the token", || console.stage.find_button("Save changes").is_some()).await;
    until("its address", || console.address() == "/tokens/12").await;
    back();
    until("the list again", || names(&console) == ["token-12"]).await;
    assert_eq!(searched(&console), "token-12");
}

/// Otherwise the search would be lost when the user comes back.
#[wasm_bindgen_test]
async fn the_address_does_not_wait_for_whoever_looks_elsewhere() {
    let _clock = Clock::stopped();
    let _server = Server::start(ListServer::many(3).serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    focus(&console.stage.control("Search tokens"));
    search(&console, "token-2");
    shows(&console, &["token-2"]).await;
    assert_eq!(console.address(), "/tokens");
    focus(&console.stage.link("token-2"));
    until("the address has it", || console.address() == "/tokens?q=token-2").await;
}

/// Firefox does not do that by itself.
#[wasm_bindgen_test]
async fn escape_empties_the_search() {
    let _server = Server::start(ListServer::many(3).serve());
    let console = Console::signed_in("/tokens?q=token-2").await;
    shows(&console, &["token-2"]).await;
    focus(&console.stage.control("Search tokens"));
    assert!(press_key("Escape"), "it is the search's alone");
    shows(&console, &["token-1", "token-2", "token-3"]).await;
    assert_eq!(searched(&console), "");
}

#[wasm_bindgen_test]
async fn rows_that_stay_keep_the_focus() {
    let _server = Server::start(ListServer::many(30).serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 30").await;
    let link = console.stage.link("token-12");
    focus(&link);
    settle().await;
    search(&console, "2");
    shows(
        &console,
        &[
            "token-2", "token-12", "token-20", "token-21", "token-22", "token-23", "token-24", "token-25",
            "token-26", "token-27", "token-28", "token-29",
        ],
    )
    .await;
    until("it has the focus", || has_focus(&link)).await;
    assert!(link.is_same_node(Some(&console.stage.link("token-12"))));
}

/// Names are untrusted text.
#[wasm_bindgen_test]
async fn a_name_is_never_markup() {
    let name = "<img src=x onerror=alert(1)><b>bold</b> & \u{202e}left";
    let _server = Server::start(ListServer::of(&[(1, name)]).serve());
    let console = Console::signed_in("/tokens?q=bold").await;
    shows(&console, &[name]).await;
    assert!(console.stage.find("tbody img, tbody b").is_none());
    until("the word is marked", || console.stage.all("tbody mark").len() == 1).await;
}

#[wasm_bindgen_test]
async fn an_address_brings_its_search_along() {
    let _server = Server::start(ListServer::many(30).serve());
    let console = Console::signed_in("/tokens?q=token-3&sort=-id").await;
    shows(&console, &["token-30", "token-3"]).await;
    assert_eq!(searched(&console), "token-3");
}

#[wasm_bindgen_test]
async fn nothing_found_is_said_and_leads_back_to_everything() {
    let _server = Server::start(ListServer::many(3).serve());
    let console = Console::signed_in("/tokens?q=nonsense&sort=name").await;
    console.says("No tokens match.").await;
    assert_eq!(rows(&console), 0);
    press(&console.stage.button("Show all tokens"));
    shows(&console, &["token-1", "token-2", "token-3"]).await;
    assert_eq!((console.address().as_str(), searched(&console).as_str()), ("/tokens?sort=name", ""));
}

/// A user may search for a secret found in a log.
#[wasm_bindgen_test]
async fn a_secret_that_is_searched_for_is_not_in_the_address() {
    const SECRET: &str = "R3dRbnVYHjE0sQyq1XcT8oWm5uKzLg2f";
    let clock = Clock::stopped();
    let _server = Server::start(ListServer::many(30).serve());
    let console = Console::signed_in("/tokens?q=token-12").await;
    shows(&console, &["token-12"]).await;
    search(&console, SECRET);
    console.says("looks like a secret").await;
    clock.advance(Duration::from_millis(250));
    until("the address follows", || console.address() == "/tokens").await;
    // Not with other parameters of the list either. The field keeps it.
    choose(&console, "Rows", "50");
    until("the address follows", || console.address() == "/tokens?size=50").await;
    settle().await;
    assert_eq!(searched(&console), SECRET);
    press(&console.stage.button("Show all tokens"));
    stands_at(&console, "Page 1: tokens 1 to 30 of 30").await;
    assert_eq!(searched(&console), "");
}

/// A link may have been made by hand.
#[wasm_bindgen_test]
async fn a_secret_leaves_the_address_that_somebody_opens() {
    const SECRET: &str = "R3dRbnVYHjE0sQyq1XcT8oWm5uKzLg2f";
    let _server = Server::start(ListServer::many(3).serve());
    let console = Console::signed_in(&format!("/tokens?q={SECRET}&sort=name")).await;
    console.says("looks like a secret").await;
    until("the address follows", || console.address() == "/tokens?sort=name").await;
    settle().await;
    assert_eq!(searched(&console), SECRET);
}

/// Returns tokens whose names look like secrets, and others.
fn like_secrets() -> ListServer {
    let like_secret = |id| (id, format!("R3dRbnVYHjE0sQyq-{id}"));
    (1..=30).map(like_secret).chain([(31, "other".into())]).collect()
}

/// The address of the next page does not have the search.
#[wasm_bindgen_test]
async fn a_search_that_the_address_does_not_say_stays_on_other_pages() {
    const TEXT: &str = "R3dRbnVYHjE0sQyq";
    let _server = Server::start(like_secrets().serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 31").await;
    search(&console, TEXT);
    stands_at(&console, "Page 1: tokens 1 to 25 of 30 that match, of 31").await;
    press(&console.stage.link("Next page"));
    stands_at(&console, "Page 2: tokens 26 to 30 of 30 that match, of 31").await;
    assert_eq!((console.address().as_str(), searched(&console).as_str()), ("/tokens?page=2", TEXT));
    back();
    stands_at(&console, "Page 1: tokens 1 to 25 of 30 that match, of 31").await;
    assert_eq!((console.address().as_str(), searched(&console).as_str()), ("/tokens", TEXT));
    // A search that the address has takes its place.
    search(&console, "other");
    shows(&console, &["other"]).await;
}

#[wasm_bindgen_test]
async fn a_search_that_the_address_does_not_say_is_there_again_after_a_token() {
    const TEXT: &str = "R3dRbnVYHjE0sQyq";
    let tokens = like_secrets();
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 31").await;
    search(&console, TEXT);
    stands_at(&console, "Page 1: tokens 1 to 25 of 30 that match, of 31").await;
    press(&console.stage.link("Next page"));
    stands_at(&console, "Page 2: tokens 26 to 30 of 30 that match, of 31").await;
    press(&console.stage.link("R3dRbnVYHjE0sQyq-27"));
    console.shows_token().await;
    press(&console.stage.link("API tokens"));
    stands_at(&console, "Page 2: tokens 26 to 30 of 30 that match, of 31").await;
    assert_eq!((console.address().as_str(), searched(&console).as_str()), ("/tokens?page=2", TEXT));

    press(&console.stage.link("R3dRbnVYHjE0sQyq-27"));
    console.shows_token().await;
    settle().await;
    server.now(tokens.serve_without_list());
    press(&console.stage.button("Delete token"));
    console.confirms().await;
    stands_at(&console, "Page 2: tokens 26 to 29 of 29 that match, of 30").await;
    assert_eq!(searched(&console), TEXT);
}

/// Nothing was found, so there is no table whose place could be kept.
#[wasm_bindgen_test]
async fn a_secret_that_was_searched_for_is_there_again_after_another_screen() {
    const SECRET: &str = "R3dRbnVYHjE0sQyq1XcT8oWm5uKzLg2f";
    let _server = Server::start(ListServer::many(3).serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    search(&console, SECRET);
    console.says("looks like a secret").await;
    press(&console.stage.link("New token"));
    console.shows_form().await;
    press(&console.stage.link("Cancel"));
    console.says("looks like a secret").await;
    assert_eq!((console.address().as_str(), searched(&console).as_str()), ("/tokens", SECRET));
}

/// Not every screen reader announces a live region that is added together with its text.
#[wasm_bindgen_test]
async fn nothing_found_is_said_in_a_place_that_was_there_once() {
    let _server = Server::start(ListServer::many(3).serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    let region = console.stage.get(".pager [role=status]");
    search(&console, "nonsense");
    console.says("No tokens match.").await;
    assert_eq!(text_of(&region), "No match among 3 tokens");
    assert!(region.is_connected());
    let said =
        console.stage.all("[role=status]").iter().filter(|region| text_of(region).starts_with("No ")).count();
    assert_eq!(said, 1);
}

/// The list shows a text in place of a name of invisible characters.
#[wasm_bindgen_test]
async fn a_name_that_shows_nothing_is_called_blank() {
    let _server = Server::start(ListServer::of(&[(1, "\u{200b}\u{2060}\u{feff}"), (2, "x\u{200b}")]).serve());
    let console = Console::signed_in("/tokens").await;
    shows(&console, &["(blank name)", "x\u{200b}"]).await;
    assert!(console.stage.find_control::<HtmlElement>("Select token 1").is_some());
    assert!(console.stage.find_control::<HtmlElement>("Select x\u{200b}").is_some());
}

/// Rows that were not read yet may match.
#[wasm_bindgen_test]
async fn nothing_found_is_not_said_of_what_was_not_read() {
    let gate = Gate::default();
    let tokens = ListServer::many(120);
    let _server = Server::start(tokens.serve_until(1, &gate));
    let console = Console::signed_in("/tokens?q=token-111").await;
    console.says("No match among the tokens loaded so far.").await;
    assert!(!console.stage.says("No tokens match."));
    gate.release(tokens.rows(94, 100)).await;
    shows(&console, &["token-111"]).await;
}

/// It may be a secret.
#[wasm_bindgen_test]
async fn somebody_else_who_signs_in_does_not_see_what_was_searched_for() {
    let server = Server::start(ListServer::of(&[(1, "one-of-alice")]).serve());
    let console = Console::signed_in("/tokens").await;
    shows(&console, &["one-of-alice"]).await;
    search(&console, "R3dRbnVYHjE0sQyq1XcT8oWm5uKzLg2f");
    console.says("looks like a secret").await;
    press(&console.stage.link("New token"));
    console.shows_form().await;
    press(&console.stage.link("Cancel"));
    console.says("looks like a secret").await;
    server.now(|_| Reply::not_signed_in());
    press(&console.stage.button("Refresh"));
    until("the dialog", || console.stage.find("dialog[open]").is_some()).await;
    let answers = ListServer::of(&[(2, "one-of-bob")]).serve();
    server.now(move |sent| match sent.path.as_str() {
        "/users/me" => Reply::json(200, BOB),
        _ => answers(sent),
    });
    console.signs_in_again("of-bob");
    console.says("You are now signed in as bob.").await;
    shows(&console, &["one-of-bob"]).await;
    assert_eq!(searched(&console), "");
}

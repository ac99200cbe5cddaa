//! `/tokens`: what a refresh reads again, and what it says of it.

use std::time::Duration;

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Clock, Console, Gate, ListServer, Reply, Server, detail,
    list_page::{names, row, shows, stands_at},
    offsets, press, settle, text_of, until,
};

#[wasm_bindgen_test]
async fn a_refresh_keeps_the_rows_and_says_what_changed() {
    let gate = Gate::default();
    let tokens = ListServer::of(&[(1, "first"), (2, "second"), (3, "third")]);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    assert!(console.stage.find(".badge-news").is_none(), "nothing is news at first");

    server.now(tokens.serve_until(0, &gate));
    press(&console.stage.button("Refresh"));
    until("it reads again", || offsets(&server).len() == 2).await;
    settle().await;
    assert_eq!(names(&console), ["first", "second", "third"]);
    assert_eq!(console.stage.button("Refresh").get_attribute("aria-busy").as_deref(), Some("true"));

    tokens.change(|rows| *rows = vec![(1, "first".into()), (3, "drittes".into()), (4, "fourth".into())]);
    gate.release(tokens.rows(0, 100)).await;
    console.says("Changed since the last load: 1 new, 1 renamed, 1 no longer listed.").await;
    shows(&console, &["first", "drittes", "fourth"]).await;
    let badge = |name: &str| {
        let badge = row(&console, name).query_selector(".badge-news").expect("a valid selector");
        badge.map(|badge| text_of(&badge))
    };
    assert_eq!(badge("first"), None);
    assert_eq!(badge("drittes").as_deref(), Some("Renamed"));
    assert_eq!(badge("fourth").as_deref(), Some("New"));
    press(&console.stage.button("Dismiss"));
    until("the news are gone", || console.stage.find(".badge-news").is_none()).await;
    assert!(!console.stage.says("Changed since the last load"));
}

/// For users who do not see the list.
#[wasm_bindgen_test]
async fn a_refresh_is_said_if_it_takes_long_and_when_it_is_over() {
    let clock = Clock::stopped();
    let gate = Gate::default();
    let tokens = ListServer::of(&[(1, "first")]);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 1 of 1").await;
    let region = console.stage.get(".reading-line [role=status]");
    settle().await;
    assert_eq!(text_of(&region), "", "the first reading is no refresh");

    server.now(tokens.serve_until(0, &gate));
    press(&console.stage.button("Refresh"));
    until("it reads again", || offsets(&server).len() == 2).await;
    clock.advance(Duration::from_millis(999));
    settle().await;
    assert_eq!(text_of(&region), "");
    clock.advance(Duration::from_millis(1));
    until("it takes long", || text_of(&region) == "Loading the list.").await;
    gate.release(tokens.rows(0, 100)).await;
    until("nothing has changed", || text_of(&region) == "The list is up to date.").await;
    assert!(region.class_list().contains("visually-hidden"), "users who see the list need no words");

    tokens.change(|rows| rows.push((2, "second".into())));
    press(&console.stage.button("Refresh"));
    gate.release(tokens.rows(0, 100)).await;
    until("what has changed", || text_of(&region) == "Changed since the last load: 1 new.").await;
    assert!(!region.class_list().contains("visually-hidden"));
}

#[wasm_bindgen_test]
async fn a_refresh_that_fails_does_not_say_that_it_goes_on() {
    let clock = Clock::stopped();
    let tokens = ListServer::of(&[(1, "first")]);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 1 of 1").await;
    server.now(|_| Reply::json(403, "{}"));
    press(&console.stage.button("Refresh"));
    until("it has failed", || console.stage.find("[role=alert] button").is_some()).await;
    clock.advance(Duration::from_secs(2));
    settle().await;
    assert_eq!(text_of(&console.stage.get(".reading-line [role=status]")), "");
}

#[wasm_bindgen_test]
async fn a_refresh_reads_the_details_again() {
    let tokens = ListServer::of(&[(1, "first")]);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 1 of 1").await;
    until("its details", || text_of(&row(&console, "first")).contains("Enabled")).await;
    server.now(tokens.serve_but(1, || Reply::json(200, &detail(1, "first", false))));
    press(&console.stage.button("Refresh"));
    until("what is so now", || text_of(&row(&console, "first")).contains("Disabled")).await;
}

/// Rows can be sorted and filtered by known details while these are read again.
#[wasm_bindgen_test]
async fn a_refresh_takes_no_row_from_a_filter_by_details() {
    let tokens = ListServer::many(4);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens?status=enabled").await;
    shows(&console, &["token-1", "token-3"]).await;
    server.now(tokens.serve_list_only());
    press(&console.stage.button("Refresh"));
    console.says("Loading the details.").await;
    assert_eq!(names(&console), ["token-1", "token-3"]);
}

/// Neither a failed reading nor one that was left counts as an earlier reading.
#[wasm_bindgen_test]
async fn the_first_rows_are_no_news() {
    let tokens = ListServer::many(3);
    let server = Server::start(|_| Reply::json(500, "{}"));
    let console = Console::signed_in("/tokens").await;
    until("the failure is said", || console.stage.find(".list [role=alert]").is_some()).await;
    server.now(|_| Reply::Never);
    press(&console.stage.button("Try again"));
    press(&console.stage.link("New token"));
    console.says("Characters in the secret").await;
    server.now(tokens.serve());
    press(&console.stage.link("API tokens"));
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    settle().await;
    assert!(!console.stage.says("Changed since the last load"), "{}", console.stage.text());
    assert!(console.stage.find(".badge-news").is_none());
}

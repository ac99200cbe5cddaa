//! `/tokens`: the console sorts the list and divides it into pages itself.

use std::time::Duration;

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    Clock, Console, Gate, ListServer, NoFrames, Server, back, described, details_sent, frames,
    list_page::{choose, details_are_read, names, rows, shows, stands_at},
    offsets, press, settle, text_of, until,
};

fn header(console: &Console, name: &str) -> HtmlElement {
    let buttons = console.stage.all("thead th button");
    let button = buttons.into_iter().find(|button| text_of(button) == name).expect("such a header");
    button.parent_element().expect("its cell").unchecked_into()
}

fn order(console: &Console, name: &str) -> Option<String> {
    header(console, name).get_attribute("aria-sort")
}

fn press_header(console: &Console, name: &str) {
    let button = header(console, name).query_selector("button").expect("a valid selector");
    press(button.expect("a button").unchecked_ref());
}

#[wasm_bindgen_test]
async fn a_header_sorts_and_says_so() {
    let tokens = ListServer::of(&[(1, "job-10"), (2, "Job-2"), (3, "alpha")]);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    shows(&console, &["job-10", "Job-2", "alpha"]).await;
    assert_eq!((order(&console, "ID").as_deref(), order(&console, "Name")), (Some("ascending"), None));
    press_header(&console, "Name");
    // Numbers sort by their value, and case does not matter.
    shows(&console, &["alpha", "Job-2", "job-10"]).await;
    assert_eq!((order(&console, "Name").as_deref(), order(&console, "ID")), (Some("ascending"), None));
    until("the address", || console.address() == "/tokens?sort=name").await;
    press_header(&console, "Name");
    shows(&console, &["job-10", "Job-2", "alpha"]).await;
    assert_eq!(order(&console, "Name").as_deref(), Some("descending"));
    until("the address", || console.address() == "/tokens?sort=-name").await;
    back();
    shows(&console, &["alpha", "Job-2", "job-10"]).await;
    assert_eq!(offsets(&server), [0]);
}

#[wasm_bindgen_test]
async fn an_order_by_details_reads_them() {
    // Otherwise the details that the page requests once it has settled would be among them.
    let clock = Clock::stopped();
    let server = Server::start(ListServer::many(5).serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 5 of 5").await;
    press_header(&console, "Last used");
    details_are_read(&console, &server, &clock, 5).await;
    // Never used sorts before every time.
    shows(&console, &["token-3", "token-5", "token-4", "token-2", "token-1"]).await;
    assert_eq!(order(&console, "Last used").as_deref(), Some("ascending"));
    assert_eq!(details_sent(&server), 5);
}

/// The requests for the page's details are still in flight when an order needs the details of all tokens.
#[wasm_bindgen_test]
async fn what_the_page_has_asked_for_is_not_asked_for_again() {
    let clock = Clock::stopped();
    let gate = Gate::default();
    let tokens = ListServer::many(5);
    let server = Server::start(tokens.hold_details(&gate));
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 5 of 5").await;
    clock.advance(Duration::from_millis(120));
    until("the page's are asked for, a few at a time", || details_sent(&server) == 4).await;
    press_header(&console, "Last used");
    console.says("Loading the details.").await;
    settle().await;
    assert_eq!(details_sent(&server), 4);
    for id in 1..=4 {
        gate.release(tokens.detail(id)).await;
    }
    until("the last one is asked for", || details_sent(&server) == 5).await;
    gate.release(tokens.detail(5)).await;
    details_are_read(&console, &server, &clock, 5).await;
    shows(&console, &["token-3", "token-5", "token-4", "token-2", "token-1"]).await;
    assert_eq!(details_sent(&server), 5);
}

#[wasm_bindgen_test]
async fn a_page_has_as_many_rows_as_one_wants() {
    let server = Server::start(ListServer::many(60).serve());
    let console = Console::signed_in("/tokens?page=2").await;
    stands_at(&console, "Page 2: tokens 26 to 50 of 60").await;
    choose(&console, "Rows", "50");
    stands_at(&console, "Page 1: tokens 1 to 50 of 60").await;
    until("those out of the window, too", || rows(&console) == 50).await;
    until("the address", || console.address() == "/tokens?size=50").await;
    press(&console.stage.link("Next page"));
    stands_at(&console, "Page 2: tokens 51 to 60 of 60").await;
    assert_eq!(console.address(), "/tokens?size=50&page=2");
    assert_eq!(offsets(&server), [0]);
}

/// Building a page of a hundred rows takes longer than a press may take to its paint. A user who turns the page is at
/// its end.
#[wasm_bindgen_test]
async fn at_the_end_of_a_long_page_the_next_one_is_there_at_once() {
    let _server = Server::start(ListServer::many(250).serve());
    let console = Console::signed_in("/tokens?size=100").await;
    stands_at(&console, "Page 1: tokens 1 to 100 of 250").await;
    let next = console.stage.link("Next page");
    next.scroll_into_view();
    frames().await;
    let held = NoFrames::begin();
    press(&next);
    until("the rows that one sees", || names(&console).last().is_some_and(|name| name == "token-200")).await;
    let shown = names(&console);
    assert_eq!((shown.len(), shown[0].as_str()), (100, "token-1"), "the others have not been made yet");
    drop(held);
    stands_at(&console, "Page 2: tokens 101 to 200 of 250").await;
    let expected: Vec<_> = (101..=200).map(|id| format!("token-{id}")).collect();
    assert_eq!(names(&console), expected);
}

#[wasm_bindgen_test]
async fn a_page_beyond_the_end_is_the_last_one() {
    let _server = Server::start(ListServer::many(60).serve());
    let console = Console::signed_in("/tokens?page=99").await;
    stands_at(&console, "Page 3: tokens 51 to 60 of 60").await;
    let href = console.stage.link("Previous page").get_attribute("href");
    assert_eq!(href.as_deref(), Some("/tokens?page=2"));
    assert_eq!(console.stage.link("Next page").get_attribute("href"), None);
}

#[wasm_bindgen_test]
async fn the_last_page_leads_no_further() {
    let _server = Server::start(ListServer::many(25).serve());
    let console = Console::signed_in("/tokens").await;
    console.says("token-25").await;
    let next = console.stage.link("Next page");
    assert_eq!(next.get_attribute("href"), None);
    assert_eq!(described(&next), "This is the last page.");
}

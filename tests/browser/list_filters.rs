//! `/tokens`: filters by details, which have to be read first.

use std::{cell::Cell, rc::Rc, time::Duration};

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Clock, Console, Gate, ListServer, Reply, Server, detail_id, details_sent, frames, has_focus,
    list_page::{choose, names, position, rows, search, shows, stands_at},
    press, remember_basic, settle, text_of, until,
};

#[wasm_bindgen_test]
async fn a_few_details_are_read_without_asking() {
    let server = Server::start(ListServer::many(30).serve());
    let console = Console::signed_in("/tokens?status=disabled").await;
    stands_at(&console, "Page 1: tokens 1 to 15 of 15 that match, of 30").await;
    assert_eq!(names(&console)[0], "token-2");
    assert_eq!(details_sent(&server), 30, "each once");
    // They are known now.
    choose(&console, "Status", "enabled");
    until("the others", || names(&console).first().is_some_and(|name| name == "token-1")).await;
    choose(&console, "Last used", "never");
    shows(&console, &["token-3", "token-9", "token-15", "token-21", "token-27"]).await;
    settle().await;
    assert_eq!(details_sent(&server), 30);
    assert_eq!(console.address(), "/tokens?status=enabled&used=never");
    press(&console.stage.button("Clear filters"));
    until("everything", || console.address() == "/tokens" && rows(&console) == 25).await;
    assert!(has_focus(&console.stage.control("Search tokens")), "the button is gone");
}

#[wasm_bindgen_test]
async fn many_details_are_read_on_request_and_can_be_stopped() {
    let gate = Gate::default();
    let tokens = ListServer::many(201);
    let server = Server::start(tokens.hold_details(&gate));
    let console = Console::signed_in("/tokens?status=disabled").await;
    console.says("This needs the details of 201 more tokens (one request each).").await;
    console.says("No match among the tokens whose details are loaded.").await;
    settle().await;
    assert_eq!(details_sent(&server), 0, "nobody has agreed to that");

    press(&console.stage.button("Load details"));
    until("they are asked for, a few at a time", || details_sent(&server) == 4).await;
    console.says("201 to go.").await;
    let said = text_of(&console.stage.get(".screen > .visually-hidden[role=status]"));
    assert_eq!(said, "Loading the details.", "the number is not read out each time it changes");
    for id in 1..=2 {
        gate.release(tokens.detail(id)).await;
    }
    console.says("199 to go.").await;
    shows(&console, &["token-2"]).await;
    assert_eq!(position(&console), "Page 1: tokens 1 to 1 of 1 that match, of 201; 199 not checked yet");
    let given_up = || {
        let sent = server.sent();
        sent.iter().filter(|sent| detail_id(sent).is_some() && sent.is_aborted()).count()
    };
    assert_eq!((details_sent(&server), given_up()), (6, 0));
    press(&console.stage.button("Stop"));
    console.says("This needs the details of 199 more tokens").await;
    settle().await;
    assert_eq!(details_sent(&server), 6);
    assert_eq!(given_up(), 4, "what was on its way");

    server.now(tokens.serve());
    press(&console.stage.button("Load details"));
    stands_at(&console, "Page 1: tokens 1 to 25 of 100 that match, of 201").await;
    assert!(console.stage.find_button("Load details").is_none());
}

/// The facts of all rows are told with a delay, by a clock that stands still here.
#[wasm_bindgen_test]
async fn details_are_not_missing_once_all_are_loaded() {
    let server = Server::start(ListServer::many(201).serve());
    let console = Console::signed_in("/tokens?status=disabled").await;
    console.says("This needs the details of 201 more tokens").await;
    let _clock = Clock::stopped();
    press(&console.stage.button("Load details"));
    until("all are loaded", || {
        details_sent(&server) == 201 && console.stage.find("progress[aria-label='Loading details']").is_none()
    })
    .await;
    assert!(!console.stage.says("This needs the details of"), "{}", console.stage.text());
}

#[wasm_bindgen_test]
async fn what_details_cost_is_read_out() {
    let _server = Server::start(ListServer::many(300).serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 300").await;
    let clock = Clock::stopped();
    choose(&console, "Status", "disabled");
    console.says("This needs the details of").await;
    // The region is painted before the words are there.
    let region = console.stage.get(".screen > .visually-hidden[role=status]");
    frames().await;
    assert_eq!(text_of(&region), "");
    clock.advance(Duration::from_millis(1));
    until("it is read out", || text_of(&region).starts_with("This needs the details of")).await;
}

/// Each request with a password costs the server half a second of processor.
#[wasm_bindgen_test]
async fn with_a_password_fewer_details_are_read_without_asking() {
    let server = Server::start(ListServer::many(30).serve());
    remember_basic();
    let console = Console::open("/tokens?status=disabled").await;
    console.says("This needs the details of 30 more tokens (one request each).").await;
    assert!(console.stage.find_button("Load details").is_some());
    settle().await;
    assert_eq!(details_sent(&server), 0, "nobody has agreed to that");
}

/// A press of the button asks again, with the full number of retries.
#[wasm_bindgen_test]
async fn details_that_are_asked_for_again_are_tried_as_often_as_ever() {
    let is_down = Rc::new(Cell::new(true));
    let (answers, down, tries) = (ListServer::many(30).serve(), is_down.clone(), Cell::new(0));
    let _server = Server::start(move |sent| match detail_id(sent) {
        // Afterwards every second request fails.
        Some(_) if down.get() || tries.replace(tries.get() + 1) % 2 == 0 && tries.get() < 24 => {
            Reply::NetworkError
        }
        _ => answers(sent),
    });
    let console = Console::signed_in("/tokens?status=disabled").await;
    console.says("This needs the details of 30 more tokens (one request each).").await;
    is_down.set(false);
    press(&console.stage.button("Load details"));
    stands_at(&console, "Page 1: tokens 1 to 15 of 15 that match, of 30").await;
}

/// An admin's list has tokens whose details the admin may not read.
#[wasm_bindgen_test]
async fn details_that_the_server_refuses_are_said_and_not_asked_for_again() {
    let (tokens, refuses) = (ListServer::many(4), Rc::new(Cell::new(true)));
    let (answers, refused) = (tokens.serve(), refuses.clone());
    let server = Server::start(move |sent| match detail_id(sent) {
        Some(1) if refused.get() => Reply::json(403, "{}"),
        _ => answers(sent),
    });
    let console = Console::signed_in("/tokens?status=disabled").await;
    console.says("The server does not show you the details of 1 token: it may match, but is left out.").await;
    stands_at(&console, "Page 1: tokens 1 to 2 of 2 that match, of 4; 1 could not be checked").await;
    assert!(!console.stage.says("This needs the details of"));
    assert!(console.stage.find_button("Load details").is_none());
    choose(&console, "Order", "-created");
    choose(&console, "Status", "enabled");
    shows(&console, &["token-3"]).await;
    settle().await;
    assert_eq!(details_sent(&server), 4, "each once");
    // Without a filter they are shown, in the last place.
    choose(&console, "Status", "");
    console.says("The server does not show you the details of 1 token: it is listed last.").await;
    // The permission may have been given meanwhile.
    refuses.set(false);
    press(&console.stage.button("Refresh"));
    until("it is told now", || !console.stage.says("The server does not show you")).await;
    choose(&console, "Status", "enabled");
    until("both", || rows(&console) == 2).await;
}

/// A failure that may pass is not a refusal.
#[wasm_bindgen_test]
async fn details_that_failed_may_be_read_again() {
    let tokens = ListServer::many(2);
    let server = Server::start(tokens.serve_but(1, || Reply::json(501, "{}")));
    let console = Console::signed_in("/tokens?status=enabled").await;
    console.says("This needs the details of 1 more token (one request).").await;
    assert!(!console.stage.says("The server does not show you"));
    server.now(tokens.serve());
    press(&console.stage.button("Load details"));
    shows(&console, &["token-1"]).await;
}

/// A search that leaves few rows makes them cheap.
#[wasm_bindgen_test]
async fn what_the_search_leaves_out_costs_nothing() {
    let server = Server::start(ListServer::many(210).serve());
    let console = Console::signed_in("/tokens?status=disabled").await;
    console.says("This needs the details of 210 more tokens").await;
    search(&console, "token-20");
    shows(&console, &["token-20", "token-200", "token-202", "token-204", "token-206", "token-208"]).await;
    assert_eq!(details_sent(&server), 11);
}

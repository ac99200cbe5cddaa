//! `/tokens`: the whole list is read at once, in pages, before anything else is requested.

use std::{cell::RefCell, time::Duration};

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Clock, Console, Gate, ListServer, Reply, Server,
    list_page::{elsewhere, position, rows, stands_at},
    offset_of, offsets, parameter, press, settle, text_of, until,
};

/// The same whatever the address is. What the list says is shown although nothing else has been answered.
#[wasm_bindgen_test]
async fn one_request_comes_before_the_first_row() {
    for (address, expected, shown) in [
        ("/tokens", "GET /api_tokens/?limit=100&offset=0", "token-2"),
        ("/tokens?q=tok&page=3&sort=-name", "GET /api_tokens/?limit=100&offset=0", "token-2"),
        (
            "/tokens?owner=3&status=enabled&sort=used",
            "GET /api_tokens/?limit=100&offset=0&owner_id=3",
            "Loading the details.",
        ),
    ] {
        let gate = Gate::default();
        let hold = gate.clone();
        let server = Server::start(move |sent| if sent.is_list() { hold.hold() } else { Reply::Never });
        let console = Console::signed_in(address).await;
        until("the list was asked for", || !server.sent().is_empty()).await;
        settle().await;
        assert_eq!(server.lines(), [expected], "{address}");
        gate.release(ListServer::many(2).rows(0, 100)).await;
        console.says(shown).await;
    }
}

#[wasm_bindgen_test]
async fn an_empty_list_says_so() {
    let _server = Server::start(ListServer::of(&[]).serve());
    let console = Console::signed_in("/tokens").await;
    console.says("There are no tokens yet.").await;
}

#[wasm_bindgen_test]
async fn a_list_that_failed_can_be_tried_again() {
    let server = Server::start(|_| Reply::json(503, "{}"));
    let console = Console::signed_in("/tokens").await;
    until("the failure is said", || console.stage.find(".list [role=alert]").is_some()).await;
    server.now(ListServer::many(1).serve());
    press(&console.stage.button("Try again"));
    console.says("token-1").await;
    assert!(console.stage.find(".list [role=alert]").is_none());
}

/// Returns the position that was last announced to screen readers.
fn said_of_position(console: &Console) -> String {
    text_of(&console.stage.get(".pager [role=status]"))
}

#[wasm_bindgen_test]
async fn the_first_page_is_there_while_the_rest_is_read() {
    let gate = Gate::default();
    let tokens = ListServer::many(250);
    let server = Server::start(tokens.serve_until(1, &gate));
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 100 loaded so far").await;
    until("those out of the window, too", || rows(&console) == 25).await;
    assert!(console.stage.find("progress[aria-label='Loading the list']").is_some());
    assert!(console.stage.says("100 loaded so far"));
    let said = said_of_position(&console);
    // Consecutive pages overlap.
    until("the second page was asked for", || offsets(&server) == [0, 94]).await;
    // Intermediate counts are shown, but not announced one by one.
    gate.release(tokens.rows(94, 100)).await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 194 loaded so far").await;
    assert_eq!(said_of_position(&console), said);
    until("the last page was asked for", || offsets(&server) == [0, 94, 188]).await;
    server.now(tokens.serve());
    gate.release(tokens.rows(188, 100)).await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 250").await;
    assert_eq!(said_of_position(&console), "Page 1: tokens 1 to 25 of 250");
    assert_eq!(offsets(&server), [0, 94, 188]);
    assert!(console.stage.find("progress").is_none());
}

/// Names may be so long that a page of a hundred tokens exceeds what the console reads.
#[wasm_bindgen_test]
async fn a_page_that_is_too_long_is_asked_for_in_smaller_ones() {
    let tokens = ListServer::many(130);
    let server = Server::start(move |sent| {
        let limit = parameter(sent, "limit").and_then(|text| text.parse::<u32>().ok());
        if sent.is_list() && limit.is_some_and(|limit| limit > 50) {
            Reply::json(200, "[]").with("Content-Length", "5000000")
        } else {
            tokens.answer(sent)
        }
    });
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 130").await;
    let limits: Vec<_> = server
        .sent()
        .iter()
        .filter(|sent| sent.is_list())
        .filter_map(|sent| parameter(sent, "limit"))
        .collect();
    assert_eq!(limits, ["100", "50", "100", "50", "100", "50"]);
}

#[wasm_bindgen_test]
async fn the_reading_can_be_stopped_and_goes_on_where_it_was() {
    let gate = Gate::default();
    let tokens = ListServer::many(250);
    let server = Server::start(tokens.serve_until(1, &gate));
    let console = Console::signed_in("/tokens").await;
    until("the second page was asked for", || offsets(&server) == [0, 94]).await;
    let region = console.stage.get(".reading-line [role=status]");
    press(&console.stage.button("Stop"));
    // It is read out, since its region was there before.
    let stopped = "Stopped after 100 tokens. The rest is neither searched nor counted.";
    until("it is read out", || text_of(&region) == stopped).await;
    settle().await;
    let is_aborted = server.sent().iter().any(|sent| sent.is_list() && sent.is_aborted());
    assert!(is_aborted, "the page that was on its way is given up");
    assert_eq!(offsets(&server), [0, 94], "nothing more is asked for");
    stands_at(&console, "Page 1: tokens 1 to 25 of 100 loaded so far").await;
    assert_eq!(console.stage.button("Refresh").get_attribute("aria-busy"), None);

    server.now(tokens.serve());
    press(&console.stage.button("Continue"));
    stands_at(&console, "Page 1: tokens 1 to 25 of 250").await;
    assert_eq!(offsets(&server), [0, 94, 94, 188]);
    assert!(!console.stage.says("Stopped after"));
}

/// What was read long ago says nothing about the order of the list now.
#[wasm_bindgen_test]
async fn a_reading_that_was_left_goes_on_for_a_while_and_then_begins_anew() {
    let clock = Clock::stopped();
    let gate = Gate::default();
    let tokens = ListServer::many(250);
    let server = Server::start(tokens.serve_until(1, &gate));
    let console = Console::signed_in("/tokens").await;
    until("the second page was asked for", || offsets(&server) == [0, 94]).await;
    elsewhere(&console, &clock, Duration::from_secs(50)).await;
    until("it goes on", || offsets(&server) == [0, 94, 94]).await;
    server.now(tokens.serve());
    elsewhere(&console, &clock, Duration::from_secs(11)).await;
    until("it begins anew", || offsets(&server)[3..] == [0, 94, 188]).await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 250").await;
    assert!(!console.stage.says("Since it was read before"));
}

#[wasm_bindgen_test]
async fn a_reading_that_was_stopped_stays_so() {
    let clock = Clock::stopped();
    let tokens = ListServer::many(250);
    let server = Server::start(tokens.serve_until(1, &Gate::default()));
    let console = Console::signed_in("/tokens").await;
    until("the second page was asked for", || offsets(&server) == [0, 94]).await;
    press(&console.stage.button("Stop"));
    console.says("Stopped after 100 tokens.").await;
    elsewhere(&console, &clock, Duration::from_secs(600)).await;
    console.says("Stopped after 100 tokens.").await;
    assert_eq!(offsets(&server), [0, 94]);
}

#[wasm_bindgen_test]
async fn a_page_that_fails_keeps_the_rows_and_can_be_tried_again() {
    let tokens = ListServer::many(250);
    let answers = tokens.serve();
    let server = Server::start(move |sent| match sent.is_list() && offset_of(sent) == 94 {
        true => Reply::json(500, "{}"),
        false => answers(sent),
    });
    let console = Console::signed_in("/tokens").await;
    until("the failure is said", || console.stage.find("[role=alert] button").is_some()).await;
    until("those out of the window, too", || rows(&console) == 25).await;
    assert_eq!(position(&console), "Page 1: tokens 1 to 25 of 100 loaded so far");
    assert!(console.stage.find("progress").is_none());
    server.now(tokens.serve());
    let before = offsets(&server).len();
    press(&console.stage.button("Try again"));
    stands_at(&console, "Page 1: tokens 1 to 25 of 250").await;
    assert_eq!(offsets(&server)[before..], [94, 188], "it goes on where it failed");
    assert!(console.stage.find_button("Try again").is_none());
    // They were not there before, but the list had not been read that far.
    assert!(!console.stage.says("Changed since the last load"));
}

/// A press of the button starts with as many retries as before.
#[wasm_bindgen_test]
async fn trying_again_is_as_patient_as_the_first_time() {
    let tokens = ListServer::many(250);
    let server = Server::start(move |sent| match sent.is_list() {
        true if offset_of(sent) == 0 => tokens.answer(sent),
        true => Reply::json(503, "{}"),
        false => Reply::Never,
    });
    let console = Console::signed_in("/tokens").await;
    let tries = || offsets(&server).iter().filter(|offset| **offset == 94).count();
    for presses in 1..=5 {
        until("it was given up", || {
            tries() == 4 * presses && console.stage.find_button("Try again").is_some()
        })
        .await;
        press(&console.stage.button("Try again"));
    }
}

#[wasm_bindgen_test]
async fn a_list_that_keeps_changing_is_said_to() {
    let tokens = ListServer::many(250);
    let answers = tokens.clone();
    // Another order for each request: no reader can guarantee anything.
    let seed = RefCell::new(1_u64);
    let server = Server::start(move |sent| {
        if sent.is_list() {
            answers.change(|rows| {
                for at in 1..rows.len() {
                    let next = seed.borrow().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    *seed.borrow_mut() = next;
                    rows.swap(at, (next >> 33) as usize % (at + 1));
                }
            });
        }
        answers.answer(sent)
    });
    let console = Console::signed_in("/tokens").await;
    console.says("The list kept changing while it was loading. A token may be missing.").await;
    tokens.change(|rows| rows.sort_unstable());
    server.now(tokens.serve());
    press(&console.stage.button("Reload list"));
    stands_at(&console, "Page 1: tokens 1 to 25 of 250").await;
    assert!(!console.stage.says("kept changing"));
}

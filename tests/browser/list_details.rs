//! `/tokens`: when the details of the rows are requested, and what they do to the rows.

use std::time::Duration;

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Clock, Console, Gate, ListServer, Reply, Server, detail_id, details_sent, frames,
    list_page::{choose, details_are_read, elsewhere, names, row, search, shows, stands_at},
    offsets, press, remember_basic, remember_token, settle, text_of, until,
};

#[wasm_bindgen_test]
async fn details_arrive_in_their_row() {
    let tokens = ListServer::of(&[(1, "token-1"), (3, "token-3"), (5, "token-5")]);
    let _server = Server::start(move |sent| match detail_id(sent) {
        Some(3) => tokens.detail(3),
        Some(_) => Reply::Never,
        None => tokens.answer(sent),
    });
    let console = Console::signed_in("/tokens").await;
    until("the details of a row", || console.stage.find("tbody .badge-on").is_some()).await;
    let cells = |name: &str| text_of(&row(&console, name));
    let told = cells("token-3");
    assert!(told.contains("alice") && told.contains("Never") && told.contains("2024"), "{told}");
    assert!(cells("token-1").contains("Loading") && cells("token-5").contains("Loading"));
}

#[wasm_bindgen_test]
async fn secrets_of_details_do_not_reach_the_page() {
    let _server = Server::start(ListServer::many(3).serve());
    let console = Console::signed_in("/tokens").await;
    until("all details", || console.stage.all(".badge").len() == 3).await;
    assert!(!console.stage.html().contains("s3cret"), "{}", console.stage.html());
}

/// A row without details is still a row.
#[wasm_bindgen_test]
async fn a_detail_that_cannot_be_had_costs_its_cells_only() {
    let tokens = ListServer::of(&[(1, "token-1"), (3, "token-3")]);
    let _server = Server::start(tokens.serve_but(1, || Reply::json(500, "{}")));
    let console = Console::signed_in("/tokens").await;
    until("the details of a row", || console.stage.find("tbody .badge-on").is_some()).await;
    console.says("The token could not be loaded").await;
    // One reason is enough for whoever hears the whole row.
    let told = text_of(&row(&console, "token-1"));
    let times = |words| told.matches(words).count();
    assert_eq!((times("could not be loaded"), times("unknown")), (1, 3), "{told}");
    assert_eq!(console.stage.link("token-1").get_attribute("href").as_deref(), Some("/tokens/1"));
}

async fn details_at_once() -> usize {
    let server = Server::start(ListServer::many(10).serve_list_only());
    let console = Console::open("/tokens").await;
    console.says("token-10").await;
    until("details were asked for", || details_sent(&server) > 0).await;
    settle().await;
    details_sent(&server)
}

#[wasm_bindgen_test]
async fn at_most_four_details_are_asked_for_at_once() {
    remember_token();
    assert_eq!(details_at_once().await, 4);
}

/// Every request with a password costs the server half a second of processor.
#[wasm_bindgen_test]
async fn with_a_password_it_is_two() {
    remember_basic();
    assert_eq!(details_at_once().await, 2);
}

#[wasm_bindgen_test]
async fn the_next_detail_is_asked_for_when_one_has_arrived() {
    let gate = Gate::default();
    let tokens = ListServer::many(10);
    let server = Server::start(tokens.hold_details(&gate));
    let console = Console::signed_in("/tokens").await;
    console.says("token-10").await;
    until("four were asked for", || details_sent(&server) == 4).await;
    gate.release(tokens.detail(1)).await;
    until("a fifth was asked for", || details_sent(&server) == 5).await;
    settle().await;
    assert_eq!(server.lines().last().map(String::as_str), Some("GET /api_tokens/5"));
}

#[wasm_bindgen_test]
async fn turning_the_page_gives_up_the_details_of_the_last_one() {
    let server = Server::start(ListServer::many(26).serve_list_only());
    let console = Console::signed_in("/tokens").await;
    console.says("token-25").await;
    assert!(!console.stage.says("token-26"), "a row of the next page");
    until("details were asked for", || details_sent(&server) == 4).await;
    press(&console.stage.link("Next page"));
    console.says("token-26").await;
    assert_eq!(console.address(), "/tokens?page=2");
    until("its details were asked for", || details_sent(&server) == 5).await;
    let left: Vec<_> = server.sent().iter().filter(|sent| !sent.is_aborted()).filter_map(detail_id).collect();
    assert_eq!(left, [26]);
    assert_eq!(offsets(&server), [0], "a page of the console's own");
}

/// Nothing is requested for rows that the user only types or pages past.
#[wasm_bindgen_test]
async fn details_of_rows_wait_until_the_page_has_settled() {
    let clock = Clock::stopped();
    let server = Server::start(ListServer::many(30).serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 30").await;
    clock.advance(Duration::from_millis(100));
    settle().await;
    search(&console, "token-30");
    shows(&console, &["token-30"]).await;
    clock.advance(Duration::from_millis(119));
    settle().await;
    assert_eq!(details_sent(&server), 0);
    clock.advance(Duration::from_millis(1));
    until("the details of what is shown", || details_sent(&server) == 1).await;
    settle().await;
    assert_eq!(server.count("GET /api_tokens/30"), 1);
    assert_eq!(details_sent(&server), 1);
}

#[wasm_bindgen_test]
async fn details_wait_for_the_list() {
    let clock = Clock::stopped();
    let gate = Gate::default();
    let tokens = ListServer::many(120);
    let server = Server::start(tokens.serve_until(1, &gate));
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 100 loaded so far").await;
    clock.advance(Duration::from_millis(1_000));
    settle().await;
    assert_eq!(details_sent(&server), 0, "the list is read");
    gate.release(tokens.rows(94, 100)).await;
    until("the details of the page", || details_sent(&server) == 25).await;
}

#[wasm_bindgen_test]
async fn details_do_not_wait_for_a_list_that_takes_long() {
    let clock = Clock::stopped();
    let server = Server::start(ListServer::many(120).serve_until(1, &Gate::default()));
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 100 loaded so far").await;
    clock.advance(Duration::from_millis(1_499));
    settle().await;
    assert_eq!(details_sent(&server), 0);
    clock.advance(Duration::from_millis(1));
    until("the details of the page", || details_sent(&server) == 25).await;
}

/// At the end of a long page, the user looks at the rows there.
#[wasm_bindgen_test]
async fn details_of_what_one_sees_come_first() {
    let gate = Gate::default();
    let tokens = ListServer::many(100);
    let server = Server::start(tokens.hold_details(&gate));
    let console = Console::signed_in("/tokens?size=100").await;
    stands_at(&console, "Page 1: tokens 1 to 100 of 100").await;
    until("the first ones are asked for", || details_sent(&server) == 4).await;
    let last = console.stage.link("token-100");
    last.scroll_into_view();
    frames().await;
    frames().await;
    for id in 1..=4 {
        gate.release(tokens.detail(id)).await;
    }
    until("others are asked for", || details_sent(&server) == 8).await;
    let asked: Vec<_> = server.sent().iter().filter_map(detail_id).skip(4).collect();
    assert!(asked.iter().all(|id| *id > 50), "{asked:?}");
}

/// Opens a list of three tokens and waits for the responses to the requests for their details.
async fn three_with_details(clock: &Clock) -> (Server, Console) {
    let server = Server::start(ListServer::many(3).serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    clock.advance(Duration::from_millis(120));
    until("all are asked for", || details_sent(&server) == 3).await;
    settle().await;
    (server, console)
}

/// Who used a token a while ago may use it now.
#[wasm_bindgen_test]
async fn details_that_are_old_are_read_again() {
    let clock = Clock::stopped();
    let server = Server::start(ListServer::many(4).serve());
    let console = Console::signed_in("/tokens?status=enabled").await;
    details_are_read(&console, &server, &clock, 4).await;
    shows(&console, &["token-1", "token-3"]).await;
    clock.advance(Duration::from_secs(500));
    choose(&console, "Status", "disabled");
    shows(&console, &["token-2", "token-4"]).await;
    settle().await;
    assert_eq!(details_sent(&server), 4, "they are still good");
    clock.advance(Duration::from_secs(101));
    choose(&console, "Last used", "never");
    until("they are read again", || details_sent(&server) == 8).await;
}

#[wasm_bindgen_test]
async fn details_outlive_a_list_that_is_old() {
    let clock = Clock::stopped();
    let (server, console) = three_with_details(&clock).await;
    elsewhere(&console, &clock, Duration::from_secs(61)).await;
    clock.advance(Duration::from_millis(120));
    settle().await;
    assert_eq!(details_sent(&server), 3, "they are still good");
    elsewhere(&console, &clock, Duration::from_secs(600)).await;
    clock.advance(Duration::from_millis(120));
    until("they are read again", || details_sent(&server) == 6).await;
}

/// The list was read a while ago.
#[wasm_bindgen_test]
async fn details_that_bring_another_name_rename_the_row() {
    let tokens = ListServer::many(3);
    let _server = Server::start(tokens.serve_but(2, || {
        Reply::json(200, r#"{"id": 2, "name": "renamed", "owner_id": 3, "enabled": true, "token": "x"}"#)
    }));
    let console = Console::signed_in("/tokens").await;
    shows(&console, &["token-1", "renamed", "token-3"]).await;
}

/// Only the API itself can say that a token is gone.
#[wasm_bindgen_test]
async fn details_of_what_is_gone_take_the_row_away() {
    let tokens = ListServer::many(3);
    let _server = Server::start(tokens.serve_but(2, || Reply::json(404, r#"{"message": "Not Found"}"#)));
    let console = Console::signed_in("/tokens?status=enabled").await;
    stands_at(&console, "Page 1: tokens 1 to 2 of 2 that match, of 2").await;
    assert!(!console.stage.says("The server does not show you"));
}

/// Otherwise the refresh would not know of it, and not report it.
#[wasm_bindgen_test]
async fn what_is_gone_during_a_refresh_is_told_by_the_refresh() {
    let gate = Gate::default();
    let tokens = ListServer::many(3);
    let server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    until("all details are there", || console.stage.find("tbody tr[aria-busy=true]").is_none()).await;
    let before = details_sent(&server);
    let (answers, hold) = (tokens.serve(), gate.clone());
    server.now(move |sent| match detail_id(sent) {
        Some(2) => Reply::json(404, r#"{"message": "Not Found"}"#),
        _ if sent.is_list() => hold.hold(),
        _ => answers(sent),
    });
    press(&console.stage.button("Refresh"));
    until("details are read again, the list is not there yet", || details_sent(&server) == before + 3).await;
    settle().await;
    assert_eq!(names(&console), ["token-1", "token-2", "token-3"]);
    tokens.change(|rows| rows.retain(|(id, _)| *id != 2));
    gate.release(tokens.rows(0, 100)).await;
    console.says("Changed since the last load: 1 no longer listed.").await;
    shows(&console, &["token-1", "token-3"]).await;
}

#[wasm_bindgen_test]
async fn rows_are_told_of_their_details_together() {
    let clock = Clock::stopped();
    let (_server, console) = three_with_details(&clock).await;
    let busy = || console.stage.all("tbody tr[aria-busy=true]").len();
    assert_eq!(busy(), 3, "the first one waits for the others");
    clock.advance(Duration::from_millis(100));
    until("all have theirs", || busy() == 0).await;
}

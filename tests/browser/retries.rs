//! Automatic retries: what is retried and when, and what the page says meanwhile.

use std::{cell::Cell, rc::Rc, time::Duration};

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Clock, Console, Network, Reply, Sent, Server, press, remember_token, settle, type_into, until,
};

const LIST: &str = "GET /api_tokens/?limit=100&offset=0";
const DELETE: &str = "DELETE /api_tokens/7";
const TOKEN: &str = r#"{"id": 7, "name": "ci-token", "owner_id": 3, "enabled": true, "token": "s3cret"}"#;

/// Answers with `fault`, and from the `n`th request on with an empty list.
fn list_after(n: u32, fault: fn() -> Reply) -> impl Fn(&Sent) -> Reply {
    let asked = Rc::new(Cell::new(0));
    move |sent| {
        if !sent.is_list() {
            return Reply::empty(204).with("Allow", "GET, POST, OPTIONS");
        }
        asked.set(asked.get() + 1);
        if asked.get() >= n { Reply::json(200, "[]") } else { fault() }
    }
}

async fn list() -> Console {
    Console::signed_in("/tokens").await
}

#[wasm_bindgen_test]
async fn a_fault_that_passes_is_never_shown() {
    let server = Server::start(list_after(4, || Reply::NetworkError));
    let console = list().await;
    console.says("no tokens").await;
    assert_eq!(server.count(LIST), 4);
    assert!(!console.stage.says("could not be loaded"));
}

#[wasm_bindgen_test]
async fn a_fault_that_stays_is_told() {
    let server = Server::start(list_after(5, || Reply::json(502, "<html>")));
    let console = list().await;
    console.says("could not be loaded").await;
    assert_eq!(server.count(LIST), 4);
    assert!(!console.stage.says("Trying again"));
    press(&console.stage.button("Try again"));
    console.says("no tokens").await;
}

#[wasm_bindgen_test]
async fn a_server_that_asks_to_wait_is_waited_for() {
    let clock = Clock::stopped();
    let server = Server::start(list_after(2, || Reply::json(429, "{}").with("Retry-After", "30")));
    let console = list().await;
    console.says("The server is limiting requests. Trying again in 3").await;
    clock.advance(Duration::from_millis(29_999));
    settle().await;
    assert_eq!(server.count(LIST), 1, "too early");
    assert!(console.stage.says("Trying again"));
    // Plus up to a tenth more, so that not all clients come back at once.
    clock.advance(Duration::from_secs(4));
    console.says("no tokens").await;
    assert!(!console.stage.says("Trying again"));
}

#[wasm_bindgen_test]
async fn nobody_has_to_wait() {
    let _clock = Clock::stopped();
    let server = Server::start(list_after(2, || Reply::json(503, "{}").with("Retry-After", "30")));
    let console = list().await;
    console.says("Trying again").await;
    press(&console.stage.button("Stop trying"));
    console.says("could not be loaded").await;
    // Then, too, the page says how long the server wants to be left alone.
    console.says("You can try again in 30 s").await;
    assert_eq!(server.count(LIST), 1);
}

#[wasm_bindgen_test]
async fn a_server_that_asks_for_minutes_is_not_waited_for() {
    let server = Server::start(list_after(2, || Reply::json(429, "{}").with("Retry-After", "300")));
    let console = list().await;
    console.says("Try again in 5 minutes").await;
    assert_eq!(server.count(LIST), 1);
}

#[wasm_bindgen_test]
async fn a_screen_that_goes_away_takes_its_waits_along() {
    let clock = Clock::stopped();
    let server = Server::start(list_after(2, || Reply::json(503, "{}").with("Retry-After", "30")));
    let console = list().await;
    console.says("Trying again").await;
    press(&console.stage.link("New token"));
    console.says("Characters in the secret").await;
    assert!(!console.stage.says("Trying again"));
    clock.advance(Duration::from_secs(60));
    settle().await;
    assert_eq!(server.count(LIST), 1);
}

/// With the details of 25 rows there would be 75 retries.
#[wasm_bindgen_test]
async fn all_requests_of_a_screen_share_a_ceiling() {
    let rows: Vec<_> = (1..=25).map(|id| format!(r#"{{"id": {id}, "name": "token-{id}"}}"#)).collect();
    let rows = format!("[{}]", rows.join(","));
    let server = Server::start(move |sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", "GET, POST, OPTIONS"),
        _ if sent.is_list() => Reply::json(200, &rows),
        _ => Reply::NetworkError,
    });
    let console = list().await;
    until("every row has failed", || console.stage.says("token-25") && !console.stage.says("Loading")).await;
    let details =
        server.lines().iter().filter(|line| line.starts_with("GET /api_tokens/") && *line != LIST).count();
    assert_eq!(details, 25 + 12);
}

#[wasm_bindgen_test]
async fn without_a_network_it_is_waited_for() {
    let network = Network::away();
    let server = Server::start(list_after(2, || Reply::NetworkError));
    let console = list().await;
    console.says("This device is offline").await;
    assert!(!console.stage.says("could not be loaded"));
    network.comes_back();
    console.says("no tokens").await;
    assert!(!console.stage.says("offline"));
    assert_eq!(server.count(LIST), 2);
}

/// A virtual machine may report this although the server is on the same machine.
#[wasm_bindgen_test]
async fn a_browser_that_is_mistaken_about_being_offline_does_no_harm() {
    let _network = Network::away();
    let server = Server::start(list_after(1, || Reply::NetworkError));
    let console = list().await;
    console.says("no tokens").await;
    assert_eq!(server.count(LIST), 1);
}

#[wasm_bindgen_test]
async fn whoever_knows_better_may_try_without_a_network() {
    let _network = Network::away();
    let _server = Server::start(list_after(2, || Reply::NetworkError));
    let console = list().await;
    console.says("This device is offline").await;
    press(&console.stage.button("Try now"));
    console.says("no tokens").await;
}

#[wasm_bindgen_test]
async fn what_changes_something_does_not_wait_for_the_network() {
    let server = Server::start(|sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", "GET, POST, OPTIONS"),
        "POST" => Reply::NetworkError,
        _ => Reply::json(200, "[]"),
    });
    let console = Console::signed_in("/tokens/new").await;
    console.shows_form().await;
    let _network = Network::away();
    type_into(&console.stage.control("Name"), "ci-token");
    press(&console.stage.button("Create token"));
    console.says("The token was not created: this device is offline.").await;
    assert_eq!(server.count("POST /api_tokens/"), 1, "refused by the network before it left");
}

/// Opens token 7 and deletes it. `answer` gets the number of the attempt.
async fn deleting(answer: fn(u32) -> Reply) -> (Server, Console) {
    let tries = Cell::new(0);
    let server = Server::start(move |sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", "GET, PATCH, DELETE, OPTIONS"),
        "DELETE" => {
            tries.set(tries.get() + 1);
            answer(tries.get())
        }
        _ if sent.is_list() => Reply::json(200, "[]"),
        _ => Reply::json(200, TOKEN),
    });
    remember_token();
    let console = Console::open_token(7).await;
    press(&console.stage.button("Delete token"));
    console.confirms().await;
    (server, console)
}

#[wasm_bindgen_test]
async fn a_deletion_is_repeated_and_gone_is_done() {
    let (server, console) =
        deleting(|number| if number == 1 { Reply::NetworkError } else { Reply::json(404, "null") }).await;
    console.says("Deleted ci-token (ID 7).").await;
    assert_eq!(server.count(DELETE), 2);
}

/// A refusal of the retry does not tell the outcome of the first attempt.
#[wasm_bindgen_test]
async fn a_deletion_in_doubt_stays_in_doubt() {
    let (server, console) = deleting(|number| match number {
        1 => Reply::json(502, "<html>"),
        _ => Reply::json(403, "{}"),
    })
    .await;
    // So it was looked up.
    console.says("The token was not deleted: the server still has it.").await;
    assert_eq!(server.count(DELETE), 2);
}

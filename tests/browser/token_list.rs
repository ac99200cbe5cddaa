//! `/tokens`: what the list requests, and when.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Console, Gate, Reply, Sent, Server, described, press, remember_basic, remember_token, settle, until,
};

const LIST: &str = "GET /api_tokens/?limit=100&offset=0";
/// The default number of rows per page.
const PAGE_SIZE: u32 = 25;

/// Returns this many rows, from token 1.
fn rows(count: u32) -> String {
    let rows: Vec<_> = (1..=count).map(|id| format!(r#"{{"id": {id}, "name": "token-{id}"}}"#)).collect();
    format!("[{}]", rows.join(","))
}

fn detail(id: &str) -> String {
    format!(
        r#"{{"id": {id}, "name": "token-{id}", "owner_id": 3, "enabled": true, "token": "s3cret-{id}",
             "created": "2024-03-05T06:07:08Z", "updated": null, "last_used": null}}"#
    )
}

/// Returns the ID, if this requests the details of a row.
fn detail_id(sent: &Sent) -> Option<&str> {
    let id = sent.path.strip_prefix("/api_tokens/").filter(|id| !id.is_empty() && !id.starts_with('?'))?;
    (sent.method == "GET").then_some(id)
}

fn details_sent(server: &Server) -> usize {
    server.sent().iter().filter(|sent| detail_id(sent).is_some()).count()
}

/// Answers like a server with this many tokens, details included.
fn with_tokens(count: u32) -> impl Fn(&Sent) -> Reply {
    move |sent| match detail_id(sent) {
        Some(id) => Reply::json(200, &detail(id)),
        None if sent.is_list() => Reply::json(200, &rows(count)),
        None => Reply::empty(204).with("Allow", "GET, POST, OPTIONS"),
    }
}

#[wasm_bindgen_test]
async fn the_first_row_waits_for_one_request() {
    let gate = Gate::default();
    let hold = gate.clone();
    let server = Server::start(move |sent| if sent.is_list() { hold.hold() } else { Reply::Never });
    remember_token();
    let console = Console::open("/tokens").await;
    until("the list was asked for", || !server.sent().is_empty()).await;
    settle().await;
    assert_eq!(server.lines(), [LIST]);
    gate.release(Reply::json(200, &rows(2))).await;
    // Shown although nothing else has been answered.
    console.says("token-2").await;
}

#[wasm_bindgen_test]
async fn details_arrive_in_their_row() {
    let _server = Server::start(|sent| match detail_id(sent) {
        Some("2") => Reply::json(200, &detail("2")),
        Some(_) => Reply::Never,
        None => Reply::json(200, &rows(3)),
    });
    remember_token();
    let console = Console::open("/tokens").await;
    until("the details of a row", || console.stage.find("tbody .badge-on").is_some()).await;
    let row = |index: usize| console.stage.all("tbody tr")[index].text_content().unwrap_or_default();
    assert!(row(1).contains("alice") && row(1).contains("Never") && row(1).contains("2024"), "{}", row(1));
    assert!(row(0).contains("Loading") && row(2).contains("Loading"));
}

#[wasm_bindgen_test]
async fn secrets_of_details_do_not_reach_the_page() {
    let _server = Server::start(with_tokens(3));
    remember_token();
    let console = Console::open("/tokens").await;
    until("all details", || console.stage.all(".badge").len() == 3).await;
    assert!(!console.stage.html().contains("s3cret"), "{}", console.stage.html());
}

/// A row without details is still a row.
#[wasm_bindgen_test]
async fn a_detail_that_cannot_be_had_costs_its_cells_only() {
    let _server = Server::start(|sent| match detail_id(sent) {
        Some("1") => Reply::json(500, "{}"),
        Some(id) => Reply::json(200, &detail(id)),
        None => Reply::json(200, &rows(2)),
    });
    remember_token();
    let console = Console::open("/tokens").await;
    until("the details of a row", || console.stage.find("tbody .badge-on").is_some()).await;
    console.says("The token could not be loaded").await;
    assert_eq!(console.stage.link("token-1").get_attribute("href").as_deref(), Some("/tokens/1"));
}

async fn details_at_once() -> usize {
    let server =
        Server::start(|sent| if sent.is_list() { Reply::json(200, &rows(10)) } else { Reply::Never });
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
    let hold = gate.clone();
    let server = Server::start(move |sent| match detail_id(sent) {
        Some(_) => hold.hold(),
        None if sent.is_list() => Reply::json(200, &rows(10)),
        None => Reply::empty(204),
    });
    remember_token();
    let console = Console::open("/tokens").await;
    console.says("token-10").await;
    until("four were asked for", || details_sent(&server) == 4).await;
    gate.release(Reply::json(200, &detail("1"))).await;
    until("a fifth was asked for", || details_sent(&server) == 5).await;
    settle().await;
    assert_eq!(server.lines().last().map(String::as_str), Some("GET /api_tokens/5"));
}

#[wasm_bindgen_test]
async fn turning_the_page_gives_up_the_details_of_the_last_one() {
    let server =
        Server::start(
            |sent| {
                if sent.is_list() { Reply::json(200, &rows(PAGE_SIZE + 1)) } else { Reply::Never }
            },
        );
    remember_token();
    let console = Console::open("/tokens").await;
    console.says("token-25").await;
    assert!(!console.stage.says("token-26"), "a row of the next page");
    until("details were asked for", || details_sent(&server) == 4).await;
    press(&console.stage.link("Next page"));
    console.says("token-26").await;
    assert_eq!(console.address(), "/tokens?page=2");
    until("its details were asked for", || details_sent(&server) == 5).await;
    let left: Vec<_> = server
        .sent()
        .iter()
        .filter(|sent| !sent.is_aborted())
        .filter_map(|sent| detail_id(sent).map(str::to_owned))
        .collect();
    assert_eq!(left, ["26"]);
    assert_eq!(server.count(LIST), 1, "a page of the console's own");
}

#[wasm_bindgen_test]
async fn the_last_page_leads_no_further() {
    let _server = Server::start(with_tokens(PAGE_SIZE));
    remember_token();
    let console = Console::open("/tokens").await;
    console.says("token-25").await;
    let next = console.stage.link("Next page");
    assert_eq!(next.get_attribute("href"), None);
    assert_eq!(described(&next), "This is the last page.");
}

#[wasm_bindgen_test]
async fn a_server_without_post_offers_no_new_token() {
    let _server = Server::start(|sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", "GET, OPTIONS"),
        _ => Reply::json(200, "[]"),
    });
    remember_token();
    let console = Console::open("/tokens").await;
    let is_blocked = || console.stage.link("New token").get_attribute("href").is_none();
    until("it is blocked", is_blocked).await;
    assert_eq!(
        described(&console.stage.link("New token")),
        "The server does not allow you to create tokens."
    );
}

/// The permission may have been given meanwhile, or the refusal a mishap.
#[wasm_bindgen_test]
async fn a_refresh_asks_again_what_is_allowed() {
    let server = Server::start(|sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", "GET, OPTIONS"),
        _ => Reply::json(200, "[]"),
    });
    remember_token();
    let console = Console::open("/tokens").await;
    let leads_to = || console.stage.link("New token").get_attribute("href");
    until("it is blocked", || leads_to().is_none()).await;
    server.now(|sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", "GET, POST, OPTIONS"),
        _ => Reply::json(200, "[]"),
    });
    press(&console.stage.button("Refresh"));
    until("it is allowed", || leads_to().as_deref() == Some("/tokens/new")).await;
    assert_eq!(server.count("OPTIONS /api_tokens/"), 2);
}

/// Cross-origin, where `Allow` cannot be read, the server decides.
#[wasm_bindgen_test]
async fn what_is_not_known_may_be_tried() {
    let server = Server::start(|sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204),
        _ => Reply::json(200, "[]"),
    });
    remember_token();
    let console = Console::open("/tokens").await;
    until("it was asked", || server.count("OPTIONS /api_tokens/") == 1).await;
    settle().await;
    assert_eq!(console.stage.link("New token").get_attribute("href").as_deref(), Some("/tokens/new"));
}

#[wasm_bindgen_test]
async fn a_list_that_failed_can_be_tried_again() {
    let server = Server::start(|_| Reply::json(503, "{}"));
    remember_token();
    let console = Console::open("/tokens").await;
    until("the failure is said", || console.stage.find(".list [role=alert]").is_some()).await;
    server.now(with_tokens(1));
    press(&console.stage.button("Try again"));
    console.says("token-1").await;
    assert!(console.stage.find(".list [role=alert]").is_none());
}

#[wasm_bindgen_test]
async fn an_empty_list_says_so() {
    let _server = Server::start(with_tokens(0));
    remember_token();
    let console = Console::open("/tokens").await;
    console.says("There are no tokens yet.").await;
}

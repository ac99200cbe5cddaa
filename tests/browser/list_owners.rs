//! `/tokens`: the list of one owner, and the names of owners.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    Console, Gate, ListServer, Reply, Server, detail, detail_id, details_sent, focus,
    list_page::{choose, row, rows, stands_at},
    parameter, press, settle, text_of, until,
};

#[wasm_bindgen_test]
async fn an_owner_is_asked_of_the_server() {
    let gate = Gate::default();
    let (tokens, hold) = (ListServer::many(30), gate.clone());
    let answers = tokens.serve();
    let server = Server::start(move |sent| match parameter(sent, "owner_id") {
        Some(_) => hold.hold(),
        None => answers(sent),
    });
    let console = Console::signed_in("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 30").await;
    choose(&console, "Owner", "3");
    until("hers are asked for", || server.count("GET /api_tokens/?limit=100&offset=0&owner_id=3") == 1).await;
    settle().await;
    assert_eq!(rows(&console), 0, "rows that may be somebody else's");
    assert_eq!(console.address(), "/tokens?owner=3");
    gate.release(ListServer::many(2).rows(0, 100)).await;
    stands_at(&console, "Page 1: tokens 1 to 2 of 2 that match, of 2").await;
    choose(&console, "Owner", "");
    stands_at(&console, "Page 1: tokens 1 to 25 of 30").await;
    assert!(!console.stage.says("Changed since the last load"), "another list, not another state of it");
}

/// A page with only the user's own rows has not requested other users. They are requested when the user goes to
/// choose an owner.
#[wasm_bindgen_test]
async fn owners_are_offered_to_whoever_comes_to_choose_one() {
    const USERS: &str = "GET /users/?limit=100&offset=0";
    let answers = ListServer::many(3).serve();
    let server = Server::start(move |sent| match sent.path.as_str() {
        "/users/?limit=100&offset=0" => Reply::json(200, r#"[{"id": 4, "username": "bob"}]"#),
        _ => answers(sent),
    });
    let console = Console::signed_in("/tokens").await;
    until("the details", || details_sent(&server) == 3).await;
    settle().await;
    assert_eq!(server.count(USERS), 0);
    let owner: HtmlElement = console.stage.control("Owner");
    focus(&owner);
    until("bob can be chosen", || owner.text_content().unwrap_or_default().contains("bob")).await;
    assert_eq!(server.count(USERS), 1);
}

/// A user may have got another name meanwhile.
#[wasm_bindgen_test]
async fn a_refresh_reads_the_users_again() {
    let gate = Gate::default();
    let (answers, hold) = (ListServer::many(3).serve(), gate.clone());
    let _server = Server::start(move |sent| match (sent.path.as_str(), detail_id(sent)) {
        ("/users/?limit=100&offset=0", _) => hold.hold(),
        (_, Some(id)) => {
            let detail = detail(id, &format!("token-{id}"), true);
            Reply::json(200, &detail.replace(r#""owner_id": 3"#, r#""owner_id": 4"#))
        }
        _ => answers(sent),
    });
    let console = Console::signed_in("/tokens").await;
    gate.release(Reply::json(200, r#"[{"id": 4, "username": "bob"}]"#)).await;
    let owner = || text_of(&row(&console, "token-1").query_selector(".col-owner").unwrap().unwrap());
    until("whose it is", || owner() == "bob").await;
    press(&console.stage.button("Refresh"));
    settle().await;
    assert_eq!(owner(), "bob");
    gate.release(Reply::json(200, r#"[{"id": 4, "username": "robert"}]"#)).await;
    until("whose it is now", || owner() == "robert").await;
    // A failure takes no names away.
    press(&console.stage.button("Refresh"));
    gate.release(Reply::json(400, "{}")).await;
    settle().await;
    assert_eq!(owner(), "robert");
}

/// If the server lists no users, or too many to choose from, the owners of the rows are still known.
#[wasm_bindgen_test]
async fn where_users_are_not_listed_the_owners_of_rows_are_offered() {
    let answers = ListServer::many(3).serve();
    let server = Server::start(move |sent| match (sent.path.as_str(), detail_id(sent)) {
        ("/users/?limit=100&offset=0", _) => Reply::json(403, "{}"),
        (_, Some(id)) => {
            let detail = detail(id, &format!("token-{id}"), true);
            Reply::json(200, &detail.replace(r#""owner_id": 3"#, &format!(r#""owner_id": {}"#, 4 + id % 2)))
        }
        _ => answers(sent),
    });
    let console = Console::signed_in("/tokens").await;
    until("the details", || details_sent(&server) == 3).await;
    let owner: HtmlElement = console.stage.control("Owner");
    let offered = || owner.text_content().unwrap_or_default();
    until("rows with them", || console.stage.says("User 5")).await;
    focus(&owner);
    until("they can be chosen", || offered().contains("User 4User 5")).await;
    choose(&console, "Owner", "5");
    until("it is asked of the server", || console.address() == "/tokens?owner=5").await;
}

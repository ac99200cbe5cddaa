//! What goes over the wire, and what can go wrong there.

use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    rc::Rc,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use credmgr_console::api::{
    Client, CreateToken, Credentials, Endpoint, Error, ErrorKind, Method, Misunderstanding,
    patch::{Field, Operation},
};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

use crate::support::{
    Clock, FirstPage, LongBody, Reply, Server, SlowBody, TOKEN, Task, broken_body, opaque_redirect, settle,
    stalled_body, until,
};

fn client(credentials: Credentials) -> Client {
    let endpoint = Endpoint { base: "/api/v1".into(), token_header: "X-API-TOKEN".into() };
    Client::new(Arc::new(endpoint), Arc::new(credentials))
}

fn with_token() -> Client {
    client(Credentials::token("abc_-.~").expect("a token"))
}

fn kind<T>(result: Result<T, Error>) -> ErrorKind {
    result.err().expect("a failure").kind
}

/// Sends one request of every kind in the API.
async fn send_every_request(client: &Client) {
    let draft = CreateToken { name: "ci".into(), owner_id: None, length: None };
    let edit = [Operation::Replace(Field::Enabled(false))];
    let _ = client.list_tokens(25, 0, None).await;
    let _ = client.create_token(&draft).await;
    let _ = client.collection_options().await;
    let _ = client.token(7).await;
    let _ = client.token_secret(7).await;
    let _ = client.change_token(7, &edit).await;
    let _ = client.delete_token(7).await;
    let _ = client.token_options(7).await;
    let _ = client.current_user().await;
    let _ = client.list_users(100, 0).await;
    let _ = client.user(3).await;
}

#[wasm_bindgen_test]
async fn every_operation_has_its_method_and_address() {
    let server = Server::start(|_| Reply::json(200, TOKEN));
    send_every_request(&with_token()).await;
    let expected = [
        "GET /api_tokens/?limit=25&offset=0",
        "POST /api_tokens/",
        "OPTIONS /api_tokens/",
        "GET /api_tokens/7",
        "GET /api_tokens/7",
        "PATCH /api_tokens/7",
        "DELETE /api_tokens/7",
        "OPTIONS /api_tokens/7",
        "GET /users/me",
        "GET /users/?limit=100&offset=0",
        "GET /users/3",
    ];
    assert_eq!(server.lines(), expected);
}

#[wasm_bindgen_test]
async fn no_request_takes_cookies_cache_referrer_or_detours() {
    let server = Server::start(|_| Reply::json(200, TOKEN));
    send_every_request(&with_token()).await;
    assert_eq!(server.sent().len(), 11);
    for sent in server.sent().iter() {
        let request = &sent.request;
        assert_eq!(request.credentials(), RequestCredentials::Omit, "{} {}", sent.method, sent.path);
        assert_eq!(request.cache(), RequestCache::NoStore, "{} {}", sent.method, sent.path);
        assert_eq!(request.referrer_policy(), ReferrerPolicy::NoReferrer, "{} {}", sent.method, sent.path);
        assert_eq!(request.redirect(), RequestRedirect::Manual, "{} {}", sent.method, sent.path);
    }
}

#[wasm_bindgen_test]
async fn a_token_travels_in_its_header_alone() {
    let server = Server::start(|_| Reply::json(200, TOKEN));
    send_every_request(&with_token()).await;
    for sent in server.sent().iter() {
        assert_eq!(sent.header("X-API-TOKEN").as_deref(), Some("abc_-.~"), "{} {}", sent.method, sent.path);
        assert_eq!(sent.header("Authorization"), None, "{} {}", sent.method, sent.path);
    }
}

#[wasm_bindgen_test]
async fn a_password_travels_as_basic_in_utf8_alone() {
    let server = Server::start(|_| Reply::json(200, TOKEN));
    send_every_request(&client(Credentials::basic("jürgen", "pä$$ wörd€").expect("a password"))).await;
    for sent in server.sent().iter() {
        // printf 'jürgen:pä$$ wörd€' | base64
        let expected = "Basic asO8cmdlbjpww6QkJCB3w7ZyZOKCrA==";
        assert_eq!(sent.header("Authorization").as_deref(), Some(expected), "{} {}", sent.method, sent.path);
        assert_eq!(sent.header("X-API-TOKEN"), None, "{} {}", sent.method, sent.path);
    }
}

/// The server's message about a failure is shown with its details, which other people may read.
#[wasm_bindgen_test]
async fn what_a_server_says_is_without_the_credentials_that_it_repeats() {
    let said = async |client: Client, body: &'static str| {
        let _server = Server::start(move |_| Reply::json(403, body));
        client.list_tokens(1, 0, None).await.expect_err("a failure").message
    };
    let message = said(with_token(), r#"{"message": "Not with abc_-.~, please."}"#).await;
    assert_eq!(message.as_deref(), Some("Not with *******, please."));
    // printf 'alice:pw12' | base64
    let repeats = r#"{"message": "Not with Basic YWxpY2U6cHcxMg=="}"#;
    let message = said(client(Credentials::basic("alice", "pw12").expect("a password")), repeats).await;
    assert_eq!(message.as_deref(), Some("Not with Basic ****************"));
}

const FIRST_PAGE: &str = "/api/v1/api_tokens/?limit=100&offset=0";

#[wasm_bindgen_test]
async fn the_first_page_is_taken_where_it_was_asked_for_already() {
    let server = Server::start(|_| Reply::json(200, r#"[{"id": 2, "name": "sent"}]"#));
    let early = FirstPage::left(FIRST_PAGE, "abc_-.~");
    let client = with_token();
    let reading = Task::start({
        let client = with_token();
        async move { client.list_tokens(100, 0, None).await.expect("rows") }
    });
    settle().await;
    assert!(server.lines().is_empty(), "{:?}", server.lines());
    early.answer(r#"[{"id": 1, "name": "early"}]"#);
    assert_eq!(reading.result().await[0].name, "early");
    // Only once.
    assert_eq!(client.list_tokens(100, 0, None).await.expect("rows")[0].name, "sent");
}

#[wasm_bindgen_test]
async fn what_was_asked_for_with_another_token_or_elsewhere_is_not_taken() {
    for (address, token) in [(FIRST_PAGE, "another"), ("/api/v2/api_tokens/?limit=100&offset=0", "abc_-.~")] {
        let _server = Server::start(|_| Reply::json(200, r#"[{"id": 2, "name": "sent"}]"#));
        let early = FirstPage::left(address, token);
        let rows = with_token().list_tokens(100, 0, None).await.expect("rows");
        assert_eq!(rows[0].name, "sent", "{address}");
        assert!(early.is_given_up());
    }
    // Nor for any other request.
    let server = Server::start(|_| Reply::json(200, "[]"));
    let _early = FirstPage::left(FIRST_PAGE, "abc_-.~");
    let _ = with_token().list_tokens(100, 0, Some(3)).await;
    let _ = with_token().list_tokens(100, 99, None).await;
    assert_eq!(server.lines().len(), 2);
}

#[wasm_bindgen_test]
async fn a_first_page_that_was_asked_for_already_fails_as_any_other() {
    let _server = Server::start(|_| Reply::Never);
    let early = FirstPage::left(FIRST_PAGE, "abc_-.~");
    early.fail();
    let failed = with_token().list_tokens(100, 0, None).await;
    assert_eq!(kind(failed), ErrorKind::Unreachable);

    let clock = Clock::stopped();
    let early = FirstPage::left(FIRST_PAGE, "abc_-.~");
    let reading = Task::start(async { with_token().list_tokens(100, 0, None).await });
    settle().await;
    clock.advance(Duration::from_secs(20));
    assert_eq!(kind(reading.result().await), ErrorKind::TimedOut(Duration::from_secs(20)));
    assert!(early.is_given_up());
}

#[wasm_bindgen_test]
async fn a_creation_is_a_form() {
    let server = Server::start(|_| Reply::json(201, TOKEN));
    let draft = CreateToken { name: "a&b=ü".into(), owner_id: Some(3), length: Some(64) };
    with_token().create_token(&draft).await.expect("created");
    let sent = &server.sent()[0];
    // Exactly this type: browsers add a charset if a body does not set its type.
    assert_eq!(sent.header("Content-Type").as_deref(), Some("application/x-www-form-urlencoded"));
    assert_eq!(sent.body, "name=a%26b%3D%C3%BC&owner_id=3&length=64");
}

#[wasm_bindgen_test]
async fn a_change_is_json() {
    let server = Server::start(|_| Reply::json(200, TOKEN));
    let edit = [Operation::Replace(Field::Enabled(false))];
    with_token().change_token(7, &edit).await.expect("changed");
    let sent = &server.sent()[0];
    assert_eq!(sent.header("Content-Type").as_deref(), Some("application/json"));
    assert_eq!(sent.body, r#"[{"op":"replace","path":"/enabled","value":false}]"#);
}

#[wasm_bindgen_test]
async fn a_request_that_nobody_waits_for_is_aborted() {
    let server = Server::start(|_| Reply::Never);
    let client = with_token();
    let mut request = Box::pin(client.token(7));
    poll_fn(|context| {
        assert!(request.as_mut().poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
    until("the request was sent", || server.sent().len() == 1).await;
    assert!(!server.sent()[0].is_aborted());
    drop(request);
    assert!(server.sent()[0].is_aborted());
}

#[wasm_bindgen_test]
async fn an_answer_that_never_comes_is_given_up() {
    let clock = Clock::stopped();
    let server = Server::start(|_| Reply::Never);
    let client = with_token();
    let request = Task::start(async move { client.token(7).await });
    until("the request was sent", || server.sent().len() == 1).await;
    clock.advance(Duration::from_millis(19_999));
    settle().await;
    assert!(!request.is_done(), "given up too early");
    clock.advance(Duration::from_millis(1));
    assert_eq!(kind(request.result().await), ErrorKind::TimedOut(Duration::from_secs(20)));
}

/// Giving up on a write leaves its outcome unknown, so its time limit is longer.
#[wasm_bindgen_test]
async fn a_write_is_waited_for_longer() {
    let clock = Clock::stopped();
    let server = Server::start(|_| Reply::Never);
    let client = with_token();
    let request = Task::start(async move { client.delete_token(7).await });
    until("the request was sent", || server.sent().len() == 1).await;
    clock.advance(Duration::from_millis(39_999));
    settle().await;
    assert!(!request.is_done(), "given up too early");
    clock.advance(Duration::from_millis(1));
    assert_eq!(kind(request.result().await), ErrorKind::TimedOut(Duration::from_secs(40)));
}

#[wasm_bindgen_test]
async fn an_answer_that_stops_in_the_middle_is_given_up() {
    let clock = Clock::stopped();
    let server = Server::start(|sent| Reply::stream(&stalled_body(r#"{"id": 7, "#, &sent.request.signal())));
    let client = with_token();
    let request = Task::start(async move { client.token(7).await });
    until("the request was sent", || server.sent().len() == 1).await;
    settle().await;
    assert!(!request.is_done(), "given up too early");
    clock.advance(Duration::from_secs(20));
    assert_eq!(kind(request.result().await), ErrorKind::TimedOut(Duration::from_secs(20)));
}

/// Returns a server, and the body of its response, which the test sends piece by piece.
fn slow_server() -> (Server, impl Fn() -> SlowBody) {
    let slot = Rc::new(RefCell::new(None));
    let kept = slot.clone();
    let server = Server::start(move |sent| {
        let body = SlowBody::new(&sent.request.signal());
        let reply = Reply::stream(&body.stream());
        *kept.borrow_mut() = Some(body);
        reply
    });
    (server, move || slot.borrow().clone().expect("a request"))
}

/// A page of long names takes many seconds on a slow line.
#[wasm_bindgen_test]
async fn an_answer_that_goes_on_coming_is_waited_for() {
    let clock = Clock::stopped();
    let (server, body) = slow_server();
    let client = with_token();
    let request = Task::start(async move { client.list_tokens(100, 0, None).await });
    until("the request was sent", || server.sent().len() == 1).await;
    settle().await;
    for piece in ["[", r#"{"id": 7, "#, r#""name": "a"}"#, "]"] {
        clock.advance(Duration::from_secs(19));
        body().send(piece);
        settle().await;
        assert!(!request.is_done(), "given up too early");
    }
    body().end();
    assert_eq!(request.result().await.expect("a page").len(), 1);
}

/// But not for ever.
#[wasm_bindgen_test]
async fn an_answer_that_never_ends_is_given_up() {
    let clock = Clock::stopped();
    let (server, body) = slow_server();
    let client = with_token();
    let request = Task::start(async move { client.list_tokens(100, 0, None).await });
    until("the request was sent", || server.sent().len() == 1).await;
    settle().await;
    for _ in 0..11 {
        clock.advance(Duration::from_secs(10));
        body().send(" ");
        settle().await;
        assert!(!request.is_done(), "given up too early");
    }
    clock.advance(Duration::from_secs(10));
    assert_eq!(kind(request.result().await), ErrorKind::TimedOut(Duration::from_secs(120)));
}

#[wasm_bindgen_test]
async fn no_answer_is_unreachable() {
    let _server = Server::start(|_| Reply::NetworkError);
    let error = with_token().list_tokens(25, 50, None).await.expect_err("a failure");
    assert_eq!(error.kind, ErrorKind::Unreachable);
    // What a person needs to report the failure, and no secret.
    assert_eq!((error.method, error.status), (Method::Get, None));
    assert_eq!(error.path, "/api_tokens/?limit=25&offset=50");
}

#[wasm_bindgen_test]
async fn an_answer_that_breaks_off_is_unreachable() {
    let _server = Server::start(|_| Reply::stream(&broken_body(r#"{"id": 7, "#)));
    assert_eq!(kind(with_token().token(7).await), ErrorKind::Unreachable);
}

#[wasm_bindgen_test]
async fn a_redirection_is_not_followed() {
    let server = Server::start(|_| Reply::Response(opaque_redirect()));
    assert_eq!(kind(with_token().token(7).await), ErrorKind::Redirected);
    assert_eq!(server.sent().len(), 1);
}

#[wasm_bindgen_test]
async fn options_say_what_is_allowed() {
    let _server = Server::start(|_| Reply::empty(204).with("Allow", "GET, OPTIONS"));
    let allow = with_token().token_options(7).await.expect("an answer");
    assert_eq!(allow, Some([Method::Get, Method::Options].into_iter().collect()));
}

/// On another origin the header is there but cannot be read, which does not mean "nothing is allowed".
#[wasm_bindgen_test]
async fn options_without_allow_say_nothing() {
    let _server = Server::start(|_| Reply::empty(204));
    assert_eq!(with_token().token_options(7).await, Ok(None));
}

#[wasm_bindgen_test]
async fn a_204_ends_a_deletion() {
    let _server = Server::start(|_| Reply::empty(204));
    assert_eq!(with_token().delete_token(7).await, Ok(()));
}

#[wasm_bindgen_test]
async fn retry_after_reaches_whoever_waits() {
    let _server = Server::start(|_| Reply::json(429, "{}").with("Retry-After", "7"));
    let expected = ErrorKind::TooManyRequests(Some(Duration::from_secs(7)));
    assert_eq!(kind(with_token().token(7).await), expected);
}

const MIB: u32 = 1024 * 1024;

#[wasm_bindgen_test]
async fn a_body_without_end_is_cut_off_and_cancelled() {
    let body = LongBody::new(64, MIB);
    let sent = body.clone();
    let _server = Server::start(move |_| Reply::stream(&body.stream()));
    let expected = ErrorKind::NotUnderstood(Misunderstanding::TooLong);
    assert_eq!(kind(with_token().list_tokens(25, 0, None).await), expected);
    assert!(sent.cancelled());
    // Four pieces fit, the fifth is too much, and the browser reads one ahead.
    assert!(sent.sent() <= 6, "{} MiB were read", sent.sent());
}

/// A body exactly at the limit is read. It consists of blanks, so the error is another one.
#[wasm_bindgen_test]
async fn a_body_at_the_limit_is_read_to_its_end() {
    let body = LongBody::new(4, MIB);
    let sent = body.clone();
    let _server = Server::start(move |_| Reply::stream(&body.stream()));
    let expected = ErrorKind::NotUnderstood(Misunderstanding::Empty);
    assert_eq!(kind(with_token().list_tokens(25, 0, None).await), expected);
    assert!(!sent.cancelled());
}

#[wasm_bindgen_test]
async fn a_text_that_is_cut_between_bytes_of_a_letter_is_read_whole() {
    // The pieces are read one by one; a letter may be split between two.
    let name = "ü".repeat(100_000);
    let token = format!(r#"{{"id": 7, "name": "{name}", "owner_id": 3, "enabled": true}}"#);
    let _server = Server::start(move |_| Reply::json(200, &token));
    assert_eq!(with_token().token(7).await.expect("a token").name, name);
}

/// WebAssembly never gives memory back, so a body that is known to be too long is not even begun.
#[wasm_bindgen_test]
async fn a_body_that_is_announced_to_be_too_long_is_not_read() {
    let body = LongBody::new(64, MIB);
    let sent = body.clone();
    let _server =
        Server::start(move |_| Reply::stream(&body.stream()).with("Content-Length", &(5 * MIB).to_string()));
    let expected = ErrorKind::NotUnderstood(Misunderstanding::TooLong);
    assert_eq!(kind(with_token().list_tokens(25, 0, None).await), expected);
    assert!(sent.cancelled());
    assert!(sent.sent() <= 1, "{} MiB were read", sent.sent());
}

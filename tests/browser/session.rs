//! The session: who is signed in, what is kept, and how it ends.

use std::time::Duration;

use credmgr_console::{
    api::{Credentials, ErrorKind, Method},
    config::Config,
    session::{
        Pause, Phase,
        permissions::{Gate as Permitted, Subject},
    },
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    ACTIVE_KEY, ALICE, Reply, SESSION_KEY, Sent, Server, browser_storage, hide_page, kept_session,
    remember_token,
    session_page::{SessionPage, accepts, carries, kind, read, token},
    settle, show_page, tab_storage,
};

// Signing in

#[wasm_bindgen_test]
async fn credentials_are_tried_before_they_are_believed() {
    let server = Server::start(|_| Reply::json(200, ALICE));
    let page = SessionPage::open();
    assert_eq!(page.phase(), Phase::SignedOut);
    assert_eq!(page.session.sign_in(token("t"), false).await, Ok(false));
    assert_eq!(page.phase(), Phase::Active);
    assert_eq!(page.label().as_deref(), Some("alice"));
    assert_eq!(server.lines(), ["GET /users/me"]);
}

#[wasm_bindgen_test]
async fn a_server_that_does_not_say_who_one_is_can_still_be_used() {
    for status in [403, 404, 405] {
        let server = Server::start(move |sent| match sent.path.as_str() {
            "/users/me" => Reply::json(status, "null"),
            _ => Reply::empty(204).with("Allow", "GET, OPTIONS"),
        });
        let page = SessionPage::open();
        page.session.sign_in(token("t"), false).await.expect("signed in");
        assert_eq!(server.lines(), ["GET /users/me", "OPTIONS /api_tokens/"], "after {status}");
        assert_eq!(page.label().as_deref(), Some("API token"));
        // Permissions that are known are not requested again.
        assert_eq!(page.may_create(), Permitted::Refused);
        page.session.ask_collection().await;
        assert_eq!(server.sent().len(), 2, "after {status}");
    }
}

/// Answers like a server with a proxy that answers `OPTIONS` by itself, whatever the credentials are.
fn behind_cors(sent: &Sent) -> Reply {
    match (sent.method.as_str(), sent.path.as_str()) {
        ("OPTIONS", _) => Reply::empty(204),
        (_, "/users/me") => Reply::json(404, "{}"),
        _ if carries(sent, "good") => Reply::json(200, "[]"),
        _ => Reply::not_signed_in(),
    }
}

#[wasm_bindgen_test]
async fn where_allow_cannot_be_read_the_list_says_whether_credentials_are_good() {
    let server = Server::start(behind_cors);
    let page = SessionPage::open();
    let result = page.session.sign_in(token("wrong"), false).await;
    assert_eq!(kind(result), Some(ErrorKind::NotSignedIn));
    assert_eq!(page.phase(), Phase::SignedOut);
    let asked = ["GET /users/me", "OPTIONS /api_tokens/", "GET /api_tokens/?limit=1&offset=0"];
    assert_eq!(server.lines(), asked);
    assert_eq!(page.session.sign_in(token("good"), false).await, Ok(false));
    assert_eq!(server.lines(), [asked, asked].concat());
    assert_eq!(page.may_create(), Permitted::Unknown);
}

#[wasm_bindgen_test]
async fn refused_credentials_leave_nothing_behind() {
    let _server = Server::start(|_| Reply::not_signed_in());
    let page = SessionPage::open();
    let result = page.session.sign_in(token("t"), true).await;
    assert_eq!(kind(result), Some(ErrorKind::NotSignedIn));
    assert_eq!(page.phase(), Phase::SignedOut);
    assert_eq!(page.label(), None);
    assert_eq!(kept_session(), None);
}

/// A 500 says nothing about credentials: `OPTIONS` is not requested, and nobody is signed in.
#[wasm_bindgen_test]
async fn a_broken_server_signs_nobody_in() {
    let server = Server::start(|_| Reply::json(500, "{}"));
    let page = SessionPage::open();
    let result = page.session.sign_in(token("t"), false).await;
    assert_eq!(kind(result), Some(ErrorKind::Server(None)));
    assert_eq!(page.phase(), Phase::SignedOut);
    // The failure may pass, so the request is retried.
    assert_eq!(server.lines(), ["GET /users/me"; 3]);
}

#[wasm_bindgen_test]
async fn only_a_password_is_costly() {
    let _server = Server::start(|_| Reply::json(200, ALICE));
    let page = SessionPage::open();
    page.session.sign_in(token("t"), false).await.expect("signed in");
    assert!(!page.session.is_costly());
    page.session.sign_in(Credentials::basic("alice", "pw").expect("valid"), false).await.expect("signed in");
    assert!(page.session.is_costly());
}

// Staying signed in

#[wasm_bindgen_test]
async fn staying_keeps_credentials_in_the_storage_of_the_tab_only() {
    let server = Server::start(|_| Reply::json(200, ALICE));
    let _page = SessionPage::signed_in(&server, true).await;
    assert!(kept_session().is_some_and(|text| text.contains("old")));
    // Apart from them, only times are stored.
    for storage in [tab_storage(), browser_storage()] {
        for key in
            (0..storage.length().expect("a length")).filter_map(|index| storage.key(index).ok().flatten())
        {
            let text = storage.get_item(&key).expect("readable").expect("a text");
            assert!(
                key == SESSION_KEY || text.chars().all(|c| c.is_ascii_digit() || c == ' '),
                "{key}: {text}"
            );
        }
    }
    let cookie = js_sys::Reflect::get(&document(), &"cookie".into()).expect("readable");
    assert_eq!(cookie.as_string().as_deref(), Some(""));
}

#[wasm_bindgen_test]
async fn not_staying_keeps_nothing() {
    let server = Server::start(|_| Reply::json(200, ALICE));
    let page = SessionPage::signed_in(&server, true).await;
    page.session.sign_in(token("other"), false).await.expect("signed in");
    // What was stored before is another user's credential.
    assert_eq!(kept_session(), None);
}

#[wasm_bindgen_test]
async fn a_reload_takes_the_session_up_again() {
    remember_token();
    let server = Server::start(accepts("old", ALICE));
    let page = SessionPage::open();
    assert_eq!(page.phase(), Phase::Active);
    assert_eq!(page.label().as_deref(), Some("alice"));
    // Without asking who the user is: the first row waits for a single request.
    assert!(read(page.session).result().await.is_ok());
    assert_eq!(server.lines(), ["GET /api_tokens/7"]);
}

#[wasm_bindgen_test]
fn a_deployment_that_does_not_offer_it_forgets_what_was_kept() {
    remember_token();
    let page = SessionPage::with(Config { offer_stay_signed_in: false, ..Config::default() });
    assert_eq!(page.phase(), Phase::SignedOut);
    assert_eq!(kept_session(), None);
}

#[wasm_bindgen_test]
async fn a_deployment_that_does_not_offer_it_keeps_nothing() {
    let _server = Server::start(|_| Reply::json(200, ALICE));
    let page = SessionPage::with(Config { offer_stay_signed_in: false, ..Config::default() });
    page.session.sign_in(token("t"), true).await.expect("signed in");
    assert_eq!(kept_session(), None);
}

// Signing out and locking

#[wasm_bindgen_test]
async fn signing_out_forgets_everything() {
    let server = Server::start(|_| Reply::empty(204));
    let page = SessionPage::signed_in(&server, true).await;
    server.now(|_| Reply::empty(204).with("Allow", "GET, OPTIONS"));
    page.session.ask_collection().await;
    assert_eq!(page.may_create(), Permitted::Refused);
    page.session.sign_out();
    assert_eq!(page.phase(), Phase::SignedOut);
    assert_eq!(kept_session(), None);
    assert_eq!(page.label(), None);
    assert_eq!(page.may_create(), Permitted::Unknown);
    let before = server.sent().len();
    let late = read(page.session);
    settle().await;
    assert!(!late.is_done() && server.sent().len() == before, "credentials were still there");
}

#[wasm_bindgen_test]
async fn locking_wipes_the_credentials_and_keeps_the_name() {
    let server = Server::start(|_| Reply::Never);
    let page = SessionPage::signed_in(&server, true).await;
    let idle = Duration::from_secs(900);
    page.session.lock(idle);
    assert_eq!(page.phase(), Phase::Paused(Pause::Idle(idle)));
    assert_eq!(kept_session(), None);
    assert_eq!(page.label().as_deref(), Some("alice"));
    let before = server.sent().len();
    let late = read(page.session);
    settle().await;
    assert!(!late.is_done() && server.sent().len() == before, "credentials were still there");
}

#[wasm_bindgen_test]
async fn a_request_of_a_locked_session_goes_on_after_signing_in() {
    let server = Server::start(|_| Reply::Never);
    let page = SessionPage::signed_in(&server, false).await;
    page.session.lock(Duration::from_secs(900));
    let waiting = read(page.session);
    settle().await;
    server.now(accepts("new", ALICE));
    assert_eq!(page.session.sign_in(token("new"), false).await, Ok(false));
    assert!(waiting.result().await.is_ok());
    assert_eq!(server.count("GET /api_tokens/7"), 1);
}

// A tab that was away

/// Opens the page in a tab that kept Alice's session. Its last known activity was `away` milliseconds ago; `shared`
/// returns the text in the storage of all tabs, given the present time.
fn comes_back(away: f64, shared: impl Fn(f64) -> String) -> SessionPage {
    let now = js_sys::Date::now();
    remember_token();
    tab_storage().set_item(ACTIVE_KEY, &(now - away).to_string()).expect("room");
    let deployment = credmgr_console::session::deployment_name("", "/api/v1");
    browser_storage().set_item(&deployment, &shared(now)).expect("room");
    SessionPage::open()
}

#[wasm_bindgen_test]
fn a_kept_session_that_was_left_alone_for_too_long_is_locked() {
    let _server = Server::start(|_| Reply::Never);
    let minutes = 60_000.0;
    let page = comes_back(16.0 * minutes, |now| format!("0 0 {}", now - 16.0 * minutes));
    assert_eq!(page.phase(), Phase::Paused(Pause::Idle(Duration::from_secs(900))));
    assert_eq!((page.label().as_deref(), kept_session()), (Some("alice"), None));
    drop(page);
    // A user was active in another tab all the while.
    let page = comes_back(16.0 * minutes, |now| format!("0 0 {now}"));
    assert_eq!(page.phase(), Phase::Active);
    drop(page);
    assert_eq!(comes_back(14.0 * minutes, |_| String::new()).phase(), Phase::Active);
}

#[wasm_bindgen_test]
fn a_kept_session_that_ended_in_the_other_tabs_has_ended() {
    let _server = Server::start(|_| Reply::Never);
    let page = comes_back(5_000.0, |now| format!("{} 0 {now}", now - 1_000.0));
    assert_eq!((page.phase(), page.label(), kept_session()), (Phase::SignedOut, None, None));
    drop(page);
    // The sign-out was before this session began.
    assert_eq!(comes_back(5_000.0, |now| format!("{} 0 {now}", now - 6_000.0)).phase(), Phase::Active);
}

/// The browser keeps a page aside for "back", and no message reaches it there.
#[wasm_bindgen_test]
async fn a_page_that_comes_back_is_as_the_other_tabs_are() {
    let server = Server::start(|_| Reply::Never);
    // The session is not kept on the tab.
    let page = SessionPage::signed_in(&server, false).await;
    hide_page(true);
    show_page(true);
    assert_eq!(page.phase(), Phase::Active);
    let storage = browser_storage();
    let now = js_sys::Date::now();
    storage.set_item(&page.session.deployment(), &format!("{} 0 {now}", now + 1.0)).expect("room");
    show_page(true);
    assert_eq!((page.phase(), page.label()), (Phase::SignedOut, None));
}

#[wasm_bindgen_test]
fn nobody_is_locked_out_who_is_not_in() {
    let page = SessionPage::open();
    page.session.lock(Duration::from_secs(900));
    assert_eq!(page.phase(), Phase::SignedOut);
}

// Permissions

#[wasm_bindgen_test]
async fn a_question_that_failed_is_asked_again() {
    let server = Server::start(|_| Reply::Never);
    let page = SessionPage::signed_in(&server, false).await;
    server.now(|_| Reply::json(200, "<!doctype html><title>Sign in</title>"));
    page.session.ask_collection().await;
    assert_eq!(page.may_create(), Permitted::Unknown);
    server.now(|_| Reply::empty(204).with("Allow", "GET, POST, OPTIONS"));
    page.session.ask_collection().await;
    assert_eq!(page.may_create(), Permitted::Allowed);
    assert_eq!(server.count("OPTIONS /api_tokens/"), 2);
}

#[wasm_bindgen_test]
async fn a_refusal_corrects_what_was_not_known() {
    let server = Server::start(|_| Reply::Never);
    let page = SessionPage::signed_in(&server, false).await;
    server.now(|_| Reply::json(403, "{}"));
    let error =
        page.session.run(|client| async move { client.delete_token(7).await }).await.expect_err("403");
    page.session.learn(Subject::Token(7), &error);
    let permission = page.session.permissions().with_untracked(|p| p.of(Subject::Token(7)));
    assert_eq!(permission.gate(Method::Delete), Permitted::Refused);
    assert_eq!(permission.gate(Method::Patch), Permitted::Unknown);
}

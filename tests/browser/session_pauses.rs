//! A session that the server ends: what was refused waits for the user to sign in again.

use std::{cell::RefCell, rc::Rc, time::Duration};

use credmgr_console::{
    api::{Error, ErrorKind, Token},
    session::{Pause, Phase, permissions::Gate as Permitted},
    ui::effect,
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    ALICE, BOB, Gate, Reply, Sent, Server, Stage, TOKEN, Task, kept_session,
    session_page::{SessionPage, accepts, carries, kind, read, token},
    settle, until,
};

/// Signs Alice in with "old", which the server then refuses, so that a request of hers is interrupted; "new" is
/// accepted as `user`.
async fn refused(server: &Server, user: &'static str) -> (SessionPage, Task<Result<Token, Error>>) {
    let page = SessionPage::signed_in(server, true).await;
    server.now(accepts("new", user));
    let request = read(page.session);
    until("the session is paused", || page.phase() == Phase::Paused(Pause::Refused)).await;
    (page, request)
}

#[wasm_bindgen_test]
async fn a_401_pauses_the_session_and_wipes_the_credentials() {
    let server = Server::start(|_| Reply::Never);
    let (page, request) = refused(&server, ALICE).await;
    assert!(!request.is_done());
    assert_eq!(kept_session(), None);
    assert_eq!(page.label().as_deref(), Some("alice"));
}

#[wasm_bindgen_test]
async fn after_signing_in_again_the_request_goes_on_exactly_once() {
    let server = Server::start(|_| Reply::Never);
    let (page, request) = refused(&server, ALICE).await;
    assert_eq!(page.session.sign_in(token("new"), false).await, Ok(false));
    assert_eq!(request.result().await.map(|token| token.id), Ok(7));
    settle().await;
    let tokens: Vec<_> = server
        .sent()
        .iter()
        .filter(|sent| sent.path == "/api_tokens/7")
        .map(|sent| sent.header("X-API-TOKEN"))
        .collect();
    assert_eq!(tokens, [Some("old".to_owned()), Some("new".to_owned())]);
    assert_eq!(page.session.epoch().get_untracked(), 0);
}

/// What one user started, another must not finish.
#[wasm_bindgen_test]
async fn somebody_else_does_not_finish_what_was_started() {
    let server = Server::start(|_| Reply::Never);
    let (page, request) = refused(&server, BOB).await;
    assert_eq!(page.session.sign_in(token("new"), false).await, Ok(true));
    assert_eq!(kind(request.result().await), Some(ErrorKind::Cancelled));
    assert_eq!(server.count("GET /api_tokens/7"), 1);
    assert_eq!(page.session.epoch().get_untracked(), 1);
    assert_eq!(page.label().as_deref(), Some("bob"));
}

/// If the server does not name the owners, two tokens may belong to two users.
#[wasm_bindgen_test]
async fn a_token_without_a_name_counts_as_somebody_else() {
    let nameless = |sent: &Sent| match sent.path.as_str() {
        "/users/me" => Reply::json(404, "null"),
        _ => Reply::empty(204).with("Allow", "GET, OPTIONS"),
    };
    let _server = Server::start(nameless);
    let page = SessionPage::open();
    assert_eq!(page.session.sign_in(token("t"), false).await, Ok(false));
    assert_eq!(page.session.sign_in(token("t"), false).await, Ok(true));
    assert_eq!(page.session.epoch().get_untracked(), 1);
}

#[wasm_bindgen_test]
async fn a_permission_of_the_one_before_is_forgotten() {
    let server = Server::start(|_| Reply::Never);
    let page = SessionPage::signed_in(&server, false).await;
    server.now(|_| Reply::empty(204).with("Allow", "GET, OPTIONS"));
    page.session.ask_collection().await;
    assert_eq!(page.may_create(), Permitted::Refused);
    server.now(accepts("new", BOB));
    page.session.sign_in(token("new"), false).await.expect("signed in");
    assert_eq!(page.may_create(), Permitted::Unknown);
}

#[wasm_bindgen_test]
async fn wrong_credentials_leave_a_paused_session_paused() {
    let server = Server::start(|_| Reply::Never);
    let (page, request) = refused(&server, ALICE).await;
    let result = page.session.sign_in(token("wrong"), false).await;
    assert_eq!(kind(result), Some(ErrorKind::NotSignedIn));
    assert_eq!(page.phase(), Phase::Paused(Pause::Refused));
    assert_eq!(page.label().as_deref(), Some("alice"));
    assert!(!request.is_done());
}

#[wasm_bindgen_test]
async fn a_401_that_comes_late_does_not_pause_the_new_session() {
    let server = Server::start(|_| Reply::Never);
    let page = SessionPage::signed_in(&server, false).await;
    let gate = Gate::default();
    let hold = gate.clone();
    server.now(move |sent| match sent.path.as_str() {
        "/users/me" => Reply::json(200, ALICE),
        _ if carries(sent, "new") => Reply::json(200, TOKEN),
        _ => hold.hold(),
    });
    let (first, second) = (read(page.session), read(page.session));
    until("both were sent", || server.count("GET /api_tokens/7") == 2).await;
    gate.release(Reply::not_signed_in()).await;
    until("the session is paused", || page.phase() == Phase::Paused(Pause::Refused)).await;
    page.session.sign_in(token("new"), false).await.expect("signed in");
    assert!(first.result().await.is_ok());
    gate.release(Reply::not_signed_in()).await;
    assert!(second.result().await.is_ok());
    assert_eq!(page.phase(), Phase::Active);
}

#[wasm_bindgen_test]
async fn everything_that_was_refused_at_once_goes_on_after_one_sign_in() {
    let server = Server::start(|_| Reply::Never);
    let page = SessionPage::signed_in(&server, false).await;
    server.now(accepts("new", ALICE));
    let pauses = Rc::new(RefCell::new(0));
    let count = pauses.clone();
    let watch = Stage::mount_beside(move || {
        let phase = page.session.phase();
        effect(move || {
            if matches!(phase.get(), Phase::Paused(_)) {
                *count.borrow_mut() += 1;
            }
        });
    });
    let requests = [read(page.session), read(page.session), read(page.session)];
    until("all were sent", || server.count("GET /api_tokens/7") == 3).await;
    settle().await;
    page.session.sign_in(token("new"), false).await.expect("signed in");
    for request in requests {
        assert!(request.result().await.is_ok());
    }
    settle().await;
    assert_eq!(*pauses.borrow(), 1);
    assert_eq!(page.phase(), Phase::Active);
    drop(watch);
}

/// Interrupts a request on a server that accepts credentials for signing in and for nothing else, which must not cause
/// a loop.
async fn refused_twice(server: &Server) -> SessionPage {
    let (page, request) = refused(server, ALICE).await;
    server.now(|sent| match sent.path.as_str() {
        "/users/me" => Reply::json(200, ALICE),
        _ => Reply::not_signed_in(),
    });
    page.session.sign_in(token("new"), false).await.expect("signed in");
    assert_eq!(kind(request.result().await), Some(ErrorKind::NotSignedIn));
    page
}

#[wasm_bindgen_test]
async fn a_second_401_is_a_failure() {
    let server = Server::start(|_| Reply::Never);
    let page = refused_twice(&server).await;
    assert_eq!(page.phase(), Phase::Active);
    assert_eq!(server.count("GET /api_tokens/7"), 2);
}

/// Nor is anybody asked to sign in for each further request of a kind that the server refuses.
#[wasm_bindgen_test]
async fn after_a_second_401_nobody_is_asked_again() {
    let server = Server::start(|_| Reply::Never);
    let page = refused_twice(&server).await;
    assert_eq!(kind(page.session.read_token(8).await), Some(ErrorKind::NotSignedIn));
    assert_eq!((page.phase(), server.count("GET /api_tokens/8")), (Phase::Active, 1));
    // What is allowed has not been refused before. Afterwards it is unknown, and is not asked again.
    let asked = Task::start(page.session.ask_collection());
    until("the session is paused", || page.phase() == Phase::Paused(Pause::Refused)).await;
    page.session.sign_in(token("newer"), false).await.expect("signed in");
    asked.result().await;
    page.session.ask_collection().await;
    assert_eq!((page.phase(), server.count("OPTIONS /api_tokens/")), (Phase::Active, 2));
    assert_eq!(page.may_create(), Permitted::Unknown);
}

/// The next user must not send what the last one left waiting.
#[wasm_bindgen_test]
async fn what_waited_when_one_signed_out_is_never_sent() {
    let server = Server::start(|_| Reply::Never);
    let (page, request) = refused(&server, ALICE).await;
    page.session.sign_out();
    page.session.sign_in(token("new"), false).await.expect("signed in");
    settle().await;
    assert!(!request.is_done());
    assert_eq!(server.count("GET /api_tokens/7"), 1);
}

/// Nor a request that waited for its retry.
#[wasm_bindgen_test]
async fn what_was_to_be_sent_again_when_one_signed_out_is_given_up() {
    let server = Server::start(|_| Reply::Never);
    let page = SessionPage::signed_in(&server, false).await;
    server.now(|_| Reply::json(503, "{}").with("Retry-After", "30"));
    let request = read(page.session);
    until("it was sent", || server.count("GET /api_tokens/7") == 1).await;
    settle().await;
    page.session.sign_out();
    assert_eq!(kind(request.result().await), Some(ErrorKind::Cancelled));
    server.now(accepts("new", BOB));
    page.session.sign_in(token("new"), false).await.expect("signed in");
    settle().await;
    assert_eq!(server.count("GET /api_tokens/7"), 1);
}

#[wasm_bindgen_test]
async fn what_is_asked_while_nobody_is_signed_in_is_never_sent() {
    let server = Server::start(|_| Reply::Never);
    let page = SessionPage::signed_in(&server, false).await;
    page.session.sign_out();
    let request = read(page.session);
    settle().await;
    server.now(accepts("new", BOB));
    page.session.sign_in(token("new"), false).await.expect("signed in");
    settle().await;
    assert!(!request.is_done());
    assert_eq!(server.count("GET /api_tokens/7"), 0);
}

/// A response is for the user who sent the request; nobody else learns of it.
#[wasm_bindgen_test]
async fn what_is_answered_after_one_signed_out_is_for_nobody() {
    let server = Server::start(|_| Reply::Never);
    let page = SessionPage::signed_in(&server, false).await;
    let gate = Gate::default();
    let held = gate.clone();
    server.now(move |sent| match sent.path.as_str() {
        "/users/me" => Reply::json(200, BOB),
        _ => held.hold(),
    });
    let request = read(page.session);
    until("it was sent", || server.count("GET /api_tokens/7") == 1).await;
    page.session.sign_out();
    page.session.sign_in(token("new"), false).await.expect("signed in");
    gate.release(Reply::json(200, TOKEN)).await;
    assert_eq!(kind(request.result().await), Some(ErrorKind::Cancelled));
}

/// The same for a request that is first made while the session is paused.
#[wasm_bindgen_test]
async fn somebody_else_does_not_begin_what_was_asked_of_a_locked_session() {
    let server = Server::start(|_| Reply::Never);
    let page = SessionPage::signed_in(&server, false).await;
    page.session.lock(Duration::from_secs(900));
    let request = read(page.session);
    settle().await;
    server.now(accepts("new", BOB));
    assert_eq!(page.session.sign_in(token("new"), false).await, Ok(true));
    assert_eq!(kind(request.result().await), Some(ErrorKind::Cancelled));
    assert_eq!(server.count("GET /api_tokens/7"), 0);
}

#[wasm_bindgen_test]
async fn any_other_failure_is_the_callers() {
    let server = Server::start(|_| Reply::Never);
    let page = SessionPage::signed_in(&server, false).await;
    server.now(|_| Reply::json(403, "{}"));
    assert_eq!(kind(read(page.session).result().await), Some(ErrorKind::NotPermitted));
    assert_eq!(page.phase(), Phase::Active);
}

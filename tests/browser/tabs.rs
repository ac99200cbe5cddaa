//! Several tabs of the same console.

use std::time::Duration;

use credmgr_console::{
    config::Config,
    session::{IdleWatch, Pause, Phase, Session},
};
use js_sys::Date;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    ALICE, Clock, Console, OtherTab, Reply, Sent, Server, Stage, fire, kept_session, mount_session, press,
    remember_token, settle, type_into, until, value_of, wait_for_messages,
};

fn alice(sent: &Sent) -> Reply {
    match (sent.method.as_str(), sent.path.as_str()) {
        ("OPTIONS", _) => Reply::empty(204),
        (_, "/users/me") => Reply::json(200, ALICE),
        (_, path) if path.starts_with("/users/") => Reply::json(403, "{}"),
        _ => Reply::json(200, r#"[{"id": 7, "name": "ci-token"}]"#),
    }
}

async fn console_at(address: &str) -> Console {
    let console = Console::signed_in(address).await;
    settle().await;
    console
}

#[wasm_bindgen_test]
async fn signing_out_elsewhere_signs_out_here_and_says_so() {
    let _server = Server::start(alice);
    let console = console_at("/tokens").await;
    console.says("ci-token").await;
    let other = OtherTab::open();
    other.tells("signed-out");
    console.says("You signed out in another tab.").await;
    until("the sign-in screen", || console.address() == "/sign-in").await;
    assert_eq!(kept_session(), None);
    assert!(!console.stage.says("ci-token") && !console.stage.says("alice"), "{}", console.stage.text());
    assert!(console.stage.find("dialog").is_none());
    wait_for_messages().await;
    assert_eq!(other.heard("signed-out"), 0, "what was heard is not told again");
}

#[wasm_bindgen_test]
async fn unsaved_work_stays_under_the_question_who_one_is() {
    let _server = Server::start(alice);
    let console = console_at("/tokens/new").await;
    type_into(&console.stage.control("Name"), "new-token");
    settle().await;
    OtherTab::open().tells("signed-out");
    console.says("You signed out in another tab.").await;
    assert_eq!(console.address(), "/tokens/new");
    assert_eq!(value_of(&console.stage.control("Name")), "new-token");
    assert_eq!(kept_session(), None);
    until("the dialog", || console.stage.find("dialog[open]").is_some()).await;
    type_into(&console.stage.control("Password"), "pw");
    press(&console.stage.dialog_button("Sign in"));
    until("the dialog is gone", || console.stage.find("dialog").is_none()).await;
    assert_eq!(value_of(&console.stage.control("Name")), "new-token");
}

#[wasm_bindgen_test]
async fn signing_out_here_is_told_without_a_name_or_a_credential() {
    let _server = Server::start(alice);
    let console = console_at("/tokens").await;
    let other = OtherTab::open();
    press(&console.stage.button("Sign out"));
    other.hears("signed-out").await;
    assert!(other.messages().iter().all(|message| !message.contains("old") && !message.contains("alice")));
}

#[wasm_bindgen_test]
async fn consoles_for_other_servers_are_not_concerned() {
    let _server = Server::start(alice);
    let console = console_at("/tokens").await;
    OtherTab::with_api("/other/api").tells("signed-out");
    wait_for_messages().await;
    assert_eq!(console.address(), "/tokens");
    assert!(console.stage.says("alice"));
}

#[wasm_bindgen_test]
async fn nonsense_is_not_heard() {
    let _server = Server::start(alice);
    let console = console_at("/tokens").await;
    let other = OtherTab::open();
    for message in ["", "signed-out now", "locked", "locked soon", "active", "active -1", "{}"] {
        other.tells(message);
    }
    wait_for_messages().await;
    assert!(console.stage.find("dialog").is_none());
    assert!(console.stage.says("alice"));
}

// Idleness across all tabs

const LIMIT: Duration = Duration::from_secs(15 * 60);
const MINUTE: Duration = Duration::from_secs(60);

/// Starts a session that begins now, in a page with nothing else.
async fn session() -> (Clock, Stage, Session) {
    let clock = Clock::stopped();
    remember_token();
    let config = Config { idle_limit: Some(LIMIT), ..Config::default() };
    let (stage, session) = mount_session(config, || view! { <IdleWatch/> });
    settle().await;
    (clock, stage, session)
}

fn phase(session: Session) -> Phase {
    session.phase().get_untracked()
}

#[wasm_bindgen_test]
async fn activity_elsewhere_begins_the_time_anew() {
    let (clock, stage, session) = session().await;
    let other = OtherTab::open();
    clock.advance(MINUTE * 14 + MINUTE / 2);
    settle().await;
    assert!(stage.find("[role=alert]").is_some(), "warned");
    other.tells(&format!("active {}", Date::now()));
    until("the warning is gone", || stage.find("[role=alert]").is_none()).await;
    clock.advance(MINUTE * 13);
    settle().await;
    assert_eq!(phase(session), Phase::Active);
    clock.advance(MINUTE * 2);
    settle().await;
    assert_eq!(phase(session), Phase::Paused(Pause::Idle(LIMIT)));
    other.hears("locked").await;
}

/// A message may be read late, as by a tab that slept.
#[wasm_bindgen_test]
async fn activity_counts_from_when_it_was() {
    let (clock, _stage, session) = session().await;
    let other = OtherTab::open();
    let then = Date::now();
    clock.sleep(LIMIT);
    other.tells(&format!("active {then}"));
    until("it is locked", || phase(session) == Phase::Paused(Pause::Idle(LIMIT))).await;
}

#[wasm_bindgen_test]
async fn activity_is_told_now_and_then() {
    let (clock, _stage, _session) = session().await;
    let other = OtherTab::open();
    for _ in 0..20 {
        fire("pointermove");
    }
    other.hears("active").await;
    wait_for_messages().await;
    assert_eq!(other.heard("active"), 1);
    clock.advance(Duration::from_secs(5));
    fire("pointermove");
    until("it is told again", || other.heard("active") == 2).await;
}

#[wasm_bindgen_test]
async fn a_lock_elsewhere_locks_here() {
    let (_clock, _stage, session) = session().await;
    let other = OtherTab::open();
    other.locks();
    until("it is locked", || phase(session) == Phase::Paused(Pause::Idle(LIMIT))).await;
    assert_eq!(kept_session(), None);
    fire("pointermove");
    wait_for_messages().await;
    assert_eq!(other.heard(""), 0, "nothing is told by a locked tab");
}

/// A tab that slept wakes up and locks itself; it has not heard that the user is active here.
#[wasm_bindgen_test]
async fn a_tab_that_slept_does_not_lock_a_busy_one() {
    let (clock, _stage, session) = session().await;
    let before = Date::now();
    clock.advance(MINUTE);
    fire("pointermove");
    OtherTab::open().tells(&format!("locked {before}"));
    wait_for_messages().await;
    assert_eq!(phase(session), Phase::Active);
}

/// The page behind the dialog is unchanged, in the whole console too.
#[wasm_bindgen_test]
async fn a_lock_elsewhere_keeps_the_page() {
    let _server = Server::start(alice);
    let console = console_at("/tokens/new").await;
    let name: HtmlElement = console.stage.control("Name");
    type_into(&name, "new-token");
    settle().await;
    console.locks().await;
    assert_eq!(value_of(&name), "new-token");
    assert_eq!(kept_session(), None);
}

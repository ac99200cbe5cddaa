//! Tokens that earlier console sessions left behind.

use std::time::Duration;

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Clock, Gate, OtherTab, Reply,
    console_token::{SignInPage, hold, left_behind, name_in, note_key, notes},
    press, set_locks, settle, until, wait_for_messages,
};

#[wasm_bindgen_test]
async fn a_creation_that_nobody_knows_of_is_looked_for_after_the_next_sign_in() {
    let page = SignInPage::open().await;
    let alice = page.alice.clone();
    page.server.now(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("POST", _) => {
            alice.create(&name_in(&sent.body));
            Reply::NetworkError
        }
        ("GET", path) if path.starts_with("/api_tokens/") => Reply::json(400, "{}"),
        _ => alice.answer(sent),
    });
    page.sign_in(true).await;
    page.says("a temporary token may have been created.").await;
    let name = page.made();
    page.says(&format!("If it was, its name is “{name}”.")).await;
    assert_eq!(notes().len(), 1);
    // The token is looked for only after the next sign-in, as the message says.
    wait_for_messages().await;
    assert!(!page.console.stage.says("left behind"));

    page.sign_out().await;
    let alice = page.alice.clone();
    page.server.now(move |sent| alice.answer(sent));
    page.sign_in(false).await;
    page.says("1 token from an earlier console session was left behind.").await;
    press(&page.console.stage.button("Delete it"));
    page.says("Deleted the token from an earlier console session.").await;
    assert!(page.alice.names().is_empty() && notes().is_empty());
}

#[wasm_bindgen_test]
async fn a_deletion_that_fails_is_said_and_offered_after_the_next_sign_in() {
    let page = SignInPage::open().await;
    page.sign_in(true).await;
    let name = page.made();
    page.but("DELETE", "/", |_| Reply::json(503, "{}"));
    page.sign_out().await;
    page.says("The token may have been deleted").await;
    page.says(&format!("It was created for your session and is named “{name}”.")).await;
    assert_eq!(page.server.count("DELETE /api_tokens/60"), 1);
    assert_eq!(notes().len(), 1);

    page.sign_in(false).await;
    page.says("1 token from an earlier console session was left behind.").await;
    assert!(!page.console.stage.says("It is not known"), "what is asked now need not be announced");
    // The deletion fails once more, and the page says which token and why.
    page.but("DELETE", "/", |_| Reply::json(403, "{}"));
    press(&page.console.stage.button("Delete it"));
    page.says("The token from an earlier console session was not deleted.").await;
    page.says("Not deleted: you do not have permission.").await;
    let alice = page.alice.clone();
    page.server.now(move |sent| alice.answer(sent));
    press(&page.console.stage.button("Try again"));
    page.says("Deleted the token from an earlier console session.").await;
    assert!(page.alice.names().is_empty() && notes().is_empty());
    press(&page.console.stage.button("Dismiss"));
    until("the notice is gone", || !page.console.stage.says("an earlier console session")).await;
    page.says("2 actions since this page was loaded").await;
}

const FIRST: &str = "console session 2026-11-24 09:00 aaaa";

const SECOND: &str = "console session 2026-11-24 10:00 bbbb";

#[wasm_bindgen_test]
async fn they_are_offered_to_their_user_one_result_each() {
    let page = SignInPage::open().await;
    for (id, name) in [(7, FIRST), (8, SECOND)] {
        page.alice.add(id, name);
        left_behind("user 3", name, Some(id));
    }
    left_behind("user 4", "console session of bob", Some(9));
    left_behind("user 3", "console session that is gone", Some(5));
    page.sign_in(false).await;
    page.says("2 tokens from earlier console sessions were left behind.").await;
    assert!(!page.console.stage.says("of bob") && !page.console.stage.says("that is gone"));
    assert_eq!(notes().len(), 3, "what is gone is forgotten");
    assert_eq!(page.server.count("DELETE /api_tokens/7"), 0, "nothing without being asked");
    press(&page.console.stage.button("Delete them"));
    page.says("Deleted 2 tokens from earlier console sessions.").await;
    let results = page.console.stage.all(".results .outcome");
    assert_eq!(results.iter().map(|line| line.inner_text()).collect::<Vec<_>>(), ["Deleted.", "Deleted."]);
    assert!(page.alice.names().is_empty());
    assert_eq!(notes().len(), 1);
}

#[wasm_bindgen_test]
async fn what_is_kept_is_not_asked_about_again() {
    let page = SignInPage::open().await;
    page.alice.add(7, FIRST);
    left_behind("user 3", FIRST, Some(7));
    page.sign_in(false).await;
    page.says("1 token from an earlier console session was left behind.").await;
    press(&page.console.stage.button("Keep it"));
    until("the notice is gone", || !page.console.stage.says("left behind")).await;
    assert_eq!(page.alice.names(), [FIRST]);
    assert!(notes().is_empty());
}

#[wasm_bindgen_test]
async fn a_number_or_a_name_that_belongs_to_something_else_is_left_alone() {
    let page = SignInPage::open().await;
    page.alice.add(7, "ci");
    left_behind("user 3", FIRST, Some(7));
    page.sign_in(false).await;
    until("it is forgotten", || notes().is_empty()).await;
    assert!(!page.console.stage.says("left behind"));
    assert_eq!(page.alice.names(), ["ci"]);
}

/// A user who signs out during the look-up is not there to be asked, and nobody else must be.
#[wasm_bindgen_test]
async fn what_is_found_when_one_has_signed_out_is_offered_to_nobody() {
    let page = SignInPage::open().await;
    page.alice.add(7, FIRST);
    left_behind("user 3", FIRST, Some(7));
    let gate = Gate::default();
    let hold = gate.clone();
    page.but("GET", "/api_tokens/7", move |_| hold.hold());
    page.sign_in(false).await;
    until("it is looked at", || page.server.count("GET /api_tokens/7") > 0).await;
    page.sign_out().await;
    gate.release(Reply::json(403, "{}")).await;
    for _ in 0..10 {
        settle().await;
    }
    assert!(!page.console.stage.says("left behind"), "{}", page.console.stage.text());
    assert_eq!(notes().len(), 1);
}

/// The question may be open for a long time.
#[wasm_bindgen_test]
async fn it_is_looked_at_again_before_it_is_deleted() {
    let page = SignInPage::open().await;
    page.alice.add(7, FIRST);
    left_behind("user 3", FIRST, Some(7));
    page.sign_in(false).await;
    page.says("1 token from an earlier console session was left behind.").await;
    page.alice.add(7, "in use");
    press(&page.console.stage.button("Delete it"));
    until("it is over", || page.console.stage.find_button("Dismiss").is_some()).await;
    assert_eq!(page.alice.names(), ["in use"]);
    assert_eq!(page.server.count("DELETE /api_tokens/7"), 0);
}

#[wasm_bindgen_test]
async fn a_token_that_another_tab_works_with_is_never_offered() {
    let page = SignInPage::open().await;
    page.alice.add(7, FIRST);
    left_behind("user 3", FIRST, Some(7));
    let other = hold(&note_key(FIRST)).await;
    page.sign_in(false).await;
    for _ in 0..10 {
        settle().await;
    }
    assert!(!page.console.stage.says("left behind"));
    assert_eq!(notes().len(), 1);
    // The other tab is closed.
    let _ = other.call0(&JsValue::UNDEFINED);
    page.sign_out().await;
    page.sign_in(false).await;
    page.says("1 token from an earlier console session was left behind.").await;
}

/// On plain http browsers have no locks, so the other tabs are asked.
#[wasm_bindgen_test]
async fn without_locks_the_other_tabs_are_asked() {
    let clock = Clock::stopped();
    let page = SignInPage::open().await;
    set_locks(false);
    page.alice.add(7, FIRST);
    left_behind("user 3", FIRST, Some(7));
    // The second tab is opened after the page's own channel: what it has received was delivered to the page before.
    let (another, witness) = (OtherTab::open(), OtherTab::open());
    page.sign_in(false).await;
    another.hears("who-works").await;
    another.tells("works 77");
    witness.hears("works 77").await;
    let answers_are_waited_for = async || {
        for _ in 0..2 {
            clock.advance(Duration::from_secs(1));
            settle().await;
        }
    };
    answers_are_waited_for().await;
    for _ in 0..10 {
        settle().await;
    }
    assert!(!page.console.stage.says("left behind"));
    page.sign_out().await;
    page.sign_in(false).await;
    answers_are_waited_for().await;
    page.says("1 token from an earlier console session was left behind.").await;
}

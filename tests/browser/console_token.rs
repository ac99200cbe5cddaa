//! Signing in with a password, and working with a token that is created for the session.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::support::{
    OtherTab, Reply, another_tab_writes,
    console_token::{BOX, SignInPage, hold, name_in, note_key, notes},
    described, hide_page, kept_session, press, settle, type_into, until, wait_for_messages,
};

// Signing in

#[wasm_bindgen_test]
async fn it_is_offered_for_a_password_only_and_says_what_it_means() {
    let page = SignInPage::open().await;
    assert!(page.console.stage.find_control::<HtmlElement>(BOX).is_none());
    press(&page.console.stage.control("Username and password"));
    settle().await;
    let tick: HtmlInputElement = page.console.stage.control(BOX);
    assert!(!tick.checked());
    let hint = described(&tick);
    for words in ["Less work for the server", "“console session …”", "forgotten at once", "the session locks"]
    {
        assert!(hint.contains(words), "{hint}");
    }
}

#[wasm_bindgen_test]
async fn without_asking_for_it_nothing_is_made() {
    let page = SignInPage::open().await;
    page.sign_in(false).await;
    assert!(page.alice.names().is_empty() && notes().is_empty());
    assert!(!page.console.stage.says("Temporary token"));
}

#[wasm_bindgen_test]
async fn a_token_is_made_tried_and_used_and_the_password_is_dropped() {
    let page = SignInPage::open().await;
    page.sign_in(true).await;
    assert_eq!(page.server.lines()[..3], ["GET /users/me", "POST /api_tokens/", "GET /users/me"]);
    assert_eq!(page.credentials("GET /users/me"), ["password", "token"]);
    assert!(page.server.sent()[1].body.ends_with("&length=22"), "{}", page.server.sent()[1].body);
    until("the list is marked", || page.console.stage.says("This session")).await;
    assert!(page.server.sent()[2..].iter().all(|sent| sent.header("Authorization").is_none()));

    let name = page.made();
    assert!(name.starts_with("console session 20"), "{name}");
    assert!(page.console.stage.says(&name));
    assert_eq!(
        page.console.stage.link("Temporary token").get_attribute("href").as_deref(),
        Some("/tokens/60")
    );
    assert!(page.console.stage.says("alice"));

    let kept = kept_session().expect("it stays");
    assert!(kept.contains("made-60") && kept.contains(&name) && !kept.contains("pw"), "{kept}");
    let notes = notes();
    assert_eq!(notes.len(), 1);
    assert!(notes[0].contains(&name) && notes[0].contains("60") && !notes[0].contains("made-"), "{notes:?}");
}

#[wasm_bindgen_test]
async fn the_note_is_there_before_the_token_is_asked_for() {
    let page = SignInPage::open().await;
    page.but("POST", "/api_tokens/", |_| Reply::Never);
    press(&page.console.stage.control("Username and password"));
    settle().await;
    type_into(&page.console.stage.control("Username"), "alice");
    page.fill_in(true);
    until("it was asked for", || page.server.count("POST /api_tokens/") == 1).await;
    assert!(notes()[0].contains(r#""id":null"#), "{:?}", notes());
    settle().await;
    assert_eq!(page.console.address(), "/sign-in");
}

#[wasm_bindgen_test]
async fn a_refusal_does_not_cost_the_sign_in_and_is_said() {
    for status in [403, 405, 422, 429] {
        let page = SignInPage::open().await;
        page.but("POST", "/api_tokens/", move |_| Reply::json(status, "{}").with("Allow", "GET, OPTIONS"));
        page.sign_in(true).await;
        page.says("You are signed in with your password: no temporary token was created.").await;
        assert!(notes().is_empty());
        assert_eq!(page.server.count("POST /api_tokens/"), 1, "after {status}");
        assert!(!page.console.stage.says("Temporary token"));
    }
}

/// The verification of the password may already have told.
#[wasm_bindgen_test]
async fn what_is_known_not_to_be_allowed_is_not_tried() {
    let page = SignInPage::open().await;
    let alice = page.alice.clone();
    page.server.now(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        (_, path) if path.starts_with("/users/") => Reply::json(404, "{}"),
        ("OPTIONS", _) => Reply::empty(204).with("Allow", "GET, OPTIONS"),
        _ => alice.answer(sent),
    });
    page.sign_in(true).await;
    page.says("You are signed in with your password: no temporary token was created.").await;
    page.says("The server does not allow it.").await;
    assert_eq!(page.server.count("POST /api_tokens/"), 0);
}

/// The user is known by the typed name, also after a reload.
#[wasm_bindgen_test]
async fn a_server_that_does_not_say_who_one_is_makes_no_difference() {
    let page = SignInPage::open().await;
    let alice = page.alice.clone();
    page.server.now(move |sent| match sent.path.as_str() {
        path if path.starts_with("/users/") => Reply::json(404, "{}"),
        _ => alice.answer(sent),
    });
    page.sign_in(true).await;
    page.says("alice").await;
    assert!(notes()[0].contains("name alice"), "{:?}", notes());
    page.console.stage.unmount();
    let again = credmgr_console::app::App;
    let stage = crate::support::Stage::mount_beside(again);
    until("the session goes on", || stage.says("alice") && stage.says("Temporary token")).await;
}

// A creation without an answer

#[wasm_bindgen_test]
async fn what_was_made_without_an_answer_is_found_and_used() {
    // The browser repeats the request, which then gets a 409.
    for repeated in [false, true] {
        let page = SignInPage::open().await;
        let alice = page.alice.clone();
        page.but("POST", "/api_tokens/", move |sent| {
            alice.create(&name_in(&sent.body));
            if repeated { Reply::json(409, "{}") } else { Reply::NetworkError }
        });
        page.sign_in(true).await;
        page.says("Temporary token").await;
        assert_eq!(page.server.count("POST /api_tokens/"), 1);
        assert_eq!(page.credentials("GET /api_tokens/60")[0], "password");
        assert!(!page.console.stage.says("You are signed in with your password"));
        assert!(notes()[0].contains(r#""id":60"#));
    }
}

#[wasm_bindgen_test]
async fn what_was_not_made_is_not_asked_for_again() {
    let page = SignInPage::open().await;
    page.but("POST", "/api_tokens/", |_| Reply::NetworkError);
    page.sign_in(true).await;
    page.says("You are signed in with your password: no temporary token was created.").await;
    page.says("The server cannot be reached.").await;
    assert_eq!(page.server.count("POST /api_tokens/"), 1);
    assert!(notes().is_empty());
}

#[wasm_bindgen_test]
async fn a_token_that_does_not_work_is_deleted_with_the_password() {
    let page = SignInPage::open().await;
    let alice = page.alice.clone();
    page.server.now(move |sent| match sent.header("X-API-TOKEN") {
        Some(_) => Reply::not_signed_in(),
        None => alice.answer(sent),
    });
    page.sign_in(true).await;
    page.says("the temporary token could not be used").await;
    until("it is deleted", || page.alice.names().is_empty() && notes().is_empty()).await;
    assert_eq!(page.credentials("DELETE /api_tokens/60"), ["password"]);
}

/// As with a read-only user: each session would leave a token behind.
#[wasm_bindgen_test]
async fn a_token_that_its_user_may_not_delete_is_disabled_and_not_used() {
    let page = SignInPage::open().await;
    let alice = page.alice.clone();
    page.server.now(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("OPTIONS", "/api_tokens/60") => Reply::empty(204).with("Allow", "GET, PATCH, OPTIONS"),
        ("PATCH", "/api_tokens/60") => {
            assert!(sent.body.contains(r#""path":"/enabled","value":false"#), "{}", sent.body);
            Reply::json(200, r#"{"id": 60, "name": "console session", "owner_id": 3, "enabled": false}"#)
        }
        _ => alice.answer(sent),
    });
    page.sign_in(true).await;
    page.says(
        "You are signed in with your password, because you are not allowed to delete tokens: a \
               temporary token would be left behind.",
    )
    .await;
    page.says(&format!("“{}” was created to check this and is now disabled", page.made())).await;
    assert_eq!(page.credentials("PATCH /api_tokens/60"), ["token"]);
    assert!(!page.console.stage.says("Temporary token") && notes().is_empty());
    // It is not tried again at every sign-in, even if the user asks for it.
    page.sign_out().await;
    press(&page.console.stage.control("Username and password"));
    settle().await;
    assert!(!page.console.stage.control::<HtmlInputElement>(BOX).checked());
    page.sign_in(true).await;
    page.says("found this out, so no token was created.").await;
    assert_eq!(page.server.count("POST /api_tokens/"), 1);
}

// The end of a session

#[wasm_bindgen_test]
async fn signing_out_deletes_it_with_its_own_credentials_and_waits_for_nothing() {
    let page = SignInPage::open().await;
    page.sign_in(true).await;
    page.but("DELETE", "/", |_| Reply::Never);
    page.sign_out().await;
    until("it was sent", || page.server.count("DELETE /api_tokens/60") == 1).await;
    assert_eq!(page.credentials("DELETE /api_tokens/60"), ["token"]);
    assert!(page.is_kept_alive("DELETE /api_tokens/60"));
    assert!(!page.console.stage.says("Temporary token"));
    assert_eq!(kept_session(), None);
    assert_eq!(notes().len(), 1, "nobody knows yet whether it is gone");
}

#[wasm_bindgen_test]
async fn what_was_deleted_leaves_no_note() {
    let page = SignInPage::open().await;
    page.sign_in(true).await;
    page.sign_out().await;
    until("it is gone", || page.alice.names().is_empty() && notes().is_empty()).await;
    assert!(page.console.stage.find("[role=alert] .notice").is_none());
}

#[wasm_bindgen_test]
async fn a_lock_deletes_it_and_signing_in_again_makes_another() {
    let page = SignInPage::open().await;
    page.sign_in(true).await;
    OtherTab::open().locks();
    until("the dialog", || page.console.stage.find("dialog[open]").is_some()).await;
    until("it is gone", || page.alice.names().is_empty() && notes().is_empty()).await;
    let tick: HtmlInputElement = page.console.stage.control(BOX);
    assert!(tick.checked(), "what was asked for before");
    page.fill_in(true);
    until("the dialog is gone", || page.console.stage.find("dialog").is_none()).await;
    page.says("Temporary token").await;
    page.made();
    assert_eq!(page.server.count("POST /api_tokens/"), 2);
}

/// A duplicated tab has the same token.
#[wasm_bindgen_test]
async fn a_lock_leaves_a_token_that_another_tab_works_with() {
    let page = SignInPage::open().await;
    page.sign_in(true).await;
    let other = hold(&note_key(&page.made())).await;
    OtherTab::open().locks();
    until("the dialog", || page.console.stage.find("dialog[open]").is_some()).await;
    wait_for_messages().await;
    assert_eq!(page.alice.names().len(), 1);
    let _ = other.call0(&JsValue::UNDEFINED);
}

#[wasm_bindgen_test]
async fn signing_out_in_another_tab_deletes_it() {
    let page = SignInPage::open().await;
    page.sign_in(true).await;
    OtherTab::open().tells("signed-out");
    page.says("You signed out in another tab.").await;
    until("it is gone", || page.alice.names().is_empty() && notes().is_empty()).await;
}

/// An administrator may have deleted it: there is nothing to delete, and nothing is left behind.
#[wasm_bindgen_test]
async fn a_token_that_was_deleted_by_somebody_asks_to_sign_in_again() {
    let page = SignInPage::open().await;
    page.sign_in(true).await;
    page.alice.clear();
    press(&page.console.stage.button("Refresh"));
    until("the dialog", || page.console.stage.find("dialog[open]").is_some()).await;
    assert_eq!(page.server.count("DELETE /api_tokens/60"), 0);
    page.fill_in(false);
    until("the dialog is gone", || page.console.stage.find("dialog").is_none()).await;
    until("it is forgotten", || notes().is_empty()).await;
    assert!(!page.console.stage.says("left behind"));
}

#[wasm_bindgen_test]
async fn a_token_that_gets_another_name_is_its_users_and_stays() {
    let page = SignInPage::open().await;
    page.sign_in(true).await;
    press(&page.console.stage.link("Temporary token"));
    page.console.shows_form().await;
    type_into(&page.console.stage.control("Name"), "mine");
    press(&page.console.stage.button("Save changes"));
    page.says("Saved mine.").await;
    until("it is no console token", || !page.console.stage.says("Temporary token")).await;
    assert!(notes().is_empty());
    let kept = kept_session().expect("it stays");
    assert!(kept.contains("made-60") && !kept.contains("console session"), "{kept}");
    page.sign_out().await;
    wait_for_messages().await;
    assert_eq!(page.alice.names(), ["mine"]);
}

/// The other tab is a duplicate of this one.
#[wasm_bindgen_test]
async fn a_token_that_another_tab_renamed_or_deleted_is_left_alone() {
    let page = SignInPage::open().await;
    page.sign_in(true).await;
    page.alice.add(60, "mine");
    another_tab_writes(&note_key(&noted_name()));
    until("it is no console token", || !page.console.stage.says("Temporary token")).await;
    page.sign_out().await;
    wait_for_messages().await;
    assert_eq!(page.alice.names(), ["mine"]);
}

/// Returns the name in the only note.
fn noted_name() -> String {
    let note = notes().pop().expect("a note");
    let rest = note.split(r#""name":""#).nth(1).expect("a name");
    rest.split('"').next().unwrap_or_default().to_owned()
}

// The page goes away

#[wasm_bindgen_test]
async fn a_page_that_goes_takes_its_token_along_unless_it_may_come_back() {
    let page = SignInPage::open().await;
    press(&page.console.stage.control("Stay signed in on this tab"));
    page.sign_in(true).await;
    assert_eq!(kept_session(), None);
    hide_page(true);
    settle().await;
    assert_eq!(page.server.count("DELETE /api_tokens/60"), 0, "the browser keeps the page");
    hide_page(false);
    until("it is deleted", || page.server.count("DELETE /api_tokens/60") == 1).await;
    assert!(page.is_kept_alive("DELETE /api_tokens/60"));
}

#[wasm_bindgen_test]
async fn a_session_that_is_kept_on_the_tab_keeps_its_token() {
    let page = SignInPage::open().await;
    page.sign_in(true).await;
    hide_page(false);
    settle().await;
    assert_eq!(page.server.count("DELETE /api_tokens/60"), 0);
    page.console.stage.unmount();
    let stage = crate::support::Stage::mount_beside(credmgr_console::app::App);
    until("the session goes on", || stage.says("Temporary token") && stage.says("This session")).await;
    assert!(!stage.says("left behind"));
    press(&stage.button("Sign out"));
    until("it is gone", || page.alice.names().is_empty() && notes().is_empty()).await;
}

//! Signing in with a password, and working with a token that is created for the session.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc, time::Duration};

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::support::{
    ALICE, Clock, Console, Gate, OtherTab, Reply, Sent, Server, another_tab_writes, browser_storage,
    described, hide_page, hold_lock, press, set_locks, settle, submit, tab_storage, type_into, until,
    wait_for_messages,
};

const BOX: &str = "Use a temporary token for this session";
/// printf 'alice:pw' | base64
const BASIC: &str = "Basic YWxpY2U6cHc=";
const DEPLOYMENT: &str = "credmgr / /api/v1";
const WHO: &str = "/users/me";

/// Alice's tokens on a server that knows her password, too. The secret of token `id` is `made-id`.
#[derive(Clone, Default)]
struct Alice(Rc<RefCell<BTreeMap<i64, String>>>);

impl Alice {
    fn add(&self, id: i64, name: &str) {
        self.0.borrow_mut().insert(id, name.to_owned());
    }

    fn names(&self) -> Vec<String> {
        self.0.borrow().values().cloned().collect()
    }

    fn create(&self, name: &str) -> i64 {
        let id = self.0.borrow().keys().last().map_or(60, |last| last + 1);
        self.add(id, name);
        id
    }

    fn one(&self, id: i64) -> Reply {
        match self.0.borrow().get(&id) {
            None => Reply::json(404, "{}"),
            Some(name) => Reply::json(
                200,
                &format!(
                    r#"{{"id": {id}, "name": "{name}", "owner_id": 3, "enabled": true, "token": "made-{id}"}}"#
                ),
            ),
        }
    }

    fn knows(&self, sent: &Sent) -> bool {
        let token = sent.header("X-API-TOKEN");
        sent.header("Authorization").as_deref() == Some(BASIC)
            || self.0.borrow().keys().any(|id| token.as_deref() == Some(&format!("made-{id}")))
    }

    fn answer(&self, sent: &Sent) -> Reply {
        let id = sent.path.strip_prefix("/api_tokens/").and_then(|id| id.parse::<i64>().ok());
        match (sent.method.as_str(), sent.path.as_str(), id) {
            _ if !self.knows(sent) => Reply::not_signed_in(),
            ("OPTIONS", ..) => Reply::empty(204).with("Allow", "GET, POST, PATCH, DELETE, OPTIONS"),
            (_, WHO, _) => Reply::json(200, ALICE),
            (_, path, _) if path.starts_with("/users/") => Reply::json(403, "{}"),
            ("POST", ..) => self.one(self.create(&name_in(&sent.body))),
            ("DELETE", _, Some(id)) if self.0.borrow_mut().remove(&id).is_some() => Reply::empty(204),
            ("PATCH", _, Some(id)) => {
                let name = sent.body.rsplit(r#""value":""#).next().and_then(|rest| rest.split('"').next());
                self.add(id, name.expect("a name"));
                self.one(id)
            }
            (_, _, Some(id)) => self.one(id),
            _ => {
                let all = self.0.borrow();
                let rows: Vec<_> =
                    all.iter().map(|(id, name)| format!(r#"{{"id": {id}, "name": "{name}"}}"#)).collect();
                Reply::json(200, &format!("[{}]", rows.join(",")))
            }
        }
    }
}

fn name_in(form: &str) -> String {
    let name = form.split('&').find_map(|pair| pair.strip_prefix("name=")).expect("a name");
    name.replace('+', " ").replace("%3A", ":")
}

/// The sign-in screen, with a local storage that is empty before and after.
struct Page {
    console: Console,
    server: Server,
    alice: Alice,
}

/// Returns every key and value of the local storage.
fn notes() -> Vec<String> {
    let storage = browser_storage();
    let keys = (0..storage.length().expect("a length")).map(|index| storage.key(index).expect("readable"));
    keys.flatten()
        .filter(|key| key.starts_with("credmgr.console-token "))
        .map(|key| format!("{key} {}", storage.get_item(&key).expect("readable").unwrap_or_default()))
        .collect()
}

fn note_key(name: &str) -> String {
    format!("credmgr.console-token {DEPLOYMENT} {name}")
}

/// Stores the note that an earlier session of `who` left behind.
fn left_behind(who: &str, name: &str, id: Option<i64>) {
    let id = id.map_or_else(|| "null".to_owned(), |id| id.to_string());
    let note = format!(r#"{{"who":"{who}","deployment":"{DEPLOYMENT}","name":"{name}","id":{id},"at":77}}"#);
    browser_storage().set_item(&note_key(name), &note).expect("room");
}

impl Page {
    async fn open() -> Self {
        let _ = (browser_storage().clear(), tab_storage().clear());
        set_locks(true);
        let alice = Alice::default();
        let answers = alice.clone();
        let server = Server::start(move |sent| answers.answer(sent));
        let console = Console::open("/sign-in").await;
        Self { console, server, alice }
    }

    /// Answers as usual, except for this request.
    fn but(&self, method: &'static str, path: &'static str, answer: impl Fn(&Sent) -> Reply + 'static) {
        let alice = self.alice.clone();
        self.server.now(move |sent| match sent.method == method && sent.path.starts_with(path) {
            true => answer(sent),
            false => alice.answer(sent),
        });
    }

    async fn sign_in(&self, with_own_token: bool) {
        press(&self.console.stage.control("Username and password"));
        settle().await;
        type_into(&self.console.stage.control("Username"), "alice");
        self.fill_in(with_own_token);
        self.says("Search tokens").await;
    }

    fn fill_in(&self, with_own_token: bool) {
        let tick: HtmlInputElement = self.console.stage.control(BOX);
        if tick.checked() != with_own_token {
            press(&tick);
        }
        type_into(&self.console.stage.control("Password"), "pw");
        submit(&self.console.stage.control("Password"));
    }

    async fn sign_out(&self) {
        press(&self.console.stage.button("Sign out"));
        until("the sign-in screen", || self.console.stage.find("input[type=password]").is_some()).await;
    }

    async fn says(&self, words: &str) {
        self.console.says(words).await;
    }

    /// Returns the name of the only token that was created.
    fn made(&self) -> String {
        let names = self.alice.names();
        assert_eq!(names.len(), 1, "{names:?}");
        names[0].clone()
    }

    /// Returns the kind of credentials of each request with this method and path.
    fn credentials(&self, line: &str) -> Vec<&'static str> {
        let (method, path) = line.split_once(' ').expect("a method and a path");
        let sent = self.server.sent();
        sent.iter()
            .filter(|sent| sent.method == method && sent.path == path)
            .map(|sent| if sent.header("Authorization").is_some() { "password" } else { "token" })
            .collect()
    }

    fn is_kept_alive(&self, line: &str) -> bool {
        let sent = self.server.sent();
        let found = sent.iter().find(|sent| format!("{} {}", sent.method, sent.path) == line);
        let request = &found.expect("it was sent").request;
        Reflect::get(request, &"keepalive".into()).expect("readable").is_truthy()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = (browser_storage().clear(), tab_storage().clear());
        set_locks(true);
    }
}

// Signing in

#[wasm_bindgen_test]
async fn it_is_offered_for_a_password_only_and_says_what_it_means() {
    let page = Page::open().await;
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
    let page = Page::open().await;
    page.sign_in(false).await;
    assert!(page.alice.names().is_empty() && notes().is_empty());
    assert!(!page.console.stage.says("Temporary token"));
}

#[wasm_bindgen_test]
async fn a_token_is_made_tried_and_used_and_the_password_is_dropped() {
    let page = Page::open().await;
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

    let kept = tab_storage().get_item("credmgr.session").expect("readable").expect("it stays");
    assert!(kept.contains("made-60") && kept.contains(&name) && !kept.contains("pw"), "{kept}");
    let notes = notes();
    assert_eq!(notes.len(), 1);
    assert!(notes[0].contains(&name) && notes[0].contains("60") && !notes[0].contains("made-"), "{notes:?}");
}

#[wasm_bindgen_test]
async fn the_note_is_there_before_the_token_is_asked_for() {
    let page = Page::open().await;
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
        let page = Page::open().await;
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
    let page = Page::open().await;
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
    let page = Page::open().await;
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
        let page = Page::open().await;
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
    let page = Page::open().await;
    page.but("POST", "/api_tokens/", |_| Reply::NetworkError);
    page.sign_in(true).await;
    page.says("You are signed in with your password: no temporary token was created.").await;
    page.says("The server cannot be reached.").await;
    assert_eq!(page.server.count("POST /api_tokens/"), 1);
    assert!(notes().is_empty());
}

#[wasm_bindgen_test]
async fn a_creation_that_nobody_knows_of_is_looked_for_after_the_next_sign_in() {
    let page = Page::open().await;
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
async fn a_token_that_does_not_work_is_deleted_with_the_password() {
    let page = Page::open().await;
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
    let page = Page::open().await;
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
    let page = Page::open().await;
    page.sign_in(true).await;
    page.but("DELETE", "/", |_| Reply::Never);
    page.sign_out().await;
    until("it was sent", || page.server.count("DELETE /api_tokens/60") == 1).await;
    assert_eq!(page.credentials("DELETE /api_tokens/60"), ["token"]);
    assert!(page.is_kept_alive("DELETE /api_tokens/60"));
    assert!(!page.console.stage.says("Temporary token"));
    assert_eq!(tab_storage().get_item("credmgr.session"), Ok(None));
    assert_eq!(notes().len(), 1, "nobody knows yet whether it is gone");
}

#[wasm_bindgen_test]
async fn what_was_deleted_leaves_no_note() {
    let page = Page::open().await;
    page.sign_in(true).await;
    page.sign_out().await;
    until("it is gone", || page.alice.names().is_empty() && notes().is_empty()).await;
    assert!(page.console.stage.find("[role=alert] .notice").is_none());
}

#[wasm_bindgen_test]
async fn a_deletion_that_fails_is_said_and_offered_after_the_next_sign_in() {
    let page = Page::open().await;
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
    page.says("2 actions in this session").await;
}

#[wasm_bindgen_test]
async fn a_lock_deletes_it_and_signing_in_again_makes_another() {
    let page = Page::open().await;
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
    let page = Page::open().await;
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
    let page = Page::open().await;
    page.sign_in(true).await;
    OtherTab::open().tells("signed-out");
    page.says("You signed out in another tab.").await;
    until("it is gone", || page.alice.names().is_empty() && notes().is_empty()).await;
}

/// An administrator may have deleted it: there is nothing to delete, and nothing is left behind.
#[wasm_bindgen_test]
async fn a_token_that_was_deleted_by_somebody_asks_to_sign_in_again() {
    let page = Page::open().await;
    page.sign_in(true).await;
    page.alice.0.borrow_mut().clear();
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
    let page = Page::open().await;
    page.sign_in(true).await;
    press(&page.console.stage.link("Temporary token"));
    page.console.shows_form().await;
    type_into(&page.console.stage.control("Name"), "mine");
    press(&page.console.stage.button("Save changes"));
    page.says("Saved mine.").await;
    until("it is no console token", || !page.console.stage.says("Temporary token")).await;
    assert!(notes().is_empty());
    let kept = tab_storage().get_item("credmgr.session").expect("readable").expect("it stays");
    assert!(kept.contains("made-60") && !kept.contains("console session"), "{kept}");
    page.sign_out().await;
    wait_for_messages().await;
    assert_eq!(page.alice.names(), ["mine"]);
}

/// The other tab is a duplicate of this one.
#[wasm_bindgen_test]
async fn a_token_that_another_tab_renamed_or_deleted_is_left_alone() {
    let page = Page::open().await;
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
    let page = Page::open().await;
    press(&page.console.stage.control("Stay signed in on this tab"));
    page.sign_in(true).await;
    assert_eq!(tab_storage().get_item("credmgr.session"), Ok(None));
    hide_page(true);
    settle().await;
    assert_eq!(page.server.count("DELETE /api_tokens/60"), 0, "the browser keeps the page");
    hide_page(false);
    until("it is deleted", || page.server.count("DELETE /api_tokens/60") == 1).await;
    assert!(page.is_kept_alive("DELETE /api_tokens/60"));
}

#[wasm_bindgen_test]
async fn a_session_that_is_kept_on_the_tab_keeps_its_token() {
    let page = Page::open().await;
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

// What earlier sessions left behind

async fn hold(name: &str) -> Function {
    JsFuture::from(hold_lock(name)).await.expect("a lock").unchecked_into()
}

const FIRST: &str = "console session 2026-11-24 09:00 aaaa";
const SECOND: &str = "console session 2026-11-24 10:00 bbbb";

#[wasm_bindgen_test]
async fn they_are_offered_to_their_user_one_result_each() {
    let page = Page::open().await;
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
    let page = Page::open().await;
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
    let page = Page::open().await;
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
    let page = Page::open().await;
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
    let page = Page::open().await;
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
    let page = Page::open().await;
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
    let page = Page::open().await;
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

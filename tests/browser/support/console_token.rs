//! The sign-in screen of a server that knows Alice's password, and the notes on tokens created for a session.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use js_sys::{Function, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use super::{
    ALICE, Console, Reply, Sent, Server, browser_storage, hold_lock, press, set_locks, settle, submit,
    tab_storage, type_into, until,
};

pub const BOX: &str = "Use a temporary token for this session";

/// printf 'alice:pw' | base64
pub const BASIC: &str = "Basic YWxpY2U6cHc=";

pub const DEPLOYMENT: &str = "credmgr / /api/v1";

pub const WHO: &str = "/users/me";

/// Alice's tokens on a server that knows her password, too. The secret of token `id` is `made-id`.
#[derive(Clone, Default)]
pub struct Alice(Rc<RefCell<BTreeMap<i64, String>>>);

impl Alice {
    pub fn add(&self, id: i64, name: &str) {
        self.0.borrow_mut().insert(id, name.to_owned());
    }

    pub fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    pub fn names(&self) -> Vec<String> {
        self.0.borrow().values().cloned().collect()
    }

    pub fn create(&self, name: &str) -> i64 {
        let id = self.0.borrow().keys().last().map_or(60, |last| last + 1);
        self.add(id, name);
        id
    }

    pub fn one(&self, id: i64) -> Reply {
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

    pub fn knows(&self, sent: &Sent) -> bool {
        let token = sent.header("X-API-TOKEN");
        sent.header("Authorization").as_deref() == Some(BASIC)
            || self.0.borrow().keys().any(|id| token.as_deref() == Some(&format!("made-{id}")))
    }

    pub fn answer(&self, sent: &Sent) -> Reply {
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

pub fn name_in(form: &str) -> String {
    let name = form.split('&').find_map(|pair| pair.strip_prefix("name=")).expect("a name");
    name.replace('+', " ").replace("%3A", ":")
}

/// The sign-in screen, with a local storage that is empty before and after.
pub struct SignInPage {
    pub console: Console,
    pub server: Server,
    pub alice: Alice,
}

impl SignInPage {
    pub async fn open() -> Self {
        let _ = (browser_storage().clear(), tab_storage().clear());
        set_locks(true);
        let alice = Alice::default();
        let answers = alice.clone();
        let server = Server::start(move |sent| answers.answer(sent));
        let console = Console::open("/sign-in").await;
        Self { console, server, alice }
    }

    /// Answers as usual, except for this request.
    pub fn but(&self, method: &'static str, path: &'static str, answer: impl Fn(&Sent) -> Reply + 'static) {
        let alice = self.alice.clone();
        self.server.now(move |sent| match sent.method == method && sent.path.starts_with(path) {
            true => answer(sent),
            false => alice.answer(sent),
        });
    }

    pub async fn sign_in(&self, with_console_token: bool) {
        press(&self.console.stage.control("Username and password"));
        settle().await;
        type_into(&self.console.stage.control("Username"), "alice");
        self.fill_in(with_console_token);
        self.says("Search tokens").await;
    }

    pub fn fill_in(&self, with_console_token: bool) {
        let tick: HtmlInputElement = self.console.stage.control(BOX);
        if tick.checked() != with_console_token {
            press(&tick);
        }
        type_into(&self.console.stage.control("Password"), "pw");
        submit(&self.console.stage.control("Password"));
    }

    pub async fn sign_out(&self) {
        press(&self.console.stage.button("Sign out"));
        until("the sign-in screen", || self.console.stage.find("input[type=password]").is_some()).await;
    }

    pub async fn says(&self, words: &str) {
        self.console.says(words).await;
    }

    /// Returns the name of the only token that was created.
    pub fn made(&self) -> String {
        let names = self.alice.names();
        assert_eq!(names.len(), 1, "{names:?}");
        names[0].clone()
    }

    /// Returns the kind of credentials of each request with this method and path.
    pub fn credentials(&self, line: &str) -> Vec<&'static str> {
        let (method, path) = line.split_once(' ').expect("a method and a path");
        let sent = self.server.sent();
        sent.iter()
            .filter(|sent| sent.method == method && sent.path == path)
            .map(|sent| if sent.header("Authorization").is_some() { "password" } else { "token" })
            .collect()
    }

    pub fn is_kept_alive(&self, line: &str) -> bool {
        let sent = self.server.sent();
        let found = sent.iter().find(|sent| format!("{} {}", sent.method, sent.path) == line);
        let request = &found.expect("it was sent").request;
        Reflect::get(request, &"keepalive".into()).expect("readable").is_truthy()
    }
}

impl Drop for SignInPage {
    fn drop(&mut self) {
        let _ = (browser_storage().clear(), tab_storage().clear());
        set_locks(true);
    }
}

/// Returns every key and value of the local storage.
pub fn notes() -> Vec<String> {
    let storage = browser_storage();
    let keys = (0..storage.length().expect("a length")).map(|index| storage.key(index).expect("readable"));
    keys.flatten()
        .filter(|key| key.starts_with("credmgr.console-token "))
        .map(|key| format!("{key} {}", storage.get_item(&key).expect("readable").unwrap_or_default()))
        .collect()
}

pub fn note_key(name: &str) -> String {
    format!("credmgr.console-token {DEPLOYMENT} {name}")
}

/// Stores the note that an earlier session of `who` left behind.
pub fn left_behind(who: &str, name: &str, id: Option<i64>) {
    let id = id.map_or_else(|| "null".to_owned(), |id| id.to_string());
    let note = format!(r#"{{"who":"{who}","deployment":"{DEPLOYMENT}","name":"{name}","id":{id},"at":77}}"#);
    browser_storage().set_item(&note_key(name), &note).expect("room");
}

pub async fn hold(name: &str) -> Function {
    JsFuture::from(hold_lock(name)).await.expect("a lock").unchecked_into()
}

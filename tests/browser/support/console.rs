//! The whole console on a stage, for tests of screens.

use credmgr_console::{app::App, session::deployment_name};
use leptos::prelude::{document, window};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

use super::{
    ACTIVE_KEY, OtherTab, SESSION_KEY, Stage, browser_storage, fakes::room_for_addresses, press, settle,
    submit, tab_storage, type_into, until,
};

/// The console at an address, until it is dropped.
pub struct Console {
    pub stage: Stage,
    home: String,
    /// The `<base>` of `index.html`, which tells the console its own path.
    base: Element,
}

fn remember(text: &str) {
    let storage = tab_storage();
    storage.set_item(SESSION_KEY, text).expect("room");
    // Left by an earlier session.
    storage.remove_item(ACTIVE_KEY).expect("storage");
    browser_storage().remove_item(&deployment_name("", "/api/v1")).expect("storage");
}

/// Stores a session of Alice (ID 3) with a token on this tab.
pub fn remember_token() {
    remember(r#"{"kind": "token", "token": "old", "user": {"id": 3, "username": "alice"}}"#);
}

/// Stores a session of Alice (ID 3) with this secret on this tab.
pub fn remember_secret(secret: &str) {
    remember(&format!(
        r#"{{"kind": "token", "token": "{secret}", "user": {{"id": 3, "username": "alice"}}}}"#
    ));
}

/// Stores a session with a token on this tab, for a server that does not say whose token it is.
pub fn remember_nameless() {
    remember(r#"{"kind": "token", "token": "old"}"#);
}

/// Stores a session of Alice with her password on this tab, for a server that does not say who she is.
pub fn remember_password() {
    remember(r#"{"kind": "basic", "username": "alice", "password": "pw"}"#);
}

/// Stores a session of Alice (ID 3) with her password on this tab.
pub fn remember_basic() {
    remember(
        r#"{"kind": "basic", "username": "alice", "password": "pw", "user": {"id": 3, "username": "alice"}}"#,
    );
}

fn go(address: &str) {
    let history = window().history().expect("a history");
    history.replace_state_with_url(&JsValue::NULL, "", Some(address)).expect("an address of this origin");
}

/// Steps back in the history, as the browser's button does.
pub fn back() {
    window().history().expect("a history").back().expect("an open page");
}

impl Console {
    /// Opens the console at an address.
    pub async fn open(address: &str) -> Self {
        let location = window().location();
        let home = location.pathname().expect("a path") + &location.search().expect("a query");
        Stage::clear();
        JsFuture::from(room_for_addresses()).await.expect("it only waits");
        go(address);
        let base = document().create_element("base").expect("an element");
        base.set_attribute("href", "/").expect("an attribute");
        document().head().expect("a head").append_child(&base).expect("an open page");
        let console = Self { stage: Stage::mount_beside(App), home, base };
        until("a screen is shown", || console.stage.find("h1").is_some()).await;
        console
    }

    /// Opens the console at an address, with a session of Alice (ID 3) with a token.
    pub async fn signed_in(address: &str) -> Self {
        remember_token();
        Self::open(address).await
    }

    /// Opens the page of a token for the signed-in user, and waits until all of it is there.
    pub async fn open_token(id: i64) -> Self {
        let console = Self::open(&format!("/tokens/{id}")).await;
        console.shows_token().await;
        settle().await;
        console
    }

    /// Returns the path and query of the address bar.
    pub fn address(&self) -> String {
        let location = window().location();
        location.pathname().expect("a path") + &location.search().expect("a query")
    }

    /// Waits for the whole page of a token: the form comes first, the buttons beside it later.
    pub async fn shows_token(&self) {
        until("a token's page", || self.stage.find_button("Delete token").is_some()).await;
    }

    /// Waits for the form of a token, which can be typed into then.
    pub async fn shows_form(&self) {
        until("the form", || self.stage.find_control::<HtmlElement>("Name").is_some()).await;
        settle().await;
    }

    /// Waits for the question whether a token is to be deleted, and confirms it.
    pub async fn confirms(&self) {
        let button = || self.stage.find("[role=alertdialog] .button-danger");
        until("the question", || button().is_some()).await;
        press(&button().expect("it was there"));
    }

    /// Locks the session as after a quarter of an hour without activity, by a message from another tab.
    pub async fn locks(&self) {
        OtherTab::open().locks();
        self.says("Locked after 15 minutes without activity.").await;
    }

    /// Types a secret into the dialog that asks to sign in again, and submits it.
    pub fn signs_in_again(&self, secret: &str) {
        let field = self.stage.get("dialog input[type=password]");
        type_into(&field, secret);
        submit(&field);
    }

    pub async fn says(&self, words: &str) {
        until(words, || self.stage.says(words)).await;
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.stage.unmount();
        for storage in [tab_storage(), browser_storage()] {
            storage.clear().expect("storage");
        }
        self.base.remove();
        go(&self.home);
    }
}

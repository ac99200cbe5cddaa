//! A rotation on the screen, and what is stored of it.

use std::{cell::Cell, rc::Rc};

use super::{
    Console, Gate, Reply, Sent, Server, Tokens, browser_storage, press, remember_token, text_of, until,
};

pub const PLAN: &str = "/tokens/1/rotate";

/// The ID that the fake server gives to the new token.
pub const NEW: i64 = 102;

pub type Answer = Box<dyn Fn(&Sent) -> Reply>;

/// Alice's tokens 1 and 2, and the page of token 1's rotation.
pub struct World {
    pub tokens: Tokens,
    pub server: Server,
    pub console: Console,
}

impl World {
    pub async fn press(&self, words: &str) {
        until(words, || {
            let button = self.console.stage.find_button(words);
            button.is_some_and(|button| button.get_attribute("aria-disabled").is_none())
        })
        .await;
        press(&self.console.stage.button(words));
    }

    pub async fn press_link(&self, words: &str) {
        until(words, || self.console.stage.all("a").iter().any(|link| text_of(link) == words)).await;
        press(&self.console.stage.link(words));
    }

    pub async fn begin(&self) {
        self.press("Begin rotation").await;
    }

    /// Goes on until both tokens work.
    pub async fn to_both(&self) {
        self.begin().await;
        self.console.says("Both tokens work").await;
    }

    pub async fn hand_over(&self) {
        self.press("I have it already").await;
        self.press("Verify token").await;
        self.console.says("works: the server accepts it").await;
    }

    pub async fn press_in_dialog(&self, words: &str) {
        until("the question", || self.console.stage.find("dialog[open]").is_some()).await;
        press(&self.console.stage.dialog_button(words));
    }

    /// Carries out the creation that was sent.
    pub fn create_late(&self) -> Reply {
        let sent = self.server.sent();
        self.tokens.answer(sent.iter().find(|sent| sent.method == "POST").expect("a creation"))
    }

    pub fn patches(&self) -> usize {
        self.server.count("PATCH /api_tokens/1")
    }
}

pub async fn open_with(address: &str, answer: impl Fn(&Tokens) -> Answer) -> World {
    // Left by a test that failed.
    browser_storage().clear().expect("storage");
    let tokens = Tokens::new(2);
    let server = Server::start(answer(&tokens));
    let console = Console::open(address).await;
    World { tokens, server, console }
}

/// Opens the rotation of a session that is kept. The response to the first request that `is_it` recognises comes when
/// the gate is opened.
pub async fn open_holding(is_it: impl Fn(&Sent) -> bool + 'static) -> (World, Gate) {
    remember_token();
    let gate = Gate::default();
    let held = gate.clone();
    let world = open_with(PLAN, once(is_it, move |_, _| held.hold())).await;
    (world, gate)
}

/// The same, begun, with the response to the creation to come.
pub async fn with_held_creation() -> (World, Gate) {
    let (world, gate) = open_holding(|sent| sent.method == "POST").await;
    world.begin().await;
    until("the creation is sent", || world.server.count("POST /api_tokens/") == 1).await;
    (world, gate)
}

/// Opens the rotation of a session that is kept, and takes it to where both tokens work.
pub async fn with_both() -> World {
    remember_token();
    let world = open_with(PLAN, honest).await;
    world.to_both().await;
    world
}

pub fn honest(tokens: &Tokens) -> Answer {
    Box::new(tokens.serve())
}

/// Answers like `honest`, except that `instead` answers the first request for which `is_it` holds.
pub fn once(
    is_it: impl Fn(&Sent) -> bool + 'static,
    instead: impl Fn(&Tokens, &Sent) -> Reply + 'static,
) -> impl Fn(&Tokens) -> Answer {
    let (is_it, instead) = (Rc::new(is_it), Rc::new(instead));
    move |tokens| {
        let (tokens, is_it, instead, done) =
            (tokens.clone(), is_it.clone(), instead.clone(), Cell::new(false));
        Box::new(move |sent| {
            if !done.get() && is_it(sent) {
                done.set(true);
                return instead(&tokens, sent);
            }
            tokens.answer(sent)
        })
    }
}

pub fn kept_rotations() -> String {
    let storage = browser_storage();
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|i| storage.key(i).ok().flatten());
    let keys = keys.filter(|key| key.starts_with("credmgr.rotations "));
    keys.filter_map(|key| storage.get_item(&key).ok().flatten()).collect()
}

/// Changes the stored rotations as another tab does, without the event that this page would get as a tab.
pub fn another_tab_stores(change: impl Fn(&str) -> String) {
    let storage = browser_storage();
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|i| storage.key(i).ok().flatten());
    let key = keys.into_iter().find(|key| key.starts_with("credmgr.rotations ")).expect("a rotation");
    let text = change(&storage.get_item(&key).ok().flatten().expect("a rotation"));
    if text.is_empty() {
        storage.remove_item(&key).expect("storage");
    } else {
        storage.set_item(&key, &text).expect("room");
    }
}

/// Reloads the page. The stored rotation stays.
pub async fn reload(World { tokens, server, console }: World) -> World {
    let text = kept_rotations();
    drop(console);
    let storage = browser_storage();
    let user = text.split('"').nth(3).expect("a user").to_owned();
    storage.set_item(&format!("credmgr.rotations {user}"), &text).expect("room");
    let console = Console::signed_in(PLAN).await;
    World { tokens, server, console }
}

//! `/tokens`: whether a new token may be created.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Console, Reply, Sent, Server, described, press, settle, until};

/// Answers like a server without tokens that allows these methods.
fn allows(methods: &'static str) -> impl Fn(&Sent) -> Reply {
    move |sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", methods),
        _ => Reply::json(200, "[]"),
    }
}

#[wasm_bindgen_test]
async fn a_server_without_post_offers_no_new_token() {
    let _server = Server::start(allows("GET, OPTIONS"));
    let console = Console::signed_in("/tokens").await;
    let is_blocked = || console.stage.link("New token").get_attribute("href").is_none();
    until("it is blocked", is_blocked).await;
    assert_eq!(
        described(&console.stage.link("New token")),
        "The server does not allow you to create tokens."
    );
}

/// The permission may have been given meanwhile, or the refusal a mishap.
#[wasm_bindgen_test]
async fn a_refresh_asks_again_what_is_allowed() {
    let server = Server::start(allows("GET, OPTIONS"));
    let console = Console::signed_in("/tokens").await;
    let leads_to = || console.stage.link("New token").get_attribute("href");
    until("it is blocked", || leads_to().is_none()).await;
    server.now(allows("GET, POST, OPTIONS"));
    press(&console.stage.button("Refresh"));
    until("it is allowed", || leads_to().as_deref() == Some("/tokens/new")).await;
    assert_eq!(server.count("OPTIONS /api_tokens/"), 2);
}

/// Cross-origin, where `Allow` cannot be read, the server decides.
#[wasm_bindgen_test]
async fn what_is_not_known_may_be_tried() {
    let server = Server::start(|sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204),
        _ => Reply::json(200, "[]"),
    });
    let console = Console::signed_in("/tokens").await;
    until("it was asked", || server.count("OPTIONS /api_tokens/") == 1).await;
    settle().await;
    assert_eq!(console.stage.link("New token").get_attribute("href").as_deref(), Some("/tokens/new"));
}

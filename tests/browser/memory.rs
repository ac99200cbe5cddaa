//! What screens leave in memory after they are gone.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Console, Reply, Server, press, until};

/// Returns the size of the WebAssembly memory in bytes. It never shrinks.
fn memory() -> u32 {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    memory.buffer().unchecked_into::<js_sys::ArrayBuffer>().byte_length()
}

/// Leptos does not unsubscribe a reader that ended from a signal that lives on: 25 rows with four cells each left 18
/// KB behind whenever the list was shown.
#[wasm_bindgen_test]
async fn a_list_that_comes_and_goes_leaves_nothing_behind() {
    let rows: Vec<_> = (1..=25).map(|id| format!(r#"{{"id": {id}, "name": "token-{id}"}}"#)).collect();
    let rows = format!("[{}]", rows.join(","));
    let _server = Server::start(move |sent| match sent.path.as_str() {
        _ if sent.method == "OPTIONS" => Reply::empty(204).with("Allow", "GET, POST, OPTIONS"),
        "/users/?limit=100&offset=0" => Reply::json(403, "{}"),
        path if path.starts_with("/api_tokens/?") => Reply::json(200, &rows),
        path => {
            let id = path.rsplit('/').next().unwrap_or_default();
            Reply::json(
                200,
                &format!(
                    r#"{{"id": {id}, "name": "token-{id}", "owner_id": 3, "enabled": true, "token": "s"}}"#
                ),
            )
        }
    });
    let console = Console::signed_in("/tokens").await;
    let come_and_go = async |times: u32| {
        for _ in 0..times {
            until("the list", || console.stage.says("token-25") && !console.stage.says("Loading")).await;
            press(&console.stage.link("New token"));
            console.says("Characters in the secret").await;
            press(&console.stage.link("API tokens"));
        }
    };
    come_and_go(10).await;
    let before = memory();
    come_and_go(50).await;
    let growth = memory() - before;
    assert!(growth < 256 * 1024, "{growth} bytes");
}

//! "Verify token": whether a token works, beside the session.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{ALICE, Console, Reply, Sent, Server, press, remember_token, until};

const SECRET: &str = "s3cret-of-7";

fn token(enabled: bool, last_used: &str) -> Reply {
    let body = format!(
        r#"{{"id": 7, "name": "ci", "owner_id": 3, "enabled": {enabled}, "token": "{SECRET}", "last_used": {last_used}}}"#
    );
    Reply::json(200, &body)
}

/// Answers with Alice's token 7. The test decides the responses to requests that are signed with it.
fn server(enabled: bool, with_it: impl Fn(&Sent) -> Reply + 'static) -> impl Fn(&Sent) -> Reply {
    move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        _ if sent.header("X-API-TOKEN").as_deref() == Some(SECRET) => with_it(sent),
        ("OPTIONS", _) => Reply::empty(204).with("Allow", "GET, PATCH, DELETE, OPTIONS"),
        (_, "/api_tokens/7") => token(enabled, "null"),
        _ => Reply::json(403, "{}"),
    }
}

async fn verify(answer: impl Fn(&Sent) -> Reply + 'static) -> (Server, Console) {
    let server = Server::start(answer);
    remember_token();
    let console = Console::open_token(7).await;
    press(&console.stage.button("Verify token"));
    (server, console)
}

#[wasm_bindgen_test]
async fn it_says_whom_it_acts_for_and_reads_the_last_use() {
    let alice = |_: &Sent| Reply::json(200, ALICE);
    let (server, console) = verify(server(true, alice)).await;
    console.says("“ci” works: it acts for alice.").await;
    until("the last use is read", || server.count("GET /api_tokens/7") == 3).await;
    assert!(!console.stage.html().contains(SECRET), "{}", console.stage.html());
}

/// The result for an enabled token does not hold for a disabled one.
#[wasm_bindgen_test]
async fn what_was_said_goes_when_the_token_changes() {
    let alice = |_: &Sent| Reply::json(200, ALICE);
    let (server, console) = verify(server(true, alice)).await;
    console.says("“ci” works: it acts for alice.").await;
    server.now(|sent| match sent.method.as_str() {
        "PATCH" | "GET" => token(false, "null"),
        _ => Reply::empty(204).with("Allow", "GET, PATCH, DELETE, OPTIONS"),
    });
    press(&console.stage.control::<HtmlElement>("Enabled"));
    press(&console.stage.button("Save changes"));
    until("it is saved", || server.count("PATCH /api_tokens/7") == 1).await;
    until("it is said no longer", || !console.stage.says("works: it acts for")).await;
}

#[wasm_bindgen_test]
async fn a_server_that_does_not_say_whose_it_is_accepts_it_all_the_same() {
    let silent = |sent: &Sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204).with("Allow", "GET, OPTIONS"),
        _ => Reply::json(403, "{}"),
    };
    let (server, console) = verify(server(true, silent)).await;
    console.says("the server accepts it, but does not say whose it is").await;
    let asked = server.sent().iter().any(|sent| {
        sent.method == "OPTIONS"
            && sent.path == "/api_tokens/"
            && sent.header("X-API-TOKEN").as_deref() == Some(SECRET)
    });
    assert!(asked, "{:?}", server.lines());
}

/// A proxy that answers `OPTIONS` by itself does not accept anything by that.
#[wasm_bindgen_test]
async fn a_token_is_not_accepted_by_what_looks_at_no_credentials() {
    let in_front = |sent: &Sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("OPTIONS", _) => Reply::empty(204),
        (_, "/users/me") => Reply::json(404, "{}"),
        _ => Reply::not_signed_in(),
    };
    let (_server, console) = verify(server(true, in_front)).await;
    console.says("“ci” does not work: the server does not accept it.").await;
}

/// The refusal is about that token: the session goes on.
#[wasm_bindgen_test]
async fn a_refused_token_does_not_end_the_session() {
    let (_server, console) = verify(server(false, |_| Reply::not_signed_in())).await;
    console.says("“ci” does not work: the server does not accept it.").await;
    assert!(console.stage.says("It is disabled. Enable it"));
    assert!(console.stage.find("dialog").is_none());
}

#[wasm_bindgen_test]
async fn a_failure_to_find_out_is_not_a_verdict() {
    let (_server, console) = verify(server(true, |_| Reply::json(500, "null"))).await;
    console.says("Could not check whether the token works").await;
    assert!(!console.stage.says("does not work"));
}

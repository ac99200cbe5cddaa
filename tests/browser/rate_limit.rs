//! A server that limits the requests per second. Series of requests keep to its pace.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{Clock, Console, Reply, Sent, Server, Tokens, press, settle};

/// Refuses requests beyond `most` per second of the clock, and counts the refused ones.
fn limited(
    most: u32,
    refused: &Rc<Cell<u32>>,
    answer: impl Fn(&Sent) -> Reply + 'static,
) -> impl Fn(&Sent) -> Reply + 'static {
    let (refused, used) = (refused.clone(), RefCell::new((0.0, 0)));
    move |sent| {
        let mut used = used.borrow_mut();
        let second = (js_sys::Date::now() / 1000.0).floor();
        if used.0 != second {
            *used = (second, 0);
        }
        used.1 += 1;
        if used.1 > most {
            refused.set(refused.get() + 1);
            return Reply::json(429, "{}").with("Retry-After", "1");
        }
        answer(sent)
    }
}

async fn list(clock: &Clock) -> Console {
    let console = Console::signed_in("/tokens").await;
    clock.runs_until("a row", || console.stage.find("tbody .col-name a").is_some()).await;
    clock.runs_until("the list is read", || console.stage.find(".reading-line progress").is_none()).await;
    console
}

/// Selects all tokens and starts to disable them, once the plan is known.
async fn disable_all(clock: &Clock, console: &Console, number: u32) {
    press(&console.stage.control::<HtmlElement>("Select this page"));
    settle().await;
    if let Some(all) = console.stage.find_button(&format!("Select all {number}")) {
        press(&all);
        settle().await;
    }
    press(&console.stage.button("Disable"));
    clock
        .runs_until("what will be done is known", || {
            console.stage.find("dialog[open] .button-danger, dialog[open] .button-primary").is_some()
                && console.stage.find("dialog[open] progress").is_none()
        })
        .await;
    press(&console.stage.dialog_button(&format!("Disable {number} tokens")));
}

#[wasm_bindgen_test]
async fn a_bulk_act_goes_on_at_the_servers_pace() {
    let clock = Clock::stopped();
    let (tokens, refused) = (Tokens::new(60), Rc::default());
    let server = Server::start(limited(10, &refused, tokens.serve()));
    let console = list(&clock).await;
    disable_all(&clock, &console, 60).await;
    clock.runs_until("all are disabled", || console.stage.says("Disabled 60 tokens.")).await;
    assert!(tokens.enabled().is_empty());
    // Only the few requests in flight find out that the limit is reached, not all that follow.
    let through = u32::try_from(server.lines().len()).expect("a number") - refused.get();
    assert!(refused.get() * 2 <= through + 8, "{} of {}", refused.get(), server.lines().len());
}

#[wasm_bindgen_test]
async fn details_are_read_at_the_servers_pace() {
    let clock = Clock::stopped();
    let (tokens, refused) = (Tokens::new(90), Rc::default());
    tokens.disable(77);
    let server = Server::start(limited(10, &refused, tokens.serve()));
    let console = Console::signed_in("/tokens?status=disabled").await;
    clock.runs_until("one matches", || console.stage.says("token-77")).await;
    clock
        .runs_until("nothing is missing", || {
            !console.stage.says("to go.") && !console.stage.says("This needs the details")
        })
        .await;
    assert!(refused.get() < 60, "{} of {}", refused.get(), server.lines().len());
}

/// Opens a list of tokens 1 to 20 and starts to disable them, on a server that answers every change with a 429.
async fn refusing(clock: &Clock, after: &'static str) -> (Server, Console) {
    let tokens = Tokens::new(20);
    let server = Server::start(move |sent| match sent.method.as_str() {
        "PATCH" => Reply::json(429, "{}").with("Retry-After", after),
        _ => tokens.answer(sent),
    });
    let console = list(clock).await;
    clock.runs_until("the rows are there", || !console.stage.says("Loading")).await;
    disable_all(clock, &console, 20).await;
    (server, console)
}

fn changes(server: &Server) -> usize {
    server.lines().iter().filter(|line| line.starts_with("PATCH")).count()
}

#[wasm_bindgen_test]
async fn a_server_that_lets_nothing_through_is_left_alone() {
    let clock = Clock::stopped();
    let (server, console) = refusing(&clock, "2").await;
    clock
        .runs_until("it is waited", || console.stage.says("The server is limiting requests. Trying again"))
        .await;
    clock.runs_until("it ends", || console.stage.says("Disabled 0 of 20 tokens.")).await;
    assert!((12..=16).contains(&changes(&server)), "{}", changes(&server));
    assert!(console.stage.find_button("Try again").is_some());
    assert!(!console.stage.says("Trying again"));
}

#[wasm_bindgen_test]
async fn a_server_that_asks_for_minutes_is_left_alone_at_once() {
    let clock = Clock::stopped();
    let (server, console) = refusing(&clock, "300").await;
    clock.runs_until("it ends", || console.stage.says("Disabled 0 of 20 tokens.")).await;
    assert!(
        console.stage.says("4 failed, 16 not started."),
        "{:?}",
        console.stage.get(".bulk-head").text_content()
    );
    assert_eq!(changes(&server), 4);
}

#[wasm_bindgen_test]
async fn a_bulk_act_that_waits_can_be_cancelled() {
    for stop in ["Cancel", "Stop trying"] {
        let clock = Clock::stopped();
        let (server, console) = refusing(&clock, "30").await;
        clock.runs_until("it waits", || console.stage.find_button("Stop trying").is_some()).await;
        assert_eq!(changes(&server), 4);
        press(&console.stage.button(stop));
        clock
            .runs_until("it is over", || console.stage.says("Disabled 0 of 20 tokens. 20 not started."))
            .await;
        settle().await;
        assert!(!console.stage.says("Trying again"), "{stop}");
        clock.advance(Duration::from_secs(60));
        settle().await;
        assert_eq!(changes(&server), 4, "{stop}");
    }
}

/// Reading a token and then changing it takes two requests. Each retry used to begin with a read, so the change was
/// refused every time.
#[wasm_bindgen_test]
async fn a_rotation_goes_on_where_one_request_a_second_gets_through() {
    let clock = Clock::stopped();
    let (tokens, refused) = (Tokens::new(2), Rc::default());
    let server = Server::start(limited(1, &refused, tokens.serve()));
    let console = Console::signed_in("/tokens/1/rotate").await;
    clock.runs_until("it can begin", || console.stage.find_button("Begin rotation").is_some()).await;
    press(&console.stage.button("Begin rotation"));
    clock.runs_until("both are there", || console.stage.says("Both tokens work")).await;
    assert_eq!(tokens.enabled(), [1, 2, 102]);
    assert!(console.stage.find("[role=alert] .notice").is_none());
    // A request that was turned away is not in the activity list.
    assert!(!console.stage.says("Tried to"));
    drop(server);
}

#[wasm_bindgen_test]
async fn a_rotation_that_waits_for_the_server_can_be_stopped() {
    let clock = Clock::stopped();
    let tokens = Tokens::new(2);
    let served = tokens.clone();
    let server = Server::start(move |sent| match sent.method.as_str() {
        "PATCH" => Reply::json(429, "{}").with("Retry-After", "30"),
        _ => served.answer(sent),
    });
    let console = Console::signed_in("/tokens/1/rotate").await;
    clock.runs_until("it can begin", || console.stage.find_button("Begin rotation").is_some()).await;
    press(&console.stage.button("Begin rotation"));
    clock.runs_until("it waits", || console.stage.find_button("Stop trying").is_some()).await;
    press(&console.stage.button("Stop trying"));
    clock
        .runs_until("it is said", || console.stage.says("Renaming the old token: The changes were not saved"))
        .await;
    clock.advance(Duration::from_secs(60));
    settle().await;
    assert_eq!(changes(&server), 1);
    assert_eq!(tokens.name(1).as_deref(), Some("token-1"));
}

//! `/tokens` on the screen: what it shows, and how a person uses it.

use std::time::Duration;

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{
    Clock, Console, Reply, Sent, Server, details_sent, press, settle, text_of, type_into, until, value_of,
};

/// Opens the list of a server that has token 1, with Alice signed in, and waits until the list is read.
pub async fn open_list(answer: impl Fn(&Sent) -> Reply + 'static) -> (Server, Console) {
    let server = Server::start(answer);
    let console = Console::signed_in("/tokens").await;
    console.says("token-1").await;
    until("the list is read", || console.stage.find(".reading-line progress").is_none()).await;
    (server, console)
}

/// Returns the names of the rows, from top to bottom.
pub fn names(console: &Console) -> Vec<String> {
    console.stage.all("tbody .col-name a").iter().map(|link| text_of(link)).collect()
}

/// Returns the number of rows.
pub fn rows(console: &Console) -> usize {
    names(console).len()
}

pub fn row(console: &Console, name: &str) -> HtmlElement {
    let row = console.stage.link(name).closest("tr").expect("a valid selector").expect("a row");
    row.unchecked_into()
}

/// Waits until the rows have these names.
pub async fn shows(console: &Console, expected: &[&str]) {
    until(&format!("{expected:?} are shown"), || names(console) == expected).await;
}

/// Returns the position that the pager shows.
pub fn position(console: &Console) -> String {
    console.stage.find(".pager-where").map(|element| text_of(&element)).unwrap_or_default()
}

/// Waits until the pager shows this position.
pub async fn stands_at(console: &Console, expected: &str) {
    until(&format!("“{expected}”"), || position(console) == expected).await;
}

pub fn search(console: &Console, text: &str) {
    type_into(&console.stage.control("Search tokens"), text);
}

/// Returns the text in the search field.
pub fn searched(console: &Console) -> String {
    value_of(&console.stage.control("Search tokens"))
}

pub fn choose(console: &Console, label: &str, value: &str) {
    type_into(&console.stage.control(label), value);
}

/// Waits until the details for an order or a filter are read, and lets the delay pass before the result is announced.
pub async fn details_are_read(console: &Console, server: &Server, clock: &Clock, number: usize) {
    until("the details are read", || {
        details_sent(server) == number && console.stage.find("progress").is_none()
    })
    .await;
    clock.advance(Duration::from_millis(250));
}

/// Leaves the list for the form, for as long as this, and comes back.
pub async fn elsewhere(console: &Console, clock: &Clock, time: Duration) {
    press(&console.stage.link("New token"));
    console.shows_form().await;
    clock.advance(time);
    press(&console.stage.link("API tokens"));
    until("the list", || console.stage.find(".pager").is_some()).await;
    settle().await;
}

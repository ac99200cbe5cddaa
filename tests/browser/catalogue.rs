//! `/tokens` at work: the whole list is read at once; the console does search, filters, sorting and paging itself.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    Clock, Console, Gate, NoFrames, Reply, Sent, Server, frames, has_focus, press, press_key, remember_basic,
    remember_token, settle, submit, text_of, type_into, until, value_of,
};

/// The tokens of a server, in its order. The test may change them while the console reads.
#[derive(Clone)]
struct Tokens(Rc<RefCell<Vec<(i64, String)>>>);

impl Tokens {
    fn of(rows: &[(i64, &str)]) -> Self {
        Self(Rc::new(RefCell::new(rows.iter().map(|(id, name)| (*id, (*name).to_owned())).collect())))
    }

    /// Creates `token-1`, `token-2` and so on.
    fn many(count: i64) -> Self {
        Self(Rc::new(RefCell::new((1..=count).map(|id| (id, format!("token-{id}"))).collect())))
    }

    fn change(&self, change: impl FnOnce(&mut Vec<(i64, String)>)) {
        change(&mut self.0.borrow_mut());
    }

    fn page(&self, sent: &Sent) -> Reply {
        let number = |name: &str| parameter(sent, name).and_then(|text| text.parse::<usize>().ok());
        self.rows(number("offset").unwrap_or(0), number("limit").unwrap_or(100))
    }

    fn rows(&self, offset: usize, limit: usize) -> Reply {
        let rows = self.0.borrow();
        let rows = rows.iter().skip(offset).take(limit);
        let rows: Vec<_> = rows.map(|(id, name)| format!(r#"{{"id": {id}, "name": "{name}"}}"#)).collect();
        Reply::json(200, &format!("[{}]", rows.join(",")))
    }

    /// Tokens with odd IDs are enabled, and those with IDs divisible by three were never used. The greater the ID of
    /// another token, the earlier it was last used.
    fn detail(&self, id: i64) -> Reply {
        let rows = self.0.borrow();
        let Some((_, name)) = rows.iter().find(|row| row.0 == id) else { return Reply::json(404, "null") };
        Reply::json(200, &detail(id, name, id % 2 == 1))
    }

    fn answer(&self, sent: &Sent) -> Reply {
        match sent.method.as_str() {
            "OPTIONS" => Reply::empty(204).with("Allow", "GET, POST, PATCH, DELETE, OPTIONS"),
            _ if sent.is_list() => self.page(sent),
            _ => detail_id(sent).map_or_else(|| Reply::json(403, "{}"), |id| self.detail(id)),
        }
    }

    /// Answers all requests.
    fn serve(&self) -> impl Fn(&Sent) -> Reply + use<> {
        let tokens = self.clone();
        move |sent| tokens.answer(sent)
    }

    /// Answers all requests except those for pages from this offset on, which wait at the gate.
    fn serve_until(&self, offset: u64, gate: &Gate) -> impl Fn(&Sent) -> Reply + use<> {
        let (tokens, gate) = (self.clone(), gate.clone());
        move |sent| {
            if sent.is_list() && offset_of(sent) >= offset { gate.hold() } else { tokens.answer(sent) }
        }
    }
}

fn detail(id: i64, name: &str, enabled: bool) -> String {
    let used =
        if id % 3 == 0 { "null".to_owned() } else { format!(r#""{}-01-01T00:00:00Z""#, 2020 - id % 1000) };
    format!(
        r#"{{"id": {id}, "name": "{name}", "owner_id": 3, "enabled": {enabled}, "token": "s3cret-{id}",
             "created": "2024-03-05T06:07:08Z", "updated": null, "last_used": {used}}}"#
    )
}

/// Returns the ID, if this requests the details of a row.
fn detail_id(sent: &Sent) -> Option<i64> {
    (sent.method == "GET").then(|| sent.path.strip_prefix("/api_tokens/")?.parse().ok()).flatten()
}

fn parameter(sent: &Sent, name: &str) -> Option<String> {
    let (_, query) = sent.path.split_once('?')?;
    let pair = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    pair.map(str::to_owned)
}

fn offset_of(sent: &Sent) -> u64 {
    parameter(sent, "offset").and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Returns the offsets of the requested pages.
fn offsets(server: &Server) -> Vec<u64> {
    server.sent().iter().filter(|sent| sent.is_list()).map(offset_of).collect()
}

fn details_sent(server: &Server) -> usize {
    server.sent().iter().filter(|sent| detail_id(sent).is_some()).count()
}

async fn open(address: &str) -> Console {
    remember_token();
    Console::open(address).await
}

/// Returns the names of the rows, from top to bottom.
fn names(console: &Console) -> Vec<String> {
    console.stage.all("tbody .col-name a").iter().map(|link| text_of(link)).collect()
}

fn rows(console: &Console) -> usize {
    names(console).len()
}

fn row(console: &Console, name: &str) -> HtmlElement {
    let row = console.stage.link(name).closest("tr").expect("a valid selector").expect("a row");
    row.unchecked_into()
}

async fn shows(console: &Console, expected: &[&str]) {
    until(&format!("{expected:?} are shown"), || names(console) == expected).await;
}

/// Returns the position that the pager shows.
fn position(console: &Console) -> String {
    console.stage.find(".pager-where").map(|element| text_of(&element)).unwrap_or_default()
}

/// Returns the position that was last announced to screen readers.
fn said_of_position(console: &Console) -> String {
    text_of(&console.stage.get(".pager [role=status]"))
}

async fn stands_at(console: &Console, expected: &str) {
    until(&format!("“{expected}”"), || position(console) == expected).await;
}

fn search(console: &Console, text: &str) {
    type_into(&console.stage.control("Search tokens"), text);
}

fn choose(console: &Console, label: &str, value: &str) {
    type_into(&console.stage.control(label), value);
}

fn searched(console: &Console) -> String {
    value_of(&console.stage.control("Search tokens"))
}

/// Steps back in the history, as the browser's button does.
fn back() {
    window().history().expect("a history").back().expect("it steps back");
}

// Reading

/// The same whatever the address is.
#[wasm_bindgen_test]
async fn one_request_comes_before_the_first_row() {
    for (address, expected) in [
        ("/tokens", "GET /api_tokens/?limit=100&offset=0"),
        ("/tokens?q=tok&page=3&sort=-name", "GET /api_tokens/?limit=100&offset=0"),
        ("/tokens?owner=3&status=enabled&sort=used", "GET /api_tokens/?limit=100&offset=0&owner_id=3"),
    ] {
        let server = Server::start(|_| Reply::Never);
        let console = open(address).await;
        until("the list was asked for", || !server.sent().is_empty()).await;
        settle().await;
        assert_eq!(server.lines(), [expected], "{address}");
        drop(console);
    }
}

#[wasm_bindgen_test]
async fn the_first_page_is_there_while_the_rest_is_read() {
    let gate = Gate::default();
    let tokens = Tokens::many(250);
    let server = Server::start(tokens.serve_until(1, &gate));
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 100 loaded so far").await;
    until("those out of the window, too", || rows(&console) == 25).await;
    assert!(console.stage.find("progress[aria-label='Loading the list']").is_some());
    assert!(console.stage.says("100 loaded so far"));
    let said = said_of_position(&console);
    // Consecutive pages overlap.
    until("the second page was asked for", || offsets(&server) == [0, 94]).await;
    // Intermediate counts are shown, but not announced one by one.
    gate.release(tokens.rows(94, 100)).await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 194 loaded so far").await;
    assert_eq!(said_of_position(&console), said);
    until("the last page was asked for", || offsets(&server) == [0, 94, 188]).await;
    server.now(tokens.serve());
    gate.release(tokens.rows(188, 100)).await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 250").await;
    assert_eq!(said_of_position(&console), "Page 1: tokens 1 to 25 of 250");
    assert_eq!(offsets(&server), [0, 94, 188]);
    assert!(console.stage.find("progress").is_none());
}

/// Names may be so long that a page of a hundred tokens exceeds what the console reads.
#[wasm_bindgen_test]
async fn a_page_that_is_too_long_is_asked_for_in_smaller_ones() {
    let tokens = Tokens::many(130);
    let server = Server::start(move |sent| {
        let limit = parameter(sent, "limit").and_then(|text| text.parse::<u32>().ok());
        if sent.is_list() && limit.is_some_and(|limit| limit > 50) {
            Reply::json(200, "[]").with("Content-Length", "5000000")
        } else {
            tokens.answer(sent)
        }
    });
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 130").await;
    let limits: Vec<_> = server
        .sent()
        .iter()
        .filter(|sent| sent.is_list())
        .filter_map(|sent| parameter(sent, "limit"))
        .collect();
    assert_eq!(limits, ["100", "50", "100", "50", "100", "50"]);
}

#[wasm_bindgen_test]
async fn the_reading_can_be_stopped_and_goes_on_where_it_was() {
    let gate = Gate::default();
    let tokens = Tokens::many(250);
    let server = Server::start(tokens.serve_until(1, &gate));
    let console = open("/tokens").await;
    until("the second page was asked for", || offsets(&server) == [0, 94]).await;
    press(&console.stage.button("Stop"));
    console.says("Stopped after 100 tokens. The rest is neither searched nor counted.").await;
    settle().await;
    let is_aborted = server.sent().iter().any(|sent| sent.is_list() && sent.is_aborted());
    assert!(is_aborted, "the page that was on its way is given up");
    assert_eq!(offsets(&server), [0, 94], "nothing more is asked for");
    stands_at(&console, "Page 1: tokens 1 to 25 of 100 loaded so far").await;
    assert_eq!(console.stage.button("Refresh").get_attribute("aria-busy"), None);

    server.now(tokens.serve());
    press(&console.stage.button("Continue"));
    stands_at(&console, "Page 1: tokens 1 to 25 of 250").await;
    assert_eq!(offsets(&server), [0, 94, 94, 188]);
    assert!(!console.stage.says("Stopped after"));
}

/// Leaves the list for the form, for as long as this, and comes back.
async fn elsewhere(console: &Console, clock: &Clock, time: Duration) {
    press(&console.stage.link("New token"));
    until("the form", || console.stage.find_control::<HtmlElement>("Name").is_some()).await;
    settle().await;
    clock.advance(time);
    press(&console.stage.link("API tokens"));
    until("the list", || console.stage.find(".pager").is_some()).await;
    settle().await;
}

/// What was read long ago says nothing about the order of the list now.
#[wasm_bindgen_test]
async fn a_reading_that_was_left_goes_on_for_a_while_and_then_begins_anew() {
    let clock = Clock::stopped();
    let gate = Gate::default();
    let tokens = Tokens::many(250);
    let server = Server::start(tokens.serve_until(1, &gate));
    let console = open("/tokens").await;
    until("the second page was asked for", || offsets(&server) == [0, 94]).await;
    elsewhere(&console, &clock, Duration::from_secs(50)).await;
    until("it goes on", || offsets(&server) == [0, 94, 94]).await;
    server.now(tokens.serve());
    elsewhere(&console, &clock, Duration::from_secs(11)).await;
    until("it begins anew", || offsets(&server)[3..] == [0, 94, 188]).await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 250").await;
    assert!(!console.stage.says("Since it was read before"));
}

#[wasm_bindgen_test]
async fn a_reading_that_was_stopped_stays_so() {
    let clock = Clock::stopped();
    let tokens = Tokens::many(250);
    let server = Server::start(tokens.serve_until(1, &Gate::default()));
    let console = open("/tokens").await;
    until("the second page was asked for", || offsets(&server) == [0, 94]).await;
    press(&console.stage.button("Stop"));
    console.says("Stopped after 100 tokens.").await;
    elsewhere(&console, &clock, Duration::from_secs(600)).await;
    console.says("Stopped after 100 tokens.").await;
    assert_eq!(offsets(&server), [0, 94]);
}

#[wasm_bindgen_test]
async fn a_page_that_fails_keeps_the_rows_and_can_be_tried_again() {
    let tokens = Tokens::many(250);
    let answers = tokens.serve();
    let server = Server::start(move |sent| match sent.is_list() && offset_of(sent) == 94 {
        true => Reply::json(500, "{}"),
        false => answers(sent),
    });
    let console = open("/tokens").await;
    until("the failure is said", || console.stage.find("[role=alert] button").is_some()).await;
    until("those out of the window, too", || rows(&console) == 25).await;
    assert_eq!(position(&console), "Page 1: tokens 1 to 25 of 100 loaded so far");
    assert!(console.stage.find("progress").is_none());
    server.now(tokens.serve());
    let before = offsets(&server).len();
    press(&console.stage.button("Try again"));
    stands_at(&console, "Page 1: tokens 1 to 25 of 250").await;
    assert_eq!(offsets(&server)[before..], [94, 188], "it goes on where it failed");
    assert!(console.stage.find_button("Try again").is_none());
    // They were not there before, but the list had not been read that far.
    assert!(!console.stage.says("Changed since the last load"));
}

/// A press of the button starts with as many retries as before.
#[wasm_bindgen_test]
async fn trying_again_is_as_patient_as_the_first_time() {
    let tokens = Tokens::many(250);
    let server = Server::start(move |sent| match sent.is_list() {
        true if offset_of(sent) == 0 => tokens.answer(sent),
        true => Reply::json(503, "{}"),
        false => Reply::Never,
    });
    let console = open("/tokens").await;
    let tries = || offsets(&server).iter().filter(|offset| **offset == 94).count();
    for presses in 1..=5 {
        until("it was given up", || {
            tries() == 4 * presses && console.stage.find_button("Try again").is_some()
        })
        .await;
        press(&console.stage.button("Try again"));
    }
}

#[wasm_bindgen_test]
async fn a_list_that_keeps_changing_is_said_to() {
    let tokens = Tokens::many(250);
    let answers = tokens.clone();
    // Another order for each request: no reader can guarantee anything.
    let seed = RefCell::new(1_u64);
    let server = Server::start(move |sent| {
        if sent.is_list() {
            answers.change(|rows| {
                for at in 1..rows.len() {
                    let next = seed.borrow().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    *seed.borrow_mut() = next;
                    rows.swap(at, (next >> 33) as usize % (at + 1));
                }
            });
        }
        answers.answer(sent)
    });
    let console = open("/tokens").await;
    console.says("The list kept changing while it was loading. A token may be missing.").await;
    tokens.change(|rows| rows.sort_unstable());
    server.now(tokens.serve());
    press(&console.stage.button("Reload list"));
    stands_at(&console, "Page 1: tokens 1 to 25 of 250").await;
    assert!(!console.stage.says("kept changing"));
}

// Refreshing

#[wasm_bindgen_test]
async fn a_refresh_keeps_the_rows_and_says_what_changed() {
    let gate = Gate::default();
    let tokens = Tokens::of(&[(1, "first"), (2, "second"), (3, "third")]);
    let server = Server::start(tokens.serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    assert!(console.stage.find(".badge-news").is_none(), "nothing is news at first");

    server.now(tokens.serve_until(0, &gate));
    press(&console.stage.button("Refresh"));
    until("it reads again", || offsets(&server).len() == 2).await;
    settle().await;
    assert_eq!(names(&console), ["first", "second", "third"]);
    assert_eq!(console.stage.button("Refresh").get_attribute("aria-busy").as_deref(), Some("true"));

    tokens.change(|rows| *rows = vec![(1, "first".into()), (3, "drittes".into()), (4, "fourth".into())]);
    gate.release(tokens.rows(0, 100)).await;
    console.says("Changed since the last load: 1 new, 1 renamed, 1 no longer listed.").await;
    shows(&console, &["first", "drittes", "fourth"]).await;
    let badge = |name: &str| {
        let badge = row(&console, name).query_selector(".badge-news").expect("a valid selector");
        badge.map(|badge| text_of(&badge))
    };
    assert_eq!(badge("first"), None);
    assert_eq!(badge("drittes").as_deref(), Some("Renamed"));
    assert_eq!(badge("fourth").as_deref(), Some("New"));
    press(&console.stage.button("Dismiss"));
    until("the news are gone", || console.stage.find(".badge-news").is_none()).await;
    assert!(!console.stage.says("Changed since the last load"));
}

#[wasm_bindgen_test]
async fn a_refresh_reads_the_details_again() {
    let tokens = Tokens::of(&[(1, "first")]);
    let server = Server::start(tokens.serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 1 of 1").await;
    until("its details", || text_of(&row(&console, "first")).contains("Enabled")).await;
    let answers = tokens.serve();
    server.now(move |sent| match detail_id(sent) {
        Some(id) => Reply::json(200, &detail(id, "first", false)),
        None => answers(sent),
    });
    press(&console.stage.button("Refresh"));
    until("what is so now", || text_of(&row(&console, "first")).contains("Disabled")).await;
}

/// Rows can be sorted and filtered by known details while these are read again.
#[wasm_bindgen_test]
async fn a_refresh_takes_no_row_from_a_filter_by_details() {
    let tokens = Tokens::many(4);
    let server = Server::start(tokens.serve());
    let console = open("/tokens?status=enabled").await;
    shows(&console, &["token-1", "token-3"]).await;
    let pages = tokens.serve();
    server.now(move |sent| if sent.is_list() { pages(sent) } else { Reply::Never });
    press(&console.stage.button("Refresh"));
    console.says("Loading the details.").await;
    assert_eq!(names(&console), ["token-1", "token-3"]);
}

/// Neither a failed reading nor one that was left counts as an earlier reading.
#[wasm_bindgen_test]
async fn the_first_rows_are_no_news() {
    let tokens = Tokens::many(3);
    let server = Server::start(|_| Reply::json(500, "{}"));
    let console = open("/tokens").await;
    until("the failure is said", || console.stage.find(".list [role=alert]").is_some()).await;
    server.now(|_| Reply::Never);
    press(&console.stage.button("Try again"));
    press(&console.stage.link("New token"));
    console.says("Characters in the secret").await;
    server.now(tokens.serve());
    press(&console.stage.link("API tokens"));
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    settle().await;
    assert!(!console.stage.says("Changed since the last load"), "{}", console.stage.text());
    assert!(console.stage.find(".badge-news").is_none());
}

// Search

#[wasm_bindgen_test]
async fn the_search_follows_typing_and_marks_what_it_found() {
    let tokens = Tokens::of(&[(1, "build"), (2, "Backup builder"), (3, "nightly"), (12, "deploy")]);
    let server = Server::start(tokens.serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 4 of 4").await;
    search(&console, "BUI");
    shows(&console, &["build", "Backup builder"]).await;
    let marks = || -> Vec<_> { console.stage.all("tbody mark").iter().map(|mark| text_of(mark)).collect() };
    until("what was found is marked", || marks() == ["bui", "bui"]).await;
    assert_eq!(position(&console), "Page 1: tokens 1 to 2 of 2 that match, of 4");
    // Every word, in any order.
    search(&console, "bui BACK");
    shows(&console, &["Backup builder"]).await;
    until("both are marked", || marks() == ["Back", "bui"]).await;
    // Digits are searched in the ID as well.
    search(&console, "12");
    shows(&console, &["deploy"]).await;
    search(&console, "  ");
    shows(&console, &["build", "Backup builder", "nightly", "deploy"]).await;
    assert_eq!(offsets(&server), [0], "no request for any of this");
}

#[wasm_bindgen_test]
async fn case_and_diacritics_do_not_matter() {
    let tokens = Tokens::of(&[(1, "Zoë Café"), (2, "zoe"), (3, "ΕΛΛΑΣ")]);
    let _server = Server::start(tokens.serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    search(&console, "ZOË");
    shows(&console, &["Zoë Café", "zoe"]).await;
    search(&console, "cafe");
    shows(&console, &["Zoë Café"]).await;
    until("the letter is marked with its accent", || {
        console.stage.find("tbody mark").is_some_and(|mark| text_of(&mark) == "Café")
    })
    .await;
    search(&console, "ελλας");
    shows(&console, &["ΕΛΛΑΣ"]).await;
}

#[wasm_bindgen_test]
async fn the_address_follows_when_typing_pauses_and_back_returns() {
    let clock = Clock::stopped();
    let _server = Server::start(Tokens::many(30).serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 30").await;
    search(&console, "token-1");
    stands_at(&console, "Page 1: tokens 1 to 11 of 11 that match, of 30").await;
    clock.advance(Duration::from_millis(249));
    settle().await;
    assert_eq!(console.address(), "/tokens");
    search(&console, "token-12");
    shows(&console, &["token-12"]).await;
    clock.advance(Duration::from_millis(249));
    settle().await;
    assert_eq!(console.address(), "/tokens", "still typing");
    clock.advance(Duration::from_millis(1));
    until("the address follows", || console.address() == "/tokens?q=token-12").await;

    // A choice adds a history entry; typing does not.
    choose(&console, "Rows", "50");
    until("the address follows", || console.address() == "/tokens?q=token-12&size=50").await;
    back();
    until("the entry before", || console.address() == "/tokens?q=token-12").await;
    until("is shown", || value_of(&console.stage.control("Rows")) == "25").await;
    assert_eq!((searched(&console).as_str(), names(&console)), ("token-12", vec!["token-12".to_owned()]));

    press(&console.stage.link("token-12"));
    until("the token", || {
        // The token is read in a task of its own, begun by a timer.
        clock.advance(Duration::ZERO);
        console.stage.find_button("Save changes").is_some()
    })
    .await;
    back();
    shows(&console, &["token-12"]).await;
    assert_eq!(searched(&console), "token-12");
}

/// Otherwise the search would be lost when the user comes back.
#[wasm_bindgen_test]
async fn the_address_does_not_wait_for_whoever_looks_elsewhere() {
    let _clock = Clock::stopped();
    let _server = Server::start(Tokens::many(3).serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    focus(&console.stage.control("Search tokens"));
    search(&console, "token-2");
    shows(&console, &["token-2"]).await;
    assert_eq!(console.address(), "/tokens");
    focus(&console.stage.link("token-2"));
    until("the address has it", || console.address() == "/tokens?q=token-2").await;
}

/// Firefox does not do that by itself.
#[wasm_bindgen_test]
async fn escape_empties_the_search() {
    let _server = Server::start(Tokens::many(3).serve());
    let console = open("/tokens?q=token-2").await;
    shows(&console, &["token-2"]).await;
    focus(&console.stage.control("Search tokens"));
    assert!(press_key("Escape"), "it is the search's alone");
    shows(&console, &["token-1", "token-2", "token-3"]).await;
    assert_eq!(searched(&console), "");
}

#[wasm_bindgen_test]
async fn rows_that_stay_keep_the_focus() {
    let _server = Server::start(Tokens::many(30).serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 30").await;
    let link = console.stage.link("token-12");
    focus(&link);
    settle().await;
    search(&console, "2");
    shows(
        &console,
        &[
            "token-2", "token-12", "token-20", "token-21", "token-22", "token-23", "token-24", "token-25",
            "token-26", "token-27", "token-28", "token-29",
        ],
    )
    .await;
    until("it has the focus", || has_focus(&link)).await;
    assert!(link.is_same_node(Some(&console.stage.link("token-12"))));
}

/// Names are untrusted text.
#[wasm_bindgen_test]
async fn a_name_is_never_markup() {
    let name = "<img src=x onerror=alert(1)><b>bold</b> & \u{202e}left";
    let _server = Server::start(Tokens::of(&[(1, name)]).serve());
    let console = open("/tokens?q=bold").await;
    shows(&console, &[name]).await;
    assert!(console.stage.find("tbody img, tbody b").is_none());
    until("the word is marked", || console.stage.all("tbody mark").len() == 1).await;
}

#[wasm_bindgen_test]
async fn an_address_brings_its_search_along() {
    let _server = Server::start(Tokens::many(30).serve());
    let console = open("/tokens?q=token-3&sort=-id").await;
    shows(&console, &["token-30", "token-3"]).await;
    assert_eq!(searched(&console), "token-3");
}

#[wasm_bindgen_test]
async fn nothing_found_is_said_and_leads_back_to_everything() {
    let _server = Server::start(Tokens::many(3).serve());
    let console = open("/tokens?q=nonsense&sort=name").await;
    console.says("No tokens match.").await;
    assert_eq!(rows(&console), 0);
    press(&console.stage.button("Show all tokens"));
    shows(&console, &["token-1", "token-2", "token-3"]).await;
    assert_eq!((console.address().as_str(), searched(&console).as_str()), ("/tokens?sort=name", ""));
}

/// A user may search for a secret found in a log.
#[wasm_bindgen_test]
async fn a_secret_that_is_searched_for_is_not_in_the_address() {
    const SECRET: &str = "R3dRbnVYHjE0sQyq1XcT8oWm5uKzLg2f";
    let clock = Clock::stopped();
    let _server = Server::start(Tokens::many(30).serve());
    let console = open("/tokens?q=token-12").await;
    shows(&console, &["token-12"]).await;
    search(&console, SECRET);
    console.says("looks like a secret").await;
    clock.advance(Duration::from_millis(250));
    until("the address follows", || console.address() == "/tokens").await;
    // Not with other parameters of the list either. The field keeps it.
    choose(&console, "Rows", "50");
    until("the address follows", || console.address() == "/tokens?size=50").await;
    settle().await;
    assert_eq!(searched(&console), SECRET);
    press(&console.stage.button("Show all tokens"));
    stands_at(&console, "Page 1: tokens 1 to 30 of 30").await;
    assert_eq!(searched(&console), "");
}

/// A link may have been made by hand.
#[wasm_bindgen_test]
async fn a_secret_leaves_the_address_that_somebody_opens() {
    const SECRET: &str = "R3dRbnVYHjE0sQyq1XcT8oWm5uKzLg2f";
    let _server = Server::start(Tokens::many(3).serve());
    let console = open(&format!("/tokens?q={SECRET}&sort=name")).await;
    console.says("looks like a secret").await;
    until("the address follows", || console.address() == "/tokens?sort=name").await;
    settle().await;
    assert_eq!(searched(&console), SECRET);
}

/// Returns tokens whose names look like secrets, and others.
fn like_secrets() -> Tokens {
    let like_secret = |id| (id, format!("R3dRbnVYHjE0sQyq-{id}"));
    Tokens(Rc::new(RefCell::new((1..=30).map(like_secret).chain([(31, "other".into())]).collect())))
}

/// The address of the next page does not have the search.
#[wasm_bindgen_test]
async fn a_search_that_the_address_does_not_say_stays_on_other_pages() {
    const TEXT: &str = "R3dRbnVYHjE0sQyq";
    let _server = Server::start(like_secrets().serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 31").await;
    search(&console, TEXT);
    stands_at(&console, "Page 1: tokens 1 to 25 of 30 that match, of 31").await;
    press(&console.stage.link("Next page"));
    stands_at(&console, "Page 2: tokens 26 to 30 of 30 that match, of 31").await;
    assert_eq!((console.address().as_str(), searched(&console).as_str()), ("/tokens?page=2", TEXT));
    back();
    stands_at(&console, "Page 1: tokens 1 to 25 of 30 that match, of 31").await;
    assert_eq!((console.address().as_str(), searched(&console).as_str()), ("/tokens", TEXT));
    // A search that the address has takes its place.
    search(&console, "other");
    shows(&console, &["other"]).await;
}

#[wasm_bindgen_test]
async fn a_search_that_the_address_does_not_say_is_there_again_after_a_token() {
    const TEXT: &str = "R3dRbnVYHjE0sQyq";
    let tokens = like_secrets();
    let server = Server::start(tokens.serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 31").await;
    search(&console, TEXT);
    stands_at(&console, "Page 1: tokens 1 to 25 of 30 that match, of 31").await;
    press(&console.stage.link("Next page"));
    stands_at(&console, "Page 2: tokens 26 to 30 of 30 that match, of 31").await;
    press(&console.stage.link("R3dRbnVYHjE0sQyq-27"));
    console.shows_token().await;
    press(&console.stage.link("API tokens"));
    stands_at(&console, "Page 2: tokens 26 to 30 of 30 that match, of 31").await;
    assert_eq!((console.address().as_str(), searched(&console).as_str()), ("/tokens?page=2", TEXT));

    press(&console.stage.link("R3dRbnVYHjE0sQyq-27"));
    console.shows_token().await;
    settle().await;
    server.now(silent_list(&tokens));
    press(&console.stage.button("Delete token"));
    let confirm = || console.stage.find("[role=alertdialog] .button-danger");
    until("the question", || confirm().is_some()).await;
    press(&confirm().expect("it was there"));
    stands_at(&console, "Page 2: tokens 26 to 29 of 29 that match, of 30").await;
    assert_eq!(searched(&console), TEXT);
}

/// Nothing was found, so there is no table whose place could be kept.
#[wasm_bindgen_test]
async fn a_secret_that_was_searched_for_is_there_again_after_another_screen() {
    const SECRET: &str = "R3dRbnVYHjE0sQyq1XcT8oWm5uKzLg2f";
    let _server = Server::start(Tokens::many(3).serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    search(&console, SECRET);
    console.says("looks like a secret").await;
    press(&console.stage.link("New token"));
    until("the form", || console.stage.find_control::<HtmlElement>("Name").is_some()).await;
    settle().await;
    press(&console.stage.link("Cancel"));
    console.says("looks like a secret").await;
    assert_eq!((console.address().as_str(), searched(&console).as_str()), ("/tokens", SECRET));
}

/// Not every screen reader announces a live region that is added together with its text.
#[wasm_bindgen_test]
async fn nothing_found_is_said_in_a_place_that_was_there_once() {
    let _server = Server::start(Tokens::many(3).serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    let region = console.stage.get(".pager [role=status]");
    search(&console, "nonsense");
    console.says("No tokens match.").await;
    assert_eq!(text_of(&region), "No match among 3 tokens");
    assert!(region.is_connected());
    let said =
        console.stage.all("[role=status]").iter().filter(|region| text_of(region).starts_with("No ")).count();
    assert_eq!(said, 1);
}

/// The list shows a text in place of a name of invisible characters.
#[wasm_bindgen_test]
async fn a_name_that_shows_nothing_is_called_blank() {
    let _server = Server::start(Tokens::of(&[(1, "\u{200b}\u{2060}\u{feff}"), (2, "x\u{200b}")]).serve());
    let console = open("/tokens").await;
    shows(&console, &["(blank name)", "x\u{200b}"]).await;
    assert!(console.stage.find_control::<HtmlElement>("Select token 1").is_some());
    assert!(console.stage.find_control::<HtmlElement>("Select x\u{200b}").is_some());
}

/// Rows that were not read yet may match.
#[wasm_bindgen_test]
async fn nothing_found_is_not_said_of_what_was_not_read() {
    let gate = Gate::default();
    let tokens = Tokens::many(120);
    let _server = Server::start(tokens.serve_until(1, &gate));
    let console = open("/tokens?q=token-111").await;
    console.says("No match among the tokens loaded so far.").await;
    assert!(!console.stage.says("No tokens match."));
    gate.release(tokens.rows(94, 100)).await;
    shows(&console, &["token-111"]).await;
}

// Filters by details

#[wasm_bindgen_test]
async fn a_few_details_are_read_without_asking() {
    let server = Server::start(Tokens::many(30).serve());
    let console = open("/tokens?status=disabled").await;
    stands_at(&console, "Page 1: tokens 1 to 15 of 15 that match, of 30").await;
    assert_eq!(names(&console)[0], "token-2");
    assert_eq!(details_sent(&server), 30, "each once");
    // They are known now.
    choose(&console, "Status", "enabled");
    until("the others", || names(&console).first().is_some_and(|name| name == "token-1")).await;
    choose(&console, "Last used", "never");
    shows(&console, &["token-3", "token-9", "token-15", "token-21", "token-27"]).await;
    settle().await;
    assert_eq!(details_sent(&server), 30);
    assert_eq!(console.address(), "/tokens?status=enabled&used=never");
    press(&console.stage.button("Clear filters"));
    until("everything", || console.address() == "/tokens" && rows(&console) == 25).await;
    assert!(has_focus(&console.stage.control("Search tokens")), "the button is gone");
}

#[wasm_bindgen_test]
async fn many_details_are_read_on_request_and_can_be_stopped() {
    let gate = Gate::default();
    let (tokens, hold) = (Tokens::many(201), gate.clone());
    let answers = tokens.serve();
    let server =
        Server::start(move |sent| if detail_id(sent).is_some() { hold.hold() } else { answers(sent) });
    let console = open("/tokens?status=disabled").await;
    console.says("This needs the details of 201 more tokens (one request each).").await;
    console.says("No match among the tokens whose details are loaded.").await;
    settle().await;
    assert_eq!(details_sent(&server), 0, "nobody has agreed to that");

    press(&console.stage.button("Load details"));
    until("they are asked for, a few at a time", || details_sent(&server) == 4).await;
    console.says("201 to go.").await;
    for id in 1..=2 {
        gate.release(tokens.detail(id)).await;
    }
    console.says("199 to go.").await;
    shows(&console, &["token-2"]).await;
    assert_eq!(position(&console), "Page 1: tokens 1 to 1 of 1 that match, of 201; 199 not checked yet");
    let given_up = || {
        let sent = server.sent();
        sent.iter().filter(|sent| detail_id(sent).is_some() && sent.is_aborted()).count()
    };
    assert_eq!((details_sent(&server), given_up()), (6, 0));
    press(&console.stage.button("Stop"));
    console.says("This needs the details of 199 more tokens").await;
    settle().await;
    assert_eq!(details_sent(&server), 6);
    assert_eq!(given_up(), 4, "what was on its way");

    server.now(tokens.serve());
    press(&console.stage.button("Load details"));
    stands_at(&console, "Page 1: tokens 1 to 25 of 100 that match, of 201").await;
    assert!(console.stage.find_button("Load details").is_none());
}

/// Each request with a password costs the server half a second of processor.
#[wasm_bindgen_test]
async fn with_a_password_fewer_details_are_read_without_asking() {
    let server = Server::start(Tokens::many(30).serve());
    remember_basic();
    let console = Console::open("/tokens?status=disabled").await;
    console.says("This needs the details of 30 more tokens (one request each).").await;
    assert!(console.stage.find_button("Load details").is_some());
    settle().await;
    assert_eq!(details_sent(&server), 0, "nobody has agreed to that");
}

/// A press of the button asks again, with the full number of retries.
#[wasm_bindgen_test]
async fn details_that_are_asked_for_again_are_tried_as_often_as_ever() {
    let is_down = Rc::new(Cell::new(true));
    let (answers, down, tries) = (Tokens::many(30).serve(), is_down.clone(), Cell::new(0));
    let _server = Server::start(move |sent| match detail_id(sent) {
        // Afterwards every second request fails.
        Some(_) if down.get() || tries.replace(tries.get() + 1) % 2 == 0 && tries.get() < 24 => {
            Reply::NetworkError
        }
        _ => answers(sent),
    });
    let console = open("/tokens?status=disabled").await;
    console.says("This needs the details of 30 more tokens (one request each).").await;
    is_down.set(false);
    press(&console.stage.button("Load details"));
    stands_at(&console, "Page 1: tokens 1 to 15 of 15 that match, of 30").await;
}

/// An admin's list has tokens whose details the admin may not read.
#[wasm_bindgen_test]
async fn details_that_the_server_refuses_are_said_and_not_asked_for_again() {
    let (tokens, refuses) = (Tokens::many(4), Rc::new(Cell::new(true)));
    let (answers, refused) = (tokens.serve(), refuses.clone());
    let server = Server::start(move |sent| match detail_id(sent) {
        Some(1) if refused.get() => Reply::json(403, "{}"),
        _ => answers(sent),
    });
    let console = open("/tokens?status=disabled").await;
    console.says("The server does not show you the details of 1 token: it may match, but is left out.").await;
    stands_at(&console, "Page 1: tokens 1 to 2 of 2 that match, of 4; 1 could not be checked").await;
    assert!(!console.stage.says("This needs the details of"));
    assert!(console.stage.find_button("Load details").is_none());
    choose(&console, "Order", "-created");
    choose(&console, "Status", "enabled");
    shows(&console, &["token-3"]).await;
    settle().await;
    assert_eq!(details_sent(&server), 4, "each once");
    // Without a filter they are shown, in the last place.
    choose(&console, "Status", "");
    console.says("The server does not show you the details of 1 token: it is listed last.").await;
    // The permission may have been given meanwhile.
    refuses.set(false);
    press(&console.stage.button("Refresh"));
    until("it is told now", || !console.stage.says("The server does not show you")).await;
    choose(&console, "Status", "enabled");
    until("both", || rows(&console) == 2).await;
}

/// A failure that may pass is not a refusal.
#[wasm_bindgen_test]
async fn details_that_failed_may_be_read_again() {
    let tokens = Tokens::many(2);
    let answers = tokens.serve();
    let server = Server::start(move |sent| match detail_id(sent) {
        Some(1) => Reply::json(501, "{}"),
        _ => answers(sent),
    });
    let console = open("/tokens?status=enabled").await;
    console.says("This needs the details of 1 more token (one request).").await;
    assert!(!console.stage.says("The server does not show you"));
    server.now(tokens.serve());
    press(&console.stage.button("Load details"));
    shows(&console, &["token-1"]).await;
}

/// A search that leaves few rows makes them cheap.
#[wasm_bindgen_test]
async fn what_the_search_leaves_out_costs_nothing() {
    let server = Server::start(Tokens::many(210).serve());
    let console = open("/tokens?status=disabled").await;
    console.says("This needs the details of 210 more tokens").await;
    search(&console, "token-20");
    shows(&console, &["token-20", "token-200", "token-202", "token-204", "token-206", "token-208"]).await;
    assert_eq!(details_sent(&server), 11);
}

/// Nothing is requested for rows that the user only types or pages past.
#[wasm_bindgen_test]
async fn details_of_rows_wait_until_the_page_has_settled() {
    let clock = Clock::stopped();
    let server = Server::start(Tokens::many(30).serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 30").await;
    clock.advance(Duration::from_millis(100));
    settle().await;
    search(&console, "token-30");
    shows(&console, &["token-30"]).await;
    clock.advance(Duration::from_millis(119));
    settle().await;
    assert_eq!(details_sent(&server), 0);
    clock.advance(Duration::from_millis(1));
    until("the details of what is shown", || details_sent(&server) == 1).await;
    settle().await;
    assert_eq!(server.count("GET /api_tokens/30"), 1);
    assert_eq!(details_sent(&server), 1);
}

#[wasm_bindgen_test]
async fn details_wait_for_the_list() {
    let clock = Clock::stopped();
    let gate = Gate::default();
    let tokens = Tokens::many(120);
    let server = Server::start(tokens.serve_until(1, &gate));
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 100 loaded so far").await;
    clock.advance(Duration::from_millis(1_000));
    settle().await;
    assert_eq!(details_sent(&server), 0, "the list is read");
    gate.release(tokens.rows(94, 100)).await;
    until("the details of the page", || details_sent(&server) == 25).await;
}

#[wasm_bindgen_test]
async fn details_do_not_wait_for_a_list_that_takes_long() {
    let clock = Clock::stopped();
    let server = Server::start(Tokens::many(120).serve_until(1, &Gate::default()));
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 100 loaded so far").await;
    clock.advance(Duration::from_millis(1_499));
    settle().await;
    assert_eq!(details_sent(&server), 0);
    clock.advance(Duration::from_millis(1));
    until("the details of the page", || details_sent(&server) == 25).await;
}

/// At the end of a long page, the user looks at the rows there.
#[wasm_bindgen_test]
async fn details_of_what_one_sees_come_first() {
    let gate = Gate::default();
    let (tokens, hold) = (Tokens::many(100), gate.clone());
    let answers = tokens.serve();
    let server =
        Server::start(move |sent| if detail_id(sent).is_some() { hold.hold() } else { answers(sent) });
    let console = open("/tokens?size=100").await;
    stands_at(&console, "Page 1: tokens 1 to 100 of 100").await;
    until("the first ones are asked for", || details_sent(&server) == 4).await;
    let last = console.stage.link("token-100");
    last.scroll_into_view();
    frames().await;
    frames().await;
    for id in 1..=4 {
        gate.release(tokens.detail(id)).await;
    }
    until("others are asked for", || details_sent(&server) == 8).await;
    let asked: Vec<_> = server.sent().iter().filter_map(detail_id).skip(4).collect();
    assert!(asked.iter().all(|id| *id > 50), "{asked:?}");
}

/// Opens a list of three tokens and waits for the responses to the requests for their details.
async fn three_with_details(clock: &Clock) -> (Server, Console) {
    let server = Server::start(Tokens::many(3).serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    clock.advance(Duration::from_millis(120));
    until("all are asked for", || details_sent(&server) == 3).await;
    settle().await;
    (server, console)
}

/// Who used a token a while ago may use it now.
#[wasm_bindgen_test]
async fn details_that_are_old_are_read_again() {
    let clock = Clock::stopped();
    let server = Server::start(Tokens::many(4).serve());
    let console = open("/tokens?status=enabled").await;
    details_are_read(&console, &server, &clock, 4).await;
    shows(&console, &["token-1", "token-3"]).await;
    clock.advance(Duration::from_secs(500));
    choose(&console, "Status", "disabled");
    shows(&console, &["token-2", "token-4"]).await;
    settle().await;
    assert_eq!(details_sent(&server), 4, "they are still good");
    clock.advance(Duration::from_secs(101));
    choose(&console, "Last used", "never");
    until("they are read again", || details_sent(&server) == 8).await;
}

#[wasm_bindgen_test]
async fn details_outlive_a_list_that_is_old() {
    let clock = Clock::stopped();
    let (server, console) = three_with_details(&clock).await;
    elsewhere(&console, &clock, Duration::from_secs(61)).await;
    clock.advance(Duration::from_millis(120));
    settle().await;
    assert_eq!(details_sent(&server), 3, "they are still good");
    elsewhere(&console, &clock, Duration::from_secs(600)).await;
    clock.advance(Duration::from_millis(120));
    until("they are read again", || details_sent(&server) == 6).await;
}

/// The list was read a while ago.
#[wasm_bindgen_test]
async fn details_that_bring_another_name_rename_the_row() {
    let tokens = Tokens::many(3);
    let answers = tokens.serve();
    let _server = Server::start(move |sent| match detail_id(sent) {
        Some(2) => {
            Reply::json(200, r#"{"id": 2, "name": "renamed", "owner_id": 3, "enabled": true, "token": "x"}"#)
        }
        _ => answers(sent),
    });
    let console = open("/tokens").await;
    shows(&console, &["token-1", "renamed", "token-3"]).await;
}

/// Only the API itself can say that a token is gone.
#[wasm_bindgen_test]
async fn details_of_what_is_gone_take_the_row_away() {
    let tokens = Tokens::many(3);
    let answers = tokens.serve();
    let _server = Server::start(move |sent| match detail_id(sent) {
        Some(2) => Reply::json(404, r#"{"message": "Not Found"}"#),
        _ => answers(sent),
    });
    let console = open("/tokens?status=enabled").await;
    stands_at(&console, "Page 1: tokens 1 to 2 of 2 that match, of 2").await;
    assert!(!console.stage.says("The server does not show you"));
}

/// Otherwise the refresh would not know of it, and not report it.
#[wasm_bindgen_test]
async fn what_is_gone_during_a_refresh_is_told_by_the_refresh() {
    let gate = Gate::default();
    let tokens = Tokens::many(3);
    let server = Server::start(tokens.serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    until("all details are there", || console.stage.find("tbody tr[aria-busy=true]").is_none()).await;
    let before = details_sent(&server);
    let (answers, hold) = (tokens.serve(), gate.clone());
    server.now(move |sent| match detail_id(sent) {
        Some(2) => Reply::json(404, r#"{"message": "Not Found"}"#),
        _ if sent.is_list() => hold.hold(),
        _ => answers(sent),
    });
    press(&console.stage.button("Refresh"));
    until("details are read again, the list is not there yet", || details_sent(&server) == before + 3).await;
    settle().await;
    assert_eq!(names(&console), ["token-1", "token-2", "token-3"]);
    tokens.change(|rows| rows.retain(|(id, _)| *id != 2));
    gate.release(tokens.rows(0, 100)).await;
    console.says("Changed since the last load: 1 no longer listed.").await;
    shows(&console, &["token-1", "token-3"]).await;
}

#[wasm_bindgen_test]
async fn rows_are_told_of_their_details_together() {
    let clock = Clock::stopped();
    let (_server, console) = three_with_details(&clock).await;
    let busy = || console.stage.all("tbody tr[aria-busy=true]").len();
    assert_eq!(busy(), 3, "the first one waits for the others");
    clock.advance(Duration::from_millis(100));
    until("all have theirs", || busy() == 0).await;
}

// Orders and pages

fn header(console: &Console, name: &str) -> HtmlElement {
    let buttons = console.stage.all("thead th button");
    let button = buttons.into_iter().find(|button| text_of(button) == name).expect("such a header");
    button.parent_element().expect("its cell").unchecked_into()
}

fn order(console: &Console, name: &str) -> Option<String> {
    header(console, name).get_attribute("aria-sort")
}

fn press_header(console: &Console, name: &str) {
    let button = header(console, name).query_selector("button").expect("a valid selector");
    press(button.expect("a button").unchecked_ref());
}

#[wasm_bindgen_test]
async fn a_header_sorts_and_says_so() {
    let tokens = Tokens::of(&[(1, "job-10"), (2, "Job-2"), (3, "alpha")]);
    let server = Server::start(tokens.serve());
    let console = open("/tokens").await;
    shows(&console, &["job-10", "Job-2", "alpha"]).await;
    assert_eq!((order(&console, "ID").as_deref(), order(&console, "Name")), (Some("ascending"), None));
    press_header(&console, "Name");
    // Numbers sort by their value, and case does not matter.
    shows(&console, &["alpha", "Job-2", "job-10"]).await;
    assert_eq!((order(&console, "Name").as_deref(), order(&console, "ID")), (Some("ascending"), None));
    until("the address", || console.address() == "/tokens?sort=name").await;
    press_header(&console, "Name");
    shows(&console, &["job-10", "Job-2", "alpha"]).await;
    assert_eq!(order(&console, "Name").as_deref(), Some("descending"));
    until("the address", || console.address() == "/tokens?sort=-name").await;
    back();
    shows(&console, &["alpha", "Job-2", "job-10"]).await;
    assert_eq!(offsets(&server), [0]);
}

/// Waits until the details for an order are read, and lets the delay pass before the result is announced.
async fn details_are_read(console: &Console, server: &Server, clock: &Clock, number: usize) {
    until("the details are read", || {
        details_sent(server) == number && console.stage.find("progress").is_none()
    })
    .await;
    clock.advance(Duration::from_millis(250));
}

#[wasm_bindgen_test]
async fn an_order_by_details_reads_them() {
    // Otherwise the details that the page requests once it has settled would be among them.
    let clock = Clock::stopped();
    let server = Server::start(Tokens::many(5).serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 5 of 5").await;
    press_header(&console, "Last used");
    details_are_read(&console, &server, &clock, 5).await;
    // Never used sorts before every time.
    shows(&console, &["token-3", "token-5", "token-4", "token-2", "token-1"]).await;
    assert_eq!(order(&console, "Last used").as_deref(), Some("ascending"));
    assert_eq!(details_sent(&server), 5);
}

/// The requests for the page's details are still in flight when an order needs the details of all tokens.
#[wasm_bindgen_test]
async fn what_the_page_has_asked_for_is_not_asked_for_again() {
    let clock = Clock::stopped();
    let gate = Gate::default();
    let (tokens, hold) = (Tokens::many(5), gate.clone());
    let answers = tokens.serve();
    let server = Server::start(move |sent| match detail_id(sent) {
        Some(_) => hold.hold(),
        None => answers(sent),
    });
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 5 of 5").await;
    clock.advance(Duration::from_millis(120));
    until("the page's are asked for, a few at a time", || details_sent(&server) == 4).await;
    press_header(&console, "Last used");
    console.says("Loading the details.").await;
    settle().await;
    assert_eq!(details_sent(&server), 4);
    for id in 1..=4 {
        gate.release(tokens.detail(id)).await;
    }
    until("the last one is asked for", || details_sent(&server) == 5).await;
    gate.release(tokens.detail(5)).await;
    details_are_read(&console, &server, &clock, 5).await;
    shows(&console, &["token-3", "token-5", "token-4", "token-2", "token-1"]).await;
    assert_eq!(details_sent(&server), 5);
}

#[wasm_bindgen_test]
async fn a_page_has_as_many_rows_as_one_wants() {
    let server = Server::start(Tokens::many(60).serve());
    let console = open("/tokens?page=2").await;
    stands_at(&console, "Page 2: tokens 26 to 50 of 60").await;
    choose(&console, "Rows", "50");
    stands_at(&console, "Page 1: tokens 1 to 50 of 60").await;
    until("those out of the window, too", || rows(&console) == 50).await;
    until("the address", || console.address() == "/tokens?size=50").await;
    press(&console.stage.link("Next page"));
    stands_at(&console, "Page 2: tokens 51 to 60 of 60").await;
    assert_eq!(console.address(), "/tokens?size=50&page=2");
    assert_eq!(offsets(&server), [0]);
}

/// Building a page of a hundred rows takes longer than a press may take to its paint. A user who turns the page is at
/// its end.
#[wasm_bindgen_test]
async fn at_the_end_of_a_long_page_the_next_one_is_there_at_once() {
    let _server = Server::start(Tokens::many(250).serve());
    let console = open("/tokens?size=100").await;
    stands_at(&console, "Page 1: tokens 1 to 100 of 250").await;
    let next = console.stage.link("Next page");
    next.scroll_into_view();
    frames().await;
    let held = NoFrames::begin();
    press(&next);
    until("the rows that one sees", || names(&console).last().is_some_and(|name| name == "token-200")).await;
    let shown = names(&console);
    assert_eq!((shown.len(), shown[0].as_str()), (100, "token-1"), "the others have not been made yet");
    drop(held);
    stands_at(&console, "Page 2: tokens 101 to 200 of 250").await;
    let expected: Vec<_> = (101..=200).map(|id| format!("token-{id}")).collect();
    assert_eq!(names(&console), expected);
}

#[wasm_bindgen_test]
async fn a_page_beyond_the_end_is_the_last_one() {
    let _server = Server::start(Tokens::many(60).serve());
    let console = open("/tokens?page=99").await;
    stands_at(&console, "Page 3: tokens 51 to 60 of 60").await;
    let href = console.stage.link("Previous page").get_attribute("href");
    assert_eq!(href.as_deref(), Some("/tokens?page=2"));
    assert_eq!(console.stage.link("Next page").get_attribute("href"), None);
}

#[wasm_bindgen_test]
async fn an_owner_is_asked_of_the_server() {
    let gate = Gate::default();
    let (tokens, hold) = (Tokens::many(30), gate.clone());
    let answers = tokens.serve();
    let server = Server::start(move |sent| match parameter(sent, "owner_id") {
        Some(_) => hold.hold(),
        None => answers(sent),
    });
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 25 of 30").await;
    choose(&console, "Owner", "3");
    until("hers are asked for", || server.count("GET /api_tokens/?limit=100&offset=0&owner_id=3") == 1).await;
    settle().await;
    assert_eq!(rows(&console), 0, "rows that may be somebody else's");
    assert_eq!(console.address(), "/tokens?owner=3");
    gate.release(Tokens::many(2).rows(0, 100)).await;
    stands_at(&console, "Page 1: tokens 1 to 2 of 2 that match, of 2").await;
    choose(&console, "Owner", "");
    stands_at(&console, "Page 1: tokens 1 to 25 of 30").await;
    assert!(!console.stage.says("Changed since the last load"), "another list, not another state of it");
}

/// A page with only the user's own rows has not requested other users. They are requested when the user goes to
/// choose an owner.
#[wasm_bindgen_test]
async fn owners_are_offered_to_whoever_comes_to_choose_one() {
    const USERS: &str = "GET /users/?limit=100&offset=0";
    let answers = Tokens::many(3).serve();
    let server = Server::start(move |sent| match sent.path.as_str() {
        "/users/?limit=100&offset=0" => Reply::json(200, r#"[{"id": 4, "username": "bob"}]"#),
        _ => answers(sent),
    });
    let console = open("/tokens").await;
    until("the details", || details_sent(&server) == 3).await;
    settle().await;
    assert_eq!(server.count(USERS), 0);
    let owner: HtmlElement = console.stage.control("Owner");
    focus(&owner);
    until("bob can be chosen", || owner.text_content().unwrap_or_default().contains("bob")).await;
    assert_eq!(server.count(USERS), 1);
}

/// A user may have got another name meanwhile.
#[wasm_bindgen_test]
async fn a_refresh_reads_the_users_again() {
    let gate = Gate::default();
    let (answers, hold) = (Tokens::many(3).serve(), gate.clone());
    let _server = Server::start(move |sent| match (sent.path.as_str(), detail_id(sent)) {
        ("/users/?limit=100&offset=0", _) => hold.hold(),
        (_, Some(id)) => {
            let detail = detail(id, &format!("token-{id}"), true);
            Reply::json(200, &detail.replace(r#""owner_id": 3"#, r#""owner_id": 4"#))
        }
        _ => answers(sent),
    });
    let console = open("/tokens").await;
    gate.release(Reply::json(200, r#"[{"id": 4, "username": "bob"}]"#)).await;
    let owner = || text_of(&row(&console, "token-1").query_selector(".col-owner").unwrap().unwrap());
    until("whose it is", || owner() == "bob").await;
    press(&console.stage.button("Refresh"));
    settle().await;
    assert_eq!(owner(), "bob");
    gate.release(Reply::json(200, r#"[{"id": 4, "username": "robert"}]"#)).await;
    until("whose it is now", || owner() == "robert").await;
    // A failure takes no names away.
    press(&console.stage.button("Refresh"));
    gate.release(Reply::json(400, "{}")).await;
    settle().await;
    assert_eq!(owner(), "robert");
}

/// If the server lists no users, or too many to choose from, the owners of the rows are still known.
#[wasm_bindgen_test]
async fn where_users_are_not_listed_the_owners_of_rows_are_offered() {
    let answers = Tokens::many(3).serve();
    let server = Server::start(move |sent| match (sent.path.as_str(), detail_id(sent)) {
        ("/users/?limit=100&offset=0", _) => Reply::json(403, "{}"),
        (_, Some(id)) => {
            let detail = detail(id, &format!("token-{id}"), true);
            Reply::json(200, &detail.replace(r#""owner_id": 3"#, &format!(r#""owner_id": {}"#, 4 + id % 2)))
        }
        _ => answers(sent),
    });
    let console = open("/tokens").await;
    until("the details", || details_sent(&server) == 3).await;
    let owner: HtmlElement = console.stage.control("Owner");
    let offered = || owner.text_content().unwrap_or_default();
    until("rows with them", || console.stage.says("User 5")).await;
    focus(&owner);
    until("they can be chosen", || offered().contains("User 4User 5")).await;
    choose(&console, "Owner", "5");
    until("it is asked of the server", || console.address() == "/tokens?owner=5").await;
}

// The keyboard

fn focus(element: &HtmlElement) {
    element.focus().expect("it takes the focus");
}

#[wasm_bindgen_test]
async fn arrows_move_between_rows() {
    let _server = Server::start(Tokens::many(3).serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    focus(&console.stage.link("token-1"));
    assert!(press_key("ArrowDown"), "the page does not scroll");
    assert!(has_focus(&console.stage.link("token-2")));
    press_key("ArrowDown");
    press_key("ArrowDown");
    assert!(has_focus(&console.stage.link("token-3")), "there is no further");
    press_key("ArrowUp");
    assert!(has_focus(&console.stage.link("token-2")));
}

#[wasm_bindgen_test]
async fn keys_lead_to_the_search_and_to_a_new_token() {
    let _server = Server::start(Tokens::many(3).serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    until("it is known that one may", || console.stage.link("New token").get_attribute("href").is_some())
        .await;
    focus(&console.stage.link("token-1"));
    assert!(press_key("/"), "the character is not typed");
    let search: HtmlElement = console.stage.control("Search tokens");
    assert!(has_focus(&search));
    for typed in ["/", "n"] {
        assert!(!press_key(typed), "“{typed}” is typed");
    }
    settle().await;
    assert_eq!(console.address(), "/tokens");
    focus(&console.stage.control("Status"));
    assert!(!press_key("n"), "a choice is looked for by its first letter");
    focus(&console.stage.link("token-1"));
    assert!(press_key("n"));
    until("the form", || console.address() == "/tokens/new").await;
}

// The console's own changes

/// Answers like a server that no longer answers requests for the list.
fn silent_list(tokens: &Tokens) -> impl Fn(&Sent) -> Reply + use<> {
    let answers = tokens.serve();
    move |sent| match sent.method.as_str() {
        "GET" if sent.is_list() => Reply::Never,
        "POST" => Reply::json(201, &detail(51, "made-here", true)),
        "PATCH" => Reply::json(200, &detail(2, "renamed-here", false)),
        "DELETE" => Reply::empty(204),
        _ => answers(sent),
    }
}

/// Goes from the list to the form, and creates a token.
async fn create_one(console: &Console) {
    press(&console.stage.link("New token"));
    until("the form", || console.stage.find_control::<HtmlElement>("Name").is_some()).await;
    settle().await;
    type_into(&console.stage.control("Name"), "made-here");
    press(&console.stage.button("Create token"));
    console.says("Token created").await;
}

#[wasm_bindgen_test]
async fn what_was_created_is_in_the_list() {
    let tokens = Tokens::many(3);
    let server = Server::start(tokens.serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    server.now(silent_list(&tokens));
    create_one(&console).await;
    press(&console.stage.button("Done"));
    until("the question", || console.stage.says("Leave without the secret?")).await;
    press(&console.stage.button("Leave"));
    shows(&console, &["token-1", "token-2", "token-3", "made-here"]).await;
    assert!(console.stage.find(".badge-news").is_none(), "no news to whoever did it");
}

/// A token that was created for another owner does not belong to the list of one owner.
#[wasm_bindgen_test]
async fn what_was_created_for_another_owner_is_not_in_an_owners_list() {
    let tokens = Tokens::many(1);
    let server = Server::start(tokens.serve());
    let console = open("/tokens?owner=8").await;
    shows(&console, &["token-1"]).await;
    server.now(silent_list(&tokens));
    create_one(&console).await;
    back();
    until("the question", || console.stage.says("Leave without the secret?")).await;
    press(&console.stage.button("Leave"));
    shows(&console, &["token-1"]).await;
    settle().await;
    assert_eq!(names(&console), ["token-1"]);
}

#[wasm_bindgen_test]
async fn what_was_renamed_and_deleted_is_so_in_the_list() {
    let tokens = Tokens::many(3);
    let server = Server::start(tokens.serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    server.now(silent_list(&tokens));
    press(&console.stage.link("token-2"));
    until("the form", || console.stage.find_control::<HtmlElement>("Name").is_some()).await;
    settle().await;
    type_into(&console.stage.control("Name"), "renamed-here");
    press(&console.stage.button("Save changes"));
    console.says("Saved renamed-here.").await;
    press(&console.stage.link("API tokens"));
    shows(&console, &["token-1", "renamed-here", "token-3"]).await;

    press(&console.stage.link("token-3"));
    console.shows_token().await;
    settle().await;
    press(&console.stage.button("Delete token"));
    let confirm = || console.stage.find("[role=alertdialog] .button-danger");
    until("the question", || confirm().is_some()).await;
    press(&confirm().expect("it was there"));
    shows(&console, &["token-1", "renamed-here"]).await;
}

/// The answer shows the token as it was before it was changed.
#[wasm_bindgen_test]
async fn a_late_answer_does_not_take_a_change_back() {
    let gate = Gate::default();
    let tokens = Tokens::many(3);
    let answers = tokens.serve();
    let server = Server::start(move |sent| match detail_id(sent) {
        Some(2) => Reply::json(501, "{}"),
        _ => answers(sent),
    });
    let console = open("/tokens").await;
    console.says("The token could not be loaded").await;
    let (answers, hold) = (tokens.serve(), gate.clone());
    server.now(move |sent| match detail_id(sent) {
        Some(2) => hold.hold(),
        _ => answers(sent),
    });
    let before = server.count("GET /api_tokens/2");
    let menu = row(&console, "token-2").query_selector(".menu-button").expect("a valid selector");
    focus(menu.expect("a button").unchecked_ref());
    until("it is read once more", || server.count("GET /api_tokens/2") == before + 1).await;

    server.now(silent_list(&tokens));
    press(&console.stage.link("token-2"));
    console.shows_token().await;
    settle().await;
    type_into(&console.stage.control("Name"), "renamed-here");
    press(&console.stage.button("Save changes"));
    console.says("Saved renamed-here.").await;
    tokens.change(|rows| rows[1].1 = "renamed-here".into());
    server.now(tokens.serve());
    press(&console.stage.link("API tokens"));
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    settle().await;
    gate.release(Reply::json(200, &detail(2, "token-2", true))).await;
    settle().await;
    assert_eq!(names(&console), ["token-1", "renamed-here", "token-3"]);
    assert!(text_of(&row(&console, "renamed-here")).contains("Disabled"));
}

/// Somebody else deleted it, and the token's page found out.
#[wasm_bindgen_test]
async fn what_turned_out_to_be_gone_is_not_in_the_list() {
    let tokens = Tokens::many(3);
    let server = Server::start(tokens.serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 3 of 3").await;
    tokens.change(|rows| rows.retain(|row| row.0 != 2));
    server.now(silent_list(&tokens));
    press(&console.stage.link("token-2"));
    console.says("Token not found").await;
    press(&console.stage.link("API tokens"));
    shows(&console, &["token-1", "token-3"]).await;
}

/// A token that the list does not show may be opened by its ID; that does not add it to the list.
#[wasm_bindgen_test]
async fn what_is_opened_by_its_id_is_not_added() {
    let tokens = Tokens::many(2);
    let server = Server::start(tokens.serve());
    let console = open("/tokens").await;
    stands_at(&console, "Page 1: tokens 1 to 2 of 2").await;
    tokens.change(|rows| rows.push((9, "unlisted".into())));
    server.now(silent_list(&tokens));
    let field: HtmlElement = console.stage.control("Open by ID");
    type_into(&field, "9");
    submit(&field);
    console.shows_token().await;
    press(&console.stage.link("API tokens"));
    shows(&console, &["token-1", "token-2"]).await;
}

#[wasm_bindgen_test]
async fn somebody_else_who_signs_in_sees_none_of_the_rows() {
    let tokens = Tokens::of(&[(1, "one-of-alice")]);
    let server = Server::start(tokens.serve());
    let console = open("/tokens").await;
    shows(&console, &["one-of-alice"]).await;
    server.now(|_| Reply::not_signed_in());
    press(&console.stage.button("Refresh"));
    until("the dialog", || console.stage.find("dialog[open]").is_some()).await;
    assert_eq!(names(&console), ["one-of-alice"], "behind the dialog everything stays");
    let gate = Gate::default();
    let hold = gate.clone();
    server.now(move |sent| match sent.path.as_str() {
        "/users/me" => Reply::json(200, r#"{"id": 4, "username": "bob"}"#),
        _ if sent.is_list() => hold.hold(),
        _ => Reply::Never,
    });
    let asked = offsets(&server).len();
    type_into(&console.stage.get("dialog input[type=password]"), "of-bob");
    submit(&console.stage.get("dialog input[type=password]"));
    console.says("You are now signed in as bob.").await;
    assert_eq!(rows(&console), 0);
    assert!(!console.stage.says("one-of-alice"));
    until("his are asked for", || offsets(&server).len() > asked).await;
    settle().await;
    assert_eq!(offsets(&server).len(), asked + 1, "once");
    gate.release(Tokens::of(&[(2, "one-of-bob")]).rows(0, 100)).await;
    shows(&console, &["one-of-bob"]).await;
    assert!(!console.stage.says("Changed since the last load"));
}

/// It may be a secret.
#[wasm_bindgen_test]
async fn somebody_else_who_signs_in_does_not_see_what_was_searched_for() {
    let server = Server::start(Tokens::of(&[(1, "one-of-alice")]).serve());
    let console = open("/tokens").await;
    shows(&console, &["one-of-alice"]).await;
    search(&console, "R3dRbnVYHjE0sQyq1XcT8oWm5uKzLg2f");
    console.says("looks like a secret").await;
    press(&console.stage.link("New token"));
    until("the form", || console.stage.find_control::<HtmlElement>("Name").is_some()).await;
    settle().await;
    press(&console.stage.link("Cancel"));
    console.says("looks like a secret").await;
    server.now(|_| Reply::not_signed_in());
    press(&console.stage.button("Refresh"));
    until("the dialog", || console.stage.find("dialog[open]").is_some()).await;
    let answers = Tokens::of(&[(2, "one-of-bob")]).serve();
    server.now(move |sent| match sent.path.as_str() {
        "/users/me" => Reply::json(200, r#"{"id": 4, "username": "bob"}"#),
        _ => answers(sent),
    });
    type_into(&console.stage.get("dialog input[type=password]"), "of-bob");
    submit(&console.stage.get("dialog input[type=password]"));
    console.says("You are now signed in as bob.").await;
    shows(&console, &["one-of-bob"]).await;
    assert_eq!(searched(&console), "");
}

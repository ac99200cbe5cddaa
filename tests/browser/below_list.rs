//! What is below the list: recently disabled tokens, unlisted tokens, and the list as a file.

use leptos::prelude::window;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    Console, DISABLED_KEY, File, Files, Gate, Reply, Sent, Server, Tokens, described, focus, has_focus,
    kept_on_tab, list_page::open_list, press, settle, submit, tab_storage, text_of, type_into, until,
};

fn kept() -> String {
    kept_on_tab(DISABLED_KEY).unwrap_or_default()
}

/// Answers like a server that lists enabled tokens only.
fn enabled_only(tokens: &Tokens, sent: &Sent) -> Reply {
    if !sent.path.starts_with("/api_tokens/?") {
        return tokens.answer(sent);
    }
    let rows: Vec<_> =
        tokens.enabled().iter().map(|id| format!(r#"{{"id": {id}, "name": "token-{id}"}}"#)).collect();
    Reply::json(200, &format!("[{}]", rows.join(",")))
}

async fn open(answer: impl Fn(&Sent) -> Reply + 'static) -> (Server, Console) {
    let (server, console) = open_list(answer).await;
    until("all details", || !console.stage.says("Loading")).await;
    (server, console)
}

fn unfold(console: &Console, words: &str) {
    let summary = console.stage.all("summary").into_iter().find(|summary| text_of(summary) == words);
    press(&summary.expect("something that unfolds"));
}

#[wasm_bindgen_test]
async fn a_token_disabled_on_its_page_is_found_again_below_the_list() {
    let tokens = Tokens::new(3);
    let served = tokens.clone();
    let _server = Server::start(move |sent| enabled_only(&served, sent));
    let console = Console::signed_in("/tokens/2").await;
    until("the form", || console.stage.find_control::<HtmlElement>("Enabled").is_some()).await;
    press(&console.stage.control("Enabled"));
    submit(&console.stage.control("Name"));
    console.says("Saved: token-2 is disabled.").await;
    assert_eq!(kept().matches("token-2").count(), 1);
    assert!(!kept().contains("secret"), "{}", kept());
    press(&console.stage.link("API tokens"));
    console.says("Recently disabled").await;
    assert_eq!(console.stage.link("token-2").get_attribute("href").as_deref(), Some("/tokens/2"));
    // It is renamed.
    press(&console.stage.link("token-2"));
    until("the form", || console.stage.find_control::<HtmlElement>("Enabled").is_some()).await;
    type_into(&console.stage.control("Name"), "token-2 (old)");
    submit(&console.stage.control("Name"));
    until("it is kept by its new name", || kept().contains("token-2 (old)")).await;
    press(&console.stage.link("API tokens"));
    console.says("Recently disabled").await;
    // Enabled again, it leaves "Recently disabled".
    press(&console.stage.link("token-2 (old)"));
    until("the form", || console.stage.find_control::<HtmlElement>("Enabled").is_some()).await;
    press(&console.stage.control("Enabled"));
    submit(&console.stage.control("Name"));
    console.says("Saved: token-2 (old) is enabled.").await;
    assert_eq!(kept(), "");
}

#[wasm_bindgen_test]
async fn what_was_disabled_is_kept_for_its_user_only() {
    let tokens = Tokens::new(3);
    let storage = tab_storage();
    let other = r#"{"user": "user 4 at somewhere", "entries": [{"id": 9, "name": "of-bob"}]}"#;
    storage.set_item(DISABLED_KEY, other).expect("room");
    let (_server, console) = open(tokens.serve()).await;
    settle().await;
    assert!(!console.stage.says("of-bob") && !console.stage.says("Recently disabled"));
    assert_eq!(kept(), "");
}

#[wasm_bindgen_test]
async fn showing_all_that_were_disabled_goes_on_at_the_first_new_one() {
    let tokens = Tokens::new(1);
    let entries: Vec<_> = (11..21).map(|id| format!(r#"{{"id": {id}, "name": "old-{id}"}}"#)).collect();
    let kept = format!(r#"{{"user": "user 3 at credmgr / /api/v1", "entries": [{}]}}"#, entries.join(","));
    tab_storage().set_item(DISABLED_KEY, &kept).expect("room");
    let (_server, console) = open(tokens.serve()).await;
    console.says("Recently disabled").await;
    let all = console.stage.button("Show all 10");
    focus(&all);
    press(&all);
    until("the ninth has the focus", || {
        console.stage.all(".recent a").get(8).is_some_and(|ninth| has_focus(ninth))
    })
    .await;
}

/// Another list may be chosen meanwhile.
#[wasm_bindgen_test]
async fn what_is_unfolded_stays_so_with_the_list_of_another_owner() {
    let tokens = Tokens::new(3);
    let (_server, console) = open(tokens.serve()).await;
    unfold(&console, "Export");
    console.says("The 3 tokens in the list").await;
    let button = console.stage.button("Download CSV");
    type_into(&console.stage.control("Owner"), "3");
    until("the list is read", || window().location().search().is_ok_and(|search| search.contains("owner")))
        .await;
    console.says("The 3 tokens in the list").await;
    assert!(button.is_connected());
}

#[wasm_bindgen_test]
async fn unlisted_tokens_are_looked_for_at_a_price_that_is_said() {
    let tokens = Tokens::new(8);
    for id in [3, 5, 8] {
        tokens.disable(id);
    }
    tokens.remove(4);
    let served = tokens.clone();
    let (server, console) = open(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("GET", "/api_tokens/5") => Reply::json(403, "{}"),
        _ => enabled_only(&served, sent),
    })
    .await;
    unfold(&console, "Find unlisted tokens");
    settle().await;
    // The unlisted IDs are 3, 4, 5, and 8 to 27.
    assert!(console.stage.says("About 23 requests"), "{}", console.stage.text());
    let before = server.sent().len();
    press(&console.stage.button("Start search"));
    console.says("2 unlisted tokens were found. You are not allowed to see 1 more.").await;
    assert_eq!(server.sent().len() - before, 23);
    let found: Vec<_> = console.stage.all("details .links a").iter().map(|link| text_of(link)).collect();
    assert_eq!(found, ["token-8", "token-3"]);
}

#[wasm_bindgen_test]
async fn the_search_for_unlisted_tokens_can_be_stopped_and_goes_on() {
    let tokens = Tokens::new(2);
    let (server, console) = open(tokens.serve()).await;
    server.now(|_| Reply::Never);
    unfold(&console, "Find unlisted tokens");
    settle().await;
    let look = console.stage.button("Start search");
    focus(&look);
    press(&look);
    settle().await;
    press(&console.stage.button("Stop"));
    console.says("Stopped after 0 IDs. No unlisted token was found.").await;
    assert!(has_focus(&console.stage.button("Search again")), "the button that was pressed is where it was");
    server.now(|_| Reply::json(404, "{}"));
    let before = server.sent().len();
    let go_on = console.stage.button("Continue");
    focus(&go_on);
    press(&go_on);
    assert!(has_focus(&look), "the next Enter stops it");
    // IDs without a response are asked for again.
    until("all are asked for", || server.sent().len() - before == 20).await;
    until("it is over", || console.stage.find_button("Stop").is_none()).await;
    assert!(!console.stage.says("Stopped after"));
    settle().await;
    assert_eq!(server.sent().len() - before, 20);
}

#[wasm_bindgen_test]
async fn with_a_filter_by_owner_nothing_is_said_to_be_unlisted() {
    let tokens = Tokens::new(3);
    let _server = Server::start(tokens.serve());
    let console = Console::signed_in("/tokens?owner=3").await;
    console.says("token-1").await;
    until("the list is read", || console.stage.find(".reading-line progress").is_none()).await;
    unfold(&console, "Find unlisted tokens");
    settle().await;
    assert!(described(&console.stage.button("Start search")).contains("owner filter"));
}

#[wasm_bindgen_test]
async fn the_view_is_saved_as_csv_and_json_without_secrets() {
    let files = Files::catch();
    let tokens = Tokens::new(3);
    tokens.disable(2);
    let (_server, console) = open(tokens.serve()).await;
    unfold(&console, "Export");
    settle().await;
    press(&console.stage.button("Download CSV"));
    let File { name, text: csv, .. } = files.last().await;
    assert!(name.starts_with("api-tokens-20") && name.ends_with(".csv"), "{name}");
    assert!(csv.contains("\r\n2,token-2,3,alice,false,never,2024-03-05T06:07:08Z,\r\n"), "{csv}");
    press(&console.stage.button("Download JSON"));
    let File { name, text: json, .. } = files.last().await;
    assert!(name.ends_with(".json"), "{name}");
    assert!(json.contains(r#""name": "token-3""#), "{json}");
    assert!(!csv.contains("secret") && !json.contains("secret"));
}

#[wasm_bindgen_test]
async fn it_is_said_when_details_are_missing_and_they_can_be_read() {
    let tokens = Tokens::new(30);
    let (server, console) = open(tokens.serve()).await;
    unfold(&console, "Export");
    console.says("The details of 5 of them are not loaded yet").await;
    let before = server.sent().len();
    // The responses arrive one by one, and screen readers are told once.
    let (gate, served) = (Gate::default(), tokens.clone());
    let held = gate.clone();
    server.now(move |sent| if sent.method == "GET" { held.hold() } else { served.answer(sent) });
    press(&console.stage.button("Load missing details"));
    let told = || {
        let told = console
            .stage
            .all("[role=status]")
            .into_iter()
            .find(|told| text_of(told).starts_with("Loading the"));
        told.map(|told| (told.first_child().and_then(|words| words.text_content()), text_of(&told)))
    };
    until("it is said", || told().is_some()).await;
    let (words, with_number) = told().expect("it is said");
    assert_eq!(with_number, "Loading the missing details. 5 to go.");
    gate.release(tokens.answer(&Sent::get("/api_tokens/26"))).await;
    until("one less is missing", || told().is_some_and(|(_, now)| now.ends_with(" 4 to go."))).await;
    assert_eq!(told().expect("it is said").0, words);
    for id in 27..=30 {
        gate.release(tokens.answer(&Sent::get(&format!("/api_tokens/{id}")))).await;
    }
    until("they are known", || !console.stage.says("are not loaded yet") && told().is_none()).await;
    assert!(console.stage.says("The missing details are loaded."));
    assert!(console.stage.find_button("Load missing details").is_none());
    assert_eq!(server.sent().len() - before, 5);
}

#[wasm_bindgen_test]
async fn where_nothing_matches_there_is_nothing_to_export() {
    let tokens = Tokens::new(3);
    let (_server, console) = open(tokens.serve()).await;
    unfold(&console, "Export");
    console.says("The 3 tokens in the list (all pages, in this order), with ID").await;
    assert!(!console.stage.says("not completely loaded"));
    type_into(&console.stage.control("Search tokens"), "nothing-here");
    console.says("There is nothing to export.").await;
    assert_eq!(described(&console.stage.button("Download CSV")), "There is nothing to export.");
}

#[wasm_bindgen_test]
async fn it_is_said_when_the_list_is_not_there_yet() {
    let tokens = Tokens::new(150);
    let _server = Server::start(move |sent| match sent.path.starts_with("/api_tokens/?") {
        true if !sent.path.ends_with("offset=0") => Reply::Never,
        _ => tokens.answer(sent),
    });
    let console = Console::signed_in("/tokens").await;
    console.says("token-1").await;
    unfold(&console, "Export");
    console.says("The list is not completely loaded: the file has only the tokens loaded so far.").await;
}

#[wasm_bindgen_test]
async fn it_is_said_what_may_match_as_well() {
    let tokens = Tokens::new(3);
    tokens.disable(3);
    let _server = Server::start(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("GET", "/api_tokens/2") => Reply::json(403, "{}"),
        _ => tokens.answer(sent),
    });
    let console = Console::signed_in("/tokens?status=disabled").await;
    console.says("token-3").await;
    unfold(&console, "Export");
    console.says("The 1 token in the list, with ID").await;
    console.says("Whether 1 more matches the filters is not known: the file does not have it.").await;
}

/// Asking again does not help if the server refuses the details.
#[wasm_bindgen_test]
async fn details_that_the_server_refuses_are_not_offered_for_reading() {
    let tokens = Tokens::new(3);
    let (_server, console) = open(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("GET", "/api_tokens/2") => Reply::json(403, "{}"),
        _ => tokens.answer(sent),
    })
    .await;
    unfold(&console, "Export");
    console.says("The server does not show you the details of 1 of them").await;
    assert!(!console.stage.says("are not loaded yet"));
    assert!(console.stage.find_button("Load missing details").is_none());
}

/// A refresh requests the details again. Details that it could not read are missing in the file, so the page says so.
#[wasm_bindgen_test]
async fn details_that_a_refresh_could_not_read_are_missed() {
    let files = Files::catch();
    let tokens = Tokens::new(2);
    let (server, console) = open(tokens.serve()).await;
    unfold(&console, "Export");
    settle().await;
    assert!(!console.stage.says("are not loaded yet"));
    let served = tokens.clone();
    server.now(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("GET", "/api_tokens/2") => Reply::json(501, "{}"),
        _ => served.answer(sent),
    });
    press(&console.stage.button("Refresh"));
    console.says("The details of 1 of them are not loaded yet").await;
    press(&console.stage.button("Download CSV"));
    let File { text: csv, .. } = files.last().await;
    assert!(csv.contains("\r\n2,token-2,,,,,,\r\n"), "{csv}");
    server.now(tokens.serve());
    press(&console.stage.button("Load missing details"));
    until("it was read", || {
        !console.stage.says("are not loaded yet") && !console.stage.says("Loading the missing")
    })
    .await;
    press(&console.stage.button("Download CSV"));
    let File { text: csv, .. } = files.last().await;
    assert!(csv.contains("\r\n2,token-2,3,alice,true,"), "{csv}");
}

/// A page with only the user's own rows has not requested the names of other users, but the file contains all pages.
#[wasm_bindgen_test]
async fn a_file_has_the_names_of_owners() {
    let files = Files::catch();
    let tokens = Tokens::new(26);
    let (server, console) = open(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("GET", "/api_tokens/26") => Reply::json(
            200,
            r#"{"id": 26, "name": "token-26", "owner_id": 4, "enabled": true, "token": "x"}"#,
        ),
        ("GET", "/users/?limit=100&offset=0") => Reply::json(200, r#"[{"id": 4, "username": "bob"}]"#),
        _ => tokens.answer(sent),
    })
    .await;
    unfold(&console, "Export");
    console.says("The details of 1 of them are not loaded yet").await;
    assert_eq!(server.count("GET /users/?limit=100&offset=0"), 0);
    press(&console.stage.button("Load missing details"));
    until("the names are asked for", || server.count("GET /users/?limit=100&offset=0") == 1).await;
    until("they are there", || described(&console.stage.button("Download CSV")).is_empty()).await;
    press(&console.stage.button("Download CSV"));
    let File { text: csv, .. } = files.last().await;
    assert!(csv.contains("\r\n26,token-26,4,bob,true,"), "{csv}");
}

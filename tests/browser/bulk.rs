//! Bulk actions on selected rows: the question before them, their results, and how they end.

use std::time::Duration;

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    Clock, Console, Gate, Reply, Sent, Server, Tokens, described, has_focus,
    list_page::open_list,
    press, press_chord, remember_basic,
    selection::{bar, disabling_six, plan, question, select},
    settle, submit, text_of, type_into, until,
};

#[wasm_bindgen_test]
async fn tokens_are_disabled_after_a_question_and_every_result_is_said() {
    let tokens = Tokens::new(9);
    let (server, console) = open_list(tokens.serve()).await;
    select(&console, &[2, 4, 5]).await;
    press(&console.stage.button("Disable"));
    plan(&console, "Disable 3 tokens?").await;
    let dialog = console.stage.get("dialog");
    assert_eq!(dialog.get_attribute("role").as_deref(), Some("alertdialog"));
    assert!(described(&dialog).contains("stops working at once"));
    assert!(
        described(&dialog).contains("token-2 (ID 2), token-4 (ID 4), token-5 (ID 5)"),
        "{}",
        described(&dialog)
    );
    assert_eq!(server.count("PATCH /api_tokens/2"), 0);
    press(&console.stage.dialog_button("Disable 3 tokens"));
    console.says("Disabled 3 tokens.").await;
    assert_eq!(tokens.enabled(), [1, 3, 6, 7, 8, 9]);
    let lines: Vec<_> = console.stage.all(".bulk-list li").iter().map(|line| text_of(line)).collect();
    assert_eq!(lines, ["token-2 2Disabled.", "token-4 4Disabled.", "token-5 5Disabled."]);
    assert_eq!(bar(&console), None, "nothing is selected any more");
    // The rows show it without another request.
    let row = text_of(&console.stage.all("tbody tr")[1]);
    assert!(row.contains("Disabled"), "{row}");
    assert!(console.stage.says("1 action since this page was loaded"));
    // It says which, also when the results are gone.
    console.says("Disabled token-2 (ID 2), token-4 (ID 4), token-5 (ID 5)").await;
    let dismiss = console.stage.button("Dismiss");
    until("it can be dismissed", || !dismiss.has_attribute("aria-disabled")).await;
    press(&dismiss);
    settle().await;
    assert!(has_focus(&console.stage.control::<HtmlElement>("Select this page")), "one may go on selecting");
    assert!(!console.stage.says("Disabled 3 tokens."));
    assert!(text_of(&console.stage.get(".links")).contains("token-4"), "recently disabled");
}

#[wasm_bindgen_test]
async fn what_is_not_allowed_is_left_out_with_its_reason() {
    let tokens = Tokens::new(9);
    let served = tokens.clone();
    let (_server, console) = open_list(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("OPTIONS", "/api_tokens/2" | "/api_tokens/3") => Reply::empty(204).with("Allow", "GET, OPTIONS"),
        // Cross-origin, `Allow` cannot be read, so it is tried.
        ("OPTIONS", "/api_tokens/4") => Reply::empty(204),
        _ => served.answer(sent),
    })
    .await;
    select(&console, &[1, 2, 3, 4]).await;
    press(&console.stage.button("Delete"));
    plan(&console, "Delete 2 of 4 tokens?").await;
    let words = described(&console.stage.get("dialog"));
    assert!(
        words.contains("2 tokens are left out: the server does not allow you to delete them."),
        "{words}"
    );
    assert!(words.contains("token-2 (ID 2), token-3 (ID 3)"), "{words}");
    assert!(words.contains("For 1 of them it is unclear"), "{words}");
    press(&console.stage.dialog_button("Cancel"));
    settle().await;
    assert!(console.stage.find("dialog").is_none() && tokens.is_there(1));
}

#[wasm_bindgen_test]
async fn deleting_several_asks_for_their_number() {
    let tokens = Tokens::new(5);
    let (server, console) = open_list(tokens.serve()).await;
    select(&console, &[1, 2, 3]).await;
    press(&console.stage.button("Delete"));
    plan(&console, "Delete 3 tokens?").await;
    let field = console.stage.control::<HtmlElement>("How many tokens will be deleted?");
    press(&console.stage.dialog_button("Delete 3 tokens"));
    settle().await;
    assert!(described(&field).contains("Type 3, the number of tokens that will be deleted."));
    assert!(has_focus(&field));
    assert_eq!(server.lines().iter().filter(|line| line.starts_with("DELETE")).count(), 0);
    type_into(&field, "3");
    submit(&field);
    console.says("Deleted 3 tokens.").await;
    assert!(!tokens.is_there(1) && tokens.is_there(4));
    until("the rows are gone", || console.stage.all("tbody tr").len() == 2).await;
}

/// The position changes with each row that goes. All of these would be read out before the result.
#[wasm_bindgen_test]
async fn the_position_is_read_out_when_the_run_is_over() {
    let tokens = Tokens::new(9);
    let gate = Gate::default();
    let (served, hold) = (tokens.clone(), gate.clone());
    let (_server, console) = open_list(move |sent| match sent.method.as_str() {
        "DELETE" => hold.hold(),
        _ => served.answer(sent),
    })
    .await;
    let shown = || text_of(&console.stage.get(".pager-where"));
    let said = || text_of(&console.stage.get(".pager [role=status]"));
    until("it is read out", || said() == "Page 1: tokens 1 to 9 of 9").await;
    select(&console, &[1, 2]).await;
    press(&console.stage.button("Delete"));
    plan(&console, "Delete 2 tokens?").await;
    let field = console.stage.control::<HtmlElement>("How many tokens will be deleted?");
    type_into(&field, "2");
    submit(&field);
    gate.release(Reply::empty(204)).await;
    until("a row is gone", || shown() == "Page 1: tokens 1 to 8 of 8").await;
    settle().await;
    assert_eq!(said(), "Page 1: tokens 1 to 9 of 9");
    gate.release(Reply::empty(204)).await;
    until("it is read out", || said() == "Page 1: tokens 1 to 7 of 7").await;
    assert!(console.stage.says("Deleted 2 tokens."));
}

/// A misrouted proxy answers 404 to everything, and all tokens still exist.
#[wasm_bindgen_test]
async fn what_a_proxy_does_not_find_is_not_deleted() {
    let tokens = Tokens::new(3);
    let (server, console) = open_list(tokens.serve()).await;
    select(&console, &[1, 2]).await;
    press(&console.stage.button("Delete"));
    plan(&console, "Delete 2 tokens?").await;
    server.now(|_| Reply::json(404, "404 page not found").with("Content-Type", "text/plain"));
    let field = console.stage.control::<HtmlElement>("How many tokens will be deleted?");
    type_into(&field, "2");
    submit(&field);
    console.says("Deleted 0 of 2 tokens. 2 unclear.").await;
    let list = text_of(&console.stage.get(".bulk-list"));
    assert!(list.contains("token-1 1May have been deleted"), "{list}");
    assert_eq!(console.stage.all("tbody tr").len(), 3, "the rows stay");
}

#[wasm_bindgen_test]
async fn what_failed_is_said_and_can_be_tried_again() {
    let tokens = Tokens::new(6);
    let served = tokens.clone();
    let (server, console) = open_list(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("PATCH", "/api_tokens/2") => Reply::json(403, "{}"),
        // As real servers do: success is reported, and nothing has changed.
        ("PATCH", "/api_tokens/3") => served.answer(&Sent::get("/api_tokens/3")),
        // It was done, but the response is lost.
        ("PATCH", "/api_tokens/4") => {
            let _ = served.answer(sent);
            Reply::NetworkError
        }
        // It was not done, and there is no way to find out.
        (_, "/api_tokens/5") if sent.method != "OPTIONS" => Reply::json(400, "{}"),
        _ => served.answer(sent),
    })
    .await;
    select(&console, &[1, 2, 3, 4, 5]).await;
    press(&console.stage.button("Disable"));
    plan(&console, "Disable 5 tokens?").await;
    press(&console.stage.dialog_button("Disable 5 tokens"));
    console.says("Disabled 2 of 5 tokens. 1 refused by the server").await;
    let list = text_of(&console.stage.get(".bulk-list"));
    assert!(list.contains("token-2 2Not disabled: you do not have permission."), "{list}");
    assert!(list.contains("token-3 3Not disabled: the server reported success"), "{list}");
    assert!(list.contains("token-4 4Disabled."), "{list}");
    let before = tokens.enabled();
    assert!(before.contains(&2) && before.contains(&3) && !before.contains(&4));
    let served = tokens.clone();
    server.now(served.serve());
    press(&console.stage.button("Try again"));
    console.says("Disabled 4 of 5 tokens. 1 refused by the server.").await;
    assert_eq!(tokens.enabled(), [2, 6]);
    assert_eq!(server.count("PATCH /api_tokens/1"), 1, "what was done is not done again");
    assert!(console.stage.says("2 actions since this page was loaded"));
    let log = text_of(&console.stage.get(".activity"));
    assert!(log.contains("5 tokens (Disabled 2 of 5 tokens. "), "{log}");
    assert!(log.contains("): token-1 (ID 1), token-4 (ID 4)"), "{log}");
}

/// As real servers do: success is reported, and nothing has changed.
#[wasm_bindgen_test]
async fn what_was_not_enabled_was_not_disabled_just_now() {
    let tokens = Tokens::new(4);
    tokens.disable(2);
    tokens.disable(3);
    let served = tokens.clone();
    let (_server, console) = open_list(move |sent| match sent.method.as_str() {
        "PATCH" => served.answer(&Sent::get(&sent.path)),
        _ => served.answer(sent),
    })
    .await;
    select(&console, &[2, 3]).await;
    press(&console.stage.button("Enable"));
    plan(&console, "Enable 2 tokens?").await;
    press(&console.stage.dialog_button("Enable 2 tokens"));
    console.says("Enabled 0 of 2 tokens. 2 failed.").await;
    settle().await;
    assert!(!console.stage.says("Recently disabled"));
}

#[wasm_bindgen_test]
async fn the_row_of_a_token_that_is_not_there_goes() {
    let tokens = Tokens::new(4);
    let (_server, console) = open_list(tokens.serve()).await;
    select(&console, &[2, 3]).await;
    press(&console.stage.button("Disable"));
    plan(&console, "Disable 2 tokens?").await;
    tokens.remove(2);
    press(&console.stage.dialog_button("Disable 2 tokens"));
    console.says("Disabled 1 of 2 tokens. 1 failed.").await;
    until("the row is gone", || console.stage.all("tbody tr").len() == 3).await;
    let recent = text_of(&console.stage.get(".links"));
    assert!(recent.contains("token-3") && !recent.contains("token-2"), "{recent}");
}

#[wasm_bindgen_test]
async fn a_run_can_be_cancelled_and_says_what_was_not_begun() {
    let tokens = Tokens::new(20);
    let gate = Gate::default();
    let (served, hold) = (tokens.clone(), gate.clone());
    let (server, console) = open_list(move |sent| match sent.method.as_str() {
        "PATCH" => hold.hold(),
        _ => served.answer(sent),
    })
    .await;
    select(&console, &[1]).await;
    press(&console.stage.control::<HtmlElement>("Select this page"));
    settle().await;
    press(&console.stage.button("Disable"));
    plan(&console, "Disable 20 tokens?").await;
    press(&console.stage.dialog_button("Disable 20 tokens"));
    let patches = || server.lines().iter().filter(|line| line.starts_with("PATCH")).count();
    until("four are under way", || patches() == 4).await;
    settle().await;
    assert_eq!(patches(), 4);
    // The list can be used meanwhile, but no other act can be started.
    select(&console, &[20]).await;
    let disable = console.stage.button("Disable");
    assert!(described(&disable).contains("A bulk action is already running"));
    press(&console.stage.button("Cancel"));
    let clock = Clock::stopped();
    for id in 1..=4 {
        gate.release(Reply::json(
            200,
            &format!(
                r#"{{"id": {id}, "name": "token-{id}", "owner_id": 3, "enabled": false, "token": "x"}}"#
            ),
        ))
        .await;
    }
    until("it is over", || {
        clock.advance(Duration::ZERO);
        console.stage.says("Disabled 4 of 20 tokens. 16 not started.")
    })
    .await;
    assert_eq!(patches(), 4);
    assert!(text_of(&console.stage.get(".bulk-list")).contains("Not started."));
    // The second press of a double click on "Cancel".
    press(&console.stage.button("Dismiss"));
    settle().await;
    assert!(console.stage.find(".bulk-results").is_some());
    clock.advance(Duration::from_millis(500));
    let dismiss = console.stage.button("Dismiss");
    until("it can be dismissed", || !dismiss.has_attribute("aria-disabled")).await;
    press(&dismiss);
    until("the results are gone", || console.stage.find(".bulk-results").is_none()).await;
}

#[wasm_bindgen_test]
async fn leaving_during_a_run_is_asked_about() {
    let (_server, console) = disabling_six().await;
    // Another page or search of the list is not leaving.
    type_into(&console.stage.control("Search tokens"), "token");
    settle().await;
    assert!(console.stage.find("dialog").is_none());
    press(&console.stage.link("token-9"));
    question(&console, "Leave before it is done?").await;
    let words = described(&console.stage.get("dialog"));
    assert!(words.contains("6 tokens are not disabled yet."), "{words}");
    press(&console.stage.dialog_button("Stay"));
    until("the question is gone", || console.stage.find("dialog").is_none()).await;
    // Forms and menus ask as links do.
    let field: HtmlElement = console.stage.control("Open by ID");
    type_into(&field, "9");
    submit(&field);
    question(&console, "Leave before it is done?").await;
    press(&console.stage.dialog_button("Leave"));
    until("the token's page", || console.address() == "/tokens/9").await;
}

/// Another query of the list from the command menu is not leaving either.
#[wasm_bindgen_test]
async fn the_command_menu_does_not_ask_about_what_it_does_not_leave() {
    let (_server, console) = disabling_six().await;
    let take = async |command: &str| {
        press_chord("k");
        until("the menu", || console.stage.find("[role=combobox]").is_some()).await;
        type_into(&console.stage.get("[role=combobox]"), command);
        let first = || console.stage.find("[role=option] > span").map(|option| text_of(&option));
        until("it is found", || first().as_deref() == Some(command)).await;
        press(&console.stage.get("[role=option]"));
    };
    take("Enabled tokens").await;
    until("the query", || console.address() == "/tokens?status=enabled").await;
    settle().await;
    assert!(console.stage.find("dialog").is_none());
    assert!(console.stage.says("Disabling 6 tokens."), "it goes on");
    take("New token").await;
    question(&console, "Leave before it is done?").await;
}

/// A filter may hide the row of the selected token.
#[wasm_bindgen_test]
async fn a_single_token_is_named_before_anything_is_done() {
    let tokens = Tokens::new(9);
    let (_server, console) = open_list(tokens.serve()).await;
    select(&console, &[1]).await;
    type_into(&console.stage.control("Search tokens"), "token-2");
    until("the bar says so", || {
        bar(&console).is_some_and(|bar| bar.starts_with("1 selected, hidden by search or filters"))
    })
    .await;
    press(&console.stage.button("Delete"));
    plan(&console, "Delete token-1 (ID 1)?").await;
    assert!(described(&console.stage.get("dialog")).contains("Whatever uses it stops working at once."));
    press(&console.stage.dialog_button("Delete 1 token"));
    console.says("Deleted 1 token.").await;
}

#[wasm_bindgen_test]
async fn asking_what_is_allowed_can_be_cancelled_or_skipped() {
    let tokens = Tokens::new(9);
    let (server, console) = open_list(move |sent| match sent.method.as_str() {
        "OPTIONS" if sent.path != "/api_tokens/" => Reply::Never,
        _ => tokens.answer(sent),
    })
    .await;
    select(&console, &[1, 2, 3, 4, 5, 6]).await;
    let asked = || server.sent().iter().filter(|s| s.method == "OPTIONS" && s.path != "/api_tokens/").count();
    press(&console.stage.button("Disable"));
    question(&console, "Disable 6 tokens?").await;
    until("four are asked about at once", || asked() == 4).await;
    settle().await;
    assert_eq!(asked(), 4);
    press(&console.stage.dialog_button("Cancel"));
    settle().await;
    let is_about_a_token = |s: &&Sent| s.method == "OPTIONS" && s.path != "/api_tokens/";
    assert!(server.sent().iter().filter(is_about_a_token).all(Sent::is_aborted));
    press(&console.stage.button("Disable"));
    question(&console, "Disable 6 tokens?").await;
    press(&console.stage.dialog_button("Skip the check"));
    until("it is known what is not known", || {
        described(&console.stage.get("dialog")).contains("It is unclear whether the server allows this.")
    })
    .await;
    press(&console.stage.dialog_button("Disable 6 tokens"));
    console.says("Disabled 6 tokens.").await;
}

#[wasm_bindgen_test]
async fn with_a_password_it_is_two_at_once() {
    let tokens = Tokens::new(9);
    let server = Server::start(move |sent| match sent.method.as_str() {
        "PATCH" => Reply::Never,
        _ => tokens.answer(sent),
    });
    remember_basic();
    let console = Console::open("/tokens").await;
    console.says("token-9").await;
    select(&console, &[1, 2, 3, 4]).await;
    press(&console.stage.button("Disable"));
    until("it is known", || console.stage.find_button("Disable 4 tokens").is_some()).await;
    press(&console.stage.dialog_button("Disable 4 tokens"));
    let patches = || server.lines().iter().filter(|line| line.starts_with("PATCH")).count();
    until("two are under way", || patches() == 2).await;
    settle().await;
    assert_eq!(patches(), 2);
}

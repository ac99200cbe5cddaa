//! Selected rows of the list, the bar for them, and the question before a bulk action.

use web_sys::HtmlInputElement;

use super::{Console, Reply, Server, Tokens, list_page::open_list, press, settle, text_of, until};

pub fn tick_box(console: &Console, id: i64) -> HtmlInputElement {
    console.stage.control(&format!("Select token-{id}"))
}

pub async fn select(console: &Console, ids: &[i64]) {
    for id in ids {
        press(&tick_box(console, *id));
    }
    settle().await;
}

pub fn bar(console: &Console) -> Option<String> {
    console.stage.find(".bulk-bar").map(|bar| text_of(&bar))
}

pub async fn question(console: &Console, words: &str) {
    until("the question", || {
        console.stage.find("dialog[open] h2").is_some_and(|title| text_of(&title) == words)
    })
    .await;
}

/// Waits for the question with the plan. Its title may already be the same while the permissions are still requested.
pub async fn plan(console: &Console, words: &str) {
    question(console, words).await;
    until("what will be done is known", || console.stage.find("dialog[open] progress").is_none()).await;
}

/// Starts to disable tokens 1 to 6 of 9, on a server that never answers a change.
pub async fn disabling_six() -> (Server, Console) {
    let tokens = Tokens::new(9);
    let (server, console) = open_list(move |sent| match sent.method.as_str() {
        "PATCH" => Reply::Never,
        _ => tokens.answer(sent),
    })
    .await;
    select(&console, &[1, 2, 3, 4, 5, 6]).await;
    press(&console.stage.button("Disable"));
    plan(&console, "Disable 6 tokens?").await;
    press(&console.stage.dialog_button("Disable 6 tokens"));
    console.says("Disabling 6 tokens.").await;
    (server, console)
}

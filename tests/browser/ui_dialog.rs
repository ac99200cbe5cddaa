//! Modal dialogs.

use std::cell::Cell;

use credmgr_console::ui::{Button, Dialog, DialogKind};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlDialogElement;

use crate::support::{Stage, described, focus, has_focus, press, request_close, settle, text_of, until};

thread_local! {
    /// How often the dialog asked to be closed.
    static CLOSES: Cell<u32> = const { Cell::new(0) };
}

/// Opens a dialog with a button; `closes` is whether the caller closes it on Escape.
async fn opened(closes: bool) -> (Stage, HtmlDialogElement) {
    CLOSES.set(0);
    let open = RwSignal::new(false);
    let stage = Stage::mount(move || {
        let on_close = move |()| {
            CLOSES.set(CLOSES.get() + 1);
            open.set(!closes);
        };
        view! {
            <Button label="Open" on_press=move |()| open.set(true)/>
            <Show when=move || open.get()>
                <Dialog kind=DialogKind::Alert title="Delete ci?" on_close=on_close>
                    <p class="dialog-words">"It stops working."</p>
                    <Button label="Delete token"/>
                    <Button label="Cancel" autofocus=true on_press=move |()| open.set(false)/>
                </Dialog>
            </Show>
        }
    });
    let opener = stage.button("Open");
    focus(&opener);
    press(&opener);
    until("the dialog is there", || stage.find("dialog[open]").is_some()).await;
    let dialog = stage.get_as("dialog");
    (stage, dialog)
}

#[wasm_bindgen_test]
async fn a_dialog_makes_the_page_behind_it_inert() {
    let (stage, dialog) = opened(true).await;
    assert!(dialog.matches(":modal").expect("a valid selector"));
    let opener = stage.button("Open");
    let _ = opener.focus();
    assert!(!has_focus(&opener));
}

#[wasm_bindgen_test]
async fn a_question_is_named_and_read_out() {
    let (_stage, dialog) = opened(true).await;
    assert_eq!(dialog.get_attribute("role").as_deref(), Some("alertdialog"));
    let title = dialog.get_attribute("aria-labelledby").and_then(|id| document().get_element_by_id(&id));
    assert_eq!(title.as_ref().map(text_of).as_deref(), Some("Delete ci?"));
    // Without the buttons, which say what they are themselves.
    assert_eq!(described(&dialog), "It stops working.");
}

#[wasm_bindgen_test]
async fn the_focus_begins_where_it_does_the_least_harm() {
    let (stage, _dialog) = opened(true).await;
    // The browser itself would choose the first button of the dialog.
    assert!(has_focus(&stage.button("Cancel")));
}

#[wasm_bindgen_test]
async fn escape_asks_the_caller_to_close() {
    let (stage, dialog) = opened(true).await;
    request_close(&dialog);
    settle().await;
    assert_eq!(CLOSES.get(), 1);
    assert!(stage.find("dialog").is_none());
}

#[wasm_bindgen_test]
async fn a_caller_can_keep_a_dialog_open() {
    let (_stage, dialog) = opened(false).await;
    request_close(&dialog);
    settle().await;
    assert_eq!(CLOSES.get(), 1);
    assert!(dialog.open());
}

/// Browsers let a page refuse Escape only once per click or typing. The next Escape closes the element whatever the
/// page says, and a dialog that is mounted but closed would leave the user stuck.
#[wasm_bindgen_test]
async fn a_dialog_that_the_browser_closed_opens_again() {
    let (stage, dialog) = opened(false).await;
    dialog.close();
    until("the dialog is open again", || dialog.open()).await;
    assert!(dialog.matches(":modal").expect("a valid selector"));
    assert!(stage.find("dialog").is_some());
}

#[wasm_bindgen_test]
async fn the_focus_returns_to_where_it_was() {
    let (stage, _dialog) = opened(true).await;
    press(&stage.button("Cancel"));
    until("the opener has the focus", || has_focus(&stage.button("Open"))).await;
}

#[wasm_bindgen_test]
async fn a_form_is_not_read_out() {
    let stage = Stage::mount(|| {
        view! { <Dialog kind=DialogKind::Form title="Sign in again" on_close=|()| ()>"Name"</Dialog> }
    });
    let dialog = stage.get("dialog");
    assert_eq!(dialog.get_attribute("role"), None);
    assert_eq!(dialog.get_attribute("aria-describedby"), None);
}

/// The focus goes to a field below these words.
#[wasm_bindgen_test]
async fn why_a_form_is_open_is_read_out() {
    let stage = Stage::mount(|| {
        view! {
            <Dialog kind=DialogKind::Form title="Sign in again" on_close=|()| ()>
                <p class="dialog-words">"Why"</p>
                "Name"
            </Dialog>
        }
    });
    settle().await;
    assert_eq!(described(&stage.get("dialog")), "Why");
}

//! A secret that stays hidden until the user asks for it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use credmgr_console::{
    secret::Secret,
    ui::{Notice, SecretField, SecretRequest, Status, StatusRegion, Tone},
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::support::{
    Clipboard, Clock, Stage, described, focus, has_focus, press, set_hidden, settle, text_of, until, value_of,
};

const SECRET: &str = "s3cr3t_-.~s3cr3t";

fn known() -> SecretRequest {
    Box::pin(async { Ok(Arc::new(Secret::new(SECRET.into()))) })
}

fn mount(
    source: impl Fn() -> SecretRequest + Clone + Send + Sync + 'static,
    conceal: RwSignal<bool>,
    blocked: Option<String>,
) -> Stage {
    Stage::mount(move || {
        Status::provide();
        view! {
            <StatusRegion/>
            <SecretField label="Token" source=source conceal=conceal blocked=Signal::stored(blocked)/>
        }
    })
}

fn field() -> Stage {
    mount(known, RwSignal::new(false), None)
}

fn shown(stage: &Stage) -> String {
    value_of(&stage.control("Token"))
}

async fn show(stage: &Stage) {
    press(&stage.button("Show token"));
    until("the secret is shown", || shown(stage) == SECRET).await;
}

#[wasm_bindgen_test]
async fn a_secret_is_not_even_fetched_before_it_is_asked_for() {
    let fetched = Arc::new(AtomicU32::new(0));
    let counter = fetched.clone();
    let source = move || {
        counter.fetch_add(1, Ordering::Relaxed);
        known()
    };
    let stage = mount(source, RwSignal::new(false), None);
    settle().await;
    assert_eq!(fetched.load(Ordering::Relaxed), 0);
    assert_eq!(shown(&stage), "");
    show(&stage).await;
    assert_eq!(fetched.load(Ordering::Relaxed), 1);
}

/// Extensions, "save page" and error reports take attributes and text along.
#[wasm_bindgen_test]
async fn a_shown_secret_is_a_value_and_neither_text_nor_attribute() {
    let stage = field();
    show(&stage).await;
    assert!(!stage.html().contains(SECRET), "{}", stage.html());
    let input: HtmlInputElement = stage.control("Token");
    assert!(input.read_only());
    assert_eq!(input.autocomplete(), "off");
}

#[wasm_bindgen_test]
async fn hide_takes_the_secret_out_of_the_page() {
    let stage = field();
    show(&stage).await;
    press(&stage.button("Hide token"));
    settle().await;
    assert_eq!(shown(&stage), "");
}

#[wasm_bindgen_test]
async fn the_focus_stays_on_the_button_that_shows_and_hides() {
    let stage = field();
    focus(&stage.button("Show token"));
    show(&stage).await;
    assert!(has_focus(&stage.button("Hide token")));
}

#[wasm_bindgen_test]
async fn a_locked_session_conceals_the_secret() {
    let conceal = RwSignal::new(false);
    let stage = mount(known, conceal, None);
    show(&stage).await;
    conceal.set(true);
    settle().await;
    assert_eq!(shown(&stage), "");
    conceal.set(false);
    settle().await;
    assert_eq!(shown(&stage), "", "it came back by itself");
}

#[wasm_bindgen_test]
async fn a_hidden_tab_conceals_the_secret() {
    let stage = field();
    show(&stage).await;
    // Coming back fires the same event, and is no reason to hide anything.
    set_hidden(false);
    settle().await;
    assert_eq!(shown(&stage), SECRET);
    set_hidden(true);
    settle().await;
    set_hidden(false);
    assert_eq!(shown(&stage), "");
}

/// A slow response: the user has gone elsewhere meanwhile, or the session was locked.
#[wasm_bindgen_test]
async fn a_secret_that_comes_to_a_hidden_or_locked_page_is_not_shown() {
    let conceal = RwSignal::new(false);
    let stage = mount(known, conceal, None);
    set_hidden(true);
    press(&stage.button("Show token"));
    stage_says(&stage, "Not shown").await;
    set_hidden(false);
    settle().await;
    assert_eq!(shown(&stage), "");
    conceal.set(true);
    press(&stage.button("Show token"));
    settle().await;
    stage_says(&stage, "Not shown").await;
    conceal.set(false);
    settle().await;
    assert_eq!(shown(&stage), "");
    show(&stage).await;
}

#[wasm_bindgen_test]
async fn what_cannot_be_copied_is_not_shown_to_a_hidden_page() {
    let _clipboard = Clipboard::refusing();
    let stage = field();
    set_hidden(true);
    press(&stage.button("Copy token"));
    stage_says(&stage, "Copy it again while this page is visible.").await;
    set_hidden(false);
    assert_eq!(shown(&stage), "");
}

async fn stage_says(stage: &Stage, words: &str) {
    until(words, || stage.says(words)).await;
}

#[wasm_bindgen_test]
async fn a_secret_hides_itself_after_a_minute() {
    let clock = Clock::stopped();
    let stage = field();
    show(&stage).await;
    clock.advance(Duration::from_millis(59_999));
    settle().await;
    assert_eq!(shown(&stage), SECRET);
    clock.advance(Duration::from_millis(1));
    settle().await;
    assert_eq!(shown(&stage), "");
    assert_eq!(said(&stage), "Hidden again.");
}

/// Returns what a screen reader has been told.
fn said(stage: &Stage) -> String {
    text_of(&stage.get(".secret [role=status]"))
}

#[wasm_bindgen_test]
async fn whoever_shows_a_secret_is_told_for_how_long() {
    let stage = field();
    show(&stage).await;
    let words = "Shown for a minute, longer while you use the field.";
    assert_eq!((said(&stage).as_str(), described(&stage.control("Token")).as_str()), (words, words));
    press(&stage.button("Hide token"));
    settle().await;
    assert_eq!(said(&stage), "");
}

/// Whoever copies a secret by hand, with a braille display for instance, may need longer.
#[wasm_bindgen_test]
async fn use_of_the_field_keeps_the_secret_shown_for_a_while() {
    let clock = Clock::stopped();
    let stage = field();
    show(&stage).await;
    let input: HtmlElement = stage.control("Token");
    // Ten times 59 seconds: more than nine minutes.
    for event in ["focus", "keydown", "select", "focus", "keydown", "select", "focus", "keydown", "select"] {
        clock.advance(Duration::from_secs(59));
        input.dispatch_event(&web_sys::Event::new(event).expect("an event")).expect("it listens");
        settle().await;
        assert_eq!(shown(&stage), SECRET, "after {event}");
    }
    clock.advance(Duration::from_secs(59));
    input.dispatch_event(&web_sys::Event::new("keydown").expect("an event")).expect("it listens");
    clock.advance(Duration::from_secs(10));
    settle().await;
    assert_eq!(shown(&stage), "", "ten minutes at most");
    assert_eq!(said(&stage), "Hidden again.");
}

/// The minute of an earlier showing must not shorten a later one.
#[wasm_bindgen_test]
async fn every_showing_has_its_own_minute() {
    let clock = Clock::stopped();
    let stage = field();
    show(&stage).await;
    clock.advance(Duration::from_secs(40));
    press(&stage.button("Hide token"));
    settle().await;
    show(&stage).await;
    clock.advance(Duration::from_secs(40));
    settle().await;
    assert_eq!(shown(&stage), SECRET);
}

#[wasm_bindgen_test]
async fn copying_works_without_showing() {
    let clipboard = Clipboard::working();
    let stage = field();
    press(&stage.button("Copy token"));
    until("it is copied", || stage.says("Copied to the clipboard.")).await;
    assert_eq!(clipboard.text(), SECRET);
    assert_eq!(shown(&stage), "");
}

#[wasm_bindgen_test]
async fn without_a_clipboard_the_secret_is_selected_to_be_copied_by_hand() {
    let _clipboard = Clipboard::refusing();
    let stage = field();
    press(&stage.button("Copy token"));
    let input: HtmlInputElement = stage.control("Token");
    until("the field has the focus", || has_focus(&input)).await;
    assert_eq!(input.value(), SECRET);
    let selected = (input.selection_start(), input.selection_end());
    assert_eq!(selected, (Ok(Some(0)), Ok(Some(SECRET.len() as u32))));
    assert!(stage.says("The browser did not let this page use the clipboard."));
    assert!(!stage.says("Copied"));
}

#[wasm_bindgen_test]
async fn a_secret_that_cannot_be_had_is_said() {
    let source =
        || -> SecretRequest { Box::pin(async { Err(Notice::new(Tone::Failure, "Not permitted.")) }) };
    let stage = mount(source, RwSignal::new(false), None);
    press(&stage.button("Show token"));
    until("the failure is said", || stage.says("Not permitted.")).await;
    assert_eq!(shown(&stage), "");
    // It can be tried again.
    assert_eq!(stage.button("Show token").get_attribute("aria-busy"), None);
}

#[wasm_bindgen_test]
async fn a_secret_that_is_not_permitted_is_not_asked_for() {
    let clipboard = Clipboard::working();
    let stage = mount(known, RwSignal::new(false), Some("The server does not allow it.".into()));
    for words in ["Show token", "Copy token"] {
        let button: HtmlElement = stage.button(words);
        assert_eq!(described(&button), "The server does not allow it.");
        press(&button);
    }
    settle().await;
    assert_eq!(shown(&stage), "");
    assert_eq!(clipboard.text(), "");
}

#[wasm_bindgen_test]
async fn what_was_copied_can_be_cleared() {
    let clipboard = Clipboard::working();
    let stage = field();
    assert!(stage.find_button("Clear clipboard").is_none());
    press(&stage.button("Copy token"));
    until("it is copied", || clipboard.text() == SECRET).await;
    until("it can be cleared", || stage.find_button("Clear clipboard").is_some()).await;
    press(&stage.button("Clear clipboard"));
    until("it is cleared", || clipboard.text().is_empty()).await;
    until("it is said", || stage.says("The clipboard is now empty")).await;
}

#[wasm_bindgen_test]
async fn a_secret_that_cannot_be_fetched_is_no_failure_of_the_clipboard() {
    let clipboard = Clipboard::working();
    let source =
        || -> SecretRequest { Box::pin(async { Err(Notice::new(Tone::Failure, "Not permitted.")) }) };
    let stage = mount(source, RwSignal::new(false), None);
    press(&stage.button("Copy token"));
    until("the failure is said", || stage.says("Not permitted.")).await;
    assert!(!stage.says("clipboard"), "{}", stage.text());
    assert!(stage.find_button("Clear clipboard").is_none());
    assert_eq!(clipboard.text(), "");
}

/// The button was not pressed, but the user has copied the secret all the same.
#[wasm_bindgen_test]
async fn what_was_copied_by_hand_counts_if_it_is_all_of_it() {
    let _clipboard = Clipboard::working();
    let copies = Arc::new(AtomicU32::new(0));
    let counter = copies.clone();
    let stage = Stage::mount(move || {
        Status::provide();
        let copied = move |()| {
            counter.fetch_add(1, Ordering::Relaxed);
        };
        view! { <SecretField label="Token" source=known on_copied=copied/> }
    });
    show(&stage).await;
    let input: HtmlInputElement = stage.control("Token");
    let copy = || input.dispatch_event(&web_sys::Event::new("copy").expect("an event")).expect("it listens");
    input.set_selection_range(0, 3).expect("a text");
    copy();
    assert_eq!(copies.load(Ordering::Relaxed), 0);
    input.select();
    copy();
    assert_eq!(copies.load(Ordering::Relaxed), 1);
    until("it is said", || stage.says("Copied to the clipboard.")).await;
}

#[wasm_bindgen_test]
async fn a_clipboard_that_is_not_cleared_is_not_called_empty() {
    let clipboard = Clipboard::working();
    let stage = field();
    press(&stage.button("Copy token"));
    until("it can be cleared", || stage.find_button("Clear clipboard").is_some()).await;
    drop(clipboard);
    let _clipboard = Clipboard::refusing();
    press(&stage.button("Clear clipboard"));
    until("it is said", || stage.says("did not let this page clear the clipboard")).await;
    assert!(!stage.says("The clipboard is now empty"));
}

#[wasm_bindgen_test]
async fn what_became_of_it_is_said_to_screen_readers() {
    let _clipboard = Clipboard::working();
    let stage = field();
    let place = stage.get(".secret [role=status]");
    press(&stage.button("Copy token"));
    until("it is said there", || text_of(&place).starts_with("Copied")).await;
}

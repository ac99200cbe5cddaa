//! Progress, and contents that are there only at times.

use std::{cell::Cell, rc::Rc, time::Duration};

use credmgr_console::ui::{Countdown, Later, ProgressLine, When, after_paint, next_task};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Clock, NoFrames, Stage, frames, settle, text_of, until};

/// Reads a numeric property of an element that has no type of its own here.
fn number(element: &web_sys::HtmlElement, property: &str) -> Option<f64> {
    js_sys::Reflect::get(element.unchecked_ref(), &property.into()).expect("an object").as_f64()
}

#[wasm_bindgen_test]
async fn a_progress_line_shows_how_many_of_how_many() {
    let (done, total) = (RwSignal::new(12_usize), RwSignal::new(1_060_usize));
    let stage = Stage::mount(move || view! { <ProgressLine done=done total=total/> });
    settle().await;
    let bar = stage.get("progress");
    assert_eq!((number(&bar, "value"), number(&bar, "max")), (Some(12.0), Some(1_060.0)));
    assert_eq!(stage.text(), "12 of 1,060");
    done.set(30);
    total.set(60);
    settle().await;
    assert_eq!((number(&bar, "value"), number(&bar, "max")), (Some(30.0), Some(60.0)));
    assert_eq!(stage.text(), "30 of 60");
}

/// Screen readers announce the beginning and the end, not each step.
#[wasm_bindgen_test]
fn what_changes_all_the_time_is_for_the_eye() {
    let line = Stage::mount(|| view! { <ProgressLine done=1_usize total=2_usize/> });
    assert!(line.get("progress").closest("[aria-hidden=true]").expect("a valid selector").is_some());
    let countdown = Stage::mount(|| view! { <Countdown until=js_sys::Date::now() + 9_000.0/> });
    assert_eq!(countdown.get("span").get_attribute("aria-hidden").as_deref(), Some("true"));
}

#[wasm_bindgen_test]
async fn seconds_are_counted_down_to_the_end() {
    let clock = Clock::stopped();
    let until_then = RwSignal::new(js_sys::Date::now() + 2_500.0);
    let stage = Stage::mount(move || view! { <Countdown until=until_then before="Still " over="Over."/> });
    assert_eq!(stage.text(), "Still 3 s");
    clock.advance(Duration::from_millis(1_000));
    until("two seconds", || stage.text() == "Still 2 s").await;
    clock.advance(Duration::from_millis(1_500));
    until("the end", || stage.text() == "Over.").await;
    clock.advance(Duration::from_secs(60));
    settle().await;
    assert_eq!(stage.text(), "Over.");
    // There may be another wait.
    until_then.set(js_sys::Date::now() + 5_000.0);
    until("the next end", || stage.text() == "Still 5 s").await;
}

/// A `Later` that is unmounted before that must not fail.
#[wasm_bindgen_test]
async fn what_may_come_later_comes_once_the_rest_is_painted() {
    let no_frames = NoFrames::begin();
    let stage = Stage::mount(|| view! { <p>"First"</p><Later><p>"Later"</p></Later> });
    settle().await;
    assert_eq!(stage.text(), "First");
    drop(no_frames);
    until("the rest", || stage.text() == "FirstLater").await;
    drop(Stage::mount(|| view! { <Later><p>"Never"</p></Later> }));
    frames().await;
}

#[wasm_bindgen_test]
async fn what_nobody_waits_for_is_done_after_the_frame() {
    let done = Rc::new(Cell::new(false));
    let no_frames = NoFrames::begin();
    let act = Rc::clone(&done);
    after_paint(move || act.set(true));
    settle().await;
    assert!(!done.get());
    drop(no_frames);
    until("it is done", || done.get()).await;
}

#[wasm_bindgen_test]
async fn what_is_there_at_times_comes_and_goes() {
    let is = RwSignal::new(false);
    let stage = Stage::mount(move || view! { <When is=is><p>"There"</p></When> });
    assert!(stage.find("p").is_none());
    is.set(true);
    settle().await;
    assert_eq!(text_of(&stage.get("p")), "There");
    is.set(false);
    settle().await;
    assert!(stage.find("p").is_none());
}

/// Text typed there would be lost.
#[wasm_bindgen_test]
async fn what_stays_is_not_made_anew() {
    let number = RwSignal::new(1);
    let made = Rc::new(Cell::new(0));
    let counter = StoredValue::new_local(made.clone());
    let stage = Stage::mount(move || {
        view! {
            <When is=Signal::derive(move || { number.get() > 0 })>
                {counter.with_value(|made| made.set(made.get() + 1))} <input/>
            </When>
        }
    });
    let input = stage.get("input");
    number.set(2);
    settle().await;
    assert!(input.is_connected());
    assert_eq!(made.get(), 1);
}

#[wasm_bindgen_test]
async fn the_next_task_begins_when_all_of_this_one_is_done() {
    let reactions = Rc::new(Cell::new(0));
    let counted = Rc::clone(&reactions);
    spawn_local(async move {
        // Each of these is a microtask, so all of them belong to the task that is running now.
        for _ in 0..10 {
            let resolved = js_sys::Promise::resolve(&wasm_bindgen::JsValue::NULL);
            wasm_bindgen_futures::JsFuture::from(resolved).await.expect("it is resolved");
            counted.set(counted.get() + 1);
        }
    });
    assert_eq!(reactions.get(), 0);
    next_task().await;
    assert_eq!(reactions.get(), 10);
}

//! Parts that are loaded on demand. Tests are built in one piece, so here they arrive when the test says so.

use std::{cell::RefCell, rc::Rc};

use credmgr_console::{
    load_part, part,
    ui::{
        Button, Fold, LoadPart, Loading, NotLoaded, PartKind, Screen, Status, StatusRegion, if_ready,
        load_ahead, provide_screens, show_part, when_loaded,
    },
};
use futures_channel::oneshot;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{NoFrames, Stage, frames, has_focus, press, settle, text_of, until};

type Answer = Result<(), NotLoaded>;

/// The state of a part that is loaded on demand, in a place that functions without captures can reach.
#[derive(Default)]
struct Elsewhere {
    is_there: bool,
    /// The pending loads. A test that ends without an answer leaves them without the part.
    asked: Vec<oneshot::Sender<Answer>>,
}

thread_local! {
    static ELSEWHERE: RefCell<Elsewhere> = RefCell::default();
}

/// Resets: the part is not loaded, and nobody waits for it.
fn nothing_is_there() {
    ELSEWHERE.take();
}

fn load() -> Loading {
    let (sender, receiver) = oneshot::channel();
    let is_there = ELSEWHERE.with_borrow_mut(|elsewhere| {
        elsewhere.asked.push(sender);
        elsewhere.is_there
    });
    Box::pin(async move { if is_there { Ok(()) } else { receiver.await.unwrap_or(Err(NotLoaded)) } })
}

fn asked() -> usize {
    ELSEWHERE.with_borrow(|elsewhere| elsewhere.asked.len())
}

/// Answers the last waiter; `false` if it does not wait any more.
fn answer(answer: Answer) -> bool {
    ELSEWHERE.with_borrow_mut(|elsewhere| {
        elsewhere.is_there = answer.is_ok();
        elsewhere.asked.pop().expect("somebody asked").send(answer).is_ok()
    })
}

fn content() -> Option<AnyView> {
    ELSEWHERE
        .with_borrow(|elsewhere| elsewhere.is_there)
        .then(|| view! { <p class="it">"Here it is."</p> }.into_any())
}

fn mount() -> Stage {
    nothing_is_there();
    Stage::mount(|| show_part(PartKind::Fragment, load, Box::new(content)))
}

#[wasm_bindgen_test]
async fn a_part_is_shown_when_it_has_come() {
    let stage = mount();
    assert_eq!(text_of(&stage.get("[role=status]")), "Loading…");
    settle().await;
    answer(Ok(()));
    settle().await;
    assert_eq!(stage.text(), "Here it is.");
    assert!(stage.find("[role=status]").is_none());
    // The next place that needs it has it at once.
    let other = Stage::mount_beside(|| show_part(PartKind::Fragment, load, Box::new(content)));
    assert_eq!(other.text(), "Here it is.");
}

#[wasm_bindgen_test]
async fn a_part_that_does_not_come_can_be_tried_again() {
    let stage = mount();
    settle().await;
    answer(Err(NotLoaded));
    settle().await;
    let failure = text_of(&stage.get("[role=alert]"));
    assert!(failure.contains("This part of the console could not be loaded."), "{failure}");
    press(&stage.button("Try again"));
    settle().await;
    assert_eq!((asked(), stage.text().as_str()), (1, "Loading…"));
    answer(Ok(()));
    settle().await;
    assert_eq!(stage.text(), "Here it is.");
}

#[wasm_bindgen_test]
async fn a_screen_has_a_heading_before_it_has_come() {
    nothing_is_there();
    let stage = Stage::mount(|| show_part(PartKind::Screen, load, Box::new(content)));
    assert_eq!(text_of(&stage.get("h1")), "Loading");
    settle().await;
    answer(Err(NotLoaded));
    settle().await;
    assert_eq!(text_of(&stage.get("h1")), "Not loaded");
    assert!(stage.find("[role=alert]").is_some());
}

/// Mounts a screen, and behind it one whose part is not there yet; the signal is whether the second is shown.
fn two_screens(second: RwSignal<bool>) -> Stage {
    nothing_is_there();
    let content = || content().map(|_| view! { <Screen heading="It">"Here it is."</Screen> }.into_any());
    Stage::mount(move || {
        provide_screens();
        move || match second.get() {
            false => view! { <Screen heading="First">""</Screen> }.into_any(),
            true => show_part(PartKind::Screen, load, Box::new(content)),
        }
    })
}

async fn begins_at(stage: &Stage, heading: &str) {
    until(&format!("“{heading}” has the focus"), || {
        stage.find("h1").is_some_and(|h1| text_of(&h1) == heading && has_focus(&h1))
    })
    .await;
    assert_eq!(document().title(), format!("{heading} · Credential Manager"));
}

/// The user is on the new screen from the beginning, whatever comes of it.
#[wasm_bindgen_test]
async fn a_screen_has_title_and_focus_before_it_has_come() {
    let second = RwSignal::new(false);
    let stage = two_screens(second);
    settle().await;
    second.set(true);
    begins_at(&stage, "Loading").await;
    answer(Err(NotLoaded));
    begins_at(&stage, "Not loaded").await;
    stage.button("Try again").focus().expect("focus");
    press(&stage.button("Try again"));
    begins_at(&stage, "Loading").await;
    answer(Err(NotLoaded));
    begins_at(&stage, "Not loaded").await;
    press(&stage.button("Try again"));
    settle().await;
    answer(Ok(()));
    begins_at(&stage, "It").await;
}

#[wasm_bindgen_test]
async fn the_first_screen_of_a_visit_leaves_the_focus_alone_when_it_has_come() {
    let stage = two_screens(RwSignal::new(true));
    settle().await;
    answer(Ok(()));
    until("the screen", || stage.says("Here it is.")).await;
    frames().await;
    assert!(!has_focus(&stage.get("h1")));
}

#[wasm_bindgen_test]
async fn nobody_waits_for_a_part_of_a_screen_that_is_gone() {
    let stage = mount();
    settle().await;
    stage.unmount();
    settle().await;
    assert!(!answer(Ok(())), "what waited has ended");
}

/// Mounts a button whose act needs the part.
fn mount_act() -> (Stage, RwSignal<u32>) {
    nothing_is_there();
    let done = RwSignal::new(0);
    let stage = Stage::mount(move || {
        let status = Status::provide();
        let act = move |()| when_loaded(load, status, move || done.update(|n| *n += 1));
        view! {
            <StatusRegion/>
            <Button label="Act" on_press=act/>
        }
    });
    (stage, done)
}

#[wasm_bindgen_test]
async fn an_act_waits_for_its_part() {
    let (stage, done) = mount_act();
    press(&stage.button("Act"));
    settle().await;
    assert_eq!(done.get_untracked(), 0);
    answer(Ok(()));
    settle().await;
    assert_eq!(done.get_untracked(), 1);
    // Now it is loaded, so the act runs at once.
    press(&stage.button("Act"));
    assert_eq!(done.get_untracked(), 2);
}

#[wasm_bindgen_test]
async fn an_act_without_its_part_is_said_not_to_be_done() {
    let (stage, done) = mount_act();
    press(&stage.button("Act"));
    settle().await;
    answer(Err(NotLoaded));
    settle().await;
    assert_eq!(done.get_untracked(), 0);
    let failure = text_of(&stage.get("[role=alert]"));
    assert!(failure.contains("This part of the console could not be loaded."), "{failure}");
}

#[wasm_bindgen_test]
async fn parts_are_loaded_ahead_one_after_the_other() {
    nothing_is_there();
    let no_frames = NoFrames::begin();
    load_ahead([load as LoadPart, load]);
    settle().await;
    // The effect of the last press is painted first.
    assert_eq!(asked(), 0);
    drop(no_frames);
    until("the first is asked for", || asked() == 1).await;
    // If one fails to load, the next is loaded all the same.
    answer(Err(NotLoaded));
    settle().await;
    assert_eq!(asked(), 1);
}

#[wasm_bindgen_test]
async fn what_is_ready_is_there_at_once() {
    assert_eq!(if_ready(async { 7 }), Some(7));
    assert_eq!(if_ready(std::future::pending::<u32>()), None);
}

part! {
    /// In the test's own WebAssembly.
    in part_of_tests;
    fn greeting(name: String) {
        view! { <p>"Hello " {name}</p> }
    }
}

/// In a build that is not split, as for tests and development.
#[wasm_bindgen_test]
async fn without_splitting_all_parts_are_there() {
    let stage = Stage::mount(|| greeting("Ada".to_owned()));
    assert_eq!(stage.text(), "Hello Ada");
    assert_eq!(if_ready(load_part!(part_of_tests)()), Some(Ok(())));
}

#[wasm_bindgen_test]
async fn what_folds_is_made_when_it_is_opened_and_stays() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let slot = seen.clone();
    let stage = Stage::mount(move || {
        let slot = send_wrapper(slot);
        let content = Callback::new(move |is_open: ReadSignal<bool>| {
            slot.with_value(|seen| seen.borrow_mut().push(is_open));
            view! { <p class="inside">"Inside"</p> }.into_any()
        });
        view! { <Fold summary="More" content=content/> }
    });
    settle().await;
    assert!(stage.find(".inside").is_none());
    let toggle = || press(&stage.get("summary"));
    toggle();
    settle().await;
    assert_eq!(stage.text(), "MoreInside");
    let is_open = seen.borrow()[0];
    assert!(is_open.get_untracked());
    toggle();
    settle().await;
    assert!(!is_open.get_untracked());
    toggle();
    settle().await;
    assert!(is_open.get_untracked() && stage.find(".inside").is_some());
    assert_eq!(seen.borrow().len(), 1, "made once");
}

/// For a callback, which must be `Send`; there is a single thread here.
fn send_wrapper<T: 'static>(value: T) -> StoredValue<T, LocalStorage> {
    StoredValue::new_local(value)
}

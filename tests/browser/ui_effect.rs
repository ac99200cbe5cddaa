//! Effects, tasks and timers.

use std::{cell::RefCell, rc::Rc, time::Duration};

use credmgr_console::ui::{Timer, effect, effect_with_last, spawn_in_scope};
use futures_channel::oneshot::channel;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Clock, Stage, settle};

/// Ordered notes, shared by the closures of a test.
#[derive(Clone, Default)]
struct Notes(Rc<RefCell<Vec<String>>>);

impl Notes {
    fn add(&self, note: String) {
        self.0.borrow_mut().push(note);
    }

    fn all(&self) -> Vec<String> {
        self.0.borrow().clone()
    }
}

#[wasm_bindgen_test]
async fn an_effect_runs_again_after_a_change_and_ends_with_its_scope() {
    let (signal, notes) = (RwSignal::new(1), Notes::default());
    let noted = notes.clone();
    let stage = Stage::mount(move || effect(move || noted.add(signal.get().to_string())));
    settle().await;
    signal.set(2);
    settle().await;
    stage.unmount();
    signal.set(3);
    settle().await;
    assert_eq!(notes.all(), ["1", "2"]);
}

#[wasm_bindgen_test]
async fn an_effect_is_told_what_it_answered_last() {
    let (signal, notes) = (RwSignal::new(1), Notes::default());
    let noted = notes.clone();
    let _stage = Stage::mount(move || {
        effect_with_last(move |last: Option<i32>| {
            let now = signal.get();
            noted.add(format!("{now} after {last:?}"));
            now
        });
    });
    settle().await;
    signal.set(2);
    settle().await;
    assert_eq!(notes.all(), ["1 after None", "2 after Some(1)"]);
}

#[wasm_bindgen_test]
async fn a_task_ends_with_its_scope() {
    Stage::clear();
    let notes = Notes::default();
    let waiting = |notes: &Notes| {
        let (noted, (tell, told)) = (notes.clone(), channel::<()>());
        let stage = Stage::mount_beside(move || {
            spawn_in_scope(async move {
                noted.add("begun".to_owned());
                let _ = told.await;
                noted.add("ended".to_owned());
            });
        });
        (stage, tell)
    };
    let (_stays, tell_stays) = waiting(&notes);
    let (goes, tell_goes) = waiting(&notes);
    settle().await;
    assert_eq!(notes.all(), ["begun", "begun"]);

    goes.unmount();
    settle().await;
    assert!(tell_goes.send(()).is_err(), "somebody still waits for it");
    tell_stays.send(()).expect("somebody waits for it");
    settle().await;
    assert_eq!(notes.all(), ["begun", "begun", "ended"]);
}

/// Mounts a timer on a stage of its own. The function that is returned sets it to add a note.
fn timer(notes: &Notes) -> (Stage, Timer, impl Fn(u64, &'static str)) {
    let made = Rc::new(RefCell::new(None));
    let slot = made.clone();
    let stage = Stage::mount(move || *slot.borrow_mut() = Some(Timer::new()));
    let timer = made.borrow().expect("the stage is there");
    let notes = notes.clone();
    let set = move |seconds, note: &'static str| {
        let noted = notes.clone();
        timer.set(Duration::from_secs(seconds), move || noted.add(note.to_owned()));
    };
    (stage, timer, set)
}

#[wasm_bindgen_test]
fn a_timer_does_what_it_was_set_to_do_last() {
    let (clock, notes) = (Clock::stopped(), Notes::default());
    let (_stage, timer, set) = timer(&notes);
    assert!(!timer.is_set());
    set(2, "first");
    clock.advance(Duration::from_secs(1));
    set(2, "second");
    clock.advance(Duration::from_secs(1));
    assert!(timer.is_set() && notes.all().is_empty());
    clock.advance(Duration::from_secs(1));
    assert_eq!(notes.all(), ["second"]);
    assert!(!timer.is_set());

    set(2, "third");
    timer.stop();
    assert!(!timer.is_set());
    clock.advance(Duration::from_secs(3));
    assert_eq!(notes.all(), ["second"]);
}

/// For announcements that cover everything that happens until then.
#[wasm_bindgen_test]
fn a_timer_that_is_set_may_be_left_as_it_is() {
    let (clock, notes) = (Clock::stopped(), Notes::default());
    let (_stage, timer, _) = timer(&notes);
    for note in ["first", "second"] {
        let noted = notes.clone();
        timer.set_unless_set(Duration::from_secs(2), move || noted.add(note.to_owned()));
        clock.advance(Duration::from_secs(1));
    }
    assert_eq!(notes.all(), ["first"]);
}

#[wasm_bindgen_test]
async fn a_timer_ends_with_its_scope() {
    let (clock, notes) = (Clock::stopped(), Notes::default());
    let (stage, timer, set) = timer(&notes);
    set(1, "before");
    stage.unmount();
    settle().await;
    assert!(!timer.is_set());
    set(1, "after");
    clock.advance(Duration::from_secs(2));
    assert_eq!(notes.all(), [""; 0]);
}

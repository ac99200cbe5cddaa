//! What runs on its own: effects and tasks.

use std::{cell::RefCell, rc::Rc};

use credmgr_console::ui::{effect, effect_with_last, spawn_in_scope};
use futures_channel::oneshot::channel;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Stage, settle};

/// What was noted, in order, by closures that share it.
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

//! Reading a signal that lives longer than its reader.

use std::{
    cell::Cell,
    rc::Rc,
    sync::{Arc, Mutex},
};

use credmgr_console::ui::{effect, follow};
use leptos::{
    prelude::*,
    reactive::graph::{AnySubscriber, Observer, ReactiveNode, Source},
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Stage, settle};

#[wasm_bindgen_test]
async fn a_change_reaches_whoever_follows() {
    let signal = RwSignal::new(1);
    let runs = Rc::new(Cell::new(0));
    let counter = runs.clone();
    let stage = Stage::mount(move || {
        effect(move || {
            follow(&signal);
            counter.set(counter.get() + 1);
        });
    });
    settle().await;
    assert_eq!(runs.get(), 1);
    signal.set(2);
    settle().await;
    assert_eq!(runs.get(), 2);
    // Again, since the first reader is unsubscribed by now.
    signal.set(3);
    settle().await;
    assert_eq!(runs.get(), 3);
    stage.unmount();
    signal.set(4);
    settle().await;
    assert_eq!(runs.get(), 3);
}

/// A signal that never changes and exposes its subscribers.
#[derive(Clone, Debug, Default)]
struct Listed(Arc<Mutex<Vec<AnySubscriber>>>);

impl Listed {
    fn number(&self) -> usize {
        self.0.lock().expect("one thread").len()
    }
}

impl Track for Listed {
    fn track(&self) {
        if let Some(reader) = Observer::get() {
            self.add_subscriber(reader);
        }
    }
}

impl Source for Listed {
    fn add_subscriber(&self, subscriber: AnySubscriber) {
        self.0.lock().expect("one thread").push(subscriber);
    }

    fn remove_subscriber(&self, subscriber: &AnySubscriber) {
        self.0.lock().expect("one thread").retain(|listed| listed != subscriber);
    }

    fn clear_subscribers(&self) {
        self.0.lock().expect("one thread").clear();
    }
}

impl ReactiveNode for Listed {
    fn mark_dirty(&self) {}

    fn mark_check(&self) {}

    fn mark_subscribers_check(&self) {}

    fn update_if_necessary(&self) -> bool {
        false
    }
}

/// Otherwise each visit of a screen leaves something behind for as long as the page lives.
#[wasm_bindgen_test]
async fn a_reader_that_ends_is_off_the_list_at_once() {
    let listed = Listed::default();
    for _ in 0..3 {
        let followed = listed.clone();
        let stage = Stage::mount(move || {
            effect(move || follow(&followed));
        });
        settle().await;
        assert_eq!(listed.number(), 1);
        stage.unmount();
        settle().await;
        assert_eq!(listed.number(), 0);
    }
}

//! Data that arrives later.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use credmgr_console::ui::{Load, load::load};
use futures_channel::oneshot;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Stage, settle};

type Answer = Result<&'static str, &'static str>;

/// The pending questions.
#[derive(Clone, Default)]
struct Questions(Rc<RefCell<HashMap<u32, oneshot::Sender<Answer>>>>);

impl Questions {
    fn ask(&self, number: u32) -> oneshot::Receiver<Answer> {
        let (sender, receiver) = oneshot::channel();
        self.0.borrow_mut().insert(number, sender);
        receiver
    }

    /// Answers one of them; `false` if nobody waits for it any more.
    fn answer(&self, number: u32, answer: Answer) -> bool {
        self.0.borrow_mut().remove(&number).expect("this was asked").send(answer).is_ok()
    }
}

/// Mounts what asks for `number`, and returns what it has loaded.
fn mount(number: RwSignal<u32>) -> (Stage, Questions, RwSignal<Load<&'static str, &'static str>>) {
    let questions = Questions::default();
    let loaded = Rc::new(RefCell::new(None));
    let (asked, slot) = (questions.clone(), loaded.clone());
    let stage = Stage::mount(move || {
        let new = load(move || {
            let answer = asked.ask(number.get());
            async move { answer.await.expect("the test answers") }
        });
        *slot.borrow_mut() = Some(new);
    });
    let loaded = loaded.borrow_mut().take().expect("it is mounted");
    (stage, questions, loaded)
}

#[wasm_bindgen_test]
async fn an_answer_is_shown() {
    let (_stage, questions, loaded) = mount(RwSignal::new(1));
    settle().await;
    assert_eq!(loaded.get_untracked(), Load::Loading);
    questions.answer(1, Ok("first"));
    settle().await;
    assert_eq!(loaded.get_untracked(), Load::Ready("first"));
}

#[wasm_bindgen_test]
async fn a_failure_is_shown() {
    let (_stage, questions, loaded) = mount(RwSignal::new(1));
    settle().await;
    questions.answer(1, Err("offline"));
    settle().await;
    assert_eq!(loaded.get_untracked(), Load::Failed("offline"));
}

#[wasm_bindgen_test]
async fn the_old_answer_stays_while_a_new_one_is_on_its_way() {
    let number = RwSignal::new(1);
    let (_stage, questions, loaded) = mount(number);
    settle().await;
    questions.answer(1, Ok("first"));
    settle().await;
    number.set(2);
    settle().await;
    assert_eq!(loaded.get_untracked(), Load::Ready("first"));
}

#[wasm_bindgen_test]
async fn a_newer_question_drops_the_older_one() {
    let number = RwSignal::new(1);
    let (_stage, questions, loaded) = mount(number);
    settle().await;
    number.set(2);
    settle().await;
    assert!(!questions.answer(1, Ok("first")), "the older question still waits");
    settle().await;
    assert_eq!(loaded.get_untracked(), Load::Loading);
    questions.answer(2, Ok("second"));
    settle().await;
    assert_eq!(loaded.get_untracked(), Load::Ready("second"));
}

#[wasm_bindgen_test]
async fn a_question_goes_away_with_its_screen() {
    let (stage, questions, _loaded) = mount(RwSignal::new(1));
    settle().await;
    stage.unmount();
    settle().await;
    assert!(!questions.answer(1, Ok("late")), "the question outlives its screen");
}

//! The question before the user leaves, such as "Leave without saving?".

use leptos::prelude::*;

use super::{Leaving, Loss};
use crate::{
    part,
    ui::{Button, ButtonStyle, Dialog, DialogKind, effect},
};

/// Asks the user who is about to lose something by leaving.
#[component]
pub fn LeaveQuestion() -> impl IntoView {
    let leaving = Leaving::expect();
    // What was in progress may have succeeded meanwhile: then there is nothing to ask.
    effect(move || {
        if !leaving.has_unsaved() {
            leaving.stay();
        }
    });
    // The loss may change while the question is open.
    let loss = Memo::new(move |_| if leaving.is_asking() { leaving.loss() } else { None });
    move || loss.get().map(question)
}

part! {
    in more;
    fn question(loss: Loss) {
        view! { <Question loss=loss/> }
    }
}

#[component]
fn Question(loss: Loss) -> impl IntoView {
    let leaving = Leaving::expect();
    let Loss { question, sentence } = loss;
    view! {
        <Dialog kind=DialogKind::Alert title=question.to_owned() on_close=move |()| leaving.stay()>
            <p class="dialog-words">{sentence}</p>
            <div class="dialog-buttons">
                <Button label="Stay" on_press=move |()| leaving.stay() autofocus=true/>
                <Button label="Leave" style=ButtonStyle::Danger on_press=move |()| leaving.leave()/>
            </div>
        </Dialog>
    }
}

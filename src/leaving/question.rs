//! "Leave without saving?"

use leptos::prelude::*;

use super::Leaving;
use crate::ui::{Button, ButtonStyle, Dialog, DialogKind};

/// Asks whoever is about to lose unsaved work.
#[component]
pub fn LeaveQuestion() -> impl IntoView {
    let leaving = Leaving::expect();
    // What was under way may have ended well meanwhile: then there is nothing to ask about.
    Effect::new(move || {
        if !leaving.has_unsaved() {
            leaving.stay();
        }
    });
    view! {
        <Show when=move || leaving.is_asking()>
            <Question/>
        </Show>
    }
}

#[component]
fn Question() -> impl IntoView {
    let leaving = Leaving::expect();
    let loss = untrack(|| leaving.loss()).unwrap_or_default();
    view! {
        <Dialog kind=DialogKind::Alert title="Leave without saving?".to_owned() on_close=move |()| leaving.stay()>
            <p>{loss}</p>
            <div class="dialog-buttons">
                <Button label="Stay" on_press=move |()| leaving.stay() autofocus=true/>
                <Button label="Leave" style=ButtonStyle::Danger on_press=move |()| leaving.leave()/>
            </div>
        </Dialog>
    }
}

//! "Open by ID": the way to a token that the list does not show, such as a disabled one.

use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use crate::{
    api::parse_id,
    leaving::Leaving,
    navigation::Navigation,
    routes::Route,
    ui::{Button, InputKind, TextField, focus_input},
};

/// A field for a token's ID.
#[component]
pub(in crate::tokens::list) fn OpenById() -> impl IntoView {
    let navigation = Navigation::expect();
    let leaving = Leaving::expect();
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let input = NodeRef::<Input>::new();
    let error = Signal::derive(move || wrong.get().then(|| "Enter a whole number.".to_owned()));
    let open = move |event: SubmitEvent| {
        event.prevent_default();
        match typed.with_untracked(|typed| parse_id(typed.trim())) {
            Some(id) => leaving.before(move || navigation.go(&Route::Token(id))),
            None => {
                wrong.set(true);
                focus_input(input);
            }
        }
    };
    view! {
        <form class="open-by-id" role="search" aria-label="Open a token" on:submit=open novalidate>
            <TextField label="Open by ID" value=typed kind=InputKind::Number error=error node_ref=input/>
            <Button label="Open" submit=true/>
        </form>
    }
}

//! A creation whose response did not say whether there is a token now: what is known, and what can be done.

use leptos::prelude::*;

use crate::{
    navigation::Navigation,
    routes::Route,
    tokens::model::unsure::Unsure,
    ui::{Button, LinkButton, ResultView, effect, timestamp},
};

/// Says what is known, and offers the next step.
#[component]
pub(super) fn UnsureView(
    /// What is known, if there is such a creation.
    unsure: RwSignal<Option<Unsure>>,
    /// Looks once more.
    #[prop(into)]
    on_find_out: Callback<()>,
    /// Whether the token is being looked for.
    #[prop(into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let navigation = Navigation::expect();
    let result = RwSignal::new(None);
    effect(move || result.set(unsure.with(|unsure| Some(unsure.as_ref()?.notice(&timestamp())))));
    let actions = move || {
        let unsure = unsure.get()?;
        match unsure.token() {
            Some(id) => {
                let href = navigation.href(&Route::Token(id));
                Some(view! { <LinkButton label="Open the token" href=href/> }.into_any())
            }
            None if unsure.in_doubt().is_some() => {
                Some(view! { <Button label="Check again" on_press=on_find_out busy=busy/> }.into_any())
            }
            None => None,
        }
    };
    view! { <ResultView result=result actions=actions/> }
}

//! A creation whose response did not say whether there is a token now: what is known, and what can be done.

use leptos::prelude::*;

use crate::{
    navigation::Navigation,
    routes::Route,
    tokens::model::unsure::Unsure,
    ui::{Button, LinkButton, NoticeView, timestamp},
};

/// Says what is known, and offers the next step.
#[component]
pub(super) fn UnsureView(
    /// What is known.
    unsure: Unsure,
    /// Looks once more.
    #[prop(into)]
    on_find_out: Callback<()>,
    /// Whether the token is being looked for.
    #[prop(into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let navigation = Navigation::expect();
    let notice = unsure.notice(&timestamp());
    let actions = move || match unsure.token() {
        Some(id) => {
            view! { <LinkButton label="Open the token" href=navigation.href(&Route::Token(id))/> }.into_any()
        }
        None if unsure.in_doubt().is_some() => {
            view! { <Button label="Check again" on_press=on_find_out busy=busy/> }.into_any()
        }
        None => ().into_any(),
    };
    view! { <NoticeView notice=notice live=true actions=actions/> }
}

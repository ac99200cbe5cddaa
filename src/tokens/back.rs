//! The way back, above a screen's heading.

use leptos::prelude::*;

use crate::{api::TokenId, navigation::Navigation, routes::Route};

/// The way back to the list.
#[component]
pub(super) fn BackToList() -> impl IntoView {
    back(&Route::HOME, "API tokens".into())
}

/// The way back to the token that a screen is about.
#[component]
pub(super) fn BackToToken(
    /// The token's number.
    id: TokenId,
    /// What it is called.
    name: String,
) -> impl IntoView {
    back(&Route::Token(id), name)
}

fn back(route: &Route, label: String) -> impl IntoView + use<> {
    let href = Navigation::expect().href(route);
    view! {
        <nav class="back" aria-label="Breadcrumb">
            <a href=href>{label}</a>
        </nav>
    }
}

//! The link back, above a screen's heading.

use leptos::prelude::*;

use crate::{api::TokenId, navigation::Navigation, routes::Route, tokens::cache::list_place::ListPlace};

/// The link back to the list, as it was left.
#[component]
pub(in crate::tokens) fn BackToList() -> impl IntoView {
    back(ListPlace::expect().href(), "API tokens".into())
}

/// The link back to the token that a screen is about.
#[component]
pub(in crate::tokens) fn BackToToken(
    /// The token's ID.
    id: TokenId,
    /// The token's name.
    name: String,
) -> impl IntoView {
    back(Navigation::expect().href(&Route::Token(id)), name)
}

fn back(href: String, label: String) -> impl IntoView + use<> {
    view! {
        <nav class="back" aria-label="Breadcrumb">
            <a href=href>{label}</a>
        </nav>
    }
}

//! Marks the token that the session is signed in with.

use leptos::prelude::*;

use crate::{api::TokenId, session::Session};

/// "This session", beside that token and no other.
#[component]
pub(super) fn SessionBadge(
    /// The token's number.
    id: TokenId,
) -> impl IntoView {
    let session = Session::expect();
    move || session.is_own(id).then(|| view! { " " <span class="badge badge-own">"This session"</span> })
}

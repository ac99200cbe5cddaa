//! Marks the token that the session is signed in with.

use leptos::prelude::*;

use crate::{api::TokenId, session::Session};

/// The badge's class.
pub(in crate::tokens) const BADGE: &str = "badge badge-own";
/// The badge's text.
pub(in crate::tokens) const THIS_SESSION: &str = "This session";

/// "This session", beside that token only.
#[component]
pub(in crate::tokens) fn SessionBadge(
    /// The token's ID.
    id: TokenId,
) -> impl IntoView {
    let session = Session::expect();
    move || session.is_credential_token(id).then(|| view! { " " <span class=BADGE>{THIS_SESSION}</span> })
}

/// Returns the class and the word of the badge that says whether a token is enabled.
pub(in crate::tokens) const fn status_badge(enabled: bool) -> (&'static str, &'static str) {
    if enabled { ("badge badge-on", "Enabled") } else { ("badge badge-off", "Disabled") }
}

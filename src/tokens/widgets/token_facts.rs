//! What cannot be changed about a token.

use leptos::prelude::*;

use crate::{api::Token, session::Session, tokens::cache::owners::Owners, ui::Time};

/// ID, owner, created, updated, last used.
#[component]
pub(in crate::tokens) fn TokenFacts(
    /// The token.
    token: Token,
) -> impl IntoView {
    let owners = Owners::expect();
    let session = Session::expect();
    let owner = token.owner_id;
    if untrack(|| session.user_id()) != Some(owner) {
        owners.ensure();
    }
    view! {
        <dl class="facts">
            <div><dt>"ID"</dt><dd class="mono">{token.id}</dd></div>
            <div><dt>"Owner"</dt><dd>{move || owners.label(owner)}</dd></div>
            <div><dt>"Created"</dt><dd><Time value=token.created clock=true relative=true/></dd></div>
            <div><dt>"Updated"</dt><dd><Time value=token.updated clock=true relative=true/></dd></div>
            <div>
                <dt>"Last used"</dt>
                <dd><Time value=token.last_used missing="Never" clock=true relative=true/></dd>
            </div>
        </dl>
    }
}

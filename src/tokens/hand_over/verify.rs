//! "Verify token": whether a token works, and for whom.

use leptos::prelude::*;

use super::verifying::Verifying;
use crate::{
    api::TokenId,
    session::Verified,
    tokens::model::verify::IS_A_USE,
    ui::{Button, ResultView, SecretRequest},
};

/// The button and, in place, the result.
///
/// The token is used beside the session. A failure to find out is shown as one, and not as a token that does not work.
#[component]
pub(in crate::tokens) fn VerifyToken(
    /// The token's ID.
    id: TokenId,
    /// The token's name.
    #[prop(into)]
    name: Signal<String>,
    /// Gets the secret; called for every press.
    source: impl Fn() -> SecretRequest + Send + Sync + 'static,
    /// Whether the token is enabled, if that is known.
    #[prop(optional, into)]
    enabled: Signal<Option<bool>>,
    /// Called when the server has accepted the token. Its "last used" has changed by then.
    #[prop(into)]
    on_verified: Callback<Verified>,
    /// Why the secret is not available, if it is not.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
) -> impl IntoView {
    let verifying = Verifying::begin(id, name, enabled, on_verified);
    let source = StoredValue::new(source);
    let press = move |()| verifying.verify(source.with_value(|source| source()));
    view! {
        <div class="verify">
            <Button label="Verify token" on_press=press busy=verifying.busy blocked=blocked/>
            <p class="field-hint">{IS_A_USE}</p>
        </div>
        <ResultView result=verifying.result/>
    }
}

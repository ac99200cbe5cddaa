//! "Token created": the hand-over of a new secret.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    api::CreatedToken,
    leaving::Leaving,
    navigation::Navigation,
    routes::Route,
    secret::Secret,
    tokens::{
        cache::{listing::Listing, row_details::RowDetails},
        hand_over::secret::HandOver,
        model::unsaved,
        widgets::{back::BackToList, token_facts::TokenFacts},
    },
    ui::{Button, ButtonStyle, Later, LinkButton, Screen},
};

/// Hands the secret over, without another request. The user is asked before leaving if it was neither copied nor
/// downloaded; [`HandOver`] says what counts.
#[component]
pub(super) fn CreatedScreen(
    /// The new token and its secret.
    created: Arc<CreatedToken>,
) -> impl IntoView {
    let leaving = Leaving::expect();
    let navigation = Navigation::expect();
    RowDetails::expect().learned(&created.token);
    Listing::expect().created(&created.token);
    let token = created.token.clone();
    let id = token.id;
    let secret: Arc<Secret> = Arc::new(created.secret.duplicate());
    let source = move || {
        let secret = secret.clone();
        Box::pin(async move { Ok(secret) }) as _
    };
    let handed = RwSignal::new(false);
    let name = token.name.clone();
    leaving.guard(Signal::derive(move || (!handed.get()).then(|| unsaved::of_secret(&name))));
    view! {
        <Screen heading="Token created" above=move || view! { <BackToList/> }>
            <div class="card stack">
                <p>
                    <strong>{token.name.clone()}</strong>
                    " is ready to use. Copy its secret to where it is needed, and nowhere else. You can see \
                     it again on the token's page if the server allows it."
                </p>
                <HandOver name=token.name.clone() source=source on_handed=move |()| handed.set(true)/>
                <Later>
                    <TokenFacts token=token.clone()/>
                </Later>
                <div class="form-buttons">
                    <Button
                        label="Done"
                        style=ButtonStyle::Primary
                        on_press=move |()| leaving.before(move || navigation.go(&Route::HOME))
                    />
                    <LinkButton label="Open the token's page" href=navigation.href(&Route::Token(id))/>
                </div>
            </div>
        </Screen>
    }
}

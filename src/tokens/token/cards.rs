//! The parts of a token's page: a card for each thing that is done with it.

use leptos::prelude::*;

use super::form::TokenForm;
use crate::{
    api::{Token, TokenId},
    session::{Session, permissions::Subject},
    tokens::{
        cache::known_tokens::KnownTokens,
        hand_over::verify::VerifyToken,
        model::{gate::TokenAction, own::DELETE_WARNING},
        requests::read::secret_to_show,
        rotation::RotateButton,
        widgets::{blocked::blocked, token_facts::TokenFacts},
    },
    ui::{Button, ButtonStyle, Card, SecretField, spawn_in_scope},
};

/// Name and status, to be changed.
#[component]
pub(super) fn SettingsCard(
    /// The token as the page knows it.
    seen: RwSignal<Token>,
) -> impl IntoView {
    let id = seen.with_untracked(|token| token.id);
    view! {
        <Card heading="Settings">
            <TokenForm seen=seen blocked=blocked(Session::expect(), TokenAction::Edit, Subject::Token(id))/>
        </Card>
    }
}

/// The secret, to be shown, copied and verified.
#[component]
pub(super) fn SecretCard(
    /// The token as the page knows it.
    seen: RwSignal<Token>,
) -> impl IntoView {
    let (session, known) = (Session::expect(), KnownTokens::expect());
    let id = seen.with_untracked(|token| token.id);
    let blocked = blocked(session, TokenAction::Reveal, Subject::Token(id));
    let source = move || Box::pin(secret_to_show(session, id)) as _;
    // Only its "last used" is updated on the page: the rest is what the form is compared with when it is saved.
    let look_at_use = move |_| {
        spawn_in_scope(async move {
            if let Ok(now) = session.read_token(id).await {
                known.learned(&now);
                seen.update(|token| token.last_used = now.last_used);
            }
        });
    };
    view! {
        <Card heading="Secret">
            <SecretField
                label="Token"
                source=source
                blocked=blocked
                conceal=Signal::derive(move || !session.is_active())
            />
            <VerifyToken
                id=id
                name=name_of(seen)
                source=source
                enabled=Signal::derive(move || Some(seen.with(|token| token.enabled)))
                on_verified=look_at_use
                blocked=blocked
            />
        </Card>
    }
}

/// What the server says about the token.
#[component]
pub(super) fn AboutCard(
    /// The token as the page knows it.
    seen: RwSignal<Token>,
) -> impl IntoView {
    view! { <Card heading="About">{move || view! { <TokenFacts token=seen.get()/> }}</Card> }
}

/// The way to a rotation.
#[component]
pub(super) fn RotateCard(
    /// The token as the page knows it.
    seen: RwSignal<Token>,
) -> impl IntoView {
    view! {
        <Card heading="Rotate">
            <p class="muted">"Replaces this token with a new one that has the same name and a new secret."</p>
            <RotateButton id=seen.with_untracked(|token| token.id) name=name_of(seen)/>
        </Card>
    }
}

/// The button that deletes the token.
#[component]
pub(super) fn DeleteCard(
    /// The token's ID.
    id: TokenId,
    /// Called when the button is pressed.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    let session = Session::expect();
    view! {
        <Card heading="Delete">
            <p class="muted">"Whatever uses the token stops working at once."</p>
            {move || session.is_credential_token(id).then(|| view! { <p>{DELETE_WARNING}</p> })}
            <Button
                label="Delete token"
                style=ButtonStyle::Danger
                on_press=on_press
                blocked=blocked(session, TokenAction::Delete, Subject::Token(id))
            />
        </Card>
    }
}

fn name_of(seen: RwSignal<Token>) -> Signal<String> {
    Signal::derive(move || seen.with(|token| token.name.clone()))
}

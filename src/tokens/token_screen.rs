//! `/tokens/{id}`: one token.

use leptos::prelude::*;

use super::{
    back::BackToList,
    blocked,
    delete_dialog::DeleteDialog,
    facts::Facts,
    known_tokens::KnownTokens,
    list_place::ListPlace,
    loaded_token::LoadedToken,
    model::{gate::Act, name::is_blank, own::DELETE_WARNING},
    read::secret_to_show,
    rotation::{RotateButton, RotationNotice},
    session_badge::SessionBadge,
    status_badge,
    token_form::TokenForm,
    verify_view::VerifyToken,
};
use crate::{
    api::{Token, TokenId},
    navigation::Navigation,
    session::{Session, permissions::Subject},
    ui::{Button, ButtonStyle, Later, Screen, SecretField, effect_with_last, spawn_in_scope},
};

/// One token: loading, refused, not there, failed, or its page.
#[component]
pub fn TokenScreen(
    /// The token's number.
    id: TokenId,
) -> impl IntoView {
    view! {
        <LoadedToken
            id=id
            heading=format!("Token {id}")
            above=move || view! { <BackToList/> }
            ready=move |token| view! { <Page token=token/> }.into_any()
        />
    }
}

#[component]
fn Page(token: Token) -> impl IntoView {
    let session = Session::expect();
    let (navigation, list) = (Navigation::expect(), ListPlace::expect());
    let known = KnownTokens::expect();
    let id = token.id;
    let seen = RwSignal::new(token);
    let deleting = RwSignal::new(false);
    // Signing in again may have been with another token, or with this one.
    effect_with_last(move |was_active: Option<bool>| {
        let is_active = session.is_active();
        if was_active == Some(false) && is_active && !session.is_costly() {
            spawn_in_scope(async move {
                // What the answer tells of the session's own token is all that is wanted.
                let _ = session.read_token(id).await;
            });
        }
        is_active
    });
    let blocked = move |act| blocked(session, act, Subject::Token(id));
    let source = move || Box::pin(secret_to_show(session, id)) as _;
    // Only its "last used" is taken over into the page: the form is compared with the rest when it is saved.
    let look_at_use = move |_| {
        spawn_in_scope(async move {
            if let Ok(now) = session.read_token(id).await {
                known.learned(&now);
                seen.update(|token| token.last_used = now.last_used);
            }
        });
    };
    let heading = move || {
        seen.with(|token| if is_blank(&token.name) { format!("Token {id}") } else { token.name.clone() })
    };
    let badge = move || status_badge(seen.with(|token| token.enabled));
    view! {
        <Screen
            heading=Signal::derive(heading)
            above=move || view! { <BackToList/> }
            actions=move || {
                view! {
                    <span>
                        <span class=move || badge().0>{move || badge().1}</span>
                        <SessionBadge id=id/>
                    </span>
                }
            }
        >
            <RotationNotice id=id/>
            <div class="columns">
                <div class="stack">
                    <section class="card stack" aria-labelledby="settings-heading">
                        <h2 id="settings-heading">"Settings"</h2>
                        <TokenForm seen=seen blocked=blocked(Act::Edit)/>
                    </section>
                    <Later>
                        <section class="card stack" aria-labelledby="secret-heading">
                            <h2 id="secret-heading">"Secret"</h2>
                            <SecretField
                                label="Token"
                                source=source
                                blocked=blocked(Act::Reveal)
                                conceal=Signal::derive(move || !session.is_active())
                            />
                            <VerifyToken
                                id=id
                                name=Signal::derive(move || seen.with(|token| token.name.clone()))
                                source=source
                                enabled=Signal::derive(move || Some(seen.with(|token| token.enabled)))
                                on_verified=look_at_use
                                blocked=blocked(Act::Reveal)
                            />
                        </section>
                    </Later>
                </div>
                <div class="stack">
                    <Later>
                        <section class="card stack" aria-labelledby="facts-heading">
                            <h2 id="facts-heading">"About"</h2>
                            {move || view! { <Facts token=seen.get()/> }}
                        </section>
                        <section class="card stack" aria-labelledby="rotate-heading">
                            <h2 id="rotate-heading">"Rotate"</h2>
                            <p class="muted">"Gives what uses the token a new secret, step by step."</p>
                            <RotateButton
                                id=id
                                name=Signal::derive(move || seen.with(|token| token.name.clone()))
                            />
                        </section>
                        <section class="card stack" aria-labelledby="delete-heading">
                            <h2 id="delete-heading">"Delete"</h2>
                            <p class="muted">"Whatever uses the token stops working at once."</p>
                            {move || session.is_own(id).then(|| view! { <p>{DELETE_WARNING}</p> })}
                            <Button
                                label="Delete token"
                                style=ButtonStyle::Danger
                                on_press=move |()| deleting.set(true)
                                blocked=blocked(Act::Delete)
                            />
                        </section>
                    </Later>
                </div>
            </div>
            <Show when=move || deleting.get()>
                <DeleteDialog
                    id=id
                    name=seen.with_untracked(|token| token.name.clone())
                    on_close=move |()| deleting.set(false)
                    on_deleted=move |()| navigation.go(&list.route())
                />
            </Show>
        </Screen>
    }
}

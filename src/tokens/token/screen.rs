//! `/tokens/{id}`: one token.

use leptos::prelude::*;

use super::cards::{AboutCard, DeleteCard, RotateCard, SecretCard, SettingsCard};
use crate::{
    api::{Token, TokenId},
    navigation::Navigation,
    session::Session,
    tokens::{
        cache::list_place::ListPlace,
        model::name::is_blank,
        rotation::RotationNotice,
        widgets::{
            back::BackToList,
            badges::{SessionBadge, status_badge},
            delete_dialog::DeleteDialog,
            loaded_token::LoadedToken,
        },
    },
    ui::{Later, Screen, Status, effect_with_last, leave_screen, spawn_in_scope},
};

/// One token: loading, refused, not found, failed, or its page.
#[component]
pub fn TokenScreen(
    /// The token's ID.
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
    let (navigation, list, status) = (Navigation::expect(), ListPlace::expect(), Status::expect());
    let id = token.id;
    let seen = RwSignal::new(token);
    let deleting = RwSignal::new(false);
    learn_whose_it_is_after_signing_in(id);
    let heading = move || {
        seen.with(|token| match &token.name {
            name if is_blank(name) => format!("Token {id}"),
            name => name.clone(),
        })
    };
    view! {
        <Screen
            heading=Signal::derive(heading)
            above=move || view! { <BackToList/> }
            actions=move || view! { <Badges seen=seen/> }
        >
            <RotationNotice id=id/>
            <div class="columns">
                <div class="stack">
                    <SettingsCard seen=seen/>
                    <Later>
                        <SecretCard seen=seen/>
                    </Later>
                </div>
                <div class="stack">
                    <Later>
                        <AboutCard seen=seen/>
                        <RotateCard seen=seen/>
                        <DeleteCard id=id on_press=move |()| deleting.set(true)/>
                    </Later>
                </div>
            </div>
            <Show when=move || deleting.get()>
                <DeleteDialog
                    id=id
                    name=seen.with_untracked(|token| token.name.clone())
                    on_close=move |()| deleting.set(false)
                    on_deleted=move |notice| {
                        leave_screen();
                        status.show(notice);
                        navigation.go(&list.route());
                    }
                />
            </Show>
        </Screen>
    }
}

/// The status of the token at a glance, beside the heading.
#[component]
fn Badges(seen: RwSignal<Token>) -> impl IntoView {
    let status = move || status_badge(seen.with(|token| token.enabled));
    view! {
        <span>
            <span class=move || status().0>{move || status().1}</span>
            <SessionBadge id=seen.with_untracked(|token| token.id)/>
        </span>
    }
}

/// Reads the token after the user has signed in again, perhaps with this one: the response tells whether it is the
/// credential token.
fn learn_whose_it_is_after_signing_in(id: TokenId) {
    let session = Session::expect();
    effect_with_last(move |was_active: Option<bool>| {
        let is_active = session.is_active();
        if was_active == Some(false) && is_active && !session.is_costly() {
            spawn_in_scope(async move {
                // Only what the response tells about the credential token is wanted.
                let _ = session.read_token(id).await;
            });
        }
        is_active
    });
}

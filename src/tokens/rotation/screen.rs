//! `/tokens/{id}/rotate`: beginning a rotation, and going on with one.

use leptos::prelude::*;

use super::{Rotations, progress::Progress, start::Start};
use crate::{
    api::TokenId,
    navigation::Navigation,
    routes::Route,
    tokens::{
        model::name::called,
        widgets::{back::BackToToken, loaded_token::LoadedToken},
    },
    ui::effect,
};

/// The rotation of a token: its progress, or the form that begins it.
#[component]
pub fn RotateScreen(
    /// The token's ID.
    id: TokenId,
) -> impl IntoView {
    let rotations = Rotations::expect();
    let navigation = Navigation::expect();
    let old = Memo::new(move |_| rotations.old_of(id));
    // A rotation has one address: that of its old token.
    effect(move || {
        if let Some(old) = old.get().filter(|old| *old != id) {
            navigation.replace(&Route::Rotate(old));
        }
    });
    move || match old.get() {
        Some(old) if old == id => view! { <Progress old=old/> }.into_any(),
        Some(_) => ().into_any(),
        None => view! {
            <LoadedToken
                id=id
                heading=format!("Rotate token {id}")
                above=move || view! { <BackToToken id=id name=called("", id)/> }
                ready=move |token| view! { <Start token=token/> }.into_any()
            />
        }
        .into_any(),
    }
}

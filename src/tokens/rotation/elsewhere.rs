//! What other screens show of a rotation.

use leptos::prelude::*;

use super::{Rotations, start::rotation_blocked};
use crate::{
    api::TokenId,
    leaving::Leaving,
    navigation::Navigation,
    routes::Route,
    ui::{Button, LinkButton, Notice, NoticeView, Tone},
};

/// The badge text of a token that is in the middle of a rotation.
pub(in crate::tokens) const IN_ROTATION: &str = "In rotation";

/// "Rotate token", on a token's page.
#[component]
pub(in crate::tokens) fn RotateButton(
    /// The token's ID.
    id: TokenId,
    /// The token's name.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let navigation = Navigation::expect();
    let leaving = Leaving::expect();
    view! {
        <Button
            label="Rotate token"
            on_press=move |()| leaving.before(move || navigation.go(&Route::Rotate(id)))
            blocked=rotation_blocked(id, name)
        />
    }
}

/// The notice on a token's page that the token is in the middle of a rotation, and which part it has in it.
#[component]
pub(in crate::tokens) fn RotationNotice(
    /// The token's ID.
    id: TokenId,
) -> impl IntoView {
    let rotations = Rotations::expect();
    let navigation = Navigation::expect();
    move || {
        rotations.of(id).map(|record| {
            let part = if record.old == id {
                "It is the old one, which is being replaced"
            } else {
                "It is the new one"
            };
            let notice = Notice::new(Tone::Info, "This token is being rotated.")
                .with_text(format!("{part}. Continue or undo the rotation."));
            let href = navigation.href(&Route::Rotate(record.old));
            let actions = move || view! { <LinkButton label="Go to the rotation" href=href.clone()/> };
            view! { <NoticeView notice=notice live=true actions=actions/> }
        })
    }
}

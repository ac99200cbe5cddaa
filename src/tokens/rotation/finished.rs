//! How a rotation ended.

use leptos::prelude::*;

use super::{End, Rotation, Rotations};
use crate::{
    api::TokenId,
    navigation::Navigation,
    routes::Route,
    tokens::{
        cache::list_place::ListPlace,
        model::{
            name::{called, subject},
            rotation::words,
        },
    },
    ui::{LinkButton, Notice, Tone, focus_main_heading},
};

/// The result, shown in a region that is read out, and where to go from here.
#[component]
pub(super) fn Finished(
    /// The token that was replaced, or was to be replaced.
    old: TokenId,
    /// How the rotation ended.
    end: End,
    /// Where the result is shown.
    result: RwSignal<Option<Notice>>,
) -> impl IntoView {
    let navigation = Navigation::expect();
    let rotations = Rotations::expect();
    let record = untrack(|| rotations.with_live(old, |live| live.rotation.record().clone()));
    let name = record.as_ref().map(|record| called(&record.name, old)).unwrap_or_default();
    let undone = record.as_ref().map(|record| words::undone(record, &name)).unwrap_or_default();
    let new = record.and_then(|record| record.new);
    // A token that the user may not delete, or chose to keep.
    let stays = |which: &str, token: fn(&Rotation) -> Option<(TokenId, String)>| {
        let token = untrack(|| rotations.with_live(old, |live| token(&live.shown))).flatten();
        let Some((id, name)) = token else { return String::new() };
        let found = if rotations.known.recent.has(id) {
            " You can find it under “Recently disabled” in the list."
        } else {
            ""
        };
        format!(" The {which} one stays, disabled: {}.{found}", subject(&name, id))
    };
    let (notice, token) = match end {
        End::Replaced => (
            Notice::new(Tone::Success, format!("“{name}” was rotated."))
                .with_text("The new token works, and the old one is deleted."),
            new,
        ),
        End::Kept => {
            let kept =
                stays("old", |rotation| Some((rotation.record().old, rotation.old().values()?.name.clone())));
            (
                Notice::new(Tone::Success, format!("“{name}” was rotated."))
                    .with_text(format!("The new token works.{kept}")),
                new,
            )
        }
        End::Undone => {
            let kept = stays("new", |rotation| rotation.left_behind().cloned());
            (
                Notice::new(Tone::Success, "The rotation was undone.").with_text(format!("{undone}{kept}")),
                Some(old),
            )
        }
        End::Forgotten => (
            Notice::new(Tone::Info, "The rotation was forgotten.").with_text("The tokens stay as they are."),
            new.or(Some(old)),
        ),
    };
    result.set(Some(notice));
    on_cleanup(move || {
        result.try_set(None);
    });
    // The button that was pressed is gone.
    focus_main_heading();
    view! {
        <div class="form-buttons">
            {token.map(|id| view! {
                <LinkButton label="Open the token's page" href=navigation.href(&Route::Token(id))/>
            })}
            <LinkButton label="Go to the list" href=ListPlace::expect().href()/>
        </div>
    }
}

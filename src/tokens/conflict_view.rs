//! A token that somebody else has changed meanwhile: mine or theirs.

use leptos::prelude::*;

use super::{
    editing::{Conflict, Editing},
    model::{edit::Values, name::isolated},
};
use crate::ui::Button;

/// The choice between mine and theirs, per field. Choosing puts the value into the form; saving then starts from what
/// the server has now.
#[component]
pub(super) fn ConflictView(
    /// The form.
    editing: Editing,
    /// The differences.
    conflict: Conflict,
) -> impl IntoView {
    let Conflict { kept, theirs } = conflict;
    let (server, mine) = (Values::of(&theirs), untrack(|| editing.wanted()));
    let name_differs = (server.name != mine.name).then(|| {
        format!("Name: the server has “{}”, you have “{}”.", isolated(&server.name), isolated(&mine.name))
    });
    let status_differs = (server.enabled != mine.enabled).then(|| {
        let word = |enabled: bool| if enabled { "enabled" } else { "disabled" };
        format!("Status: the server has “{}”, you have “{}”.", word(server.enabled), word(mine.enabled))
    });
    let both_differ = name_differs.is_some() && status_differs.is_some();
    let theirs = StoredValue::new(theirs);
    let take = move |their_name: bool, their_status: bool| {
        move |()| {
            let theirs = theirs.get_value();
            if their_name {
                editing.name.set(theirs.name.clone());
            }
            if their_status {
                editing.enabled.set(theirs.enabled);
            }
            editing.rebase(theirs);
        }
    };
    view! {
        <div class="notice notice-failure" role="alert">
            <div class="notice-words">
                <p class="notice-title">{kept.words()}</p>
                <ul>
                    {name_differs.map(|words| view! { <li>{words}</li> })}
                    {status_differs.map(|words| view! { <li>{words}</li> })}
                </ul>
                <div class="form-buttons">
                    <Button label="Keep my changes" on_press=take(false, false)/>
                    <Button label="Use their values" on_press=take(true, true)/>
                    {both_differ.then(|| view! {
                        <Button label="Use only their name" on_press=take(true, false)/>
                        <Button label="Use only their status" on_press=take(false, true)/>
                    })}
                </div>
            </div>
        </div>
    }
}

//! A token that somebody else has changed meanwhile.

use leptos::prelude::*;

use super::editing::{Conflict, Editing};
use crate::{tokens::model::name::isolated, ui::Button};

/// Says that the user's changes are not on the server yet.
pub(super) const LEFT_TO_SAVE: &str = "Your changes are still here. Save them again.";

/// What somebody else has changed. A name that both have changed is a choice between mine and theirs, which puts the
/// name into the form; saving then starts from what the server has now.
#[component]
pub(super) fn ConflictView(
    /// The form.
    editing: Editing,
    /// The differences.
    conflict: Conflict,
) -> impl IntoView {
    let Conflict { kept, theirs, merge } = conflict;
    let names = merge.names.map(|(server, mine)| {
        format!("Name: the server has “{}”, you have “{}”.", isolated(&server), isolated(&mine))
    });
    let choice = names.is_some();
    let is_left_to_save = !choice && merge.form != merge.seen;
    let theirs = StoredValue::new(theirs);
    let take = move |is_name_theirs: bool| {
        move |()| {
            let theirs = theirs.get_value();
            if is_name_theirs {
                editing.name.set(theirs.name.clone());
            }
            editing.rebase(theirs);
        }
    };
    view! {
        <div class="notice notice-failure" role="alert">
            <div class="notice-words">
                <p class="notice-title">{kept.words()}</p>
                <ul>
                    {names.map(|words| view! { <li>{words}</li> })}
                    {merge.theirs.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}
                    {is_left_to_save.then(|| view! { <li>{LEFT_TO_SAVE}</li> })}
                </ul>
                {choice.then(|| view! {
                    <div class="form-buttons">
                        <Button label="Keep my name" on_press=take(false)/>
                        <Button label="Use their name" on_press=take(true)/>
                    </div>
                })}
            </div>
        </div>
    }
}

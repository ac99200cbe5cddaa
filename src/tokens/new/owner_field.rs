//! The field for the owner of a new token.

use leptos::{html, prelude::*};
use web_sys::Element;

use crate::{
    session::Session,
    tokens::{cache::owners::Owners, model::users::Directory},
    ui::{Choice, InputKind, SelectField, TextField, focus_element},
};

/// A picker by user name where users may be listed, otherwise a field for the ID: if the server does not list its
/// users, the user may still be allowed to create tokens for others.
#[component]
pub(super) fn OwnerField(
    /// The owner's ID as text; empty for the signed-in user.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// The select, for a caller that moves the focus.
    select_ref: NodeRef<html::Select>,
    /// The input, for a caller that moves the focus.
    input_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let session = Session::expect();
    let owners = Owners::expect();
    owners.ensure_recent();
    let me = move || {
        session
            .identity()
            .with(|identity| identity.as_ref().map(|identity| identity.label.clone()))
            .unwrap_or_default()
    };
    let choices = move || {
        let (me, own, chosen) = (me(), session.user_id(), value.get());
        let owners = owners.directory().with(|directory| directory.owners(own, &me, &chosen));
        owners.into_iter().map(|(value, label)| Choice { value, label }).collect::<Vec<_>>()
    };
    let why_by_number = Memo::new(move |_| owners.directory().with(Directory::why_by_number));
    let hint = Signal::derive(move || {
        let is_coming = |directory: &Directory| matches!(directory, Directory::Unasked | Directory::Loading);
        owners.directory().with(is_coming).then(|| "Loading the users…".to_owned())
    });
    view! {
        {move || if let Some(why) = why_by_number.get() {
            take_over_focus(select_ref, input_ref);
            view! {
                <TextField
                    label="Owner"
                    value=value
                    kind=InputKind::Number
                    hint=format!("A user's ID. Leave empty for yourself. {why}")
                    error=error
                    node_ref=input_ref
                />
            }
                .into_any()
        } else {
            view! {
                <SelectField
                    label="Owner"
                    value=value
                    choices=Signal::derive(choices)
                    hint=hint
                    error=error
                    node_ref=select_ref
                />
            }
                .into_any()
        }}
    }
}

/// Moves the focus from the select to the input that replaces it.
fn take_over_focus(select_ref: NodeRef<html::Select>, input_ref: NodeRef<html::Input>) {
    let had_focus = select_ref.get_untracked().is_some_and(|select| {
        document().active_element().as_ref() == Some(AsRef::<Element>::as_ref(&select))
    });
    if had_focus {
        // When the input is on the page.
        request_animation_frame(move || {
            if let Some(Some(input)) = input_ref.try_get_untracked() {
                focus_element(&input);
            }
        });
    }
}

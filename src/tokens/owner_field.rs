//! Whose token it will be.

use leptos::{html, prelude::*};
use web_sys::Element;

use super::{Owners, model::users::Directory};
use crate::{
    session::Session,
    ui::{Choice, InputKind, SelectField, TextField, focus_element},
};

/// A picker by user name where users may be listed, a field for the number where they are not: that the server tells nobody's
/// name does not say that one may not create tokens for others. `value` is the owner's number, empty for oneself.
#[component]
pub(super) fn OwnerField(
    /// The owner's number as text; empty for oneself.
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
    owners.ensure();
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
                    hint=format!("A user's ID; empty for yourself. {why}")
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

/// The input takes the place of the select: whoever was at that goes on in this.
fn take_over_focus(select_ref: NodeRef<html::Select>, input_ref: NodeRef<html::Input>) {
    let had_focus = select_ref.get_untracked().is_some_and(|select| {
        document().active_element().as_ref() == Some(AsRef::<Element>::as_ref(&select))
    });
    if had_focus {
        // When it is in the page.
        request_animation_frame(move || {
            if let Some(Some(input)) = input_ref.try_get_untracked() {
                focus_element(&input);
            }
        });
    }
}

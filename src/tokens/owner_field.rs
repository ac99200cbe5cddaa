//! Whose token it will be.

use leptos::{html, prelude::*};

use super::{
    Owners,
    model::{name::isolated, users::Directory},
};
use crate::{
    session::Session,
    ui::{Choice, InputKind, SelectField, TextField},
};

/// A picker by user name where users may be listed; otherwise oneself; a field for the number where the
/// look-up is not available. `value` is the owner's number, empty for oneself.
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
    let myself = move || Choice { value: String::new(), label: format!("{} (you)", isolated(&me())) };
    let others = move || match owners.directory().get() {
        Directory::Known(users) => users,
        _ => Vec::new(),
    };
    let choices = move || {
        let own = session.user_id();
        let others = others().into_iter().filter(|user| Some(user.id) != own).map(|user| Choice {
            value: user.id.to_string(),
            label: format!("{} (ID {})", isolated(&user.username), user.id),
        });
        std::iter::once(myself()).chain(others).collect::<Vec<_>>()
    };
    let why_by_number = Memo::new(move |_| {
        owners.directory().with(|directory| match directory {
            Directory::Unavailable => Some("There is no list of this server's users."),
            Directory::Failed => Some("The server's users could not be loaded."),
            _ => None,
        })
    });
    let hint = Signal::derive(move || {
        owners.directory().with(|directory| match directory {
            Directory::Unasked | Directory::Loading => Some("Loading the users…".to_owned()),
            Directory::NotPermitted => Some("You can create tokens for yourself only.".to_owned()),
            Directory::Known(_) | Directory::Unavailable | Directory::Failed => None,
        })
    });
    view! {
        {move || if let Some(why) = why_by_number.get() {
            view! {
                <TextField
                    label="Owner"
                    value=value
                    kind=InputKind::Number
                    hint=format!("The ID of the user it is for; empty for yourself. {why}")
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

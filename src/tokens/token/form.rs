//! Name and "Enabled" of a token, and saving them.

use std::ops::Not;

use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    conflict::{ConflictView, LEFT_TO_SAVE},
    editing::Editing,
};
use crate::{
    api::Token,
    session::Session,
    tokens::model::{draft::name_remark, own::enabled_hint},
    ui::{Button, ButtonStyle, Notice, NoticeView, Switch, TextField, Tone, When},
};

/// The form. What was typed stays until the server has it.
#[component]
pub(super) fn TokenForm(
    /// The token as it was last seen on the server.
    seen: RwSignal<Token>,
    /// Why it cannot be changed, if it cannot.
    #[prop(into)]
    blocked: Signal<Option<String>>,
) -> impl IntoView {
    let session = Session::expect();
    let editing = Editing::begin(seen, blocked);
    let Editing { name, enabled, complaint, failed, conflict, was_offline, busy, name_input, .. } = editing;
    let id = seen.with_untracked(|token| token.id);
    let enabled_hint = move || {
        Some(enabled_hint(session.is_credential_token(id), &editing.before(), &editing.wanted()).to_owned())
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        editing.submit();
    };
    view! {
        <form class="form" on:submit=submit novalidate>
            <TextField
                label="Name"
                value=name
                hint=Signal::derive(move || name.with(|name| name_remark(name)))
                error=complaint
                read_only=Signal::derive(move || blocked.with(Option::is_some))
                node_ref=name_input
            />
            <Switch label="Enabled" value=enabled hint=Signal::derive(enabled_hint) blocked=blocked/>
            {move || failed.get().map(|notice| {
                let reload = move || was_offline.get_untracked().not().then(|| view! {
                    <Button
                        label="Reload token"
                        style=ButtonStyle::Quiet
                        on_press=move |()| editing.look()
                        busy=busy
                    />
                });
                view! { <NoticeView notice=notice live=true actions=reload/> }
            })}
            {move || conflict.get().map(|conflict| {
                view! { <ConflictView editing=editing conflict=conflict/> }
            })}
            <When is=Signal::derive(move || editing.is_left_to_save())>
                <NoticeView notice=Notice::new(Tone::Info, LEFT_TO_SAVE) live=true/>
            </When>
            <div class="form-buttons">
                <Button label="Save changes" style=ButtonStyle::Primary submit=true busy=busy blocked=blocked/>
            </div>
        </form>
    }
}

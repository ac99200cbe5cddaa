//! `/tokens/new`: creating a token, and handing over its secret.

use std::sync::Arc;

use leptos::{ev::SubmitEvent, prelude::*};

use super::{created::CreatedScreen, creating::Creating, owner_field::OwnerField, unsure::UnsureView};
use crate::{
    api::CreatedToken,
    tokens::{
        cache::list_place::ListPlace,
        model::draft::{DraftErrors, LENGTH_MAX, LENGTH_MIN, name_remark},
        widgets::back::BackToList,
    },
    ui::{
        Button, ButtonStyle, LinkButton, Notice, NoticeView, NumberWithSlider, Screen, TextField, Tone,
        effect, focus_element,
    },
};

/// The form, and afterwards the new token. The secret of the new token lives in this screen only: leaving it, or
/// signing in as another user, drops it.
#[component]
pub fn NewScreen() -> impl IntoView {
    let created = RwSignal::new(None::<Arc<CreatedToken>>);
    move || match created.get() {
        None => view! { <Form created=created/> }.into_any(),
        Some(created) => view! { <CreatedScreen created=created/> }.into_any(),
    }
}

#[component]
fn Form(created: RwSignal<Option<Arc<CreatedToken>>>) -> impl IntoView {
    let creating = Creating::begin(created);
    let Creating { name, owner, length, failed, unsure, busy, inputs, .. } = creating;
    // The user has come here to type a name. A screen reader says that it is for a new token, since that is the name of
    // the form.
    effect(move || {
        if let Some(name) = inputs.name.get() {
            focus_element(&name);
        }
    });
    let name_hint = move || {
        let remark = name.with(|name| name_remark(name));
        remark.or_else(|| Some("What uses it, and where. At least 3 characters.".to_owned()))
    };
    let error_of = move |field: fn(&DraftErrors) -> &Option<String>| {
        Signal::derive(move || creating.errors.with(|errors| field(errors).clone()))
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        creating.submit();
    };
    view! {
        <Screen heading="New token" above=move || view! { <BackToList/> }>
            {move || creating.is_restored.get().then(|| {
                let notice = Notice::new(Tone::Info, "Your draft was restored.");
                let actions = move || view! { <Button label="Clear" on_press=move |()| creating.clear()/> };
                view! { <NoticeView notice=notice live=true actions=actions/> }
            })}
            <form class="form card" aria-label="New token" on:submit=submit novalidate>
                <TextField
                    label="Name"
                    value=name
                    hint=Signal::derive(name_hint)
                    error=error_of(|errors| &errors.name)
                    node_ref=inputs.name
                />
                <OwnerField
                    value=owner
                    error=error_of(|errors| &errors.owner_id)
                    select_ref=inputs.owner_select
                    input_ref=inputs.owner
                />
                <NumberWithSlider
                    label="Length"
                    value=length
                    min=LENGTH_MIN
                    max=LENGTH_MAX
                    hint=format!("Characters in the secret, {LENGTH_MIN} to {LENGTH_MAX}.")
                    error=error_of(|errors| &errors.length)
                    node_ref=inputs.length
                />
                {move || failed.get().map(|notice| view! { <NoticeView notice=notice live=true/> })}
                <UnsureView unsure=unsure on_find_out=move |()| creating.look_again() busy=busy/>
                <div class="form-buttons">
                    <Button
                        label="Create token"
                        style=ButtonStyle::Primary
                        submit=true
                        busy=busy
                        blocked=Signal::derive(move || creating.obstacle())
                    />
                    <LinkButton label="Cancel" href=ListPlace::expect().href()/>
                </div>
            </form>
        </Screen>
    }
}

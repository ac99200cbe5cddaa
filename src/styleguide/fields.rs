//! Fields to type in or choose from.

use leptos::prelude::*;

use super::Subheading;
use crate::ui::{Card, Choice, FieldMessage, InputKind, NumberWithSlider, SelectField, TextField};

fn typed(text: &str) -> RwSignal<String> {
    RwSignal::new(text.to_owned())
}

fn some(text: &str) -> Signal<Option<String>> {
    Signal::stored(Some(text.to_owned()))
}

#[component]
pub(super) fn Fields() -> impl IntoView {
    view! {
        <Card heading="Fields">
            <div class="columns">
                <div class="stack">
                    <Subheading words="Text"/>
                    <States/>
                    <Message/>
                </div>
                <div class="stack">
                    <Subheading words="Kinds of text"/>
                    <Kinds/>
                </div>
                <div class="stack">
                    <Subheading words="Lists"/>
                    <Lists/>
                </div>
                <div class="stack">
                    <Subheading words="Numbers"/>
                    <Numbers/>
                </div>
            </div>
        </Card>
    }
}

#[component]
fn States() -> impl IntoView {
    view! {
        <TextField label="Empty" value=typed("")/>
        <TextField label="With a hint" value=typed("ci-pipeline") hint=some("What it is for, and where it lives.")/>
        <TextField
            label="With an error"
            value=typed("ci")
            hint=some("At least three characters.")
            error=some("The name is too short: two characters.")
        />
        <TextField label="Read only" value=typed("ci-pipeline") read_only=true/>
    }
}

/// The line below a field, for controls that are composed of other elements.
#[component]
fn Message() -> impl IntoView {
    view! {
        <div class="field">
            <label for="styleguide-own">"A control of one's own"</label>
            <input id="styleguide-own" class="input" placeholder="Placeholder" aria-describedby="styleguide-own-hint"/>
            <FieldMessage id="styleguide-own-hint".to_owned() text=some("Its hint.")/>
        </div>
    }
}

#[component]
fn Kinds() -> impl IntoView {
    view! {
        <TextField label="Search" value=typed("pipeline") kind=InputKind::Search/>
        <TextField label="Number" value=typed("42") kind=InputKind::Number/>
        <TextField label="Username" value=typed("alice") kind=InputKind::Username/>
        <TextField label="Password" value=typed("correct horse") kind=InputKind::CurrentPassword/>
        <TextField label="Secret" value=typed("battery staple") kind=InputKind::Secret/>
    }
}

#[component]
fn Lists() -> impl IntoView {
    let owners = || {
        let owner =
            |(value, label): (&str, &str)| Choice { value: value.to_owned(), label: label.to_owned() };
        Signal::stored([("1", "alice"), ("2", "bob"), ("3", "carol")].map(owner).to_vec())
    };
    view! {
        <SelectField label="Owner" value=typed("2") choices=owners() hint=some("Who answers for it.")/>
        <SelectField
            label="Owner, with an error"
            value=typed("3")
            choices=owners()
            error=some("There is no such user any more.")
        />
    }
}

#[component]
fn Numbers() -> impl IntoView {
    view! {
        <NumberWithSlider label="Length" value=typed("32") min=16 max=128 hint=some("Characters in the secret.")/>
        <NumberWithSlider
            label="Length, with an error"
            value=typed("512")
            min=16
            max=128
            error=some("At most 128 characters.")
        />
    }
}

//! A choice from a list, with the browser's own control: it supports type-ahead, scrolls, and is a wheel on a phone.

use leptos::{html::Select, prelude::*};
use web_sys::HtmlSelectElement;

use super::{
    append,
    effect::effect_with_last,
    field::{Complaint, FieldMessage, described_by},
    field_value::FieldValue,
    set_attribute, unique_id,
};

/// One of the choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value that is stored.
    pub value: String,
    /// The label for the user.
    pub label: String,
}

/// A labelled select.
#[component]
pub fn SelectField(
    /// The label.
    label: &'static str,
    /// The value of the selected choice.
    #[prop(into)]
    value: FieldValue,
    /// The choices.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// A hint that is always shown.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong with the choice.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The element, for callers that move the focus.
    #[prop(optional)]
    node_ref: NodeRef<Select>,
) -> impl IntoView {
    let id = unique_id("select");
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described_by = described_by(hint, error, &hint_id, &error_id);
    // Written to the DOM, not made of views: the list has some forty choices, and each would be a view with an effect
    // of its own.
    effect_with_last(move |before: Option<Option<Vec<Choice>>>| {
        let select = node_ref.get()?;
        let choices = choices.get();
        if before.flatten().as_ref() != Some(&choices) {
            select.set_text_content(None);
            choices.iter().for_each(|choice| write(&select, choice));
        }
        value.with(|value| {
            let place = choices.iter().position(|choice| choice.value == *value);
            // A value that is not among the choices shows as the first one, as in any select.
            select.set_selected_index(place.and_then(|place| i32::try_from(place).ok()).unwrap_or(0));
        });
        Some(choices)
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                node_ref=node_ref
                id=id
                class="input"
                on:change:target=move |event| value.enter(event.target().value())
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
            ></select>
            <FieldMessage id=hint_id text=hint/>
            <Complaint id=error_id text=error/>
        </div>
    }
}

fn write(select: &HtmlSelectElement, choice: &Choice) {
    if let Some(option) = append(select, "option", "", &choice.label) {
        set_attribute(&option, "value", &choice.value);
    }
}

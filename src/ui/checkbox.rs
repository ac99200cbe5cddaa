//! A checkbox.

use leptos::prelude::*;

use super::{FieldMessage, unique_id};

/// A labelled checkbox.
#[component]
pub fn Checkbox(
    /// The label: what ticking the box means.
    label: &'static str,
    /// Whether it is ticked.
    value: RwSignal<bool>,
    /// An explanation.
    #[prop(optional)]
    hint: Option<&'static str>,
) -> impl IntoView {
    let hint = hint.map(|text| (unique_id("hint"), Signal::stored(Some(text.to_owned()))));
    let hint_id = hint.as_ref().map(|(id, _)| id.clone());
    let class = hint.is_some().then_some("field");
    view! {
        <div class=class>
        <label class="checkbox">
            <input
                type="checkbox"
                aria-describedby=hint_id
                prop:checked=move || value.get()
                on:change:target=move |event| value.set(event.target().checked())
            />
            {label}
        </label>
        {hint.map(|(id, text)| view! { <FieldMessage id=id text=text/> })}
        </div>
    }
}

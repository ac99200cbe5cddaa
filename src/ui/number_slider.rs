//! A number with a slider beside it.

use leptos::{html::Input, prelude::*};

use super::{
    field::{Complaint, FieldMessage, described_by},
    unique_id,
};

/// A number that can be typed or set with a slider. The text input is the labelled control; the slider follows it and
/// is named after it. While the typed text is not a valid number, the slider stays where it was.
#[component]
pub fn NumberWithSlider(
    /// The label.
    label: &'static str,
    /// The text of the number.
    value: RwSignal<String>,
    /// The smallest number.
    min: u32,
    /// The largest number.
    max: u32,
    /// A hint that is always shown.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// What is wrong with the value.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The text input, for callers that move the focus.
    #[prop(optional)]
    node_ref: NodeRef<Input>,
) -> impl IntoView {
    let id = unique_id("number");
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described_by = described_by(hint, error, &hint_id, &error_id);
    let slid = Memo::new(move |before: Option<&u32>| {
        let typed = value.with(|value| value.trim().parse().ok()).filter(|n| (min..=max).contains(n));
        typed.or(before.copied()).unwrap_or(min)
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="slider-line">
                <input
                    node_ref=node_ref
                    id=id
                    class="input input-number"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    prop:value=move || value.get()
                    on:input:target=move |event| value.set(event.target().value())
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described_by
                />
                <input
                    class="slider"
                    type="range"
                    aria-label=format!("{label} slider")
                    min=min
                    max=max
                    prop:value=move || slid.get().to_string()
                    on:input:target=move |event| value.set(event.target().value())
                />
            </div>
            <FieldMessage id=hint_id text=hint/>
            <Complaint id=error_id text=error/>
        </div>
    }
}

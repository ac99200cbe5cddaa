//! A box to tick.

use leptos::prelude::*;

/// A labelled checkbox.
#[component]
pub fn Checkbox(
    /// What one agrees to by ticking it.
    label: &'static str,
    /// Whether it is ticked.
    value: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <label class="checkbox">
            <input
                type="checkbox"
                prop:checked=move || value.get()
                on:change:target=move |event| value.set(event.target().checked())
            />
            {label}
        </label>
    }
}

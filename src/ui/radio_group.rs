//! A group of radio buttons.

use leptos::prelude::*;

use super::unique_id;

/// A group of radio buttons, each of which stands for a value.
#[component]
pub fn RadioGroup<T>(
    /// The label of the group.
    label: &'static str,
    /// The chosen value.
    value: RwSignal<T>,
    /// The values with their labels.
    options: Vec<(T, &'static str)>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let name = unique_id("radio");
    let radios: Vec<_> = options
        .into_iter()
        .map(|(option, words)| {
            view! {
                <label class="radio">
                    <input
                        type="radio"
                        name=name.clone()
                        prop:checked=move || value.get() == option
                        on:change=move |_| value.set(option)
                    />
                    {words}
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="radio-group">
            <legend>{label}</legend>
            <div class="radio-options">{radios}</div>
        </fieldset>
    }
}

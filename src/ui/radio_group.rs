//! One of a few.

use leptos::prelude::*;

use super::unique_id;

/// A group of radio buttons, each with the value that it stands for.
#[component]
pub fn RadioGroup<T>(
    /// What one chooses.
    label: &'static str,
    /// The chosen one.
    value: RwSignal<T>,
    /// What there is to choose from, with its words.
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

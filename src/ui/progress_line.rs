//! The progress of something that has a known end.

use leptos::prelude::*;

use super::count;

/// A bar and "12 of 60". Visual only: users of a screen reader are told of the beginning and the end.
#[component]
pub fn ProgressLine(
    /// How many are done.
    #[prop(into)]
    done: Signal<usize>,
    /// How many there are in all.
    #[prop(into)]
    total: Signal<usize>,
) -> impl IntoView {
    view! {
        <p class="progress-line" aria-hidden="true">
            <progress max=move || total.get().to_string() prop:value=move || done.get() as u32></progress>
            <span>{move || format!("{} of {}", count(done.get()), count(total.get()))}</span>
        </p>
    }
}

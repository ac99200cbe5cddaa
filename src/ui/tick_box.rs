//! A checkbox without a visible label, as in a table: its row says what it selects.

use leptos::{ev::MouseEvent, html::Input, prelude::*};

use super::effect::effect;

/// A checkbox whose state belongs to the caller: it shows the state and reports presses.
#[component]
pub fn TickBox(
    /// The accessible name.
    #[prop(into)]
    label: String,
    /// Whether it is ticked.
    #[prop(into)]
    ticked: Signal<bool>,
    /// Whether it stands for several items, some of which are ticked.
    #[prop(optional, into)]
    mixed: Option<Signal<bool>>,
    /// Called on a press, with whether Shift was held.
    #[prop(into)]
    on_press: Callback<bool>,
) -> impl IntoView {
    let node_ref = NodeRef::<Input>::new();
    if let Some(mixed) = mixed {
        effect(move || {
            let is_mixed = mixed.get();
            if let Some(input) = node_ref.get() {
                input.set_indeterminate(is_mixed);
            }
        });
    }
    view! {
        // Presses beside the small box count as well.
        <label class="tick-box">
            <input
                node_ref=node_ref
                type="checkbox"
                aria-label=label
                prop:checked=move || ticked.get()
                on:click=move |event: MouseEvent| on_press.run(event.shift_key())
            />
        </label>
    }
}

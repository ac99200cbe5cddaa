//! A checkbox without words beside it, as in a table: what it selects is said by its row.

use leptos::{ev::MouseEvent, html::Input, prelude::*};

use super::effect::effect;

/// A checkbox whose state is somebody else's: it shows it, and says when it is pressed.
#[component]
pub fn TickBox(
    /// What it is called.
    #[prop(into)]
    label: String,
    /// Whether it is ticked.
    #[prop(into)]
    ticked: Signal<bool>,
    /// Whether it stands for several, of which some are ticked.
    #[prop(optional, into)]
    mixed: Option<Signal<bool>>,
    /// It was pressed; says whether with Shift.
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
        // Pressing beside the small box counts as well.
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

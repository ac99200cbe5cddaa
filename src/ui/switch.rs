//! An on/off switch.

use leptos::prelude::*;

use super::{FieldMessage, unique_id};

/// A switch: the browser's checkbox in another style, so Space, labels and forms work as usual. A blocked one keeps its
/// place and its value, and says why.
#[component]
pub fn Switch(
    /// The label.
    label: &'static str,
    /// Whether it is on.
    value: RwSignal<bool>,
    /// An explanation of the setting.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// Why the value cannot be changed, if it cannot.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
) -> impl IntoView {
    let id = unique_id("switch");
    let hint_id = format!("{id}-hint");
    let text = Signal::derive(move || blocked.get().or_else(|| hint.get()));
    let describes = hint_id.clone();
    view! {
        <div class="field">
            <span class="switch-line">
                <input
                    id=id.clone()
                    class="switch"
                    type="checkbox"
                    role="switch"
                    prop:checked=move || value.get()
                    aria-disabled=move || blocked.with(Option::is_some).then_some("true")
                    aria-describedby=move || text.with(|t| t.is_some().then(|| describes.clone()))
                    // A checkbox has no read-only state: cancelling the click restores its value.
                    on:click=move |event| {
                        if blocked.with_untracked(Option::is_some) {
                            event.prevent_default();
                        }
                    }
                    on:change:target=move |event| value.set(event.target().checked())
                />
                <label for=id>{label}</label>
            </span>
            <FieldMessage id=hint_id text=text/>
        </div>
    }
}

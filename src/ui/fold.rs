//! Something that unfolds.

use leptos::prelude::*;

use super::When;

/// A card of which there is only the summary until somebody opens it. Its content is made when that happens first, and
/// stays: what was begun in it goes on while it is closed.
#[component]
pub fn Fold(
    /// What is always there.
    summary: &'static str,
    /// What is in it; told whether it is open.
    content: Callback<ReadSignal<bool>, AnyView>,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let was_opened = Memo::new(move |before: Option<&bool>| before == Some(&true) || is_open.get());
    view! {
        <details class="card more" on:toggle:target=move |event| is_open.set(event.target().has_attribute("open"))>
            <summary>{summary}</summary>
            <When is=was_opened>{content.run(is_open.read_only())}</When>
        </details>
    }
}

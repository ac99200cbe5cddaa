//! A card that expands.

use leptos::prelude::*;

use super::When;

/// A card of which only the summary is shown until the user opens it. The content is created when it is first opened,
/// and stays: what was begun in it goes on while it is closed.
#[component]
pub fn Fold(
    /// The text that is always shown.
    summary: &'static str,
    /// Creates the content; gets a signal of whether the card is open.
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

//! A card on a screen.

use leptos::prelude::*;

use super::unique_id;

/// A card: a `section` with a heading that names it.
#[component]
pub fn Card(
    /// The heading.
    heading: &'static str,
    /// The content below the heading.
    children: Children,
) -> impl IntoView {
    let id = unique_id("card");
    let named_by = id.clone();
    view! {
        <section class="card stack" aria-labelledby=named_by>
            <h2 id=id>{heading}</h2>
            {children()}
        </section>
    }
}

//! Content that may appear after the first paint.

use leptos::{children::ChildrenFn, prelude::*};

use super::{schedule::after_paint, when::When};

/// Shows its children once the rest is painted. Neither the rest nor the children keep a slow machine busy for long in
/// one piece; several of these appear one after the other.
#[component]
pub fn Later(
    /// The content to show.
    children: ChildrenFn,
) -> impl IntoView {
    let painted = RwSignal::new(false);
    // The screen may be gone by then.
    after_paint(move || {
        painted.try_set(true);
    });
    view! { <When is=painted>{children()}</When> }
}

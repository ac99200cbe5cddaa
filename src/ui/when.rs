//! Conditional content.

use leptos::{children::ChildrenFn, prelude::*};

/// Shows its children while `is` is true. Leptos's `Show` is compiled anew for each use; this component is not.
#[component]
pub fn When(
    /// Whether the children are shown.
    #[prop(into)]
    is: Signal<bool>,
    /// The children.
    children: ChildrenFn,
) -> impl IntoView {
    // Makes them anew only if the value has changed.
    let is = Memo::new(move |_| is.get());
    move || is.get().then(|| children())
}

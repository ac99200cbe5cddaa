//! Something that is there at times.

use leptos::{children::ChildrenFn, prelude::*};

/// Shows its children while something is so. Leptos's `Show` is compiled anew for each use; this is not.
#[component]
pub fn When(
    /// Whether they are there.
    #[prop(into)]
    is: Signal<bool>,
    /// What is there then.
    children: ChildrenFn,
) -> impl IntoView {
    // Only a change of it makes them anew.
    let is = Memo::new(move |_| is.get());
    move || is.get().then(|| children())
}

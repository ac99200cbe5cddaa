//! What a screen may begin without.

use std::time::Duration;

use leptos::{children::ChildrenFn, prelude::*};

use super::when::When;

/// Shows its children once what stands without them is painted. Neither that nor they keep a slow machine busy for long in one
/// piece: several of these come each by itself.
#[component]
pub fn Later(
    /// What is there then.
    children: ChildrenFn,
) -> impl IntoView {
    let painted = RwSignal::new(false);
    // The screen may be gone by then.
    after_paint(move || {
        painted.try_set(true);
    });
    view! { <When is=painted>{children()}</When> }
}

/// Does something once what is in the page now is painted: what nobody waits for is not to keep them from seeing what they
/// have just asked for.
pub fn after_paint(act: impl FnOnce() + 'static) {
    // A callback of a frame runs before that is painted, and a timer that it sets after it.
    request_animation_frame(move || set_timeout(act, Duration::ZERO));
}

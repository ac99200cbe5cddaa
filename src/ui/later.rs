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
    // A callback of a frame runs before that is painted, and a timer that it sets after it. The screen may be gone by then.
    request_animation_frame(move || {
        set_timeout(
            move || {
                painted.try_set(true);
            },
            Duration::ZERO,
        );
    });
    view! { <When is=painted>{children()}</When> }
}

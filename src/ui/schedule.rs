//! Work that leaves the browser time to paint or to react first.

use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

/// Calls `act` once the current state of the page is painted, so that work which is not urgent does not delay what the
/// user has just asked for.
pub fn after_paint(act: impl FnOnce() + 'static) {
    // A frame callback runs before the frame is painted, and a timer set in it runs after that.
    request_animation_frame(move || set_timeout(act, Duration::ZERO));
}

/// Continues in a task of its own, so that handling a response and what it leads to (a new screen, the next requests)
/// do not add up to one task of more than 50 ms (DESIGN.md section 5).
pub async fn next_task() {
    TimeoutFuture::new(0).await;
}

//! Changes that nobody is to feel below them.

use leptos::{prelude::*, task::spawn_local};
use web_sys::Element;

/// So far, in pixels, what stays in sight (style/widgets/status.css) may begin above the window.
const HELD: f64 = 32.0;

/// Makes a change above the screen, such as showing a notice, and leaves the screen where it is in the window: the page is
/// scrolled by as much as the change would move it, as far as there is something above it to scroll away. Somebody may be
/// about to press there.
pub fn in_place(change: impl FnOnce()) {
    let before = place();
    change();
    keep(before);
}

/// A screen, and where it begins in the window.
fn place() -> Option<(Element, f64)> {
    let screen = document().query_selector(".screen").ok().flatten()?;
    let top = screen.get_bounding_client_rect().top();
    Some((screen, top))
}

fn keep(before: Option<(Element, f64)>) {
    // Behind what draws the change, and before anything is painted.
    spawn_local(async move {
        let Some((screen, before)) = before.filter(|(screen, _)| screen.is_connected()) else { return };
        let moved = screen.get_bounding_client_rect().top() - before;
        // Not so far that the change itself is out of the window.
        let moved = if before > 0.0 { moved.min(before + HELD) } else { moved };
        window().scroll_by_with_x_and_y(0.0, moved);
    });
}

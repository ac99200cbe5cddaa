//! Changes that do not move what is below them.

use leptos::{prelude::*, task::spawn_local};
use web_sys::Element;

/// Makes a change above the screen, such as showing a notice, and keeps the screen where it is in the window, since the
/// user may be about to press something there. The page is scrolled by as much as the change would move the screen,
/// unless that would scroll away a notice that does not stay in sight.
pub fn in_place(change: impl FnOnce()) {
    let before = place();
    change();
    keep(before);
}

/// Returns the screen and its top edge in the window.
fn place() -> Option<(Element, f64)> {
    let screen = document().query_selector(".screen").ok().flatten()?;
    let top = screen.get_bounding_client_rect().top();
    Some((screen, top))
}

fn keep(before: Option<(Element, f64)>) {
    // After the task that renders the change, and before anything is painted.
    spawn_local(async move {
        let Some((screen, before)) = before.filter(|(screen, _)| screen.is_connected()) else { return };
        let moved = screen.get_bounding_client_rect().top() - before;
        window().scroll_by_with_x_and_y(0.0, moved);
        if before > 0.0 {
            window().scroll_by_with_x_and_y(0.0, scrolled_away(&screen));
        }
    });
}

/// Returns how far above the window the highest notice above a screen begins, in pixels, as a negative number. A notice
/// that stays in sight while the page scrolls (style/widgets/status.css) never does.
fn scrolled_away(screen: &Element) -> f64 {
    let mut highest = 0.0_f64;
    let mut above = screen.previous_element_sibling();
    while let Some(element) = above {
        if let Ok(Some(notice)) = element.query_selector(".notice") {
            highest = highest.min(notice.get_bounding_client_rect().top());
        }
        above = element.previous_element_sibling();
    }
    highest
}

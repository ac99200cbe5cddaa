//! Changes that nobody is to feel below them.

use leptos::{prelude::*, task::spawn_local};
use web_sys::Element;

/// Makes a change above the screen, such as showing a notice, and leaves the screen where it is in the window: the page is
/// scrolled by as much as the change would move it, unless a notice that does not stay in sight would be scrolled away by that.
/// Somebody may be about to press there.
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
        window().scroll_by_with_x_and_y(0.0, moved);
        if before > 0.0 {
            window().scroll_by_with_x_and_y(0.0, scrolled_away(&screen));
        }
    });
}

/// How far above the window the highest notice above a screen begins, in pixels, as a number below zero. One that stays in sight
/// while the page scrolls (style/widgets/status.css) never does.
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

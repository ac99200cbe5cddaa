//! What the page shows before the console has started (drawn by `index.html` and `web/first_page.js`), and what is kept
//! of it: the first rows of the list, until the console has its own.

use std::cell::RefCell;

use leptos::prelude::{document, request_animation_frame};
use web_sys::Element;

thread_local! {
    static ROWS: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// Removes what was drawn from the page. Its rows are kept for the first frame of the console only: if that frame does
/// not show the list, the next list may be another user's.
pub fn remove() {
    if let Some(starting) = document().get_element_by_id("starting") {
        let rows = starting.query_selector("tbody").ok().flatten();
        ROWS.set(rows.filter(|rows| rows.query_selector("a").is_ok_and(|name| name.is_some())));
        starting.remove();
        request_animation_frame(|| ROWS.set(None));
    }
}

/// Takes the rows that were drawn, in the element that contains them. `None` after the first call.
pub fn rows() -> Option<Element> {
    ROWS.take()
}

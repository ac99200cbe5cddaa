//! Where the keyboard is.

use leptos::{
    html::{Input, P},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Puts the focus on an element. Elements that no longer take part are passed over silently: there is
/// nothing anyone could do about it.
pub fn focus_element(element: &HtmlElement) {
    let _ = element.focus();
}

/// Puts the focus on a field, if it is on the screen; says whether it is.
pub fn focus_input(input: NodeRef<Input>) -> bool {
    input.get_untracked().inspect(|input| focus_element(input)).is_some()
}

/// Puts the focus on the heading of the screen, when what had it is gone and nothing near it is left.
pub fn focus_main_heading() {
    // After this tick, when what is going away has gone.
    request_animation_frame(|| {
        let heading = document().query_selector("h1").ok().flatten();
        if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
            focus_element(&heading);
        }
    });
}

/// Puts the focus on an element, if what had it is gone.
pub fn focus_if_lost(element: NodeRef<P>) {
    // After this tick, when what is going away has gone.
    request_animation_frame(move || {
        if is_focus_lost()
            && let Some(Some(element)) = element.try_get_untracked()
        {
            focus_element(&element);
        }
    });
}

/// Takes the focus from what has it in the screen that is about to be replaced. Browsers do that by themselves, but in
/// the middle of the change: then they lay out the old screen and the new one together, once more than it takes.
pub(super) fn leave_screen() {
    if let Some(element) = focused_element()
        && element.closest("main").is_ok_and(|main| main.is_some())
    {
        let _ = element.blur();
    }
}

/// Puts the focus on the heading of a new screen with its first frame: a focus waits for the layout, which there is then
/// anyway. Whoever has put it into that screen meanwhile keeps it.
pub(super) fn focus_unless_taken(heading: HtmlElement) {
    request_animation_frame(move || {
        let is_taken = focused_element().is_some_and(|element| {
            let screen = heading.closest(".screen").ok().flatten();
            screen.is_some_and(|screen| screen.contains(Some(&element)))
        });
        if !is_taken {
            focus_element(&heading);
        }
    });
}

/// Gives the focus back to what has it now, if a change of the page that is about to come takes it away and leaves the
/// element where it is, or moves it: browsers take the focus from what is moved.
pub fn keep_focus() {
    if let Some(element) = focused_element().filter(|_| !is_focus_lost()) {
        give_focus_back(element);
    }
}

/// Puts the focus on an element that is still there, if what had it in the meantime is gone.
pub(super) fn give_focus_back(element: HtmlElement) {
    // After this tick, when what is going away has gone, and nothing is inert because of it.
    request_animation_frame(move || {
        if is_focus_lost() && element.is_connected() {
            focus_element(&element);
        }
    });
}

/// The element that has the focus now, to give it back later.
pub(super) fn focused_element() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Whether nothing has the focus: what had it is gone.
fn is_focus_lost() -> bool {
    focused_element().is_none_or(|element| element.tag_name() == "BODY")
}

//! Keyboard focus.

use std::cell::RefCell;

use leptos::{
    html::{Input, P},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{
    Event, FocusOptions, HtmlElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition,
};

use super::{EventPhase, listen};

/// Selects the elements that Tab stops at.
const PLACES: &str =
    ":is(a[href], button, input, select, textarea, summary, [tabindex='0']):not([tabindex='-1'], :disabled)";

/// Selects the containers within which the focus is handed on.
const SCOPES: &str = "dialog, .screen";

thread_local! {
    /// The element of the screen that last had the focus. Used when an element beside the screen, such as a notice, is
    /// removed.
    static LAST: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// Keeps track of the focus while the current reactive scope lives. Also keeps a held-down Enter from pressing more
/// than one button: the button that appears in its place may do the opposite.
pub fn watch_focus() {
    listen(&document(), "focusin", EventPhase::Bubble, |event: Event| {
        if let Some(element) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok())
            && element.closest(".screen").is_ok_and(|screen| screen.is_some())
        {
            LAST.set(Some(element));
        }
    });
    listen(&document(), "keydown", EventPhase::Capture, |event: KeyboardEvent| {
        let is_button = || focused_element().is_some_and(|element| element.tag_name() == "BUTTON");
        if event.repeat() && event.key() == "Enter" && is_button() {
            event.prevent_default();
        }
    });
}

/// Focuses an element. Silently ignores elements that are no longer in the page: nothing could be done about it.
pub fn focus_element(element: &HtmlElement) {
    let _ = element.focus();
}

/// Scrolls no further than needed to show an element.
pub fn bring_into_view(element: &web_sys::Element) {
    let nearest = ScrollIntoViewOptions::new();
    nearest.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&nearest);
}

/// Focuses a field, if it is in the page. Returns whether it is.
pub fn focus_input(input: NodeRef<Input>) -> bool {
    input.get_untracked().inspect(|input| focus_element(input)).is_some()
}

/// Focuses the first element that Tab stops at within `selector`, or the heading of the screen if there is none. Does
/// not scroll for users of a mouse.
pub fn focus_first_in(selector: &str) {
    let is_looked_for = focused_element().is_none_or(|here| is_focus_visible(&here));
    let scope = document().query_selector(selector).ok().flatten();
    let first = scope.and_then(|scope| places(&scope, is_visible).into_iter().next());
    if let Some(place) = first.or_else(main_heading) {
        focus_quietly(&place, is_looked_for);
    }
}

/// Whether the browser shows that an element has the focus, as it does for keyboard users.
fn is_focus_visible(element: &HtmlElement) -> bool {
    element.matches(":focus-visible").unwrap_or(true)
}

/// Focuses an element, and scrolls there only if the user is looking for it.
fn focus_quietly(place: &HtmlElement, is_looked_for: bool) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(!is_looked_for);
    // If the element cannot be focused, the focus stays where it is.
    let _ = place.focus_with_options(&options);
}

/// Focuses the heading of the screen, for use when the focused element is gone and nothing near it is left.
pub fn focus_main_heading() {
    // In the next frame, when the elements to be removed are gone.
    request_animation_frame(|| {
        if let Some(heading) = main_heading() {
            focus_element(&heading);
        }
    });
}

fn main_heading() -> Option<HtmlElement> {
    document().query_selector("h1").ok().flatten()?.dyn_into().ok()
}

/// Focuses an element, if the focused one is gone.
pub fn focus_if_lost(element: NodeRef<P>) {
    // In the next frame, when the elements to be removed are gone.
    request_animation_frame(move || {
        if is_focus_lost()
            && let Some(Some(element)) = element.try_get_untracked()
        {
            focus_element(&element);
        }
    });
}

/// Takes the focus away from the screen that is about to be replaced. Browsers do that by themselves, but in the middle
/// of the change, which costs one more layout, of the old and the new screen together. Best called before anything
/// changes: taking the focus away forces a layout as well, if one is due.
pub fn leave_screen() {
    if let Some(element) = focused_element()
        && element.closest("main").is_ok_and(|main| main.is_some())
    {
        // If the element does not give up the focus, it loses it with its screen.
        let _ = element.blur();
    }
}

/// Focuses the heading of a new screen in its first frame: focusing forces a layout, which is due then anyway. If the
/// user has moved the focus into that screen meanwhile, it stays there.
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

/// If an element that is about to be removed has the focus, hands it on to the element that follows in the tab order,
/// or to the previous one if none follows. In a dialog the focus goes to the element that has it first, which does no
/// harm; for an element beside the screen, to where it last was in the screen. A user of the mouse is not looking for
/// the focus: then it goes to the heading, where no key does anything but scroll.
pub(super) fn hand_focus_on(element: &HtmlElement) {
    if focused_element().as_ref() != Some(element) {
        return;
    }
    let is_looked_for = is_focus_visible(element);
    let scope = element.closest(SCOPES).ok().flatten();
    // Visible or not: telling would force a layout in the middle of a change.
    let before: Vec<_> = scope
        .as_ref()
        .map(|scope| places(scope, |_| true))
        .unwrap_or_default()
        .into_iter()
        .take_while(|place| place != element)
        .collect();
    // In the next frame, when the element is gone and another may have appeared.
    request_animation_frame(move || {
        // A closed dialog gives the focus back by itself, and a new screen takes it.
        if !is_focus_lost() || scope.as_ref().is_some_and(|scope| !scope.is_connected()) {
            return;
        }
        let place = match scope {
            Some(_) if !is_looked_for => None,
            Some(scope) if scope.tag_name() == "DIALOG" => {
                let first = scope.query_selector("[autofocus]").ok().flatten();
                first
                    .and_then(|first| first.dyn_into().ok())
                    .or_else(|| places(&scope, is_visible).into_iter().next())
            }
            Some(scope) => {
                let mut places = places(&scope, is_visible);
                let last =
                    before.iter().rev().find_map(|before| places.iter().position(|place| place == before));
                let next = last.map_or(0, |last| last + 1).min(places.len().saturating_sub(1));
                (!places.is_empty()).then(|| places.swap_remove(next))
            }
            None => LAST.take().filter(|last| last.is_connected()),
        };
        if let Some(place) = place.or_else(main_heading) {
            focus_quietly(&place, is_looked_for);
        }
    });
}

/// Returns the elements within `scope` that Tab stops at if `is_wanted` does not exclude them, in their order.
fn places(scope: &web_sys::Element, is_wanted: fn(&HtmlElement) -> bool) -> Vec<HtmlElement> {
    let Ok(found) = scope.query_selector_all(PLACES) else { return Vec::new() };
    let elements = (0..found.length()).filter_map(|index| found.get(index)?.dyn_into::<HtmlElement>().ok());
    elements.filter(is_wanted).collect()
}

/// Whether an element is visible. Forces a layout.
fn is_visible(element: &HtmlElement) -> bool {
    element.offset_width() > 0
}

/// Hands the focus on if it is within `place`, all of which is about to be removed.
pub fn hand_focus_on_from(place: &web_sys::Element) {
    if let Some(element) = focused_element().filter(|element| place.contains(Some(element))) {
        hand_focus_on(&element);
    }
}

/// Gives the focus back to the element that has it, if the coming change of the page takes it away and leaves the
/// element where it is, or moves it: browsers take the focus from elements that are moved.
pub fn keep_focus() {
    if let Some(element) = focused_element().filter(|_| !is_focus_lost()) {
        give_focus_back(element);
    }
}

/// Focuses an element that is still in the page, if the focus is lost.
pub(super) fn give_focus_back(element: HtmlElement) {
    // In the next frame, when the elements to be removed are gone and nothing is inert because of them.
    request_animation_frame(move || {
        if is_focus_lost() && element.is_connected() {
            focus_element(&element);
        }
    });
}

/// Returns the element that has the focus, to give it back later.
pub(super) fn focused_element() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Whether no element has the focus, because the one that had it is gone.
fn is_focus_lost() -> bool {
    focused_element().is_none_or(|element| element.tag_name() == "BODY")
}

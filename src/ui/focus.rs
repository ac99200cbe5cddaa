//! Where the keyboard is.

use std::cell::RefCell;

use leptos::{
    html::{Input, P},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{
    Event, FocusOptions, HtmlElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition,
};

use super::{Turn, listen};

/// What the keyboard stops at.
const PLACES: &str =
    ":is(a[href], button, input, select, textarea, summary, [tabindex='0']):not([tabindex='-1'], :disabled)";

/// What such places belong together in.
const SCOPES: &str = "dialog, .screen";

thread_local! {
    /// What had the focus last of the screen: for what stands beside it, such as a notice, and goes.
    static LAST: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// Watches where the focus is, as long as the reactive scope lives that it is called in. A key that is held down presses one
/// button only: what stands in its place afterwards may do the opposite.
pub fn watch_focus() {
    listen(&document(), "focusin", Turn::Usual, |event: Event| {
        if let Some(element) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok())
            && element.closest(".screen").is_ok_and(|screen| screen.is_some())
        {
            LAST.set(Some(element));
        }
    });
    listen(&document(), "keydown", Turn::First, |event: KeyboardEvent| {
        let is_button = || focused_element().is_some_and(|element| element.tag_name() == "BUTTON");
        if event.repeat() && event.key() == "Enter" && is_button() {
            event.prevent_default();
        }
    });
}

/// Puts the focus on an element. Elements that no longer take part are passed over silently: there is
/// nothing anyone could do about it.
pub fn focus_element(element: &HtmlElement) {
    let _ = element.focus();
}

/// Scrolls as little as it takes to see an element.
pub fn bring_into_view(element: &web_sys::Element) {
    let nearest = ScrollIntoViewOptions::new();
    nearest.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&nearest);
}

/// Puts the focus on a field, if it is on the screen; says whether it is.
pub fn focus_input(input: NodeRef<Input>) -> bool {
    input.get_untracked().inspect(|input| focus_element(input)).is_some()
}

/// Puts the focus on what the keyboard stops at first in there; on the heading of the screen, if there is nothing. For whoever
/// uses the mouse nothing scrolls.
pub fn focus_first_in(selector: &str) {
    let is_looked_for = focused_element().is_none_or(|here| is_focus_visible(&here));
    let scope = document().query_selector(selector).ok().flatten();
    let first = scope.and_then(|scope| places(&scope).into_iter().next());
    if let Some(place) = first.or_else(main_heading) {
        focus_quietly(&place, is_looked_for);
    }
}

/// Whether the browser shows that an element has the focus: to whoever uses the keyboard.
fn is_focus_visible(element: &HtmlElement) -> bool {
    element.matches(":focus-visible").unwrap_or(true)
}

/// Puts the focus on an element, and scrolls there only if somebody is looking for it.
fn focus_quietly(place: &HtmlElement, is_looked_for: bool) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(!is_looked_for);
    // What cannot have the focus leaves it where it is.
    let _ = place.focus_with_options(&options);
}

/// Puts the focus on the heading of the screen, when what had it is gone and nothing near it is left.
pub fn focus_main_heading() {
    // After this tick, when what is going away has gone.
    request_animation_frame(|| {
        if let Some(heading) = main_heading() {
            focus_element(&heading);
        }
    });
}

fn main_heading() -> Option<HtmlElement> {
    document().query_selector("h1").ok().flatten()?.dyn_into().ok()
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
        // What does not give the focus up loses it with its screen.
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

/// Puts the focus on what stands next where an element stood that is about to go, if that has the focus; on what was before
/// it, if nothing follows. In a dialog on what has it first, which does no harm; for what stands beside the screen, where it
/// was in that. Whoever uses the mouse is not looking for it: then it goes to the heading, where no key does anything but
/// scroll.
pub(super) fn hand_focus_on(element: &HtmlElement) {
    if focused_element().as_ref() != Some(element) {
        return;
    }
    let is_looked_for = is_focus_visible(element);
    let scope = element.closest(SCOPES).ok().flatten();
    let before: Vec<_> = scope
        .as_ref()
        .map(places)
        .unwrap_or_default()
        .into_iter()
        .take_while(|place| place != element)
        .collect();
    // After this tick, when it has gone and something else may have come.
    request_animation_frame(move || {
        // A dialog gives the focus back by itself, and a new screen takes it.
        if !is_focus_lost() || scope.as_ref().is_some_and(|scope| !scope.is_connected()) {
            return;
        }
        let place = match scope {
            Some(_) if !is_looked_for => None,
            Some(scope) if scope.tag_name() == "DIALOG" => {
                let first = scope.query_selector("[autofocus]").ok().flatten();
                first.and_then(|first| first.dyn_into().ok()).or_else(|| places(&scope).into_iter().next())
            }
            Some(scope) => {
                let mut places = places(&scope);
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

/// What the keyboard stops at in there, in its order.
fn places(scope: &web_sys::Element) -> Vec<HtmlElement> {
    let Ok(found) = scope.query_selector_all(PLACES) else { return Vec::new() };
    let elements = (0..found.length()).filter_map(|index| found.get(index)?.dyn_into::<HtmlElement>().ok());
    elements.filter(|element| element.offset_width() > 0).collect()
}

/// The same for whatever has the focus in there, all of which is about to go.
pub fn hand_focus_on_from(place: &web_sys::Element) {
    if let Some(element) = focused_element().filter(|element| place.contains(Some(element))) {
        hand_focus_on(&element);
    }
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

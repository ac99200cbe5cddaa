//! Detects that the user is about to leave: by a link, by the browser's back and forward, by closing the tab.

use leptos::{ev, prelude::*};
use web_sys::{Event, MouseEvent};

use super::{
    Leaving,
    decision::{Decision, Moved, Wish},
    link::{Click, Here},
};
use crate::{
    navigation::Navigation,
    ui::{EventPhase, effect, has_view_transitions, listen, view_transition},
};

/// Watches for the lifetime of the current reactive scope. It has to be called before the router: for clicks the
/// capture phase ensures that. For `popstate`, whose target is the window itself, Chromium calls listeners in the order
/// of their registration, whatever their phase.
pub(super) fn watch(leaving: Leaving) {
    listen(&window(), "click", EventPhase::Capture, move |event: MouseEvent| on_click(leaving, &event));
    listen(&window(), "click", EventPhase::Bubble, move |event: MouseEvent| {
        follow_in_transition(leaving, &event)
    });
    listen(&window(), "popstate", EventPhase::Capture, move |event: Event| on_move(leaving, &event));
    // Registered only while there is something to lose: this listener excludes a page from some browsers' back/forward
    // cache.
    effect(move || {
        if leaving.has_unsaved() {
            let listener = window_event_listener(ev::beforeunload, |event| event.prevent_default());
            on_cleanup(move || listener.remove());
        }
    });
}

fn on_click(leaving: Leaving, event: &MouseEvent) {
    let Some((address, _)) = way_to_another_screen(leaving, event) else { return };
    if matches!(leaving.wants(Wish::Address(address)), Decision::Ask) {
        event.prevent_default();
        event.stop_immediate_propagation();
    }
}

/// Follows a link that needs no question, in place of the router: the router's own transitions drop what the old screen
/// depends on while that screen can still be pressed.
fn follow_in_transition(leaving: Leaving, event: &MouseEvent) {
    if event.default_prevented() || !has_view_transitions() {
        return;
    }
    if let Some((address, navigation)) = way_to_another_screen(leaving, event) {
        event.prevent_default();
        view_transition(move || navigation.follow(&address));
    }
}

/// Returns where a click leads, if to another screen.
fn way_to_another_screen(leaving: Leaving, event: &MouseEvent) -> Option<(String, Navigation)> {
    let click = Click::read(event)?;
    let navigation = leaving.navigation()?;
    let origin = window().location().origin().unwrap_or_default();
    let path = navigation.path();
    let leads_away =
        navigation.with_base(|base| click.leads_away(Here { origin: &origin, base, path: &path }));
    leads_away.then_some((click.address, navigation))
}

fn on_move(leaving: Leaving, event: &Event) {
    let Some(navigation) = leaving.navigation() else { return };
    // To another query or fragment of the same screen.
    if window().location().pathname().is_ok_and(|path| path == navigation.path()) {
        return;
    }
    if leaving.moved() == Moved::PutBack {
        // The router must not see this event. The screen's address becomes a new entry on top of the one that the user
        // went to, so that one step back leads there.
        event.stop_immediate_propagation();
        navigation.put_address_on_top();
    }
}

/// Goes to the entry of the history below the screen's own.
pub(super) fn step_back() {
    if let Ok(history) = window().history() {
        // Fails only in a page that is no longer shown.
        let _ = history.back();
    }
}

//! Notices when somebody is about to leave: by a link, by the browser's back and forward, by closing.

use leptos::{ev, prelude::*};
use web_sys::{Event, MouseEvent};

use super::{
    Leaving,
    decision::{Moved, Verdict, Wish},
    link::{Click, Here},
};
use crate::{
    navigation::Navigation,
    ui::{Turn, effect, has_view_transitions, listen, view_transition},
};

/// Watches as long as the reactive scope lives that it is called in. The first in turn, before the router:
/// for clicks that is the capture phase. For `popstate`, which happens at the window itself, Chromium tells
/// listeners in the order in which they came, whatever their phase.
pub(super) fn watch(leaving: Leaving) {
    listen(&window(), "click", Turn::First, move |event: MouseEvent| on_click(leaving, &event));
    listen(&window(), "click", Turn::Usual, move |event: MouseEvent| follow_in_transition(leaving, &event));
    listen(&window(), "popstate", Turn::First, move |event: Event| on_move(leaving, &event));
    // Only while there is something to lose: some browsers keep no page for "back" that has this listener.
    effect(move || {
        if leaving.has_unsaved() {
            let listener = window_event_listener(ev::beforeunload, |event| event.prevent_default());
            on_cleanup(move || listener.remove());
        }
    });
}

fn on_click(leaving: Leaving, event: &MouseEvent) {
    let Some((address, _)) = way_to_another_screen(leaving, event) else { return };
    if matches!(leaving.wants(Wish::Address(address)), Verdict::Ask) {
        event.prevent_default();
        event.stop_immediate_propagation();
    }
}

/// Goes where a link leads that nobody has to be asked about, in the router's place: its own transitions drop what
/// the old screen lives on while that can still be pressed.
fn follow_in_transition(leaving: Leaving, event: &MouseEvent) {
    if event.default_prevented() || !has_view_transitions() {
        return;
    }
    if let Some((address, navigation)) = way_to_another_screen(leaving, event) {
        event.prevent_default();
        view_transition(move || navigation.follow(&address));
    }
}

/// Where a click leads, if to another screen.
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
    // To another fragment of the same page, or from one.
    if window().location().pathname().is_ok_and(|path| path == navigation.path()) {
        return;
    }
    if leaving.moved() == Moved::PutBack {
        // The router must not hear of it. The screen's address becomes an entry of its own on top of the one
        // that was gone to, so that one step back leads there.
        event.stop_immediate_propagation();
        navigation.put_address_on_top();
    }
}

/// Goes to the entry of the history that was put below the screen's own.
pub(super) fn step_back() {
    if let Ok(history) = window().history() {
        // Fails only in a page that is not shown any more.
        let _ = history.back();
    }
}

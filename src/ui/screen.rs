//! Screens: page title, heading, and focus on arrival.

use leptos::{html::H1, prelude::*};

use super::{
    effect::{effect, effect_with_last},
    focus::{focus_unless_taken, leave_screen},
};

/// The end of every page title.
const PRODUCT: &str = "Credential Manager";

/// How many characters of the heading are in the page's title, which browsers cut anyway.
const IN_TITLE: usize = 100;

/// Whether a screen was shown before, so that only a change of screens moves the focus: on a first visit the browser's
/// own focus is right.
#[derive(Clone, Copy)]
struct Visited(StoredValue<bool>);

/// Provides the context of [`Screen`]. Must be called once, above all screens.
pub fn provide_screens() {
    provide_context(Visited(StoredValue::new(false)));
}

/// A screen with its heading (`h1`). Sets the page's title, and focuses the heading when the user comes from another
/// screen: a screen reader then announces it, and the next Tab starts there.
#[component]
pub fn Screen(
    /// The heading, and the first part of the page's title.
    #[prop(into)]
    heading: Signal<String>,
    /// Content beside the heading, such as the main action.
    #[prop(optional, into)]
    actions: ViewFn,
    /// Content above the heading, such as the way back.
    #[prop(optional, into)]
    above: ViewFn,
    /// The content of the screen.
    children: Children,
) -> impl IntoView {
    let h1 = arrive(heading, true);
    view! {
        <div class="screen">
            {move || above.run()}
            <header class="screen-header">
                <h1 node_ref=h1 tabindex="-1">{move || heading.get()}</h1>
                {move || actions.run()}
            </header>
            {children()}
        </div>
    }
}

/// The place of a screen whose part is being loaded. It does not count as a screen: after the first one of a visit, the
/// screen itself leaves the focus alone.
#[component]
pub(super) fn ScreenToCome() -> impl IntoView {
    let h1 = arrive("Loading".into(), false);
    view! {
        <div class="screen-to-come">
            <h1 class="visually-hidden" node_ref=h1 tabindex="-1">"Loading"</h1>
            <p class="starting" role="status">"Loading…"</p>
        </div>
    }
}

/// Sets the page's title, and focuses the heading unless this is the first screen of the visit. Returns the place of
/// the heading.
fn arrive(heading: Signal<String>, counts: bool) -> NodeRef<H1> {
    let h1 = NodeRef::<H1>::new();
    let first_visit = use_context::<Visited>().is_none_or(|visited| {
        let first = !visited.0.get_value();
        visited.0.set_value(!first || counts);
        first
    });
    leave_screen();
    effect(move || {
        let heading: String = heading.with(|heading| heading.chars().take(IN_TITLE).collect());
        document().set_title(&format!("{heading} · {PRODUCT}"));
    });
    effect_with_last(move |done: Option<bool>| {
        let Some(h1) = h1.get() else { return false };
        if !first_visit && done != Some(true) {
            focus_unless_taken(h1.into());
        }
        true
    });
    h1
}

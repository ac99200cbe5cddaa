//! The keys that do something, and the help on them.

use leptos::prelude::*;

use crate::ui::{Button, ButtonStyle, Dialog, DialogKind, When, on_shortcut};

/// Keys, and what they do.
type Group = (&'static str, &'static [(&'static str, &'static str)]);

/// All of them. Each works where its group says, and never while one types.
const GROUPS: [Group; 3] = [
    ("Everywhere", &[("?", "Show these shortcuts"), ("Esc", "Close a dialog or a menu")]),
    (
        "In the list of tokens",
        &[("/", "Search"), ("n", "New token"), ("Esc", "Empty the search, while in it")],
    ),
    (
        "On a row of the list",
        &[
            ("↑ ↓", "The row above or below"),
            ("Enter", "Open the token"),
            ("Space", "Select the token"),
            ("Shift Space", "Select all from the one selected last"),
            ("Esc", "Clear the selection"),
        ],
    ),
];

/// The help: on `?`, and behind a button for whoever does not know that yet.
#[component]
pub fn ShortcutsHelp() -> impl IntoView {
    let is_open = RwSignal::new(false);
    on_shortcut('?', move || is_open.set(true));
    let close = move |()| is_open.set(false);
    view! {
        <div class="shortcuts-help">
            <Button
                label="Keyboard shortcuts"
                style=ButtonStyle::Quiet
                on_press=move |()| is_open.set(true)
            />
        </div>
        <When is=is_open>
            <Dialog kind=DialogKind::Form title="Keyboard shortcuts" on_close=close>
                <Groups/>
                <div class="dialog-buttons">
                    <Button label="Close" on_press=close autofocus=true/>
                </div>
            </Dialog>
        </When>
    }
}

#[component]
fn Groups() -> impl IntoView {
    GROUPS
        .map(|(name, keys)| {
            let lines: Vec<_> = keys
                .iter()
                .map(|(key, what)| view! { <div><dt><kbd>{*key}</kbd></dt><dd>{*what}</dd></div> })
                .collect();
            view! {
                <h3>{name}</h3>
                <dl class="shortcuts">{lines}</dl>
            }
        })
        .into_iter()
        .collect_view()
}

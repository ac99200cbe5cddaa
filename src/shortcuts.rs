//! The keys that do something, and the help on them.

use leptos::prelude::*;

use crate::ui::{Button, ButtonStyle, Dialog, DialogKind, When, on_shortcut};

/// Keys, and what they do.
type Group = (&'static str, &'static [(&'static str, &'static str)]);

/// All of them. Each works where its group says; those of a single key not while one types.
const GROUPS: [Group; 3] = [
    (
        "Everywhere",
        &[
            ("Ctrl K, ⌘ K", "Go to a token or do something"),
            ("?", "Show these shortcuts"),
            ("Esc", "Close a dialog or a menu"),
        ],
    ),
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

/// Opens the help. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct Shortcuts {
    is_open: RwSignal<bool>,
}

impl Shortcuts {
    /// Makes it available to everything below.
    pub fn provide() -> Self {
        let shortcuts = Self { is_open: RwSignal::new(false) };
        provide_context(shortcuts);
        shortcuts
    }

    /// Those of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// Shows the help.
    pub fn open(&self) {
        self.is_open.set(true);
    }
}

/// The button for whoever does not know `?` yet.
#[component]
pub fn ShortcutsButton() -> impl IntoView {
    let shortcuts = Shortcuts::expect();
    view! {
        <div class="shortcuts-button">
            <Button label="Keyboard shortcuts" style=ButtonStyle::Quiet on_press=move |()| shortcuts.open()/>
        </div>
    }
}

/// The help, on `?` and behind the button.
#[component]
pub fn ShortcutsHelp() -> impl IntoView {
    let shortcuts = Shortcuts::expect();
    on_shortcut('?', move || shortcuts.open());
    let close = move |()| shortcuts.is_open.set(false);
    view! {
        <When is=shortcuts.is_open>
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

//! The keyboard shortcuts, and the help on them.

use std::cell::Cell;

use leptos::prelude::*;

use crate::{
    load_part, part,
    storage::Storage,
    ui::{
        Button, ButtonStyle, Dialog, DialogKind, SingleKeys, Status, Switch, When, effect, on_shortcut,
        when_loaded,
    },
};

/// The key in `localStorage` which records that single-key shortcuts are off. The setting belongs to the browser, not
/// to a user, and says nothing about anybody.
const KEY: &str = "credmgr.single-keys";
const OFF: &str = "off";

thread_local! {
    /// Whether they are off for this page only, because the browser could not store it.
    static ARE_OFF_HERE: Cell<bool> = const { Cell::new(false) };
}

/// Whether single-key shortcuts are on. Read at each key press, so that other tabs follow.
fn has_single_keys() -> bool {
    !ARE_OFF_HERE.get() && Storage::Local.get(KEY).as_deref() != Some(OFF)
}

fn set_single_keys(on: bool) {
    let is_kept = if on { Storage::Local.remove(KEY) } else { Storage::Local.set(KEY, OFF) };
    ARE_OFF_HERE.set(!on && !is_kept);
}

/// A heading, and keys with what they do.
type Group = (&'static str, &'static [(&'static str, &'static str)]);

/// All shortcuts. Each works where its group says; single keys do not work while the user is typing.
const GROUPS: [Group; 3] = [
    (
        "Everywhere",
        &[
            ("Ctrl K, ⌘ K", "Go to a token or run a command"),
            ("?", "Show these shortcuts"),
            ("Esc", "Close a dialog or a menu"),
        ],
    ),
    (
        "In the token list",
        &[
            ("/", "Search"),
            ("n", "New token"),
            ("b", "Go to the actions for the selected tokens; Esc goes back"),
            ("Esc", "Clear the search (while in it)"),
        ],
    ),
    (
        "On a row",
        &[
            ("↑ ↓", "Go to the row above or below"),
            ("Enter", "Open the token"),
            ("Space", "Select the token"),
            ("Shift Space", "Select the range from the last selected token"),
            ("Esc", "Clear the selection"),
        ],
    ),
];

/// Opens the help on shortcuts. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct Shortcuts {
    is_open: RwSignal<bool>,
    status: Status,
}

impl Shortcuts {
    /// Provides the handle to all descendants.
    pub fn provide() -> Self {
        let shortcuts = Self { is_open: RwSignal::new(false), status: Status::expect() };
        provide_context(shortcuts);
        provide_context(SingleKeys(has_single_keys));
        shortcuts
    }

    /// Returns the handle provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Whether single-key shortcuts are on.
    pub fn has_single_keys(&self) -> bool {
        has_single_keys()
    }

    /// Shows the help as soon as it is loaded.
    pub fn open(&self) {
        let is_open = self.is_open;
        when_loaded(load_part!(more), self.status, move || {
            is_open.try_set(true);
        });
    }
}

/// The button for users who do not know `?` yet.
#[component]
pub fn ShortcutsButton() -> impl IntoView {
    let shortcuts = Shortcuts::expect();
    view! {
        <div class="shortcuts-button">
            <Button label="Keyboard shortcuts" style=ButtonStyle::Quiet on_press=move |()| shortcuts.open()/>
        </div>
    }
}

/// The help, opened by `?` and by the button.
#[component]
pub fn ShortcutsHelp() -> impl IntoView {
    let shortcuts = Shortcuts::expect();
    on_shortcut('?', move || shortcuts.open());
    view! {
        <When is=shortcuts.is_open>{help()}</When>
    }
}

part! {
    in more;
    fn help() {
        view! { <Help/> }
    }
}

#[component]
fn Help() -> impl IntoView {
    let shortcuts = Shortcuts::expect();
    let close = move |()| shortcuts.is_open.set(false);
    view! {
        <Dialog kind=DialogKind::Form title="Keyboard shortcuts" on_close=close>
            // First: with the focus at the end of a long dialog, the user would not see its beginning.
            <div class="dialog-buttons">
                <Button label="Close" on_press=close autofocus=true/>
            </div>
            <Groups/>
            <SingleKeysSwitch/>
        </Dialog>
    }
}

#[component]
fn SingleKeysSwitch() -> impl IntoView {
    let value = RwSignal::new(has_single_keys());
    effect(move || set_single_keys(value.get()));
    let hint = "These are /, n, b and ?. Turn them off if you use speech input or press keys by accident. \
                This browser remembers your choice.";
    view! { <Switch label="Single-key shortcuts" value=value hint=Signal::stored(Some(hint.to_owned()))/> }
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

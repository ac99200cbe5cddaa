//! Choosing an entry of the menu, from the input to the command that is run.

use leptos::{ev::KeyboardEvent, prelude::*};

use super::{
    Palette,
    model::{Command, Entry, Situation, offers, step},
};
use crate::{
    leaving::Leaving,
    navigation::Navigation,
    session::Session,
    shortcuts::Shortcuts,
    theme::Themes,
    tokens::Listing,
    ui::{Status, decomposed},
};

/// What is typed, what is offered for it, and which entry is chosen. A handle.
#[derive(Clone, Copy)]
pub(super) struct Choosing {
    /// What is offered.
    pub(super) entries: Memo<Vec<Entry>>,
    /// The position of the entry that Enter takes.
    pub(super) at: Memo<usize>,
    typed: RwSignal<String>,
    /// An entry, not a position: more entries may appear above it while the list is being read.
    chosen: RwSignal<Option<Entry>>,
    palette: Palette,
    commands: Commands,
}

impl Choosing {
    /// Begins without input, for the menu that this is called in.
    pub(super) fn begin(situation: Memo<Situation>) -> Self {
        let listing = Listing::expect();
        let typed = RwSignal::new(String::new());
        let entries = Memo::new(move |_| {
            let situation = situation.get();
            typed.with(|typed| listing.with(|catalogue| offers(typed, &situation, catalogue, decomposed)))
        });
        let chosen = RwSignal::new(None::<Entry>);
        let at = Memo::new(move |_| {
            let chosen = chosen.get();
            entries.with(|entries| {
                chosen.and_then(|chosen| entries.iter().position(|entry| *entry == chosen)).unwrap_or(0)
            })
        });
        Self { entries, at, typed, chosen, palette: Palette::expect(), commands: Commands::expect() }
    }

    /// Takes the input. The first entry is chosen again.
    pub(super) fn type_in(self, typed: String) {
        self.typed.set(typed);
        self.chosen.set(None);
    }

    /// Chooses an entry.
    pub(super) fn choose(self, place: usize) {
        self.chosen.set(self.entry(place));
    }

    /// Closes the menu and runs the command of an entry, unless the entry is blocked.
    pub(super) fn take(self, place: usize) {
        if let Some(entry) = self.entry(place).filter(|entry| entry.blocked.is_none()) {
            self.palette.is_open.set(false);
            let commands = self.commands;
            after_closing(move || commands.run(entry.command));
        }
    }

    /// Moves the choice, or takes the chosen entry.
    pub(super) fn press(self, event: &KeyboardEvent) {
        let count = self.entries.with_untracked(Vec::len);
        let place = self.at.get_untracked();
        let next = match event.key().as_str() {
            "ArrowDown" => step(place, true, count),
            "ArrowUp" => step(place, false, count),
            "PageDown" => count.checked_sub(1),
            "PageUp" => Some(0),
            // Not the Enter that ends the composition of an input method.
            "Enter" if !event.is_composing() => {
                event.prevent_default();
                return self.take(place);
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(next) = next {
            self.choose(next);
        }
    }

    fn entry(self, place: usize) -> Option<Entry> {
        self.entries.with_untracked(|entries| entries.get(place).cloned())
    }
}

/// What runs a command. It outlives the menu: commands are run once that has closed.
#[derive(Clone, Copy)]
struct Commands {
    navigation: Navigation,
    leaving: Leaving,
    session: Session,
    themes: Themes,
    shortcuts: Shortcuts,
    status: Status,
}

impl Commands {
    fn expect() -> Self {
        Self {
            navigation: Navigation::expect(),
            leaving: Leaving::expect(),
            session: Session::expect(),
            themes: Themes::expect(),
            shortcuts: Shortcuts::expect(),
            status: Status::expect(),
        }
    }

    fn run(self, command: Command) {
        let Self { navigation, leaving, session, themes, shortcuts, status } = self;
        match command {
            Command::Go(route) => match navigation.current().get_untracked() {
                // Already there.
                Some(here) if here == route => {}
                // A link that changes only the query does not ask either.
                Some(here) if here.is_screen_of(&route) => navigation.go(&route),
                _ => leaving.before(move || navigation.go(&route)),
            },
            Command::Theme(theme) => themes.choose(theme),
            Command::Shortcuts => shortcuts.open(),
            Command::SignOut => leaving.before(move || session.sign_out_everywhere(navigation, status)),
        }
    }
}

/// Calls `act` once the menu has closed and the focus is back where it was, so that what comes next, such as a
/// question, returns the focus there.
fn after_closing(act: impl FnOnce() + 'static) {
    request_animation_frame(move || request_animation_frame(act));
}

//! The command menu (Ctrl K, ⌘ K): goes to a token by its name, to a screen or to a filtered list, and runs the
//! console's own commands. What it offers is decided in [`model`].

pub mod model;
mod options;

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::{
    leaving::Leaving,
    load_part,
    navigation::Navigation,
    part,
    routes::Route,
    session::{Session, permissions::Subject},
    shortcuts::Shortcuts,
    theme::Themes,
    tokens::{Listing, Reading, blocked, model::gate},
    ui::{
        Dialog, DialogKind, Status, When, count, decomposed, effect_with_last, follow, on_chord, when_loaded,
    },
};

use model::{Command, Entry, Situation, offers, step};
use options::{Options, option_id};

/// Opens the command menu. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct Palette {
    is_open: RwSignal<bool>,
    status: Status,
}

impl Palette {
    /// Provides the handle to all descendants.
    pub fn provide() -> Self {
        let palette = Self { is_open: RwSignal::new(false), status: Status::expect() };
        provide_context(palette);
        palette
    }

    /// Returns the handle provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Opens the menu as soon as it is loaded.
    pub fn open(&self) {
        let is_open = self.is_open;
        when_loaded(load_part!(more), self.status, move || {
            is_open.try_set(true);
        });
    }
}

/// The button that opens the menu, for users without a keyboard or who do not know the keys yet.
#[component]
pub fn PaletteButton() -> impl IntoView {
    let palette = Palette::expect();
    view! {
        <button
            type="button"
            class="button palette-button"
            aria-haspopup="dialog"
            aria-keyshortcuts="Control+K Meta+K"
            on:click=move |_| palette.open()
        >
            <span>"Go to…"</span>
            <kbd aria-hidden="true">"Ctrl K"</kbd>
        </button>
    }
}

/// The menu, and the keys that open it.
#[component]
pub fn CommandMenu() -> impl IntoView {
    let palette = Palette::expect();
    on_chord('k', move || palette.open());
    view! {
        <When is=palette.is_open>{menu()}</When>
    }
}

part! {
    in more;
    fn menu() {
        view! { <Menu/> }
    }
}

#[component]
fn Menu() -> impl IntoView {
    let palette = Palette::expect();
    let run = runner();
    let listing = Listing::expect();
    let situation = situation();
    close_with_screen(palette);
    read_catalogue(listing);
    let typed = RwSignal::new(String::new());
    let entries = Memo::new(move |_| {
        let situation = situation.get();
        typed.with(|typed| listing.with(|catalogue| offers(typed, &situation, catalogue, decomposed)))
    });
    // The choice is an entry, not a position: more entries may appear above it while the list is being read.
    let chosen = RwSignal::new(None::<Entry>);
    let at = Memo::new(move |_| {
        let chosen = chosen.get();
        entries.with(|entries| {
            chosen.and_then(|chosen| entries.iter().position(|entry| *entry == chosen)).unwrap_or(0)
        })
    });
    let choose_at = move |place: usize| {
        chosen.set(entries.with_untracked(|entries| entries.get(place).cloned()));
    };
    let take = move |place: usize| {
        let entry = entries.with_untracked(|entries| entries.get(place).cloned());
        if let Some(entry) = entry.filter(|entry| entry.blocked.is_none()) {
            palette.is_open.set(false);
            after_closing(move || run(entry.command));
        }
    };
    let keydown = move |event: KeyboardEvent| {
        let count = entries.with_untracked(Vec::len);
        let place = at.get_untracked();
        let next = match event.key().as_str() {
            "ArrowDown" => step(place, true, count),
            "ArrowUp" => step(place, false, count),
            "PageDown" => count.checked_sub(1),
            "PageUp" => Some(0),
            // Not the Enter that ends the composition of an input method.
            "Enter" if !event.is_composing() => {
                event.prevent_default();
                return take(place);
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(next) = next {
            choose_at(next);
        }
    };
    let type_in = move |event: web_sys::Event| {
        typed.set(event_target_value(&event));
        chosen.set(None);
    };
    view! {
        <Dialog kind=DialogKind::Form title="Command menu" on_close=move |()| palette.is_open.set(false)>
            <div class="palette">
                <input
                    class="input"
                    type="text"
                    role="combobox"
                    aria-label="A token's name, or a command"
                    placeholder="A token's name, or a command"
                    aria-expanded="true"
                    aria-controls="palette-options"
                    aria-autocomplete="list"
                    aria-activedescendant=move || entries.with(|entries| !entries.is_empty()).then(|| option_id(at.get()))
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    maxlength="200"
                    autofocus
                    on:input=type_in
                    on:keydown=keydown
                />
                <Options entries=entries at=at on_point=choose_at on_take=take/>
                <Foot entries=entries situation=situation/>
            </div>
        </Dialog>
    }
}

/// Closes the menu when the user goes back or forward, instead of leaving it open over another screen.
fn close_with_screen(palette: Palette) {
    let current = Navigation::expect().current();
    effect_with_last(move |before: Option<Option<Route>>| {
        let now = current.get();
        // The address follows the search field with a delay, on the same screen.
        let is_same = |before: &Option<Route>| match (before, &now) {
            (Some(before), Some(now)) => before.is_screen_of(now),
            (before, now) => before == now,
        };
        if before.is_some_and(|before| !is_same(&before)) {
            palette.is_open.set(false);
        }
        now
    });
}

/// Returns what currently decides which commands are offered.
fn situation() -> Memo<Situation> {
    let session = Session::expect();
    let themes = Themes::expect();
    let shortcuts = Shortcuts::expect();
    let creation = blocked(session, gate::TokenAction::Create, Subject::Collection);
    Memo::new(move |_| {
        let identity = session.identity();
        follow(&identity);
        Situation {
            is_signed_in: identity.with_untracked(Option::is_some),
            creation_blocked: creation.get(),
            theme: themes.get(),
            has_single_keys: shortcuts.has_single_keys(),
        }
    })
}

/// Reads the list while the menu is open, unless the list's own screen does so.
fn read_catalogue(listing: Listing) {
    let is_signed_in = Session::expect().identity().with_untracked(Option::is_some);
    let is_at_list =
        Navigation::expect().current().with_untracked(|route| matches!(route, Some(Route::Tokens(_))));
    if is_signed_in && !is_at_list {
        let owner = listing.with_untracked(|catalogue| catalogue.owner());
        listing.attend(Memo::new(move |_| owner));
    }
}

/// Returns the function that runs a command. Not a `Callback`: that would end with the menu, and this is called
/// afterwards.
fn runner() -> impl Fn(Command) + Copy + Send + Sync + 'static {
    let navigation = Navigation::expect();
    let leaving = Leaving::expect();
    let session = Session::expect();
    let themes = Themes::expect();
    let shortcuts = Shortcuts::expect();
    let status = Status::expect();
    move |command| match command {
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

/// Calls `act` once the menu has closed and the focus is back where it was, so that what comes next, such as a
/// question, returns the focus there.
fn after_closing(act: impl FnOnce() + 'static) {
    request_animation_frame(move || request_animation_frame(act));
}

/// Announces the number of entries to screen readers, and says to everyone whether there may be more.
#[component]
fn Foot(entries: Memo<Vec<Entry>>, situation: Memo<Situation>) -> impl IntoView {
    let listing = Listing::expect();
    let number = Memo::new(move |_| entries.with(Vec::len));
    let reading = Memo::new(move |_| {
        let is_going_on = situation.with(|situation| situation.is_signed_in)
            && listing.with_reading(|reading| matches!(reading, Reading::Beginning | Reading::GoingOn));
        let is_partial =
            listing.with_reading(|reading| matches!(reading, Reading::Stopped | Reading::Failed(_)));
        let is_one_owners = listing.with(|catalogue| catalogue.owner().is_some());
        match () {
            () if is_going_on => Some("Tokens are still loading. There may be more results."),
            () if is_partial => Some("Not all tokens were loaded. There may be more results."),
            () if is_one_owners => Some("Only tokens of the owner selected in the list are searched."),
            () => None,
        }
    });
    view! {
        <p class="field-hint">{move || reading.get()}</p>
        <p class="visually-hidden" role="status">
            {move || match number.get() {
                0 => "No results.".to_owned(),
                1 => "1 result.".to_owned(),
                number => format!("{} results.", count(number)),
            }}
        </p>
    }
}

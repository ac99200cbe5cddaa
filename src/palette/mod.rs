//! The command menu (Ctrl K, ⌘ K): goes to a token by its name, to a screen or to a filtered list, and runs the
//! console's own commands. What it offers is decided in [`model`].

mod choosing;
pub mod model;
mod options;

use leptos::prelude::*;

use crate::{
    load_part,
    navigation::Navigation,
    part,
    routes::Route,
    session::{Session, permissions::Subject},
    shortcuts::Shortcuts,
    theme::Themes,
    tokens::{Listing, Reading, blocked, model::gate},
    ui::{Dialog, DialogKind, Status, When, count, effect_with_last, follow, on_chord, when_loaded},
};

use choosing::Choosing;
use model::{Entry, Situation};
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
    let situation = situation();
    close_with_screen(palette);
    read_catalogue(Listing::expect());
    let choosing = Choosing::begin(situation);
    let Choosing { entries, at, .. } = choosing;
    let active = move || entries.with(|entries| !entries.is_empty()).then(|| option_id(at.get()));
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
                    aria-activedescendant=active
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    maxlength="200"
                    autofocus
                    on:input:target=move |event| choosing.type_in(event.target().value())
                    on:keydown=move |event| choosing.press(&event)
                />
                <Options
                    entries=entries
                    at=at
                    on_point=move |place| choosing.choose(place)
                    on_take=move |place| choosing.take(place)
                />
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
    let place = Navigation::expect().current();
    Memo::new(move |_| {
        let identity = session.identity();
        follow(&identity);
        Situation {
            is_signed_in: identity.with_untracked(Option::is_some),
            creation_blocked: creation.get(),
            theme: themes.get(),
            has_single_keys: shortcuts.has_single_keys(),
            is_at_list: place.with(is_list),
        }
    })
}

fn is_list(route: &Option<Route>) -> bool {
    matches!(route, Some(Route::Tokens(_)))
}

/// Reads the list while the menu is open, unless the list's own screen does so.
fn read_catalogue(listing: Listing) {
    let is_signed_in = Session::expect().identity().with_untracked(Option::is_some);
    if is_signed_in && !Navigation::expect().current().with_untracked(is_list) {
        let owner = listing.with_untracked(|catalogue| catalogue.owner());
        listing.attend(Memo::new(move |_| owner));
    }
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

//! What the list shows, on the screen and in the address.

use std::time::Duration;

use leptos::prelude::*;

use super::model::catalogue::query::Query;
use crate::{
    navigation::Navigation,
    routes::Route,
    ui::{Timer, effect},
};

/// While somebody types, the address follows when they pause.
const PAUSE: Duration = Duration::from_millis(250);

/// The query of the list. The screen follows it at once; the address is one step behind typing.
#[derive(Clone, Copy)]
pub(super) struct ListQuery {
    query: RwSignal<Query>,
    /// Set while somebody types: the address is to follow.
    pause: Timer,
    navigation: Navigation,
}

impl ListQuery {
    /// Makes it available to the screen that this is called in.
    pub(super) fn provide() -> Self {
        let navigation = Navigation::expect();
        let at = move || match navigation.current().get() {
            Some(Route::Tokens(query)) => Some(query),
            _ => None,
        };
        let list =
            Self { query: RwSignal::new(untrack(at).unwrap_or_default()), pause: Timer::new(), navigation };
        effect(move || {
            // Another screen is on its way; this one stays as it is meanwhile. So does what the address does not say.
            if let Some(query) = at()
                && list.query.with_untracked(|before| *before != query && before.in_address() != query)
            {
                list.query.set(query);
            }
        });
        provide_context(list);
        list
    }

    /// That of this screen.
    pub(super) fn expect() -> Self {
        expect_context()
    }

    /// The query.
    pub(super) fn get(&self) -> Query {
        self.query.get()
    }

    /// The query, if the list is still there.
    pub(super) fn try_get_untracked(&self) -> Option<Query> {
        self.query.try_get_untracked()
    }

    /// Looks at the query.
    pub(super) fn with<T>(&self, look: impl FnOnce(&Query) -> T) -> T {
        self.query.with(look)
    }

    /// Shows something else; the back button returns.
    pub(super) fn go(&self, query: Query) {
        self.pause.stop();
        self.query.set(query.clone());
        self.navigation.go(&Route::Tokens(query));
    }

    /// Shows what is being typed. It is no entry of its own in the history.
    pub(super) fn typing(&self, query: Query) {
        self.query.set(query);
        let list = *self;
        self.pause.set(PAUSE, move || list.follow());
    }

    /// The address need not wait for more: whoever types looks elsewhere, perhaps to leave.
    pub(super) fn typed(&self) {
        // A field that goes with its screen loses the focus, too.
        if self.pause.is_set() {
            self.pause.stop();
            self.follow();
        }
    }

    /// The address becomes that of the query.
    fn follow(&self) {
        if let Some(query) = self.try_get_untracked() {
            self.navigation.replace(&Route::Tokens(query));
        }
    }
}

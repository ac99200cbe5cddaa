//! What the list shows, on the screen and in the address.

use std::time::Duration;

use leptos::prelude::*;

use crate::{
    navigation::Navigation,
    routes::Route,
    tokens::{
        cache::list_place::ListPlace,
        model::catalogue::query::{Query, names},
    },
    ui::{FieldValue, Timer, effect},
};

/// How long the user has to pause typing before the address is updated.
const PAUSE: Duration = Duration::from_millis(250);

/// The query of the list. The screen follows it at once; while the user types, the address follows later.
#[derive(Clone, Copy)]
pub(super) struct ListQuery {
    query: RwSignal<Query>,
    /// Set while the user types: the address is to be updated.
    pause: Timer,
    navigation: Navigation,
}

impl ListQuery {
    /// Provides the query to the screen that this is called in.
    pub(super) fn provide() -> Self {
        let navigation = Navigation::expect();
        let at = move || match navigation.current().get() {
            Some(Route::Tokens(query)) => Some(query),
            _ => None,
        };
        let query = ListPlace::expect().query_at(untrack(at).unwrap_or_default());
        let list = Self { query: RwSignal::new(query), pause: Timer::new(), navigation };
        effect(move || {
            // Without a query another screen is about to open, and this one stays as it is.
            if let Some(query) = at() {
                // An address that somebody opens may have a secret as its search: the text stays, the address goes.
                if query != query.in_address() {
                    list.navigation.replace(&Route::Tokens(query.clone()));
                }
                let query = list.query.with_untracked(|before| before.followed_by(query));
                if list.query.with_untracked(|before| *before != query) {
                    list.query.set(query);
                }
            }
        });
        provide_context(list);
        list
    }

    /// Returns the handle provided by [`Self::provide`].
    pub(super) fn expect() -> Self {
        expect_context()
    }

    /// Returns the query.
    pub(super) fn get(&self) -> Query {
        self.query.get()
    }

    /// Returns the query, if the list is still there.
    pub(super) fn try_get_untracked(&self) -> Option<Query> {
        self.query.try_get_untracked()
    }

    /// Calls `look` with the query. Tracked.
    pub(super) fn with<T>(&self, look: impl FnOnce(&Query) -> T) -> T {
        self.query.with(look)
    }

    /// Returns the value of one of the [`names`] for a field: what the user enters there changes the query.
    pub(super) fn field_value(&self, name: &'static str) -> FieldValue {
        let list = *self;
        let value = Memo::new(move |_| list.with(|query| query.value(name)));
        let on_entry = Callback::new(move |entered: String| {
            let query = untrack(|| list.get());
            if entered == query.value(name) {
                return;
            }
            let query = query.with_value(name, &entered);
            // An entry in the history for each choice, but not for each letter.
            if name == names::TEXT { list.typing(query) } else { list.go(query) }
        });
        FieldValue::Elsewhere { value, on_entry }
    }

    /// Shows another query; the back button returns to the present one.
    pub(super) fn go(&self, query: Query) {
        self.pause.stop();
        self.query.set(query.clone());
        self.navigation.go(&Route::Tokens(query));
    }

    /// Shows what is being typed, without an entry of its own in the history.
    pub(super) fn typing(&self, query: Query) {
        self.query.set(query);
        let list = *self;
        self.pause.set(PAUSE, move || list.follow());
    }

    /// Updates the address at once: the focus leaves the field, perhaps to leave the list.
    pub(super) fn typed(&self) {
        // A field that is removed with its screen loses the focus, too.
        if self.pause.is_set() {
            self.pause.stop();
            self.follow();
        }
    }

    /// Updates the address to the query.
    fn follow(&self) {
        if let Some(query) = self.try_get_untracked() {
            self.navigation.replace(&Route::Tokens(query));
        }
    }
}

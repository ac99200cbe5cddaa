//! "Recently disabled": what the user has disabled on this tab, since the server may not list it any more. IDs and
//! names only, in `sessionStorage`, for their user and deployment.

use leptos::prelude::*;

use crate::{
    api::{Token, TokenId},
    session::Session,
    storage::Storage,
    tokens::model::recent::RecentlyDisabled,
    ui::{effect_with_last, follow},
};

/// If storage is unavailable, they are forgotten when the page is reloaded.
const STORAGE: Storage = Storage::Session;

/// What they are kept as on the tab.
const KEPT_AS: &str = "disabled";

/// The tokens that were disabled last. A cheap, copyable handle.
#[derive(Clone, Copy)]
pub struct Recent {
    entries: RwSignal<RecentlyDisabled>,
    session: Session,
}

impl Recent {
    /// Provides the handle to everything below. The tokens are forgotten when their user leaves.
    pub fn provide() {
        let session = Session::expect();
        let recent = Self { entries: RwSignal::new(RecentlyDisabled::new("")), session };
        let user = Memo::new(move |_| session.storage_owner());
        let is_somebody = Memo::new(move |_| session.identity().with(Option::is_some));
        effect_with_last(move |before: Option<bool>| {
            match user.get() {
                // The same user may have been here before the page was reloaded.
                Some(user) => {
                    let found =
                        RecentlyDisabled::read(&STORAGE.get(&recent.key()).unwrap_or_default(), &user);
                    if found.entries().is_empty() {
                        // What is kept, if anything, belongs to another user.
                        recent.forget_kept();
                    }
                    recent.entries.set(found);
                }
                // Without a certain user they are not kept, so nobody else can find them.
                None => recent.entries.set(RecentlyDisabled::new("")),
            }
            let is_somebody = is_somebody.get();
            if session.has_left(before, is_somebody) {
                recent.forget_kept();
            }
            is_somebody
        });
        provide_context(recent);
    }

    /// Returns the handle provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Adds a token that was disabled.
    pub(super) fn add(&self, token: &Token) {
        self.update(|recent| recent.add(token.id, token.name.as_str()));
    }

    /// Takes a token from a response: one of the entries may have been enabled or renamed, in a rotation for example,
    /// and its old name may belong to another token by now.
    pub(super) fn learned(&self, token: &Token) {
        if self.has(token.id) {
            self.update(|recent| match token.enabled {
                true => recent.remove(token.id),
                false => recent.rename(token.id, &token.name),
            });
        }
    }

    /// Whether a token is one of them.
    pub(in crate::tokens) fn has(&self, id: TokenId) -> bool {
        self.entries.with_untracked(|recent| recent.entries().iter().any(|entry| entry.id == id))
    }

    /// Removes a token that was deleted.
    pub(super) fn remove(&self, id: TokenId) {
        if self.has(id) {
            self.update(|recent| recent.remove(id));
        }
    }

    /// Calls `look` with them. Tracked.
    pub(in crate::tokens) fn with<T>(&self, look: impl FnOnce(&RecentlyDisabled) -> T) -> T {
        follow(&self.entries);
        self.entries.with_untracked(look)
    }

    /// Removes all.
    pub(in crate::tokens) fn clear(&self) {
        self.update(RecentlyDisabled::clear);
    }

    fn update(&self, change: impl FnOnce(&mut RecentlyDisabled)) {
        self.entries.try_update(|recent| {
            change(recent);
            match recent.is_kept().then(|| recent.write()).flatten() {
                Some(text) => {
                    STORAGE.set(&self.key(), &text);
                }
                None => self.forget_kept(),
            }
        });
    }

    fn forget_kept(&self) {
        STORAGE.remove(&self.key());
    }

    fn key(&self) -> String {
        self.session.tab_key(KEPT_AS)
    }
}

//! Asking before unsaved work is left: by links, by the browser's back and forward, by closing the tab, and by acts
//! such as signing out.
//!
//! A form says what would be lost ([`Leaving::guard`]); everything else is watched here. Code that goes elsewhere by
//! itself, because the work is done or the session has ended, uses [`Navigation`] and is not asked about.

mod decision;
mod link;
mod loss;
mod question;
mod watch;

use leptos::prelude::*;

pub use decision::{Decision, Moved, PendingWish, Wish};
pub use loss::Loss;
pub use question::LeaveQuestion;

use crate::navigation::Navigation;

/// A guarded form, and what would currently be lost.
#[derive(Clone, Copy)]
struct Work {
    number: usize,
    loss: Signal<Option<Loss>>,
}

/// The unsaved work on this page, and the pending wish to leave it. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct Leaving {
    works: RwSignal<Vec<Work>>,
    pending: StoredValue<PendingWish<Callback<()>>>,
    is_asking: RwSignal<bool>,
    navigation: StoredValue<Option<Navigation>>,
}

impl Leaving {
    /// Provides the handle to all descendants and starts watching. Must be called before the router is created, which
    /// listens to the same events: the first listener is called first.
    pub fn provide() -> Self {
        let leaving = Self {
            works: RwSignal::new(Vec::new()),
            pending: StoredValue::new(PendingWish::default()),
            is_asking: RwSignal::new(false),
            navigation: StoredValue::new(None),
        };
        provide_context(leaving);
        watch::watch(leaving);
        leaving
    }

    /// Sets how to navigate, once there is a router.
    pub fn go_by(&self, navigation: Navigation) {
        self.navigation.set_value(Some(navigation));
    }

    /// Returns the handle provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Guards a form for the lifetime of the current reactive scope. `loss` is what would be lost by leaving now;
    /// `None` if nothing would.
    pub fn guard(&self, loss: Signal<Option<Loss>>) {
        let works = self.works;
        let number = works.with_untracked(|works| works.last().map_or(1, |last| last.number + 1));
        works.update(|works| works.push(Work { number, loss }));
        on_cleanup(move || {
            works.try_update(|works| works.retain(|work| work.number != number));
        });
    }

    /// Returns what would be lost by leaving now.
    pub fn loss(&self) -> Option<Loss> {
        self.works.with(|works| works.iter().find_map(|work| work.loss.try_get().flatten()))
    }

    /// Whether anything would be lost by leaving now.
    pub fn has_unsaved(&self) -> bool {
        self.loss().is_some()
    }

    /// Runs an act of the user that leads elsewhere, after a question if there is unsaved work.
    pub fn before(&self, act: impl Fn() + Send + Sync + 'static) {
        let act = Callback::new(move |()| act());
        if let Decision::Go(wish) = self.wants(Wish::Act(act)) {
            self.fulfil(wish);
        }
    }

    fn wants(&self, wish: Wish<Callback<()>>) -> Decision<Callback<()>> {
        let has_unsaved = untrack(|| self.has_unsaved());
        // If the page has gone, there is nobody to ask.
        let go = Decision::Go(wish.clone());
        self.decide(|pending| pending.wants(wish, has_unsaved)).unwrap_or(go)
    }

    fn moved(&self) -> Moved {
        let has_unsaved = untrack(|| self.has_unsaved());
        self.decide(|pending| pending.moved(has_unsaved)).unwrap_or(Moved::Follow)
    }

    fn is_asking(&self) -> bool {
        self.is_asking.get()
    }

    fn stay(&self) {
        self.decide(PendingWish::stay);
    }

    fn leave(&self) {
        if let Some(wish) = self.decide(PendingWish::leave).flatten() {
            self.fulfil(wish);
        }
    }

    fn navigation(&self) -> Option<Navigation> {
        self.navigation.try_get_value().flatten()
    }

    fn fulfil(&self, wish: Wish<Callback<()>>) {
        match wish {
            Wish::Address(address) => {
                if let Some(navigation) = self.navigation() {
                    navigation.follow(&address);
                }
            }
            Wish::Entry => watch::step_back(),
            Wish::Act(act) => act.run(()),
        }
    }

    /// Changes the pending wish, and shows or hides the question accordingly.
    fn decide<T>(&self, change: impl FnOnce(&mut PendingWish<Callback<()>>) -> T) -> Option<T> {
        let (result, asking) = self.pending.try_update_value(|pending| {
            let result = change(pending);
            (result, pending.is_asking())
        })?;
        self.is_asking.try_set(asking);
        Some(result)
    }
}

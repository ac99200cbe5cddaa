//! One act on many tokens: the console asks what is allowed, the user confirms, and the act runs. The run goes on while
//! the user is elsewhere in the list; the results stay until they are dismissed.

mod asking;
mod bar;
mod confirming;
mod question;
mod results;
mod running;

use std::collections::{HashMap, VecDeque};

use leptos::{prelude::*, reactive::owner::WeakOwner};

pub(super) use bar::BulkBar;
pub(super) use question::BulkQuestion;
pub(super) use results::BulkResults;

use crate::{
    api::TokenId,
    session::Session,
    tokens::{
        cache::known_tokens::KnownTokens,
        model::{bulk::run::Run, name::subject},
    },
    ui::{ActivityLog, count, effect, effect_with_last, focus_first_in, spawn_in_scope},
};
use asking::{Ask, Asking, Intent};

/// Moves the focus to where the user goes on when the selection or the results disappear: to the first checkbox of the
/// table, which selects the page, or the first row where rows are cards.
fn focus_list() {
    focus_first_in(".table");
}

/// The bulk act of this session; there is one at a time. A cheap, copyable handle.
#[derive(Clone, Copy)]
pub struct Bulk {
    intent: RwSignal<Option<Intent>>,
    asking: RwSignal<Asking>,
    queue: StoredValue<VecDeque<Ask>>,
    /// Incremented to start or to give up asking.
    ask_round: RwSignal<u32>,
    run: RwSignal<Option<Run>>,
    /// Incremented to start or to give up the run.
    run_round: RwSignal<u32>,
    /// The scope of the page; taken when the effects that wait for work are created in it.
    page: StoredValue<Option<WeakOwner>>,
    /// The names of the tokens, kept because a deleted token has none any more.
    names: StoredValue<HashMap<TokenId, String>>,
    session: Session,
    known: KnownTokens,
    activity: ActivityLog,
}

impl Bulk {
    /// Provides the handle to everything below. It is reset when the user leaves: another user does not finish what one
    /// has begun.
    pub fn provide() {
        let bulk = Self {
            intent: RwSignal::new(None),
            asking: RwSignal::new(Asking::default()),
            queue: StoredValue::new(VecDeque::new()),
            ask_round: RwSignal::new(0),
            run: RwSignal::new(None),
            run_round: RwSignal::new(0),
            page: StoredValue::new(Owner::current().map(|owner| owner.downgrade())),
            names: StoredValue::new(HashMap::new()),
            session: Session::expect(),
            known: KnownTokens::expect(),
            activity: ActivityLog::expect(),
        };
        bulk.session.when_user_leaves(move || {
            bulk.give_up();
            bulk.dismiss();
        });
        provide_context(bulk);
    }

    /// Returns the handle provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Starts waiting for work. Not done when the page starts, since the list's WebAssembly would then have to contain
    /// the work.
    fn stand_by(self) {
        let page = self.page.try_update_value(Option::take).flatten();
        let Some(page) = page.and_then(|page| page.upgrade()) else { return };
        // The run goes on while the user is elsewhere, so the effects belong to the page and not to the screen.
        page.with(|| {
            effect(move || {
                self.ask_round.track();
                let series = self.session.series();
                self.spawn(|| spawn_in_scope(self.ask(series)));
            });
            effect(move || {
                self.run_round.track();
                let series = self.session.series();
                self.spawn(|| spawn_in_scope(self.work(series)));
            });
            // While the question is open, the user may sign in again with one of these tokens, and may then be allowed
            // other things.
            effect_with_last(move |was_active: Option<bool>| {
                let is_active = self.session.is_active();
                let intent =
                    if was_active == Some(false) && is_active { self.intent.get_untracked() } else { None };
                if let Some(intent) = intent {
                    self.intend(intent.act, intent.ids);
                }
                is_active
            });
        });
    }

    /// Starts as many workers as the server should bear.
    fn spawn(&self, one: impl Fn()) {
        for _ in 0..self.session.at_once() {
            one();
        }
    }

    /// Returns a token's present or last known name.
    fn name(&self, id: TokenId) -> String {
        self.names.with_value(|names| names.get(&id).cloned()).unwrap_or_default()
    }

    /// Returns the names and IDs of the first few tokens, and how many more there are.
    fn names(&self, ids: &[TokenId], few: usize) -> String {
        let first: Vec<_> = ids.iter().take(few).map(|id| subject(&self.name(*id), *id)).collect();
        match ids.len().saturating_sub(few) {
            0 => first.join(", "),
            more => format!("{} and {} more", first.join(", "), count(more)),
        }
    }
}

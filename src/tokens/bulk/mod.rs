//! One thing done to many tokens: what may be done is asked, the question is answered, and then it runs. The run
//! goes on while one is elsewhere in the list; what came of it stays until it is dismissed.

mod asking;
mod bar;
mod question;
mod results;
mod running;

use std::collections::{HashMap, VecDeque};

use leptos::{prelude::*, reactive::owner::WeakOwner};

pub(super) use bar::BulkBar;
pub(super) use question::BulkQuestion;
pub(super) use results::BulkResults;

use super::{details::at_once, known_tokens::KnownTokens, model::bulk::run::Run};
use crate::{
    api::TokenId,
    session::Session,
    ui::{ActivityLog, effect, effect_with_last, focus_first_in, spawn_in_scope},
};
use asking::{Ask, Asking, Intent};

/// Puts the focus where one goes on when the selection or the results go: on the first checkbox of the table, which is that of
/// the page, or of the first row where rows are cards.
fn focus_list() {
    focus_first_in(".table");
}

/// The bulk act of this session: one at a time. A handle, cheap to copy.
#[derive(Clone, Copy)]
pub struct Bulk {
    intent: RwSignal<Option<Intent>>,
    asking: RwSignal<Asking>,
    queue: StoredValue<VecDeque<Ask>>,
    /// Counted up to begin or to give up asking.
    ask_round: RwSignal<u32>,
    run: RwSignal<Option<Run>>,
    /// Counted up to begin or to give up the run.
    run_round: RwSignal<u32>,
    /// The scope of the page, until there is something in it that waits for work.
    page: StoredValue<Option<WeakOwner>>,
    /// What the tokens were called: those that are deleted have no name any more.
    names: StoredValue<HashMap<TokenId, String>>,
    session: Session,
    known: KnownTokens,
    activity: ActivityLog,
}

impl Bulk {
    /// Makes it available to everything below. When the user leaves, it ends: what one person began,
    /// another does not finish.
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

    /// That of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// Begins to wait for work. Not when the page begins: then the list's WebAssembly would have to have the work in it.
    fn stand_by(self) {
        let page = self.page.try_update_value(Option::take).flatten();
        let Some(page) = page.and_then(|page| page.upgrade()) else { return };
        // It goes on while one is elsewhere, so it belongs to the page and not to the screen.
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
            // Whoever signs in again over the question may do so with one of these tokens, and may be allowed other
            // things with it.
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

    /// As many at once as the server should bear.
    fn spawn(&self, one: impl Fn()) {
        for _ in 0..at_once(self.session) {
            one();
        }
    }

    /// What a token is or was called.
    fn name(&self, id: TokenId) -> String {
        self.names.with_value(|names| names.get(&id).cloned()).unwrap_or_default()
    }
}

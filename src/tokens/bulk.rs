//! One thing done to many tokens: what may be done is asked, the question is answered, and then it runs. The run
//! goes on while one is elsewhere in the list; what came of it stays until it is dismissed.

use std::collections::{HashMap, VecDeque};

use leptos::{prelude::*, reactive::owner::WeakOwner};

use super::{
    apply::{Applied, apply},
    details::at_once,
    known_tokens::KnownTokens,
    model::bulk::{
        BulkAct,
        outcome::Outcome,
        plan::{Plan, unasked},
        run::Run,
        words,
    },
    subject,
};
use crate::{
    api::TokenId,
    session::{Series, Session, permissions::Subject},
    ui::{ActivityLog, Outcome as Ended, count, effect, effect_with_last, follow, spawn_in_scope},
};

/// What is asked before anybody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    /// What may be done with the token.
    Options(TokenId),
    /// The token itself: it may be the one that the session is signed in with.
    Read(TokenId),
}

/// What somebody is about to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Intent {
    pub(super) act: BulkAct,
    pub(super) ids: Vec<TokenId>,
    /// `None` as long as it is being asked what is allowed.
    pub(super) plan: Option<Plan>,
}

/// How far the asking is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asking {
    pub(super) total: usize,
    pub(super) answered: usize,
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

    /// Looks at what somebody is about to do.
    pub(super) fn with_intent<T>(&self, look: impl FnOnce(Option<&Intent>) -> T) -> T {
        follow(&self.intent);
        self.intent.with_untracked(|intent| look(intent.as_ref()))
    }

    /// How far the asking is.
    pub(super) fn asking(&self) -> Asking {
        follow(&self.asking);
        self.asking.get_untracked()
    }

    /// Looks at what is being done, or was.
    pub(super) fn with_run<T>(&self, look: impl FnOnce(Option<&Run>) -> T) -> T {
        follow(&self.run);
        self.run.with_untracked(|run| look(run.as_ref()))
    }

    /// Whether something is being done.
    pub(super) fn is_running(&self) -> bool {
        self.with_run(|run| run.is_some_and(|run| !run.is_over()))
    }

    /// What a token is or was called.
    pub(super) fn name(&self, id: TokenId) -> String {
        self.names.with_value(|names| names.get(&id).cloned()).unwrap_or_default()
    }

    /// Somebody wants to do this to these tokens: finds out what is allowed.
    pub(super) fn intend(&self, act: BulkAct, ids: Vec<TokenId>) {
        self.stand_by();
        self.known.listing.with_untracked(|catalogue| {
            self.names.update_value(|names| {
                let name = |id: TokenId| catalogue.get(id).map(|row| (id, row.name.to_string()));
                names.extend(ids.iter().filter_map(|id| name(*id)));
            });
        });
        let permissions = self.session.permissions();
        let open = permissions
            .with_untracked(|known| unasked(ids.iter().copied(), |id| known.of(Subject::Token(id))));
        let mut queue: VecDeque<_> = open.into_iter().map(Ask::Options).collect();
        if act != BulkAct::Enable && self.session.is_own_token_open() {
            queue.extend(ids.iter().copied().filter(|id| self.may_be_own(*id)).map(Ask::Read));
        }
        self.session.renew_retries();
        self.asking.set(Asking { total: queue.len(), answered: 0 });
        let is_known = queue.is_empty();
        self.queue.set_value(queue);
        self.intent.set(Some(Intent { act, ids, plan: None }));
        if is_known {
            self.plan();
        } else {
            self.ask_round.update(|n| *n += 1);
        }
    }

    /// Does not ask any further: the server decides.
    pub(super) fn skip_asking(&self) {
        self.queue.update_value(VecDeque::clear);
        self.ask_round.update(|n| *n += 1);
        self.plan();
    }

    /// Nothing is done.
    pub(super) fn give_up(&self) {
        self.queue.try_update_value(VecDeque::clear);
        self.intent.try_set(None);
        self.ask_round.try_update(|n| *n += 1);
    }

    async fn ask(self, series: Series) {
        while let Some(Some(ask)) = self.queue.try_update_value(VecDeque::pop_front) {
            // What is not asked is tried, and the server decides.
            if series.turn().await {
                match ask {
                    Ask::Options(id) => self.session.ask_token(id).await,
                    // As soon as one answer has told, there is nothing more to find out.
                    Ask::Read(id) if self.session.is_own_token_open() => self.read(id).await,
                    Ask::Read(_) => {}
                }
            }
            let is_last = self.asking.try_update(|asking| {
                asking.answered += 1;
                asking.answered >= asking.total
            });
            if is_last == Some(true) {
                self.plan();
            }
        }
    }

    /// Whether a token may be the one that the session is signed in with, for all that one has read of it.
    fn may_be_own(&self, id: TokenId) -> bool {
        self.known.details.enabled(id).is_none() || self.session.is_signed_in_again()
    }

    /// Whether the session's own token may be among these, since nobody knows which one it is.
    pub(super) fn may_have_own(&self, ids: &[TokenId]) -> bool {
        self.session.is_own_token_open() && ids.iter().any(|id| self.known.details.enabled(*id).is_none())
    }

    async fn read(self, id: TokenId) {
        if let Ok(token) = self.session.read_token(id).await {
            self.known.learned(&token);
        }
    }

    fn plan(&self) {
        let own = untrack(|| self.session.own_token());
        let permissions = self.session.permissions();
        self.intent.try_update(|intent| {
            if let Some(intent) = intent {
                intent.plan = Some(permissions.with_untracked(|known| {
                    let of = |id| known.of(Subject::Token(id));
                    Plan::new(intent.act, intent.ids.iter().copied(), of, own)
                }));
            }
        });
    }

    /// The question was answered with yes.
    pub(super) fn start(&self) {
        let plan = self.intent.with_untracked(|intent| intent.as_ref().and_then(|i| i.plan.clone()));
        self.intent.set(None);
        if let Some(plan) = plan.filter(|plan| !plan.included.is_empty()) {
            self.session.renew_retries();
            self.run.set(Some(Run::new(&plan, at_once(self.session))));
            self.run_round.update(|n| *n += 1);
        }
    }

    /// Begins with nothing more.
    pub(super) fn cancel(&self) {
        self.end(Run::cancel);
    }

    /// Tries again what failed.
    pub(super) fn retry(&self) {
        if untrack(|| self.is_running()) {
            return;
        }
        self.session.renew_retries();
        self.run.update(|run| {
            if let Some(run) = run {
                run.retry();
            }
        });
        self.run_round.update(|n| *n += 1);
    }

    /// The results were read.
    pub(super) fn dismiss(&self) {
        self.run.try_set(None);
        self.names.try_update_value(HashMap::clear);
        // Whatever still went on is given up.
        self.run_round.try_update(|n| *n += 1);
    }

    /// Whether there is something to begin with.
    fn has_more(&self) -> bool {
        self.run.try_with_untracked(|run| run.as_ref().is_some_and(Run::has_more)) == Some(true)
    }

    /// Begins with one token after the other, as long as it is for the same user, and no faster than the server lets
    /// requests through. If that is not at all, the rest is not begun.
    async fn work(self, series: Series) {
        let is_same = self.session.same_user();
        while is_same() && self.has_more() {
            if !series.turn().await {
                self.cancel();
                return;
            }
            if !is_same() {
                return;
            }
            let next = self.run.try_update(|run| run.as_mut().map(|run| (run.act(), run.start_next())));
            let Some(Some((act, Some(id)))) = next else { return };
            let is_own = self.is_own(act, id).await;
            if !is_same() {
                return;
            }
            let applied = if is_own {
                Applied { outcome: Outcome::Cancelled, token: None }
            } else {
                apply(self.session, act, id, &self.name(id), self.known.details.enabled(id)).await
            };
            if !is_same() {
                return;
            }
            self.known.applied(id, &applied);
            if applied.outcome.is_turned_away() && series.goes_on() {
                self.end(|run| run.put_back(id));
            } else {
                self.end(|run| run.answer(id, applied.outcome));
            }
        }
    }

    /// Whether the session is signed in with this token. The plan has left out its own; since then, somebody may have
    /// signed in again with one that it includes, or be about to.
    async fn is_own(self, act: BulkAct, id: TokenId) -> bool {
        let session = self.session;
        let is_paused = !session.is_active_now();
        // What other credentials were allowed is forgotten, and asked again with the present ones.
        let is_asked = session.permissions().with_untracked(|known| known.of(Subject::Token(id)).is_asked());
        let is_open = !is_asked && session.is_signed_in_again() && session.is_own_token_open();
        if act != BulkAct::Enable && (is_paused || is_open) {
            self.read(id).await;
        }
        untrack(|| session.is_own(id))
    }

    /// Lets the run change, and notes when that was the end of it.
    fn end(&self, change: impl FnOnce(&mut Run)) {
        let ended = self.run.try_update(|run| {
            let run = run.as_mut()?;
            let was_over = run.is_over();
            change(run);
            (run.is_over() && !was_over).then(|| (run.act(), run.summary(), run.progress().total))
        });
        let Some(Some((act, summary, total))) = ended else { return };
        // Whoever still waits for the server to let more through has nothing to wait for.
        self.run_round.try_update(|n| *n += 1);
        let how = match summary {
            _ if summary.done + summary.already_so == total => Ended::Done,
            _ if summary.unknown > 0 => Ended::Unknown,
            _ => Ended::Failed,
        };
        let what = if how == Ended::Done { act.done() } else { act.tried() };
        let only = self.run.with_untracked(|run| run.as_ref()?.results().next().map(|(id, _)| id));
        let subject = match only.filter(|_| total == 1) {
            Some(id) => subject(&self.name(id), id),
            None if how == Ended::Done => words::tokens(total, count),
            None => {
                format!("{} ({})", words::tokens(total, count), words::summary(act, &summary, total, count))
            }
        };
        self.activity.add(what, subject, how);
    }
}

//! The run: one token after the other, and the result of each.

use std::collections::HashMap;

use leptos::prelude::*;

use super::Bulk;
use crate::{
    api::TokenId,
    session::{Series, permissions::Subject},
    tokens::{
        model::bulk::{
            BulkAct,
            outcome::{Applied, Outcome},
            run::Run,
            words,
        },
        requests::apply::apply,
    },
    ui::{ActivityOutcome, count, follow},
};

/// How many tokens an entry of the activity log names at most.
const MOST_NAMES: usize = 20;

impl Bulk {
    /// Whether there is a run, going on or finished, that was not dismissed.
    pub(in crate::tokens::list) fn has_run(&self) -> bool {
        self.with_run(|run| run.is_some())
    }

    /// Calls `look` with the run, even if it is over. Tracked.
    pub(super) fn with_run<T>(&self, look: impl FnOnce(Option<&Run>) -> T) -> T {
        follow(&self.run);
        self.run.with_untracked(|run| look(run.as_ref()))
    }

    /// Whether a run is going on.
    pub(in crate::tokens::list) fn is_running(&self) -> bool {
        self.with_run(|run| run.is_some_and(|run| !run.is_over()))
    }

    /// Starts the act that the user has confirmed.
    pub(super) fn start(&self) {
        let plan = self.intent.with_untracked(|intent| intent.as_ref().and_then(|i| i.plan.clone()));
        self.intent.set(None);
        if let Some(plan) = plan.filter(|plan| !plan.included.is_empty()) {
            self.session.renew_retries();
            self.run.set(Some(Run::new(&plan, self.session.at_once())));
            self.run_round.update(|n| *n += 1);
        }
    }

    /// Begins no further tokens.
    pub(super) fn cancel(&self) {
        self.end(Run::cancel);
    }

    /// Retries the tokens that failed.
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

    /// Removes the results.
    pub(super) fn dismiss(&self) {
        self.run.try_set(None);
        self.names.try_update_value(HashMap::clear);
        // Gives up what is still going on.
        self.run_round.try_update(|n| *n += 1);
    }

    /// Whether a token is waiting to be begun.
    fn has_more(&self) -> bool {
        self.run.try_with_untracked(|run| run.as_ref().is_some_and(Run::has_more)) == Some(true)
    }

    /// Works through the tokens, as long as the same user is signed in, and no faster than the server lets requests
    /// through. If the server lets none through, the rest is not begun.
    pub(super) async fn work(self, series: Series) {
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
            let Some(mut applied) = self.try_one(act, id, is_same).await else { return };
            if applied.outcome.is_signed_out() {
                // The user signs in again, maybe with this token.
                let Some(again) = self.try_one(act, id, is_same).await else { return };
                applied = again;
                if applied.outcome.is_signed_out() {
                    // Refused although the credentials had just been accepted; so would the others be.
                    self.cancel();
                }
            }
            self.known.applied(id, &applied);
            if applied.outcome.is_turned_away() && series.goes_on() {
                self.end(|run| run.put_back(id));
            } else {
                self.end(|run| run.answer(id, applied.outcome));
            }
        }
    }

    /// Does it to one token, unless that is the credential token. Does nothing more and returns `None` once the user
    /// has left.
    async fn try_one(self, act: BulkAct, id: TokenId, is_same: impl Fn() -> bool) -> Option<Applied> {
        let is_credential_token = self.is_credential_token(act, id).await;
        if !is_same() {
            return None;
        }
        let applied = if is_credential_token {
            Applied { outcome: Outcome::Cancelled, token: None }
        } else {
            // Not sent again by itself after signing in again: the check above would be of the earlier credentials.
            let session = self.session.without_repetition();
            apply(session, act, id, &self.name(id), self.known.details.enabled(id)).await
        };
        is_same().then_some(applied)
    }

    /// Whether the session is signed in with this token. The plan left out the credential token; since then the user
    /// may have signed in again with an included one, or may be about to.
    async fn is_credential_token(self, act: BulkAct, id: TokenId) -> bool {
        let session = self.session;
        let is_paused = !session.is_active_now();
        // Signing in with other credentials clears the permissions: those that are known belong to the present ones.
        let is_asked = session.permissions().with_untracked(|known| known.of(Subject::Token(id)).is_asked());
        let is_open = !is_asked && session.is_signed_in_again() && session.is_credential_token_unknown();
        if act != BulkAct::Enable && (is_paused || is_open) {
            self.read(id).await;
        }
        untrack(|| session.is_credential_token(id))
    }

    /// Changes the run. If that ends it, adds it to the activity log.
    fn end(&self, change: impl FnOnce(&mut Run)) {
        let ended = self.run.try_update(|run| {
            let run = run.as_mut()?;
            let was_over = run.is_over();
            change(run);
            (run.is_over() && !was_over).then(|| (run.act(), run.summary(), run.progress().total))
        });
        let Some(Some((act, summary, total))) = ended else { return };
        // A worker that waits until the server lets more requests through has nothing left to wait for.
        self.run_round.try_update(|n| *n += 1);
        let how = match summary {
            _ if summary.done + summary.already_so == total => ActivityOutcome::Done,
            _ if summary.unknown > 0 => ActivityOutcome::Unknown,
            _ => ActivityOutcome::Failed,
        };
        let what = if how == ActivityOutcome::Done { act.done() } else { act.tried() };
        let ids = |is_changed: fn(&Outcome) -> bool| -> Vec<TokenId> {
            self.run.with_untracked(|run| {
                let results = run.iter().flat_map(Run::results);
                results.filter(|(_, outcome)| outcome.is_some_and(is_changed)).map(|(id, _)| id).collect()
            })
        };
        let subject = if how == ActivityOutcome::Done || total == 1 {
            self.names(&ids(|_| true), MOST_NAMES)
        } else {
            let words = words::summary(act, &summary, total, count);
            let changed = ids(|outcome| matches!(outcome, Outcome::Done));
            let colon = if changed.is_empty() { "" } else { ": " };
            format!("{} ({words}){colon}{}", words::tokens(total, count), self.names(&changed, MOST_NAMES))
        };
        self.activity.add(what, subject, how);
    }
}

//! The run of a bulk act: a plan being carried out.

use std::collections::{HashMap, hash_map::Entry};

use super::{BulkAct, outcome::Outcome, plan::Plan};
use crate::api::TokenId;

/// The state of one token.
#[derive(Clone, Debug, PartialEq, Eq)]
enum RowState {
    Waiting,
    InFlight,
    Over(Outcome),
}

/// The progress of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunProgress {
    /// The number of tokens in the run.
    pub total: usize,
    /// The number of tokens with a result.
    pub over: usize,
}

/// The number of tokens for each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// [`Outcome::Done`].
    pub done: usize,
    /// [`Outcome::AlreadySo`].
    pub already_so: usize,
    /// [`Outcome::Refused`].
    pub refused: usize,
    /// [`Outcome::Failed`].
    pub failed: usize,
    /// [`Outcome::Unknown`].
    pub unknown: usize,
    /// [`Outcome::Cancelled`].
    pub cancelled: usize,
}

impl Summary {
    /// Returns how many tokens [`Run::retry`] would retry.
    pub const fn retryable(&self) -> usize {
        self.failed + self.unknown + self.cancelled
    }
}

/// A plan being carried out. It takes outcomes and returns the IDs to start.
#[derive(Clone, Debug)]
pub struct Run {
    act: BulkAct,
    at_once: usize,
    rows: Vec<(TokenId, RowState)>,
    index: HashMap<TokenId, usize>,
    /// The index before which no row waits.
    cursor: usize,
    in_flight: usize,
    over: usize,
    summary: Summary,
    /// Whether no more tokens are to be started.
    is_cancelled: bool,
}

impl Run {
    /// Creates a run that has not begun, with at most `at_once` tokens (at least one) in flight.
    pub fn new(plan: &Plan, at_once: usize) -> Self {
        let mut rows = Vec::with_capacity(plan.included.len());
        let mut index = HashMap::with_capacity(plan.included.len());
        for &id in &plan.included {
            if let Entry::Vacant(entry) = index.entry(id) {
                entry.insert(rows.len());
                rows.push((id, RowState::Waiting));
            }
        }
        let at_once = at_once.max(1);
        Self {
            act: plan.act,
            at_once,
            rows,
            index,
            cursor: 0,
            in_flight: 0,
            over: 0,
            summary: Summary::default(),
            is_cancelled: false,
        }
    }

    /// Returns the act.
    pub const fn act(&self) -> BulkAct {
        self.act
    }

    /// Starts the next waiting token and returns its ID. `None` if none waits or enough are in flight; then call it
    /// again after an answer.
    pub fn start_next(&mut self) -> Option<TokenId> {
        if self.in_flight >= self.at_once {
            return None;
        }
        while let Some((id, standing)) = self.rows.get_mut(self.cursor) {
            self.cursor += 1;
            if *standing == RowState::Waiting {
                *standing = RowState::InFlight;
                self.in_flight += 1;
                return Some(*id);
            }
        }
        None
    }

    /// Whether a token waits to be started.
    pub fn has_more(&self) -> bool {
        self.in_flight + self.over < self.rows.len()
    }

    /// Makes a token that is in flight wait again, since the server did not take the request. After [`Run::cancel`]
    /// its outcome is [`Outcome::Cancelled`].
    pub fn put_back(&mut self, id: TokenId) {
        if self.is_cancelled {
            return self.answer(id, Outcome::Cancelled);
        }
        if let Some(&index) = self.index.get(&id)
            && let Some((_, standing)) = self.rows.get_mut(index)
            && *standing == RowState::InFlight
        {
            *standing = RowState::Waiting;
            self.in_flight -= 1;
            self.cursor = self.cursor.min(index);
        }
    }

    /// Takes the outcome of a token that is in flight; any other is ignored.
    pub fn answer(&mut self, id: TokenId, outcome: Outcome) {
        let row = self.index.get(&id).and_then(|index| self.rows.get_mut(*index));
        if let Some((_, standing)) = row
            && *standing == RowState::InFlight
        {
            *self.summary.count_mut(&outcome) += 1;
            *standing = RowState::Over(outcome);
            self.in_flight -= 1;
            self.over += 1;
        }
    }

    /// Starts no more tokens. Those in flight still get their outcome.
    pub fn cancel(&mut self) {
        self.is_cancelled = true;
        for (_, standing) in &mut self.rows {
            if *standing == RowState::Waiting {
                *standing = RowState::Over(Outcome::Cancelled);
                self.summary.cancelled += 1;
                self.over += 1;
            }
        }
    }

    /// Makes the failed, unknown and cancelled tokens wait again.
    pub fn retry(&mut self) {
        for (_, standing) in &mut self.rows {
            if let RowState::Over(outcome) = standing
                && outcome.can_be_retried()
            {
                *self.summary.count_mut(outcome) -= 1;
                *standing = RowState::Waiting;
                self.over -= 1;
            }
        }
        self.is_cancelled = false;
        self.cursor = 0;
    }

    /// Returns the progress.
    pub const fn progress(&self) -> RunProgress {
        RunProgress { total: self.rows.len(), over: self.over }
    }

    /// Whether every token has a result.
    pub const fn is_over(&self) -> bool {
        self.over == self.rows.len()
    }

    /// Returns the number of tokens for each outcome.
    pub const fn summary(&self) -> Summary {
        self.summary
    }

    /// Returns the outcome of each token in the order of the plan; `None` for those without one yet.
    pub fn results(&self) -> impl ExactSizeIterator<Item = (TokenId, Option<&Outcome>)> {
        self.rows.iter().map(|(id, standing)| match standing {
            RowState::Over(outcome) => (*id, Some(outcome)),
            RowState::Waiting | RowState::InFlight => (*id, None),
        })
    }
}

impl Summary {
    const fn count_mut(&mut self, outcome: &Outcome) -> &mut usize {
        match outcome {
            Outcome::Done => &mut self.done,
            Outcome::AlreadySo => &mut self.already_so,
            Outcome::Refused(_) => &mut self.refused,
            Outcome::Failed(_) => &mut self.failed,
            Outcome::Unknown(_) => &mut self.unknown,
            Outcome::Cancelled => &mut self.cancelled,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::{prelude::*, sample::select};

    use super::{super::outcome::Failure, *};
    use crate::{
        api::{Error, ErrorKind, Method},
        session::permissions::Permission,
    };

    fn error(kind: ErrorKind) -> Error {
        Error::new(kind, Method::Patch, "/api_tokens/1")
    }

    fn plan(ids: impl IntoIterator<Item = TokenId>) -> Plan {
        Plan::new(BulkAct::Delete, ids, |_| Permission::default(), None)
    }

    #[test]
    fn a_run_with_failures_a_cancel_and_a_retry() {
        let mut run = Run::new(&plan(1..=5), 2);
        assert_eq!((run.start_next(), run.start_next(), run.start_next()), (Some(1), Some(2), None));
        run.answer(2, Outcome::Failed(Failure::Error(error(ErrorKind::Server(None)))));
        assert_eq!((run.start_next(), run.start_next()), (Some(3), None));
        run.cancel();
        run.answer(1, Outcome::Done);
        assert_eq!(run.start_next(), None);
        assert_eq!((run.progress(), run.in_flight), (RunProgress { total: 5, over: 4 }, 1));
        // Late, repeated and unknown answers change nothing.
        run.answer(1, Outcome::Cancelled);
        run.answer(4, Outcome::Done);
        run.answer(99, Outcome::Done);
        run.answer(3, Outcome::Done);
        assert!(run.is_over());
        assert_eq!(run.summary(), Summary { done: 2, failed: 1, cancelled: 2, ..Summary::default() });
        assert_eq!((run.summary().retryable(), run.progress().over), (3, 5));
        run.retry();
        assert_eq!((run.summary().retryable(), run.progress().over), (0, 2));
        assert_eq!((run.start_next(), run.start_next(), run.start_next()), (Some(2), Some(4), None));
    }

    #[test]
    fn what_the_server_did_not_take_waits_again() {
        let mut run = Run::new(&plan(1..=3), 2);
        assert_eq!((run.start_next(), run.start_next(), run.has_more()), (Some(1), Some(2), true));
        run.put_back(1);
        run.put_back(1);
        run.put_back(99);
        assert_eq!((run.progress(), run.in_flight), (RunProgress { total: 3, over: 0 }, 1));
        assert_eq!((run.start_next(), run.start_next()), (Some(1), None));
        run.answer(2, Outcome::Done);
        assert_eq!((run.start_next(), run.has_more()), (Some(3), false));
        run.cancel();
        run.put_back(3);
        run.put_back(1);
        assert!(run.is_over());
        assert_eq!(run.summary(), Summary { done: 1, cancelled: 2, ..Summary::default() });
        run.retry();
        assert_eq!((run.progress().over, run.has_more()), (1, true));
    }

    #[test]
    fn nothing_to_do_is_over_at_once() {
        let mut run = Run::new(&plan([]), 4);
        assert!(run.is_over());
        assert_eq!(run.start_next(), None);
        run.retry();
        assert!(run.is_over());
    }

    #[derive(Clone, Debug)]
    enum Event {
        Start,
        Answer(prop::sample::Index, Outcome),
        PutBack(prop::sample::Index),
        Cancel,
        Retry,
    }

    fn outcome() -> impl Strategy<Value = Outcome> {
        select(vec![
            Outcome::Done,
            Outcome::AlreadySo,
            Outcome::Refused(error(ErrorKind::NotPermitted)),
            Outcome::Failed(Failure::Ignored),
            Outcome::Unknown(error(ErrorKind::Unreachable)),
        ])
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            8 => Just(Event::Start),
            8 => (any::<prop::sample::Index>(), outcome()).prop_map(|(which, outcome)| Event::Answer(which, outcome)),
            2 => any::<prop::sample::Index>().prop_map(Event::PutBack),
            1 => Just(Event::Cancel),
            1 => Just(Event::Retry),
        ]
    }

    proptest! {
        #[test]
        fn every_row_ends_with_one_result(
            ids in prop::collection::vec(0i64..30, 0..30), at_once in 0usize..6,
            events in prop::collection::vec(event(), 0..120),
        ) {
            let planned: BTreeSet<_> = ids.iter().copied().collect();
            let mut run = Run::new(&plan(ids), at_once);
            let mut in_flight: Vec<TokenId> = Vec::new();
            let mut answered: HashMap<TokenId, Outcome> = HashMap::new();
            let mut cancelled = false;
            for event in events {
                match event {
                    Event::Start => {
                        let started = run.start_next();
                        prop_assert!(!(cancelled && started.is_some()));
                        if let Some(id) = started {
                            prop_assert!(!in_flight.contains(&id));
                            // Only a token without a result, or with one that a retry discarded, is started.
                            prop_assert!(answered.remove(&id).is_none_or(|outcome| outcome.can_be_retried()));
                            in_flight.push(id);
                        }
                    }
                    Event::Answer(which, outcome) => {
                        if !in_flight.is_empty() {
                            let id = in_flight.swap_remove(which.index(in_flight.len()));
                            answered.insert(id, outcome.clone());
                            run.answer(id, outcome);
                        }
                    }
                    Event::PutBack(which) => {
                        if !in_flight.is_empty() {
                            let id = in_flight.swap_remove(which.index(in_flight.len()));
                            if cancelled {
                                answered.insert(id, Outcome::Cancelled);
                            }
                            run.put_back(id);
                        }
                    }
                    Event::Cancel => {
                        run.cancel();
                        cancelled = true;
                    }
                    Event::Retry => {
                        run.retry();
                        cancelled = false;
                    }
                }
                prop_assert!(in_flight.len() <= at_once.max(1));
                prop_assert_eq!(run.in_flight, in_flight.len());
            }
            // Let the run finish.
            loop {
                while let Some(id) = run.start_next() {
                    in_flight.push(id);
                }
                let Some(id) = in_flight.pop() else { break };
                run.answer(id, Outcome::Done);
            }
            prop_assert!(run.is_over());
            let results: Vec<_> = run.results().collect();
            prop_assert!(results.iter().all(|(_, outcome)| outcome.is_some()));
            prop_assert_eq!(results.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>(), planned.clone());
            prop_assert_eq!(results.len(), planned.len());
            let Summary { done, already_so, refused, failed, unknown, cancelled } = run.summary();
            prop_assert_eq!(done + already_so + refused + failed + unknown + cancelled, planned.len());
        }
    }
}

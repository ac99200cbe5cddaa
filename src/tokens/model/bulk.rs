//! Doing one thing to many tokens: which of them, a few at once, with a result for each.

use std::collections::{HashMap, hash_map::Entry};

use super::deletion::Deletion;
use crate::{
    api::{
        Error, ErrorKind, Method, Token, TokenId,
        patch::{Operation, Path, Value},
    },
    session::permissions::{Gate, Permission},
};

/// What is done to each token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAct {
    /// Make the server accept it.
    Enable,
    /// Make the server refuse it.
    Disable,
    /// Delete it.
    Delete,
}

impl BulkAct {
    /// The method that `OPTIONS` has to allow for it.
    pub const fn method(self) -> Method {
        match self {
            Self::Enable | Self::Disable => Method::Patch,
            Self::Delete => Method::Delete,
        }
    }

    /// Whether the token is to be enabled; `None` for a deletion.
    pub const fn wants_enabled(self) -> Option<bool> {
        match self {
            Self::Enable => Some(true),
            Self::Disable => Some(false),
            Self::Delete => None,
        }
    }

    /// The patch that does it; `None` for a deletion. Without a `test`: whatever else somebody changed
    /// about the token stays as it is, and the wish was about this one value.
    pub fn patch(self) -> Option<Vec<Operation>> {
        self.wants_enabled()
            .map(|enabled| vec![Operation::Replace { path: Path::Enabled, value: Value::Flag(enabled) }])
    }
}

/// Why a token is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exclusion {
    /// This session is signed in with it: it is not for acting on many at once.
    ThisSession,
    /// The server does not allow it.
    NotPermitted,
}

/// Which of the selected tokens it is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What is done.
    pub act: BulkAct,
    /// To which tokens, each once.
    pub included: Vec<TokenId>,
    /// How many of these it is not known for whether the server allows it. It decides.
    pub unknown: usize,
    /// Which are left out, and why.
    pub excluded: Vec<(TokenId, Exclusion)>,
}

impl Plan {
    /// The plan for a selection, whose ids are different ones. `own` is the token that this session is
    /// signed in with, as far as that is known.
    pub fn new(
        act: BulkAct,
        selected: impl IntoIterator<Item = TokenId>,
        permission: impl Fn(TokenId) -> Permission,
        own: Option<TokenId>,
    ) -> Self {
        let mut plan = Self { act, included: Vec::new(), unknown: 0, excluded: Vec::new() };
        for id in selected {
            if own == Some(id) {
                plan.excluded.push((id, Exclusion::ThisSession));
                continue;
            }
            match permission(id).gate(act.method()) {
                Gate::Refused => plan.excluded.push((id, Exclusion::NotPermitted)),
                Gate::Allowed => plan.included.push(id),
                Gate::Unknown => {
                    plan.unknown += 1;
                    plan.included.push(id);
                }
            }
        }
        plan
    }
}

/// Which of the selected tokens `OPTIONS` has to be asked for first.
pub fn unasked(
    selected: impl IntoIterator<Item = TokenId>,
    permission: impl Fn(TokenId) -> Permission,
) -> Vec<TokenId> {
    selected.into_iter().filter(|id| !permission(*id).is_asked()).collect()
}

/// What became of one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is as was wanted.
    Done,
    /// It had been so before.
    AlreadySo,
    /// The server does not allow it.
    Refused(Error),
    /// It did not happen.
    Failed(Failure),
    /// Nobody knows whether it happened.
    Unknown(Error),
    /// It was not begun.
    Cancelled,
}

/// Why it did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The request failed.
    Error(Error),
    /// The server answered that all is well and changed nothing (API.md part 2).
    Ignored,
}

impl Outcome {
    /// Whether trying again may help.
    pub const fn can_be_retried(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Unknown(_) | Self::Cancelled)
    }

    fn of_error(error: Error) -> Self {
        match error.kind {
            ErrorKind::NotPermitted | ErrorKind::MethodNotAllowed(_) => Self::Refused(error),
            _ => Self::Failed(Failure::Error(error)),
        }
    }
}

impl From<Deletion> for Outcome {
    /// A token that is gone already is what was wanted.
    fn from(deletion: Deletion) -> Self {
        match deletion {
            Deletion::Done | Deletion::AlreadyGone => Self::Done,
            Deletion::Failed(error) => Self::of_error(error),
            Deletion::Unknown(error) => Self::Unknown(error),
        }
    }
}

/// Reads the answer to a token's patch. `before` is what was known of `enabled`. `None` if the token has
/// to be looked up to know; see [`after_look`].
pub fn after_change(wanted: bool, before: Option<bool>, answer: &Result<Token, Error>) -> Option<Outcome> {
    match answer {
        Ok(token) if token.enabled != wanted => Some(Outcome::Failed(Failure::Ignored)),
        Ok(_) if before == Some(wanted) => Some(Outcome::AlreadySo),
        Ok(_) => Some(Outcome::Done),
        Err(error) if error.kind.leaves_outcome_unknown() => None,
        Err(error) => Some(Outcome::of_error(error.clone())),
    }
}

/// Decides by looking: `failure` left the outcome of a change open, `look` is what reading the token gave.
pub fn after_look(wanted: bool, failure: Error, look: &Result<Token, Error>) -> Outcome {
    match look {
        Ok(token) if token.enabled == wanted => Outcome::Done,
        Ok(_) => Outcome::of_error(failure),
        Err(error) if error.kind == ErrorKind::NotFound => Outcome::of_error(error.clone()),
        Err(_) => Outcome::Unknown(failure),
    }
}

/// How one token stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    Waiting,
    InFlight,
    Over(Outcome),
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// All tokens of the run.
    pub total: usize,
    /// Those with a result.
    pub over: usize,
    /// Those whose answer is on its way.
    pub in_flight: usize,
}

/// A run's results in numbers.
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
    /// How many [`Run::retry`] would try again.
    pub const fn retryable(&self) -> usize {
        self.failed + self.unknown + self.cancelled
    }
}

/// A plan being carried out: ids to begin with out, outcomes in.
#[derive(Clone, Debug)]
pub struct Run {
    act: BulkAct,
    at_once: usize,
    rows: Vec<(TokenId, Standing)>,
    index: HashMap<TokenId, usize>,
    /// Before this row, none waits.
    cursor: usize,
    in_flight: usize,
    over: usize,
    summary: Summary,
}

impl Run {
    /// A run that has not begun, with at most `at_once` tokens (at least one) in flight.
    pub fn new(plan: &Plan, at_once: usize) -> Self {
        let mut rows = Vec::with_capacity(plan.included.len());
        let mut index = HashMap::with_capacity(plan.included.len());
        for &id in &plan.included {
            if let Entry::Vacant(entry) = index.entry(id) {
                entry.insert(rows.len());
                rows.push((id, Standing::Waiting));
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
        }
    }

    /// What is done.
    pub const fn act(&self) -> BulkAct {
        self.act
    }

    /// The next token to begin with. `None` if nothing waits, or enough is in flight: then ask again after
    /// an answer.
    pub fn start_next(&mut self) -> Option<TokenId> {
        if self.in_flight >= self.at_once {
            return None;
        }
        while let Some((id, standing)) = self.rows.get_mut(self.cursor) {
            self.cursor += 1;
            if *standing == Standing::Waiting {
                *standing = Standing::InFlight;
                self.in_flight += 1;
                return Some(*id);
            }
        }
        None
    }

    /// Takes what became of a token that is in flight; anything else is passed over.
    pub fn answer(&mut self, id: TokenId, outcome: Outcome) {
        let row = self.index.get(&id).and_then(|index| self.rows.get_mut(*index));
        if let Some((_, standing)) = row
            && *standing == Standing::InFlight
        {
            *self.summary.count_mut(&outcome) += 1;
            *standing = Standing::Over(outcome);
            self.in_flight -= 1;
            self.over += 1;
        }
    }

    /// Begins with nothing more. What is in flight is still answered.
    pub fn cancel(&mut self) {
        for (_, standing) in &mut self.rows {
            if *standing == Standing::Waiting {
                *standing = Standing::Over(Outcome::Cancelled);
                self.summary.cancelled += 1;
                self.over += 1;
            }
        }
    }

    /// Lets what failed, is unknown or was cancelled wait again, and says how many these are.
    pub fn retry(&mut self) -> usize {
        let mut again = 0;
        for (_, standing) in &mut self.rows {
            if let Standing::Over(outcome) = standing
                && outcome.can_be_retried()
            {
                *self.summary.count_mut(outcome) -= 1;
                *standing = Standing::Waiting;
                again += 1;
            }
        }
        self.over -= again;
        self.cursor = 0;
        again
    }

    /// How far it is.
    pub const fn progress(&self) -> Progress {
        Progress { total: self.rows.len(), over: self.over, in_flight: self.in_flight }
    }

    /// Whether every token has a result.
    pub const fn is_over(&self) -> bool {
        self.over == self.rows.len()
    }

    /// The results in numbers.
    pub const fn summary(&self) -> Summary {
        self.summary
    }

    /// What became of each token, in the order of the plan; `None` for those without a result yet.
    pub fn results(&self) -> impl ExactSizeIterator<Item = (TokenId, Option<&Outcome>)> {
        self.rows.iter().map(|(id, standing)| match standing {
            Standing::Over(outcome) => (*id, Some(outcome)),
            Standing::Waiting | Standing::InFlight => (*id, None),
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

    use super::*;
    use crate::{
        api::MethodSet,
        session::permissions::{Permissions, Subject},
    };

    fn error(kind: ErrorKind) -> Error {
        Error { kind, method: Method::Patch, path: "/api_tokens/1".into(), status: None, message: None }
    }

    fn token(enabled: bool) -> Token {
        Token {
            id: 1,
            name: "abc".into(),
            owner_id: 1,
            enabled,
            created: None,
            updated: None,
            last_used: None,
        }
    }

    fn plan(ids: impl IntoIterator<Item = TokenId>) -> Plan {
        Plan::new(BulkAct::Delete, ids, |_| Permission::default(), None)
    }

    #[test]
    fn a_plan_says_what_is_left_out_and_why() {
        let mut permissions = Permissions::default();
        permissions.answered(Subject::Token(1), Some(MethodSet::parse("GET, PATCH, DELETE")));
        permissions.answered(Subject::Token(2), Some(MethodSet::parse("GET, PATCH")));
        permissions.answered(Subject::Token(3), None);
        let of = |id| permissions.of(Subject::Token(id));
        let delete = Plan::new(BulkAct::Delete, 1..=5, of, Some(5));
        assert_eq!(delete.included, [1, 3, 4]);
        assert_eq!(delete.unknown, 2);
        assert_eq!(delete.excluded, [(2, Exclusion::NotPermitted), (5, Exclusion::ThisSession)]);
        assert_eq!(Plan::new(BulkAct::Disable, 1..=5, of, Some(5)).included, [1, 2, 3, 4]);
        assert_eq!(unasked(1..=5, of), [4, 5]);
    }

    #[test]
    fn the_patch_is_about_one_value() {
        assert_eq!(
            serde_json::to_string(&BulkAct::Disable.patch()).unwrap(),
            r#"[{"op":"replace","path":"/enabled","value":false}]"#
        );
        assert_eq!(BulkAct::Delete.patch(), None);
    }

    #[test]
    fn what_an_answer_to_a_change_means() {
        assert_eq!(after_change(false, None, &Ok(token(false))), Some(Outcome::Done));
        assert_eq!(after_change(false, Some(true), &Ok(token(false))), Some(Outcome::Done));
        assert_eq!(after_change(false, Some(false), &Ok(token(false))), Some(Outcome::AlreadySo));
        assert_eq!(after_change(false, None, &Ok(token(true))), Some(Outcome::Failed(Failure::Ignored)));
        let refused = error(ErrorKind::NotPermitted);
        assert_eq!(after_change(true, None, &Err(refused.clone())), Some(Outcome::Refused(refused)));
        let gone = error(ErrorKind::NotFound);
        assert_eq!(
            after_change(true, None, &Err(gone.clone())),
            Some(Outcome::Failed(Failure::Error(gone.clone())))
        );
        let lost = error(ErrorKind::Unreachable);
        assert_eq!(after_change(true, None, &Err(lost.clone())), None);
        assert_eq!(after_look(true, lost.clone(), &Ok(token(true))), Outcome::Done);
        assert_eq!(
            after_look(true, lost.clone(), &Ok(token(false))),
            Outcome::Failed(Failure::Error(lost.clone()))
        );
        assert_eq!(after_look(true, lost.clone(), &Err(lost.clone())), Outcome::Unknown(lost.clone()));
        assert_eq!(after_look(true, lost, &Err(gone.clone())), Outcome::Failed(Failure::Error(gone)));
    }

    #[test]
    fn what_an_answer_to_a_deletion_means() {
        assert_eq!(Outcome::from(Deletion::Done), Outcome::Done);
        assert_eq!(Outcome::from(Deletion::AlreadyGone), Outcome::Done);
        let refused = error(ErrorKind::MethodNotAllowed(None));
        assert_eq!(Outcome::from(Deletion::Failed(refused.clone())), Outcome::Refused(refused));
        let lost = error(ErrorKind::Unreachable);
        assert_eq!(Outcome::from(Deletion::Unknown(lost.clone())), Outcome::Unknown(lost));
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
        assert_eq!(run.progress(), Progress { total: 5, over: 4, in_flight: 1 });
        // late, repeated and foreign answers change nothing
        run.answer(1, Outcome::Cancelled);
        run.answer(4, Outcome::Done);
        run.answer(99, Outcome::Done);
        run.answer(3, Outcome::Done);
        assert!(run.is_over());
        assert_eq!(run.summary(), Summary { done: 2, failed: 1, cancelled: 2, ..Summary::default() });
        assert_eq!((run.summary().retryable(), run.retry()), (3, 3));
        assert_eq!((run.start_next(), run.start_next(), run.start_next()), (Some(2), Some(4), None));
    }

    #[test]
    fn nothing_to_do_is_over_at_once() {
        let mut run = Run::new(&plan([]), 4);
        assert!(run.is_over());
        assert_eq!((run.start_next(), run.retry()), (None, 0));
    }

    #[derive(Clone, Debug)]
    enum Event {
        Start,
        Answer(prop::sample::Index, Outcome),
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
                            // only what has no result, or one that a retry threw away, is begun
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
                prop_assert_eq!(run.progress().in_flight, in_flight.len());
            }
            // to its end
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

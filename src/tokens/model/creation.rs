//! Creating is not repeatable. When the answer to a creation never came or could not be read, the name
//! is looked up under its owner, before anyone is offered to try again.

use crate::api::{ErrorKind, TokenId, TokenSummary, UserId, request::MAX_LIMIT};

/// Whether, after this failure of a creation, the token may exist all the same. A 409 is among them:
/// browsers repeat a POST by themselves when a kept-alive connection closes without an answer
/// (DESIGN.md section 4), and then the name is taken by one's own first try.
pub const fn may_exist(failure: &ErrorKind) -> bool {
    matches!(failure, ErrorKind::Conflict) || failure.leaves_outcome_unknown()
}

/// What looking the name up gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The owner has a token of this name.
    Yes(TokenId),
    /// The owner has none: nothing was created.
    No,
    /// The list kept changing while it was read, or could not be read to its end.
    CannotTell,
}

/// How often the reading starts again when rows have shifted.
const MAX_RESTARTS: u32 = 3;

/// Reads an owner's tokens until the name turns up or the list ends: requests out, answers in. On real
/// servers a row that is written moves to the end, so pages may shift while they are read: they overlap by
/// one row, and when that does not match, the reading starts again.
///
/// Names are unique per owner, so a token of that name is the one that was asked for, or one that had
/// been there before; either way there must not be a second request.
#[derive(Debug)]
pub struct NameSearch {
    name: String,
    owner: UserId,
    offset: u64,
    last: Option<TokenId>,
    restarts: u32,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask for this page of the owner's tokens.
    Ask {
        /// Rows to ask for.
        limit: u32,
        /// Rows to pass over.
        offset: u64,
        /// Whose tokens.
        owner: UserId,
    },
    /// The search is over.
    Done(Found),
}

impl NameSearch {
    /// A search that has not begun.
    pub fn new(name: impl Into<String>, owner: UserId) -> Self {
        Self { name: name.into(), owner, offset: 0, last: None, restarts: 0 }
    }

    /// The first step.
    pub fn start(&self) -> Step {
        Step::Ask { limit: MAX_LIMIT, offset: self.offset, owner: self.owner }
    }

    /// Takes the answer to the last [`Step::Ask`] and says what is next.
    pub fn answer(&mut self, rows: &[TokenSummary]) -> Step {
        if let Some(row) = rows.iter().find(|row| row.name == self.name) {
            return Step::Done(Found::Yes(row.id));
        }
        let shifted = self.last.is_some_and(|last| rows.first().map(|row| row.id) != Some(last));
        if shifted {
            if self.restarts == MAX_RESTARTS {
                return Step::Done(Found::CannotTell);
            }
            self.restarts += 1;
            self.offset = 0;
            self.last = None;
            return self.start();
        }
        match rows.last() {
            Some(last) if rows.len() as u64 >= u64::from(MAX_LIMIT) => {
                self.last = Some(last.id);
                self.offset += u64::from(MAX_LIMIT) - 1;
                self.start()
            }
            _ => Step::Done(Found::No),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A server whose rows may move to the end between two requests, as real ones' do.
    fn run(mut rows: Vec<TokenSummary>, moves: &[usize], name: &str) -> (Found, usize) {
        let mut search = NameSearch::new(name, 3);
        let mut step = search.start();
        for request in 0.. {
            let Step::Ask { limit, offset, owner } = step else { unreachable!() };
            assert_eq!((limit, owner), (100, 3));
            let page: Vec<_> = rows.iter().skip(offset as usize).take(limit as usize).cloned().collect();
            step = search.answer(&page);
            if let Step::Done(found) = step {
                return (found, request + 1);
            }
            if let (Some(index), false) = (moves.get(request), rows.is_empty()) {
                let row = rows.remove(index % rows.len());
                rows.push(row);
            }
        }
        unreachable!()
    }

    fn rows(count: i64) -> Vec<TokenSummary> {
        (1..=count).map(|id| TokenSummary { id, name: format!("t{id}") }).collect()
    }

    #[test]
    fn finds_the_name_wherever_it_is() {
        for (count, name, found) in
            [(0, "t1", Found::No), (1, "t1", Found::Yes(1)), (350, "t350", Found::Yes(350))]
        {
            assert_eq!(run(rows(count), &[], name).0, found, "{count}");
        }
        // exactly full pages need one more look
        assert_eq!(run(rows(100), &[], "none"), (Found::No, 2));
        assert_eq!(run(rows(199), &[], "none"), (Found::No, 3));
        // only the whole name counts
        assert_eq!(run(rows(20), &[], "t").0, Found::No);
    }

    #[test]
    fn a_list_that_never_holds_still_is_said() {
        let (found, requests) = run(rows(1000), &[0; 100], "none");
        assert_eq!(found, Found::CannotTell);
        assert!(requests <= 8, "{requests}");
    }

    #[test]
    fn which_failures_need_a_look() {
        assert!(may_exist(&ErrorKind::Unreachable));
        assert!(may_exist(&ErrorKind::Conflict));
        assert!(!may_exist(&ErrorKind::Offline));
        assert!(!may_exist(&ErrorKind::TooManyRequests(None)));
    }

    proptest! {
        /// What was there all the time is never reported missing.
        #[test]
        fn never_says_no_to_what_is_there(
            count in 1i64..600,
            wanted in any::<prop::sample::Index>(),
            moves in prop::collection::vec(0usize..600, 0..20),
        ) {
            let rows = rows(count);
            let row = &rows[wanted.index(rows.len())];
            let (id, name) = (row.id, row.name.clone());
            let (found, requests) = run(rows, &moves, &name);
            prop_assert!(found == Found::Yes(id) || found == Found::CannotTell, "{:?}", found);
            prop_assert!(requests <= 4 * 8);
        }
    }
}

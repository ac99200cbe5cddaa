//! Looking up a name in the list, as after an unclear creation. Creating is not repeatable: if the response never
//! arrived or could not be read, the name is looked up under its owner before the user is offered to try again.

use std::future::Future;

use super::reader::{PageRequest, Reader, State};
use crate::api::{Error, ErrorKind, TokenId, TokenSummary, UserId};

/// The result of looking up a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The owner has a token of this name, or anybody, if no owner was named.
    Yes(TokenId),
    /// There is no such token: nothing was created.
    No,
    /// The list kept changing while it was read, or could not be read to its end.
    CannotTell,
}

/// Reads an owner's tokens until the name turns up or the list ends: requests out, responses in. The [`Reader`] copes
/// with rows that move meanwhile.
///
/// Names are unique per owner, so a token of that name is either the one that was asked for or one that existed before;
/// either way there must be no second request.
#[derive(Debug)]
pub struct NameSearch {
    name: String,
    reader: Reader,
}

/// The next step of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Request this page of the owner's tokens.
    Ask(PageRequest),
    /// The search is over.
    Done(Found),
}

impl NameSearch {
    /// Creates a search that has not begun: under this owner, or among all tokens that the signed-in user may see.
    pub fn new(name: impl Into<String>, owner: impl Into<Option<UserId>>) -> Self {
        Self { name: name.into(), reader: Reader::new(owner.into()) }
    }

    /// Returns the current step.
    pub fn step(&self) -> Step {
        match (self.reader.wanted(), self.reader.state()) {
            (Some(page), _) => Step::Ask(page),
            (None, State::Complete) => Step::Done(Found::No),
            (None, _) => Step::Done(Found::CannotTell),
        }
    }

    /// Takes the response to the last [`Step::Ask`] and returns the next step.
    pub fn answer(&mut self, rows: &[TokenSummary]) -> Step {
        if let Some(row) = rows.iter().find(|row| row.name == self.name) {
            return Step::Done(Found::Yes(row.id));
        }
        self.reader.answer(rows);
        self.step()
    }

    /// Takes the failure of the last [`Step::Ask`] and returns the next step; `None` if the failure ends the search.
    pub fn failed(&mut self, failure: &ErrorKind) -> Option<Step> {
        self.reader.goes_on_after(failure).then(|| self.step())
    }
}

/// Looks up a name, under an owner or among all tokens that the signed-in user may see. `ask` requests the rows of a
/// page; if it fails for good, so does this function.
pub async fn find<F>(
    name: &str,
    owner: Option<UserId>,
    ask: impl Fn(PageRequest) -> F,
) -> Result<Found, Error>
where
    F: Future<Output = Result<Vec<TokenSummary>, Error>>,
{
    let mut search = NameSearch::new(name, owner);
    let mut step = search.step();
    loop {
        match step {
            Step::Done(found) => return Ok(found),
            Step::Ask(page) => {
                step = match ask(page).await {
                    Ok(rows) => search.answer(&rows),
                    Err(error) => search.failed(&error.kind).ok_or(error)?,
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::collection::reader::most_requests;

    /// A server whose rows may move to the end between two requests, as on real ones.
    fn run(mut rows: Vec<TokenSummary>, moves: &[usize], name: &str) -> (Found, usize) {
        let mut search = NameSearch::new(name, 3);
        let mut step = search.step();
        for request in 0.. {
            let Step::Ask(PageRequest { limit, offset, owner }) = step else { unreachable!() };
            assert_eq!(owner, Some(3));
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
        // If the last page is exactly full, another request is needed.
        assert_eq!(run(rows(100), &[], "none"), (Found::No, 2));
        assert_eq!(run(rows(194), &[], "none"), (Found::No, 3));
        // Only the whole name counts.
        assert_eq!(run(rows(20), &[], "t").0, Found::No);
    }

    /// Names have no upper limit: a page of them may exceed the limit for bodies.
    #[test]
    fn a_page_that_is_too_long_is_asked_for_in_smaller_ones() {
        use crate::api::Misunderstanding;

        let too_long = ErrorKind::NotUnderstood(Misunderstanding::TooLong);
        let mut search = NameSearch::new("t150", 3);
        let rows = rows(150);
        let mut step = search.step();
        while let Step::Ask(PageRequest { limit, offset, .. }) = step {
            let page: Vec<_> = rows.iter().skip(offset as usize).take(limit as usize).cloned().collect();
            step = if limit > 40 { search.failed(&too_long).expect("fewer") } else { search.answer(&page) };
        }
        assert_eq!(step, Step::Done(Found::Yes(150)));
        // A single row cannot be reduced any further, and any other failure ends the search.
        let mut search = NameSearch::new("none", 3);
        let times = (0..).take_while(|_| search.failed(&too_long).is_some()).count();
        assert_eq!(times, 6);
        assert_eq!(NameSearch::new("none", 3).failed(&ErrorKind::NotFound), None);
    }

    #[test]
    fn a_server_in_use_gives_an_answer_all_the_same() {
        assert_eq!(run(rows(1000), &[0; 100], "none"), (Found::No, 11));
    }

    #[test]
    fn a_list_without_order_is_said() {
        let mut search = NameSearch::new("none", 3);
        let mut step = search.step();
        while let Step::Ask(page) = step {
            // The same rows at every offset.
            step = search.answer(&rows(i64::from(page.limit)));
        }
        assert_eq!(step, Step::Done(Found::CannotTell));
    }

    proptest! {
        /// A name that was there all the time is never reported missing.
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
            prop_assert!(requests as u64 <= most_requests(600));
        }
    }
}

//! "Find unlisted tokens": asks for the IDs that are not in the list.
//!
//! Some servers do not list disabled tokens (API.md part 2); they can be read by ID only. IDs are assigned in
//! ascending order, so unlisted tokens are in the gaps or a little above the last ID.

use std::ops::RangeInclusive;

use crate::api::{Error, ErrorKind, Token, TokenId};

/// How far above the highest listed ID the search goes.
pub const MARGIN: TokenId = 20;

/// The most IDs that are asked for, at one request each, however wide the gaps are.
pub const MOST_REQUESTS: u64 = 2_000;

/// The unlisted IDs from 1 to a little above the highest listed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gaps {
    /// Ascending, disjoint and not empty.
    ranges: Vec<RangeInclusive<TokenId>>,
    /// The number of IDs in the ranges.
    ids: u64,
}

impl Gaps {
    /// Finds the gaps between the listed IDs, which must be in ascending order. Time and memory depend on the number
    /// of listed IDs, not on the width of the gaps.
    pub fn new(listed: impl IntoIterator<Item = TokenId>) -> Self {
        let mut gaps = Self { ranges: Vec::new(), ids: 0 };
        let mut highest = 0;
        for id in listed {
            gaps.push(highest, id.saturating_sub(1));
            highest = highest.max(id);
        }
        gaps.push(highest, highest.saturating_add(MARGIN));
        gaps
    }

    /// Adds the IDs after `listed`, up to and including `last`.
    fn push(&mut self, listed: TokenId, last: TokenId) {
        if let Some(first) = listed.checked_add(1).filter(|first| *first <= last) {
            self.ids = self.ids.saturating_add(last.abs_diff(first).saturating_add(1));
            self.ranges.push(first..=last);
        }
    }

    /// Returns how many IDs are not listed.
    pub const fn ids(&self) -> u64 {
        self.ids
    }

    /// Returns the cost of the search in requests, at most [`MOST_REQUESTS`].
    pub const fn requests(&self) -> u64 {
        if self.ids < MOST_REQUESTS { self.ids } else { MOST_REQUESTS }
    }

    /// Returns the cost in a sentence.
    pub fn cost(&self, count: fn(usize) -> String) -> String {
        let requests = count(usize::try_from(self.requests()).unwrap_or(usize::MAX));
        let most = if self.ids > MOST_REQUESTS { "; the lowest IDs are left out" } else { "" };
        format!(
            "About {requests} requests: one for each ID missing from the list, up to {MARGIN} beyond the \
             highest{most}."
        )
    }

    /// Returns the IDs to ask for, the highest first, without the lowest ones beyond [`MOST_REQUESTS`].
    pub fn queue(self) -> impl Iterator<Item = TokenId> + Clone {
        let most = usize::try_from(MOST_REQUESTS).unwrap_or(usize::MAX);
        self.ranges.into_iter().rev().flat_map(Iterator::rev).take(most)
    }
}

/// The results so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unlisted {
    found: Vec<Token>,
    asked: u64,
    not_permitted: u64,
    failed: Vec<TokenId>,
}

impl Unlisted {
    /// Takes the result of reading the token `id`.
    pub fn answer(&mut self, id: TokenId, answer: Result<Token, Error>) {
        self.asked += 1;
        match answer {
            Ok(token) => {
                let index = self.found.partition_point(|other| other.id > token.id);
                self.found.insert(index, token);
            }
            Err(error) => match error.kind {
                ErrorKind::NotFound => {}
                ErrorKind::NotPermitted => self.not_permitted += 1,
                _ => self.failed.push(id),
            },
        }
    }

    /// Returns the tokens that the user may see, the highest ID first.
    pub fn found(&self) -> &[Token] {
        &self.found
    }

    /// Returns how many IDs were asked for, out of [`Gaps::requests`].
    pub const fn asked(&self) -> u64 {
        self.asked
    }

    /// Returns how many of them are tokens that the user may not see.
    pub const fn not_permitted(&self) -> u64 {
        self.not_permitted
    }

    /// Returns the IDs whose request failed: it is not known whether there is a token.
    pub fn failed(&self) -> &[TokenId] {
        &self.failed
    }

    /// Removes and returns the failed IDs, to ask for them again.
    pub fn retry(&mut self) -> Vec<TokenId> {
        let again = std::mem::take(&mut self.failed);
        self.asked = self.asked.saturating_sub(again.len() as u64);
        again
    }

    /// Words what was found.
    pub fn summary(&self, is_stopped: bool, count: fn(usize) -> String) -> String {
        let number = |number: u64| count(usize::try_from(number).unwrap_or(usize::MAX));
        let ids = |of: u64| if of == 1 { "1 ID".to_owned() } else { format!("{} IDs", number(of)) };
        let mut words =
            if is_stopped { format!("Stopped after {}. ", ids(self.asked)) } else { String::new() };
        words += &match self.found.len() {
            0 => "No unlisted token was found.".to_owned(),
            1 => "1 unlisted token was found.".to_owned(),
            more => format!("{} unlisted tokens were found.", count(more)),
        };
        if self.not_permitted > 0 {
            words += &format!(" You are not allowed to see {} more.", number(self.not_permitted));
        }
        if !self.failed.is_empty() {
            words += &format!(" {} could not be checked.", ids(self.failed.len() as u64));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::api::Method;

    fn queue(listed: &[TokenId]) -> Vec<TokenId> {
        Gaps::new(listed.iter().copied()).queue().collect()
    }

    #[test]
    fn gaps_are_what_is_not_listed() {
        let gaps = Gaps::new([2, 3, 6]);
        assert_eq!((gaps.ids(), gaps.requests()), (23, 23));
        let ids: Vec<_> = gaps.queue().collect();
        assert_eq!(ids.first(), Some(&26));
        assert_eq!(ids.get(19..), Some(&[7, 5, 4, 1][..]));
        // Nothing is listed.
        assert_eq!(queue(&[]).len(), 20);
    }

    #[test]
    fn wide_gaps_are_cheap_to_know_and_not_searched_to_their_end() {
        let gaps = Gaps::new([i64::MIN, -5, 0, 1, i64::MAX - 1]);
        assert_eq!((gaps.ids(), gaps.requests()), (i64::MAX as u64 - 2, MOST_REQUESTS));
        let ids: Vec<_> = gaps.queue().collect();
        assert_eq!((ids.len() as u64, ids[0], ids[1]), (MOST_REQUESTS, i64::MAX, i64::MAX - 2));
        assert_eq!(Gaps::new([i64::MAX]).requests(), MOST_REQUESTS);
    }

    #[test]
    fn answers_are_sorted_into_found_hidden_and_failed() {
        let token = |id| Token {
            id,
            name: "old".into(),
            owner_id: 3,
            enabled: false,
            created: None,
            updated: None,
            last_used: None,
        };
        let error = |kind| Error::new(kind, Method::Get, "");
        let mut unlisted = Unlisted::default();
        unlisted.answer(4, Ok(token(4)));
        unlisted.answer(9, Err(error(ErrorKind::NotFound)));
        unlisted.answer(7, Ok(token(7)));
        unlisted.answer(3, Err(error(ErrorKind::NotPermitted)));
        unlisted.answer(2, Err(error(ErrorKind::Server(None))));
        assert_eq!(unlisted.found().iter().map(|t| t.id).collect::<Vec<_>>(), [7, 4]);
        assert_eq!((unlisted.asked(), unlisted.not_permitted()), (5, 1));
        assert_eq!(unlisted.failed(), [2]);
        assert_eq!(unlisted.retry(), [2]);
        assert_eq!((unlisted.asked(), unlisted.failed().len()), (4, 0));
    }

    #[test]
    fn the_cost_is_said() {
        let cost = |listed: &[TokenId]| Gaps::new(listed.iter().copied()).cost(|n| n.to_string());
        assert_eq!(
            cost(&[2, 3, 6]),
            "About 23 requests: one for each ID missing from the list, up to 20 beyond the highest."
        );
        assert!(cost(&[5_000]).starts_with("About 2000 requests"));
        assert!(cost(&[5_000]).ends_with("20 beyond the highest; the lowest IDs are left out."));
    }

    #[test]
    fn what_was_found_is_said() {
        let number = |n: usize| n.to_string();
        let error = |kind| Error::new(kind, Method::Get, "");
        let mut found = Unlisted::default();
        assert_eq!(found.summary(false, number), "No unlisted token was found.");
        found.answer(4, Err(error(ErrorKind::NotPermitted)));
        assert!(found.summary(true, number).starts_with("Stopped after 1 ID. "));
        found.answer(5, Err(error(ErrorKind::Server(None))));
        assert_eq!(
            found.summary(true, number),
            "Stopped after 2 IDs. No unlisted token was found. You are not allowed to see 1 more. 1 ID \
             could not be checked."
        );
    }

    proptest! {
        #[test]
        fn every_id_that_is_not_listed_once(listed in prop::collection::btree_set(-3i64..1500, 0..200)) {
            let gaps = Gaps::new(listed.iter().copied());
            let highest = listed.last().copied().unwrap_or(0).max(0);
            let expected: BTreeSet<_> = (1..=highest + MARGIN).filter(|id| !listed.contains(id)).collect();
            prop_assert_eq!(gaps.ids(), expected.len() as u64);
            prop_assert_eq!(gaps.queue().collect::<Vec<_>>(), expected.into_iter().rev().collect::<Vec<_>>());
        }

        #[test]
        fn any_ids_have_gaps(listed in prop::collection::btree_set(any::<i64>(), 0..20)) {
            let gaps = Gaps::new(listed.iter().copied());
            let requests = gaps.requests();
            let ids: BTreeSet<_> = gaps.queue().collect();
            prop_assert_eq!(ids.len() as u64, requests);
            prop_assert!(ids.iter().all(|id| *id >= 1 && !listed.contains(id)));
        }
    }
}

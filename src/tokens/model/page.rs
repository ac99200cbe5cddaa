//! A page of the list, by the server's own limit and offset.

use std::collections::HashSet;

use crate::api::TokenSummary;

/// Rows on a page.
pub const PAGE_SIZE: u32 = 25;

/// One row more than is shown: the API has no total, and this tells whether there is a next page.
pub const ASK_FOR: u32 = PAGE_SIZE + 1;

/// Where page `page`, counted from 1, begins.
pub fn offset(page: u32) -> u64 {
    u64::from(page.saturating_sub(1)) * u64::from(PAGE_SIZE)
}

/// A page as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its rows; each id once.
    pub rows: Vec<TokenSummary>,
    /// Whether there is a page after it.
    pub has_next: bool,
}

impl Page {
    /// The page that an answer to [`ASK_FOR`] rows makes. A row that the server sent twice is shown once.
    pub fn new(mut answer: Vec<TokenSummary>) -> Self {
        let has_next = answer.len() > PAGE_SIZE as usize;
        answer.truncate(PAGE_SIZE as usize);
        let mut seen = HashSet::new();
        answer.retain(|row| seen.insert(row.id));
        Self { rows: answer, has_next }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(ids: impl IntoIterator<Item = i64>) -> Vec<TokenSummary> {
        ids.into_iter().map(|id| TokenSummary { id, name: format!("t{id}") }).collect()
    }

    #[test]
    fn the_extra_row_is_not_shown() {
        let page = Page::new(rows(0..i64::from(ASK_FOR)));
        assert_eq!((page.rows.len(), page.has_next), (25, true));
        let page = Page::new(rows(0..25));
        assert_eq!((page.rows.len(), page.has_next), (25, false));
        assert_eq!(Page::new(Vec::new()), Page::default());
    }

    #[test]
    fn pages_follow_each_other() {
        assert_eq!((offset(0), offset(1), offset(2)), (0, 0, 25));
        assert_eq!(offset(u32::MAX), 107_374_182_350);
    }

    proptest! {
        #[test]
        fn every_id_once_and_never_too_many(ids in prop::collection::vec(0i64..40, 0..200)) {
            let page = Page::new(rows(ids.clone()));
            let distinct: HashSet<_> = page.rows.iter().map(|row| row.id).collect();
            prop_assert_eq!(distinct.len(), page.rows.len());
            prop_assert!(page.rows.len() <= PAGE_SIZE as usize);
            prop_assert_eq!(page.has_next, ids.len() > PAGE_SIZE as usize);
        }
    }
}

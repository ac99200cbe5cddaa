//! The rows that were read, by ID.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicU64, Ordering},
};

use super::fold::{fold, fold_all};
use crate::{
    api::{TokenId, TokenSummary, UserId},
    tokens::model::order::sorted,
};

/// A row of the list. It has no field for a secret, nor for anything that the list does not contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The token's ID.
    pub id: TokenId,
    /// The token's name, unique per owner only.
    pub name: Box<str>,
    /// The folded name, if it differs from the name.
    key: Option<Box<str>>,
    /// The number of the last reading that contained the row.
    reading: u32,
}

impl Row {
    fn new(summary: TokenSummary, reading: u32, platform: impl Fn(&str) -> String) -> Self {
        let key = fold(&summary.name, platform);
        Self::with_key(summary, key, reading)
    }

    fn with_key(summary: TokenSummary, key: String, reading: u32) -> Self {
        let key = (key != summary.name).then(|| key.into_boxed_str());
        Self { id: summary.id, name: summary.name.into_boxed_str(), key, reading }
    }

    /// Returns the folded name.
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.name)
    }
}

/// The changes that a reading found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The new rows, in the order in which they were read. There are some only if the list was read to its end before.
    pub new: Vec<TokenId>,
    /// The renamed rows, in the order of their IDs.
    pub renamed: Vec<TokenId>,
    /// How many rows are not listed any more: deleted, disabled on a server that does not list disabled tokens, or no
    /// longer visible to the user. Only a complete reading finds them.
    pub gone: usize,
}

/// All known rows, in the order of their IDs, which is the only order that stays while rows move and are renamed.
#[derive(Debug)]
pub struct Catalogue {
    owner: Option<UserId>,
    rows: Vec<Row>,
    reading: u32,
    /// Whether the whole list was read before: only then does an unknown row count as new.
    was_whole: bool,
    /// The tokens that the console itself created, renamed or deleted since the reading began. A page may have been
    /// requested before that.
    own_doing: HashSet<TokenId>,
    changes: Changes,
    revision: u64,
}

/// Returns a number that no other revision of any catalogue has.
fn next_revision() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Catalogue {
    /// Creates an empty catalogue, for all rows that the user may see or for those of one owner.
    pub fn new(owner: Option<UserId>) -> Self {
        let changes = Changes::default();
        Self {
            owner,
            rows: Vec::new(),
            reading: 0,
            was_whole: false,
            own_doing: HashSet::new(),
            changes,
            revision: next_revision(),
        }
    }

    /// Returns the owner, if the rows are those of one owner.
    pub const fn owner(&self) -> Option<UserId> {
        self.owner
    }

    /// Returns the rows, in the order of their IDs.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the row with this ID.
    pub fn get(&self, id: TokenId) -> Option<&Row> {
        self.position(id).ok().and_then(|index| self.rows.get(index))
    }

    /// Returns a number that changes whenever a row or a name does, and that is never the same for two catalogues.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    fn position(&self, id: TokenId) -> Result<usize, usize> {
        self.rows.binary_search_by_key(&id, |row| row.id)
    }

    /// Begins a reading. The known rows stay until it is over.
    pub fn begin(&mut self) {
        self.reading += 1;
        self.own_doing.clear();
        self.changes = Changes::default();
    }

    /// Merges a page into the known rows: each ID once, the latest name wins, and the console's own changes since the
    /// reading began are kept. If IDs ascend, as on most servers, the cost is little more than that of the page.
    /// `platform` is the one of [`fold`].
    pub fn merge(&mut self, page: Vec<TokenSummary>, platform: impl Fn(&str) -> String) {
        let mut fresh: Vec<TokenSummary> = Vec::new();
        let mut changed = false;
        for summary in sorted(page, |a, b| a.id.cmp(&b.id)) {
            let index = self.position(summary.id).ok();
            let is_own_doing = self.own_doing.contains(&summary.id);
            if let Some(row) = index.and_then(|index| self.rows.get_mut(index)) {
                row.reading = self.reading;
                if *row.name != *summary.name && !is_own_doing {
                    self.changes.renamed.push(summary.id);
                    *row = Row::new(summary, self.reading, &platform);
                    changed = true;
                }
                continue;
            }
            match fresh.last_mut() {
                _ if is_own_doing => {}
                Some(last) if last.id == summary.id => *last = summary,
                _ => fresh.push(summary),
            }
        }
        if self.was_whole {
            self.changes.new.extend(fresh.iter().map(|summary| summary.id));
        }
        if changed || !fresh.is_empty() {
            self.revision = next_revision();
        }
        let keys = fold_all(fresh.iter().map(|summary| summary.name.as_str()), platform);
        let fresh = fresh.into_iter().zip(keys);
        self.insert(fresh.map(|(summary, key)| Row::with_key(summary, key, self.reading)).collect());
    }

    /// Inserts new rows; both lists are in the order of their IDs.
    fn insert(&mut self, fresh: Vec<Row>) {
        let Some(first) = fresh.first() else { return };
        let from = self.position(first.id).unwrap_or_else(|index| index);
        let mut after = self.rows.split_off(from).into_iter().peekable();
        self.rows.reserve(after.len() + fresh.len());
        for row in fresh {
            while let Some(before) = after.next_if(|other| other.id < row.id) {
                self.rows.push(before);
            }
            self.rows.push(row);
        }
        self.rows.extend(after);
    }

    /// Ends a reading. If it was complete, rows that it did not contain are removed.
    pub fn finish(&mut self, is_complete: bool) -> Changes {
        let mut changes = std::mem::take(&mut self.changes);
        // A row may have been renamed twice.
        changes.renamed = sorted(changes.renamed, TokenId::cmp);
        changes.renamed.dedup();
        if is_complete {
            self.was_whole = true;
            let reading = self.reading;
            let before = self.rows.len();
            self.rows.retain(|row| row.reading == reading);
            changes.gone = before - self.rows.len();
            if changes.gone > 0 {
                self.revision = next_revision();
            }
        }
        changes
    }

    /// Adds or updates a token that the console itself created or renamed. It does not count as a change, and a
    /// reading in progress does not revert it.
    pub fn put(&mut self, summary: TokenSummary, platform: impl Fn(&str) -> String) {
        self.own_doing.insert(summary.id);
        let row = Row::new(summary, self.reading, platform);
        match self.position(row.id) {
            Ok(index) => {
                if let Some(old) = self.rows.get_mut(index) {
                    *old = row;
                }
            }
            Err(index) => self.rows.insert(index, row),
        }
        self.revision = next_revision();
    }

    /// Removes a token that the console itself deleted or that turned out not to exist.
    pub fn remove(&mut self, id: TokenId) {
        self.own_doing.insert(id);
        if let Ok(index) = self.position(id) {
            self.rows.remove(index);
            self.revision = next_revision();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, time::Instant};

    use proptest::prelude::*;

    use super::{super::fold::tests::platform, *};

    fn row(id: TokenId, name: &str) -> TokenSummary {
        TokenSummary { id, name: name.into() }
    }

    fn read(catalogue: &mut Catalogue, rows: &[(TokenId, &str)], is_complete: bool) -> Changes {
        catalogue.begin();
        for page in rows.chunks(3) {
            catalogue.merge(page.iter().map(|(id, name)| row(*id, name)).collect(), platform);
        }
        catalogue.finish(is_complete)
    }

    fn names(catalogue: &Catalogue) -> Vec<(TokenId, &str)> {
        catalogue.rows().iter().map(|row| (row.id, &*row.name)).collect()
    }

    #[test]
    fn the_first_reading_is_no_news() {
        let mut catalogue = Catalogue::new(None);
        assert_eq!(read(&mut catalogue, &[(3, "c"), (1, "a"), (2, "b"), (1, "a")], true), Changes::default());
        assert_eq!(names(&catalogue), [(1, "a"), (2, "b"), (3, "c")]);
    }

    #[test]
    fn a_refresh_says_what_changed_and_keeps_the_rest_meanwhile() {
        let mut catalogue = Catalogue::new(None);
        read(&mut catalogue, &[(1, "a"), (2, "b"), (3, "c")], true);
        catalogue.begin();
        assert_eq!(catalogue.len(), 3);
        catalogue.merge(vec![row(4, "d"), row(2, "B")], platform);
        assert_eq!(names(&catalogue), [(1, "a"), (2, "B"), (3, "c"), (4, "d")]);
        catalogue.merge(vec![row(1, "a")], platform);
        let changes = catalogue.finish(true);
        assert_eq!(changes.new, [4]);
        assert_eq!((changes.renamed.as_slice(), changes.gone), (&[2][..], 1));
        assert_eq!(names(&catalogue), [(1, "a"), (2, "B"), (4, "d")]);
    }

    #[test]
    fn what_was_not_read_before_is_no_news() {
        let mut catalogue = Catalogue::new(None);
        // The first page never came; the next reading was stopped after two rows.
        catalogue.begin();
        assert_eq!(read(&mut catalogue, &[(1, "a"), (2, "b")], false), Changes::default());
        assert_eq!(read(&mut catalogue, &[(1, "a"), (2, "b"), (3, "c")], true), Changes::default());
        assert_eq!(read(&mut catalogue, &[(1, "a"), (2, "b"), (3, "c"), (4, "d")], true).new, [4]);
    }

    #[test]
    fn an_incomplete_reading_takes_nothing_away() {
        let mut catalogue = Catalogue::new(None);
        read(&mut catalogue, &[(1, "a"), (2, "b")], true);
        assert_eq!(read(&mut catalogue, &[(2, "b")], false), Changes::default());
        assert_eq!(catalogue.len(), 2);
    }

    #[test]
    fn ones_own_doing_is_no_news_and_stays() {
        let mut catalogue = Catalogue::new(None);
        read(&mut catalogue, &[(1, "a"), (2, "b")], true);
        catalogue.begin();
        catalogue.merge(vec![row(1, "a")], platform);
        catalogue.put(row(5, "Mine"), platform);
        catalogue.put(row(2, "Renamed"), platform);
        catalogue.remove(1);
        assert_eq!(catalogue.finish(true), Changes::default());
        assert_eq!(names(&catalogue), [(2, "Renamed"), (5, "Mine")]);
        assert_eq!(catalogue.get(5).map(Row::key), Some("mine"));
        assert_eq!(catalogue.get(1), None);
    }

    /// A page that was requested before does not contain the change yet.
    #[test]
    fn ones_own_doing_is_not_undone_by_a_page_that_was_on_its_way() {
        let mut catalogue = Catalogue::new(None);
        read(&mut catalogue, &[(1, "a"), (2, "b"), (3, "c")], true);
        catalogue.begin();
        catalogue.remove(1);
        catalogue.put(row(2, "Renamed"), platform);
        catalogue.merge(vec![row(1, "a"), row(2, "b"), row(3, "C")], platform);
        assert_eq!(names(&catalogue), [(2, "Renamed"), (3, "C")]);
        let changes = catalogue.finish(true);
        assert_eq!(changes, Changes { renamed: vec![3], ..Changes::default() });
        // The next reading counts everything again.
        assert_eq!(read(&mut catalogue, &[(1, "a"), (2, "b"), (3, "C")], true).new, [1]);
        assert_eq!(names(&catalogue), [(1, "a"), (2, "b"), (3, "C")]);
    }

    #[test]
    fn revisions_tell_changes() {
        let mut catalogue = Catalogue::new(None);
        let empty = catalogue.revision();
        read(&mut catalogue, &[(1, "a")], true);
        let first = catalogue.revision();
        assert_ne!(first, empty);
        read(&mut catalogue, &[(1, "a")], true);
        assert_eq!(catalogue.revision(), first);
        read(&mut catalogue, &[(1, "b")], true);
        assert_ne!(catalogue.revision(), first);
        assert_ne!(Catalogue::new(None).revision(), Catalogue::new(None).revision());
    }

    #[test]
    fn a_hundred_thousand_rows_are_little_work() {
        let begin = Instant::now();
        let mut catalogue = Catalogue::new(None);
        catalogue.begin();
        for page in 0..1000 {
            let ids = page * 100..(page + 1) * 100;
            catalogue.merge(ids.map(|id| row(id, &format!("token-{id}"))).collect(), platform);
        }
        assert_eq!(catalogue.len(), 100_000);
        // Generous: this build is not optimised, and the machine may be busy.
        assert!(begin.elapsed().as_secs() < 5, "{:?}", begin.elapsed());
    }

    proptest! {
        #[test]
        fn merging_is_a_map(pages in prop::collection::vec(
            prop::collection::vec((0i64..60, "[ab]{1,2}"), 0..12), 0..12,
        )) {
            let mut catalogue = Catalogue::new(None);
            catalogue.begin();
            let mut map = BTreeMap::new();
            for page in pages {
                map.extend(page.iter().cloned());
                catalogue.merge(page.iter().map(|(id, name)| row(*id, name)).collect(), platform);
            }
            let expected: Vec<_> = map.iter().map(|(id, name)| (*id, name.as_str())).collect();
            prop_assert_eq!(names(&catalogue), expected);
        }

        #[test]
        fn a_refresh_accounts_for_every_difference(
            before in prop::collection::btree_map(0i64..30, "[ab]", 0..30),
            after in prop::collection::btree_map(0i64..30, "[ab]", 0..30),
        ) {
            let mut catalogue = Catalogue::new(None);
            let list = |map: &BTreeMap<i64, String>| -> Vec<TokenSummary> {
                map.iter().map(|(id, name)| row(*id, name)).collect()
            };
            catalogue.begin();
            catalogue.merge(list(&before), platform);
            catalogue.finish(true);
            catalogue.begin();
            catalogue.merge(list(&after), platform);
            let changes = catalogue.finish(true);
            let new: Vec<_> = after.keys().filter(|id| !before.contains_key(id)).copied().collect();
            let gone = before.keys().filter(|id| !after.contains_key(id)).count();
            let renamed: Vec<_> =
                before.iter().filter(|(id, name)| after.get(id).is_some_and(|n| n != *name)).map(|(id, _)| *id).collect();
            prop_assert_eq!(changes.new, new);
            prop_assert_eq!(changes.gone, gone);
            prop_assert_eq!(changes.renamed, renamed);
            let left: Vec<_> = after.iter().map(|(id, name)| (*id, name.as_str())).collect();
            prop_assert_eq!(names(&catalogue), left);
        }
    }
}

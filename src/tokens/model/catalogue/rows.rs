//! The rows that were read, by id.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicU64, Ordering},
};

use super::fold::{fold, fold_all};
use crate::{
    api::{TokenId, TokenSummary, UserId},
    tokens::model::order::sorted,
};

/// A row of the list. There is no field for a secret, and none for what the list does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The token's number.
    pub id: TokenId,
    /// Its name, unique per owner only.
    pub name: Box<str>,
    /// The name as a search sees it, where that is another text.
    key: Option<Box<str>>,
    /// The reading that met it last.
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

    /// The folded name.
    pub fn key(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.name)
    }
}

/// A row that was there before and is not listed any more: deleted, or disabled on a server that does not
/// list disabled tokens, or no longer for one's eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The token's number.
    pub id: TokenId,
    /// The name that it had.
    pub name: Box<str>,
}

/// A row whose name has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamed {
    /// The token's number.
    pub id: TokenId,
    /// The name that it had.
    pub before: Box<str>,
}

/// What a refresh found, compared with what was there before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rows that were not there, in the order in which they were met. Only a list that was read to its
    /// end before has such.
    pub new: Vec<TokenId>,
    /// Rows with another name, by id.
    pub renamed: Vec<Renamed>,
    /// Rows that are not listed any more. Only a complete reading can say so.
    pub gone: Vec<Gone>,
}

impl Changes {
    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.renamed.is_empty() && self.gone.is_empty()
    }
}

/// All rows that are known, in the order of their ids: the one order that stays while rows move and are
/// renamed.
#[derive(Debug)]
pub struct Catalogue {
    owner: Option<UserId>,
    rows: Vec<Row>,
    reading: u32,
    /// Whether everything was read before: only then is a row that was not there new.
    was_whole: bool,
    /// What the console itself made, renamed or deleted since the reading began: a page may have been asked for before.
    own_doing: HashSet<TokenId>,
    changes: Changes,
    revision: u64,
}

/// A number that no other revision of any catalogue has.
fn next_revision() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Catalogue {
    /// An empty catalogue, of all rows that one may see or of one owner's.
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

    /// Whose rows these are, if they are one owner's.
    pub const fn owner(&self) -> Option<UserId> {
        self.owner
    }

    /// The rows, by id.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// One row.
    pub fn get(&self, id: TokenId) -> Option<&Row> {
        self.position(id).ok().and_then(|index| self.rows.get(index))
    }

    /// Changes whenever a row or a name does, and is never the same for two catalogues.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    fn position(&self, id: TokenId) -> Result<usize, usize> {
        self.rows.binary_search_by_key(&id, |row| row.id)
    }

    /// A reading begins. What is there stays until the reading is over.
    pub fn begin(&mut self) {
        self.reading += 1;
        self.own_doing.clear();
        self.changes = Changes::default();
    }

    /// Joins a page to what is known: each id once, the latest name wins, and what the console itself did meanwhile
    /// stays done. Costs little more than the page where ids ascend, as they do on most servers. `platform` is
    /// [`fold`]'s.
    pub fn merge(&mut self, page: Vec<TokenSummary>, platform: impl Fn(&str) -> String) {
        let mut fresh: Vec<TokenSummary> = Vec::new();
        let mut changed = false;
        for summary in sorted(page, |a, b| a.id.cmp(&b.id)) {
            let index = self.position(summary.id).ok();
            let is_own_doing = self.own_doing.contains(&summary.id);
            if let Some(row) = index.and_then(|index| self.rows.get_mut(index)) {
                row.reading = self.reading;
                if *row.name != *summary.name && !is_own_doing {
                    let new = Row::new(summary, self.reading, &platform);
                    let before = std::mem::replace(row, new);
                    let Row { id, name: before, .. } = before;
                    self.changes.renamed.push(Renamed { id, before });
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

    /// Inserts rows that are not there; both are in the order of their ids.
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

    /// A reading is over. If it was complete, rows that it did not meet are gone.
    pub fn finish(&mut self, is_complete: bool) -> Changes {
        let mut changes = std::mem::take(&mut self.changes);
        // Whatever was renamed twice had its name from before in the first of the two.
        changes.renamed = sorted(changes.renamed, |a, b| a.id.cmp(&b.id));
        changes.renamed.dedup_by_key(|renamed| renamed.id);
        if is_complete {
            self.was_whole = true;
            let reading = self.reading;
            let gone = self.rows.extract_if(.., |row| row.reading != reading);
            changes.gone = gone.map(|row| Gone { id: row.id, name: row.name }).collect();
            if !changes.gone.is_empty() {
                self.revision = next_revision();
            }
        }
        changes
    }

    /// Takes what the console itself did: a token that it made or renamed. That is no news, and a reading
    /// that is under way does not take it away again.
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

    /// Takes away what the console itself deleted, or what turned out not to be there.
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
        assert!(read(&mut catalogue, &[(3, "c"), (1, "a"), (2, "b"), (1, "a")], true).is_empty());
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
        assert_eq!(changes.renamed, [Renamed { id: 2, before: "b".into() }]);
        assert_eq!(changes.gone, [Gone { id: 3, name: "c".into() }]);
        assert_eq!(names(&catalogue), [(1, "a"), (2, "B"), (4, "d")]);
    }

    #[test]
    fn what_was_not_read_before_is_no_news() {
        let mut catalogue = Catalogue::new(None);
        // Its first page never came; then it was stopped after two rows.
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
        assert!(catalogue.finish(true).is_empty());
        assert_eq!(names(&catalogue), [(2, "Renamed"), (5, "Mine")]);
        assert_eq!(catalogue.get(5).map(Row::key), Some("mine"));
        assert_eq!(catalogue.get(1), None);
    }

    /// A page that was asked for before does not know of it yet.
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
        assert_eq!(changes.renamed, [Renamed { id: 3, before: "c".into() }]);
        assert!(changes.new.is_empty() && changes.gone.is_empty(), "{changes:?}");
        // The next reading is told everything again.
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
        // generous: this build is not optimised, and the machine may be busy
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
            let gone: Vec<_> = before.keys().filter(|id| !after.contains_key(id)).copied().collect();
            let renamed: Vec<_> =
                before.iter().filter(|(id, name)| after.get(id).is_some_and(|n| n != *name)).map(|(id, _)| *id).collect();
            prop_assert_eq!(changes.new, new);
            prop_assert_eq!(changes.gone.iter().map(|row| row.id).collect::<Vec<_>>(), gone);
            prop_assert_eq!(changes.renamed.iter().map(|row| row.id).collect::<Vec<_>>(), renamed);
            prop_assert_eq!(catalogue.len(), after.len());
        }
    }
}

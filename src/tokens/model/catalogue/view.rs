//! The result of a query on the catalogue: search, filters, order, page and counts.
//!
//! Optimised for typing: the order of all rows is kept for as long as the rows and the order stay the same, so a
//! keystroke only filters, and a search that is typed on looks only at the previous matches.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::{
    facts::{Facts, LastUse},
    fold::{Words, fold},
    natural,
    query::{Column, Created, LastUsed, Query, Sort, Status},
    rows::{Catalogue, Row},
};
use crate::{
    api::{TokenId, UserId},
    calendar::DAY,
    tokens::model::order::{places, sorted},
};

/// The inputs of a view besides the rows.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Returns the details of a row, if they are known.
    pub facts: &'a dyn Fn(TokenId) -> Option<Facts>,
    /// Whether the server refuses the details of a row.
    pub refused: &'a dyn Fn(TokenId) -> bool,
    /// A number that changes whenever the results of `facts` or `refused` may change.
    pub facts_revision: u64,
    /// Returns the name of a user, if it is known.
    pub owner_name: &'a dyn Fn(UserId) -> Option<String>,
    /// A number that changes whenever the results of `owner_name` may change.
    pub names_revision: u32,
    /// The present moment, in milliseconds since 1970.
    pub now: i64,
    /// The platform's part of [`fold`].
    pub platform: &'a dyn Fn(&str) -> String,
}

/// The result of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryResult {
    /// All matches, in order.
    pub ids: Vec<TokenId>,
    /// The range of the matches that is on the page.
    pub range: Range<usize>,
    /// The page number, from 1: the requested page, or the last one if there are fewer.
    pub page: u32,
    /// The number of pages, at least 1.
    pub pages: u32,
    /// The counts of rows.
    pub counts: Counts,
}

/// The counts of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that match.
    pub matches: usize,
    /// Rows that were loaded so far.
    pub read: usize,
    /// Rows that might match: their details are not known yet.
    pub undecided: usize,
    /// Rows that cannot be decided, since the server refuses their details or a time of theirs is not valid.
    pub unclear: usize,
}

impl QueryResult {
    /// Returns the rows of the page.
    pub fn on_page(&self) -> &[TokenId] {
        self.ids.get(self.range.clone()).unwrap_or_default()
    }
}

/// Evaluates queries, and reuses the work of the previous one.
#[derive(Debug, Default)]
pub struct View {
    order: Option<Order>,
    search: Option<Search>,
}

/// The indices of all rows in an order.
#[derive(Debug)]
struct Order {
    revision: u64,
    sort: Sort,
    /// The revision of the facts, if the order depends on them.
    facts_revision: Option<u64>,
    /// The revision of the names, if the order depends on the names of users.
    names_revision: Option<u32>,
    rows: Vec<u32>,
}

/// The matches of a search, in the present order and valid as long as that is.
#[derive(Debug)]
struct Search {
    words: Words,
    rows: Vec<u32>,
}

impl View {
    /// Returns the result of a query.
    pub fn show(&mut self, catalogue: &Catalogue, query: &Query, known: Known) -> QueryResult {
        self.bring_into_order(catalogue, query.sort, known);
        self.find(catalogue, &query.text, known);
        let in_order = self.order.as_ref().map(|order| order.rows.as_slice()).unwrap_or_default();
        let found = self.search.as_ref().map_or(in_order, |search| &search.rows);
        let found = found.iter().filter_map(|index| catalogue.rows().get(*index as usize));
        let (mut undecided, mut unclear) = (0, 0);
        let filter = Filter::new(query, catalogue.owner(), known.now);
        let ids: Vec<TokenId> = match filter {
            None => found.map(|row| row.id).collect(),
            Some(filter) => found
                .filter(|row| {
                    let facts = (known.facts)(row.id);
                    let decision = filter.decide(facts);
                    if decision.is_none() {
                        let is_told = facts.is_some() || (known.refused)(row.id);
                        *(if is_told { &mut unclear } else { &mut undecided }) += 1;
                    }
                    decision == Some(true)
                })
                .map(|row| row.id)
                .collect(),
        };
        let counts = Counts { matches: ids.len(), read: catalogue.len(), undecided, unclear };
        let size = query.page_size.rows();
        let pages = u32::try_from(ids.len().div_ceil(size)).unwrap_or(u32::MAX).max(1);
        let page = query.page.clamp(1, pages);
        let begin = size.saturating_mul(page as usize - 1).min(ids.len());
        let range = begin..begin.saturating_add(size).min(ids.len());
        QueryResult { ids, range, page, pages, counts }
    }

    fn bring_into_order(&mut self, catalogue: &Catalogue, sort: Sort, known: Known) {
        let facts_revision = (!sort.column.is_listed()).then_some(known.facts_revision);
        let names_revision = (sort.column == Column::Owner).then_some(known.names_revision);
        let is_right = self.order.as_ref().is_some_and(|order| {
            order.revision == catalogue.revision()
                && order.sort == sort
                && order.facts_revision == facts_revision
                && order.names_revision == names_revision
        });
        if !is_right {
            let rows = in_order(catalogue.rows(), sort, known);
            let revision = catalogue.revision();
            self.order = Some(Order { revision, sort, facts_revision, names_revision, rows });
            self.search = None;
        }
    }

    fn find(&mut self, catalogue: &Catalogue, text: &str, known: Known) {
        let words = Words::new(text, known.platform);
        if words.is_empty() {
            self.search = None;
            return;
        }
        if self.search.as_ref().is_some_and(|search| search.words == words) {
            return;
        }
        let matches = |index: &u32| {
            let row = catalogue.rows().get(*index as usize);
            row.is_some_and(|row| words.match_row(row.key(), row.id))
        };
        let rows = match (&mut self.search, &self.order) {
            (Some(before), _) if words.narrow(&before.words) => {
                before.rows.retain(matches);
                std::mem::take(&mut before.rows)
            }
            (_, Some(order)) => order.rows.iter().copied().filter(|index| matches(index)).collect(),
            (_, None) => Vec::new(),
        };
        self.search = Some(Search { words, rows });
    }
}

/// The filters that depend on the facts.
struct Filter {
    owner: Option<UserId>,
    status: Status,
    last_used: LastUsed,
    created: Created,
    now: i64,
}

impl Filter {
    /// Creates the filter; `None` if nothing is filtered. Rows listed by owner need no facts to match that owner.
    fn new(query: &Query, read_of: Option<UserId>, now: i64) -> Option<Self> {
        let owner = query.owner.filter(|owner| Some(*owner) != read_of);
        let Query { status, last_used, created, .. } = *query;
        (owner.is_some() || query.filters_by_details()).then_some(Self {
            owner,
            status,
            last_used,
            created,
            now,
        })
    }

    /// Returns whether a row is shown; `None` if too little is known of it.
    fn decide(&self, facts: Option<Facts>) -> Option<bool> {
        let facts = facts?;
        let certain = self.owner.is_none_or(|owner| owner == facts.owner)
            && match self.status {
                Status::Any => true,
                Status::Enabled => facts.enabled,
                Status::Disabled => !facts.enabled,
            };
        if !certain {
            return Some(false);
        }
        match (self.was_used(facts.last_used), self.was_created(facts.created)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    fn was_used(&self, last_used: Option<LastUse>) -> Option<bool> {
        let since = |days: u16| LastUse::At(self.days_ago(days));
        match self.last_used {
            LastUsed::Any => Some(true),
            LastUsed::Never => last_used.map(|used| used == LastUse::Never),
            LastUsed::NotFor(period) => last_used.map(|used| used < since(period.days())),
            LastUsed::Since(period) => last_used.map(|used| used >= since(period.days())),
        }
    }

    fn was_created(&self, created: Option<i64>) -> Option<bool> {
        match self.created {
            Created::Any => Some(true),
            Created::Since(period) => created.map(|created| created >= self.days_ago(period.days())),
            Created::Before(period) => created.map(|created| created < self.days_ago(period.days())),
        }
    }

    fn days_ago(&self, days: u16) -> i64 {
        self.now.saturating_sub(i64::from(days) * DAY)
    }
}

/// Returns the indices of `rows`, which are sorted by ID, in another order. Equal rows stay in the order of their
/// IDs, and unknown values come last in both directions.
fn in_order(rows: &[Row], sort: Sort, known: Known) -> Vec<u32> {
    let facts = |row: &Row| (known.facts)(row.id);
    match sort.column {
        Column::Id => {
            let indices = 0..u32::try_from(rows.len()).unwrap_or(u32::MAX);
            if sort.descending { indices.rev().collect() } else { indices.collect() }
        }
        Column::Name => by_text(rows.iter().map(Row::key), sort.descending),
        Column::Owner => {
            let owners: Vec<_> = rows.iter().map(|row| facts(row).map(|f| f.owner)).collect();
            let places = owner_places(owners.iter().copied().flatten().collect(), known);
            let place = |owner: Option<UserId>| owner.and_then(|owner| places.get(&owner).copied());
            by_value(owners.into_iter().map(place), sort.descending)
        }
        // By the words in the table: Disabled before Enabled.
        Column::Status => by_value(rows.iter().map(|row| facts(row).map(|f| f.enabled)), sort.descending),
        Column::LastUsed => by_value(rows.iter().map(|row| facts(row)?.last_used), sort.descending),
        Column::Created => by_value(rows.iter().map(|row| facts(row)?.created), sort.descending),
    }
}

/// Ranks the owners: by name, then those without a known name by ID.
fn owner_places(owners: HashSet<UserId>, known: Known) -> HashMap<UserId, usize> {
    let owners: Vec<_> = owners
        .into_iter()
        .map(|owner| {
            let name = (known.owner_name)(owner).map(|name| {
                let mut key = Vec::new();
                natural::push_key(&fold(&name, known.platform), &mut key);
                key
            });
            (name.is_none(), name, owner)
        })
        .collect();
    sorted(owners, Ord::cmp).into_iter().enumerate().map(|(place, (_, _, owner))| (owner, place)).collect()
}

fn by_text<'a>(texts: impl Iterator<Item = &'a str>, descending: bool) -> Vec<u32> {
    // One buffer for all keys: allocating a hundred thousand small ones would take longer than sorting.
    let mut keys = Vec::new();
    let ranges: Vec<_> = texts
        .map(|text| {
            let begin = keys.len();
            natural::push_key(text, &mut keys);
            begin..keys.len()
        })
        .collect();
    by_value(ranges.into_iter().map(|range| keys.get(range)), descending)
}

fn by_value<T: Ord>(values: impl Iterator<Item = Option<T>>, descending: bool) -> Vec<u32> {
    let values: Vec<_> = values.collect();
    places(values.len(), &|a, b| match (values.get(a), values.get(b)) {
        (Some(Some(a)), Some(Some(b))) if descending => b.cmp(a),
        (Some(Some(a)), Some(Some(b))) => a.cmp(b),
        (Some(Some(_)), _) => Ordering::Less,
        (_, Some(Some(_))) => Ordering::Greater,
        _ => Ordering::Equal,
    })
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, time::Instant};

    use proptest::prelude::*;

    use super::{
        super::{
            fold::tests::platform,
            query::{PageSize, Period, tests::any_query},
        },
        *,
    };
    use crate::api::TokenSummary;

    const NOW: i64 = 1_000 * DAY;

    fn catalogue<'a>(owner: Option<UserId>, rows: impl IntoIterator<Item = (TokenId, &'a str)>) -> Catalogue {
        let mut catalogue = Catalogue::new(owner);
        catalogue.begin();
        let rows = rows.into_iter().map(|(id, name)| TokenSummary { id, name: name.into() }).collect();
        catalogue.merge(rows, platform);
        catalogue
    }

    fn facts(owner: UserId, enabled: bool, last_used_days: Option<i64>, created_days: i64) -> Facts {
        let last_used = last_used_days.map_or(LastUse::Never, |days| LastUse::At(NOW - days * DAY));
        Facts { owner, enabled, last_used: Some(last_used), created: Some(NOW - created_days * DAY) }
    }

    fn known<'a>(facts: &'a dyn Fn(TokenId) -> Option<Facts>) -> Known<'a> {
        let owner_name =
            &|owner| (owner < 5).then(|| ["zero", "Zoe", "bob", "Álice", "carl"][owner as usize].into());
        let refused = &|_| false;
        Known {
            facts,
            refused,
            facts_revision: 1,
            owner_name,
            names_revision: 1,
            now: NOW,
            platform: &platform,
        }
    }

    fn show(catalogue: &Catalogue, query: &Query, facts: &dyn Fn(TokenId) -> Option<Facts>) -> QueryResult {
        View::default().show(catalogue, query, known(facts))
    }

    fn sorted(column: Column, descending: bool) -> Query {
        Query { sort: Sort { column, descending }, ..Query::DEFAULT }
    }

    /// Row 5 is not known, and row 4 has no times.
    fn some_facts(id: TokenId) -> Option<Facts> {
        match id {
            1 => Some(facts(3, true, Some(10), 400)),
            2 => Some(facts(1, false, None, 20)),
            3 => Some(facts(9, true, Some(100), 20)),
            4 => Some(Facts { last_used: None, created: None, ..facts(3, false, None, 0) }),
            _ => None,
        }
    }

    fn five() -> Catalogue {
        catalogue(None, [(1, "token-10"), (2, "Token-2"), (3, "ábc"), (4, "token-2"), (5, "zz")])
    }

    #[test]
    fn every_column_sorts_both_ways_with_the_unknown_last() {
        for (column, up, down) in [
            (Column::Id, [1, 2, 3, 4, 5], [5, 4, 3, 2, 1]),
            // Without case, accents and leading zeros; equal names stay in the order of their IDs.
            (Column::Name, [3, 2, 4, 1, 5], [5, 1, 2, 4, 3]),
            // Álice, Zoe, and the owner with ID 9.
            (Column::Owner, [1, 4, 2, 3, 5], [3, 2, 1, 4, 5]),
            (Column::Status, [2, 4, 1, 3, 5], [1, 3, 2, 4, 5]),
            (Column::LastUsed, [2, 3, 1, 4, 5], [1, 3, 2, 4, 5]),
            (Column::Created, [1, 2, 3, 4, 5], [2, 3, 1, 4, 5]),
        ] {
            assert_eq!(show(&five(), &sorted(column, false), &some_facts).ids, up, "{column:?}");
            assert_eq!(show(&five(), &sorted(column, true), &some_facts).ids, down, "{column:?}");
        }
    }

    #[test]
    fn filters_say_how_many_rows_they_could_not_judge() {
        let judged = |query: Query| {
            let shown = show(&five(), &query, &some_facts);
            assert_eq!((shown.counts.matches, shown.counts.read), (shown.ids.len(), 5));
            (shown.ids, shown.counts.undecided + shown.counts.unclear)
        };
        let query = Query::DEFAULT;
        assert_eq!(judged(Query { status: Status::Disabled, ..query.clone() }), (vec![2, 4], 1));
        assert_eq!(judged(Query { owner: Some(3), ..query.clone() }), (vec![1, 4], 1));
        assert_eq!(judged(Query { last_used: LastUsed::Never, ..query.clone() }), (vec![2], 2));
        let not_for = Query { last_used: LastUsed::NotFor(Period::Month), ..query.clone() };
        assert_eq!(judged(not_for.clone()), (vec![2, 3], 2));
        assert_eq!(
            judged(Query { last_used: LastUsed::Since(Period::Month), ..query.clone() }),
            (vec![1], 2)
        );
        assert_eq!(judged(Query { created: Created::Before(Period::Year), ..query.clone() }), (vec![1], 2));
        assert_eq!(
            judged(Query { created: Created::Since(Period::Month), ..query.clone() }),
            (vec![2, 3], 2)
        );
        // What is known of row 4 is enough to leave it out.
        assert_eq!(judged(Query { status: Status::Enabled, ..not_for.clone() }), (vec![3], 1));
        // Rows that do not match the search need no decision.
        assert_eq!(judged(Query { text: "token".into(), ..not_for }), (vec![2], 1));
    }

    /// What is not known yet can be read; what the server does not tell cannot.
    #[test]
    fn what_the_server_does_not_tell_is_not_to_be_decided_later() {
        let query = Query { last_used: LastUsed::Never, ..Query::DEFAULT };
        let counts = |refused: &dyn Fn(TokenId) -> bool| {
            let Counts { undecided, unclear, .. } =
                View::default().show(&five(), &query, Known { refused, ..known(&some_facts) }).counts;
            (undecided, unclear)
        };
        // The server does not tell when row 4 was used, and row 5 is not known.
        assert_eq!(counts(&|_| false), (1, 1));
        assert_eq!(counts(&|id| id == 5), (0, 2));
    }

    #[test]
    fn rows_read_as_one_owners_need_no_details_to_be_that() {
        let rows = catalogue(Some(3), [(1, "abc"), (2, "abd")]);
        let query = Query { owner: Some(3), ..Query::DEFAULT };
        let shown = show(&rows, &query, &|_| panic!("asked"));
        assert_eq!((shown.ids, shown.counts.undecided), (vec![1, 2], 0));
        let shown = show(&rows, &Query { owner: Some(4), ..Query::DEFAULT }, &|_| None);
        assert_eq!((shown.ids.len(), shown.counts.undecided), (0, 2));
    }

    #[test]
    fn a_page_beyond_the_last_is_the_last() {
        let names: Vec<_> = (1..=60).map(|id| (id, format!("t{id}"))).collect();
        let rows = catalogue(None, names.iter().map(|(id, name)| (*id, name.as_str())));
        let at = |page, page_size| {
            let shown = show(&rows, &Query { page, page_size, ..Query::DEFAULT }, &|_| None);
            (shown.page, shown.pages, shown.on_page().first().copied(), shown.on_page().len())
        };
        assert_eq!(at(1, PageSize::Small), (1, 3, Some(1), 25));
        assert_eq!(at(3, PageSize::Small), (3, 3, Some(51), 10));
        assert_eq!(at(u32::MAX, PageSize::Medium), (2, 2, Some(51), 10));
        assert_eq!(at(0, PageSize::Large), (1, 1, Some(1), 60));
        let shown = show(&Catalogue::new(None), &Query::DEFAULT.at_page(7), &|_| None);
        assert_eq!((shown.page, shown.pages, shown.on_page().len()), (1, 1, 0));
    }

    #[test]
    fn what_stays_the_same_is_not_done_again() {
        let rows = five();
        let asked = Cell::new(0);
        let count = |id| {
            asked.set(asked.get() + 1);
            some_facts(id)
        };
        let mut view = View::default();
        let mut query = sorted(Column::Created, false);
        let first = view.show(&rows, &query, known(&count));
        query.text = "t".into();
        view.show(&rows, &query, known(&count));
        assert_eq!(asked.get(), 5);
        view.show(&rows, &query, Known { facts_revision: 2, ..known(&count) });
        assert_eq!(asked.get(), 10);
        query.text = String::new();
        assert_eq!(view.show(&rows, &query, Known { facts_revision: 2, ..known(&count) }), first);
    }

    /// The names of users may arrive after the list was ordered by their IDs.
    #[test]
    fn an_order_by_owner_follows_their_names() {
        let rows = catalogue(None, [(1, "of bob"), (2, "of Zoe")]);
        let owners = |id: TokenId| Some(facts(if id == 1 { 2 } else { 1 }, true, None, 1));
        let mut view = View::default();
        let query = sorted(Column::Owner, true);
        let no_name: &dyn Fn(UserId) -> Option<String> = &|_| None;
        let before = Known { owner_name: no_name, names_revision: 0, ..known(&owners) };
        assert_eq!(view.show(&rows, &query, before).ids, [1, 2], "by number");
        assert_eq!(view.show(&rows, &query, known(&owners)).ids, [2, 1], "by name");
    }

    #[test]
    fn ten_thousand_rows_are_little_work() {
        let names: Vec<_> = (1..=10_000).map(|id| (id, format!("user-{}-token-{id}", id % 50))).collect();
        let rows = catalogue(None, names.iter().map(|(id, name)| (*id, name.as_str())));
        let mut view = View::default();
        let mut query = sorted(Column::Name, false);
        view.show(&rows, &query, known(&|_| None));
        let begin = Instant::now();
        for text in ["t", "to", "tok", "toke", "token", "token-1", "token-1 u", "token-1 us"] {
            query.text = text.into();
            view.show(&rows, &query, known(&|_| None));
        }
        // Generous: this build is not optimised, and the machine may be busy.
        assert!(begin.elapsed().as_secs() < 2, "{:?}", begin.elapsed());
    }

    fn any_facts() -> impl Strategy<Value = Facts> {
        (0i64..8, any::<bool>(), prop::option::of(prop::option::of(0i64..500)), prop::option::of(0i64..500))
            .prop_map(|(owner, enabled, used, created)| Facts {
                last_used: used.map(|used| used.map_or(LastUse::Never, |days| LastUse::At(NOW - days * DAY))),
                created: created.map(|days| NOW - days * DAY),
                ..facts(owner, enabled, None, 0)
            })
    }

    proptest! {
        /// What is kept between queries never changes their results.
        #[test]
        fn one_after_the_other_is_each_by_itself(
            names in prop::collection::vec("[abA1-]{0,5}", 0..80),
            details in prop::collection::vec(prop::option::of(any_facts()), 80),
            queries in prop::collection::vec((any_query(), "[ab1 ]{0,3}"), 1..6),
        ) {
            let rows = catalogue(None, names.iter().zip(0..).map(|(name, id)| (id, name.as_str())));
            let facts = |id: TokenId| details.get(id as usize).copied().flatten();
            let mut view = View::default();
            for (query, text) in queries {
                let query = Query { text, ..query };
                let shown = view.show(&rows, &query, known(&facts));
                prop_assert_eq!(&shown, &show(&rows, &query, &facts));
                // A selection of the rows, each once.
                let mut ids = shown.ids.clone();
                ids.sort_unstable();
                ids.dedup();
                prop_assert_eq!(ids.len(), shown.ids.len());
                let Counts { matches, undecided, unclear, .. } = shown.counts;
                prop_assert!(matches + undecided + unclear <= names.len());
                prop_assert!(shown.on_page().len() <= query.page_size.rows());
                prop_assert_eq!(shown.on_page().is_empty(), shown.ids.is_empty());
                let plain = Query { text: query.text.clone(), ..Query::DEFAULT };
                let words = Words::new(&plain.text, platform);
                let matching = rows.rows().iter().filter(|row| words.match_row(row.key(), row.id)).count();
                prop_assert_eq!(show(&rows, &plain, &facts).counts.matches, matching);
            }
        }
    }
}

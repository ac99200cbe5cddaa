//! The query of the list: search, filters, order and page, as in the address.

use super::pasted::is_like_a_secret;
use crate::api::{UserId, parse_id};

/// The names of the query's parameters in the address.
pub mod names {
    /// The search text.
    pub const TEXT: &str = "q";
    /// The owner's ID.
    pub const OWNER: &str = "owner";
    /// `enabled` or `disabled`.
    pub const STATUS: &str = "status";
    /// `never`, `not-DAYS` or `since-DAYS`.
    pub const LAST_USED: &str = "used";
    /// `since-DAYS` or `before-DAYS`.
    pub const CREATED: &str = "created";
    /// A column, with a leading `-` for descending order.
    pub const SORT: &str = "sort";
    /// The number of rows per page.
    pub const PAGE_SIZE: &str = "size";
    /// The page number, from 1.
    pub const PAGE: &str = "page";
}

/// What the list shows. By default the first page of the whole list in the order of IDs, with 25 rows per page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The search text, as typed.
    pub text: String,
    /// The owner; `None` for all owners.
    pub owner: Option<UserId>,
    /// The filter by status.
    pub status: Status,
    /// The filter by last use.
    pub last_used: LastUsed,
    /// The filter by age.
    pub created: Created,
    /// The order.
    pub sort: Sort,
    /// The number of rows per page.
    pub page_size: PageSize,
    /// The page number, from 1. There may be fewer pages than that.
    pub page: u32,
}

/// A filter by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Enabled and disabled tokens.
    #[default]
    Any,
    /// Tokens that the server accepts.
    Enabled,
    /// Tokens that the server refuses.
    Disabled,
}

/// A filter by last use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LastUsed {
    /// All tokens.
    #[default]
    Any,
    /// Tokens that were never used.
    Never,
    /// Tokens that were not used during the period, including those that were never used.
    NotFor(Period),
    /// Tokens that were used during the period.
    Since(Period),
}

/// A filter by age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Created {
    /// All tokens.
    #[default]
    Any,
    /// Tokens that were created during the period.
    Since(Period),
    /// Tokens that are older than the period.
    Before(Period),
}

/// A number of days up to the present moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// 1 day.
    Day,
    /// 7 days.
    Week,
    /// 30 days.
    Month,
    /// 90 days.
    Quarter,
    /// 365 days.
    Year,
}

impl Period {
    /// All periods, the shortest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// Returns the length in days.
    pub const fn days(self) -> u16 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
            Self::Year => 365,
        }
    }

    fn read(days: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| days == period.days().to_string())
    }
}

/// A column of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// The name.
    Name,
    /// The ID.
    #[default]
    Id,
    /// The owner.
    Owner,
    /// The status.
    Status,
    /// The time of the last use.
    LastUsed,
    /// The time of creation.
    Created,
}

impl Column {
    /// All columns, in the order of the table.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Id, Self::Owner, Self::Status, Self::LastUsed, Self::Created];

    /// Returns the column's name in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Id => "id",
            Self::Owner => "owner",
            Self::Status => "status",
            Self::LastUsed => "used",
            Self::Created => "created",
        }
    }

    /// Whether the list itself contains the column; otherwise the details of every row are needed.
    pub const fn is_listed(self) -> bool {
        matches!(self, Self::Name | Self::Id)
    }
}

/// An order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// The column to sort by.
    pub column: Column,
    /// Whether the greatest value comes first.
    pub descending: bool,
}

impl Sort {
    /// Returns the order after a press on a column's header: by that column, reversed if it already was by that one.
    pub fn pressed(self, column: Column) -> Self {
        Self { column, descending: self.column == column && !self.descending }
    }
}

/// The number of rows per page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageSize {
    /// 25.
    #[default]
    Small,
    /// 50.
    Medium,
    /// 100.
    Large,
}

impl PageSize {
    /// All sizes, the smallest first.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// Returns the number of rows.
    pub const fn rows(self) -> usize {
        match self {
            Self::Small => 25,
            Self::Medium => 50,
            Self::Large => 100,
        }
    }
}

impl Query {
    /// The first page of the whole list.
    pub const DEFAULT: Self = Self {
        text: String::new(),
        owner: None,
        status: Status::Any,
        last_used: LastUsed::Any,
        created: Created::Any,
        sort: Sort { column: Column::Id, descending: false },
        page_size: PageSize::Small,
        page: 1,
    };

    /// Returns the query for another page.
    #[must_use]
    pub fn at_page(&self, page: u32) -> Self {
        Self { page, ..self.clone() }
    }

    /// Whether the query leaves out any rows.
    pub fn filters(&self) -> bool {
        !self.text.trim().is_empty() || self.owner.is_some() || self.filters_by_details()
    }

    /// Whether it filters by values that only the details of a row contain. The owner does not count: the server can
    /// list by owner.
    pub fn filters_by_details(&self) -> bool {
        self.status != Status::Any || self.last_used != LastUsed::Any || self.created != Created::Any
    }

    /// Whether the details of all rows are needed for a correct result, at one request per row.
    pub fn needs_all_details(&self) -> bool {
        self.filters_by_details() || !self.sort.column.is_listed()
    }

    /// Returns what a field shows for one of the [`names`]: its value in the address, empty for the default; but the
    /// search text as typed, and always the number of rows per page.
    pub fn value(&self, name: &str) -> String {
        match name {
            names::TEXT => self.text.clone(),
            names::PAGE_SIZE => self.page_size.rows().to_string(),
            _ => self.to_pairs().into_iter().find(|(n, _)| *n == name).map(|(_, v)| v).unwrap_or_default(),
        }
    }

    /// Returns the query with another value for one of the [`names`], from the first page.
    #[must_use]
    pub fn with_value(&self, name: &str, value: &str) -> Self {
        let mut query = self.at_page(1);
        query.take(name, value);
        query
    }

    /// Returns the query for the whole list, with the same order and page size.
    #[must_use]
    pub fn without_filters(&self) -> Self {
        Self { sort: self.sort, page_size: self.page_size, ..Self::DEFAULT }
    }

    /// Returns the part of the query that the address keeps: everything but a search text that looks like a secret.
    /// Addresses end up in histories and in the logs of servers.
    #[must_use]
    pub fn in_address(&self) -> Self {
        Self { text: self.text_in_address().into(), ..self.clone() }
    }

    /// Returns the query at an address that followed this one: if the address cannot have the search text, the text
    /// stays.
    #[must_use]
    pub fn followed_by(&self, address: Self) -> Self {
        let is_kept = address.text.is_empty() && self.text_in_address().is_empty();
        if is_kept { Self { text: self.text.clone(), ..address } } else { address }
    }

    fn text_in_address(&self) -> &str {
        if is_like_a_secret(&self.text) { "" } else { &self.text }
    }

    /// Returns what is written into the address: only what differs from the default, and [no
    /// secret](Self::in_address).
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let text = self.text_in_address();
        if !text.is_empty() {
            pairs.push((names::TEXT, text.to_owned()));
        }
        pairs.extend(self.owner.map(|owner| (names::OWNER, owner.to_string())));
        match self.status {
            Status::Any => {}
            Status::Enabled => pairs.push((names::STATUS, "enabled".into())),
            Status::Disabled => pairs.push((names::STATUS, "disabled".into())),
        }
        match self.last_used {
            LastUsed::Any => {}
            LastUsed::Never => pairs.push((names::LAST_USED, "never".into())),
            LastUsed::NotFor(period) => pairs.push((names::LAST_USED, format!("not-{}", period.days()))),
            LastUsed::Since(period) => pairs.push((names::LAST_USED, format!("since-{}", period.days()))),
        }
        match self.created {
            Created::Any => {}
            Created::Since(period) => pairs.push((names::CREATED, format!("since-{}", period.days()))),
            Created::Before(period) => pairs.push((names::CREATED, format!("before-{}", period.days()))),
        }
        if self.sort != Sort::default() {
            let sign = if self.sort.descending { "-" } else { "" };
            pairs.push((names::SORT, format!("{sign}{}", self.sort.column.as_str())));
        }
        if self.page_size != PageSize::default() {
            pairs.push((names::PAGE_SIZE, self.page_size.rows().to_string()));
        }
        if self.page > 1 {
            pairs.push((names::PAGE, self.page.to_string()));
        }
        pairs
    }

    /// Reads the query of an address. Unknown names and invalid values are ignored; of repeated names the first counts.
    pub fn from_pairs<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut query = Self::DEFAULT;
        let mut read: Vec<&'static str> = Vec::new();
        for (name, value) in pairs {
            let Some(name) = NAMES.into_iter().find(|known| *known == name.as_ref()) else { continue };
            if !read.contains(&name) {
                read.push(name);
                query.take(name, value.as_ref());
            }
        }
        query
    }

    fn take(&mut self, name: &str, value: &str) {
        match name {
            names::TEXT => self.text = value.into(),
            names::OWNER => self.owner = parse_id(value),
            names::STATUS => {
                self.status = match value {
                    "enabled" => Status::Enabled,
                    "disabled" => Status::Disabled,
                    _ => Status::Any,
                }
            }
            names::LAST_USED => self.last_used = read_last_used(value).unwrap_or_default(),
            names::CREATED => self.created = read_created(value).unwrap_or_default(),
            names::SORT => self.sort = read_sort(value).unwrap_or_default(),
            names::PAGE_SIZE => {
                let size = PageSize::ALL.into_iter().find(|size| value == size.rows().to_string());
                self.page_size = size.unwrap_or_default();
            }
            names::PAGE => self.page = read_page(value).unwrap_or(1).max(1),
            _ => {}
        }
    }
}

impl Default for Query {
    fn default() -> Self {
        Self::DEFAULT
    }
}

const NAMES: [&str; 8] = [
    names::TEXT,
    names::OWNER,
    names::STATUS,
    names::LAST_USED,
    names::CREATED,
    names::SORT,
    names::PAGE_SIZE,
    names::PAGE,
];

fn read_page(value: &str) -> Option<u32> {
    // Digits only, as in an ID.
    parse_id(value).and_then(|page| page.try_into().ok())
}

fn read_last_used(value: &str) -> Option<LastUsed> {
    match value.split_once('-') {
        None if value == "never" => Some(LastUsed::Never),
        Some(("not", days)) => Period::read(days).map(LastUsed::NotFor),
        Some(("since", days)) => Period::read(days).map(LastUsed::Since),
        _ => None,
    }
}

fn read_created(value: &str) -> Option<Created> {
    match value.split_once('-')? {
        ("since", days) => Period::read(days).map(Created::Since),
        ("before", days) => Period::read(days).map(Created::Before),
        _ => None,
    }
}

fn read_sort(value: &str) -> Option<Sort> {
    let (descending, name) = value.strip_prefix('-').map_or((false, value), |name| (true, name));
    let column = Column::ALL.into_iter().find(|column| column.as_str() == name)?;
    Some(Sort { column, descending })
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    fn read(query: &str) -> Query {
        Query::from_pairs(form_urlencoded::parse(query.as_bytes()))
    }

    #[test]
    fn only_what_differs_is_written() {
        assert_eq!(Query::DEFAULT.to_pairs(), []);
        assert_eq!(Query::default(), Query::DEFAULT);
        let query = Query {
            text: "ci".into(),
            owner: Some(3),
            last_used: LastUsed::NotFor(Period::Quarter),
            created: Created::Before(Period::Year),
            sort: Sort { column: Column::LastUsed, descending: true },
            page_size: PageSize::Large,
            page: 2,
            ..Query::DEFAULT
        };
        let expected = [
            ("q", "ci"),
            ("owner", "3"),
            ("used", "not-90"),
            ("created", "before-365"),
            ("sort", "-used"),
            ("size", "100"),
            ("page", "2"),
        ];
        assert_eq!(query.to_pairs(), expected.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn a_secret_is_not_written() {
        let query = Query { text: " R3dRbnVYHjE0sQyq1XcT ".into(), page: 2, ..Query::DEFAULT };
        assert_eq!(query.to_pairs(), [("page", "2".to_owned())]);
        assert_eq!(query.in_address(), Query { page: 2, ..Query::DEFAULT });
        assert_eq!(query.value(names::TEXT), query.text, "the field shows it");
        let query = Query { text: "alice-token-01".into(), ..Query::DEFAULT };
        assert_eq!(query.in_address(), query);
    }

    #[test]
    fn a_text_that_the_address_cannot_have_stays_until_there_is_another() {
        let at = |text: &str, page| Query { text: text.into(), page, ..Query::DEFAULT };
        let secret = "R3dRbnVYHjE0sQyq1XcT";
        assert_eq!(at(secret, 1).followed_by(at("", 2)), at(secret, 2));
        assert_eq!(at(secret, 1).followed_by(at("ci", 2)), at("ci", 2));
        assert_eq!(at("ci", 1).followed_by(at("", 2)), at("", 2));
        assert_eq!(at("", 1).followed_by(at("ci", 2)), at("ci", 2));
        // These are names, and addresses have them.
        for name in ["Jenkins-Agent-01", "GitHubActions-2024", "Production-Deploy-2026"] {
            assert_eq!(at(name, 1).to_pairs(), [("q", name.to_owned())]);
            assert_eq!(at(name, 1).followed_by(at("", 2)), at("", 2));
        }
    }

    #[test]
    fn what_makes_no_sense_is_as_if_it_were_not_there() {
        for query in [
            "page=0",
            "page=-1",
            "page=+2",
            "page=99999999999",
            "size=26",
            "size=025",
            "owner=alice",
            "owner=-1",
            "status=on",
            "used=not-31",
            "used=never-1",
            "created=365",
            "sort=secret",
            "sort=--name",
            "sort=",
            "utm=1",
        ] {
            assert_eq!(read(query), Query::DEFAULT, "{query}");
        }
        assert_eq!(read("page=2&page=3").page, 2);
        assert_eq!(read("page=x&page=3").page, 1);
    }

    #[test]
    fn which_queries_cost_a_request_per_row() {
        for query in ["", "q=x&owner=3", "sort=-name", "sort=id", "page=3&size=50"] {
            assert!(!read(query).needs_all_details(), "{query}");
        }
        for query in ["status=enabled", "used=never", "created=since-7", "sort=owner", "sort=-created"] {
            assert!(read(query).needs_all_details(), "{query}");
        }
        assert!(read("owner=3").filters() && read("q=x").filters() && !read("q=+&sort=owner").filters());
    }

    #[test]
    fn a_header_turns_the_order_round() {
        let by_name = Sort::default().pressed(Column::Name);
        assert_eq!(by_name, Sort { column: Column::Name, descending: false });
        assert_eq!(by_name.pressed(Column::Name), Sort { column: Column::Name, descending: true });
        assert_eq!(by_name.pressed(Column::Name).pressed(Column::Name), by_name);
    }

    /// Any query that an address can express.
    pub fn any_query() -> impl Strategy<Value = Query> {
        let period = || select(&Period::ALL[..]);
        let last_used = prop_oneof![
            Just(LastUsed::Any),
            Just(LastUsed::Never),
            period().prop_map(LastUsed::NotFor),
            period().prop_map(LastUsed::Since),
        ];
        let created = prop_oneof![
            Just(Created::Any),
            period().prop_map(Created::Since),
            period().prop_map(Created::Before),
        ];
        let sort = (select(&Column::ALL[..]), any::<bool>());
        (
            ".*".prop_filter("an address says no secret", |text| !is_like_a_secret(text)),
            prop::option::of(0i64..),
            select(&[Status::Any, Status::Enabled, Status::Disabled][..]),
            last_used,
            created,
            sort.prop_map(|(column, descending)| Sort { column, descending }),
            select(&PageSize::ALL[..]),
            1u32..,
        )
            .prop_map(|(text, owner, status, last_used, created, sort, page_size, page)| Query {
                text,
                owner,
                status,
                last_used,
                created,
                sort,
                page_size,
                page,
            })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(query in any_query()) {
            prop_assert_eq!(&Query::from_pairs(query.to_pairs()), &query);
            let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(query.to_pairs()).finish();
            prop_assert_eq!(read(&text), query);
        }

        /// What a field shows is what it would enter.
        #[test]
        fn entering_what_is_there_changes_nothing(query in any_query()) {
            for name in NAMES.into_iter().filter(|name| *name != names::PAGE) {
                prop_assert_eq!(query.with_value(name, &query.value(name)), query.at_page(1), "{}", name);
            }
        }

        #[test]
        fn any_address_is_read(text in ".*") {
            prop_assert!(read(&text).page >= 1);
        }
    }
}

//! Details of rows: the list has only IDs and names, the rest costs one request per row.

use std::{
    collections::{HashMap, VecDeque},
    ops::Range,
    time::Duration,
};

use js_sys::Date;
use leptos::prelude::*;

use super::{in_flight::InFlight, listing::Listing};
use crate::{
    api::{Error, ErrorKind, Method, Token, TokenId, UserId},
    session::Session,
    tokens::model::catalogue::facts::Facts,
    ui::{Load, Timer, spawn_in_scope},
};

/// How often the revision changes while the details of all rows are read: often enough to see the list grow, seldom
/// enough not to sort it for every response.
const TELL_EVERY: Duration = Duration::from_millis(250);

/// How often rows are notified of their details, all together: each change of the table is a frame to lay out and to
/// paint, and responses arrive faster than that is worth.
const SHOW_EVERY: Duration = Duration::from_millis(100);

/// Age in milliseconds up to which details are good enough for filters and orders. Those of a long list take minutes to
/// read, so it is more than the age of the list ([`listing`](super::listing)). What one reading of all rows has told is as old as
/// its latest response.
const FRESH_FOR: f64 = 600_000.0;

/// Rows whose details are wanted, with their places, from the top down.
type Queue = VecDeque<(usize, TokenId)>;

/// Returns which of them is next: the first one in the window or below it, then the nearest one above.
fn next_of(queue: &Queue, window: &Range<usize>) -> Option<usize> {
    let last = queue.len().checked_sub(1)?;
    Some(queue.partition_point(|(place, _)| *place < window.start).min(last))
}

/// The details of one row. Reference-counted and not owned by a screen: they outlive the one that asked for them.
pub(super) type RowDetail = ArcRwSignal<Load<Token, Error>>;

/// What is known of one row.
struct Detail {
    shown: RowDetail,
    /// What filters and orders need of it. Stays when a request fails.
    facts: Option<Facts>,
    /// When the server told or refused it, in milliseconds since 1970; 0 if it is outdated.
    told: f64,
    /// Counts how often something was learned from other requests than those for details of rows. The response to a
    /// request that was sent before is older.
    version: u32,
}

impl Detail {
    fn new(version: u32) -> Self {
        Self { shown: ArcRwSignal::new(Load::Loading), facts: None, told: 0.0, version }
    }

    fn is_fresh(&self, now: f64, reading: &WholeReading) -> bool {
        let is_recent = |time: f64| (now - time).abs() <= FRESH_FOR;
        is_recent(self.told) || (self.told >= reading.began && is_recent(reading.latest))
    }
}

/// The latest reading of all rows that a filter or an order needs, in milliseconds since 1970.
#[derive(Default)]
struct WholeReading {
    began: f64,
    /// The time of its latest response.
    latest: f64,
}

/// The details that were read in this session.
#[derive(Clone, Copy)]
pub struct RowDetails {
    known: StoredValue<HashMap<TokenId, Detail>>,
    whole_reading: StoredValue<WholeReading>,
    in_flight: InFlight,
    /// Rows whose details have arrived and that were not notified yet.
    arrived: StoredValue<Vec<RowDetail>>,
    telling_rows: Timer,
    /// Counts the changes of the facts.
    revision: RwSignal<u64>,
    telling: Timer,
    /// Counts how often everything was outdated.
    outdated: RwSignal<u32>,
    /// Told of new names, and of tokens that are gone.
    listing: Listing,
    session: Session,
}

impl RowDetails {
    /// Provides the details to everything below. They are forgotten when the user leaves.
    pub fn provide() -> Self {
        let session = Session::expect();
        let details = Self {
            known: StoredValue::new(HashMap::new()),
            whole_reading: StoredValue::new(WholeReading::default()),
            in_flight: InFlight::new(),
            arrived: StoredValue::new(Vec::new()),
            telling_rows: Timer::new(),
            revision: RwSignal::new(0),
            telling: Timer::new(),
            outdated: RwSignal::new(0),
            listing: Listing::expect(),
            session,
        };
        session.when_user_leaves(move || details.forget_all());
        provide_context(details);
        details
    }

    /// Returns the details provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Returns the details of one row: what is known now, and what becomes known later.
    pub(in crate::tokens) fn of(&self, id: TokenId) -> RowDetail {
        self.known.write_value().entry(id).or_insert_with(|| Detail::new(0)).shown.clone()
    }

    /// Changes what is known of a row; `None` if the page is gone.
    fn change<T>(&self, id: TokenId, change: impl FnOnce(&mut Detail) -> T) -> Option<T> {
        self.known.try_update_value(|known| change(known.entry(id).or_insert_with(|| Detail::new(0))))
    }

    /// Changes whenever [`RowDetails::with_facts`] may give another result, with a short delay.
    pub(in crate::tokens) fn revision(&self) -> ReadSignal<u64> {
        self.revision.read_only()
    }

    /// Calls `look` with a function that returns what is known of a row, in a form to compare.
    pub(in crate::tokens) fn with_facts<T>(
        &self,
        look: impl FnOnce(&dyn Fn(TokenId) -> Option<Facts>) -> T,
    ) -> T {
        self.known.with_value(|known| look(&|id| known.get(&id)?.facts))
    }

    /// Returns the owners of the tokens whose details are known, sorted by ID.
    pub(in crate::tokens) fn owners(&self) -> Vec<UserId> {
        let mut owners = Vec::new();
        self.known.with_value(|known| {
            for Facts { owner, .. } in known.values().filter_map(|detail| detail.facts) {
                if let Err(place) = owners.binary_search(&owner) {
                    owners.insert(place, owner);
                }
            }
        });
        owners
    }

    /// Whether the details of a row were read or refused lately, and since the last refresh: there is no use in asking
    /// again. `now` is in milliseconds since 1970.
    pub(in crate::tokens) fn are_fresh(&self, id: TokenId, now: f64) -> bool {
        self.whole_reading.with_value(|reading| {
            self.known.with_value(|known| known.get(&id).is_some_and(|detail| detail.is_fresh(now, reading)))
        })
    }

    /// Whether the server was asked for the details of a row lately, and did not tell them.
    pub(in crate::tokens) fn are_refused(&self, id: TokenId, now: f64) -> bool {
        self.are_fresh(id, now) && self.enabled(id).is_none()
    }

    /// Whether a token is enabled; `None` if that is not known.
    pub(in crate::tokens) fn enabled(&self, id: TokenId) -> Option<bool> {
        self.with_facts(|facts| Some(facts(id)?.enabled))
    }

    /// Whether [`RowDetails::token`] returns `None`. It also does after a failed request, although the facts stay.
    pub(in crate::tokens) fn lacks_token(&self, id: TokenId) -> bool {
        let is_ready = |detail: &Detail| detail.shown.with_untracked(|detail| detail.ready().is_some());
        // The caller may outlive the page.
        self.known.try_with_value(|known| !known.get(&id).is_some_and(is_ready)) == Some(true)
    }

    /// Returns a row's details, if they are known.
    pub(in crate::tokens) fn token(&self, id: TokenId) -> Option<Token> {
        let detail = self.known.with_value(|known| known.get(&id).map(|detail| detail.shown.clone()))?;
        detail.with_untracked(|detail| detail.ready().cloned())
    }

    /// Takes what another screen has learned.
    pub fn learned(&self, token: &Token) {
        self.of(token.id).set(Load::Ready(token.clone()));
        self.change(token.id, |detail| detail.version += 1);
        self.note(token.id, Some(Facts::of(token)));
    }

    /// Notes a response: what it tells, or a refusal (`None`), after which what was known may be out of date.
    fn note(&self, id: TokenId, facts: Option<Facts>) {
        let now = Date::now();
        let was_fresh = self.are_fresh(id, now);
        let is_news = self.change(id, |detail| {
            let is_news = detail.facts != facts || !was_fresh;
            (detail.facts, detail.told) = (facts, now);
            is_news
        });
        if is_news == Some(true) {
            self.tell_soon();
        }
    }

    /// Returns the version of what is known of a row; `None` if the page is gone.
    fn version(&self, id: TokenId) -> Option<u32> {
        self.known.try_with_value(|known| known.get(&id).map_or(0, |detail| detail.version))
    }

    fn tell_soon(&self) {
        let details = *self;
        self.telling.set_unless_set(TELL_EVERY, move || details.tell());
    }

    /// Changes the revision now.
    pub(in crate::tokens) fn tell(&self) {
        self.telling.stop();
        self.revision.try_update(|revision| *revision += 1);
    }

    /// Forgets one token, for example because it was deleted.
    pub fn forget(&self, id: TokenId) {
        // Not removed: the version of what is in flight stays comparable.
        self.change(id, |detail| *detail = Detail::new(detail.version + 1));
        self.tell_soon();
    }

    /// Forgets all of them.
    fn forget_all(&self) {
        self.known.update_value(HashMap::clear);
        self.outdate();
    }

    /// Marks everything to be read again. What is known stays until then.
    pub(in crate::tokens) fn outdate(&self) {
        self.known.update_value(|known| known.values_mut().for_each(|detail| detail.told = 0.0));
        self.outdated.update(|n| *n += 1);
        self.tell_soon();
    }

    /// Changes whenever everything was outdated.
    pub(in crate::tokens) fn outdated(&self) -> ReadSignal<u32> {
        self.outdated.read_only()
    }

    /// Reads the details of the rows that are not known yet, a few at a time: first of those that are in the window
    /// when it is their turn. Ends with the reactive scope that it is called in: when the page turns, the rest is not
    /// asked for.
    pub(in crate::tokens) fn read(&self, ids: Vec<TokenId>, window: StoredValue<Range<usize>>) {
        self.read_from(ids, window, || ());
    }

    /// Like [`Self::read`], in the order of the rows; `answered` is called after each response, whatever it is. Returns
    /// how many there will be: some details may be known by now.
    pub(in crate::tokens) fn read_then(
        &self,
        ids: Vec<TokenId>,
        answered: impl Fn() + Copy + 'static,
    ) -> usize {
        let (reading, now) = (self.whole_reading, Date::now());
        reading.set_value(WholeReading { began: now, latest: now });
        self.read_from(ids, StoredValue::new(0..0), move || {
            reading.try_update_value(|reading| reading.latest = Date::now());
            answered();
        })
    }

    fn read_from(
        &self,
        ids: Vec<TokenId>,
        window: StoredValue<Range<usize>>,
        answered: impl Fn() + Copy + 'static,
    ) -> usize {
        let details = *self;
        let now = Date::now();
        let wanted: Queue = ids.into_iter().enumerate().filter(|(_, id)| !self.are_fresh(*id, now)).collect();
        let number = wanted.len();
        let queue = StoredValue::new(wanted);
        let next = move || {
            let window = window.try_get_value()?;
            queue.try_update_value(|queue| queue.remove(next_of(queue, &window)?)).flatten()
        };
        let series = self.session.series();
        for _ in 0..self.session.at_once() {
            spawn_in_scope(async move {
                while let Some((_, id)) = next() {
                    if series.turn().await {
                        details.read_one(id).await;
                    } else {
                        details.give_up(id);
                    }
                    answered();
                }
            });
        }
        number
    }

    /// Reads the details of a row. If the page, an order and an export want the same row at the same time, one of them
    /// sends the request. Another one does so only if that ends with neither details nor a refusal.
    pub(in crate::tokens) async fn read_one(self, id: TokenId) {
        while !self.are_fresh(id, Date::now()) {
            match self.in_flight.begin(id) {
                Ok(_reading) => {
                    let Some(version) = self.version(id) else { return };
                    let result = self.session.read_token(id).await;
                    // Some callers outlive the page. What was changed or deleted meanwhile is known better.
                    if self.version(id) != Some(version) {
                        return;
                    }
                    // While the list is being read, that reading finds out what is gone or renamed, and reports it.
                    let is_read = untrack(|| self.listing.is_busy());
                    match &result {
                        Ok(token) => {
                            self.note(id, Some(Facts::of(token)));
                            if !is_read {
                                self.listing.learned(token);
                            }
                        }
                        Err(error) if error.kind == ErrorKind::NotFound && !is_read => {
                            self.forget(id);
                            self.listing.forget_token(id);
                            return;
                        }
                        Err(error) if error.kind.is_refusal() || error.kind == ErrorKind::NotFound => {
                            self.note(id, None);
                        }
                        // What was known is no longer shown.
                        Err(_) => self.tell_soon(),
                    }
                    self.arrived(id, result.map_or_else(Load::Failed, Load::Ready));
                    return;
                }
                Err(ended) => {
                    ended.await;
                }
            }
        }
    }

    /// Stops asking for a row, so that it does not look as if its details were in flight. What is known of it stays.
    fn give_up(self, id: TokenId) {
        if self.of(id).with_untracked(|load| matches!(load, Load::Loading)) {
            self.arrived(id, Load::Failed(Error::cancelled(Method::Get, "")));
        }
    }

    /// Stores details. They can be read from now on; subscribers are notified together with those of other rows.
    fn arrived(&self, id: TokenId, load: Load<Token, Error>) {
        let detail = self.of(id);
        detail.update_untracked(|before| *before = load);
        self.arrived.try_update_value(|arrived| arrived.push(detail));
        let details = *self;
        self.telling_rows.set_unless_set(SHOW_EVERY, move || details.tell_rows());
    }

    fn tell_rows(&self) {
        for detail in self.arrived.try_update_value(std::mem::take).unwrap_or_default() {
            detail.notify();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_in_the_window_are_next() {
        let asked = |window: Range<usize>| {
            let mut queue: Queue = (0..6).map(|place| (place, 100 + place as TokenId)).collect();
            let mut asked = Vec::new();
            while let Some((place, _)) = next_of(&queue, &window).and_then(|next| queue.remove(next)) {
                asked.push(place);
            }
            asked
        };
        assert_eq!(asked(0..3), [0, 1, 2, 3, 4, 5]);
        // Downwards from there, then upwards.
        assert_eq!(asked(3..5), [3, 4, 5, 2, 1, 0]);
        assert_eq!(asked(9..12), [5, 4, 3, 2, 1, 0]);
    }

    #[test]
    fn what_one_reading_of_all_rows_has_told_expires_together() {
        let at = |minutes: u32| f64::from(1_000 + minutes) * 60_000.0;
        let detail = |minutes| Detail { told: at(minutes), ..Detail::new(0) };
        let reading = WholeReading { began: at(0), latest: at(25) };
        assert!(detail(1).is_fresh(at(26), &reading), "the reading took 25 minutes");
        assert!(!detail(1).is_fresh(at(36), &reading));
        assert!(!detail(0).is_fresh(at(11), &WholeReading::default()));
        let older = Detail { told: at(0) - 1.0, ..Detail::new(0) };
        assert!(!older.is_fresh(at(26), &reading), "told before it began");
        assert!(!Detail::new(0).is_fresh(at(26), &reading), "outdated, or never told");
    }
}

//! The list as far as it was read: rows that outlive the screen, and the reading that goes on while the user looks at
//! them.

use std::{collections::VecDeque, time::Duration};

use leptos::prelude::*;

use super::asked_page::Asked;
use crate::{
    api::{Error, Token, TokenId, TokenSummary, UserId},
    collection::reader::{PageRequest, Reader, State},
    session::Session,
    tokens::model::catalogue::rows::{Catalogue, Changes},
    ui::{Timer, decomposed, effect, effect_with_last, follow, spawn_in_scope},
};

/// The state of the reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It has not begun, or no page has arrived yet.
    Beginning,
    /// Pages arrive.
    GoingOn,
    /// The user has stopped it.
    Stopped,
    /// It ended: complete, or incomplete for a reason.
    Over(State),
    /// A page could not be read.
    Failed(Error),
}

/// How often new rows are announced while pages arrive: sorting a long list for each page, and painting the count,
/// takes longer than the next page does to arrive.
const TELL_EVERY: Duration = Duration::from_millis(500);

/// Age in milliseconds after which a list is read again from its beginning when the user comes back to it, unless the
/// user has stopped the reading.
const FRESH_FOR: f64 = 60_000.0;
/// A list as short as this is read again, however fresh it is: it takes a request or two.
const SHORT: usize = 200;

/// How long a refresh takes before it is said that it is going on.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is said of a refresh to those who do not see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RefreshNews {
    /// Nothing: there was none, it ended otherwise, or something else is being read.
    #[default]
    None,
    /// Nothing yet: it may be over in a moment.
    Begun,
    /// It is taking long.
    GoesOn,
    /// It is over.
    UpToDate,
}

impl RefreshNews {
    /// Returns the words, if there are any.
    pub const fn words(self) -> &'static str {
        match self {
            Self::None | Self::Begun => "",
            Self::GoesOn => "Loading the list.",
            Self::UpToDate => "The list is up to date.",
        }
    }
}

/// The list of this session. A cheap, copyable handle.
#[derive(Clone, Copy)]
pub struct Listing {
    catalogue: StoredValue<Catalogue>,
    /// Changes when the rows do.
    revision: RwSignal<u64>,
    reader: StoredValue<Reader>,
    reading: RwSignal<Reading>,
    /// Whether requests are in flight.
    busy: RwSignal<bool>,
    changes: RwSignal<Changes>,
    /// When the last page arrived, in milliseconds since 1970.
    progressed: StoredValue<f64>,
    /// Set while new rows are about to be announced.
    telling: Timer,
    refresh_news: RwSignal<RefreshNews>,
    /// Set while a refresh is so short that nothing is said of it.
    patience: Timer,
    /// Incremented whenever the reading has to check what to do: begin, go on, or stop.
    start: RwSignal<u32>,
    session: Session,
}

impl Listing {
    /// Provides the list to everything below. It is forgotten when the user leaves.
    pub fn provide() -> Self {
        let session = Session::expect();
        let listing = Self {
            catalogue: StoredValue::new(Catalogue::new(None)),
            revision: RwSignal::new(0),
            reader: StoredValue::new(Reader::new(None)),
            reading: RwSignal::new(Reading::Beginning),
            busy: RwSignal::new(false),
            changes: RwSignal::new(Changes::default()),
            progressed: StoredValue::new(0.0),
            telling: Timer::new(),
            refresh_news: RwSignal::new(RefreshNews::None),
            patience: Timer::new(),
            start: RwSignal::new(0),
            session,
        };
        session.when_user_leaves(move || listing.forget(None));
        provide_context(listing);
        listing
    }

    /// Returns the list provided by [`Self::provide`].
    pub fn expect() -> Self {
        expect_context()
    }

    /// Calls `look` with the rows. Tracked.
    pub fn with<T>(&self, look: impl FnOnce(&Catalogue) -> T) -> T {
        follow(&self.revision);
        self.catalogue.with_value(look)
    }

    /// Calls `look` with the state of the reading. Tracked.
    pub fn with_reading<T>(&self, look: impl FnOnce(&Reading) -> T) -> T {
        follow(&self.reading);
        self.reading.with_untracked(look)
    }

    /// Whether the whole list was read. Tracked.
    pub fn is_complete(&self) -> bool {
        self.with_reading(|reading| *reading == Reading::Over(State::Complete))
    }

    /// Calls `look` with the rows, untracked.
    pub fn with_untracked<T>(&self, look: impl FnOnce(&Catalogue) -> T) -> T {
        self.catalogue.with_value(look)
    }

    /// Whether requests are in flight.
    pub fn is_busy(&self) -> bool {
        follow(&self.busy);
        self.busy.get_untracked()
    }

    /// Calls `look` with what the last refresh has found. Tracked.
    pub fn with_changes<T>(&self, look: impl FnOnce(&Changes) -> T) -> T {
        follow(&self.changes);
        self.changes.with_untracked(look)
    }

    /// Returns what is said of a refresh. Tracked.
    pub fn refresh_news(&self) -> RefreshNews {
        follow(&self.refresh_news);
        self.refresh_news.get_untracked()
    }

    fn say(&self, news: RefreshNews) {
        self.patience.stop();
        self.refresh_news.try_set(news);
    }

    /// Reads the list while the reactive scope lives that this is called in: from the beginning, from where it was
    /// left, or again if what is there is old. `owner` is the user whose tokens are wanted.
    pub fn attend(&self, owner: Memo<Option<UserId>>) {
        let listing = *self;
        effect_with_last(move |before: Option<()>| {
            let owner = owner.get();
            if listing.catalogue.with_value(Catalogue::owner) != owner {
                listing.forget(owner);
            } else if before.is_none() {
                listing.come_back();
            }
        });
        effect(move || {
            listing.start.track();
            spawn_in_scope(listing.read());
        });
        on_cleanup(move || {
            // Requests in flight are dropped with the screen; nobody has to know.
            listing.busy.try_set(false);
            listing.say(RefreshNews::None);
        });
    }

    /// Reads everything again; what is on the screen stays meanwhile.
    pub fn refresh(&self) {
        let listing = *self;
        self.say(RefreshNews::Begun);
        self.patience.set(PATIENCE, move || listing.say(RefreshNews::GoesOn));
        self.session.renew_retries();
        let owner = self.catalogue.with_value(Catalogue::owner);
        self.reader.set_value(Reader::new(owner));
        self.start.update(|n| *n += 1);
    }

    /// Stops the reading where it is.
    pub fn stop(&self) {
        self.say(RefreshNews::None);
        self.reader.update_value(Reader::stop);
        self.reading.set(Reading::Stopped);
        self.start.update(|n| *n += 1);
    }

    /// Goes on where the reading was stopped or where it failed.
    pub fn resume(&self) {
        self.session.renew_retries();
        self.reader.update_value(Reader::resume);
        self.reading.set(Reading::GoingOn);
        self.start.update(|n| *n += 1);
    }

    /// Adds a token that the console itself has created.
    pub fn created(&self, token: &Token) {
        let is_wanted = self.catalogue.with_value(|c| c.owner().is_none_or(|owner| owner == token.owner_id));
        // Before the first page, this row alone would look like the whole list.
        if is_wanted && self.reading.with_untracked(|reading| *reading != Reading::Beginning) {
            self.put(token);
        }
    }

    /// Takes the name that another screen has given to a row, or found. Adds no row: what is not listed may not belong
    /// in the list.
    pub fn learned(&self, token: &Token) {
        let is_news =
            self.catalogue.with_value(|c| c.get(token.id).is_some_and(|row| *row.name != *token.name));
        if is_news {
            self.put(token);
        }
    }

    fn put(&self, token: &Token) {
        let summary = TokenSummary { id: token.id, name: token.name.clone() };
        self.catalogue.update_value(|catalogue| catalogue.put(summary, decomposed));
        self.tell_rows();
    }

    /// Removes a token that the console itself has deleted, or that turned out not to exist.
    pub fn forget_token(&self, id: TokenId) {
        self.catalogue.update_value(|catalogue| catalogue.remove(id));
        self.tell_rows();
    }

    /// Notes that something may have happened on the server unnoticed: the list is read again when the user comes back
    /// to it, unless the user has stopped the reading.
    pub fn doubt(&self) {
        self.progressed.set_value(0.0);
    }

    /// Dismisses what the last refresh has found.
    pub fn dismiss_changes(&self) {
        self.changes.set(Changes::default());
    }

    fn forget(&self, owner: Option<UserId>) {
        self.catalogue.set_value(Catalogue::new(owner));
        self.reader.set_value(Reader::new(owner));
        self.reading.set(Reading::Beginning);
        self.changes.set(Changes::default());
        self.tell_rows();
        self.start.update(|n| *n += 1);
    }

    /// Whether there are rows that are read again from the beginning when the user comes back now, since they are old.
    /// That includes those of a reading that was interrupted: rows may have moved a lot since.
    fn is_old(&self) -> bool {
        let is_stopped = self.reading.with_untracked(|reading| *reading == Reading::Stopped);
        let age = js_sys::Date::now() - self.progressed.get_value();
        age > FRESH_FOR && !is_stopped && !self.catalogue.with_value(Catalogue::is_empty)
    }

    fn come_back(&self) {
        let is_short = self.catalogue.with_value(Catalogue::len) <= SHORT;
        let is_over = self.reader.with_value(|reader| reader.state().is_over());
        if self.is_old() || is_over && is_short {
            self.reader.set_value(Reader::new(self.catalogue.with_value(Catalogue::owner)));
        }
        // After a failure, the reading is tried again.
        if self.reading.with_untracked(|reading| matches!(reading, Reading::Failed(_))) {
            self.reader.update_value(Reader::resume);
            let is_empty = self.catalogue.with_value(Catalogue::is_empty);
            self.reading.set(if is_empty { Reading::Beginning } else { Reading::GoingOn });
        }
    }

    fn tell_rows(&self) {
        if let Some(revision) = self.catalogue.try_with_value(Catalogue::revision) {
            self.revision.try_set(revision);
        }
    }

    fn tell_rows_soon(&self) {
        let listing = *self;
        self.telling.set_unless_set(TELL_EVERY, move || listing.tell_rows());
    }

    /// Reads page after page, until the reading is over, stopped, or fails.
    async fn read(self) {
        let is_first = self.reader.with_value(|reader| reader.requests() == 0);
        if self.reader.with_value(Reader::wanted).is_none() {
            self.busy.try_set(false);
            return;
        }
        if is_first {
            self.catalogue.update_value(Catalogue::begin);
            self.changes.try_set(Changes::default());
        }
        self.busy.try_set(true);
        let mut asked = VecDeque::<Asked>::new();
        while let Some(page) = self.reader.try_with_value(Reader::wanted).flatten() {
            let ahead = self.ahead();
            asked.retain(|asked| asked.page() == page || ahead.contains(&asked.page()));
            let early = asked.pop_front_if(|asked| asked.page() == page);
            for page in ahead {
                if asked.iter().all(|asked| asked.page() != page) {
                    asked.push_back(Asked::new(self.session, page));
                }
            }
            let answer = match early {
                None => Asked::new(self.session, page).answer(&mut asked).await,
                Some(early) => match early.answer(&mut asked).await {
                    Ok(rows) if !self.reader.with_value(|reader| reader.takes(page, &rows)) => {
                        asked.clear();
                        Asked::new(self.session, page).answer(&mut asked).await
                    }
                    answer => answer,
                },
            };
            match answer {
                Ok(rows) => self.take(rows),
                Err(error)
                    if self.reader.try_update_value(|reader| reader.goes_on_after(&error.kind))
                        == Some(true) => {}
                Err(error) => {
                    self.say(RefreshNews::None);
                    self.reader.try_update_value(Reader::stop);
                    self.busy.try_set(false);
                    self.reading.try_set(Reading::Failed(error));
                    return;
                }
            }
        }
        self.end();
    }

    fn ahead(&self) -> Vec<PageRequest> {
        // With Basic, each request costs the server half a second of processor time: one at a time.
        if self.session.is_costly() {
            return Vec::new();
        }
        self.reader.try_with_value(|reader| reader.ahead().collect()).unwrap_or_default()
    }

    fn take(&self, rows: Vec<TokenSummary>) {
        self.reader.try_update_value(|reader| reader.answer(&rows));
        self.progressed.try_set_value(js_sys::Date::now());
        let is_first = self.catalogue.try_update_value(|catalogue| {
            let is_first = catalogue.is_empty();
            catalogue.merge(rows, decomposed);
            is_first
        });
        if is_first == Some(true) {
            self.tell_rows();
        } else {
            self.tell_rows_soon();
        }
        if self.reading.with_untracked(|reading| *reading != Reading::GoingOn) {
            self.reading.try_set(Reading::GoingOn);
        }
    }

    fn end(&self) {
        let state = self.reader.with_value(Reader::state);
        let changes = self.catalogue.try_update_value(|c| c.finish(state == State::Complete));
        self.changes.try_set(changes.unwrap_or_default());
        let was_refresh = self.refresh_news.try_get_untracked() != Some(RefreshNews::None);
        let is_up_to_date = was_refresh && state == State::Complete;
        self.say(if is_up_to_date { RefreshNews::UpToDate } else { RefreshNews::None });
        self.tell_rows();
        self.busy.try_set(false);
        self.reading.try_set(Reading::Over(state));
    }
}

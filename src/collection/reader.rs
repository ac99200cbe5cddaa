//! Reading the whole list: requests out, responses in.
//!
//! The API returns at most [`LIMIT`] rows at a time, by offset, without a total. On real servers a row that is written
//! moves to the end of the list, and using a token writes its row (API.md part 2); rows are also added at the end, and
//! deleted. So the list may shift between two requests, and rows may slip past a reader that simply keeps counting.
//! This reader notices shifts and goes back for the rows.
//!
//! # How it reads
//!
//! Think of each row as carrying the time of its last move to the end, or of its creation: the list is sorted by these
//! times, and a row that is not written never rises; it only slides towards the beginning when rows before it leave.
//! What has been read up to some time is *settled*: every row of the list that is that old has been seen. No change of
//! the list can invalidate this, because rows only ever get newer.
//!
//! - **Forwards.** A page begins [`OVERLAP`] rows before the end of what is settled. If its first rows are settled,
//!   then everything before the page is settled too and the page follows without a gap, so the page becomes settled.
//!   The overlap is several rows rather than one, so that a list that shifts by a row or two between requests, as on
//!   any server in use, costs no further request.
//! - **Backwards.** Otherwise rows have slid down past the offset. The page is set aside, and the pages before it are
//!   read one after the other, downwards without gaps, until one begins with settled rows. A sliding row moves ahead of
//!   this sweep, never through it, so the sweep meets all of them; then it becomes settled together with the page that
//!   was set aside. Rows that rose meanwhile are at the end and still to come. After a sweep the next page overlaps by
//!   [`WIDE_OVERLAP`] rows, because a list that has just shifted a lot is likely to do it again.
//! - **The end** is a page with fewer rows than requested. If it begins with settled rows, then all of the list, as it
//!   was at the moment of this one response, has been seen.
//!
//! Rows count as settled only in a group, in the order in which they were read, and only at ranks where they may be, as
//! rows that are not written do not rise: three rows for a small overlap, ten for a large one.
//!
//! # Pages ahead
//!
//! If it waited for one response at a time, a reader far from the server would do little else. So the longer the list
//! turns out to be, the more of the pages after the wanted one may be requested concurrently ([`Reader::ahead`]). The
//! server may read them in any order. For full pages this does no harm: a row that is in the list now and older than
//! the last row of such a page was behind the recognised rows at that time, so the page contains it; whatever rose
//! meanwhile is at the end and still to come. A page that is *not* full would mark the end of the list, but would lack
//! the rows that rose after the server read it. So it is requested again, in its turn ([`Reader::takes`]).
//!
//! # Pages that are too long
//!
//! Names have no upper limit, so a page may exceed what the console reads. Then half as many rows are requested
//! ([`Reader::goes_on_after`]), down to one, and after each response up to twice as many again: long names tend to be
//! adjacent, and the rest of the list should not take as many requests. A short page shares at most half of its rows. A
//! page of a single row shares none, and is recognised backwards, by the row before it.
//!
//! # What this proves, and what it cannot
//!
//! *If, of the rows by which a page is recognised, at least one was not written since it was last seen, then
//! [`State::Complete`] means that every row of the list has been seen*, however many other rows move, appear or vanish.
//! *And if no row was deleted during the pass, it means so whatever moved:* the last page tells how many rows there
//! are, and `Complete` requires as many different ones. For a row to be missed all the same, someone has to delete a
//! token while, between two requests, others use all recognised tokens in exactly the order of the list.
//!
//! No reader can do better: moving rows to the end can produce any order, so a server that may write all its rows
//! between any two requests can hide a row from every reader that sees a hundred at a time. If recognising fails too
//! often, or if the number of rows shows that one was missed, the list is read again from its beginning, in at most
//! [`PASSES`] passes. After that the result is [`State::KeptChanging`]: everything found exists, but something may be
//! missing.
//!
//! # How many requests
//!
//! A list of *n* rows that shifts by no more than three rows at a time takes n/94 + 1 requests. A larger shift takes
//! two more, and one for every hundred rows that left. In any case a pass ends after 3 · (n/94 + 1) + 48 requests
//! (`most_requests` for all passes together), *n* being the number of different rows that it met. In addition, pages
//! may be requested ahead in vain: at most [`MOST_AHEAD`] and one at the end of each pass, and [`MOST_AHEAD`] for each
//! shift. Lists of more than [`MOST_ROWS`] rows are not read to their end.
//!
//! Where pages are too long, a response counts as the fraction of a request that it has of [`LIMIT`] rows, and at most
//! six responses that are too long come before it.

use std::collections::HashMap;

use crate::api::{ErrorKind, Misunderstanding, TokenId, TokenSummary, UserId, request::MAX_LIMIT};

/// Rows of a page.
pub const LIMIT: u32 = MAX_LIMIT;

/// Rows that consecutive pages share: enough to absorb a shift of three rows, at the cost of 6 % more requests than
/// without an overlap.
pub const OVERLAP: u32 = 6;

/// Rows that a page shares with what was read before, just after a shift that [`OVERLAP`] did not absorb.
pub const WIDE_OVERLAP: u32 = 50;

/// The number of pages that are read before the first page is requested ahead, and again before each further one. Most
/// lists are shorter and would pay for requests that they do not need.
const AHEAD_AFTER: u64 = 3;

/// The most pages that are requested ahead. Together with the wanted one, they are as many concurrent requests as those
/// for the details of rows.
pub const MOST_AHEAD: u64 = 3;

/// A page is recognised by half of the rows that it should share, but by no more than this.
const RECOGNISED: u64 = 10;

/// The most passes, that is, readings of the list from its beginning.
pub const PASSES: u32 = 3;

/// The longest list that is read to its end, in rows.
pub const MOST_ROWS: u64 = 250_000;

/// The state of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A page is wanted.
    Reading,
    /// Stopped by the user or by a failed request; it can be resumed where it was.
    Stopped,
    /// All of the list has been seen.
    Complete,
    /// The list was read to its end [`PASSES`] times and shifted too much each time: something may be missing.
    KeptChanging,
    /// The list is longer than [`MOST_ROWS`]; the rest was not read.
    TooLong,
}

impl State {
    /// Whether nothing more will be read.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Complete | Self::KeptChanging | Self::TooLong)
    }
}

/// A request for a page of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The number of rows to request, 1 to [`LIMIT`].
    pub limit: u32,
    /// The number of rows to skip.
    pub offset: u64,
    /// The owner of the tokens; `None` for all tokens that the signed-in user may see.
    pub owner: Option<UserId>,
}

/// The place of a settled row when it was last seen.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The number of rows before it. A row that is not written never rises above this rank.
    rank: u64,
    /// Its position in the order in which rows were settled.
    serial: u32,
}

/// A page as received: the rank of its first row, and the IDs of its rows.
#[derive(Debug)]
struct Page {
    offset: u64,
    ids: Vec<TokenId>,
}

/// Reads the whole list; the module's documentation says how. It keeps IDs only: the caller has the rows and joins them
/// by ID.
#[derive(Debug)]
pub struct Reader {
    owner: Option<UserId>,
    state: State,
    wanted: PageRequest,
    /// The most rows to request: [`LIMIT`], unless a recent page was too long.
    most: u32,
    /// Rows that the next page shares with what was read before, unless it is a short one.
    overlap: u32,
    /// Everything that is settled in this pass.
    places: HashMap<TokenId, Place>,
    next_serial: u32,
    /// An upper bound for the number of settled rows: the rank at which the unread rows begin.
    frontier: u64,
    /// While going backwards: the page that was not recognised, and the pages before it that were read since.
    aside: Vec<Page>,
    /// Whether every page of this pass was recognised.
    recognised_all: bool,
    /// The current pass, from 1 to [`PASSES`].
    pass: u32,
    pass_requests: u64,
    /// Rows that were requested in this pass: [`LIMIT`] for each request, unless pages are too long.
    pass_rows: u64,
    /// Those of them that do not belong to normal reading forwards: pages set aside, and sweeps.
    extra_rows: u64,
    requests: u64,
    /// How often rows had shifted further than the overlap absorbs.
    #[cfg(test)]
    shifts: u64,
}

/// Returns the most requests that reading takes, given the number of different rows that were met, if no page is too
/// long.
#[cfg(test)]
pub const fn most_requests(rows: u64) -> u64 {
    PASSES as u64 * pass_limit(rows)
}

/// Returns the number of pages of a list that does not change.
const fn pages(rows: u64) -> u64 {
    rows / (LIMIT - OVERLAP) as u64 + 1
}

const fn pass_limit(rows: u64) -> u64 {
    3 * pages(rows) + 48
}

/// Returns how many requests of a pass may go backwards. Going back is meant for shifts; a list without any order is
/// read to its end instead.
const fn extra_limit(rows: u64) -> u64 {
    pages(rows) / 2 + 16
}

impl Reader {
    /// Creates a reading that has not begun: of one owner's rows, or of all that the signed-in user may see.
    pub fn new(owner: Option<UserId>) -> Self {
        Self {
            owner,
            state: State::Reading,
            wanted: PageRequest { limit: LIMIT, offset: 0, owner },
            most: LIMIT,
            overlap: OVERLAP,
            places: HashMap::new(),
            next_serial: 0,
            frontier: 0,
            aside: Vec::new(),
            recognised_all: true,
            pass: 1,
            pass_requests: 0,
            pass_rows: 0,
            extra_rows: 0,
            requests: 0,
            #[cfg(test)]
            shifts: 0,
        }
    }

    /// Returns the state.
    pub const fn state(&self) -> State {
        self.state
    }

    /// Returns the page to request; the same one until it is answered. `None` if the reading is stopped or over.
    pub fn wanted(&self) -> Option<PageRequest> {
        (self.state == State::Reading).then_some(self.wanted)
    }

    /// Returns the pages that will be wanted after [`Reader::wanted`] if nothing shifts, as far as it is worthwhile to
    /// request them concurrently. None after a page that was too long: the following ones may be too long as well.
    pub fn ahead(&self) -> impl Iterator<Item = PageRequest> + use<> {
        let pages = (self.pass_requests / AHEAD_AFTER).min(MOST_AHEAD);
        let wanted = self.wanted().filter(|_| self.aside.is_empty() && self.most == LIMIT);
        let step = u64::from(LIMIT - OVERLAP);
        wanted.into_iter().flat_map(move |page| {
            (1..=pages).map(move |n| PageRequest { offset: page.offset + n * step, ..page })
        })
    }

    /// Whether `rows`, the response to a page that was requested ahead, can be used as the response to
    /// [`Reader::wanted`].
    pub fn takes(&self, page: PageRequest, rows: &[TokenSummary]) -> bool {
        self.wanted() == Some(page) && rows.len() >= LIMIT as usize
    }

    /// Returns the number of requests that were answered.
    pub const fn requests(&self) -> u64 {
        self.requests
    }

    /// Stops the reading; requests in flight may be dropped.
    pub fn stop(&mut self) {
        if self.state == State::Reading {
            self.state = State::Stopped;
        }
    }

    /// Resumes after [`Reader::stop`].
    pub fn resume(&mut self) {
        if self.state == State::Stopped {
            self.state = State::Reading;
        }
    }

    /// Takes a failure of [`Reader::wanted`]. Returns `true` if the page was too long, so that fewer rows are wanted
    /// now.
    pub fn goes_on_after(&mut self, failure: &ErrorKind) -> bool {
        let is_too_long = matches!(failure, ErrorKind::NotUnderstood(Misunderstanding::TooLong));
        if !is_too_long || self.state != State::Reading || self.wanted.limit <= 1 {
            return false;
        }
        self.most = self.wanted.limit / 2;
        self.wanted = match self.aside.last() {
            None => self.forwards(),
            Some(page) => self.backwards(page.offset),
        };
        true
    }

    /// Takes the response to [`Reader::wanted`]. Ignored unless a page is wanted.
    pub fn answer(&mut self, rows: &[TokenSummary]) {
        if self.state != State::Reading {
            return;
        }
        self.requests += 1;
        self.pass_requests += 1;
        let asked = u64::from(self.most);
        self.pass_rows += asked;
        self.most = (self.most * 2).min(LIMIT);
        let page = Page { offset: self.wanted.offset, ids: rows.iter().map(|row| row.id).collect() };
        let end = page.offset.saturating_add(page.ids.len() as u64);
        let is_short = (page.ids.len() as u64) < u64::from(self.wanted.limit);
        let settled = self.recognises(&page);
        let most_extra = extra_limit(self.places.len() as u64) * u64::from(LIMIT);
        let goes_on = settled || self.extra_rows >= most_extra;
        if !settled && goes_on {
            self.recognised_all = false;
        }
        if self.aside.is_empty() {
            self.frontier = end;
            #[cfg(test)]
            if !settled {
                self.shifts += 1;
            }
            if goes_on {
                self.settle(&page);
                if is_short {
                    self.end_pass(end);
                } else {
                    self.go_forwards(OVERLAP);
                }
            } else {
                self.extra_rows += asked;
                self.go_backwards(page);
            }
        } else {
            self.extra_rows += asked;
            if is_short {
                // The list has become so short that it ends here.
                self.frontier = self.frontier.min(end);
            }
            if goes_on {
                self.aside.push(page);
                self.settle_aside();
                self.go_forwards(WIDE_OVERLAP);
            } else {
                self.go_backwards(page);
            }
        }
        self.keep_within_limits();
    }

    /// Whether the page begins with settled rows, so that everything before it is settled.
    fn recognises(&self, page: &Page) -> bool {
        if page.offset == 0 {
            return true;
        }
        let shared = if self.aside.is_empty() {
            self.frontier.saturating_sub(page.offset)
        } else {
            u64::from(self.wanted.limit)
        };
        let needed = (shared / 2).clamp(1, RECOGNISED);
        self.settled_rows(page).count() as u64 >= needed
    }

    /// Returns the rows at the beginning of a page that are settled, as far as can be told: they are in their order,
    /// and none of them has risen.
    fn settled_rows<'a>(&'a self, page: &'a Page) -> impl Iterator<Item = TokenId> + 'a {
        let mut last = None;
        let rows = page.ids.iter().zip(page.offset..).take_while(move |&(id, rank)| {
            let Some(place) = self.places.get(id) else { return false };
            let in_order = last.is_none_or(|last| last < place.serial);
            last = Some(place.serial);
            in_order && rank <= place.rank
        });
        rows.map(|(id, _)| *id)
    }

    fn settle(&mut self, page: &Page) {
        self.settle_since(page, self.next_serial);
    }

    /// Settles the pages that were set aside, in the order of the list: the page that was read last comes first.
    fn settle_aside(&mut self) {
        let begin = self.next_serial;
        for page in std::mem::take(&mut self.aside).iter().rev() {
            self.settle_since(page, begin);
        }
    }

    /// Settles a page's rows, except those that got a serial number since `begin`: a row that slid from one page into
    /// the one before it has its place there.
    fn settle_since(&mut self, page: &Page, begin: u32) {
        for (&id, rank) in page.ids.iter().zip(page.offset..) {
            if self.places.get(&id).is_none_or(|place| place.serial < begin) {
                self.places.insert(id, Place { rank, serial: self.next_serial });
                self.next_serial = self.next_serial.saturating_add(1);
            }
        }
    }

    fn go_forwards(&mut self, overlap: u32) {
        self.overlap = overlap;
        self.wanted = self.forwards();
    }

    fn forwards(&self) -> PageRequest {
        let overlap = self.overlap.min(self.most / 2);
        let offset = self.frontier.saturating_sub(u64::from(overlap));
        PageRequest { limit: self.most, offset, owner: self.owner }
    }

    /// Sets a page aside and requests the rows just before it. There are some: a page at the beginning of the list is
    /// always recognised.
    fn go_backwards(&mut self, page: Page) {
        self.wanted = self.backwards(page.offset);
        // The rows of this page come after unread ones, so their places are outdated. Should they slide into the sweep,
        // it must not mistake them for settled rows.
        for id in &page.ids {
            self.places.remove(id);
        }
        self.aside.push(page);
    }

    /// Returns the request for the page that ends just before this rank.
    fn backwards(&self, end: u64) -> PageRequest {
        let offset = end.saturating_sub(u64::from(self.most));
        let limit = u32::try_from(end - offset).unwrap_or(self.most);
        PageRequest { limit, offset, owner: self.owner }
    }

    /// Ends the pass at the end of the list, which had `rows` rows.
    fn end_pass(&mut self, rows: u64) {
        if self.recognised_all && self.places.len() as u64 >= rows {
            self.state = State::Complete;
        } else if self.pass < PASSES {
            let again = Self::new(self.owner);
            *self = Self {
                pass: self.pass + 1,
                requests: self.requests,
                #[cfg(test)]
                shifts: self.shifts,
                places: std::mem::take(&mut self.places),
                ..again
            };
            self.places.clear();
        } else {
            self.state = State::KeptChanging;
        }
        if self.state.is_over() {
            self.places = HashMap::new();
        }
    }

    fn keep_within_limits(&mut self) {
        let rows = self.places.len() as u64;
        if self.state != State::Reading {
            return;
        }
        if rows > MOST_ROWS {
            self.state = State::TooLong;
        } else if self.pass_rows >= pass_limit(rows) * u64::from(LIMIT) {
            self.recognised_all = false;
            self.end_pass(u64::MAX);
        }
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;

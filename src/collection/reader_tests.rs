//! Tests of the reader against model servers whose rows move, appear and vanish between any two requests.

use std::collections::{HashMap, HashSet, VecDeque};

use proptest::prelude::*;

use super::*;

/// A change of the list between two requests.
#[derive(Clone, Debug)]
enum Change {
    /// Rows are used one after the other, in the order of the list, as by a nightly job.
    UseBlock(usize, usize),
    /// Rows are used in any order.
    Use(Vec<usize>),
    Append(usize),
    VanishBlock(usize, usize),
    Vanish(Vec<usize>),
}

struct Server {
    rows: Vec<TokenId>,
    next: TokenId,
    /// When each row was last written.
    written: HashMap<TokenId, u64>,
    clock: u64,
    /// The rows with long names: the number of short rows that each takes the room of.
    long: HashMap<TokenId, usize>,
}

/// A page of [`LIMIT`] rows with short names is just not too long.
const FITS: usize = LIMIT as usize;

const TOO_LONG: ErrorKind = ErrorKind::NotUnderstood(Misunderstanding::TooLong);

impl Server {
    fn new(rows: usize) -> Self {
        Self {
            rows: (1..=rows as TokenId).collect(),
            next: rows as TokenId + 1,
            written: HashMap::new(),
            clock: 0,
            long: HashMap::new(),
        }
    }

    fn with_long(rows: usize, long: impl IntoIterator<Item = (TokenId, usize)>) -> Self {
        Self { long: long.into_iter().collect(), ..Self::new(rows) }
    }

    fn page(&self, request: PageRequest) -> Vec<TokenSummary> {
        let page = self.rows.iter().skip(request.offset as usize).take(request.limit as usize);
        page.map(|id| TokenSummary { id: *id, name: format!("t{id}") }).collect()
    }

    fn is_too_long(&self, page: &[TokenSummary]) -> bool {
        page.iter().map(|row| self.long.get(&row.id).copied().unwrap_or(1)).sum::<usize>() > FITS
    }

    fn written(&self, id: TokenId) -> u64 {
        self.written.get(&id).copied().unwrap_or_default()
    }

    fn apply(&mut self, change: &Change) {
        self.clock += 1;
        let count = self.rows.len();
        let block = |from: usize, length: usize| {
            let from = if count == 0 { 0 } else { from % count };
            from..(from + length).min(count)
        };
        match change {
            Change::UseBlock(from, length) => {
                let used: Vec<_> = self.rows.drain(block(*from, *length)).collect();
                self.written.extend(used.iter().map(|id| (*id, self.clock)));
                self.rows.extend(used);
            }
            Change::Use(which) => {
                for index in which.iter().filter(|_| count > 0) {
                    let row = self.rows.remove(index % count);
                    self.written.insert(row, self.clock);
                    self.rows.push(row);
                }
            }
            // Endless lists have a test of their own.
            Change::Append(_) if count > 2000 => {}
            Change::Append(number) => {
                let end = self.next + *number as TokenId;
                self.rows.extend(self.next..end);
                self.next = end;
            }
            Change::VanishBlock(from, length) => {
                self.rows.drain(block(*from, *length));
            }
            Change::Vanish(which) => {
                for index in which {
                    if !self.rows.is_empty() {
                        self.rows.remove(index % self.rows.len());
                    }
                }
            }
        }
    }
}

struct Reading {
    state: State,
    requests: u64,
    /// Pages that were too long.
    too_long: u64,
    shifts: u64,
    found: HashSet<TokenId>,
    /// Whether each page was recognised by at least one row that was not written since it was last seen: the condition
    /// under which the reader promises to miss nothing.
    recognised_rightly: bool,
    /// Whether a row was deleted during the reading.
    deleted: bool,
    /// The rows that existed from the first request to the last.
    throughout: HashSet<TokenId>,
}

impl Reading {
    fn missed(&self) -> Vec<TokenId> {
        self.throughout.difference(&self.found).copied().collect()
    }
}

/// When the server reads a page that is requested ahead.
#[derive(Clone, Copy, Debug)]
enum Ahead {
    /// The page is not requested ahead.
    Never,
    /// Before it reads the wanted page.
    Before,
    /// After it has read the wanted page.
    After,
}

/// A page as returned by the server, and when its rows had last been written at that time.
struct Seen {
    request: PageRequest,
    rows: Vec<TokenSummary>,
    written: HashMap<TokenId, u64>,
}

impl Seen {
    fn new(server: &Server, request: PageRequest) -> Self {
        let rows = server.page(request);
        let written = rows.iter().map(|row| (row.id, server.written(row.id))).collect();
        Self { request, rows, written }
    }
}

/// Reads a list that changes by `changes[i]` after request number `i`, cyclically if `repeat`.
fn read(server: Server, changes: &[Vec<Change>], repeat: bool) -> Reading {
    read_ahead(server, changes, repeat, &[])
}

/// The same, with pages requested ahead: `aheads` says when the server reads each of them.
fn read_ahead(mut server: Server, changes: &[Vec<Change>], repeat: bool, aheads: &[Ahead]) -> Reading {
    let mut reader = Reader::new(None);
    let mut throughout: HashSet<_> = server.rows.iter().copied().collect();
    let mut found = HashSet::new();
    let mut last_seen = HashMap::new();
    let (mut recognised_rightly, mut deleted) = (true, false);
    let mut asked = 0;
    let mut answered = 0;
    let mut too_long = 0;
    let mut pending = VecDeque::<Seen>::new();
    let mut ahead_asked = 0;
    let mut change = |server: &mut Server| {
        let index = if repeat && !changes.is_empty() { asked % changes.len() } else { asked };
        for change in changes.get(index).into_iter().flatten() {
            server.apply(change);
        }
        asked += 1;
        assert!(asked < 100_000, "it never ends");
    };
    while let Some(wanted) = reader.wanted() {
        assert!((1..=LIMIT).contains(&wanted.limit));
        let ahead: Vec<_> = reader.ahead().collect();
        assert!(ahead.len() as u64 <= MOST_AHEAD);
        pending.retain(|seen| seen.request == wanted || ahead.contains(&seen.request));
        let mut after = Vec::new();
        for page in ahead {
            if pending.iter().any(|seen| seen.request == page) {
                continue;
            }
            ahead_asked += 1;
            match aheads.get(ahead_asked % aheads.len().max(1)) {
                Some(Ahead::Before) => {
                    pending.push_back(Seen::new(&server, page));
                    change(&mut server);
                }
                Some(Ahead::After) => after.push(page),
                _ => {}
            }
        }
        let listed: HashSet<_> = server.rows.iter().copied().collect();
        throughout.retain(|id| listed.contains(id));
        deleted |= found.iter().any(|id| !listed.contains(id));
        let early = pending.iter().position(|seen| seen.request == wanted).and_then(|at| pending.remove(at));
        let page =
            early.filter(|seen| server.is_too_long(&seen.rows) || reader.takes(seen.request, &seen.rows));
        let page = page.unwrap_or_else(|| {
            let seen = Seen::new(&server, wanted);
            change(&mut server);
            seen
        });
        for page in after {
            pending.push_back(Seen::new(&server, page));
            change(&mut server);
        }
        if server.is_too_long(&page.rows) {
            assert!(reader.goes_on_after(&TOO_LONG), "one row alone fits");
            too_long += 1;
            continue;
        }
        let ids = Page { offset: wanted.offset, ids: page.rows.iter().map(|row| row.id).collect() };
        if wanted.offset > 0 && reader.recognises(&ids) {
            recognised_rightly &= reader
                .settled_rows(&ids)
                .any(|id| last_seen.get(&id).is_some_and(|seen| page.written.get(&id) == Some(seen)));
        }
        found.extend(ids.ids);
        last_seen.extend(page.written);
        reader.answer(&page.rows);
        answered += 1;
    }
    assert_eq!(reader.requests(), answered as u64);
    Reading {
        state: reader.state(),
        requests: reader.requests(),
        too_long,
        shifts: reader.shifts,
        found,
        recognised_rightly,
        deleted,
        throughout,
    }
}

#[test]
fn a_list_that_holds_still_takes_one_request_a_page() {
    for (rows, requests) in [(0, 1), (1, 1), (99, 1), (100, 2), (193, 2), (194, 3), (10_000, 107)] {
        let reading = read(Server::new(rows), &[], false);
        assert_eq!((reading.state, reading.requests), (State::Complete, requests), "{rows}");
        assert_eq!(reading.found.len(), rows);
        assert!(reading.requests <= pages(rows as u64));
    }
}

/// A page that was requested ahead lacks the rows that rose after the server read it: if it were taken for the end,
/// they would be missed.
#[test]
fn a_short_page_that_was_asked_for_ahead_is_asked_for_again() {
    let server = Server::new(450);
    let mut reader = Reader::new(None);
    for _ in 0..AHEAD_AFTER {
        assert_eq!(reader.ahead().count(), 0, "a short list is read without");
        reader.answer(&server.page(reader.wanted().unwrap()));
    }
    let last = reader.ahead().next().unwrap();
    assert_eq!(server.page(last).len(), 74);
    reader.answer(&server.page(reader.wanted().unwrap()));
    assert_eq!(reader.wanted(), Some(last));
    assert!(!reader.takes(last, &server.page(last)));
    let full = Server::new(500);
    assert!(reader.takes(last, &full.page(last)));
    assert!(!reader.takes(PageRequest { offset: last.offset + 1, ..last }, &full.page(last)));
}

#[test]
fn the_longer_the_list_the_more_pages_are_asked_for_ahead() {
    let server = Server::new(2000);
    let mut reader = Reader::new(None);
    let mut ahead = Vec::new();
    for _ in 0..12 {
        ahead.push(reader.ahead().count());
        let wanted = reader.wanted().unwrap();
        let next: Vec<_> = reader.ahead().map(|page| page.offset - wanted.offset).collect();
        assert_eq!(next, [94, 188, 282][..next.len()]);
        reader.answer(&server.page(wanted));
    }
    assert_eq!(ahead, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
}

#[test]
fn small_shifts_cost_nothing() {
    // Three rows are used between any two requests, always the first ones.
    let changes = [vec![Change::UseBlock(0, 3)]];
    let reading = read(Server::new(1000), &changes, true);
    assert_eq!((reading.state, reading.shifts), (State::Complete, 0));
    assert_eq!(reading.missed(), [0; 0]);
    assert_eq!(reading.requests, 11);
}

#[test]
fn a_large_shift_costs_as_many_requests_as_it_is_pages_long() {
    // 450 of the first 500 rows are deleted just after they were read.
    let mut changes = vec![Vec::new(); 5];
    changes.push(vec![Change::VanishBlock(20, 450)]);
    let reading = read(Server::new(2000), &changes, false);
    assert_eq!((reading.state, reading.shifts), (State::Complete, 1));
    assert_eq!(reading.missed(), [0; 0]);
    // 1,550 rows are left, and 450 were read in vain.
    assert!(reading.requests <= pages(2000) + 2 + 5, "{}", reading.requests);
}

#[test]
fn a_list_that_shrinks_below_the_offset_is_followed() {
    let changes = [vec![], vec![], vec![Change::VanishBlock(0, 290)]];
    let reading = read(Server::new(300), &changes, false);
    assert_eq!(reading.state, State::Complete);
    assert_eq!(reading.missed(), [0; 0]);
}

#[test]
fn the_row_that_moves_with_every_request_is_no_trouble() {
    // The credential token is written by each request.
    let mut server = Server::new(500);
    let mut reader = Reader::new(Some(3));
    let mut found = HashSet::new();
    while let Some(wanted) = reader.wanted() {
        assert_eq!(wanted.owner, Some(3));
        server.rows.retain(|id| *id != 7);
        server.rows.push(7);
        let page = server.page(wanted);
        found.extend(page.iter().map(|row| row.id));
        reader.answer(&page);
    }
    assert_eq!((reader.state(), reader.requests(), found.len()), (State::Complete, 6, 500));
}

#[test]
fn it_can_be_stopped_and_goes_on() {
    let server = Server::new(150);
    let mut reader = Reader::new(None);
    let first = server.page(reader.wanted().unwrap());
    reader.answer(&first);
    reader.stop();
    assert_eq!((reader.state(), reader.wanted()), (State::Stopped, None));
    // The response that was in flight is ignored.
    reader.answer(&first);
    assert_eq!(reader.requests(), 1);
    reader.resume();
    let second = server.page(reader.wanted().unwrap());
    assert_eq!(second.first().map(|row| row.id), Some(95));
    reader.answer(&second);
    assert_eq!(reader.state(), State::Complete);
    reader.resume();
    assert_eq!(reader.state(), State::Complete);
}

#[test]
fn a_server_that_ignores_the_offset_is_given_up_soon() {
    let rows = Server::new(100).page(PageRequest { limit: 100, offset: 0, owner: None });
    let mut reader = Reader::new(None);
    while reader.wanted().is_some() {
        reader.answer(&rows);
    }
    assert_eq!(reader.state(), State::KeptChanging);
    assert!(reader.requests() <= most_requests(100), "{}", reader.requests());
}

#[test]
fn a_list_without_end_is_not_read_to_its_end() {
    let mut reader = Reader::new(None);
    while let Some(wanted) = reader.wanted() {
        let ids = (wanted.offset..).take(wanted.limit as usize);
        reader.answer(&ids.map(|id| TokenSummary { id: id as i64, name: String::new() }).collect::<Vec<_>>());
    }
    assert_eq!(reader.state(), State::TooLong);
    assert!(reader.requests() <= pages(MOST_ROWS) + 1);
}

#[test]
fn a_page_that_is_too_long_is_asked_for_in_smaller_ones() {
    // A page has room for eight of those.
    let server = Server::with_long(1000, (201..=240).map(|id| (id, 12)));
    let reading = read(server, &[], false);
    assert_eq!((reading.state, reading.shifts), (State::Complete, 0));
    assert_eq!(reading.missed(), [0; 0]);
    assert!(reading.requests < 40 && reading.too_long < 25, "{} {}", reading.requests, reading.too_long);
}

#[test]
fn rows_that_only_fit_alone_are_read_all_the_same() {
    for rows in [1, 2, 3, 60, 350] {
        let server = Server::with_long(rows, (1..=rows as TokenId).map(|id| (id, FITS)));
        let reading = read(server, &[], false);
        assert_eq!(reading.state, State::Complete, "{rows}");
        assert_eq!(reading.missed(), [0; 0], "{rows}");
    }
}

#[test]
fn halves_end_at_one_row() {
    let mut reader = Reader::new(Some(3));
    let mut limits = Vec::new();
    loop {
        let wanted = reader.wanted().unwrap();
        assert_eq!((wanted.offset, wanted.owner), (0, Some(3)));
        limits.push(wanted.limit);
        if !reader.goes_on_after(&TOO_LONG) {
            break;
        }
    }
    assert_eq!(limits, [100, 50, 25, 12, 6, 3, 1]);
    // After the next response the limit grows again.
    reader.answer(&Server::new(500).page(reader.wanted().unwrap()));
    assert_eq!(reader.wanted().unwrap().limit, 2);
}

#[test]
fn other_failures_do_not_make_pages_smaller() {
    let mut reader = Reader::new(None);
    let wanted = reader.wanted();
    for failure in [
        ErrorKind::Unreachable,
        ErrorKind::TooLarge,
        ErrorKind::Server(None),
        ErrorKind::NotUnderstood(Misunderstanding::NotJson),
    ] {
        assert!(!reader.goes_on_after(&failure), "{failure:?}");
        assert_eq!(reader.wanted(), wanted);
    }
    reader.stop();
    assert!(!reader.goes_on_after(&TOO_LONG), "nobody waits for it");
}

#[test]
fn nothing_is_asked_for_ahead_of_a_page_that_was_too_long() {
    let server = Server::new(2000);
    let mut reader = Reader::new(None);
    for _ in 0..6 {
        reader.answer(&server.page(reader.wanted().unwrap()));
    }
    assert_eq!(reader.ahead().count(), 2);
    assert!(reader.goes_on_after(&TOO_LONG));
    assert_eq!((reader.wanted().unwrap().limit, reader.ahead().count()), (50, 0));
    reader.answer(&server.page(reader.wanted().unwrap()));
    assert_eq!((reader.wanted().unwrap().limit, reader.ahead().count()), (100, 2));
}

/// Only the number of rows reveals that a row was missed: the overlap moves as one block, in its order, and another row
/// follows it, so that everything seems to be in its place.
#[test]
fn the_number_of_rows_tells_what_the_overlap_cannot() {
    let mut server = Server::new(101);
    let mut reader = Reader::new(None);
    reader.answer(&server.page(reader.wanted().unwrap()));
    server.apply(&Change::UseBlock(94, 6));
    server.apply(&Change::UseBlock(0, 1));
    let second = server.page(reader.wanted().unwrap());
    assert_eq!(second.iter().map(|row| row.id).collect::<Vec<_>>(), [95, 96, 97, 98, 99, 100, 1]);
    reader.answer(&second);
    assert_eq!((reader.state(), reader.pass), (State::Reading, 2));
}

fn some_rows() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(any::<usize>(), 1..20)
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<usize>(), 1usize..250).prop_map(|(from, length)| Change::UseBlock(from, length)),
        some_rows().prop_map(Change::Use),
        (1usize..150).prop_map(Change::Append),
        (any::<usize>(), 1usize..150).prop_map(|(from, length)| Change::VanishBlock(from, length)),
        some_rows().prop_map(Change::Vanish),
    ]
}

/// Generates rows with names of any length that fit into a page.
fn long() -> impl Strategy<Value = Vec<(TokenId, usize)>> {
    prop::collection::vec((1 as TokenId..500, 2usize..=FITS), 0..120)
}

fn aheads() -> impl Strategy<Value = Vec<Ahead>> {
    prop::collection::vec(prop::sample::select(vec![Ahead::Never, Ahead::Before, Ahead::After]), 1..20)
}

fn gentle_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => any::<usize>().prop_map(|index| Change::Use(vec![index])),
        1 => (1usize..3).prop_map(Change::Append),
        1 => any::<usize>().prop_map(|index| Change::Vanish(vec![index])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Rows may move to the end, appear at the end or vanish between two requests, in any number: what existed
    /// throughout has been found when the reading is complete. The condition is the one of the module's documentation;
    /// without it, this still holds unless rows are deleted.
    #[test]
    fn complete_means_complete(
        rows in 0usize..900,
        changes in prop::collection::vec(prop::collection::vec(change(), 0..4), 0..30),
        repeat in any::<bool>(),
        aheads in aheads(),
    ) {
        let reading = read_ahead(Server::new(rows), &changes, repeat, &aheads);
        prop_assert!(reading.state.is_over());
        if reading.state == State::Complete && (reading.recognised_rightly || !reading.deleted) {
            prop_assert_eq!(reading.missed(), Vec::<TokenId>::new());
        }
        if reading.state != State::TooLong {
            prop_assert!(reading.requests <= most_requests(reading.found.len() as u64));
        }
    }

    /// Once the list stops changing, it is read completely.
    #[test]
    fn what_calms_down_is_complete(
        rows in 0usize..900,
        changes in prop::collection::vec(prop::collection::vec(change(), 0..4), 0..8),
        aheads in aheads(),
    ) {
        let reading = read_ahead(Server::new(rows), &changes, false, &aheads);
        prop_assert_eq!(reading.state, State::Complete);
        if reading.recognised_rightly || !reading.deleted {
            prop_assert_eq!(reading.missed(), Vec::<TokenId>::new());
        }
    }

    /// A server in ordinary use is read completely, with few more requests than it has pages.
    #[test]
    fn ordinary_use_is_cheap(
        rows in 0usize..1500,
        changes in prop::collection::vec(prop::collection::vec(gentle_change(), 0..4), 1..40),
        aheads in aheads(),
    ) {
        let reading = read_ahead(Server::new(rows), &changes, true, &aheads);
        prop_assert_eq!(reading.state, State::Complete);
        prop_assert_eq!(reading.missed(), Vec::<TokenId>::new());
        prop_assert!(reading.recognised_rightly);
        prop_assert!(reading.requests <= pages(reading.found.len() as u64) + 3 * reading.shifts);
    }

    /// Rows move anywhere: the reading ends within its bound, and does not claim what it cannot know.
    #[test]
    fn a_list_without_order_ends_and_is_told(rows in 0usize..900, seed in any::<u64>()) {
        let mut server = Server::new(rows);
        let mut reader = Reader::new(None);
        let mut found: HashMap<TokenId, u32> = HashMap::new();
        let mut random = seed | 1;
        while let Some(wanted) = reader.wanted() {
            let page = server.page(wanted);
            for row in &page {
                *found.entry(row.id).or_default() += 1;
            }
            reader.answer(&page);
            for i in (1..server.rows.len()).rev() {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                server.rows.swap(i, (random % (i as u64 + 1)) as usize);
            }
        }
        prop_assert!(reader.requests() <= most_requests(rows as u64));
        if reader.state() == State::Complete {
            prop_assert_eq!(found.len(), rows);
        } else {
            prop_assert_eq!(reader.state(), State::KeptChanging);
            prop_assert!(rows >= LIMIT as usize);
        }
    }

    /// The reading also ends if the responses are ones that no server would give.
    #[test]
    fn any_answers_come_to_an_end(answers in prop::collection::vec(prop::collection::vec(-3i64..300, 0..130), 1..12)) {
        let mut reader = Reader::new(None);
        for ids in answers.iter().cycle().take(2_000) {
            if reader.wanted().is_none() {
                break;
            }
            let rows: Vec<_> = ids.iter().map(|id| TokenSummary { id: *id, name: String::new() }).collect();
            reader.answer(&rows);
        }
        prop_assert!(reader.state().is_over());
    }
}

proptest! {
    // Each case takes many more requests.
    #![proptest_config(ProptestConfig::with_cases(50))]

    /// As [`complete_means_complete`], where pages may be too long.
    #[test]
    fn complete_means_complete_with_long_names(
        rows in 0usize..500,
        long in long(),
        changes in prop::collection::vec(prop::collection::vec(change(), 0..4), 0..30),
        repeat in any::<bool>(),
        aheads in aheads(),
    ) {
        let reading = read_ahead(Server::with_long(rows, long), &changes, repeat, &aheads);
        prop_assert!(reading.state.is_over());
        if reading.state == State::Complete && (reading.recognised_rightly || !reading.deleted) {
            prop_assert_eq!(reading.missed(), Vec::<TokenId>::new());
        }
        if reading.state != State::TooLong {
            prop_assert!(reading.requests <= most_requests(reading.found.len() as u64) * u64::from(LIMIT));
            prop_assert!(reading.too_long <= 6 * reading.requests);
        }
    }

    /// A list that does not change is read completely, whatever names it has.
    #[test]
    fn long_names_hide_nothing(rows in 0usize..500, long in long(), aheads in aheads()) {
        let long_rows = long.len() as u64;
        let reading = read_ahead(Server::with_long(rows, long), &[], false, &aheads);
        prop_assert_eq!(reading.state, State::Complete);
        prop_assert_eq!(reading.missed(), Vec::<TokenId>::new());
        prop_assert!(reading.requests <= pages(rows as u64) + 10 * long_rows);
    }
}

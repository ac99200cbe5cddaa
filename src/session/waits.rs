//! Requests that wait for a retry, and the line that says so. When and how often is decided in `api::retry`.

use std::time::Duration;

use futures_channel::oneshot;
use js_sys::Date;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use crate::{
    api::{
        Error, ErrorKind,
        pace::Pace,
        retry::{Retries, Wait},
    },
    failure,
    session::Session,
    ui::{Button, ButtonStyle, Countdown},
};

/// The most retries for one screen. A list with the details of its rows is many requests; when the server is down, most
/// of them need not find that out on their own.
const MOST_PER_SCREEN: u32 = 12;

/// The shortest wait that is shown. Shorter ones are over before anyone has read about them.
const WORTH_SAYING: Duration = Duration::from_secs(1);

/// One waiting request.
struct Waiting {
    number: u64,
    line: Line,
    /// Tells the request how its wait ended.
    end: oneshot::Sender<WaitEnd>,
}

/// What is shown about a wait.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Line {
    why: &'static str,
    /// When the wait ends, in milliseconds since 1970; `None` if it ends when the network is back.
    until: Option<f64>,
    /// Whether the wait is too short to be shown.
    is_short: bool,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WaitEnd {
    /// The request is sent again.
    Again,
    /// The request fails.
    GiveUp,
}

/// All waiting requests of this page. A handle.
#[derive(Clone, Copy)]
pub(super) struct Waits {
    waiting: RwSignal<Vec<Waiting>>,
    last_number: StoredValue<u64>,
    allowance: StoredValue<u32>,
    pace: StoredValue<Pace>,
}

impl Waits {
    pub fn new() -> Self {
        let waits = Self {
            waiting: RwSignal::new(Vec::new()),
            last_number: StoredValue::new(0),
            allowance: StoredValue::new(MOST_PER_SCREEN),
            pace: StoredValue::new(Pace::default()),
        };
        let online = window_event_listener_untyped("online", move |_| waits.retry_offline());
        on_cleanup(move || online.remove());
        waits
    }

    /// Restores the allowance: for another screen, or when the user asks for the same again.
    pub fn renew(&self) {
        self.allowance.set_value(MOST_PER_SCREEN);
        self.pace.try_update_value(Pace::renew);
    }

    /// Notes that a request succeeded.
    pub fn got_through(&self) {
        self.pace.try_update_value(Pace::got_through);
    }

    /// Waits until a failed request may be sent again. Returns `false` if it may not: then the failure is final.
    pub async fn pass(self, retries: &mut Retries, error: &Error) -> bool {
        let random = js_sys::Math::random();
        let pace = self.pace.try_update_value(|pace| {
            pace.failed(error, Date::now(), random);
            *pace
        });
        let pace = pace.unwrap_or_default();
        let time = match retries.next(error, random, pace.through()) {
            None => return false,
            Some(Wait::Online) => None,
            Some(Wait::For(time)) => Some(time),
        };
        // A server that slows requests down and lets them through is not failing.
        let is_free = match error.kind {
            _ if time.is_none() => true,
            ErrorKind::TooManyRequests(_) | ErrorKind::Server(Some(_)) => pace.goes_on(),
            _ => self.take_from_allowance(),
        };
        is_free && self.wait(failure::waiting(&error.kind), time).await
    }

    /// Waits and says so; `None` waits for the network. Returns `false` if the wait was given up.
    async fn wait(self, why: &'static str, time: Option<Duration>) -> bool {
        let line = Line {
            why,
            until: time.map(|time| Date::now() + time.as_secs_f64() * 1000.0),
            is_short: time.is_some_and(|time| time < WORTH_SAYING),
        };
        let (end, ended) = oneshot::channel();
        let Some(listed) = Listed::new(self, line, time, end) else { return false };
        let ended = ended.await;
        drop(listed);
        ended == Ok(WaitEnd::Again)
    }

    fn take_from_allowance(&self) -> bool {
        let taken = self.allowance.try_update_value(|left| {
            let rest = left.checked_sub(1);
            *left = rest.unwrap_or(0);
            rest.is_some()
        });
        taken == Some(true)
    }

    /// Ends all waits: what failed has failed, and no series goes on.
    pub fn give_up(&self) {
        self.pace.try_update_value(Pace::end);
        self.end(WaitEnd::GiveUp, |_| true);
    }

    /// Ends the waits for the network.
    fn retry_offline(&self) {
        self.end(WaitEnd::Again, |waiting| waiting.line.until.is_none());
    }

    /// Ends the waits that `which` selects.
    fn end(&self, how: WaitEnd, which: impl Fn(&Waiting) -> bool) {
        let ended: Option<Vec<Waiting>> =
            self.waiting.try_update(|waiting| waiting.extract_if(.., |waiting| which(waiting)).collect());
        for waiting in ended.unwrap_or_default() {
            // Fails only if the request is no longer waiting.
            let _ = waiting.end.send(how);
        }
    }

    /// Returns the one line for all waits: being offline explains the rest, otherwise the one that ends last counts.
    fn line(&self) -> Option<Line> {
        let end = |line: &Line| line.until.unwrap_or(f64::INFINITY);
        self.waiting.with(|waiting| {
            let lines = waiting.iter().map(|waiting| waiting.line).filter(|line| !line.is_short);
            lines.max_by(|a, b| end(a).total_cmp(&end(b)))
        })
    }
}

/// Requests that follow one another automatically, such as those for the details of many rows. Together they keep to
/// the pace that the server asks for. A handle.
#[derive(Clone, Copy)]
pub struct Series {
    waits: Waits,
    /// The value of [`Pace::ended`] when the series began.
    ended: u32,
}

impl Series {
    /// Starts a series. The user asked for it, so earlier refusals do not count.
    pub(super) fn new(waits: Waits) -> Self {
        let ended = waits.pace.try_update_value(|pace| {
            pace.renew();
            pace.ended()
        });
        Self { waits, ended: ended.unwrap_or_default() }
    }

    /// Waits until the next request may be sent. Returns `false` if none may be sent any more: see [`Series::goes_on`].
    pub async fn turn(self) -> bool {
        while self.goes_on() {
            let pace = self.waits.pace.try_get_value().unwrap_or_default();
            let Some(time) = pace.wait(Date::now()) else { return true };
            if !self.waits.wait(failure::waiting(&ErrorKind::TooManyRequests(None)), Some(time)).await {
                break;
            }
        }
        false
    }

    /// Whether more requests may be sent. `false` after "Stop trying", if the server asks to wait for minutes, or if it
    /// lets nothing through any more.
    pub fn goes_on(self) -> bool {
        self.waits.pace.try_with_value(|pace| pace.goes_on() && pace.ended() == self.ended) == Some(true)
    }
}

/// An entry in the list of waits, with its timer. Both end when the waiting future is dropped.
struct Listed {
    waits: Waits,
    number: u64,
    timer: Option<TimeoutHandle>,
}

impl Listed {
    fn new(waits: Waits, line: Line, time: Option<Duration>, end: oneshot::Sender<WaitEnd>) -> Option<Self> {
        let number = waits.last_number.try_update_value(|last| {
            *last += 1;
            *last
        })?;
        waits.waiting.try_update(|waiting| waiting.push(Waiting { number, line, end }))?;
        let time_is_up = move || waits.end(WaitEnd::Again, |waiting| waiting.number == number);
        let timer = time.map(|time| set_timeout_with_handle(time_is_up, time)).transpose();
        // Without a timer it would wait for ever. Dropping `listed` removes the entry from the list.
        let listed = Self { waits, number, timer: timer.as_ref().ok().copied().flatten() };
        timer.is_ok().then_some(listed)
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        if let Some(timer) = self.timer {
            timer.clear();
        }
        self.waits.waiting.try_update(|waiting| waiting.retain(|waiting| waiting.number != self.number));
    }
}

/// Says that requests are retried, and when. The live region exists from the start; the seconds in it are visual only.
#[component]
pub fn WaitLine() -> impl IntoView {
    let waits = Session::expect().waits();
    let line = Memo::new(move |_| waits.line());
    let why = Memo::new(move |_| line.get().map(|line| (line.why, line.until.is_none())));
    let until = Signal::derive(move || line.get().and_then(|line| line.until).unwrap_or_default());
    let try_now = move |()| waits.retry_offline();
    let stop = move |()| waits.give_up();
    view! {
        <div role="status" class="floating-place">
            {move || why.get().map(|(why, is_offline)| view! {
                <div class="floating-box">
                    <p>
                        {why}
                        {(!is_offline).then(|| view! { " Trying again" <Countdown until=until before=" in "/> "." })}
                    </p>
                    {if is_offline {
                        view! { <Button label="Try now" style=ButtonStyle::Quiet on_press=try_now/> }
                    } else {
                        view! { <Button label="Stop trying" style=ButtonStyle::Quiet on_press=stop/> }
                    }}
                </div>
            })}
        </div>
    }
}

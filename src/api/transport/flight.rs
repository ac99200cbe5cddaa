//! The time limit of a request, and what aborts it.

use std::{cell::Cell, rc::Rc, time::Duration};

use gloo_timers::callback::Timeout;
use web_sys::{AbortController, AbortSignal};

/// The longest that a response may take, however steadily it arrives.
const LONGEST: Duration = Duration::from_secs(120);

/// A request in flight. Aborts it when its time is over, and when the future that owns it is dropped before the
/// response has arrived.
pub(super) struct Flight {
    controller: Option<AbortController>,
    /// The limit that was exceeded, if any.
    pub(super) late: Rc<Cell<Option<Duration>>>,
    /// Whether the whole response has arrived.
    pub(super) has_ended: bool,
    /// The longest silence.
    limit: Duration,
    /// The start, in milliseconds since 1970.
    began: f64,
    /// Dropping it cancels the time-out.
    clock: Timeout,
}

impl Flight {
    /// Starts the time limit. Without a controller nothing can be aborted.
    pub(super) fn new(limit: Duration, controller: Option<AbortController>) -> Self {
        let late = Rc::default();
        let clock = give_up_after(limit, limit, &controller, &late);
        Self { controller, late, has_ended: false, limit, began: js_sys::Date::now(), clock }
    }

    /// Restarts the time limit after a piece of the response has arrived, within [`LONGEST`] for the whole response.
    pub(super) fn goes_on(&mut self) {
        let gone = Duration::try_from_secs_f64((js_sys::Date::now() - self.began) / 1000.0);
        let left = LONGEST.saturating_sub(gone.unwrap_or_default());
        let limit = if left < self.limit { LONGEST } else { self.limit };
        self.clock = give_up_after(left.min(self.limit), limit, &self.controller, &self.late);
    }

    /// Returns the signal that aborts the request.
    pub(super) fn signal(&self) -> Option<AbortSignal> {
        self.controller.as_ref().map(AbortController::signal)
    }
}

/// Aborts the request after `time` and records `limit` as the limit that was exceeded.
fn give_up_after(
    time: Duration,
    limit: Duration,
    controller: &Option<AbortController>,
    late: &Rc<Cell<Option<Duration>>>,
) -> Timeout {
    let time = i32::try_from(time.as_millis()).unwrap_or(i32::MAX).unsigned_abs();
    let (controller, late) = (controller.clone(), late.clone());
    // `AbortSignal.timeout` and `AbortSignal.any` would create two more objects for each request.
    Timeout::new(time, move || {
        late.set(Some(limit));
        if let Some(controller) = &controller {
            controller.abort();
        }
    })
}

impl Drop for Flight {
    fn drop(&mut self) {
        if let Some(controller) = self.controller.as_ref().filter(|_| !self.has_ended) {
            controller.abort();
        }
    }
}

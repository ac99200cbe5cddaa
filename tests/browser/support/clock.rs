//! A clock that moves only when the test says so.

use std::time::Duration;

use super::fakes::JsClock;

/// Replaces the browser's clock, its timers and `AbortSignal.timeout` until it is dropped.
pub struct Clock(JsClock);

impl Clock {
    pub fn stopped() -> Self {
        Self(JsClock::new())
    }

    /// Lets time pass and runs the timers that are due.
    pub fn advance(&self, by: Duration) {
        self.0.advance(by.as_millis() as f64);
    }

    /// Lets time pass as on a machine that sleeps: no timer runs.
    pub fn sleep(&self, by: Duration) {
        self.0.sleep(by.as_millis() as f64);
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.0.restore();
    }
}

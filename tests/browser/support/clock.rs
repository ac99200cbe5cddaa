//! A clock that moves only when the test says so.

use std::time::Duration;

use super::{fakes::JsClock, settle, task::page_text};

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

    /// Lets time pass, a little at a time, until a condition holds.
    pub async fn runs_until(&self, what: &str, is_so: impl Fn() -> bool) {
        for _ in 0..1_000 {
            if is_so() {
                return;
            }
            self.advance(Duration::from_millis(50));
            settle().await;
        }
        panic!("not so after a long time: {what}; the page says “{}”", page_text());
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

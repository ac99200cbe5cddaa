//! Timers that can be set anew and cancelled.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

/// A timer that can be set anew any number of times; setting it replaces the previous action. Ends with the reactive
/// scope that it was made in. A handle.
#[derive(Clone, Copy)]
pub struct Timer(StoredValue<Option<TimeoutHandle>>);

impl Timer {
    /// Makes a timer that is not set.
    #[expect(clippy::new_without_default, reason = "it belongs to a scope, so one sees where it is made")]
    pub fn new() -> Self {
        let timer = Self(StoredValue::new(None));
        on_cleanup(move || timer.stop());
        timer
    }

    /// Calls `act` after that time, instead of the previous action. A no-op if the browser refuses the timer.
    pub fn set(self, after: Duration, act: impl FnOnce() + 'static) {
        self.erased(after, Box::new(act));
    }

    /// Like [`Self::set`], but a no-op if the timer is set already.
    pub fn set_unless_set(self, after: Duration, act: impl FnOnce() + 'static) {
        if !self.is_set() {
            self.set(after, act);
        }
    }

    /// Compiled once (docs/decisions/0008-compiled-once.md).
    fn erased(self, after: Duration, act: Box<dyn FnOnce()>) {
        self.stop();
        if self.0.is_disposed() {
            return;
        }
        let time_is_up = move || {
            self.0.try_set_value(None);
            act();
        };
        self.0.set_value(set_timeout_with_handle(time_is_up, after).ok());
    }

    /// Cancels the timer.
    pub fn stop(self) {
        if let Some(Some(handle)) = self.0.try_update_value(Option::take) {
            handle.clear();
        }
    }

    /// Whether the timer is set.
    pub fn is_set(self) -> bool {
        self.0.try_with_value(Option::is_some) == Some(true)
    }
}

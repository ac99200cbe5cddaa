//! Something that happens after a while, unless something else does.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

/// A timer that is set anew as often as one likes: what it was set to do before is not done then. It ends with the
/// reactive scope that it was made in. A handle.
#[derive(Clone, Copy)]
pub struct Timer(StoredValue<Option<TimeoutHandle>>);

impl Timer {
    /// One that is not set.
    #[expect(clippy::new_without_default, reason = "it belongs to a scope, so one sees where it is made")]
    pub fn new() -> Self {
        let timer = Self(StoredValue::new(None));
        on_cleanup(move || timer.stop());
        timer
    }

    /// Does this after that time, and not what it was set to do before. Does nothing if the browser refuses the timer.
    pub fn set(self, after: Duration, act: impl FnOnce() + 'static) {
        self.erased(after, Box::new(act));
    }

    /// The same, unless it is set already.
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

    /// Does not do what it was set to do.
    pub fn stop(self) {
        if let Some(Some(handle)) = self.0.try_update_value(Option::take) {
            handle.clear();
        }
    }

    /// Whether there is something that it will do.
    pub fn is_set(self) -> bool {
        self.0.try_with_value(Option::is_some) == Some(true)
    }
}

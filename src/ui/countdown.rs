//! Seconds that are left.

use std::time::Duration;

use js_sys::Date;
use leptos::prelude::*;

/// Counts down to a moment in whole seconds.
///
/// For the eye: it is hidden from screen readers, which it would interrupt every second, so the words
/// around it have to make sense without it.
#[component]
pub fn Countdown(
    /// The moment, in milliseconds since 1970.
    #[prop(into)]
    until: Signal<f64>,
    /// What stands before the number.
    #[prop(optional)]
    before: &'static str,
    /// What stands there once it has passed.
    #[prop(optional)]
    over: &'static str,
) -> impl IntoView {
    let now = RwSignal::new(Date::now());
    // A timer that cannot be set leaves the number as it is.
    let timer = set_interval_with_handle(
        move || {
            now.try_set(Date::now());
        },
        Duration::from_millis(250),
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    let left = Memo::new(move |_| seconds_left(until.get(), now.get()));
    view! {
        <span class="countdown" aria-hidden="true">
            {move || match left.get() {
                0 => over.to_owned(),
                left => format!("{before}{left} s"),
            }}
        </span>
    }
}

/// Whole seconds until a moment, rounded up so that zero means that it has passed.
fn seconds_left(until: f64, now: f64) -> u64 {
    ((until - now) / 1000.0).ceil().max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::seconds_left;

    #[test]
    fn zero_is_over() {
        assert_eq!(seconds_left(2_000.0, 0.0), 2);
        assert_eq!(seconds_left(2_000.0, 1_999.0), 1);
        assert_eq!(seconds_left(2_000.0, 2_000.0), 0);
        assert_eq!(seconds_left(2_000.0, 9_000.0), 0);
    }
}

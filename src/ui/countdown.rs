//! A countdown in seconds.

use std::time::Duration;

use js_sys::Date;
use leptos::prelude::*;

/// Counts down to a moment in whole seconds.
///
/// Visual only: hidden from screen readers, which it would interrupt every second, so the surrounding text has to make
/// sense without it.
#[component]
pub fn Countdown(
    /// The moment, in milliseconds since 1970.
    #[prop(into)]
    until: Signal<f64>,
    /// The text before the number.
    #[prop(optional)]
    before: &'static str,
    /// The text shown once the moment has passed.
    #[prop(optional)]
    over: &'static str,
) -> impl IntoView {
    let now = RwSignal::new(Date::now());
    // If the timer cannot be set, the number stays as it is.
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

/// Returns the whole seconds until a moment, rounded up so that zero means that it has passed.
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

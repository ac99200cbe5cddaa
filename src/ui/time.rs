//! Times in the reader's language and time zone.

use std::cell::OnceCell;

use js_sys::{Array, Date, Function, Intl, JsString, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::dom::{append, set_attribute};
use crate::calendar::milliseconds;

/// A moment as the server wrote it (RFC 3339), formatted with the browser's `Intl`. The machine-readable form is in
/// `datetime`; the exact time and how long ago it is are in the tooltip. A text that is not a time is shown as it is.
#[component]
pub fn Time(
    /// The moment; `None` and an empty text show `missing`.
    value: Option<String>,
    /// The text for no moment.
    #[prop(default = "–")]
    missing: &'static str,
    /// Whether to show the time of day after the date.
    #[prop(optional)]
    clock: bool,
    /// Whether to show how long ago it is as well.
    #[prop(optional)]
    relative: bool,
) -> impl IntoView {
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        return view! { <span class="muted">{missing}</span> }.into_any();
    };
    let Some(moment) = Moment::parse(&value) else { return view! { <span>{value}</span> }.into_any() };
    let shown = moment.write(if clock { Style::Clock } else { Style::Day });
    let ago = relative.then(|| relative_to(moment.0, Date::now()));
    view! {
        <time datetime=value title=moment.exactly()>
            {shown}
            {ago.map(|ago| view! { <span class="muted">" (" {ago} ")"</span> })}
        </time>
    }
    .into_any()
}

/// Returns the current time in UTC, such as 2026-03-05T06:07:08.090Z.
pub fn timestamp() -> String {
    Date::new_0().to_iso_string().into()
}

/// Returns the current date in UTC, such as 2026-03-05.
pub fn today() -> String {
    timestamp().get(..10).unwrap_or_default().to_owned()
}

/// Appends the date of a moment to an element, formatted like [`Time`]: for elements that are created so often that a
/// component takes too long.
pub fn write_time(parent: &Element, value: Option<&str>, missing: &str) {
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        append(parent, "span", "muted", missing);
        return;
    };
    match Moment::parse(value) {
        None => {
            append(parent, "span", "", value);
        }
        Some(moment) => {
            if let Some(time) = append(parent, "time", "", &moment.write(Style::Day)) {
                set_attribute(&time, "datetime", value);
                set_attribute(&time, "title", &moment.exactly());
            }
        }
    }
}

/// A moment in milliseconds since 1970.
struct Moment(f64);

impl Moment {
    fn parse(text: &str) -> Option<Self> {
        // `Date.parse` takes much else for a time, even "-1".
        milliseconds(text).map(|time| Self(time as f64))
    }

    fn write(&self, style: Style) -> String {
        style.write(&Date::new(&self.0.into()))
    }

    /// Formats the moment to the second, with how long ago it is.
    fn exactly(&self) -> String {
        format!("{} ({})", self.write(Style::Exact), relative_to(self.0, Date::now()))
    }
}

/// The format of a moment. The browser's formatters are kept: making one takes much longer than using it, and a page of
/// the list has fifty moments.
#[derive(Clone, Copy)]
enum Style {
    Day,
    Clock,
    Exact,
}

impl Style {
    const fn options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Day => &[("dateStyle", "medium")],
            Self::Clock => &[("dateStyle", "medium"), ("timeStyle", "short")],
            Self::Exact => &[("dateStyle", "long"), ("timeStyle", "long")],
        }
    }

    fn write(self, date: &Date) -> String {
        thread_local! {
            static FORMATTERS: [OnceCell<Function>; 3] = const { [const { OnceCell::new() }; 3] };
        }
        let text = FORMATTERS.with(|formatters| {
            let make = || Intl::DateTimeFormat::new(&Array::new(), &object(self.options())).format();
            formatters[self as usize].get_or_init(make).call1(&JsValue::UNDEFINED, date)
        });
        text.ok().and_then(|t| t.as_string()).unwrap_or_else(|| date.to_iso_string().into())
    }
}

fn object(options: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in options {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    object
}

fn relative_to(then: f64, now: f64) -> String {
    thread_local! {
        static FORMATTERS: [OnceCell<Intl::RelativeTimeFormat>; 2] = const { [const { OnceCell::new() }; 2] };
    }
    let (amount, unit) = distance(then, now);
    // "Now" is used, but neither "yesterday" nor "last year": those are calendar terms, and a day ago may be the day
    // before yesterday.
    let is_now = amount == 0.0;
    let text: JsString = FORMATTERS.with(|formatters| {
        let numeric = if is_now { "auto" } else { "always" };
        let make = || Intl::RelativeTimeFormat::new(&Array::new(), &object(&[("numeric", numeric)]));
        formatters[usize::from(is_now)].get_or_init(make).format(amount, unit)
    });
    text.into()
}

/// Returns the distance from `now` to `then` (milliseconds since 1970) in the largest unit of which there is at least
/// one, rounded towards now; negative in the past.
fn distance(then: f64, now: f64) -> (f64, &'static str) {
    const UNITS: [(&str, f64); 6] = [
        ("year", 365.25 * 86_400.0),
        ("month", 30.44 * 86_400.0),
        ("week", 7.0 * 86_400.0),
        ("day", 86_400.0),
        ("hour", 3_600.0),
        ("minute", 60.0),
    ];
    // A time in the future means that the server's clock is ahead: all these moments have happened. Without this, a
    // token used just now would be shown as used "in 9 minutes".
    let seconds = (then - now).min(0.0) / 1000.0;
    UNITS
        .into_iter()
        .find(|(_, size)| seconds.abs() >= *size)
        .map_or((seconds.trunc(), "second"), |(unit, size)| ((seconds / size).trunc(), unit))
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn the_largest_unit_that_fits() {
        let now = 1_700_000_000_000.0;
        let ago = |seconds: f64| distance(now - seconds * 1000.0, now);
        assert_eq!(ago(0.0), (0.0, "second"));
        assert_eq!(ago(59.0), (-59.0, "second"));
        assert_eq!(ago(60.0), (-1.0, "minute"));
        assert_eq!(ago(3.0 * 3600.0 + 1.0), (-3.0, "hour"));
        assert_eq!(ago(86_400.0 * 6.9), (-6.0, "day"));
        assert_eq!(ago(86_400.0 * 400.0), (-1.0, "year"));
        assert_eq!(distance(now + 120_000.0, now), (0.0, "second"));
    }
}

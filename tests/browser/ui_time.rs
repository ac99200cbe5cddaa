//! Times in the user's language and time zone.

use credmgr_console::ui::{Template, Time, timestamp, today, write_time};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Clock, Stage, text_of};

const MOMENT: &str = "2024-03-05T06:07:08Z";

#[wasm_bindgen_test]
fn a_time_is_shown_as_a_date_and_kept_exact() {
    let stage = Stage::mount(|| view! { <Time value=Some(MOMENT.to_owned())/> });
    let time = stage.get("time");
    assert_eq!(time.get_attribute("datetime").as_deref(), Some(MOMENT));
    let shown = text_of(&time);
    assert!(shown.contains("2024") && shown != MOMENT, "{shown}");
    // The tooltip has the seconds, which the date leaves out.
    let exact = time.get_attribute("title").unwrap_or_default();
    assert!(exact.contains("08") && !shown.contains("08"), "{exact} / {shown}");
    // It also has the relative time.
    assert!(exact.contains("years ago") && !shown.contains("ago"), "{exact} / {shown}");
}

#[wasm_bindgen_test]
fn a_clock_is_shown_on_request() {
    let stage = Stage::mount(|| view! { <Time value=Some(MOMENT.to_owned()) clock=true/> });
    // The minute is the same in every zone of full hours, and 37 in those of half hours.
    let shown = text_of(&stage.get("time"));
    assert!(shown.contains(":07") || shown.contains(":37"), "{shown}");
}

#[wasm_bindgen_test]
fn how_long_ago_is_said_on_request() {
    let stage = Stage::mount(|| view! { <Time value=Some(MOMENT.to_owned()) relative=true/> });
    let ago = text_of(&stage.get("time .muted"));
    assert!(ago.contains("years ago"), "{ago}");
}

/// Real servers write other things too, and "Invalid Date" helps nobody.
#[wasm_bindgen_test]
fn what_is_not_a_time_is_shown_as_it_is() {
    // `Date.parse` would take the last two for times.
    for text in ["next tuesday", "-1", "2024-03-05"] {
        let value = Some(text.to_owned());
        let stage = Stage::mount(|| view! { <Time value=value clock=true relative=true/> });
        assert_eq!(stage.text(), text);
        assert!(stage.find("time").is_none());
    }
}

#[wasm_bindgen_test]
fn no_time_is_said_in_a_word() {
    for value in [None, Some(String::new())] {
        let stage = Stage::mount(|| view! { <Time value=value missing="Never"/> });
        assert_eq!(stage.text(), "Never");
        assert!(stage.find("time").is_none());
    }
}

#[wasm_bindgen_test]
fn a_written_time_is_the_same_as_a_shown_one() {
    for value in [Some(MOMENT), Some("next tuesday"), None] {
        let stage = Stage::mount(move || view! { <Time value=value.map(str::to_owned) missing="Never"/> });
        let place = Template::new("<p></p>").stamp().expect("a clone");
        write_time(&place, value, "Never");
        assert_eq!(text_of(&place), stage.text());
        let attributes = |root: &web_sys::Element| {
            let time = root.query_selector("time").expect("a valid selector")?;
            Some((time.get_attribute("datetime"), time.get_attribute("title")))
        };
        let shown =
            stage.find("time").map(|time| (time.get_attribute("datetime"), time.get_attribute("title")));
        assert_eq!(attributes(&place), shown, "{value:?}");
    }
}

#[wasm_bindgen_test]
fn today_is_a_day_by_the_clock_of_the_world() {
    let clock = Clock::stopped();
    let day = today();
    assert_eq!(day, timestamp()[..10]);
    assert_eq!(timestamp(), String::from(js_sys::Date::new_0().to_iso_string()));
    drop(clock);
}

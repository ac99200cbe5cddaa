//! Small things to read: badges, times, keys.

use js_sys::Date;
use leptos::prelude::*;

use super::Row;
use crate::ui::{Card, Countdown, Time, today};

/// In milliseconds.
const TWO_MINUTES: f64 = 120_000.0;

#[component]
pub(super) fn Labels() -> impl IntoView {
    view! {
        <Card heading="Labels">
            <Row>
                <span class="badge badge-on">"Enabled"</span>
                <span class="badge badge-off">"Disabled"</span>
                <span class="badge badge-own">"This session"</span>
                <span class="badge badge-news">"Changed"</span>
                <kbd>"Ctrl K"</kbd>
                <span>"Found " <mark>"letters"</mark></span>
            </Row>
            <dl class="facts"><Times/></dl>
        </Card>
    }
}

#[component]
fn Times() -> impl IntoView {
    let moment = || Some(format!("{}T06:07:08Z", today()));
    let long_ago = || Some("2024-03-05T06:07:08Z".to_owned());
    view! {
        <div><dt>"Day"</dt><dd><Time value=long_ago()/></dd></div>
        <div><dt>"Clock"</dt><dd><Time value=long_ago() clock=true/></dd></div>
        <div><dt>"Long ago"</dt><dd><Time value=long_ago() relative=true/></dd></div>
        <div><dt>"Today"</dt><dd><Time value=moment() clock=true relative=true/></dd></div>
        <div><dt>"Never"</dt><dd><Time value=None missing="Never"/></dd></div>
        <div><dt>"No time"</dt><dd><Time value=Some("next tuesday".to_owned())/></dd></div>
        <div><dt>"Countdown"</dt><dd><Countdown until=Date::now() + TWO_MINUTES before="Still " over="Over."/></dd></div>
    }
}

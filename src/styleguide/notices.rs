//! Notices, the status region, the activity.

use std::time::Duration;

use leptos::prelude::*;

use super::{Row, Subheading};
use crate::ui::{
    Activity, ActivityLog, ActivityOutcome, Button, Card, Detail, Notice, NoticeView, ResultView, Status,
    StatusRegion, Tone,
};

#[component]
pub(super) fn Notices() -> impl IntoView {
    view! {
        <Card heading="Notices">
            <Tones/>
            <Subheading words="What came of a press"/>
            <ResultView result=RwSignal::new(Some(Notice::new(Tone::Success, "It worked.")))/>
            <ResultView result=RwSignal::new(Some(Notice::new(Tone::Failure, "It did not work.")))/>
            <Subheading words="The status region"/>
            <Regions/>
            <Subheading words="Activity"/>
            <Acts/>
        </Card>
    }
}

#[component]
fn Tones() -> impl IntoView {
    let dismissed = RwSignal::new(false);
    let dismiss = move |()| dismissed.set(true);
    let again = || view! { <Button label="Try again"/> };
    view! {
        <NoticeView notice=Notice::new(Tone::Success, "It worked.")/>
        <Show when=move || !dismissed.get()>
            <NoticeView
                notice=Notice::new(Tone::Info, "Worth knowing.").with_text("This one can be dismissed.")
                on_dismiss=dismiss
            />
        </Show>
        <NoticeView notice=failure() actions=again/>
    }
}

/// Returns a notice with everything that a notice can have.
fn failure() -> Notice {
    let detail = |name, value: &str| Detail { name, value: value.to_owned() };
    Notice {
        details: vec![detail("Status", "503"), detail("Request", "GET /example")],
        again_after: Some(Duration::from_secs(90)),
        ..Notice::new(Tone::Failure, "It did not work.").with_text("Nothing was changed. Try again later.")
    }
}

#[component]
fn Regions() -> impl IntoView {
    let status = Status::expect();
    let show = move |tone, title| status.show(Notice::new(tone, title));
    view! {
        <Row>
            <Button label="Show progress" on_press=move |()| status.progress("Reading page 3…")/>
            <Button label="Show a success" on_press=move |()| show(Tone::Success, "It worked.")/>
            <Button label="Show a failure" on_press=move |()| show(Tone::Failure, "It did not work.")/>
            <Button label="Show nothing" on_press=move |()| status.clear()/>
        </Row>
        <StatusRegion/>
    }
}

#[component]
fn Acts() -> impl IntoView {
    let log = ActivityLog::expect();
    for outcome in [ActivityOutcome::Done, ActivityOutcome::Failed, ActivityOutcome::Unknown] {
        log.add("Created", "example (ID 7)", outcome);
    }
    view! { <Activity/> }
}

//! Notices: what happened, in words.

use std::{cell::RefCell, time::Duration};

use credmgr_console::ui::{
    Activity, ActivityLog, ActivityOutcome, Button, Detail, Notice, NoticeView, ResultView, Status,
    StatusRegion, Tone, in_place,
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{Clipboard, Clock, Stage, frames, press, settle, text_of, until};

fn show(notice: Notice, live: bool) -> Stage {
    Stage::mount(move || view! { <NoticeView notice=notice live=live/> })
}

#[wasm_bindgen_test]
fn only_failures_interrupt() {
    for (tone, role) in [(Tone::Failure, "alert"), (Tone::Success, "status"), (Tone::Info, "status")] {
        let stage = show(Notice::new(tone, "It happened."), true);
        assert_eq!(stage.get(".notice").get_attribute("role").as_deref(), Some(role), "{tone:?}");
    }
}

/// The notice stands beside the pressed control, which may be out of view in a small window.
#[wasm_bindgen_test]
async fn a_failure_is_brought_into_view() {
    let far_down = || {
        Stage::mount(|| {
            let broke = Notice::new(Tone::Failure, "It broke.");
            view! {
                <div style="height: 3000px"></div>
                <NoticeView notice=broke.clone() live=true/>
                <div style="height: 3000px"></div>
                <NoticeView notice=broke live=false/>
            }
        })
    };
    let stage = far_down();
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).expect("a window");
    let is_seen = |notice: &HtmlElement| {
        let place = notice.get_bounding_client_rect();
        place.top() >= 0.0 && place.bottom() <= height
    };
    until("it is seen", || is_seen(&stage.all(".notice")[0])).await;
    // A notice inside a live region stays where the region is.
    assert!(!is_seen(&stage.all(".notice")[1]));
    drop(stage);
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

#[wasm_bindgen_test]
fn a_notice_within_a_live_region_is_not_live_itself() {
    let stage = show(Notice::new(Tone::Failure, "It broke."), false);
    assert_eq!(stage.get(".notice").get_attribute("role"), None);
}

#[wasm_bindgen_test]
fn a_notice_says_what_and_why() {
    let stage = show(Notice::new(Tone::Failure, "It broke.").with_text("Try again."), true);
    assert!(stage.says("It broke.") && stage.says("Try again."), "{}", stage.text());
    // No disclosure without contents.
    assert!(stage.find("details").is_none());
}

#[wasm_bindgen_test]
async fn details_can_be_taken_along() {
    let clipboard = Clipboard::working();
    let mut notice = Notice::new(Tone::Failure, "It broke.");
    notice.details.push(Detail { name: "Status", value: "502".into() });
    let stage = show(notice, true);
    press(&stage.button("Copy details"));
    settle().await;
    assert_eq!(clipboard.text(), "It broke.\nStatus: 502");
    assert!(stage.says("Copied."));
}

#[wasm_bindgen_test]
async fn details_that_cannot_be_copied_are_not_called_copied() {
    let _clipboard = Clipboard::refusing();
    let mut notice = Notice::new(Tone::Failure, "It broke.");
    notice.details.push(Detail { name: "Status", value: "502".into() });
    let stage = show(notice, true);
    press(&stage.button("Copy details"));
    until("it is said", || stage.says("Select the details and copy them.")).await;
    assert!(!stage.says("Copied."));
}

#[wasm_bindgen_test]
fn what_follows_from_a_notice_is_offered() {
    let stage = Stage::mount(|| {
        let actions = || view! { <Button label="Try again"/> };
        view! { <NoticeView notice=Notice::new(Tone::Failure, "It broke.") actions=actions/> }
    });
    stage.button("Try again");
    assert!(stage.find_button("Dismiss").is_none());
}

thread_local! {
    static STATUS: RefCell<Option<Status>> = const { RefCell::new(None) };
    static LOG: RefCell<Option<ActivityLog>> = const { RefCell::new(None) };
}

fn status_region() -> (Stage, Status) {
    let stage = Stage::mount(|| {
        STATUS.set(Some(Status::provide()));
        view! { <StatusRegion/> }
    });
    (stage, STATUS.take().expect("it is mounted"))
}

/// The user may be about to press there.
#[wasm_bindgen_test]
async fn what_is_below_a_notice_stays_where_it_is() {
    let stage = Stage::mount(|| {
        STATUS.set(Some(Status::provide()));
        view! {
            <div style="height: 300px"></div>
            <StatusRegion/>
            <div class="screen" style="height: 5000px"></div>
        }
    });
    let status = STATUS.take().expect("it is mounted");
    let top = || stage.get(".screen").get_bounding_client_rect().top();
    for scrolled in [0.0, 200.0, 2_000.0] {
        window().scroll_to_with_x_and_y(0.0, scrolled);
        let before = top();
        let is_in_place = || (top() - before).abs() < 1.0;
        status.show_in_place(Notice::new(Tone::Success, "It works."));
        frames().await;
        assert!(stage.says("It works.") && is_in_place(), "{before} became {} at {scrolled}", top());
        press(&stage.button("Dismiss"));
        frames().await;
    }
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// As on a phone: a sticky notice may be taller than what is above it, and stays in sight at every scroll position.
#[wasm_bindgen_test]
async fn what_is_below_a_notice_that_stays_in_sight_does_not_move_however_high_that_is() {
    let is_there = RwSignal::new(false);
    let stage = Stage::mount(move || {
        view! {
            <div style="height: 100px"></div>
            <div style="position: sticky; top: 8px">
                {move || is_there.get().then(|| view! { <div class="notice" style="height: 400px"></div> })}
            </div>
            <div class="screen" style="height: 5000px"></div>
        }
    });
    window().scroll_to_with_x_and_y(0.0, 0.0);
    let top = || stage.get(".screen").get_bounding_client_rect().top();
    let before = top();
    in_place(|| is_there.set(true));
    frames().await;
    assert!((top() - before).abs() < 1.0, "{before} became {}", top());
    assert!(stage.get(".notice").get_bounding_client_rect().top() > 0.0);
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// The same for a notice that is not sticky.
#[wasm_bindgen_test]
async fn a_change_above_the_screen_is_not_scrolled_away_itself() {
    let is_there = RwSignal::new(false);
    let stage = Stage::mount(move || {
        view! {
            <div style="height: 100px"></div>
            {move || is_there.get().then(|| view! { <div><p class="notice" style="height: 400px; margin: 0">"News"</p></div> })}
            <div class="screen" style="height: 5000px"></div>
        }
    });
    window().scroll_to_with_x_and_y(0.0, 0.0);
    in_place(|| is_there.set(true));
    frames().await;
    let top = stage.get("p").get_bounding_client_rect().top();
    assert!((-1.0..50.0).contains(&top), "{top}");
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Not every screen reader announces a live region that is added together with its text.
#[wasm_bindgen_test]
async fn the_regions_are_there_before_their_words() {
    let (stage, status) = status_region();
    let (polite, urgent) = (stage.get("[role=status]"), stage.get("[role=alert]"));
    assert_eq!(text_of(&polite) + &text_of(&urgent), "");
    status.show(Notice::new(Tone::Failure, "It broke."));
    settle().await;
    assert!(text_of(&urgent).contains("It broke."));
    assert_eq!(text_of(&polite), "");
    status.show(Notice::new(Tone::Success, "It works."));
    settle().await;
    assert!(text_of(&polite).contains("It works."));
    assert_eq!(text_of(&urgent), "");
}

#[wasm_bindgen_test]
async fn a_result_ends_the_progress() {
    let (stage, status) = status_region();
    status.progress("Reading page 3");
    settle().await;
    assert_eq!(text_of(&stage.get("[role=status]")), "Reading page 3");
    status.show(Notice::new(Tone::Failure, "It broke."));
    settle().await;
    assert_eq!(text_of(&stage.get("[role=status]")), "");
}

#[wasm_bindgen_test]
async fn a_notice_can_be_dismissed() {
    let (stage, status) = status_region();
    status.show(Notice::new(Tone::Success, "It works."));
    settle().await;
    press(&stage.button("Dismiss"));
    settle().await;
    assert_eq!(stage.text(), "");
}

#[wasm_bindgen_test]
async fn a_notice_stays_on_the_screen_it_led_to_and_no_further() {
    let (stage, status) = status_region();
    status.show(Notice::new(Tone::Success, "Deleted ci."));
    status.moved_on();
    settle().await;
    assert!(stage.says("Deleted ci."));
    status.moved_on();
    settle().await;
    assert!(!stage.says("Deleted ci."));
}

fn activity() -> (Stage, ActivityLog) {
    let stage = Stage::mount(|| {
        LOG.set(Some(ActivityLog::provide()));
        view! { <Activity/> }
    });
    (stage, LOG.take().expect("it is mounted"))
}

#[wasm_bindgen_test]
async fn the_newest_act_comes_first_with_its_outcome() {
    let (stage, log) = activity();
    log.add("Created", "ci (ID 7)", ActivityOutcome::Done);
    log.add("Tried to delete", "ci (ID 7)", ActivityOutcome::Unknown);
    settle().await;
    let entries: Vec<_> = stage.all("li").iter().map(|entry| text_of(entry)).collect();
    assert_eq!(entries.len(), 2);
    assert!(entries[0].starts_with("Tried to delete ci (ID 7)"), "{}", entries[0]);
    assert!(entries[0].contains("outcome unknown"), "{}", entries[0]);
    assert!(entries[1].starts_with("Created ci (ID 7)"), "{}", entries[1]);
    assert!(stage.says("2 actions since this page was loaded"));
}

#[wasm_bindgen_test]
async fn the_log_keeps_the_latest_two_hundred() {
    let (stage, log) = activity();
    for number in 1..=201 {
        log.add("Changed", format!("token {number}."), ActivityOutcome::Done);
    }
    settle().await;
    let entries = stage.all("li");
    assert_eq!(entries.len(), 200);
    assert!(text_of(&entries[0]).contains("token 201."));
    assert!(text_of(&entries[199]).contains("token 2."));
}

#[wasm_bindgen_test]
async fn a_cleared_log_is_empty() {
    let (stage, log) = activity();
    log.add("Created", "ci (ID 7)", ActivityOutcome::Done);
    settle().await;
    log.clear();
    settle().await;
    assert!(stage.all("li").is_empty());
    assert!(stage.says("no actions since this page was loaded"));
}

#[wasm_bindgen_test]
async fn a_wait_that_the_server_asked_for_is_counted_down() {
    let clock = Clock::stopped();
    let notice = Notice {
        again_after: Some(Duration::from_secs(2)),
        ..Notice::new(Tone::Failure, "Too many requests.")
    };
    let stage = show(notice, true);
    assert!(stage.says("You can try again in 2 s"), "{}", stage.text());
    clock.advance(Duration::from_secs(2));
    until("it is over", || stage.says("You can try again now.")).await;
}

#[wasm_bindgen_test]
async fn a_list_of_what_was_done_is_a_log_that_unfolds() {
    let (stage, log) = activity();
    log.add("Deleted", "ci (ID 7)", ActivityOutcome::Failed);
    settle().await;
    assert_eq!(stage.get("section").get_attribute("aria-label").as_deref(), Some("Activity"));
    // The status region says what was done; here it would be announced a second time.
    assert!(stage.find("details [role=log][aria-label][aria-live=off]").is_some());
    assert_eq!(text_of(&stage.get("summary")), "Activity 1 action since this page was loaded");
    assert_eq!(text_of(&stage.get(".outcome")), "failed");
    let at = stage.get("li time").get_attribute("datetime").expect("a time");
    assert!(!js_sys::Date::parse(&at).is_nan(), "{at}");
}

/// A failure interrupts, a result does not; and the result of the next try is announced again.
#[wasm_bindgen_test]
async fn what_came_of_a_press_is_told_as_what_it_is() {
    let result = RwSignal::new(None::<Notice>);
    let stage = Stage::mount(move || view! { <ResultView result=result/> });
    assert!(stage.find("[role=status]").is_some(), "before there are words");
    result.set(Some(Notice::new(Tone::Failure, "It broke.")));
    until("the failure", || stage.says("It broke.")).await;
    assert_eq!(text_of(&stage.get("[role=alert]")), "It broke.");
    assert_eq!(text_of(&stage.get("[role=status]")), "");
    result.set(Some(Notice::new(Tone::Success, "It worked.")));
    until("the result", || text_of(&stage.get("[role=status]")) == "It worked.").await;
    assert!(stage.find("[role=alert]").is_none());
}

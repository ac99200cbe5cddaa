//! Locking an idle session.

use std::time::Duration;

use credmgr_console::{
    config::Config,
    session::{IdleWatch, Pause, Phase, Session},
    ui::{Dialog, DialogKind},
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Clock, Server, Stage, browser_storage, fire, mount_session, press, remember_token, set_hidden, settle,
    show_page, tab_storage,
};

const LIMIT: Duration = Duration::from_secs(15 * 60);
/// The warning comes one minute before the lock.
const UNTIL_WARNED: Duration = Duration::from_secs(14 * 60);
const MINUTE: Duration = Duration::from_secs(60);
const SECOND: Duration = Duration::from_secs(1);
const MOMENT: Duration = Duration::from_millis(1);

struct Watched {
    clock: Clock,
    stage: Stage,
    session: Session,
    /// Makes sure that nothing reaches the network by accident.
    _server: Server,
}

impl Watched {
    /// Starts a session that begins now.
    async fn begin(idle_limit: Option<Duration>) -> Self {
        let server = Server::start(|sent| panic!("{} {} was sent", sent.method, sent.path));
        let clock = Clock::stopped();
        remember_token();
        let (stage, session) =
            mount_session(Config { idle_limit, ..Config::default() }, || view! { <IdleWatch/> });
        settle().await;
        Self { clock, stage, session, _server: server }
    }

    async fn pass(&self, time: Duration) {
        self.clock.advance(time);
        settle().await;
    }

    fn phase(&self) -> Phase {
        self.session.phase().get_untracked()
    }

    fn is_warned(&self) -> bool {
        self.stage.find("[role=alert]").is_some()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        tab_storage().clear().expect("storage");
    }
}

#[wasm_bindgen_test]
async fn one_is_warned_a_minute_before_the_lock() {
    let watched = Watched::begin(Some(LIMIT)).await;
    watched.pass(UNTIL_WARNED - MOMENT).await;
    assert!(!watched.is_warned());
    watched.pass(MOMENT).await;
    assert!(watched.is_warned());
    assert_eq!(watched.phase(), Phase::Active);
}

#[wasm_bindgen_test]
async fn the_session_is_locked_when_the_time_is_over() {
    let watched = Watched::begin(Some(LIMIT)).await;
    watched.pass(LIMIT - MOMENT).await;
    assert_eq!(watched.phase(), Phase::Active);
    watched.pass(MOMENT).await;
    assert_eq!(watched.phase(), Phase::Paused(Pause::Idle(LIMIT)));
    assert!(!watched.is_warned(), "the warning has come true");
}

#[wasm_bindgen_test]
async fn staying_signed_in_begins_the_time_anew() {
    let watched = Watched::begin(Some(LIMIT)).await;
    watched.pass(UNTIL_WARNED).await;
    press(&watched.stage.button("Stay signed in"));
    settle().await;
    assert!(!watched.is_warned());
    watched.pass(LIMIT - MOMENT).await;
    assert_eq!(watched.phase(), Phase::Active);
}

#[wasm_bindgen_test]
async fn whatever_one_does_begins_the_time_anew() {
    for event in ["pointerdown", "pointermove", "keydown", "wheel", "click", "input"] {
        let watched = Watched::begin(Some(LIMIT)).await;
        watched.pass(MINUTE * 10).await;
        fire(event);
        watched.pass(UNTIL_WARNED - MOMENT).await;
        assert!(!watched.is_warned(), "{event} did not count");
        watched.pass(MOMENT).await;
        assert!(watched.is_warned(), "nothing after {event} did count");
    }
}

#[wasm_bindgen_test]
async fn acting_takes_the_warning_away() {
    let watched = Watched::begin(Some(LIMIT)).await;
    watched.pass(UNTIL_WARNED).await;
    fire("keydown");
    settle().await;
    assert!(!watched.is_warned());
}

fn dialog() -> Stage {
    Stage::mount_beside(
        || view! { <Dialog kind=DialogKind::Form title="Something" on_close=|()| ()>"…"</Dialog> },
    )
}

fn warnings() -> u32 {
    document().query_selector_all("[role=alert]").expect("a valid selector").length()
}

/// Everything outside a modal dialog can be neither heard nor pressed.
#[wasm_bindgen_test]
async fn where_a_dialog_is_open_one_is_warned_in_it() {
    let watched = Watched::begin(Some(LIMIT)).await;
    let first = dialog();
    watched.pass(UNTIL_WARNED).await;
    assert!(first.find("dialog:modal [role=alert]").is_some() && warnings() == 1);
    // The dialog may close by itself, together with its contents.
    first.unmount();
    watched.pass(SECOND).await;
    assert!(watched.is_warned() && warnings() == 1);
    let second = dialog();
    watched.pass(SECOND).await;
    press(&second.button("Stay signed in"));
    settle().await;
    assert_eq!(warnings(), 0);
    watched.pass(LIMIT - MOMENT).await;
    assert_eq!((watched.phase(), warnings()), (Phase::Active, 1));
    watched.pass(MOMENT).await;
    assert_eq!((watched.phase(), warnings()), (Phase::Paused(Pause::Idle(LIMIT)), 0));
}

/// Timers stand still while a machine sleeps; the clock does not.
#[wasm_bindgen_test]
async fn a_machine_that_slept_too_long_wakes_up_locked() {
    let watched = Watched::begin(Some(LIMIT)).await;
    watched.clock.sleep(LIMIT);
    set_hidden(false);
    settle().await;
    assert_eq!(watched.phase(), Phase::Paused(Pause::Idle(LIMIT)));
}

/// Moving the mouse wakes a machine up. It must not save the session of a user who has walked away.
#[wasm_bindgen_test]
async fn acting_too_late_does_not_save_the_session() {
    let watched = Watched::begin(Some(LIMIT)).await;
    watched.clock.sleep(LIMIT);
    fire("pointermove");
    settle().await;
    assert_eq!(watched.phase(), Phase::Paused(Pause::Idle(LIMIT)));
}

/// Stores that a user was active now in another tab, as that tab does. All sessions that were last used at `locked` or
/// earlier have locked.
fn another_tab_was_used(watched: &Watched, locked: f64) {
    let storage = browser_storage();
    let times = format!("0 {locked} {}", js_sys::Date::now());
    storage.set_item(&watched.session.deployment(), &times).expect("room");
}

/// A tab that its browser has put away hears nothing of what the user does in another one.
#[wasm_bindgen_test]
async fn a_tab_that_slept_is_not_locked_if_another_one_was_used() {
    for wake in [|| set_hidden(false), || fire("pointermove"), || show_page(true)] {
        let watched = Watched::begin(Some(LIMIT)).await;
        watched.clock.sleep(LIMIT);
        another_tab_was_used(&watched, 0.0);
        wake();
        settle().await;
        assert_eq!(watched.phase(), Phase::Active);
        watched.pass(LIMIT - MOMENT).await;
        assert_eq!(watched.phase(), Phase::Active);
        watched.pass(MOMENT).await;
        assert_eq!(watched.phase(), Phase::Paused(Pause::Idle(LIMIT)));
    }
}

/// The time counts from the other tab's activity, and not only when this tab would lock.
#[wasm_bindgen_test]
async fn a_tab_that_comes_back_takes_over_when_another_one_was_used() {
    let watched = Watched::begin(Some(LIMIT)).await;
    watched.clock.sleep(UNTIL_WARNED + SECOND);
    another_tab_was_used(&watched, 0.0);
    show_page(true);
    watched.pass(SECOND).await;
    assert!(!watched.is_warned());
    watched.pass(UNTIL_WARNED - SECOND * 2).await;
    assert!(!watched.is_warned());
    watched.pass(SECOND).await;
    assert!(watched.is_warned());
}

/// The user was away for too long, and then signed in again in the other tab only.
#[wasm_bindgen_test]
async fn a_tab_whose_session_has_locked_meanwhile_is_not_saved_by_another_one() {
    let watched = Watched::begin(Some(LIMIT)).await;
    let locked = js_sys::Date::now() + 5_000.0;
    watched.clock.sleep(LIMIT * 2);
    another_tab_was_used(&watched, locked);
    fire("pointermove");
    settle().await;
    assert_eq!(watched.phase(), Phase::Paused(Pause::Idle(LIMIT)));
}

#[wasm_bindgen_test]
async fn without_a_limit_nothing_is_locked() {
    let watched = Watched::begin(None).await;
    watched.pass(Duration::from_secs(7 * 24 * 3600)).await;
    assert_eq!(watched.phase(), Phase::Active);
    assert!(!watched.is_warned());
}

//! Locks the session when nobody is there.

use std::time::Duration;

use js_sys::Date;
use leptos::{html::Div, prelude::*};
use web_sys::Node;

use super::{
    Session,
    idle::{Idle, assess},
    presence,
    tabs::{Message, is_worth_telling, last_activity, locks_too},
};
use crate::{
    part,
    ui::{Button, ButtonStyle, Timer, effect, follow},
};

/// What counts as being there. Assistive technology may press and type without pointer or keys.
const ACTIVITY: [&str; 6] = ["pointerdown", "pointermove", "keydown", "wheel", "click", "input"];

/// The time in milliseconds since 1970, by the clock on the wall.
pub(super) fn now() -> u64 {
    Date::now() as u64
}

/// Watches for activity, in all tabs together: warns before the lock, and locks. Counts by the clock and not by timers: those
/// stand still while a machine sleeps.
#[component]
pub fn IdleWatch() -> impl IntoView {
    let session = Session::expect();
    session.idle_limit().map(|limit| view! { <Watch session=session limit=limit/> })
}

#[component]
fn Watch(session: Session, limit: Duration) -> impl IntoView {
    let last = StoredValue::new(now());
    let told = StoredValue::new(None::<u64>);
    let tabs = session.tabs();
    let left = RwSignal::new(None::<Duration>);
    let timer = Timer::new();
    let look = StoredValue::new(None::<Callback<()>>);

    let look_now = move || {
        if let Some(look) = look.try_get_value().flatten() {
            look.run(());
        }
    };
    // If the browser refuses the timer, the next activity sets it.
    let again = move |after: Duration| timer.set(after, look_now);
    let idle_for = move || {
        let now = now();
        // A clock that was set back counts as activity.
        let last = last.try_update_value(|last| {
            *last = now.min(*last);
            *last
        });
        Duration::from_millis(now - last.unwrap_or(now))
    };
    look.set_value(Some(Callback::new(move |()| {
        if !session.is_active() {
            left.set(None);
            return;
        }
        match assess(idle_for(), limit) {
            Idle::Fresh(wait) => {
                left.set(None);
                again(wait);
            }
            Idle::Warning(remaining) => {
                left.set(Some(remaining));
                again(Duration::from_secs(1));
            }
            Idle::Expired => {
                left.set(None);
                session.lock(limit);
                let last = last.try_get_value().unwrap_or_default();
                presence::locked(&session.deployment(), last);
                tabs.tell(Message::Locked(last));
            }
        }
    })));
    // A session begins fresh.
    effect(move || {
        if session.is_active() {
            last.set_value(now());
            look_now();
        }
    });
    let seen = move || {
        // After a sleep the first movement comes before the overdue timer: too late is too late.
        if assess(idle_for(), limit) == Idle::Expired {
            look_now();
            return;
        }
        let now = now();
        last.try_set_value(now);
        // Whoever signs in, or wants to, is not at work in the other tabs.
        if session.is_active_now() && is_worth_telling(told.try_get_value().flatten(), now) {
            told.try_set_value(Some(now));
            tabs.tell(Message::Active(now));
            presence::active(&session.deployment(), now, limit);
        }
        if left.with_untracked(Option::is_some) {
            look_now();
        }
    };
    tabs.hear(move |message| match message {
        Message::Active(at) => {
            last.try_update_value(|last| *last = last_activity(*last, at, now()));
            if session.is_active_now() {
                presence::heard(last.try_get_value().unwrap_or_default());
            }
            look_now();
        }
        Message::Locked(theirs) if last.try_get_value().is_some_and(|own| locks_too(own, theirs)) => {
            left.try_set(None);
            session.lock(limit);
        }
        Message::Locked(_) | Message::SignedOut | Message::WhoWorks | Message::Works(_) => {}
    });
    let mut listeners: Vec<_> =
        ACTIVITY.into_iter().map(|event| window_event_listener_untyped(event, move |_| seen())).collect();
    // A hidden tab's timers run late.
    listeners.push(window_event_listener_untyped("visibilitychange", move |_| look_now()));
    on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));

    let warned = Memo::new(move |_| left.with(Option::is_some));
    let stay = Callback::new(move |()| seen());
    move || warned.get().then(|| warning(left, stay))
}

part! {
    in more;
    fn warning(left: RwSignal<Option<Duration>>, stay: Callback<()>) {
        view! { <Warning left=left stay=stay/> }
    }
}

/// The last minute before the lock. It is in the page, or in the dialog that is open, since all the rest is inert then: it can
/// be neither heard nor pressed.
#[component]
fn Warning(
    /// How much of it is left.
    left: RwSignal<Option<Duration>>,
    /// Somebody is there.
    stay: Callback<()>,
) -> impl IntoView {
    let (home, warning) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    // A dialog that closes takes it along, so it is looked at every second.
    effect(move || {
        follow(&left);
        if let (Some(home), Some(warning)) = (home.get(), warning.get()) {
            let place = open_dialog().unwrap_or_else(|| home.into());
            if warning.parent_node().as_ref() != Some(&place) {
                // Fails only where the place is in the warning, which it is not.
                let _ = place.append_child(&warning);
            }
        }
    });
    let view = view! {
        <div node_ref=home>
            <div node_ref=warning class="floating-place floating-box" role="alert">
                <p>
                    "No activity: this page locks in a moment."
                    // The countdown is for the eye; it would interrupt a screen reader every second.
                    <span aria-hidden="true">
                        " " {move || left.get().map(|left| left.as_secs())} " s"
                    </span>
                </p>
                <Button label="Stay signed in" style=ButtonStyle::Primary on_press=stay/>
            </div>
        </div>
    };
    // After the button, which hands the focus on from where it is.
    on_cleanup(move || {
        if let Some(Some(warning)) = warning.try_get_untracked() {
            warning.remove();
        }
    });
    view
}

/// The dialog that makes the rest of the page inert. A question comes after what it is asked over.
fn open_dialog() -> Option<Node> {
    let open = document().query_selector_all("dialog:modal").ok()?;
    open.get(open.length().checked_sub(1)?)
}

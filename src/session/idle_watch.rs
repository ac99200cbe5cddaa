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
    let watch = Watching::begin(session, limit);
    let is_warned = Memo::new(move |_| watch.left.with(Option::is_some));
    let stay = Callback::new(move |()| watch.seen());
    move || is_warned.get().then(|| warning(watch.left, stay))
}

/// What is known of somebody's being there. A handle.
#[derive(Clone, Copy)]
struct Watching {
    limit: Duration,
    /// When somebody was active last, in any of the tabs.
    last: StoredValue<u64>,
    /// When the other tabs were told so last.
    told: StoredValue<Option<u64>>,
    /// How long it is until the lock, once that is near.
    left: RwSignal<Option<Duration>>,
    /// When to look next.
    timer: Timer,
    session: Session,
}

impl Watching {
    /// Watches as long as the reactive scope lives that this is called in.
    fn begin(session: Session, limit: Duration) -> Self {
        let watch = Self {
            limit,
            last: StoredValue::new(now()),
            told: StoredValue::new(None),
            left: RwSignal::new(None),
            timer: Timer::new(),
            session,
        };
        // A session begins fresh.
        effect(move || {
            if session.is_active() {
                watch.last.set_value(now());
                watch.look();
            }
        });
        session.tabs().hear(move |message| watch.heard(message));
        let mut listeners: Vec<_> = ACTIVITY
            .into_iter()
            .map(|event| window_event_listener_untyped(event, move |_| watch.seen()))
            .collect();
        // A hidden tab's timers run late.
        listeners.push(window_event_listener_untyped("visibilitychange", move |_| watch.look()));
        on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
        watch
    }

    /// Warns or locks if it is time for that, and looks again when it will be.
    fn look(self) {
        if !self.session.is_active() {
            self.left.try_set(None);
            return;
        }
        match assess(self.idle_for(), self.limit) {
            Idle::Fresh(wait) => {
                self.left.try_set(None);
                self.look_after(wait);
            }
            Idle::Warning(remaining) => {
                self.left.try_set(Some(remaining));
                self.look_after(Duration::from_secs(1));
            }
            Idle::Expired => {
                self.left.try_set(None);
                self.session.lock(self.limit);
                let last = self.last.try_get_value().unwrap_or_default();
                presence::locked(&self.session.deployment(), last);
                self.session.tabs().tell(Message::Locked(last));
            }
        }
    }

    /// If the browser refuses the timer, the next activity sets it.
    fn look_after(self, wait: Duration) {
        self.timer.set(wait, move || self.look());
    }

    fn idle_for(self) -> Duration {
        let now = now();
        // A clock that was set back counts as activity.
        let last = self.last.try_update_value(|last| {
            *last = now.min(*last);
            *last
        });
        Duration::from_millis(now - last.unwrap_or(now))
    }

    /// Somebody is active in this tab.
    fn seen(self) {
        // After a sleep the first movement comes before the overdue timer: too late is too late.
        if assess(self.idle_for(), self.limit) == Idle::Expired {
            self.look();
            return;
        }
        let now = now();
        self.last.try_set_value(now);
        // Whoever signs in, or wants to, is not at work in the other tabs.
        if self.session.is_active_now() && is_worth_telling(self.told.try_get_value().flatten(), now) {
            self.told.try_set_value(Some(now));
            self.session.tabs().tell(Message::Active(now));
            presence::active(&self.session.deployment(), now, self.limit);
        }
        if self.left.with_untracked(Option::is_some) {
            self.look();
        }
    }

    /// Another tab has said something.
    fn heard(self, message: Message) {
        match message {
            Message::Active(at) => {
                self.last.try_update_value(|last| *last = last_activity(*last, at, now()));
                if self.session.is_active_now() {
                    presence::heard(self.last.try_get_value().unwrap_or_default());
                }
                self.look();
            }
            Message::Locked(theirs)
                if self.last.try_get_value().is_some_and(|own| locks_too(own, theirs)) =>
            {
                self.left.try_set(None);
                self.session.lock(self.limit);
            }
            Message::Locked(_) | Message::SignedOut | Message::WhoWorks | Message::Works(_) => {}
        }
    }
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

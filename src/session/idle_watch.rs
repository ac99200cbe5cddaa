//! Locks the session when the user is inactive.

use std::time::Duration;

use leptos::{html::Div, prelude::*};
use web_sys::{Event, Node};

use super::{
    Session,
    clock::now,
    idle::{Idle, assess},
    presence,
    tabs::{Message, is_worth_telling, last_activity, locks_too},
};
use crate::{
    part,
    ui::{Button, ButtonStyle, EventPhase, Timer, effect, follow, listen},
};

/// The events that count as activity. Assistive technology may press and type without pointer or keys.
const ACTIVITY: [&str; 6] = ["pointerdown", "pointermove", "keydown", "wheel", "click", "input"];

/// The events of a window whose page may have been put away.
const RETURN: [&str; 2] = ["visibilitychange", "pageshow"];

/// Watches for activity in all tabs together: warns before the lock, and locks. Relies on the clock and not on timers,
/// which stand still while a machine sleeps.
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

/// What is known about the user's activity. A handle.
#[derive(Clone, Copy)]
struct Watching {
    limit: Duration,
    /// The time of the last activity in any tab.
    last: StoredValue<u64>,
    /// When the other tabs were last told of activity.
    told: StoredValue<Option<u64>>,
    /// The time left until the lock, once that is near.
    left: RwSignal<Option<Duration>>,
    /// The timer for the next check.
    timer: Timer,
    session: Session,
}

impl Watching {
    /// Watches while the current reactive scope lives.
    fn begin(session: Session, limit: Duration) -> Self {
        let watch = Self {
            limit,
            last: StoredValue::new(now()),
            told: StoredValue::new(None),
            left: RwSignal::new(None),
            timer: Timer::new(),
            session,
        };
        // A session starts out as active.
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
        // Timers of a hidden tab run late, and a tab that its browser has put away hears nothing of the others.
        listeners.extend(
            RETURN.into_iter().map(|event| window_event_listener_untyped(event, move |_| watch.back())),
        );
        // This one happens at the document and does not bubble.
        listen(&document(), "resume", EventPhase::Bubble, move |_: Event| watch.back());
        on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
        watch
    }

    /// Warns or locks if it is time for that, and schedules the next check.
    fn look(self) {
        if !self.session.is_active() {
            self.left.try_set(None);
            return;
        }
        match self.assess() {
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

    /// Schedules the next check. If the browser refuses the timer, the next activity sets it.
    fn look_after(self, wait: Duration) {
        self.timer.set(wait, move || self.look());
    }

    /// Returns the state of the session. Before it counts as expired, the stored activity of the other tabs is looked
    /// up: this tab may have been unable to hear of it.
    fn assess(self) -> Idle {
        match assess(self.idle_for(), self.limit) {
            Idle::Expired if self.session.is_active_now() => {
                self.catch_up();
                assess(self.idle_for(), self.limit)
            }
            idle => idle,
        }
    }

    /// The page may have been away.
    fn back(self) {
        self.catch_up();
        self.look();
    }

    /// Takes over when another tab was last used, as that tab has stored it.
    fn catch_up(self) {
        self.last.try_update_value(|last| {
            *last = presence::last_active(&self.session.deployment(), *last, now(), self.limit);
        });
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

    /// Handles activity in this tab.
    fn seen(self) {
        // After a sleep the first movement comes before the overdue timer. The limit has passed all the same, so this
        // locks.
        if self.assess() == Idle::Expired {
            self.look();
            return;
        }
        let now = now();
        self.last.try_set_value(now);
        // Activity on a sign-in form does not count as activity in the other tabs.
        if self.session.is_active_now() && is_worth_telling(self.told.try_get_value().flatten(), now) {
            self.told.try_set_value(Some(now));
            self.session.tabs().tell(Message::Active(now));
            presence::active(&self.session.deployment(), now, self.limit);
        }
        if self.left.with_untracked(Option::is_some) {
            self.look();
        }
    }

    /// Handles a message from another tab.
    fn heard(self, message: Message) {
        match message {
            Message::Active(at) => {
                self.last.try_update_value(|last| *last = last_activity(*last, at, now()));
                if self.session.is_active_now() {
                    presence::heard(
                        &self.session.deployment(),
                        self.last.try_get_value().unwrap_or_default(),
                    );
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

/// The warning of the last minute before the lock. It is in the page or in the open dialog: everything else is inert
/// then, and can neither be heard nor pressed.
#[component]
fn Warning(
    /// The time left until the lock.
    left: RwSignal<Option<Duration>>,
    /// Called when the user wants to stay.
    stay: Callback<()>,
) -> impl IntoView {
    let (home, warning) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    // A closing dialog takes the warning along, so its place is checked every second.
    effect(move || {
        follow(&left);
        if let (Some(home), Some(warning)) = (home.get(), warning.get()) {
            let place = open_dialog().unwrap_or_else(|| home.into());
            if warning.parent_node().as_ref() != Some(&place) {
                // Fails only if `place` is inside the warning, which it is not.
                let _ = place.append_child(&warning);
            }
        }
    });
    let view = view! {
        <div node_ref=home>
            <div node_ref=warning class="floating-place floating-box" role="alert">
                <p>
                    "No activity: this page locks in a moment."
                    // The countdown is visual only; it would interrupt a screen reader every second.
                    <span aria-hidden="true">
                        " " {move || left.get().map(|left| left.as_secs())} " s"
                    </span>
                </p>
                <Button label="Stay signed in" style=ButtonStyle::Primary on_press=stay/>
            </div>
        </div>
    };
    // After the button's own cleanup, which hands the focus on from where the button is.
    on_cleanup(move || {
        if let Some(Some(warning)) = warning.try_get_untracked() {
            warning.remove();
        }
    });
    view
}

/// Returns the dialog that makes the rest of the page inert. In the document a question comes after the dialog that it
/// is asked over, so it is the last one.
fn open_dialog() -> Option<Node> {
    let open = document().query_selector_all("dialog:modal").ok()?;
    open.get(open.length().checked_sub(1)?)
}

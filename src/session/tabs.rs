//! The console's other tabs: they lock together, and signing out of one signs out of all.
//!
//! Messages say that something happened, and when. They never contain a credential or a name.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{BroadcastChannel, MessageEvent};

use super::{Pause, Phase};
use crate::ui::{EventPhase, listen};

/// A message from one tab to the others. Times are in milliseconds, by the clock that all tabs share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// The user was active at this time.
    Active(u64),
    /// This tab locked itself; the last activity that it knew of was at this time.
    Locked(u64),
    /// The user signed out.
    SignedOut,
    /// Asks which tabs work with a console session token.
    WhoWorks,
    /// The answer: this tab does, with the token that was requested at this time.
    Works(u64),
}

/// The shortest time between two messages about activity, in milliseconds. Activity comes as hundreds of movements.
pub const ACTIVITY_EVERY: u64 = 5_000;

impl Message {
    fn write(self) -> String {
        match self {
            Self::Active(at) => format!("active {at}"),
            Self::Locked(last) => format!("locked {last}"),
            Self::SignedOut => "signed-out".to_owned(),
            Self::WhoWorks => "who-works".to_owned(),
            Self::Works(at) => format!("works {at}"),
        }
    }

    /// Reads a message. `None` if it is not understood, such as one from another release of the console.
    fn read(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            Some(("active", at)) => at.parse().ok().map(Self::Active),
            Some(("locked", last)) => last.parse().ok().map(Self::Locked),
            Some(("works", at)) => at.parse().ok().map(Self::Works),
            None if text == "signed-out" => Some(Self::SignedOut),
            None if text == "who-works" => Some(Self::WhoWorks),
            _ => None,
        }
    }
}

/// Whether to tell the others of activity at `now`, when they were last told at `told`. Also `true` after the clock was
/// set back.
pub fn is_worth_telling(told: Option<u64>, now: u64) -> bool {
    told.is_none_or(|told| now < told || now - told >= ACTIVITY_EVERY)
}

/// Returns the time of the last activity after another tab told of some: never later than now, and never earlier than
/// what is known.
pub fn last_activity(own: u64, told: u64, now: u64) -> u64 {
    own.max(told.min(now))
}

/// Whether a tab whose last activity was at `own` locks together with one that knew of none after `theirs`. A tab that
/// slept may have missed activity in this one; and not all activity is told.
pub fn locks_too(own: u64, theirs: u64) -> bool {
    own <= theirs.saturating_add(ACTIVITY_EVERY)
}

/// Returns the phase of a session after a sign-out in another tab; `None` if that changes nothing. Unsaved work is not
/// discarded because of another tab: it stays, behind the sign-in dialog.
pub fn after_sign_out(phase: &Phase, has_unsaved: bool) -> Option<Phase> {
    match (phase, has_unsaved) {
        (Phase::SignedOut, _) | (Phase::Paused(_), true) => None,
        (Phase::Active, true) => Some(Phase::Paused(Pause::SignedOutElsewhere)),
        (Phase::Active | Phase::Paused(_), false) => Some(Phase::SignedOut),
    }
}

/// The channel to the other tabs. Without `BroadcastChannel` in the browser, tabs do not know of each other.
#[derive(Clone, Copy)]
pub struct Tabs(StoredValue<Option<BroadcastChannel>, LocalStorage>);

impl Tabs {
    /// Opens the channel, which closes with the current reactive scope.
    pub(super) fn open(name: &str) -> Self {
        let channel = StoredValue::new_local(BroadcastChannel::new(name).ok());
        on_cleanup(move || {
            channel.try_with_value(|channel| channel.as_ref().map(BroadcastChannel::close));
        });
        Self(channel)
    }

    /// Sends a message to the other tabs.
    pub(super) fn tell(&self, message: Message) {
        self.0.try_with_value(|channel| {
            // Fails only if the channel was closed meanwhile: then the page is going away.
            channel.as_ref().map(|channel| channel.post_message(&JsValue::from_str(&message.write())))
        });
    }

    /// Calls `heard` for each message from another tab, while the current reactive scope lives.
    pub(super) fn hear(&self, heard: impl Fn(Message) + 'static) {
        if let Some(channel) = self.0.get_value() {
            listen(&channel, "message", EventPhase::Bubble, move |event: MessageEvent| {
                if let Some(message) = event.data().as_string().as_deref().and_then(Message::read) {
                    heard(message);
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn activity_is_told_now_and_then() {
        assert!(is_worth_telling(None, 1));
        assert!(!is_worth_telling(Some(1_000), 5_999));
        assert!(is_worth_telling(Some(1_000), 6_000));
        assert!(is_worth_telling(Some(1_000), 0));
    }

    #[test]
    fn a_tab_that_slept_does_not_lock_a_busy_one() {
        assert!(locks_too(1_000, 1_000));
        // activity that was not told because it came too soon
        assert!(locks_too(5_900, 1_000));
        assert!(!locks_too(60_000, 1_000));
    }

    #[test]
    fn signing_out_reaches_whoever_is_in_and_spares_unsaved_work() {
        let idle = Phase::Paused(Pause::Idle(Duration::from_secs(900)));
        let elsewhere = Phase::Paused(Pause::SignedOutElsewhere);
        assert_eq!(after_sign_out(&Phase::Active, false), Some(Phase::SignedOut));
        assert_eq!(after_sign_out(&Phase::Active, true), Some(elsewhere));
        assert_eq!(after_sign_out(&idle, false), Some(Phase::SignedOut));
        assert_eq!(after_sign_out(&idle, true), None, "its question is open, with what was typed there");
        assert_eq!(after_sign_out(&Phase::SignedOut, false), None);
    }

    fn message() -> impl Strategy<Value = Message> {
        prop_oneof![
            any::<u64>().prop_map(Message::Active),
            any::<u64>().prop_map(Message::Locked),
            Just(Message::SignedOut),
            Just(Message::WhoWorks),
            any::<u64>().prop_map(Message::Works),
        ]
    }

    proptest! {
        #[test]
        fn what_is_told_is_heard(message in message()) {
            prop_assert_eq!(Message::read(&message.write()), Some(message));
        }

        #[test]
        fn any_text_is_read(text in ".*") {
            let _ = Message::read(&text);
        }

        #[test]
        fn telling_never_shortens_and_never_reaches_into_the_future(
            own in 0u64..1_000_000, told in any::<u64>(), after in 0u64..1_000_000,
        ) {
            let now = own + after;
            let last = last_activity(own, told, now);
            prop_assert!(last >= own && last <= now);
        }
    }
}

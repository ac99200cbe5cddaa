//! The dialog for signing in again, over the page as it is.

use leptos::prelude::*;

use super::{Identity, Pause, Phase, Session, WaitLine, form::SignInForm};
use crate::{
    leaving::Leaving,
    navigation::Navigation,
    part,
    ui::{Button, ButtonStyle, Dialog, DialogKind, Notice, Status, Tone},
};

/// Opens whenever the session is paused. Interrupted requests go on after the user has signed in.
#[component]
pub fn SignInAgain() -> impl IntoView {
    let session = Session::expect();
    let pause = Memo::new(move |_| match session.phase().get() {
        Phase::Paused(pause) => Some(pause),
        _ => None,
    });
    move || pause.get().map(sign_in_again)
}

part! {
    in sign_in;
    fn sign_in_again(pause: Pause) {
        view! { <SignInAgainDialog pause=pause/> }
    }
}

#[component]
fn SignInAgainDialog(pause: Pause) -> impl IntoView {
    let session = Session::expect();
    let navigation = Navigation::expect();
    let status = Status::expect();
    let before = session.identity().get_untracked();
    let label = before.as_ref().map(|before| before.label.clone()).unwrap_or_default();
    // The form starts with the user name, if there is one. Without one the user has to paste a token again.
    let username = before.as_ref().and_then(Identity::username);
    // A user who was not known is never certain to be the same one.
    let page = if username.is_some() {
        "The page behind this dialog is as you left it."
    } else {
        "The server does not say who you are, so the page will be reloaded and unsaved input will be lost."
    };
    let reason = match pause {
        Pause::Refused => {
            "The server no longer accepts your credentials. They may have been disabled, deleted or \
                           changed."
                .to_owned()
        }
        Pause::CredentialTokenEnded(end) => end.reason(),
        Pause::SignedOutElsewhere if username.is_none() => "You signed out in another tab.".to_owned(),
        Pause::SignedOutElsewhere => {
            "You signed out in another tab. Your unsaved input is kept: sign in again to save it.".to_owned()
        }
        Pause::Idle(limit) => {
            let minutes = limit.as_secs().div_ceil(60);
            let s = if minutes == 1 { "" } else { "s" };
            format!("Locked after {minutes} minute{s} without activity.")
        }
    };
    let signed_in = move |other: bool| {
        if other {
            let now = session.identity().get_untracked();
            let is_another =
                now.as_ref().zip(before.as_ref()).is_some_and(|(now, before)| now.is_surely_not(before));
            let text = if is_another {
                "This is a different user than before, so the page was reloaded."
            } else {
                "You may not be the same user as before, so the page was reloaded."
            };
            let label = now.map(|now| now.label).unwrap_or_default();
            let notice = Notice::new(Tone::Info, format!("You are now signed in as {label}."));
            status.show(notice.with_text(text));
        }
    };
    let leaving = Leaving::expect();
    let sign_out = move |()| leaving.before(move || session.sign_out_everywhere(navigation, status));
    view! {
        // Without credentials the page behind the dialog cannot do anything, so Escape is ignored.
        <Dialog kind=DialogKind::Form title="Sign in again" on_close=|()| ()>
            <div class="dialog-words">
                <p>{reason}</p>
                <p class="muted">{format!("You were signed in as {label}. {page}")}</p>
            </div>
            // The page's own `WaitLine` is behind the dialog and inert.
            <WaitLine/>
            <SignInForm known_username=username on_signed_in=signed_in/>
            <div class="dialog-aside">
                <Button label="Sign out instead" style=ButtonStyle::Quiet on_press=sign_out/>
            </div>
        </Dialog>
    }
}

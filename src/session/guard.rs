//! What only somebody who is signed in may see.

use leptos::prelude::*;

use super::{Phase, Session};
use crate::{
    navigation::Navigation,
    routes::Route,
    ui::{effect, follow},
};

/// Shows its children to somebody who is signed in (or has to sign in again: then the page stays). Sends
/// everybody else to `/sign-in`, and afterwards on to where they wanted to go.
#[component]
pub fn SignedIn(
    /// The screen.
    children: ChildrenFn,
) -> impl IntoView {
    let session = Session::expect();
    let navigation = Navigation::expect();
    let signed_out = Memo::new(move |_| {
        follow(&session.phase());
        session.phase().get_untracked() == Phase::SignedOut
    });
    effect(move || {
        if signed_out.get() {
            match navigation.current().get_untracked() {
                // Signing out is on its way there already.
                Some(Route::SignIn { .. }) => {}
                place => {
                    let next = place.filter(|place| *place != Route::HOME).map(Box::new);
                    navigation.replace(&Route::SignIn { next });
                }
            }
        }
    });
    move || {
        // Somebody else's sign-in begins every screen anew: what one may see, another may not.
        follow(&session.epoch());
        (!signed_out.get()).then(|| children())
    }
}

//! Restricts screens to signed-in users.

use leptos::prelude::*;

use super::{Phase, Session};
use crate::{
    navigation::Navigation,
    routes::Route,
    ui::{effect, follow},
};

/// Shows its children to a signed-in user, or to one who has to sign in again (then the page stays). Sends anyone else
/// to `/sign-in`, and afterwards on to the requested screen.
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
                // A sign-out is already navigating there.
                Some(Route::SignIn { .. }) => {}
                place => {
                    let next = place.filter(|place| *place != Route::HOME).map(Box::new);
                    navigation.replace(&Route::SignIn { next });
                }
            }
        }
    });
    move || {
        // When another user signs in, every screen is built anew: what one user may see, another may not.
        follow(&session.epoch());
        (!signed_out.get()).then(|| children())
    }
}

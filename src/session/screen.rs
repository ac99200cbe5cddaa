//! The screen at `/sign-in`.

use leptos::prelude::*;

use super::{Phase, Session, form::SignInForm};
use crate::{navigation::Navigation, routes::Route, ui::Screen, ui::effect};

/// The sign-in screen. A signed-in user goes on to the screen that was requested.
#[component]
pub fn SignInScreen() -> impl IntoView {
    let session = Session::expect();
    let navigation = Navigation::expect();
    effect(move || {
        if session.phase().get() == Phase::Active
            && let Some(Route::SignIn { next }) = navigation.current().get_untracked()
        {
            navigation.replace(&next.map_or(Route::HOME, |next| *next));
        }
    });
    view! {
        <div class="sign-in">
            <Screen heading="Sign in">
                <p class="muted">
                    "Your credentials go to the Credential Manager server and nowhere else."
                </p>
                <SignInForm on_signed_in=|_| ()/>
            </Screen>
        </div>
    }
}
